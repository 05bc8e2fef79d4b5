"""Progress on standard error: a bar for people, one line at the end for logs."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import perf_counter

from unspun.errors import printable

Progress = Callable[[int, int], None]
"""Called with how many are done and how many there are; the total may be 0 while it is unknown."""


def say(line: str) -> None:
    """Write one line to standard error; nothing in it acts on the terminal."""
    print(printable(line), file=sys.stderr, flush=True)


@contextmanager
def progress(doing: str, unit: str) -> Iterator[Progress]:
    """Show how far something is, and say at its end how much it was.

    Parameters
    ----------
    doing : str
        What is done, for the remark.
    unit : str
        What is counted, in the plural.

    Yields
    ------
    callable
        Called with how many are done and how many there are.

    Examples
    --------
    >>> with progress("scoring", "pairs") as tick:
    ...     tick(1, 2)
    ...     tick(2, 2)
    """
    start, seen = perf_counter(), [0]
    with _bar(doing) if sys.stderr.isatty() else _silence() as draw:

        def tick(n_done: int, n_total: int) -> None:
            seen[0] = n_done
            draw(n_done, n_total)

        yield tick
    seconds = perf_counter() - start
    say(f"{doing}: {seen[0]:,} {unit} in {seconds:.1f} s ({seen[0] / max(seconds, 1e-9):,.0f}/s)")


@contextmanager
def _silence() -> Iterator[Progress]:
    yield lambda n_done, n_total: None


@contextmanager
def no_progress(doing: str, unit: str) -> Iterator[Progress]:
    """Show nothing, where `progress` would.

    Parameters
    ----------
    doing, unit : str
        As `progress` takes them.

    Yields
    ------
    callable
        It does nothing.
    """
    with _silence() as tick:
        yield tick


@contextmanager
def _bar(doing: str) -> Iterator[Progress]:
    from rich.console import Console
    from rich.progress import MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    rate = TextColumn("{task.fields[rate]}")
    columns = (*Bar.get_default_columns()[:2], MofNCompleteColumn(), rate, TimeRemainingColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(doing, total=None, rate="")

        def draw(n_done: int, n_total: int) -> None:
            speed = bar.tasks[0].speed
            bar.update(task, completed=n_done, total=n_total or None, rate=f"{speed:,.0f}/s" if speed else "")

        yield draw
