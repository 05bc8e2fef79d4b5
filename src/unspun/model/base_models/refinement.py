"""Take a second look at log-odds, by how much of two texts there is to compare.

Where almost every word of one text stands in the other, or none can be aligned, the base models are sure for
other reasons than elsewhere, and err at other log-odds. Small boosted trees learn that from scores made unseen (D.
Wolpert, 1992, "Stacked generalization"). They may move log-odds so far and no farther: beyond the training pairs steps
that nothing bounds end where the surest pairs begin (docs/notebook/2026-11-24-a-second-look.md).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from unspun.model.base_models.boosted_trees import BoostedTrees, TreeSettings
from unspun.model.calibration import IDENTITY, Calibration, Floats, fit_calibration

# Where log-odds border on others a dataset left out can lose more by coarse steps than by noise.
_N_QUANTILES = 255


@dataclass(frozen=True, slots=True, eq=False)
class Refinement:
    """Moves log-odds by what a few features say of the circumstances.

    Attributes
    ----------
    columns : int array (k, 2)
        The features, each with the one that takes its place when the texts are swapped (itself where none does).
    bound : float
        By how much log-odds may be moved, at most.
    line : Calibration
        From raw log-odds to those that are moved.
    trees : BoostedTrees or None
        What log-odds would be without the bound; None where nothing is moved.
    """

    columns: NDArray[np.intp]
    bound: float
    line: Calibration = IDENTITY
    trees: BoostedTrees | None = None

    def apply(self, raw: Floats, X: NDArray[Any]) -> Floats:
        """Return the log-odds moved, (n,).

        Parameters
        ----------
        raw : float array (n,)
            Raw log-odds, in nats.
        X : float array (n, n_features)
            Features of the rows.

        Returns
        -------
        float64 array (n,)
            Log-odds in nats, moved by ``bound`` at most.
        """
        start = self.line.apply(raw)
        return start if self.trees is None else self._bounded(self.trees, start, _rows(raw, X, self.columns))

    def attribute(self, raw: Floats, X: NDArray[Any]) -> Floats:
        """Return what every feature moved the log-odds by, (n, n_features).

        Shared out as the trees add it up, and evenly between features that exchange places.

        Parameters
        ----------
        raw : float array (n,)
            Raw log-odds, in nats.
        X : float array (n, n_features)
            Features of the rows.

        Returns
        -------
        float64 array (n, n_features)
            Nats a feature; 0 where nothing is moved.
        """
        out = np.zeros(X.shape)
        if self.trees is None:
            return out
        rows = _rows(raw, X, self.columns)
        start = self.line.apply(raw)
        moved = self._bounded(self.trees, start, rows) - start
        added = np.abs(self.trees.attribute(rows)[0][:, 1:])
        total = added.sum(axis=1, keepdims=True)
        share = np.where(total > 0, added / np.where(total > 0, total, 1.0), 1 / added.shape[1])
        for place, column in zip(self._places(), share.T, strict=True):
            for feature in place:
                out[:, feature] += moved * column / 2
        return out

    def _bounded(self, trees: BoostedTrees, start: Floats, rows: NDArray[Any]) -> Floats:
        return np.clip(trees.log_odds(rows), start - self.bound, start + self.bound)

    def _places(self) -> NDArray[np.intp]:
        """Return the features that the columns after the first stand for, in both orders of the texts."""
        exchange = self.columns[:, 0] != self.columns[:, 1]
        return np.concatenate([self.columns, self.columns[exchange]])


@dataclass(frozen=True, slots=True, eq=False)
class RefinementSettings:
    """Say how to fit a `Refinement`.

    Attributes
    ----------
    columns : int array (k, 2)
        As in `Refinement`.
    bound : float
        By how much log-odds may be moved, at most.
    min_rows : int
        Below this many rows, or where one class alone is there, nothing is learnt and nothing moved.
    n_draws, max_iter, learning_rate, max_leaf_nodes, min_samples_leaf, l2_regularization
        Of the trees, which never let log-odds fall where the raw ones rise (see
        `unspun.model.base_models.boosted_trees.TreeSettings`).

    Examples
    --------
    Scores below 0 are wrong wherever the feature is 1:

    >>> raw, X = np.linspace(-3, 3, 400), np.tile([[0.0], [1.0]], (200, 1))
    >>> truth = (raw > 0) | (X[:, 0] > 0)
    >>> refinement = RefinementSettings([[0, 0]], bound=1.0, min_rows=400).fit(raw, X, truth, np.ones(400))
    >>> low, high = refinement.apply(np.array([-1.0, -1.0]), np.array([[0.0], [1.0]]))
    >>> bool(low < high)
    True
    >>> float(round(high - low, 3))
    2.0
    """

    columns: ArrayLike
    bound: float = 1.5
    min_rows: int = 2000
    n_draws: int = 5
    max_iter: int = 150
    learning_rate: float = 0.05
    max_leaf_nodes: int = 8
    min_samples_leaf: int = 40
    l2_regularization: float = 5.0

    def fit(self, raw: Floats, X: NDArray[Any], positive: ArrayLike, weight: Floats) -> Refinement:
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

        Returns
        -------
        Refinement
            One that moves nothing where there is too little to learn from.
        """
        truth, columns = np.asarray(positive, bool), np.asarray(self.columns, np.intp)
        if len(raw) < self.min_rows or truth.all() or not truth.any():
            return Refinement(columns, self.bound)
        rows = _rows(raw, X, columns)
        settings = {name: value for name, value in asdict(self).items() if name not in ("columns", "bound", "min_rows")}
        rising = (1, *[0] * (rows.shape[1] - 1))
        grower = TreeSettings(max_features=1.0, monotonic_cst=rising, n_quantiles=_N_QUANTILES, **settings)
        trees = grower.fit(rows, truth, weight / weight.mean())
        return Refinement(columns, self.bound, fit_calibration(raw, truth, weight), trees)


def _rows(raw: Floats, X: NDArray[Any], columns: NDArray[np.intp]) -> NDArray[Any]:
    """Return what the trees see: raw log-odds, then the features, the less and the more of two."""
    first, second = X[:, columns[:, 0]], X[:, columns[:, 1]]
    exchange = columns[:, 0] != columns[:, 1]
    return np.column_stack([raw, np.fmin(first, second), np.fmax(first, second)[:, exchange]])
