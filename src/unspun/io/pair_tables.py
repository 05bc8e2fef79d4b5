"""Read tables of pairs, good rows and bad ones, and write tables of scores.

A bad record never ends a batch: it comes back as a row of its own, with the line it stood on and the reason.
"""

from __future__ import annotations

import io
import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import IO, cast

import pandas as pd
import pyarrow as pa

from unspun.errors import InputError, PairError, TableError
from unspun.io.decompression import BEHIND, CHUNK, COMPRESSED, PlainStream, decompressed
from unspun.io.labels import RELATIONS
from unspun.io.rows.column_names import ANY, PairColumns, pair_columns
from unspun.io.rows.row_readers import (
    CSV_ENDS,
    PACKED_ENDS,
    PARQUET,
    SURROGATES,
    TABLE_ENDS,
    Record,
    capped_rows,
    sniffed_end,
    table_end,
    table_rows,
)
from unspun.text.token_text import MAX_CHARS

STDIN = "-"
_ENDS = f"{' '.join(TABLE_ENDS)}, all but {PARQUET} also with {' '.join(PACKED_ENDS)}"


def read_pairs(
    path: str | Path, labelled: bool = False, columns: PairColumns = ANY
) -> tuple[pd.DataFrame, pd.DataFrame]:
    r"""Read pairs from a table, or from a folder of tables.

    Tables are .jsonl .ndjson .json .csv .tsv .parquet, compressed or not.

    Parameters
    ----------
    path : str or Path
        The file or folder, or ``-`` for standard input; in a folder, files are read in the order of their names.
    labelled : bool
        Require a ``relation`` and keep the other labels, with defaults where they are absent: ``dataset`` is
        then the file's name, and ``group`` the pair's own id.
    columns : PairColumns
        What the columns of the texts are called; by default ``source`` and ``suspect``, or usual names of others.

    Returns
    -------
    good : DataFrame
        ``id`` (the place, where there is none), ``source``, ``suspect``, and the labels. Lone surrogates, which no
        file can hold, become U+FFFD. ``attrs["columns"]`` holds the names that were found for the texts.
    bad : DataFrame
        ``id`` (or the place, where there is none) and ``reason``.
        The index of both frames is the record's place in the input, so that both together can be put in order.

    Raises
    ------
    InputError
        When nothing can be read: no such path, no known format, a file that is not what its name says, not one record.

    Examples
    --------
    >>> import tempfile
    >>> folder = tempfile.TemporaryDirectory()
    >>> path = Path(folder.name, "pairs.jsonl")
    >>> _ = path.write_text('{"id": "a", "source": "Rain fell.", "suspect": "Rain dropped."}\n{"id": "b"}\n')
    >>> good, bad = read_pairs(path)
    >>> good.id.tolist(), bad.reason.tolist()
    (['a'], ['line 2: source is missing'])
    """
    good: dict[int, dict[str, object]] = {}
    bad: dict[int, dict[str, object]] = {}
    taken: tuple[str, ...] = ()
    for place, (file, record) in enumerate(walk(Path(path), columns)):
        names = pair_columns(tuple(record.fields), columns)
        try:
            good[place] = _row(record, names, file, labelled)
            taken = taken or tuple(names[side] for side in SIDES)
        except PairError as error:
            bad[place] = {"id": _id(record, names), "reason": f"{record.place}: {error}"}
    if not good and not bad:
        raise InputError("there is not one pair", Path(path), "give a table with rows")
    found = _frame(good, [*TEXT_COLUMNS, *(["relation", *LABEL_DEFAULTS] if labelled else [])])
    found.attrs["columns"] = taken
    return found, _frame(bad, ["id", "reason"])


def with_bad_rows(scores: pd.DataFrame, bad: pd.DataFrame) -> pd.DataFrame:
    """Return scores and bad rows as one table in the order of the input.

    Parameters
    ----------
    scores : DataFrame
        As `unspun.model.scoring.score_pairs` gives them, indexed like the good rows of `read_pairs`.
    bad : DataFrame
        The bad rows: each gets its reason in ``abstained`` and no number.

    Returns
    -------
    DataFrame
        One row for each row of the input.

    Examples
    --------
    >>> scores = pd.DataFrame({"id": ["b"], "n_substitutions": [3], "abstained": [None]}, index=[1])
    >>> bad = pd.DataFrame({"id": ["a"], "reason": ["line 1: not JSON"]}, index=[0])
    >>> with_bad_rows(scores, bad).abstained.tolist()[0]
    'line 1: not JSON'
    """
    rows = bad.rename(columns={"reason": "abstained"}).reindex(columns=scores.columns)
    # With no number in some rows, a plain integer column would turn into floats.
    counts = {name: "Int32" for name in ("n_substitutions", "n_passages") if name in scores}
    parts = [part.astype(counts) for part in (scores, rows) if len(part)]
    return pd.concat(parts).sort_index() if parts else scores


def _frame(rows: dict[int, dict[str, object]], columns: list[str]) -> pd.DataFrame:
    return pd.DataFrame(list(rows.values()), index=pd.Index(list(rows), dtype="int64"), columns=columns)


def _row(record: Record, names: dict[str, str], file: Path, labelled: bool) -> dict[str, object]:
    """Return the record as a row of the good table."""
    if record.reason:
        raise PairError(record.reason)
    if isinstance(given := record.fields.get(names.get("id", "")), (dict, list)):
        raise PairError(f"id is not text but {type(given).__name__}", given)
    row: dict[str, object] = {"id": _id(record, names)}
    row |= {side: _text(record.fields.get(names.get(side, side)), side) for side in SIDES}
    return row | _labels(record.fields, file, row["id"]) if labelled else row


def _text(value: object, column: str) -> str:
    if value is None or value != value:  # NaN is how some tools write nothing
        raise PairError(f"{column} is missing")
    if not isinstance(value, str):
        raise PairError(f"{column} is not text but {type(value).__name__}", value)
    if len(value) > MAX_CHARS:
        raise PairError(f"{column} is too long", f"{len(value):,} characters", f"give at most {MAX_CHARS:,}")
    return SURROGATES.sub("\ufffd", value)


def _labels(fields: dict[str, object], file: Path, own_id: object) -> dict[str, object]:
    relation = _text(fields.get("relation"), "relation")
    if relation not in RELATIONS:
        raise PairError("relation is unknown", relation, f"give one of {', '.join(RELATIONS)}")
    labels = {column: _label(fields.get(column), default) for column, default in LABEL_DEFAULTS.items()}
    labels["dataset"] = labels["dataset"] or file.name.split(".")[0]
    labels["group"] = labels["group"] or own_id
    return {"relation": relation, **labels}


def _label(value: object, default: object) -> object:
    """Return a label in the type of its default; CSV files hold truth values as words."""
    if value is None:
        return default
    if isinstance(default, bool):
        return str(value).lower() in ("true", "1", "1.0", "yes")
    return SURROGATES.sub("\ufffd", str(value))


def _id(record: Record, names: dict[str, str]) -> str:
    """Return what a record can be found by: its id as text, whatever its type, or else its place."""
    value = record.fields.get(names.get("id", ""))
    if value is None or value != value or isinstance(value, (dict, list)):
        return record.place
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return SURROGATES.sub("\ufffd", text) or record.place


SIDES = ("source", "suspect")
TEXT_COLUMNS = ("id", *SIDES)
LABEL_DEFAULTS = {"family": "", "tool": "", "dataset": "", "group": "", "lowercased": False, "source_written_by": ""}
"""What labelled pairs may have besides ``relation``, and what stands there when they do not."""


def walk(path: Path, columns: PairColumns = ANY) -> Iterator[tuple[Path, Record]]:
    """Give out every record with its file.

    In a folder, an unreadable file is one bad record.

    Parameters
    ----------
    path : Path
        A file, a folder, or ``-``.
    columns : PairColumns
        What the columns of the texts are called.

    Yields
    ------
    (Path, Record)
        The file and what stands in it.

    Raises
    ------
    InputError
        When nothing can be read.
    """
    if not path.is_dir():
        yield from ((path, record) for record in _records(path, columns))
        return
    files = sorted(file for file in path.iterdir() if table_end(file.name) and not file.name.startswith("."))
    if not files:
        raise InputError("no pairs in the folder", path, f"put files in it that end in {_ENDS}")
    for file in files:
        if file.exists() and not (file.is_file() or file.is_dir()):
            # Nobody may ever write to a pipe that lies there.
            yield file, Record(file.name, {}, "it is no file but a pipe, a socket or a device; name it by itself")
            continue
        try:
            records = _records(file, columns)
            yield from ((file, record._replace(place=f"{file.name} {record.place}")) for record in records)
        except InputError as error:
            yield file, Record(file.name, {}, str(error))


def _records(file: Path, columns: PairColumns) -> Iterator[Record]:
    """Give out the records of one file; one that breaks off midway keeps what came before."""
    n_read = 0
    try:
        with _open(file) as raw:
            for record in _rows_of(raw, file, columns):
                n_read += 1
                yield record
    except TableError as error:
        raise InputError(error.what, file, error.todo) from error
    except (OSError, pa.ArrowException) as error:
        why = getattr(error, "strerror", None) or error
        if not n_read:
            raise InputError(f"cannot read the pairs ({why})", file, "check the path and the format") from error
        yield _breaks_off(n_read, why)


def _rows_of(raw: IO[bytes], file: Path, columns: PairColumns) -> Iterator[Record]:
    end = table_end(file.name)
    wanted = partial(_wanted, given=columns)
    if end == PARQUET or (not end and raw.read(4) == b"PAR1"):
        size = raw.seek(0, os.SEEK_END)
        yield from capped_rows(table_rows(raw, PARQUET, wanted), lambda: size)
        return
    lines, plain = _plain(raw, file.name.lower().endswith(PACKED_ENDS) and end not in CSV_ENDS)
    head = lines.peek(1 << 12)
    if not head and not plain.problems:
        return  # whoever asked says that there is not one pair
    end = end or sniffed_end(head)
    yield from _until_cut(capped_rows(table_rows(lines, end, wanted), lambda: plain.n_stored), plain)


def _plain(raw: IO[bytes], is_packed: bool) -> tuple[io.BufferedReader, PlainStream]:
    """Decompress a file that is compressed by its first bytes, if these do not deceive; it may have to be."""
    raw.seek(0)
    magic = raw.read(max(map(len, COMPRESSED)))
    raw.seek(0)
    lines, plain = decompressed(raw)
    head = cast(io.BufferedReader, lines).peek(1 << 12)
    if is_packed and magic and not magic.startswith(COMPRESSED) and magic[:1] not in b"{[":
        raise TableError("the file is not compressed, as its name says", todo="check how it was made")
    if not is_packed and plain.problems and not head:
        raw.seek(0)
        plain = PlainStream(raw)
        lines = io.BufferedReader(plain, CHUNK)
    return cast(io.BufferedReader, lines), plain


def _until_cut(records: Iterator[Record], plain: PlainStream) -> Iterator[Record]:
    """Give out records, but for a last one that is half of one; say at the end what was wrong with the file."""
    held: Record | None = None
    n_read = 0
    for record in records:
        if held is not None:
            n_read += 1
            yield held
        held = record
    problems = plain.problems
    if held is not None and not (problems and plain.ends_in_line):
        n_read += 1
        yield held
    if problems and not n_read:
        raise TableError(f"cannot read the pairs ({problems[0]})", todo="check how the file was made")
    yield from (_breaks_off(n_read, problem) for problem in problems)


def _breaks_off(n_read: int, why: object) -> Record:
    told = str(why)
    return Record(f"after record {n_read}", {}, told if told.startswith(BEHIND) else f"the file breaks off ({told})")


def _open(file: Path) -> IO[bytes]:
    """Open a file in which one can go back; what comes through a pipe is copied to a nameless one."""
    if str(file) == STDIN:
        return _copied(sys.stdin.buffer)
    stream = file.open("rb")
    if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
        with stream:
            return _copied(stream)
    if not table_end(file.name):
        stream.close()
        raise InputError("cannot tell the format of the pairs", file, f"end its name in {_ENDS}")
    return stream


def _copied(stream: IO[bytes]) -> IO[bytes]:
    copy = tempfile.TemporaryFile(prefix="unspun-")  # noqa: SIM115 - whoever asked closes it
    try:
        shutil.copyfileobj(stream, copy)
    except OSError as error:
        copy.close()
        todo = "name a folder with more space as TMPDIR, or give a file instead of a pipe"
        raise InputError(f"cannot keep the pairs ({error.strerror or error})", tempfile.gettempdir(), todo) from error
    copy.seek(0)
    return cast(IO[bytes], copy)


def _wanted(names: Sequence[str], given: PairColumns) -> list[str]:
    """Return the columns of a table to read, once it is known that it has both texts."""
    found = pair_columns(tuple(names), given)
    missing = [wanted or side for side, wanted in zip(SIDES, given, strict=True) if side not in found]
    if missing:
        todo = f"name them with --source-column and --suspect-column; it has {', '.join(map(repr, names[:20]))}"
        raise TableError(f"the table has no column {' and no '.join(missing)}", None, todo[:1_000])
    return [name for name in dict.fromkeys((*found.values(), "relation", *LABEL_DEFAULTS)) if name in names]
