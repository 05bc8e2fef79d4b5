"""Meaning kept against wording kept: static word vectors of the aligned sentences and of what changed in them."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from unspun.align import word_weights
from unspun.features.base import NAN, Side, mean, view
from unspun.meaning import load_meaning
from unspun.types import AlignedPair, BoolArray, EditKind, FloatArray, TokenText


def _weighted_vectors(text: TokenText) -> FloatArray:
    """Return the vector of every word times its weight (n, d)."""
    found = text.memo.get("vectors")
    if found is None:
        vectors = _vectors()[load_meaning().row(text.lemmas)]
        found = text.memo["vectors"] = vectors * word_weights(text.lemmas)[:, None]
    return found  # type: ignore[return-value]


@lru_cache(maxsize=1)
def _vectors() -> FloatArray:
    """Return the vectors by row, zero where a word has none."""
    return np.nan_to_num(load_meaning().vectors)


def _row_vectors(pair: AlignedPair, side: Side, chosen: BoolArray) -> FloatArray:
    """Return the sum of the chosen words' vectors for every row (r, d)."""
    text = side.text
    words = np.flatnonzero(chosen & side.aligned)
    table = np.zeros((len(pair.rows), len(words)), np.float32)
    table[side.row[words], np.arange(len(words))] = 1
    return np.asarray(table @ _weighted_vectors(text)[words], np.float32)


def _cosines(a: FloatArray, b: FloatArray) -> FloatArray:
    size = np.linalg.norm(a, axis=1) * np.linalg.norm(b, axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.where(size > 1e-6, (a * b).sum(axis=1) / size, NAN), np.float32)


def _changed_cosines(pair: AlignedPair) -> FloatArray:
    """Return for every row the cosine of what left the source and what came into the suspect."""
    found = pair.memo.get("changed cosines")
    if found is None:
        v = view(pair)
        a, b = (side.content & (side.kind > EditKind.INFLECTED) & side.aligned for side in (v.a, v.b))
        found = _cosines(_row_vectors(pair, v.a, a), _row_vectors(pair, v.b, b))
        pair.memo["changed cosines"] = found
    return found  # type: ignore[return-value]


def changed_meaning_mean(pair: AlignedPair) -> float:
    """Return the mean cosine, over rows, of the words that left and the words that came. Range [-1, 1].

    High where wording changed and meaning did not: the mark of rewriting; lower where content was added or cut.
    """
    values = _changed_cosines(pair)
    return mean(values[~np.isnan(values)])


def changed_meaning_low_rate(pair: AlignedPair) -> float:
    """Return the share of changed rows whose leaving and coming words differ in meaning (cosine < 0.4). [0, 1]."""
    values = _changed_cosines(pair)
    return mean(values[~np.isnan(values)] < 0.4)


def row_meaning_mean(pair: AlignedPair) -> float:
    """Return the mean cosine of the rows' content words. Range [-1, 1]."""
    found = pair.memo.get("row meaning")
    if found is None:
        v = view(pair)
        values = _cosines(_row_vectors(pair, v.a, v.a.content), _row_vectors(pair, v.b, v.b.content))
        found = pair.memo["row meaning"] = mean(values[~np.isnan(values)])
    return found  # type: ignore[return-value]


def meaning_excess(pair: AlignedPair) -> float:
    """Return by how much the rows' meaning was kept more than their wording. Range [-2, 1]."""
    return row_meaning_mean(pair) - mean(pair.similarity)
