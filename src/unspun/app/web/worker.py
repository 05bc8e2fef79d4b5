"""Compare two texts in a process of its own.

A text that takes for ever can then be given up.
"""

from __future__ import annotations

import multiprocessing
import signal
import threading
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

from unspun.app.web.given_texts import Texts
from unspun.crawl.pages.process_deaths import is_stray, starved_processes
from unspun.errors import UnspunError

if TYPE_CHECKING:
    from unspun.model.spin_model import SpinModel


MAX_TRIES = 3
"""How often a comparison is tried whose process somebody kills."""
SCORE, EXPLAIN = "score", "explain"
"""What a process is asked for beside pages; these it is asked for by their address."""
ACTIONS = (("/download", "Download this page"), ("/swap", "Swap the sides"), ("/edit", "Change these texts"))
"""Ends of addresses below that of a page, and the links to them."""


class PairPages(NamedTuple):
    """A page as it is shown, with links above the verdict, and as it is kept."""

    shown: str
    kept: str


class Comparer(Protocol):
    """Makes pages, scores and explanations of two texts, as `Worker` does."""

    def compare(self, texts: Texts, address: str) -> PairPages:
        """Return the page of two texts.

        Parameters
        ----------
        texts : Texts
            What to compare.
        address : str
            Where the page will be.

        Returns
        -------
        PairPages
            See `Worker.compare`.
        """

    def score(self, texts: Texts) -> str:
        """Return the score of two texts as JSON."""

    def explain(self, texts: Texts) -> str:
        """Return the explanation of two texts as JSON."""


class TooSlow(UnspunError):
    """A comparison that took longer than it may."""


class Broken(UnspunError):
    """A comparison that ended its process."""


class Worker:
    """A process that holds a loaded model and makes one page at a time.

    Parameters
    ----------
    model : Path or None
        Folder of the model; the one in the package by default.
    seconds : float
        How long a comparison may take, loading the model not counted.
    """

    def __init__(self, model: Path | None = None, seconds: float = 30) -> None:
        self.model, self.seconds = model, seconds
        self._lock = threading.Lock()
        self._process: BaseProcess | None = None
        self._pipe: Connection | None = None
        self._n_starved = 0

    def start(self) -> None:
        """Start the process and wait until its model is loaded.

        Raises
        ------
        UnspunError
            When there is no such model.
        """
        # A forked child of a server with threads may hang; a new one begins clean.
        context = multiprocessing.get_context("spawn")
        self._n_starved = starved_processes()
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_work, args=(theirs, self.model), daemon=True)
        self._process.start()
        theirs.close()
        self._receive(None)

    def compare(self, texts: Texts, address: str) -> PairPages:
        """Return the page of two texts; those who come meanwhile wait for their turn.

        Parameters
        ----------
        texts : Texts
            What to compare.
        address : str
            Where the page will be, for the links on it.

        Returns
        -------
        PairPages
            The page as it is shown, and as it is kept.

        Raises
        ------
        TooSlow
            When it takes longer than it may. The process is ended; the next call starts a new one.
        Broken
            When the process ended by itself, most likely as the memory was full, or was killed again and again.
        """
        made = self._ask(texts, address)
        assert isinstance(made, PairPages)
        return made

    def score(self, texts: Texts) -> str:
        """Return the score of two texts as JSON, else as `compare` does."""
        return str(self._ask(texts, SCORE))

    def explain(self, texts: Texts) -> str:
        """Return the explanation of two texts as JSON, else as `compare` does."""
        return str(self._ask(texts, EXPLAIN))

    def _ask(self, texts: Texts, wish: str) -> object:
        with self._lock:
            for n_left in reversed(range(MAX_TRIES)):
                try:
                    if self._pipe is None:
                        self.start()
                    assert self._pipe is not None
                    self._pipe.send((texts, wish))
                    return self._receive(self.seconds)
                except (EOFError, OSError):
                    if not (self._was_killed() and n_left):
                        raise Broken("the comparison broke off", None, "give shorter texts") from None
        raise AssertionError

    def _was_killed(self) -> bool:
        """Whether somebody killed the process, for no fault of the texts that it had, as far as is known."""
        assert self._process is not None
        self._process.join(1)
        code = self._process.exitcode
        self.stop()
        return code is not None and is_stray(code, None, self._n_starved)

    def stop(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.kill()
            self._process.join()
        if self._pipe is not None:
            self._pipe.close()
        self._process = self._pipe = None

    def _receive(self, seconds: float | None) -> object:
        assert self._pipe is not None
        if not self._pipe.poll(seconds):
            self.stop()
            raise TooSlow(f"the comparison took longer than {seconds:g} seconds", None, "give shorter texts")
        answer = self._pipe.recv()
        if isinstance(answer, UnspunError):
            raise answer
        return answer


def _work(pipe: Connection, model: Path | None) -> None:
    """Load the model, then answer requests until the pipe is closed; what goes wrong with one is its answer."""
    # Ctrl-C reaches every process of the terminal: the server ends this one in its own time.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    from unspun.model.persistence import load_model

    try:
        detector = load_model(model)
    except UnspunError as error:
        pipe.send(error)
        return
    pipe.send("ready")
    while True:
        try:
            texts, wish = pipe.recv()
        except EOFError:
            return
        pipe.send(_answer(texts, wish, detector))


def _answer(texts: Texts, wish: str, detector: SpinModel) -> object:
    """Return what was wished of two texts: a score, an explanation, or the pages at an address."""
    try:
        return _score(texts, detector) if wish == SCORE else _explanation(texts, wish, detector)
    except UnspunError as error:
        return error
    except Exception as error:  # whatever a hostile text sets off must not end the service
        # Only the kind of the error: its message may hold a piece of the text.
        return Broken(f"the comparison failed ({type(error).__name__})", None, "please report how it came about")


def _score(texts: Texts, detector: SpinModel) -> str:
    from unspun.model.scoring import score
    from unspun.reports.json import score_as_json

    return score_as_json(score(*texts.both, detector))


def _explanation(texts: Texts, wish: str, detector: SpinModel) -> str | PairPages:
    from unspun.evidence.explaining import explain
    from unspun.reports.json import as_json
    from unspun.reports.pages.pair_page import pair_page

    found, card = explain(*texts.both, detector, texts.names), detector.card
    if wish == EXPLAIN:
        return as_json(found, indent=None)
    actions = *((wish + end, words) for end, words in ACTIONS), ("/", "Compare two other texts")
    pages = [pair_page(found, *texts.both, *texts.shown, actions=links, card=card) for links in (actions, ())]
    return PairPages(*pages)
