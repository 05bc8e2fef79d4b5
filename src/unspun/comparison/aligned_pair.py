"""Hold two texts and what belongs together in them: `AlignedPair`."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cached_property
from typing import NamedTuple

import numpy as np

from unspun.text.token_text import FloatArray, IntArray, TokenText


class EditKind(IntEnum):
    """Kind of change of a run of words between the source and the suspect.

    Up to RENAMED the wording stayed: misread words are the same words, renamed ones the same but for whom or what
    they name (see `unspun.comparison.change_causes`).
    """

    KEPT = 0
    INFLECTED = 1
    MISREAD = 2
    RENAMED = 3
    SUBSTITUTED = 4
    INSERTED = 5
    DELETED = 6


KEPT, INFLECTED, MISREAD, RENAMED, SUBSTITUTED, INSERTED, DELETED = (int(kind) for kind in EditKind)
"""The kinds as plain numbers: arrays are compared with these several times as fast."""
OTHER_WAY = [KEPT, INFLECTED, MISREAD, RENAMED, SUBSTITUTED, DELETED, INSERTED]
"""What an edit of every kind, in the order of `EditKind`, is when the texts are exchanged."""


class Edit(NamedTuple):
    """One run of words in both texts; half-open ranges of word indices."""

    kind: EditKind
    source_start: int
    source_stop: int
    suspect_start: int
    suspect_stop: int
    group: int


class EditColumns(NamedTuple):
    """A table of edits, column by column.

    The columns are views, int32 (e,) each, named as the fields of `Edit`.

    >>> columns = EditColumns.of(np.array([[KEPT, 0, 2, 5, 7, 0], [SUBSTITUTED, 2, 3, 7, 10, 0]]))
    >>> columns.kind.tolist(), columns.suspect_start.tolist(), columns.suspect_length.tolist()
    ([0, 4], [5, 7], [2, 3])
    """

    kind: IntArray
    source_start: IntArray
    source_stop: IntArray
    suspect_start: IntArray
    suspect_stop: IntArray
    group: IntArray

    @classmethod
    def of(cls, edits: IntArray) -> EditColumns:
        """Name the columns of a table of edits, (e, 6)."""
        return cls(*edits.T)

    @property
    def source_length(self) -> IntArray:
        """Number of the source's words in every edit."""
        return np.asarray(self.source_stop - self.source_start)

    @property
    def suspect_length(self) -> IntArray:
        """Number of the suspect's words in every edit."""
        return np.asarray(self.suspect_stop - self.suspect_start)


# Without slots: what several features need of a pair is kept with it.
@dataclass(frozen=True, eq=False)
class AlignedPair:
    """Two texts and what belongs together in them.

    It is made once a pair, and read by everything after.

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

    @cached_property
    def edit_columns(self) -> EditColumns:
        """The edits, column by column."""
        return EditColumns.of(self.edits)

    @property
    def source_sentences(self) -> IntArray:
        """The source's sentences in every group, half-open ranges (g, 2)."""
        return self.groups[:, :2]

    @property
    def suspect_sentences(self) -> IntArray:
        """The suspect's sentences in every group, half-open ranges (g, 2)."""
        return self.groups[:, 2:]

    @cached_property
    def group_words(self) -> IntArray:
        """The words of every group, half-open ranges in source and suspect (g, 4)."""
        return words_of_groups(self.source, self.suspect, self.groups)

    @cached_property
    def n_aligned_words(self) -> int:
        """Number of words in groups, of the text that has fewer in them."""
        return count_aligned_words(self.source, self.suspect, self.groups)

    @cached_property
    def n_own_words(self) -> int:
        """Number of words of the shorter text, boilerplate aside."""
        return min(self.source.n_own_words, self.suspect.n_own_words)

    @cached_property
    def n_substitutions(self) -> int:
        """Number of substitutions in the groups; one may span words.

        Those of function words count, too.
        """
        return int(np.count_nonzero(self.edit_columns.kind == SUBSTITUTED))

    @cached_property
    def coverage(self) -> float:
        """The share of the suspect's words that are in groups, boilerplate aside.

        In [0, 1]; NaN for a suspect without words.

        >>> from unspun.comparison.alignment import align
        >>> from unspun.text.tokenizer import read_text
        >>> pair = align(read_text("The old ferry sank."), read_text("The old ferry sank. Nobody died that day."))
        >>> pair.coverage, pair.source_coverage
        (0.5, 1.0)
        """
        return _share_in_groups(self.suspect, self.suspect_sentences)

    @cached_property
    def source_coverage(self) -> float:
        """The share of the source's words that are in groups, as `coverage`."""
        return _share_in_groups(self.source, self.source_sentences)


def words_of_groups(source: TokenText, suspect: TokenText, groups: IntArray) -> IntArray:
    """Return the words of groups of sentences, before there is a pair.

    Of a pair, see `AlignedPair.group_words`.

    Parameters
    ----------
    source, suspect : TokenText
        The two texts.
    groups : int32 (g, 4)
        As `AlignedPair.groups`.

    Returns
    -------
    int32 (g, 4)
        Half-open ranges of words in source and suspect.
    """
    words = np.empty((len(groups), 4), np.int32)
    words[:, :2], words[:, 2:] = source.sentence_stops[groups[:, :2]], suspect.sentence_stops[groups[:, 2:]]
    return words


def count_aligned_words(source: TokenText, suspect: TokenText, groups: IntArray) -> int:
    """Return the number of words in groups, of the text with fewer.

    Of a pair, see `AlignedPair.n_aligned_words`.

    Parameters
    ----------
    source, suspect : TokenText
        The two texts.
    groups : int32 (g, 4)
        As `AlignedPair.groups`.

    Returns
    -------
    int
        Words.
    """
    return min(_n_words_in(source, groups[:, :2]), _n_words_in(suspect, groups[:, 2:]))


def _n_words_in(text: TokenText, sentences: IntArray) -> int:
    """Return how many words half-open ranges of sentences, (g, 2), hold."""
    stops = text.sentence_stops
    return int((stops[sentences[:, 1]] - stops[sentences[:, 0]]).sum())


def _share_in_groups(text: TokenText, sentences: IntArray) -> float:
    return _n_words_in(text, sentences) / text.n_own_words if text.n_own_words else math.nan


def number_passages(groups: IntArray) -> IntArray:
    """Return for each group of sentences the number of its run, int (g,).

    The groups of a run follow one another in both texts.

    >>> number_passages(np.array([[0, 1, 0, 1], [1, 2, 1, 2], [4, 5, 2, 3]])).tolist()
    [0, 0, 1]
    """
    if not len(groups):
        return np.zeros(0, np.int32)
    follows = (groups[1:, 0] == groups[:-1, 1]) & (groups[1:, 2] == groups[:-1, 3])
    numbers = np.zeros(len(groups), np.int32)
    np.cumsum(~follows, out=numbers[1:], dtype=np.int32)
    return numbers
