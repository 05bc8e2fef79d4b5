"""The same pair shown in the other order, as far as its row of features is concerned.

Swapping the two texts of a pair exchanges some columns and turns the sign of others. A feature is kept in two numbers:
the level, its mean over both orders, which stays; and the gap, half the difference between them, which turns its sign.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from unspun.comparison.features.catalogue import FEATURE_NAMES, FEATURES
from unspun.comparison.features.feature import NEGATED
from unspun.text.token_text import FloatArray


def _swap_plan() -> tuple[NDArray[np.intp], FloatArray]:
    """Return for each column the column that takes its place in the other order, and the sign it takes."""
    places = {name: place for place, name in enumerate(FEATURE_NAMES)}
    partners = [places.get(feature.swapped, place) for place, feature in enumerate(FEATURES)]
    signs = [-1.0 if feature.swapped == NEGATED else 1.0 for feature in FEATURES]
    return np.array(partners, np.intp), np.array(signs, np.float32)


_PARTNERS, _SIGNS = _swap_plan()


def swap_order(rows: FloatArray) -> FloatArray:
    """Return the features of the same pairs shown in the other order.

    Parameters
    ----------
    rows : float array (n, len(FEATURES))
        Rows as `featurize_pairs` gives them.

    Returns
    -------
    float array (n, len(FEATURES))
        Twice swapped is the same.
    """
    return np.asarray(rows[:, _PARTNERS] * _SIGNS, rows.dtype)


def mirror(X: NDArray[Any], partners: ArrayLike | None, signs: ArrayLike | None) -> NDArray[Any]:
    """Return the rows of the same pairs shown in the other order.

    Parameters
    ----------
    X : float array (n, m)
        Rows of features.
    partners : int array (m,), optional
        The column that takes the place of each; none: every column stays.
    signs : array (m,), optional
        1, or -1 where the value turns its sign.

    Examples
    --------
    >>> mirror(np.array([[1.0, 2.0, 3.0]]), [1, 0, 2], [1, 1, -1]).tolist()
    [[2.0, 1.0, -3.0]]
    """
    swapped = X if partners is None else X[:, np.asarray(partners)]
    return swapped if signs is None else np.asarray(swapped * np.asarray(signs, X.dtype), X.dtype)


def mirror_plan(swap_order: Any, n_features: int) -> tuple[NDArray[np.intp], NDArray[np.int8]]:
    """Return the partners and signs of a function that swaps the order of rows.

    Parameters
    ----------
    swap_order : callable
        From rows to rows: it may exchange columns and turn signs, and nothing else.
    n_features : int
        How many columns there are.

    Examples
    --------
    >>> partners, signs = mirror_plan(lambda rows: rows[:, [1, 0, 2]] * [1, 1, -1], 3)
    >>> partners.tolist(), signs.tolist()
    ([1, 0, 2], [1, 1, -1])
    """
    # Numbers that differ by more than their sign tell where every column went.
    marks = np.arange(1.0, n_features + 1, dtype=np.float64)
    moved = np.asarray(swap_order(marks[np.newaxis, :]))[0]
    return (np.abs(moved) - 1).round().astype(np.intp), np.sign(moved).astype(np.int8)


def parts_plan(
    n_features: int, partners: ArrayLike | None, signs: ArrayLike | None
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the features whose level, and those whose gap, stand for a row (int arrays).

    Two features that exchange places share one level and one gap; a feature that turns its sign has no level,
    and one that stays has no gap.
    """
    own = np.arange(n_features)
    partner = own if partners is None else np.asarray(partners)
    turns = np.zeros(n_features, bool) if signs is None else (np.asarray(signs) < 0) & (partner == own)
    return np.flatnonzero((own <= partner) & ~turns), np.flatnonzero((own < partner) | turns)


def levels_and_gaps(X: NDArray[Any], partners: ArrayLike | None = None, signs: ArrayLike | None = None) -> NDArray[Any]:
    """Return the levels of rows, then their gaps; NaN stays.

    The other order of a pair has, to the bit, the same levels and the negative gaps.

    Examples
    --------
    >>> levels_and_gaps(np.array([[1.0, 3.0, -2.0]]), [1, 0, 2], [1, 1, -1]).tolist()
    [[2.0, -1.0, -2.0]]
    """
    level, gap = parts_plan(X.shape[1], partners, signs)
    back = mirror(X, partners, signs)
    half = np.asarray(0.5, X.dtype)
    return np.concatenate([(X[:, level] + back[:, level]) * half, (X[:, gap] - back[:, gap]) * half], axis=1)


def share_out(
    added: NDArray[Any], n_features: int, partners: ArrayLike | None, signs: ArrayLike | None
) -> NDArray[Any]:
    """Return what was added by levels and gaps, (n, k), as what the features added, (n, n_features).

    Two features that exchange places get half each of what their level and their gap added.

    Examples
    --------
    >>> share_out(np.array([[2.0, 1.0, 5.0]]), 3, [1, 0, 2], [1, 1, -1]).tolist()
    [[1.5, 1.5, 5.0]]
    """
    columns = np.concatenate(parts_plan(n_features, partners, signs))
    partner = np.arange(n_features) if partners is None else np.asarray(partners)
    out = np.zeros((len(added), n_features))
    for place, column in enumerate(columns):
        out[:, column] += added[:, place] / 2
        out[:, partner[column]] += added[:, place] / 2
    return out
