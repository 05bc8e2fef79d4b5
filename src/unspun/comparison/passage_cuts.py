"""Cut a run of aligned sentences where what became of their words changes.

Of the words of a stretch some stayed, some were replaced, some were added or left out, some lie in sentences that
nothing is aligned with. A stretch is the cheaper the more alike its parts are in this: it costs what it takes to write
down what became of each word, and every passage costs something besides. The cheapest of all ways to cut is found
(optimal partitioning: Jackson et al., An algorithm for optimal partitioning of data on an interval, 2005;
docs/notebook/2026-11-30-where-to-cut.md).
"""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from unspun.comparison.aligned_pair import RENAMED, SUBSTITUTED, AlignedPair, EditKind
from unspun.comparison.layout.joined_texts import bounds_of_lengths
from unspun.text.token_text import BoolArray, IntArray

Floats = NDArray[np.float64]

PASSAGE_WORDS = 200
"""Words of the suspect that a passage has where nothing changes."""
LONGEST_PASSAGE = 320
"""Words of the suspect that no passage exceeds, unless one group of sentences does."""
FEWEST_WORDS = 50
"""Words of the suspect below which a passage joins a neighbour."""
_PASSAGE = 4.0
"""What a passage costs by itself; its length costs as much again at `PASSAGE_WORDS`, and grows with the square."""
_INSIDE = 4.0
"""What a cut costs besides where no paragraph ends."""
_MISSING = 0.2
"""What every word costs that a passage has less than `FEWEST_WORDS`."""
_WEIGHT = 0.125
"""What a word weighs: both texts are counted, and words are changed by several at a time."""
_SKIPPED = 0.3
"""What a word that is skipped weighs, beside one that is aligned."""
_MOST_SKIPPED = 200
"""More words skipped between two groups count no more: the alignment has gone elsewhere."""


class Run(NamedTuple):
    """Groups of sentences that follow one another, as cutting sees them.

    Attributes
    ----------
    words : int (g, 4)
        Half-open ranges of words; the last two columns are those of the text that is walked, in its order.
    counts : float (g, 3)
        What became of their words, as `what_became` tells.
    ends : bool (g,)
        Whether a paragraph ends with a group.
    """

    words: IntArray
    counts: Floats
    ends: BoolArray

    def pieces(self) -> list[slice]:
        """Return the cheapest way to cut the run, in its order.

        Examples
        --------
        Two paragraphs of 100 words each, the first of them kept and every third word of the second replaced:

        >>> words = np.arange(0, 200, 10)[:, np.newaxis] + [0, 10, 0, 10]
        >>> counts = np.array([[20.0, 0, 0]] * 10 + [[14.0, 6, 0]] * 10)
        >>> Run(words, counts, np.arange(20) == 9).pieces()
        [slice(0, 10, None), slice(10, 20, None)]
        """
        upto = bounds_of_lengths(self.words[:, 3] - self.words[:, 2])
        n = len(self.words)
        if upto[-1] < 2 * FEWEST_WORDS:
            return [slice(0, n)]
        # One group may be longer than a passage; otherwise none begins so far back.
        stops = np.arange(1, n + 1)
        firsts = np.minimum(upto.searchsorted(upto[1:] - LONGEST_PASSAGE), stops - 1)
        n_starts = stops - firsts
        bounds = bounds_of_lengths(n_starts)
        stop = stops.repeat(n_starts)
        start = np.arange(bounds[-1]) - (bounds[:-1] - firsts).repeat(n_starts)
        cost = self._costs(start, stop, (upto[stop] - upto[start]).astype(np.float64))
        return _cheapest(cost, firsts.tolist(), bounds.tolist())

    def _costs(self, start: NDArray[np.intp], stop: NDArray[np.intp], size: Floats) -> Floats:
        """Return what passages from one group up to another cost, given how many words they have."""
        became = np.zeros((len(self.counts) + 1, 3))
        self.counts.cumsum(axis=0, out=became[1:])
        skipped = _skipped(self.words).cumsum()
        # What is skipped before the first group of a passage is no part of it.
        held = np.empty((len(start), 4))
        held[:, :3], held[:, 3] = became[stop] - became[start], skipped[stop - 1] - skipped[start]
        held *= _WEIGHT
        written = _times_log(held.sum(axis=1)) - _times_log(held).sum(axis=1)
        inside = ~self.ends[stop - 1] & (stop < len(self.words))
        missing = np.maximum(FEWEST_WORDS - size, 0)
        own = _PASSAGE * (1 + (size / PASSAGE_WORDS) ** 2) + _INSIDE * inside + _MISSING * missing
        return np.asarray(written + own)


def what_became(pair: AlignedPair) -> Floats:
    """Return what became of the words of every group, those of both texts together.

    Parameters
    ----------
    pair : AlignedPair
        Two texts.

    Returns
    -------
    float array (g, 3)
        Words that stayed, that were replaced, and that were added or left out.
    """
    edits, n = pair.edit_columns, len(pair.groups)
    size = edits.source_length + edits.suspect_length
    return np.asarray(np.bincount(3 * edits.group + _BECAME[edits.kind], size, 3 * n).reshape(n, 3))


_BECAME = np.array([0 if kind <= RENAMED else 1 if kind == SUBSTITUTED else 2 for kind in EditKind])
"""What becomes of words by the kind of their edit: a column of `what_became`."""


def _skipped(words: IntArray) -> Floats:
    """Return the weight of the words of both texts that are skipped before every group of a run."""
    ahead = np.minimum(np.maximum(words[1:, ::2] - words[:-1, 1::2], 0), _MOST_SKIPPED)
    skipped = np.zeros(len(words))
    np.multiply(ahead[:, 0] + ahead[:, 1], _SKIPPED, out=skipped[1:])
    return skipped


def _times_log(x: Floats) -> Floats:
    """Return x ln x, 0 for 0; rounding may have left less than 0."""
    return np.asarray(x * np.log(np.maximum(x, 1e-12)))


def _cheapest(cost: Floats, firsts: list[int], bounds: list[int]) -> list[slice]:
    """Return the pieces whose costs sum up to the least.

    Those of the pieces that stop before group ``j + 1`` are ``cost[bounds[j]:bounds[j + 1]]``, the first of them
    starting with group ``firsts[j]``.
    """
    total, came = np.zeros(len(firsts) + 1), []
    for j, (low, high) in enumerate(pairwise(bounds)):
        sums = total[firsts[j] : j + 1] + cost[low:high]
        k = int(sums.argmin())
        total[j + 1] = sums[k]
        came.append(firsts[j] + k)
    cuts = [len(came)]
    while cuts[-1]:
        cuts.append(came[cuts[-1] - 1])
    return [slice(start, stop) for start, stop in pairwise(cuts[::-1])]
