"""Lay two texts out side by side.

Rows that belong together, with changes and fixed words marked in them.

Pure data for the template: every piece of text is cut from the original at the offsets of the explanation.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import zip_longest
from typing import NamedTuple

from unspun.evidence.explanation import Change, Explanation, Fixed, LeftOut, Quotation, Row
from unspun.reports.pages.passage_heads import PassageHead, passage_heads, passages_of_rows

MAX_ROWS = 600
"""Rows that a page shows; a long book has more, and then the page says so."""
MAX_ROW, MAX_ASIDE, MAX_REDACTED = 4_000, 3_000, 60
"""Characters that a page shows of one side of a row, of a stretch left out, of a change when redacted."""

SOURCE, SUSPECT = "source", "suspect"


class Piece(NamedTuple):
    """A run of text that is drawn alike.

    ``fixed`` is kind and state of a name, number or rare word, else None.
    """

    text: str
    fixed: Fixed | None = None


class Stretch(NamedTuple):
    """Pieces of one change, or of kept text (``change`` is None).

    ``n_hidden`` words are not shown.
    """

    change: Change | None
    pieces: tuple[Piece, ...]
    n_hidden: int = 0


class RowView(NamedTuple):
    """One row of the two texts, numbered from 1.

    ``moved`` are the changes that moved the row as a whole. ``tone`` says whether its passage is ``spun``, or ``rest``
    beside spun ones; empty where there is nothing to set apart.
    """

    number: int
    row: Row
    moved: tuple[Change, ...]
    source: tuple[Stretch, ...]
    suspect: tuple[Stretch, ...]
    tone: str = ""


class Aside(NamedTuple):
    """A stretch of one text outside the rows.

    Some of its characters may not be shown.
    """

    kind: str
    n_words: int
    text: str
    n_cut: int


class AsideView(NamedTuple):
    """Stretches outside the rows at one place, one of each text at most."""

    source: Aside | None
    suspect: Aside | None


class Columns(NamedTuple):
    """Heads of passages, rows and asides in the order in which they are shown.

    Of ``n_rows`` rows ``n_more`` are not.
    """

    entries: tuple[PassageHead | RowView | AsideView, ...]
    n_rows: int
    n_more: int


def columns(found: Explanation, source_text: str, suspect_text: str, redact: bool = False) -> Columns:
    """Return what the two columns of a pair page show.

    Parameters
    ----------
    found : Explanation
        Its rows, changes, fixed words and stretches left out, with offsets in the two texts.
    source_text, suspect_text : str
        The original texts.
    redact : bool
        Keep the changed words (shortened), leave out every other word of the texts.

    Returns
    -------
    Columns
        The entries from top to bottom, and how many rows were left out.
    """
    after = _asides(found, {SOURCE: source_text, SUSPECT: suspect_text}, redact)
    entries: list[PassageHead | RowView | AsideView] = [*after.get(-1, [])]
    heads, of_row = passage_heads(found), passages_of_rows(found)
    before, begun = -1, set[int]()
    for place, view in enumerate(_rows(found, (source_text, suspect_text), redact)):
        passage = of_row[place]
        if heads and passage != before:
            entries.append(heads[passage]._replace(continued=passage in begun))
            begun.add(passage)
        before = passage
        entries += [view._replace(tone=heads[passage].tone) if heads else view, *after.get(place, [])]
    return Columns(tuple(entries), len(found.rows), max(len(found.rows) - MAX_ROWS, 0))


def _rows(found: Explanation, texts: tuple[str, str], redact: bool) -> Iterator[RowView]:
    by_number = {change.number: change for change in found.changes}
    fixed = (_Spans(found.fixed, SOURCE), _Spans(found.fixed, SUSPECT))
    for number, row in enumerate(found.rows[:MAX_ROWS], 1):
        changes = [by_number[n] for n in row.changes if n in by_number]
        whole = tuple(change for change in changes if _is_whole(change, row))
        inside = [change for change in changes if change not in whole]
        source, suspect = (
            tuple(_stretches(text, row, inside, spans, side, redact, MAX_ROW))
            for text, spans, side in zip(texts, fixed, (SOURCE, SUSPECT), strict=True)
        )
        yield RowView(number, row, whole, source, suspect)


def _is_whole(change: Change, row: Row) -> bool:
    """Tell a change of place of the whole row from one of some of its words."""
    return change.kind == "moved" and _span(change, SOURCE) == _span(row, SOURCE)


def _span(item: Change | Row | Fixed | Quotation, side: str) -> tuple[int, int]:
    return (item.source_start, item.source_end) if side == SOURCE else (item.suspect_start, item.suspect_end)


class _Spans:
    """Fixed words of one side in order, to be asked for those within a range."""

    def __init__(self, fixed: Iterable[Fixed], side: str) -> None:
        spans = sorted(((*_span(one, side), one) for one in fixed), key=lambda span: span[:2])
        self.spans = [span for span in spans if span[1] > span[0]]
        self.starts = [start for start, _, _ in self.spans]

    def within(self, start: int, end: int) -> Iterator[tuple[int, int, Fixed]]:
        for place in range(bisect_right(self.starts, start - 1), len(self.spans)):
            first, last, one = self.spans[place]
            if first >= end:
                return
            if last <= end:
                yield first, last, one


def cut_at_changes(
    text: str, part: Row | Quotation, changes: Sequence[Change], side: str, redact: bool, limit: int
) -> tuple[Stretch, ...]:
    """Cut a part of a text at the changes inside it.

    Of a change that goes on outside, what lies inside counts.

    Parameters
    ----------
    text : str
        The whole text of that side.
    part : Row or Quotation
        The part of it.
    changes : sequence of Change
        Those that lie elsewhere are passed over.
    side : str
        ``source`` or ``suspect``.
    redact : bool
        Keep the changed words alone.
    limit : int
        Characters that are shown at most.

    Returns
    -------
    tuple of Stretch
        In the order of the text.
    """
    first, last = _span(part, side)
    inside = []
    for change in changes:
        start, end = _span(change, side)
        if (first <= start and end <= last) or (start < last and end > first):
            start, end = max(start, first), min(end, last)
            inside.append(
                replace(change, source_start=start, source_end=end)
                if side == SOURCE
                else replace(change, suspect_start=start, suspect_end=end)
            )
    return tuple(_stretches(text, part, inside, _Spans((), side), side, redact, limit))


def _stretches(
    text: str, row: Row | Quotation, changes: Sequence[Change], fixed: _Spans, side: str, redact: bool, limit: int
) -> Iterator[Stretch]:
    """Cut one side of a row at its changes; what lies between them is kept text."""
    here, end = _span(row, side)
    end = min(end, here + limit)
    for change in sorted(changes, key=lambda change: (_span(change, side), change.number)):
        first, last = _span(change, side)
        if first < here or last > end:
            continue
        yield from _kept(text, here, first, fixed, redact)
        cut = min(last, first + MAX_REDACTED) if redact else last
        pieces = _pieces(text, first, cut, fixed) if cut > first else ()
        yield Stretch(change, tuple(pieces), count_words(text[cut:last]))
        here = last
    yield from _kept(text, here, end, fixed, redact)
    if rest := count_words(text[end : _span(row, side)[1]]):
        yield Stretch(None, (), rest)


def _kept(text: str, start: int, end: int, fixed: _Spans, redact: bool) -> Iterator[Stretch]:
    if redact:
        n_words = count_words(text[start:end])
        yield Stretch(None, (), n_words) if n_words else Stretch(None, (Piece(" "),))
    elif end > start:
        yield Stretch(None, tuple(_pieces(text, start, end, fixed)))


def _pieces(text: str, start: int, end: int, fixed: _Spans) -> Iterator[Piece]:
    here = start
    for first, last, one in fixed.within(start, end):
        if first < here:
            continue
        if first > here:
            yield Piece(text[here:first])
        yield Piece(text[first:last], one)
        here = last
    if end > here:
        yield Piece(text[here:end])


def _asides(found: Explanation, texts: dict[str, str], redact: bool) -> dict[int, list[AsideView]]:
    """Return the stretches outside the rows by the row after which they are shown (-1: before the first)."""
    places: dict[int, dict[str, list[Aside]]] = {}
    for one in found.left_out[:MAX_ROWS]:
        place = places.setdefault(_place(one, found.rows[:MAX_ROWS]), {SOURCE: [], SUSPECT: []})
        place[one.side].append(_aside(one, texts[one.side], redact))
    return {at: [AsideView(*both) for both in zip_longest(*sides.values())] for at, sides in places.items()}


def _place(aside: LeftOut, rows: Sequence[Row]) -> int:
    """Return the row after which a stretch is shown: the last that ends before it in its own text; -1 for none."""
    ends = ((_span(row, aside.side)[1], place) for place, row in enumerate(rows))
    return max((end for end in ends if end[0] <= aside.start), default=(0, -1))[1]


def _aside(aside: LeftOut, text: str, redact: bool) -> Aside:
    whole = text[aside.start : aside.end]
    shown = "" if redact else whole[:MAX_ASIDE].strip()
    return Aside(aside.kind, count_words(whole), shown, 0 if redact else max(len(whole) - MAX_ASIDE, 0))


def count_words(text: str) -> int:
    """Return how many words stand in a text, white space between them.

    >>> count_words("The old ferry - sank.")
    4
    """
    return sum(any(map(str.isalnum, word)) for word in text.split())
