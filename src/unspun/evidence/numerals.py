"""Read numbers in digits and in words, to tell whether a number kept its value."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

_UNITS = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
_SMALL = {word: k for k, word in enumerate(f"{_UNITS} seventeen eighteen nineteen".split())}
_TENS = {word: 10 * k for k, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)}
_SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_SHORT = {"": 1, "k": 10**3, "m": 10**6, "bn": 10**9, "st": 1, "nd": 1, "rd": 1, "th": 1}
_DIGITS = re.compile(r"(\d{1,3}(?:,\d{3})+|\d{1,18})(\.\d{1,9})?(k|m|bn|st|nd|rd|th)?")
_FEWEST = 2
"""What `one` alone means is mostly no number (`no one`, `one day`)."""


class Numeral(NamedTuple):
    """A number that stands in a text: words ``start:stop`` of it, and its value."""

    start: int
    stop: int
    value: Fraction


def numerals(words: Sequence[str]) -> Iterator[Numeral]:
    """Yield the numbers among words in lower case.

    A bare `one` and ordinals in words are left aside.

    Examples
    --------
    >>> [(one.start, one.stop, int(one.value)) for one in numerals("four million of 4,000,000 and 3m".split())]
    [(0, 2, 4000000), (3, 4, 4000000), (5, 6, 3000000)]
    >>> [int(one.value) for one in numerals("two hundred and five men , twenty five boats , no one else".split())]
    [205, 25]
    """
    place = 0
    while place < len(words):
        stop, value = _read(words, place)
        if value is not None and (stop - place > 1 or words[place] not in _SMALL or value >= _FEWEST):
            yield Numeral(place, stop, value)
        place = max(stop, place + 1)


def _read(words: Sequence[str], place: int) -> tuple[int, Fraction | None]:
    """Read the number that begins at a word: where it ends, and its value."""
    digits = _DIGITS.fullmatch(words[place])
    if digits:
        value = Fraction(digits[1].replace(",", "") + (digits[2] or "")) * _SHORT[digits[3] or ""]
        scaled = not digits[3] and place + 1 < len(words) and words[place + 1] in _SCALES
        return (place + 2, value * _SCALES[words[place + 1]]) if scaled else (place + 1, value)
    return _in_words(words, place)


def _in_words(words: Sequence[str], place: int) -> tuple[int, Fraction | None]:
    """Read a number in words: what is below a thousand, as often as a scale follows."""
    total, stop, scale = 0, place, 10**15
    while stop < len(words):
        after, part = _below_thousand(words, stop + (total > 0 and words[stop] == "and"))
        following = words[after] if after < len(words) else ""
        if part is None and total:
            break
        if _SCALES.get(following, scale) < scale:
            total, stop, scale = total + (part or 1) * _SCALES[following], after + 1, _SCALES[following]
            continue
        if part is not None:
            total, stop = total + part, after
        break
    found = stop > place
    return stop, Fraction(total) if found else None


def _below_thousand(words: Sequence[str], place: int) -> tuple[int, int | None]:
    """Read `two hundred and five`, `dozen`, `twenty five`; None where there is no such number."""
    stop, value = _below_hundred(words, place)
    for word, size in (("hundred", 100), ("dozen", 12)):
        if stop < len(words) and words[stop] == word:
            value, stop = (value or 1) * size, stop + 1
            after, rest = _below_hundred(words, stop + (stop < len(words) and words[stop] == "and"))
            return (after, value + rest) if rest and word == "hundred" else (stop, value)
    return stop, value


def _below_hundred(words: Sequence[str], place: int) -> tuple[int, int | None]:
    word = words[place] if place < len(words) else ""
    if word not in _TENS:
        return (place + 1, _SMALL[word]) if word in _SMALL else (place, None)
    unit = _SMALL.get(words[place + 1], 0) if place + 1 < len(words) else 0
    return (place + 2, _TENS[word] + unit) if 0 < unit < 10 else (place + 1, _TENS[word])
