"""Make word vectors.

The singular vectors of pointwise mutual information and of the lexicon's relations beside it.

Source: Levy, Goldberg & Dagan, "Improving distributional similarity with lessons learned from word embeddings" (2015),
for the window weights, the smoothed contexts and the square root of the singular values.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from unspun.text.lexicon import MOBY, NEAR, SYNONYM, Lexicon
from unspun.text.token_text import FloatArray, IntArray

N_WORDS = 45_000
N_DIMENSIONS = 64
WINDOW = 4
RELATION_SHARE = 1.3
"""Length of a word's relations relative to its associations in text; chosen on held-out synonyms (models/NOTICE.md)."""

_SMOOTHING = 0.75
_WEIGHTS = {SYNONYM: 1.0, NEAR: 0.5, MOBY: 0.25}
_SEED = 20260101
_EXTRA, _PASSES = 16, 4

Text = tuple[IntArray, IntArray]
Arrays = dict[str, NDArray[np.generic]]
Pairs = tuple[IntArray, IntArray, NDArray[np.uint8]]


def choose_words(counts: NDArray[np.int64], related: NDArray[np.bool_], lexicon: Lexicon, n: int = N_WORDS) -> IntArray:
    """Return the ids of the words that get a vector, in order.

    Those used most among the counted and the related.

    Parameters
    ----------
    counts : int64 (V,)
        Uses in the texts.
    related : bool (V,)
        Words in the relation table.
    lexicon : Lexicon
        Phrases get no vector.
    n : int
        How many.

    Returns
    -------
    int32 (at most n,)
        Ids, rising.
    """
    phrases = np.array([" " in word for word in lexicon.words])
    expected = 10.0 ** (lexicon.zipf[:-1] - 9.0) * counts.sum()
    rank = np.where((counts >= 5) | related, counts + expected, 0.0)
    rank[phrases] = 0.0
    best = np.argsort(-rank, kind="stable")[:n]
    return np.sort(best[rank[best] > 0]).astype(np.int32)


def associations(texts: Iterable[Text], columns: IntArray, n: int) -> sparse.csr_matrix:
    """Return how often words stand within `WINDOW` words of each other.

    Nearer ones count more: 1, 3/4, 1/2, 1/4.

    Parameters
    ----------
    texts : iterable of (ids, sentence stops)
        As `unspun.text.tokenizer.read_text` gives them; windows do not cross texts.
    columns : int32 (V + 1,)
        The row of every word, -1 for words without one.
    n : int
        Number of rows.

    Returns
    -------
    sparse float32 (n, n)
        The same in both directions.
    """
    gap = np.full(WINDOW, -1, np.int32)
    rows = [np.append(columns[np.minimum(ids, len(columns) - 1)], gap) for ids, _ in texts]
    stream = np.concatenate(rows)
    total = sparse.csr_matrix((n, n), dtype=np.float32)
    for distance in range(1, WINDOW + 1):
        left, right = stream[:-distance], stream[distance:]
        both = (left >= 0) & (right >= 0)
        weight = np.full(np.count_nonzero(both), 1.0 - (distance - 1) / WINDOW, np.float32)
        total = total + sparse.coo_matrix((weight, (left[both], right[both])), shape=(n, n)).tocsr()
    return (total + total.T).tocsr()


def ppmi(counts: sparse.csr_matrix) -> sparse.csr_matrix:
    """Return positive pointwise mutual information.

    Contexts are smoothed with the power 3/4.

    Examples
    --------
    >>> ppmi(sparse.csr_matrix(np.array([[0, 4.0], [4.0, 1.0]]))).toarray().astype(float).round(2).tolist()
    [[0.0, 0.61], [0.56, 0.0]]
    """
    table = counts.tocoo()
    rows = np.asarray(counts.sum(axis=1), np.float64).ravel()
    contexts = rows**_SMOOTHING
    contexts /= contexts.sum()
    information = np.log(table.data / (rows[table.row] * contexts[table.col]))
    out = sparse.coo_matrix(
        (np.maximum(information, 0.0).astype(np.float32), (table.row, table.col)), shape=table.shape
    )
    out.eliminate_zeros()
    return out.tocsr()


def relation_matrix(pairs: Pairs, columns: IntArray, n: int) -> sparse.csr_matrix:
    """Return the weights of related words, every word related to itself.

    Rows and columns are damped by their degrees.

    Parameters
    ----------
    pairs : (low ids, high ids, bits)
        Related words.
    columns : int32 (V + 1,)
        The row of every word, -1 for words without one.
    n : int
        Number of rows.

    Returns
    -------
    sparse float32 (n, n)
        The same in both directions.
    """
    a, b = columns[pairs[0]], columns[pairs[1]]
    inside = (a >= 0) & (b >= 0)
    weight = np.max([np.where(pairs[2] & bit > 0, w, 0.0) for bit, w in _WEIGHTS.items()], axis=0)
    inside &= weight > 0
    half = sparse.coo_matrix((weight[inside], (a[inside], b[inside])), shape=(n, n))
    whole = (half + half.T + sparse.identity(n)).tocsr()
    damp = sparse.diags(np.asarray(whole.sum(axis=1)).ravel() ** -0.5)
    return (damp @ whole @ damp).tocsr().astype(np.float32)


def _unit_rows(matrix: sparse.csr_matrix) -> sparse.csr_matrix:
    length = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    return (sparse.diags(1.0 / np.maximum(length, 1e-9)) @ matrix).tocsr()


def singular_vectors(matrix: sparse.csr_matrix, n: int = N_DIMENSIONS) -> FloatArray:
    """Return left singular vectors times the square roots of their values.

    They are found by subspace iteration with a fixed seed.

    Each column's sign is such that its largest entry is positive.

    Parameters
    ----------
    matrix : sparse (rows, columns)
        What is taken apart.
    n : int
        How many vectors.

    Returns
    -------
    float32 (rows, n)
        The scaled vectors, the strongest first.
    """
    rng = np.random.default_rng(_SEED)
    basis = rng.standard_normal((matrix.shape[1], n + _EXTRA)).astype(np.float32)
    for _ in range(_PASSES):
        basis, _ = np.linalg.qr(matrix @ basis)
        basis, _ = np.linalg.qr(matrix.T @ basis)
    left, values, _ = np.linalg.svd(matrix @ basis, full_matrices=False)
    left = left[:, :n] * np.sqrt(values[:n])
    return np.asarray(left * np.sign(left[np.abs(left).argmax(axis=0), np.arange(n)]), np.float32)


def build(texts: Iterable[Text], lexicon: Lexicon, pairs: Pairs, share: float = RELATION_SHARE) -> Arrays:
    """Return the arrays of ``meaning.npz``.

    Parameters
    ----------
    texts : iterable of (ids, sentence stops)
        Running text.
    lexicon : Lexicon
        Whose ids these are.
    pairs : (low ids, high ids, bits)
        `Lexicon.pairs`, or a part of them.
    share : float
        Weight of the relations beside the associations.

    Returns
    -------
    dict of arrays
        By their names in the file.
    """
    texts = list(texts)
    n_words = len(lexicon)
    counts = np.bincount(np.concatenate([ids[ids < n_words] for ids, _ in texts]), minlength=n_words)
    related = np.zeros(n_words, np.bool_)
    related[np.concatenate(pairs[:2])] = True
    chosen = choose_words(counts, related, lexicon)
    columns = np.full(n_words + 1, -1, np.int32)
    columns[chosen] = np.arange(len(chosen), dtype=np.int32)
    text_side = _unit_rows(ppmi(associations(texts, columns, len(chosen))))
    relation_side = _unit_rows(relation_matrix(pairs, columns, len(chosen)))
    vectors = singular_vectors(sparse.hstack([text_side, share * relation_side]).tocsr())
    told = np.abs(vectors).max(axis=1) > 0
    return {"vectors": _small(vectors[told]), "ids": chosen[told], "n_words": np.array(n_words)}


def _small(vectors: FloatArray) -> NDArray[np.int8]:
    """Return int8 vectors, each row scaled so that its largest entry is 127."""
    top = np.abs(vectors).max(axis=1, keepdims=True)
    return np.asarray(np.round(vectors / np.maximum(top, 1e-12) * 127), np.int8)
