"""Perform tasks: each does one stage of one shard and writes what came of it.

A task depends on its shard alone, not on who runs it, when, or beside what others; so do the bytes it writes. Its
marker is written last: a shard without one is done again.
"""

from __future__ import annotations

import contextlib
import json
from collections import Counter, deque
from collections.abc import Callable, Iterator
from time import perf_counter
from typing import IO, Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq
from threadpoolctl import threadpool_limits

from unspun.crawl.run import DONE
from unspun.errors import UnspunError
from unspun.io.stores import Store
from unspun.io.tables import REJECTS, Reject

ROWS = 500
"""Rows of a row group: what is held before it is written, and what is read to find one text."""

Tick = Callable[[int], None]
"""Called with how many more records are done."""


class Task(NamedTuple):
    """One shard to work on; everything a worker on any machine must know.

    Attributes
    ----------
    store : Store
        The files of the run.
    stage : str
        A name of `STAGES`.
    number : int
        The number of the shard.
    spec : object
        What the stage must know besides; small and picklable.
    size : int
        How much work it is, in any unit that is the same for the stage's tasks.
    without : tuple of (int, str)
        Records to reject untouched, with the reason: they end the process that touches them, or raise.
    only : (int, int), optional
        A probe: work on these records, half-open, and write nothing.
    """

    store: Store
    stage: str
    number: int
    spec: Any = None
    size: int = 0
    without: tuple[tuple[int, str], ...] = ()
    only: tuple[int, int] | None = None


class Report(NamedTuple):
    """A task that is done.

    How many records it went through, and how many seconds that took.
    """

    task: Task
    n_records: int
    seconds: float = 0.0


class Failure(NamedTuple):
    """A task that raised or lost its process, and what happened.

    Attributes
    ----------
    task : Task
        The task.
    reason : str
        What happened, as a rejection says it.
    is_stray : bool
        Its process was killed from outside, as far as is known for no fault of the task.
    seconds : float
        How long the process was at it, where it was killed.
    """

    task: Task
    reason: str
    is_stray: bool = False
    seconds: float = 0.0


class Stage(NamedTuple):
    """The work of the tasks of one kind.

    Attributes
    ----------
    place : int
        Its place among the stages; orders the shards of REJECTS.
    n_records : callable
        From a task to how many records its shard has.
    work : callable
        From a task, the numbers of the records to work on and a `Tick` to the pieces it makes, one after the other:
        the name of a file and some rows of it.
    culprit : callable
        From a task, a record's number and a reason to how the record is rejected.
    """

    place: int
    n_records: Callable[[Task], int]
    work: Callable[[Task, list[int], Tick], Iterator[tuple[str, pa.Table]]]
    culprit: Callable[[Task, int, str], Reject]


def marker(stage: str, number: int) -> str:
    """Return the name of the file that says that a shard is done.

    Parameters
    ----------
    stage : str
        Name of the stage.
    number : int
        Number of the shard, from 0.

    Returns
    -------
    str
        A name in the run's store.

    Examples
    --------
    >>> marker("read", 3)
    'done/read-00003.json'
    """
    return f"{DONE}/{stage}-{number:05d}.json"


def perform(task: Task, stage: Stage, tick: Tick = lambda n: None) -> Report | Failure:
    """Work on one shard.

    Parameters
    ----------
    task : Task
        The shard, with records to leave out.
    stage : Stage
        What is done with it.
    tick : callable
        Called with how many more records are done.

    Returns
    -------
    Report or Failure
        A failure when anything was raised that is no fault of the user's; what the shard's records do to the code
        ends no run.

    Raises
    ------
    UnspunError
        When the run's folder cannot be read or written.
    """
    start = perf_counter()
    culprits = dict(task.without)
    try:
        records = range(*(task.only or (0, stage.n_records(task))))
        chosen = [record for record in records if record not in culprits]
        with threadpool_limits(1):  # the last bits of sums depend on the number of threads
            if task.only:
                deque(stage.work(task, chosen, lambda n: None), maxlen=0)
            else:
                _write(task, stage, stage.work(task, chosen, tick))
    except UnspunError:
        raise
    except Exception as error:
        return Failure(task, f"{type(error).__name__}: {error}"[:500])
    return Report(task, len(records), perf_counter() - start)


def _write(task: Task, stage: Stage, pieces: Iterator[tuple[str, pa.Table]]) -> None:
    rejects = [stage.culprit(task, record, reason) for record, reason in task.without]
    with contextlib.ExitStack() as stack:
        parts = _Parts(task.store, stack)
        for name, table in pieces:
            parts.add(name, table)
        if rejects:
            parts.add(rejects_name(task, stage), rejects_table(rejects))
        parts.finish()
    task.store.write(marker(task.stage, task.number), json.dumps(parts.counts, sort_keys=True).encode())


def rejects_name(task: Task, stage: Stage) -> str:
    """Return the name of the shard of REJECTS that belongs to a task.

    Parameters
    ----------
    task : Task
        The task.
    stage : Stage
        Its stage.

    Returns
    -------
    str
        A name in the run's store.
    """
    return f"rejects/part-{stage.place}-{task.number:05d}.parquet"


def rejects_table(rejects: list[Reject]) -> pa.Table:
    """Return rejections as rows of a REJECTS table."""
    # Without pandas: a table of bad rows alone has thousands of such pieces.
    columns = zip(*rejects, strict=True) if rejects else ((), (), ())
    return pa.Table.from_arrays([pa.array(column, pa.string()) for column in columns], schema=REJECTS)


class _Parts:
    """The files that a task writes, row group by row group; each gets its name when the stack is left."""

    def __init__(self, store: Store, stack: contextlib.ExitStack) -> None:
        self.counts: Counter[str] = Counter()
        self._store, self._stack = store, stack
        self._files: dict[str, tuple[pq.ParquetWriter, list[pa.Table]]] = {}

    def add(self, name: str, table: pa.Table) -> None:
        """Take more rows of a file; the first rows, perhaps none, tell its columns."""
        if name not in self._files:
            file: IO[bytes] = self._stack.enter_context(self._store.create(name))
            self._files[name] = pq.ParquetWriter(file, table.schema, compression="zstd"), []
            self._stack.callback(self._files[name][0].close)
        writer, held = self._files[name]
        held.append(table)
        while sum(map(len, held)) >= ROWS:
            together = pa.concat_tables(held)
            writer.write_table(together.slice(0, ROWS), row_group_size=ROWS)
            held[:] = [together.slice(ROWS)]
        self._count(name, table)

    def finish(self) -> None:
        """Write what is held back."""
        for writer, held in self._files.values():
            rest = pa.concat_tables(held)
            if len(rest):
                writer.write_table(rest, row_group_size=ROWS)

    def _count(self, name: str, table: pa.Table) -> None:
        folder = name.rpartition("/")[0]
        self.counts[folder] += len(table)
        if folder == "rejects":
            self.counts.update(f"rejects {stage}" for stage in table["stage"].to_pylist())
