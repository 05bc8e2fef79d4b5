"""Join words that a print column broke at the end of a line: `exam-` and `ple`."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from unspun.text.lexicon import load_lexicon
from unspun.text.token_text import BoolArray, IntArray

_HYPHEN, _LINE_END = ord("-"), ord("\n")
_WELL_KNOWN = 2.0
"""Zipf frequency from which a joined word is one, though both its halves are words."""
_SHORTEST = 2
"""Letters that printers leave of a word at the end of a line, and at the head of the next."""


class WordPlaces(NamedTuple):
    """The words of a text, and where each begins and ends in it, int32 (n,) each."""

    words: tuple[str, ...]
    first: IntArray
    last: IntArray


def join_broken(found: WordPlaces, codes: NDArray[np.uint32], blank: BoolArray) -> tuple[WordPlaces, IntArray]:
    r"""Return words with those whole that a line end broke, and their joints.

    Lines may be joined again, with the hyphen left and a blank after it.

    Parameters
    ----------
    found : WordPlaces
        The words as they stand.
    codes : uint32 (c,)
        Code points of the folded text.
    blank : bool (c,)
        Where it has blanks and line ends.

    Returns
    -------
    WordPlaces
        As many words, or fewer.
    int (k, 2)
        Half-open ranges of the text: hyphens and line ends that are inside of words now.

    Examples
    --------
    >>> text = "an exam-\nple"
    >>> found = WordPlaces(("an", "exam", "ple"), np.array([0, 3, 9]), np.array([2, 7, 12]))
    >>> codes = np.frombuffer(text.encode("utf-32-le"), np.uint32)
    >>> whole, inside = join_broken(found, codes, codes <= 32)
    >>> whole.words, whole.first.tolist(), inside.tolist()
    (('an', 'example'), [0, 3], [[7, 9]])
    """
    words, first, last = found
    if not words:
        return found, np.zeros((0, 2), np.int32)
    (hyphens,) = (codes[:-1] == _HYPHEN).nonzero()
    hyphens = hyphens[blank[hyphens + 1]]
    left = last.searchsorted(hyphens)
    left = left[(left < len(words) - 1) & (last[np.minimum(left, len(words) - 1)] == hyphens)]
    broken: list[int] = []
    for k in left.tolist():
        gap = slice(int(last[k]) + 1, int(first[k + 1]))
        if blank[gap].all() and (not broken or broken[-1] < k - 1):
            n_line_ends = int(np.count_nonzero(codes[gap] == _LINE_END))
            if n_line_ends < 2 and _is_one(words[k], words[k + 1], n_line_ends == 1):
                broken.append(k)
    if not broken:
        return found, np.zeros((0, 2), np.int32)
    inside = np.column_stack([last[broken], first[np.add(broken, 1)]])
    wholes = list(words)
    for k in reversed(broken):
        wholes[k : k + 2] = [wholes[k] + wholes[k + 1]]
    return WordPlaces(tuple(wholes), np.delete(first, np.add(broken, 1)), np.delete(last, broken)), inside


def _is_one(left: str, right: str, at_line_end: bool) -> bool:
    """Return whether two pieces are one word."""
    if min(len(left), len(right)) < _SHORTEST or not (left.isalpha() and right.isalpha()):
        return False
    lexicon = load_lexicon()
    whole, *halves = lexicon.zipf[lexicon.row(lexicon.lookup([left + right, left, right]))].tolist()
    if min(halves) == 0:
        # One is no word: of two lines, the name or rare word that they make need not be known.
        return bool(whole > 0 or (at_line_end and max(halves) < _WELL_KNOWN))
    return bool(whole >= (_WELL_KNOWN if at_line_end else max(min(halves), _WELL_KNOWN)))
