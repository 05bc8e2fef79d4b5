"""Logistic regression as one voice of the head: blunter than trees within a dataset, steadier beyond it."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator
from sklearn.linear_model import LogisticRegression

from unspun.calibration import Floats, log_odds

# One extreme value must not decide: standardised values are cut off here.
_LIMIT = 3.0


class LinearMember(BaseEstimator):
    """Log-odds linear in the features, standardised and cut off at three standard deviations.

    Parameters
    ----------
    C : float
        Inverse strength of the ridge penalty.

    Attributes
    ----------
    median_, mean_, scale_, coef_ : float array (m,)
        Of the columns; a column that does not vary has the coefficient 0.
    intercept_ : float
        The log-odds where every column has its mean.

    Examples
    --------
    >>> X = np.array([[-2.0], [-0.1], [np.nan], [3.0]] * 10)
    >>> LinearMember().fit(X, X[:, 0] > 1).decision_function(np.array([[3.0], [-2.0]])) > 0
    array([ True, False])
    """

    def __init__(self, C: float = 0.1) -> None:
        self.C = C

    def fit(self, X: NDArray[Any], y: NDArray[np.bool_], sample_weight: Floats | None = None) -> Self:
        """Fit on rows; NaN takes the column's median."""
        rows = np.asarray(X, np.float64)
        weight = np.ones(len(rows)) if sample_weight is None else sample_weight
        self.median_ = np.array([np.median(known) if len(known) else 0.0 for known in map(_known, rows.T)])
        rows = np.where(np.isnan(rows), self.median_, rows)
        self.mean_ = np.average(rows, axis=0, weights=weight)
        scale = np.sqrt(np.average((rows - self.mean_) ** 2, axis=0, weights=weight))
        varies = scale > 1e-9
        self.scale_ = np.where(varies, scale, 1.0)
        self.coef_ = np.zeros(rows.shape[1])
        if not varies.any():
            self.intercept_ = float(log_odds(np.average(y, weights=weight)))
            return self
        model = LogisticRegression(C=self.C, max_iter=1000).fit(self._standardised(rows)[:, varies], y, weight)
        self.coef_[varies], self.intercept_ = model.coef_[0], float(model.intercept_[0])
        return self

    def decision_function(self, X: NDArray[Any]) -> Floats:
        """Return the log-odds of the positive class."""
        return np.asarray(self._standardised(X) @ self.coef_ + self.intercept_, np.float64)

    def attribute(self, X: NDArray[Any]) -> tuple[Floats, float]:
        """Return what every column adds to the log-odds, (n, m), and the bias that makes up the rest."""
        return np.asarray(self._standardised(X) * self.coef_, np.float64), self.intercept_

    def _standardised(self, X: NDArray[Any]) -> Floats:
        rows = np.asarray(X, np.float64)
        filled = np.where(np.isnan(rows), self.median_, rows)
        return np.clip((filled - self.mean_) / self.scale_, -_LIMIT, _LIMIT)


def _known(column: Floats) -> Floats:
    return column[~np.isnan(column)]
