"""Compute figures of short arrays, in less time than numpy's own functions."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from unspun.text.token_text import BoolArray, IntArray

_NAN = math.nan


def ratio(part: float, whole: float) -> float:
    """Return ``part / whole``, NaN when ``whole`` is 0.

    Parameters
    ----------
    part, whole : float
        Two amounts of one unit.

    Returns
    -------
    float
        In [0, 1] where the part is one of the whole.

    Examples
    --------
    >>> ratio(1, 4), ratio(1, 0)
    (0.25, nan)
    """
    return part / whole if whole else _NAN


def log_ratio(source: int, suspect: int) -> float:
    """Return the logarithm of ``suspect / source``, NaN when either is 0.

    Parameters
    ----------
    source, suspect : int
        A count in each text.

    Returns
    -------
    float
        Above 0 where the suspect has more.

    Examples
    --------
    >>> log_ratio(4, 4), log_ratio(0, 4)
    (0.0, nan)
    """
    return math.log(suspect / source) if source and suspect else _NAN


def mean(values: NDArray[np.generic]) -> float:
    """Return the mean of an array, NaN when it is empty.

    >>> mean(np.array([True, False])), mean(np.array([]))
    (0.5, nan)
    """
    if not len(values):
        return _NAN
    # Arrays here are short: these calls cost a fifth of ``ndarray.mean``.
    total = np.count_nonzero(values) if values.dtype.char == "?" else np.add.reduce(values)
    return float(total / len(values))


def spread(values: NDArray[np.floating] | IntArray) -> float:
    """Return the standard deviation of an array, NaN when it is empty.

    >>> spread(np.array([1, 3])), spread(np.array([]))
    (1.0, nan)
    """
    # A third of the time of ``ndarray.std`` for arrays as short as these.
    if not len(values):
        return _NAN
    away = values - mean(values)
    return math.sqrt(np.add.reduce(away * away) / len(values))


def among(values: IntArray, others: IntArray) -> BoolArray:
    """Return which of a few values are among others.

    For short arrays it is faster than ``numpy.isin``.

    Parameters
    ----------
    values, others : int array
        Of any length.

    Returns
    -------
    bool array
        An entry for each of ``values``.

    Examples
    --------
    >>> among(np.array([1, 2]), np.array([2, 3])).tolist()
    [False, True]
    """
    known = set(others.tolist())
    return np.array([value in known for value in values.tolist()], np.bool_)
