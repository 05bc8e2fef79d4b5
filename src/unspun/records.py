"""Files and folders of labelled or unlabelled pairs, record by record, whatever their format."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO, cast

import pyarrow as pa

from unspun.errors import InputError, TableError
from unspun.rows import SURROGATES, Record, csv_rows, jsonl_rows, need, parquet_rows

TEXT_COLUMNS = ("id", "source", "suspect")
LABEL_DEFAULTS = {"family": "", "tool": "", "dataset": "", "group": "", "lowercased": False, "source_written_by": ""}
"""What labelled pairs may have besides ``relation``, and what stands there when they do not."""

_READ_ERRORS = (OSError, EOFError, zlib.error, pa.ArrowException)


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
        with _open(file) as stream:
            for record in _READERS[suffix](stream):
                n_read += 1
                yield record
    except TableError as error:
        raise InputError(error.what, file, error.todo) from error
    except _READ_ERRORS as error:
        why = getattr(error, "strerror", None) or error
        if not n_read:
            raise InputError(f"cannot read the pairs ({why})", file, "check the path and the format") from error
        yield Record(f"after record {n_read}", {}, f"the file breaks off ({why})")


def _open(file: Path) -> IO[bytes]:
    return cast(IO[bytes], gzip.open(file)) if file.suffix.lower() == ".gz" else file.open("rb")


def _format(file: Path) -> str:
    return next((suffix for suffix in _READERS if file.name.lower().endswith(suffix)), "")


def _csv(stream: IO[bytes]) -> Iterator[Record]:
    for record in csv_rows(stream, _columns):
        broken = any(isinstance(value, str) and SURROGATES.search(value) for value in record.fields.values())
        yield record._replace(reason=record.reason or ("not UTF-8" if broken else ""))


def _parquet(stream: IO[bytes]) -> Iterator[Record]:
    yield from parquet_rows(stream, _columns)


def _columns(names: Sequence[str]) -> list[str]:
    need(names, *TEXT_COLUMNS)
    return [name for name in (*TEXT_COLUMNS, "relation", *LABEL_DEFAULTS) if name in names]


_READERS: dict[str, Callable[[IO[bytes]], Iterator[Record]]] = {
    ".jsonl": jsonl_rows,
    ".jsonl.gz": jsonl_rows,
    ".csv": _csv,
    ".parquet": _parquet,
}
