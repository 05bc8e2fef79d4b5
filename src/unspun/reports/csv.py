"""Tables as CSV that is safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Sequence

import pandas as pd

from unspun.io.csv_safety import guarded
from unspun.reports.formatting import one_line

_CELL = 32_000
"""Characters of a cell; spreadsheets take 32,767."""


def as_csv(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    r"""Return a table as CSV.

    Texts guarded, numbers plain, nothing where a number is NaN or a value None.

    Parameters
    ----------
    columns : sequence of str
        The header.
    rows : iterable of sequences
        Texts, numbers and None.

    Returns
    -------
    str
        Lines that end in a line feed, the header first.

    Examples
    --------
    >>> as_csv(["id", "p"], [["@x\ny", -0.5], ["b", float("nan")]])
    "id,p\n'@x y,-0.5\nb,\n"
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return out.getvalue()


def _cell(value: object) -> object:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, str):
        return guarded(one_line(value, _CELL))
    if isinstance(value, (tuple, list)):
        return _cell("; ".join(map(str, value)))
    return f"{value:.6g}" if isinstance(value, float) else value


def frame_csv(frame: pd.DataFrame) -> str:
    """Return a table of scores, articles or rejects as CSV."""
    return as_csv([str(_cell(str(name))) for name in frame.columns], frame.itertuples(index=False, name=None))
