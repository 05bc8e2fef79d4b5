"""Tables as CSV that is safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Callable, Iterable, Sequence

import pandas as pd

from unspun.io.csv_safety import guarded, guarded_id, is_id
from unspun.reports.formatting import one_line

_CELL = 32_000
"""Characters of a cell; spreadsheets take 32,767."""


def as_csv(columns: Sequence[str], rows: Iterable[Sequence[object]], guard: bool = True) -> str:
    r"""Return a table as CSV.

    Texts guarded, numbers plain, nothing where a number is NaN or a value None.
    Ids are guarded only where a formula could run, so that tables can be joined on them.

    Parameters
    ----------
    columns : sequence of str
        The header.
    rows : iterable of sequences
        Texts, numbers and None.
    guard : bool
        Put an apostrophe before cells that a spreadsheet would run; else they stay as they are.

    Returns
    -------
    str
        Lines that end in a line feed, unguarded ones in a carriage return as well; the header first.

    Examples
    --------
    >>> as_csv(["id", "p", "word"], [["@x\ny", -0.5, "-a"], ["-b", float("nan"), "c"]])
    "id,p,word\n'@x y,-0.5,'-a\n-b,,c\n"
    """
    out = io.StringIO()
    # Unguarded cells may hold a carriage return, which is quoted only where lines end in one.
    writer = csv.writer(out, lineterminator="\n" if guard else "\r\n")
    guards = [_GUARDS[is_id(name)] if guard else str for name in columns]
    writer.writerow(_cell(name, _text if guard else str) for name in columns)
    writer.writerows(map(_cell, row, guards) for row in rows)
    return out.getvalue()


def _text(text: str) -> str:
    return guarded(one_line(text, _CELL))


def _id(text: str) -> str:
    # Tables are joined on ids: two blanks in a row are part of them.
    return guarded_id(text if text.isprintable() and len(text) <= _CELL else one_line(text, _CELL))


_GUARDS: tuple[Callable[[str], str], Callable[[str], str]] = (_text, _id)


def _cell(value: object, guard: Callable[[str], str]) -> object:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, str):
        return guard(value)
    if isinstance(value, (tuple, list)):
        return guard("; ".join(map(str, value)))
    return f"{value:.6g}" if isinstance(value, float) else value


def frame_csv(frame: pd.DataFrame, guard: bool = True) -> str:
    """Return a table of scores, articles or rejects as CSV; see `as_csv`.

    Parameters
    ----------
    frame : DataFrame
        Texts, numbers and None.
    guard : bool
        Put an apostrophe before cells that a spreadsheet would run.

    Returns
    -------
    str
        As `as_csv` gives it.
    """
    return as_csv(list(map(str, frame.columns)), frame.itertuples(index=False, name=None), guard)
