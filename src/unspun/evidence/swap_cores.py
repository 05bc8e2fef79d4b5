"""Cut a changed phrase to what was put for what in it.

A phrase takes in what came or went beside a swap. What stands for nothing on the other side is no part of the swap
(`heart of` for `core`, `those who created` for `the people who built`), and shown with it would blur the evidence.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import reduce
from operator import or_
from typing import NamedTuple

import numpy as np

from unspun.comparison.aligned_pair import SUBSTITUTED, AlignedPair
from unspun.comparison.layout.pair_view import Side, view
from unspun.evidence.swap_phrases import RELATED, degree_before, phrase_relation, widened_spans
from unspun.text.lexicon import load_lexicon
from unspun.text.token_text import BoolArray, IntArray
from unspun.text.word_classes import is_name
from unspun.text.word_vectors import load_word_vectors

_LARGEST = 100
"""Combinations of words beyond which a phrase is a stretch of text, and left as it is."""
_NEAR = 0.5
"""Cosine from which two content words stand for one another though no thesaurus relates them."""
_STEM, _STEM_SHARE = 4, 0.6
"""Letters that two words have in common at their start, at least, and their share of the longer word, where they are
taken for forms of one (`geometric`, `geometrical`)."""


class Core(NamedTuple):
    """The words of a phrase that stand for one another, and those between them.

    Attributes
    ----------
    source, suspect : (int, int)
        Words of both texts, half-open.
    told : float
        Share of its words, function words aside, that stand for words of the other side; 0 where none do.
    relation : int
        Relation bits of those words.
    unpaired : tuple of (int, int)
        Words of the source that stand for one of the suspect, and that, where the aligner did not pair them.
    idle : bool
        Whether it is no evidence: a name in it stands for nothing, it has forms of one word, or several words none of
        which stands for another.
    """

    source: tuple[int, int]
    suspect: tuple[int, int]
    told: float
    relation: int
    unpaired: tuple[tuple[int, int], ...]
    idle: bool


class _Anchor(NamedTuple):
    """Words that stand for one another: half-open ranges in both texts, and what relates them."""

    a: int
    a_stop: int
    b: int
    b_stop: int
    bits: int


def cores(pair: AlignedPair, phrases: Sequence[tuple[int, ...]], by_place: bool) -> list[Core]:
    """Return the core of each phrase.

    Words stand for one another that a thesaurus relates, that are near in meaning, or that make up a phrase of the
    thesaurus. Forms of one word do not.

    Parameters
    ----------
    pair : AlignedPair
        Two aligned texts.
    phrases : sequence of tuple of int
        Edits of each phrase, as `unspun.evidence.swap_phrases.phrases` gives them.
    by_place : bool
        Whether a word that was put for one word stands for it in any case, as in texts spun word by word.

    Returns
    -------
    list of Core
        A phrase in which no words stand for one another is whole.

    Examples
    --------
    >>> from unspun.comparison.alignment import align
    >>> from unspun.evidence.swap_phrases import phrases
    >>> from unspun.text.tokenizer import read_text
    >>> texts = "At the heart of the engine sits a pump.", "At the very core the engine sits a pump."
    >>> pair = align(*map(read_text, texts))
    >>> [core] = cores(pair, phrases(pair), by_place=False)
    >>> pair.source.span(*core.source), pair.suspect.span(*core.suspect), core.told
    ('heart', 'core', 1.0)
    """
    spans = [_span(pair, edits) for edits in phrases]
    anchors: list[list[_Anchor]] = [[] for _ in spans]
    for k, anchor in _words_that_stand(pair, spans):
        anchors[k].append(anchor)
    for edits, found in zip(phrases, anchors, strict=True):
        found.extend(_of_the_thesaurus(pair, edits))
    placed = [_by_place(pair, edits) if by_place else [] for edits in phrases]
    return [_core(pair, *one) for one in zip(spans, anchors, placed, strict=True)]


def _span(pair: AlignedPair, edits: tuple[int, ...]) -> tuple[int, int, int, int]:
    first, last = pair.edit(edits[0]), pair.edit(edits[-1])
    return first.source_start, last.source_stop, first.suspect_start, last.suspect_stop


def _words_that_stand(pair: AlignedPair, spans: Sequence[tuple[int, int, int, int]]) -> Iterator[tuple[int, _Anchor]]:
    """Yield pairs of words that stand for one another, with the number of their phrase."""
    sizes = [(b - a, d - c) for a, b, c, d in spans]
    chosen = [k for k, (n, m) in enumerate(sizes) if 0 < n * m <= _LARGEST]
    if not chosen:
        return
    owner = np.concatenate([np.full(sizes[k][0] * sizes[k][1], k) for k in chosen])
    i = np.concatenate([np.repeat(np.arange(*spans[k][:2]), sizes[k][1]) for k in chosen])
    j = np.concatenate([np.tile(np.arange(*spans[k][2:]), sizes[k][0]) for k in chosen])
    bits, near = _bits(pair, i, j), _near(pair, i, j)
    related = ((bits & RELATED) > 0) & (_of_one_class(pair, i, j) | _put_for(pair, i, j))
    held = np.flatnonzero(related | near)
    for k, a, b, of in zip(*(column[held].tolist() for column in (owner, i, j, bits)), strict=True):
        if not _one_word(pair.source.words[a], pair.suspect.words[b]):
            yield k, _Anchor(a, a + 1, b, b + 1, of)


def _of_one_class(pair: AlignedPair, i: IntArray, j: IntArray) -> BoolArray:
    """Return where neither word is a function word."""
    v = view(pair)
    return np.asarray(~v.source.stop[i] & ~v.suspect.stop[j])


def _put_for(pair: AlignedPair, i: IntArray, j: IntArray) -> BoolArray:
    """Return where the aligner paired two words: a function word may stand for another only there."""
    return np.asarray(view(pair).source.mate[i] == j)


def _bits(pair: AlignedPair, i: IntArray, j: IntArray) -> IntArray:
    """Return the relation bits of words; function words stand for none of their kind, nor a lemma for itself."""
    v, lexicon = view(pair), load_lexicon()
    a, b = pair.source, pair.suspect
    bits = lexicon.relation(a.lemmas[i], b.lemmas[j]) | lexicon.relation(a.ids[i], b.ids[j])
    return np.where((v.source.stop[i] & v.suspect.stop[j]) | (a.lemmas[i] == b.lemmas[j]), 0, bits)


def _near(pair: AlignedPair, i: IntArray, j: IntArray) -> BoolArray:
    v, a, b = view(pair), pair.source.lemmas[i], pair.suspect.lemmas[j]
    near = np.nan_to_num(load_word_vectors().similarity(a, b), nan=0.0) >= _NEAR
    names = is_name(v.source.rows[i]) | is_name(v.suspect.rows[j])
    return np.asarray(near & ~names & (a != b) & v.source.content[i] & v.suspect.content[j])


def _one_word(a: str, b: str) -> bool:
    """Whether two words are forms of one.

    >>> _one_word("geometric", "geometrical"), _one_word("ferry", "ferryboat")
    (True, False)
    """
    same = next((k for k, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    return same >= _STEM and same >= _STEM_SHARE * max(len(a), len(b))


def _of_the_thesaurus(pair: AlignedPair, edits: tuple[int, ...]) -> Iterator[_Anchor]:
    """Yield words for which a phrase of the thesaurus stands, or which stand for one."""
    span = _span(pair, edits)
    whole = phrase_relation(pair, span) if max(span[1] - span[0], span[3] - span[2]) > 1 else 0
    if whole & RELATED:
        yield _Anchor(*span, whole)
    for k in edits:
        if pair.edit(k).kind == SUBSTITUTED:
            for near, found, bits in widened_spans(pair, k):
                if near in edits and bits & RELATED:
                    yield _Anchor(*found, bits)


def _by_place(pair: AlignedPair, edits: tuple[int, ...]) -> list[_Anchor]:
    """Return content words that were put for one another, whatever they mean."""
    v = view(pair)
    found = (pair.edit(k) for k in edits)
    return [
        _Anchor(one.source_start, one.source_stop, one.suspect_start, one.suspect_stop, 0)
        for one in found
        if one.kind == SUBSTITUTED
        and v.source.content[one.source_start : one.source_stop].any()
        and v.suspect.content[one.suspect_start : one.suspect_stop].any()
    ]


def _core(
    pair: AlignedPair, span: tuple[int, int, int, int], told: Sequence[_Anchor], placed: Sequence[_Anchor]
) -> Core:
    v, (a, a_stop, b, b_stop) = view(pair), span
    if ends := [*told, *placed]:
        a, b = min(one.a for one in ends), min(one.b for one in ends)
        a_stop, b_stop = max(one.a_stop for one in ends), max(one.b_stop for one in ends)
    known_a = _held(a, a_stop, [(one.a, one.a_stop) for one in told])
    known_b = _held(b, b_stop, [(one.b, one.b_stop) for one in told])
    words = int((~v.source.stop[a:a_stop] | known_a).sum() + (~v.suspect.stop[b:b_stop] | known_b).sum())
    idle = bool((_names(v.source, a, a_stop) & ~known_a).any() or (_names(v.suspect, b, b_stop) & ~known_b).any())
    idle |= not told and _stands_for_none(pair, (a, a_stop, b, b_stop))
    bits = reduce(or_, (one.bits for one in told), 0)
    share = float(known_a.sum() + known_b.sum()) / max(words, 1)
    # What was added to a word belongs to what stands for it (`transfer period` for `window`).
    first_a = _with_more_before(v.source, a, span[0]) if b == span[2] else a
    first_b = _with_more_before(v.suspect, b, span[2]) if a == span[0] else b
    more_a, more_b = degree_before(pair, first_a, first_b)
    first_a, first_b = max(first_a - more_a, span[0]), max(first_b - more_b, span[2])
    return Core((first_a, a_stop), (first_b, b_stop), share, bits, _unpaired(v.source, told, placed), idle)


def _unpaired(side: Side, told: Sequence[_Anchor], placed: Sequence[_Anchor]) -> tuple[tuple[int, int], ...]:
    """Return words that stand for one another but are not paired; each stands for one.

    What was put for one word in a text spun word by word stands for no other.
    """
    single = [one for one in told if one.a_stop - one.a == one.b_stop - one.b == 1]
    paired = [*placed, *(one for one in single if side.mate[one.a] == one.b)]
    taken_a, taken_b = (
        {k for one in paired for k in range(one.a, one.a_stop)},
        {k for one in paired for k in range(one.b, one.b_stop)},
    )
    found = []
    for one in single:
        if one.a not in taken_a and one.b not in taken_b:
            found.append((one.a, one.b))
            taken_a.add(one.a)
            taken_b.add(one.b)
    return tuple(found)


def _with_more_before(side: Side, start: int, first: int) -> int:
    """Return where a phrase starts with the content words before it."""
    while start > first and side.content[start - 1]:
        start -= 1
    return start


def _stands_for_none(pair: AlignedPair, span: tuple[int, int, int, int]) -> bool:
    """Whether a phrase is not one content word for another, or forms of one word."""
    v, (a, a_stop, b, b_stop) = view(pair), span
    single = a_stop - a == b_stop - b == 1 and v.source.content[a] and v.suspect.content[b]
    return not single or _one_word(pair.source.words[a], pair.suspect.words[b])


def _held(start: int, stop: int, ranges: Sequence[tuple[int, int]]) -> BoolArray:
    """Return which words ``start:stop`` are in some of the ranges."""
    places = np.arange(start, stop)
    return np.asarray(
        sum(((places >= a) & (places < b) for a, b in ranges), np.zeros(stop - start, np.bool_)), np.bool_
    )


def _names(side: Side, start: int, stop: int) -> BoolArray:
    """Return which words ``start:stop`` are names: with a capital, where the text has any."""
    text = side.text
    capital = [text.text[k].isupper() for k in text.starts[start:stop].tolist()]
    seen = np.array(capital, np.bool_) | text.in_lower_case
    return np.asarray(is_name(side.rows[start:stop]) & side.content[start:stop] & seen)
