"""Fluency: how well the swapped words fit their neighbours, against the words they replaced."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from unspun.features.base import NAN, Evidence, Side, logprobs, mean, view
from unspun.fluency import START, NgramModel, load_fluency
from unspun.types import AlignedPair, BoolArray, EditKind, FloatArray, IntArray, TokenText

_FEW = 3
_CAP = 4.0
"""Nats to which the change of one swap is held, so that one odd word does not decide."""


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """Log-probability of each swap's surroundings, suspect's word minus source's word, nats per swap.

    ``here`` is measured in the suspect's sentence, ``there`` in the source's; ``bigram`` in the suspect's with the
    word before and after alone.
    """

    here: FloatArray
    there: FloatArray
    bigram: FloatArray


def _neighbours(text: TokenText) -> IntArray:
    """Return ids of two words before, the word and two after, (n, 5); START beyond the sentence's ends."""
    found = text.memo.get("neighbours")
    if found is None:
        n = len(text)
        sentence = np.repeat(np.arange(text.n_sentences), np.diff(text.sentence_stops))
        table = np.empty((n, 5), np.int32)
        table[:, 2] = text.ids
        for step in (1, 2):
            table[:, 2 - step] = table[:, 2 + step] = START
            same = sentence[step:] == sentence[:-step]
            table[step:, 2 - step][same] = text.ids[:-step][same]
            table[:-step, 2 + step][same] = text.ids[step:][same]
        found = text.memo["neighbours"] = table
    return found  # type: ignore[return-value]


def _window_logprob(model: NgramModel, around: IntArray, words: IntArray) -> FloatArray:
    """Return the summed log-probability of ``words`` and the two words after, in their surroundings (k, 5)."""
    a, b, c, d = around[:, 0], around[:, 1], around[:, 3], around[:, 4]
    targets = np.concatenate([words, c, d])
    scores = model.logprob(targets, np.concatenate([a, b, words]), np.concatenate([b, words, c]))
    scores = np.where(targets == START, 0, scores)
    return np.asarray(scores.reshape(3, -1).sum(axis=0), np.float32)


def fits(pair: AlignedPair) -> Fit:
    """Return the change of fit of every swap of a pair, made at first use."""
    found = pair.memo.get("fits")
    if isinstance(found, Fit):
        return found
    model, swaps = load_fluency(), view(pair).swaps
    here = _neighbours(pair.suspect)[swaps.suspect]
    there = _neighbours(pair.source)[swaps.source]
    both = np.concatenate([here, there, here, there])
    k = len(swaps)
    words = np.concatenate([swaps.suspect_ids, swaps.suspect_ids, swaps.source_ids, swaps.source_ids])
    scores = _window_logprob(model, both, words)
    delta = np.clip(scores[: 2 * k] - scores[2 * k :], -3 * _CAP, 3 * _CAP)
    left = model.bigram_logprob(swaps.suspect_ids, here[:, 1]) - model.bigram_logprob(swaps.source_ids, here[:, 1])
    made = Fit(delta[:k], delta[k:], np.clip(left, -_CAP, _CAP).astype(np.float32))
    pair.memo["fits"] = made
    return made


def fit_delta(pair: AlignedPair) -> Evidence:
    """Return the mean change of log-probability a swap brings, over both surroundings. Range [-12, 12] nats.

    Three trigrams around the word under `unspun.fluency`'s model; below 0 when the suspect's words fit worse. NaN
    below three swaps.
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
    """Return the mean change of log-probability given the word before alone. Range [-4, 4] nats."""
    return Evidence.mean(view(pair).swaps.edits, fits(pair).bigram, _FEW)


def fit_spread(pair: AlignedPair) -> float:
    """Return the standard deviation of the swaps' change of fit. Range [0, 12] nats; NaN below three swaps."""
    fit = fits(pair)
    return float(((fit.here + fit.there) / 2).std()) if len(fit.here) >= _FEW else NAN


def logprob_delta(pair: AlignedPair) -> float:
    """Return the change of mean log-probability over the aligned words. Range (-inf, inf) nats per word."""
    v = view(pair)
    return mean(logprobs(pair.suspect)[v.b.aligned]) - mean(logprobs(pair.source)[v.a.aligned])


def changed_logprob_delta(pair: AlignedPair) -> float:
    """Return the change of mean log-probability over the changed words alone. Range (-inf, inf) nats per word.

    NaN when either text has fewer than three changed words.
    """
    v = view(pair)
    a, b = (_changed(side) for side in (v.a, v.b))
    if min(a.sum(), b.sum()) < _FEW:
        return NAN
    return float(logprobs(pair.suspect)[b].mean() - logprobs(pair.source)[a].mean())


def _changed(side: Side) -> BoolArray:
    return np.asarray(side.aligned & (side.kind > EditKind.INFLECTED), np.bool_)


def set_phrase_delta(pair: AlignedPair) -> Evidence:
    """Return the mean change of association with the word before, over the swaps. Range [-8, 8] nats.

    Pointwise mutual information of the word and the one before it in the suspect, minus the same in the source
    (Church and Hanks 1990): a broken set phrase loses several nats.
    """
    swaps, model = view(pair).swaps, load_fluency()
    scores = []
    for text, words, ids in (
        (pair.source, swaps.source, swaps.source_ids),
        (pair.suspect, swaps.suspect, swaps.suspect_ids),
    ):
        before = _neighbours(text)[words, 1]
        scores.append(model.bigram_logprob(ids, before) - model.unigram_logprob(ids))
    return Evidence.mean(swaps.edits, np.clip(scores[1] - scores[0], -8, 8), _FEW)


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
    swaps = view(pair).swaps
    bound = [
        _association(pair.source, swaps.source, swaps.source_ids),
        _association(pair.suspect, swaps.suspect, swaps.suspect_ids),
    ]
    before, after = bound if forward else bound[::-1]
    return Evidence.share(swaps.edits, (before > np.log(20)) & (after < np.log(2)), _FEW)


def _association(text: TokenText, words: IntArray, ids: IntArray) -> FloatArray:
    """Return the stronger mutual information of each word with its two neighbours, in nats."""
    model = load_fluency()
    around = _neighbours(text)[words]
    left = model.bigram_logprob(ids, around[:, 1]) - model.unigram_logprob(ids)
    right = model.bigram_logprob(around[:, 3], ids) - model.unigram_logprob(around[:, 3])
    return np.asarray(np.maximum(left, np.where(around[:, 3] == START, -np.inf, right)), np.float32)
