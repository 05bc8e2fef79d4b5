"""Run a scan on one machine: processes for tasks, DuckDB for the join.

No server is needed.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

import pandas as pd

from unspun.crawl.candidates import join_keys, key_database
from unspun.crawl.engines.bad_records import settle
from unspun.crawl.engines.stages import STAGES
from unspun.crawl.engines.tasks import Failure, Report, Task, Tick, perform
from unspun.crawl.engines.workers import Workers, n_processes
from unspun.io.stores import Store

# DuckDB takes a star or a bracket in a path for a pattern, and refuses one that is not UTF-8.
_PLAIN = re.compile(r"[\w/.:\\ -]+", re.ASCII)
SMALL_BYTES = 4_000_000
"""A crawl that is one shard and has no more than this is scanned in the process that was started for it."""


class LocalEngine:
    """Run tasks in processes of this machine.

    Those of a small crawl in this very process.

    Parameters
    ----------
    n_jobs : int
        Processes; -1 for all cores.
    careful : bool
        Whether even a small crawl gets a process of its own.
    """

    def __init__(self, n_jobs: int = 1, careful: bool = False) -> None:
        self._workers = Workers(n_processes(n_jobs))
        # Whether there is no need of processes: told by the first tasks, which are to read the crawl.
        self._alone = False if careful else None

    def run(self, tasks: Sequence[Task], tick: Tick) -> Iterator[Report]:
        """Perform tasks (see `unspun.crawl.engines.Engine`).

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
        # Starting a process takes longer than a small crawl.
        if self._alone is None:
            self._alone = len(tasks) <= 1 and sum(task.size for task in tasks) <= SMALL_BYTES
        answers = (_here(task, tick) for task in tasks) if self._alone else self._workers.run(tasks, tick)
        failures: list[Failure] = []
        for answer in answers:
            if isinstance(answer, Failure):
                failures.append(answer)
            else:
                yield answer
        # One at a time: what failed for want of memory has all of it now.
        for failure in failures:
            yield settle(failure, STAGES[failure.task.stage], self.attempt, self.lives)

    def attempt(self, task: Task) -> Report | Failure:
        """Perform one task in a process of its own."""
        return next(self._workers.run([task], lambda n: None))

    def lives(self, seconds: float) -> bool:
        """Tell whether a process without a task still lives after some seconds."""
        return self._workers.lives(seconds)

    def find_candidates(
        self, store: Store, parts: Sequence[str], top: int, against: Collection[str] | None
    ) -> pd.DataFrame:
        """Join keys in DuckDB, out of core (see `unspun.crawl.engines.Engine`).

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
        with key_database() as (connection, folder):
            connection.read_parquet([_on_disk(store, part, folder) for part in parts]).create_view("keys")
            return join_keys(connection, top, against)

    def close(self) -> None:
        """End all processes."""
        self._workers.close()


def _here(task: Task, tick: Tick) -> Report | Failure:
    return perform(task, STAGES[task.stage], tick)


def _on_disk(store: Store, name: str, folder: Path) -> str:
    """Return the path of a file of the run, fetched first if it is elsewhere: DuckDB would load an extension for it."""
    if store.is_local and _PLAIN.fullmatch(store.address(name)):
        return store.address(name)
    path = folder / name.rpartition("/")[2]
    if store.is_local:
        with contextlib.suppress(OSError):  # a system without links gets a copy
            path.symlink_to(store.address(name))
            return str(path)
    path.write_bytes(store.read(name))
    return str(path)
