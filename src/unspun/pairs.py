"""Read tables of pairs, good rows and bad ones, and write tables of scores.

A bad record never ends a batch: it comes back as a row of its own, with the line it stood on and the reason.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pandas as pd

from unspun.cells import guarded
from unspun.decoding import decode, looks_like_html
from unspun.errors import InputError, PairError
from unspun.files import replacing
from unspun.records import LABEL_DEFAULTS, TEXT_COLUMNS, walk
from unspun.rows import SURROGATES, Record
from unspun.types import MAX_CHARS, RELATIONS

HTML_SUFFIXES = (".html", ".htm", ".xhtml")
OUTPUT_SUFFIXES = (".jsonl", ".csv", ".parquet")
# One odd character does no harm; documents, pictures and archives hold ten times this share.
MAX_ODD_RATE = 0.01
_NOT_OF_TEXT = re.compile("[\0-\x08\x0e-\x1f\ufffd]")


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
        As `unspun.score.score_pairs` gives them, indexed like the good rows of `read_pairs`.
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


def read_source(path: str | Path) -> str:
    """Return the text of one file: a page without its furniture, anything else as it is, ``-`` for standard input.

    A page is what is called .html, or begins like one.

    Raises
    ------
    InputError
        When there is no such file, or it is not text.
    """
    try:
        data = sys.stdin.buffer.read() if str(path) == "-" else Path(path).read_bytes()
    except OSError as error:
        raise InputError(f"cannot read the text ({error.strerror})", Path(path), "check the path") from error
    text = decode(data)
    if len(_NOT_OF_TEXT.findall(text)) > MAX_ODD_RATE * len(text):
        raise InputError("the file is not text", Path(path), "take the text out of it first")
    if str(path).lower().endswith(HTML_SUFFIXES) or looks_like_html(data):
        from unspun.furniture import strip_furniture  # most callers have no pages

        return strip_furniture(text).text
    return text


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
