"""Read tables of pairs, good rows and bad ones, and write tables of scores.

A bad record never ends a batch: it comes back as a row of its own, with the line it stood on and the reason.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO, cast

import pandas as pd
import pyarrow as pa

from unspun.errors import InputError, PairError, TableError
from unspun.io.csv_safety import guarded
from unspun.io.files import replacing
from unspun.io.labels import RELATIONS
from unspun.io.row_readers import SURROGATES, Record, csv_rows, jsonl_rows, need, parquet_rows
from unspun.text.token_text import MAX_CHARS

OUTPUT_SUFFIXES = (".jsonl", ".csv", ".parquet")


def read_pairs(path: str | Path, labelled: bool = False) -> tuple[pd.DataFrame, pd.DataFrame]:
    r"""Read pairs from a .jsonl, .jsonl.gz, .csv or .parquet file, or from a folder of them.

    Parameters
    ----------
    path : str or Path
        The file or folder; in a folder, files are read in the order of their names.
    labelled : bool
        Require a ``relation`` and keep the other labels, with defaults where they are absent: ``dataset`` is
        then the file's name, and ``group`` the pair's own id.

    Returns
    -------
    good : DataFrame
        ``id``, ``source``, ``suspect``, and the labels. Lone surrogates, which no file can hold, become U+FFFD.
    bad : DataFrame
        ``id`` (or the place, where there is none) and ``reason``.
        The index of both frames is the record's place in the input, so that both together can be put in order.

    Raises
    ------
    InputError
        When nothing can be read: no such path, no known format, a file that is not what its name says.

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
    for place, (file, record) in enumerate(walk(Path(path))):
        try:
            good[place] = _row(record, file, labelled)
        except PairError as error:
            bad[place] = {"id": _name(record), "reason": f"{record.place}: {error}"}
    columns = [*TEXT_COLUMNS, *(["relation", *LABEL_DEFAULTS] if labelled else [])]
    return _frame(good, columns), _frame(bad, ["id", "reason"])


def with_bad_rows(scores: pd.DataFrame, bad: pd.DataFrame) -> pd.DataFrame:
    """Return scores and bad rows as one table in the order of the input.

    Parameters
    ----------
    scores : DataFrame
        As `unspun.model.scoring.score_pairs` gives them, indexed like the good rows of `read_pairs`.
    bad : DataFrame
        The bad rows: each gets its reason in ``abstained`` and no number.

    Examples
    --------
    >>> scores = pd.DataFrame({"id": ["b"], "n_substitutions": [3], "abstained": [None]}, index=[1])
    >>> bad = pd.DataFrame({"id": ["a"], "reason": ["line 1: not JSON"]}, index=[0])
    >>> with_bad_rows(scores, bad).abstained.tolist()[0]
    'line 1: not JSON'
    """
    rows = bad.rename(columns={"reason": "abstained"}).reindex(columns=scores.columns)
    # With no number in some rows, a plain integer column would turn into floats.
    counts = {"n_substitutions": "Int32"}
    parts = [part.astype(counts) for part in (scores, rows) if len(part)]
    return pd.concat(parts).sort_index() if parts else scores


def check_output(path: str | Path) -> Path:
    """Return the path if `write_table` can write its format; tell so before hours of work, not after.

    Raises
    ------
    InputError
        When the name ends in none of the formats that can be written.
    """
    path = Path(path)
    if path.suffix not in OUTPUT_SUFFIXES:
        raise InputError("cannot tell the output's format", path, f"end its name in {', '.join(OUTPUT_SUFFIXES)}")
    return path


def write_table(frame: pd.DataFrame, path: str | Path) -> None:
    """Write a frame as .jsonl, .csv or .parquet; NaN becomes null or an empty cell.

    A file is replaced only when all of it is written, so that nobody reads half a table.

    Raises
    ------
    InputError
        When the format is unknown or the place cannot be written to.
    """
    path = check_output(path)
    with replacing(path, "the table") as part:
        _write(frame, part, path.suffix)


def _write(frame: pd.DataFrame, path: Path, suffix: str) -> None:
    if suffix == ".parquet":
        frame.to_parquet(path, index=False)
    elif suffix == ".csv":
        # Ids and reasons hold what others wrote.
        texts = frame.select_dtypes(exclude=["number", "bool"])
        shown = texts.map(lambda cell: guarded(cell) if isinstance(cell, str) else cell)
        frame.assign(**shown).to_csv(path, index=False, float_format="%.6g")
    else:
        frame.to_json(path, orient="records", lines=True, double_precision=6)


def _frame(rows: dict[int, dict[str, object]], columns: list[str]) -> pd.DataFrame:
    return pd.DataFrame(list(rows.values()), index=pd.Index(list(rows), dtype="int64"), columns=columns)


def _row(record: Record, file: Path, labelled: bool) -> dict[str, object]:
    """Return the record as a row of the good table."""
    if record.reason:
        raise PairError(record.reason)
    row: dict[str, object] = {column: _text(record.fields, column) for column in TEXT_COLUMNS}
    return row | _labels(record.fields, file) if labelled else row


def _text(fields: dict[str, object], column: str) -> str:
    value = fields.get(column)
    if value is None:
        raise PairError(f"{column} is missing")
    if not isinstance(value, str):
        raise PairError(f"{column} is not text but {type(value).__name__}", value)
    if len(value) > MAX_CHARS:
        raise PairError(f"{column} is too long", f"{len(value):,} characters", f"give at most {MAX_CHARS:,}")
    return SURROGATES.sub("\ufffd", value)


def _labels(fields: dict[str, object], file: Path) -> dict[str, object]:
    relation = _text(fields, "relation")
    if relation not in RELATIONS:
        raise PairError("relation is unknown", relation, f"give one of {', '.join(RELATIONS)}")
    labels = {column: _label(fields.get(column), default) for column, default in LABEL_DEFAULTS.items()}
    labels["dataset"] = labels["dataset"] or file.name.split(".")[0]
    labels["group"] = labels["group"] or fields["id"]
    return {"relation": relation, **labels}


def _label(value: object, default: object) -> object:
    """Return a label in the type of its default; CSV files hold truth values as words."""
    if value is None:
        return default
    if isinstance(default, bool):
        return str(value).lower() in ("true", "1", "1.0", "yes")
    return SURROGATES.sub("\ufffd", str(value))


def _name(record: Record) -> str:
    """Return what a bad record can be found by."""
    value = record.fields.get("id")
    known = isinstance(value, (str, int, float)) and not isinstance(value, bool)
    return SURROGATES.sub("\ufffd", str(value)) if known else record.place


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
