"""The addresses for programs: JSON in, JSON out, in the order in which requests come."""

import json
import re
import shlex
import socket
import threading
from dataclasses import fields
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from articles import SPUN, STORY
from jsonschema import Draft202012Validator

pytest.importorskip("fastapi", reason="the extra `web` is not installed")

from pages import parse
from web_server import Comparer, ask, port, running  # noqa: F401

from unspun.app.web.given_texts import GivenText, Texts
from unspun.app.web.openapi_document import openapi_document
from unspun.app.web.uploads import MAX_CHARACTERS
from unspun.app.web.worker import Worker
from unspun.model.pair_score import Score
from unspun.reports.json import schema

PAIR = {"source": "Rain fell.", "suspect": "Rain dropped."}


def post(port, body, path="/api/score", kind="application/json", **headers):
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return ask(port, "POST", path, data, **{"Content-Type": kind}, **headers)


@pytest.mark.parametrize("path", ["/api/score", "/api/explain"])
def test_two_texts_are_answered_in_json(port, path):
    answer = post(port, PAIR | {"source_title": "A storm", "suspect_address": "https://a.example"}, path)
    assert (answer.status, answer.headers["content-type"]) == (200, "application/json")
    names = {"source_title": "A storm", "suspect_id": "https://a.example"}
    assert json.loads(answer.body) == {"asked": "<p>Rain dropped.</p>", "names": names}


@pytest.mark.parametrize(
    ("body", "status", "told"),
    [
        (b"", 400, "not valid JSON"),
        (b"{", 400, "not valid JSON"),
        (b"\xff", 400, "not valid JSON"),
        (b"[" * 100_000, 400, "not valid JSON"),
        (b'{"source": NaN}', 400, "not valid JSON"),
        (b"9" * 10_000, 400, "not valid JSON"),
        ([], 422, "not an object"),
        ({}, 422, "source is missing"),
        ({"source": "a"}, 422, "suspect is missing"),
        (PAIR | {"suspect": " \n"}, 422, "suspect is missing or empty"),
        (PAIR | {"suspect": 3}, 422, "suspect is not a text"),
        (PAIR | {"suspect": "x" * (MAX_CHARACTERS + 1)}, 422, "give at most 300,000"),
        (PAIR | {"source_title": "x" * 301}, 422, "give at most 300"),
        (PAIR | {"<b>": "x"}, 422, "no such field"),
        (PAIR | {"source": "fail with a secret"}, 503, "broke off"),
    ],
)
def test_what_cannot_be_compared_is_told(port, body, status, told):
    answer = post(port, body)
    assert answer.status == status
    assert told in json.loads(answer.body)["detail"]
    assert "secret" not in answer.body


def test_other_bodies_and_sites_are_refused(port):
    assert post(port, PAIR, kind="text/plain").status == 415
    assert post(port, PAIR, Origin="http://evil.example").status == 403
    assert post(port, PAIR, Host="evil.example").status == 421
    assert post(port, b" " * 3_000_000).status == 413
    for method in ("GET", "PUT", "OPTIONS"):
        answer = ask(port, method, "/api/score")
        assert (answer.status, answer.headers["allow"]) == (405, "POST")


def test_a_lone_surrogate_does_no_harm(port):
    assert post(port, b'{"source": "a \\ud800", "suspect": "b"}').status == 200


def test_pages_for_programs_are_there(port):
    shown = ask(port, path="/api")
    assert shown.status == 200
    assert f"http://127.0.0.1:{port}/api/score" in shown.body
    answer = ask(port, path="/openapi.json")
    assert answer.headers["content-type"] == "application/json"
    assert json.loads(answer.body) == openapi_document()
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_the_request_of_the_guide_is_answered(port):
    guide = (Path(__file__).parents[2] / "docs" / "guide" / "serve.md").read_text(encoding="utf-8")
    [command] = re.findall(r"^curl .*$", guide, re.MULTILINE)
    _, _, header, _, body, address = shlex.split(command)
    assert post(port, body.encode(), urlsplit(address).path, header.partition(":")[2]).status == 200
    shown = parse(ask(port, path="/api").body).xpath("//pre")[0].text.replace("\\\n", "")
    _, _, header, _, body, address = shlex.split(shown)
    assert post(port, body.encode(), urlsplit(address).path, header.partition(":")[2]).status == 200


def test_the_document_has_the_published_schema():
    parts = openapi_document()["components"]["schemas"]
    published = schema()
    assert parts["Explanation"]["properties"].keys() == published["properties"].keys()
    assert parts["Passage"].keys() == published["$defs"]["Passage"].keys()
    assert "#/$defs/" not in json.dumps(parts)
    assert set(parts["Score"]["properties"]) == {one.name for one in fields(Score)} | {"schema"}
    validator = Draft202012Validator({**parts["Texts"], "components": openapi_document()["components"]})
    validator.validate(parts["Texts"]["examples"][0])


@pytest.mark.slow
def test_answers_follow_the_document():
    document, worker = openapi_document(), Worker()
    pairs = [(STORY, SPUN), (STORY, "Soup."), ("Une histoire.", STORY), (STORY, STORY)]
    try:
        for name, work in (("Score", worker.score), ("Explanation", worker.explain)):
            validator = Draft202012Validator({**document, "$ref": f"#/components/schemas/{name}"})
            for source, suspect in pairs:
                validator.validate(json.loads(work(Texts(GivenText(source), GivenText(suspect)))))
    finally:
        worker.stop()


class Held(Comparer):
    """Answers nothing until it may, and notes the order in which it was asked."""

    def __init__(self):
        self.may, self.asked = threading.Event(), []

    def compare(self, texts, address):
        self.may.wait(30)
        self.asked.append(int(texts.source.text))
        return super().compare(texts, address)


def test_sixty_four_posts_at_once_are_all_answered_in_order():
    worker = Held()
    with running(worker) as port:
        connections = []
        for number in range(64):
            body = json.dumps({"source": str(number), "suspect": "b"}).encode()
            head = f"POST /api/score HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n"
            head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
            connections.append(socket.create_connection(("127.0.0.1", port), 30))
            connections[-1].sendall(head.encode() + body)
        worker.may.set()
        for connection in connections:
            assert connection.recv(100).startswith(b"HTTP/1.1 200")
            connection.close()
    assert worker.asked == list(range(64))
