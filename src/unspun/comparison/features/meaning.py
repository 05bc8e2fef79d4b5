"""Meaning kept against wording kept: static word vectors of the aligned sentences and of what changed in them."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from scipy import sparse

from unspun.comparison.aligned_pair import INFLECTED, AlignedPair
from unspun.comparison.features.feature import NAN, mean
from unspun.comparison.pair_view import Side, view
from unspun.comparison.sentence_alignment import word_weights
from unspun.text.token_text import FloatArray, IntArray, once
from unspun.text.word_vectors import load_word_vectors

_DENSE = 4_000_000


@lru_cache(maxsize=1)
def _vectors() -> FloatArray:
    """Return the vectors by row, zero where a word has none."""
    return np.nan_to_num(load_word_vectors().vectors)


def vectors_of(lemmas: IntArray) -> FloatArray:
    """Return the vector of every lemma, zero where it has none, float32 (n, 64)."""
    return np.asarray(_vectors().take(load_word_vectors().row(lemmas), axis=0))


def _row_vectors(pair: AlignedPair, side: Side) -> tuple[FloatArray, FloatArray]:
    """Return for every row the weighted sum of its content words' vectors, of all and of the changed ones (r, d)."""
    words = np.flatnonzero(side.content & side.aligned)
    lemmas = side.text.lemmas[words]
    vectors = vectors_of(lemmas)
    weights, places = word_weights(lemmas), (side.row[words], np.arange(len(words)))
    shape = len(pair.groups), len(words)
    # Of two books the whole table would not fit into memory; of two articles it takes a tenth of the time.
    table = np.zeros(shape, np.float32) if math.prod(shape) <= _DENSE else sparse.csr_array((weights, places), shape)
    if isinstance(table, np.ndarray):
        table[places] = weights
    changed = side.kind[words] > INFLECTED
    return table @ vectors, table[:, changed] @ vectors[changed]


def _cosines(a: FloatArray, b: FloatArray) -> FloatArray:
    size = np.linalg.norm(a, axis=1) * np.linalg.norm(b, axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.where(size > 1e-6, (a * b).sum(axis=1) / size, NAN), np.float32)


@once
def _row_cosines(pair: AlignedPair) -> tuple[FloatArray, FloatArray]:
    """Return for every row the cosine of both sides' content words, and that of what left and what came."""
    v = view(pair)
    (all_a, changed_a), (all_b, changed_b) = _row_vectors(pair, v.source), _row_vectors(pair, v.suspect)
    return _known(_cosines(all_a, all_b)), _known(_cosines(changed_a, changed_b))


def _known(values: FloatArray) -> FloatArray:
    return values[~np.isnan(values)]


def changed_meaning_mean(pair: AlignedPair) -> float:
    """Return the mean cosine, over rows, of the words that left and the words that came. Range [-1, 1].

    High where wording changed and meaning did not: the mark of rewriting; lower where content was added or cut.
    """
    return mean(_row_cosines(pair)[1])


def changed_meaning_low_rate(pair: AlignedPair) -> float:
    """Return the share of changed rows whose leaving and coming words differ in meaning (cosine < 0.4). [0, 1]."""
    return mean(_row_cosines(pair)[1] < 0.4)


def row_meaning_mean(pair: AlignedPair) -> float:
    """Return the mean cosine of the rows' content words. Range [-1, 1]."""
    return mean(_row_cosines(pair)[0])


def meaning_excess(pair: AlignedPair) -> float:
    """Return by how much the rows' meaning was kept more than their wording. Range [-2, 1]."""
    return row_meaning_mean(pair) - mean(pair.similarity)
