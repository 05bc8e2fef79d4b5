"""Boosted trees read node by node: what each feature adds to the log-odds of one row.

Path attribution: walking down a tree, the change of the node's value at every split goes to the feature that was
asked (A. Saabas, 2014, "Interpreting random forests"). The sum over trees is exact.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier

Floats = NDArray[np.float64]

# Values are rounded to this many quantiles before the trees see them: a split between two rows of one dataset is
# noise, and scikit-learn's own weighted quantiles take four times as long as the fit.
_N_QUANTILES = 128
# A leaf leads to itself, so that all trees can be walked in step.
_LEAF = -1


class Forest(NamedTuple):
    """The nodes of all trees of one boosted classifier; nodes are numbered across trees.

    Attributes
    ----------
    roots : int (t,)
        The first node of every tree.
    feature, left, right : int (n,)
        The column asked (-1 in a leaf) and the nodes that follow.
    threshold : float (n,)
        Values up to it go left.
    missing_left : bool (n,)
        Where NaN goes.
    value : float (n,)
        Mean of the leaves below, in log-odds.
    depth : int
        Splits on the longest path.
    bias : float
        What the trees start from, with the value of every root.
    """

    roots: NDArray[np.intp]
    feature: NDArray[np.intp]
    left: NDArray[np.intp]
    right: NDArray[np.intp]
    threshold: Floats
    missing_left: NDArray[np.bool_]
    value: Floats
    depth: int
    bias: float


def read_forest(model: HistGradientBoostingClassifier) -> Forest:
    """Return the nodes of a fitted binary classifier.

    Parameters
    ----------
    model : HistGradientBoostingClassifier
        Fitted on two classes, without categorical features.
    """
    trees = [predictors[0].nodes for predictors in model._predictors]
    sizes = np.array([len(nodes) for nodes in trees], dtype=np.intp)
    roots = np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.intp)
    nodes, offset = np.concatenate(trees), np.repeat(roots, sizes)
    leaf, own = nodes["is_leaf"].astype(bool), np.arange(len(nodes))
    left = np.where(leaf, own, nodes["left"] + offset)
    right = np.where(leaf, own, nodes["right"] + offset)
    value = _expected(nodes["value"], nodes["count"], left, right, leaf, int(nodes["depth"].max()))
    return Forest(
        roots=roots,
        feature=np.where(leaf, _LEAF, nodes["feature_idx"]).astype(np.intp),
        left=left,
        right=right,
        threshold=nodes["num_threshold"].astype(np.float64),
        missing_left=nodes["missing_go_to_left"].astype(bool),
        value=value,
        depth=int(nodes["depth"].max()),
        bias=float(np.ravel(model._baseline_prediction)[0] + value[roots].sum()),
    )


def _expected(
    value: Floats,
    count: NDArray[np.uint32],
    left: NDArray[np.intp],
    right: NDArray[np.intp],
    leaf: NDArray[np.bool_],
    depth: int,
) -> Floats:
    """Return the mean of the leaves below every node, over the rows that reached them in training."""
    # Inner nodes keep values from before the learning rate was applied: only those of the leaves can be used.
    mean = np.where(leaf, value, 0.0)
    share = count[left] / np.maximum(count[left] + count[right].astype(np.float64), 1.0)
    for _ in range(depth):
        mean = np.where(leaf, value, share * mean[left] + (1 - share) * mean[right])
    return np.asarray(mean, np.float64)


def attribute(forest: Forest, X: NDArray[np.floating]) -> Floats:
    """Return what every feature adds to the log-odds of every row.

    Parameters
    ----------
    forest : Forest
        The trees.
    X : float array (n, m)
        Rows; NaN allowed.

    Returns
    -------
    float array (n, m)
        Row sums plus ``forest.bias`` are the classifier's raw log-odds.
    """
    n_rows, n_features = X.shape
    added = np.zeros((n_rows, n_features + 1))
    rows = np.repeat(np.arange(n_rows), len(forest.roots))
    node = np.tile(forest.roots, n_rows)
    for _ in range(forest.depth):
        feature = forest.feature[node]
        x = X[rows, feature]
        goes_left = np.where(np.isnan(x), forest.missing_left[node], x <= forest.threshold[node])
        after = np.where(goes_left, forest.left[node], forest.right[node])
        # Leaves ask feature -1: their step is 0 and falls into the spare last column.
        np.add.at(added, (rows, feature), forest.value[after] - forest.value[node])
        node = after
    return added[:, :n_features]


def coarsen(X: NDArray[Any], n_quantiles: int = _N_QUANTILES) -> NDArray[Any]:
    """Return ``X`` with every value raised to the next of its column's quantiles; NaN stays.

    >>> coarsen(np.array([[0.0], [1.0], [2.0], [9.0]]), 2).ravel().tolist()
    [0.0, 9.0, 9.0, 9.0]
    """
    out = X.copy()
    for column in out.T:
        known = ~np.isnan(column)
        values = np.unique(column[known])
        if len(values) > n_quantiles:
            levels = np.quantile(column[known], np.linspace(0, 1, n_quantiles), method="higher")
            levels = np.unique(levels)
            column[known] = levels[np.searchsorted(levels, column[known])]
    return out
