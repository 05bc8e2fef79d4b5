"""Hold two texts and what belongs together in them: `AlignedPair`."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from enum import IntEnum
from typing import NamedTuple

import numpy as np

from unspun.text.token_text import FloatArray, IntArray, TokenText, once


class EditKind(IntEnum):
    """What happened to a run of words between the source and the suspect."""

    KEPT = 0
    INFLECTED = 1
    SUBSTITUTED = 2
    INSERTED = 3
    DELETED = 4


KEPT, INFLECTED, SUBSTITUTED, INSERTED, DELETED = (int(kind) for kind in EditKind)
"""The kinds as plain numbers: arrays are compared with these several times as fast."""
OTHER_WAY = [KEPT, INFLECTED, SUBSTITUTED, DELETED, INSERTED]
"""What an edit of every kind, in the order of `EditKind`, is when the texts are exchanged."""


class Edit(NamedTuple):
    """One run of words in both texts; half-open ranges of word indices."""

    kind: EditKind
    source_start: int
    source_stop: int
    suspect_start: int
    suspect_stop: int
    group: int


@dataclass(frozen=True, slots=True, eq=False)
class AlignedPair:
    """Two texts and what belongs together in them; made once a pair, read by everything after.

    Attributes
    ----------
    source, suspect : TokenText
        The two texts.
    groups : int32 (g, 4)
        Aligned groups of sentences in the order of the source:
        source first, source stop, suspect first, suspect stop.
    similarity : float32 (g,)
        Weighted overlap of every group, in [0, 1].
    passage : int32 (g,)
        Number of the passage a group is in: groups that follow one another in both texts share one.
    edits : int32 (e, 6)
        The columns of `Edit`, in the order of the source, then of the suspect.
    """

    source: TokenText
    suspect: TokenText
    groups: IntArray
    similarity: FloatArray
    passage: IntArray
    edits: IntArray
    # What several features need of the pair is computed at first use and kept here.
    memo: dict[str, object] = field(default_factory=dict, repr=False)

    def edit(self, index: int) -> Edit:
        """Return edit ``index`` as an object."""
        kind, *rest = self.edits[index].tolist()
        return Edit(EditKind(kind), *rest)


def n_aligned_words(source: TokenText, suspect: TokenText, rows: IntArray) -> int:
    """Return how many words the rows hold, of the side that has fewer in them."""
    stops = source.sentence_stops[rows[:, :2]], suspect.sentence_stops[rows[:, 2:]]
    return min(int((bounds[:, 1] - bounds[:, 0]).sum()) for bounds in stops)


def row_words(source: TokenText, suspect: TokenText, rows: IntArray) -> IntArray:
    """Return the words of every row, half-open ranges in source and suspect, (r, 4)."""
    return np.column_stack([source.sentence_stops[rows[:, :2]], suspect.sentence_stops[rows[:, 2:]]])


@once
def coverage(pair: AlignedPair) -> tuple[float, float]:
    """Return the shares of the suspect's and of the source's words that are in aligned rows, boilerplate aside.

    Both in [0, 1], NaN for a text without words.

    >>> from unspun.comparison.alignment import align
    >>> from unspun.text.tokenizer import read_text
    >>> coverage(align(read_text("The old ferry sank."), read_text("The old ferry sank. Nobody died that day.")))
    (0.5, 1.0)
    """
    return _share(pair.suspect, pair.groups[:, 2:]), _share(pair.source, pair.groups[:, :2])


def _share(text: TokenText, rows: IntArray) -> float:
    bounds = text.sentence_stops[rows]
    return float((bounds[:, 1] - bounds[:, 0]).sum() / text.n_own_words) if text.n_own_words else math.nan


def n_substitutions(pair: AlignedPair) -> int:
    """Return how many substitutions the aligned part has, those of function words among them; one may span words."""
    return int(np.count_nonzero(pair.edits[:, 0] == SUBSTITUTED))
