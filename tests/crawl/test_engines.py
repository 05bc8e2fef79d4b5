"""Engines: what harms a process costs one record, and who does the work does not show."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from articles import SPUN, STORY, UNRELATED
from deadly import DeadlyPath, FaultyPath, UnluckyPath, WatchedPath
from run_folders import CRAWL, python_path, small_shards, tables

from unspun.crawl.engines import open_engine
from unspun.crawl.engines.local import LocalEngine
from unspun.crawl.engines.pair_packing import pack_pairs
from unspun.crawl.engines.stages import READ, STAGES, read_part
from unspun.crawl.engines.tasks import Failure, Task, perform
from unspun.crawl.engines.workers import Workers
from unspun.crawl.pages import process_deaths
from unspun.crawl.reading.shards import Shard
from unspun.crawl.run import Run, part_name
from unspun.crawl.scan import scan
from unspun.errors import RunError
from unspun.io.sources import Source
from unspun.io.stores import Store


@pytest.fixture
def engine() -> Iterator[LocalEngine]:
    opened = LocalEngine(careful=True)
    yield opened
    opened.close()


def reading(folder: Path, harm: type[str]) -> Task:
    """Return the task of reading a shard of which the third of five files does harm."""
    sources = []
    for number, text in enumerate([STORY, SPUN, UNRELATED, STORY + "\n\nMore.", SPUN + "\n\nMore."]):
        path = folder / f"{number}.txt"
        path.write_text(text, encoding="utf-8")
        sources.append(Source(harm(path) if number == 2 else str(path), path.name))
    return Task(Store(str(folder / "run")), "read", 0, Shard(0, tuple(sources)))


def read_ids(task: Task) -> list[str]:
    ids: list[str] = read_part(task.store, part_name(READ, 0), "article_id")["article_id"].to_pylist()
    return ids


@pytest.mark.parametrize(
    ("harm", "reason"),
    [
        (DeadlyPath, "died of signal 11"),
        (WatchedPath, "died of signal 9"),
        (FaultyPath, "ZeroDivisionError: seven"),
    ],
)
def test_a_record_that_harms_its_process_is_rejected_and_its_neighbours_are_read(
    engine: LocalEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, harm: type[str], reason: str
) -> None:
    monkeypatch.setattr(process_deaths, "PATIENCE_SECONDS", 0.2)
    monkeypatch.setattr(process_deaths, "_FIRST_PAUSE", 0.01)
    task = reading(tmp_path, harm)
    assert len(list(engine.run([task], lambda n: None))) == 1
    assert read_ids(task) == ["0.txt", "1.txt", "3.txt", "4.txt"]
    rejects = Run(task.store, {}).rejects
    assert rejects[["uri", "stage"]].values.tolist() == [["2.txt", "read"]]
    assert reason in rejects["reason"][0]


def test_a_process_that_is_killed_again_and_again_costs_nothing(engine: LocalEngine, tmp_path: Path) -> None:
    task = reading(tmp_path, UnluckyPath)
    assert len(list(engine.run([task], lambda n: None))) == 1
    assert read_ids(task) == [f"{number}.txt" for number in range(5)]
    assert Run(task.store, {}).rejects.empty


def test_a_machine_that_kills_all_processes_ends_the_run_and_rejects_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from unspun.crawl.engines.bad_records import settle

    monkeypatch.setattr(process_deaths, "PATIENCE_SECONDS", 0.0)
    monkeypatch.setattr(process_deaths, "_FIRST_PAUSE", 0.0)
    task = reading(tmp_path, str)
    killed = Failure(task, "its process died of signal 9", True, 0.1)
    with pytest.raises(RunError, match=r"somebody kills the processes of the run.*signal 9.*--resume"):
        settle(killed, STAGES["read"], lambda _: killed, lambda _: False)


def test_a_process_without_a_task_lives_until_it_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    workers = Workers(1)
    assert workers.lives(0.2)
    start = multiprocessing.context.ForkServerProcess.start

    def start_and_kill(process: multiprocessing.Process) -> None:
        start(process)  # type: ignore[arg-type]
        process.kill()

    monkeypatch.setattr(multiprocessing.context.ForkServerProcess, "start", start_and_kill)
    assert not workers.lives(30)


def test_other_tasks_go_on_when_a_process_dies(tmp_path: Path) -> None:
    tasks = []
    for number, harm in enumerate([str, DeadlyPath, str]):
        folder = tmp_path / str(number)
        folder.mkdir()
        tasks.append(reading(folder, harm))
    engine = LocalEngine(n_jobs=2)
    done = [report.task.store for report in engine.run(tasks, lambda n: None)]
    engine.close()
    assert sorted(store.root for store in done) == sorted(task.store.root for task in tasks)
    assert [len(read_ids(task)) for task in tasks] == [5, 4, 5]


def test_a_shard_that_fails_without_a_culprit_is_an_error(tmp_path: Path) -> None:
    from unspun.crawl.engines.bad_records import settle

    def attempt(task: Task) -> Failure:
        return Failure(task, "out of memory")

    task = reading(tmp_path, str)
    with pytest.raises(RunError, match=r"shard 0 of the stage read.*out of memory.*--resume"):
        settle(
            Failure(task, "died"),
            STAGES["read"],
            lambda t: attempt(t) if not t.only else perform(t, STAGES["read"]),
            lambda _: True,
        )


def test_pairs_are_packed_with_their_neighbours() -> None:
    clusters = [[f"{cluster}-{n}" for n in range(5)] for cluster in range(40)]
    pairs = [(a, b) for names in clusters for a in names for b in names if a < b]
    frame = pd.DataFrame(pairs, columns=["source_id", "suspect_id"]).sample(frac=1, random_state=1)
    parts = list(pack_pairs(frame, 50))
    assert sorted(map(tuple, pd.concat(parts).values.tolist())) == sorted(pairs)
    # At best 25 articles a part; in the order of names it would be as good, at random 110.
    assert max(len({*part["source_id"], *part["suspect_id"]}) for part in parts) <= 35
    shuffled = pack_pairs(frame.sample(frac=1, random_state=2), 50)
    assert [part.values.tolist() for part in shuffled] == [part.values.tolist() for part in parts]


def test_an_engine_that_is_not_there_is_named() -> None:
    with pytest.raises(RunError, match="there are local and spark"):
        open_engine("abacus")


SPARK = """
from deadly import DeadlyPath
from run_folders import *
from test_engines import AGAINST, reading
from unspun.crawl.engines.spark import SparkEngine
from unspun.crawl.scan import scan
place = Path(sys.argv[1])
scan(small_shards(), place / "spark", engine="spark")
scan(AGAINST, place / "spark-against", engine="spark")
engine = SparkEngine()
print(len(list(engine.run([reading(place, DeadlyPath)], lambda n: None))))
engine.close()
"""
AGAINST = small_shards(CRAWL / "pages", against=(str(CRAWL / "feed.jsonl"),))


@pytest.mark.slow
@pytest.mark.skipif(not (shutil.which("java") or os.environ.get("JAVA_HOME")), reason="Spark needs Java")
def test_spark_and_local_give_the_same_tables(tmp_path: Path) -> None:
    pytest.importorskip("pyspark", reason="Spark needs the extra unspun[spark]")
    master = "--master local-cluster[2,1,1024] --conf spark.sql.shuffle.partitions=2 pyspark-shell"
    environment = {
        **os.environ,
        "PYTHONPATH": python_path(Path(__file__).parent),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "PYSPARK_PYTHON": sys.executable,
        "PYSPARK_SUBMIT_ARGS": master,
    }
    subprocess.run([sys.executable, "-c", SPARK, str(tmp_path)], env=environment, check=True)
    scan(small_shards(), tmp_path / "local")
    scan(AGAINST, tmp_path / "local-against")
    assert tables(tmp_path / "spark") == tables(tmp_path / "local")
    assert tables(tmp_path / "spark-against") == tables(tmp_path / "local-against")
    # The page that ends the process at work on it has not ended the job.
    assert Run(Store(str(tmp_path / "run")), {}).rejects["uri"].tolist() == ["2.txt"]
