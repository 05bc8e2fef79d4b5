"""Replace names and numbers throughout a text.

Archives, courts and researchers do so; every other word stays.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import numpy as np
from numpy.random import Generator

from unspun.text.lexicon import load_lexicon
from unspun.text.tokenizer import read_text
from unspun.training.honest.invented_names import given_name, surname
from unspun.training.honest.text_changes import changed

Anonymiser = Callable[[str, Generator, float], str]
"""``(text, rng, share) -> text``: pure; the share in [0, 1] is of the different names or numbers that are replaced."""
Span = tuple[int, int]
"""First character of a name, and the one after its last."""

_NAME_SHARE = 0.6
"""Share of uses with a capital from which a word that opens a sentence is a name; that of `explain.fixed_words`."""
_HEADLINE_SHARE = 0.5
_JOINTS = (" ", "-", "\u2019", "'")
_NO_NAMES = frozenset(
    "i i'm i've i'll i'd monday tuesday wednesday thursday friday saturday sunday january february march april may "
    "june july august september october november december mr mrs ms dr sir miss ok god christmas easter tv".split()
)
"""Words with a capital that anonymisers leave: they name no one."""
_POSSESSIVE = re.compile(r"['’]s?$")
_WORD = re.compile(r"[^\W\d_]+")
_NUMBER = re.compile(r"(?<![\w.,])\d+(?:,\d{3})*(?:\.\d+)?(?![\w]|[.,]\d)")
_YEAR = range(1800, 2100)


def names(text: str) -> list[Span]:
    """Return the ranges of names in a text.

    They are runs of words with a capital, and names that open a sentence.

    >>> text = "Near Ostravel the engineer Orla Finch waited. Finch left on Monday."
    >>> [text[start:stop] for start, stop in names(text)]
    ['Ostravel', 'Orla Finch', 'Finch']
    """
    read, lexicon = read_text(text), load_lexicon()
    if not len(read):
        return []
    starts, ends = read.starts.tolist(), read.ends.tolist()
    capital = np.array([text[start].isupper() for start in starts], np.bool_)
    opening = np.zeros(len(read), np.bool_)
    opening[read.sentence_stops[:-1]] = True
    # What stands after a colon or an opening quotation mark has a capital too.
    gaps = zip(ends[:-1], starts[1:], strict=True)
    opening[1:] |= np.array([text[end:start] not in _JOINTS for end, start in gaps], np.bool_)
    shares = np.add.reduceat(capital, read.sentence_stops[:-1], dtype=np.int32) / read.sentence_lengths
    shouted = np.repeat(shares > _HEADLINE_SHARE, read.sentence_lengths)
    rows = lexicon.row(read.ids)
    known = {word for word, sure in zip(read.words, capital & ~opening & ~shouted, strict=True) if sure}
    seen = np.array([word in known for word in read.words], np.bool_)
    named = capital & ~lexicon.stop[rows] & (~(opening | shouted) | seen | (lexicon.name[rows] > _NAME_SHARE))
    named &= np.array([word not in _NO_NAMES and not word[0].isdigit() for word in read.words], np.bool_)
    return list(_runs(text, np.flatnonzero(named).tolist(), starts, ends))


def _runs(text: str, words: list[int], starts: list[int], ends: list[int]) -> Iterator[Span]:
    """Yield the spans of words that make one name, without a possessive at the end."""
    place = 0
    while place < len(words):
        last = place
        while (
            last + 1 < len(words)
            and words[last + 1] == words[last] + 1
            and text[ends[words[last]] : starts[words[last + 1]]] in _JOINTS
        ):
            last += 1
        start, stop = starts[words[place]], ends[words[last]]
        yield start, stop - len(m[0]) if (m := _POSSESSIVE.search(text[start:stop])) else stop
        place = last + 1


def placeholders(text: str, rng: Generator, share: float) -> str:
    """Return the text with a placeholder for each name, of one style throughout.

    A name and its last word alone are one.

    Parameters
    ----------
    text : str
        Any text.
    rng : Generator
        Draws the style, and which names are replaced.
    share : float
        Share of the different names that are replaced, in [0, 1].

    Returns
    -------
    str

    Examples
    --------
    >>> text = "Near Ostravel the engineer Orla Finch waited. Finch left."
    >>> placeholders(text, np.random.default_rng(2), 1.0)
    'Near [NAME_1] the engineer [NAME_2] waited. [NAME_2] left.'
    """
    style = _STYLES[int(rng.choice(len(_STYLES), p=_STYLE_CHANCES))]
    spans = names(text)
    numbers = _numbered([text[start:stop] for start, stop in spans])
    hidden = rng.random(max(numbers, default=0) + 1) < share
    changes = ((*span, style(text[slice(*span)], n)) for span, n in zip(spans, numbers, strict=True) if hidden[n])
    return changed(text, changes)


def _numbered(found: list[str]) -> list[int]:
    """Return a number from 1 for each name; names that share their last word have one number."""
    known: dict[str, int] = {}
    return [known.setdefault(re.split(r"[ '’-]", name)[-1].lower(), len(known) + 1) for name in found]


def _initials(name: str, number: int) -> str:
    return " ".join(f"{word[0]}." for word in name.split())


_STYLES: tuple[Callable[[str, int], str], ...] = (
    lambda name, number: "[NAME]",
    lambda name, number: f"[NAME_{number}]",
    lambda name, number: "XXXX",
    _initials,
    lambda name, number: f"<PERSON{number}>",
    lambda name, number: "[REDACTED]",
    lambda name, number: "___",
    lambda name, number: f"{name[0]}{'*' * (len(name) - 1)}",
    lambda name, number: f"Person {chr(ord('A') + (number - 1) % 26)}",
    lambda name, number: "[name removed]",
)
_STYLE_CHANCES = (0.2, 0.2, 0.15, 0.15, 0.06, 0.06, 0.04, 0.04, 0.05, 0.05)


def pseudonyms(text: str, rng: Generator, share: float) -> str:
    """Return the text with an invented name for each name, the same one throughout.

    Common words stay in names that have others, as `Harbour` in the name of a firm.

    Parameters
    ----------
    text : str
        Any text.
    rng : Generator
        Draws the names, and which names are replaced.
    share : float
        Share of the different words in names that are replaced, in [0, 1].

    Returns
    -------
    str

    Examples
    --------
    >>> text = "Near Ostravel the engineer Orla Finch waited. Finch left."
    >>> pseudonyms(text, np.random.default_rng(2), 1.0)
    'Near Brenfeld the engineer Jonas Berstam waited. Berstam left.'
    """
    known: dict[str, str] = {}

    def renamed(word: str, fixed: bool, opens: bool) -> str:
        if word.lower() not in known:
            fixed = fixed or len(word) < 3 or rng.random() >= share
            known[word.lower()] = word if fixed else _invented(word, opens, rng)
        new = known[word.lower()]
        return new.upper() if word.isupper() and len(word) > 1 else new

    def of_name(name: str) -> str:
        words = _WORD.findall(name)
        common = [_is_common(word) for word in words]
        common[:1] = [False] if all(common) else common[:1]
        new = (renamed(*given) for given in zip(words, common, [len(words) > 1] + [False] * len(words), strict=False))
        return _WORD.sub(lambda m: next(new), name)

    return changed(text, ((*span, of_name(text[slice(*span)])) for span in names(text)))


def _is_common(word: str) -> bool:
    """Return whether a word is written small elsewhere."""
    lexicon = load_lexicon()
    return bool(lexicon.name[lexicon.ids.get(word.lower(), len(lexicon))] <= _NAME_SHARE)


def _invented(word: str, opens: bool, rng: Generator) -> str:
    """Return a given name where the word opens a longer name, else a surname; another one than the word."""
    new = given_name(rng) if opens else surname(rng)
    return new if new.lower() != word.lower() else f"{new}sen"


def other_numbers(text: str, rng: Generator, share: float) -> str:
    """Return the text with other numbers of the same make.

    One number becomes the same one throughout; years move by a few.

    Parameters
    ----------
    text : str
        Any text.
    rng : Generator
        Draws the numbers, and which are replaced.
    share : float
        Share of the different numbers that are replaced, in [0, 1].

    Returns
    -------
    str

    Examples
    --------
    >>> other_numbers("In 1987, 1,250 barges of 40 tons, 40 in all.", np.random.default_rng(0), 1.0)
    'In 1992, 3,428 barges of 68 tons, 68 in all.'
    """
    known: dict[str, str] = {}

    def replaced(match: re.Match[str]) -> str:
        if match[0] not in known:
            known[match[0]] = _other_number(match[0], rng) if rng.random() < share else match[0]
        return known[match[0]]

    return _NUMBER.sub(replaced, text)


def _other_number(number: str, rng: Generator) -> str:
    """Return another number with as many decimals."""
    whole, _, decimals = number.replace(",", "").partition(".")
    if len(whole) > 15:
        return number
    if not decimals and "," not in number and int(whole) in _YEAR:
        return str(int(whole) + int(rng.integers(1, 9)) * (1 if rng.random() < 0.5 else -1))
    low, high = 10 ** (len(whole) - 1), 10 ** len(whole)
    new = int(rng.integers(low, high)) if len(whole) > 1 else int(rng.integers(2, 10))
    digits = f"{new:,}" if "," in number else str(new)
    return f"{digits}.{int(rng.integers(10 ** len(decimals))):0{len(decimals)}}" if 0 < len(decimals) < 10 else digits


def anonymised(text: str, rng: Generator, share: float) -> str:
    """Return the text with names as placeholders or pseudonyms.

    A third of texts get other numbers, too.

    Parameters
    ----------
    text : str
        Any text.
    rng : Generator
        All that is left to chance.
    share : float
        Share of the different names or numbers that are replaced, in [0, 1].

    Returns
    -------
    str
    """
    lots = rng.random(2)
    text = (placeholders if lots[0] < 0.5 else pseudonyms)(text, rng, share)
    return other_numbers(text, rng, share) if lots[1] < 1 / 3 else text


ANONYMISERS: dict[str, Anonymiser] = {
    "placeholders": placeholders,
    "pseudonyms": pseudonyms,
    "other-numbers": other_numbers,
}
"""Every way to make a text nobody's; the order is fixed."""
