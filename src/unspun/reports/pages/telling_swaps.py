"""Show telling swaps inside their sentences, and altered quotations in full."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from unspun.evidence.explanation import Explanation, Quotation, Row, Substitution
from unspun.reports.formatting import plural
from unspun.reports.pages.side_by_side import SOURCE, SUSPECT, Stretch, count_words, cut_at_changes
from unspun.reports.terminal import swap_words
from unspun.text.lexicon import load_lexicon

N_TELLING = 6
"""Swaps that are shown inside their sentences."""
MAX_QUOTATIONS, MAX_QUOTED = 8, 1_200
"""Altered quotations that a page shows, and characters of each; the others are counted."""
_AROUND = 100
"""Characters of the sentence on either side of a swap."""


class Snippet(NamedTuple):
    """A phrase with a piece of its sentence before and behind it."""

    before: str
    phrase: str
    after: str


class TellingSwap(NamedTuple):
    """A swap inside its sentence in both texts, and what is odd about it."""

    change: int
    source: Snippet
    suspect: Snippet
    remarks: str


class QuotationView(NamedTuple):
    """A quotation that was altered, whole in both texts, cut at its changes."""

    source: tuple[Stretch, ...]
    suspect: tuple[Stretch, ...]
    n_words: int
    n_suspect: int
    outcome: str


def telling_swaps(found: Explanation, source: str, suspect: str, redact: bool = False) -> tuple[TellingSwap, ...]:
    """Return the most telling swaps of a pair, each once.

    A swap in another form, or backwards, is the same. What tells nothing is left out.

    Parameters
    ----------
    found : Explanation
        Its substitutions, the most telling first.
    source, suspect : str
        The texts.
    redact : bool
        Leave the sentences out.

    Returns
    -------
    tuple of TellingSwap
        At most `N_TELLING`.
    """
    each: dict[frozenset[tuple[str, ...]], Substitution] = {}
    for swap in found.substitutions:
        if swap.telling > 0:
            each.setdefault(frozenset((_lemmas(swap.source), _lemmas(swap.suspect))), swap)
    starts = [row.source_start for row in found.rows]
    row_of = {swap.change: bisect_right(starts, swap.source_start) - 1 for swap in each.values()}
    # One sentence is shown once, as long as there are others.
    first = {row_of[swap.change]: swap.change for swap in reversed(each.values())}
    shown = sorted(each.values(), key=lambda swap: first[row_of[swap.change]] != swap.change)[:N_TELLING]
    rows = [found.rows[max(row_of[swap.change], 0)] if found.rows else None for swap in shown]
    around = 0 if redact else _AROUND
    return tuple(_telling(swap, row, (source, suspect), around) for swap, row in zip(shown, rows, strict=True))


def _lemmas(phrase: str) -> tuple[str, ...]:
    """Return the lemmas of a phrase's words.

    >>> _lemmas("Towed boats")
    ('tow', 'boat')
    """
    lexicon, words = load_lexicon(), phrase.lower().split()
    lemmas = lexicon.lemmas(lexicon.lookup(words)).tolist()
    return tuple(lexicon.words[k] if k < len(lexicon) else word for k, word in zip(lemmas, words, strict=True))


def _telling(swap: Substitution, row: Row | None, texts: tuple[str, str], around: int) -> TellingSwap:
    whole = (0, len(texts[0])), (0, len(texts[1]))
    of_row = ((row.source_start, row.source_end), (row.suspect_start, row.suspect_end)) if row else whole
    source = _snippet(texts[0], (swap.source_start, swap.source_end), of_row[0], around)
    suspect = _snippet(texts[1], (swap.suspect_start, swap.suspect_end), of_row[1], around)
    return TellingSwap(swap.change, source, suspect, swap_words(swap))


def _snippet(text: str, phrase: tuple[int, int], row: tuple[int, int], around: int) -> Snippet:
    """Cut a phrase from a text with what stands around it in its sentence, at blanks."""
    start, end = phrase
    first, last = max(row[0], start - around), min(row[1], end + around)
    before, after = text[first:start], text[end:last]
    if first > row[0]:
        before = "…\u00a0" + re.sub(r"^\S*\s+", "", before)
    if last < row[1]:
        after = re.sub(r"\s+\S*$", "", after) + "\u00a0…"
    return Snippet(before, text[start:end], after)


def altered_quotations(
    found: Explanation, source: str, suspect: str, redact: bool = False
) -> tuple[QuotationView, ...]:
    """Return quotations that were altered, in the order of the source.

    Parameters
    ----------
    found : Explanation
        Its quotations and changes.
    source, suspect : str
        The texts.
    redact : bool
        Show the changed words alone.

    Returns
    -------
    tuple of QuotationView
        At most `MAX_QUOTATIONS`.
    """
    altered = [one for one in found.quotations if not one.kept]
    return tuple(_quotations(found, altered[:MAX_QUOTATIONS], (source, suspect), redact))


def _quotations(
    found: Explanation, altered: Sequence[Quotation], texts: tuple[str, str], redact: bool
) -> Iterator[QuotationView]:
    inside = [change for change in found.changes if change.kind != "moved"]
    for one in altered:
        source, suspect = (
            cut_at_changes(text, one, inside, side, redact, MAX_QUOTED)
            for text, side in zip(texts, (SOURCE, SUSPECT), strict=True)
        )
        n_suspect = count_words(texts[1][one.suspect_start : one.suspect_end])
        outcome = f"{plural(one.words_changed, 'word')} of {one.n_words} changed"
        yield QuotationView(source, suspect, one.n_words, n_suspect, outcome)
