"""Compare whole texts, whether sentences are aligned or not: words, lengths, order, and the course of meaning."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import LCSseq

from unspun.comparison.aligned_pair import AlignedPair
from unspun.comparison.features.feature import NAN, Measure, log_ratio, ratio
from unspun.comparison.features.meaning import vectors_of
from unspun.comparison.features.shared_words import LONGEST_TEXTS
from unspun.comparison.pair_view import word_classes
from unspun.comparison.sentence_alignment import word_weights
from unspun.text.token_text import FloatArray, IntArray, TokenText, once

_WHOLE_KINDS = ("content", "rare", "number")


@once
def _whole_kinds(text: TokenText) -> tuple[frozenset[int], ...]:
    """Return the distinct content words, rare words and numbers of a text, boilerplate aside; made once a text."""
    words = word_classes(text)
    chosen = [words.content, words.uncommon, words.number]
    if text.boilerplate.any():
        chosen = [some & ~text.in_boilerplate for some in chosen]
    return tuple(frozenset(text.ids[some].tolist()) for some in chosen)


def _whole_share(pair: AlignedPair, kind: str, of_suspect: bool) -> float:
    place = _WHOLE_KINDS.index(kind)
    a, b = (_whole_kinds(text)[place] for text in (pair.source, pair.suspect))
    return ratio(len(a & b), len(b if of_suspect else a))


def whole_source(kind: str) -> Measure:
    """Return the feature ``whole_<kind>_source``; ``kind`` is ``content``, ``rare`` or ``number``."""

    def share(pair: AlignedPair) -> float:
        """Return the share of a kind of distinct words anywhere in the source that the suspect has. Range [0, 1].

        Measured whether anything is aligned or not: a rewriter may leave no sentence that can be told again, and still
        the words that the subject needs.
        """
        return _whole_share(pair, kind, of_suspect=False)

    share.__name__ = f"whole_{kind}_source"
    return share


def whole_suspect(kind: str) -> Measure:
    """Return the feature ``whole_<kind>_suspect`` (see `whole_source`)."""

    def share(pair: AlignedPair) -> float:
        """Return the share of a kind of distinct words anywhere in the suspect that the source has. Range [0, 1]."""
        return _whole_share(pair, kind, of_suspect=True)

    share.__name__ = f"whole_{kind}_suspect"
    return share


@once
def _own_words(text: TokenText) -> list[int]:
    words: list[int] = text.ids[~text.in_boilerplate].tolist()
    return words


def whole_same_order(pair: AlignedPair) -> float:
    """Return the share of all words that stand in both texts in one order, boilerplate aside. Range [0, 1].

    Twice the longest common subsequence of words over the lengths of both texts, as they stand and not as lemmas. What
    is near 1 is a copy; a swap, an insertion or a moved sentence each take their words from it. NaN where a text is
    nothing but boilerplate, or both are books (some 50,000 words).

    Examples
    --------
    >>> from unspun.comparison.alignment import align
    >>> from unspun.text.tokenizer import read_text
    >>> whole_same_order(align(read_text("The old ferry sank."), read_text("The old boat sank.")))
    0.75
    """
    source, suspect = _own_words(pair.source), _own_words(pair.suspect)
    if not 0 < len(source) * len(suspect) <= LONGEST_TEXTS:
        return NAN
    return 2 * LCSseq.similarity(source, suspect) / (len(source) + len(suspect))


def whole_length_delta(pair: AlignedPair) -> float:
    """Return the logarithm of the texts' length ratio, suspect over source, in words. Range (-inf, inf).

    Boilerplate aside; NaN where a text is nothing else.
    """
    return log_ratio(pair.source.n_own_words, pair.suspect.n_own_words)


def whole_sentence_delta(pair: AlignedPair) -> float:
    """Return the same in sentences. Range (-inf, inf)."""
    return log_ratio(*(int(np.count_nonzero(~text.boilerplate)) for text in (pair.source, pair.suspect)))


WIDTHS = {"narrow": 0.05, "wide": 0.2}
"""How far apart, as shares of the texts, two places may be that still count as the same."""
_MOST = 256
"""Sentences of longer texts are taken together."""
_LARGEST = 25_000_000
"""Product of the texts' different lemmas beyond which they are not compared: it would take more than 200 MB."""
_FAR, _N_SQUARES = 0.1, 4
"""Cosines below this are taken for it; the power of cosines that is summed is two to the power of this number."""
_SIDES = ("source", "suspect")
_NONE = 1e-6


class Told(NamedTuple):
    """A text as k things told: sentences with content words, or runs of them; u different lemmas.

    Attributes
    ----------
    weight : float (k,)
        The sentences' shares of these words; sums to 1.
    place : float (k,)
        Where their middles stand in the text, in (0, 1).
    lemmas : int (u,)
        The lemmas, sorted.
    sentence, lemma : int (n,)
        For every content word its sentence and its place in ``lemmas``.
    """

    weight: FloatArray
    place: FloatArray
    lemmas: IntArray
    sentence: NDArray[np.intp]
    lemma: NDArray[np.intp]


@once
def _told(text: TokenText) -> Told:
    content = word_classes(text).content
    if text.boilerplate.any():
        content = content & ~text.in_boilerplate
    words = np.flatnonzero(content)
    sentence = text.sentence_of[words]
    if text.n_sentences > _MOST:
        sentence = sentence * _MOST // text.n_sentences
    counts = np.bincount(sentence)
    counts = counts[counts > 0]
    weight = (counts / max(1, len(words))).astype(np.float32)
    place = np.asarray(np.cumsum(weight) - weight / 2, np.float32)
    lemmas, lemma = np.unique(text.lemmas[words], return_inverse=True)
    return Told(weight, place, lemmas, np.repeat(np.arange(len(counts)), counts), lemma)


def _likeness(a: Told, b: Told) -> FloatArray:
    """Return how far the words of two sentences are found in one another, in [0, 1], for all pairs (k_a, k_b)."""
    near = vectors_of(a.lemmas) @ vectors_of(b.lemmas).T
    np.maximum(near, _FAR, out=near)
    place = np.minimum(np.searchsorted(b.lemmas, a.lemmas), len(b.lemmas) - 1)
    (same,) = np.nonzero(b.lemmas[place] == a.lemmas)
    near[same, place[same]] = 1
    # The sum of high powers is that of the largest, and takes a fraction of the time of looking for it.
    for _ in range(_N_SQUARES):
        near *= near
    holds_a, holds_b = _holds(a), _holds(b)
    weights_a, weights_b = word_weights(a.lemmas), word_weights(b.lemmas)
    found = (holds_a * weights_a) @ _root(near @ holds_b.T) + _root(holds_a @ near) @ (holds_b * weights_b).T
    mass = (holds_a @ weights_a)[:, np.newaxis] + holds_b @ weights_b
    return np.asarray(np.minimum(found / mass, 1), np.float32)


def _holds(told: Told) -> FloatArray:
    """Return 1 for every lemma that stands in a sentence, else 0, (k, u)."""
    holds = np.zeros((len(told.weight), len(told.lemmas)), np.float32)
    holds[told.sentence, told.lemma] = 1
    return holds


def _root(powers: NDArray[np.floating]) -> NDArray[np.floating]:
    for _ in range(_N_SQUARES):
        np.sqrt(powers, out=powers)
    return np.asarray(np.minimum(powers, 1))


@once
def _compared(pair: AlignedPair) -> dict[str, float]:
    """Return every measure of this module; NaN where a text tells too little, or both too much."""
    a, b = _told(pair.source), _told(pair.suspect)
    result = dict.fromkeys((*(f"{what}_{width}" for what in ("strength", "match") for width in WIDTHS), *_SIDES), NAN)
    if not 0 < len(a.lemmas) * len(b.lemmas) <= _LARGEST:
        return result
    likeness = _likeness(a, b)
    result["source"] = float(a.weight @ likeness.max(axis=1))
    result["suspect"] = float(b.weight @ likeness.max(axis=0))
    if min(len(a.weight), len(b.weight)) < 2:
        return result
    # What two sentences have in common beyond what either has with all of the other text.
    beyond = _centred(likeness, a.weight, b.weight)
    spread = math.sqrt(a.weight @ (beyond * beyond) @ b.weight)
    apart = a.place[:, np.newaxis] - b.place
    for name, width in WIDTHS.items():
        same_place = _centred(np.exp(-((apart / width) ** 2)), a.weight, b.weight)
        size = math.sqrt(a.weight @ (same_place * same_place) @ b.weight)
        strength = float(a.weight @ (beyond * same_place) @ b.weight) / size if size > _NONE else NAN
        result[f"strength_{name}"] = strength
        result[f"match_{name}"] = min(max(strength / spread, -1.0), 1.0) if spread > _NONE else NAN
    return result


def _centred(table: FloatArray, rows: FloatArray, columns: FloatArray) -> FloatArray:
    """Return a table less the weighted means of its rows and columns."""
    by_row = table @ columns
    return np.asarray(table - by_row[:, np.newaxis] - rows @ table + rows @ by_row)


def course_strength(width: str) -> Measure:
    """Return the feature ``course_strength_<width>``; ``width`` is one of `WIDTHS`."""

    def strength(pair: AlignedPair) -> float:
        """Return how much more alike sentences at the same place are than others. Range [-1, 1].

        The covariance, over all pairs of a sentence of the source with one of the suspect, of their likeness and their
        standing at the same place (a bell curve of the distance), both less their means by sentence, in standard
        deviations of the latter. NaN below two sentences in either text.
        """
        return _compared(pair)[f"strength_{width}"]

    strength.__name__ = f"course_strength_{width}"
    return strength


def course_match(width: str) -> Measure:
    """Return the feature ``course_match_<width>``; ``width`` is one of `WIDTHS`."""

    def match(pair: AlignedPair) -> float:
        """Return the correlation of likeness and standing at the same place. Range [-1, 1].

        As `course_strength`, in standard deviations of both.
        """
        return _compared(pair)[f"match_{width}"]

    match.__name__ = f"course_match_{width}"
    return match


def whole_meaning_source(pair: AlignedPair) -> float:
    """Return how far the source's sentences are found in those of the suspect that are likest. Range [0, 1].

    The mean over sentences, by their words. NaN without content words in either text.
    """
    return _compared(pair)["source"]


def whole_meaning_suspect(pair: AlignedPair) -> float:
    """Return how far the suspect's sentences are found in those of the source that are likest. Range [0, 1]."""
    return _compared(pair)["suspect"]
