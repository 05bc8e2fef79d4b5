"""Say a measurement of a pair in plain words, beside what honest pairs have.

Numbers are put as counts of 100, as words or as ratios. A feature without words here is never the one that speaks for
its family (see `unspun.evidence.reason_families`); it counts all the same.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

Unit = Callable[[float], float]
"""From a feature's value to the number that is told."""

QUANTILES = (0.05, 0.5, 0.95)
"""What is told of honest pairs: 90 of 100 lie between the outer ones, half on either side of the middle."""


class Wording(NamedTuple):
    """The words for a feature, with its number at ``{}``.

    Of ``signed`` numbers the plus sign is shown, too.
    """

    words: str
    unit: Unit
    signed: bool = False


def _as_is(value: float) -> float:
    return value


def _of_100(value: float) -> float:
    return 100 * value


def _words_less_one(value: float) -> float:
    return math.expm1(value)


def _power_of_ten(value: float) -> float:
    return float(10.0**value)


def _in_a_million(zipf: float) -> float:
    # The Zipf scale counts uses in a thousand million words.
    return _power_of_ten(zipf - 3)


def _pairs_in_order(tau: float) -> float:
    return 50 * (tau + 1)


def _different_in_100(variety: float) -> float:
    # Different words grow with the 0.8th power of length (`unspun.comparison.features.style.variety`).
    return float(variety * 100**0.8)


def _one_in(log_probability: float) -> float:
    return math.exp(-log_probability)


_OF_100 = {
    # What was put for what.
    "single_swap_share": "{} of 100 changes put one word for one word",
    "near_share": "{} of 100 swaps put a broader, narrower or derived word",
    "change_from_relation": "{} of 100 changed words are swaps that a thesaurus knows",
    "related_swap_rate": "{} of 100 content words are swapped for one that a thesaurus relates",
    "synonym_share": "{} of 100 swaps put a dictionary's synonym",
    "moby_share": "{} of 100 swaps stay within one entry of a thesaurus",
    "changed_row_rate": "{} of 100 sentences have a swap",
    "inflected_rate": "{} of 100 words change their form only",
    "stretch_replaced_rate": "{} of 100 words of the shared part are replaced",
    "unrelated_share": "{} of 100 swaps put an unrelated word",
    "related_share": "{} of 100 swaps put a word that a thesaurus relates",
    "repeated_swap_share": "{} of 100 swaps are made more than once",
    "long_edit_share": "{} of 100 changed words stand in changes of more than four words",
    "substituted_rate": "{} of 100 words are substituted",
    "changed_meaning_mean": "words that left and words that came are {} of 100 alike in meaning",
    "swap_rate": "{} of 100 content words are swapped",
    "phrase_share": "{} of 100 substitutions are of phrases",
    "inconsistent_share": "{} of 100 swapped words of the source are kept elsewhere",
    "near_meaning_share": "{} of 100 swaps put a word close in meaning",
    "same_ending_share": "{} of 100 swaps copy the ending of the word",
    "evenness": "changes are spread with an evenness of {}, where chance gives 50",
    # How rare the new words are.
    "rarer_share": "{} of 100 swaps put a word ten times rarer or more",
    "commoner_share": "{} of 100 swaps put a word ten times commoner or more",
    # How well the new words fit.
    "misfit_share": "{} of 100 new words fit badly where they stand",
    "misfit_share_source": "{} of 100 old words would fit badly where the new ones stand",
    "wrong_sense_share": "{} of 100 synonyms fit a lesser sense of the old word alone",
    "wrong_sense_share_suspect": "{} of 100 synonyms fit a lesser sense of the new word alone",
    "broken_phrase_share": "{} of 100 swaps break a set phrase",
    "broken_phrase_share_source": "{} of 100 swaps make a set phrase",
    # What was left alone.
    "immutable_swap_share": "{} of 100 swaps put a name or a rare word for another",
    "comma_kept_rate": "{} of 100 commas are kept in place",
    "stop_kept_rate": "{} of 100 function words are kept",
    "stop_swap_share": "{} of 100 substitutions put a function word for another",
    "contraction_kept_rate": "{} of 100 contractions are kept",
    "immutable_kept_rate": "{} of 100 names, numbers and rare words are kept",
    "number_kept_rate": "{} of 100 numbers are kept",
    "quotation_change_rate": "{} of 100 words inside quotation marks change",
    "quotations_kept_rate": "{} of 100 quotations are kept word for word",
    # Order and build.
    "whole_same_order": "{} of 100 words stand in the same order in both texts",
    "moved_word_rate": "{} of 100 content words moved within their sentence",
    "passage_rate": "the shared text is interrupted after {} of 100 sentences",
    "split_rate": "{} of 100 sentences are split",
    "merge_rate": "{} of 100 sentences are merged",
    "course_match_narrow": "sentences alike in meaning stand at the same place, to {} of 100",
    "course_match_wide": "sentences alike in meaning stand at like places, to {} of 100",
    # How much is shared.
    "stretch_change_rate": "there are {} changes in 100 words of the shared part",
    "verbatim_row_rate": "{} of 100 sentences are left as they were",
    "sixgram_kept_rate": "{} of 100 runs of six words are kept",
    "trigram_kept_rate": "{} of 100 runs of three words are kept",
    "unaligned_rate": "{} of 100 words of the shared part have no counterpart",
    "stretch_kept_rate": "{} of 100 words of the shared part are kept in order",
    "content_kept_rate": "{} of 100 content words are kept",
    "kept_rate": "{} of 100 words are kept",
    "stretch_inserted_rate": "{} of 100 words of the suspect are put in",
    "stretch_deleted_rate": "{} of 100 words of the source are left out",
    "inserted_rate": "{} of 100 aligned words of the suspect are put in",
    "deleted_rate": "{} of 100 aligned words of the source are left out",
    "row_meaning_mean": "aligned sentences are {} of 100 alike in meaning",
    "row_similarity_mean": "aligned sentences are {} of 100 alike in words",
    "heavy_row_rate": "{} of 100 sentences are changed heavily",
    "row_similarity_spread": "the likeness of sentences varies by {} in 100",
    # Changes that are no rewriting.
    "misread_share": "{} of 100 changes only misread or misspell a word",
    "renamed_share": "{} of 100 changes only put another name or number",
}
_OF_100_OF_EITHER = {
    "whole_content": "{} of 100 content words of the {text} are in the {other}",
    "whole_rare": "{} of 100 numbers and rare words of the {text} are in the {other}",
    "whole_number": "{} of 100 numbers of the {text} are in the {other}",
    "whole_meaning": "{} of 100 of what the {text} says is in the {other}, by meaning",
    "inner_coverage": "{} of 100 words of the {text}'s shared part are aligned",
    "bigram_contained": "{} of 100 runs of two words of the {text} are in the {other}",
    "trigram_contained": "{} of 100 runs of three words of the {text} are in the {other}",
    "fivegram_contained": "{} of 100 runs of five words of the {text} are in the {other}",
    "stop_run_contained": "{} of 100 runs of four function words of the {text} are in the {other}",
    "content_contained": "{} of 100 content words of the {text}'s shared part are in the {other}",
    "rare_contained": "{} of 100 numbers and rare words of the {text}'s shared part are in the {other}",
    "number_contained": "{} of 100 numbers of the {text}'s shared part are in the {other}",
}
_MORE_IN_100 = {
    "stop_excess": "function words kept in 100, beside content words: {}",
    "immutable_excess": "names and rare words kept in 100, beside other words: {}",
    "quotation_excess": "words changed in 100 inside quotation marks, beside those outside: {}",
    "meaning_excess": "meaning kept in 100, beside wording: {}",
}
_RATIOS = {
    "change_size_mean": "a change holds {} words on average",
    "fit_home_advantage": "a swapped word is {} times as likely in its own text as in the other",
    "fit_delta": "a new word is {} times as likely in its place as the old one",
    "bigram_fit_delta": "a new word is {} times as likely after the word before it as the old one",
    "logprob_delta": "words of the suspect are {} times as likely as those of the source",
    "changed_logprob_delta": "words that came are {} times as likely as those that left",
    "length_spread": "sentences change their length unevenly, by a factor of {}",
    "length_delta": "aligned sentences of the suspect are {} times as long",
    "whole_length_delta": "the suspect has {} times the words of the source",
    "whole_sentence_delta": "the suspect has {} times the sentences of the source",
    "sentence_length_delta": "sentences of the suspect are {} times as long",
}
_KINDS = {
    "stop": "function words",
    "connective": "formal connectives",
    "favoured": "words that language models love",
    "contraction": "contractions",
    "pronoun": "pronouns",
    "article": "articles",
    "preposition": "prepositions",
    "ly": "words in -ly",
    "ing": "words in -ing",
    "long_word": "words of nine letters or more",
    "comma": "commas",
    "mark": "punctuation marks",
}
_KINDS_OF_CHANGES = {
    **_KINDS,
    "plain": "plain words",
    "conjunction": "conjunctions",
    "auxiliary": "auxiliary verbs",
    "tion": "words in -tion",
    "dash": "dashes",
    "rare_word": "rare words",
}
_LEVELS = {
    "sentence_length": Wording("sentences of the {text} have {} words on average", math.exp),
    "sentence_spread": Wording("sentence lengths of the {text} vary by {} of 100 of their mean", _of_100),
    "zipf_level": Wording("a typical word of the {text} is used {} times in a million", _in_a_million),
    "variety": Wording("100 words of the {text} have {} different ones", _different_in_100),
    "word_length": Wording("content words of the {text} have {} letters on average", _as_is),
    "logprob": Wording("a typical word of the {text} is as likely as one in {}", _one_in),
}
_SIDES = (("source", "suspect"), ("suspect", "source"))


def _wordings() -> Iterator[tuple[str, Wording]]:
    yield from ((name, Wording(words, _of_100)) for name, words in _OF_100.items())
    yield from ((name, Wording(words, _of_100, signed=True)) for name, words in _MORE_IN_100.items())
    yield from ((name, Wording(words, math.exp)) for name, words in _RATIOS.items())
    yield from (
        (f"{kind}_delta", Wording(f"{name}: {{}} in 100 words from source to suspect", _of_100, signed=True))
        for kind, name in _KINDS_OF_CHANGES.items()
    )
    yield "zipf_shift", Wording("new words are {} times rarer or commoner than the old ones", _power_of_ten)
    yield "zipf_delta", Wording("a new word is {} times as frequent as the old one", _power_of_ten)
    yield "zipf_mean_delta", Wording("words of the suspect are {} times as frequent", _power_of_ten)
    yield "altered_quotation_rate", Wording("{} of 100 quoted words are swapped", _as_is)
    yield "row_order", Wording("{} of 100 pairs of sentences keep their order", _pairs_in_order)
    yield "more_words", Wording("{} words are aligned", _words_less_one)
    yield "kept_run_mean", Wording("kept words stand in runs of {} on average", _as_is)
    yield "stretch_run_mean", Wording("kept words of the shared part stand in runs of {} on average", _words_less_one)
    yield "word_length_delta", Wording("content words: {} letters from source to suspect", _as_is, signed=True)
    for name, one in _wordings_of_either():
        for text, other in _SIDES:
            yield f"{name}_{text}", one._replace(words=one.words.replace("{text}", text).replace("{other}", other))


def _wordings_of_either() -> Iterator[tuple[str, Wording]]:
    yield from ((name, Wording(words, _of_100)) for name, words in _OF_100_OF_EITHER.items())
    said = "the {{text}} has {{}} {} in 100 words"
    rates = {f"{kind}_rate": Wording(said.format(name), _of_100) for kind, name in _KINDS.items()}
    for name, one in {**_LEVELS, **rates}.items():
        yield name, one
        yield f"whole_{name}", one._replace(words=one.words.replace("{text}", "whole {text}"))


WORDINGS: dict[str, Wording] = dict(_wordings())
"""How features are told, by name."""


def in_words(feature: str, value: float, honest: Sequence[float] = ()) -> str:
    """Return a measurement in plain words, beside what honest pairs have.

    Parameters
    ----------
    feature : str
        One of `WORDINGS`.
    value : float
        Its value of a pair.
    honest : sequence of float
        Its `QUANTILES` over honest pairs; empty where unknown.

    Returns
    -------
    str
        One sentence without a full stop.

    Examples
    --------
    >>> in_words("single_swap_share", 0.82, (0.0, 0.21, 0.34))
    '82 of 100 changes put one word for one word; 95 of 100 honest pairs have at most 34'
    >>> in_words("single_swap_share", 0.3, (0.0, 0.21, 0.34))
    '30 of 100 changes put one word for one word; half of the honest pairs have at most 21'
    """
    one = WORDINGS[feature]
    told = one.words.format(_number(one, value))
    return f"{told}; {_among_honest(one, value, honest)}" if honest else told


def distance(value: float, honest: Sequence[float]) -> float:
    """Return how far a value is from the middle of honest pairs.

    Parameters
    ----------
    value : float
        Of a pair.
    honest : sequence of float
        `QUANTILES` over honest pairs; empty where unknown.

    Returns
    -------
    float
        0 in the middle, 1 at the outer quantiles, more than 1 beyond them; 0 where they are unknown.

    Examples
    --------
    >>> [round(distance(value, (0.0, 0.2, 0.6)), 3) for value in (0.0, 0.2, 0.4, 1.0)]
    [1.0, 0.0, 0.5, 2.0]
    """
    if not honest:
        return 0.0
    low, middle, high = honest
    width = high - middle if value > middle else middle - low
    away = abs(value - middle)
    return away / width if width else math.inf if away else 0.0


def _among_honest(one: Wording, value: float, honest: Sequence[float]) -> str:
    low, middle, high = (one.unit(edge) for edge in honest)
    number = one.unit(value)
    # The unit may turn the order round: a less likely word is one of more.
    low, high = min(low, high), max(low, high)
    if number > high:
        return f"95 of 100 honest pairs have at most {_shown(high, one.signed)}"
    if number < low:
        return f"95 of 100 honest pairs have at least {_shown(low, one.signed)}"
    side = "at most" if number >= middle else "at least"
    return f"half of the honest pairs have {side} {_shown(middle, one.signed)}"


def _number(one: Wording, value: float) -> str:
    return _shown(one.unit(value), one.signed)


def _shown(number: float, signed: bool = False) -> str:
    """Return a number with the digits that count: whole from ten on.

    >>> [_shown(number) for number in (82.4, 3.14, 0.312, 0.0312, 1e-6, 0.0, 1234.0)]
    ['82', '3.1', '0.31', '0.03', 'under 0.001', '0', '1,234']
    """
    size = abs(number)
    if not size:
        return "0"
    if size < 0.001:
        return "under 0.001" if number > 0 else "0"
    digits = 0 if size >= 9.95 else 1 if size >= 0.95 else 2 if size >= 0.01 else 3
    text = f"{number:,.{digits}f}"
    text = text.rstrip("0").rstrip(".") if digits else text
    return ("+" if signed and number > 0 else "") + text.replace("-", "−")
