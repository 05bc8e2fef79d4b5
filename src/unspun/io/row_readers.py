"""Rows of .jsonl, .csv and .parquet files, one at a time; an unreadable one comes with its reason."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterator, Sequence
from typing import IO, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from unspun.errors import TableError
from unspun.io.decompression import capped_lines

MAX_ROW_BYTES = 8_000_000
"""A longer line is rejected unread."""
MAX_GROUP_BYTES = 1_000_000_000
"""A larger row group of a .parquet file is rejected unread: it would have to be unpacked in memory."""

# No file can hold half of a surrogate pair, though JSON can spell one.
SURROGATES = re.compile("[\ud800-\udfff]")
_BATCH_ROWS = 64
_DELIMITERS = ",;\t"
# Stands for a line that is too long to hold; no decoded byte gives this half of a pair.
_CUT = "\udfff"
_TOO_LONG = f"longer than {MAX_ROW_BYTES:,} bytes"

Columns = Callable[[Sequence[str]], list[str]]
"""Given the columns that a table has, returns those that are wanted, or raises `TableError`."""


class Record(NamedTuple):
    """What a reader found at one place of a file: fields, or the reason why there are none."""

    place: str
    fields: dict[str, object]
    reason: str = ""


def jsonl_rows(stream: IO[bytes], first: int = 1) -> Iterator[Record]:
    r"""Give out the objects of a stream of JSON lines.

    Examples
    --------
    >>> import io
    >>> [record.reason for record in jsonl_rows(io.BytesIO(b'{"id": 1}\n\n["id"]\n'))]
    ['', 'not an object with fields but list']
    """
    for number, line in enumerate(capped_lines(stream, MAX_ROW_BYTES), first):
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
    # An id that is a number is a choice of type, not a fault of the record (as in `_numbered_ids_as_text`).
    if type(fields.get("id")) is int:
        fields["id"] = str(fields["id"])
    return Record(place, fields)


def csv_rows(stream: IO[bytes], columns: Columns) -> Iterator[Record]:
    r"""Give out the rows of a table with a header, its cells between commas, semicolons or tabs.

    Cells that are not UTF-8 hold their bytes as surrogate escapes.

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
    header = next(lines, "")
    delimiter = max(_DELIMITERS, key=header.count)
    names = next(csv.reader([header], delimiter=delimiter), [])
    columns(names)
    reader = csv.DictReader(lines, names, delimiter=delimiter)
    while True:
        try:
            row = next(reader, None)
        except csv.Error as error:
            yield Record(f"line {reader.line_num + 1}", {}, f"not a row: {error}")
            continue
        if row is None:
            return
        yield _csv_row(f"line {reader.line_num + 1}", row)


def _csv_lines(stream: IO[bytes]) -> Iterator[str]:
    for number, line in enumerate(capped_lines(stream, MAX_ROW_BYTES)):
        text = f"{_CUT}\n" if line is None else line.decode("utf-8", "surrogateescape")
        yield text if number else text.removeprefix("\ufeff")


def _csv_row(place: str, row: dict[str, object]) -> Record:
    if any(isinstance(cell, str) and _CUT in cell for cell in row.values()):
        return Record(place, {}, _TOO_LONG)
    if None in row:
        return Record(place, row, "more cells than the header has")
    return Record(place, row)


def parquet_rows(stream: IO[bytes], columns: Columns, start: int = 0, stop: int | None = None) -> Iterator[Record]:
    """Give out the rows of some of a .parquet file's row groups, or of all.

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
        for batch in file.iter_batches(batch_size=_BATCH_ROWS, row_groups=[group], columns=wanted, use_threads=False):
            for row in _plain_rows(_numbered_ids_as_text(batch)):
                number += 1
                yield Record(f"row {number}", row)


def _plain_rows(batch: pa.RecordBatch) -> Iterator[dict[str, object]]:
    """Yield rows as dictionaries; bytes that are not UTF-8, which some writers let pass, become lone surrogates."""
    try:
        yield from batch.to_pylist()
        return
    except UnicodeDecodeError:
        pass
    columns = [_cells(column) for column in batch.columns]
    for cells in zip(*columns, strict=True):
        yield dict(zip(batch.schema.names, cells, strict=True))


def _cells(column: pa.Array) -> list[object]:
    if not (pa.types.is_string(column.type) or pa.types.is_large_string(column.type)):
        return list(column.to_pylist())
    found = column.cast(pa.large_binary()).to_pylist()
    return [cell if cell is None else cell.decode("utf-8", "surrogateescape") for cell in found]


def _numbered_ids_as_text(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Return the batch with ids as text: a column of integers is a choice of type, not a fault of every record."""
    place = batch.schema.get_field_index("id")
    if place < 0 or not pa.types.is_integer(batch.schema.field(place).type):
        return batch
    return batch.set_column(place, "id", batch.column(place).cast(pa.string()))


def need(names: Sequence[str], *wanted: str) -> None:
    """Refuse a table that lacks a column: naming it once says more than a reason on every row."""
    missing = [name for name in wanted if name not in names]
    if missing:
        raise TableError(f"the table has no column {' and no '.join(missing)}", None, "name its columns so")
