"""From raw log-odds to probabilities: an affine map, so that what every feature adds still adds up.

Platt's method: slope and intercept of a logistic regression on scores that were made unseen
(J. Platt, 1999, "Probabilistic outputs for support vector machines").
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit

Floats = NDArray[np.float64]

# Scores that order nothing would give a slope of 0, scores that err a negative one: both would undo the order.
_MIN_SLOPE = 0.05
_N_STEPS = 100
# Keeps the slope finite where the classes are parted without an error.
_RIDGE = 1e-3


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
    x, y = np.asarray(raw, np.float64), np.asarray(positive, np.float64)
    w = np.ones_like(x) if weight is None else np.asarray(weight, np.float64)
    if not 0 < w @ y < w.sum():
        return Calibration()
    w = w / w.sum()
    design = np.column_stack([x, np.ones_like(x)])
    ridge, prior = np.diag([_RIDGE, 0.0]), np.array([1.0, 0.0])
    theta = prior.copy()
    for _ in range(_N_STEPS):
        p = expit(design @ theta)
        gradient = design.T @ (w * (p - y)) + ridge @ (theta - prior)
        # The curvature bound of the logistic loss (1/4) makes every step safe where Newton's would overshoot.
        curvature = np.maximum(p * (1 - p), 0.02)
        step = np.linalg.solve((design.T * (w * curvature)) @ design + ridge + 1e-12 * np.eye(2), gradient)
        theta = theta - step
        if np.abs(step).max() < 1e-10:
            break
    return Calibration(float(max(theta[0], _MIN_SLOPE)), float(theta[1]))


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
