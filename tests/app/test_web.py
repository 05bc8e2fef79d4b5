"""The local server: who is answered, what is refused, what is kept and for how long."""

import contextlib
import json
import os
import signal
import socket
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from articles import SPUN, STORY
from pages import HOSTILE, digest, parse, policy

pytest.importorskip("fastapi", reason="the extra `web` is not installed")

from web_server import BOUNDARY, Comparer, ask, form, port, running, send  # noqa: F401

from unspun.app import cli
from unspun.app.web import connections, form_fields, held_pairs
from unspun.app.web.given_texts import MAX_NAME, GivenText, Texts
from unspun.app.web.server import is_loopback, serve
from unspun.app.web.turns import Turns
from unspun.app.web.uploads import MAX_CHARACTERS, UploadError, text_of
from unspun.app.web.worker import Broken, TooSlow, Worker
from unspun.errors import InputError
from unspun.reports.pages.rendering import inlined


def test_two_texts_become_a_page_and_a_file(port):
    answer = send(port, source="one text", suspect="another")
    assert answer.status == 303
    address = answer.headers["location"]
    shown = ask(port, path=address)
    assert f"{address} one text the source, as typed" in shown.body
    kept = ask(port, path=f"{address}/download")
    assert kept.body == "<p>another</p>"
    assert kept.headers["content-disposition"] == 'attachment; filename="unspun-evidence.html"'


def test_a_dropped_page_is_stripped_and_goes_before_what_was_typed(port):
    page = "<html><body><nav>Home</nav><article>" + "<p>A sentence of the article, long enough. </p>" * 20
    answer = send(port, source="typed", source_file=("page.html", page.encode()), suspect="x")
    shown = ask(port, path=answer.headers["location"]).body
    assert "A sentence of the article" in shown
    assert "page.html" in shown
    assert not {"Home", "typed"} & set(shown.split())


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1", "127.0.0.1:1", ""])
def test_other_hosts_are_not_answered(port, host):
    assert ask(port, Host=host).status == 421


def test_names_of_this_machine_are_answered(port):
    for name in ("localhost", "127.0.0.1", "[::1]", "LOCALHOST"):
        assert ask(port, Host=f"{name}:{port}").status == 200


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "http://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}],
)
def test_forms_of_other_sites_are_not_answered(port, headers):
    assert send(port, headers, source="a", suspect="b").status == 403


def test_a_form_of_its_own_is_answered(port):
    headers = {"Origin": f"http://127.0.0.1:{port}", "Sec-Fetch-Site": "same-origin"}
    assert send(port, headers, source="a", suspect="b").status == 303


def test_too_much_is_refused_before_and_while_it_arrives(port):
    large = b"x" * 3_000_000
    kind = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
    # The server may close the connection while the rest is still being sent.
    with contextlib.suppress(ConnectionError):
        assert ask(port, "POST", "/compare", large, **kind).status == 413
    body = form(source_file=("a.txt", large), suspect="b")
    with contextlib.suppress(ConnectionError):
        chunks = (body[at : at + 65536] for at in range(0, len(body), 65536))
        assert ask(port, "POST", "/compare", chunks, **kind, **{"Transfer-Encoding": "chunked"}).status == 413
    assert ask(port).status == 200


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "TRACE"])
def test_other_methods_are_refused(port, method):
    answer = ask(port, method)
    assert answer.status == 405
    assert not [name for name in answer.headers if name.lower().startswith("access-control")]


@pytest.mark.parametrize(
    "path", ["/docs", "/redoc", "/pair/x", "/pair/x/swap", "/pair/x/edit", "/pair/x/download", "/pair/../../etc/passwd"]
)
def test_nothing_else_is_there(port, path):
    assert ask(port, path=path).status == 404


def test_every_answer_is_strict(port):
    for answer in (ask(port), ask(port, path="/pair/x"), ask(port, Host="evil.example"), send(port, source="a")):
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-content-type-options"] == "nosniff"
        allowed = answer.headers["content-security-policy"]
        assert "default-src 'none'" in allowed
        assert "frame-ancestors 'none'" in allowed
        assert "server" not in answer.headers


def test_the_form_has_a_policy_of_its_own(port):
    tree = parse(ask(port).body)
    assert policy(tree)["form-action"] == "'self'"
    assert policy(tree)["style-src"] == inlined("page.css")[1] == digest(tree.xpath("//style/text()")[0])
    assert not tree.xpath("//script")


def test_what_was_typed_survives_a_mistake(port):
    answer = send(port, source=f"kept {HOSTILE}", suspect="  ")
    tree = parse(answer.body)
    assert answer.status == 422
    assert "the suspect is empty" in tree.xpath("//*[@role='alert']")[0].text
    assert tree.xpath("//textarea")[0].text.lstrip().startswith("kept </td>")
    assert not tree.xpath("//script")


def test_a_failure_is_told_without_the_text(port):
    answer = send(port, source="fail with a secret", suspect="b")
    assert answer.status == 503
    assert "secret" not in parse(answer.body).xpath("//*[@role='alert']")[0].text


@pytest.mark.parametrize("body", [b"", b"--x", b"\xff" * 100, f"--{BOUNDARY}\r\n\r\n".encode()])
def test_damaged_forms_are_refused(port, body):
    for kind in (f"multipart/form-data; boundary={BOUNDARY}", "multipart/form-data", "text/plain"):
        assert ask(port, "POST", "/compare", body, **{"Content-Type": kind}).status == 422


@contextlib.contextmanager
def idle(port, n):
    """Hold connections open that ask nothing, some of them half of a head."""
    with contextlib.ExitStack() as stack:
        held = [stack.enter_context(socket.create_connection(("127.0.0.1", port), 10)) for _ in range(n)]
        for connection in held[::2]:
            connection.sendall(b"POST /compare HTTP/1.1\r\nHost: ")
        yield held


def test_idle_connections_lock_nobody_out(port, monkeypatch):
    with idle(port, 100):
        assert ask(port).status == 200
        assert send(port, source="a", suspect="b").status == 303
    monkeypatch.setattr(connections, "MAX_OPEN", 20)
    with idle(port, 60) as held:
        assert send(port, source="a", suspect="b").status == 303
        with contextlib.suppress(ConnectionResetError):
            assert held[0].recv(1) == b""


def test_a_connection_that_asks_nothing_is_closed(port, monkeypatch):
    monkeypatch.setattr(connections, "HEAD_SECONDS", 0.3)
    with idle(port, 4) as held:
        assert [connection.recv(1) for connection in held] == [b""] * 4


def test_two_hundred_at_once_are_all_answered(port):
    with ThreadPoolExecutor(200) as pool:
        answers = list(pool.map(lambda number: send(port, source=f"text {number}", suspect="b"), range(200)))
    assert [answer.status for answer in answers] == [303] * 200


@pytest.mark.parametrize(("n_places", "max_waiting"), [(1, 50), (1, 2), (50, 50)])
def test_who_waits_too_long_is_told_so(n_places, max_waiting):
    class Slow(Comparer):
        def compare(self, texts, address):
            time.sleep(0.4)
            return super().compare(texts, address)

    turns = Turns(n_places, max_waiting, seconds=1)
    with running(Slow(), turns) as port, ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(lambda number: send(port, source=f"text {number}", suspect="b"), range(12)))
        assert ask(port).status == 200
    statuses = [answer.status for answer in answers]
    assert set(statuses) == {303, 503}
    assert 2 <= statuses.count(303) <= 4
    refused = [answer for answer in answers if answer.status == 503]
    assert all(answer.headers["retry-after"] == "60" for answer in refused)
    told = "2 comparisons wait already" if max_waiting == 2 else "the 1 seconds that a request waits"
    assert any(told in answer.body for answer in refused)


def test_a_body_that_is_slow_to_arrive_is_told_so(port, monkeypatch):
    monkeypatch.setattr(form_fields, "MAX_SECONDS", 0.5)
    with socket.create_connection(("127.0.0.1", port), 10) as connection:
        head = f"POST /compare HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Length: 900\r\n"
        kind = f"Content-Type: multipart/form-data; boundary={BOUNDARY}\r\n\r\n--{BOUNDARY}"
        connection.sendall((head + kind).encode())
        answer = b""
        while more := connection.recv(65536):
            answer += more
    assert answer.startswith(b"HTTP/1.1 408")
    assert b"took longer than 0.5 seconds to arrive" in answer


def test_only_the_last_results_are_held(port):
    addresses = [send(port, source=f"{k}", suspect="b").headers["location"] for k in range(held_pairs.N_HELD + 1)]
    assert ask(port, path=addresses[0]).status == 404
    assert ask(port, path=addresses[-1]).status == 200


@pytest.mark.parametrize(
    ("given", "problem"),
    [("", "is empty"), ("x" * (MAX_CHARACTERS + 1), "give at most"), (b"%PDF\0\0", "is not a text")],
)
def test_texts_that_cannot_be_compared(given, problem):
    with pytest.raises(UploadError, match=problem):
        text_of("a.txt", given)


def test_addresses_that_stand_for_every_network_are_refused():
    for host in ("0.0.0.0", "::"):
        with pytest.raises(InputError, match="every network"):
            is_loopback(host)


def test_a_port_that_is_taken_is_told(port):
    with pytest.raises(InputError, match="cannot listen"):
        serve(port=port)


@pytest.mark.slow
def test_a_comparison_runs_in_a_process_of_its_own_and_can_be_given_up():
    texts = Texts(GivenText(STORY, title="A title"), GivenText(SPUN, "spun.txt"))
    worker = Worker(seconds=20)
    try:
        made = worker.compare(texts, "/pair/1")
        assert "/pair/1/download" in made.shown
        assert "/pair/1" not in made.kept
        assert json.loads(worker.explain(texts))["provenance"]["source_title"] == "A title"
        worker.seconds = 0
        with pytest.raises(TooSlow):
            worker.compare(texts, "/pair/2")
        worker.seconds = 20
        assert worker.compare(texts, "/pair/3").kept == made.kept
        worker._process.kill()  # by somebody else
        assert worker.compare(texts, "/pair/4").kept == made.kept
        threading.Timer(0.05, worker._process.kill).start()
        assert worker.explain(texts)
        os.kill(worker._process.pid, signal.SIGSEGV)
        with pytest.raises(Broken):
            worker.compare(texts, "/pair/5")
    finally:
        worker.stop()


def test_without_the_extra_the_command_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "unspun.app.web.server", None)
    with pytest.raises(InputError, match=r"pip install 'unspun\[web\]'"):
        cli.app(["serve"], standalone_mode=False)


def typed(answer):
    """Return what stands in a form: texts, titles and addresses by name."""
    tree = parse(answer.body)
    # A browser drops the line's end that follows the tag.
    texts = {one.get("name"): one.text.removeprefix("\n") for one in tree.xpath("//textarea")}
    return texts | {one.get("name"): one.get("value") for one in tree.xpath("//input[@type='text']")}


def test_titles_and_addresses_name_the_texts(port):
    names = {"source_title": "A storm", "source_address": "https://news.example/1"}
    answer = send(port, source="one text", suspect="another", **names)
    assert "one text A storm (https://news.example/1)" in ask(port, path=answer.headers["location"]).body


def test_an_example_can_be_tried(port):
    filled = typed(ask(port, path="/example"))
    assert set(filled) == {f"{side}{end}" for side in ("source", "suspect") for end in ("", "_title", "_address")}
    assert all(filled.values())
    assert send(port, **filled).status == 303
    assert ask(port).body.count('href="/example"') == 1


def test_the_sides_of_a_form_can_be_swapped(port):
    kind = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
    page = f"<html><body><nav>Home</nav><article>{'<p>A sentence of the article, long enough. </p>' * 20}".encode()
    fields = {"source": "left\r\nbehind", "source_title": "T", "suspect_file": ("page.html", page)}
    swapped = typed(ask(port, "POST", "/swap", form(**fields), **kind))
    assert (swapped["suspect"], swapped["suspect_title"], swapped["source_title"]) == ("left\nbehind", "T", "page.html")
    assert swapped["source"].startswith("A sentence of the article")
    assert ask(port, "POST", "/swap", form(source_file=("a.txt", b"\0")), **kind).status == 422
    assert ask(port, "POST", "/swap", b"a=b", **{"Content-Type": "text/plain"}).status == 422


def test_the_sides_of_a_result_can_be_swapped_and_its_texts_changed(port):
    address = send(port, source="one", suspect="another", suspect_title="B").headers["location"]
    answer = ask(port, path=f"{address}/swap")
    assert answer.status == 303
    assert answer.headers["location"] != address
    assert "another B" in ask(port, path=answer.headers["location"]).body
    filled = typed(ask(port, path=f"{address}/edit"))
    assert (filled["source"], filled["suspect"], filled["suspect_title"]) == ("one", "another", "B")


def test_hidden_characters_come_back_as_they_were_given(port):
    answer = send(port, source="a\u200bb \u202ec", suspect=" ")
    assert typed(answer)["source"] == "a\u200bb \u202ec"


def test_hostile_names_are_cut_and_escaped(port):
    names = {"source_title": HOSTILE + "x" * 1000, "source_address": "javascript:alert(1)//" + HOSTILE}
    answer = send(port, source="a", suspect=" ", **names)
    tree, filled = parse(answer.body), typed(answer)
    assert not tree.xpath("//script") + tree.xpath("//img") + tree.xpath("//a[starts-with(@href, 'javascript')]")
    assert max(len(filled[name]) for name in names) <= MAX_NAME
    assert "\u202e" not in filled["source_title"] + filled["source_address"]
    assert send(port, source="a", suspect="b", **names).status == 303


def test_the_last_result_is_held_however_long_its_pages(port, monkeypatch):
    monkeypatch.setattr(held_pairs, "MAX_HELD_BYTES", 1000)
    first, last = (send(port, source="x" * 900, suspect=f"{k}").headers["location"] for k in range(2))
    assert (ask(port, path=first).status, ask(port, path=last).status) == (404, 200)
