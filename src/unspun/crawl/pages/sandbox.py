"""Take pages apart in a process of their own.

A page that makes the parser loop or eat memory costs only itself.

The parser is C code: it can neither be interrupted nor told how much memory to take, and it can crash. So the process
that reads a crawl hands every page to a worker, which the kernel kills when a page takes too long, and which cannot
get more memory than it is allowed. A new worker takes its place; the page is a rejection with its reason.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import pickle
import signal
import struct
import subprocess
import sys
import threading
import time
from typing import IO, NamedTuple, NoReturn

from unspun.crawl.pages.main_text import PageText, main_text_of
from unspun.crawl.pages.process_deaths import Patience, is_stray, others_live, own_memory, reap, starved_processes
from unspun.errors import RunError
from unspun.io.decoding import decode

MAX_SECONDS = 10.0
"""Seconds of processor time that one page may take; a common page takes a fiftieth of one."""
MAX_MEMORY = 2_000_000_000
"""Bytes of address space that the worker may take; a common page takes a tenth."""
PAGES_A_WORKER = 5_000
"""A worker is replaced after so many pages: the parser's caches grow."""
MAX_TRIES = 3
"""How often a page is tried whose worker dies for a reason that may be the page; other deaths are outlasted."""

_LENGTH = struct.Struct("<I")
_TOO_MUCH_MEMORY = "memory"
_ALARMS = tuple(-getattr(signal, name, 1_000) for name in ("SIGPROF", "SIGALRM"))
"""Exit codes of a worker whose page took too much of the processor's time, or of the clock's."""
_AGAIN = "and give the same command again; a scan goes on with --resume"


class Job(NamedTuple):
    """A page, its address, and the encoding that its header names.

    The page is as served, or decoded.
    """

    html: bytes | str
    url: str = ""
    declared: str = ""
    document: str = ""
    """The end of its name, if it is a document and no page."""


class PageError(Exception):
    """A page that could not be taken apart; the message says why."""


class Guard:
    """A worker process that takes articles out of pages, replaced when it dies.

    Parameters
    ----------
    max_seconds : float
        Processor time a page may take.
    max_memory : int
        Address space in bytes; not enforced where the system cannot (macOS, Windows).

    Examples
    --------
    >>> guard = Guard()
    >>> guard.extract(Job(b"<html><body><p>The ferry left the harbour at noon on Monday.</p></body></html>")).text
    'The ferry left the harbour at noon on Monday.'
    >>> guard.close()
    """

    def __init__(self, max_seconds: float = MAX_SECONDS, max_memory: int = MAX_MEMORY) -> None:
        self.max_seconds, self.max_memory = max_seconds, max_memory
        self._worker: subprocess.Popen[bytes] | None = None
        self._busy = threading.RLock()  # two threads at one pipe would get each other's pages
        self._owner = 0
        self._n_pages = 0
        self._started = 0.0
        self._inherited = self._n_starved = 0

    def extract(self, job: Job) -> PageText:
        """Take the article out of a page.

        A page whose worker dies, or has no memory left, is tried again by itself in a new one.

        Raises
        ------
        PageError
            When the page takes too long, takes too much memory or, again and again, ends its worker.
        RunError
            When workers do not start, or somebody goes on killing them.
        """
        with self._busy:
            patience, n_own = Patience(), 0
            while True:
                worker = self._ready_worker()
                try:
                    _send(worker.stdin, pickle.dumps(tuple(job)))
                    answer = json.loads(_receive(worker.stdout))
                except (EOFError, OSError):
                    death = self._autopsy(worker)
                    n_own += not death.is_stray
                    if death.is_told or n_own == MAX_TRIES:
                        raise PageError(self._reason(death)) from None
                    if death.is_stray and not patience.wait():
                        self._blame(death, patience)
                    continue
                if answer != _TOO_MUCH_MEMORY:
                    return PageText(*answer)
                is_alone = self._n_pages == 1
                self.close()
                if is_alone:  # the pages before may have left too little
                    raise PageError(f"took more than {self.max_memory / 1e9:g} GB of memory")

    def close(self) -> None:
        """End the worker; the next page gets a new one."""
        with self._busy:
            worker, self._worker = self._worker, None
            if worker is None or self._owner != os.getpid():
                return
            worker.kill()
            worker.communicate()

    def _ready_worker(self) -> subprocess.Popen[bytes]:
        self._n_pages += 1
        # After a fork, the worker is still the parent's.
        if self._worker is None or self._owner != os.getpid() or self._n_pages > PAGES_A_WORKER:
            self.close()
            self._worker, self._n_pages = self._new_worker(), 1
        return self._worker

    def _new_worker(self) -> subprocess.Popen[bytes]:
        """Start a worker and wait until it can read: one that dies before has seen no page."""
        patience, n_own = Patience(), 0
        while True:
            self._owner, self._started = os.getpid(), time.monotonic()
            self._inherited, self._n_starved = own_memory(), starved_processes()
            worker = self._start()
            try:
                _receive(worker.stdout)
                return worker
            except (EOFError, OSError):
                death = self._autopsy(worker)
            n_own += not death.is_stray
            if n_own == MAX_TRIES or (death.is_stray and not patience.wait()):
                what = f"the process that reads pages does not start ({_name(death.code)})"
                raise RunError(what, todo=f"mend that, {_AGAIN}")

    def _start(self) -> subprocess.Popen[bytes]:
        code = f"from unspun.crawl.pages.sandbox import serve; serve({self.max_seconds!r}, {self.max_memory!r})"
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        return subprocess.Popen(
            # -P: a crawl may hold files that are called like modules, and the shell may stand in it.
            [sys.executable, "-P", "-c", code],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
        )

    def _autopsy(self, worker: subprocess.Popen[bytes]) -> _Death:
        self._worker = None
        lived = time.monotonic() - self._started
        for pipe in (worker.stdin, worker.stdout):
            with contextlib.suppress(OSError):  # what it was not sent any more
                pipe.close()  # type: ignore[union-attr]
        code, most = reap(worker, self._inherited)
        # The alarm of the processor's time tells of the page; that of the clock may tell of a machine that stood still.
        stray = code not in _ALARMS and is_stray(code, most, self._n_starved)
        return _Death(code, code == _ALARMS[0], stray, lived)

    def _reason(self, death: _Death) -> str:
        if death.code in _ALARMS:
            return f"took more than {self.max_seconds:g} seconds"
        if death.code == -getattr(signal, "SIGKILL", 1_000):
            return f"had its process killed {MAX_TRIES} times, as happens when the memory is full"
        return f"crashed the parser {MAX_TRIES} times ({_name(death.code)})"

    def _blame(self, death: _Death, patience: Patience) -> NoReturn:
        """Blame a page for kills that were not outlasted, if workers without a page are left alone."""
        if others_live(self._idle_worker_lives, death.lived):
            raise PageError(f"had its process killed {patience.n_tries} times, though it takes little memory")
        what = "somebody kills the processes that read pages"
        many = f"{patience.n_tries} times in {patience.seconds:.0f} seconds"
        raise RunError(what, many, f"find out who, {_AGAIN}")

    def _idle_worker_lives(self, seconds: float) -> bool:
        worker = self._start()
        try:
            worker.wait(seconds)
            return False
        except subprocess.TimeoutExpired:
            return True
        finally:
            worker.kill()
            worker.communicate()


class _Death(NamedTuple):
    """How a worker died: whether its page is known to be the reason, or somebody outside; after how many seconds."""

    code: int
    is_told: bool
    is_stray: bool
    lived: float


def _name(code: int) -> str:
    return signal.Signals(-code).name if code < 0 else f"exit code {code}"


_guard = Guard()
atexit.register(lambda: _guard.close())


def extract_page(html: bytes | str, url: str = "", declared: str = "", document: str = "") -> PageText:
    """Take the article out of a page with this process's own `Guard`.

    See `Guard.extract`.

    Parameters
    ----------
    html : bytes or str
        The page as served.
    url : str
        Its address, where known.
    declared : str
        The encoding that the HTTP header names.
    document : str
        The end of its name, if it is a document and no page.

    Returns
    -------
    PageText
        What is the article in it.
    """
    return _guard.extract(Job(html, url, declared, document))


def serve(max_seconds: float, max_memory: int) -> None:
    """Answer for pages on standard input until it ends: the life of a worker.

    Parameters
    ----------
    max_seconds : float
        Time for a page.
    max_memory : int
        Bytes of address space for the process.
    """
    # What a library prints must not get between the answers.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent hears it too, and closes the pipe
    _limit_memory(max_memory)
    # Whoever asked may be gone before the answer is ready.
    with contextlib.suppress(BrokenPipeError):
        _send(answers, b"ready")
        while job := _receive_or_end(sys.stdin.buffer):
            _set_alarm(max_seconds)
            answer = _answer(Job(*pickle.loads(job)), max_memory)
            _set_alarm(0)
            _send(answers, json.dumps(answer).encode())


def _answer(job: Job, max_memory: int) -> PageText | str:
    try:
        if job.document:
            return _document(job)
        html = job.html if isinstance(job.html, str) else decode(job.html, job.declared)
        page = main_text_of(html, job.url or None)
    except MemoryError:
        return _TOO_MUCH_MEMORY
    except Exception as error:  # a parser fails in ways nobody lists; the worker goes on
        return PageText("", "", "", f"the parser gave up ({type(error).__name__}: {error})"[:300])
    # Libraries swallow the error and find nothing; the kernel remembers how much was asked for.
    return page if page.text or _peak_memory() < 0.9 * max_memory else _TOO_MUCH_MEMORY


def _document(job: Job) -> PageText:
    from unspun.crawl.documents.document import document_text  # most crawls have none
    from unspun.crawl.documents.refusal import DocumentError

    assert isinstance(job.html, bytes)
    try:
        title, text = document_text(job.html, job.document)
    except DocumentError as error:
        return PageText("", "", "", f"the document {error}")
    return PageText(title, text, "")


def _limit_memory(size: int) -> None:
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (size, resource.getrlimit(resource.RLIMIT_AS)[1]))


def _set_alarm(seconds: float) -> None:
    """Have the kernel kill this process after some processor time, or five times as much of the clock's."""
    if sys.platform != "win32":
        signal.setitimer(signal.ITIMER_PROF, seconds)
        signal.setitimer(signal.ITIMER_REAL, 5 * seconds)


def _peak_memory() -> int:
    """Return the largest address space so far in bytes; 0 where the system does not tell."""
    try:
        with open("/proc/self/status", encoding="ascii", errors="replace") as status:
            return next((int(line.split()[1]) * 1024 for line in status if line.startswith("VmPeak")), 0)
    except OSError:
        return 0


def _send(pipe: IO[bytes] | None, message: bytes) -> None:
    assert pipe is not None
    pipe.write(_LENGTH.pack(len(message)) + message)
    pipe.flush()


def _receive(pipe: IO[bytes] | None) -> bytes:
    message = _receive_or_end(pipe)
    if not message:
        raise EOFError
    return message


def _receive_or_end(pipe: IO[bytes] | None) -> bytes:
    """Return the next message, b'' at the end."""
    assert pipe is not None
    head = pipe.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return b""
    size = int(_LENGTH.unpack(head)[0])
    message = pipe.read(size)
    return message if len(message) == size else b""  # half a message is the end too
