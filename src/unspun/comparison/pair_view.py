"""Make the arrays that features read of an aligned pair, once a pair: `view`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from math import nan

import numpy as np
from numpy.typing import NDArray

from unspun.comparison._batching import Joined, PairBatch, bounds_of, parts
from unspun.comparison.aligned_pair import SUBSTITUTED, EditColumns
from unspun.text.lexicon import load_lexicon
from unspun.text.ngram_model import load_ngram_model
from unspun.text.token_text import BoolArray, FloatArray, IntArray, TokenText, once
from unspun.text.word_classes import WordClasses, classify_words, is_content
from unspun.text.word_vectors import load_word_vectors

UNALIGNED = 9
"""Stands for an edit kind where a word is in no group."""


# Without slots: what several features make of a side is kept with it.
@dataclass(frozen=True, eq=False)
class Side:
    """One text of a pair as the features read it; arrays have an entry per word.

    ``aligned`` are the words in groups, ``inner`` (the shared stretch) those and what stands between the first
    group and the last, boilerplate aside: what a page says of its own before and after is in neither.
    """

    text: TokenText
    rows: IntArray
    stop: BoolArray
    content: BoolArray
    immutable: BoolArray
    uncommon: BoolArray
    number: BoolArray
    zipf: FloatArray
    aligned: BoolArray
    inner: BoolArray
    kind: NDArray[np.uint8]
    mate: IntArray
    group: IntArray
    # What several features need of the text in this pair is computed at first use and kept here.
    memo: dict[str, object] = field(default_factory=dict, repr=False)

    @cached_property
    def n_aligned(self) -> int:
        """Number of words in groups."""
        return int(np.count_nonzero(self.aligned))

    @cached_property
    def n_inner(self) -> int:
        """Number of words in the shared stretch."""
        return int(np.count_nonzero(self.inner))

    @cached_property
    def inner_rows(self) -> IntArray:
        """Vocabulary rows of the words in the shared stretch."""
        return np.asarray(self.rows[self.inner])

    @cached_property
    def inner_zipf(self) -> FloatArray:
        """Zipf frequencies of the words in the shared stretch."""
        return np.asarray(self.zipf[self.inner])

    @cached_property
    def n_content(self) -> int:
        """Number of content words in groups."""
        return int(np.count_nonzero(self.content & self.aligned))


@dataclass(frozen=True, slots=True, eq=False)
class Swaps:
    """One content word put for another: arrays with an entry per swap."""

    edits: NDArray[np.int64]
    source: IntArray
    suspect: IntArray
    source_ids: IntArray
    suspect_ids: IntArray
    source_lemmas: IntArray
    suspect_lemmas: IntArray
    relation: NDArray[np.uint8]
    nearness: FloatArray
    zipf_delta: FloatArray

    def __len__(self) -> int:
        return len(self.edits)


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """The arrays that features share, made once a pair."""

    source: Side
    suspect: Side
    kinds: IntArray
    source_lengths: IntArray
    suspect_lengths: IntArray
    swaps: Swaps

    @property
    def sides(self) -> tuple[Side, Side]:
        """The source, then the suspect."""
        return self.source, self.suspect

    @property
    def n_aligned(self) -> int:
        """Words in groups, of the text that has more of them."""
        return max(self.source.n_aligned, self.suspect.n_aligned)


@PairBatch.per_text
def word_classes(texts: Joined) -> Iterator[WordClasses]:
    """Return what the words of a text are, made at first use."""
    yield from map(WordClasses, *(texts.split(some, copied=True) for some in classify_words(texts.ids)))


@PairBatch.per_text
def logprobs(texts: Joined) -> list[FloatArray]:
    """Log-probability of each word under the n-gram model, in nats.

    Made at first use.
    """
    starts = texts.places(text.sentence_stops[:-1] for text in texts.texts)
    stops = np.concatenate([starts, texts.bounds[-1:]])
    return texts.split(load_ngram_model().text_logprob(texts.ids, stops), copied=True)


@once
def whole_side(text: TokenText) -> Side:
    """Return a text as one stretch, boilerplate aside; nothing is aligned.

    A text that is nothing but boilerplate is taken as it is.
    """
    n, own = len(text), ~text.in_boilerplate
    nothing, nowhere = np.zeros(n, np.bool_), np.full(n, -1, np.int32)
    unaligned = np.full(n, UNALIGNED, np.uint8)
    inner = own if own.any() else ~own
    return Side(text, *word_classes(text), nothing, inner, unaligned, nowhere, nowhere)


@PairBatch.per_pair
def view(batch: PairBatch) -> Iterator[View]:
    """Return the shared arrays of a pair, made at first use."""
    tables, sources, suspects = [pair.edits for pair in batch.pairs], batch.sources, batch.suspects
    columns, ends = EditColumns.of(np.concatenate(tables)), bounds_of(tables)
    source_lengths, suspect_lengths = columns.source_length, columns.suspect_length
    # Where edits begin in the joined texts: as far on as the texts of their pair.
    texts_at = np.column_stack([sources.bounds[:-1], suspects.bounds[:-1]])
    first_words = np.column_stack([columns.source_start, columns.suspect_start])
    starts = np.asarray(first_words + np.repeat(texts_at, np.diff(ends), axis=0), np.int64)
    single = (source_lengths == 1) & (suspect_lengths == 1)
    substituted = columns.kind == SUBSTITUTED
    straight = (source_lengths == suspect_lengths) & (~substituted | single)
    to_mates = np.where(straight[:, np.newaxis], first_words[:, ::-1] - starts, _NOWHERE)
    sides_a = _sides(sources, columns, starts[:, 0], source_lengths, to_mates[:, 0])
    sides_b = _sides(suspects, columns, starts[:, 1], suspect_lengths, to_mates[:, 1])
    swaps = _swaps(sources, suspects, np.flatnonzero(substituted & single), starts, ends)
    of_edits = (parts(some, ends) for some in (columns.kind, source_lengths, suspect_lengths))
    yield from (View(*arrays) for arrays in zip(sides_a, sides_b, *of_edits, swaps, strict=True))


_NOWHERE = -(2**30)
"""Stands for the distance to the mate of a word that has none."""


def _sides(
    joined: Joined, edits: EditColumns, starts: NDArray[np.int64], lengths: IntArray, to_mates: NDArray[np.int64]
) -> Iterator[Side]:
    """Spread the edits over the words of the texts of one side.

    ``starts`` is where they begin in the joined texts, ``to_mates`` what is added there for a word's mate in its text.
    """
    n = len(joined.ids)
    kind = np.full(n, UNALIGNED, np.uint8)
    mate, group = np.full((2, n), -1, np.int32)
    words = np.repeat(starts - np.cumsum(lengths) + lengths, lengths) + np.arange(lengths.sum())
    kind[words] = np.repeat(edits.kind, lengths)
    group[words] = np.repeat(edits.group, lengths)
    # Words without a mate end up far below 0.
    mate[words] = np.maximum(words + np.repeat(to_mates, lengths), -1)
    aligned = kind != UNALIGNED
    inner = _inner(joined, aligned)
    of_words = (joined.split(some) for some in (aligned, inner, kind, mate, group))
    for text, *arrays in zip(joined.texts, *of_words, strict=True):
        yield Side(text, *word_classes(text), *arrays)


def _inner(joined: Joined, aligned: BoolArray) -> BoolArray:
    """Return which words are in the shared stretches; see `Side`."""
    where = np.flatnonzero(aligned)
    inner = np.zeros(len(aligned), np.bool_)
    for text, (first, last), start in zip(
        joined.texts, pairwise(np.searchsorted(where, joined.bounds).tolist()), joined.bounds.tolist(), strict=False
    ):
        if first < last:
            inner[where[first] : where[last - 1] + 1] = True
            if text.boilerplate.any():
                inner[start : start + len(text)] &= ~text.in_boilerplate
    return inner


def _swaps(
    a: Joined, b: Joined, edits: NDArray[np.int64], starts: NDArray[np.int64], ends: NDArray[np.int64]
) -> Iterator[Swaps]:
    """Collect, pair by pair, what of the ``edits``, substitutions of one word for one, puts a content word for one.

    ``starts`` is where every edit begins in the joined texts; ``ends`` bounds the edits of each pair.
    """
    lexicon = load_lexicon()
    i, j = starts[edits].T
    chosen = is_content(a.ids[i]) & is_content(b.ids[j])
    edits, i, j = edits[chosen], i[chosen], j[chosen]
    ids_a, ids_b = a.ids[i], b.ids[j]
    lemmas_a, lemmas_b = a.lemmas[i], b.lemmas[j]
    both = lexicon.relation(np.concatenate([lemmas_a, ids_a]), np.concatenate([lemmas_b, ids_b]))
    relation = both[: len(edits)] | both[len(edits) :]
    nearness = load_word_vectors().similarity(lemmas_a, lemmas_b)
    zipf_a, zipf_b = lexicon.zipf[lexicon.row(ids_a)], lexicon.zipf[lexicon.row(ids_b)]
    delta = np.where((zipf_a > 0) & (zipf_b > 0), zipf_b - zipf_a, np.float32(nan)).astype(np.float32)
    cuts = np.searchsorted(edits, ends)
    pair_of = np.repeat(np.arange(len(ends) - 1), np.diff(cuts))
    own = edits - ends[pair_of], i - a.bounds[pair_of], j - b.bounds[pair_of]
    found = (*own, ids_a, ids_b, lemmas_a, lemmas_b, relation, nearness, delta)
    yield from (Swaps(*arrays) for arrays in zip(*(parts(some, cuts) for some in found), strict=True))
