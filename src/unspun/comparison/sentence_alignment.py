"""Match the sentences of two texts by the weight of what they share.

Their order does not matter. Rare words and names weigh most; neighbours that split or merge a sentence are taken in.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import compress
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from unspun.comparison.aligned_pair import count_aligned_words
from unspun.text.lexicon import load_lexicon
from unspun.text.token_text import BoolArray, FloatArray, IntArray, TokenText

if TYPE_CHECKING:
    # Of long texts only, and imported where one comes: it takes a fifth of the start.
    from scipy import sparse

CERTAIN = 0.30
"""Similarity from which two sentences that are each other's best are a row wherever they stand."""
LONELY = 0.42
"""The same where rows cover less than `SUPPORT` of the shorter text: in long texts that have nothing to do with each
other some sentence resembles another by chance."""
SUPPORT = 0.1
FEW_WORDS, FEW_SHARE = 30, 0.1
"""Fewer aligned words than this, if they are less than this share of the shorter text, are taken for chance, or for a
sentence that both quote: of 13 labelled pairs with .05 to .1, one is spun."""
IN_ORDER = 0.15
"""The same between two rows that follow one another, where the place itself is evidence."""
CONTAINED = 0.45
"""Share of a sentence's weight that a row must hold for the sentence to be taken into it (splits and merges)."""
MAX_SENTENCES = 10_000
"""A text of more sentences is matched by bundles of neighbours: the work grows with the square. A text of the greatest
length, 1,000,000 characters, reaches it only with sentences of fewer than 20 words."""
_DENSE = 4_000_000
_FEWEST_WORDS = 3


def match_sentences(source: TokenText, suspect: TokenText) -> tuple[IntArray, FloatArray]:
    """Return the rows and their similarity, the same whichever text is given first.

    Where sentences could be matched in two ways their order decides, so the texts go in by size, then by their words.

    Parameters
    ----------
    source, suspect : TokenText
        The two texts.

    Returns
    -------
    int32 array (g, 4)
        Half-open ranges of sentences: source first, source stop, suspect first, suspect stop.
    float32 array (g,)
        Similarity of each group, in [0, 1].
    """
    if goes_first(source, suspect):
        return _rows_in_bundles(source, suspect)
    rows, similarity = _rows_in_bundles(suspect, source)
    order = np.argsort(rows[:, 2], kind="stable")
    return rows[order][:, [2, 3, 0, 1]], similarity[order]


def _rows_in_bundles(source: TokenText, suspect: TokenText) -> tuple[IntArray, FloatArray]:
    """Return the rows of two texts, in sentences, matched by bundles where there are too many of them."""
    rows, similarity = _rows(sentence_scores(source, suspect))
    for columns, text in ((slice(0, 2), source), (slice(2, 4), suspect)):
        if (size := _bundle_size(text)) > 1:
            rows[:, columns] = np.minimum(rows[:, columns] * size, text.n_sentences)
    return rows, similarity


_Held: TypeAlias = "BoolArray | sparse.csr_array"
_HeldByBoth: TypeAlias = tuple[_Held, _Held]
"""Which kinds of words each sentence of a text holds, and each of the other text."""


def _bundle_size(text: TokenText) -> int:
    """Return how many sentences are matched as one."""
    return max(1, -(-text.n_sentences // MAX_SENTENCES))


def _bundle_lengths(text: TokenText) -> IntArray:
    """Return how many words every bundle of sentences has."""
    size, lengths = _bundle_size(text), text.sentence_lengths
    return lengths if size == 1 else np.add.reduceat(lengths, np.arange(0, len(lengths), size))


def goes_first(source: TokenText, suspect: TokenText) -> bool:
    """Tell whether the source goes before the suspect, whichever is given first.

    Parameters
    ----------
    source, suspect : TokenText
        Two texts.

    Returns
    -------
    bool
        True for the shorter text; of two of one length, for the one whose words come first.
    """
    if len(source.words) != len(suspect.words):
        return len(source.words) < len(suspect.words)
    ours, theirs = ((text.ids.tobytes(), text.sentence_stops.tobytes()) for text in (source, suspect))
    return ours <= theirs


def is_negligible(source: TokenText, suspect: TokenText, rows: IntArray) -> bool:
    """Tell whether so little is aligned that chance explains it.

    That is one short sentence in long texts.

    Parameters
    ----------
    source, suspect : TokenText
        The two texts.
    rows : int array (g, 4)
        Groups as `match_sentences` gives them.

    Returns
    -------
    bool
        True below `FEW_WORDS` aligned words, if they are less than `FEW_SHARE` of the shorter text.
    """
    aligned = count_aligned_words(source, suspect, rows)
    if aligned >= FEW_WORDS:
        return False
    return aligned < FEW_SHARE * min(source.n_own_words, suspect.n_own_words)


class SentenceScores(NamedTuple):
    """Words of the sentences of two texts, and their weights.

    ``source`` and ``suspect`` say which kinds of words each sentence has (sentences by kinds, 1 or 0; sparse for long
    texts), ``weights`` what each kind weighs; lengths are in words.
    """

    source: FloatArray | sparse.csr_array
    suspect: FloatArray | sparse.csr_array
    weights: FloatArray
    source_lengths: IntArray
    suspect_lengths: IntArray

    def shared(self, start: int, stop: int) -> FloatArray:
        """Return the weight that some source sentences share with all suspect ones.

        Parameters
        ----------
        start, stop : int
            Half-open range of source sentences.

        Returns
        -------
        float32 array (stop - start, m)
            One row a source sentence, one column a suspect sentence.
        """
        own = self.source[start:stop]
        weighed = own * self.weights if isinstance(own, np.ndarray) else own.multiply(self.weights[None, :]).tocsr()
        return _dense(weighed @ self.suspect.T)

    def dice(self, start: int, stop: int, shared: FloatArray | None = None) -> FloatArray:
        """Return twice the weight that is shared over the sum of both, in [0, 1].

        Parameters
        ----------
        start, stop : int
            Half-open range of source sentences.
        shared : float32 array (stop - start, m), optional
            Their `shared` weight, if it is known.

        Returns
        -------
        float32 array (stop - start, m)
            One row a source sentence, one column a suspect sentence.
        """
        shared = self.shared(start, stop) if shared is None else shared
        total = (self.source[start:stop] @ self.weights)[:, None] + (self.suspect @ self.weights)[None, :]
        dice = np.asarray(2 * shared / np.maximum(total, 1e-6), np.float32)
        # Sentences of a word or two resemble nothing.
        dice[self.source_lengths[start:stop] < _FEWEST_WORDS, :] = 0
        dice[:, self.suspect_lengths < _FEWEST_WORDS] = 0
        return dice


class _Similarities:
    """How alike the sentences of two texts are: block by block, and one by one.

    The table of all of them is kept where it is small, as is the weight that they share; of two books it is too large.
    """

    def __init__(self, scores: SentenceScores) -> None:
        self.scores = scores
        self.shape = len(scores.source_lengths), len(scores.suspect_lengths)
        n, m = self.shape
        self.shared = scores.shared(0, n) if n * m <= _DENSE else None
        self._table = None if self.shared is None else scores.dice(0, n, self.shared)

    def blocks(self) -> Iterator[tuple[int, FloatArray]]:
        """Yield the first source sentence of each block and the block's table."""
        n, m = self.shape
        if self._table is not None:
            yield 0, self._table
            return
        step = max(_DENSE // m, 1)
        for start in range(0, n, step):
            yield start, self.scores.dice(start, min(start + step, n))

    def at(self, i: int, j: int) -> float:
        """Return how alike two sentences are."""
        if self._table is not None:
            return float(self._table[i, j])
        suspect, lengths = self.scores.suspect[j : j + 1], self.scores.suspect_lengths[j : j + 1]
        return float(self.scores._replace(suspect=suspect, suspect_lengths=lengths).dice(i, i + 1)[0, 0])


def sentence_scores(source: TokenText, suspect: TokenText) -> SentenceScores:
    """Return which kinds of words the sentences of two texts have.

    Parameters
    ----------
    source, suspect : TokenText
        The two texts.

    Returns
    -------
    SentenceScores
        Of both texts, with one list of kinds.
    """
    kinds, inverse = np.unique(np.concatenate([source.lemmas, suspect.lemmas]), return_inverse=True)
    n_words = len(source.words)
    a, b = _presence(inverse[:n_words], source, len(kinds)), _presence(inverse[n_words:], suspect, len(kinds))
    return SentenceScores(a, b, word_weights(kinds), _bundle_lengths(source), _bundle_lengths(suspect))


def _dense(table: FloatArray | sparse.csr_array) -> FloatArray:
    return np.asarray(table if isinstance(table, np.ndarray) else table.toarray(), np.float32)


def word_weights(ids: IntArray) -> FloatArray:
    """Return how much a word says about what its sentence is about, by vocabulary id.

    About 0.2 for function words, then from 0.5 for the commonest words to 6.5 for rare and unknown ones (the Zipf
    scale turned round, an inverse document frequency in all but name).
    """
    return np.asarray(_weight_of_row()[load_lexicon().row(ids)])


@lru_cache(maxsize=1)
def _weight_of_row() -> FloatArray:
    lexicon = load_lexicon()
    return np.asarray(np.where(lexicon.stop, 0.2, np.clip(7.0 - lexicon.zipf, 0.5, 6.5)), np.float32)


def _presence(kinds: NDArray[np.intp], text: TokenText, n_kinds: int) -> FloatArray | sparse.csr_array:
    """Return which kinds of words each sentence has; boilerplate has none."""
    size = _bundle_size(text)
    n = -(-text.n_sentences // size)
    # A text of many kinds of words has more cells than 32 bits can count.
    cells = (text.sentence_of if size == 1 else text.sentence_of // size).astype(np.int64) * n_kinds + kinds
    if text.boilerplate.any():
        cells = cells[~text.in_boilerplate]
    if n * n_kinds <= _DENSE:
        table = np.zeros(n * n_kinds, np.float32)
        table[cells] = 1
        return table.reshape(n, n_kinds)
    from scipy import sparse

    cells = np.unique(cells)
    ones = np.ones(len(cells), np.float32)
    return sparse.csr_array((ones, (cells // n_kinds, cells % n_kinds)), shape=(n, n_kinds))


def _rows(scores: SentenceScores) -> tuple[IntArray, FloatArray]:
    """Return aligned groups of sentences and their similarity."""
    if not len(scores.source_lengths) or not len(scores.suspect_lengths):
        return np.zeros((0, 4), np.int32), np.zeros(0, np.float32)
    dice = _Similarities(scores)
    match = _matches(scores, dice)
    _fill_between(match, dice)
    held = _held(scores.source), _held(scores.suspect)
    groups = _take_in(match, held, scores, dice.shared)
    similarity = [_similarity(held, scores.weights, group, dice.at(group[0], group[2])) for group in groups]
    return np.array(groups, np.int32).reshape(-1, 4), np.array(similarity, np.float32)


def _similarity(held: _HeldByBoth, weights: FloatArray, group: list[int], single: float) -> float:
    """Return the overlap of a group, that of its only sentences where it has one a side."""
    if group[1] - group[0] == 1 == group[3] - group[2]:
        return single
    a, b = _kinds_held(held[0], group[0], group[1]), _kinds_held(held[1], group[2], group[3])
    return float(2 * (weights * (a & b)).sum() / ((weights * a).sum() + (weights * b).sum()))


def _held(table: FloatArray | sparse.csr_array) -> _Held:
    return table > 0 if isinstance(table, np.ndarray) else table


def _kinds_held(held: _Held, start: int, stop: int) -> BoolArray:
    """Return which kinds of words some sentences have."""
    if not isinstance(held, np.ndarray):
        return np.asarray(_dense(held[start:stop]).any(axis=0))
    return held[start] if stop - start == 1 else np.asarray(held[start:stop].any(axis=0))


def _matches(scores: SentenceScores, dice: _Similarities) -> IntArray:
    """Return for each source sentence the suspect sentence that is its best, and whose best it is; else -1."""
    best, back, held = _best(dice)
    match = np.where(back[best] == np.arange(len(best)), best, -1)
    followed = np.zeros(len(best), np.bool_)
    steps = (np.diff(best) == 1) & (held[1:] >= IN_ORDER) & (held[:-1] >= IN_ORDER)
    followed[1:] |= steps
    followed[:-1] |= steps
    match[(held < CERTAIN) & ~(followed & (held >= IN_ORDER))] = -1
    # Where rows are too few to support one another, weak ones are none.
    rows = np.flatnonzero(match >= 0)
    covered = min(scores.source_lengths[rows].sum(), scores.suspect_lengths[match[rows]].sum())
    if covered < SUPPORT * min(scores.source_lengths.sum(), scores.suspect_lengths.sum()):
        match[rows[held[rows] < LONELY]] = -1
    return match.astype(np.int32)


def _best(dice: _Similarities) -> tuple[NDArray[np.intp], NDArray[np.intp], FloatArray]:
    """Return the best suspect sentence of each source sentence, the best of each of those, and how alike the first are.

    Among equals the one nearest to the same relative place wins, so that repeated lines pair in order.
    """
    n, m = dice.shape
    best, held = np.zeros(n, np.intp), np.zeros(n, np.float32)
    back, highest = np.zeros(m, np.intp), np.full(m, -np.inf)
    for start, table in dice.blocks():
        here = np.arange(start, start + len(table))
        ranked = table - 0.02 * np.abs(here[:, None] / n - np.arange(m)[None, :] / m)
        best[here] = ranked.argmax(axis=1)
        held[here] = table[here - start, best[here]]
        first = ranked.argmax(axis=0)
        higher = ranked[first, np.arange(m)] > highest
        back[higher], highest[higher] = here[first[higher]], ranked[first, np.arange(m)][higher]
    return best, back, held


def _fill_between(match: IntArray, dice: _Similarities) -> None:
    """Match lone sentences whose neighbours on both sides are matched in order, in place."""
    n, m = dice.shape
    taken = set(match[match >= 0].tolist())
    for i in np.flatnonzero(match < 0).tolist():
        left = int(match[i - 1]) + 1 if i and match[i - 1] >= 0 else -1
        right = int(match[i + 1]) - 1 if i + 1 < n and match[i + 1] >= 0 else -1
        for j in (left, right):
            if 0 <= j < m and j not in taken and dice.at(i, j) >= IN_ORDER * (0.6 if left == right else 1):
                match[i] = j
                taken.add(j)
                break


def _take_in(match: IntArray, held: _HeldByBoth, scores: SentenceScores, shared: FloatArray | None) -> list[list[int]]:
    """Grow one-to-one matches by the neighbours that they contain: splits and merges."""
    groups = [[i, i + 1, int(match[i]), int(match[i]) + 1] for i in np.flatnonzero(match >= 0).tolist()]
    free_a = match < 0
    free_b = np.ones(held[1].shape[0], np.bool_)
    free_b[match[match >= 0]] = False
    looked = groups if shared is None else compress(groups, _may_grow(match, free_a, free_b, scores, shared))
    for group in looked:
        _grow(group, 0, free_a, held, scores.weights)
        _grow(group, 2, free_b, held[::-1], scores.weights)
    return groups


def _may_grow(
    match: IntArray, free_a: BoolArray, free_b: BoolArray, scores: SentenceScores, shared: FloatArray
) -> BoolArray:
    """Return which matches have a free neighbour that shares enough with them: the others need no closer look."""
    least = 0.999 * CONTAINED  # a little less than is needed: sums in another order differ in their last digits
    own, other = (np.maximum(side @ scores.weights, 1e-6) for side in (scores.source, scores.suspect))
    # A row and a column more on both ends: the first and the last sentence have one neighbour.
    near_a, near_b = np.zeros((len(own) + 2, len(other)), np.bool_), np.zeros((len(own), len(other) + 2), np.bool_)
    np.logical_and(shared >= least * own[:, None], free_a[:, None], out=near_a[1:-1])
    np.logical_and(shared >= least * other, free_b, out=near_b[:, 1:-1])
    i, j = np.flatnonzero(match >= 0), match[match >= 0]
    return np.asarray(near_a[i, j] | near_a[i + 2, j] | near_b[i, j] | near_b[i, j + 2])


def _grow(group: list[int], side: int, free: BoolArray, held: _HeldByBoth, weights: FloatArray) -> None:
    """Take the free neighbours of one side into the group where they hold what the other side has and it lacks.

    Given is what the sentences of this side hold, then those of the other.
    """
    own, other = held
    for at, step in ((side, -1), (side + 1, 1)):
        k = group[at] - 1 if step < 0 else group[at]
        if not (0 <= k < len(free) and free[k]):
            continue
        new = _kinds_held(own, k, k + 1)
        wanted = _kinds_held(other, group[2 - side], group[3 - side]) & ~_kinds_held(own, group[side], group[side + 1])
        if (weights * (new & wanted)).sum() >= CONTAINED * max((weights * new).sum(), 1e-6):
            group[at] += step
            free[k] = False
