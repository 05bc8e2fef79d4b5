"""Measure how well the swapped words fit their neighbours.

The words that they replaced are the measure.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from unspun.comparison.aligned_pair import INFLECTED
from unspun.comparison.features.feature import INF, NAN, NEGATED, Batch, feature, of_either_text
from unspun.comparison.layout.joined_texts import Joined
from unspun.comparison.layout.pair_view import View
from unspun.comparison.layout.segments import Measured, Numbers, Places
from unspun.text.ngram_model import START, NgramModel, load_ngram_model
from unspun.text.token_text import FloatArray, IntArray, once

_FEW = 3
"""Swaps below which shares and means over swaps are NaN."""
_BOUND, _FREE = np.log(20), np.log(2)
"""Nats of mutual information from which two words are bound, and below which they are free."""
_MOST_BOUND = 8
"""Nats to which a change of mutual information is held."""
_COSTS = 3
"""Nats that a swap costs where it fits badly."""
_CAP = 4.0
"""Nats to which the change of one swap is held, so that one odd word does not decide."""
_EXAMPLE = (
    "The old ferry sank off the quiet port of Salden in 1912, Brandvik said.",
    "The aged boat sank off the calm port of Salden in 1912, Brandvik said.",
)
"""Two texts for the examples: three of eight content words are swapped."""


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """Fit of each swap's words, in nats, an entry a swap.

    ``here`` and ``there`` are the log-probability of three trigrams with the suspect's word minus the same with the
    source's word, in the suspect's sentence and in the source's. ``bigram`` is that of the word given the one before,
    the mean of both. ``bound_source`` and ``bound_suspect`` are the pointwise mutual information (Church and Hanks
    1990) of each word with the word before (first row) and after (second row) in its own text.
    """

    here: FloatArray
    there: FloatArray
    bigram: FloatArray
    bound_source: FloatArray
    bound_suspect: FloatArray


def _neighbours(texts: Joined, words: Places) -> IntArray:
    """Return ids of two words before, the word and two after, (k, 5); START beyond the sentence's ends."""
    padded = np.pad(texts.ids, 2, constant_values=START)
    sentence = np.pad(texts.sentence_of, 2, constant_values=-1)
    around = words[:, np.newaxis] + np.arange(5)
    return np.where(sentence[around] == sentence[words + 2][:, np.newaxis], padded[around], np.int32(START))


def _window_logprob(model: NgramModel, around: IntArray, words: IntArray) -> FloatArray:
    """Return the summed log-probability of ``words`` and the two words after, in their surroundings (k, 5)."""
    a, b, c, d = around[:, 0], around[:, 1], around[:, 3], around[:, 4]
    targets = np.concatenate([words, c, d])
    scores = model.logprob(targets, np.concatenate([a, b, words]), np.concatenate([b, words, c]))
    scores = np.where(targets == START, 0, scores)
    return np.asarray(scores.reshape(3, -1).sum(axis=0), np.float32)


@once
def fits(v: View) -> Fit:
    """Return how well the words of every swap fit, made at first use."""
    model, i, j = load_ngram_model(), v.swaps.source, v.swaps.suspect
    there, here = _neighbours(v.texts_as_written[0], i), _neighbours(v.texts_as_written[1], j)
    # The words in their own surroundings are scored already; the others' words in their place are not.
    words = np.concatenate([v.swaps.source_ids, v.swaps.suspect_ids])
    others = _window_logprob(model, np.concatenate([here, there]), words)
    own_here, own_there = _own_window(v.suspect.texts, j, here), _own_window(v.source.texts, i, there)
    limit, k = 3 * _CAP, len(i)
    gain_here = np.clip(own_here - others[:k], -limit, limit)
    gain_there = np.clip(others[k:] - own_there, -limit, limit)
    return Fit(gain_here, gain_there, *_bonds(model, there, here))


def _own_window(texts: Joined, words: Places, around: IntArray) -> FloatArray:
    """Return the log-probability of words and of the two after them, as they stand in the texts."""
    scores = np.append(texts.logprobs, np.zeros(2, np.float32))
    after = np.where(around[:, 3:] == START, 0, np.column_stack([scores[words + 1], scores[words + 2]]))
    return np.asarray(scores[words] + after.sum(axis=1), np.float32)


def _bonds(model: NgramModel, there: IntArray, here: IntArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return ``bigram``, ``bound_source`` and ``bound_suspect`` of `Fit`, all from one look-up."""
    source, suspect = there[:, 2], here[:, 2]
    after_source, after_suspect = there[:, 3], here[:, 3]
    words = np.concatenate([source, after_source, suspect, after_suspect, source, suspect])
    before = np.concatenate([there[:, 1], source, here[:, 1], suspect, here[:, 1], there[:, 1]])
    scores = model.bigram_logprob(words, before).reshape(6, -1)
    own = 4 * len(source)
    alone = model.unigram_logprob(words[:own]).reshape(4, -1)
    bonds = np.where(words[:own].reshape(4, -1) == START, -np.inf, scores[:4] - alone).astype(np.float32)
    gains = np.clip([scores[2] - scores[4], scores[5] - scores[0]], -_CAP, _CAP)
    return gains.mean(axis=0), bonds[:2], bonds[2:]


def _means_over_swaps(v: View) -> list[Measured]:
    fit, edits = fits(v), v.swaps.edits
    return [edits.mean(read(fit), _FEW) for read in MEANS.functions]


MEANS: Batch[Callable[[Fit], NDArray[np.floating]]] = Batch(_means_over_swaps)
"""Means over the swaps: a function gives the number of each."""


@MEANS.feature(-12, 12, identical=NAN, swapped=NEGATED, family="fit", label="how well the new words fit their place")
def fit_delta(fit: Fit) -> NDArray[np.floating]:
    """Return the mean change of log-probability that a swap brings, in nats.

    The mean is over both surroundings. Three trigrams around the word under the model of `unspun.text.ngram_model`.
    Below 0 when the suspect's words fit worse; NaN below three swaps.

    >>> fit_delta.between(*_EXAMPLE) < 0
    True
    """
    return (fit.here + fit.there) / 2


@MEANS.feature(-12, 12, identical=NAN, family="fit", label="words fit their own text better")
def fit_home_advantage(fit: Fit) -> NDArray[np.floating]:
    """Return how much better words fit at home than in the other text.

    In nats. Near 0 where only the word was swapped and all around it stayed. NaN below three swaps.

    >>> fit_home_advantage.between(*_EXAMPLE)
    -0.0
    """
    return (fit.here - fit.there) / 2


@of_either_text(0, 1, identical=NAN, family="fit", label="swaps that fit badly", backwards="misfit_share_source")
def misfit_share(v: View) -> tuple[Measured, Measured]:
    """Return the share of swaps that cost more than 3 nats.

    The surroundings are those where they were put. Read backwards, the source's words are put in the place of the
    suspect's. NaN below three swaps.

    >>> misfit_share.between(*_EXAMPLE)
    (0.333, 0.0)
    """
    fit, edits = fits(v), v.swaps.edits
    return edits.share(fit.here < -_COSTS, _FEW), edits.share(fit.there > _COSTS, _FEW)


@MEANS.feature(-_CAP, _CAP, identical=NAN, swapped=NEGATED, family="fit", label="fit with the word before")
def bigram_fit_delta(fit: Fit) -> NDArray[np.floating]:
    """Return the mean change of log-probability given the word before alone.

    The mean is over both places, in nats. NaN below three swaps.

    >>> bigram_fit_delta.between(*_EXAMPLE) == -bigram_fit_delta.between(*_EXAMPLE[::-1])
    True
    """
    return fit.bigram


@feature(0, 12, identical=NAN, family="fit", label="how much the fit varies")
def fit_spread(v: View) -> Numbers:
    """Return the standard deviation of the swaps' change of fit, in nats.

    See `fit_delta`; NaN below three swaps.

    >>> fit_spread.between("The old ferry sank.", "The old boat sank.")
    nan
    """
    fit = fits(v)
    return v.swaps.edits.of.spread((fit.here + fit.there) / 2, _FEW)


@feature(-INF, INF, identical=0, swapped=NEGATED, family="fit", label="change of fluency")
def logprob_delta(v: View) -> Numbers:
    """Return the change of mean log-probability over the aligned words.

    In nats a word.

    >>> logprob_delta.between(*_EXAMPLE) < 0
    True
    """
    a, b = (side.aligned_words.mean(side.texts.logprobs[side.aligned_places]) for side in v.sides)
    return b - a


@feature(-INF, INF, identical=NAN, swapped=NEGATED, family="fit", label="change of fluency at the changed words")
def changed_logprob_delta(v: View) -> Numbers:
    """Return the change of mean log-probability over the changed words.

    In nats a word. NaN when either text has fewer than three changed words.

    >>> changed_logprob_delta.between(*_EXAMPLE) < 0
    True
    """
    changed = [np.flatnonzero(side.aligned & (side.kind > INFLECTED)) for side in v.sides]
    a, b = (
        side.words.chosen(places).mean(side.texts.logprobs[places], _FEW)
        for side, places in zip(v.sides, changed, strict=True)
    )
    return b - a


@MEANS.feature(
    -_MOST_BOUND, _MOST_BOUND, identical=NAN, swapped=NEGATED, family="fit", label="set phrases made or broken"
)
def set_phrase_delta(fit: Fit) -> NDArray[np.floating]:
    """Return the mean change of association with the word before, in nats.

    The mean is over the swaps. Pointwise mutual information (Church and Hanks 1990) of the word and the one before it
    in the suspect, minus the same in the source: a broken set phrase loses several nats. NaN below three swaps.

    >>> set_phrase_delta.between(*_EXAMPLE) == -set_phrase_delta.between(*_EXAMPLE[::-1])
    True
    """
    return np.asarray(np.clip(fit.bound_suspect[0] - fit.bound_source[0], -_MOST_BOUND, _MOST_BOUND))


@of_either_text(0, 1, identical=NAN, family="fit", label="set phrases broken", backwards="broken_phrase_share_source")
def broken_phrase_share(v: View) -> tuple[Measured, Measured]:
    """Return the share of swaps after which a bound neighbour is bound no more.

    The word before the swap followed or preceded its neighbour at least 20 times as often as chance, the word after
    it not twice as often. Read backwards, these are set phrases that only the suspect has. NaN below three swaps.

    >>> broken_phrase_share.between(*_EXAMPLE)
    (0.0, 0.0)
    """
    fit = fits(v)
    a, b = fit.bound_source.max(axis=0, initial=-np.inf), fit.bound_suspect.max(axis=0, initial=-np.inf)
    edits = v.swaps.edits
    return edits.share((a > _BOUND) & (b < _FREE), _FEW), edits.share((b > _BOUND) & (a < _FREE), _FEW)
