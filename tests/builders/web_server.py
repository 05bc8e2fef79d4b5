"""A local server that answers as a comparison of two texts would."""

import contextlib
import http.client
import json
import socket
import threading
import time
from email.message import Message

import pytest
import uvicorn

from unspun.app.web import pages
from unspun.app.web.server import host_headers, settings
from unspun.app.web.worker import Broken, PairPages

BOUNDARY = "a-boundary"


class Answer:
    def __init__(self, response: http.client.HTTPResponse):
        self.status, self.headers, self.body = response.status, response.headers, response.read().decode()


def ask(port, method="GET", path="/", body=None, **headers):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    with contextlib.closing(connection):
        connection.request(method, path, body, headers, encode_chunked=headers.get("Transfer-Encoding") == "chunked")
        return Answer(connection.getresponse())


def form(**fields):
    """Return the body of a form: texts, and files as (name, bytes)."""
    parts = []
    for name, value in fields.items():
        file, data = value if isinstance(value, tuple) else (None, value.encode("utf-8", "replace"))
        head = Message()
        head.add_header("Content-Disposition", "form-data", name=name, **({"filename": file} if file else {}))
        line = str(head).strip().replace("\n", "")
        parts.append(f"--{BOUNDARY}\r\n{line}\r\n\r\n".encode() + data + b"\r\n")
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


def send(port, headers=None, **fields):
    kind = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
    return ask(port, "POST", "/compare", form(**fields), **kind, **(headers or {}))


class Comparer:
    """Answers at once, with what it was asked."""

    def compare(self, texts, address):
        if "fail" in texts.source.text:
            raise Broken("the comparison broke off", None, "give shorter texts")
        return PairPages(f"<p>{address} {texts.source.text} {texts.shown[0]}</p>", f"<p>{texts.suspect.text}</p>")

    def score(self, texts):
        return json.dumps({"asked": self.compare(texts, "").kept, "names": texts.names})

    explain = score


@contextlib.contextmanager
def running(worker, turns=None):
    """Run a server on a free port, and give the port."""
    listening = socket.create_server(("127.0.0.1", 0))
    number = listening.getsockname()[1]
    application = pages.make_app(worker, host_headers("127.0.0.1", number), max_bytes=2_000_000, turns=turns)
    server = uvicorn.Server(settings(application))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield number
    server.should_exit = True
    thread.join(5)


@pytest.fixture(scope="module")
def port():
    """Run a server on a free port, and return the port."""
    with running(Comparer()) as number:
        yield number
