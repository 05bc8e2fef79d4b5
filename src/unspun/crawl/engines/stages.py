"""Do the stages of a scan that go shard by shard.

They turn the shard's records into rows of tables, and do nothing else.

``read``: inputs to articles as they stand. ``lines``: on how many pages of its site a line stands. ``articles``: what
is kept once all shards are known (duplicates folded, recurrent lines dropped). ``keys``: what articles are found by.
``phrases``: what wording is on articles that have many partners. ``score``: candidate pairs to scores.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from unspun.crawl.candidate_keys import KEYS, keys_batch
from unspun.crawl.engines.tasks import ROWS, Stage, Task, Tick, rejects_name, rejects_table
from unspun.crawl.forms import COUNTS, NO_FORMS, Forms, MarkedText, compare_marked, count_phrases
from unspun.crawl.reading.articles import Item, read_shard
from unspun.crawl.reading.shards import Shard
from unspun.crawl.recurring_lines import count_lines, drop_lines
from unspun.crawl.run import WORK, Run, part_name, texts_of
from unspun.io.sources import Window, is_remote, open_source
from unspun.io.stores import Store
from unspun.io.tables import ARTICLES, CANDIDATES, PASSAGES, SCORES, Article, Reject, articles_frame, conform
from unspun.model.pair_score import Score
from unspun.model.persistence import load_model
from unspun.model.scoring import passage_table, score_table, scores_of
from unspun.model.spin_model import SpinModel
from unspun.text.tokenizer import read_text

INPUTS, READ, LINES, KEYS_AT = f"{WORK}/inputs", f"{WORK}/read", f"{WORK}/lines", f"{WORK}/keys"
PHRASES, LICENSED = f"{WORK}/phrases", f"{WORK}/licensed.json"
RECURRENT = f"{WORK}/recurrent.json"
INPUTS_SCHEMA = pa.schema([("name", pa.string()), ("bytes", pa.int64()), ("sha256", pa.string())])
LINES_SCHEMA = pa.schema([("site", pa.string()), ("line", pa.int64()), ("n_pages", pa.int64())])
SURE = 0.7
"""A direction is open between this probability and its counterpart."""
FLAGGED = 0.5
"""Passages are kept of pairs with this p_spun or more: those that reports flag unless they are told otherwise."""
_PAIRS_AT_ONCE = 200

_DIGEST_BYTES = 1 << 20

Pieces = Iterator[tuple[str, pa.Table]]


class Kept(NamedTuple):
    """The rows of a shard's articles that stay, and new names where needed."""

    rows: tuple[int, ...]
    names: dict[int, str]


class Scoring(NamedTuple):
    """The model to score with: its folder, prior and digest.

    The packaged model if the folder is None.
    """

    model: str | None
    prior: float
    digest: str


# ------------------------------------------------------------------ read


def _n_sources(task: Task) -> int:
    shard: Shard = task.spec
    return len(shard.sources)


def _read(task: Task, records: list[int], tick: Tick) -> Pieces:
    shard = Shard(task.number, tuple(task.spec.sources[record] for record in records))
    yield part_name(INPUTS, task.number), pa.Table.from_pylist(list(_digests(shard)), INPUTS_SCHEMA)
    yield part_name(READ, task.number), ARTICLES.empty_table()
    yield rejects_name(task, STAGES["read"]), rejects_table([])
    items = read_shard(shard)
    while some := list(islice(items, ROWS // 5)):
        yield from _sorted_out(task, some)
        tick(len(some))


def _digests(shard: Shard) -> Iterator[dict[str, object]]:
    """Give out the digests of the files of a shard; files of an object store would have to be fetched twice."""
    for source in shard.sources:
        if source.start:
            continue  # a later range of a large file: the first one tells of all of it
        if is_remote(source.path):
            yield {"name": source.name, "bytes": source.size, "sha256": ""}
            continue
        with contextlib.suppress(OSError), open_source(source) as file:
            # Of what was there when the file was listed: what it has grown by since is not read.
            digest, n_bytes = hashlib.sha256(), 0
            part = Window(file, 0, source.whole or sys.maxsize)
            while data := part.read(_DIGEST_BYTES):
                digest.update(data)
                n_bytes += len(data)
            yield {"name": _valid(source.name), "bytes": n_bytes, "sha256": digest.hexdigest()}


def _sorted_out(task: Task, items: list[Item]) -> Pieces:
    articles = [_encodable(item) for item in items if isinstance(item, Article)]
    rejects = [Reject(*map(_valid, item)) for item in items if isinstance(item, Reject)]
    if articles:
        yield part_name(READ, task.number), _table(articles_frame(articles), ARTICLES)
    if rejects:
        yield rejects_name(task, STAGES["read"]), rejects_table(rejects)


def _encodable(article: Article) -> Article:
    """Return the article without lone surrogates: no file can hold them."""
    names = Article.__slots__
    return Article(*(_valid(getattr(article, name)) for name in names))


def _valid(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace").decode()
    return text


def _bad_source(task: Task, record: int, reason: str) -> Reject:
    return Reject(task.spec.sources[record].name, "read", reason)


# ------------------------------------------------------------------ lines, articles


def _n_kept(task: Task) -> int:
    kept: Kept = task.spec
    return len(kept.rows)


def _lines(task: Task, records: list[int], tick: Tick) -> Pieces:
    counts = count_lines(_kept(task, records))
    yield part_name(LINES, task.number), _table(counts, LINES_SCHEMA)
    tick(len(records))


def _articles(task: Task, records: list[int], tick: Tick) -> Pieces:
    articles, rejects = drop_lines(_kept(task, records), _recurrent(task.store))
    yield part_name("articles", task.number), _table(articles, ARTICLES)
    if len(rejects):
        yield rejects_name(task, STAGES["articles"]), _table(rejects, rejects_table([]).schema)
    tick(len(records))


def _kept(task: Task, records: list[int]) -> pd.DataFrame:
    """Return the articles of a shard that stay, under the names they have in the whole run."""
    kept: Kept = task.spec
    rows = [kept.rows[record] for record in records]
    table = read_part(task.store, part_name(READ, task.number)).take(pa.array(rows, pa.int64()))
    frame: pd.DataFrame = table.to_pandas()
    names = frame["article_id"].tolist()
    return frame.assign(article_id=[kept.names.get(row, name) for row, name in zip(rows, names, strict=True)])


def _recurrent(store: Store) -> dict[str, frozenset[int]]:
    return {site: frozenset(lines) for site, lines in json.loads(store.read(RECURRENT)).items()}


def _bad_article(task: Task, record: int, reason: str) -> Reject:
    names = read_part(task.store, part_name(READ, task.number), "article_id")["article_id"]
    row = task.spec.rows[record]
    return Reject(task.spec.names.get(row) or names[row].as_py(), "extract", reason)


# ------------------------------------------------------------------ keys


def _n_articles(task: Task) -> int:
    return len(read_part(task.store, part_name("articles", task.number), "article_id"))


def _keys(task: Task, records: list[int], tick: Tick) -> Pieces:
    yield part_name(KEYS_AT, task.number), KEYS.empty_table()
    articles = read_part(task.store, part_name("articles", task.number), "article_id", "text")
    for batch in articles.take(pa.array(records, pa.int64())).combine_chunks().to_batches(ROWS):
        yield part_name(KEYS_AT, task.number), pa.Table.from_batches([keys_batch(batch)])
        tick(len(batch))


def _article_without_keys(task: Task, record: int, reason: str) -> Reject:
    names = read_part(task.store, part_name("articles", task.number), "article_id")["article_id"]
    return Reject(names[record].as_py(), "keys", reason)


# ------------------------------------------------------------------ phrases


def _n_rows(task: Task) -> int:
    rows: tuple[int, ...] = task.spec
    return len(rows)


def _phrases(task: Task, records: list[int], tick: Tick) -> Pieces:
    rows = pa.array([task.spec[record] for record in records], pa.int64())
    yield part_name(PHRASES, task.number), COUNTS.empty_table()
    texts = read_part(task.store, part_name("articles", task.number), "text")["text"].take(rows).to_pylist()
    for start in range(0, len(texts), ROWS):
        some = texts[start : start + ROWS]
        yield part_name(PHRASES, task.number), count_phrases(some)
        tick(len(some))


def _article_without_phrases(task: Task, record: int, reason: str) -> Reject:
    names = read_part(task.store, part_name("articles", task.number), "article_id")["article_id"]
    return Reject(names[task.spec[record]].as_py(), "phrases", reason)


# ------------------------------------------------------------------ score


def _candidates(task: Task) -> pa.Table:
    return read_part(task.store, part_name("candidates", task.number), *CANDIDATES.names[:2])


def _n_candidates(task: Task) -> int:
    return len(_candidates(task))


def _score(task: Task, records: list[int], tick: Tick) -> Pieces:
    candidates = _candidates(task).take(pa.array(records, pa.int64()))
    pairs = list(zip(candidates["source_id"].to_pylist(), candidates["suspect_id"].to_pylist(), strict=True))
    texts = texts_of(task.store, {name for pair in pairs for name in pair})
    yield part_name("scores", task.number), SCORES.empty_table()
    yield part_name("passages", task.number), PASSAGES.empty_table()
    yield part_name("licensed", task.number), SCORES.empty_table()
    may = pa.array(json.loads(task.store.read(LICENSED)) if task.store.has(LICENSED) else [], pa.string())
    forms = Forms.of(Run(task.store, {}).table("forms"))
    for scores, passages in score_candidates(pairs, texts, _detector(*task.spec), forms):
        licensed = _is_licensed(scores, may)
        yield part_name("scores", task.number), scores.filter(pc.invert(licensed))
        yield part_name("passages", task.number), passages
        yield part_name("licensed", task.number), scores.filter(licensed)
        tick(len(scores))


def _is_licensed(scores: pa.Table, may: pa.Array) -> pa.ChunkedArray:
    """Tell whose spun side may republish; either side where the direction is open, or nothing was judged."""
    source, suspect = (pc.is_in(scores[side], value_set=may) for side in ("source_id", "suspect_id"))
    forward = pc.fill_null(scores["p_forward"], 0.5)
    of_suspect = pc.and_(suspect, pc.greater_equal(forward, 1 - SURE))
    return pc.or_(of_suspect, pc.and_(source, pc.less_equal(forward, SURE)))


def score_candidates(
    pairs: Sequence[tuple[str, str]], texts: Mapping[str, str], detector: SpinModel, forms: Forms = NO_FORMS
) -> Iterator[tuple[pa.Table, pa.Table]]:
    """Score candidate pairs, a few hundred at a time.

    A text is read once, and let go after its last pair.

    Parameters
    ----------
    pairs : sequence of (str, str)
        Ids of source and suspect.
    texts : mapping of str to str
        The texts of all of these articles, by id.
    detector : SpinModel
        A fitted model.
    forms : Forms
        What is left out of pages that share a form.

    Yields
    ------
    scores : Table
        SCORES rows (`unspun.io.tables`), in the order of the pairs.
    passages : Table
        PASSAGES rows of those of the pairs that are flagged.
    """
    last = {name: place for place, pair in enumerate(pairs) for name in pair}
    read: dict[str, MarkedText] = {}
    for start in range(0, len(pairs), _PAIRS_AT_ONCE):
        some = pairs[start : start + _PAIRS_AT_ONCE]
        read |= {name: forms.mark(read_text(texts[name])) for pair in some for name in pair if name not in read}
        compared, notes = compare_marked([(read[source], read[suspect]) for source, suspect in some])
        scored = scores_of(compared, detector)
        yield _scores(some, scored, notes, detector.name), _passages(some, scored)
        read = {name: text for name, text in read.items() if last[name] >= start + _PAIRS_AT_ONCE}


def _scores(
    pairs: Sequence[tuple[str, str]], scored: Sequence[Score], notes: Sequence[str | None], model: str
) -> pa.Table:
    ids = pd.DataFrame(pairs, columns=["source_id", "suspect_id"], dtype=str)
    shares = np.array([one.source_spun_share for one in scored])
    frame = pd.concat([ids, score_table(scored)], axis=1)
    frame = frame.assign(source_spun_share=shares, form=pd.Series(notes, dtype=object), model=model)
    return _table(conform(frame, SCORES, "scores"), SCORES)


def _passages(pairs: Sequence[tuple[str, str]], scored: Sequence[Score]) -> pa.Table:
    """Return the passages of the pairs that are flagged."""
    flagged = [number for number, one in enumerate(scored) if one.p_spun >= FLAGGED]
    frame = passage_table(flagged, [scored[number] for number in flagged])
    ends = [[pairs[number][side] for number in frame["id"]] for side in (0, 1)]
    frame = frame.assign(source_id=ends[0], suspect_id=ends[1])
    return _table(conform(frame, PASSAGES, "passages"), PASSAGES)


@lru_cache(maxsize=1)
def _detector(model: str | None, prior: float, digest: str) -> SpinModel:
    return load_model(None if model is None else Path(model), prior)


def _bad_pair(task: Task, record: int, reason: str) -> Reject:
    pair = _candidates(task).slice(record, 1).to_pylist()[0]
    return Reject(f"{pair['source_id']} {pair['suspect_id']}", "score", reason)


# ------------------------------------------------------------------ tables


def read_part(store: Store, name: str, *columns: str) -> pa.Table:
    """Return a shard of a table; all its columns unless some are named.

    Parameters
    ----------
    store : Store
        The files of the run.
    name : str
        The shard.
    *columns : str
        The columns to read.

    Returns
    -------
    pyarrow.Table
        All rows of the shard.
    """
    return pq.read_table(pa.BufferReader(store.read(name)), columns=list(columns) or None)


def _table(frame: pd.DataFrame, schema: pa.Schema) -> pa.Table:
    return pa.Table.from_pandas(frame[schema.names], schema, preserve_index=False).replace_schema_metadata()


STAGES = {
    "read": Stage(0, _n_sources, _read, _bad_source),
    "lines": Stage(2, _n_kept, _lines, _bad_article),
    "articles": Stage(3, _n_kept, _articles, _bad_article),
    "keys": Stage(4, _n_articles, _keys, _article_without_keys),
    "phrases": Stage(6, _n_rows, _phrases, _article_without_phrases),
    "score": Stage(5, _n_candidates, _score, _bad_pair),
}
"""The stages by name; the first place left free is that of duplicates, which no shard can tell alone."""
