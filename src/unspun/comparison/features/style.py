"""Measure the style of both texts and its shift from source to suspect.

Style is rates of kinds of words, lengths, and punctuation. Measured over the shared stretches (`Side.inner`): a
rewriter's additions show its style as much as its changes do. A level of style is measured over whole texts, too,
whether anything is aligned or not: a text that a machine told anew shows its hand where no sentence can be aligned.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from unspun.comparison.aligned_pair import AlignedPair
from unspun.comparison.features.feature import (
    INF,
    NAN,
    NEGATED,
    EitherText,
    Family,
    Feature,
    OneText,
    feature,
    of_either_text,
)
from unspun.comparison.pair_view import Side, logprobs, view, whole_side
from unspun.comparison.short_arrays import mean, ratio, spread
from unspun.text.token_text import FloatArray, once
from unspun.text.word_classes import KINDS, RARE_ZIPF, letters, word_kinds

_BITS = np.unpackbits(np.arange(256, dtype=np.uint8)[:, None], axis=1).astype(np.float64)
"""The bits of every byte."""
_LONG_WORD = 9
"""Letters from which on a word is long."""
_HERDAN = 0.8
"""Power of a text's length that the number of its different words grows with (G. Herdan 1960)."""

# ------------------------------------------------------------------ levels, of either text


@dataclass(frozen=True, eq=False)
class Level:
    """A level of style: a number of a stretch of text, as features of either text.

    Attributes
    ----------
    measure : callable
        From a text's arrays to its number.
    shared : EitherText
        The level over the shared stretches.
    whole : EitherText
        The same over whole texts, boilerplate aside.
    """

    measure: Callable[[Side], float]
    shared: EitherText
    whole: EitherText

    def change(self, pair: AlignedPair) -> float:
        """Return the suspect's level minus the source's, over the shared stretches."""
        v = view(pair)
        return self.measure(v.suspect) - self.measure(v.source)


def _level(low: float, high: float, label: str) -> Callable[[Callable[[Side], float]], Level]:
    """Declare the function below as a level of style, as `of_either_text` does; identical texts have any."""

    def declare(measure: Callable[[Side], float]) -> Level:
        def shared(one: OneText) -> float:
            return measure(one.side)

        def whole(one: OneText) -> float:
            return measure(whole_side(one.text))

        for over, name in ((shared, measure.__name__), (whole, f"whole_{measure.__name__}")):
            over.__name__, over.__doc__ = name, measure.__doc__
        return Level(
            measure,
            of_either_text(low, high, identical=None, family="style", label=f"{label} in the {{text}}")(shared),
            of_either_text(
                low, high, identical=None, family="style", whole=True, label=f"{label}, whole text, {{text}}"
            )(whole),
        )

    return declare


@_level(0, INF, "length of sentences")
@once
def sentence_length(side: Side) -> float:
    """Return the log mean sentence length, in words; NaN without sentences.

    >>> sentence_length.shared.between("Rain fell.", "Rain fell.") == (round(math.log(2), 3),) * 2
    True
    """
    lengths = _sentence_lengths(side)
    return math.log(mean(lengths)) if len(lengths) else NAN


@_level(0, INF, "variety of sentence lengths")
@once
def sentence_spread(side: Side) -> float:
    """Return the spread of the sentence lengths over their mean.

    The spread is the standard deviation; NaN below three sentences. Machines write sentences of like length.
    """
    lengths = _sentence_lengths(side)
    return spread(lengths) / mean(lengths) if len(lengths) > 2 else NAN


@once
def _sentence_lengths(side: Side) -> FloatArray:
    """Return the lengths, in words, of the sentences of a stretch, made at first use."""
    counts = np.bincount(side.text.sentence_of[side.inner]) if side.inner.any() else np.zeros(0)
    return counts[counts > 0].astype(np.float32)


@_level(0, 8, "frequency of words")
@once
def zipf_level(side: Side) -> float:
    """Return the mean Zipf frequency of the words; NaN without words.

    Unknown words count as 0.
    """
    return mean(side.inner_zipf)


@_level(0, INF, "spread of word frequency")
@once
def zipf_spread(side: Side) -> float:
    """Return the standard deviation of the words' Zipf frequency; NaN without words."""
    return spread(side.inner_zipf)


@_level(0, INF, "variety of words")
def variety(side: Side) -> float:
    """Return the different lemmas per word to the power 0.8; NaN without words.

    >>> variety.whole.between("Rain fell. Rain fell.", "Rain fell.") == (round(2 / 4**0.8, 3), round(2 / 2**0.8, 3))
    True
    """
    return _n_lemmas(side) / side.n_inner**_HERDAN if side.n_inner else NAN


@once
def _n_lemmas(side: Side) -> int:
    """Return how many different lemmas a stretch has, made at first use."""
    lemmas = np.sort(side.text.lemmas[side.inner])
    return int(np.count_nonzero(lemmas[1:] != lemmas[:-1])) + (len(lemmas) > 0)


@_level(0, INF, "length of words")
@once
def word_length(side: Side) -> float:
    """Return the mean length of the content words, in letters; NaN without any."""
    return mean(letters()[side.rows[side.inner & side.content]])


@_level(0, 1, "long words")
@once
def long_word_rate(side: Side) -> float:
    """Return the share of words of nine letters and more; NaN without words.

    >>> long_word_rate.whole.between("A strong government fell.", "It fell.")
    (0.25, 0.0)
    """
    return mean(letters()[side.inner_rows] >= _LONG_WORD)


@_level(0, INF, "commas")
@once
def comma_rate(side: Side) -> float:
    """Return the commas per word; NaN without words.

    >>> comma_rate.whole.between("At night, it sank.", "It sank.")
    (0.25, 0.0)
    """
    return _mark_rate(side, ",")


@_level(0, INF, "punctuation")
@once
def mark_rate(side: Side) -> float:
    """Return the punctuation marks per word; NaN without words.

    >>> mark_rate.whole.between("At night, it sank.", "It sank.")
    (0.5, 0.5)
    """
    return _mark_rate(side, "")


def _mark_rate(side: Side, mark: str) -> float:
    """Return how often a mark, or any if it is empty, stands in a stretch, per word."""
    places = side.text.mark_words if not mark else side.text.mark_words[side.text.mark_codes == ord(mark)]
    before = places[places > 0] - 1
    return ratio(int(np.count_nonzero(side.inner[before])), side.n_inner)


@_level(-INF, 0, "fluency")
def logprob(side: Side) -> float:
    """Return the mean log-probability of the words, in nats; NaN without words."""
    return mean(logprobs(side.text)[side.inner])


# ------------------------------------------------------------------ rates of kinds of words


@once
def _n_of_kinds(side: Side) -> list[float]:
    """Return how many words of every kind a stretch has: bytes are counted first, then the bits in them."""
    packed = word_kinds().take(side.inner_rows, axis=0)
    tallies = [np.bincount(packed[:, byte], minlength=256) @ _BITS for byte in range(packed.shape[1])]
    counts: list[float] = np.concatenate(tallies)[: len(KINDS)].tolist()
    return counts


def _rate_of(kind: str) -> Callable[[Side], float]:
    place = KINDS.index(kind)
    return lambda side: ratio(_n_of_kinds(side)[place], side.n_inner)


def word_rate(kind: str, label: str) -> Level:
    """Declare the share of a kind of words, ``<kind>_rate``, as a level of style.

    Parameters
    ----------
    kind : str
        One of `unspun.text.word_classes.KINDS`.
    label : str
        The kind in plain words.

    Returns
    -------
    Level
        In [0, 1]; NaN without words.
    """
    rate = _rate_of(kind)
    rate.__name__, rate.__doc__ = f"{kind}_rate", f"Return the share of words that are {label}; NaN without words."
    return _level(0, 1, label)(rate)


stop_rate = word_rate("stop", "function words")
connective_rate = word_rate("connective", "formal connectives")
favoured_rate = word_rate("favoured", "words that language models love")
contraction_rate = word_rate("contraction", "contractions")
pronoun_rate = word_rate("pronoun", "pronouns")
article_rate = word_rate("article", "articles")
preposition_rate = word_rate("preposition", "prepositions")
ly_rate = word_rate("ly", "words in -ly")
ing_rate = word_rate("ing", "words in -ing")


def word_rate_change(kind: str, label: str, why: str = "") -> Feature:
    """Declare the change of the share of a kind of words.

    It is ``<kind>_delta``, from source to suspect.

    Parameters
    ----------
    kind : str
        One of `unspun.text.word_classes.KINDS`.
    label : str
        The kind in plain words.
    why : str, optional
        What it tells.

    Returns
    -------
    Feature
        In [-1, 1]; NaN without words.

    Examples
    --------
    >>> word_rate_change("article", "articles").between("The ferry sank.", "The ferry hit the rocks and sank.")
    -0.048
    """
    rate = _rate_of(kind)

    def delta(pair: AlignedPair) -> float:
        v = view(pair)
        return rate(v.suspect) - rate(v.source)

    delta.__name__ = f"{kind}_delta"
    delta.__doc__ = f"Return the change of the share of {label}, over the shared stretches; NaN without words.\n\n{why}"
    return feature(-1, 1, identical=0, family="style", swapped=NEGATED, label=label)(delta)


connective_delta = word_rate_change("connective", "formal connectives", "As moreover, consequently.")
favoured_delta = word_rate_change(
    "favoured",
    "words that language models love",
    "The list is ours, after what studies of model-written prose report (Kobak et al. 2024, excess vocabulary).",
)
plain_delta = word_rate_change("plain", "plain words", "The plainest verbs and nouns, as get, make, thing.")
article_delta = word_rate_change("article", "articles", "Back-translation adds and drops them.")
pronoun_delta = word_rate_change("pronoun", "pronouns")
preposition_delta = word_rate_change("preposition", "prepositions")
conjunction_delta = word_rate_change("conjunction", "conjunctions")
auxiliary_delta = word_rate_change("auxiliary", "auxiliary verbs")
ing_delta = word_rate_change("ing", "words in -ing", "Language models add participles.")
ly_delta = word_rate_change("ly", "words in -ly")
tion_delta = word_rate_change("tion", "words in -tion", "Nominal style.")
contraction_delta = word_rate_change("contraction", "contractions", "Rewriters expand them.")
stop_delta = word_rate_change("stop", "function words")


# ------------------------------------------------------------------ changes from source to suspect


def _level_change(low: float, name: str, level: Level, label: str, family: Family = "style") -> Feature:
    """Declare the change of a level of style from source to suspect, over the shared stretches."""

    def delta(pair: AlignedPair) -> float:
        return level.change(pair)

    delta.__name__ = name
    delta.__doc__ = f"Return the change of `{level.measure.__name__}`, suspect minus source."
    return feature(low, -low, identical=0, family=family, swapped=NEGATED, label=label)(delta)


word_length_delta = _level_change(-INF, "word_length_delta", word_length, "length of words")
zipf_spread_delta = _level_change(-4, "zipf_spread_delta", zipf_spread, "spread of word frequency", "rarity")
zipf_all_delta = _level_change(-8, "zipf_all_delta", zipf_level, "frequency of all words", "rarity")
long_word_delta = _level_change(-1, "long_word_delta", long_word_rate, "long words")
comma_delta = _level_change(-INF, "comma_delta", comma_rate, "commas")
mark_delta = _level_change(-INF, "mark_delta", mark_rate, "punctuation")


@feature(-INF, INF, identical=0, swapped=NEGATED, family="style", label="dashes")
def dash_delta(pair: AlignedPair) -> float:
    """Return the change of dashes per word; NaN without words.

    >>> dash_delta.between("The ferry sank, all of it.", "The ferry sank \u2014 all of it.") == round(1 / 6, 3)
    True
    """
    v = view(pair)
    return _mark_rate(v.suspect, "\u2014") - _mark_rate(v.source, "\u2014")


@feature(-1, 1, identical=0, swapped=NEGATED, family="rarity", label="rare words")
def rare_word_delta(pair: AlignedPair) -> float:
    """Return the change of the share of words below Zipf 3; NaN without words.

    >>> rare_word_delta.between("The boat sank here.", "The Brandvikson sank here.")
    0.25
    """
    v = view(pair)
    return mean(v.suspect.inner_zipf < RARE_ZIPF) - mean(v.source.inner_zipf < RARE_ZIPF)


@feature(-8, 8, identical=0, swapped=NEGATED, family="rarity", label="frequency of words")
def zipf_mean_delta(pair: AlignedPair) -> float:
    """Return the change of known content words' mean Zipf; NaN without any.

    >>> zipf_mean_delta.between("The boat sank.", "The ferryboat sank.") < 0
    True
    """
    means = [mean(side.zipf[side.inner & side.content & (side.zipf > 0)]) for side in view(pair).sides]
    return means[1] - means[0]


@feature(-INF, INF, identical=0, swapped=NEGATED, family="style", label="variety of words")
def type_token_delta(pair: AlignedPair) -> float:
    """Return the change of log distinct lemmas per word; NaN without words.

    >>> type_token_delta.between("The ferry sank.", "The ferry sank.")
    0.0
    """
    a, b = view(pair).sides
    if not a.n_inner or not b.n_inner:
        return NAN
    return math.log(_n_lemmas(b) / b.n_inner) - math.log(_n_lemmas(a) / a.n_inner)


@feature(-INF, INF, identical=0, swapped=NEGATED, family="style", label="length of sentences")
def sentence_length_delta(pair: AlignedPair) -> float:
    """Return the change of the log mean sentence length; NaN without sentences.

    >>> sentence_length_delta.between("The ferry sank.", "The old ferry sank.") == round(math.log(4 / 3), 3)
    True
    """
    a, b = map(_sentence_lengths, view(pair).sides)
    return math.log(mean(b) / mean(a)) if len(a) and len(b) else NAN


@feature(-INF, INF, identical=0, swapped=NEGATED, family="style", label="variety of sentence lengths")
def sentence_spread_delta(pair: AlignedPair) -> float:
    """Return the change of the spread of sentence lengths.

    It is the logarithm of one plus the spread; NaN below three sentences. Machines write sentences of like length.

    >>> sentence_spread_delta.between("The ferry sank.", "The old ferry sank.")
    nan
    """
    a, b = map(_sentence_lengths, view(pair).sides)
    return math.log((spread(b) + 1) / (spread(a) + 1)) if min(len(a), len(b)) > 2 else NAN
