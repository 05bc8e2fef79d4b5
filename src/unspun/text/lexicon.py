"""Look words up: frequency, lemma, class, names and relations.

The data (``lexicon.npz``) come from WordNet 3.1, the Moby Thesaurus and wordfreq; ``models/NOTICE.md`` has the notices.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import ArrayLike, NDArray

from unspun.text.resources import REBUILD, model_dir
from unspun.text.storage.array_archive import ArchiveError, Column, check_layout, read_archive, refusing
from unspun.text.token_text import BoolArray, FloatArray, IntArray

NOUN, VERB, ADJECTIVE, ADVERB = 1, 2, 4, 8
SYNONYM, NEAR, MOBY, ANTONYM = 1, 2, 4, 8

HASHES = 2**23
"""How many numbers unknown words are hashed to; words with a digit have as many of their own after them."""
_DIGITS = frozenset("0123456789")
_HASH_BITS = 23
_MIX_LOW, _MIX_HIGH = np.uint32(2654435761), np.uint32(2246822519)
_MOST_REMEMBERED, _LONGEST_REMEMBERED = 2**15, 40
"""Words that are remembered at most, and letters of the longest of them."""

ByteArray = NDArray[np.uint8]


class _Remembered(dict[str, int]):
    """Ids of words that were looked up before.

    Texts have few different words. A small table of them stays in the processor's caches, as that of all words does
    not.
    """

    def __init__(self, ids: dict[str, int], n_words: int) -> None:
        super().__init__()
        self._ids, self._n_words = ids, n_words

    def __missing__(self, word: str) -> int:
        found = self._ids.get(word)
        number = _hashed(word, self._n_words) if found is None else found
        if len(self) >= _MOST_REMEMBERED:
            self.clear()
        if len(word) <= _LONGEST_REMEMBERED:
            self[word] = number
        return number


def _hashed(word: str, n_words: int) -> int:
    """Return the number of a word that is not among those of the lexicon."""
    code = crc32(word.encode("utf-8", "surrogatepass")) % HASHES
    return n_words + 1 + code + (0 if _DIGITS.isdisjoint(word) else HASHES)


@dataclass(frozen=True, slots=True, eq=False)
class Lexicon:
    """The vocabulary as arrays.

    ``V`` words, and one more row for every word that is not among them.

    Attributes
    ----------
    words : tuple of str
        Lower-case words, and WordNet's phrases of 2-3 words joined by blanks; frequent ones first.
    ids : dict
        Word to id.
    zipf : float32 (V + 1,)
        Frequency on the Zipf scale (log10 of uses in a thousand million words; 0.0 where unknown). Source: wordfreq.
    lemma : int32 (V + 1,)
        Id of the lemma: the word's own when it has no other. Applied once: `founded` leads to `found`.
    pos : uint8 (V + 1,)
        Bits NOUN, VERB, ADJECTIVE, ADVERB of WordNet; 0 for function words other than auxiliaries.
    stop : bool (V + 1,)
        Function words.
    name : float32 (V + 1,)
        Share of the uses inside sentences that have a capital, in [0, 1]; an estimate where never counted; 1 where
        unknown.
    n_senses : uint8 (V + 1,)
        Number of WordNet's senses, at most 255.
    """

    words: tuple[str, ...]
    ids: dict[str, int]
    zipf: FloatArray
    lemma: IntArray
    pos: ByteArray
    stop: BoolArray
    name: FloatArray
    n_senses: ByteArray
    _keys: NDArray[np.uint64]
    _bits: ByteArray
    _maybe: BoolArray
    _synonyms: NDArray[np.uint64]
    _rank_low: ByteArray
    _rank_high: ByteArray
    _remembered: _Remembered = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Begin to remember words."""
        object.__setattr__(self, "_remembered", _Remembered(self.ids, len(self.words)))

    def __len__(self) -> int:
        """Return V."""
        return len(self.words)

    def lookup(self, words: Iterable[str]) -> IntArray:
        """Return the ids of lower-case words.

        Unknown words get a number above V that depends on their letters alone: ``V + 1`` to ``V + 2**23`` for words,
        the ``2**23`` numbers after that for words with a digit.

        Examples
        --------
        >>> lexicon = load_lexicon()
        >>> lexicon.words[lexicon.lookup(["house"])[0]]
        'house'
        >>> unknown = lexicon.lookup(["1,500", "qqzzy"])
        >>> (unknown > len(lexicon)).tolist(), lexicon.is_number(unknown).tolist()
        ([True, True], [True, False])
        """
        words = words if isinstance(words, (tuple, list)) else list(words)
        return np.fromiter(map(self._remembered.__getitem__, words), np.int32, len(words))

    def is_number(self, ids: IntArray) -> BoolArray:
        """Return which ids are of words with a digit."""
        return ids > len(self.words) + HASHES

    def row(self, ids: IntArray) -> IntArray:
        """Return the ids with every unknown word at V, as indices into the arrays."""
        return np.minimum(ids, np.int32(len(self.words)))

    def lemmas(self, ids: IntArray) -> IntArray:
        """Return the ids of the lemmas; hashed ids stay as they are.

        Examples
        --------
        >>> lexicon = load_lexicon()
        >>> [lexicon.words[i] for i in lexicon.lemmas(lexicon.lookup(["cities", "went", "quickly"]))]
        ['city', 'go', 'quickly']
        """
        known = self.lemma[self.row(ids)]
        return np.where(ids < len(self.words), known, ids).astype(np.int32)

    def relation(self, a_ids: ArrayLike, b_ids: ArrayLike) -> ByteArray:
        """Return the relation bits of the words of two arrays, which broadcast.

        Bits: SYNONYM (share a WordNet synset), NEAR (hypernym, hyponym, similar to, derived, also see, pertainym, verb
        group), MOBY (either lists the other), ANTONYM. Symmetric. Inflected words are rarely in the table: ask with
        lemmas too.

        Parameters
        ----------
        a_ids, b_ids : int array
            Ids of words.

        Returns
        -------
        uint8 array
            Of the common shape; 0 where the words are not related.

        Examples
        --------
        >>> lexicon = load_lexicon()
        >>> buy, purchase, sell = lexicon.lookup(["buy", "purchase", "sell"])
        >>> int(lexicon.relation(buy, purchase)) & SYNONYM, int(lexicon.relation(sell, buy)) & ANTONYM
        (1, 8)
        """
        low, high = _ordered(a_ids, b_ids)
        found = np.zeros(low.shape, np.uint8)
        places = np.flatnonzero(self._maybe[_filter_slot(low, high)])
        if len(places):
            at, hit = _find(self._keys, low.ravel()[places], high.ravel()[places])
            found.ravel()[places[hit]] = self._bits[at[hit]]
        return found

    def sense_rank(self, a_ids: ArrayLike, b_ids: ArrayLike) -> ByteArray:
        """Return the rank of the best sense that two words share.

        It counts from 1 among the senses of the first word; 0 when there is none.

        Senses of all parts of speech, ordered by their use in WordNet's tagged texts.

        Parameters
        ----------
        a_ids, b_ids : int array
            Ids of words, which broadcast.

        Returns
        -------
        uint8 array
            Of the common shape.

        Examples
        --------
        >>> lexicon = load_lexicon()
        >>> buy, bribe = lexicon.lookup(["buy", "bribe"])
        >>> int(lexicon.sense_rank(buy, bribe)) > 1
        True
        """
        low, high = _ordered(a_ids, b_ids)
        first_is_low = np.broadcast_to(np.asarray(a_ids), low.shape) == low
        at, hit = _find(self._synonyms, low, high)
        return np.where(hit, np.where(first_is_low, self._rank_low[at], self._rank_high[at]), np.uint8(0))

    def pairs(self) -> tuple[IntArray, IntArray, ByteArray]:
        """Return all related pairs: low ids, high ids, bits as in `relation`."""
        return (self._keys >> np.uint64(32)).astype(np.int32), self._keys.astype(np.uint32).astype(np.int32), self._bits


def _ordered(a_ids: ArrayLike, b_ids: ArrayLike) -> tuple[IntArray, IntArray]:
    a, b = np.asarray(a_ids), np.asarray(b_ids)
    return np.minimum(a, b), np.maximum(a, b)


def _filter_slot(low: IntArray, high: IntArray) -> NDArray[np.uint32]:
    """Most pairs asked for are unrelated: one look into a table of flags spares them the search."""
    with np.errstate(over="ignore"):
        mixed = low.astype(np.uint32) * _MIX_LOW ^ high.astype(np.uint32) * _MIX_HIGH
    return mixed >> np.uint32(32 - _HASH_BITS)


def _find(keys: NDArray[np.uint64], low: IntArray, high: IntArray) -> tuple[NDArray[np.intp], BoolArray]:
    """Return places in sorted keys, and whether the key is there."""
    wanted = low.astype(np.uint64) << np.uint64(32) | high.astype(np.uint64)
    at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return at, keys[at] == wanted


@lru_cache(maxsize=1)
def load_lexicon() -> Lexicon:
    """Return the lexicon that ships with the package, read once.

    Raises
    ------
    ModelError
        When ``lexicon.npz`` is missing or is not such a file.
    """
    return read_lexicon(model_dir() / "lexicon.npz")


def read_lexicon(path: Path) -> Lexicon:
    """Read a lexicon file; see `load_lexicon`."""
    with refusing("the lexicon", path, REBUILD):
        arrays, _ = read_archive(path)
        _check(arrays)
        return from_arrays(arrays)


_LAYOUT = {
    "words": Column("|u1", "letters"),
    "zipf": Column("<u2", "words"),
    "inflected": Column("<i4", "inflected", 0),
    "base": Column("<i4", "inflected", 0),
    "pos": Column("|u1", "words"),
    "stop": Column("<i4", "stop", 0),
    "name": Column("|u1", "words"),
    "n_senses": Column("|u1", "words"),
    "n_partners": Column("<u2", "words"),
    "step_low": Column("|u1", "pairs"),
    "step_middle": Column("|u1", "pairs"),
    "step_high": Column("|u1", "pairs"),
    "bits": Column("|u1", "pairs"),
    "rank_low": Column("|u1", "synonyms"),
    "rank_high": Column("|u1", "synonyms"),
}


def _check(arrays: Mapping[str, NDArray[Any]]) -> None:
    """Refuse arrays whose numbers would lead out of other arrays."""
    sizes = check_layout(arrays, _LAYOUT)
    n_words = int((arrays["words"] == ord("\n")).sum()) + 1
    beyond = [name for name in ("inflected", "base", "stop") if arrays[name].max(initial=0) >= n_words]
    if n_words != sizes["words"] or beyond:
        raise ArchiveError(f"{n_words} words, but numbers of others: {beyond or sizes['words']}")
    if arrays["n_partners"].sum(dtype=np.int64) != sizes["pairs"] or not sizes["pairs"]:
        raise ArchiveError("n_partners does not add up to the related pairs")
    if np.count_nonzero(arrays["bits"] & SYNONYM) != sizes["synonyms"] or not sizes["synonyms"]:
        raise ArchiveError("rank_low does not have a rank for every pair of synonyms")


def from_arrays(arrays: Mapping[str, NDArray[Any]]) -> Lexicon:
    """Return a lexicon from the arrays of its file.

    `unspun.training.resources.lexicon_builder.build` makes them.
    """
    words = tuple(arrays["words"].tobytes().decode("utf-8").split("\n"))
    keys = _decoded_keys(arrays)
    bits = arrays["bits"]
    synonym = (bits & SYNONYM) > 0
    return Lexicon(
        words=words,
        ids=dict(zip(words, range(len(words)), strict=True)),
        zipf=np.append(arrays["zipf"] / np.float32(100), 0.0).astype(np.float32),
        lemma=_lemma_column(arrays, len(words)),
        pos=np.append(arrays["pos"], np.uint8(0)),
        stop=np.isin(np.arange(len(words) + 1), arrays["stop"]),
        name=np.append(arrays["name"] / np.float32(255), 1.0).astype(np.float32),
        n_senses=np.append(arrays["n_senses"], np.uint8(0)),
        _keys=keys,
        _bits=bits,
        _maybe=_flags(keys),
        _synonyms=keys[synonym],
        _rank_low=arrays["rank_low"],
        _rank_high=arrays["rank_high"],
    )


def _lemma_column(arrays: Mapping[str, NDArray[Any]], n_words: int) -> IntArray:
    lemma = np.arange(n_words + 1, dtype=np.int32)
    lemma[arrays["inflected"]] = arrays["base"]
    return lemma


def _decoded_keys(arrays: Mapping[str, NDArray[Any]]) -> NDArray[np.uint64]:
    """Rebuild the sorted keys from the differences between a word's partners (sums wrap round, differences hold)."""
    total = arrays["step_low"] + (arrays["step_middle"].astype(np.uint32) << 8)
    total += arrays["step_high"].astype(np.uint32) << 16
    np.cumsum(total, out=total, dtype=np.uint32)
    counts = arrays["n_partners"].astype(np.int64)
    starts = np.cumsum(counts) - counts
    before = np.append(np.uint32(0), total)[starts]
    low = np.arange(len(counts), dtype=np.uint32)
    keys = np.repeat(low, counts).astype(np.uint64) << np.uint64(32)
    total -= np.repeat(before - low, counts)
    keys |= total
    return keys


def _flags(keys: NDArray[np.uint64]) -> BoolArray:
    flags = np.zeros(2**_HASH_BITS, np.bool_)
    low, high = (keys >> np.uint64(32)).astype(np.int32), keys.astype(np.uint32).astype(np.int32)
    flags[_filter_slot(low, high)] = True
    return flags
