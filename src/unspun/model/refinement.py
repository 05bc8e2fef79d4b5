"""A second look at log-odds: what they are worth, given how much of two texts there is to compare.

Where almost every word of one text stands in the other, or none can be aligned, the voices of the head are sure for
other reasons than elsewhere, and err at other log-odds. Small boosted trees learn that from scores made unseen (D.
Wolpert, 1992, "Stacked generalization"). They may move log-odds so far and no farther: beyond the training pairs steps
that nothing bounds end where the surest pairs begin (docs/notebook/2026-11-24-a-second-look.md).
"""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator

from unspun.model.boosted_trees import BoostedTrees
from unspun.model.calibration import Calibration, Floats, fit_calibration

# Where log-odds border on others a dataset left out can lose more by coarse steps than by noise.
_N_QUANTILES = 255


class Refinement(BaseEstimator):
    """Moves log-odds by what a few features say of the circumstances.

    Parameters
    ----------
    columns : int array (k, 2)
        The features, each with the one that takes its place when the texts are swapped (itself where none does).
    bound : float
        By how much log-odds may be moved, at most.
    min_rows : int
        Below this many rows, or where one class alone is there, nothing is learnt and nothing moved.
    n_draws, max_iter, learning_rate, max_leaf_nodes, min_samples_leaf, l2_regularization
        Of the trees (see `unspun.model.boosted_trees.BoostedTrees`), which never let log-odds fall where the raw ones
        rise.

    Attributes
    ----------
    line_ : Calibration
        From raw log-odds to those that are moved.
    trees_ : BoostedTrees or None
        What log-odds would be without the bound.

    Examples
    --------
    Scores below 0 are wrong wherever the feature is 1:

    >>> raw, X = np.linspace(-3, 3, 400), np.tile([[0.0], [1.0]], (200, 1))
    >>> truth = (raw > 0) | (X[:, 0] > 0)
    >>> refinement = Refinement([[0, 0]], bound=1.0, min_rows=400).fit(raw, X, truth, np.ones(400))
    >>> low, high = refinement.apply(np.array([-1.0, -1.0]), np.array([[0.0], [1.0]]))
    >>> bool(low < high)
    True
    >>> float(round(high - low, 3))
    2.0
    """

    def __init__(
        self,
        columns: Any,
        bound: float = 1.5,
        min_rows: int = 2000,
        n_draws: int = 5,
        max_iter: int = 150,
        learning_rate: float = 0.05,
        max_leaf_nodes: int = 8,
        min_samples_leaf: int = 40,
        l2_regularization: float = 5.0,
    ) -> None:
        self.columns = columns
        self.bound = bound
        self.min_rows = min_rows
        self.n_draws = n_draws
        self.max_iter = max_iter
        self.learning_rate = learning_rate
        self.max_leaf_nodes = max_leaf_nodes
        self.min_samples_leaf = min_samples_leaf
        self.l2_regularization = l2_regularization

    def fit(self, raw: Floats, X: NDArray[Any], positive: ArrayLike, weight: Floats) -> Self:
        """Fit on scores that were made unseen.

        Parameters
        ----------
        raw : float array (n,)
            Log-odds from models that were fitted without the row.
        X : float array (n, n_features)
            Features of the rows.
        positive : bool array (n,)
            The truth.
        weight : float array (n,)
            Weights of the rows.
        """
        truth, self.trees_ = np.asarray(positive, bool), None
        if len(raw) < self.min_rows or truth.all() or not truth.any():
            self.line_ = Calibration()
            return self
        self.line_ = fit_calibration(raw, truth, weight)
        rows = self._rows(raw, X)
        own = ("n_draws", "max_iter", "learning_rate", "max_leaf_nodes", "min_samples_leaf", "l2_regularization")
        rising = [1] + [0] * (rows.shape[1] - 1)
        settings = {name: getattr(self, name) for name in own}
        trees = BoostedTrees(max_features=1.0, monotonic_cst=rising, n_quantiles=_N_QUANTILES, **settings)
        self.trees_ = trees.fit(rows, truth, weight / weight.mean())
        return self

    def apply(self, raw: Floats, X: NDArray[Any]) -> Floats:
        """Return the log-odds moved, (n,)."""
        start = self.line_.apply(raw)
        return start if self.trees_ is None else self._bounded(self.trees_, start, self._rows(raw, X))

    def attribute(self, raw: Floats, X: NDArray[Any]) -> Floats:
        """Return what every feature moved the log-odds by, (n, n_features).

        Shared out as the trees add it up, and evenly between features that exchange places.
        """
        out = np.zeros(X.shape)
        if self.trees_ is None:
            return out
        rows = self._rows(raw, X)
        start = self.line_.apply(raw)
        moved = self._bounded(self.trees_, start, rows) - start
        added = np.abs(self.trees_.attribute(rows)[0][:, 1:])
        total = added.sum(axis=1, keepdims=True)
        share = np.where(total > 0, added / np.where(total > 0, total, 1.0), 1 / added.shape[1])
        for place, column in zip(self._places(), share.T, strict=True):
            for feature in place:
                out[:, feature] += moved * column / 2
        return out

    def _bounded(self, trees: BoostedTrees, start: Floats, rows: NDArray[Any]) -> Floats:
        return np.clip(trees.decision_function(rows), start - self.bound, start + self.bound)

    def _places(self) -> NDArray[np.intp]:
        """Return the features that the columns after the first stand for, in both orders of the texts."""
        columns = np.asarray(self.columns, np.intp)
        return np.concatenate([columns, columns[columns[:, 0] != columns[:, 1]]])

    def _rows(self, raw: Floats, X: NDArray[Any]) -> NDArray[Any]:
        """Return what the trees see: raw log-odds, then the features, the less and the more of two."""
        columns = np.asarray(self.columns, np.intp)
        first, second = X[:, columns[:, 0]], X[:, columns[:, 1]]
        exchange = columns[:, 0] != columns[:, 1]
        return np.column_stack([raw, np.fmin(first, second), np.fmax(first, second)[:, exchange]])
