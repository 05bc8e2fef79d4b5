"""The tables between stages: their columns, and parquet files of them.

Every table is flat, and a missing text is an empty string except in ``abstained``, where null means that
nothing was held back.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from unspun.errors import InputError, TableError
from unspun.io.labels import RELATIONS
from unspun.text.token_text import text_digest

ARTICLES = pa.schema(
    [
        pa.field(name, pa.string(), nullable=False)
        for name in ("article_id", "text", "title", "url", "site", "published", "language", "sha256")
    ]
)
"""One row an article; ``sha256`` is of its text (see `unspun.text.token_text.text_digest`)."""

CANDIDATES = pa.schema(
    [
        pa.field("source_id", pa.string(), nullable=False),
        pa.field("suspect_id", pa.string(), nullable=False),
        pa.field("shared_keys", pa.int32(), nullable=False),
        pa.field("weight", pa.float32(), nullable=False),
    ]
)
"""Pairs worth scoring, each once; which side is ``source`` says nothing about direction yet."""

SCORES = pa.schema(
    [
        pa.field("source_id", pa.string(), nullable=False),
        pa.field("suspect_id", pa.string(), nullable=False),
        *(
            pa.field(name, pa.float32())
            for name in ("p_spun", "p_low", "p_high", "p_forward", *(f"p_{r}" for r in RELATIONS[1:]))
        ),
        pa.field("coverage", pa.float32()),
        pa.field("source_coverage", pa.float32()),
        pa.field("n_substitutions", pa.int32()),
        pa.field("spun_share", pa.float32()),
        pa.field("source_spun_share", pa.float32()),
        pa.field("n_passages", pa.int32()),
        pa.field("abstained", pa.string()),
        pa.field("form", pa.string()),
        pa.field("model", pa.string(), nullable=False),
    ]
)
"""What a pair scored; NaN (null in a file) where there was nothing to score. ``coverage`` is the share of the suspect's
words that are aligned, ``source_coverage`` that of the source's. ``spun_share`` is the share of the suspect's words
that are expected to lie in spun passages, ``source_spun_share`` that of the source's. ``form`` says what was left out
of a pair as the wording of a form, null where nothing was."""

_PLACES = ("source_start", "source_end", "suspect_start", "suspect_end")
PASSAGES = pa.schema(
    [
        pa.field("source_id", pa.string(), nullable=False),
        pa.field("suspect_id", pa.string(), nullable=False),
        *(
            pa.field(name, pa.int32())
            for name in ("source_start", "source_end", "suspect_start", "suspect_end", "words")
        ),
        *(pa.field(name, pa.float32()) for name in (*(f"p_{relation}" for relation in RELATIONS), "p_forward")),
        pa.field("abstained", pa.string()),
    ]
)
"""The passages of flagged pairs, with the sides that the pair has in SCORES; places are code points of the texts."""

FINDINGS = pa.schema(
    [
        pa.field("finding", pa.int32(), nullable=False),
        *(
            pa.field(f"{side}_{name}", pa.string(), nullable=False)
            for name in ("id", "title", "site", "published")
            for side in ("suspect", "source")
        ),
        *(pa.field(name, pa.float32()) for name in ("p_spun", "p_low", "p_high", "spun_share", "p_forward", "sure")),
        pa.field("coverage", pa.float32()),
        pa.field("source_coverage", pa.float32()),
        pa.field("n_substitutions", pa.int32()),
        pa.field("open", pa.bool_(), nullable=False),
        *(pa.field(name, pa.string(), nullable=False) for name in ("why", "against", "resembles")),
        pa.field("cluster", pa.int32(), nullable=False),
        pa.field("abstained", pa.string()),
        pa.field("model", pa.string()),
    ]
)
"""One row a spun page, with its likeliest source; ``finding`` numbers them from 1.

``sure`` is how likely the suspect is the spun side, by all that the run tells; where it is ``open``, that is not
decided, or the pair has a caution. ``why`` and ``against`` name what tells so: swaps, dates, other pages. ``resembles``
is a JSON list of other pages that it resembles, and of what explains that. Pages of one source have one ``cluster``.
"""

FORMS = pa.schema([pa.field("phrase", pa.int64(), nullable=False), pa.field("n_pages", pa.int32(), nullable=False)])
"""The phrases of forms (see `unspun.crawl.forms`), and how many pages have each; 0 for those of texts to ignore."""

REJECTS = pa.schema([pa.field(name, pa.string(), nullable=False) for name in ("uri", "stage", "reason")])
"""What could not be read, at which stage, and why."""

# Parquet has no NaN of its own in pandas' eyes: an empty cell of these comes back as NaN.
_NUMPY_TYPES = {pa.int32(): np.dtype(np.int32), pa.float32(): np.dtype(np.float32)}


class Reject(NamedTuple):
    """One input that was passed over; the batch goes on without it.

    >>> Reject("page.html", "extract", "no article text found").stage
    'extract'
    """

    uri: str
    stage: str
    reason: str


def articles_frame(articles: Iterable[Article]) -> pd.DataFrame:
    """Return an ARTICLES frame, one row an article in the order given.

    >>> articles_frame([Article("a", "Rain fell.")])[["article_id", "text", "site"]].values.tolist()
    [['a', 'Rain fell.', '']]
    """
    names = ARTICLES.names[:-1]
    rows = [(*(getattr(a, name) for name in names), text_digest(a.text)) for a in articles]
    return conform(pd.DataFrame(rows, columns=ARTICLES.names), ARTICLES)


def rejects_frame(rejects: Iterable[Reject]) -> pd.DataFrame:
    """Return a REJECTS frame, one row a rejected input.

    >>> rejects_frame([Reject("x.html", "read", "empty")]).shape
    (1, 3)
    """
    return conform(pd.DataFrame(list(rejects), columns=REJECTS.names), REJECTS)


def conform(frame: pd.DataFrame, schema: pa.Schema, name: str = "table") -> pd.DataFrame:
    """Return the frame with exactly the schema's columns, in its order and types.

    Parameters
    ----------
    frame : DataFrame
        May hold further columns (dropped) and wider numbers (narrowed).
    schema : pyarrow.Schema
        `ARTICLES`, `CANDIDATES`, `SCORES`, `PASSAGES` or `REJECTS`.
    name : str
        What an error calls the table.

    Returns
    -------
    DataFrame
        A new one.

    Raises
    ------
    TableError
        When a column is missing, holds another type, or holds nothing where something must be.

    Examples
    --------
    >>> wide = pd.DataFrame({"weight": [1.0], "suspect_id": ["b"], "source_id": ["a"], "shared_keys": [3]})
    >>> conform(wide, CANDIDATES).dtypes.astype(str).tolist()[2:]
    ['int32', 'float32']
    """
    return _to_frame(_to_table(frame, schema, name), schema)


def write_table(frame: pd.DataFrame, path: str | Path, schema: pa.Schema) -> None:
    """Write a frame as parquet after checking it against its schema.

    Folders are made as needed.

    Parameters
    ----------
    frame : DataFrame
        The table.
    path : str or Path
        Where it is to be.
    schema : pyarrow.Schema
        What it must fit.

    Raises
    ------
    TableError
        When the frame does not fit (see `conform`).
    InputError
        When the file cannot be written.
    """
    path = Path(path)
    table = _to_table(frame, schema, path.name)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(table, path, compression="zstd")
    except OSError as error:
        raise InputError(f"cannot write the table ({error.strerror or error})", path) from error


def read_table(path: str | Path, schema: pa.Schema) -> pd.DataFrame:
    """Read a parquet file that must fit the schema.

    Parameters
    ----------
    path : str or Path
        The file.
    schema : pyarrow.Schema
        What it must fit.

    Returns
    -------
    DataFrame
        With the columns and types of the schema.

    Raises
    ------
    InputError
        When the file is missing or is not parquet.
    TableError
        When its columns do not fit (see `conform`).
    """
    path = Path(path)
    try:
        table = pq.read_table(path)
    except FileNotFoundError as error:
        raise InputError("no such table", path, "run the stage that writes it first") from error
    except (OSError, pa.ArrowException) as error:
        raise InputError(f"not a readable parquet file ({error})", path) from error
    return _to_frame(_cast(table, schema, path.name), schema)


def frame_of(table: pa.Table, schema: pa.Schema, name: str = "table") -> pd.DataFrame:
    """Return an Arrow table as a frame, checked against its schema.

    See `conform`.

    Parameters
    ----------
    table : pyarrow.Table
        The table.
    schema : pyarrow.Schema
        What it must fit.
    name : str
        What an error calls it.

    Returns
    -------
    DataFrame
        With the columns and types of the schema.
    """
    return _to_frame(_cast(table, schema, name), schema)


def parquet_bytes(table: pa.Table, row_group_size: int = 1000) -> bytes:
    """Return a table as the bytes of a parquet file.

    The same table gives the same bytes.

    Parameters
    ----------
    table : pyarrow.Table
        The table.
    row_group_size : int
        Rows in a group.

    Returns
    -------
    bytes
        The whole file.

    Examples
    --------
    >>> parquet_bytes(ARTICLES.empty_table())[:4]
    b'PAR1'
    """
    out = pa.BufferOutputStream()
    pq.write_table(table, out, compression="zstd", row_group_size=row_group_size)
    data: bytes = out.getvalue().to_pybytes()
    return data


def _to_table(frame: pd.DataFrame, schema: pa.Schema, name: str) -> pa.Table:
    _check_columns(list(frame.columns), schema, name)
    try:
        table = pa.Table.from_pandas(frame[schema.names], preserve_index=False)
    except pa.ArrowException as error:
        raise TableError(f"a column of the {name} mixes types ({error})") from error
    return _cast(table, schema, name)


def _cast(table: pa.Table, schema: pa.Schema, name: str) -> pa.Table:
    _check_columns(table.column_names, schema, name)
    columns = [_cast_column(table.column(field.name), field, name) for field in schema]
    return pa.Table.from_arrays(columns, schema=schema)


def _cast_column(column: pa.ChunkedArray, field: pa.Field, name: str) -> pa.ChunkedArray:
    # Arrow would turn numbers into text without a word; a number where a text belongs is a mistake.
    is_text = pa.types.is_string(column.type) or pa.types.is_large_string(column.type)
    if field.type == pa.string() and not is_text and column.null_count < len(column):
        raise TableError(f"column {field.name!r} of the {name} must be text, not", str(column.type))
    if not field.nullable and column.null_count:
        raise TableError(f"column {field.name!r} of the {name} has empty cells", column.null_count, "fill them")
    try:
        return column.cast(field.type, safe=field.type != pa.float32())
    except pa.ArrowException as error:
        raise TableError(f"column {field.name!r} of the {name} is not {field.type} ({error})") from error


def _check_columns(present: Iterable[object], schema: pa.Schema, name: str) -> None:
    missing = [column for column in schema.names if column not in set(present)]
    if missing:
        raise TableError(f"the {name} lacks columns", missing, f"it must have {', '.join(schema.names)}")


def _to_frame(table: pa.Table, schema: pa.Schema) -> pd.DataFrame:
    frame: pd.DataFrame = table.to_pandas()
    for field in schema:
        if field.type in _NUMPY_TYPES and not frame[field.name].isna().any():
            frame[field.name] = frame[field.name].astype(_NUMPY_TYPES[field.type])
    return frame


@dataclass(frozen=True, slots=True)
class Article:
    """One text with what is known about where it came from.

    Unknown fields are empty strings.

    >>> Article("a1", "Rain fell.").site
    ''
    """

    article_id: str
    text: str
    title: str = ""
    url: str = ""
    site: str = ""
    published: str = ""
    language: str = ""
