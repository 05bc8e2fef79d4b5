"""Tell changes that are no choice of words: misread words, and renamed ones.

A word is misread where a scan, a keyboard, a decoder or the spelling of another country made it: one or two letters
from the other, and no word or a far rarer one; or one word in two pieces. It is renamed where a name, a placeholder or
a number stands for a name or a number, throughout the texts.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA
from rapidfuzz.process import cpdist

from unspun.comparison.aligned_pair import DELETED, INSERTED, MISREAD, SUBSTITUTED
from unspun.comparison.layout.joined_texts import Joined
from unspun.comparison.renamed_words import runs_of, with_renamed
from unspun.comparison.substitution_pairing import Block, pair_blocks
from unspun.text.lexicon import load_lexicon
from unspun.text.repair.spelling import spelled_alike
from unspun.text.token_text import BoolArray, IntArray

_MOST_LETTERS = 3
"""Letters by which two words differ at most that may be one."""
_FAR_RARER = 1.5
"""Zipf frequencies between a word and what it is taken for when misread: thirty times rarer."""
_HARDLY_A_WORD = 3.0
"""Zipf frequency from which on a word was hardly written by mistake."""
_LONGEST_RUN = 64
"""Cells of the longest run of changes in which pieces of words are looked for."""
_FEWEST_MISREAD, _MOSTLY = 3, 0.4
"""Misread words, and their share of the changes of one word, from which a pair is full of them."""
_MOST_PARTS = 4
"""Words that are glued to one at most."""


Words = tuple[list[str], list[str]]
"""The words of the source's texts, one after another, and of the suspect's."""


def words_of(source: Joined, suspect: Joined) -> Words:
    """Return the words of joined texts.

    Parameters
    ----------
    source, suspect : Joined
        The texts.

    Returns
    -------
    Words
        Of each, one text after another.
    """
    return _words(source), _words(suspect)


def _words(joined: Joined) -> list[str]:
    return list(chain.from_iterable(text.words for text in joined.texts))


def tell_causes(
    table: IntArray, source: Joined, suspect: Joined, words: Words, pair_of_row: NDArray[np.intp]
) -> IntArray:
    """Return edits with what is misread or renamed told from substitutions.

    Parameters
    ----------
    table : int32 (e, 6)
        Edits of the rows of all pairs, in order.
    source, suspect : Joined
        The texts.
    words : Words
        Their words.
    pair_of_row : int (r,)
        The pair of every row.

    Returns
    -------
    int32 (f, 6)
        In order; what came and went beside a name may be one edit with it.
    """
    single = np.flatnonzero((table[:, 0] == SUBSTITUTED) & _is_single(table))
    if len(single):
        pairs = pair_of_row[table[single, 5]]
        table[single[_are_misread(table[single], source, suspect, words, pairs)], 0] = MISREAD
    return with_renamed(table, source, suspect, pair_of_row)


def _is_single(table: IntArray) -> BoolArray:
    return np.asarray((table[:, 2] - table[:, 1] == 1) & (table[:, 4] - table[:, 3] == 1))


def _are_misread(edits: IntArray, source: Joined, suspect: Joined, words: Words, pairs: NDArray[np.intp]) -> BoolArray:
    """Return which substitutions of one word for one, of the ``pairs`` (k,), only misread it or spell it otherwise."""
    i, j = edits[:, 1], edits[:, 3]
    ours, theirs = [words[0][k] for k in i.tolist()], [words[1][k] for k in j.tolist()]
    far = np.asarray(cpdist(ours, theirs, scorer=OSA.distance, score_cutoff=_MOST_LETTERS, dtype=np.uint8))
    size = np.maximum(*(np.fromiter(map(len, some), np.int64, len(some)) for some in (ours, theirs)))
    near = np.flatnonzero((far <= np.minimum(np.where(size < 9, 1 + size // 4, 3), size - 1)) & (size > 0))
    doubt = _doubts(source, suspect, i[near], j[near])
    single = far[near] <= np.where(size[near] < 9, 1, 2)
    for k in np.flatnonzero(~single & ((doubt == _RARE) | (doubt == _UNRELATED))).tolist():
        single[k] = OSA.distance(_as_scanned(ours[near[k]]), _as_scanned(theirs[near[k]]), score_cutoff=1) <= 1
    found = np.zeros(len(edits), np.bool_)
    found[near] = (doubt == _NO_WORD) | ((doubt == _RARE) & single)
    for k in near[(doubt > _NO_WORD) & (doubt < _NUMBERS) & ~found[near]].tolist():
        found[k] = spelled_alike(ours[k], theirs[k])
    # Where most changes are misreadings, so is what happens to be a word: `form` for `from`.
    n_found, n_all = np.bincount(pairs[found], minlength=pairs.max() + 1), np.bincount(pairs)
    noisy = (n_found >= _FEWEST_MISREAD) & (n_found >= _MOSTLY * n_all)
    found[near] |= noisy[pairs[near]] & (doubt <= _UNRELATED) & single
    return found


_CONFUSED = "rn m,ni m,in m,nn m,li h,ll il,cl d,vv w,iv w,ii u,ri n,lc k,1 l,i l,0 o,5 s,8 b"
_SCANNED = [pair.split() for pair in _CONFUSED.split(",")]
"""Letters that a scanner takes for others, one after another: both words are led to one form."""


@lru_cache(maxsize=2**12)
def _as_scanned(word: str) -> str:
    for seen, read in _SCANNED:
        word = word.replace(seen, read)
    return word


_NO_WORD, _RARE, _UNRELATED, _RELATED, _NUMBERS = range(5)
"""How sure a change of some letters was meant: to no word, a far rarer one, any, a related one, another number."""


def _doubts(source: Joined, suspect: Joined, i: IntArray, j: IntArray) -> NDArray[np.int64]:
    """Return how likely it is that one word was chosen for the other (see `_NO_WORD`)."""
    lexicon = load_lexicon()
    ids_a, ids_b = source.ids[i], suspect.ids[j]
    rows_a, rows_b = lexicon.row(ids_a), lexicon.row(ids_b)
    zipf_a, zipf_b = lexicon.zipf[rows_a], lexicon.zipf[rows_b]
    rarer = np.minimum(zipf_a, zipf_b)
    related = lexicon.relation(source.lemmas[i], suspect.lemmas[j]) | lexicon.relation(ids_a, ids_b)
    numbers = lexicon.is_number(ids_a) & lexicon.is_number(ids_b)
    rare = (rarer < _HARDLY_A_WORD) & (np.abs(zipf_a - zipf_b) > _FAR_RARER)
    # Of two function words, either may stand there.
    stops = lexicon.stop[rows_a] & lexicon.stop[rows_b]
    cases = [numbers, related > 0, rarer == 0, stops, rare]
    return np.asarray(np.select(cases, [_NUMBERS, _RELATED, _NO_WORD, _RELATED, _RARE], _UNRELATED))


class _Piece(NamedTuple):
    """One word that stands in pieces in the other text: how many letters are wrong, and ranges of words."""

    wrong: int
    place: int
    source_start: int
    source_stop: int
    suspect_start: int
    suspect_stop: int


def with_pieces_joined(table: IntArray, source: Joined, suspect: Joined, words: Words) -> IntArray:
    """Return edits with words that one text glued or split as misread ones.

    What is left of a run of changes is paired anew.

    Parameters
    ----------
    table : int32 (e, 6)
        Edits in order; see `Edit` for the columns.
    source, suspect : Joined
        The texts.
    words : Words
        Their words.

    Returns
    -------
    int32 (f, 6)
        In order.
    """
    first, stop = runs_of(table, table[:, 0] >= SUBSTITUTED)
    n = table[stop - 1, 2] - table[first, 1]
    m = table[stop - 1, 4] - table[first, 3]
    looked = (n != m) & (n > 0) & (m > 0) & (n * m <= _LONGEST_RUN)
    dropped = np.zeros(len(table), np.bool_)
    new: list[tuple[int, ...]] = []
    left: list[Block] = []
    for k, end in zip(first[looked].tolist(), stop[looked].tolist(), strict=True):
        run = (int(table[k, 1]), int(table[end - 1, 2]), int(table[k, 3]), int(table[end - 1, 4]))
        pieces = _pieces(words, *run)
        if not pieces:
            continue
        dropped[k:end] = True
        row = int(table[k, 5])
        new.extend((MISREAD, *piece[2:], row) for piece in pieces)
        for a, a_stop, b, b_stop in _between(pieces, *run):
            if a_stop > a and b_stop > b:
                ours, theirs = source.lemmas[a:a_stop].tolist(), suspect.lemmas[b:b_stop].tolist()
                turned = (len(theirs), theirs) < (len(ours), ours)
                left.append(Block(a, a_stop, b, b_stop, row, turned))
            else:
                new.append((DELETED if a_stop > a else INSERTED, a, a_stop, b, b_stop, row))
    if not new:
        return table
    new.extend(pair_blocks(source, suspect, left) if left else ())
    table = np.concatenate([table[~dropped], np.array(new, np.int32)])
    return np.asarray(table[np.lexsort((table[:, 3], table[:, 1], table[:, 5]))])


def _pieces(words: Words, a: int, a_stop: int, b: int, b_stop: int) -> list[_Piece]:
    """Return the words of a run of changes that are two words in the other text, in order."""
    ours, theirs = words[0][a:a_stop], words[1][b:b_stop]
    found = [_Piece(wrong, i + j, a + i, a + i + 1, b + j, b + j + n) for wrong, i, j, n in _glued(ours, theirs)]
    found += [_Piece(wrong, i + j, a + i, a + i + n, b + j, b + j + 1) for wrong, j, i, n in _glued(theirs, ours)]
    chosen: list[_Piece] = []
    for piece in sorted(found):
        if all(_in_order(piece, other) or _in_order(other, piece) for other in chosen):
            chosen.append(piece)
    return sorted(chosen, key=lambda piece: piece.source_start)


def _in_order(one: _Piece, other: _Piece) -> bool:
    return one.source_stop <= other.source_start and one.suspect_stop <= other.suspect_start


def _glued(whole: list[str], parts: list[str]) -> Iterator[tuple[int, int, int, int]]:
    """Yield wrong letters and places, of a word and of the first of several words that make it, and their number."""
    for at, word in enumerate(whole):
        for place in range(len(parts) - 1):
            if word[0] != parts[place][0] and word[1:3] not in parts[place]:
                continue
            size = len(parts[place])
            for n in range(2, min(_MOST_PARTS, len(parts) - place) + 1):
                size += len(parts[place + n - 1])
                if size > len(word) + 1:
                    break
                if size >= len(word) - 1 and size > 2 and word not in parts[place : place + n]:
                    wrong = _wrong_letters(word, parts[place : place + n])
                    if wrong is not None:
                        yield wrong, at, place, n


def _wrong_letters(word: str, parts: list[str]) -> int | None:
    """Return how many letters of a word differ from its parts; None where they are no misreading of it."""
    both = "".join(parts)
    if word == both:
        return 0
    most = 0 if len(both) < 4 else 1 if len(both) < 8 else 2
    wrong = OSA.distance(word, both, score_cutoff=most)
    if wrong > most:
        return None
    # `do not` for `don't` is a choice.
    lexicon = load_lexicon()
    return wrong if min(lexicon.zipf[lexicon.row(lexicon.lookup([word, *parts]))]) == 0 else None


def _between(pieces: list[_Piece], a: int, a_stop: int, b: int, b_stop: int) -> Iterator[tuple[int, int, int, int]]:
    """Yield the ranges of a run before, between and after pieces that hold words."""
    for piece in [*pieces, _Piece(0, 0, a_stop, a_stop, b_stop, b_stop)]:
        if piece.source_start > a or piece.suspect_start > b:
            yield a, piece.source_start, b, piece.suspect_start
        a, b = piece.source_stop, piece.suspect_stop
