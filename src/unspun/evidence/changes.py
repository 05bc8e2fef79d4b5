"""List rows and changes as a person reads them.

They are numbered and typed, with offsets in the original texts.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from unspun.comparison.aligned_pair import AlignedPair, EditKind
from unspun.evidence.explanation import Change, ChangeKind, Row, RowKind
from unspun.evidence.swap_phrases import replacements
from unspun.text.token_text import BoolArray, IntArray, TokenText

_KINDS: dict[int, ChangeKind] = {
    EditKind.INFLECTED: "inflected",
    EditKind.MISREAD: "misread",
    EditKind.RENAMED: "renamed",
    EditKind.SUBSTITUTED: "substituted",
    EditKind.INSERTED: "inserted",
    EditKind.DELETED: "deleted",
}
_SPACE = re.compile(r"\s")


class Span(NamedTuple):
    """A half-open range of code points of an original text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """The rows and changes of a pair.

    ``number_of`` gives the change of an edit by the edit's index; edits of one replaced phrase share it.
    """

    rows: tuple[Row, ...]
    changes: tuple[Change, ...]
    number_of: dict[int, int]


def read_changes(pair: AlignedPair) -> Reading:
    """Return the rows and the changes of a pair, in the order of the source.

    Changes are numbered from 1 in that order; one replaced phrase is one change.

    Examples
    --------
    >>> from unspun.comparison.alignment import align
    >>> from unspun.text.tokenizer import read_text
    >>> reading = read_changes(align(read_text("The old ferry sank."), read_text("The old ferryboat sank.")))
    >>> [(row.kind, row.source_start, row.source_end) for row in reading.rows]
    [('changed', 0, 19)]
    >>> [(change.number, change.kind, change.suspect_start) for change in reading.changes]
    [(1, 'substituted', 8)]
    """
    moved = moved_groups(pair.suspect_sentences[:, 0])
    by_row: list[list[tuple[int, ...]]] = [[] for _ in pair.groups]
    columns = pair.edit_columns
    for unit in replacements(pair):
        by_row[columns.group[unit[0]]].append(unit)
    rows: list[Row] = []
    changes: list[Change] = []
    number_of: dict[int, int] = {}
    for row, units in enumerate(by_row):
        spans = _row_spans(pair, row)
        first = len(changes) + 1
        if moved[row]:
            changes.append(Change(first, "moved", row, *spans[0], *spans[1]))
        for unit in units:
            number_of |= dict.fromkeys(unit, len(changes) + 1)
            changes.append(_change(pair, unit, len(changes) + 1))
        numbers = tuple(range(first, len(changes) + 1))
        kind = _row_kind(pair.groups[row].tolist(), bool(moved[row]), bool(units))
        # In single precision a weighted overlap of all words may come out a hair above 1.
        similarity = min(float(pair.similarity[row]), 1.0)
        rows.append(Row(kind, *spans[0], *spans[1], int(pair.passage[row]), similarity, numbers))
    return Reading(tuple(rows), tuple(changes), number_of)


def _row_kind(sentences: list[int], moved: bool, changed: bool) -> RowKind:
    a, a_stop, b, b_stop = sentences
    if a_stop - a != b_stop - b:
        return "split" if a_stop - a < b_stop - b else "merged"
    return "moved" if moved else "changed" if changed else "kept"


def moved_groups(places: IntArray) -> BoolArray:
    """Return which groups stand elsewhere in the suspect.

    These are all but a longest run of groups that keep their order.

    ``places`` (g,) is where each begins in the suspect, in the order of the source.

    >>> moved_groups(np.array([2, 0, 1])).tolist()
    [True, False, False]
    """
    # Patience sorting: ends[k] is the lowest end of a run of k + 1 groups, before[row] what precedes it in its run.
    ends: list[int] = []
    at: list[int] = []
    before = [-1] * len(places)
    for row, place in enumerate(places.tolist()):
        k = bisect_left(ends, place)
        before[row] = at[k - 1] if k else -1
        ends[k : k + 1], at[k : k + 1] = [place], [row]
    moved = np.ones(len(places), np.bool_)
    row = at[-1] if at else -1
    while row >= 0:
        moved[row] = False
        row = before[row]
    return moved


def _change(pair: AlignedPair, unit: tuple[int, ...], number: int) -> Change:
    """Return what became of words as one change: several edits are one replaced phrase."""
    before, after = pair.edit(unit[0]), pair.edit(unit[-1])
    first, _, there, _ = pair.groups[before.group].tolist()
    a = words_span(pair.source, before.source_start, after.source_stop, int(pair.source.sentence_stops[first]))
    b = words_span(pair.suspect, before.suspect_start, after.suspect_stop, int(pair.suspect.sentence_stops[there]))
    # A word that is inflected takes in at most what put it into its degree.
    kind = "substituted" if len(unit) > 1 and after.kind != EditKind.INFLECTED else _KINDS[after.kind]
    return Change(number, kind, before.group, *a, *b)


def words_span(text: TokenText, start: int, stop: int, first: int = 0) -> Span:
    """Return where the words ``start:stop`` stand.

    An empty range after the word before where there are none.

    Before ``first``, the first word of its row, stands no word that an empty range could follow.

    Parameters
    ----------
    text : TokenText
        The text.
    start, stop : int
        Indices of words, half-open.
    first : int
        Index of the first word of the row.

    Returns
    -------
    Span
        Offsets in characters.

    Examples
    --------
    >>> from unspun.text.tokenizer import read_text
    >>> words_span(read_text("Rain fell."), 1, 2), words_span(read_text("Rain fell."), 1, 1)
    (Span(start=5, end=9), Span(start=4, end=4))
    """
    if stop > start:
        return Span(int(text.starts[start]), int(text.ends[stop - 1]))
    place = int(text.ends[start - 1]) if start > first else int(text.starts[first])
    return Span(place, place)


def _row_spans(pair: AlignedPair, row: int) -> tuple[Span, Span]:
    a, a_stop, b, b_stop = pair.groups[row].tolist()
    return sentences_span(pair.source, a, a_stop), sentences_span(pair.suspect, b, b_stop)


def sentences_span(text: TokenText, first: int, stop: int) -> Span:
    """Return where the sentences ``first:stop`` stand.

    Marks before and after them that touch their words are included.

    Parameters
    ----------
    text : TokenText
        The text.
    first, stop : int
        Indices of sentences, half-open.

    Returns
    -------
    Span
        Offsets in characters.

    Examples
    --------
    >>> from unspun.text.tokenizer import read_text
    >>> text = read_text('He left. "Why?" she asked.')
    >>> text.text[slice(*sentences_span(text, 1, 2))]
    '"Why?" she asked.'
    """
    words, last = int(text.sentence_stops[first]), int(text.sentence_stops[stop]) - 1
    start, end = int(text.starts[words]), int(text.ends[last])
    before = int(text.ends[words - 1]) if words else 0
    after = int(text.starts[last + 1]) if last + 1 < len(text) else len(text.text)
    gap = _SPACE.search(text.text, end, after)
    lead = [found.end() for found in _SPACE.finditer(text.text, before, start)]
    # Marks between two sentences that no space parts belong to the first.
    return Span(lead[-1] if lead else start if words else before, gap.start() if gap else after)
