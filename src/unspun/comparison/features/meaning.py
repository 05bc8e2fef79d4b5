"""Measure meaning kept against wording kept.

Static word vectors stand for the aligned sentences, and for what changed in them.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from unspun.comparison.aligned_pair import INFLECTED
from unspun.comparison.features.feature import NAN, Batch
from unspun.comparison.layout.pair_view import Side, View
from unspun.comparison.layout.segments import Numbers, Segments
from unspun.comparison.sentence_alignment import word_weights
from unspun.text.token_text import BoolArray, FloatArray, IntArray
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


def rows_of_vectors(lemmas: IntArray) -> IntArray:
    """Return where the vector of every lemma is, for `vectors_at`, (n,)."""
    return load_word_vectors().row(lemmas)


def vectors_at(rows: IntArray) -> FloatArray:
    """Return vectors, zero where a lemma has none, float32 (n, 64).

    Those of a pair or two at a time: more would leave the processor's caches.
    """
    return _vectors().take(rows, axis=0)


def _group_vectors(v: View, side: Side) -> tuple[FloatArray, FloatArray]:
    """Return for every group the weighted sum of its content words' vectors, of all and of the changed ones (g, d)."""
    words = np.flatnonzero(side.content & side.aligned)
    of = side.words.chosen(words)
    lemmas = side.texts.lemmas[words]
    rows, weights = rows_of_vectors(lemmas), word_weights(lemmas)
    groups = side.group[words] - v.groups.bounds[:-1][of.owner]
    changed = side.kind[words] > INFLECTED
    # The sums of a pair are a product of two tables: a pair has the same alone and in company.
    tables = [
        _sums(weights[a:b], vectors_at(rows[a:b]), groups[a:b], changed[a:b], n)
        for a, b, n in zip(of.bounds[:-1].tolist(), of.bounds[1:].tolist(), v.groups.sizes.tolist(), strict=True)
    ]
    everything, of_changed = (np.concatenate(some) for some in zip(*tables, strict=True))
    return everything, of_changed


def _sums(
    weights: FloatArray, vectors: FloatArray, groups: NDArray[np.integer[Any]], changed: BoolArray, n_groups: int
) -> tuple[FloatArray, FloatArray]:
    """Return the weighted sums of vectors by group, of all words of a pair and of the changed ones."""
    places, shape = (groups, np.arange(len(weights))), (n_groups, len(weights))
    # Of two books the whole table would not fit into memory; of two articles it takes a tenth of the time.
    if math.prod(shape) <= _DENSE:
        table = np.zeros(shape, np.float32)
        table[places] = weights
    else:
        from scipy import sparse

        table = sparse.csr_array((weights, places), shape)
    return table @ vectors, table[:, changed] @ vectors[changed]


def _cosines(a: FloatArray, b: FloatArray) -> FloatArray:
    size = np.linalg.norm(a, axis=1) * np.linalg.norm(b, axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.where(size > _NONE, (a * b).sum(axis=1) / size, NAN), np.float32)


class Cosines(NamedTuple):
    """Cosines of groups, and the pair of each; groups without one are left out."""

    values: FloatArray
    of: Segments


class Meaning(NamedTuple):
    """Findings on the meaning of groups.

    ``kept`` are the cosines of their content words in both texts, ``changed`` those of what left and what came.
    ``wording`` (n,) is the overlap of the wording, the mean over the groups of every pair.
    """

    kept: Cosines
    changed: Cosines
    wording: Numbers


def _told_of_meaning(v: View) -> list[Numbers]:
    (all_a, changed_a), (all_b, changed_b) = _group_vectors(v, v.source), _group_vectors(v, v.suspect)
    kept, changed = _known(v, _cosines(all_a, all_b)), _known(v, _cosines(changed_a, changed_b))
    meaning = Meaning(kept, changed, v.groups.mean(v.similarity))
    return [read(meaning) for read in MEANING.functions]


def _known(v: View, values: FloatArray) -> Cosines:
    known = np.flatnonzero(~np.isnan(values))
    return Cosines(values[known], v.groups.chosen(known))


MEANING: Batch[Callable[[Meaning], Numbers]] = Batch(_told_of_meaning)
"""What is told of the meaning of groups."""


@MEANING.feature(-1, 1, identical=NAN, family="swaps", label="changed words that mean the same")
def changed_meaning_mean(meaning: Meaning) -> Numbers:
    """Return the mean cosine of the words that left and the words that came.

    The mean is over groups; NaN without changes. High where wording changed and meaning did not: the mark of rewriting.
    Lower where content was added or cut.

    >>> changed_meaning_mean.between("The old ferry sank.", "The old boat sank.") > 0.4
    True
    """
    return meaning.changed.of.mean(meaning.changed.values)


@MEANING.feature(0, 1, identical=NAN, family="swaps", label="sentences whose changes mean something else")
def changed_meaning_low_rate(meaning: Meaning) -> Numbers:
    """Return the share of changed groups that changed their meaning.

    The cosine of the leaving and the coming words is below 0.4 there. NaN without changed groups.

    >>> changed_meaning_low_rate.between("The old ferry sank.", "The old boat sank.")
    0.0
    """
    return meaning.changed.of.mean(meaning.changed.values < _ELSEWHERE)


@MEANING.feature(-1, 1, identical=1, family="shared", label="meaning kept")
def row_meaning_mean(meaning: Meaning) -> Numbers:
    """Return the mean cosine of the groups' content words.

    >>> row_meaning_mean.between("The old ferry sank.", "The old ferry sank.")
    1.0
    """
    return meaning.kept.of.mean(meaning.kept.values)


@MEANING.feature(-2, 1, identical=0, family="shared", label="meaning kept more than wording")
def meaning_excess(meaning: Meaning) -> Numbers:
    """Return by how much the groups' meaning was kept more than their wording.

    >>> meaning_excess.between("The old ferry sank.", "The old boat sank.") > 0
    True
    """
    return meaning.kept.of.mean(meaning.kept.values) - meaning.wording
