"""Let requests wait in the order in which they came.

Only so many may wait, and only so long.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

from fastapi import Request
from fastapi.concurrency import run_in_threadpool

from unspun.errors import UnspunError

N_PLACES = 32
"""Requests of which the texts are read and held at a time; others wait without having been read."""
MAX_WAITING = 500
"""Requests that may wait for a place."""
RETRY_SECONDS = 60
"""After how long a refused request may as well be sent again."""
MAX_WAIT_SECONDS = 120
"""How long a request waits for its turn before it is refused."""


_Made = TypeVar("_Made")


class Busy(UnspunError):
    """A request that waited too long, or found too many before it."""


class Turns:
    """Give places and turns to requests, first come, first served.

    Parameters
    ----------
    n_places : int
        Requests that are read and held at a time.
    max_waiting : int
        Requests that may wait for a place.
    seconds : float
        How long a request may wait, for its place and its turn together.
    """

    def __init__(
        self, n_places: int = N_PLACES, max_waiting: int = MAX_WAITING, seconds: float = MAX_WAIT_SECONDS
    ) -> None:
        self.max_waiting, self.seconds = max_waiting, seconds
        self._places, self._turn = asyncio.Semaphore(n_places), asyncio.Lock()
        self._n_waiting = 0

    @asynccontextmanager
    async def place(self) -> AsyncIterator[float]:
        """Wait for a place, and keep it.

        Gives the loop's time until which the request may wait for its turn.

        Raises
        ------
        Busy
            When too many wait, or it took too long.
        """
        if self._n_waiting >= self.max_waiting:
            raise Busy(f"{self._n_waiting} comparisons wait already", None, "try again in a few minutes")
        deadline = asyncio.get_running_loop().time() + self.seconds
        self._n_waiting += 1
        try:
            await self._wait(self._places.acquire, deadline)
        finally:
            self._n_waiting -= 1
        try:
            yield deadline
        finally:
            self._places.release()

    @asynccontextmanager
    async def turn(self, deadline: float) -> AsyncIterator[None]:
        """Wait until nobody who came before is at work.

        Raises
        ------
        Busy
            When the deadline has passed.
        """
        await self._wait(self._turn.acquire, deadline)
        try:
            yield
        finally:
            self._turn.release()

    async def run(self, deadline: float, request: Request, work: Callable[[], _Made]) -> _Made | None:
        """Do work when its turn has come.

        Parameters
        ----------
        deadline : float
            The loop's time until which it may wait, as `place` gives it.
        request : Request
            Who waits for it.
        work : callable
            Runs in a thread.

        Returns
        -------
        object
            What the work made; None where nobody waits for it any more.
        """
        async with self.turn(deadline):
            if await request.is_disconnected():
                return None
            return await run_in_threadpool(work)

    async def _wait(self, acquire: object, deadline: float) -> None:
        assert callable(acquire)
        try:
            async with asyncio.timeout_at(deadline):
                await acquire()
        except TimeoutError:
            what = f"other comparisons took longer than the {self.seconds:g} seconds that a request waits"
            raise Busy(what, None, "try again in a few minutes") from None
