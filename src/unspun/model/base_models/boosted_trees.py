"""Fit and use boosted trees, a base model of the classifier.

Kept as a few arrays they are quick to open, to score and to explain.

scikit-learn grows the trees. They are kept as bit masks over their leaves (C. Lucchese et al., 2015, "QuickScorer"):
every split that says no rules out the leaves on its left, and the first leaf that no split rules out is the one
reached. What a feature adds is read off the path to that leaf: each split's change of the expected log-odds goes to
the feature that was asked (A. Saabas, 2014, "Interpreting random forests").
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from unspun.model.calibration import Floats

# Rows scored at once: what they need at a time fits a processor's cache.
_CHUNK = 16
# Values are rounded to this many before trees are grown: a split between two rows of one dataset is noise.
# Scikit-learn's own weighted quantiles take four times as long as the trees.
_N_QUANTILES = 128
_MAX_LEAVES = 64
_ALL = np.uint64(2**64 - 1)
_STILL = 1e-9
"""Log-odds that moved less than this from where they started are taken not to have moved."""
_LARGEST = float(np.finfo(np.float64).max)


@dataclass(frozen=True, slots=True, eq=False)
class Forest:
    """Hold t trees, padded to s splits, s + 1 leaves and paths of d splits each.

    Attributes
    ----------
    column : int (s, t)
        The column that a split asks; plus the number of columns where NaN goes left.
    threshold : float (s, t)
        A split says yes up to this value.
    possible : uint64 (s, t)
        Bits of the leaves that stay possible when the split says no.
    value : float (t * (s + 1),)
        Log-odds of the leaves, those of a tree from left to right.
    path_column : int (d, t * (s + 1))
        The columns asked on the way to each leaf.
    path_gain : float (d, t * (s + 1))
        What each of these splits added to the expected log-odds.
    start : float
        What the trees start from.
    """

    column: NDArray[np.intp]
    threshold: Floats
    possible: NDArray[np.uint64]
    value: Floats
    path_column: NDArray[np.intp]
    path_gain: Floats
    start: float

    def leaves(self, X: NDArray[Any]) -> NDArray[np.intp]:
        """Return the leaf that each row reaches in each tree, (n, t).

        A leaf is named by its place in ``value``.
        """
        n_splits, n_trees = self.column.shape
        first = np.arange(n_trees) * (n_splits + 1)
        # In the first copy of the columns NaN goes right at every split, in the second it goes left.
        known = np.concatenate([np.where(np.isnan(X), fill, X) for fill in (np.inf, -np.inf)], axis=1, dtype=np.float64)
        ruled_out, out = (~self.possible).view(np.int64), np.empty((len(X), n_trees), np.intp)
        for start in range(0, len(X), _CHUNK):
            no = known[start : start + _CHUNK].take(self.column, axis=1) > self.threshold
            # All bits where a split says no: whole numbers of one size are put together twice as fast as others.
            gone = np.negative(no.view(np.int8), dtype=np.int64)
            gone &= ruled_out
            left = ~np.bitwise_or.reduce(gone, axis=1).view(np.uint64)
            lowest = left & (~left + np.uint64(1))
            out[start : start + _CHUNK] = first + np.frexp(lowest.astype(np.float64))[1] - 1
        return out

    def log_odds(self, X: NDArray[Any]) -> Floats:
        """Return the sum over trees, (n,)."""
        return np.asarray(self.start + self.value[self.leaves(X)].sum(axis=1), np.float64)

    def attribute(self, X: NDArray[Any]) -> tuple[Floats, float]:
        """Return what every column adds to the log-odds, (n, m), and the bias."""
        reached = self.leaves(X)
        column, gain = self.path_column[:, reached], self.path_gain[:, reached]
        added = np.zeros(X.shape)
        np.add.at(added, (np.arange(len(X))[np.newaxis, :, np.newaxis], column), gain)
        # Every leaf is the expected value of its tree plus the gains on its path: any leaf gives that value.
        first = np.arange(self.column.shape[1]) * (len(self.column) + 1)
        return added, self.start + float((self.value[first] - self.path_gain[:, first].sum(axis=0)).sum())


@dataclass(frozen=True, slots=True, eq=False)
class BoostedTrees:
    """Fitted boosted trees.

    Attributes
    ----------
    forest : Forest
        The trees.
    ceiling : float
        Log-odds above 0 are bent so that they stay below it.
    """

    forest: Forest
    ceiling: float = math.inf

    def log_odds(self, X: NDArray[Any]) -> Floats:
        """Return the log-odds of the positive class, (n,)."""
        return bend(self.forest.log_odds(X), self.ceiling)

    def attribute(self, X: NDArray[Any]) -> tuple[Floats, float]:
        """Return what every column adds to the log-odds, (n, m), and the bias.

        What bending takes away is taken from all columns in proportion, as the rescale rule does (see
        `unspun.model.base_models.neural_networks`).
        """
        added, start = self.forest.attribute(X)
        moved, bias = added.sum(axis=1), float(bend(np.array([start]), self.ceiling)[0])
        still = np.abs(moved) < _STILL
        share = np.where(still, 1.0, (bend(start + moved, self.ceiling) - bias) / np.where(still, 1.0, moved))
        return added * share[:, np.newaxis], bias


@dataclass(frozen=True, slots=True)
class TreeSettings:
    """Say how to grow `BoostedTrees`.

    Attributes
    ----------
    max_iter, learning_rate, max_leaf_nodes, min_samples_leaf, l2_regularization, max_features, random_state
        Of `sklearn.ensemble.HistGradientBoostingClassifier`; at most 64 leaves.
    ceiling : float
        Log-odds above 0 are bent so that they stay below it.

    Examples
    --------
    >>> X = np.array([[0.0], [1.0], [np.nan], [3.0]] * 20)
    >>> TreeSettings(max_iter=50, min_samples_leaf=5).fit(X, X[:, 0] > 1).log_odds(X[:4]) > 0
    array([False, False, False,  True])
    """

    max_iter: int = 300
    learning_rate: float = 0.06
    max_leaf_nodes: int = 15
    min_samples_leaf: int = 40
    l2_regularization: float = 10.0
    max_features: float = 0.2
    random_state: int = 0
    ceiling: float = math.inf

    def fit(self, X: NDArray[Any], y: NDArray[np.bool_], sample_weight: Floats | None = None) -> BoostedTrees:
        """Grow the trees; NaN takes the side of each split that serves best.

        Parameters
        ----------
        X : float array (n, m)
            Rows.
        y : bool array (n,)
            Which rows are of the positive class.
        sample_weight : float array (n,), optional
            Weights of the rows.

        Returns
        -------
        BoostedTrees
            The same for the same rows on every machine.

        Raises
        ------
        ValueError
            When a tree may have more than 64 leaves.
        """
        from threadpoolctl import threadpool_limits

        if self.max_leaf_nodes > _MAX_LEAVES:
            raise ValueError(f"a tree may have {_MAX_LEAVES} leaves at most: {self.max_leaf_nodes}")
        # scikit-learn cannot bin a column without any value.
        rows = coarsen(np.where(np.isnan(X).all(axis=0), np.zeros((), X.dtype), X), _N_QUANTILES)
        # One thread: sums in a fixed order give the same trees on every machine.
        with threadpool_limits(1):
            model = self._grow(rows, y, sample_weight)
        trees = [tree.nodes for (tree,) in model._predictors]
        start = float(np.ravel(model._baseline_prediction)[0])
        return BoostedTrees(_forest(trees, start, X.shape[1]), self.ceiling)

    def _grow(self, X: NDArray[Any], y: NDArray[np.bool_], weight: Floats | None) -> Any:
        """Return the scikit-learn model grown on the rows that have a weight."""
        from sklearn.ensemble import HistGradientBoostingClassifier

        settings = {name: value for name, value in asdict(self).items() if name != "ceiling"}
        model = HistGradientBoostingClassifier(early_stopping=False, **settings)
        if weight is None:
            return model.fit(X, y)
        used = weight > 0  # rows of no weight would still count as many for the least rows of a leaf
        return model.fit(X[used], y[used], sample_weight=weight[used])


def bend(log_odds: Floats, ceiling: float) -> Floats:
    """Return log-odds with those above 0 bent below a ceiling.

    They are almost the same near 0, and never beyond the ceiling.

    Parameters
    ----------
    log_odds : float array
        Of any shape.
    ceiling : float
        Above 0; infinite where nothing is bent.

    Returns
    -------
    float array
        Of the same shape, in the same order.

    Examples
    --------
    >>> bend(np.array([-9.0, 0.1, 9.0]), 2.0).round(3).tolist()
    [-9.0, 0.1, 2.0]
    """
    if math.isinf(ceiling):
        return log_odds
    return np.where(log_odds > 0, ceiling * np.tanh(log_odds / ceiling), log_odds)


def coarsen(X: NDArray[Any], n_quantiles: int) -> NDArray[Any]:
    """Raise every value to the next of its column's quantiles; NaN stays.

    Parameters
    ----------
    X : float array (n, m)
        Rows.
    n_quantiles : int
        Different values a column keeps, at most.

    Returns
    -------
    float array (n, m)
        A copy.

    Examples
    --------
    >>> coarsen(np.array([[0.0], [1.0], [2.0], [9.0]]), 2).ravel().tolist()
    [0.0, 9.0, 9.0, 9.0]
    """
    out = X.copy()
    for column in out.T:
        known = ~np.isnan(column)
        if len(np.unique(column[known])) > n_quantiles:
            levels = np.quantile(column[known], np.linspace(0, 1, n_quantiles), method="higher")
            levels = np.unique(levels)
            column[known] = levels[np.searchsorted(levels, column[known])]
    return out


# ------------------------------------------------------------------ from nodes to arrays


class _Split(NamedTuple):
    """A split of one tree: the fields of `Forest`."""

    column: int
    threshold: float
    possible: int


class _Leaf(NamedTuple):
    """A leaf with the columns asked on its path and what each split added."""

    value: float
    columns: list[int]
    gains: list[float]


def _forest(trees: list[NDArray[Any]], start: float, n_columns: int) -> Forest:
    """Lay out the nodes of trees, as scikit-learn keeps them, as a forest."""
    read = [_read_tree(nodes, n_columns) for nodes in trees]
    n_splits = max(1, *(len(splits) for splits, _ in read))
    depth = max(1, *(len(leaf.columns) for _, leaves in read for leaf in leaves))
    shape, n_leaves = (n_splits, len(trees)), len(trees) * (n_splits + 1)
    forest = Forest(
        column=np.zeros(shape, np.intp),
        threshold=np.full(shape, np.inf),
        possible=np.full(shape, _ALL),
        value=np.zeros(n_leaves),
        path_column=np.zeros((depth, n_leaves), np.intp),
        path_gain=np.zeros((depth, n_leaves)),
        start=start,
    )
    for tree, (splits, leaves) in enumerate(read):
        for place, split in enumerate(splits):
            forest.column[place, tree], forest.threshold[place, tree], forest.possible[place, tree] = split
        for place, leaf in enumerate(leaves, start=tree * (n_splits + 1)):
            forest.value[place] = leaf.value
            forest.path_column[: len(leaf.columns), place] = leaf.columns
            forest.path_gain[: len(leaf.gains), place] = leaf.gains
    return forest


def _read_tree(nodes: NDArray[Any], n_columns: int) -> tuple[list[_Split], list[_Leaf]]:
    """Return the splits and the leaves of one tree, leaves from left to right."""
    expected = _expected(nodes)
    splits: list[_Split] = []
    leaves: list[_Leaf] = []

    def walk(place: int, columns: list[int], gains: list[float]) -> None:
        node = nodes[place]
        if node["is_leaf"]:
            leaves.append(_Leaf(expected[place], columns, gains))
            return
        column, first = int(node["feature_idx"]), len(leaves)
        left, right = int(node["left"]), int(node["right"])
        walk(left, [*columns, column], [*gains, expected[left] - expected[place]])
        ruled_out = (1 << len(leaves)) - (1 << first)
        # A threshold of +inf parts the known from NaN, which stands as +inf itself.
        threshold = min(float(node["num_threshold"]), _LARGEST)
        splits.append(_Split(column + n_columns * bool(node["missing_go_to_left"]), threshold, int(_ALL) - ruled_out))
        walk(right, [*columns, column], [*gains, expected[right] - expected[place]])

    walk(0, [], [])
    return splits, leaves


def _expected(nodes: NDArray[Any]) -> list[float]:
    """Return the mean of the leaves below every node, over the rows that reached them in training."""
    # Inner nodes keep values from before the learning rate was applied: only those of the leaves can be used.
    values: list[float] = nodes["value"].tolist()
    counts: list[float] = nodes["count"].astype(float).tolist()
    for place in range(len(nodes) - 1, -1, -1):
        if not nodes[place]["is_leaf"]:
            left, right = int(nodes[place]["left"]), int(nodes[place]["right"])
            share = counts[left] / (counts[left] + counts[right])
            values[place] = share * values[left] + (1 - share) * values[right]
    return values
