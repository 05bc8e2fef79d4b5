"""Estimate the trigram model.

Interpolated modified Kneser-Ney over the lexicon's words, pruned.

Source: Chen & Goodman, "An empirical study of smoothing techniques for language modeling" (1999), sections 4.1 and 6.
The readable version of the same estimate is in ``tests/test_fluency.py``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from unspun.text.token_text import FloatArray, IntArray

BITS = np.uint64(20)
_MASK = np.uint64(2**20 - 1)

Keys = NDArray[np.uint64]
Floats = NDArray[np.float64]


class Symbols(NamedTuple):
    """Ids of the model that are no words of the lexicon, which has ``n_words``."""

    n_words: int

    @property
    def unknown(self) -> int:
        """Any word outside the lexicon."""
        return self.n_words

    @property
    def number(self) -> int:
        """Any word with a digit."""
        return self.n_words + 1

    @property
    def start(self) -> int:
        """Before the first word of a sentence, twice."""
        return self.n_words + 2


@dataclass(frozen=True, slots=True)
class Trigrams:
    """The estimated model.

    Probabilities of the n-grams kept, and what is left to back off with in each context.

    ``keys`` pack model ids, 20 bits each, the predicted word lowest. ``bigram_left`` belongs to the bigrams as the
    contexts of trigrams; 1 where no trigram was kept.
    """

    unigram: Floats
    unigram_left: Floats
    bigram_keys: Keys
    bigram: Floats
    bigram_left: Floats
    trigram_keys: Keys
    trigram: Floats


def pad(texts: Iterable[tuple[IntArray, IntArray]], start: int) -> IntArray:
    """Return all sentences in one array, each after two START symbols.

    Parameters
    ----------
    texts : iterable of (ids, sentence stops)
        Ids of the model.
    start : int
        The START symbol.

    Returns
    -------
    int32 (n,)
        The stream.

    Examples
    --------
    >>> pad([(np.array([5, 6, 7], np.int32), np.array([0, 2, 3]))], 9).tolist()
    [9, 9, 5, 6, 9, 9, 7]
    """
    parts = []
    for ids, stops in texts:
        places = np.repeat(stops[:-1][np.diff(stops) > 0], 2)
        parts.append(np.insert(ids, places, start))
    return np.concatenate(parts).astype(np.int32) if parts else np.zeros(0, np.int32)


def pack(*columns: IntArray) -> Keys:
    """Return one key for each row of ids."""
    key = columns[0].astype(np.uint64)
    for column in columns[1:]:
        key = key << BITS | column.astype(np.uint64)
    return key


def context(keys: Keys) -> Keys:
    """Return the keys without their last word."""
    return keys >> BITS


def suffix(keys: Keys, order: int) -> Keys:
    """Return the keys' last ``order`` words.

    Parameters
    ----------
    keys : uint64 (n,)
        Packed n-grams, as `pack` makes them.
    order : int
        How many of the last words to keep.

    Returns
    -------
    uint64 (n,)
        Packed n-grams of that order.
    """
    return keys & np.uint64(2 ** (int(BITS) * order) - 1)


def count_trigrams(stream: IntArray, start: int) -> tuple[Keys, NDArray[np.int64]]:
    """Return the trigrams of a padded stream, sorted, with their counts.

    Those whose last word is a word count.

    Parameters
    ----------
    stream : int32 (n,)
        As `pad` makes it.
    start : int
        The START symbol.

    Returns
    -------
    uint64 (m,), int64 (m,)
        Packed trigrams, and how often each occurs.
    """
    inside = stream[2:] != start
    return np.unique(pack(stream[:-2], stream[1:-1], stream[2:])[inside], return_counts=True)


def discounts(counts: NDArray[np.int64]) -> Floats:
    """Return the discounts of counts of 0, 1, 2 and 3 or more.

    Small or odd samples, where the formula leaves [0, count], get half a count.

    Examples
    --------
    >>> discounts(np.repeat([1, 2, 3, 4], [100, 40, 20, 10])).round(2).tolist()
    [0.0, 0.56, 1.17, 1.89]
    """
    n = np.array([np.count_nonzero(counts == c) for c in (1, 2, 3, 4)], np.float64)
    if n.min() == 0:
        return np.array([0.0, 0.5, 0.5, 0.5])
    y = n[0] / (n[0] + 2 * n[1])
    taken = np.array([0.0, *(c - (c + 1) * y * n[c] / n[c - 1] for c in (1, 2, 3))])
    inside = (taken >= 0) & (taken <= np.arange(4))
    return np.where(inside, taken, 0.5)


def _level(keys: Keys, counts: NDArray[np.int64], lower: Floats) -> Floats:
    """Return the interpolated probabilities of n-grams."""
    taken = discounts(counts)[np.minimum(counts, 3)]
    _, which = np.unique(context(keys), return_inverse=True)
    total = np.bincount(which, counts)
    gamma = np.bincount(which, taken) / total
    return (counts - taken) / total[which] + gamma[which] * lower


def _unigram(counts: NDArray[np.int64], words: IntArray, base: Floats) -> Floats:
    taken = discounts(counts)[np.minimum(counts, 3)]
    total = counts.sum()
    probability: Floats = base * (taken.sum() / total)
    probability[words] += (counts - taken) / total
    return probability


def _find(keys: Keys, wanted: Keys) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return at, keys[at] == wanted


def estimate(
    keys: Keys, counts: NDArray[np.int64], base: Floats, symbols: Symbols, n_kept: tuple[int, int]
) -> Trigrams:
    """Estimate the model from counted trigrams.

    Parameters
    ----------
    keys, counts
        From `count_trigrams`.
    base : float64 (n_words + 3,)
        What the unigrams fall back on; sums to 1, START has 0.
    symbols : Symbols
        N-grams with an unknown word are not kept.
    n_kept : int, int
        How many bigrams and trigrams to keep: those that lift the training text's probability most over the shorter
        history's (Seymore & Rosenfeld 1996). What the others held goes to the shorter history.

    Returns
    -------
    Trigrams
        The pruned model.
    """
    bigram_keys, bigram_of = np.unique(suffix(keys, 2), return_inverse=True)
    words, word_counts = np.unique(suffix(bigram_keys, 1), return_counts=True)
    unigram = _unigram(word_counts, words.astype(np.int32), base)
    shorter = unigram[suffix(bigram_keys, 1).astype(np.int64)]
    bigram = _level(bigram_keys, np.bincount(bigram_of), shorter)
    trigram = _level(keys, counts, bigram[bigram_of])
    kept = _most_telling(keys, _gain(counts, trigram, bigram[bigram_of]), symbols, n_kept[1])
    uses = np.bincount(bigram_of, counts)
    kept_bigrams = _most_telling(bigram_keys, _gain(uses, bigram, shorter), symbols, n_kept[0])
    # A context of a kept trigram is kept too: what it leaves to the shorter history is stored beside it.
    at, hit = _find(bigram_keys, context(keys[kept]))
    kept_bigrams = np.union1d(kept_bigrams, at[hit])
    return _pruned(unigram, (bigram_keys[kept_bigrams], bigram[kept_bigrams]), (keys[kept], trigram[kept]), symbols)


def _gain(uses: NDArray[Any], probability: Floats, shorter: Floats) -> Floats:
    return np.asarray(uses * np.log(probability / shorter), np.float64)


def _most_telling(keys: Keys, gain: Floats, symbols: Symbols, n: int) -> NDArray[np.intp]:
    """Return the places of the ``n`` n-grams of known words with the highest gain above 0, in order."""
    gain = np.where(_known(keys, symbols), gain, -np.inf)
    best = np.sort(np.argsort(-gain, kind="stable")[:n])
    return best[gain[best] > 0]


def _known(keys: Keys, symbols: Symbols) -> NDArray[np.bool_]:
    unknown = np.uint64(symbols.unknown)
    inside: NDArray[np.bool_] = (context(keys) & _MASK != unknown) & (keys >> np.uint64(40) != unknown)
    known: NDArray[np.bool_] = inside & (suffix(keys, 1) != unknown)
    return known


def _pruned(unigram: Floats, bigrams: tuple[Keys, Floats], trigrams: tuple[Keys, Floats], symbols: Symbols) -> Trigrams:
    """Work out what every context of the n-grams given has left for its shorter history."""
    keys, probability = bigrams
    words = np.arange(symbols.start + 1, dtype=np.uint64)
    unigram_left = _left(context(keys), probability, unigram[suffix(keys, 1).astype(np.int64)], words)
    # Two STARTs are a context that follows nothing.
    missing = np.setdiff1d(context(trigrams[0]), keys)
    order = np.argsort(np.concatenate([keys, missing]))
    keys = np.concatenate([keys, missing])[order]
    probability = np.concatenate([probability, np.full(len(missing), probability.min())])[order]
    right = suffix(trigrams[0], 2)
    at, hit = _find(keys, right)
    v, w = (column.astype(np.int64) for column in unpacked(right, 2))
    shorter = np.where(hit, probability[at], unigram_left[v] * unigram[w])
    left = _left(context(trigrams[0]), trigrams[1], shorter, keys)
    return Trigrams(unigram, unigram_left, keys, probability, left, *trigrams)


def _left(contexts: Keys, probability: Floats, shorter: Floats, every: Keys) -> Floats:
    """Return (1 - mass kept) / (1 - mass that the shorter history gives the same words) for every context."""
    at = np.searchsorted(every, contexts)
    kept = np.bincount(at, probability, len(every))
    given = np.bincount(at, shorter, len(every))
    left: Floats = np.clip(1.0 - kept, 1e-6, 1.0) / np.clip(1.0 - given, 1e-6, 1.0)
    return left


def unpacked(keys: Keys, order: int) -> list[IntArray]:
    """Return the columns of ids that were packed.

    Parameters
    ----------
    keys : uint64 (n,)
        Packed n-grams.
    order : int
        How many ids a key holds.

    Returns
    -------
    list of int32 (n,)
        One array for each place in the n-gram.
    """
    return [((keys >> np.uint64(20 * (order - 1 - k))) & _MASK).astype(np.int32) for k in range(order)]


def base_distribution(zipf: FloatArray, phrases: NDArray[np.bool_], stream: IntArray, symbols: Symbols) -> Floats:
    """Return the unigram fallback.

    Wordfreq's frequencies for words, the stream's share for numbers and unknown words.

    Words that wordfreq does not list count as Zipf 0.8; phrases are never one word of a text.

    Parameters
    ----------
    zipf : float32 (n_words,)
        Zipf frequencies of the lexicon; further values are ignored.
    phrases : bool (n_words,)
        Words of the lexicon that are phrases.
    stream : int32 (n,)
        As `pad` makes it.
    symbols : Symbols
        Numbers of the special symbols.

    Returns
    -------
    float64 (n_words + 3,)
        Sums to 1.
    """
    share = np.exp(np.log(10.0) * (np.maximum(zipf[: symbols.n_words], 0.8) - 9.0))
    share[phrases] = 0.0
    n = np.count_nonzero(stream != symbols.start)
    special = [np.count_nonzero(stream == s) / n for s in (symbols.unknown, symbols.number)]
    return np.concatenate([share / share.sum() * (1.0 - sum(special)), special, [0.0]])
