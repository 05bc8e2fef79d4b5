"""Write tables of scores: whole or not at all, and safe to open in a spreadsheet."""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd
import pyarrow as pa

from unspun.errors import InputError
from unspun.io.csv_safety import guarded, guarded_id, is_id
from unspun.io.files import replacing
from unspun.io.rows.row_readers import CSV_ENDS, JSON_ENDS, LINE_ENDS, PACKED_ENDS, PARQUET, TABLE_ENDS, table_end

STDOUT = "-"
_CODECS = {".gz": "gzip", ".lz4": "lz4", ".zst": "zstd"}


def check_output(path: str | Path) -> Path:
    """Return the path if `write_table` can write its format.

    Tell so before hours of work, not after.

    Raises
    ------
    InputError
        When the name ends in none of the formats that can be written.
    """
    path = Path(path)
    if str(path) != STDOUT and not table_end(path.name):
        raise InputError("cannot tell the output's format", path, f"end its name in {', '.join(TABLE_ENDS)}")
    return path


def write_table(frame: pd.DataFrame, path: str | Path, guard: bool = True) -> None:
    """Write a frame as a table; NaN becomes null or an empty cell.

    A file is replaced only when all of it is written, so that nobody reads half a table.

    Parameters
    ----------
    frame : DataFrame
        Numbers, truth values and texts.
    path : str or Path
        Its end tells the format, as for tables that are read; ``-`` is standard output, as JSON lines.
    guard : bool
        Put an apostrophe before cells of a CSV that a spreadsheet would run; see `unspun.io.csv_safety`.

    Raises
    ------
    InputError
        When the format is unknown or the place cannot be written to.
    """
    path = check_output(path)
    if str(path) == STDOUT:
        sys.stdout.write(_as_text(frame, LINE_ENDS[0], guard))
        return
    with replacing(path, "the table") as part:
        end = table_end(path.name)
        if end == PARQUET:
            frame.to_parquet(part, index=False)
            return
        codec = next((_CODECS[packed] for packed in PACKED_ENDS if path.name.lower().endswith(packed)), None)
        with pa.output_stream(str(part), compression=codec) as stream:
            stream.write(_as_text(frame, end, guard).encode("utf-8", "replace"))


def _as_text(frame: pd.DataFrame, end: str, guard: bool) -> str:
    if end in CSV_ENDS:
        shown = _guarded(frame) if guard else frame
        sign = "\t" if end == ".tsv" else ","
        return str(shown.to_csv(index=False, float_format="%.6g", sep=sign, lineterminator=_line_end(shown)))
    return str(frame.to_json(orient="records", lines=end not in JSON_ENDS, double_precision=6))


def _line_end(frame: pd.DataFrame) -> str:
    """Return what ends a line; a carriage return in a cell is quoted only where lines end in one."""
    texts = frame.select_dtypes(exclude=["number", "bool"])
    has_return = any("\r" in cell for name in texts.columns for cell in texts[name] if isinstance(cell, str))
    return "\r\n" if has_return else "\n"


def _guarded(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the frame with its texts guarded: ids and reasons hold what others wrote."""
    texts = frame.select_dtypes(exclude=["number", "bool"])
    columns = {}
    for name in texts.columns:
        guard = guarded_id if is_id(str(name)) else guarded
        columns[name] = [guard(cell) if isinstance(cell, str) else cell for cell in texts[name]]
    return frame.assign(**columns)
