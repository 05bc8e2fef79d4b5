"""Find quotations: runs of words between quotation marks."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from unspun.text.folding import DIGIT, LETTER, SPACE, Folded
from unspun.text.token_text import IntArray

_LONGEST_QUOTATION = 400
_LONGEST_SINGLE_QUOTATION = 60


def number_quotations(folded: Folded, first: IntArray, marks: NDArray[np.intp], breaks: NDArray[np.int64]) -> IntArray:
    """Return for each word the number of the quotation it is in, 0 for none.

    Parameters
    ----------
    folded : Folded
        The text.
    first : int32 (n,)
        Where each word begins in it.
    marks : int (k,)
        Where its marks stand, those inside of words aside.
    breaks : int64 (m,)
        Where its paragraphs end.

    Returns
    -------
    int32 (n,)
        Numbers from 1, in the order in which quotations are found.
    """
    quotes = np.zeros(len(first), np.int32)
    number, codes = 0, folded.codes[marks]
    found = _double_quotations(marks[codes == 34], breaks)
    found += _single_quotations(marks[codes == 39], breaks, folded.classes)
    if not found:
        return quotes
    bounds = first.searchsorted(np.array(found, np.int64)).tolist()
    for (opening, _), (a, b) in zip(found, bounds, strict=True):
        limit = _LONGEST_QUOTATION if folded.normal[opening] == '"' else _LONGEST_SINGLE_QUOTATION
        if 0 < b - a <= limit and not quotes[a:b].any():
            number += 1
            quotes[a:b] = number
    return quotes


def _double_quotations(marks: NDArray[np.intp], breaks: NDArray[np.int64]) -> list[tuple[int, int]]:
    """Pair double marks within each paragraph; one that stays open ends with its paragraph."""
    found, opened, places = [], -1, {*marks.tolist()}
    for place in sorted([*places, *breaks.tolist()]) if places else ():
        if opened >= 0:
            found.append((opened, place))
            opened = -1
        elif place in places:
            opened = place
    return found


def _single_quotations(
    marks: NDArray[np.intp], breaks: NDArray[np.int64], of_text: NDArray[np.uint8]
) -> list[tuple[int, int]]:
    """Pair single marks that open before a word and close after one, within a paragraph; ``'90s`` opens none."""
    if not len(marks):
        return []
    classes = np.zeros(len(of_text) + 2, np.uint8)  # a blank before the text and after it
    classes[1:-1] = of_text
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
