"""Declare a feature: its function, range and label, and the evidence it returns.

A feature is a function from an `AlignedPair` to a number or to an `Evidence`. One that counts edits returns
`Evidence`, whose number is computed from the edits it names, so that the score and what is shown cannot disagree.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from unspun.comparison.aligned_pair import AlignedPair
from unspun.text.token_text import BoolArray, IntArray

SAME, NEGATED = "same", "negated"


def measure(pair: AlignedPair, feature: Feature) -> Evidence:
    """Return a feature's value with the edits it was counted from (none for those that count nothing)."""
    return as_evidence(feature.measure(pair))


def as_evidence(found: float | Evidence) -> Evidence:
    """Return what a feature found as `Evidence`: a number alone counts no edits.

    >>> as_evidence(0.5).edits.tolist()
    []
    """
    return found if isinstance(found, Evidence) else Evidence(float(found), np.zeros(0, np.int64))


NAN = math.nan


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """A number with the edits it was counted from.

    Attributes
    ----------
    value : float
        The feature's value; NaN where nothing could be measured.
    edits : int array (k,)
        Rows of ``AlignedPair.edits`` that count.
    """

    value: float
    edits: NDArray[np.int64]

    @classmethod
    def share(cls, edits: NDArray[np.int64], counts: BoolArray, least: int = 1) -> Evidence:
        """Return the share of ``edits`` for which ``counts`` is true; NaN when there are fewer than ``least``.

        >>> Evidence.share(np.array([3, 5]), np.array([True, False])).value
        0.5
        """
        return cls(mean(counts) if len(edits) >= least else NAN, edits[counts])

    @classmethod
    def mean(cls, edits: NDArray[np.int64], amounts: NDArray[np.floating], least: int = 1) -> Evidence:
        """Return the mean of ``amounts``, leaving out NaN; NaN when fewer than ``least`` remain.

        >>> Evidence.mean(np.array([3, 5]), np.array([1.0, 2.0])).value
        1.5
        """
        known = ~np.isnan(amounts)
        edits = edits[known]
        return cls(mean(amounts[known].astype(np.float32)) if len(edits) >= least else NAN, edits)

    @classmethod
    def per(cls, edits: NDArray[np.int64], amount: float, total: float) -> Evidence:
        """Return ``amount``, which the edits make together, over ``total``; NaN when ``total`` is 0.

        >>> Evidence.per(np.array([3]), 2, 8).value
        0.25
        """
        return cls(ratio(float(amount), total), edits)


Measure = Callable[[AlignedPair], "float | Evidence"]


@dataclass(frozen=True, slots=True)
class Feature:
    """The declaration of a feature.

    Attributes
    ----------
    name : str
        Column name.
    measure : callable
        What computes it; its docstring says what it means.
    low, high : float
        Range of its values.
    neutral : float or None
        Value for two identical texts; NaN where it is undefined, None where it depends on the text.
    swapped : str
        What happens when the pair is shown in the other order: ``same``, ``negated`` or the name of the feature
        whose value takes its place.
    words : str
        Its name in plain words, for reports.
    whole : bool
        Whether it is measured over whole texts; others have one value for all pairs of which nothing is aligned.
    """

    name: str
    measure: Measure
    low: float
    high: float
    neutral: float | None
    swapped: Literal["same", "negated"] | str
    words: str
    whole: bool = False


def ratio(part: float, whole: float) -> float:
    """Return ``part / whole``, NaN when ``whole`` is 0.

    >>> ratio(1, 4), ratio(1, 0)
    (0.25, nan)
    """
    return part / whole if whole else NAN


def mean(values: NDArray[np.generic]) -> float:
    """Return the mean of an array, NaN when it is empty.

    >>> mean(np.array([True, False])), mean(np.array([]))
    (0.5, nan)
    """
    if not len(values):
        return NAN
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
        return NAN
    away = values - mean(values)
    return math.sqrt(np.add.reduce(away * away) / len(values))


def among(values: IntArray, others: IntArray) -> BoolArray:
    """Return which of a few values are among others, faster than ``numpy.isin`` for short arrays.

    >>> among(np.array([1, 2]), np.array([2, 3])).tolist()
    [False, True]
    """
    known = set(others.tolist())
    return np.array([value in known for value in values.tolist()], np.bool_)


def log_ratio(source: int, suspect: int) -> float:
    """Return the logarithm of ``suspect / source``, NaN when either is 0."""
    return math.log(suspect / source) if source and suspect else NAN
