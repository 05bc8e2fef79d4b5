"""Style of both texts and its shift from source to suspect: rates of kinds of words, lengths, punctuation.

Measured over the shared stretches (`Side.inner`): a rewriter's additions show its style as much as its changes do.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from unspun.comparison.aligned_pair import KEPT, AlignedPair
from unspun.comparison.features.feature import NAN, Measure, among, mean, ratio, spread
from unspun.comparison.pair_view import Side, logprobs, view, whole_side
from unspun.text.token_text import FloatArray, TokenText, once
from unspun.text.word_classes import KINDS, RARE_ZIPF, contraction_rows, letters, word_kinds

_BITS = np.unpackbits(np.arange(256, dtype=np.uint8)[:, None], axis=1).astype(np.float64)
"""The bits of every byte."""


@once
def _rates(pair: AlignedPair) -> NDArray[np.float64]:
    """Return the rate of every kind of word over the shared stretches, source and suspect (2, kinds)."""
    v = view(pair)
    counts = np.array([_n_of_kinds(side) for side in (v.source, v.suspect)])
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(counts / np.array([[v.source.n_inner], [v.suspect.n_inner]]), np.float64)


def _n_of_kinds(side: Side) -> NDArray[np.float64]:
    """Return how many words of every kind a stretch has: bytes are counted first, then the bits in them."""
    packed = word_kinds().take(side.inner_rows, axis=0)
    tallies = [np.bincount(packed[:, byte], minlength=256) @ _BITS for byte in range(packed.shape[1])]
    return np.concatenate(tallies)[: len(KINDS)]


def _shift(pair: AlignedPair, kind: str) -> float:
    """Return the suspect's rate of a kind of word minus the source's, over the shared stretches."""
    rates = _rates(pair)[:, KINDS.index(kind)]
    return float(rates[1] - rates[0])


def connective_delta(pair: AlignedPair) -> float:
    """Return the change of the rate of formal connectives (moreover, consequently ...). Range [-1, 1]."""
    return _shift(pair, "connective")


def favoured_delta(pair: AlignedPair) -> float:
    """Return the change of the rate of words that language models love. Range [-1, 1].

    The list is ours, after what studies of model-written prose report (Kobak et al. 2024, excess vocabulary).
    """
    return _shift(pair, "favoured")


def plain_delta(pair: AlignedPair) -> float:
    """Return the change of the rate of the plainest verbs and nouns (get, make, thing). Range [-1, 1]."""
    return _shift(pair, "plain")


def article_delta(pair: AlignedPair) -> float:
    """Return the change of the rate of articles. Range [-1, 1]. Back-translation adds and drops them."""
    return _shift(pair, "article")


def pronoun_delta(pair: AlignedPair) -> float:
    """Return the change of the rate of pronouns. Range [-1, 1]."""
    return _shift(pair, "pronoun")


def preposition_delta(pair: AlignedPair) -> float:
    """Return the change of the rate of prepositions. Range [-1, 1]."""
    return _shift(pair, "preposition")


def conjunction_delta(pair: AlignedPair) -> float:
    """Return the change of the rate of conjunctions. Range [-1, 1]."""
    return _shift(pair, "conjunction")


def auxiliary_delta(pair: AlignedPair) -> float:
    """Return the change of the rate of auxiliary verbs. Range [-1, 1]."""
    return _shift(pair, "auxiliary")


def ing_delta(pair: AlignedPair) -> float:
    """Return the change of the rate of words in -ing. Range [-1, 1]. Language models add participles."""
    return _shift(pair, "ing")


def ly_delta(pair: AlignedPair) -> float:
    """Return the change of the rate of words in -ly. Range [-1, 1]."""
    return _shift(pair, "ly")


def tion_delta(pair: AlignedPair) -> float:
    """Return the change of the rate of words in -tion. Range [-1, 1]. Nominal style."""
    return _shift(pair, "tion")


def contraction_delta(pair: AlignedPair) -> float:
    """Return the change of the rate of contractions. Range [-1, 1]. Rewriters expand them."""
    return _shift(pair, "contraction")


def contraction_kept_rate(pair: AlignedPair) -> float:
    """Return the share of contractions of both texts that were kept. Range [0, 1]; NaN without contractions."""
    v = view(pair)
    kept = total = 0
    for side in (v.source, v.suspect):
        chosen = contraction_rows()[side.rows] & side.aligned
        total += int(np.count_nonzero(chosen))
        kept += int(np.count_nonzero(side.kind[chosen] == KEPT))
    return ratio(kept, total)


def stop_delta(pair: AlignedPair) -> float:
    """Return the change of the share of function words. Range [-1, 1]."""
    return _shift(pair, "stop")


def word_length_delta(pair: AlignedPair) -> float:
    """Return the change of the mean length of content words, in letters. Range (-inf, inf)."""
    return word_length_suspect(pair) - word_length_source(pair)


def zipf_spread_delta(pair: AlignedPair) -> float:
    """Return the change of the standard deviation of all words' Zipf frequency. Range [-4, 4]."""
    return zipf_spread_suspect(pair) - zipf_spread_source(pair)


def zipf_all_delta(pair: AlignedPair) -> float:
    """Return the change of the mean Zipf frequency of all words. Range [-8, 8]."""
    return zipf_level_suspect(pair) - zipf_level_source(pair)


def rare_word_delta(pair: AlignedPair) -> float:
    """Return the change of the share of words below Zipf 3, names among them. Range [-1, 1]."""
    v = view(pair)
    return mean(v.suspect.inner_zipf < RARE_ZIPF) - mean(v.source.inner_zipf < RARE_ZIPF)


def long_word_delta(pair: AlignedPair) -> float:
    """Return the change of the share of words of nine letters and more. Range [-1, 1]."""
    return long_word_rate_suspect(pair) - long_word_rate_source(pair)


def zipf_mean_delta(pair: AlignedPair) -> float:
    """Return the change of the mean Zipf frequency of content words. Range [-8, 8]."""
    v = view(pair)
    means = [mean(side.zipf[side.inner & side.content & (side.zipf > 0)]) for side in (v.source, v.suspect)]
    return means[1] - means[0]


def type_token_delta(pair: AlignedPair) -> float:
    """Return the change of the logarithm of distinct over all words. Range (-inf, inf)."""
    (kinds_a, n_a), (kinds_b, n_b) = _kinds_and_words(pair)
    return math.log(kinds_b / n_b) - math.log(kinds_a / n_a) if n_a and n_b else NAN


@once
def _kinds_and_words(pair: AlignedPair) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return how many different lemmas and how many words both stretches have, made at first use."""
    v = view(pair)
    return (_n_kinds(v.source), v.source.n_inner), (_n_kinds(v.suspect), v.suspect.n_inner)


def _n_kinds(side: Side) -> int:
    lemmas = np.sort(side.text.lemmas[side.inner])
    return int(np.count_nonzero(lemmas[1:] != lemmas[:-1])) + (len(lemmas) > 0)


def sentence_length_delta(pair: AlignedPair) -> float:
    """Return the change of the logarithm of the mean sentence length. Range (-inf, inf)."""
    a, b = _sentence_lengths(pair)
    return math.log(mean(b) / mean(a)) if len(a) and len(b) else NAN


def sentence_spread_delta(pair: AlignedPair) -> float:
    """Return the change of the logarithm of the sentence lengths' spread. Range (-inf, inf); NaN below 3 sentences.

    Machines write sentences of like length.
    """
    a, b = _sentence_lengths(pair)
    return math.log((spread(b) + 1) / (spread(a) + 1)) if min(len(a), len(b)) > 2 else NAN


@once
def _sentence_lengths(pair: AlignedPair) -> tuple[FloatArray, FloatArray]:
    """Return the lengths, in words, of the sentences of both shared stretches, made at first use."""
    v = view(pair)
    return _inner_lengths(v.source), _inner_lengths(v.suspect)


def _inner_lengths(side: Side) -> FloatArray:
    counts = np.bincount(side.text.sentence_of[side.inner]) if side.inner.any() else np.zeros(0)
    return counts[counts > 0].astype(np.float32)


def comma_delta(pair: AlignedPair) -> float:
    """Return the change of commas per word. Range (-inf, inf)."""
    return comma_rate_suspect(pair) - comma_rate_source(pair)


def dash_delta(pair: AlignedPair) -> float:
    """Return the change of dashes per word. Range (-inf, inf)."""
    v = view(pair)
    return _mark_rate(v.suspect, "\u2014") - _mark_rate(v.source, "\u2014")


def mark_delta(pair: AlignedPair) -> float:
    """Return the change of all punctuation marks per word. Range (-inf, inf)."""
    return mark_rate_suspect(pair) - mark_rate_source(pair)


def comma_kept_rate(pair: AlignedPair) -> float:
    """Return the share of commas between kept words, of both texts, that are kept too. Range [0, 1].

    Synonym swappers leave punctuation alone.
    """
    v = view(pair)
    places = []
    for side in (v.source, v.suspect):
        commas = side.text.mark_words[side.text.mark_codes == ord(",")]
        after = commas[(commas > 0) & (commas < len(side.text))] - 1
        places.append(after[side.aligned[after]])
    a, b = places
    mates = v.source.mate[a]
    found = np.count_nonzero(among(mates, b))
    return ratio(int(found), max(len(a), len(b)))


def _mark_rate(side: Side, mark: str) -> float:
    """Return how often a mark, or any if it is empty, stands in a stretch, per word."""
    places = side.text.mark_words if not mark else side.text.mark_words[side.text.mark_codes == ord(mark)]
    before = places[places > 0] - 1
    return ratio(int(np.count_nonzero(side.inner[before])), side.n_inner)


def sentence_length_source(pair: AlignedPair) -> float:
    """Return the logarithm of the mean sentence length of the source. Range [0, inf)."""
    return _log_mean(_sentence_lengths(pair)[0])


def sentence_length_suspect(pair: AlignedPair) -> float:
    """Return the logarithm of the mean sentence length of the suspect. Range [0, inf)."""
    return _log_mean(_sentence_lengths(pair)[1])


def sentence_spread_source(pair: AlignedPair) -> float:
    """Return the standard deviation of the source's sentence lengths over their mean. Range [0, inf)."""
    return _spread(_sentence_lengths(pair)[0])


def sentence_spread_suspect(pair: AlignedPair) -> float:
    """Return the standard deviation of the suspect's sentence lengths over their mean. Range [0, inf)."""
    return _spread(_sentence_lengths(pair)[1])


@once
def zipf_level_source(pair: AlignedPair) -> float:
    """Return the mean Zipf frequency of the source's words. Range [0, 8]."""
    return _zipf_level(view(pair).source)


@once
def zipf_level_suspect(pair: AlignedPair) -> float:
    """Return the mean Zipf frequency of the suspect's words. Range [0, 8]."""
    return _zipf_level(view(pair).suspect)


def variety_source(pair: AlignedPair) -> float:
    """Return the source's different words over the number of its words to the power 0.8. Range [0, inf)."""
    return _variety(*_kinds_and_words(pair)[0])


def variety_suspect(pair: AlignedPair) -> float:
    """Return the suspect's different words over the number of its words to the power 0.8. Range [0, inf)."""
    return _variety(*_kinds_and_words(pair)[1])


@once
def long_word_rate_source(pair: AlignedPair) -> float:
    """Return the share of words of nine letters and more in the source. Range [0, 1]."""
    return _long_words(view(pair).source)


@once
def long_word_rate_suspect(pair: AlignedPair) -> float:
    """Return the share of words of nine letters and more in the suspect. Range [0, 1]."""
    return _long_words(view(pair).suspect)


def _log_mean(lengths: FloatArray) -> float:
    return math.log(mean(lengths)) if len(lengths) else NAN


def _spread(lengths: FloatArray) -> float:
    return spread(lengths) / mean(lengths) if len(lengths) > 2 else NAN


def _zipf_level(side: Side) -> float:
    return mean(side.inner_zipf)


def _variety(n_kinds: int, n_words: int) -> float:
    return n_kinds / n_words**0.8 if n_words else NAN


def _long_words(side: Side) -> float:
    return mean(letters()[side.inner_rows] > 8)


def rate_source(kind: str) -> Measure:
    """Return the feature ``<kind>_rate_source``."""

    def rate(pair: AlignedPair) -> float:
        """Return the rate of a kind of words in the source's shared stretch. Range [0, 1]."""
        return float(_rates(pair)[0, KINDS.index(kind)])

    rate.__name__ = f"{kind}_rate_source"
    return rate


def rate_suspect(kind: str) -> Measure:
    """Return the feature ``<kind>_rate_suspect``."""

    def rate(pair: AlignedPair) -> float:
        """Return the rate of a kind of words in the suspect's shared stretch. Range [0, 1]."""
        return float(_rates(pair)[1, KINDS.index(kind)])

    rate.__name__ = f"{kind}_rate_suspect"
    return rate


@once
def comma_rate_source(pair: AlignedPair) -> float:
    """Return the commas per word of the source's shared stretch. Range [0, inf)."""
    return _mark_rate(view(pair).source, ",")


@once
def comma_rate_suspect(pair: AlignedPair) -> float:
    """Return the commas per word of the suspect's shared stretch. Range [0, inf)."""
    return _mark_rate(view(pair).suspect, ",")


@once
def mark_rate_source(pair: AlignedPair) -> float:
    """Return the punctuation marks per word of the source's shared stretch. Range [0, inf)."""
    return _mark_rate(view(pair).source, "")


@once
def mark_rate_suspect(pair: AlignedPair) -> float:
    """Return the punctuation marks per word of the suspect's shared stretch. Range [0, inf)."""
    return _mark_rate(view(pair).suspect, "")


@once
def zipf_spread_source(pair: AlignedPair) -> float:
    """Return the standard deviation of the Zipf frequency of the source's words. Range [0, 4]."""
    return _zipf_spread(view(pair).source)


@once
def zipf_spread_suspect(pair: AlignedPair) -> float:
    """Return the standard deviation of the Zipf frequency of the suspect's words. Range [0, 4]."""
    return _zipf_spread(view(pair).suspect)


def _zipf_spread(side: Side) -> float:
    return spread(side.inner_zipf)


@once
def word_length_source(pair: AlignedPair) -> float:
    """Return the mean length of the source's content words, in letters. Range [0, inf)."""
    return _word_length(view(pair).source)


@once
def word_length_suspect(pair: AlignedPair) -> float:
    """Return the mean length of the suspect's content words, in letters. Range [0, inf)."""
    return _word_length(view(pair).suspect)


def _word_length(side: Side) -> float:
    return mean(letters()[side.rows[side.inner & side.content]])


_RATED = ("stop", "connective", "favoured", "contraction", "pronoun", "article", "preposition", "ly", "ing")
"""Kinds of words whose rates over whole texts are levels of style."""


@once
def _whole_levels(text: TokenText) -> dict[str, float]:
    """Return the levels of style of a whole text, boilerplate aside; made once a text."""
    side = whole_side(text)
    lengths, n_of_kinds = _inner_lengths(side), _n_of_kinds(side)
    return {
        "sentence_length": _log_mean(lengths),
        "sentence_spread": _spread(lengths),
        "zipf_level": _zipf_level(side),
        "zipf_spread": _zipf_spread(side),
        "variety": _variety(_n_kinds(side), side.n_inner),
        "word_length": _word_length(side),
        "long_word_rate": _long_words(side),
        "comma_rate": _mark_rate(side, ","),
        "mark_rate": _mark_rate(side, ""),
        "logprob": mean(logprobs(text)[side.inner]),
        **{f"{kind}_rate": ratio(float(n_of_kinds[KINDS.index(kind)]), side.n_inner) for kind in _RATED},
    }


def whole_level_source(name: str) -> Measure:
    """Return the feature ``whole_<name>_source``; ``name`` is that of a level of `_whole_levels`."""

    def level(pair: AlignedPair) -> float:
        """Return a level of the source's style, over the whole text.

        As the feature of the same name over the shared stretch. Measured whether anything is aligned or not: a text
        that a machine told anew shows its hand where no sentence can be aligned.
        """
        return _whole_levels(pair.source)[name]

    level.__name__ = f"whole_{name}_source"
    return level


def whole_level_suspect(name: str) -> Measure:
    """Return the feature ``whole_<name>_suspect`` (see `whole_level_source`)."""

    def level(pair: AlignedPair) -> float:
        """Return a level of the suspect's style, over the whole text."""
        return _whole_levels(pair.suspect)[name]

    level.__name__ = f"whole_{name}_suspect"
    return level
