"""Draw source order against suspect order: two bars, a band for every row."""

from __future__ import annotations

from typing import NamedTuple

from unspun.evidence.explanation import Explanation, Row
from unspun.reports.pages.passage_heads import passage_heads, passages_of_rows

WIDTH, HEIGHT, BAR = 1000, 150, 22
"""Size of the drawing in its own units, and height of a bar."""
MAX_BANDS = 400
"""Bands that are drawn; of more rows every second, third... is."""


class Interval(NamedTuple):
    """One row.

    Its number, whether it moved, the tone of its passage, its outline, its place in both bars.
    """

    number: int
    moved: bool
    tone: str
    points: str
    source: tuple[float, float]
    suspect: tuple[float, float]


class OrderMap(NamedTuple):
    """Bands and what they say in words; there are none where nothing moved."""

    bands: tuple[Interval, ...]
    words: str


def order_map(found: Explanation, n_source: int, n_suspect: int) -> OrderMap:
    """Return the map of a pair.

    Parameters
    ----------
    found : Explanation
        Its rows and changes.
    n_source, n_suspect : int
        Lengths of the two texts in characters.

    Returns
    -------
    OrderMap
        Bands in the order of the rows, at most `MAX_BANDS`, coloured by passage; none where nothing moved.

    Examples
    --------
    >>> _band(Row("kept", 0, 50, 50, 100, 0, 1.0, ()), 1, False, "spun", (100, 100)).points
    '0.0,22 500.0,22 1000.0,128 500.0,128'
    """
    numbers = {change.number for change in found.changes if change.kind == "moved"}
    moved = [row.kind == "moved" or not numbers.isdisjoint(row.changes) for row in found.rows]
    if not any(moved):
        return OrderMap((), _words(found.rows))
    step = -(-len(found.rows) // MAX_BANDS) or 1
    heads, of_row = passage_heads(found), passages_of_rows(found)
    tones = [heads[passage].tone if heads else "" for passage in of_row]
    lengths = (n_source, n_suspect)
    bands = [_band(row, k + 1, moved[k], tones[k], lengths) for k, row in enumerate(found.rows) if k % step == 0]
    return OrderMap(tuple(bands), _words(found.rows))


def _band(row: Row, number: int, moved: bool, tone: str, lengths: tuple[int, int]) -> Interval:
    (a, b), (c, d) = (
        _scaled(row.source_start, row.source_end, lengths[0]),
        _scaled(row.suspect_start, row.suspect_end, lengths[1]),
    )
    points = f"{a},{BAR} {b},{BAR} {d},{HEIGHT - BAR} {c},{HEIGHT - BAR}"
    return Interval(number, moved, tone or "alike", points, (a, round(b - a, 1)), (c, round(d - c, 1)))


def _scaled(start: int, end: int, length: int) -> tuple[float, float]:
    """Return a range as places on a bar, wide enough to be seen."""
    first, last = WIDTH * start / max(length, 1), WIDTH * end / max(length, 1)
    return round(first, 1), round(max(last, first + 1), 1)


def _words(rows: tuple[Row, ...]) -> str:
    """Say in a sentence what the map shows."""
    if not rows:
        return "No sentences of the two texts belong together."
    n_passages = len({row.passage for row in rows})
    order = "in the order of the source" if _in_order(rows) else "partly in another order"
    stretch = "one unbroken stretch" if n_passages == 1 else f"{n_passages} stretches"
    return f"{len(rows)} aligned {'row' if len(rows) == 1 else 'rows'}, {order}, in {stretch}."


def _in_order(rows: tuple[Row, ...]) -> bool:
    starts = [row.suspect_start for row in rows]
    return starts == sorted(starts)
