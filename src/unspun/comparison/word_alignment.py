"""Align the words of matched sentences by edit distance over lemmas."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import cast

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein

from unspun.comparison.aligned_pair import DELETED, INFLECTED, INSERTED, KEPT, SUBSTITUTED, words_of_groups
from unspun.comparison.change_causes import tell_causes, with_pieces_joined, words_of
from unspun.comparison.layout.joined_texts import Joined, bounds_of, parts
from unspun.comparison.substitution_pairing import Block, pair_blocks
from unspun.text.token_text import IntArray, TokenText

_KIND_OF_TAG: dict[int | str, int] = {
    "equal": KEPT,
    "insert": INSERTED,
    "delete": DELETED,
}


def align_words(pairs: Sequence[tuple[TokenText, TokenText]], rows: Sequence[IntArray]) -> Iterator[IntArray]:
    """Align the words of every group of all pairs.

    See `Edit` for the columns of each pair's edits. Both orders of a pair have the same edits (see `word_changes`).

    Parameters
    ----------
    pairs : sequence of (TokenText, TokenText)
        Source and suspect of each pair.
    rows : sequence of int array (g, 4)
        The groups of sentences of each pair.

    Yields
    ------
    int32 array (e, 6)
        The edits of each pair, in the order given.
    """
    sources, suspects = Joined.of([source for source, _ in pairs]), Joined.of([suspect for _, suspect in pairs])
    before = np.column_stack([sources.bounds, sources.bounds, suspects.bounds, suspects.bounds])[:-1]
    spans = [words_of_groups(*pair, some) + first for pair, some, first in zip(pairs, rows, before, strict=True)]
    first_rows = bounds_of(rows)
    pair_of_row = np.repeat(np.arange(len(pairs)), np.diff(first_rows))
    table = _edits_of_rows(sources, suspects, np.concatenate(spans), pair_of_row)
    # Every edit is back with its pair: rows were numbered through, and words.
    cuts = np.searchsorted(table[:, 5], first_rows)
    pair_of = np.repeat(np.arange(len(pairs)), np.diff(cuts))
    table[:, 1:5] -= before[pair_of].astype(np.int32)
    table[:, 5] -= first_rows[pair_of].astype(np.int32)
    yield from parts(table, cuts)


def _edits_of_rows(
    source: Joined, suspect: Joined, bounds: NDArray[np.int64], pair_of_row: NDArray[np.intp]
) -> IntArray:
    """Align the words of rows, (r, 4) half-open ranges of words."""
    if not len(bounds):
        return np.zeros((0, 6), np.int32)
    a_words, b_words = source.lemmas.tolist(), suspect.lemmas.tolist()
    # The columns of one edit after those of the other: plain numbers are read faster than tuples.
    edits: list[int] = []
    blocks: list[Block] = []
    for row, (a, a_stop, b, b_stop) in enumerate(bounds.tolist()):
        found, turned = word_changes(a_words[a:a_stop], b_words[b:b_stop])
        for tag, i, i_stop, j, j_stop in found:
            if tag == "replace":
                blocks.append(Block(a + i, a + i_stop, b + j, b + j_stop, row, turned))
            else:
                edits += (_KIND_OF_TAG[tag], a + i, a + i_stop, b + j, b + j_stop, row)
    edits.extend(chain.from_iterable(pair_blocks(source, suspect, blocks)))
    table, words = _in_order(np.array(edits, np.int32).reshape(-1, 6)), words_of(source, suspect)
    table = with_pieces_joined(table, source, suspect, words)
    table = _split_inflected(_with_same_kept(table, source, suspect), source, suspect)
    return tell_causes(_in_order(table), source, suspect, words, pair_of_row)


WordChange = tuple[str, int, int, int, int]


def word_changes(source: list[int], suspect: list[int]) -> tuple[list[WordChange], bool]:
    """Return the fewest changes that make one list of words of another.

    They are the same whichever is given first. Words could often be aligned in two ways, and the order of the lists
    would decide: the shorter goes first, or the one whose words come first.

    Parameters
    ----------
    source, suspect : list of int
        Words by number, of any length.

    Returns
    -------
    list of (str, int, int, int, int)
        Kind, ``equal``, ``replace``, ``insert`` or ``delete``, and half-open ranges in both lists.
    bool
        Whether the suspect's words went first.

    Examples
    --------
    >>> word_changes([3, 5, 5], [5, 7])
    ([('delete', 0, 1, 0, 0), ('equal', 1, 2, 0, 1), ('replace', 2, 3, 1, 2)], True)
    """
    turned = (len(suspect), suspect) < (len(source), source)
    found = Levenshtein.opcodes(suspect, source).inverse() if turned else Levenshtein.opcodes(source, suspect)
    # Plain tuples, whatever the package's stubs say.
    return cast("list[WordChange]", found.as_list()), turned


def _in_order(table: IntArray) -> IntArray:
    return table[np.lexsort((table[:, 3], table[:, 1], table[:, 5]))]


def _with_same_kept(table: IntArray, source: Joined, suspect: Joined) -> IntArray:
    """Mark as kept the words of replaced runs that were paired with themselves, as one run with those beside them.

    To edit distance `b c` for `a b` may be two replacements: they cost no more than to drop `a` and add `c`.
    """
    kind, a, a_stop, b, b_stop, _ = table.T
    single = np.flatnonzero((kind == SUBSTITUTED) & (a_stop - a == 1) & (b_stop - b == 1))
    same = single[source.lemmas[a[single]] == suspect.lemmas[b[single]]]
    if not len(same):
        return table
    table[same, 0] = KEPT
    table = _in_order(table)
    kept = table[:, 0] == KEPT
    continues = np.zeros(len(table), np.bool_)
    continues[1:] = kept[1:] & kept[:-1] & (table[1:, [1, 3, 5]] == table[:-1, [2, 4, 5]]).all(axis=1)
    first = np.flatnonzero(~continues)
    last = np.append(first[1:], len(table)) - 1
    merged = table[first]
    merged[:, [2, 4]] = table[last][:, [2, 4]]
    return merged


def _split_inflected(table: IntArray, source: Joined, suspect: Joined) -> IntArray:
    """Cut kept runs where the lemma stayed and the form changed."""
    kept = table[table[:, 0] == KEPT]
    lengths = kept[:, 2] - kept[:, 1]
    owner = np.repeat(np.arange(len(kept)), lengths)
    within = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    i, j = kept[owner, 1] + within, kept[owner, 3] + within
    changed = source.ids[i] != suspect.ids[j]
    if not changed.any():
        return table
    # A piece begins where the run does, at a changed word and after one.
    begins = (within == 0) | changed | np.concatenate([[False], changed[:-1]])
    at = np.flatnonzero(begins)
    sizes = np.diff(np.append(at, len(within)))
    kinds = np.where(changed[at], INFLECTED, KEPT)
    pieces = np.column_stack([kinds, i[at], i[at] + sizes, j[at], j[at] + sizes, kept[owner[at], 5]])
    return np.concatenate([table[table[:, 0] != KEPT], pieces.astype(np.int32)])
