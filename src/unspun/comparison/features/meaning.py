"""Measure meaning kept against wording kept.

Static word vectors stand for the aligned sentences, and for what changed in them.
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from scipy import sparse

from unspun.comparison.aligned_pair import INFLECTED, AlignedPair
from unspun.comparison.features.feature import NAN, feature
from unspun.comparison.pair_view import Side, view
from unspun.comparison.sentence_alignment import word_weights
from unspun.comparison.short_arrays import mean
from unspun.text.token_text import FloatArray, IntArray, once
from unspun.text.word_vectors import load_word_vectors

_DENSE = 4_000_000
"""Cells of a table of groups by words above which it is kept sparse."""
_ELSEWHERE = 0.4
"""Cosine below which what left a group and what came mean something else."""
_NONE = 1e-6


@lru_cache(maxsize=1)
def _vectors() -> FloatArray:
    """Return the vectors by row, zero where a word has none."""
    return np.nan_to_num(load_word_vectors().vectors)


def vectors_of(lemmas: IntArray) -> FloatArray:
    """Return the vector of every lemma, zero where it has none, float32 (n, 64)."""
    return np.asarray(_vectors().take(load_word_vectors().row(lemmas), axis=0))


def _group_vectors(pair: AlignedPair, side: Side) -> tuple[FloatArray, FloatArray]:
    """Return for every group the weighted sum of its content words' vectors, of all and of the changed ones (g, d)."""
    words = np.flatnonzero(side.content & side.aligned)
    lemmas = side.text.lemmas[words]
    vectors = vectors_of(lemmas)
    weights, places = word_weights(lemmas), (side.group[words], np.arange(len(words)))
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
        return np.asarray(np.where(size > _NONE, (a * b).sum(axis=1) / size, NAN), np.float32)


@once
def _group_cosines(pair: AlignedPair) -> tuple[FloatArray, FloatArray]:
    """Return for every group the cosine of both texts' content words, and that of what left and what came."""
    v = view(pair)
    (all_a, changed_a), (all_b, changed_b) = _group_vectors(pair, v.source), _group_vectors(pair, v.suspect)
    return _known(_cosines(all_a, all_b)), _known(_cosines(changed_a, changed_b))


def _known(values: FloatArray) -> FloatArray:
    return values[~np.isnan(values)]


@feature(-1, 1, identical=NAN, family="swaps", label="changed words that mean the same")
def changed_meaning_mean(pair: AlignedPair) -> float:
    """Return the mean cosine of the words that left and the words that came.

    The mean is over groups; NaN without changes. High where wording changed and meaning did not: the mark of rewriting.
    Lower where content was added or cut.

    >>> changed_meaning_mean.between("The old ferry sank.", "The old boat sank.") > 0.4
    True
    """
    return mean(_group_cosines(pair)[1])


@feature(0, 1, identical=NAN, family="swaps", label="sentences whose changes mean something else")
def changed_meaning_low_rate(pair: AlignedPair) -> float:
    """Return the share of changed groups that changed their meaning.

    The cosine of the leaving and the coming words is below 0.4 there. NaN without changed groups.

    >>> changed_meaning_low_rate.between("The old ferry sank.", "The old boat sank.")
    0.0
    """
    return mean(_group_cosines(pair)[1] < _ELSEWHERE)


@feature(-1, 1, identical=1, family="shared", label="meaning kept")
def row_meaning_mean(pair: AlignedPair) -> float:
    """Return the mean cosine of the groups' content words.

    >>> row_meaning_mean.between("The old ferry sank.", "The old ferry sank.")
    1.0
    """
    return mean(_group_cosines(pair)[0])


@feature(-2, 1, identical=0, family="shared", label="meaning kept more than wording")
def meaning_excess(pair: AlignedPair) -> float:
    """Return by how much the groups' meaning was kept more than their wording.

    >>> meaning_excess.between("The old ferry sank.", "The old boat sank.") > 0
    True
    """
    return mean(_group_cosines(pair)[0]) - mean(pair.similarity)
