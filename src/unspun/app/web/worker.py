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
from typing import TYPE_CHECKING, NamedTuple

from unspun.errors import UnspunError

if TYPE_CHECKING:
    from unspun.model.spin_model import SpinModel


class Texts(NamedTuple):
    """Two texts to compare, and what they are called."""

    source: str
    suspect: str
    source_name: str
    suspect_name: str


class PairPages(NamedTuple):
    """A page as it is shown, with links above the verdict, and as it is kept."""

    shown: str
    kept: str


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

    def start(self) -> None:
        """Start the process and wait until its model is loaded.

        Raises
        ------
        UnspunError
            When there is no such model.
        """
        # A forked child of a server with threads may hang; a new one begins clean.
        context = multiprocessing.get_context("spawn")
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
            When the process ended by itself: most likely the memory was full.
        """
        with self._lock:
            if self._pipe is None:
                self.start()
            assert self._pipe is not None
            try:
                self._pipe.send((texts, address))
            except OSError:  # it died while nobody asked
                self.stop()
                self.start()
                self._pipe.send((texts, address))
            made = self._receive(self.seconds)
            assert isinstance(made, PairPages)
            return made

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
        try:
            if not self._pipe.poll(seconds):
                self.stop()
                raise TooSlow(f"the comparison took longer than {seconds:g} seconds", None, "give shorter texts")
            answer = self._pipe.recv()
        except (EOFError, OSError) as error:
            self.stop()
            raise Broken("the comparison broke off", None, "give shorter texts") from error
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
            texts, address = pipe.recv()
        except EOFError:
            return
        pipe.send(_answer(texts, address, detector))


def _answer(texts: Texts, address: str, detector: SpinModel) -> object:
    from unspun.evidence.explaining import explain
    from unspun.reports.pages.pair_page import pair_page

    try:
        found, card = explain(texts.source, texts.suspect, detector), detector.card
        actions = ((f"{address}/download", "Download this page"), ("/", "Compare two other texts"))
        return PairPages(pair_page(found, *texts, actions=actions, card=card), pair_page(found, *texts, card=card))
    except UnspunError as error:
        return error
    except Exception as error:  # whatever a hostile text sets off must not end the service
        # Only the kind of the error: its message may hold a piece of the text.
        return Broken(f"the comparison failed ({type(error).__name__})", None, "please report how it came about")
