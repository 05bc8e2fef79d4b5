"""Run the tasks of a scan, here or on a cluster.

What engines run, and what comes of it, is the same.

An engine moves shards and runs SQL; the work is in `unspun.crawl.engines.stages` and in `unspun.crawl.candidates`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Protocol

import pandas as pd

from unspun.crawl.engines.tasks import Report, Task, Tick
from unspun.errors import RunError
from unspun.io.stores import Store

ENGINES = ("local", "spark")
"""The names that `open_engine` knows."""


class Engine(Protocol):
    """The engine of a scan: what runs its tasks."""

    def run(self, tasks: Sequence[Task], tick: Tick) -> Iterator[Report]:
        """Perform tasks, in any order.

        Give out each when it is done, culprits among its records rejected.

        Parameters
        ----------
        tasks : sequence of Task
            Of one stage or several.
        tick : callable
            Called with how many more records are done.

        Yields
        ------
        Report
            One for each task.
        """

    def find_candidates(
        self, store: Store, parts: Sequence[str], top: int, against: Collection[str] | None
    ) -> pd.DataFrame:
        """Join the keys in these files of the store.

        See `unspun.crawl.candidates.join_keys`.

        Parameters
        ----------
        store : Store
            The files of the run.
        parts : sequence of str
            Names of the files with keys.
        top : int
            How many partners an article proposes.
        against : collection of str, optional
            Ids of the articles that alone may be sources; None for all.

        Returns
        -------
        DataFrame
            A CANDIDATES table.
        """

    def close(self) -> None:
        """Stop at once, whatever is under way."""


def open_engine(name: str, n_jobs: int = 1, careful: bool = False) -> Engine:
    """Return the engine of that name, started as far as it must be.

    Parameters
    ----------
    name : str
        One of `ENGINES`.
    n_jobs : int
        Processes of the local engine; -1 for all cores. Spark has settings of its own.
    careful : bool
        Whether the local engine may do nothing in this very process, since that has been lost before.

    Returns
    -------
    Engine
        It has to be closed.

    Raises
    ------
    RunError
        When there is no such engine, or what it needs is not installed.
    """
    if name == "local":
        from unspun.crawl.engines.local import LocalEngine

        return LocalEngine(n_jobs, careful)
    if name == "spark":
        from unspun.crawl.engines.spark import SparkEngine

        return SparkEngine()
    raise RunError("no such engine", name, f"there are {' and '.join(ENGINES)}")
