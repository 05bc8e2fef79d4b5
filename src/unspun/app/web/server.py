"""Run the server until it is stopped."""

from __future__ import annotations

import ipaddress
import socket
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp

from unspun.app.web.connections import PatientProtocol
from unspun.app.web.pages import make_app
from unspun.app.web.worker import Worker
from unspun.errors import InputError
from unspun.io.progress import say

LOOPBACK_NAMES = ("localhost", "127.0.0.1", "[::1]")


def serve(host: str = "127.0.0.1", port: int = 8377, model: Path | None = None, seconds: float = 30) -> None:
    """Serve the form and the evidence until interrupted.

    Parameters
    ----------
    host, port : str, int
        Address to listen on. Anybody who reaches an address other than the loopback can use the server.
    model : Path, optional
        Folder of a model.
    seconds : float
        How long a comparison may take.

    Raises
    ------
    InputError
        When the address is taken, or stands for every network of the machine: then no Host header could be checked.
    """
    hosts = host_headers(host, port)
    listening = _listen(host, port)
    worker = Worker(model, seconds)
    worker.start()
    say(f"serving at http://{f'[{host}]' if ':' in host else host}:{port}/ until interrupted")
    try:
        uvicorn.Server(settings(make_app(worker, hosts))).run(sockets=[listening])
    finally:
        worker.stop()


def settings(application: ASGIApp) -> uvicorn.Config:
    """Return how the application is served.

    Idle connections are closed, and there is no log.
    """
    return uvicorn.Config(
        application,
        # Lines of requests say what was looked at and when, messages of errors may hold a piece of a text.
        access_log=False,
        log_level="critical",
        server_header=False,
        timeout_keep_alive=5,
        # How many are at work is told by `Turns`: a limit here would count those that ask nothing.
        http=PatientProtocol,
    )


def _listen(host: str, port: int) -> socket.socket:
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        what = f"cannot listen there ({error.strerror or error})"
        raise InputError(what, f"{host}:{port}", "give another --port") from error


def host_headers(host: str, port: int) -> frozenset[str]:
    """Return the Host headers that belong to an address.

    Parameters
    ----------
    host : str
        Name or address to listen on.
    port : int
        Port to listen on.

    Returns
    -------
    frozenset of str
        In small letters; without the port, too, where it is 80.

    Examples
    --------
    >>> sorted(host_headers("127.0.0.1", 8377))
    ['127.0.0.1:8377', '[::1]:8377', 'localhost:8377']
    >>> sorted(host_headers("192.0.2.7", 80))
    ['192.0.2.7', '192.0.2.7:80']
    """
    names = LOOPBACK_NAMES if is_loopback(host) else (f"[{host}]" if ":" in host else host.lower(),)
    return frozenset(f"{name}:{port}" for name in names) | (frozenset(names) if port == 80 else frozenset())


def is_loopback(host: str) -> bool:
    """Tell whether only this machine reaches an address.

    >>> is_loopback("localhost"), is_loopback("::1"), is_loopback("192.0.2.7")
    (True, True, False)
    """
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host == "localhost"
    if address.is_unspecified:
        raise InputError("this address stands for every network", host, "give the one by which browsers reach it")
    return address.is_loopback
