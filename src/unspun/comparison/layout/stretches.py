"""Lay out what is measured of the style of texts, many texts at once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from unspun.comparison.layout.joined_texts import Joined
from unspun.comparison.layout.segments import Counts, Numbers, Places, Segments, ratio
from unspun.text.token_text import BoolArray, FloatArray, IntArray
from unspun.text.word_classes import KINDS, word_kinds

_BITS = np.unpackbits(np.arange(256, dtype=np.uint8)[:, None], axis=1).astype(np.float64)
"""The bits of every byte."""


# Without slots: what several features make of the stretches is kept with them.
@dataclass(frozen=True, eq=False)
class Stretches:
    """A stretch of every text, of which the style is measured.

    Attributes
    ----------
    texts : Joined
        The texts, t of them.
    inside : bool (n,)
        The words of the stretches among those of the texts.
    """

    texts: Joined
    inside: BoolArray

    @cached_property
    def places(self) -> Places:
        """Places of the words of the stretches."""
        return np.flatnonzero(self.inside)

    @cached_property
    def words(self) -> Segments:
        """The text that every word of a stretch is of."""
        return self.texts.words.chosen(self.places)

    @cached_property
    def rows(self) -> IntArray:
        """Vocabulary rows of the words."""
        return self.texts.classes.rows[self.places]

    @cached_property
    def zipf(self) -> FloatArray:
        """Zipf frequencies of the words."""
        return self.texts.classes.zipf[self.places]

    @cached_property
    def logprobs(self) -> FloatArray:
        """Log-probabilities of the words, in nats."""
        return self.texts.logprobs[self.places]

    @cached_property
    def sentence_lengths(self) -> tuple[FloatArray, Segments]:
        """Number of words of every sentence, and the text of each.

        Sentences without a word in a stretch are left out.
        """
        counts = np.bincount(self.texts.sentence_of[self.places], minlength=self.texts.sentences.bounds[-1])
        some = np.flatnonzero(counts)
        return counts[some].astype(np.float32), self.texts.sentences.chosen(some)

    @cached_property
    def n_lemmas(self) -> Counts:
        """Number of different lemmas of every stretch, (t,)."""
        lemmas = self.texts.lemmas[self.places]
        for own in self.words.parts(lemmas):
            own.sort()
        first = np.ones(len(lemmas), np.bool_)
        first[1:] = lemmas[1:] != lemmas[:-1]
        first[self.words.bounds[:-1][self.words.sizes > 0]] = True
        return self.words.count(first)

    @cached_property
    def rates_of_kinds(self) -> Numbers:
        """Share of the words that are of every kind, (kinds, t).

        In the order of `KINDS`; NaN without words.
        """
        packed, n = word_kinds().take(self.rows, axis=0), len(self.words)
        # Bytes first, then the bits in them.
        of_bytes = (np.bincount(self.words.owner * 256 + byte, minlength=256 * n) for byte in packed.T)
        counts = np.concatenate([found.reshape(n, 256) @ _BITS for found in of_bytes], axis=1)[:, : len(KINDS)].T
        return ratio(counts, np.broadcast_to(self.words.sizes, counts.shape))

    @cached_property
    def marks(self) -> tuple[NDArray[np.uint32], Segments]:
        """Code points of the marks in the stretches, and the text of each.

        They are those that follow a word.
        """
        codes, before, of_text = self.texts.marks
        followed = np.flatnonzero((before >= 0) & self.inside[before])
        return codes[followed], of_text.chosen(followed)
