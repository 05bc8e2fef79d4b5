"""Find quotations: runs of words between quotation marks."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from unspun.text.folding import DIGIT, LETTER, SPACE, Folded
from unspun.text.token_text import IntArray

_LONGEST_QUOTATION = 400
_LONGEST_SINGLE_QUOTATION = 60


def number_quotations(folded: Folded, first: IntArray, breaks: NDArray[np.int64]) -> IntArray:
    """Return for each word the number of the quotation it is in, 0 for none.

    Parameters
    ----------
    folded : Folded
        The text.
    first : int32 (n,)
        Where each word begins in it.
    breaks : int64 (m,)
        Where its paragraphs end.

    Returns
    -------
    int32 (n,)
        Numbers from 1, in the order in which quotations are found.
    """
    quotes = np.zeros(len(first), np.int32)
    number = 0
    found = _double_quotations(folded, breaks) + _single_quotations(folded, breaks)
    bounds = np.searchsorted(first, np.array(found, np.int64).reshape(-1, 2)).tolist()
    for (opening, _), (a, b) in zip(found, bounds, strict=True):
        limit = _LONGEST_QUOTATION if folded.normal[opening] == '"' else _LONGEST_SINGLE_QUOTATION
        if 0 < b - a <= limit and not quotes[a:b].any():
            number += 1
            quotes[a:b] = number
    return quotes


def _double_quotations(folded: Folded, breaks: NDArray[np.int64]) -> list[tuple[int, int]]:
    """Pair double marks within each paragraph; one that stays open ends with its paragraph."""
    found, opened = [], -1
    for place in np.sort(np.concatenate([np.flatnonzero(folded.codes == 34), breaks])).tolist():
        if opened >= 0:
            found.append((opened, place))
            opened = -1
        elif folded.codes[place] == 34:
            opened = place
    return found


def _single_quotations(folded: Folded, breaks: NDArray[np.int64]) -> list[tuple[int, int]]:
    """Pair single marks that open before a word and close after one, within a paragraph; ``'90s`` opens none."""
    marks = np.flatnonzero(folded.codes == 39)
    if not len(marks):
        return []
    classes = np.concatenate([[SPACE], folded.classes, [SPACE]])
    left, right = classes[marks], classes[marks + 2]
    opens = (left != LETTER) & (left != DIGIT) & (right != SPACE) & (right != DIGIT)
    closes = (left != SPACE) & (right != LETTER) & (right != DIGIT)
    opening, closing = set(marks[opens].tolist()), set(marks[closes].tolist())
    found, opened = [], -1
    for place in sorted({*opening, *closing, *breaks.tolist()}):
        if opened >= 0 and place in closing:
            found.append((opened, place))
            opened = -1
        else:
            opened = place if place in opening else -1
    return found
