"""Measure order and shape.

Sentences and words move, sentences are split and merged, lengths change, and changes have a size and a spread.
"""

from __future__ import annotations

import math

import numpy as np

from unspun.comparison.aligned_pair import DELETED, INSERTED, KEPT, SUBSTITUTED, AlignedPair
from unspun.comparison.features.feature import INF, NAN, NEGATED, Evidence, feature
from unspun.comparison.pair_view import Side, view
from unspun.comparison.short_arrays import mean, ratio, spread
from unspun.text.token_text import BoolArray, IntArray

_MOST_GROUPS = 2000
"""Groups that are compared two by two."""
_LONG_CHANGE = 4
"""Words above which a change is long."""
_WINDOW, _FEWEST_WINDOWS = 10, 4
"""Words in which changes are counted together, and how many such windows a text needs."""


@feature(-1, 1, identical=1, family="order", label="order of the sentences kept")
def row_order(pair: AlignedPair) -> float:
    """Return Kendall's tau (1938) of the groups' places in both texts.

    NaN below three groups. 1 where all keep their order, -1 where it is turned round.

    >>> first, then, last = "The old ferry sank.", "Nobody was hurt.", "Otto Brandvik wept."
    >>> row_order.between(f"{first} {then} {last}", f"{last} {then} {first}")
    -1.0
    """
    places = pair.suspect_sentences[:_MOST_GROUPS, 0]
    n = len(places)
    if n < 3:
        return NAN
    if (np.diff(places) > 0).all():
        return 1.0
    ordered = np.triu(places[:, None] < places[None, :], 1).sum()
    return float(4 * ordered / (n * (n - 1)) - 1)


@feature(0, 1, identical=0, family="order", label="interruptions of the shared passages")
def passage_rate(pair: AlignedPair) -> float:
    """Return the passages over the groups, the first of both left out.

    NaN below two groups. 0 when all groups follow one another, 1 when none do.

    >>> passage_rate.between("The ferry sank. Nobody was hurt.", "Nobody was hurt. The ferry sank.")
    1.0
    """
    return ratio(int(pair.passage.max()), len(pair.groups) - 1) if len(pair.groups) > 1 else NAN


@feature(0, 1, identical=0, swapped="merge_rate", family="order", label="sentences split")
def split_rate(pair: AlignedPair) -> float:
    """Return the share of groups where sentences of the source were split into more.

    >>> split_rate.between("The old ferry sank, and nobody was hurt.", "The old ferry sank. Nobody was hurt.")
    1.0
    """
    in_source, in_suspect = _n_sentences(pair)
    return mean(in_suspect > in_source)


@feature(0, 1, identical=0, swapped="split_rate", family="order", label="sentences merged")
def merge_rate(pair: AlignedPair) -> float:
    """Return the share of groups that merge sentences of the source.

    They are merged into fewer.

    >>> merge_rate.between("The old ferry sank. Nobody was hurt.", "The old ferry sank, and nobody was hurt.")
    1.0
    """
    in_source, in_suspect = _n_sentences(pair)
    return mean(in_source > in_suspect)


def _n_sentences(pair: AlignedPair) -> tuple[IntArray, IntArray]:
    """Return how many sentences every group has in the source and in the suspect, (g,) each."""
    return _sizes(pair.source_sentences), _sizes(pair.suspect_sentences)


def _sizes(ranges: IntArray) -> IntArray:
    first, stop = ranges.T
    return np.asarray(stop - first)


@feature(-INF, INF, identical=0, swapped=NEGATED, family="order", label="change of length")
def length_delta(pair: AlignedPair) -> float:
    """Return the mean logarithm of the groups' length ratios, suspect over source.

    >>> length_delta.between("The ferry sank.", "The old ferry sank.") == round(math.log(4 / 3), 3)
    True
    """
    return mean(_log_length_ratios(pair))


@feature(0, INF, identical=0, family="order", label="how much the change of length varies")
def length_spread(pair: AlignedPair) -> float:
    """Return the standard deviation of the groups' logarithmic length ratios.

    NaN below three groups.

    >>> same = "The ferry sank. Nobody was hurt. It was old."
    >>> length_spread.between(same, same)
    0.0
    """
    ratios = _log_length_ratios(pair)
    return spread(ratios) if len(ratios) > 2 else NAN


def _log_length_ratios(pair: AlignedPair) -> np.ndarray:
    start, stop, suspect_start, suspect_stop = pair.group_words.T
    return np.asarray(np.log(np.maximum(suspect_stop - suspect_start, 1) / np.maximum(stop - start, 1)))


@feature(0, 1, identical=NAN, family="swaps", label="changes of one word for one word")
def single_swap_share(pair: AlignedPair) -> float:
    """Return the share of all changes that put one word for one word.

    NaN without changes.

    >>> single_swap_share.between("The old ferry sank.", "The old boat sank there.")
    0.5
    """
    v = view(pair)
    changed = v.kinds != KEPT
    single = (v.kinds == SUBSTITUTED) & (v.source_lengths == 1) & (v.suspect_lengths == 1)
    return ratio(int(single.sum()), int(changed.sum()))


@feature(0, 1, identical=NAN, family="swaps", label="substitutions of phrases")
def phrase_share(pair: AlignedPair) -> Evidence:
    """Return the share of substitutions that are not one word for one word.

    NaN without substitutions.

    >>> phrase_share.between("The old ferry sank.", "The old boat sank.")
    0.0
    """
    v = view(pair)
    edits = np.flatnonzero(v.kinds == SUBSTITUTED)
    return Evidence.share(edits, np.maximum(v.source_lengths, v.suspect_lengths)[edits] > 1)


@feature(0, 1, identical=NAN, family="swaps", label="changed words in long changes")
def long_edit_share(pair: AlignedPair) -> float:
    """Return the share of changed words in changes of more than four words.

    NaN without changes.

    >>> long_edit_share.between("The ferry sank.", "The ferry sank off Port Salden last night.")
    1.0
    """
    sizes = _sizes_of_changes(pair)
    return ratio(float(sizes[sizes > _LONG_CHANGE].sum()), float(sizes.sum()))


@feature(0, INF, identical=NAN, family="swaps", label="size of the changes")
def change_size_mean(pair: AlignedPair) -> float:
    """Return the logarithm of the mean size of a change, in words.

    NaN without changes.

    >>> change_size_mean.between("The old ferry sank.", "The old boat sank.")
    0.0
    """
    sizes = _sizes_of_changes(pair)
    return math.log(mean(sizes)) if len(sizes) else NAN


def _sizes_of_changes(pair: AlignedPair) -> IntArray:
    """Return how many words every change holds, of the text that has more of them."""
    v = view(pair)
    return np.asarray(np.maximum(v.source_lengths, v.suspect_lengths)[v.kinds != KEPT])


@feature(0, 1, identical=NAN, family="swaps", label="changes evenly spread")
def evenness(pair: AlignedPair) -> float:
    """Return how evenly changes are spread.

    It is mean over variance plus mean of the changes per ten aligned words. 0.5 and above for changes scattered at
    random or more evenly, near 0 for changes in clumps. The mean of both texts; NaN where one has fewer than 40 aligned
    words or no change.

    >>> words = "The old ferry sank off Port Salden on Monday night. " * 4
    >>> evenness.between(words, words.replace("ferry", "boat"))
    1.0
    """
    v = view(pair)
    return (_evenness(v.source) + _evenness(v.suspect)) / 2


def _evenness(side: Side) -> float:
    changed = side.kind[side.aligned] != KEPT
    windows = changed[: len(changed) // _WINDOW * _WINDOW].reshape(-1, _WINDOW).sum(axis=1)
    if len(windows) < _FEWEST_WINDOWS or not windows.any():
        return NAN
    average = mean(windows)
    return average / (spread(windows) ** 2 + average)


@feature(0, 1, identical=0, family="order", label="words moved within their sentence")
def moved_word_rate(pair: AlignedPair) -> float:
    """Return the share of aligned content words that stand out of order.

    They are in both texts' group. Turning a clause round (active to passive) moves words; swapping synonyms does not.

    >>> moved_word_rate.between("The old ferry sank at night.", "At night the old ferry sank.") > 0
    True
    """
    v = view(pair)
    gone = (v.source.kind == DELETED) | (v.source.kind == SUBSTITUTED)
    come = (v.suspect.kind == INSERTED) | (v.suspect.kind == SUBSTITUTED)
    keys_a, keys_b = _group_keys(v.source, gone), _group_keys(v.suspect, come)
    return ratio(len(keys_a & keys_b), max(v.source.n_content, v.suspect.n_content))


def _group_keys(side: Side, changed: BoolArray) -> set[tuple[int, int]]:
    """Return group and lemma of the changed content words of a text."""
    chosen = changed & side.content
    return set(zip(side.group[chosen].tolist(), side.text.lemmas[chosen].tolist(), strict=True))
