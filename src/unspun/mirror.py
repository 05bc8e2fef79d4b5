"""The same pair shown in the other order, as far as its row of features is concerned."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray


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
