"""Find where a text may be changed, and write the changes into it.

All but the changed words stays, letter for letter.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np

from unspun.text.lexicon import ADJECTIVE, ADVERB, NOUN, VERB, load_lexicon
from unspun.text.token_text import BoolArray, TokenText
from unspun.training.spinners.inflection import CLASS_OF_FORM, Form, form_of, indefinite_article

NUMBER_WORDS = frozenset(
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million billion "
    "trillion dozen first second third fourth fifth sixth seventh eighth ninth tenth half twice percent per cent "
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august "
    "september october november december".split()
)
"""Words that count or date: as fixed as digits."""
_GLUE = frozenset("-‐‑@/_#&\\~")
_BEFORE_NOUN = frozenset(
    "a an the this that these those his her its their our my your no some any every each several many few other "
    "of in on at by for with from into over under about against between after before during through 's".split()
)
_BEFORE_VERB = frozenset(
    "to will would can could may might must shall should cannot don't doesn't didn't won't can't couldn't wouldn't "
    "i you we they who not never let's".split()
)
BE = frozenset("is are was were be been being am it's that's he's she's".split())
HAVE = frozenset("has have had having 've".split())


class Place(NamedTuple):
    """A word or phrase that may be swapped.

    Words ``start:stop``, its lemma, form, and possible parts of speech.
    """

    start: int
    stop: int
    lemma: str
    form: Form
    classes: int


class Swap(NamedTuple):
    """New wording of the words ``start:stop``, in small letters but for names."""

    start: int
    stop: int
    wording: str


def swappable(text: TokenText) -> BoolArray:
    """Return which words a spinner may touch.

    Known content words that are no names, numbers or parts of compounds.

    >>> from unspun.text.tokenizer import read_text
    >>> t = read_text("Engineer Ilven, 62, bought two old sea-going ferries.")
    >>> [word for word, free in zip(t.words, swappable(t)) if free]
    ['bought', 'old', 'ferries']
    """
    lexicon = load_lexicon()
    rows = lexicon.row(text.ids)
    free = ~lexicon.stop[rows] & (lexicon.pos[rows] > 0) & (lexicon.name[rows] < 0.5)
    if not len(free):
        return free
    capital = np.fromiter((text.text[i].isupper() for i in text.starts.tolist()), np.bool_, len(text))
    opening = np.zeros(len(text), np.bool_)
    opening[text.sentence_stops[:-1]] = True
    named = capital & (~opening | np.append(capital[1:], False) & (lexicon.name[rows] > 0.05))
    plain = [_plain(text, i) for i in range(len(text))]
    return np.asarray(free & ~named & np.array(plain, np.bool_), np.bool_)


def _plain(text: TokenText, i: int) -> bool:
    """Whether a word stands alone: no number, no initial, no part of a compound or an address."""
    word, whole = text.words[i], text.text
    before, after = int(text.starts[i]) - 1, int(text.ends[i])
    if len(word) < 3 or word in NUMBER_WORDS or not word.isalpha():
        return False
    if before >= 0 and (whole[before] in _GLUE or (whole[before] == "." and not whole[before - 1 : before].isspace())):
        return False
    following = whole[after : after + 2]
    return not (following[:1] in _GLUE or (following[:1] in ".:" and following[1:].isalnum())) if following else True


def place_of(text: TokenText, i: int) -> Place:
    """Return the place of one word, with its form.

    Where the word alone is ambiguous, its neighbours tell the form.

    Parameters
    ----------
    text : TokenText
        The text.
    i : int
        Index of the word.

    Returns
    -------
    Place
        The word with its lemma, form and parts of speech.
    """
    lexicon = load_lexicon()
    word, lemma = text.words[i], lexicon.words[text.lemmas[i]]
    form = form_of(word, lemma)
    previous = text.words[max(i - 3, 0) : i]
    if form is Form.PAST and any(w in BE or w in HAVE for w in previous):
        form = Form.PARTICIPLE
    if form is Form.BASE:
        return Place(i, i + 1, lemma, form, _guess(int(lexicon.pos[text.ids[i]]), previous[-1:]))
    if (
        form is Form.PLURAL
        and lexicon.pos[text.lemmas[i]] & VERB
        and previous
        and previous[-1] in _BEFORE_VERB | {"he", "she", "it"}
    ):
        form = Form.THIRD_PERSON
    return Place(i, i + 1, lemma, form, CLASS_OF_FORM[form])


def _guess(pos: int, previous: tuple[str, ...]) -> int:
    """Return the likely parts of speech of an uninflected word after another."""
    before = previous[0] if previous else ""
    if before in _BEFORE_VERB:
        wanted = VERB
    elif before in _BEFORE_NOUN or before in BE:
        wanted = NOUN | ADJECTIVE
    else:
        wanted = ADVERB if pos & ADVERB and not pos & NOUN else NOUN | ADJECTIVE
    return pos & wanted or pos


def phrase_at(text: TokenText, i: int) -> Place | None:
    """Return the longest phrase of two or three words that begins at a word.

    Parameters
    ----------
    text : TokenText
        The text.
    i : int
        Index of the first word.

    Returns
    -------
    Place or None
        None where no phrase begins there.

    Examples
    --------
    >>> from unspun.text.tokenizer import read_text
    >>> phrase_at(read_text("They carried out repairs."), 1)
    Place(start=1, stop=3, lemma='carry out', form=<Form.PAST: 'ed'>, classes=2)
    """
    lexicon = load_lexicon()
    for length in (3, 2):
        stop = i + length
        if stop > len(text) or not _runs(text, i, stop):
            continue
        words = text.words[i:stop]
        head, last = lexicon.words[text.lemmas[i]], text.lemmas[stop - 1]
        verb = " ".join((head, *words[1:]))
        if verb in lexicon.ids and lexicon.pos[lexicon.ids[verb]] & VERB:
            return Place(i, stop, verb, form_of(words[0], head), VERB)
        if last < len(lexicon):
            noun = " ".join((*words[:-1], lexicon.words[last]))
            if noun in lexicon.ids:
                form = Form.PLURAL if words[-1] != lexicon.words[last] else Form.BASE
                return Place(i, stop, noun, form, int(lexicon.pos[lexicon.ids[noun]]))
    return None


def _runs(text: TokenText, start: int, stop: int) -> bool:
    """Whether only single blanks part the words, and none but the first has a capital."""
    between = (text.text[text.ends[k] : text.starts[k + 1]] == " " for k in range(start, stop - 1))
    return all(between) and not any(text.text[k].isupper() for k in text.starts[start + 1 : stop].tolist())


def write(text: TokenText, swaps: Iterable[Swap]) -> str:
    """Return the original text with swaps made; capitals are copied.

    Of swaps that overlap, the first is made.

    Parameters
    ----------
    text : TokenText
        The text.
    swaps : iterable of Swap
        In any order.

    Returns
    -------
    str
        The text with its swaps.

    Examples
    --------
    >>> from unspun.text.tokenizer import read_text
    >>> write(read_text("Rain fell; NOBODY saw it."), [Swap(0, 1, "sleet"), Swap(2, 3, "no one")])
    'Sleet fell; NO ONE saw it.'
    """
    parts, written, word = [], 0, 0
    for swap in sorted(swaps):
        if swap.start < word:
            continue
        first, last = int(text.starts[swap.start]), int(text.ends[swap.stop - 1])
        parts += [text.text[written:first], copy_capitals(text.text[first:last], swap.wording)]
        written, word = last, swap.stop
    return "".join([*parts, text.text[written:]])


def copy_capitals(old: str, new: str) -> str:
    """Return new wording with the capitals of the old.

    Parameters
    ----------
    old : str
        The wording whose capitals count.
    new : str
        The wording that gets them.

    Returns
    -------
    str
        The new wording.

    Examples
    --------
    >>> copy_capitals("Big", "rather large"), copy_capitals("BIG", "large"), copy_capitals("I", "we")
    ('Rather large', 'LARGE', 'We')
    """
    if len(old) > 1 and old.isupper():
        return new.upper()
    return new[:1].upper() + new[1:] if old[:1].isupper() else new


def with_articles(text: TokenText, swaps: Iterable[Swap]) -> Iterator[Swap]:
    """Yield the swaps, and `a` or `an` mended before them.

    Parameters
    ----------
    text : TokenText
        The text.
    swaps : iterable of Swap
        What is swapped in it.

    Yields
    ------
    Swap
        Each swap, then that of the article before it where one is needed.
    """
    for swap in swaps:
        yield swap
        before = swap.start - 1
        if before >= 0 and text.words[before] in ("a", "an"):
            article = indefinite_article(swap.wording)
            if article != text.words[before]:
                yield Swap(before, swap.start, article)
