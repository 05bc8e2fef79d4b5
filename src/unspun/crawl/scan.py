"""Scan a crawl: read, fold, find candidate pairs, score.

The work goes shard by shard, so that nothing is lost for long.

Every stage leaves shards and markers in the folder of the run (see `unspun.crawl.run`). A run that was stopped,
however it was, goes on with the shards that have no marker, and ends with the same tables as one that was not.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from unspun.crawl.duplicates import fold_duplicates
from unspun.crawl.engines import Engine, open_engine
from unspun.crawl.engines.pair_packing import pack_pairs
from unspun.crawl.engines.stages import KEYS_AT, LICENSED, LINES, PHRASES, READ, RECURRENT, Kept, Scoring, read_part
from unspun.crawl.engines.tasks import Task, marker, rejects_table
from unspun.crawl.findings import site_of, write_findings
from unspun.crawl.forms import COUNTS, MIN_PARTNERS, form_phrases
from unspun.crawl.reading.articles import read_texts
from unspun.crawl.recurring_lines import may_recur, recurrent_lines
from unspun.crawl.run import INFO, WORK, Run, open_run, part_name
from unspun.crawl.run_plan import Plan, ScanOptions, begin, lock
from unspun.crawl.run_summary import describe
from unspun.errors import RunError
from unspun.io.progress import Progress
from unspun.io.sources import is_remote
from unspun.io.stores import Store
from unspun.io.tables import CANDIDATES, parquet_bytes
from unspun.model.persistence import load_model

MIN_WEIGHT, MANY_ARTICLES = 1.35, 1_000
"""In a crawl of many articles, pairs of less weight are not scored. Of the pairs found among 21,077 real texts, thirds
of texts among them, these are 45%; with them go 12 of 6,904 spins, of which 7 score .5 and more, and 12 (8) of 1,841
that took over a third of a text. At 1.2 it is 35%, 6 (4) and 5 (3); at 1.5 it is 53%, 25 (17) and 20 (15)."""
# Who scores a shard looks for its texts among all articles: the more these are, the more pairs that must be worth.
_ARTICLES_A_PAIR = 25
_NO_PAIRS = CANDIDATES.empty_table().to_pandas()

ShowProgress = Callable[[str, str], AbstractContextManager[Progress]]
"""From what is being done and the unit of what is counted to a context that takes how many are done, of how many."""


@contextlib.contextmanager
def _silence(doing: str, unit: str) -> Iterator[Progress]:
    yield lambda n_done, n_total: None


def scan(
    options: ScanOptions,
    out: str | Path,
    *,
    engine: str = "local",
    n_jobs: int = 1,
    resume: bool = False,
    progress: ShowProgress = _silence,
) -> Run:
    """Read pages, find and score pairs, and leave six tables in a folder.

    Parameters
    ----------
    options : ScanOptions
        Inputs, and what else decides what is found.
    out : str or Path
        The folder of the run: new, empty, or that of a run that is complete (and is then replaced) or is resumed.
    engine : str
        ``local`` or ``spark``; the tables are the same.
    n_jobs : int
        Processes of the local engine; -1 for all cores. The tables do not depend on it.
    resume : bool
        Go on with the run that is there, if there is one.
    progress : callable, optional
        Such as `unspun.io.progress.progress`.

    Returns
    -------
    Run
        The run, opened for reading.

    Raises
    ------
    InputError
        When an input does not exist.
    ModelError
        When there is no such model.
    RunError
        When the folder cannot be used, another run works on it, or what is there is another run.

    Examples
    --------
    >>> import tempfile
    >>> folder = tempfile.TemporaryDirectory()
    >>> crawl = Path(folder.name, "crawl")
    >>> crawl.mkdir()
    >>> _ = Path(crawl, "a.txt").write_text("Rain fell on the quay, and the ferry to Ostravel stayed in port all day.")
    >>> run = scan(ScanOptions((str(crawl),)), Path(folder.name, "run"))
    >>> run.articles["article_id"].tolist(), run.info["counts"]["records"]
    (['a.txt'], 1)
    >>> folder.cleanup()
    """
    if not str(out):
        raise RunError("the folder of the run has no name", str(out), "give one as -o")
    load_model(Path(options.model) if options.model else None, options.prior)  # told before hours of work
    # Workers may stand in other folders.
    store = Store(str(out) if is_remote(str(out)) else os.path.abspath(out))
    running = open_engine(engine, n_jobs, careful=resume)
    with contextlib.closing(running), lock(store):
        plan = begin(store, options, resume)
        if not store.has(INFO):
            _Scan(store, plan, running, progress).run()
        store.remove(WORK)
        store.sweep()
    return open_run(out)


@dataclass(slots=True, eq=False)
class _Scan:
    """A run under way."""

    store: Store
    plan: Plan
    engine: Engine
    progress: ShowProgress
    timings: dict[str, dict[str, float]] = field(default_factory=dict)

    def run(self) -> None:
        """Go through the stages; what is done already is passed over."""
        shards = range(len(self.plan.shards))
        self._stage("read", "reading", "records", [self._reading(number) for number in shards])
        if not self._is_done("articles", len(shards)):
            self._fold()
        counts = self._article_counts()
        keys = [Task(self.store, "keys", number, size=count) for number, count in enumerate(counts)]
        self._stage("keys", "indexing", "articles", keys)
        if not self._is_done("candidates", 1):
            self._compare(len(shards))
        if not self._is_done("forms", 1):
            self._find_forms(len(shards))
        if self.plan.options.licensed:
            self.store.write(LICENSED, json.dumps(self._licensed(len(shards))).encode())
        scoring = Scoring(self.plan.options.model, self.plan.options.prior, self.plan.about["model"])
        parts = range(self._counts("candidates", 0)["parts"])
        self._stage("score", "scoring", "pairs", [Task(self.store, "score", part, scoring, 1) for part in parts])
        write_findings(self.store)
        info = describe(self.store, self.plan, self.timings)
        self.store.write(INFO, json.dumps(info, indent=1).encode())

    def _reading(self, number: int) -> Task:
        shard = self.plan.shards[number]
        return Task(self.store, "read", number, shard, sum(source.size for source in shard.sources))

    def _stage(self, name: str, doing: str, unit: str, tasks: Sequence[Task]) -> None:
        """Run those of a stage's tasks that have no marker yet."""
        done = set(self.store.names("done"))
        waiting = [task for task in tasks if marker(name, task.number) not in done]
        if not waiting:
            return
        start, seconds = perf_counter(), 0.0
        with self.progress(doing, unit) as tick:
            meter = _Meter(sum(task.size for task in waiting), tick)
            for report in self.engine.run(waiting, meter.add):
                seconds += report.seconds
                meter.finish(report.task.size)
        self.timings[name] = {"seconds": perf_counter() - start, "worker_seconds": seconds, "shards": len(waiting)}

    def _fold(self) -> None:
        """Fold duplicates, for which all digests are needed, and drop lines that recur, for which all counts are."""
        n_shards = len(self.plan.shards)
        kept, rejects = fold_duplicates(self._index(n_shards))
        if len(rejects):
            table = pa.Table.from_pandas(rejects, rejects_table([]).schema, preserve_index=False)
            self.store.write("rejects/part-1-00000.parquet", parquet_bytes(table.replace_schema_metadata()))
        specs = [_kept(kept[kept["shard"] == number]) for number in range(n_shards)]
        tasks = [Task(self.store, "lines", number, spec, len(spec.rows)) for number, spec in enumerate(specs)]
        self._stage("lines", "folding", "articles", tasks)
        self.store.write(RECURRENT, json.dumps(self._recurrent(n_shards), sort_keys=True).encode())
        self._stage("articles", "cleaning", "articles", [task._replace(stage="articles") for task in tasks])
        self.store.remove(READ)
        self.store.remove(LINES)

    def _index(self, n_shards: int) -> pd.DataFrame:
        """Return ids and digests of all articles read, with their shards and rows."""
        parts = [read_part(self.store, part_name(READ, n), "article_id", "sha256").to_pandas() for n in range(n_shards)]
        frames = [part.assign(shard=number, row=np.arange(len(part))) for number, part in enumerate(parts)]
        empty = pd.DataFrame({"article_id": [], "sha256": [], "shard": [], "row": []})
        whole: pd.DataFrame = pd.concat(frames or [empty], ignore_index=True)
        return whole.assign(old=whole["article_id"])

    def _recurrent(self, n_shards: int) -> dict[str, list[int]]:
        parts = [read_part(self.store, part_name(LINES, number)) for number in range(n_shards)]
        if not sum(map(len, parts)):
            return {}
        counts = pa.concat_tables(parts).group_by(["site", "line"]).aggregate([("n_pages", "sum")])
        found = recurrent_lines(may_recur(counts.rename_columns(["site", "line", "n_pages"])).to_pandas())
        return {site: sorted(map(int, lines)) for site, lines in found.items()}

    def _compare(self, n_shards: int) -> None:
        """Join the keys of all shards; leave the pairs in shards of their own."""
        start = perf_counter()
        against = self._against() if self.plan.n_against else None
        with self.progress("comparing", "pairs") as tick:
            keys = [part_name(KEYS_AT, number) for number in range(n_shards)]
            top = self.plan.options.max_candidates
            pairs = self.engine.find_candidates(self.store, keys, top, against) if keys else _NO_PAIRS
            if (n_articles := sum(self._article_counts())) >= MANY_ARTICLES:
                pairs = pairs[pairs["weight"] >= MIN_WEIGHT]
            parts = list(pack_pairs(pairs, max(self.plan.options.shard_pairs, n_articles // _ARTICLES_A_PAIR)))
            for number, part in enumerate(parts):
                table = pa.Table.from_pandas(part, CANDIDATES, preserve_index=False).replace_schema_metadata()
                self.store.write(part_name("candidates", number), parquet_bytes(table))
            n_pairs = sum(map(len, parts))
            tick(n_pairs, n_pairs)
        self._mark("candidates", {"parts": len(parts), "candidates": n_pairs})
        self.timings["candidates"] = {"seconds": perf_counter() - start}
        self.store.remove(KEYS_AT)

    def _find_forms(self, n_shards: int) -> None:
        """Find what pages of a form have in common; it is left out when their pairs are scored."""
        tasks = [
            Task(self.store, "phrases", number, rows, len(rows))
            for number, rows in enumerate(self._rows_with_partners(n_shards))
            if rows
        ]
        self._stage("phrases", "finding forms", "articles", tasks)
        counts = [read_part(self.store, part_name(PHRASES, task.number)) for task in tasks]
        ignored = read_texts(self.plan.options.ignore) if self.plan.options.ignore else []
        table = form_phrases(pa.concat_tables([COUNTS.empty_table(), *counts]), ignored)
        self.store.write(part_name("forms", 0), parquet_bytes(table))
        self._mark("forms", {"phrases": len(table)})
        self.store.remove(PHRASES)

    def _rows_with_partners(self, n_shards: int) -> list[tuple[int, ...]]:
        """Return the rows of every shard's articles that are in several candidate pairs."""
        parts = range(self._counts("candidates", 0)["parts"])
        pairs = [read_part(self.store, part_name("candidates", n), "source_id", "suspect_id") for n in parts]
        ends = [column for table in pairs for name in table.column_names for column in table[name].chunks]
        counts = pc.value_counts(pa.chunked_array(ends, pa.string()))
        names = counts.field("values").filter(pc.greater_equal(counts.field("counts"), MIN_PARTNERS))
        if not len(names):
            return []
        shards = (read_part(self.store, part_name("articles", n), "article_id")["article_id"] for n in range(n_shards))
        return [tuple(pc.indices_nonzero(pc.is_in(ids, value_set=names)).to_pylist()) for ids in shards]

    def _licensed(self, n_shards: int) -> list[str]:
        """Return the ids of articles on sites that may republish."""
        sites = tuple(site.lower().removeprefix("www.") for site in self.plan.options.licensed)
        within = tuple(f".{site}" for site in sites)
        names = []
        for number in range(n_shards):
            part = read_part(self.store, part_name("articles", number), "article_id", "url", "site").to_pandas()
            found = site_of(part).str.lower().str.removeprefix("www.")
            names += found.index[found.isin(sites) | found.str.endswith(within)].tolist()
        return names

    def _against(self) -> list[str]:
        parts = (read_part(self.store, part_name("articles", n), "article_id") for n in range(self.plan.n_against))
        return [name for part in parts for name in part["article_id"].to_pylist()]

    def _article_counts(self) -> list[int]:
        return [self._counts("articles", number).get("articles", 0) for number in range(len(self.plan.shards))]

    def _is_done(self, stage: str, n_shards: int) -> bool:
        return {marker(stage, number) for number in range(n_shards)} <= set(self.store.names("done"))

    def _mark(self, stage: str, counts: dict[str, int]) -> None:
        self.store.write(marker(stage, 0), json.dumps(counts, sort_keys=True).encode())

    def _counts(self, stage: str, number: int) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.store.read(marker(stage, number)))
        return found


class _Meter:
    """Counts records; guesses how many there will be from the share of the work that is done."""

    def __init__(self, size: int, tick: Progress) -> None:
        self._size, self._tick = size, tick
        self._records = self._finished = self._counted = 0

    def add(self, records: int) -> None:
        """Count some more records."""
        self._records += records
        share = self._finished / self._size if self._size else 0
        self._tick(self._records, max(self._records, round(self._counted / share)) if share else 0)

    def finish(self, size: int) -> None:
        """Count a task as done."""
        self._finished += size
        self._counted = self._records
        self.add(0)


def _kept(articles: pd.DataFrame) -> Kept:
    """Return which rows of one shard stay, and under which new names."""
    renamed = articles[articles["article_id"] != articles["old"]]
    return Kept(tuple(articles["row"].tolist()), dict(zip(renamed["row"].tolist(), renamed["article_id"], strict=True)))
