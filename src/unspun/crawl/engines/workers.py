"""Perform tasks in processes that may die.

One that dies takes nothing with it but the task it was at.

Pools of the standard library and of joblib are lost as a whole when one of their processes is killed, and cannot say
which task did it. Here every process has a pipe of its own, and its end is the news of its death.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import time
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection, wait
from typing import Any

from unspun.crawl.engines.stages import STAGES
from unspun.crawl.engines.tasks import Failure, Report, Task, Tick, perform
from unspun.crawl.pages.process_deaths import is_stray, most_memory, starved_processes
from unspun.errors import UnspunError

MAX_MEMORY = 4_000_000_000
"""Bytes of data that a process may hold (not enforced on macOS and Windows). Usual shards take a tenth."""
LARGE = 1_000_000_000
"""Bytes from which a killed process may have been the reason itself; usual shards take a third."""
_LOOK_EVERY = 0.5  # seconds


class Workers:
    """A number of processes, started when first needed.

    Parameters
    ----------
    n : int
        How many at most.
    """

    def __init__(self, n: int) -> None:
        self.n = n
        self._context = _context()
        self._idle: list[_Worker] = []
        self._busy: dict[Any, _Worker] = {}

    def run(self, tasks: Iterable[Task], tick: Tick) -> Iterator[Report | Failure]:
        """Perform tasks and give out what became of each, in the order in which they end.

        Parameters
        ----------
        tasks : iterable of Task
            In the order in which they are begun.
        tick : callable
            Called with how many more records are done; with 0 now and then.

        Yields
        ------
        Report or Failure
            One for each task.
        """
        waiting = deque(tasks)
        while waiting or self._busy:
            while waiting and len(self._busy) < self.n:
                self._give(waiting.popleft())
            for connection in wait(list(self._busy), _LOOK_EVERY):
                answer = self._take(connection)
                if isinstance(answer, int):
                    tick(answer)
                else:
                    yield answer
            for worker in self._busy.values():
                worker.look()
            tick(0)

    def lives(self, seconds: float) -> bool:
        """Tell whether a process without a task still lives after some seconds."""
        with _deaf_to_interrupts():
            worker = _Worker(self._context)
        was_left_alone = not worker.connection.poll(seconds)  # its end could be read
        worker.end()
        return was_left_alone

    def close(self) -> None:
        """End all processes, whatever they are at."""
        for worker in (*self._busy.values(), *self._idle):
            worker.end()
        self._busy, self._idle = {}, []

    def _give(self, task: Task) -> None:
        with _deaf_to_interrupts():  # or a process could be left that nobody knows of
            worker = self._idle.pop() if self._idle else _Worker(self._context)
            worker.begin(task)
            self._busy[worker.connection] = worker
        # One that died while it had nothing to do is found out when its answer is asked for.
        with suppress(OSError):
            worker.connection.send(task)

    def _take(self, connection: Any) -> Report | Failure | int:
        """Return what a process says: how many more records are done, or what became of its task."""
        worker = self._busy[connection]
        try:
            answer = connection.recv()
        # Whatever the half of a message looks like that a process leaves when it is killed.
        except (EOFError, OSError, ValueError, pickle.UnpicklingError):
            del self._busy[connection]
            return worker.failure()
        if isinstance(answer, int):
            return answer
        del self._busy[connection]
        self._idle.append(worker)
        if isinstance(answer, UnspunError):
            raise answer
        return answer  # type: ignore[no-any-return]


class _Worker:
    """One process and the pipe to it."""

    def __init__(self, context: Any) -> None:
        self.connection, theirs = context.Pipe()
        self.process = context.Process(target=_serve, args=(theirs,), daemon=True)
        self.process.start()
        theirs.close()  # or the pipe would not end with the process
        self.task: Task
        self._begun = 0.0
        self._most = self._n_starved = 0

    def begin(self, task: Task) -> None:
        """Note what the process is given to do, and when."""
        self.task, self._begun, self._n_starved = task, time.monotonic(), starved_processes()

    def look(self) -> None:
        """Note how much memory the process has held so far."""
        self._most = max(self._most, most_memory(self.process.pid or 0))

    def failure(self) -> Failure:
        """Return what became of the task, now that the process has died."""
        seconds = time.monotonic() - self._begun
        reason = self.end()
        # What it held at last, nobody has seen, unless it was much.
        most = self._most if self._most > LARGE else None
        return Failure(self.task, reason, is_stray(self.process.exitcode or 0, most, self._n_starved), seconds)

    def end(self) -> str:
        """End the process if it lives; say how it came to its end."""
        self.connection.close()
        self.process.join(0.2)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()
        code = self.process.exitcode or 0
        return f"its process died of signal {-code}" if code < 0 else f"its process died with exit code {code}"


def _serve(connection: Connection) -> None:
    """Perform tasks until nobody is left who could give some."""
    # Ctrl-C goes to all processes of a terminal; the one that started them says what becomes of the rest.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _limit_memory()

    # Over the pipe, not in shared memory: who is killed while it holds a lock would stop all others.
    with suppress(EOFError, OSError):
        while True:
            task: Task = connection.recv()
            try:
                answer: object = perform(task, STAGES[task.stage], connection.send)
            except UnspunError as error:
                answer = error
            connection.send(answer)


@contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    """Let processes that are started meanwhile never hear Ctrl-C; this one hears it a little later."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _limit_memory() -> None:
    with suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (MAX_MEMORY, resource.getrlimit(resource.RLIMIT_DATA)[1]))


def _context() -> Any:
    """Return the quickest way to start clean processes: what they need is imported once."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["unspun.crawl.engines.stages"])
    return context


def n_processes(n_jobs: int) -> int:
    """Return how many processes a number of jobs stands for.

    Negative ones count down from all cores.

    >>> n_processes(3), n_processes(-1) >= 1
    (3, True)
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return n_jobs if n_jobs > 0 else max(1, cores + 1 + n_jobs)
