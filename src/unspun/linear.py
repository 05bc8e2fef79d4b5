"""A logistic regression that reads a pair the same way in both orders.

It sees each feature once as the mean of both orders and once as the size of their difference, standardised and cut
off at three standard deviations. It is blunter than trees within a dataset and steadier beyond it.
"""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator
from sklearn.linear_model import LogisticRegression

from unspun.calibration import Floats
from unspun.mirror import mirror

_LIMIT = 3.0


class LinearMember(BaseEstimator):
    """Log-odds linear in the symmetric parts of the features.

    Parameters
    ----------
    partners, signs : array (m,), optional
        What swapping the texts does to the columns (see `unspun.mirror`).
    C : float
        Inverse strength of the ridge penalty.

    Attributes
    ----------
    kept_ : int array (k,)
        The columns of `symmetric_parts` in use: those that vary.
    median_, mean_, scale_, coef_ : float array (k,)
        Of those columns.
    intercept_ : float
        The log-odds where every column has its mean.

    Examples
    --------
    >>> X = np.array([[-2.0], [-0.1], [0.2], [3.0]] * 10)
    >>> member = LinearMember(signs=[-1]).fit(X, np.abs(X[:, 0]) > 1)
    >>> bool(np.allclose(member.decision_function(X), member.decision_function(-X)))
    True
    """

    def __init__(self, partners: Any = None, signs: Any = None, C: float = 0.1) -> None:
        self.partners = partners
        self.signs = signs
        self.C = C

    def fit(self, X: NDArray[Any], y: NDArray[np.bool_], sample_weight: Floats | None = None) -> Self:
        """Fit on rows in either order; NaN takes the median."""
        parts = symmetric_parts(X, self.partners, self.signs)
        weight = np.ones(len(parts)) if sample_weight is None else sample_weight
        known = ~np.isnan(parts).all(axis=0)
        median = np.zeros(parts.shape[1])
        median[known] = np.nanmedian(parts[:, known], axis=0)
        parts = np.where(np.isnan(parts), median, parts)
        mean = np.average(parts, axis=0, weights=weight)
        scale = np.sqrt(np.average((parts - mean) ** 2, axis=0, weights=weight))
        self.kept_ = np.flatnonzero(scale > 1e-9)
        self.median_, self.mean_, self.scale_ = median[self.kept_], mean[self.kept_], scale[self.kept_]
        self.n_parts_ = parts.shape[1]
        if not len(self.kept_):
            share = np.clip(np.average(y, weights=weight), 1e-6, 1 - 1e-6)
            self.coef_, self.intercept_ = np.zeros(0), float(np.log(share / (1 - share)))
            return self
        model = LogisticRegression(C=self.C, max_iter=1000)
        model.fit(self._standardised(parts[:, self.kept_]), y, sample_weight=weight)
        self.coef_, self.intercept_ = model.coef_[0].astype(np.float64), float(model.intercept_[0])
        return self

    def _standardised(self, parts: Floats) -> Floats:
        filled = np.where(np.isnan(parts), self.median_, parts)
        return np.clip((filled - self.mean_) / self.scale_, -_LIMIT, _LIMIT)

    def decision_function(self, X: NDArray[Any]) -> Floats:
        """Return the log-odds of the positive class."""
        parts = symmetric_parts(X, self.partners, self.signs)[:, self.kept_]
        return np.asarray(self._standardised(parts) @ self.coef_ + self.intercept_, np.float64)

    def attribute(self, X: NDArray[Any]) -> Floats:
        """Return what every feature adds to the log-odds; row sums plus ``intercept_`` are `decision_function`."""
        parts = symmetric_parts(X, self.partners, self.signs)[:, self.kept_]
        added = np.zeros((len(X), self.n_parts_))
        added[:, self.kept_] = self._standardised(parts) * self.coef_
        n_features = X.shape[1]
        return added[:, :n_features] + added[:, n_features:]


def symmetric_parts(X: NDArray[Any], partners: Any, signs: Any) -> Floats:
    """Return the mean of both orders of every feature, then the size of half their difference.

    Examples
    --------
    >>> symmetric_parts(np.array([[1.0, 3.0, -2.0]]), [1, 0, 2], [1, 1, -1]).tolist()
    [[2.0, 2.0, 0.0, 1.0, 1.0, 2.0]]
    """
    there = np.asarray(X, np.float64)
    back = mirror(there, partners, signs)
    return np.concatenate([(there + back) / 2, np.abs(there - back) / 2], axis=1)
