"""Connections that ask nothing are closed, so that they lock nobody out."""

from __future__ import annotations

import asyncio

from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_SECONDS = 20.0
"""How long a connection may go without a whole request head; twice as long at most."""
MAX_OPEN = 400
"""Connections that are open at a time; with another, the one that has been idle for longest is closed."""


class PatientProtocol(H11Protocol):
    """HTTP over one connection, which is closed when it asks nothing for too long."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take a new connection; close the oldest idle one when there are too many."""
        super().connection_made(transport)
        self.since = self.loop.time()
        self._last: object = None
        self._check = self.loop.call_later(HEAD_SECONDS, self._look)
        if len(self.connections) > MAX_OPEN:
            known = [other for other in self.connections if isinstance(other, PatientProtocol) and other.is_idle]
            min(known, key=lambda other: other.since).transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        """Let a connection go."""
        self._check.cancel()
        super().connection_lost(exc)

    @property
    def is_idle(self) -> bool:
        """True when no request is under way."""
        return self.cycle is None or self.cycle.response_complete

    def _look(self) -> None:
        if self.is_idle and self.cycle is self._last:
            self.transport.close()
            return
        self._last = self.cycle
        self._check = self.loop.call_later(HEAD_SECONDS, self._look)
