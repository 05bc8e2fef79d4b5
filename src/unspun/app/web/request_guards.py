"""Check every request before anything else sees it, and add to every answer.

This module says what a request must be like, and what an answer carries.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Collection

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from unspun.reports.pages.rendering import policy

MAX_DRAIN_SECONDS = 5
"""How long the rest of a refused request is read, so that its sender gets to see the refusal."""

_HEADERS = {
    "content-security-policy": policy("'self'") + "; frame-ancestors 'none'",
    "cache-control": "no-store",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}


class Guard:
    """Refuse requests for another host, from another site, or too large.

    Add headers to every answer.

    Parameters
    ----------
    app : ASGI application
        What is behind it.
    hosts : collection of str
        Values of the Host header that are answered. A page elsewhere can make a name of its own point at this machine
        (DNS rebinding); its requests then carry that name.
    max_bytes : int
        Limit of a body.
    """

    def __init__(self, app: ASGIApp, hosts: Collection[str], max_bytes: int) -> None:
        self.app, self.hosts, self.max_bytes = app, frozenset(hosts), max_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self.app(scope, receive, send)
            return
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        if refusal := self._refusal(scope["method"], headers):
            # A connection closed on unread bytes is reset, and the reason may be lost with it.
            await drain(self._limited(receive))
            await _refuse(send, *refusal)
            return
        await self.app(scope, self._limited(receive), _with_headers(send))

    @property
    def _too_large(self) -> str:
        return f"More than {self.max_bytes:,} bytes were sent; give shorter texts."

    def _refusal(self, method: str, headers: dict[str, str]) -> tuple[int, str] | None:
        """Return status and reason of a refusal, None if the request may pass."""
        if headers.get("host", "").lower() not in self.hosts:
            return 421, "This address is not served here."
        # Another site's page must not make this one work: a browser says where a form came from.
        origin = headers.get("origin", "")
        if origin and origin.lower().removeprefix("http://") not in self.hosts:
            return 403, "Requests from other sites are not answered."
        if method == "POST" and headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            return 403, "Requests from other sites are not answered."
        length = headers.get("content-length", "0")
        if not length.isdecimal() or len(length) > 15 or int(length) > self.max_bytes:
            return 413, self._too_large
        return None

    def _limited(self, receive: Receive) -> Receive:
        n_bytes = 0

        async def limited() -> Message:
            nonlocal n_bytes
            message = await receive()
            n_bytes += len(message.get("body", b""))
            if n_bytes > self.max_bytes:
                raise HTTPException(413, self._too_large)
            return message

        return limited


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message["headers"], *((k.encode(), v.encode()) for k, v in _HEADERS.items())]
        await send(message)

    return sending


async def drain(receive: Receive) -> None:
    """Read what is left of a request for a few seconds.

    So its sender gets to see why it is refused.
    """
    with contextlib.suppress(HTTPException, TimeoutError):
        async with asyncio.timeout(MAX_DRAIN_SECONDS):
            while (await receive()).get("more_body"):
                pass


async def _refuse(send: Send, status: int, reason: str) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"connection", b"close")]
    await _with_headers(send)({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": f"{reason}\n".encode()})
