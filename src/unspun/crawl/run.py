"""The folder of a run: what lies where, and how to read it.

::

    RUN/run.json                         versions, options, inputs, counts, timings; written last
    RUN/plan.json                        what the run set out to do; written first
    RUN/articles/part-00000.parquet      the six tables, in shards (see `unspun.io.tables`)
    RUN/candidates/  RUN/scores/  RUN/passages/  RUN/findings/  RUN/forms/  RUN/licensed/  RUN/rejects/
    RUN/done/read-00000.json             a marker for every finished shard, with what it counted
    RUN/work/                            tables between stages; gone when the run is complete

Only finished files have their names, so a run can be read while it is under way: it then holds what is done so far.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from unspun.errors import InputError
from unspun.io.notebook_html import html_summary
from unspun.io.sources import Source, is_remote
from unspun.io.stores import Store
from unspun.io.tables import ARTICLES, CANDIDATES, FINDINGS, FORMS, PASSAGES, REJECTS, SCORES, frame_of

INFO = "run.json"
PLAN = "plan.json"
DONE = "done"
WORK = "work"
TABLES = {
    "articles": ARTICLES,
    "candidates": CANDIDATES,
    "scores": SCORES,
    "passages": PASSAGES,
    "findings": FINDINGS,
    "forms": FORMS,
    "licensed": SCORES,
    "rejects": REJECTS,
}
"""The tables of a run, and their columns."""


def part_name(folder: str, number: int) -> str:
    """Return the name of a shard of a table.

    Parameters
    ----------
    folder : str
        The table.
    number : int
        Number of the shard, from 0.

    Returns
    -------
    str
        A name in the run's store.

    Examples
    --------
    >>> part_name("articles", 7)
    'articles/part-00007.parquet'
    """
    return f"{folder}/part-{number:05d}.parquet"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Run:
    """A run that was opened for reading.

    Attributes
    ----------
    store : Store
        Its files.
    info : dict
        What ``run.json`` says: ``versions``, ``options``, ``inputs``, ``counts``, ``timings``; empty while the run is
        under way.
    """

    store: Store
    info: dict[str, Any]

    @property
    def complete(self) -> bool:
        """True when the run came to its end."""
        return bool(self.info)

    @property
    def prior(self) -> float:
        """The share of spun pairs that its scores hold for."""
        about = self.info or json.loads(self.store.read(PLAN))
        return float(about["options"].get("prior", 0.5))

    @property
    def articles(self) -> pd.DataFrame:
        """The ARTICLES with their texts, in the order they were read."""
        return self.table("articles")

    @property
    def candidates(self) -> pd.DataFrame:
        """The CANDIDATES: pairs worth scoring, each once."""
        return self.table("candidates")

    @property
    def scores(self) -> pd.DataFrame:
        """The SCORES, in the order of the candidates."""
        return self.table("scores")

    @property
    def passages(self) -> pd.DataFrame:
        """The PASSAGES of flagged pairs, with their places in both texts."""
        return self.table("passages")

    @property
    def findings(self) -> pd.DataFrame:
        """The FINDINGS: one row a spun page, with its likeliest source.

        There are none while the run is under way.

        Raises
        ------
        InputError
            When the run is of a version that did not write them.
        """
        if self.complete and not self.store.names("findings"):
            what = "the run is of another version of Unspun: it has no findings"
            raise InputError(what, self.store.root, "scan again")
        return self.table("findings")

    @property
    def rejects(self) -> pd.DataFrame:
        """The REJECTS: what was passed over, at which stage and why."""
        return self.table("rejects")

    def table(self, name: str, columns: Sequence[str] | None = None) -> pd.DataFrame:
        """Return a table of the run.

        Parameters
        ----------
        name : str
            One of `TABLES`.
        columns : sequence of str, optional
            Those to read; all if not given. Articles without ``text`` are small.

        Returns
        -------
        DataFrame
            Its rows in the order of its shards; read anew each time, since a run may be under way.

        Raises
        ------
        InputError
            When the run is of another version.
        """
        parts = list(self._parts(name, columns))
        schema = _schema(name, columns)
        return frame_of(pa.concat_tables(parts) if parts else schema.empty_table(), schema, name)

    def parts(self, name: str, columns: Sequence[str] | None = None) -> Iterator[pd.DataFrame]:
        """Read a table shard by shard, for runs larger than the memory.

        Parameters
        ----------
        name : str
            One of `TABLES`.
        columns : sequence of str, optional
            Those to read; all if not given.

        Yields
        ------
        DataFrame
            The rows of a shard.

        Raises
        ------
        InputError
            When the run is of another version.
        """
        schema = _schema(name, columns)
        for part in self._parts(name, columns):
            yield frame_of(part, schema, name)

    def __repr__(self) -> str:
        return f"Run({self.store.root!r}: {self._counted()})"

    def _repr_html_(self) -> str:
        counts: dict[str, Any] = self.info.get("counts", {})
        rows = [(name, f"{n:,}") for name, n in counts.items() if isinstance(n, int)]
        return html_summary(f"Run {self.store.root}", rows or [("state", self._counted())])

    def _counted(self) -> str:
        if not self.info:
            return "under way"
        counts = self.info["counts"]
        return f"{counts['articles']:,} articles, {counts['scores']:,} pairs scored"

    def files(self) -> dict[str, str]:
        """Return the local paths of the files that articles are called after."""
        shards = json.loads(self.store.read(PLAN))["shards"]
        sources = (Source(*plain) for shard in shards for plain in shard["sources"])
        return {source.name: source.path for source in sources if not is_remote(source.path)}

    def texts(self, ids: Iterable[str]) -> dict[str, str]:
        """Return the texts of articles by their ids; other texts are not loaded.

        Raises
        ------
        InputError
            When the run has no such article.
        """
        wanted = set(ids)
        found = texts_of(self.store, wanted)
        if missing := wanted - found.keys():
            raise InputError("no such article in the run", min(missing), f"{len(missing)} of {len(wanted)} are missing")
        return found

    def _parts(self, name: str, columns: Sequence[str] | None) -> Iterator[pa.Table]:
        wanted = _schema(name, columns).names
        for part in self.store.names(name):
            file = pq.ParquetFile(pa.BufferReader(self.store.read(part)))
            if missing := [column for column in wanted if column not in file.schema_arrow.names]:
                what = f"the run is of another version of Unspun: its {name} have no {missing[0]}"
                raise InputError(what, self.store.root, "scan again")
            yield file.read(columns=wanted)


def _schema(name: str, columns: Sequence[str] | None) -> pa.Schema:
    schema = TABLES[name]
    return pa.schema([schema.field(column) for column in columns or schema.names])


def open_run(path: str | Path) -> Run:
    """Open the folder of a run, finished or under way.

    Parameters
    ----------
    path : str or Path
        What ``unspun scan`` was given as ``-o``.

    Raises
    ------
    InputError
        When it is no run.
    """
    store = Store(str(path))
    if store.has(INFO):
        return Run(store, json.loads(store.read(INFO)))
    if store.has(PLAN):
        return Run(store, {})
    raise InputError("not the folder of a run", str(path), "give the RUN of `unspun scan INPUT... -o RUN`")


def texts_of(store: Store, ids: Iterable[str]) -> dict[str, str]:
    """Return those of the texts that are there, by article id.

    Only the row groups that hold some are read.

    Parameters
    ----------
    store : Store
        The files of the run.
    ids : iterable of str
        Ids of articles; unknown ones are left out.

    Returns
    -------
    dict of str to str
        Texts by id.
    """
    wanted = pa.array(sorted(ids), pa.string())
    found: dict[str, str] = {}
    for part in store.names("articles"):
        with store.opened(part) as stream, pq.ParquetFile(stream) as file:
            for group in range(file.num_row_groups):
                names = file.read_row_group(group, columns=["article_id"]).column(0)
                if pc.any(pc.is_in(names, value_set=wanted)).as_py():
                    rows = file.read_row_group(group, columns=["article_id", "text"])
                    rows = rows.filter(pc.is_in(rows["article_id"], value_set=wanted))
                    found.update(zip(rows["article_id"].to_pylist(), rows["text"].to_pylist(), strict=True))
    return found
