"""Name the labels of pairs: relations, sides and variants."""

from __future__ import annotations

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
