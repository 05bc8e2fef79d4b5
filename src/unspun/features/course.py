"""Course of two whole texts: whether what is near in meaning stands at the same place of both.

A rewriter that leaves no sentence that can be aligned still tells one thing after the other; two writers on one subject
mean the same things at other places. Sentences are compared word by word: every content word counts as found in a
sentence of the other text as far as its nearest words there are near (by static word vectors; 1 for the same lemma),
and a sentence as far as its words are found, both ways (after R. Mihalcea et al., 2006, "Corpus-based and
knowledge-based measures of text semantic similarity"). Furniture is left out.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from unspun.align import word_weights
from unspun.features.base import NAN, Measure, constants
from unspun.features.meaning import vectors_of
from unspun.types import AlignedPair, FloatArray, IntArray, TokenText, once

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
    content = constants(text)[2]
    if text.furniture.any():
        content = content & ~text.in_furniture
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
