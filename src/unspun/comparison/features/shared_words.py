"""Measure how much of one text's shared stretch is anywhere in the other's.

It may be aligned or not. Groups tell how sentences that belong together differ; these measures also see what was
dropped, added or told elsewhere between the first group and the last. A page's own text before and after counts in none
of them.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from unspun.comparison.aligned_pair import SUBSTITUTED, AlignedPair
from unspun.comparison.features.feature import INF, NAN, NEGATED, OneText, feature, of_either_text
from unspun.comparison.pair_view import Side, view
from unspun.comparison.short_arrays import log_ratio, mean, ratio, spread
from unspun.comparison.word_alignment import word_changes
from unspun.text.token_text import BoolArray, FloatArray, IntArray, once

LONGEST_TEXTS, LONGEST_STRETCHES = 2_500_000_000, 400_000_000
"""Products of lengths in words beyond which texts are not compared, and stretches not aligned, as wholes: it would take
seconds."""


def _shares(pair: AlignedPair, kinds_of: Callable[[Side], frozenset[int]]) -> tuple[float, float]:
    """Return the share of the source's kinds that the suspect has, and the other way round."""
    a, b = map(kinds_of, view(pair).sides)
    both = len(a & b)
    return ratio(both, len(a)), ratio(both, len(b))


def _kinds(side: Side, chosen: BoolArray) -> frozenset[int]:
    return frozenset(side.text.ids[chosen & side.inner].tolist())


def _runs(ids: IntArray, size: int) -> NDArray[np.uint64]:
    """Return hashes of the runs of ``size`` words, each kind once, in order."""
    rest = ids.astype(np.uint64)
    if len(rest) < size:
        return rest[:0]
    factor = np.uint64(0x9E3779B97F4A7C15)
    runs = rest[: len(rest) - size + 1]
    for step in range(1, size):
        runs = runs * factor + rest[step : len(rest) - size + 1 + step]
    # As np.unique, in half the time for so few.
    runs = np.sort(runs)
    first = np.ones(len(runs), np.bool_)
    np.not_equal(runs[1:], runs[:-1], out=first[1:])
    return runs[first]


def _run_shares(pair: AlignedPair, size: int, of_stop_words: bool = False) -> tuple[float, float]:
    """Return the shares of the runs of each stretch that the other has, made once a pair."""
    name = f"runs contained {size} {of_stop_words}"
    found = pair.memo.get(name)
    if found is None:
        a, b = (
            _runs(side.text.ids[side.inner & side.stop if of_stop_words else side.inner], size)
            for side in view(pair).sides
        )
        # Each kind is in a list once: in both together, what stands beside its like is in both.
        all_runs = np.sort(np.concatenate([a, b]))
        both = int(np.count_nonzero(all_runs[1:] == all_runs[:-1]))
        found = pair.memo[name] = (ratio(both, len(a)), ratio(both, len(b)))
    return found  # type: ignore[return-value]


@of_either_text(0, 1, identical=1, family="shared", label="distinct runs of 2 words that the other has, {text}")
def bigram_contained(one: OneText) -> float:
    """Return the share of this text's distinct bigrams that the other has.

    NaN without any.

    >>> bigram_contained.between("The old ferry sank.", "The old ferry sank off the point.")
    (1.0, 0.5)
    """
    return one.own(_run_shares(one.pair, 2))


@of_either_text(
    0, 1, identical=1, family="shared", label="distinct runs of three words of the {text} that the {other} has"
)
def trigram_contained(one: OneText) -> float:
    """Return the share of this text's distinct trigrams that the other has.

    NaN without any.

    >>> trigram_contained.between("The old ferry sank.", "The old ferry sank off the point.")
    (1.0, 0.4)
    """
    return one.own(_run_shares(one.pair, 3))


@of_either_text(0, 1, identical=1, family="shared", label="distinct runs of 5 words that the other has, {text}")
def fivegram_contained(one: OneText) -> float:
    """Return the share of this text's distinct 5-grams that the other has.

    NaN without any.

    >>> fivegram_contained.between("The old ferry sank off the point.", "The old boat sank off the point.")
    (0.0, 0.0)
    """
    return one.own(_run_shares(one.pair, 5))


@of_either_text(
    0, 1, identical=1, family="shared", label="distinct runs of 4 function words that the other has, {text}"
)
def stop_run_contained(one: OneText) -> float:
    """Return the share of this text's runs of function words the other has.

    Distinct runs of four; NaN without any. The words between them are left out, so such runs survive the swapping of
    content words (E. Stamatatos, 2011, "Plagiarism detection using stopword n-grams").

    >>> stop_run_contained.between("It was on the ferry at that time.", "It was on the boat at that time.")
    (1.0, 1.0)
    """
    return one.own(_run_shares(one.pair, 4, of_stop_words=True))


@of_either_text(0, 1, identical=1, family="shared", label="distinct content words of the {text} that the {other} has")
def content_contained(one: OneText) -> float:
    """Return the share of this text's content words that the other has.

    Distinct words; NaN without any.

    >>> content_contained.between("The old ferry sank.", "The ferry sank.")
    (0.667, 1.0)
    """
    return one.own(_content_shares(one.pair))


@once
def _content_shares(pair: AlignedPair) -> tuple[float, float]:
    return _shares(pair, lambda side: _kinds(side, side.content))


@of_either_text(
    0,
    1,
    identical=1,
    family="shared",
    label="distinct numbers and rare words (Zipf below 3.5) of the {text} that the {other} has",
)
def rare_contained(one: OneText) -> float:
    """Return the share of this text's numbers and rare words the other has.

    Distinct ones; rare is a Zipf frequency below 3.5. NaN without any.

    >>> rare_contained.between("In 1912 the ferry sank.", "In 1912 the ferry sank with 40 men.")
    (1.0, 0.5)
    """
    return one.own(_rare_shares(one.pair))


@once
def _rare_shares(pair: AlignedPair) -> tuple[float, float]:
    return _shares(pair, lambda side: _kinds(side, side.uncommon))


@of_either_text(0, 1, identical=None, family="shared", label="distinct numbers of the {text} that the {other} has")
def number_contained(one: OneText) -> float:
    """Return the share of this text's distinct numbers that the other has.

    NaN without any.

    >>> number_contained.between("In 1912 the ferry sank.", "In 1912 the ferry sank with 40 men.")
    (1.0, 0.5)
    """
    return one.own(_number_shares(one.pair))


@once
def _number_shares(pair: AlignedPair) -> tuple[float, float]:
    return _shares(pair, lambda side: _kinds(side, side.number))


@feature(-INF, INF, identical=0, swapped=NEGATED, family="order", label="length of the shared stretch")
def inner_length_delta(pair: AlignedPair) -> float:
    """Return the logarithm of the shared stretches' length ratio, in words.

    It is suspect over source; NaN without any.

    >>> inner_length_delta.between("The ferry sank.", "The old ferry sank.") == round(math.log(4 / 3), 3)
    True
    """
    v = view(pair)
    return log_ratio(v.source.n_inner, v.suspect.n_inner)


@feature(-INF, INF, identical=0, swapped=NEGATED, family="order", label="sentences of the shared stretch")
def inner_sentence_delta(pair: AlignedPair) -> float:
    """Return the logarithm of the shared stretches' ratio of sentences.

    It is suspect over source; NaN without any.

    >>> inner_sentence_delta.between("The old ferry sank.", "The old boat sank.")
    0.0
    """
    v = view(pair)
    return log_ratio(_n_sentences(v.source), _n_sentences(v.suspect))


def _n_sentences(side: Side) -> int:
    places = np.flatnonzero(side.inner)
    if not len(places):
        return 0
    first, last = np.searchsorted(side.text.sentence_stops, [places[0], places[-1]], "right") - 1
    return int(last - first + 1)


@feature(0, 1, identical=0, family="shared", label="words dropped, added or in no group")
def unaligned_rate(pair: AlignedPair) -> float:
    """Return the share of both stretches' words that are not aligned.

    They were dropped, added or stand in no group; NaN without any.

    >>> unaligned_rate.between("The ferry sank.", "The old ferry sank.") == round(1 / 7, 3)
    True
    """
    gone = total = 0
    for side in view(pair).sides:
        kind = side.kind[side.inner]
        gone += int(np.count_nonzero(kind > SUBSTITUTED))
        total += len(kind)
    return ratio(gone, total)


class Runs(NamedTuple):
    """Runs of kept words, and words and changes of each kind.

    Edit distance makes them of two stretches.
    """

    kept: FloatArray
    replaced: int
    inserted: int
    deleted: int
    n_changes: int


@once
def _stretch_runs(pair: AlignedPair) -> Runs:
    """Return both shared stretches aligned as a whole, by lemma."""
    a, b = (side.text.lemmas[side.inner].tolist() for side in view(pair).sides)
    kept, replaced, inserted, deleted, n_changes = [], 0, 0, 0, 0
    for tag, i, i_stop, j, j_stop in word_changes(a, b)[0] if len(a) * len(b) <= LONGEST_STRETCHES else ():
        if tag == "equal":
            kept.append(i_stop - i)
            continue
        n_changes += 1
        if tag == "replace":
            replaced += i_stop - i
        elif tag == "insert":
            inserted += j_stop - j
        else:
            deleted += i_stop - i
    return Runs(np.array(kept, np.float32), replaced, inserted, deleted, n_changes)


def _mean_length(pair: AlignedPair) -> float:
    v = view(pair)
    return (v.source.n_inner + v.suspect.n_inner) / 2


@feature(0, 2, identical=1, family="shared", label="words kept in order over the whole stretch")
def stretch_kept_rate(pair: AlignedPair) -> float:
    """Return the share of words of the stretches, by lemma, kept in order.

    The stretches are aligned as a whole; NaN without any.

    >>> stretch_kept_rate.between("The old ferry sank.", "The old boat sank.")
    0.75
    """
    return ratio(float(_stretch_runs(pair).kept.sum()), _mean_length(pair))


@feature(0, 2, identical=0, family="swaps", label="words replaced over the whole stretch")
def stretch_replaced_rate(pair: AlignedPair) -> float:
    """Return the share of words of the stretches that were replaced.

    The stretches are aligned as a whole; NaN without any.

    >>> stretch_replaced_rate.between("The old ferry sank.", "The old boat sank.")
    0.25
    """
    return ratio(_stretch_runs(pair).replaced, _mean_length(pair))


@feature(0, 2, identical=0, family="shared", label="changes over the whole stretch")
def stretch_change_rate(pair: AlignedPair) -> float:
    """Return the number of changes per word of the stretches.

    The stretches are aligned as a whole; NaN without words.

    >>> stretch_change_rate.between("The old ferry sank.", "The old boat sank.")
    0.25
    """
    return ratio(_stretch_runs(pair).n_changes, _mean_length(pair))


@feature(
    0, 1, identical=0, swapped="stretch_deleted_rate", family="shared", label="words inserted over the whole stretch"
)
def stretch_inserted_rate(pair: AlignedPair) -> float:
    """Return the share of the suspect's stretch that is insertion.

    NaN where there is none.

    >>> stretch_inserted_rate.between("The ferry sank.", "The old ferry sank.")
    0.25
    """
    return ratio(_stretch_runs(pair).inserted, view(pair).suspect.n_inner)


@feature(
    0, 1, identical=0, swapped="stretch_inserted_rate", family="shared", label="words deleted over the whole stretch"
)
def stretch_deleted_rate(pair: AlignedPair) -> float:
    """Return the share of the source's stretch that is gone; NaN where there is none.

    >>> stretch_deleted_rate.between("The old ferry sank.", "The ferry sank.")
    0.25
    """
    return ratio(_stretch_runs(pair).deleted, view(pair).source.n_inner)


@feature(0, INF, identical=NAN, family="shared", label="length of the kept runs over the whole stretch")
def stretch_run_mean(pair: AlignedPair) -> float:
    """Return the logarithm of one plus the mean run of kept words.

    NaN below two runs.

    >>> stretch_run_mean.between("The old ferry sank.", "The old boat sank.") == round(math.log(1 + 1.5), 3)
    True
    """
    runs = _stretch_runs(pair).kept
    return math.log1p(mean(runs)) if len(runs) > 1 else NAN


@feature(0, INF, identical=NAN, family="shared", label="how much the kept runs vary in length")
def stretch_run_spread(pair: AlignedPair) -> float:
    """Return the spread of the runs of kept words over their mean.

    The spread is the standard deviation; NaN below two runs. Near 1 for changes at random places, above where whole
    passages were left alone.

    >>> stretch_run_spread.between("The old ferry sank.", "The old boat sank.") == round(0.5 / 1.5, 3)
    True
    """
    runs = _stretch_runs(pair).kept
    return spread(runs) / mean(runs) if len(runs) > 1 else NAN
