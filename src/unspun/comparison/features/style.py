"""Measure the style of both texts and its shift from source to suspect.

Style is rates of kinds of words, lengths, and punctuation. Measured over the shared stretches (`Side.inner`): a
rewriter's additions show its style as much as its changes do. A level of style is measured over whole texts, too,
whether anything is aligned or not: a text that a machine told anew shows its hand where no sentence can be aligned.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from unspun.comparison.features.feature import INF, NEGATED, EitherText, Family, Feature, either_text, feature
from unspun.comparison.layout.pair_view import View
from unspun.comparison.layout.segments import Numbers, logs, ratio
from unspun.comparison.layout.stretches import Stretches
from unspun.text.word_classes import KINDS, RARE_ZIPF, letters

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
        From stretches of texts to the number of each.
    place : int
        Its place in `LEVELS`.
    shared : EitherText
        The level over the shared stretches.
    whole : EitherText
        The same over whole texts, boilerplate aside.
    """

    measure: Callable[[Stretches], Numbers]
    place: int
    shared: EitherText
    whole: EitherText

    def __post_init__(self) -> None:
        """Show itself as its function does, to readers and to doctest."""
        vars(self).update(__doc__=self.measure.__doc__, __module__=self.measure.__module__, __wrapped__=self.measure)


LEVELS: list[Callable[[Stretches], Numbers]] = []
"""What measures every level, in the order in which they are declared: all are measured in one go."""


def levels_of_shared(v: View) -> list[Numbers]:
    """Return every level of the shared stretches.

    Three columns a level: of the sources, of the suspects, and the change.
    """
    found = []
    for measure in LEVELS:
        source, suspect = _halves(measure(v.stretches))
        found += [source, suspect, suspect - source]
    return found


def levels_of_whole(v: View) -> list[Numbers]:
    """Return every level of whole texts.

    Two columns a level: of the sources, and of the suspects.
    """
    levels = [measure(v.whole_texts) for measure in LEVELS]
    return [level[texts] for level in levels for texts in v.text_numbers]


def _level(low: float, high: float, label: str) -> Callable[[Callable[[Stretches], Numbers]], Level]:
    """Declare the function below as a level of style.

    As `of_either_text` does; identical texts have any.
    """

    def declare(measure: Callable[[Stretches], Numbers]) -> Level:
        place, name, meaning = len(LEVELS), measure.__name__, measure.__doc__ or ""
        LEVELS.append(measure)
        of_style = partial(either_text, low=low, high=high, identical=None, family="style", meaning=meaning)
        return Level(
            measure,
            place,
            of_style(name, levels_of_shared, place=3 * place, label=f"{label} in the {{text}}"),
            of_style(
                f"whole_{name}", levels_of_whole, place=2 * place, whole=True, label=f"{label}, whole text, {{text}}"
            ),
        )

    return declare


def _halves(values: Numbers) -> tuple[Numbers, Numbers]:
    """Return what was measured of the shared stretches of n sources, then of n suspects."""
    n = len(values) // 2
    return values[:n], values[n:]


def _change(values: Numbers) -> Numbers:
    """Return what the suspects' stretches have more than the sources'."""
    source, suspect = _halves(values)
    return suspect - source


@_level(0, INF, "length of sentences")
def sentence_length(stretches: Stretches) -> Numbers:
    """Return the log mean sentence length, in words; NaN without sentences.

    >>> sentence_length.whole.between("Rain fell.", "Rain fell.")
    (0.693, 0.693)
    """
    lengths, of = stretches.sentence_lengths
    return logs(of.mean(lengths))


@_level(0, INF, "variety of sentence lengths")
def sentence_spread(stretches: Stretches) -> Numbers:
    """Return the spread of the sentence lengths over their mean.

    The spread is the standard deviation; NaN below three sentences. Machines write sentences of like length.
    """
    lengths, of = stretches.sentence_lengths
    return ratio(of.spread(lengths), of.mean(lengths, least=3))


@_level(0, 8, "frequency of words")
def zipf_level(stretches: Stretches) -> Numbers:
    """Return the mean Zipf frequency of the words; NaN without words.

    Unknown words count as 0.
    """
    return stretches.words.mean(stretches.zipf)


@_level(0, INF, "spread of word frequency")
def zipf_spread(stretches: Stretches) -> Numbers:
    """Return the standard deviation of the words' Zipf frequency; NaN without words."""
    return stretches.words.spread(stretches.zipf)


@_level(0, INF, "variety of words")
def variety(stretches: Stretches) -> Numbers:
    """Return the different lemmas per word to the power 0.8; NaN without words.

    >>> variety.whole.between("Rain fell. Rain fell.", "Rain fell.") == (round(2 / 4**0.8, 3), round(2 / 2**0.8, 3))
    True
    """
    sizes = stretches.words.sizes.tolist()
    return ratio(stretches.n_lemmas, [size**_HERDAN for size in sizes])


@_level(0, INF, "length of words")
def word_length(stretches: Stretches) -> Numbers:
    """Return the mean length of the content words, in letters; NaN without any."""
    content = np.flatnonzero(stretches.texts.classes.content[stretches.places])
    return stretches.words.chosen(content).mean(letters()[stretches.rows[content]])


@_level(0, 1, "long words")
def long_word_rate(stretches: Stretches) -> Numbers:
    """Return the share of words of nine letters and more; NaN without words.

    >>> long_word_rate.whole.between("A strong government fell.", "It fell.")
    (0.25, 0.0)
    """
    return stretches.words.mean(letters()[stretches.rows] >= _LONG_WORD)


@_level(0, INF, "commas")
def comma_rate(stretches: Stretches) -> Numbers:
    """Return the commas per word; NaN without words.

    >>> comma_rate.whole.between("At night, it sank.", "It sank.")
    (0.25, 0.0)
    """
    return _mark_rate(stretches, ",")


@_level(0, INF, "punctuation")
def mark_rate(stretches: Stretches) -> Numbers:
    """Return the punctuation marks per word; NaN without words.

    >>> mark_rate.whole.between("At night, it sank.", "It sank.")
    (0.5, 0.5)
    """
    return ratio(stretches.marks[1].sizes, stretches.words.sizes)


def _mark_rate(stretches: Stretches, mark: str) -> Numbers:
    """Return how often a mark stands in a stretch, per word."""
    codes, of = stretches.marks
    return ratio(of.count(codes == ord(mark)), stretches.words.sizes)


@_level(-INF, 0, "fluency")
def logprob(stretches: Stretches) -> Numbers:
    """Return the mean log-probability of the words, in nats; NaN without words."""
    return stretches.words.mean(stretches.logprobs)


# ------------------------------------------------------------------ rates of kinds of words


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
    place = KINDS.index(kind)

    def rate(stretches: Stretches) -> Numbers:
        return np.asarray(stretches.rates_of_kinds[place])

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
    meaning = f"Return the change of the share of {label}, over the shared stretches; NaN without words.\n\n{why}"
    of_kind = partial(Feature, place=KINDS.index(kind), meaning=meaning)
    return of_kind(f"{kind}_delta", changes_of_rates, -1, 1, 0, "style", label, NEGATED)


def changes_of_rates(v: View) -> list[Numbers]:
    """Return the change of the share of every kind of words.

    They are in the order of `KINDS`.
    """
    return [_change(rates) for rates in v.stretches.rates_of_kinds]


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
    meaning = f"Return the change of `{level.measure.__name__}`, suspect minus source."
    declared = low, -low, 0, family, label, NEGATED
    return Feature(name, levels_of_shared, *declared, place=3 * level.place + 2, meaning=meaning)


word_length_delta = _level_change(-INF, "word_length_delta", word_length, "length of words")
zipf_spread_delta = _level_change(-4, "zipf_spread_delta", zipf_spread, "spread of word frequency", "rarity")
zipf_all_delta = _level_change(-8, "zipf_all_delta", zipf_level, "frequency of all words", "rarity")
long_word_delta = _level_change(-1, "long_word_delta", long_word_rate, "long words")
comma_delta = _level_change(-INF, "comma_delta", comma_rate, "commas")
mark_delta = _level_change(-INF, "mark_delta", mark_rate, "punctuation")


@feature(-INF, INF, identical=0, swapped=NEGATED, family="style", label="dashes")
def dash_delta(v: View) -> Numbers:
    """Return the change of dashes per word; NaN without words.

    >>> dash_delta.between("The ferry sank, all of it.", "The ferry sank \u2014 all of it.") == round(1 / 6, 3)
    True
    """
    return _change(_mark_rate(v.stretches, "\u2014"))


@feature(-1, 1, identical=0, swapped=NEGATED, family="rarity", label="rare words")
def rare_word_delta(v: View) -> Numbers:
    """Return the change of the share of words below Zipf 3; NaN without words.

    >>> rare_word_delta.between("The boat sank here.", "The Brandvikson sank here.")
    0.25
    """
    return _change(v.stretches.words.mean(v.stretches.zipf < RARE_ZIPF))


@feature(-8, 8, identical=0, swapped=NEGATED, family="rarity", label="frequency of words")
def zipf_mean_delta(v: View) -> Numbers:
    """Return the change of known content words' mean Zipf; NaN without any.

    >>> zipf_mean_delta.between("The boat sank.", "The ferryboat sank.") < 0
    True
    """
    content = v.stretches.texts.classes.content[v.stretches.places]
    known = np.flatnonzero(content & (v.stretches.zipf > 0))
    return _change(v.stretches.words.chosen(known).mean(v.stretches.zipf[known]))


@feature(-INF, INF, identical=0, swapped=NEGATED, family="style", label="variety of words")
def type_token_delta(v: View) -> Numbers:
    """Return the change of log distinct lemmas per word; NaN without words.

    >>> type_token_delta.between("The ferry sank.", "The ferry sank.")
    0.0
    """
    return _change(logs(ratio(v.stretches.n_lemmas, v.stretches.words.sizes)))


@feature(-INF, INF, identical=0, swapped=NEGATED, family="style", label="length of sentences")
def sentence_length_delta(v: View) -> Numbers:
    """Return the change of the log mean sentence length; NaN without sentences.

    >>> sentence_length_delta.between("The ferry sank.", "The old ferry sank.")
    0.288
    """
    lengths, of = v.stretches.sentence_lengths
    source, suspect = _halves(of.mean(lengths))
    return logs(ratio(suspect, source))


@feature(-INF, INF, identical=0, swapped=NEGATED, family="style", label="variety of sentence lengths")
def sentence_spread_delta(v: View) -> Numbers:
    """Return the change of the spread of sentence lengths.

    It is the logarithm of one plus the spread; NaN below three sentences. Machines write sentences of like length.

    >>> sentence_spread_delta.between("The ferry sank.", "The old ferry sank.")
    nan
    """
    lengths, of = v.stretches.sentence_lengths
    source, suspect = _halves(of.spread(lengths, least=3))
    return logs(ratio(suspect + 1, source + 1))
