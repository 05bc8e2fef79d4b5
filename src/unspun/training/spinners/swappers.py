"""Spinners that swap words in place.

Thesaurus programs, rewriters that like common words, and choosers by context.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.random import Generator

from unspun.text.lexicon import ADJECTIVE, MOBY, NEAR, SYNONYM, load_lexicon
from unspun.text.ngram_model import START, load_ngram_model
from unspun.text.token_text import BoolArray, FloatArray, IntArray, TokenText
from unspun.text.tokenizer import read_text
from unspun.training.spinners.inflection import Form, inflect, manner_base
from unspun.training.spinners.neighbours import COMPANY, Candidates, Taste, candidates
from unspun.training.spinners.places import Place, Swap, phrase_at, place_of, swappable, with_articles, write


@dataclass(frozen=True, slots=True)
class Habits:
    """The care of a spinner's users: chances, by text, to do a thing well.

    ``inflects`` substitutes like the words they replace, ``mends`` `a` and `an`, ``spares`` quotations, and ``minds``
    the part of speech.
    """

    inflects: float = 1.0
    mends: float = 1.0
    spares: float = 0.2
    minds: float = 1.0


class Manners(NamedTuple):
    """The habits drawn for one text."""

    inflects: bool
    mends: bool
    spares: bool
    minds: bool


class Draft(NamedTuple):
    """A text being spun.

    Which words were chosen, a number in [0, 1) for each to decide by, and the manners.
    """

    text: TokenText
    chosen: BoolArray
    lots: FloatArray
    manners: Manners


def _draft(text: str, rng: Generator, strength: float, habits: Habits) -> Draft:
    """Draw everything at once, so that a greater strength only adds to the words chosen."""
    read = read_text(text)
    draws = rng.random(4)
    manners = Manners(
        *(bool(a < b) for a, b in zip(draws, (habits.inflects, habits.mends, habits.spares, habits.minds), strict=True))
    )
    lots = rng.random((2, len(read)))
    chosen = swappable(read) & (lots[0] < strength)
    if manners.spares:
        chosen &= read.quotes == 0
    return Draft(read, chosen, lots[1], manners)


def _options(place: Place, taste: Taste, manners: Manners) -> tuple[Candidates, Form] | None:
    """Return candidates of a place and the form they take; an adverb may borrow those of its adjective."""
    found = candidates(place.lemma, place.classes if manners.minds else 0, taste)
    form = place.form if manners.inflects else Form.BASE
    if found is None and (base := manner_base(place.lemma)):
        found = candidates(base, ADJECTIVE, replace(taste, phrases=False))
        form = Form.MANNER if manners.inflects else Form.BASE
    return (found, form) if found else None


def _places(draft: Draft, taste: Taste) -> Iterator[Place]:
    """Yield the chosen words, or the phrases that begin with them."""
    busy = 0
    for i in np.flatnonzero(draft.chosen).tolist():
        if i < busy:
            continue
        phrase = phrase_at(draft.text, i) if taste.phrases else None
        if phrase and candidates(phrase.lemma, phrase.classes, taste):
            busy = phrase.stop
            yield phrase
        else:
            yield place_of(draft.text, i)


def _finish(draft: Draft, swaps: list[Swap]) -> str:
    return write(draft.text, with_articles(draft.text, swaps) if draft.manners.mends else swaps)


def swap_words(text: str, rng: Generator, strength: float, taste: Taste, habits: Habits) -> str:
    """Return the text with words swapped one by one.

    Parameters
    ----------
    text : str
        Any text, also empty.
    rng : Generator
        All that is left to chance.
    strength : float
        Share of the swappable words that are tried, in [0, 1].
    taste, habits
        What makes one spinner differ from another.

    Returns
    -------
    str
        The text with its swaps.
    """
    draft = _draft(text, rng, strength, habits)
    swaps = []
    for place in _places(draft, taste):
        options = _options(place, taste, draft.manners)
        if options:
            wording = inflect(options[0].pick(float(draft.lots[place.start])), options[1])
            swaps.append(Swap(place.start, place.stop, wording))
    return _finish(draft, swaps)


def thesaurus(text: str, rng: Generator, strength: float) -> str:
    """Swap WordNet's synonyms of any sense, phrases too, as cheap spinners do.

    Parameters
    ----------
    text : str
        Any text.
    rng : Generator
        All that is left to chance.
    strength : float
        Share of the swappable words that are tried, in [0, 1].

    Returns
    -------
    str
        The text with its swaps.
    """
    commonness, sense = ((-0.3, 0.0), (0.0, 0.0), (0.0, 0.15), (0.3, 0.5))[int(rng.integers(4))]
    taste = Taste(SYNONYM, commonness, sense)
    return swap_words(text, rng, strength, taste, Habits(inflects=0.7, mends=0.6, minds=0.7))


def moby(text: str, rng: Generator, strength: float) -> str:
    """Swap words of a wide thesaurus, rarer ones gladly.

    Parameters
    ----------
    text : str
        Any text.
    rng : Generator
        All that is left to chance.
    strength : float
        Share of the swappable words that are tried, in [0, 1].

    Returns
    -------
    str
        The text with its swaps.
    """
    taste = Taste(
        SYNONYM | MOBY,
        commonness=float(rng.choice([-0.6, 0.0])),
        closeness=3.0,
        floor=1.5,
        shift=(-2.5, 1.5),
        phrases=False,
    )
    return swap_words(text, rng, strength, taste, Habits(inflects=0.9, mends=0.7))


def commoner(text: str, rng: Generator, strength: float) -> str:
    """Swap words for close ones that are mostly commoner.

    It is as simplifiers and paraphrasing tools do.

    Parameters
    ----------
    text : str
        Any text.
    rng : Generator
        All that is left to chance.
    strength : float
        Share of the swappable words that are tried, in [0, 1].

    Returns
    -------
    str
        The text with its swaps.
    """
    relations = (SYNONYM, SYNONYM | MOBY, COMPANY, COMPANY)[int(rng.integers(4))]
    phrases = bool(rng.random() < 0.5)
    taste = Taste(relations, 2.5, 0.2, 7.0, floor=3.0, shift=(-1.0, 4.0), phrases=phrases)
    return swap_words(text, rng, strength, taste, Habits(spares=0.4))


def consistent(text: str, rng: Generator, strength: float) -> str:
    """Swap by one table a text.

    A word has one substitute, and half of the swaps are also made backwards.

    Parameters
    ----------
    text : str
        Any text.
    rng : Generator
        All that is left to chance.
    strength : float
        Share of the words in the table, in [0, 1].

    Returns
    -------
    str
        The text with its swaps.
    """
    draft = _draft(text, rng, 1.0, Habits(spares=0.1))
    taste = Taste(SYNONYM | MOBY, commonness=0.3, closeness=4.0, floor=2.0, phrases=False)
    table: dict[str, str] = {}
    drawn: dict[str, float] = {}
    fates = rng.random(len(draft.text))
    swaps = []
    for place in _places(draft, taste):
        fate = drawn.setdefault(place.lemma, float(fates[place.start]))
        options = _options(place, taste, draft.manners)
        if options is None or fate >= strength:
            continue
        substitute = table.setdefault(place.lemma, options[0].pick(float(draft.lots[place.start])))
        if fate < strength / 2:
            table.setdefault(substitute, place.lemma)
        swaps.append(Swap(place.start, place.stop, inflect(substitute, options[1])))
    return _finish(draft, swaps)


# ------------------------------------------------------------------ the choice by context

_DECLINED = -2.5
"""Nats that a swap may cost its surroundings; what costs more is left as it was."""


def fit(text: str, rng: Generator, strength: float) -> str:
    """Swap words for ones that the language model likes in their place.

    They come from all that a thesaurus relates.

    Parameters
    ----------
    text : str
        Any text.
    rng : Generator
        All that is left to chance.
    strength : float
        Share of the swappable words that are tried, in [0, 1].

    Returns
    -------
    str
        The text with its swaps.
    """
    relations = int(rng.choice([SYNONYM | MOBY, SYNONYM | NEAR | MOBY]))
    taste = Taste(relations, float(rng.choice([-1.5, 0.0])), 0.1, 8.0, floor=2.5, shift=(-3.0, 2.0), phrases=False)
    return _swap_by_fit(text, rng, strength, taste)


def company(text: str, rng: Generator, strength: float) -> str:
    """Swap words for ones of the same company, related or not.

    It is as word vectors and masked models do.

    Parameters
    ----------
    text : str
        Any text.
    rng : Generator
        All that is left to chance.
    strength : float
        Share of the swappable words that are tried, in [0, 1].

    Returns
    -------
    str
        The text with its swaps.
    """
    taste = Taste(
        COMPANY, float(rng.choice([-2.0, -1.0, 0.0])), closeness=6.0, floor=2.0, shift=(-3.0, 2.0), phrases=False
    )
    return _swap_by_fit(text, rng, strength, taste)


def _swap_by_fit(text: str, rng: Generator, strength: float, taste: Taste) -> str:
    heat = float(rng.uniform(0.5, 2.0))
    draft = _draft(text, rng, strength, Habits(spares=0.3))
    places, wordings, likings = [], [], []
    for place in _places(draft, taste):
        options = _options(place, taste, draft.manners)
        if options:
            places.append(place)
            wordings.append([inflect(lemma, options[1]) for lemma in options[0].lemmas[:_TRIED]])
            likings.append(np.log(np.diff(options[0].cumulative[:_TRIED], prepend=0) + 1e-6))
    if not places:
        return text
    swaps = []
    for place, words, liking, gain in zip(places, wordings, likings, _gains(draft.text, places, wordings), strict=True):
        chosen = _softmax_pick(gain / heat + liking, float(draft.lots[place.start]))
        if gain[chosen] > _DECLINED:
            swaps.append(Swap(place.start, place.stop, words[chosen]))
    return _finish(draft, swaps)


_TRIED = 16


def _softmax_pick(scores: FloatArray, lot: float) -> int:
    shares = np.exp(scores - scores.max())
    return min(int(np.searchsorted(np.cumsum(shares / shares.sum()), lot, side="right")), len(scores) - 1)


def _gains(text: TokenText, places: list[Place], wordings: list[list[str]]) -> list[FloatArray]:
    """Return for each place what each wording adds to the log-probability of three trigrams, in nats."""
    lexicon = load_lexicon()
    counts = [len(words) for words in wordings]
    at = np.array([place.start for place in places])
    around = _surroundings(text, at)
    words = lexicon.lookup([word.rpartition(" ")[2] for options in wordings for word in options])
    gains = _fit(np.repeat(around, counts, axis=0), words) - np.repeat(_fit(around, text.ids[at]), counts)
    return np.split(gains, np.cumsum(counts)[:-1])


def _surroundings(text: TokenText, at: IntArray) -> IntArray:
    """Return ids of two words before and two after each word, (k, 4); START before the sentence, -1 after it."""
    sentence = text.sentence_of
    columns = []
    for step in (-2, -1, 1, 2):
        near = np.clip(at + step, 0, len(text) - 1)
        same = (at + step == near) & (sentence[near] == sentence[at])
        columns.append(np.where(same, text.ids[near], START if step < 0 else -1))
    return np.stack(columns, axis=1).astype(np.int32)


def _fit(around: IntArray, words: IntArray) -> FloatArray:
    """Return the log-probability of words and the two after each, given two before."""
    model = load_ngram_model()
    a, b, c, d = around.T
    own = model.logprob(words, a, b)
    after = np.where(c < 0, 0, model.logprob(np.maximum(c, 0), b, words))
    second = np.where(d < 0, 0, model.logprob(np.maximum(d, 0), words, np.maximum(c, 0)))
    return np.asarray(own + after + second, np.float32)
