"""Hold one text as arrays of words and sentences: `TokenText`.

Offsets are code points of the original text, token indices count words (punctuation is not a token).
"""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property, wraps
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

IntArray = NDArray[np.int32]
FloatArray = NDArray[np.float32]
BoolArray = NDArray[np.bool_]
MAX_CHARS = 1_000_000
"""Longest text that is compared, in code points, as readers of crawls cap it too."""


def text_digest(text: str) -> str:
    """Return the SHA-256 of a text's UTF-8 bytes in hexadecimal.

    Lone surrogates count as ``?``.

    >>> text_digest("Rain fell.")[:8]
    '8a4b1e83'
    """
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


class _Remembers(Protocol):
    @property
    def memo(self) -> dict[str, object]: ...


Kept = TypeVar("Kept")
Remembers = TypeVar("Remembers", bound=_Remembers)


def once(make: Callable[[Remembers], Kept]) -> Callable[[Remembers], Kept]:
    """Return a function of a pair or a text that is run once for each.

    What it returned is kept with it.

    >>> from types import SimpleNamespace
    >>> @once
    ... def looked(thing):
    ...     print("looks")
    ...     return 5
    >>> thing = SimpleNamespace(memo={})
    >>> looked(thing), looked(thing)
    looks
    (5, 5)
    """
    key = f"{make.__module__}.{make.__qualname__}"

    @wraps(make)
    def kept(thing: Remembers) -> Kept:
        memo = thing.memo
        if key not in memo:
            memo[key] = make(thing)
        return memo[key]  # type: ignore[return-value]

    return kept


# Without slots: what depends on a text alone is kept with it.
@dataclass(frozen=True, eq=False)
class TokenText:
    """A text as arrays.

    One entry per word, computed once however many pairs the text is in.

    Attributes
    ----------
    text : str
        The original.
    words : tuple of str
        Folded, lower-cased words (n).
    starts, ends : int32 (n,)
        Code-point offsets of every word in ``text``.
    ids : int32 (n,)
        Vocabulary ids; unknown words are hashed above the vocabulary (see `unspun.text.lexicon`).
    lemmas : int32 (n,)
        Vocabulary ids of the lemmas, hashed alike.
    sentence_stops : int32 (s + 1,)
        Sentence ``k`` holds the words ``sentence_stops[k]:sentence_stops[k + 1]``.
    soft : bool (s,)
        True where a sentence ends only because it grew too long, not at a mark or a line's end.
    boilerplate : bool (s,)
        True for sentences of boilerplate (comment forms, share bars): never aligned, never evidence.
    quotes : int32 (n,)
        0 outside quotation marks, else the number of the quotation that the word is in.
    mark_codes, mark_words : (m,)
        Punctuation: folded code point, and how many words came before it.
    n_folded : int
        Look-alike letters and invisible characters that were folded: evidence in itself.
    whole, places : TokenText and int (n,), or None
        The text that this one is a part of, and where its words stand there.
    """

    text: str
    words: tuple[str, ...]
    starts: IntArray
    ends: IntArray
    ids: IntArray
    lemmas: IntArray
    sentence_stops: IntArray
    soft: BoolArray
    boilerplate: BoolArray
    quotes: IntArray
    mark_codes: NDArray[np.uint32]
    mark_words: IntArray
    n_folded: int
    whole: TokenText | None = None
    places: NDArray[np.int64] | None = None
    # What depends on this text alone and costs something is computed at first use and kept here.
    memo: dict[str, object] = field(default_factory=dict, repr=False)

    def __len__(self) -> int:
        return len(self.words)

    @cached_property
    def n_sentences(self) -> int:
        """The number of sentences."""
        return len(self.sentence_stops) - 1

    @cached_property
    def sentence_lengths(self) -> IntArray:
        """The number of words of every sentence, int (s,)."""
        return np.asarray(self.sentence_stops[1:] - self.sentence_stops[:-1])

    @cached_property
    def sentence_of(self) -> NDArray[np.int64]:
        """The number of the sentence that every word is in, int (n,)."""
        return np.repeat(np.arange(self.n_sentences), self.sentence_lengths)

    @cached_property
    def in_boilerplate(self) -> BoolArray:
        """True for words that stand in sentences of boilerplate, bool (n,)."""
        return np.asarray(self.boilerplate[self.sentence_of])

    @cached_property
    def n_own_words(self) -> int:
        """The number of words, boilerplate aside."""
        if not self.boilerplate.any():
            return len(self.words)
        return int(self.sentence_lengths[~self.boilerplate].sum())

    @cached_property
    def in_lower_case(self) -> bool:
        """True where the original text has letters and none of them is a capital."""
        return self.text.islower()

    @cached_property
    def own_ids(self) -> array[int]:
        """The ids of the words, boilerplate aside."""
        # Texts are compared faster as arrays of Python's own than as lists or as numpy's.
        return array("i", (self.ids[~self.in_boilerplate] if self.boilerplate.any() else self.ids).tobytes())

    def span(self, start: int, stop: int) -> str:
        """Return the original text of the words ``start:stop``, or ''.

        Parameters
        ----------
        start, stop : int
            Indices of words, half-open.

        Returns
        -------
        str
            Empty for an empty range.
        """
        return "" if stop <= start else self.text[self.starts[start] : self.ends[stop - 1]]
