"""Tell how likely the two sides of a swap stand for one another.

Where a sentence was built anew, the words that are left over on both sides are paired by their place, and many such
pairs are none: shown as swaps they would be false evidence.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from unspun.comparison.aligned_pair import INFLECTED, AlignedPair
from unspun.comparison.layout.pair_view import Side, view
from unspun.comparison.substitution_pairing import relatedness
from unspun.text.token_text import BoolArray, FloatArray, IntArray
from unspun.text.word_vectors import load_word_vectors

LEAST = 0.3
"""Correspondence below which a swap is not shown. Of 803 swaps that readers judged on 23 rewritten pages, that drops
160 of the 186 that were none, 51 of the 118 with a word too many or too few, and 18 of the 499 that were right."""
_WINDOW = 40
"""Words on either side of a phrase's place among which a better partner is sought."""
_BLOCK = 5_000
"""Phrases measured at a time, so that long texts take no more memory."""
_NO_VECTOR = 0.1
"""Cosine where a word has no vector."""
_INTERCEPT = -0.6
_WEIGHTS = np.array([-2.9, -2.9, 1.2, 4.1], np.float32)


def correspondence(pair: AlignedPair, phrases: Sequence[tuple[int, ...]]) -> FloatArray:
    """Return how likely the sides of each phrase stand for one another.

    A share by place and by meaning, (k,) in [0, 1].

    A phrase's words do where no other word of the other side's sentence is nearer to them in meaning, or related more
    closely, where the words beside them stayed, and where most of the sentence did.

    Parameters
    ----------
    pair : AlignedPair
        Two aligned texts.
    phrases : sequence of tuple of int
        Edits of each phrase, as `unspun.evidence.swap_phrases.phrases` gives them.

    Returns
    -------
    float array (k,)
        Fitted to what readers said of swaps; the same whichever text is given first.

    Examples
    --------
    >>> from unspun.comparison.alignment import align
    >>> from unspun.evidence.swap_phrases import phrases
    >>> from unspun.text.tokenizer import read_text
    >>> spun = align(read_text("The old ferry sank off Port Salden."), read_text("The old boat sank off Port Salden."))
    >>> bool(correspondence(spun, phrases(spun))[0] > 0.9)
    True
    >>> built_anew = align(read_text("The ferry sank off Port Salden at dawn, its owner said."),
    ...                    read_text("Port Salden lost a ferry when, at dawn, she went down."))
    >>> bool((correspondence(built_anew, phrases(built_anew)) < LEAST).all())
    True
    """
    edits = pair.edit_columns
    first, last = [one[0] for one in phrases], [one[-1] for one in phrases]
    columns = edits.source_start[first], edits.source_stop[last], edits.suspect_start[first], edits.suspect_stop[last]
    return of_words(pair, np.column_stack(columns).astype(np.int64), edits.group[first])


def of_words(pair: AlignedPair, spans: NDArray[np.int64], rows: IntArray) -> FloatArray:
    """Return the same for any words.

    Parameters
    ----------
    pair : AlignedPair
        Two aligned texts.
    spans : int64 (k, 4)
        Words of the source, half-open, and words of the suspect.
    rows : int array (k,)
        The rows that they are in.

    Returns
    -------
    float array (k,)
        In [0, 1].
    """
    blocks = [slice(first, first + _BLOCK) for first in range(0, len(spans), _BLOCK)]
    told = [_measures(pair, spans[block], rows[block]) @ _WEIGHTS + _INTERCEPT for block in blocks]
    return np.asarray(1 / (1 + np.exp(-np.concatenate([np.zeros(0, np.float32), *told]))), np.float32)


def _measures(pair: AlignedPair, spans: NDArray[np.int64], rows: IntArray) -> FloatArray:
    """Return what the correspondence of phrases is told from, (k, 4).

    How much nearer in meaning the best word elsewhere is, of the phrase's word and side where that is most; the same
    of relatedness, summed over the sides; on how many sides the phrase stands between words that stayed (0 to 2); and
    the share of the sentences' words that stayed, in [0, 1].
    """
    v = view(pair)
    bounds = pair.group_words[rows]
    near_a, related_a = _gaps(pair, v.source, v.suspect, spans, bounds, forward=True)
    near_b, related_b = _gaps(pair, v.suspect, v.source, spans[:, [2, 3, 0, 1]], bounds[:, [2, 3, 0, 1]], forward=False)
    stayed = (_stayed(v.source, len(pair.groups)) + _stayed(v.suspect, len(pair.groups))) / 2
    framed = _framed(v.source, spans, bounds)
    return np.column_stack([np.maximum(near_a, near_b), related_a + related_b, framed, stayed[rows]]).astype(np.float32)


def _gaps(
    pair: AlignedPair, own: Side, other: Side, spans: NDArray[np.int64], bounds: IntArray, *, forward: bool
) -> tuple[FloatArray, FloatArray]:
    """Return by how much a word elsewhere is nearer, and related more closely, than the phrase's own other side."""
    near, related = np.zeros(len(spans), np.float32), np.zeros(len(spans), np.float32)
    mine, theirs, inside, owner = _combinations(own, other, spans, bounds)
    if not len(mine):
        return near, related
    i, j = (mine, theirs) if forward else (theirs, mine)
    cosine = load_word_vectors().similarity(pair.source.lemmas[i], pair.suspect.lemmas[j])
    cosine = np.where(np.isnan(cosine), np.float32(_NO_VECTOR), np.maximum(cosine, 0))
    starts = np.flatnonzero(np.diff(mine, prepend=-1) | np.diff(owner, prepend=-1))
    for table, found in ((cosine, near), (relatedness(pair.source, pair.suspect, i, j), related)):
        gap = np.maximum.reduceat(table, starts) - np.maximum.reduceat(table * inside, starts)
        np.maximum.at(found, owner[starts], gap)
    return near, related


def _combinations(
    own: Side, other: Side, spans: NDArray[np.int64], bounds: IntArray
) -> tuple[NDArray[np.int64], NDArray[np.int64], BoolArray, NDArray[np.int64]]:
    """Return the words of each phrase beside each word of the other side's sentence; function words are in neither."""
    found: list[tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]] = []
    for k, ((a, a_stop, b, b_stop), (_, _, low, high)) in enumerate(zip(spans.tolist(), bounds.tolist(), strict=True)):
        low, high = max(low, b - _WINDOW), min(high, b_stop + _WINDOW)
        mine, theirs = a + np.flatnonzero(~own.stop[a:a_stop]), low + np.flatnonzero(~other.stop[low:high])
        n, m = len(mine), len(theirs)
        found.append((np.repeat(mine, m), np.tile(theirs, n), np.full(n * m, k, np.int64)))
    mine, theirs, owner = (np.concatenate(column) for column in zip(*found, strict=True))
    return mine, theirs, (theirs >= spans[owner, 2]) & (theirs < spans[owner, 3]), owner


def _stayed(side: Side, n_rows: int) -> FloatArray:
    """Return the share of each row's words that stayed, on one side."""
    rows, kinds = side.group[side.aligned], side.kind[side.aligned]
    kept = np.bincount(rows, weights=kinds <= INFLECTED, minlength=n_rows)
    return np.asarray(kept / np.maximum(np.bincount(rows, minlength=n_rows), 1), np.float32)


def _framed(side: Side, spans: NDArray[np.int64], bounds: IntArray) -> IntArray:
    """Return on how many sides (0 to 2) the words beside a phrase stayed beside it, or both sentences end there."""
    a, a_stop, b, b_stop = spans.T
    low, high, there, end = bounds.T
    before, after = np.maximum(a - 1, 0), np.minimum(a_stop, len(side.kind) - 1)
    left = (a > low) & (b > there) & (side.mate[before] == b - 1) & (side.kind[before] <= INFLECTED)
    right = (a_stop < high) & (b_stop < end) & (side.mate[after] == b_stop) & (side.kind[after] <= INFLECTED)
    left |= (a == low) & (b == there)
    right |= (a_stop == high) & (b_stop == end)
    return np.asarray(left.astype(np.int32) + right)
