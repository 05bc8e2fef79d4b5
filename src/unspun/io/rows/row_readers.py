"""Rows of tables, one at a time; an unreadable one comes with its reason.

One set of readers for all that reads tables: pairs to score or to train on, and articles of a crawl.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from typing import IO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from unspun.errors import TableError
from unspun.io.decoding import decode
from unspun.io.rows import row_limits
from unspun.io.rows.csv_records import Columns, csv_rows
from unspun.io.rows.json_records import json_rows, jsonl_rows
from unspun.io.rows.row_limits import Record, capped_rows, too_long

__all__ = ["Record", "capped_rows", "parquet_rows", "table_rows"]

LINE_ENDS, JSON_ENDS, CSV_ENDS, PARQUET = (".jsonl", ".ndjson"), (".json",), (".csv", ".tsv"), ".parquet"
TABLE_ENDS = (*LINE_ENDS, *JSON_ENDS, *CSV_ENDS, PARQUET)
"""What names of tables end in."""
PACKED_ENDS = (".gz", ".lz4", ".zst")
"""What may come after it, but for .parquet."""

MAX_GROUP_BYTES = 1_000_000_000
"""A larger row group of a .parquet file is rejected unread: it would have to be unpacked in memory."""

# No file can hold half of a surrogate pair, though JSON can spell one.
SURROGATES = re.compile("[\ud800-\udfff]")
_BATCH_ROWS = 64
_BATCH_BYTES = 128_000_000
_LONG = object()  # stands for a cell of a .parquet file that is too long to hold


def table_end(name: str) -> str:
    """Return which of `TABLE_ENDS` a name ends in, compressed or not; '' for none.

    >>> table_end("Pairs.JSONL.gz"), table_end("a.parquet.gz"), table_end("a.txt")
    ('.jsonl', '', '')
    """
    name = name.lower()
    if name.endswith(PARQUET):
        return PARQUET
    for packed in PACKED_ENDS:
        name = name.removesuffix(packed)
    return next((end for end in TABLE_ENDS[:-1] if name.endswith(end)), "")


def sniffed_end(head: bytes) -> str:
    """Return which of `TABLE_ENDS` would suit a table by its first bytes.

    The bytes are decompressed.

    >>> sniffed_end(b'{"id": 1}'), sniffed_end(b" [{}]"), sniffed_end(b"id,source")
    ('.json', '.json', '.csv')
    """
    if head.startswith(b"PAR1"):
        return PARQUET
    plain = decode(head).lstrip()
    return ".json" if plain.startswith(("{", "[")) else ".csv"


def table_rows(stream: IO[bytes], end: str, columns: Columns) -> Iterator[Record]:
    """Give out the rows of a table by the end of its name.

    Parameters
    ----------
    stream : binary stream
        The table, already decompressed.
    end : str
        One of `TABLE_ENDS`.
    columns : callable
        Chooses the columns that are wanted.

    Returns
    -------
    iterator of Record
        In the order of the table.

    Raises
    ------
    TableError
        When there is no header, or the columns will not do.
    """
    if end == PARQUET:
        return parquet_rows(stream, columns)
    if end in CSV_ENDS:
        return map(decoded_cells, csv_rows(stream, columns))
    return json_rows(stream) if end in JSON_ENDS else jsonl_rows(stream)


def decoded_cells(record: Record) -> Record:
    """Return the record with cells that are not UTF-8 decoded as well as can be."""
    cells = {name: _decoded(value) if isinstance(value, str) else value for name, value in record.fields.items()}
    return record._replace(fields=cells)


def _decoded(text: str) -> str:
    return decode(text.encode("utf-8", "surrogateescape")) if _ESCAPED.search(text) else text


# Bytes that are not UTF-8, as the error handler "surrogateescape" spells them.
_ESCAPED = re.compile("[\udc80-\udcff]")


def open_parquet(stream: IO[bytes]) -> pq.ParquetFile:
    """Open a .parquet file; damage is an error of pyarrow's, or one of the table.

    Raises
    ------
    TableError
        When names of its columns are no text.
    """
    try:
        return pq.ParquetFile(stream)
    except UnicodeDecodeError as error:
        what = f"not a readable parquet file: a name in it is not UTF-8 ({error})"
        raise TableError(what, todo="write it anew with other names") from error


def parquet_rows(stream: IO[bytes], columns: Columns, start: int = 0, stop: int | None = None) -> Iterator[Record]:
    """Give out the rows of some of a .parquet file's row groups, or of all.

    Parameters
    ----------
    stream : binary stream
        The file; it is read at several places.
    columns : callable
        Called with the names of the columns; returns those to read, or raises.
    start, stop : int
        Row groups, half-open; to the last one where ``stop`` is None.

    Yields
    ------
    Record
        One for each row, with a reason for a row group that is too large or damaged.

    Raises
    ------
    TableError
        When the columns will not do.
    pyarrow.ArrowException or OSError
        When the file is damaged.
    """
    file = open_parquet(stream)
    if len(file.schema_arrow.names) > row_limits.MAX_FIELDS:
        what = f"the table has {len(file.schema_arrow.names):,} columns"
        raise TableError(what, todo=f"give at most {row_limits.MAX_FIELDS:,}")
    wanted = columns(file.schema_arrow.names)
    number = sum(file.metadata.row_group(group).num_rows for group in range(start))
    for group in range(start, file.num_row_groups if stop is None else stop):
        shape = file.metadata.row_group(group)
        if shape.total_byte_size > MAX_GROUP_BYTES:
            reason = f"a row group of {shape.total_byte_size:,} bytes; the limit is {MAX_GROUP_BYTES:,}"
            yield Record(f"row {number + 1}", {}, reason)
            number += shape.num_rows
            continue
        place = number
        try:
            for row in _group_rows(file, group, wanted):
                place += 1
                is_long = any(cell is _LONG for cell in row.values())
                yield Record(f"row {place}", {}, too_long()) if is_long else decoded_cells(Record(f"row {place}", row))
        except (pa.ArrowException, OSError) as error:
            reason = f"the rest of its row group cannot be read: {' '.join(str(error).split())}"
            yield Record(f"row {place + 1}", {}, reason[:500])
        number += shape.num_rows


def _group_rows(file: pq.ParquetFile, group: int, columns: list[str]) -> Iterator[dict[str, object]]:
    size = _batch_rows(file.metadata.row_group(group))
    for batch in file.iter_batches(batch_size=size, row_groups=[group], columns=columns, use_threads=False):
        yield from _plain_rows(batch)


def _batch_rows(shape: pq.RowGroupMetaData) -> int:
    """Return how many rows may be unpacked at once: a dictionary may give each of them all that the group holds.

    What is known of single columns is not asked for: pyarrow ends the process where that is damaged.
    """
    size: int = shape.total_byte_size
    return max(1, min(_BATCH_ROWS, _BATCH_BYTES // max(1, size)))


def _plain_rows(batch: pa.RecordBatch) -> Iterator[dict[str, object]]:
    """Yield rows as dictionaries; bytes that are not UTF-8, which some writers let pass, become lone surrogates."""
    columns: dict[str, list[object]] = {}
    for name, column in zip(batch.schema.names, batch.columns, strict=True):
        if name not in columns:  # of those of one name the first counts, as in CSV
            columns[name] = _cells(column, name)
    for cells in zip(*columns.values(), strict=True):
        yield dict(zip(columns, cells, strict=True))


def _cells(column: pa.Array, name: str) -> list[object]:
    """Return the cells of a column; bytes are read as text, but for those of a page, whose encoding is its own."""
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if pa.types.is_fixed_size_binary(column.type) and column.type.byte_width == 16:
        return [cell if cell is None else str(uuid.UUID(bytes=cell)) for cell in column.to_pylist()]
    if not any(is_kind(column.type) for is_kind in _TEXT_KINDS):
        return _values(column)
    data = column.cast(pa.large_binary())
    is_long = pc.greater(pc.binary_length(data), row_limits.MAX_ROW_BYTES)
    if pc.any(is_long).as_py():
        # Not even copied: a dictionary can give every row the same gigabyte.
        kept = _cells(pc.if_else(is_long, pa.scalar(None, data.type), data), name)
        return [_LONG if long else cell for long, cell in zip(is_long.to_pylist(), kept, strict=True)]
    if _is_binary(column.type) and "html" in name.lower():
        return list(data.to_pylist())
    return [cell if cell is None else cell.decode("utf-8", "surrogateescape") for cell in data.to_pylist()]


def _values(column: pa.Array) -> list[object]:
    """Return the cells of a column; those that Python has no value for, such as a day in the year 300,000, as None."""
    try:
        return list(column.to_pylist())
    except (ValueError, OverflowError, ArithmeticError):
        return [_value(cell) for cell in column]


def _value(cell: pa.Scalar) -> object:
    try:
        return cell.as_py()
    except (ValueError, OverflowError, ArithmeticError):
        return None


def _is_binary(kind: pa.DataType) -> bool:
    return bool(pa.types.is_binary(kind) or pa.types.is_large_binary(kind))


_TEXT_KINDS = (_is_binary, pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view)
