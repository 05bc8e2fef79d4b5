"""Compute several pairs or texts at once.

At an article's length a call of numpy costs more than its work.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence, Sized
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from unspun.comparison.layout.segments import Places, Segments
from unspun.text.lexicon import load_lexicon
from unspun.text.ngram_model import load_ngram_model
from unspun.text.token_text import BoolArray, FloatArray, IntArray, TokenText
from unspun.text.word_classes import WordClasses, classify_words

_AT_ONCE, _WORDS_AT_ONCE = 256, 200_000
"""Pairs, and words in them, that are looked at together: the arrays of more leave the processor's caches."""
_Pair = TypeVar("_Pair")


def portions(pairs: Sequence[_Pair], texts_of: Callable[[_Pair], Iterable[TokenText]]) -> Iterator[list[_Pair]]:
    """Yield some pairs after others, in their order.

    A portion has at most `_AT_ONCE` pairs, and of long texts fewer.

    Parameters
    ----------
    pairs : sequence
        Pairs of any kind.
    texts_of : callable
        From a pair to its texts.

    Returns
    -------
    iterator of list
        Some of the pairs each.
    """
    portion: list[_Pair] = []
    n_words = 0
    for pair in pairs:
        size = sum(len(text.words) for text in texts_of(pair))
        if portion and (len(portion) == _AT_ONCE or n_words + size > _WORDS_AT_ONCE):
            yield portion
            portion, n_words = [], 0
        portion.append(pair)
        n_words += size
    if portion:
        yield portion


_Value = TypeVar("_Value", bound=np.generic)


# Without slots: what several features need of the texts is kept with them.
@dataclass(frozen=True, eq=False)
class Joined:
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
        return cls(texts, np.concatenate(ids), np.concatenate(lemmas), bounds_of(ids))

    def followed_by(self, others: Joined) -> Joined:
        """Return these texts and others as one.

        What is known of their words is not looked up again.
        """
        ids, lemmas = np.concatenate([self.ids, others.ids]), np.concatenate([self.lemmas, others.lemmas])
        bounds = np.concatenate([self.bounds, others.bounds[1:] + self.bounds[-1]])
        both = Joined([*self.texts, *others.texts], ids, lemmas, bounds)
        classes = (np.concatenate(two) for two in zip(self.classes, others.classes, strict=True))
        vars(both)["classes"] = WordClasses(*classes)
        vars(both)["logprobs"] = np.concatenate([self.logprobs, others.logprobs])
        return both

    def with_words(self, places: Places, ids: IntArray) -> Joined:
        """Return the same texts with other words at some places.

        Parameters
        ----------
        places : int (k,)
            Places of words.
        ids : int32 (k,)
            Words to stand there.

        Returns
        -------
        Joined
            All but the words stays.
        """
        lexicon = load_lexicon()
        new_ids, lemmas = self.ids.copy(), self.lemmas.copy()
        new_ids[places], lemmas[places] = ids, lexicon.lemmas(ids)
        changed = Joined(self.texts, new_ids, lemmas, self.bounds)
        classes: list[Any] = [some.copy() for some in self.classes]
        for some, new in zip(classes, classify_words(ids), strict=True):
            some[places] = new
        vars(changed)["classes"] = WordClasses(*classes)
        vars(changed).update({name: getattr(self, name) for name in _OF_THE_TEXTS})
        return changed

    def places(self, words: Iterable[IntArray]) -> NDArray[np.int64]:
        """Return the words' places in the joined texts, int (k,).

        Given are their places in every text by itself.
        """
        own = list(words)
        return np.asarray(np.concatenate(own) + np.repeat(self.bounds[:-1], [len(some) for some in own]), np.int64)

    @cached_property
    def quoted(self) -> tuple[NDArray[np.intp], NDArray[np.int64]]:
        """Places of the words in quotations, and the quotation of each, from 0.

        Quotations are counted through all texts.
        """
        quotes = np.concatenate([text.quotes for text in self.texts])
        places = np.flatnonzero(quotes)
        before = np.cumsum([0, *self.words.largest(quotes)])
        return places, quotes[places] - 1 + before[np.searchsorted(self.bounds, places, "right") - 1]

    @cached_property
    def marks(self) -> tuple[NDArray[np.uint32], NDArray[np.int64], Segments]:
        """Code points of all marks, the word before each, and the text of each.

        The place of the word is -1 where none stands before a mark.
        """
        of_text = Segments.of([text.mark_codes for text in self.texts])
        n_before = np.concatenate([text.mark_words for text in self.texts])
        before = np.where(n_before > 0, n_before + self.bounds[:-1][of_text.owner] - 1, -1)
        return np.concatenate([text.mark_codes for text in self.texts]), before, of_text

    @cached_property
    def words(self) -> Segments:
        """The text that every word is of."""
        return Segments(self.bounds)

    @cached_property
    def classes(self) -> WordClasses:
        """Classes of the words."""
        return classify_words(self.ids)

    @cached_property
    def logprobs(self) -> FloatArray:
        """Log-probabilities of the words under the n-gram model, in nats."""
        return logprobs(self.texts)

    @cached_property
    def sentences(self) -> Segments:
        """The text that every sentence is of."""
        return Segments.of([text.soft for text in self.texts])

    @cached_property
    def boilerplate(self) -> BoolArray:
        """True for sentences of boilerplate."""
        return np.concatenate([text.boilerplate for text in self.texts])

    @cached_property
    def sentence_of(self) -> NDArray[np.int64]:
        """Number of the sentence that every word is in, int (n,).

        Sentences are counted through all texts.
        """
        # Between the last stop of a text and the first of the next there is no sentence.
        lengths = np.diff(np.concatenate([text.sentence_stops for text in self.texts]))
        lengths = np.delete(lengths, np.cumsum([len(text.sentence_stops) for text in self.texts])[:-1] - 1)
        return np.repeat(np.arange(len(lengths)), lengths)

    @cached_property
    def in_boilerplate(self) -> BoolArray:
        """True for words that stand in sentences of boilerplate, bool (n,)."""
        return self.boilerplate[self.sentence_of]


_OF_THE_TEXTS = ("words", "sentences", "sentence_of", "boilerplate", "in_boilerplate", "marks", "logprobs")
"""What is known of texts whatever words are put into them."""


def bounds_of(arrays: Iterable[Sized]) -> NDArray[np.int64]:
    """Return where every array begins when all are put one after another.

    The end of the last comes with them.

    >>> bounds_of([np.zeros(2), np.zeros(3)]).tolist()
    [0, 2, 5]
    """
    return np.cumsum([0, *map(len, arrays)])


def bounds_of_lengths(lengths: NDArray[np.signedinteger]) -> NDArray[np.int64]:
    """Return the same as `bounds_of` of arrays of which the lengths are given.

    >>> bounds_of_lengths(np.array([2, 3])).tolist()
    [0, 2, 5]
    """
    bounds = np.zeros(len(lengths) + 1, np.int64)
    lengths.cumsum(out=bounds[1:])
    return bounds


def parts(joined: NDArray[_Value], bounds: NDArray[np.int64]) -> list[NDArray[_Value]]:
    """Return the parts of an array between bounds.

    Parameters
    ----------
    joined : array (n,)
        The arrays of several texts or pairs, one after another.
    bounds : int64 (k + 1,)
        Where each part begins, and the end of the last.

    Returns
    -------
    list of array
        Views of the k parts.

    Examples
    --------
    >>> [part.tolist() for part in parts(np.arange(5), np.array([0, 2, 5]))]
    [[0, 1], [2, 3, 4]]
    """
    return [joined[start:stop] for start, stop in pairwise(bounds.tolist())]


_LOGPROBS = "log-probabilities"


def logprobs(texts: Sequence[TokenText]) -> FloatArray:
    """Return the log-probability of every word of texts, in nats.

    It is that of the n-gram model. Each text is looked up once, however often it comes; a part of a text is looked up
    in the whole.
    """
    wholes = {id(whole): whole for text in texts if _LOGPROBS not in (whole := _whole(text)).memo}
    if wholes:
        joined = Joined.of(list(wholes.values()))
        starts = joined.places(text.sentence_stops[:-1] for text in joined.texts)
        found = load_ngram_model().text_logprob(joined.ids, np.append(starts, joined.bounds[-1]))
        for text, own in zip(joined.texts, parts(found, joined.bounds), strict=True):
            # Copied: a view would keep the numbers of its neighbours in memory.
            text.memo[_LOGPROBS] = own.copy()
    return np.concatenate([_own_logprobs(text) for text in texts])


def _own_logprobs(text: TokenText) -> FloatArray:
    known = _whole(text).memo[_LOGPROBS]
    return known if text.whole is None else known[text.places]  # type: ignore[index, return-value]


def _whole(text: TokenText) -> TokenText:
    return text if text.whole is None else text.whole
