"""Records of .jsonl, .jsonl.gz, .csv and .parquet files, one at a time; an unreadable one comes with its reason."""

from __future__ import annotations

import csv
import gzip
import json
import re
import sys
import zlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from unspun.errors import InputError

TEXT_COLUMNS = ("id", "source", "suspect")
LABEL_DEFAULTS = {"family": "", "tool": "", "dataset": "", "group": "", "lowercased": False, "source_written_by": ""}
"""What labelled pairs may have besides ``relation``, and what stands there when they do not."""

# No file can hold half of a surrogate pair, though JSON can spell one.
SURROGATES = re.compile("[\ud800-\udfff]")
_READ_ERRORS = (OSError, EOFError, zlib.error, csv.Error, pa.ArrowException, UnicodeError)


class Record(NamedTuple):
    """What a reader found at one place of a file: fields, or the reason why there are none."""

    place: str
    fields: dict[str, object]
    reason: str = ""


def walk(path: Path) -> Iterator[tuple[Path, Record]]:
    """Give out every record with its file; in a folder, an unreadable file is one bad record."""
    if not path.is_dir():
        yield from ((path, record) for record in _records(path))
        return
    files = sorted(file for file in path.iterdir() if _format(file))
    if not files:
        raise InputError("no pairs in the folder", path, f"put files in it that end in {', '.join(_READERS)}")
    for file in files:
        try:
            yield from ((file, record._replace(place=f"{file.name} {record.place}")) for record in _records(file))
        except InputError as error:
            yield file, Record(file.name, {}, str(error))


def _records(file: Path) -> Iterator[Record]:
    """Give out the records of one file; one that breaks off midway keeps what came before."""
    suffix = _format(file)
    if not suffix:
        raise InputError("cannot tell the format of the pairs", file, f"end its name in {', '.join(_READERS)}")
    n_read = 0
    try:
        for record in _READERS[suffix](file):
            n_read += 1
            yield record
    except _READ_ERRORS as error:
        why = getattr(error, "strerror", None) or error
        if not n_read:
            raise InputError(f"cannot read the pairs ({why})", file, "check the path and the format") from error
        yield Record(f"after record {n_read}", {}, f"the file breaks off ({why})")


def _format(file: Path) -> str:
    return next((suffix for suffix in _READERS if file.name.lower().endswith(suffix)), "")


def _jsonl(file: Path) -> Iterator[Record]:
    with gzip.open(file) if file.suffix.lower() == ".gz" else file.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            if line.strip():
                yield _json_record(f"line {number}", line)


def _json_record(place: str, line: bytes) -> Record:
    try:
        fields = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        return Record(place, {}, f"not UTF-8: {error.reason} at byte {error.start}")
    except (ValueError, RecursionError) as error:
        return Record(place, {}, f"not JSON: {error}")
    if not isinstance(fields, dict):
        return Record(place, {}, f"not an object with fields but {type(fields).__name__}")
    return Record(place, fields)


def _csv(file: Path) -> Iterator[Record]:
    # An article may be longer than the 131,072 characters that csv allows a field; C longs limit the limit.
    csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
    # Escaped bytes survive as surrogates, so that one line in another encoding is one bad record, not the end.
    with file.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as lines:
        reader = csv.DictReader(lines)
        _require(reader.fieldnames or (), file)
        for row in reader:
            yield _csv_record(f"line {reader.line_num}", row)


def _csv_record(place: str, row: dict[str, object]) -> Record:
    if None in row:
        return Record(place, row, "more cells than the header has")
    if any(isinstance(value, str) and SURROGATES.search(value) for value in row.values()):
        return Record(place, row, "not UTF-8")
    return Record(place, row)


def _parquet(file: Path) -> Iterator[Record]:
    table = pq.ParquetFile(file)
    names = table.schema_arrow.names
    _require(names, file)
    wanted = [name for name in (*TEXT_COLUMNS, "relation", *LABEL_DEFAULTS) if name in names]
    number = 0
    for batch in table.iter_batches(batch_size=256, columns=wanted):
        for row in _numbered_ids_as_text(batch).to_pylist():
            number += 1
            yield Record(f"row {number}", row)


def _numbered_ids_as_text(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Return the batch with ids as text: a column of integers is a choice of type, not a fault of every record."""
    place = batch.schema.get_field_index("id")
    if not pa.types.is_integer(batch.schema.field(place).type):
        return batch
    return batch.set_column(place, "id", batch.column(place).cast(pa.string()))


def _require(columns: Sequence[str], file: Path) -> None:
    """Refuse a table that lacks a column: naming it once says more than a reason on every row."""
    missing = [name for name in TEXT_COLUMNS if name not in columns]
    if missing:
        raise InputError(f"the table has no column {' and no '.join(missing)}", file, "name its columns so")


_READERS: dict[str, Callable[[Path], Iterator[Record]]] = {
    ".jsonl": _jsonl,
    ".jsonl.gz": _jsonl,
    ".csv": _csv,
    ".parquet": _parquet,
}
