"""Measure how much of one text's shared stretch is anywhere in the other's.

It may be aligned or not. Groups tell how sentences that belong together differ; these measures also see what was
dropped, added or told elsewhere between the first group and the last. A page's own text before and after counts in none
of them.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from unspun.comparison.aligned_pair import SUBSTITUTED
from unspun.comparison.features.feature import INF, NAN, NEGATED, Batch, feature
from unspun.comparison.layout.pair_view import Side, View
from unspun.comparison.layout.segments import Counts, Numbers, Segments, logs, logs_of_one_more, ratio
from unspun.comparison.layout.shared_kinds import Kinds, Looked, shares_of_kinds
from unspun.comparison.word_alignment import word_changes
from unspun.text.token_text import BoolArray, FloatArray, once

LONGEST_TEXTS, LONGEST_STRETCHES = 2_500_000_000, 400_000_000
"""Products of lengths in words beyond which texts are not compared, and stretches not aligned, as wholes: it would take
seconds."""


_FACTOR = np.uint64(0x9E3779B97F4A7C15)


def _shares_in_stretches(v: View) -> list[Numbers]:
    return shares_of_kinds([look(v) for look in CONTAINED.functions])


CONTAINED: Batch[Callable[[View], Looked]] = Batch(_shares_in_stretches)
"""Shares of what one stretch has that the other has: a function says what to look for."""


def _words(side: Side, chosen: BoolArray) -> Kinds:
    """Return some words of the stretches of one side."""
    places = np.flatnonzero(chosen & side.inner & side.whole)
    return side.texts.ids[places], side.words.chosen(places)


def _runs(side: Side, size: int, of_stop_words: bool) -> Kinds:
    """Return hashes of the runs of ``size`` words of the stretches of one side, and the pair of each."""
    places, words = side.spoken_places, side.spoken_words
    if of_stop_words:
        places = places[side.stop[places]]
        words = side.words.chosen(places)
    rest = side.texts.ids[places].astype(np.uint64)
    n = max(len(rest) - size + 1, 0)
    runs = rest[:n]
    for step in range(1, size):
        runs = runs * _FACTOR + rest[step : n + step]
    # Runs do not go on in the next pair.
    within = np.flatnonzero(words.owner[:n] == words.owner[len(rest) - n :])
    return runs[within], words.chosen(within)


def _runs_of_both(v: View, size: int, of_stop_words: bool = False) -> Looked:
    """Return the runs of words of the stretches of both sides."""
    return _runs(v.source, size, of_stop_words), _runs(v.suspect, size, of_stop_words)


@CONTAINED.of_either_text(
    0, 1, identical=1, family="shared", label="distinct runs of 2 words that the other has, {text}"
)
def bigram_contained(v: View) -> Looked:
    """Return the share of this text's distinct bigrams that the other has.

    NaN without any.

    >>> bigram_contained.between("The old ferry sank.", "The old ferry sank off the point.")
    (1.0, 0.5)
    """
    return _runs_of_both(v, 2)


@CONTAINED.of_either_text(
    0, 1, identical=1, family="shared", label="distinct runs of three words of the {text} that the {other} has"
)
def trigram_contained(v: View) -> Looked:
    """Return the share of this text's distinct trigrams that the other has.

    NaN without any.

    >>> trigram_contained.between("The old ferry sank.", "The old ferry sank off the point.")
    (1.0, 0.4)
    """
    return _runs_of_both(v, 3)


@CONTAINED.of_either_text(
    0, 1, identical=1, family="shared", label="distinct runs of 5 words that the other has, {text}"
)
def fivegram_contained(v: View) -> Looked:
    """Return the share of this text's distinct 5-grams that the other has.

    NaN without any.

    >>> fivegram_contained.between("The old ferry sank off the point.", "The old boat sank off the point.")
    (0.0, 0.0)
    """
    return _runs_of_both(v, 5)


@CONTAINED.of_either_text(
    0, 1, identical=1, family="shared", label="distinct runs of 4 function words that the other has, {text}"
)
def stop_run_contained(v: View) -> Looked:
    """Return the share of this text's runs of function words the other has.

    Distinct runs of four; NaN without any. The words between them are left out, so such runs survive the swapping of
    content words (E. Stamatatos, 2011, "Plagiarism detection using stopword n-grams").

    >>> stop_run_contained.between("It was on the ferry at that time.", "It was on the boat at that time.")
    (1.0, 1.0)
    """
    return _runs_of_both(v, 4, of_stop_words=True)


@CONTAINED.of_either_text(
    0, 1, identical=1, family="shared", label="distinct content words of the {text} that the {other} has"
)
def content_contained(v: View) -> Looked:
    """Return the share of this text's content words that the other has.

    Distinct words; NaN without any.

    >>> content_contained.between("The old ferry sank.", "The ferry sank.")
    (0.667, 1.0)
    """
    return _words(v.source, v.source.content), _words(v.suspect, v.suspect.content)


@CONTAINED.of_either_text(
    0,
    1,
    identical=1,
    family="shared",
    label="distinct numbers and rare words (Zipf below 3.5) of the {text} that the {other} has",
)
def rare_contained(v: View) -> Looked:
    """Return the share of this text's numbers and rare words the other has.

    Distinct ones; rare is a Zipf frequency below 3.5. NaN without any.

    >>> rare_contained.between("In 1912 the ferry sank.", "In 1912 the ferry sank with 40 men.")
    (1.0, 0.5)
    """
    return _words(v.source, v.source.uncommon), _words(v.suspect, v.suspect.uncommon)


@CONTAINED.of_either_text(
    0, 1, identical=None, family="shared", label="distinct numbers of the {text} that the {other} has"
)
def number_contained(v: View) -> Looked:
    """Return the share of this text's distinct numbers that the other has.

    NaN without any.

    >>> number_contained.between("In 1912 the ferry sank.", "In 1912 the ferry sank with 40 men.")
    (1.0, 0.5)
    """
    return _words(v.source, v.source.number), _words(v.suspect, v.suspect.number)


@feature(-INF, INF, identical=0, swapped=NEGATED, family="order", label="length of the shared stretch")
def inner_length_delta(v: View) -> Numbers:
    """Return the logarithm of the shared stretches' length ratio, in words.

    It is suspect over source; NaN without any.

    >>> inner_length_delta.between("The ferry sank.", "The old ferry sank.")
    0.288
    """
    return logs(ratio(v.suspect.n_inner, v.source.n_inner))


@feature(-INF, INF, identical=0, swapped=NEGATED, family="order", label="sentences of the shared stretch")
def inner_sentence_delta(v: View) -> Numbers:
    """Return the logarithm of the shared stretches' ratio of sentences.

    It is suspect over source; NaN without any.

    >>> inner_sentence_delta.between("The old ferry sank.", "The old boat sank.")
    0.0
    """
    return logs(ratio(_n_sentences(v.suspect), _n_sentences(v.source)))


def _n_sentences(side: Side) -> Counts:
    """Return how many sentences the stretches run through, from the first to the last; 0 where there is none."""
    sentence = np.append(side.texts.sentence_of[side.inner_places], -1)
    bounds = side.inner_words.bounds
    return np.where(side.n_inner > 0, sentence[bounds[1:] - 1] - sentence[bounds[:-1]] + 1, 0)


@feature(0, 1, identical=0, family="shared", label="words dropped, added or in no group")
def unaligned_rate(v: View) -> Numbers:
    """Return the share of both stretches' words that are not aligned.

    They were dropped, added or stand in no group; NaN without any.

    >>> unaligned_rate.between("The ferry sank.", "The old ferry sank.") == round(1 / 7, 3)
    True
    """
    gone = sum(side.words.count(side.inner & (side.kind > SUBSTITUTED)) for side in v.sides)
    return ratio(gone, v.source.n_inner + v.suspect.n_inner)


Amounts = NDArray[Any]


class Runs(NamedTuple):
    """Runs of kept words, with the pair of each.

    And words and changes of each kind, a number a pair, and the words of the stretches. Edit distance makes them of two
    stretches.
    """

    kept: FloatArray
    of: Segments
    replaced: Counts
    inserted: Counts
    deleted: Counts
    n_changes: Counts
    source_words: Counts
    suspect_words: Counts


def _runs_between(a: list[int], b: list[int]) -> tuple[list[int], tuple[int, int, int, int]]:
    """Return the lengths of the runs of kept words of two lists, and the changes of `Runs`."""
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
    return kept, (replaced, inserted, deleted, n_changes)


@once
def _stretch_runs(v: View) -> Runs:
    """Return the shared stretches of every pair aligned as wholes, by lemma."""
    a, b = (side.spoken_words.parts(side.texts.lemmas[side.spoken_places]) for side in v.sides)
    found = [_runs_between(source.tolist(), suspect.tolist()) for source, suspect in zip(a, b, strict=True)]
    kept, changes = [runs for runs, _ in found], np.array([changes for _, changes in found])
    lengths = np.array([v.source.n_inner, v.suspect.n_inner])
    return Runs(
        np.array([*chain.from_iterable(kept)], np.float32), Segments.of(kept), *np.concatenate([changes.T, lengths])
    )


def _rates_of_stretches(v: View) -> list[Numbers]:
    runs = _stretch_runs(v)
    amounts, words = zip(*(counts(runs) for counts in RATES.functions), strict=True)
    return list(ratio(np.array(amounts), np.array(words)))


RATES: Batch[Callable[[Runs], tuple[Amounts, Amounts]]] = Batch(_rates_of_stretches)
"""Rates over whole stretches: a function gives an amount, and the words that it is measured by."""


@RATES.feature(0, 2, identical=1, family="shared", label="words kept in order over the whole stretch")
def stretch_kept_rate(runs: Runs) -> tuple[Amounts, Amounts]:
    """Return the share of words of the stretches, by lemma, kept in order.

    The stretches are aligned as a whole; NaN without any.

    >>> stretch_kept_rate.between("The old ferry sank.", "The old boat sank.")
    0.75
    """
    return runs.of.total(runs.kept), (runs.source_words + runs.suspect_words) / 2


@RATES.feature(0, 2, identical=0, family="swaps", label="words replaced over the whole stretch")
def stretch_replaced_rate(runs: Runs) -> tuple[Amounts, Amounts]:
    """Return the share of words of the stretches that were replaced.

    The stretches are aligned as a whole; NaN without any.

    >>> stretch_replaced_rate.between("The old ferry sank.", "The old boat sank.")
    0.25
    """
    return runs.replaced, (runs.source_words + runs.suspect_words) / 2


@RATES.feature(0, 2, identical=0, family="shared", label="changes over the whole stretch")
def stretch_change_rate(runs: Runs) -> tuple[Amounts, Amounts]:
    """Return the number of changes per word of the stretches.

    The stretches are aligned as a whole; NaN without words.

    >>> stretch_change_rate.between("The old ferry sank.", "The old boat sank.")
    0.25
    """
    return runs.n_changes, (runs.source_words + runs.suspect_words) / 2


@RATES.feature(
    0, 1, identical=0, swapped="stretch_deleted_rate", family="shared", label="words inserted over the whole stretch"
)
def stretch_inserted_rate(runs: Runs) -> tuple[Amounts, Amounts]:
    """Return the share of the suspect's stretch that is insertion.

    NaN where there is none.

    >>> stretch_inserted_rate.between("The ferry sank.", "The old ferry sank.")
    0.25
    """
    return runs.inserted, runs.suspect_words


@RATES.feature(
    0, 1, identical=0, swapped="stretch_inserted_rate", family="shared", label="words deleted over the whole stretch"
)
def stretch_deleted_rate(runs: Runs) -> tuple[Amounts, Amounts]:
    """Return the share of the source's stretch that is gone; NaN where there is none.

    >>> stretch_deleted_rate.between("The old ferry sank.", "The ferry sank.")
    0.25
    """
    return runs.deleted, runs.source_words


@feature(0, INF, identical=NAN, family="shared", label="length of the kept runs over the whole stretch")
def stretch_run_mean(v: View) -> Numbers:
    """Return the logarithm of one plus the mean run of kept words.

    NaN below two runs.

    >>> stretch_run_mean.between("The old ferry sank.", "The old boat sank.")
    0.916
    """
    runs = _stretch_runs(v)
    return logs_of_one_more(runs.of.mean(runs.kept, least=2))


@feature(0, INF, identical=NAN, family="shared", label="how much the kept runs vary in length")
def stretch_run_spread(v: View) -> Numbers:
    """Return the spread of the runs of kept words over their mean.

    The spread is the standard deviation; NaN below two runs. Near 1 for changes at random places, above where whole
    passages were left alone.

    >>> stretch_run_spread.between("The old ferry sank.", "The old boat sank.") == round(0.5 / 1.5, 3)
    True
    """
    runs = _stretch_runs(v)
    return ratio(runs.of.spread(runs.kept), runs.of.mean(runs.kept, least=2))
