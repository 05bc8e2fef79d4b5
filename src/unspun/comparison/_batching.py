"""Compute several pairs or texts at once.

At an article's length a call of numpy costs more than its work.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence, Sized
from functools import cached_property, update_wrapper
from itertools import pairwise
from typing import Any, Generic, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from unspun.comparison.aligned_pair import AlignedPair
from unspun.text.token_text import IntArray, Kept, Remembers, TokenText

_AT_ONCE, _WORDS_AT_ONCE = 32, 100_000
"""Pairs, and words in them, that are looked at together: the arrays of more leave the processor's caches."""
_Pair = TypeVar("_Pair")


def portions(pairs: Sequence[_Pair], texts_of: Callable[[_Pair], Iterable[TokenText]]) -> Iterator[list[_Pair]]:
    """Yield some pairs after others, in their order.

    A portion has at most `_AT_ONCE` pairs, and of long texts fewer. ``texts_of`` gives the texts of a pair.
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
_Batch = TypeVar("_Batch")


class Joined(NamedTuple):
    """Texts one after another, as one.

    So what is done with their words is done with all at once. ``ids`` and ``lemmas`` are those of `TokenText`;
    ``bounds`` (t + 1,) says where each text begins. A text may be there several times.
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

    def places(self, words: Iterable[IntArray]) -> NDArray[np.int64]:
        """Return the words' places in the joined texts, int (k,).

        Given are their places in every text by itself.
        """
        own = list(words)
        return np.asarray(np.concatenate(own) + np.repeat(self.bounds[:-1], [len(some) for some in own]), np.int64)

    def split(self, joined: NDArray[_Value], copied: bool = False) -> list[NDArray[_Value]]:
        """Return the parts of an array of words that belong to every text (see `parts`).

        Parameters
        ----------
        joined : array (n,)
            An entry a word of the joined texts.
        copied : bool
            Whether the parts outlive the others.

        Returns
        -------
        list of array
            One a text.
        """
        return parts(joined, self.bounds, copied)

    def sentence_of(self) -> NDArray[np.int64]:
        """Return the number of the sentence that every word is in, int (n,).

        Sentences are counted through all texts.
        """
        before = bounds_of([text.soft for text in self.texts]).tolist()
        return np.concatenate([text.sentence_of + n for text, n in zip(self.texts, before, strict=False)])


def bounds_of(arrays: Iterable[Sized]) -> NDArray[np.int64]:
    """Return where every array begins when all are put one after another.

    The end of the last comes with them.

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


class LookUp(Generic[Remembers, Kept]):
    """Make a function of many pairs or texts one of a single.

    It is run once for each, as `once` does. Arrays as short as an article's take longer to ask for than to look up:
    `fill` does it for many at a time.

    >>> from types import SimpleNamespace
    >>> def double(things):
    ...     print("looks at", len(things))
    ...     return [2 * thing.size for thing in things]
    >>> doubled = LookUp(double, list)
    >>> things = [SimpleNamespace(memo={}, size=size) for size in (1, 2, 3)]
    >>> doubled.fill(things[:2])
    looks at 2
    >>> [doubled(thing) for thing in things]
    looks at 1
    [2, 4, 6]
    """

    def __init__(
        self, make: Callable[[_Batch], Iterable[Kept]], batch_of: Callable[[Sequence[Remembers]], _Batch]
    ) -> None:
        self._make: Callable[[Any], Iterable[Kept]] = make
        self._batch_of: Callable[[Sequence[Remembers]], Any] = batch_of
        self._key = f"{make.__module__}.{make.__qualname__}"
        update_wrapper(self, make)

    def __call__(self, thing: Remembers) -> Kept:
        """Return what is kept for a pair or a text, made now if it was not yet."""
        memo = thing.memo
        if self._key not in memo:
            (memo[self._key],) = self._make(self._batch_of([thing]))
        return memo[self._key]  # type: ignore[return-value]

    def fill(self, things: Sequence[Remembers], batch: object = None) -> None:
        """Make what is kept for many, leaving out those that have it.

        Parameters
        ----------
        things : sequence
            Pairs or texts, each once.
        batch : PairBatch or Joined, optional
            The same as a batch, if there is one: it is used where all are new.
        """
        new = [thing for thing in things if self._key not in thing.memo]
        if not new:
            return
        if batch is None or len(new) < len(things):
            batch = self._batch_of(new)
        for thing, kept in zip(new, self._make(batch), strict=True):
            thing.memo[self._key] = kept


_PER_TEXT: list[LookUp[TokenText, Any]] = []
_PER_PAIR: list[LookUp[AlignedPair, Any]] = []
# In the order of their declaration: those that others need come first.


class PairBatch:
    """Aligned pairs that are computed at once.

    What is looked up for whole batches is declared by `per_text` and `per_pair`, and made for many pairs by `prepare`.
    Whether a pair is alone or in company, the numbers are the same.
    """

    def __init__(self, pairs: Sequence[AlignedPair]) -> None:
        self.pairs = pairs

    @cached_property
    def sources(self) -> Joined:
        """The sources, one after another."""
        return Joined.of([pair.source for pair in self.pairs])

    @cached_property
    def suspects(self) -> Joined:
        """The suspects, one after another."""
        return Joined.of([pair.suspect for pair in self.pairs])

    @staticmethod
    def per_pair(make: Callable[[PairBatch], Iterable[Kept]]) -> LookUp[AlignedPair, Kept]:
        """Declare a function of a batch as one of a single pair.

        The function returns something for every pair.
        """
        made: LookUp[AlignedPair, Kept] = LookUp(make, PairBatch)
        _PER_PAIR.append(made)
        return made

    @staticmethod
    def per_text(make: Callable[[Joined], Iterable[Kept]]) -> LookUp[TokenText, Kept]:
        """Declare a function of joined texts as one of a single text.

        The function returns something for every text.
        """
        made: LookUp[TokenText, Kept] = LookUp(make, Joined.of)
        _PER_TEXT.append(made)
        return made

    @staticmethod
    def prepare(pairs: Sequence[AlignedPair], measured: Sequence[AlignedPair]) -> None:
        """Make all that was declared for many pairs, several at a time.

        It takes half as long.

        Parameters
        ----------
        pairs : sequence of AlignedPair
            Pairs with words.
        measured : sequence of AlignedPair
            Those of them of which more than the whole texts counts.
        """
        for some in portions(pairs, _texts):
            texts = list({id(text): text for pair in some for text in _texts(pair)}.values())
            for of_text in _PER_TEXT:
                of_text.fill(texts)
        for some in portions(measured, _texts):
            alone = list({id(pair): pair for pair in some}.values())
            batch = PairBatch(alone)
            for of_pair in _PER_PAIR:
                of_pair.fill(alone, batch)


def _texts(pair: AlignedPair) -> tuple[TokenText, TokenText]:
    return pair.source, pair.suspect
