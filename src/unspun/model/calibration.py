"""Turn raw log-odds into probabilities by a line or a bent line.

Under a line, what every feature adds still adds up.

Platt's method: slope and intercept of a logistic regression on scores that were made unseen
(J. Platt, 1999, "Probabilistic outputs for support vector machines").
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

# Scores that order nothing would give a slope of 0, scores that err a negative one: both would undo the order.
_MIN_SLOPE = 0.05
_N_STEPS = 100
# Keeps the slope finite where the classes are parted without an error.
_RIDGE = 1e-3


def expit(log_odds: ArrayLike) -> Floats:
    """Return the probabilities that log-odds stand for.

    Number by number, by the exponential of the C library: numpy's own differs from processor to processor.

    Parameters
    ----------
    log_odds : float array
        Of any shape.

    Returns
    -------
    float64 array
        Probabilities, in [0, 1], of the same shape.

    Examples
    --------
    >>> expit([-np.inf, 0.0, np.inf]).tolist()
    [0.0, 0.5, 1.0]
    """
    values = np.asarray(log_odds, np.float64)
    return np.array([_expit(value) for value in values.ravel().tolist()], np.float64).reshape(values.shape)


def _expit(value: float) -> float:
    try:
        return 1.0 / (1.0 + math.exp(-value))
    except OverflowError:
        return 0.0


def logit(probability: ArrayLike) -> Floats:
    """Return the log-odds of probabilities, infinite at 0 and 1.

    See `log_odds` for finite ones.

    Parameters
    ----------
    probability : float array
        In [0, 1], of any shape.

    Returns
    -------
    float64 array
        Log-odds, of the same shape.

    Examples
    --------
    >>> logit([0.0, 0.5, 1.0]).tolist()
    [-inf, 0.0, inf]
    """
    values = np.asarray(probability, np.float64)
    return np.array([_logit(value) for value in values.ravel().tolist()], np.float64).reshape(values.shape)


def _logit(value: float) -> float:
    if not 0.0 < value < 1.0:
        return {0.0: -math.inf, 1.0: math.inf}.get(value, math.nan)
    if value < 0.3 or value > 0.65:
        return math.log(value / (1.0 - value))
    # Near one half the quotient loses digits.
    off = 2.0 * (value - 0.5)
    return math.log1p(off) - math.log1p(-off)


class Calibration(NamedTuple):
    """The calibrated log-odds are ``slope * raw + intercept``.

    >>> float(Calibration(2.0, 1.0).apply(np.array([0.5]))[0])
    2.0
    """

    slope: float = 1.0
    intercept: float = 0.0

    def apply(self, raw: Floats) -> Floats:
        """Return calibrated log-odds."""
        return self.slope * raw + self.intercept


IDENTITY = Calibration()
"""The calibration that leaves log-odds as they are."""


class BentCalibration(NamedTuple):
    """Map raw log-odds by a line that bends at even odds.

    Calibrated log-odds rise by ``low`` far below even odds, and by ``high`` far above.

    It is the beta calibration of M. Kull, T. Silva Filho and P. Flach (2017, "Beyond sigmoids"): log p weighs ``high``
    and log(1 - p) weighs ``low``.

    >>> BentCalibration(1.0, 2.0).apply(np.array([-50.0, 50.0])).round(6).tolist()
    [-50.0, 100.0]
    """

    low: float = 1.0
    high: float = 1.0
    intercept: float = 0.0

    def apply(self, raw: Floats) -> Floats:
        """Return calibrated log-odds."""
        return np.asarray(self.low * raw + (self.high - self.low) * np.logaddexp(0.0, raw) + self.intercept, np.float64)


UNBENT = BentCalibration()
"""The bent line that leaves log-odds as they are."""


def fit_calibration(raw: ArrayLike, positive: ArrayLike, weight: ArrayLike | None = None) -> Calibration:
    """Fit an affine map of log-odds by weighted maximum likelihood.

    Parameters
    ----------
    raw : array (n,)
        Log-odds of rows that the model was not fitted on.
    positive : bool array (n,)
        The truth.
    weight : array (n,), optional
        Weights of the rows; their sums over the classes are the prior that the probabilities hold for.

    Returns
    -------
    Calibration
        The identity where only one class is there.

    Examples
    --------
    >>> raw = np.array([-3.0, -1.0, 1.0, 3.0] * 10)
    >>> truth = np.array([0, 0, 1, 0, 0, 1, 1, 1] * 5)
    >>> 0 < fit_calibration(raw, truth).slope < 1
    True
    """
    x = np.asarray(raw, np.float64)
    theta = _most_likely(x[:, np.newaxis], positive, weight)
    return IDENTITY if theta is None else Calibration(max(theta[0], _MIN_SLOPE), theta[1])


def fit_bent_calibration(raw: ArrayLike, positive: ArrayLike, weight: ArrayLike | None = None) -> BentCalibration:
    """Fit a bent line of log-odds by weighted maximum likelihood.

    Parameters
    ----------
    raw, positive, weight
        As `fit_calibration` takes them.

    Returns
    -------
    BentCalibration
        `UNBENT` where only one class is there.

    Examples
    --------
    Log-odds below even ones hold; above them 60 and 70 of 100 were positive, where 73 and 98 should be:

    >>> raw, truth = np.repeat([-4.0, -1.0, 1.0, 4.0], 100), [np.arange(100) < n for n in (2, 27, 60, 70)]
    >>> bent = fit_bent_calibration(raw, np.concatenate(truth))
    >>> bool(bent.high < 0.5 < bent.low)
    True
    """
    x = np.asarray(raw, np.float64)
    theta = _most_likely(np.column_stack([-np.logaddexp(0.0, -x), np.logaddexp(0.0, x)]), positive, weight)
    if theta is None:
        return UNBENT
    low, high, intercept = theta
    return BentCalibration(max(low, _MIN_SLOPE), max(high, _MIN_SLOPE), intercept)


def _most_likely(columns: Floats, positive: ArrayLike, weight: ArrayLike | None) -> list[float] | None:
    """Return the slope of every column and the intercept of a logistic regression, None where one class is missing."""
    from scipy.special import expit as fast_expit

    y = np.asarray(positive, np.float64)
    w = np.ones_like(y) if weight is None else np.asarray(weight, np.float64)
    if not 0 < w @ y < w.sum():
        return None
    w = w / w.sum()
    design = np.column_stack([columns, np.ones_like(y)])
    prior = np.append(np.ones(columns.shape[1]), 0.0)
    ridge = _RIDGE * np.diag(prior)
    theta = prior.copy()
    for _ in range(_N_STEPS):
        p = fast_expit(design @ theta)
        gradient = design.T @ (w * (p - y)) + ridge @ (theta - prior)
        # The curvature bound of the logistic loss (1/4) makes every step safe where Newton's would overshoot.
        curvature = np.maximum(p * (1 - p), 0.02)
        step = np.linalg.solve((design.T * (w * curvature)) @ design + ridge + 1e-12 * np.eye(len(prior)), gradient)
        theta = theta - step
        if np.abs(step).max() < 1e-10:
            break
    return [float(value) for value in theta]


class Interval(NamedTuple):
    """Hold an interval around each calibrated log-odds, made by grouped resampling.

    Attributes
    ----------
    grid : float array (k,)
        Calibrated log-odds, increasing.
    low, high : float array (k,)
        The interval's ends there; straight lines between, and parallel to the log-odds beyond.
    """

    grid: Floats = np.zeros(1)
    low: Floats = np.zeros(1)
    high: Floats = np.zeros(1)

    def apply(self, calibrated: Floats) -> tuple[Floats, Floats]:
        """Return both ends for calibrated log-odds, (n,) each.

        >>> low, high = Interval(np.array([0.0]), np.array([-1.0]), np.array([0.5])).apply(np.array([2.0]))
        >>> float(low[0]), float(high[0])
        (1.0, 2.5)
        """
        below, above = (np.interp(calibrated, self.grid, ends - self.grid) for ends in (self.low, self.high))
        return calibrated + below, calibrated + above


def fit_interval(calibrated: ArrayLike, positive: ArrayLike, weight: ArrayLike, group: ArrayLike) -> Interval:
    """Fit a 90 % interval around calibrated log-odds.

    It is what they would be for texts of another maker, a tool or a publisher that the model does not know.

    Two spreads are added in squares, as of independent causes. One is that of the calibration: whole groups are drawn
    with replacement (a cluster bootstrap: Efron and Tibshirani, 1993, chapter 8), and each draw gives a calibration of
    its own, of which the interval holds nine tenths. The other one is `MAKER_SPREAD`, how far makers lie apart.

    Parameters
    ----------
    calibrated : array (n,)
        Calibrated log-odds of rows that the model was not fitted on.
    positive : bool array (n,)
        The truth.
    weight : array (n,)
        Weights of the rows.
    group : array (n,)
        What is drawn together: the corpus a row is from.

    Returns
    -------
    Interval
        From calibrated log-odds to the ends of their interval.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> z = rng.normal(size=4000)
    >>> interval = fit_interval(z, rng.random(4000) < expit(z), np.ones(4000), np.arange(4000) % 20)
    >>> low, high = interval.apply(np.array([1.0]))
    >>> bool(-0.5 < low[0] < 0 < 2 < high[0] < 2.5)
    True
    """
    z, truth, w = np.asarray(calibrated, np.float64), np.asarray(positive, bool), np.asarray(weight, np.float64)
    edges = np.unique(np.quantile(z, np.linspace(0, 1, _N_BINS + 1)))
    place = np.clip(np.searchsorted(edges, z, "right") - 1, 0, max(len(edges) - 2, 0))
    _, code = np.unique(np.asarray(group), return_inverse=True)
    # Sums by group, class and bin stand for the rows: a draw is then a weighted sum of a few thousand numbers.
    sums = np.zeros((code.max() + 1, 2, max(len(edges) - 1, 1)))
    np.add.at(sums, (code, truth.astype(int), place), w)
    middle = np.bincount(place, w * z, sums.shape[2]) / np.maximum(np.bincount(place, w, sums.shape[2]), 1e-300)
    grid = np.linspace(-_INTERVAL_END, _INTERVAL_END, _N_POINTS)
    lines = np.array([line.apply(grid) for line in _drawn_calibrations(sums, middle)]).reshape(-1, len(grid))
    if not len(lines):
        return Interval(grid, grid, grid)
    low, high = np.quantile(lines, [_INTERVAL_TAIL, 1 - _INTERVAL_TAIL], axis=0)
    of_makers = _NINE_TENTHS * MAKER_SPREAD
    return Interval(
        grid,
        grid - np.hypot(np.maximum(grid - low, 0), of_makers),
        grid + np.hypot(np.maximum(high - grid, 0), of_makers),
    )


MAKER_SPREAD = 0.85
"""Standard deviation of what the log-odds of a maker's texts are off, where the model has seen none of them.

Measured with each of 34 repositories left out (docs/notebook/2026-11-30-intervals-for-new-makers.md).
"""
_NINE_TENTHS = 1.645
"""Standard deviations to either side that hold nine tenths of a normal distribution."""
_N_BINS = 200
_N_POINTS = 65
_INTERVAL_END = 8.0
_INTERVAL_TAIL = 0.05
_N_DRAWS = 400


def _drawn_calibrations(sums: Floats, middle: Floats) -> Iterator[Calibration]:
    """Yield the calibration of each draw of groups that holds both classes, the classes weighing alike."""
    rng = np.random.default_rng(0)
    truth = np.repeat([False, True], len(middle))
    for _ in range(_N_DRAWS):
        drawn = sums[rng.integers(len(sums), size=len(sums))].sum(axis=0)
        mass = drawn.sum(axis=1, keepdims=True)
        if (mass > 0).all():
            yield fit_calibration(np.tile(middle, 2), truth, (drawn / mass).ravel())


def log_odds(probability: ArrayLike) -> Floats:
    """Return ln(p / (1 - p)), finite also at 0 and 1.

    >>> float(log_odds(0.5))
    0.0
    """
    p = np.clip(np.asarray(probability, np.float64), 1e-9, 1 - 1e-9)
    return np.asarray(np.log(p) - np.log1p(-p), np.float64)


def shift_prior(log_odds_at_half: Floats, prior: float) -> Floats:
    """Move log-odds that hold for equal classes to another share of spun pairs.

    Parameters
    ----------
    log_odds_at_half : array
        Log-odds under a prior of 0.5.
    prior : float
        The share of spun pairs expected, in (0, 1).

    Returns
    -------
    float64 array
        Log-odds under ``prior``, of the same shape.

    Raises
    ------
    ValueError
        For a prior outside (0, 1).

    Examples
    --------
    >>> float(expit(shift_prior(np.array([0.0]), 0.01))[0].round(6))
    0.01
    """
    if not 0 < prior < 1:
        raise ValueError(f"the prior must lie between 0 and 1: {prior}")
    return np.asarray(log_odds_at_half + np.log(prior) - np.log1p(-prior), np.float64)
