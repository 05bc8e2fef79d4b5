"""Run a scan on a cluster: Spark runs the same tasks and the same SQL.

Executors read inputs and write shards themselves, so both must be where all of them can reach them: an object store,
or a file system that every machine has mounted. Spark repeats tasks whose executors die; what it gives up on is brought
to its end in processes of the driver, record by record if need be.
"""

from __future__ import annotations

import os
import pickle
import sys
import warnings
from collections.abc import Collection, Iterator, Sequence
from typing import Any

import pandas as pd
import pyarrow as pa

from unspun.crawl.candidates import candidate_steps
from unspun.crawl.engines.bad_records import settle
from unspun.crawl.engines.local import LocalEngine
from unspun.crawl.engines.stages import STAGES
from unspun.crawl.engines.tasks import Failure, Report, Task, Tick, marker, perform
from unspun.errors import RunError, UnspunError
from unspun.io.stores import Store
from unspun.io.tables import CANDIDATES, conform

_SETTINGS = {
    "spark.app.name": "unspun scan",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.execution.arrow.pyspark.enabled": "true",
    # A task is a shard and may be long: let each have its own fate.
    "spark.sql.execution.arrow.maxRecordsPerBatch": "1",
}
_WAVES = 8  # tasks for every core between two looks at how far things are


class SparkEngine:
    """Run tasks with ``mapInArrow`` in a Spark session.

    It is the session that is there, or one as Spark is configured.

    Raises
    ------
    RunError
        When PySpark or Java is missing.
    """

    def __init__(self) -> None:
        self._spark = _session()

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
        wave = max(1, self._spark.sparkContext.defaultParallelism) * _WAVES
        for start in range(0, len(tasks), wave):
            for report in self._wave(tasks[start : start + wave]):
                tick(report.n_records)
                yield report

    def _wave(self, tasks: Sequence[Task]) -> Iterator[Report]:
        failures: list[Failure] = []
        for answer in self._answers(tasks):
            if isinstance(answer, Failure):
                failures.append(answer)
            elif isinstance(answer, UnspunError):
                raise answer
            else:
                yield answer
        local = LocalEngine(careful=True)
        try:
            for failure in failures:
                yield settle(failure, STAGES[failure.task.stage], local.attempt, local.lives)
        finally:
            local.close()

    def _answers(self, tasks: Sequence[Task]) -> list[Any]:
        """Perform tasks on the executors; those of a job that Spark gave up on failed unless they left a marker."""
        rows = [(pickle.dumps(task),) for task in tasks]
        spark = self._spark
        frame = spark.createDataFrame(spark.sparkContext.parallelize(rows, len(rows)), "task binary")
        try:
            found = frame.mapInArrow(_perform_all, "answer binary").collect()
        except Exception as error:  # Spark's errors have no common base but Exception
            done = set(tasks[0].store.names("done")) if tasks else set()
            reason = f"its executor died: {str(error).splitlines()[0][:200]}"
            return [
                Report(task, STAGES[task.stage].n_records(task))
                if marker(task.stage, task.number) in done
                else Failure(task, reason)
                for task in tasks
            ]
        return [pickle.loads(row.answer) for row in found]

    def find_candidates(
        self, store: Store, parts: Sequence[str], top: int, against: Collection[str] | None
    ) -> pd.DataFrame:
        """Join keys in Spark SQL (see `unspun.crawl.engines.Engine`).

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
        spark = self._spark
        spark.read.parquet(*(_address(store, part) for part in parts)).createOrReplaceTempView("keys")
        names = pa.table({"article_id": pa.array(sorted(against or ()), pa.string())})
        spark.createDataFrame(names).createOrReplaceTempView("sources")
        kept = []
        for step in candidate_steps(top, against is not None):
            frame = spark.sql(step.select).persist()
            frame.createOrReplaceTempView(step.name)
            kept.append(frame)
        found = conform(kept[-1].toArrow().to_pandas(), CANDIDATES, "table of candidates")
        for frame in kept:
            frame.unpersist()
        return found

    def close(self) -> None:
        """Stop the session, whatever is under way."""
        self._spark.sparkContext.cancelAllJobs()
        self._spark.stop()


def _perform_all(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Perform pickled tasks; runs on executors."""
    for batch in batches:
        for packed in batch.column("task").to_pylist():
            yield pa.RecordBatch.from_pydict({"answer": pa.array([pickle.dumps(_answer(packed))], pa.binary())})


def _answer(packed: bytes) -> object:
    task: Task = pickle.loads(packed)
    try:
        return perform(task, STAGES[task.stage])
    except UnspunError as error:
        return error


def _session() -> Any:
    try:
        from pyspark.conf import SparkConf
        from pyspark.errors import PySparkException
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise RunError("PySpark is not installed", todo="install it: pip install 'unspun[spark]'") from error
    # It speaks of converting frames; tables cross as Arrow here.
    warnings.filterwarnings("ignore", message="PySpark does not yet fully support pandas")
    try:
        if SparkConf().get("spark.master", "local").startswith("local"):
            # Executors of this machine would otherwise take the first Python they find.
            os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        builder = SparkSession.builder
        for name, value in _SETTINGS.items():
            builder = builder.config(name, value)
        return builder.getOrCreate()
    except (PySparkException, OSError) as error:
        todo = "it needs Java 17 or newer, as java or in JAVA_HOME"
        raise RunError("Spark does not start", str(error), todo) from error


def _address(store: Store, name: str) -> str:
    """Return an address as Spark reads it: a plain path would be looked for in the cluster's default file system."""
    return f"file://{os.path.abspath(store.address(name))}" if store.is_local else store.address(name)
