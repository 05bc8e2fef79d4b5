"""Which of two texts is the spun one: an antisymmetric score, so that swapping the texts turns the answer round."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted

from unspun.calibration import Calibration, Floats
from unspun.mirror import mirror
from unspun.trees import TreeMember


class DirectionHead(BaseEstimator):
    """The probability that the suspect is the spun side, given that one of the two is.

    Parameters
    ----------
    partners, signs : array (n_features,)
        What swapping the texts does to the columns (see `unspun.head.mirror`).
    max_iter, learning_rate, max_leaf_nodes, min_samples_leaf, l2_regularization, max_features
        Of the boosted trees.
    random_state : int
        Seed of the columns drawn.

    Examples
    --------
    >>> rows = np.random.default_rng(0).normal(1.0, 0.3, size=(400, 1))
    >>> head = DirectionHead(partners=[0], signs=[-1]).fit(rows)
    >>> p = head.predict_forward(np.array([[1.0], [-1.0]]))
    >>> bool(p[0] > 0.9), bool(abs(p.sum() - 1) < 1e-9)
    (True, True)
    """

    def __init__(
        self,
        partners: Any = None,
        signs: Any = None,
        max_iter: int = 200,
        learning_rate: float = 0.06,
        max_leaf_nodes: int = 6,
        min_samples_leaf: int = 40,
        l2_regularization: float = 10.0,
        max_features: float = 0.3,
        random_state: int = 0,
    ) -> None:
        self.partners = partners
        self.signs = signs
        self.max_iter = max_iter
        self.learning_rate = learning_rate
        self.max_leaf_nodes = max_leaf_nodes
        self.min_samples_leaf = min_samples_leaf
        self.l2_regularization = l2_regularization
        self.max_features = max_features
        self.random_state = random_state

    def fit(self, X: ArrayLike, sample_weight: ArrayLike | None = None) -> Self:
        """Fit on spun pairs in their true order, source first; the other order is made here.

        Parameters
        ----------
        X : float array (n, n_features)
            Rows of features; NaN allowed.
        sample_weight : array (n,), optional
            Weights of the rows.
        """
        rows = np.asarray(X)
        weight = np.ones(len(rows)) if sample_weight is None else np.asarray(sample_weight, np.float64)
        both = np.concatenate([rows, mirror(rows, self.partners, self.signs)])
        forward = np.repeat([1, 0], len(rows))
        own = ("max_iter", "learning_rate", "max_leaf_nodes", "min_samples_leaf", "l2_regularization", "max_features")
        trees = TreeMember(random_state=self.random_state, **{name: getattr(self, name) for name in own})
        self.trees_ = trees.fit(both, forward, np.tile(weight, 2))
        self.calibration_ = Calibration()
        return self

    def calibrate(self, calibration: Calibration) -> Self:
        """Set the slope of the log-odds; an intercept would favour one order and is left out."""
        check_is_fitted(self)
        self.calibration_ = Calibration(calibration.slope, 0.0)
        return self

    def log_odds(self, X: ArrayLike, calibrated: bool = True) -> Floats:
        """Return the log-odds that the suspect is the spun side; the other order gives the negative."""
        check_is_fitted(self)
        rows: NDArray[Any] = np.asarray(X)
        there = self.trees_.decision_function(rows)
        back = self.trees_.decision_function(mirror(rows, self.partners, self.signs))
        raw = np.asarray(there - back, np.float64) / 2
        return self.calibration_.apply(raw) if calibrated else raw

    def predict_forward(self, X: ArrayLike) -> Floats:
        """Return the probability, in (0, 1), that the suspect is the spun side."""
        return np.asarray(expit(self.log_odds(X)), np.float64)
