"""Show a result in a notebook: a heading and a few short lines, escaped."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

MAX_CELL = 200
"""Characters of a cell: crawled titles and ids may be of any length."""


def html_summary(heading: str, rows: Iterable[tuple[str, ...]]) -> str:
    """Return a heading and a table as HTML.

    Everything is escaped, long cells are cut.

    Parameters
    ----------
    heading : str
        One line.
    rows : iterable of tuple of str
        The first cell of a row is its name.

    Returns
    -------
    str
        A fragment without scripts, styles or links.

    Examples
    --------
    >>> html_summary("Score", [("p_spun", "0.97")])
    '<div><strong>Score</strong><table><tr><th>p_spun</th><td>0.97</td></tr></table></div>'
    """
    lines = "".join(f"<tr><th>{_cell(name)}</th>{''.join(map(_data, cells))}</tr>" for name, *cells in rows)
    return f"<div><strong>{_cell(heading)}</strong><table>{lines}</table></div>"


def _data(cell: str) -> str:
    return f"<td>{_cell(cell)}</td>"


def _cell(text: str) -> str:
    plain = "".join(char if char.isprintable() else " " for char in text)
    return escape(plain if len(plain) <= MAX_CELL else f"{plain[: MAX_CELL - 1]}…")
