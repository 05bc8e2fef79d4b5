"""Tell spun pairs from others by their features.

Probabilities are the same in both orders of a pair.

Log-odds are the weighted mean of two base models: boosted trees, the better one on texts like those of the training
pairs, and small neural networks, the better one on all others. Each learns best under weights of its own. The networks
also tell the other relations from one another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from unspun.comparison.features.order_symmetry import OrderSymmetry
from unspun.model.base_models.boosted_trees import BoostedTrees, TreeSettings
from unspun.model.base_models.neural_networks import NetworkSettings, NeuralNetworks
from unspun.model.calibration import IDENTITY, Calibration, Floats, expit


class WordsNeeded(NamedTuple):
    """Trust log-odds above 0 the less, the fewer words they rest on.

    Attributes
    ----------
    column : int
        The feature that is the logarithm of the words and one.
    half : float
        With so many words they count half; 0 trusts them everywhere.

    Examples
    --------
    >>> rows = np.log1p([[20.0], [60.0], [20.0]])
    >>> WordsNeeded(column=0, half=20.0).apply(np.array([2.0, 2.0, -2.0]), rows).round(3).tolist()
    [1.0, 1.5, -2.0]
    """

    column: int = 0
    half: float = 0.0

    def apply(self, raw: Floats, X: ArrayLike) -> Floats:
        """Return log-odds as far as they are trusted.

        Parameters
        ----------
        raw : float array (n,)
            Log-odds before calibration.
        X : float array (n, n_features)
            The rows of features that they are of; no words are taken to be aligned where there are none.

        Returns
        -------
        float array (n,)
            As ``raw``, or nearer to 0.
        """
        if not self.half:
            return raw
        words = np.maximum(np.expm1(np.nan_to_num(np.asarray(X)[:, self.column].astype(np.float64))), 0.0)
        return np.where(raw > 0, raw * (words / (words + self.half)), raw)


ALL_TRUSTED = WordsNeeded()
"""Trust log-odds whatever they rest on."""


@dataclass(frozen=True, slots=True, eq=False)
class SpinClassifier:
    """Tell one class from the rest, then the rest from one another.

    Pairs may be shown in either order.

    Attributes
    ----------
    classes : array
        The labels, sorted.
    positive : int
        The place among them of the class that stands against all others.
    symmetry : OrderSymmetry
        What swapping the texts does to the columns.
    network : NeuralNetworks
        The networks.
    network_share : float
        Weight, in [0, 1], of the networks; the trees have the rest.
    trees : BoostedTrees or None
        The boosted trees; None where the networks have all the weight.
    calibration : Calibration
        From these to calibrated log-odds.
    words : WordsNeeded
        How far log-odds are trusted where they rest on few words.
    """

    classes: NDArray[Any]
    positive: int
    symmetry: OrderSymmetry
    network: NeuralNetworks
    network_share: float
    trees: BoostedTrees | None = None
    calibration: Calibration = IDENTITY
    words: WordsNeeded = ALL_TRUSTED

    def calibrated(self, calibration: Calibration) -> SpinClassifier:
        """Return the classifier with a calibration, fitted on scores made unseen."""
        return replace(self, calibration=calibration)

    def network_outputs(self, X: ArrayLike) -> list[Floats]:
        """Return what the networks say of rows (see `NeuralNetworks.outputs`)."""
        return self.network.outputs(self._parts(X))

    def predict_proba(self, X: ArrayLike, outputs: Sequence[Floats] | None = None) -> Floats:
        """Return the probabilities of ``classes``.

        Parameters
        ----------
        X : float array (n, n_features)
            Rows of features; NaN where one is undefined.
        outputs : sequence of float array, optional
            The `network_outputs` of these rows, if they were made already.

        Returns
        -------
        float64 array (n, n_classes)
            In [0, 1]; rows sum to 1.
        """
        parts = self._parts(X)
        by_network, kinds = self.network.tell(self.network.outputs(parts) if outputs is None else outputs)
        p = expit(self.calibration.apply(self._raw(by_network, parts, X)))
        out = np.empty((len(parts), len(self.classes)))
        others = np.arange(len(self.classes)) != self.positive
        out[:, self.positive] = p
        # Of the kinds of other rows, several may be of one class.
        of_class = (self.network.others % len(self.classes))[:, np.newaxis] == np.flatnonzero(others)
        out[:, others] = (1 - p)[:, np.newaxis] * (kinds @ of_class)
        return out

    def predict(self, X: ArrayLike) -> NDArray[Any]:
        """Return the most probable class of every row."""
        return np.asarray(self.classes[self.predict_proba(X).argmax(axis=1)])

    def log_odds(self, X: ArrayLike, calibrated: bool = True) -> Floats:
        """Return the log-odds of the positive class, the same for both orders of a pair.

        Parameters
        ----------
        X : float array (n, n_features)
            Rows of features; NaN where one is undefined.
        calibrated : bool
            Whether to calibrate them.

        Returns
        -------
        float64 array (n,)
            Natural logarithms.
        """
        parts = self._parts(X)
        raw = self._raw(self.network.log_odds(parts), parts, X)
        return self.calibration.apply(raw) if calibrated else raw

    def contributions(self, X: ArrayLike) -> tuple[Floats, float]:
        """Return what every feature adds to the calibrated log-odds.

        Parameters
        ----------
        X : float array (n, n_features)
            Rows of features.

        Returns
        -------
        added : float array (n, n_features)
            In log-odds. Features that exchange places in the other order share what they add.
        bias : float
            ``added.sum(axis=1) + bias`` equals `log_odds`.
        """
        parts = self._parts(X)
        added, bias = self.network.attribute(parts)
        added, bias = self.network_share * added, self.network_share * bias
        if self.trees is not None:
            by_trees, start = self.trees.attribute(self._for_trees(parts))
            added, bias = added + (1 - self.network_share) * by_trees, bias + (1 - self.network_share) * start
        spread = self.symmetry.share_out(added)
        raw = spread.sum(axis=1) + bias
        spread[:, self.words.column] += self.words.apply(raw, X) - raw
        slope, intercept = self.calibration
        return np.asarray(slope * spread, np.float64), slope * bias + intercept

    def _parts(self, X: ArrayLike) -> NDArray[Any]:
        """Return the levels and gaps of rows."""
        return self.symmetry.levels_and_gaps(checked_rows(X, self.symmetry.n_features))

    def _for_trees(self, parts: NDArray[Any]) -> NDArray[Any]:
        """Return rows as the trees see them."""
        return _sizes(parts, len(self.symmetry.parts_plan()[0]))

    def _raw(self, by_network: Floats, parts: NDArray[Any], X: ArrayLike) -> Floats:
        """Return the weighted mean of the base models' log-odds as far as it is trusted, before calibration."""
        raw = self.network_share * by_network
        if self.trees is not None:
            raw = raw + (1 - self.network_share) * self.trees.log_odds(self._for_trees(parts))
        return self.words.apply(raw, X)


@dataclass(frozen=True, slots=True, eq=False)
class ClassifierSettings:
    """Say how to fit a `SpinClassifier`.

    Attributes
    ----------
    positive : label, optional
        The class that stands against all others; the last one if not given.
    symmetry : OrderSymmetry, optional
        What swapping the texts does to the columns; nothing if not given.
    tree_only : int array, optional
        Columns that the networks do not look at.
    max_iter, learning_rate, max_leaf_nodes, min_samples_leaf, l2_regularization, max_features
        Of the boosted trees. Few columns per split keep them from learning a dataset by heart.
    tree_ceiling : float
        What the trees' log-odds stay below: they may clear a pair of texts as surely as they like, but not condemn it
        alone. Beyond the training pairs their certainty misleads (docs/notebook/2026-11-22-estimator.md).
    network_share : float
        Weight, in [0, 1], of the networks; the trees have the rest. At 0 the networks still tell the other classes.
    words_column : int, optional
        The feature that is the logarithm of the aligned words and one; log-odds are trusted everywhere without it.
    half_words : float
        With so many aligned words, log-odds above 0 count half (docs/notebook/2026-11-30-few-words-say-less.md).
    n_networks, alpha
        Of the networks (see `unspun.model.base_models.neural_networks.NetworkSettings`).
    random_state : int
        Seed of the columns drawn.

    Examples
    --------
    >>> X = np.random.default_rng(0).normal(size=(400, 2))
    >>> labels = np.where(X[:, 0] > 0, "spun", "copied")
    >>> classifier = ClassifierSettings(positive="spun", max_iter=20).fit(X, labels)
    >>> classifier.predict(np.array([[2.0, 0.0], [-2.0, 0.0]])).tolist()
    ['spun', 'copied']
    """

    positive: Any = None
    symmetry: OrderSymmetry | None = None
    tree_only: ArrayLike | None = None
    words_column: int | None = None
    half_words: float = 40.0
    max_iter: int = 240
    learning_rate: float = 0.13
    max_leaf_nodes: int = 16
    min_samples_leaf: int = 30
    l2_regularization: float = 2.0
    max_features: float = 0.12
    tree_ceiling: float = 3.0
    network_share: float = 0.85
    n_networks: int = 5
    alpha: float = 0.15
    random_state: int = 0

    def fit(
        self,
        X: ArrayLike,
        y: ArrayLike,
        sample_weight: ArrayLike | None = None,
        tree_weight: ArrayLike | None = None,
        kind: ArrayLike | None = None,
    ) -> SpinClassifier:
        """Fit on rows of features, in either order.

        Parameters
        ----------
        X : float array (n, n_features)
            NaN where a feature is undefined; no infinities.
        y : array (n,)
            Labels of two classes or more.
        sample_weight : array (n,), optional
            Weights of the rows.
        tree_weight : array (n,), optional
            What the rows weigh for the trees of the positive class, if not the same; they see no rows of weight 0.
        kind : array (n,), optional
            Finer labels, for the networks to tell apart on the way; ``y`` if not given.

        Returns
        -------
        SpinClassifier
            Not calibrated.

        Raises
        ------
        ValueError
            When rows, labels and weights do not fit together, or there is one class alone.
        """
        rows = checked_rows(X)
        labels, weight = _column(y, len(rows)), _weights(sample_weight, len(rows))
        classes = np.unique(labels)
        positive_place = self._positive_place(classes)
        for_trees = weight if tree_weight is None else _weights(tree_weight, len(rows))
        symmetry = self.symmetry or OrderSymmetry.of_plan(rows.shape[1])
        parts, positive = symmetry.levels_and_gaps(rows), labels == classes[positive_place]
        level, gap = symmetry.parts_plan()
        kinds = np.unique(labels if kind is None else _column(kind, len(rows)), return_inverse=True)[1]
        # Numbers that leave the place of the class when divided by how many there are.
        numbers = np.asarray(kinds * len(classes) + np.searchsorted(classes, labels), np.intp)
        network = self._networks(level, gap).fit(parts, positive, weight, numbers)
        trees = None
        if self.network_share < 1:
            used = for_trees > 0  # rows of no weight would still count as many for the least rows of a leaf
            trees = self._trees().fit(_sizes(parts[used], len(level)), positive[used], for_trees[used])
        words = ALL_TRUSTED if self.words_column is None else WordsNeeded(self.words_column, self.half_words)
        return SpinClassifier(classes, positive_place, symmetry, network, self.network_share, trees, words=words)

    def _positive_place(self, classes: NDArray[Any]) -> int:
        """Return the place of the positive class among all."""
        if len(classes) < 2:
            raise ValueError(f"a classifier needs two classes to tell apart; there are {classes.tolist()}")
        if self.positive is None:
            return len(classes) - 1
        (places,) = np.nonzero(classes == self.positive)
        if not len(places):
            raise ValueError(f"no row is labelled {self.positive!r}; there are {list(classes)}")
        return int(places[0])

    def _networks(self, level: NDArray[np.intp], gap: NDArray[np.intp]) -> NetworkSettings:
        stand_for = np.concatenate([level, gap])
        seen = None if self.tree_only is None else np.flatnonzero(~np.isin(stand_for, np.asarray(self.tree_only)))
        turns = np.arange(len(stand_for)) >= len(level) if len(gap) else None
        return NetworkSettings(
            self.n_networks, alpha=self.alpha, random_state=self.random_state, columns=seen, turns=turns
        )

    def _trees(self) -> TreeSettings:
        own = ("max_iter", "learning_rate", "max_leaf_nodes", "min_samples_leaf", "l2_regularization", "max_features")
        settings = {name: getattr(self, name) for name in own}
        return TreeSettings(random_state=self.random_state, ceiling=self.tree_ceiling, **settings)


def _sizes(parts: NDArray[Any], n_levels: int) -> NDArray[Any]:
    """Return the parts with gaps that do not tell one order from the other."""
    return np.concatenate([parts[:, :n_levels], np.abs(parts[:, n_levels:])], axis=1)


def checked_rows(X: ArrayLike, n_features: int | None = None) -> NDArray[Any]:
    """Return rows of features as floats, if they can be used.

    Parameters
    ----------
    X : float array (n, m)
        NaN is welcome.
    n_features : int, optional
        How many columns there must be.

    Returns
    -------
    float array (n, m)
        float32 if it was, else float64.

    Raises
    ------
    ValueError
        When it is no table of numbers, has other columns, or holds infinities.
    """
    rows = np.asarray(X)
    if rows.dtype not in (np.dtype(np.float32), np.dtype(np.float64)):
        rows = rows.astype(np.float64)
    if rows.ndim != 2:
        raise ValueError(f"rows of features are a table of two dimensions, not of {rows.ndim}: give an array (n, m)")
    if n_features is not None and rows.shape[1] != n_features:
        raise ValueError(f"the rows have {rows.shape[1]} features, but the model was fitted on {n_features}")
    if np.isinf(rows).any():
        raise ValueError("the rows hold infinities: give NaN where a feature is undefined")
    return rows


def _column(values: ArrayLike, n: int) -> NDArray[Any]:
    column = np.asarray(values)
    if column.shape != (n,):
        raise ValueError(f"there are {n} rows, but labels or weights of the shape {column.shape}")
    return column


def _weights(values: ArrayLike | None, n: int) -> Floats:
    weight = np.ones(n) if values is None else _column(values, n).astype(np.float64)
    if not np.isfinite(weight).all() or (weight < 0).any():
        raise ValueError("weights must be numbers of 0 or more")
    return weight
