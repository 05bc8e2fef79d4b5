"""Cut an aligned pair into passages.

They are stretches of aligned sentences that stay together in both texts. A document is often a mixture: a page spins
one part, copies another and adds its own text. A passage ends where the alignment jumps, where what became of the words
changes, and at about 200 words, rather at the end of a paragraph than inside it (`unspun.comparison.passage_cuts`).
Text that lies in no passage is the document's own.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from unspun.comparison.aligned_pair import AlignedPair
from unspun.comparison.pair_part import Stretch, parts_of_pair
from unspun.comparison.passage_cuts import FEWEST_WORDS, Run, what_became
from unspun.comparison.sentence_alignment import goes_first
from unspun.text.token_text import BoolArray, IntArray, TokenText, once

MOST_WORDS = 60_000
"""Words of a text from which passages are not looked at: the work of a pair is bounded."""
JUMP = 60
"""Words skipped in either text between two groups from which the second begins another passage."""
WHOLE_SHARE = 0.8
"""Share of the words of both texts from which a single passage stands for the whole."""
_EDGE = 40
"""Words at the beginning or the end of a text that are no text of its own."""


def stretches(pair: AlignedPair) -> list[Stretch]:
    """Cut an aligned pair into stretches, in the order of the suspect.

    There are none when nothing is aligned. The same pair in the other order has the same stretches.
    """
    if not len(pair.groups):
        return []
    # Both orders of a pair are walked along the same text.
    along = 2 if goes_first(pair.suspect, pair.source) else 0
    order = np.argsort(pair.groups[:, along], kind="stable")
    words = pair.group_words[order][:, [2 - along, 3 - along, along, along + 1]]
    counts, walked = what_became(pair)[order], pair.suspect if along else pair.source
    ends = paragraph_ends(walked)[pair.groups[order, along + 1] - 1]
    runs = _without_jumps(words)
    pieces = [
        np.arange(run.start + piece.start, run.start + piece.stop)
        for run in runs
        for piece in Run(words[run], counts[run], ends[run]).pieces()
    ]
    found = _with_sentences(pair, [order[piece] for piece in _join_short(words, pieces)])
    return sorted(found, key=lambda stretch: int(stretch.suspect_sentences[0]))


def _without_jumps(words: IntArray) -> list[slice]:
    """Cut groups, in the order of the text that is walked, where the alignment jumps."""
    ahead, back = words[1:, 0] - words[:-1, 1], words[:-1, 0] - words[1:, 1]
    jumps = (np.maximum(ahead, back) > JUMP) | (words[1:, 2] - words[:-1, 3] > JUMP)
    return [slice(*run) for run in pairwise([0, *(np.flatnonzero(jumps) + 1).tolist(), len(words)])]


@once
def paragraph_ends(text: TokenText) -> BoolArray:
    """Return which sentences end a paragraph, bool (s,).

    A line ends between them and the next.
    """
    between = text.sentence_stops[1:-1]
    ends = np.ones(text.n_sentences, np.bool_)
    gaps = zip(text.ends[between - 1].tolist(), text.starts[between].tolist(), strict=True)
    ends[: len(between)] = [text.text.find("\n", end, start) >= 0 for end, start in gaps]
    return ends


def _join_short(words: IntArray, pieces: list[NDArray[np.intp]]) -> list[NDArray[np.intp]]:
    """Join pieces under `FEWEST_WORDS` words to the neighbour that lies nearer in the source."""
    rows = words.tolist()
    pieces, spans = list(pieces), [_Span.of(rows[piece[0] : piece[-1] + 1]) for piece in pieces]
    while len(pieces) > 1:
        sizes = [span.size for span in spans]
        k = sizes.index(min(sizes))
        if sizes[k] >= FEWEST_WORDS:
            break
        near = [j for j in (k - 1, k + 1) if 0 <= j < len(pieces)]
        j = min(near, key=lambda j: (spans[k].gap(spans[j]), sizes[j]))
        if spans[k].gap(spans[j]) > JUMP:
            # Nothing near: it is too short to be judged by itself, and would blur what is not near.
            del pieces[k], spans[k]
            continue
        first, second = sorted((j, k))
        pieces[first : second + 1] = [np.concatenate([pieces[first], pieces[second]])]
        spans[first : second + 1] = [spans[first].joined(spans[second])]
    return pieces


class _Span(NamedTuple):
    """The words between which a piece lies in both texts, and how many it has in the one that is walked."""

    starts: tuple[int, int]
    stops: tuple[int, int]
    size: int

    @classmethod
    def of(cls, words: list[list[int]]) -> _Span:
        # The last two columns are in order: they are those of the text that is walked.
        starts, stops = min(row[0] for row in words), max(row[1] for row in words)
        return cls((starts, words[0][2]), (stops, words[-1][3]), sum(row[3] - row[2] for row in words))

    def joined(self, other: _Span) -> _Span:
        first, second = zip(self.starts, other.starts, strict=True), zip(self.stops, other.stops, strict=True)
        (a, b), (c, d) = map(min, first), map(max, second)
        return _Span((a, b), (c, d), self.size + other.size)

    def gap(self, other: _Span) -> int:
        """Return the number of words between two pieces, the larger of both texts."""
        places = zip(self.starts, self.stops, other.starts, other.stops, strict=True)
        return max(0, *(max(c - b, a - d) for a, b, c, d in places))


def _with_sentences(pair: AlignedPair, pieces: Sequence[NDArray[np.intp]]) -> list[Stretch]:
    """Add to groups the sentences of both texts that lie between them and in no other piece."""
    source, suspect = (_sentences_of(pair, pieces, side) for side in (0, 2))
    return [Stretch(*found) for found in zip(pieces, source, suspect, strict=True)]


def _sentences_of(pair: AlignedPair, pieces: Sequence[NDArray[np.intp]], side: int) -> list[NDArray[np.intp]]:
    """Return the sentences of one text that belong to each piece: aligned, or between aligned ones of one piece."""
    text = pair.suspect if side else pair.source
    owners, ranges = [-1] * text.n_sentences, pair.groups[:, side : side + 2].tolist()
    for number, piece in enumerate(pieces):
        for first, stop in (ranges[group] for group in piece.tolist()):
            owners[first:stop] = [number] * (stop - first)
    owned = [sentence for sentence, owner in enumerate(owners) if owner >= 0]
    stops, ends = text.sentence_stops.tolist(), paragraph_ends(text).tolist()
    for left, right in pairwise(owned):
        if right - left > 1 and stops[right] - stops[left + 1] <= JUMP:
            first, last = (right, right) if owners[left] == owners[right] else _shared_out(ends, left, right)
            owners[left + 1 : first] = [owners[left]] * (first - left - 1)
            owners[last:right] = [owners[right]] * (right - last)
    # What little stands before the first passage and after the last one belongs to it.
    if owned and stops[owned[0]] <= _EDGE:
        owners[: owned[0]] = [owners[owned[0]]] * owned[0]
    if owned and stops[-1] - stops[owned[-1] + 1] <= _EDGE:
        owners[owned[-1] + 1 :] = [owners[owned[-1]]] * (len(owners) - owned[-1] - 1)
    found: list[list[int]] = [[] for _ in pieces]
    for sentence, owner in enumerate(owners):
        if owner >= 0:
            found[owner].append(sentence)
    return [np.array(sentences, np.intp) for sentences in found]


def _shared_out(ends: list[bool], left: int, right: int) -> tuple[int, int]:
    """Share out what lies between the sentences of two passages: the rest of a paragraph goes with what it is of.

    The first passage gets what lies before the first number, the second what lies from the second one on. Paragraphs
    between them are of neither.
    """
    breaks = [k + 1 for k in range(left, right) if ends[k]]
    middle = (left + 1 + right) // 2
    return (breaks[0], breaks[-1]) if breaks else (middle, middle)


def passages_of(pair: AlignedPair) -> list[AlignedPair]:
    """Return the passages of a pair as pairs of their own.

    They stand in the order of the suspect. The pair itself where it is all one passage; none where nothing is aligned,
    and in texts of more than `MOST_WORDS` words.
    """
    if max(len(pair.source.words), len(pair.suspect.words)) > MOST_WORDS:
        return []
    found = stretches(pair)
    if len(found) == 1 and _is_whole(pair, found[0]):
        return [pair]
    return parts_of_pair(pair, found)


def edits_inside(pair: AlignedPair, passage: AlignedPair) -> NDArray[np.intp]:
    """Return which edits of a pair are those of one of its passages.

    The order is that of the passage.

    Parameters
    ----------
    pair, passage : AlignedPair
        The whole, and one of `passages_of` it.

    Returns
    -------
    int array (e,)
        Rows of ``pair.edits``.
    """
    # A group is known by where its first word stands in the source.
    starts = pair.source.starts[pair.group_words[:, 0]]
    inside = np.isin(starts, passage.source.starts[passage.group_words[:, 0]])
    return np.flatnonzero(inside[pair.edit_columns.group])


def _is_whole(pair: AlignedPair, stretch: Stretch) -> bool:
    """Tell whether a stretch holds most of the words of both texts."""
    for text, sentences in ((pair.source, stretch.source_sentences), (pair.suspect, stretch.suspect_sentences)):
        if text.sentence_lengths[sentences].sum() < WHOLE_SHARE * text.n_own_words:
            return False
    return True


class Place(NamedTuple):
    """Place of a passage in both texts.

    Ranges are half-open, in code points of the originals.
    """

    source_start: int
    source_end: int
    suspect_start: int
    suspect_end: int


def place_of(passage: AlignedPair) -> Place:
    """Return where a passage lies in both texts, from its first word to its last."""
    source, suspect = passage.source, passage.suspect
    return Place(int(source.starts[0]), int(source.ends[-1]), int(suspect.starts[0]), int(suspect.ends[-1]))
