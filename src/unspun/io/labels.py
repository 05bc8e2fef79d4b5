"""Name the labels of pairs: relations, sides and variants, and say probabilities."""

from __future__ import annotations

import math
from bisect import bisect_right

LENGTHS = (0, 50, 100, 200, 400)
"""Aligned words at which a band of lengths begins."""
SPUN, HONEST = "spun", "honest"


def length_name(n_aligned: float) -> str:
    """Return the name of the band of lengths of a number of aligned words.

    The words are of the shorter side.

    >>> length_name(12), length_name(100), length_name(5000)
    ('under 50 words', '100 to 199 words', '400 words and more')
    """
    place = bisect_right(LENGTHS, n_aligned)
    if place == len(LENGTHS):
        return f"{LENGTHS[-1]} words and more"
    return f"{LENGTHS[place - 1]} to {LENGTHS[place] - 1} words" if place > 1 else f"under {LENGTHS[1]} words"


ORIGINAL = "original"
"""The variant of the rows that are judged: the pairs as they came."""
STORY = "stories"
"""The variant of pairs that are trained on and never judged by, such as the stories of our own."""
PASSAGE, DOCUMENT, UNLABELLED = "passage", "document", "unlabelled"
"""Variants: a passage of a pair or document, a composed document as a whole, a passage that lies across its pieces."""
COMPOSED = "composed"
"""The dataset of composed documents."""
TWIN = "twin_"
"""Families with this prefix are pairs that we made up from two texts of one dataset."""

RELATIONS = (SPUN, "copied", "edited", "rewritten", "independent")
"""How two texts can be related, in the order of every probability vector."""


def probability(value: float, above: str = "above ", below: str = "below ") -> str:
    """Return a probability with three digits that never reads as certainty.

    Parameters
    ----------
    value : float
        In [0, 1], or NaN.
    above, below : str
        Said before 0.999 and 0.001 where rounding would leave 1 or 0.

    Returns
    -------
    str
        The number.

    Examples
    --------
    >>> probability(0.99964), probability(0.8412), probability(float("nan"))
    ('above 0.999', '0.841', 'unknown')
    >>> probability(0.99999, ">", "<"), probability(0.0002, ">", "<")
    ('>0.999', '<0.001')
    """
    if not math.isfinite(value):
        return "unknown"
    if value > 0.9994:
        return f"{above}0.999"
    return f"{below}0.001" if value < 0.0006 else f"{value:.3f}"


def assigned(name: str, value: float) -> str:
    """Return a name and its probability as a `repr` shows them.

    Parameters
    ----------
    name : str
        What is probable.
    value : float
        In [0, 1], or NaN.

    Returns
    -------
    str
        A sign of comparison stands for the equals sign where rounding would claim certainty.

    Examples
    --------
    >>> assigned("p_spun", 0.97), assigned("p_spun", 0.99999), assigned("p_spun", float("nan"))
    ('p_spun=0.970', 'p_spun>0.999', 'p_spun=unknown')
    """
    said = probability(value, ">", "<")
    return f"{name}{said}" if said[0] in "<>" else f"{name}={said}"


def interval_words(low: float, high: float) -> str:
    """Return an interval in words.

    Parameters
    ----------
    low, high : float
        Its ends, in [0, 1], or NaN.

    Returns
    -------
    str
        Both ends, or one where both are said alike.

    Examples
    --------
    >>> interval_words(0.91, 0.9999), interval_words(0.9996, 0.9999)
    ('0.910 to above 0.999', 'above 0.999 throughout')
    """
    ends = probability(low), probability(high)
    return f"{ends[0]} throughout" if ends[0] == ends[1] != "unknown" else " to ".join(ends)


def in_brackets(low: float, high: float) -> str:
    """Return an interval as a `repr` shows it.

    Parameters
    ----------
    low, high : float
        Its ends, in [0, 1].

    Returns
    -------
    str
        Never a 0 or a 1, which would read as certainty.

    Examples
    --------
    >>> in_brackets(0.91, 0.99), in_brackets(0.998, 1.0)
    ('[0.910, 0.990]', '[0.998, >0.999]')
    """
    return f"[{probability(low, '>', '<')}, {probability(high, '>', '<')}]"
