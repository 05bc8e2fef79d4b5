"""Make parts of an aligned pair pairs of their own.

A part has some sentences of both texts, aligned as they are in the whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from unspun.comparison.aligned_pair import AlignedPair, number_passages
from unspun.comparison.layout.joined_texts import bounds_of, bounds_of_lengths
from unspun.text.token_text import IntArray, TokenText

_Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Stretch:
    """Groups of sentences that are judged together.

    Attributes
    ----------
    groups : int (k,)
        Indices into ``AlignedPair.groups``, in the order of the suspect.
    source_sentences, suspect_sentences : int (n,), (m,)
        The sentences of both texts that belong to it, those between aligned ones among them.
    """

    groups: NDArray[np.intp]
    source_sentences: NDArray[np.intp]
    suspect_sentences: NDArray[np.intp]


class _Cut(NamedTuple):
    """Sentences of a text, those of one part after those of the other.

    ``bounds`` (p + 1,) says where each part begins among them, ``places`` which words they have, and ``word_bounds``
    (s + 1,) where each sentence begins among these.
    """

    text: TokenText
    sentences: NDArray[np.intp]
    bounds: _Places
    places: _Places
    word_bounds: _Places

    @classmethod
    def of(cls, text: TokenText, parts: Sequence[NDArray[np.intp]]) -> _Cut:
        """Put the sentences of parts one after another."""
        sentences = np.concatenate(parts)
        return cls(text, sentences, bounds_of(parts), *_inside(text.sentence_stops, sentences))

    def moved(self, sentences: IntArray, parts: NDArray[np.intp]) -> tuple[_Places, _Places]:
        """Return the shifts of sentences, and of their words, into their parts."""
        number = np.zeros(self.text.n_sentences, np.int64)
        number[self.sentences] = np.arange(len(self.sentences))
        now, first = number[sentences], self.bounds[parts]
        words = self.word_bounds[now] - self.word_bounds[first] - self.text.sentence_stops[sentences]
        return now - first - sentences, words

    def texts(self) -> list[TokenText]:
        """Return the parts as texts; what they hold is picked out of the whole at once."""
        text, sentences, stops = self.text, self.sentences, self.text.sentence_stops
        # A mark goes with the word before it, those before the first word with that.
        mark_stops = np.searchsorted(text.mark_words, stops, "right")
        mark_stops[0] = 0
        marks, mark_bounds = _inside(mark_stops, sentences)
        to_words = np.repeat(self.word_bounds[:-1] - stops[sentences], mark_bounds[1:] - mark_bounds[:-1])
        by_word = text.starts, text.ends, text.ids, text.lemmas, text.quotes
        of_words = [values[self.places] for values in by_word]
        codes, before = text.mark_codes[marks], (text.mark_words[marks] + to_words).astype(np.int32)
        of_sentences = text.soft[sentences], text.boilerplate[sentences]
        new_stops = self.word_bounds.astype(np.int32)
        cuts = zip(self.word_bounds[self.bounds].tolist(), mark_bounds[self.bounds].tolist(), strict=True)
        made = []
        for (start, stop), ((first, mark), (end, mark_end)) in zip(
            pairwise(self.bounds.tolist()), pairwise(cuts), strict=True
        ):
            starts, ends, ids, lemmas, quotes = [values[first:end] for values in of_words]
            soft, boilerplate = [values[start:stop] for values in of_sentences]
            made.append(
                TokenText(
                    text=text.text,
                    words=_picked(text.words, self.places[first:end]),
                    starts=starts,
                    ends=ends,
                    ids=ids,
                    lemmas=lemmas,
                    sentence_stops=new_stops[start : stop + 1] - new_stops[start],
                    soft=soft,
                    boilerplate=boilerplate,
                    quotes=quotes,
                    mark_codes=codes[mark:mark_end],
                    mark_words=before[mark:mark_end] - new_stops[start],
                    n_folded=0,
                    whole=text,
                    places=self.places[first:end],
                )
            )
        return made


def _picked(words: tuple[str, ...], places: _Places) -> tuple[str, ...]:
    """Return the words at some places; a slice where nothing lies between them."""
    if len(places) and places[-1] - places[0] == len(places) - 1:
        return words[places[0] : places[-1] + 1]
    return tuple([words[place] for place in places.tolist()])


def _inside(stops: NDArray[np.signedinteger], sentences: NDArray[np.intp]) -> tuple[_Places, _Places]:
    """Return the places of what stands in sentences, of which the stops are given, and where each begins among them."""
    starts = stops[sentences].astype(np.int64)
    lengths = stops[sentences + 1] - starts
    bounds = bounds_of_lengths(lengths)
    return (starts - bounds[:-1]).repeat(lengths) + np.arange(bounds[-1]), bounds


def part_of_text(text: TokenText, sentences: NDArray[np.intp]) -> TokenText:
    """Return some sentences of a text as a text of their own.

    Parameters
    ----------
    text : TokenText
        The whole.
    sentences : int (n,)
        Which sentences, increasing.

    Returns
    -------
    TokenText
        Offsets are still those of the original.
    """
    return _Cut.of(text, [sentences]).texts()[0]


def part_of_pair(pair: AlignedPair, stretch: Stretch) -> AlignedPair:
    """Return a stretch as a pair of its own.

    Parameters
    ----------
    pair : AlignedPair
        The whole.
    stretch : Stretch
        Some of its groups and sentences.

    Returns
    -------
    AlignedPair
        Aligned as it is in the whole; offsets are still those of the original texts.
    """
    return parts_of_pair(pair, [stretch])[0]


def parts_of_pair(pair: AlignedPair, stretches: Sequence[Stretch]) -> list[AlignedPair]:
    """Return stretches as pairs of their own, as `part_of_pair` does each.

    Parameters
    ----------
    pair : AlignedPair
        The whole.
    stretches : sequence of Stretch
        No two of them have a group or a sentence in common.

    Returns
    -------
    list of AlignedPair
        One a stretch.
    """
    if not stretches:
        return []
    source = _Cut.of(pair.source, [stretch.source_sentences for stretch in stretches])
    suspect = _Cut.of(pair.suspect, [stretch.suspect_sentences for stretch in stretches])
    by_part = [np.sort(stretch.groups) for stretch in stretches]  # in the order of the source
    chosen, bounds = np.concatenate(by_part), bounds_of(by_part)
    part = np.arange(len(stretches)).repeat(bounds[1:] - bounds[:-1])
    groups, edits, group = _cut_edits(pair, chosen)
    for side, cut in ((0, source), (2, suspect)):
        sentences, words = cut.moved(groups[:, side], part)
        groups[:, side : side + 2] += sentences[:, np.newaxis].astype(np.int32)
        edits[:, side + 1 : side + 3] += words[group, np.newaxis].astype(np.int32)
    edits[:, 5] = group - bounds[part[group]]
    similarity, runs, edit_bounds = pair.similarity[chosen], number_passages(groups), np.searchsorted(group, bounds)
    texts = zip(source.texts(), suspect.texts(), strict=True)
    cuts = zip(texts, pairwise(bounds.tolist()), pairwise(edit_bounds.tolist()), strict=True)
    return [
        AlignedPair(a, b, groups[first:end], similarity[first:end], runs[first:end] - runs[first], edits[start:stop])
        for (a, b), (first, end), (start, stop) in cuts
    ]


def _cut_edits(pair: AlignedPair, chosen: NDArray[np.intp]) -> tuple[IntArray, IntArray, NDArray[np.intp]]:
    """Return the chosen groups, their edits in the order of these, and for each edit which of them it is in."""
    number = np.full(len(pair.groups), -1)
    number[chosen] = np.arange(len(chosen))
    group = number[pair.edit_columns.group]
    order = np.argsort(group, kind="stable")[np.count_nonzero(group < 0) :]
    return pair.groups[chosen], pair.edits[order], group[order]
