"""A local server that answers as a comparison of two texts would."""

import contextlib
import socket
import threading
import time

import pytest
import uvicorn

from unspun.app.web import pages
from unspun.app.web.server import host_headers, settings
from unspun.app.web.worker import Broken, PairPages


def compare(texts, address):
    if "fail" in texts.source:
        raise Broken("the comparison broke off", None, "give shorter texts")
    return PairPages(f"<p>{address} {texts.source} {texts.source_name}</p>", f"<p>{texts.suspect}</p>")


@contextlib.contextmanager
def running(compare, turns=None):
    """Run a server on a free port, and give the port."""
    listening = socket.create_server(("127.0.0.1", 0))
    number = listening.getsockname()[1]
    application = pages.make_app(compare, host_headers("127.0.0.1", number), max_bytes=2_000_000, turns=turns)
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
    with running(compare) as number:
        yield number
