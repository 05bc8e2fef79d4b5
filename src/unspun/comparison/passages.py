"""Cut an aligned pair into passages.

They are stretches of aligned sentences that stay together in both texts. A document is often a mixture: a page spins
one part, copies another and adds its own text. A passage ends where the alignment jumps, where its character changes
(kept, changed, heavily changed), and at about 200 words, at the end of a paragraph if one is near. Text that lies in no
passage is the document's own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from unspun.comparison.aligned_pair import RENAMED, AlignedPair, EditColumns
from unspun.comparison.sentence_alignment import size_rank
from unspun.text.token_text import BoolArray, IntArray, TokenText

PASSAGE_WORDS = 200
"""Words of the suspect after which a passage is cut, at the end of a paragraph or sentence near by."""
LONGEST_PASSAGE = 320
"""Words of the suspect that no passage exceeds, unless one group of sentences does."""
FEWEST_WORDS = 50
"""Words of the suspect below which a passage joins a neighbour."""
MOST_WORDS = 60_000
"""Words of a text from which passages are not looked at: the work of a pair is bounded."""
JUMP = 120
"""Words left out in either text between two groups from which the second begins another passage."""
_CHANGED_SHARE = np.array([0.02, 0.3, 0.75])
"""Share of words changed that is typical of kept, changed and heavily changed groups."""
_TURN = 20.0
"""What a change of character must gain, in words, to cut a passage there."""
WHOLE_SHARE = 0.8
"""Share of the words of both texts from which a single passage stands for the whole."""
_EDGE = 40
"""Words at the beginning or the end of a text that are no text of its own."""
_NEAR_END = 60
"""Words within which the end of a paragraph is near."""


def number_passages(groups: IntArray) -> IntArray:
    """Return for each group of sentences the number of its run, int (g,).

    The groups of a run follow one another in both texts.

    >>> number_passages(np.array([[0, 1, 0, 1], [1, 2, 1, 2], [4, 5, 2, 3]])).tolist()
    [0, 0, 1]
    """
    if not len(groups):
        return np.zeros(0, np.int32)
    follows = (groups[1:, 0] == groups[:-1, 1]) & (groups[1:, 2] == groups[:-1, 3])
    return np.concatenate([[0], np.cumsum(~follows)]).astype(np.int32)


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


def stretches(pair: AlignedPair) -> list[Stretch]:
    """Cut an aligned pair into stretches, in the order of the suspect.

    There are none when nothing is aligned. The same pair in the other order has the same stretches.
    """
    if not len(pair.groups):
        return []
    # Both orders of a pair are walked along the same text.
    along = 2 if size_rank(pair.suspect) <= size_rank(pair.source) else 0
    order = np.argsort(pair.groups[:, along], kind="stable")
    words = pair.group_words[order][:, [2 - along, 3 - along, along, along + 1]]
    shares, walked = changed_shares(pair)[order], pair.suspect if along else pair.source
    ends = paragraph_ends(walked)[pair.groups[order, along + 1] - 1]
    runs = [run for part in _without_jumps(words) for run in _of_one_character(words, shares, part)]
    pieces = [piece for run in runs for piece in _of_some_length(words, ends, run)]
    found = _with_sentences(pair, [order[piece] for piece in _join_short(words, pieces)])
    return sorted(found, key=lambda stretch: int(stretch.suspect_sentences[0]))


def _without_jumps(words: IntArray) -> list[NDArray[np.intp]]:
    """Cut groups, in the order of the text that is walked, where the alignment jumps."""
    ahead, back = words[1:, 0] - words[:-1, 1], words[:-1, 0] - words[1:, 1]
    jumps = (np.maximum(ahead, back) > JUMP) | (words[1:, 2] - words[:-1, 3] > JUMP)
    return np.split(np.arange(len(words)), np.flatnonzero(jumps) + 1)


def changed_shares(pair: AlignedPair) -> NDArray[np.float64]:
    """Return the share of the words of every group that changed, float (g,).

    The words of both texts count together.
    """
    edits, n = pair.edit_columns, len(pair.groups)
    size = (edits.source_length + edits.suspect_length).astype(np.float64)
    stayed = np.where(edits.kind <= RENAMED, size, 0.0)
    return np.asarray(1 - np.bincount(edits.group, stayed, n) / np.maximum(np.bincount(edits.group, size, n), 1))


def _of_one_character(words: IntArray, shares: NDArray[np.float64], part: NDArray[np.intp]) -> list[NDArray[np.intp]]:
    """Cut a run of groups where its character changes for long enough (the cheapest path through three states)."""
    if len(part) == 1:
        return [part]
    away = np.abs(shares[part][:, np.newaxis] - _CHANGED_SHARE)
    states = _cheapest_path(away * (words[part, 3] - words[part, 2])[:, np.newaxis])
    return np.split(part, np.flatnonzero(np.diff(states)) + 1)


def _cheapest_path(cost: NDArray[np.float64]) -> NDArray[np.intp]:
    """Return the states whose costs, and `_TURN` for every change of state, sum up to the least (Viterbi, 1967)."""
    n, k = cost.shape
    best, came = cost[0].copy(), np.zeros((n, k), np.intp)
    for i in range(1, n):
        lowest = int(best.argmin())
        turned = best[lowest] + _TURN < best
        came[i] = np.where(turned, lowest, np.arange(k))
        best = np.where(turned, best[lowest] + _TURN, best) + cost[i]
    states = np.empty(n, np.intp)
    states[-1] = best.argmin()
    for i in range(n - 1, 0, -1):
        states[i - 1] = came[i, states[i]]
    return states


def paragraph_ends(text: TokenText) -> BoolArray:
    """Return which sentences end a paragraph, bool (s,).

    A line ends between them and the next.
    """
    stops = text.sentence_stops
    ends = np.ones(text.n_sentences, np.bool_)
    for k, stop in enumerate(stops[1:-1].tolist()):
        ends[k] = "\n" in text.text[text.ends[stop - 1] : text.starts[stop]]
    return ends


def _of_some_length(words: IntArray, ends: BoolArray, run: NDArray[np.intp]) -> list[NDArray[np.intp]]:
    """Cut a run into pieces of about `PASSAGE_WORDS` words, at ends of paragraphs where they are near."""
    size = words[run, 3] - words[run, 2]
    total = int(size.sum())
    if total <= LONGEST_PASSAGE:
        return [run]
    target = total / round(total / PASSAGE_WORDS)
    upto = np.cumsum(size)
    cuts: list[int] = []
    start = 0
    while upto[-1] - start > 1.5 * target:
        wanted = start + target
        away = np.abs(upto[:-1] - wanted) - np.where(ends[run[:-1]], _NEAR_END, 0)
        away[upto[:-1] <= start] = np.inf
        place = int(away.argmin())
        if not np.isfinite(away[place]):
            break
        cuts.append(place + 1)
        start = int(upto[place])
    return np.split(run, cuts)


def _join_short(words: IntArray, pieces: list[NDArray[np.intp]]) -> list[NDArray[np.intp]]:
    """Join pieces under `FEWEST_WORDS` words to the neighbour that lies nearer in the source."""
    pieces = list(pieces)
    while len(pieces) > 1:
        sizes = [int((words[piece, 3] - words[piece, 2]).sum()) for piece in pieces]
        k = int(np.argmin(sizes))
        if sizes[k] >= FEWEST_WORDS:
            break
        near = [j for j in (k - 1, k + 1) if 0 <= j < len(pieces)]
        j = min(near, key=lambda j: (_gap(words, pieces[k], pieces[j]), sizes[j]))
        if _gap(words, pieces[k], pieces[j]) > 4 * JUMP:
            # Nothing near: it stays alone, too short to be judged by itself.
            pieces.pop(k)
            continue
        first, second = sorted((j, k))
        pieces[first : second + 1] = [np.concatenate([pieces[first], pieces[second]])]
    return pieces


def _gap(words: IntArray, one: NDArray[np.intp], other: NDArray[np.intp]) -> int:
    """Return how many words lie between two pieces, in the text in which they lie farther apart."""
    gaps = []
    for first in (0, 2):
        a, b = words[one, first].min(), words[one, first + 1].max()
        c, d = words[other, first].min(), words[other, first + 1].max()
        gaps.append(max(int(c - b), int(a - d), 0))
    return max(gaps)


def _with_sentences(pair: AlignedPair, pieces: Sequence[NDArray[np.intp]]) -> list[Stretch]:
    """Add to groups the sentences of both texts that lie between them and in no other piece."""
    source, suspect = (_sentences_of(pair, pieces, side) for side in (0, 2))
    return [Stretch(*found) for found in zip(pieces, source, suspect, strict=True)]


def _sentences_of(pair: AlignedPair, pieces: Sequence[NDArray[np.intp]], side: int) -> list[NDArray[np.intp]]:
    """Return the sentences of one text that belong to each piece: aligned, or between aligned ones of one piece."""
    text = pair.suspect if side else pair.source
    owner = np.full(text.n_sentences, -1, np.intp)
    for number, piece in enumerate(pieces):
        for first, stop in pair.groups[piece][:, side : side + 2].tolist():
            owner[first:stop] = number
    owned = np.flatnonzero(owner >= 0)
    stops = text.sentence_stops
    for left, right in pairwise(owned.tolist()):
        if right - left > 1 and stops[right] - stops[left + 1] <= JUMP:
            if owner[left] == owner[right]:
                owner[left + 1 : right] = owner[left]
            else:
                middle = (left + 1 + right) // 2
                owner[left + 1 : middle], owner[middle:right] = owner[left], owner[right]
    # What little stands before the first passage and after the last one belongs to it.
    if len(owned) and stops[owned[0]] <= _EDGE:
        owner[: owned[0]] = owner[owned[0]]
    if len(owned) and stops[-1] - stops[owned[-1] + 1] <= _EDGE:
        owner[owned[-1] + 1 :] = owner[owned[-1]]
    return [np.flatnonzero(owner == number) for number in range(len(pieces))]


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
    stops = text.sentence_stops
    lengths = text.sentence_lengths[sentences]
    new_stops = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
    places = np.repeat(stops[sentences] - new_stops[:-1], lengths) + np.arange(new_stops[-1])
    words = text.words
    # A mark goes with the word before it, those before the first word with that.
    marks = np.searchsorted(text.mark_words, stops, "right")
    marks[0] = 0
    chosen = [np.arange(marks[k], marks[k + 1]) for k in sentences.tolist()]
    mark = np.concatenate(chosen) if chosen else np.zeros(0, np.intp)
    shift = np.repeat(new_stops[:-1] - stops[sentences], [len(some) for some in chosen])
    return TokenText(
        text=text.text,
        words=tuple(words[k] for k in places.tolist()),
        starts=text.starts[places],
        ends=text.ends[places],
        ids=text.ids[places],
        lemmas=text.lemmas[places],
        sentence_stops=new_stops,
        soft=text.soft[sentences],
        boilerplate=text.boilerplate[sentences],
        quotes=text.quotes[places],
        mark_codes=text.mark_codes[mark],
        mark_words=(text.mark_words[mark] + shift).astype(np.int32),
        n_folded=0,
        whole=text,
        places=places,
    )


def part_of_pair(pair: AlignedPair, stretch: Stretch) -> AlignedPair:
    """Return a stretch as a pair of its own.

    Parameters
    ----------
    pair : AlignedPair
        The whole.
    stretch : Stretch
        One of `stretches`.

    Returns
    -------
    AlignedPair
        Aligned as it is in the whole; offsets are still those of the original texts.
    """
    source, suspect = (
        part_of_text(pair.source, stretch.source_sentences),
        part_of_text(pair.suspect, stretch.suspect_sentences),
    )
    chosen = np.sort(stretch.groups)  # in the order of the source
    groups = pair.groups[chosen].copy()
    edits = pair.edits[np.isin(pair.edit_columns.group, chosen)].copy()
    new_group = np.searchsorted(chosen, EditColumns.of(edits).group)
    for side, text, part, sentences in (
        (0, pair.source, source, stretch.source_sentences),
        (2, pair.suspect, suspect, stretch.suspect_sentences),
    ):
        first = np.searchsorted(sentences, groups[:, side])
        shift = part.sentence_stops[first] - text.sentence_stops[groups[:, side]]
        groups[:, side + 1] += (first - groups[:, side]).astype(np.int32)
        groups[:, side] = first
        edits[:, side + 1 : side + 3] += shift[new_group][:, np.newaxis].astype(np.int32)
    edits[:, 5] = new_group
    return AlignedPair(source, suspect, groups, pair.similarity[chosen], number_passages(groups), edits)


def passages_of(pair: AlignedPair) -> list[AlignedPair]:
    """Return the passages of a pair as pairs of their own.

    They stand in the order of the suspect. The pair itself where it is all one passage; none where nothing is aligned,
    and in texts of more than `MOST_WORDS` words.
    """
    if max(len(pair.source), len(pair.suspect)) > MOST_WORDS:
        return []
    found = stretches(pair)
    if len(found) == 1 and _is_whole(pair, found[0]):
        return [pair]
    return [part_of_pair(pair, stretch) for stretch in found]


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
