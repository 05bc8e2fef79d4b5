"""Rows of tables, one at a time; an unreadable one comes with its reason.

One set of readers for all that reads tables: pairs to score or to train on, and articles of a crawl.
"""

from __future__ import annotations

import csv
import json
import re
import uuid
from collections.abc import Callable, Iterator, Sequence
from typing import IO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from unspun.errors import TableError
from unspun.io.decoding import decode
from unspun.io.decompression import CHUNK, capped_lines
from unspun.io.rows.json_values import json_values
from unspun.io.rows.row_limits import Record, capped_rows
from unspun.io.rows.text_streams import as_utf8, with_line_feeds

__all__ = ["Record", "capped_rows", "csv_rows", "json_rows", "jsonl_rows", "parquet_rows", "table_rows"]

LINE_ENDS, JSON_ENDS, CSV_ENDS, PARQUET = (".jsonl", ".ndjson"), (".json",), (".csv", ".tsv"), ".parquet"
TABLE_ENDS = (*LINE_ENDS, *JSON_ENDS, *CSV_ENDS, PARQUET)
"""What names of tables end in."""
PACKED_ENDS = (".gz", ".lz4", ".zst")
"""What may come after it, but for .parquet."""

MAX_ROW_BYTES = 8_000_000
"""A longer line is rejected unread."""
MAX_GROUP_BYTES = 1_000_000_000
"""A larger row group of a .parquet file is rejected unread: it would have to be unpacked in memory."""

# No file can hold half of a surrogate pair, though JSON can spell one.
SURROGATES = re.compile("[\ud800-\udfff]")
_BATCH_ROWS = 64
_BATCH_BYTES = 128_000_000
_DELIMITERS = ",;\t|"
_SEPARATOR = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)
# Stands for a line that is too long to hold; no decoded byte gives this half of a pair.
_CUT = "\udfff"
_LONG = object()  # the same, for a cell of a .parquet file
_TOO_LONG = f"longer than {MAX_ROW_BYTES:,} bytes"
# An object that holds a whole table under one of its names.
_LISTS = ("data", "rows", "records", "items", "pairs", "articles", "documents", "results", "examples")

Columns = Callable[[Sequence[str]], list[str]]
"""Given the columns that a table has, returns those that are wanted, or raises `TableError`."""


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


def jsonl_rows(stream: IO[bytes], first: int = 1) -> Iterator[Record]:
    r"""Give out the objects of a stream of JSON lines.

    Parameters
    ----------
    stream : binary stream
        The lines.
    first : int
        Number of the first line, for the place.

    Yields
    ------
    Record
        One for each line that is not empty, with a reason where it is no object.

    Examples
    --------
    >>> import io
    >>> [record.reason for record in jsonl_rows(io.BytesIO(b'{"id": 1}\n\n["id"]\n'))]
    ['', 'not an object with fields but list']
    """
    for number, line in enumerate(capped_lines(as_utf8(stream), MAX_ROW_BYTES), first):
        if line is None:
            yield Record(f"line {number}", {}, _TOO_LONG)
        elif line.strip():
            yield _json_row(f"line {number}", line)


def _json_row(place: str, line: bytes) -> Record:
    try:
        fields = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        return Record(place, {}, f"not UTF-8: {error.reason} at byte {error.start}")
    except (ValueError, RecursionError) as error:
        return Record(place, {}, f"not JSON: {error}")
    if not isinstance(fields, dict):
        return Record(place, {}, f"not an object with fields but {type(fields).__name__}")
    return Record(place, fields)


def json_rows(stream: IO[bytes]) -> Iterator[Record]:
    r"""Give out the objects of a .json file.

    Of an array, one a line or after the other, or of a list inside one.

    Examples
    --------
    >>> import io
    >>> rows = json_rows(io.BytesIO(b'[{"id": 1}, {"id": 2,}, {"id": 3}]'))
    >>> [(record.place, record.fields, record.reason[:8]) for record in rows]
    [('item 1', {'id': 1}, ''), ('item 2', {}, 'not JSON'), ('item 3', {'id': 3}, '')]
    """
    plain = as_utf8(stream)
    head = plain.peek(CHUNK).lstrip()
    if head.startswith(b"{") and _begins_with_a_line(head):
        records = jsonl_rows(plain)
    else:
        values = enumerate(json_values(plain, MAX_ROW_BYTES), 1)
        records = (
            Record(f"item {number}", {}, _TOO_LONG) if value is None else _json_row(f"item {number}", value)
            for number, value in values
        )
    for record in records:
        yield from _unfolded(record)


def _begins_with_a_line(head: bytes) -> bool:
    """Whether the file has one object a line; the first may be longer than what can be looked at."""
    line, end, _ = head.partition(b"\n")
    return not end or not _json_row("", line).reason


def _unfolded(record: Record) -> Iterator[Record]:
    """Yield the objects of the list that a record holds, or the record itself."""
    inner = next((value for name in _LISTS if isinstance(value := record.fields.get(name), list)), [])
    if not inner or not all(isinstance(value, dict) for value in inner):
        yield record
        return
    yield from (Record(f"item {number}", fields) for number, fields in enumerate(inner, 1))


def csv_rows(stream: IO[bytes], columns: Columns) -> Iterator[Record]:
    r"""Give out the rows of a table with a header.

    Its cells stand between commas, semicolons or tabs.

    Cells that are not UTF-8 hold their bytes as surrogate escapes.

    Parameters
    ----------
    stream : binary stream
        The table.
    columns : callable
        Called with the names of the columns; raises where they will not do.

    Yields
    ------
    Record
        One for each row, with a reason where it cannot be read.

    Raises
    ------
    TableError
        When there is no header, or not one that will do.

    Examples
    --------
    >>> import io
    >>> list(csv_rows(io.BytesIO(b"id;text\na;Rain fell.\n"), list))
    [Record(place='line 2', fields={'id': 'a', 'text': 'Rain fell.'}, reason='')]
    """
    # An article may be longer than the 131,072 characters that csv allows a cell.
    csv.field_size_limit(MAX_ROW_BYTES)
    lines = _csv_lines(stream)
    header, delimiter, n_before = _header(lines)
    names = [name.strip() for name in next(csv.reader([header], delimiter=delimiter), [])]
    if not names:
        raise TableError("there is not one row, not even a header", todo="give a table with rows")
    columns(names)
    reader = csv.reader(lines, delimiter=delimiter)
    while True:
        place = f"line {reader.line_num + n_before + 1}"
        try:
            cells = next(reader, None)
        except csv.Error as error:
            yield Record(place, {}, f"not a row: {error}")
            continue
        if cells is None:
            return
        if cells:
            yield _csv_row(place, names, cells)


def _header(lines: Iterator[str]) -> tuple[str, str, int]:
    """Return the header, what stands between its cells, and its line; Excel may name that in a line before it."""
    named = ""
    for number, line in enumerate(lines, 1):
        if not named and (found := _SEPARATOR.fullmatch(line)):
            named = found[1]
        elif line.strip():
            return line, named or max(_DELIMITERS, key=line.count), number
    return "", ",", 0


def _csv_lines(stream: IO[bytes]) -> Iterator[str]:
    for line in capped_lines(with_line_feeds(as_utf8(stream)), MAX_ROW_BYTES):
        yield f"{_CUT}\n" if line is None else line.decode("utf-8", "surrogateescape")


def _csv_row(place: str, names: list[str], cells: list[str]) -> Record:
    if any(_CUT in cell for cell in cells):
        return Record(place, {}, _TOO_LONG)
    # Cells that are not there are missing, not empty.
    row: dict[str, object] = dict(zip(names, [*cells, *[None] * len(names)], strict=False))
    return Record(place, row, "more cells than the header has" if len(cells) > len(names) else "")


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
    file = pq.ParquetFile(stream)
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
                yield Record(f"row {place}", {}, _TOO_LONG) if is_long else decoded_cells(Record(f"row {place}", row))
        except (pa.ArrowException, OSError) as error:
            reason = f"the rest of its row group cannot be read: {' '.join(str(error).split())}"
            yield Record(f"row {place + 1}", {}, reason[:500])
        number += shape.num_rows


def _group_rows(file: pq.ParquetFile, group: int, columns: list[str]) -> Iterator[dict[str, object]]:
    size = _batch_rows(file.metadata.row_group(group))
    for batch in file.iter_batches(batch_size=size, row_groups=[group], columns=columns, use_threads=False):
        yield from _plain_rows(batch)


def _batch_rows(shape: pq.RowGroupMetaData) -> int:
    """Return how many rows may be unpacked at once: each may hold the longest value of a column's dictionary."""
    columns = [shape.column(place) for place in range(shape.num_columns)]
    longest = max((column.total_uncompressed_size for column in columns if column.has_dictionary_page), default=0)
    return max(1, min(_BATCH_ROWS, _BATCH_BYTES // max(1, longest)))


def _plain_rows(batch: pa.RecordBatch) -> Iterator[dict[str, object]]:
    """Yield rows as dictionaries; bytes that are not UTF-8, which some writers let pass, become lone surrogates."""
    columns = [_cells(column, name) for column, name in zip(batch.columns, batch.schema.names, strict=True)]
    for cells in zip(*columns, strict=True):
        yield dict(zip(batch.schema.names, cells, strict=True))


def _cells(column: pa.Array, name: str) -> list[object]:
    """Return the cells of a column; bytes are read as text, but for those of a page, whose encoding is its own."""
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if pa.types.is_fixed_size_binary(column.type) and column.type.byte_width == 16:
        return [cell if cell is None else str(uuid.UUID(bytes=cell)) for cell in column.to_pylist()]
    if not any(is_kind(column.type) for is_kind in _TEXT_KINDS):
        return _values(column)
    data = column.cast(pa.large_binary())
    is_long = pc.greater(pc.binary_length(data), MAX_ROW_BYTES)
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
