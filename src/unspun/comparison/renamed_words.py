"""Tell names, numbers and placeholders that stand for others.

Where they do so throughout a pair, they are renamed and not reworded.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from unspun.comparison.aligned_pair import RENAMED, SUBSTITUTED
from unspun.comparison.layout.joined_texts import Joined, bounds_of, parts
from unspun.text.lexicon import load_lexicon
from unspun.text.token_text import BoolArray, IntArray, TokenText, once
from unspun.text.word_vectors import load_word_vectors

_NAME, _HALF_A_NAME = 0.6, 0.3
"""Share of uses with a capital from which a word is a name, and from which it may be one beside another name."""
_DATES = (
    "monday tuesday wednesday thursday friday saturday sunday january february march april june july august september "
    "october november december"
)
"""Words with a capital that name nobody."""
_APART = 0.3
"""Cosine above which a word and a name that stands for it twice or more may mean the same."""
_Texts = tuple[Joined, Joined]
_Name = tuple[int, ...]


def runs_of(table: IntArray, chosen: BoolArray) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return where runs of chosen edits that touch in one row begin and end.

    Parameters
    ----------
    table : int32 (e, 6)
        Edits in order; see `Edit` for the columns.
    chosen : bool (e,)
        Which may be in runs.

    Returns
    -------
    int (r,), int (r,)
        First edit of every run, and the one after its last.

    Examples
    --------
    >>> table = np.array([[4, 0, 1, 0, 1, 0], [5, 1, 1, 1, 2, 0], [4, 3, 4, 4, 5, 0]])
    >>> [ends.tolist() for ends in runs_of(table, np.ones(3, np.bool_))]
    [[0, 2], [2, 3]]
    """
    follows = np.zeros(len(table), np.bool_)
    follows[1:] = chosen[1:] & chosen[:-1] & (table[1:, [1, 3, 5]] == table[:-1, [2, 4, 5]]).all(axis=1)
    first = np.flatnonzero(chosen & ~follows)
    last = np.flatnonzero(chosen & ~np.append(follows[1:], False))
    return first, last + 1


def with_renamed(table: IntArray, source: Joined, suspect: Joined, pair_of_row: NDArray[np.intp]) -> IntArray:
    """Return edits with a name and what stands for it as one that is renamed.

    Parameters
    ----------
    table : int32 (e, 6)
        Edits in order; see `Edit` for the columns.
    source, suspect : Joined
        The texts.
    pair_of_row : int (r,)
        The pair of every row.

    Returns
    -------
    int32 (f, 6)
        In order.
    """
    changed = np.flatnonzero(table[:, 0] >= SUBSTITUTED)
    if not len(changed):
        return table
    levels = name_levels(source, *table[changed, 1:3].T), name_levels(suspect, *table[changed, 3:5].T)
    ours, theirs = _lowest(levels[0], table[changed, 1:3]), _lowest(levels[1], table[changed, 3:5])
    free = np.zeros(len(table), np.bool_)
    # Beside a name that is another one, half a name may come or go; any word may stand for a name.
    free[changed] = np.minimum(ours, theirs) >= np.where(np.maximum(ours, theirs) == _EMPTY, _HALF, _WORD)
    free[changed] &= np.maximum(ours, theirs) >= _SURE
    first, stop = runs_of(table, free)
    spans = np.column_stack([table[first, 1], table[stop - 1, 2], table[first, 3], table[stop - 1, 4]])
    ours, theirs = _lowest(levels[0], spans[:, :2]), _lowest(levels[1], spans[:, 2:])
    both = (spans[:, 1] > spans[:, 0]) & (spans[:, 3] > spans[:, 2])
    chosen = np.flatnonzero(both & (np.maximum(ours, theirs) >= _SURE))
    lowest, pairs = (ours[chosen], theirs[chosen]), pair_of_row[table[first[chosen], 5]]
    chosen = chosen[_are_renamed(spans[chosen], lowest, pairs, (source, suspect))]
    if not len(chosen):
        return table
    dropped = np.zeros(len(table), np.bool_)
    for k, end in zip(first[chosen].tolist(), stop[chosen].tolist(), strict=True):
        dropped[k + 1 : end] = True
    table[first[chosen], 0] = RENAMED
    table[first[chosen], 1:5] = spans[chosen]
    return np.asarray(table[~dropped])


def _lowest(levels: NDArray[np.uint8], ranges: IntArray) -> NDArray[np.uint8]:
    """Return the lowest level of the words of every range, (k, 2) half-open; `_EMPTY` without any."""
    padded = np.append(levels, np.uint8(_EMPTY))
    # Of pairs of indices, `reduceat` gives the first of an empty range, not nothing.
    found = np.minimum.reduceat(padded, ranges.ravel().astype(np.intp))[::2] if len(ranges) else padded[:0]
    return np.where(ranges[:, 1] > ranges[:, 0], found, np.uint8(_EMPTY))


_WORD, _HALF, _SURE, _PLACEHOLDER, _EMPTY = 1, 2, 3, 4, 5
"""Levels of words: 0 for function words, then other words, half names, names and numbers, placeholders, none at all."""


@lru_cache(maxsize=1)
def _level_of_row() -> NDArray[np.uint8]:
    lexicon = load_lexicon()
    levels = _WORD + (lexicon.name > _HALF_A_NAME).astype(np.uint8) + (lexicon.name > _NAME)
    levels[lexicon.lookup(_DATES.split())] = _WORD
    levels[lexicon.stop] = 0
    return levels


def name_levels(joined: Joined, starts: IntArray, stops: IntArray) -> NDArray[np.uint8]:
    """Return how sure it is that words are names (see `_WORD`).

    Parameters
    ----------
    joined : Joined
        The texts.
    starts, stops : int (k,)
        The words that are asked for, half-open ranges.

    Returns
    -------
    uint8 (n,)
        An entry a word of the texts; 0 for words that are not asked for, unless they are placeholders.
    """
    lexicon = load_lexicon()
    lengths = stops - starts
    words = np.repeat(starts - np.cumsum(lengths) + lengths, lengths) + np.arange(lengths.sum())
    ids = joined.ids[words]
    levels = np.zeros(len(joined.ids), np.uint8)
    levels[words] = np.where(lexicon.is_number(ids), np.uint8(_SURE), _level_of_row()[lexicon.row(ids)])
    for text, start in zip(joined.texts, joined.bounds.tolist(), strict=False):
        for first, stop in placeholders(text):
            levels[start + first : start + stop] = _PLACEHOLDER
        letters = np.flatnonzero(text.ends - text.starts == 1)
        for k in letters[(levels[start + letters] < _SURE) & (levels[start + letters] > 0)].tolist():
            if text.text[text.ends[k] : text.ends[k] + 1] == ".":
                levels[start + k] = _HALF
    return levels


_HIDDEN = re.compile(
    r"\[[^\[\]\n]{1,30}\]|<[a-z_]{3,20}\d*>|\bx{3,}\b|\b\w\*+"
    r"|\b(?:person|witness|patient|victim|claimant|speaker|participant|respondent|student|user) [a-z0-9]\b",
    re.IGNORECASE,
)
_OPENS_HIDDEN = frozenset(map(ord, "[<*"))
_HIDES = frozenset(
    "xxx xxxx xxxxx person witness patient victim claimant speaker participant respondent student user".split()
)


@once
def placeholders(text: TokenText) -> list[tuple[int, int]]:
    """Return the words that stand for a secret name, as half-open ranges.

    >>> from unspun.text.tokenizer import read_text
    >>> placeholders(read_text("[NAME_1] met Person B and XXXX."))
    [(0, 2), (3, 5), (6, 7)]
    """
    if _OPENS_HIDDEN.isdisjoint(text.mark_codes.tolist()) and _HIDES.isdisjoint(text.words):
        return []
    spans = np.array([found.span() for found in _HIDDEN.finditer(text.text)], np.int64).reshape(-1, 2)
    firsts, stops = np.searchsorted(text.starts, spans[:, 0]), np.searchsorted(text.starts, spans[:, 1])
    return list(zip(firsts.tolist(), stops.tolist(), strict=True))


def _are_renamed(
    spans: IntArray, levels: tuple[NDArray[np.uint8], NDArray[np.uint8]], pairs: NDArray[np.intp], texts: _Texts
) -> BoolArray:
    """Return which names have one name for them, as a rule, in all of their pair; numbers need not."""
    keys = [
        (pair, _ids(texts[0], a, a_stop), _ids(texts[1], b, b_stop))
        for pair, (a, a_stop, b, b_stop) in zip(pairs.tolist(), spans.tolist(), strict=True)
    ]
    names = [name for place in (1, 2) for name in (key[place] for key in keys)]
    numbers, known = _are_numbers(names).reshape(2, -1), _known_as(names)
    hidden = np.maximum(*levels) == _PLACEHOLDER
    found = hidden | (numbers[0] == numbers[1])
    for k in np.flatnonzero(found & ~hidden).tolist():
        found[k] = not _are_related(known[k], known[k + len(keys)])
    # A word that is no name of itself was one where it is renamed again and again.
    weak = found & ~hidden & (np.minimum(*levels) == _WORD)
    counts = Counter(keys)
    for k in np.flatnonzero(weak).tolist():
        found[k] = counts[keys[k]] > 1 and _are_far_apart(texts, spans[k])
    for place, joined in enumerate(texts):
        named = [(key[0], key[1 + place]) for key in keys]
        n_named, n_words = Counter(named), Counter((pair, word) for pair, name in named for word in name)
        for k in np.flatnonzero(found & (levels[place] != _PLACEHOLDER) & ~numbers[place]).tolist():
            pair, name = named[k]
            n_renamed = n_words[pair, name[-1]]
            n_kept = int(np.count_nonzero(joined.texts[pair].ids == name[-1])) - n_renamed
            found[k] &= hidden[k] or 2 * counts[keys[k]] >= n_named[named[k]]
            found[k] &= n_kept <= (0 if weak[k] else n_renamed)
    return np.asarray(found)


def _are_far_apart(texts: _Texts, span: IntArray) -> bool:
    """Return whether no word of a name is near in meaning to one of the other."""
    ours, theirs = texts[0].lemmas[span[0] : span[1]], texts[1].lemmas[span[2] : span[3]]
    near = load_word_vectors().similarity(np.repeat(ours, len(theirs)), np.tile(theirs, len(ours)))
    return not bool((near > _APART).any())


def _ids(joined: Joined, start: int, stop: int) -> _Name:
    return tuple(joined.ids[start:stop].tolist())


def _are_numbers(names: list[_Name]) -> BoolArray:
    """Return which names have no words but numbers."""
    numbers = load_lexicon().is_number(np.array([*chain.from_iterable(names)], np.int32))
    return np.array([own.all() for own in parts(numbers, bounds_of(names))], np.bool_)


def _are_related(ours: IntArray, theirs: IntArray) -> bool:
    """Return whether a thesaurus has two names, or words of them, as one and the same."""
    return bool(load_lexicon().relation(ours[:, np.newaxis], theirs[np.newaxis]).any())


def _known_as(names: list[_Name]) -> list[IntArray]:
    """Return what a thesaurus may know names as: the whole and its words, as they stand and as lemmas."""
    lexicon = load_lexicon()
    n_words = len(lexicon)
    spelled = []
    for name in names:
        known = [lexicon.words[word] for word in name if word < n_words]
        spelled.append([" ".join(known) if len(known) == len(name) else "", *known])
    ids = lexicon.lookup([*chain.from_iterable(spelled)])
    both = np.stack([ids, lexicon.lemmas(ids)], axis=1)
    return [own.ravel() for own in parts(both, bounds_of(spelled))]
