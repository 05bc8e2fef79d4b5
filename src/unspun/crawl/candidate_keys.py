"""Make the keys that a text is found by.

These are pairs of neighbouring immutables, and its less frequent words.

A spinner replaces common words, so runs of words (MinHash, n-grams) are gone, while names, numbers and rare words
stay, and stay next to one another. A text's keys are its pairs of adjacent immutables, in either order, and its words
that are not among the most frequent ones; neither depends on where in the text they stand.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from unspun.text.boilerplate import BOILERPLATE_PHRASES, is_boilerplate
from unspun.text.folding import NEWLINE, Folded, fold
from unspun.text.lexicon import load_lexicon
from unspun.text.token_text import IntArray
from unspun.text.tokenizer import word_bounds
from unspun.text.word_classes import key_immutable_rows

WORD, PAIR = 0, 1
"""Kinds of keys."""
FIRST_PAIR = 1 << 32
"""Keys of pairs are not below this, keys of words are."""

KEYS = pa.schema(
    [
        pa.field("article_id", pa.string(), nullable=False),
        pa.field("key", pa.int64(), nullable=False),
        pa.field("kind", pa.int8(), nullable=False),
    ]
)
"""The distinct keys of articles, one a row. ``key`` is positive: a word's is the number of its lemma; a pair's has the
smaller lemma + 1 in its upper half and the larger in its lower, so that no key is of both kinds."""

MAX_WORD_ZIPF = 5.0
"""Zipf frequency (1 of 10,000 words) from which on a word is in most texts and tells nothing."""

# Arrays over many short texts cost less than arrays over each; more than this at a time only costs memory.
_SLICE_CHARS = 1_000_000

KeyArray = NDArray[np.int64]


def keys_batch(articles: pa.RecordBatch) -> pa.RecordBatch:
    """Return the keys of a batch of articles; a row depends on its own article alone.

    Parameters
    ----------
    articles : pyarrow.RecordBatch
        With columns ``article_id`` and ``text``; others are ignored.

    Returns
    -------
    pyarrow.RecordBatch
        `KEYS` rows, articles in the order given, each one's keys ascending and distinct. An article without
        a word worth keeping has no row.

    Examples
    --------
    >>> batch = pa.RecordBatch.from_pydict({"article_id": ["a"], "text": ["Otto Brandvik sold 212 herrings."]})
    >>> keys_batch(batch).column("kind").to_pylist()
    [0, 0, 0, 0, 0, 1, 1, 1]
    """
    texts: list[str] = articles.column("text").to_pylist()
    owners, keys = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    for start, stop in _slices(texts):
        own, found = _keys(texts[start:stop])
        owners.append(own + start)
        keys.append(found)
    key = np.concatenate(keys)
    names = articles.column("article_id").take(pa.array(np.concatenate(owners)))
    kind = np.where(key < FIRST_PAIR, WORD, PAIR).astype(np.int8)
    return pa.RecordBatch.from_arrays([names.cast(pa.string()), pa.array(key), pa.array(kind)], schema=KEYS)


def _slices(texts: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Cut the texts into runs of about `_SLICE_CHARS`."""
    slices = np.cumsum([0, *map(len, texts)])[:-1] // _SLICE_CHARS
    stops = [*(np.flatnonzero(np.diff(slices)) + 1).tolist(), len(texts)] if texts else []
    yield from zip([0, *stops[:-1]], stops, strict=True) if stops else ()


def _keys(texts: Sequence[str]) -> tuple[KeyArray, KeyArray]:
    """Return places of texts and their keys, both ascending."""
    owners, ids = _words(texts)
    lexicon = load_lexicon()
    rows, lemmas = lexicon.row(ids), lexicon.lemmas(ids).astype(np.int64)
    word = (lexicon.zipf[rows] < MAX_WORD_ZIPF) & ~lexicon.stop[rows]
    fixed = key_immutable_rows()[rows] | lexicon.is_number(ids)
    pair_owners, pairs = _pairs(owners[fixed], lemmas[fixed])
    return _distinct(np.concatenate([owners[word], pair_owners]), np.concatenate([lemmas[word], pairs]))


def _words(texts: Sequence[str]) -> tuple[KeyArray, IntArray]:
    """Return, word by word, the place of its text and its number in the lexicon."""
    folded = [fold(_without_boilerplate(text)) for text in texts]
    # A new line before every text keeps the last word of one from the first of the next.
    codes = [part for one in folded for part in (np.array([10], np.uint32), one.codes)]
    classes = [part for one in folded for part in (np.array([NEWLINE], np.uint8), one.classes)]
    normal = "".join("\n" + one.normal for one in folded)
    first, last = word_bounds(Folded(normal, np.concatenate(codes), np.concatenate(classes), None, 0))
    words = [normal[a:b] for a, b in zip(first.tolist(), last.tolist(), strict=True)]
    starts = np.cumsum([0, *(len(one.codes) + 1 for one in folded)])
    owners = np.searchsorted(starts, first, side="right") - 1
    return owners.astype(np.int64), load_lexicon().lookup(words)


def _without_boilerplate(text: str) -> str:
    lowered = text.lower().replace("\u2019", "'")
    if not any(phrase in lowered for phrase in BOILERPLATE_PHRASES):
        return text
    return "\n".join(line for line in text.split("\n") if not is_boilerplate(line))


def _pairs(owners: KeyArray, lemmas: KeyArray) -> tuple[KeyArray, KeyArray]:
    """Return the pairs of neighbours within a text, in either order."""
    low, high = np.minimum(lemmas[:-1], lemmas[1:]), np.maximum(lemmas[:-1], lemmas[1:])
    kept = (owners[:-1] == owners[1:]) & (low != high)
    return owners[:-1][kept], (low[kept] + 1 << 32) | high[kept]


def _distinct(owners: KeyArray, keys: KeyArray) -> tuple[KeyArray, KeyArray]:
    order = np.lexsort((keys, owners))
    owners, keys = owners[order], keys[order]
    fresh = np.ones(len(keys), np.bool_)
    fresh[1:] = (np.diff(owners) != 0) | (np.diff(keys) != 0)
    return owners[fresh], keys[fresh]
