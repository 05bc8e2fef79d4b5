"""Print results and end a command with the exit code that says what happened."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import typer

from unspun.errors import InputError
from unspun.io.progress import say
from unspun.reports.formatting import one_line, plural

if TYPE_CHECKING:
    import pandas as pd

# The heavy modules are imported inside the commands, so that --help and --version answer at once.

FOUND, USAGE, UNREADABLE, ABSTAINED, FAULT, STOPPED = 1, 2, 3, 4, 70, 130


def show(text: str) -> None:
    """Print to standard output.

    That nobody reads on is no reason to leave with a code that means something else.
    """
    try:
        typer.echo(text)
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if not isinstance(error, BrokenPipeError):
            raise InputError(f"cannot write to standard output ({error.strerror})", todo="mend that") from error


def say_bad(good: pd.DataFrame, bad: pd.DataFrame) -> None:
    """Say what of a table was taken, and what could not be used.

    That is the columns, the number of bad records, and the ids that cannot be told apart.

    Parameters
    ----------
    good : DataFrame
        The records that can be used, with ``id``.
    bad : DataFrame
        Those that cannot, with ``id`` and ``reason``.
    """
    taken = good.attrs.get("columns") or ("source", "suspect")
    if tuple(taken) != ("source", "suspect"):
        say(f"taken as source and suspect: the columns {one_line(taken[0])} and {one_line(taken[1])}")
    if len(bad):
        name, reason = bad["id"].iloc[0], bad["reason"].iloc[0]
        first = one_line(reason if reason.startswith(name) else f"{name}: {reason}", 500)
        say(f"{len(bad):,} bad records of {len(good) + len(bad):,}; the first: {first}")
    if n_repeated := int(good["id"].duplicated().sum()):
        say(f"{n_repeated:,} records repeat an id; rows stand in the order of the input")


def say_unguarded(path: Path) -> None:
    """Warn that a CSV holds cells that a spreadsheet may run, as it was asked for."""
    if path.name.lower().removesuffix(".gz").endswith((".csv", ".tsv")):
        say(f"{path.name} is not guarded: do not open it in a spreadsheet, its cells may be run as formulas")


def leave(p_spun: pd.Series[float], fail_on: float | None, what: str = "pair") -> None:
    """End the command with 1 if any pair or finding is at or above the limit.

    Parameters
    ----------
    p_spun : Series of float
        Probabilities, in [0, 1].
    fail_on : float or None
        The limit; None for no limit.
    what : str
        The noun for what is counted, in the singular.

    Raises
    ------
    typer.Exit
        With 1 when there is such a one.
    """
    if fail_on is not None and (n_found := int((p_spun >= fail_on).sum())):
        say(f"{plural(n_found, what)} at or above {fail_on:g}")
        raise typer.Exit(FOUND)


def coloured() -> bool:
    """Tell whether standard output is a terminal that wants colours."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def leave_one(p_spun: float, abstained: str | None, fail_on: float | None) -> None:
    """End the command with the exit code of one pair.

    It is 1 at or above the limit, and 4 where the pair could not be judged.

    Parameters
    ----------
    p_spun : float
        Probability of the pair, in [0, 1].
    abstained : str or None
        Why the number deserves no trust; None where it does.
    fail_on : float or None
        The limit; None for no limit.

    Raises
    ------
    typer.Exit
        With 1 or 4, as said above.
    """
    if fail_on is not None and p_spun >= fail_on:
        raise typer.Exit(FOUND)
    if abstained:
        raise typer.Exit(ABSTAINED)


@contextlib.contextmanager
def stops_told(hint: str) -> Iterator[None]:
    """Say how to go on when the command is stopped.

    By Ctrl-C, by SIGTERM, or by the end of its terminal.

    Parameters
    ----------
    hint : str
        What becomes of the work, for the message.

    Yields
    ------
    None

    Raises
    ------
    typer.Exit
        When it is stopped: with 128 and the signal's number, 130 for Ctrl-C.
    """
    before = {number: handler for number in _STOPS if (handler := signal.getsignal(number)) is not signal.SIG_IGN}
    in_main = threading.current_thread() is threading.main_thread()
    try:
        for number in before if in_main else ():
            signal.signal(number, _stop)
        yield
    except KeyboardInterrupt as stop:
        code = 128 + stop.args[0] if stop.args else STOPPED
        with contextlib.suppress(OSError):  # the terminal may be gone
            say(f"stopped; {hint}")
        raise typer.Exit(code) from None
    finally:
        for number, handler in before.items() if in_main else ():
            signal.signal(number, handler)


# Windows has no SIGHUP. With nohup it is ignored, and stays so.
_STOPS = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]


def _stop(number: int, frame: object) -> NoReturn:
    raise KeyboardInterrupt(number)


def usage(message: str) -> NoReturn:
    """End the command because its options do not go together."""
    raise typer.BadParameter(message)
