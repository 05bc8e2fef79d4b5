"""Build ``lexicon.npz``: vocabulary, word properties and the relations of words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from wordfreq import top_n_list, zipf_frequency

from unspun.text.lexicon import ANTONYM, MOBY, NEAR, SYNONYM
from unspun.training.resources import lemmas, wordnet
from unspun.training.resources.stopwords import STOP_WORDS, VERBS
from unspun.training.resources.wordnet import WordNet

N_FREQUENT = 150_000
_PRIOR_WEIGHT = 1.0
_APOSTROPHE_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*|(?:[a-z]\.)+[a-z]")

Entries = Sequence[tuple[str, list[str]]]
Arrays = dict[str, NDArray[np.generic]]


class Sources(NamedTuple):
    """The data that the lexicon is built from."""

    net: WordNet
    moby: Entries
    case: tuple[Counter[str], Counter[str]]


def zipf(word: str) -> float:
    """Return the Zipf frequency of a word in wordfreq's large list, or 0.0."""
    return 7.0 if word == "'s" else zipf_frequency(word, "en", wordlist="large")


def is_word(word: str) -> bool:
    """Tell if the tokeniser could leave this as one word.

    That is letters, inner apostrophes and initials, but no possessive.

    >>> [is_word(w) for w in ("don't", "u.s", "cafés", "it's", "well-known", "p2p")]
    [True, True, True, False, False, False]
    """
    return word in STOP_WORDS or (_APOSTROPHE_WORD.fullmatch(word) is not None and not word.endswith("'s"))


def plain(phrase: str) -> str:
    """Return a WordNet phrase as the tokeniser would leave its words.

    Hyphens part them.
    """
    return phrase.replace("-", " ")


def phrases(net: WordNet) -> set[str]:
    """Return the phrases of 2-3 words that share a synset with something else."""
    found: set[str] = set()
    for synset in net.synsets.values():
        if len(synset.words) > 1:
            found.update(plain(word.lower()) for word in synset.words)
    return {p for p in found if p.count(" ") in (1, 2) and all(is_word(w) for w in p.split(" "))}


def vocabulary(net: WordNet, moby: Entries) -> list[str]:
    """Return all words and phrases, most frequent first.

    Equals are in alphabetical order.

    Parameters
    ----------
    net : WordNet
        Its words and its phrases are taken.
    moby : list of (str, list of str)
        Entries of Moby's thesaurus.

    Returns
    -------
    list of str
        The words of the lexicon in the order of their ids.
    """
    words = set(chain.from_iterable([head, *related] for head, related in moby)) | set(net.senses) | STOP_WORDS
    words = {w for w in words if is_word(w)} | phrases(net)
    words.update([w for w in top_n_list("en", 400_000, wordlist="large") if is_word(w)][:N_FREQUENT])
    return sorted(words, key=lambda w: (" " in w and not zipf(w), -zipf(w), w))


def name_shares(words: Sequence[str], sources: Sources) -> NDArray[np.float64]:
    """Return the smoothed share of uses inside sentences that have a capital.

    The prior of a word that WordNet only spells with a capital is 0.95, of one that WordNet or Moby knows in small
    letters 0, of any other the share that such words have in the counts.

    Parameters
    ----------
    words : sequence of str
        The vocabulary, n words.
    sources : Sources
        Counts of words, and the thesauri.

    Returns
    -------
    float64 (n,)
        In [0, 1].
    """
    total, capital = sources.case
    prior = _name_priors(words, sources)
    n = np.array([total[w] for w in words], np.float64)
    k = np.array([capital[w] for w in words], np.float64)
    foreign = np.isnan(prior)
    seen = foreign & (n > 0)
    prior[foreign] = (k[seen] / n[seen]).mean() if seen.any() else 0.5
    return (k + _PRIOR_WEIGHT * prior) / (n + _PRIOR_WEIGHT)


def _name_priors(words: Sequence[str], sources: Sources) -> NDArray[np.float64]:
    """0.95, 0 or NaN: a name of WordNet, a common word or an inflection of one, a word in no dictionary."""
    names = wordnet.only_names(sources.net)
    known = {plain(w) for w in sources.net.senses} | {head for head, _ in sources.moby} | STOP_WORDS
    priors = np.full(len(words), np.nan)
    for i, word in enumerate(words):
        base = lemmas.lemma(word, sources.net, zipf)
        if word in names or base in names:
            priors[i] = 0.95
        elif word in known or base in known or " " in word:
            priors[i] = 0.0
    return priors


def word_arrays(words: Sequence[str], sources: Sources) -> Arrays:
    """Return one value a word.

    Frequency, lemma, parts of speech, function word, name share, number of senses.

    Parameters
    ----------
    words : sequence of str
        The vocabulary.
    sources : Sources
        What is known of the words.

    Returns
    -------
    dict of arrays
        By their names in the file.
    """
    net = sources.net
    ids = {word: i for i, word in enumerate(words)}
    bases = [lemmas.lemma(w, net, zipf) if " " not in w else w for w in words]
    inflected = [i for i, (w, b) in enumerate(zip(words, bases, strict=True)) if b != w and b in ids]
    return {
        "words": np.frombuffer("\n".join(words).encode("utf-8"), np.uint8),
        "zipf": np.round(np.array([zipf(w) for w in words]) * 100).astype(np.uint16),
        "inflected": np.array(inflected, np.int32),
        "base": np.array([ids[bases[i]] for i in inflected], np.int32),
        "pos": np.array([_pos(w, b, net) for w, b in zip(words, bases, strict=True)], np.uint8),
        "stop": np.flatnonzero([w in STOP_WORDS for w in words]).astype(np.int32),
        "name": np.round(name_shares(words, sources) * 255).astype(np.uint8),
        "n_senses": np.array([_n_senses(w, b, net) for w, b in zip(words, bases, strict=True)], np.uint8),
    }


def _pos(word: str, base: str, net: WordNet) -> int:
    if word in STOP_WORDS:
        return 2 if word in VERBS else 0
    return lemmas.pos_bits(word, base, net)


def _n_senses(word: str, base: str, net: WordNet) -> int:
    senses = net.senses.get(word) or net.senses.get(word.replace(" ", "-")) or net.senses.get(base, [])
    return min(len(senses), 255)


def _keys(pairs: Iterable[tuple[str, str]], ids: dict[str, int]) -> NDArray[np.uint64]:
    """Return sorted distinct keys ``low id << 32 | high id`` of the pairs whose words are both in the vocabulary."""
    found = [(ids[a], ids[b]) for a, b in pairs if a in ids and b in ids]
    low_high = np.sort(np.array(found, np.uint64).reshape(-1, 2), axis=1)
    keys = low_high[:, 0] << np.uint64(32) | low_high[:, 1]
    return np.unique(keys[low_high[:, 0] != low_high[:, 1]])


def relation_arrays(words: Sequence[str], sources: Sources) -> Arrays:
    """Return the relation table.

    Partners of every word as differences, bits, and sense ranks of the synonyms.

    Parameters
    ----------
    words : sequence of str
        The vocabulary.
    sources : Sources
        The thesauri.

    Returns
    -------
    dict of arrays
        By their names in the file.
    """
    ids = {word: i for i, word in enumerate(words)}
    net = sources.net
    tables = {
        SYNONYM: _keys(_plain_pairs(wordnet.synonym_pairs(net)), ids),
        NEAR: _keys(_plain_pairs(wordnet.near_pairs(net)), ids),
        MOBY: _keys(((head, r) for head, related in sources.moby for r in related if " " not in r), ids),
        ANTONYM: _keys(_plain_pairs(wordnet.antonym_pairs(net)), ids),
    }
    keys = np.unique(np.concatenate(list(tables.values())))
    bits = np.zeros(len(keys), np.uint8)
    for bit, members in tables.items():
        bits[np.searchsorted(keys, members)] |= bit
    return _coded(keys, len(words)) | {"bits": bits} | _rank_arrays(words, keys[bits & SYNONYM > 0], net)


def _plain_pairs(pairs: Iterable[tuple[str, str]]) -> Iterable[tuple[str, str]]:
    return ((plain(a), plain(b)) for a, b in pairs)


def _coded(keys: NDArray[np.uint64], n_words: int) -> Arrays:
    low = (keys >> np.uint64(32)).astype(np.int64)
    high = (keys & np.uint64(0xFFFFFFFF)).astype(np.int64)
    first = np.append(True, low[1:] != low[:-1]) if len(low) else np.zeros(0, np.bool_)
    steps = np.where(first, high - low, np.diff(high, prepend=0))
    return {
        "n_partners": np.bincount(low, minlength=n_words).astype(np.uint16),
        "step_low": (steps & 0xFF).astype(np.uint8),
        "step_middle": (steps >> 8 & 0xFF).astype(np.uint8),
        "step_high": (steps >> 16).astype(np.uint8),
    }


def _rank_arrays(words: Sequence[str], keys: NDArray[np.uint64], net: WordNet) -> Arrays:
    """Return for each synonym pair the rank among the low word's senses, and among the high word's."""
    ranks = _all_ranks(net)
    low, high = (keys >> np.uint64(32)).tolist(), (keys & np.uint64(0xFFFFFFFF)).tolist()
    pairs = [(words[a], words[b]) for a, b in zip(low, high, strict=True)]
    return {
        "rank_low": np.array([min(ranks[a, b], 255) for a, b in pairs], np.uint8),
        "rank_high": np.array([min(ranks[b, a], 255) for a, b in pairs], np.uint8),
    }


def _all_ranks(net: WordNet) -> dict[tuple[str, str], int]:
    """Return the best rank of every ordered pair of synonyms, hyphened spellings and phrases taken together."""
    ranks: dict[tuple[str, str], int] = {}
    for word in net.senses:
        for other, rank in wordnet.sense_ranks(net, word).items():
            pair = plain(word), plain(other)
            ranks[pair] = min(rank, ranks.get(pair, rank))
    return ranks


def build(sources: Sources) -> Arrays:
    """Return the arrays of ``lexicon.npz``."""
    words = vocabulary(sources.net, sources.moby)
    return word_arrays(words, sources) | relation_arrays(words, sources)
