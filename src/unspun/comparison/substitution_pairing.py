"""Pair the words of a replaced run by relatedness: which word was put for which."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from unspun.comparison.aligned_pair import DELETED, INSERTED, OTHER_WAY, SUBSTITUTED
from unspun.comparison.layout.joined_texts import Joined
from unspun.text.lexicon import MOBY, NEAR, SYNONYM, load_lexicon
from unspun.text.token_text import FloatArray, TokenText
from unspun.text.word_vectors import load_word_vectors

_BIGGEST_BLOCK = 400


class Block(NamedTuple):
    """A replaced run of words.

    Half-open ranges in both texts, its group, and whether to pair from suspect to source.
    """

    source_start: int
    source_stop: int
    suspect_start: int
    suspect_stop: int
    row: int
    turned: bool


def pair_blocks(source: Joined, suspect: Joined, blocks: list[Block]) -> list[tuple[int, ...]]:
    """Pair the words of replaced runs by relatedness; see `_pair_block`.

    Parameters
    ----------
    source, suspect : Joined
        The texts of all pairs.
    blocks : list of Block
        Replaced runs, in words of the joined texts.

    Returns
    -------
    list of (int, ...)
        Edits: the six columns of `Edit`, each with its group.
    """
    bounds = np.array(blocks, np.int64).reshape(-1, 6)
    n, m = bounds[:, 1] - bounds[:, 0], bounds[:, 3] - bounds[:, 2]
    cells = np.where(n * m <= _BIGGEST_BLOCK, n * m, 0)
    firsts = np.cumsum(cells) - cells
    owner = np.repeat(np.arange(len(bounds)), cells)
    within = np.arange(cells.sum()) - np.repeat(firsts, cells)
    i = bounds[owner, 0] + within // np.maximum(m[owner], 1)
    j = bounds[owner, 2] + within % np.maximum(m[owner], 1)
    related = relatedness(source, suspect, i, j).tolist()
    out: list[tuple[int, ...]] = []
    for block, count, first in zip(blocks, cells.tolist(), firsts.tolist(), strict=True):
        if count == 1 or not count:
            out.append((SUBSTITUTED, *block[:5]))
        elif block.turned:
            a, a_stop, b, b_stop, row, _ = block
            across = [related[first + k] for j in range(b_stop - b) for k in range(j, count, b_stop - b)]
            found = _pair_block(Block(b, b_stop, a, a_stop, row, False), across)
            out.extend((OTHER_WAY[kind], j, j_stop, i, i_stop, row) for kind, i, i_stop, j, j_stop, row in found)
        else:
            out.extend(_pair_block(block, related[first : first + count]))
    return out


def relatedness(
    source: Joined | TokenText, suspect: Joined | TokenText, i: NDArray[np.int64], j: NDArray[np.int64]
) -> FloatArray:
    """Return how likely one word was turned into the other, in [0, 1].

    Word ``i`` is of the source, word ``j`` of the suspect. A thesaurus relation counts most, then nearness of meaning,
    then a shared part of speech.

    Parameters
    ----------
    source, suspect : Joined or TokenText
        The texts.
    i, j : int array (k,)
        Words of the source, and of the suspect.

    Returns
    -------
    float32 array (k,)
        1 for two forms of one lemma.
    """
    lexicon, meaning = load_lexicon(), load_word_vectors()
    a, b = source.lemmas[i], suspect.lemmas[j]
    bits = lexicon.relation(a, b)
    score = np.where(bits & SYNONYM, 1.0, np.where(bits & MOBY, 0.85, np.where(bits & NEAR, 0.8, 0.0)))
    near = np.nan_to_num(meaning.similarity(a, b), nan=0.0)
    rows_a, rows_b = lexicon.row(source.ids[i]), lexicon.row(suspect.ids[j])
    stops_a, stops_b = lexicon.stop[rows_a], lexicon.stop[rows_b]
    same_class = (stops_a & stops_b) | (~stops_a & ~stops_b & ((lexicon.pos[rows_a] & lexicon.pos[rows_b]) > 0))
    weak = np.where(same_class, 0.25, 0.05) + 0.5 * np.clip(near, 0, 1) * (stops_a == stops_b)
    return np.asarray(np.where(a == b, 1.0, np.maximum(score, weak)), np.float32)


def _pair_block(block: Block, related: list[float]) -> list[tuple[int, ...]]:
    """Return the order-keeping pairing of a block with the greatest relatedness, as edits.

    What stays unpaired between two pairs on both sides is one substitution of n words for m; on one side, an
    insertion or a deletion.
    """
    a, a_stop, b, b_stop, *_ = block
    n, m = a_stop - a, b_stop - b
    best = [[0.0] * (m + 1) for _ in range(n + 1)]
    for i in range(n - 1, -1, -1):
        here, below = best[i], best[i + 1]
        base = i * m
        for j in range(m - 1, -1, -1):
            pair = related[base + j] + below[j + 1]
            skip = below[j] if below[j] > here[j + 1] else here[j + 1]
            here[j] = pair if pair > skip else skip
    pairs, i, j = [], 0, 0
    while i < n and j < m:
        if related[i * m + j] >= _PAIRED and best[i][j] == related[i * m + j] + best[i + 1][j + 1]:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        elif best[i][j] == best[i][j + 1]:
            j += 1
        else:
            i, j = i + 1, j + 1
    return _gaps_between([*pairs, (n, m)], block)


_PAIRED = 0.3
"""Relatedness from which two words of a replaced run are a swap of their own."""


def _gaps_between(pairs: list[tuple[int, int]], block: Block) -> list[tuple[int, ...]]:
    """Turn the pairs of a block and the gaps between them into edits; the last pair only marks the end."""
    a, _, b, _, row, _ = block
    out: list[tuple[int, ...]] = []
    i = j = 0
    for p, q in pairs:
        if p - i == q - j:
            # As many words left as came: paired by place, like the pair that follows.
            out.extend((SUBSTITUTED, a + i + k, a + i + k + 1, b + j + k, b + j + k + 1, row) for k in range(p - i))
        elif p > i or q > j:
            kind = SUBSTITUTED if p > i and q > j else DELETED if p > i else INSERTED
            out.append((int(kind), a + i, a + p, b + j, b + q, row))
        out.append((SUBSTITUTED, a + p, a + p + 1, b + q, b + q + 1, row))
        i, j = p + 1, q + 1
    return out[:-1]
