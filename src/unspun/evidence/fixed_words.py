"""List what should not change: quotations, names, numbers and rare words.

What nothing was concluded from is listed, too.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from itertools import groupby
from typing import Literal

import numpy as np

from unspun.comparison.aligned_pair import DELETED, INSERTED, KEPT, AlignedPair, EditColumns
from unspun.comparison.layout.pair_view import Side, view
from unspun.evidence.changes import Span, sentences_span, words_span
from unspun.evidence.explanation import Fixed, LeftOut, Quotation
from unspun.evidence.numerals import Numeral, numerals
from unspun.text.lexicon import load_lexicon
from unspun.text.token_text import BoolArray, IntArray, TokenText
from unspun.text.word_classes import RARE_ZIPF, is_name

FEWEST_QUOTED = 4
"""Words below which quoted words are left aside: they are often scare quotes (see `quotation` among the features)."""

_JOINTS = (" ", "-", "\u2019", "'", "\n")
"""What stands between two words of one name."""
_LITTLE_MORE = 0.5
"""Words of a suspect's quotation that nothing of the source's became, to each that something did, at most."""
_HEADLINE = 0.5
"""Share of words with a capital above which a sentence is a headline, whose capitals mean nothing."""

FixedKind = Literal["name", "number", "rare"]
FixedState = Literal["kept", "altered", "lost"]


def quotations(pair: AlignedPair) -> tuple[Quotation, ...]:
    """Return the quotations of the source and what became of them.

    A quotation is kept when all its aligned words are, with none put among them.
    """
    side = view(pair).source
    words = np.flatnonzero(side.aligned & (side.text.quotes > 0)).tolist()
    sizes = np.bincount(side.text.quotes, minlength=1)
    groups = (list(group) for _, group in groupby(words, key=side.text.quotes.__getitem__))
    return tuple(_quotation(pair, run) for run in groups if sizes[side.text.quotes[run[0]]] >= FEWEST_QUOTED)


def _quotation(pair: AlignedPair, words: list[int]) -> Quotation:
    first, last = words[0], words[-1]
    touched = edits_within(pair, first, last + 1, quoted=True)
    columns = EditColumns.of(touched)
    n_inserted = int(columns.suspect_length[columns.kind == INSERTED].sum())
    side = view(pair).source
    changed = int(np.count_nonzero((side.kind[words] != KEPT) | side.renamed[words])) + n_inserted
    return Quotation(
        *words_span(pair.source, first, last + 1),
        *_image(pair, touched, first, last + 1),
        kept=not changed,
        n_words=len(words),
        words_changed=changed,
    )


def edits_within(pair: AlignedPair, start: int, stop: int, *, quoted: bool = False) -> IntArray:
    """Return the edits that touch the source's words ``start:stop``.

    Edits that put words between two of them are included.

    Parameters
    ----------
    pair : AlignedPair
        The pair.
    start, stop : int
        Indices of words of the source, half-open.
    quoted : bool
        Include what was put before the first of them inside the quotation marks of the suspect.

    Returns
    -------
    int32 (n, 6)
        Rows of ``pair.edits``.
    """
    # Rows and their edits are in the order of the source.
    begins = pair.edit_columns.source_start
    near = pair.edits[max(int(np.searchsorted(begins, start)) - 1, 0) : int(np.searchsorted(begins, stop))]
    columns = EditColumns.of(near)
    touching = (columns.source_start < stop) & (columns.source_stop > start)
    between = (columns.kind == INSERTED) & (columns.source_start > start)
    before = _quoted_before(pair, columns, start) if quoted else False
    return np.asarray(near[touching | between | before])


def _quoted_before(pair: AlignedPair, columns: EditColumns, start: int) -> BoolArray:
    """Return which edits put words before the first of a quotation, inside its marks."""
    put = (columns.kind == INSERTED) & (columns.source_start == start) & (columns.suspect_stop < len(pair.suspect))
    quotes, here = pair.suspect.quotes, np.where(put, columns.suspect_start, 0)
    behind = np.where(put, columns.suspect_stop, 0)
    return np.asarray(put & (quotes[here] > 0) & (quotes[here] == quotes[behind])) if len(quotes) else put


def _image(pair: AlignedPair, edits: IntArray, start: int, stop: int) -> Span:
    """Return where what the edits made of the source's words ``start:stop`` stands in the suspect."""
    # Sentences that were torn apart have no one place: that of the first is shown.
    columns = EditColumns.of(edits)
    if len(edits) and np.ptp(columns.suspect_start) > 3 * (stop - start) + 20:
        edits = edits[columns.group == columns.group[0]]
    places: list[int] = []
    for kind, a, a_stop, b, b_stop, _ in edits.tolist():
        straight = a_stop - a == b_stop - b
        lead, tail = (max(start - a, 0), max(a_stop - stop, 0)) if straight else (0, 0)
        places += [b + lead, b_stop - tail] if kind != DELETED else []
    first = min(places, default=int(columns.suspect_start[0]))
    return words_span(pair.suspect, *_to_the_marks(pair.suspect, first, max(places, default=first)))


def _to_the_marks(text: TokenText, start: int, stop: int) -> tuple[int, int]:
    """Widen a range of words to the quotation that it lies in, where that says little more."""
    quotes = text.quotes[start:stop]
    if not quotes.any():
        return start, stop
    same = text.quotes == np.bincount(quotes[quotes > 0]).argmax()
    first, last = start, stop
    while first > 0 and same[first - 1]:
        first -= 1
    while last < len(text) and same[last]:
        last += 1
    return (first, last) if (start - first) + (last - stop) <= _LITTLE_MORE * (stop - start) else (start, stop)


def fixed(pair: AlignedPair) -> tuple[Fixed, ...]:
    """Return the source's names, numbers and rare words, and their fate.

    Names of several words are one, and so are numbers (`four million`). What left its place and stands elsewhere in
    the suspect is kept. So is a number that is written otherwise (`4,000,000`).
    """
    side = view(pair).source
    counted = _Numbers(pair)
    kinds = _kinds(side, counted.source)
    places = _places(pair.suspect)
    runs = _runs(pair.source, side, kinds, counted.source)
    return tuple(counted.judge(_fixed(pair, run, kinds[run[0]], places), run) for run in runs)


class _Numbers:
    """The numbers of both texts, by the words that they are made of."""

    def __init__(self, pair: AlignedPair) -> None:
        self.pair = pair
        self.source = {k: one for one in numerals(pair.source.words) for k in range(one.start, one.stop)}
        self.suspect = {k: one for one in numerals(pair.suspect.words) for k in range(one.start, one.stop)}
        self.places: dict[Fraction, list[Numeral]] = {}
        for one in dict.fromkeys(self.suspect.values()):
            self.places.setdefault(one.value, []).append(one)

    def judge(self, found: Fixed, run: list[int]) -> Fixed:
        """Return a fixed word; a number is kept if its value is.

        It is altered if words of it stand in another.
        """
        number = self.source.get(run[0])
        if found.kind != "number" or number is None:
            return found
        near = self._at(found)
        if near is not None and near.value == number.value:
            return self._shown(found, "kept", near)
        if self.places.get(number.value):
            nearest = min(self.places[number.value], key=lambda one: abs(self._start(one) - found.suspect_start))
            return self._shown(found, "kept", nearest)
        return found if near is None else self._shown(found, "altered", near)

    def _at(self, found: Fixed) -> Numeral | None:
        """Return the number of the suspect that stands where a fixed word was put."""
        starts = self.pair.suspect.starts
        first, stop = np.searchsorted(starts, (found.suspect_start, found.suspect_end)).tolist()
        return next((self.suspect[k] for k in range(first, stop) if k in self.suspect), None)

    def _start(self, one: Numeral) -> int:
        return int(self.pair.suspect.starts[one.start])

    def _shown(self, found: Fixed, state: FixedState, there: Numeral) -> Fixed:
        span = words_span(self.pair.suspect, there.start, there.stop)
        return replace(found, state=state, suspect_start=span.start, suspect_end=span.end)


def _kinds(side: Side, numbers: Container[int]) -> dict[int, FixedKind]:
    """Return the words that should not change, in their order, with what they are.

    Those that the features count as such, less common words that are names elsewhere (`gates`), and whatever has a
    capital inside a sentence.
    """
    capital = _capitals(side.text)
    inside = capital & _inside_sentence(side.text) & side.content
    name = is_name(side.rows)
    # Where nothing has a capital, the lexicon's word is all there is.
    named = inside | (name & side.immutable & (capital if capital.any() else side.rows < len(load_lexicon())))
    rare = side.immutable & (side.zipf < RARE_ZIPF)
    number = side.number | np.array([word in numbers for word in range(len(side.rows))], np.bool_)
    chosen = np.flatnonzero((number | named | rare) & side.aligned).tolist()
    return {word: "number" if number[word] else "name" if named[word] else "rare" for word in chosen}


def _capitals(text: TokenText) -> BoolArray:
    return np.array([text.text[start].isupper() for start in text.starts.tolist()], np.bool_)


def _inside_sentence(text: TokenText) -> BoolArray:
    """Return which words follow a word directly, in a sentence that is no headline in capitals."""
    n = len(text)
    follows = np.zeros(n, np.bool_)
    gaps = zip(text.ends[:-1].tolist(), text.starts[1:].tolist(), strict=True)
    follows[1:] = [text.text[end:start] in _JOINTS for end, start in gaps]
    follows[text.sentence_stops[:-1]] = False
    lengths = text.sentence_lengths
    capitals = np.add.reduceat(_capitals(text), text.sentence_stops[:-1], dtype=np.int32) if n else lengths
    return follows & np.repeat(capitals <= _HEADLINE * lengths, lengths)


def _places(text: TokenText) -> dict[int, list[int]]:
    """Return where each kind of word stands."""
    found: dict[int, list[int]] = {}
    for place, word in enumerate(text.ids.tolist()):
        found.setdefault(word, []).append(place)
    return found


def _runs(
    text: TokenText, side: Side, kinds: dict[int, FixedKind], numbers: Mapping[int, Numeral]
) -> Iterator[list[int]]:
    """Yield the words that make one name, number or rare word."""
    run: list[int] = []
    for word in kinds:
        same_number = run and word in numbers and numbers[word] is numbers.get(run[-1])
        joined = same_number or (
            run
            and kinds[word] == kinds[run[-1]] == "name"
            and word == run[-1] + 1
            and side.group[word] == side.group[run[-1]]
            and text.text[text.ends[run[-1]] : text.starts[word]] in _JOINTS
        )
        if run and not joined:
            yield run
            run = []
        run.append(word)
    if run:
        yield run


def _fixed(pair: AlignedPair, run: list[int], kind: FixedKind, places: dict[int, list[int]]) -> Fixed:
    v = view(pair)
    found = [_place_of(pair, v.source, word, places) for word in run]
    states = {state for state, _, _ in found}
    state: FixedState = next(iter(states)) if len(states) == 1 else "altered"
    there = [(start, stop) for _, start, stop in found if stop > start] or [found[0][1:]]
    start, stop = min(a for a, _ in there), max(b for _, b in there)
    # Parts that were scattered over the suspect are shown by the first alone.
    if stop - start > len(run) + 4:
        start, stop = there[0]
    text = pair.source.span(run[0], run[-1] + 1)
    return Fixed(
        kind, text, state, *words_span(pair.source, run[0], run[-1] + 1), *words_span(pair.suspect, start, stop)
    )


def _place_of(pair: AlignedPair, side: Side, word: int, places: dict[int, list[int]]) -> tuple[FixedState, int, int]:
    """Return what became of one word, and the words of the suspect that it is, or became."""
    mate = int(side.mate[word])
    if mate >= 0 and side.kind[word] == KEPT and not side.renamed[word]:
        return "kept", mate, mate + 1
    _, _, _, b, b_stop, _ = edits_within(pair, word, word + 1)[0].tolist()
    elsewhere = places.get(int(side.text.ids[word]))
    if elsewhere:
        nearest = min(elsewhere, key=lambda place: abs(place - b))
        return "kept", nearest, nearest + 1
    return ("altered" if b_stop > b else "lost"), b, b_stop


def count_kept(fixed: Iterable[Fixed]) -> str:
    """Say how many names and numbers were kept, and how many rare words.

    It is empty where there are none.

    >>> count_kept([Fixed("name", "Orla", "kept", 0, 4, 0, 4), Fixed("rare", "quay", "lost", 6, 9, 5, 5)])
    '1 of 1 names and numbers kept, 0 of 1 rare words'
    """
    held: dict[bool, list[bool]] = {False: [], True: []}
    for one in fixed:
        held[one.kind == "rare"].append(one.state == "kept")
    firm, rare = (f"{sum(some):,} of {len(some):,}" if some else "" for some in held.values())
    firm = firm and f"{firm} names and numbers kept"
    return ", ".join(filter(None, (firm, rare and f"{rare} rare words{'' if firm else ' kept'}")))


def left_out(pair: AlignedPair) -> tuple[LeftOut, ...]:
    """Return the stretches of both texts that are in no row.

    Boilerplate, and the page's own text.
    """
    return (
        *_left_out(pair.source, pair.source_sentences, "source"),
        *_left_out(pair.suspect, pair.suspect_sentences, "suspect"),
    )


def _left_out(text: TokenText, sentences: IntArray, side: Literal["source", "suspect"]) -> Iterable[LeftOut]:
    used = np.zeros(text.n_sentences, np.bool_)
    for first, stop in sentences.tolist():
        used[first:stop] = True
    labels = np.where(text.boilerplate, 1, np.where(used, 0, 2)).tolist()
    place = 0
    for label, group in groupby(labels):
        stop = place + len(list(group))
        if label:
            yield LeftOut(side, "boilerplate" if label == 1 else "own", *sentences_span(text, place, stop))
        place = stop
