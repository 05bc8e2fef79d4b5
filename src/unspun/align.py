"""Find what belongs together in two texts: sentences first, then the words inside them.

Sentences are matched by the weight of what they share (rare words and names weigh most), whatever their order;
neighbours that split or merge one are taken in. Words are then aligned by edit distance over lemmas, and what was
replaced is paired again by relatedness, since edit distance pairs by place alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple, TypeVar, cast

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein
from scipy import sparse

from unspun.lexicon import MOBY, NEAR, SYNONYM, load_lexicon
from unspun.meaning import load_meaning
from unspun.types import (
    DELETED,
    INFLECTED,
    INSERTED,
    KEPT,
    SUBSTITUTED,
    AlignedPair,
    BoolArray,
    FloatArray,
    IntArray,
    Joined,
    TokenText,
    bounds_of,
    parts,
)

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
_AT_ONCE, _WORDS_AT_ONCE = 32, 100_000
"""Pairs, and words in them, that are looked at together: the arrays of more leave the processor's caches."""
_DENSE = 4_000_000
_BIGGEST_BLOCK = 400
_FEWEST_WORDS = 3
_Pair = TypeVar("_Pair")


def align(source: TokenText, suspect: TokenText) -> AlignedPair:
    """Align two texts.

    Parameters
    ----------
    source, suspect : TokenText
        Texts as `unspun.text.read_text` gives them; sentences of page furniture are left out.

    Returns
    -------
    AlignedPair
        Without rows when nothing belongs together. The same input gives the same rows, and the other order of the two
        texts the same rows and edits seen from the other side.

    Examples
    --------
    >>> from unspun.text import read_text
    >>> pair = align(read_text("The old ferry sank. Nobody was hurt."),
    ...              read_text("Home. The old ferryboat sank."))
    >>> pair.rows.tolist()
    [[0, 1, 1, 2]]
    >>> [(pair.edit(k).kind.name, pair.source.span(*pair.edits[k, 1:3])) for k in range(3)]
    [('KEPT', 'The old'), ('SUBSTITUTED', 'ferry'), ('KEPT', 'sank')]
    """
    return align_all([(source, suspect)])[0]


def align_all(pairs: Iterable[tuple[TokenText, TokenText]]) -> list[AlignedPair]:
    """Align many pairs of texts, each as `align` does: the words of several pairs at a time, which takes less."""
    return [pair for some in portions(list(pairs), iter) for pair in _aligned(some)]


def portions(pairs: Sequence[_Pair], texts_of: Callable[[_Pair], Iterable[TokenText]]) -> Iterator[list[_Pair]]:
    """Yield some pairs after others, in their order: at most `_AT_ONCE`, and of long texts fewer.

    ``texts_of`` gives the texts of a pair.
    """
    portion: list[_Pair] = []
    n_words = 0
    for pair in pairs:
        size = sum(map(len, texts_of(pair)))
        if portion and (len(portion) == _AT_ONCE or n_words + size > _WORDS_AT_ONCE):
            yield portion
            portion, n_words = [], 0
        portion.append(pair)
        n_words += size
    if portion:
        yield portion


def _aligned(pairs: Sequence[tuple[TokenText, TokenText]]) -> Iterator[AlignedPair]:
    """Align a portion of pairs: their sentences one pair after the other, their words together."""
    matched = []
    for source, suspect in pairs:
        rows, similarity = _rows_in_either_order(source, suspect)
        if _negligible(source, suspect, rows):
            rows, similarity = rows[:0], similarity[:0]
        matched.append((rows, similarity))
    edits = _edits(pairs, [rows for rows, _ in matched])
    for (source, suspect), (rows, similarity), table in zip(pairs, matched, edits, strict=True):
        yield AlignedPair(source, suspect, rows, similarity, _passages(rows), table)


def _rows_in_either_order(source: TokenText, suspect: TokenText) -> tuple[IntArray, FloatArray]:
    """Return the rows and their similarity, the same whichever text is given first.

    Where sentences could be matched in two ways their order decides, so the texts go in by size, then by their words.
    """
    if _rank(source) <= _rank(suspect):
        return _rows(sentence_scores(source, suspect))
    rows, similarity = _rows(sentence_scores(suspect, source))
    order = np.argsort(rows[:, 2], kind="stable")
    return rows[order][:, [2, 3, 0, 1]], similarity[order]


def _rank(text: TokenText) -> tuple[int, bytes, bytes]:
    return len(text), text.ids.tobytes(), text.sentence_stops.tobytes()


def n_aligned_words(source: TokenText, suspect: TokenText, rows: IntArray) -> int:
    """Return how many words the rows hold, of the side that has fewer in them."""
    stops = source.sentence_stops[rows[:, :2]], suspect.sentence_stops[rows[:, 2:]]
    return min(int((bounds[:, 1] - bounds[:, 0]).sum()) for bounds in stops)


def row_words(source: TokenText, suspect: TokenText, rows: IntArray) -> IntArray:
    """Return the words of every row, half-open ranges in source and suspect, (r, 4)."""
    return np.column_stack([source.sentence_stops[rows[:, :2]], suspect.sentence_stops[rows[:, 2:]]])


def _negligible(source: TokenText, suspect: TokenText, rows: IntArray) -> bool:
    """Tell whether so little is aligned that chance explains it: one short sentence in long texts."""
    aligned = n_aligned_words(source, suspect, rows)
    if aligned >= FEW_WORDS:
        return False
    return aligned < FEW_SHARE * min(source.n_own_words, suspect.n_own_words)


class SentenceScores(NamedTuple):
    """What the sentences of two texts are about.

    ``source`` and ``suspect`` say which kinds of words each sentence has (sentences by kinds, 1 or 0; sparse for long
    texts), ``weights`` what each kind weighs; lengths are in words.
    """

    source: FloatArray | sparse.csr_array
    suspect: FloatArray | sparse.csr_array
    weights: FloatArray
    source_lengths: IntArray
    suspect_lengths: IntArray

    def dice(self, start: int, stop: int) -> FloatArray:
        """Return twice the shared weight over the sum of both, in [0, 1], of some source and all suspect sentences."""
        own, other = self.source[start:stop], self.suspect
        weighed = own * self.weights if isinstance(own, np.ndarray) else own.multiply(self.weights[None, :]).tocsr()
        total = (own @ self.weights)[:, None] + (other @ self.weights)[None, :]
        dice = np.asarray(2 * _dense(weighed @ other.T) / np.maximum(total, 1e-6), np.float32)
        # Sentences of a word or two resemble nothing.
        dice[self.source_lengths[start:stop] < _FEWEST_WORDS, :] = 0
        dice[:, self.suspect_lengths < _FEWEST_WORDS] = 0
        return dice


class _Similarities:
    """How alike the sentences of two texts are: block by block, and one by one.

    The table of all of them is kept where it is small. Of two books it would not fit into memory.
    """

    def __init__(self, scores: SentenceScores) -> None:
        self.scores = scores
        self.shape = len(scores.source_lengths), len(scores.suspect_lengths)
        self._table = scores.dice(0, self.shape[0]) if self.shape[0] * self.shape[1] <= _DENSE else None

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
        one = self.scores._replace(suspect=self.scores.suspect[j : j + 1])
        return float(one._replace(suspect_lengths=self.scores.suspect_lengths[j : j + 1]).dice(i, i + 1)[0, 0])


def sentence_scores(source: TokenText, suspect: TokenText) -> SentenceScores:
    """Return which kinds of words the sentences of two texts have."""
    kinds, inverse = np.unique(np.concatenate([source.lemmas, suspect.lemmas]), return_inverse=True)
    a = _presence(inverse[: len(source)], source, len(kinds))
    b = _presence(inverse[len(source) :], suspect, len(kinds))
    return SentenceScores(a, b, word_weights(kinds), source.sentence_lengths, suspect.sentence_lengths)


def _dense(table: FloatArray | sparse.csr_array) -> FloatArray:
    return np.asarray(table if isinstance(table, np.ndarray) else table.toarray(), np.float32)


def word_weights(ids: IntArray) -> FloatArray:
    """Return how much a word says about what its sentence is about, by vocabulary id.

    About 0.2 for function words, then from 0.5 for the commonest words to 6.5 for rare and unknown ones (the Zipf
    scale turned round, an inverse document frequency in all but name).
    """
    lexicon = load_lexicon()
    rows = lexicon.row(ids)
    weights = np.clip(7.0 - lexicon.zipf[rows], 0.5, 6.5)
    return np.asarray(np.where(lexicon.stop[rows], 0.2, weights), np.float32)


def _presence(kinds: NDArray[np.intp], text: TokenText, n_kinds: int) -> FloatArray | sparse.csr_array:
    """Return which kinds of words each sentence has; furniture has none."""
    n = text.n_sentences
    cells = text.sentence_of * n_kinds + kinds
    if text.furniture.any():
        cells = cells[~text.in_furniture]
    if n * n_kinds <= _DENSE:
        table = np.zeros(n * n_kinds, np.float32)
        table[cells] = 1
        return table.reshape(n, n_kinds)
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
    groups = _take_in(match, scores)
    similarity = [_similarity(scores, group, dice.at(group[0], group[2])) for group in groups]
    return np.array(groups, np.int32).reshape(-1, 4), np.array(similarity, np.float32)


def _similarity(scores: SentenceScores, group: list[int], single: float) -> float:
    """Return the overlap of a group, that of its only sentences where it has one a side."""
    if group[1] - group[0] == 1 == group[3] - group[2]:
        return single
    a = _kinds_held(scores.source, group[0], group[1])
    b = _kinds_held(scores.suspect, group[2], group[3])
    return float(2 * (scores.weights * (a & b)).sum() / ((scores.weights * a).sum() + (scores.weights * b).sum()))


def _kinds_held(table: FloatArray | sparse.csr_array, start: int, stop: int) -> BoolArray:
    rows = table[start:stop] if isinstance(table, np.ndarray) else _dense(table[start:stop])
    held: BoolArray = (rows[0] if stop - start == 1 else rows.max(axis=0)) > 0
    return held


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


def _take_in(match: IntArray, scores: SentenceScores) -> list[list[int]]:
    """Grow one-to-one matches by the neighbours that they contain: splits and merges."""
    groups = [[i, i + 1, int(match[i]), int(match[i]) + 1] for i in np.flatnonzero(match >= 0).tolist()]
    free_a = match < 0
    free_b = np.ones(len(scores.suspect_lengths), np.bool_)
    free_b[match[match >= 0]] = False
    for group in groups if free_a.any() or free_b.any() else ():
        _grow(group, 0, free_a, scores.source, scores.suspect, scores.weights)
        _grow(group, 2, free_b, scores.suspect, scores.source, scores.weights)
    return groups


def _grow(
    group: list[int],
    side: int,
    free: BoolArray,
    own: FloatArray | sparse.csr_array,
    other: FloatArray | sparse.csr_array,
    weights: FloatArray,
) -> None:
    """Take the free neighbours of one side into the group where they hold what the other side has and it lacks."""
    for at, step in ((side, -1), (side + 1, 1)):
        k = group[at] - 1 if step < 0 else group[at]
        if not (0 <= k < len(free) and free[k]):
            continue
        new = _kinds_held(own, k, k + 1)
        wanted = _kinds_held(other, group[2 - side], group[3 - side]) & ~_kinds_held(own, group[side], group[side + 1])
        if (weights * (new & wanted)).sum() >= CONTAINED * max((weights * new).sum(), 1e-6):
            group[at] += step
            free[k] = False


def _passages(rows: IntArray) -> IntArray:
    """Return for each row the number of its run: rows that follow one another in both texts."""
    if not len(rows):
        return np.zeros(0, np.int32)
    follows = (rows[1:, 0] == rows[:-1, 1]) & (rows[1:, 2] == rows[:-1, 3])
    return np.concatenate([[0], np.cumsum(~follows)]).astype(np.int32)


_KIND_OF_TAG: dict[int | str, int] = {
    "equal": KEPT,
    "insert": INSERTED,
    "delete": DELETED,
}
_OTHER_WAY = [KEPT, INFLECTED, SUBSTITUTED, DELETED, INSERTED]
"""What an edit of every kind, in the order of `EditKind`, is when the texts are exchanged."""


class Block(NamedTuple):
    """A replaced run of words: half-open ranges in both texts, its row, and whether to pair from suspect to source."""

    source_start: int
    source_stop: int
    suspect_start: int
    suspect_stop: int
    row: int
    turned: bool


def _edits(pairs: Sequence[tuple[TokenText, TokenText]], rows: Sequence[IntArray]) -> Iterator[IntArray]:
    """Align the words of every row of all pairs; see `Edit` for the columns of each pair's.

    Both orders of a pair have the same edits (see `word_changes`).
    """
    sources, suspects = Joined.of([source for source, _ in pairs]), Joined.of([suspect for _, suspect in pairs])
    before = np.column_stack([sources.bounds, sources.bounds, suspects.bounds, suspects.bounds])[:-1]
    spans = [row_words(*pair, some) + first for pair, some, first in zip(pairs, rows, before, strict=True)]
    table = _edits_of_rows(sources, suspects, np.concatenate(spans))
    # Every edit is back with its pair: rows were numbered through, and words.
    first_rows = bounds_of(rows)
    cuts = np.searchsorted(table[:, 5], first_rows)
    pair_of = np.repeat(np.arange(len(pairs)), np.diff(cuts))
    table[:, 1:5] -= before[pair_of].astype(np.int32)
    table[:, 5] -= first_rows[pair_of].astype(np.int32)
    yield from parts(table, cuts)


def _edits_of_rows(source: Joined, suspect: Joined, bounds: NDArray[np.int64]) -> IntArray:
    """Align the words of rows, (r, 4) half-open ranges of words."""
    if not len(bounds):
        return np.zeros((0, 6), np.int32)
    a_words, b_words = source.lemmas.tolist(), suspect.lemmas.tolist()
    edits: list[tuple[int, ...]] = []
    blocks: list[Block] = []
    for row, (a, a_stop, b, b_stop) in enumerate(bounds.tolist()):
        found, turned = word_changes(a_words[a:a_stop], b_words[b:b_stop])
        for tag, i, i_stop, j, j_stop in found:
            span = (a + i, a + i_stop, b + j, b + j_stop, row)
            if tag == "replace":
                blocks.append(Block(*span, turned))
            else:
                edits.append((_KIND_OF_TAG[tag], *span))
    edits.extend(_paired(source, suspect, blocks))
    table = np.array(edits, np.int32).reshape(-1, 6)
    table = _split_inflected(_with_same_kept(table, source, suspect), source, suspect)
    return _in_order(table)


WordChange = tuple[str, int, int, int, int]


def word_changes(source: list[int], suspect: list[int]) -> tuple[list[WordChange], bool]:
    """Return the fewest changes that make one list of words of another, the same whichever is given first.

    Words could often be aligned in two ways, and the order of the lists would decide: the shorter goes first, or the
    one whose words come first.

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


def _paired(source: Joined, suspect: Joined, blocks: list[Block]) -> list[tuple[int, ...]]:
    """Pair the words of replaced runs by relatedness; see `_pair_block`."""
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
            out.extend((_OTHER_WAY[kind], j, j_stop, i, i_stop, row) for kind, i, i_stop, j, j_stop, row in found)
        else:
            out.extend(_pair_block(block, related[first : first + count]))
    return out


def relatedness(
    source: Joined | TokenText, suspect: Joined | TokenText, i: NDArray[np.int64], j: NDArray[np.int64]
) -> FloatArray:
    """Return how likely word ``i`` of the source was turned into word ``j`` of the suspect, arrays of (k,) in [0, 1].

    A thesaurus relation counts most, then nearness of meaning, then a shared part of speech.
    """
    lexicon, meaning = load_lexicon(), load_meaning()
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
