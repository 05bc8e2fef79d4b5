"""Look up small static vectors that tell the meaning of words.

They are made from counts of the company that words keep.

The vectors (``meaning.npz``) are the singular vectors of word associations in running text and of the lexicon's
relations; ``unspun.training.resources.vectors`` makes them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from unspun.errors import ModelError
from unspun.text.lexicon import Lexicon, load_lexicon
from unspun.text.resources import REBUILD, model_dir
from unspun.text.storage.array_archive import ArchiveError, Column, check_layout, read_archive, refusing
from unspun.text.token_text import FloatArray, IntArray


@dataclass(frozen=True, slots=True, eq=False)
class WordVectors:
    """Word vectors by row.

    Attributes
    ----------
    vectors : float32 (R + 1, 64)
        Unit length; the last row is NaN, for words that have no vector.
    rows : int32 (V + 1,)
        The row of every word of the lexicon: its own, else its lemma's, else R.
    """

    vectors: FloatArray
    rows: IntArray

    def row(self, ids: ArrayLike) -> IntArray:
        """Return the row of every word; R, the last, for words without a vector."""
        return np.asarray(self.rows[np.minimum(ids, len(self.rows) - 1)])

    def similarity(self, a_ids: ArrayLike, b_ids: ArrayLike) -> FloatArray:
        """Return the cosine of the words of two arrays, element by element, in [-1, 1].

        NaN where one has no vector.

        Parameters
        ----------
        a_ids, b_ids : int array
            Ids of words.

        Returns
        -------
        float32 array
            Of their shape.

        Examples
        --------
        >>> from unspun.text.lexicon import load_lexicon
        >>> buy, purchase, river = load_lexicon().lookup(["buy", "purchase", "river"])
        >>> meaning = load_word_vectors()
        >>> bool(meaning.similarity(buy, purchase) > meaning.similarity(buy, river) + 0.2)
        True
        """
        # `take`: whole rows at a fraction of the time of indexing.
        a, b = (self.vectors.take(self.row(ids), axis=0) for ids in (a_ids, b_ids))
        cosine = np.einsum("...k,...k->...", a, b)
        return np.asarray(np.minimum(np.maximum(cosine, -1.0), 1.0), np.float32)


@lru_cache(maxsize=1)
def load_word_vectors() -> WordVectors:
    """Return the word vectors that ship with the package, read once.

    Raises
    ------
    ModelError
        When ``meaning.npz`` is missing, damaged, or was built for another lexicon.
    """
    return read_word_vectors(model_dir() / "meaning.npz", load_lexicon())


def read_word_vectors(path: Path, lexicon: Lexicon) -> WordVectors:
    """Read a file of word vectors; see `load_word_vectors`.

    Parameters
    ----------
    path : Path
        The file.
    lexicon : Lexicon
        The one that it was built for.

    Returns
    -------
    WordVectors
        One for every word of the lexicon that has a vector.

    Raises
    ------
    ModelError
        When the file is missing, damaged, or was built for another lexicon.
    """
    with refusing("the word vectors", path, REBUILD):
        arrays, _ = read_archive(path)
        check_layout(arrays, _LAYOUT)
        if int(arrays["n_words"]) != len(lexicon):
            raise ModelError("the word vectors were built for another lexicon", path, "run `make resources`")
        if arrays["ids"].max(initial=0) >= len(lexicon) or not arrays["vectors"].any(axis=1).all():
            raise ArchiveError("a vector is of no word or of no length")
        return from_arrays(arrays, lexicon)


_LAYOUT = {"vectors": Column("|i1", "vectors 64"), "ids": Column("<i4", "vectors", 0), "n_words": Column("<i8", "")}


def from_arrays(arrays: Mapping[str, NDArray[Any]], lexicon: Lexicon) -> WordVectors:
    """Return word vectors from the arrays of their file.

    `unspun.training.resources.vectors.build` makes them.

    Parameters
    ----------
    arrays : mapping of str to array
        ``vectors``, int8 (R, 64), and ``ids``, int32 (R,), the words that have one.
    lexicon : Lexicon
        The one that the ids are of.

    Returns
    -------
    WordVectors
        With a unit vector a row.
    """
    small = arrays["vectors"].astype(np.float32)
    small /= np.linalg.norm(small, axis=1, keepdims=True)
    none = len(small)
    own = np.full(len(lexicon) + 1, none, np.int32)
    own[arrays["ids"]] = np.arange(none, dtype=np.int32)
    rows = np.where(own == none, own[lexicon.lemma], own)
    return WordVectors(np.vstack([small, np.full((1, small.shape[1]), np.nan, np.float32)]), rows)
