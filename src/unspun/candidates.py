"""Which pairs of a collection are worth scoring: those that share what spinning leaves alone.

A spinner replaces common words, so runs of words (MinHash, n-grams) are gone, while names, numbers and rare words
stay, and stay next to one another. The keys of a text are its pairs of adjacent immutables and its less frequent
words; pairs of texts are ranked by the rarity of the keys they share. Keys that too many texts have are left
out by an absolute limit, which keeps the work near linear in the number of texts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from unspun.lexicon import load_lexicon
from unspun.tables import CANDIDATES, conform
from unspun.types import BoolArray, FloatArray, TokenText

# Measured on 9,600 texts with 2,418 labelled pairs among them, half of these against a third of the suspect only: one
# side or both propose the other among their 20 best in .981 (whole texts .998, thirds .965); by pairs alone .775, by
# words alone .981, with words of up to 300 texts .977, of up to 2,000 .982 at 1.3 times the work.
MAX_TEXTS_WITH_PAIR = 200
MAX_TEXTS_WITH_WORD = 1_000
MIN_SHARED_KEYS = 3

# Share of uses inside sentences that have a capital, from which on a word counts as a name.
MIN_NAME_SHARE = 0.5
# Zipf frequencies: words rarer than the first hardly have a synonym that a spinner knows; those more frequent than the
# second (1 of 10,000 words) are in most texts and tell nothing.
MAX_IMMUTABLE_ZIPF = 3.0
MAX_WORD_ZIPF = 5.0

# Long texts share something with everyone. Partners are ranked by shared weight / own weight ** this: 0 is the plain
# sum, 0.5 the cosine. Within the best 2, on the pairs above: .921 at 0, .937 at 0.25, .931 at 0.5.
SIZE_POWER = 0.25

_MAX_BLOCK_PRODUCTS = 4_000_000

KeyArray = NDArray[np.uint64]


def find_candidates(texts: Mapping[str, TokenText], top: int = 20) -> pd.DataFrame:
    """Find, for every text, the texts it may have been spun from or into.

    Parameters
    ----------
    texts : mapping of str to TokenText
        By article id.
    top : int
        How many partners a text proposes; it can be proposed by others besides.

    Returns
    -------
    DataFrame
        A CANDIDATES table (see `unspun.tables`): every unordered pair once, ``source_id`` < ``suspect_id``, the
        heaviest first. ``shared_keys`` is at least `MIN_SHARED_KEYS`; ``weight`` is the sum over the shared keys of
        ln((texts + 1) / texts with the key), in nats, > 0.

    Examples
    --------
    >>> find_candidates({}).columns.tolist()
    ['source_id', 'suspect_id', 'shared_keys', 'weight']
    """
    ids = sorted(texts)
    keys = _key_matrix([text_keys(texts[name]) for name in ids])
    first, second = _best_partners(keys, top)
    counts = _row_sums(keys[first].sign().multiply(keys[second].sign()))
    weights = _row_sums(keys[first].multiply(keys[second]))
    names = np.array(ids, dtype=object)
    found = {"source_id": names[first], "suspect_id": names[second], "shared_keys": counts, "weight": weights}
    frame = pd.DataFrame(found).astype({"source_id": "str", "suspect_id": "str", "shared_keys": np.int32})
    frame = frame[frame["shared_keys"] >= MIN_SHARED_KEYS]
    order = ["weight", "source_id", "suspect_id"]
    frame = frame.sort_values(order, ascending=[False, True, True], ignore_index=True)
    return conform(frame, CANDIDATES, "table of candidates")


def text_keys(text: TokenText) -> KeyArray:
    """Return the distinct keys of one text, sorted; furniture has none.

    Returns
    -------
    uint64 (k,)
        Words: the lemma's id. Pairs of adjacent immutables, in either order: the smaller id + 1 in the upper half,
        the larger in the lower.
    """
    lexicon = load_lexicon()
    in_article = ~np.repeat(text.furniture, np.diff(text.sentence_stops))
    ids, lemmas = text.ids[in_article], text.lemmas[in_article].astype(np.uint64)
    rows = lexicon.row(ids)
    fixed = lemmas[_immutable_rows()[rows] | lexicon.is_number(ids)]
    low, high = np.minimum(fixed[:-1], fixed[1:]), np.maximum(fixed[:-1], fixed[1:])
    pairs = (low + np.uint64(1) << np.uint64(32) | high)[low != high]
    words = lemmas[(lexicon.zipf[rows] < MAX_WORD_ZIPF) & ~lexicon.stop[rows]]
    return np.unique(np.concatenate([words, pairs]))


@lru_cache(maxsize=1)
def _immutable_rows() -> BoolArray:
    """Return which rows of the lexicon are names, numbers or rare words."""
    lexicon = load_lexicon()
    has_digit = np.array([not word.isalpha() and any(c.isdigit() for c in word) for word in lexicon.words] + [False])
    immutable = has_digit | (lexicon.name >= MIN_NAME_SHARE) | (lexicon.zipf < MAX_IMMUTABLE_ZIPF)
    return np.asarray(immutable & ~lexicon.stop, np.bool_)


def _key_matrix(keys: list[KeyArray]) -> Any:
    """Return texts by keys, sparse float32; an entry is the root of the key's rarity, so that products add up."""
    texts = np.repeat(np.arange(len(keys)), [len(own) for own in keys])
    together = np.concatenate([*keys, np.empty(0, np.uint64)])
    distinct, columns, counts = np.unique(together, return_inverse=True, return_counts=True)
    limits = np.where(distinct >> np.uint64(32), MAX_TEXTS_WITH_PAIR, MAX_TEXTS_WITH_WORD)
    kept = (counts > 1) & (counts <= limits)
    rarity = np.sqrt(np.log((len(keys) + 1) / counts)).astype(np.float32)
    entry = kept[columns]
    column = (np.cumsum(kept) - 1)[columns[entry]]
    return sparse.csr_array((rarity[columns[entry]], (texts[entry], column)), (len(keys), int(kept.sum())))


def _best_partners(keys: Any, top: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the unordered pairs in which one text is among the other's best, as two arrays, first < second."""
    scale = np.maximum(_row_sums(keys.multiply(keys)), 1e-9) ** -SIZE_POWER
    across = sparse.csr_array(keys.T)
    found = [np.empty((0, 2), np.int64)]
    for start, stop in _blocks(keys):
        products = sparse.csr_array(keys[start:stop] @ across)
        for text in range(start, stop):
            row = slice(*products.indptr[text - start : text - start + 2])
            partners = products.indices[row].astype(np.int64)
            found.append(_best(text, partners, products.data[row] * scale[partners], top))
    pairs = np.unique(np.sort(np.concatenate(found), axis=1), axis=0)
    return pairs[:, 0], pairs[:, 1]


def _best(text: int, partners: NDArray[np.int64], scores: FloatArray, top: int) -> NDArray[np.int64]:
    others = partners != text
    partners, scores = partners[others], scores[others]
    if len(partners) > top:
        partners = partners[np.argpartition(-scores, top)[:top]]
    return np.column_stack([np.full(len(partners), text, np.int64), partners])


def _blocks(keys: Any) -> Iterator[tuple[int, int]]:
    """Cut the texts into runs whose products with all others fit into memory."""
    texts_with = np.bincount(keys.indices, minlength=keys.shape[1])
    work = np.zeros(len(keys.indices) + 1, np.int64)
    np.cumsum(texts_with[keys.indices], out=work[1:])
    block = work[keys.indptr[1:]] // _MAX_BLOCK_PRODUCTS
    stops = np.append(np.flatnonzero(np.diff(block)) + 1, keys.shape[0])
    yield from zip(np.append(0, stops[:-1]).tolist(), stops.tolist(), strict=True)


def _row_sums(matrix: Any) -> FloatArray:
    return np.asarray(matrix.sum(axis=1), np.float32).ravel()
