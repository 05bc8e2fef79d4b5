"""The numeric head: from a row of features to the probabilities of the relations, the same in both orders of a pair.

Log-odds are the weighted mean of two voices: boosted trees, the better one on texts like those of the training pairs,
and small neural networks, the better one on all others. Each learns best under weights of its own. The networks also
tell the other relations from one another.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import _check_sample_weight, check_is_fitted, validate_data

from unspun.comparison.features.order_symmetry import levels_and_gaps, parts_plan, share_out
from unspun.model.boosted_trees import BoostedTrees
from unspun.model.calibration import Calibration, Floats
from unspun.model.neural_networks import NeuralNetworks
from unspun.model.refinement import Refinement


class SpinClassifier(ClassifierMixin, BaseEstimator):
    """One class against the rest, then the rest among themselves, from features of pairs in either order.

    Parameters
    ----------
    positive : label, optional
        The class that stands against all others; the last one if not given.
    partners, signs : array (n_features,), optional
        What swapping the texts does to the columns (see `unspun.comparison.features.order_symmetry`); without them
        nothing.
    max_iter, learning_rate, max_leaf_nodes, min_samples_leaf, l2_regularization, max_features
        Of the boosted trees. Few columns per split keep them from learning a dataset by heart.
    tree_ceiling : float
        What the trees' log-odds stay below: they may clear a pair of texts as surely as they like, but not condemn it
        alone. Beyond the training pairs their certainty misleads (docs/notebook/2026-11-22-estimator.md).
    network_share : float
        Weight, in [0, 1], of the networks; the trees have the rest. At 0 the networks still tell the other classes.
    tree_only : int array, optional
        Columns that the networks do not look at.
    n_networks, alpha
        Of the networks (see `unspun.model.neural_networks.NeuralNetworks`).
    random_state : int
        Seed of the columns drawn.

    Attributes
    ----------
    classes_ : array
        The labels, sorted.
    network_ : NeuralNetworks
        The networks.
    trees_ : BoostedTrees or None
        The boosted trees; None where the networks have all the weight.
    refinement_ : Refinement or None
        A second look at the log-odds of the voices, set by `calibrate`.
    calibration_ : Calibration
        From these to calibrated log-odds, set by `calibrate`; the identity before.

    Examples
    --------
    >>> X = np.random.default_rng(0).normal(size=(400, 2))
    >>> head = SpinClassifier(positive="spun", max_iter=20).fit(X, np.where(X[:, 0] > 0, "spun", "copied"))
    >>> head.predict(np.array([[2.0, 0.0], [-2.0, 0.0]])).tolist()
    ['spun', 'copied']
    """

    def __init__(
        self,
        positive: Any = None,
        partners: Any = None,
        signs: Any = None,
        max_iter: int = 480,
        learning_rate: float = 0.065,
        max_leaf_nodes: int = 48,
        min_samples_leaf: int = 10,
        l2_regularization: float = 2.0,
        max_features: float = 0.12,
        tree_ceiling: float = 3.0,
        network_share: float = 0.4,
        tree_only: Any = None,
        n_networks: int = 3,
        alpha: float = 0.15,
        random_state: int = 0,
    ) -> None:
        self.positive = positive
        self.partners = partners
        self.signs = signs
        self.max_iter = max_iter
        self.learning_rate = learning_rate
        self.max_leaf_nodes = max_leaf_nodes
        self.min_samples_leaf = min_samples_leaf
        self.l2_regularization = l2_regularization
        self.max_features = max_features
        self.tree_ceiling = tree_ceiling
        self.network_share = network_share
        self.tree_only = tree_only
        self.n_networks = n_networks
        self.alpha = alpha
        self.random_state = random_state

    def __sklearn_tags__(self) -> Any:
        """Tell scikit-learn that NaN is welcome."""
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        return tags

    # ------------------------------------------------------------------ fitting

    def fit(
        self,
        X: ArrayLike,
        y: ArrayLike,
        sample_weight: ArrayLike | None = None,
        tree_weight: ArrayLike | None = None,
        kind: ArrayLike | None = None,
    ) -> Self:
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
        """
        rows, labels = validate_data(self, X, y, dtype=[np.float64, np.float32], ensure_all_finite="allow-nan")
        check_classification_targets(labels)
        weight = _check_sample_weight(sample_weight, rows)
        self.classes_ = np.unique(labels)
        if len(self.classes_) < 2:
            raise ValueError(
                f"SpinClassifier needs two classes to tell apart; the data have one class: {self.classes_[0]!r}"
            )
        self.positive_ = self._positive_place()
        self.n_iter_ = self.max_iter
        parts, positive = self._parts(rows), labels == self.classes_[self.positive_]
        for_trees = weight if tree_weight is None else _check_sample_weight(tree_weight, rows)
        self.network_ = self._network().fit(parts, positive, weight, self._numbers(labels, kind))
        self.trees_ = self._fit_trees(parts, positive, for_trees) if self.network_share < 1 else None
        self.refinement_: Refinement | None = None
        self.calibration_ = Calibration()
        return self

    def _positive_place(self) -> int:
        """Return the place of the positive class among ``classes_``."""
        if self.positive is None:
            return len(self.classes_) - 1
        (places,) = np.nonzero(self.classes_ == self.positive)
        if not len(places):
            raise ValueError(f"no row is labelled {self.positive!r}; there are {list(self.classes_)}")
        return int(places[0])

    def _parts(self, X: NDArray[Any]) -> NDArray[Any]:
        return levels_and_gaps(X, self.partners, self.signs)

    def _plan(self) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Return the features that the levels, and those that the gaps, stand for."""
        return parts_plan(self.n_features_in_, self.partners, self.signs)

    def _network(self) -> NeuralNetworks:
        level, gap = self._plan()
        stand_for = np.concatenate([level, gap])
        seen = None if self.tree_only is None else np.flatnonzero(~np.isin(stand_for, self.tree_only))
        turns = np.arange(len(stand_for)) >= len(level) if len(gap) else None
        return NeuralNetworks(
            self.n_networks, alpha=self.alpha, random_state=self.random_state, columns=seen, turns=turns
        )

    def _numbers(self, labels: NDArray[Any], kind: ArrayLike | None) -> NDArray[np.intp]:
        """Return the kinds as numbers that leave the place of the class when divided by how many there are."""
        place = np.searchsorted(self.classes_, labels)
        kinds = np.unique(labels if kind is None else np.asarray(kind), return_inverse=True)[1]
        return np.asarray(kinds * len(self.classes_) + place, np.intp)

    def _fit_trees(self, parts: NDArray[Any], positive: NDArray[np.bool_], weight: Floats) -> BoostedTrees:
        own = ("max_iter", "learning_rate", "max_leaf_nodes", "min_samples_leaf", "l2_regularization", "max_features")
        settings = {name: getattr(self, name) for name in own}
        trees = BoostedTrees(random_state=self.random_state, ceiling=self.tree_ceiling, **settings)
        told = weight > 0  # rows of no weight would still count as many for the least rows of a leaf
        return trees.fit(self._sizes(parts[told]), positive[told], weight[told])

    def _sizes(self, parts: NDArray[Any]) -> NDArray[Any]:
        """Return the parts with gaps that do not tell one order from the other."""
        n_levels = len(self._plan()[0])
        return np.concatenate([parts[:, :n_levels], np.abs(parts[:, n_levels:])], axis=1)

    def calibrate(self, calibration: Calibration, refinement: Refinement | None = None) -> Self:
        """Set the maps from raw to refined and from these to calibrated log-odds, fitted on scores made unseen."""
        check_is_fitted(self)
        self.refinement_, self.calibration_ = refinement, calibration
        return self

    # ------------------------------------------------------------------ scoring

    def predict_proba(self, X: ArrayLike) -> Floats:
        """Return the probabilities of ``classes_``, shape (n, n_classes)."""
        rows = self._checked(X)
        parts = self._parts(rows)
        p = expit(self._calibrated(self._raw(parts), rows))
        out = np.empty((len(parts), len(self.classes_)))
        others = np.arange(len(self.classes_)) != self.positive_
        out[:, self.positive_] = p
        out[:, others] = (1 - p)[:, np.newaxis] * self._rest_probabilities(parts)
        return out

    def predict(self, X: ArrayLike) -> NDArray[Any]:
        """Return the most probable class of every row."""
        probabilities = self.predict_proba(X)
        return np.asarray(self.classes_[probabilities.argmax(axis=1)])

    def log_odds(self, X: ArrayLike, calibrated: bool = True) -> Floats:
        """Return the log-odds of the positive class, the same for both orders of a pair."""
        rows = self._checked(X)
        raw = self._raw(self._parts(rows))
        return self._calibrated(raw, rows) if calibrated else raw

    def contributions(self, X: ArrayLike) -> tuple[Floats, float]:
        """Return what every feature adds to the calibrated log-odds of the positive class.

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
        rows = self._checked(X)
        parts = self._parts(rows)
        added, bias = np.zeros(parts.shape), 0.0
        for share, model, seen in self._voices(parts):
            own, start = model.attribute(seen)
            added += share * own
            bias += share * start
        spread = share_out(added, self.n_features_in_, self.partners, self.signs)
        if self.refinement_ is not None:
            moved = self.refinement_.attribute(spread.sum(axis=1) + bias, rows)
            slope, intercept = self.refinement_.line_
            spread, bias = slope * spread + moved, slope * bias + intercept
        slope, intercept = self.calibration_
        return np.asarray(slope * spread, np.float64), slope * bias + intercept

    def _checked(self, X: ArrayLike) -> NDArray[Any]:
        check_is_fitted(self)
        checked = validate_data(self, X, reset=False, dtype=[np.float64, np.float32], ensure_all_finite="allow-nan")
        return np.asarray(checked)

    def _calibrated(self, raw: Floats, X: NDArray[Any]) -> Floats:
        return self.calibration_.apply(raw if self.refinement_ is None else self.refinement_.apply(raw, X))

    def _voices(self, parts: NDArray[Any]) -> Iterator[tuple[float, Any, NDArray[Any]]]:
        """Yield the share of each voice, the model, and the rows as it sees them."""
        yield self.network_share, self.network_, parts
        if self.trees_ is not None:
            yield 1 - self.network_share, self.trees_, self._sizes(parts)

    def _raw(self, parts: NDArray[Any]) -> Floats:
        """Return the weighted mean of the voices' log-odds, before calibration."""
        voices = self._voices(parts)
        return np.asarray(sum(share * model.decision_function(rows) for share, model, rows in voices), np.float64)

    def _rest_probabilities(self, parts: NDArray[Any]) -> Floats:
        """Return the probabilities of the other classes, given that it is not the positive one."""
        kinds = self.network_.others_ % len(self.classes_)
        others = np.delete(np.arange(len(self.classes_)), self.positive_)
        return np.asarray(self.network_.among_others(parts) @ (kinds[:, np.newaxis] == others), np.float64)
