"""Order and shape: moved sentences and words, splits and merges, lengths, the size of edits."""

from __future__ import annotations

import math

import numpy as np

from unspun.comparison.aligned_pair import DELETED, INSERTED, KEPT, SUBSTITUTED, AlignedPair
from unspun.comparison.features.feature import NAN, Evidence, mean, ratio, spread
from unspun.comparison.pair_view import Side, view
from unspun.text.token_text import BoolArray, IntArray

_MOST_ROWS = 2000
"""Rows that are compared two by two."""


def row_order(pair: AlignedPair) -> float:
    """Return Kendall's tau of the rows' places in both texts. Range [-1, 1]; NaN below three rows (Kendall 1938)."""
    places = pair.suspect_sentences[:_MOST_ROWS, 0]
    n = len(places)
    if n < 3:
        return NAN
    if (np.diff(places) > 0).all():
        return 1.0
    ordered = np.triu(places[:, None] < places[None, :], 1).sum()
    return float(4 * ordered / (n * (n - 1)) - 1)


def passage_rate(pair: AlignedPair) -> float:
    """Return passages over rows: near 0 when all rows follow one another, 1 when none do. Range (0, 1]."""
    return (
        ratio(int(pair.passage.max()) if len(pair.groups) > 1 else 0, len(pair.groups) - 1) if len(pair.groups) else NAN
    )


def split_rate(pair: AlignedPair) -> float:
    """Return the share of rows where sentences of the source were split into more. Range [0, 1]."""
    in_source, in_suspect = _n_sentences(pair)
    return mean(in_suspect > in_source)


def merge_rate(pair: AlignedPair) -> float:
    """Return the share of rows where sentences of the source were merged into fewer. Range [0, 1]."""
    in_source, in_suspect = _n_sentences(pair)
    return mean(in_source > in_suspect)


def _n_sentences(pair: AlignedPair) -> tuple[IntArray, IntArray]:
    """Return how many sentences every group has in the source and in the suspect, (g,) each."""
    return _sizes(pair.source_sentences), _sizes(pair.suspect_sentences)


def _sizes(ranges: IntArray) -> IntArray:
    first, stop = ranges.T
    return np.asarray(stop - first)


def _row_log_ratios(pair: AlignedPair) -> np.ndarray:
    start, stop, suspect_start, suspect_stop = pair.group_words.T
    return np.asarray(np.log(np.maximum(suspect_stop - suspect_start, 1) / np.maximum(stop - start, 1)))


def length_delta(pair: AlignedPair) -> float:
    """Return the mean logarithm of the rows' length ratios, suspect over source. Range (-inf, inf)."""
    return mean(_row_log_ratios(pair))


def length_spread(pair: AlignedPair) -> float:
    """Return the standard deviation of the rows' logarithmic length ratios. Range [0, inf); NaN below three rows."""
    ratios = _row_log_ratios(pair)
    return spread(ratios) if len(ratios) > 2 else NAN


def single_swap_share(pair: AlignedPair) -> float:
    """Return the share of all changes that put one word for one word. Range [0, 1]; NaN without changes."""
    v = view(pair)
    changed = v.kinds != KEPT
    single = (v.kinds == SUBSTITUTED) & (v.source_lengths == 1) & (v.suspect_lengths == 1)
    return ratio(int(single.sum()), int(changed.sum()))


def phrase_share(pair: AlignedPair) -> Evidence:
    """Return the share of substitutions that are not one word for one word. Range [0, 1]."""
    v = view(pair)
    edits = np.flatnonzero(v.kinds == SUBSTITUTED)
    return Evidence.share(edits, np.maximum(v.source_lengths, v.suspect_lengths)[edits] > 1)


def long_edit_share(pair: AlignedPair) -> float:
    """Return the share of changed words, of both texts, in changes of more than four words. Range [0, 1]."""
    v = view(pair)
    changed = v.kinds != KEPT
    sizes = np.maximum(v.source_lengths, v.suspect_lengths)[changed]
    return ratio(float(sizes[sizes > 4].sum()), float(sizes.sum()))


def change_size_mean(pair: AlignedPair) -> float:
    """Return the logarithm of the mean size of a change, in words. Range [0, inf)."""
    v = view(pair)
    sizes = np.maximum(v.source_lengths, v.suspect_lengths)[v.kinds != KEPT]
    return math.log(mean(sizes)) if len(sizes) else NAN


def moved_word_rate(pair: AlignedPair) -> float:
    """Return the share of aligned content words that stand in both texts' row but out of order. Range [0, 1].

    Turning a clause round (active to passive) moves words; swapping synonyms does not.
    """
    v = view(pair)
    gone = (v.source.kind == DELETED) | (v.source.kind == SUBSTITUTED)
    come = (v.suspect.kind == INSERTED) | (v.suspect.kind == SUBSTITUTED)
    keys_a, keys_b = _row_keys(v.source, gone), _row_keys(v.suspect, come)
    return ratio(len(keys_a & keys_b), max(v.source.n_content, v.suspect.n_content))


def _row_keys(side: Side, changed: BoolArray) -> set[tuple[int, int]]:
    """Return row and lemma of the changed content words of a text."""
    chosen = changed & side.content
    return set(zip(side.row[chosen].tolist(), side.text.lemmas[chosen].tolist(), strict=True))
