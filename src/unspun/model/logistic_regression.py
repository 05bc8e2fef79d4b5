"""Logistic regression as one voice of the direction: blunt within a dataset, steady beyond it."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator
from sklearn.linear_model import LogisticRegression

from unspun.model.calibration import Floats, log_odds
from unspun.model.scaling import Scaling


class LinearClassifier(BaseEstimator):
    """Log-odds linear in the features, standardised and cut off at three standard deviations.

    Parameters
    ----------
    C : float
        Inverse strength of the ridge penalty.

    Attributes
    ----------
    scaling_ : Scaling
        How columns are standardised.
    coef_ : float array (m,)
        Of the standardised columns; 0 for a column that does not vary.
    intercept_ : float
        The log-odds where every column has its mean.

    Examples
    --------
    >>> X = np.array([[-2.0], [-0.1], [np.nan], [3.0]] * 10)
    >>> LinearClassifier().fit(X, X[:, 0] > 1).decision_function(np.array([[3.0], [-2.0]])) > 0
    array([ True, False])
    """

    def __init__(self, C: float = 0.1) -> None:
        self.C = C

    def fit(self, X: NDArray[Any], y: NDArray[np.bool_], sample_weight: Floats | None = None) -> Self:
        """Fit on rows; NaN takes the column's median."""
        weight = np.ones(len(X)) if sample_weight is None else sample_weight
        self.scaling_ = Scaling.fit(X, weight)
        rows = self.scaling_.apply(X)
        varies = rows.any(axis=0)
        self.coef_ = np.zeros(rows.shape[1])
        if not varies.any():
            self.intercept_ = float(log_odds(np.average(y, weights=weight)))
            return self
        model = LogisticRegression(C=self.C, max_iter=1000).fit(rows[:, varies], y, weight)
        self.coef_[varies], self.intercept_ = model.coef_[0], float(model.intercept_[0])
        return self

    def decision_function(self, X: NDArray[Any]) -> Floats:
        """Return the log-odds of the positive class."""
        return np.asarray(self.scaling_.apply(X) @ self.coef_ + self.intercept_, np.float64)
