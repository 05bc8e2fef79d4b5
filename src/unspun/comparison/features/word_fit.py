"""Fluency: how well the swapped words fit their neighbours, against the words they replaced."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from unspun.comparison._batching import Joined, bounds_of, together
from unspun.comparison.aligned_pair import INFLECTED, AlignedPair
from unspun.comparison.features.feature import NAN, Evidence, mean, spread
from unspun.comparison.pair_view import Side, logprobs, view
from unspun.text.ngram_model import START, NgramModel, load_ngram_model
from unspun.text.token_text import BoolArray, FloatArray, IntArray

_FEW = 3
_BOUND, _FREE = np.log(20), np.log(2)
_CAP = 4.0
"""Nats to which the change of one swap is held, so that one odd word does not decide."""


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """How well each swap's words fit, in nats, an entry a swap.

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


def _neighbours(texts: Joined, words: NDArray[np.int64]) -> IntArray:
    """Return ids of two words before, the word and two after, (k, 5); START beyond the sentence's ends."""
    n = len(texts.ids)
    ids, sentence = np.full(n + 4, START, np.int32), np.full(n + 4, -1, np.int64)
    ids[2:-2], sentence[2:-2] = texts.ids, texts.sentence_of()
    around = words[:, np.newaxis] + np.arange(5)
    return np.where(sentence[around] == sentence[words + 2][:, np.newaxis], ids[around], np.int32(START))


def _window_logprob(model: NgramModel, around: IntArray, words: IntArray) -> FloatArray:
    """Return the summed log-probability of ``words`` and the two words after, in their surroundings (k, 5)."""
    a, b, c, d = around[:, 0], around[:, 1], around[:, 3], around[:, 4]
    targets = np.concatenate([words, c, d])
    scores = model.logprob(targets, np.concatenate([a, b, words]), np.concatenate([b, words, c]))
    scores = np.where(targets == START, 0, scores)
    return np.asarray(scores.reshape(3, -1).sum(axis=0), np.float32)


@together
def fits(pairs: Sequence[AlignedPair]) -> Iterator[Fit]:
    """Return how well the words of every swap of a pair fit, made at first use."""
    model, swaps = load_ngram_model(), [view(pair).swaps for pair in pairs]
    ends = bounds_of(some.edits for some in swaps)
    k = ends[-1]
    pair_of = np.repeat(np.arange(len(pairs)), np.diff(ends))
    sources, suspects = Joined.of([pair.source for pair in pairs]), Joined.of([pair.suspect for pair in pairs])
    i = np.concatenate([some.source for some in swaps]) + sources.bounds[pair_of]
    j = np.concatenate([some.suspect for some in swaps]) + suspects.bounds[pair_of]
    there, here = _neighbours(sources, i), _neighbours(suspects, j)
    # The words in their own surroundings are scored already; the others' words in their place are not.
    words = np.concatenate([sources.ids[i], suspects.ids[j]])
    others = _window_logprob(model, np.concatenate([here, there]), words)
    own_here, own_there = _own_window(suspects, j, here), _own_window(sources, i, there)
    limit = 3 * _CAP
    gain_here = np.clip(own_here - others[:k], -limit, limit)
    gain_there = np.clip(others[k:] - own_there, -limit, limit)
    bigram, bound_source, bound_suspect = _bonds(model, there, here)
    for start, stop in pairwise(ends.tolist()):
        cut = slice(start, stop)
        yield Fit(gain_here[cut], gain_there[cut], bigram[cut], bound_source[:, cut], bound_suspect[:, cut])


def _own_window(texts: Joined, words: NDArray[np.int64], around: IntArray) -> FloatArray:
    """Return the log-probability of words and of the two after them, as they stand in the texts."""
    scores = np.concatenate([*map(logprobs, texts.texts), np.zeros(2, np.float32)])
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


def fit_delta(pair: AlignedPair) -> Evidence:
    """Return the mean change of log-probability a swap brings, over both surroundings. Range [-12, 12] nats.

    Three trigrams around the word under `unspun.text.ngram_model`'s model; below 0 when the suspect's words fit
    worse. NaN below three swaps.
    """
    fit = fits(pair)
    return Evidence.mean(view(pair).swaps.edits, (fit.here + fit.there) / 2, _FEW)


def fit_home_advantage(pair: AlignedPair) -> Evidence:
    """Return how much better words fit their own surroundings than the other text's. Range [-12, 12] nats.

    Near 0 where only the word was swapped and all around it stayed.
    """
    fit = fits(pair)
    return Evidence.mean(view(pair).swaps.edits, (fit.here - fit.there) / 2, _FEW)


def misfit_share(pair: AlignedPair) -> Evidence:
    """Return the share of swaps that cost more than 3 nats in the suspect's surroundings. Range [0, 1]."""
    return Evidence.share(view(pair).swaps.edits, fits(pair).here < -3, _FEW)


def misfit_share_source(pair: AlignedPair) -> Evidence:
    """Return the share of swaps that cost more than 3 nats when read from suspect to source. Range [0, 1]."""
    return Evidence.share(view(pair).swaps.edits, fits(pair).there > 3, _FEW)


def bigram_fit_delta(pair: AlignedPair) -> Evidence:
    """Return the mean change of log-probability given the word before alone, in both places. Range [-4, 4] nats."""
    return Evidence.mean(view(pair).swaps.edits, fits(pair).bigram, _FEW)


def fit_spread(pair: AlignedPair) -> float:
    """Return the standard deviation of the swaps' change of fit. Range [0, 12] nats; NaN below three swaps."""
    fit = fits(pair)
    return spread((fit.here + fit.there) / 2) if len(fit.here) >= _FEW else NAN


def logprob_delta(pair: AlignedPair) -> float:
    """Return the change of mean log-probability over the aligned words. Range (-inf, inf) nats per word."""
    v = view(pair)
    return mean(logprobs(pair.suspect)[v.suspect.aligned]) - mean(logprobs(pair.source)[v.source.aligned])


def logprob_source(pair: AlignedPair) -> float:
    """Return the mean log-probability of the source's shared stretch. Range (-inf, 0] nats per word."""
    return mean(logprobs(pair.source)[view(pair).source.inner])


def logprob_suspect(pair: AlignedPair) -> float:
    """Return the mean log-probability of the suspect's shared stretch. Range (-inf, 0] nats per word."""
    return mean(logprobs(pair.suspect)[view(pair).suspect.inner])


def changed_logprob_delta(pair: AlignedPair) -> float:
    """Return the change of mean log-probability over the changed words alone. Range (-inf, inf) nats per word.

    NaN when either text has fewer than three changed words.
    """
    v = view(pair)
    a, b = (_changed(side) for side in (v.source, v.suspect))
    if min(a.sum(), b.sum()) < _FEW:
        return NAN
    return mean(logprobs(pair.suspect)[b]) - mean(logprobs(pair.source)[a])


def _changed(side: Side) -> BoolArray:
    return np.asarray(side.aligned & (side.kind > INFLECTED), np.bool_)


def set_phrase_delta(pair: AlignedPair) -> Evidence:
    """Return the mean change of association with the word before, over the swaps. Range [-8, 8] nats.

    Pointwise mutual information of the word and the one before it in the suspect, minus the same in the source
    (Church and Hanks 1990): a broken set phrase loses several nats.
    """
    fit = fits(pair)
    change = np.clip(fit.bound_suspect[0] - fit.bound_source[0], -8, 8)
    return Evidence.mean(view(pair).swaps.edits, change, _FEW)


def broken_phrase_share(pair: AlignedPair) -> Evidence:
    """Return the share of swaps after which a bound neighbour is bound no more. Range [0, 1].

    The source's word followed or preceded its neighbour at least 20 times as often as chance, the suspect's not
    twice as often; NaN below three swaps.
    """
    return _broken(pair, forward=True)


def broken_phrase_share_source(pair: AlignedPair) -> Evidence:
    """Return the same with the texts' places changed: set phrases that only the suspect has. Range [0, 1]."""
    return _broken(pair, forward=False)


def _broken(pair: AlignedPair, forward: bool) -> Evidence:
    fit = fits(pair)
    bonds = fit.bound_source.max(axis=0, initial=-np.inf), fit.bound_suspect.max(axis=0, initial=-np.inf)
    before, after = bonds if forward else bonds[::-1]
    return Evidence.share(view(pair).swaps.edits, (before > _BOUND) & (after < _FREE), _FEW)
