"""Compute several pairs or texts at once: at an article's length a call of numpy costs more than its work."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence, Sized
from functools import update_wrapper
from itertools import pairwise
from typing import Generic, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from unspun.text.token_text import IntArray, Kept, Remembers, TokenText

_AT_ONCE, _WORDS_AT_ONCE = 32, 100_000
"""Pairs, and words in them, that are looked at together: the arrays of more leave the processor's caches."""
_Pair = TypeVar("_Pair")


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


_Value = TypeVar("_Value", bound=np.generic)


class together(Generic[Remembers, Kept]):
    """Make a function of several pairs or texts one of a single, run once for each, as `once` does.

    ``of_all`` runs it for many at a time: arrays as short as an article's take longer to ask for than to look up.

    >>> from types import SimpleNamespace
    >>> @together
    ... def doubled(things):
    ...     print("looks at", len(things))
    ...     return [2 * thing.size for thing in things]
    >>> things = [SimpleNamespace(memo={}, size=size) for size in (1, 2, 3)]
    >>> doubled.of_all(things[:2])
    looks at 2
    >>> [doubled(thing) for thing in things]
    looks at 1
    [2, 4, 6]
    """

    def __init__(self, make: Callable[[Sequence[Remembers]], Iterable[Kept]]) -> None:
        self._make = make
        self._key = f"{make.__module__}.{make.__qualname__}"
        update_wrapper(self, make)

    def __call__(self, thing: Remembers) -> Kept:
        """Return what is kept for a pair or a text, made now if it was not yet."""
        memo = thing.memo
        if self._key not in memo:
            (memo[self._key],) = self._make([thing])
        return memo[self._key]  # type: ignore[return-value]

    def of_all(self, things: Iterable[Remembers]) -> None:
        """Make what is kept for many, leaving out those that have it."""
        new = list({id(thing): thing for thing in things if self._key not in thing.memo}.values())
        if new:
            for thing, made in zip(new, self._make(new), strict=True):
                thing.memo[self._key] = made


class Joined(NamedTuple):
    """Texts one after another, as one: what is done with their words is done with all at once.

    ``ids`` and ``lemmas`` are those of `TokenText`; ``bounds`` (t + 1,) says where each text begins. A text may be
    there several times.
    """

    texts: Sequence[TokenText]
    ids: IntArray
    lemmas: IntArray
    bounds: NDArray[np.int64]

    @classmethod
    def of(cls, texts: Sequence[TokenText]) -> Joined:
        """Join one text or more."""
        ids, lemmas = [text.ids for text in texts], [text.lemmas for text in texts]
        return cls(texts, np.concatenate(ids), np.concatenate(lemmas), bounds_of(texts))

    def sentence_of(self) -> NDArray[np.int64]:
        """Return the number of the sentence that every word is in, counted through all texts, int (n,)."""
        before = bounds_of([text.soft for text in self.texts]).tolist()
        return np.concatenate([text.sentence_of + n for text, n in zip(self.texts, before, strict=False)])


def bounds_of(arrays: Iterable[Sized]) -> NDArray[np.int64]:
    """Return where every array begins when all are put one after another, with the end of the last.

    >>> bounds_of([np.zeros(2), np.zeros(3)]).tolist()
    [0, 2, 5]
    """
    return np.cumsum([0, *map(len, arrays)])


def parts(joined: NDArray[_Value], bounds: NDArray[np.int64], copied: bool = False) -> list[NDArray[_Value]]:
    """Return the parts of an array between bounds.

    Views, unless ``copied``: what stays with a text would keep its neighbours' numbers in memory.

    >>> [part.tolist() for part in parts(np.arange(5), np.array([0, 2, 5]))]
    [[0, 1], [2, 3, 4]]
    """
    found = [joined[start:stop] for start, stop in pairwise(bounds.tolist())]
    return [part.copy() for part in found] if copied else found
