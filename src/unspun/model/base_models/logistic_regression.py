"""Fit and use a logistic regression, a base model of the direction.

It is blunt within a dataset and steady beyond it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from unspun.model.base_models.scaling import Scaling
from unspun.model.calibration import Floats, log_odds


@dataclass(frozen=True, slots=True, eq=False)
class LinearClassifier:
    """Give log-odds that are linear in the features.

    These are standardised and cut off at three standard deviations.

    Attributes
    ----------
    scaling : Scaling
        How columns are standardised.
    coef : float array (m,)
        Of the standardised columns; 0 for a column that does not vary.
    intercept : float
        The log-odds where every column has its mean.
    """

    scaling: Scaling
    coef: Floats
    intercept: float

    def log_odds(self, X: NDArray[Any]) -> Floats:
        """Return the log-odds of the positive class, (n,)."""
        return np.asarray(self.scaling.apply(X) @ self.coef + self.intercept, np.float64)


def fit_linear(
    X: NDArray[Any], y: NDArray[np.bool_], sample_weight: Floats | None = None, C: float = 0.1
) -> LinearClassifier:
    """Fit a logistic regression; NaN takes the column's median.

    Parameters
    ----------
    X : float array (n, m)
        Rows.
    y : bool array (n,)
        Which rows are of the positive class.
    sample_weight : float array (n,), optional
        Weights of the rows.
    C : float
        Inverse strength of the ridge penalty.

    Returns
    -------
    LinearClassifier
        The share of the positive class alone where no column varies.

    Examples
    --------
    >>> X = np.array([[-2.0], [-0.1], [np.nan], [3.0]] * 10)
    >>> fit_linear(X, X[:, 0] > 1).log_odds(np.array([[3.0], [-2.0]])) > 0
    array([ True, False])
    """
    from sklearn.linear_model import LogisticRegression

    weight = np.ones(len(X)) if sample_weight is None else sample_weight
    scaling = Scaling.fit(X, weight)
    rows = scaling.apply(X)
    varies, coef = rows.any(axis=0), np.zeros(rows.shape[1])
    if not varies.any():
        return LinearClassifier(scaling, coef, float(log_odds(np.average(y, weights=weight))))
    model = LogisticRegression(C=C, max_iter=1000).fit(rows[:, varies], y, weight)
    coef[varies] = model.coef_[0]
    return LinearClassifier(scaling, coef, float(model.intercept_[0]))
