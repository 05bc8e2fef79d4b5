"""The numeric head: from a row of features to the probabilities of the relations, the same in both orders of a pair.

Swapping the two texts of a pair exchanges some columns and turns the sign of others. The head is fitted on both
orders and scores the mean of their log-odds, so that the order in which a pair is shown cannot matter.
"""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit, softmax
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import _check_sample_weight, check_is_fitted, validate_data
from threadpoolctl import threadpool_limits

from unspun.calibration import Calibration, Floats
from unspun.mirror import mirror
from unspun.trees import attribute, read_forest


class SpinHead(ClassifierMixin, BaseEstimator):
    """One class against the rest, then the rest among themselves, from features of pairs in either order.

    Parameters
    ----------
    positive : label, optional
        The class that stands against all others; the last one if not given.
    partners, signs : array (n_features,), optional
        What swapping the texts does to the columns (see `mirror`); without them order does not matter anyway.
    max_iter, learning_rate, max_leaf_nodes, min_samples_leaf, l2_regularization, max_features
        Of the boosted trees. Few leaves and few columns per split keep them from learning a dataset by heart.
    additive_share : float
        Weight, in [0, 1], of boosted trees that each read one feature alone: worse within a dataset, better beyond it.
    random_state : int
        Seed of the columns drawn.

    Attributes
    ----------
    classes_ : array
        The labels, sorted.
    calibration_ : Calibration
        Set by `calibrate`; the identity before.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> X = rng.normal(size=(400, 2))
    >>> head = SpinHead(positive="spun", max_iter=20).fit(X, np.where(X[:, 0] > 0, "spun", "copied"))
    >>> head.predict(np.array([[2.0, 0.0], [-2.0, 0.0]])).tolist()
    ['spun', 'copied']
    """

    def __init__(
        self,
        positive: Any = None,
        partners: Any = None,
        signs: Any = None,
        max_iter: int = 300,
        learning_rate: float = 0.06,
        max_leaf_nodes: int = 8,
        min_samples_leaf: int = 40,
        l2_regularization: float = 10.0,
        max_features: float = 0.3,
        additive_share: float = 0.5,
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
        self.additive_share = additive_share
        self.random_state = random_state

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        return tags

    # ------------------------------------------------------------------ fitting

    def fit(self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None = None) -> Self:
        """Fit on rows of features in one order each; the other order is made here.

        Parameters
        ----------
        X : float array (n, n_features)
            NaN where a feature is undefined; no infinities.
        y : array (n,)
            Labels of two classes or more.
        sample_weight : array (n,), optional
            Weights of the rows.
        """
        X, y = validate_data(self, X, y, dtype=[np.float64, np.float32], ensure_all_finite="allow-nan")
        check_classification_targets(y)
        weight = _check_sample_weight(sample_weight, X)
        self.classes_ = np.unique(y)
        if len(self.classes_) < 2:
            raise ValueError(f"SpinHead needs two classes to tell apart; the data have one class: {self.classes_[0]!r}")
        self.positive_ = self._positive_place()
        positive = y == self.classes_[self.positive_]
        self.members_ = self._fit_members(X, positive, weight)
        self.rest_ = self._fit_rest(X[~positive], y[~positive], weight[~positive])
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

    def _trees(self, **settings: Any) -> HistGradientBoostingClassifier:
        return HistGradientBoostingClassifier(
            **{
                "max_iter": self.max_iter,
                "learning_rate": self.learning_rate,
                "max_leaf_nodes": self.max_leaf_nodes,
                "min_samples_leaf": self.min_samples_leaf,
                "l2_regularization": self.l2_regularization,
                "max_features": self.max_features,
                "early_stopping": False,
                "random_state": self.random_state,
                **settings,
            }
        )

    def _fit_members(self, X: NDArray[Any], positive: NDArray[np.bool_], weight: Floats) -> list[Any]:
        """Fit the models whose log-odds are averaged, with the share of each."""
        additive = {"interaction_cst": "no_interactions", "max_leaf_nodes": 4, "max_features": 1.0}
        plans = [(1 - self.additive_share, {}), (self.additive_share, additive)]
        return [
            [share, self._fit_both_orders(self._trees(**settings), X, positive, weight)]
            for share, settings in plans
            if share > 0
        ]

    def _fit_rest(self, X: NDArray[Any], y: NDArray[Any], weight: Floats) -> HistGradientBoostingClassifier | None:
        """Fit the model that tells the other classes from one another; none where there is one only."""
        if len(np.unique(y)) < 2:
            return None
        return self._fit_both_orders(self._trees(max_iter=max(1, self.max_iter // 3)), X, y, weight)

    def _fit_both_orders(self, model: Any, X: NDArray[Any], y: NDArray[Any], weight: Floats) -> Any:
        if self.partners is None and self.signs is None:
            both, labels, weights = X, y, weight
        else:
            both = np.concatenate([X, mirror(X, self.partners, self.signs)])
            labels, weights = np.concatenate([y, y]), np.concatenate([weight, weight])
        # One thread: sums in a fixed order give the same trees on every machine.
        with threadpool_limits(1):
            return model.fit(coarsen(both), labels, sample_weight=weights)

    def calibrate(self, calibration: Calibration) -> Self:
        """Set the map from raw to calibrated log-odds, fitted on scores made unseen."""
        check_is_fitted(self)
        self.calibration_ = calibration
        return self

    # ------------------------------------------------------------------ scoring

    def predict_proba(self, X: ArrayLike) -> Floats:
        """Return the probabilities of ``classes_``, shape (n, n_classes)."""
        X = self._checked(X)
        p = expit(self.calibration_.apply(self._raw(X)))
        out = np.empty((len(X), len(self.classes_)))
        others = np.arange(len(self.classes_)) != self.positive_
        out[:, self.positive_] = p
        out[:, others] = (1 - p)[:, np.newaxis] * self._rest_probabilities(X)
        return out

    def predict(self, X: ArrayLike) -> NDArray[Any]:
        """Return the most probable class of every row."""
        probabilities = self.predict_proba(X)
        return np.asarray(self.classes_[probabilities.argmax(axis=1)])

    def log_odds(self, X: ArrayLike, calibrated: bool = True) -> Floats:
        """Return the log-odds of the positive class, the same for both orders of a pair."""
        raw = self._raw(self._checked(X))
        return self.calibration_.apply(raw) if calibrated else raw

    def contributions(self, X: ArrayLike) -> tuple[Floats, float]:
        """Return what every feature adds to the calibrated log-odds of the positive class.

        Parameters
        ----------
        X : float array (n, n_features)
            Rows of features.

        Returns
        -------
        added : float array (n, n_features)
            In log-odds; the mean over both orders of a pair, each feature under its name in the order given.
        bias : float
            ``added.sum(axis=1) + bias`` equals `log_odds`.
        """
        X = self._checked(X)
        slope, intercept = self.calibration_
        added, bias = np.zeros(X.shape), 0.0
        for share, model in self.members_:
            forest = read_forest(model)
            swapped = attribute(forest, mirror(X, self.partners, self.signs))
            # In the other order a feature stands in its partner's column: its share comes home.
            added += share / 2 * (attribute(forest, X) + mirror(swapped, self.partners, None))
            bias += share * forest.bias
        return slope * added, slope * bias + intercept

    def _checked(self, X: ArrayLike) -> NDArray[Any]:
        check_is_fitted(self)
        return validate_data(self, X, reset=False, dtype=[np.float64, np.float32], ensure_all_finite="allow-nan")

    def _raw(self, X: NDArray[Any]) -> Floats:
        """Return the mean over members and orders of the log-odds before calibration."""
        raw = np.zeros(len(X))
        orders = [X] if self.partners is None and self.signs is None else [X, mirror(X, self.partners, self.signs)]
        for share, model in self.members_:
            raw += share * np.mean([model.decision_function(rows) for rows in orders], axis=0)
        return raw

    def _rest_probabilities(self, X: NDArray[Any]) -> Floats:
        """Return the probabilities of the other classes, given that it is not the positive one."""
        if self.rest_ is None:
            return np.ones((len(X), 1))
        scores = [self.rest_.decision_function(rows) for rows in (X, mirror(X, self.partners, self.signs))]
        mean = np.mean(scores, axis=0)
        return np.asarray(softmax(mean, axis=1) if mean.ndim == 2 else np.column_stack([expit(-mean), expit(mean)]))
