"""Look up how well words fit their neighbours, in a trigram model.

Whole arrays of words are looked up at once.

The tables are perfect hashes: one look at a displacement and one at the slot it leads to answer every question, hit or
miss. ``models/NOTICE.md`` says what the counts were made from.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from unspun.errors import ModelError
from unspun.text.lexicon import HASHES, load_lexicon
from unspun.text.resources import REBUILD, model_dir
from unspun.text.storage.array_archive import ArchiveError, Column, check_layout, map_archive, refusing
from unspun.text.token_text import BoolArray, FloatArray, IntArray

START = -1
"""Id of the place before the first word of a sentence."""

Keys = NDArray[np.uint64]
_Value = TypeVar("_Value", bound=np.generic)
_BITS = np.uint64(20)
_WORD = np.uint64(32)
_MULTIPLIERS = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xD6E8FEB86659FD93)


def mix(keys: Keys) -> Keys:
    """Return well mixed hashes of n-gram keys (distinct keys stay distinct)."""
    mixed = keys * _MULTIPLIERS[0]
    mixed ^= mixed >> _WORD
    mixed *= _MULTIPLIERS[1]
    mixed ^= mixed >> np.uint64(29)
    return mixed


def bucket_of(mixed: Keys, n_buckets: int) -> Keys:
    """Return which displacement a hash uses.

    Parameters
    ----------
    mixed : uint64 (n,)
        Hashes.
    n_buckets : int
        How many displacements there are.

    Returns
    -------
    uint64 (n,)
        In [0, n_buckets).
    """
    return (mixed >> _WORD) * np.uint64(n_buckets) >> _WORD


def slot_of(mixed: Keys, displacement: NDArray[np.uint8], n_slots: int) -> Keys:
    """Return where the entry of a hash lies, if there is one.

    Parameters
    ----------
    mixed : uint64 (n,)
        Hashes.
    displacement : uint8 (n,)
        That of the bucket of each.
    n_slots : int
        Slots of the table.

    Returns
    -------
    uint64 (n,)
        In [0, n_slots).
    """
    turned = (displacement + np.uint64(1)) * _MULTIPLIERS[0]
    turned ^= mixed
    turned *= _MULTIPLIERS[1]
    return (turned >> _WORD) * np.uint64(n_slots) >> _WORD


class NgramTable(NamedTuple):
    """Natural logarithms by n-gram.

    ``values[codes[slot]]`` where ``marks[slot]`` are the low 16 bits of the hash.

    An n-gram that is not in the table is taken for one that is in about 1 of 70,000 look-ups.
    """

    displacements: NDArray[np.uint8]
    marks: NDArray[np.uint16]
    codes: NDArray[np.uint8]
    values: FloatArray

    def find(self, keys: Keys) -> tuple[NDArray[np.intp], BoolArray]:
        """Return slots, and whether the n-gram is there."""
        mixed = mix(keys)
        displacement = self.displacements[bucket_of(mixed, len(self.displacements)).view(np.int64)]
        slots = slot_of(mixed, displacement, len(self.marks)).view(np.int64)
        return slots, self.marks[slots] == mixed.astype(np.uint16)


@dataclass(frozen=True, slots=True, eq=False)
class NgramModel:
    """Interpolated modified Kneser-Ney trigrams with back-off.

    Ids are the lexicon's, `START` before a sentence.

    Every word with a digit is one symbol; words outside the lexicon share the probability of an unknown word, divided
    by the number of different ones in the texts it was made from.
    """

    n_words: int
    unigram: FloatArray
    unigram_left: FloatArray
    bigrams: NgramTable
    lefts: NDArray[np.uint8]
    left_values: FloatArray
    trigrams: NgramTable
    left_of_start: float = 0.0

    def logprob(self, w: ArrayLike, u: ArrayLike, v: ArrayLike) -> FloatArray:
        """Return ln P(w | u v), nats, at most 0.

        ``v`` is the word just before ``w``, ``u`` the one before that.

        Parameters
        ----------
        w, u, v : int array
            Ids of words, which broadcast.

        Returns
        -------
        float32 array
            Of the common shape.

        Examples
        --------
        >>> from unspun.text.lexicon import load_lexicon
        >>> one, of, the, teh = load_lexicon().lookup(["one", "of", "the", "teh"])
        >>> model = load_ngram_model()
        >>> bool(model.logprob(the, one, of) > model.logprob(of, one, of)), float(model.logprob(teh, one, of)) < -9
        (True, True)
        """
        shape, (ws, us, vs) = self._alike(w, u, v)
        right = _pair(vs, ws)
        lower, _ = self._backed(right, vs, ws)
        slots, hit = self.bigrams.find(_pair(us, vs))
        left = np.where(hit, self.left_values[self.lefts[slots]], np.float32(0))
        return self._with_trigrams(us, right, lower + left).reshape(shape)

    def bigram_logprob(self, w: ArrayLike, v: ArrayLike) -> FloatArray:
        """Return ln P(w | v) of the shorter model, nats; ``v`` is the word just before.

        Parameters
        ----------
        w, v : int array
            Ids of words, which broadcast.

        Returns
        -------
        float32 array
            Of the common shape.
        """
        shape, (ws, vs) = self._alike(w, v)
        return self._backed(_pair(vs, ws), vs, ws)[0].reshape(shape)

    def unigram_logprob(self, w: ArrayLike) -> FloatArray:
        """Return ln P(w) of the shortest model, nats.

        How many different words it follows, not how often it occurs.
        """
        return np.asarray(self.unigram[self._symbols(w)])

    def text_logprob(self, ids: IntArray, sentence_stops: IntArray) -> FloatArray:
        """Return the log-probability of every word of a text.

        It is given the two words before it in its sentence.

        Parameters
        ----------
        ids : int32 (n,)
            Of `unspun.text.lexicon`.
        sentence_stops : int32 (s + 1,)
            As in `unspun.text.token_text.TokenText`.

        Returns
        -------
        float32 (n,)
            Nats, at most 0.
        """
        if not len(ids):
            return np.zeros(0, np.float32)
        start = self.n_words + 2
        starts = np.asarray(sentence_stops[:-1])[np.diff(sentence_stops) > 0]
        ws = self._symbols(ids)
        vs = _shifted(ws, starts, start)
        us = _shifted(vs, starts, start)
        right = _pair(vs, ws)
        lower, left_after = self._backed(right, vs, ws)
        left = _shifted(left_after, starts, self.left_of_start)
        return self._with_trigrams(us, right, lower + left)

    def _alike(self, *ids: ArrayLike) -> tuple[tuple[int, ...], list[IntArray]]:
        """Return the shape that arrays of ids have together, and their model ids, alike in shape, (1,) for numbers."""
        symbols = [self._symbols(some) for some in ids]
        shape = symbols[0].shape
        if not shape or any(some.shape != shape for some in symbols):
            shape = np.broadcast_shapes(*(some.shape for some in symbols))
            symbols = [np.broadcast_to(np.atleast_1d(some), shape or (1,)) for some in symbols]
        return shape, symbols

    def _symbols(self, ids: ArrayLike) -> IntArray:
        """Return model ids: the lexicon's, then unknown, number, start."""
        ids = np.asarray(ids)
        n = np.int32(self.n_words)
        known = np.minimum(ids, n)
        known = known + (ids > n + HASHES)
        return np.where(ids < 0, n + np.int32(2), known).astype(np.int32)

    def _backed(self, right: Keys, vs: IntArray, ws: IntArray) -> tuple[FloatArray, FloatArray]:
        """Return ln P(w | v), and what (v, w) leaves to it as a context of trigrams."""
        slots, hit = self.bigrams.find(right)
        missed = self.unigram_left[vs] + self.unigram[ws]
        lower = np.where(hit, self.bigrams.values[self.bigrams.codes[slots]], missed)
        return lower, np.where(hit, self.left_values[self.lefts[slots]], np.float32(0))

    def _with_trigrams(self, us: IntArray, right: Keys, missed: FloatArray) -> FloatArray:
        slots, hit = self.trigrams.find(us.astype(np.uint64) << (_BITS + _BITS) | right)
        found = np.where(hit, self.trigrams.values[self.trigrams.codes[slots]], missed)
        return np.minimum(found, np.float32(0))


def _pair(v: IntArray, w: IntArray) -> Keys:
    return v.astype(np.uint64) << _BITS | w.astype(np.uint64)


def _shifted(values: NDArray[_Value], starts: NDArray[np.integer[Any]], start: float) -> NDArray[_Value]:
    """Return each word's predecessor's value, ``start`` at the first word of a sentence."""
    before = np.empty_like(values)
    before[1:] = values[:-1]
    before[starts] = start
    return before


@lru_cache(maxsize=1)
def load_ngram_model() -> NgramModel:
    """Return the language model that ships with the package, read once.

    Raises
    ------
    ModelError
        When ``fluency.npz`` is missing, damaged, or was built for another lexicon.
    """
    path = model_dir() / "fluency.npz"
    model = read_ngram_model(path)
    if model.n_words != len(load_lexicon()):
        raise ModelError("the language model was built for another lexicon", path, "run `make resources`")
    return model


def read_ngram_model(path: Path) -> NgramModel:
    """Map a language model file; its tables are read where they are asked."""
    with refusing("the language model", path, REBUILD):
        arrays = map_archive(path)
        sizes = check_layout({name: arrays[name] for name in arrays if name not in _TABLES}, _SMALL)
        tables = check_layout({name: arrays[name] for name in arrays if name in _TABLES}, _TABLES, values=False)
        if sizes["words"] < 4 or not all(tables.values()):
            raise ArchiveError("a table is empty")
        return from_arrays(arrays)


_SMALL = {
    "unigram": Column("<f2", "words", -1e4, 1e4),
    "unigram_left": Column("<f2", "words", -1e4, 1e4),
    "bigram_values": Column("<f4", "256", -1e4, 1e4),
    "trigram_values": Column("<f4", "256", -1e4, 1e4),
    "left_values": Column("<f4", "256", -1e4, 1e4),
}
# Every byte is a good value of these: they are not looked through when the file is opened.
_TABLES = {
    "bigram_displacements": Column("|u1", "bigram_buckets"),
    "bigram_marks": Column("<u2", "bigrams"),
    "bigram_codes": Column("|u1", "bigrams"),
    "bigram_left": Column("|u1", "bigrams"),
    "trigram_displacements": Column("|u1", "trigram_buckets"),
    "trigram_marks": Column("<u2", "trigrams"),
    "trigram_codes": Column("|u1", "trigrams"),
}


def from_arrays(arrays: Mapping[str, NDArray[Any]]) -> NgramModel:
    """Return a model from the arrays of its file.

    `unspun.training.resources.fluency_builder.build` makes them.
    """
    model = NgramModel(
        n_words=len(arrays["unigram"]) - 3,
        unigram=arrays["unigram"].astype(np.float32),
        unigram_left=arrays["unigram_left"].astype(np.float32),
        bigrams=_table(arrays, "bigram"),
        lefts=arrays["bigram_left"],
        left_values=arrays["left_values"],
        trigrams=_table(arrays, "trigram"),
    )
    start = np.full(1, model.n_words + 2, np.int32)
    slots, hit = model.bigrams.find(_pair(start, start))
    return replace(model, left_of_start=float(model.left_values[model.lefts[slots[0]]]) if hit[0] else 0.0)


def _table(arrays: Mapping[str, NDArray[Any]], name: str) -> NgramTable:
    return NgramTable(*(arrays[f"{name}_{part}"] for part in ("displacements", "marks", "codes", "values")))
