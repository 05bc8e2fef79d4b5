"""Find the pairs of a collection that are worth scoring.

They are those that share what spinning leaves alone.

Texts are joined on their keys (`unspun.crawl.candidate_keys`) by SQL that DuckDB and Spark read alike. Pairs are
ranked by the rarity
of the keys they share. Every text looks up its rarest keys only, within a budget, and keys that too many texts have
are left out by an absolute limit: the work is linear in the number of texts.
"""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd
import pyarrow as pa

from unspun.crawl.candidate_keys import FIRST_PAIR, keys_batch
from unspun.errors import RunError
from unspun.io.tables import CANDIDATES, conform

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# Keys of more texts than this are left out: they would cost much and tell little.
# Figures: docs/notebook/2026-11-22-candidates.md.
MAX_TEXTS_WITH_PAIR = 200
MAX_TEXTS_WITH_WORD = 3_000
# A text looks up its rarest keys until it has met others so often: this keeps the work linear and lets texts without
# rare keys look up more frequent ones. Without it, words must be limited to fewer texts, and more work finds less.
# Of more than 3,000 near copies of one text none is found, though, unless it is searched `against` their source.
MAX_MET = 6_000
# With 3, .04 fewer are found of the spins that took over a third of a text.
MIN_SHARED_KEYS = 2

# What the system and DuckDB say of a disk that is full, or that has no more room for this user.
_FULL = ("no space left", "disk quota", "max_temp_directory_size")
MEMORY_LIMIT = "1500MB"
"""What DuckDB may hold before it writes to disk."""
CHUNK_MET = 10_000_000
"""How many keys that two texts share a chunk of the join may meet; a sum for every pair of texts is kept in memory."""
_BATCH_ARTICLES = 2_000


class Step(NamedTuple):
    """One step of the search: the answer to ``select`` is kept as the table ``name``."""

    name: str
    select: str


# SQL that DuckDB and Spark SQL 4 read alike, and answer alike, row for row: sums are of whole numbers, roots are exact
# to the last bit, ties are broken by names, and no cast has anything to round. Rarities are in thousandths of a nat.
_NUMBERED = """
SELECT article_id, CAST(row_number() OVER (ORDER BY article_id) AS INT) AS article
FROM (SELECT DISTINCT article_id FROM keys) AS named"""
_ALL_ARE_SOURCES = "SELECT article_id, article, 1 AS is_source FROM numbered"
_GIVEN_SOURCES = """
SELECT numbered.article_id, numbered.article, CASE WHEN given.article_id IS NULL THEN 0 ELSE 1 END AS is_source
FROM numbered LEFT JOIN (SELECT DISTINCT article_id FROM sources) AS given ON numbered.article_id = given.article_id"""
_RARE_KEYS = """
SELECT key, n_sources, greatest(1, CAST(floor(1000 * ln((n_all + 1) / CAST(n_with AS DOUBLE))) AS INT)) AS rarity
FROM (
  SELECT keys.key, count(*) AS n_with, CAST(sum(sides.is_source) AS BIGINT) AS n_sources
  FROM keys JOIN sides ON keys.article_id = sides.article_id
  GROUP BY keys.key
) AS counted
CROSS JOIN (SELECT count(*) AS n_all FROM numbered) AS total
WHERE n_with > 1 AND n_sources BETWEEN 1 AND CASE WHEN key < {first_pair} THEN {max_word} ELSE {max_pair} END"""
_POSTINGS = """
SELECT sides.article, sides.is_source, rare_keys.key, rare_keys.rarity, rare_keys.n_sources
FROM keys JOIN rare_keys ON keys.key = rare_keys.key JOIN sides ON keys.article_id = sides.article_id"""
_SIZES = "SELECT article, sqrt(sqrt(CAST(sum(rarity) AS DOUBLE) / 1000)) AS size FROM postings GROUP BY article"
_PARTNERS = """
SELECT suspect, source, shared_keys, score
FROM (
  SELECT suspect, source, shared_keys, score,
    row_number() OVER (PARTITION BY suspect ORDER BY score DESC, source) AS place
  FROM (
    SELECT met.suspect, met.source, met.shared_keys, met.rarity / (a.size * b.size) AS score
    FROM (
      SELECT sought.article AS suspect, postings.article AS source,
        count(*) AS shared_keys, CAST(sum(sought.rarity) AS DOUBLE) / 1000 AS rarity
      FROM (
        SELECT article, key, rarity,
          sum(n_sources) OVER (
            PARTITION BY article ORDER BY n_sources, key ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
          ) AS n_met
        FROM postings WHERE article % {chunks} = {chunk} AND is_source = {suspect_is_source}
      ) AS sought
      JOIN postings ON sought.key = postings.key
      WHERE sought.n_met <= {max_met} AND postings.is_source = 1 AND sought.article <> postings.article
      GROUP BY sought.article, postings.article
      HAVING count(*) >= {min_shared}
    ) AS met
    JOIN sizes AS a ON met.suspect = a.article
    JOIN sizes AS b ON met.source = b.article
  ) AS scored
) AS placed
WHERE place <= {top}"""
# Each of two texts may look other keys up, so that a pair can be met twice, with two sums: the greater counts.
_EITHER_ORDER = """
SELECT least(suspect, source) AS one, greatest(suspect, source) AS other,
  max(shared_keys) AS shared_keys, max(score) AS score
FROM ({union}) AS found GROUP BY least(suspect, source), greatest(suspect, source)"""
_GIVEN_ORDER = "SELECT source AS one, suspect AS other, shared_keys, score FROM ({union}) AS found"
_CANDIDATES = """
SELECT a.article_id AS source_id, b.article_id AS suspect_id, CAST(pairs.shared_keys AS INT) AS shared_keys,
  CAST(pairs.score AS FLOAT) AS weight
FROM ({pairs}) AS pairs
JOIN numbered AS a ON pairs.one = a.article
JOIN numbered AS b ON pairs.other = b.article
ORDER BY weight DESC, source_id, suspect_id"""


def candidate_steps(top: int = 20, against: bool = False, chunks: int = 1) -> list[Step]:
    """Return the search as SQL that DuckDB and Spark SQL 4 read alike.

    Parameters
    ----------
    top : int
        How many partners a text proposes; it can be proposed by others besides.
    against : bool
        Whether texts are joined to given sources only.
    chunks : int
        Into how many parts the join is cut, by suspect; the answer does not depend on it.

    Returns
    -------
    list of Step
        To be kept as tables in this order; they read the table ``keys`` (`unspun.crawl.candidate_keys.KEYS`) and, if
        ``against``,
        the table ``sources`` (with a column ``article_id``). The last, ``candidates``, is a CANDIDATES table in
        its order.

    Examples
    --------
    >>> [step.name for step in candidate_steps(chunks=2)]
    ['numbered', 'sides', 'rare_keys', 'postings', 'sizes', 'partners_0', 'partners_1', 'candidates']
    """
    return [
        *_index_steps(against),
        *(_partner_step(chunk, chunks, top, against) for chunk in range(chunks)),
        _last_step(chunks, against),
    ]


def _index_steps(against: bool) -> list[Step]:
    limits = {"first_pair": FIRST_PAIR, "max_word": MAX_TEXTS_WITH_WORD, "max_pair": MAX_TEXTS_WITH_PAIR}
    return [
        Step("numbered", _NUMBERED),
        Step("sides", _GIVEN_SOURCES if against else _ALL_ARE_SOURCES),
        Step("rare_keys", _RARE_KEYS.format(**limits)),
        Step("postings", _POSTINGS),
        Step("sizes", _SIZES),
    ]


def _partner_step(chunk: int, chunks: int, top: int, against: bool) -> Step:
    select = _PARTNERS.format(
        chunk=chunk,
        chunks=chunks,
        top=top,
        suspect_is_source=int(not against),
        max_met=MAX_MET,
        min_shared=MIN_SHARED_KEYS,
    )
    return Step(f"partners_{chunk}", select)


def _last_step(chunks: int, against: bool) -> Step:
    union = " UNION ALL ".join(f"SELECT * FROM partners_{chunk}" for chunk in range(chunks))
    pairs = (_GIVEN_ORDER if against else _EITHER_ORDER).format(union=union)
    return Step("candidates", _CANDIDATES.format(pairs=pairs))


def find_candidates(articles: pd.DataFrame, top: int = 20, against: Collection[str] | None = None) -> pd.DataFrame:
    """Find, for every article, the articles it may have been spun from or into.

    Parameters
    ----------
    articles : DataFrame
        With columns ``article_id`` (unique) and ``text``, such as an ARTICLES table.
    top : int
        How many partners an article proposes; it can be proposed by others besides.
    against : collection of str, optional
        Ids of the only articles that can be sources; all others are suspects. Ids of no article are passed over.

    Returns
    -------
    DataFrame
        A CANDIDATES table (see `unspun.io.tables`): every unordered pair once, the heaviest first. ``source_id`` <
        ``suspect_id``, or ``source_id`` in ``against``. ``shared_keys`` counts those that one article looked up and
        the other has (the greater of two such counts), at least `MIN_SHARED_KEYS`. ``weight`` is their summed rarity
        over the fourth roots of what either article's own keys sum to; a key's rarity is ln((articles + 1) / articles
        with the key), in nats. An article's best partners are its heaviest.

    Examples
    --------
    >>> find_candidates(pd.DataFrame({"article_id": [], "text": []})).columns.tolist()
    ['source_id', 'suspect_id', 'shared_keys', 'weight']
    """
    with key_database() as (connection, _):
        connection.execute("CREATE TABLE keys (article_id VARCHAR, key BIGINT, kind TINYINT)")
        table = pa.Table.from_pandas(articles[["article_id", "text"]], preserve_index=False)
        for batch in table.to_batches(max_chunksize=_BATCH_ARTICLES):
            connection.register("fresh", keys_batch(batch))
            connection.execute("INSERT INTO keys SELECT * FROM fresh")
        return join_keys(connection, top, against)


@contextmanager
def key_database() -> Iterator[tuple[DuckDBPyConnection, Path]]:
    """Open a database for keys in a folder of its own, both for a while.

    Yields
    ------
    (DuckDBPyConnection, Path)
        The database and its folder.

    Raises
    ------
    RunError
        When the disk that holds it is full.
    """
    import duckdb

    try:
        with (
            tempfile.TemporaryDirectory(prefix="unspun-", ignore_cleanup_errors=True) as folder,
            duckdb.connect(Path(folder, "keys.db")) as connection,
        ):
            yield connection, Path(folder)
    except (OSError, duckdb.Error) as error:
        if not any(sign in str(error).lower() for sign in _FULL):
            raise
        todo = "name a folder with more space as TMPDIR, and run the same command again with --resume"
        raise RunError("no space left for the keys of the articles", Path(tempfile.gettempdir()), todo) from error


def join_keys(connection: DuckDBPyConnection, top: int = 20, against: Collection[str] | None = None) -> pd.DataFrame:
    """Find candidates among the keys in an open DuckDB database.

    The keys are its table or view ``keys``.

    Out of core: the join runs in chunks, and DuckDB writes to the database's folder what is over `MEMORY_LIMIT`.
    Tables of the steps (see `candidate_steps`) are made, and replaced, in the database.

    Parameters
    ----------
    connection : DuckDBPyConnection
        An open database.
    top : int
        How many partners an article proposes.
    against : collection of str, optional
        Ids of the articles that alone may be sources; None for all.

    Returns
    -------
    DataFrame
        A CANDIDATES table; see `find_candidates`.
    """
    connection.execute(f"SET memory_limit = '{MEMORY_LIMIT}'")
    connection.execute("SET preserve_insertion_order = false")
    _keep_sources(connection, against or ())
    limited = against is not None
    for step in _index_steps(limited):
        _keep(connection, step)
    n_articles = connection.execute("SELECT count(*) FROM numbered").fetchall()[0][0]
    chunks = 1 + n_articles * MAX_MET // CHUNK_MET
    for chunk in range(chunks):
        _keep(connection, _partner_step(chunk, chunks, top, limited))
    return conform(connection.execute(_last_step(chunks, limited).select).df(), CANDIDATES, "table of candidates")


def _keep_sources(connection: DuckDBPyConnection, ids: Collection[str]) -> None:
    given = pa.table({"article_id": pa.array(sorted(ids), pa.string())})
    connection.register("given_sources", given)
    _keep(connection, Step("sources", "SELECT article_id FROM given_sources"))
    connection.unregister("given_sources")


def _keep(connection: DuckDBPyConnection, step: Step) -> None:
    try:
        connection.execute(f"CREATE OR REPLACE TABLE {step.name} AS {step.select}")
    except RuntimeError as error:
        # Ctrl-C while DuckDB is at work; errors of SQL have a class of their own.
        if "interrupt" in str(error).lower():
            raise KeyboardInterrupt from error
        raise
