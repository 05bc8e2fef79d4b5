"""Tell which of two texts is the spun one.

Swapping the texts turns the answer round.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from unspun.comparison.features.order_symmetry import OrderSymmetry
from unspun.model.base_models.logistic_regression import LinearClassifier, fit_linear
from unspun.model.base_models.neural_networks import NeuralNetworks
from unspun.model.calibration import IDENTITY, Calibration, Floats, expit


@dataclass(frozen=True, slots=True, eq=False)
class DirectionClassifier:
    """Tell how likely the suspect is the spun side, given that one of the two is.

    Two base models tell it: the networks that tell whether a pair is spun, which have seen spun pairs both ways, and a
    logistic regression on how each feature differs between the orders of a pair. Boosted trees were right less often on
    back-translations of corpora left out.

    Attributes
    ----------
    linear : LinearClassifier
        The regression.
    network : NeuralNetworks
        The networks, those of the `unspun.model.spin_classifier.SpinClassifier` beside it.
    symmetry : OrderSymmetry
        What swapping the texts does to the columns.
    linear_share : float
        Weight, in [0, 1], of the regression; the networks have the rest.
    calibration : Calibration
        Of the log-odds; its intercept is 0, for another would favour one order.
    """

    linear: LinearClassifier
    network: NeuralNetworks
    symmetry: OrderSymmetry
    linear_share: float
    calibration: Calibration = IDENTITY

    def calibrated(self, calibration: Calibration) -> DirectionClassifier:
        """Return the classifier with the slope of a calibration."""
        return replace(self, calibration=Calibration(calibration.slope, 0.0))

    def log_odds(self, X: ArrayLike, calibrated: bool = True, outputs: Sequence[Floats] | None = None) -> Floats:
        """Return the log-odds that the suspect is the spun side.

        The other order gives the negative.

        Parameters
        ----------
        X : float array (n, n_features)
            Rows of features; NaN where one is undefined.
        calibrated : bool
            Whether to calibrate them.
        outputs : sequence of float array, optional
            What ``network`` says of these rows (see `NeuralNetworks.outputs`), if it was asked already.

        Returns
        -------
        float64 array (n,)
            Natural logarithms.
        """
        rows: NDArray[Any] = np.asarray(X)
        back = self.symmetry.mirror(rows)
        there, other = (self.linear.log_odds(_difference(*two)) for two in ((rows, back), (back, rows)))
        if outputs is None:
            outputs = self.network.outputs(self.symmetry.levels_and_gaps(rows))
        by_networks = self.network.forward(outputs)
        share = self.linear_share
        raw = np.asarray(share * (there - other) / 2 + (1 - share) * by_networks, np.float64)
        return self.calibration.apply(raw) if calibrated else raw

    def predict_forward(self, X: ArrayLike, outputs: Sequence[Floats] | None = None) -> Floats:
        """Return the probability that the suspect is the spun side.

        Parameters
        ----------
        X : float array (n, n_features)
            Rows of features; NaN where one is undefined.
        outputs : sequence of float array, optional
            As `log_odds` takes them.

        Returns
        -------
        float64 array (n,)
            In (0, 1).
        """
        return expit(self.log_odds(X, outputs=outputs))


@dataclass(frozen=True, slots=True, eq=False)
class DirectionSettings:
    """Say how to fit a `DirectionClassifier`.

    Attributes
    ----------
    symmetry : OrderSymmetry, optional
        What swapping the texts does to the columns; nothing if not given.
    C : float
        Inverse strength of the penalty of the regression.
    linear_share : float
        Weight, in [0, 1], of the regression; the networks have the rest. Figures:
        docs/notebook/2026-11-30-shares-of-base-models.md.

    Examples
    --------
    >>> from unspun.model.base_models.neural_networks import NetworkSettings
    >>> rows = np.random.default_rng(0).normal(1.0, 0.3, size=(400, 1))
    >>> both, spun = np.concatenate([rows, 0 * rows]), np.repeat([True, False], 400)
    >>> network = NetworkSettings(turns=np.array([True])).fit(both, spun)
    >>> turning = OrderSymmetry.of_plan(1, signs=[-1])
    >>> p = DirectionSettings(turning).fit(rows, network).predict_forward(np.array([[1.0], [-1.0]]))
    >>> bool(p[0] > 0.9), bool(abs(p.sum() - 1) < 1e-9)
    (True, True)
    """

    symmetry: OrderSymmetry | None = None
    C: float = 0.01
    linear_share: float = 0.25

    def fit(self, X: ArrayLike, network: NeuralNetworks, sample_weight: ArrayLike | None = None) -> DirectionClassifier:
        """Fit on spun pairs in their true order, source first.

        The other order is made here.

        Parameters
        ----------
        X : float array (n, n_features)
            Rows of features; NaN allowed.
        network : NeuralNetworks
            Fitted on levels and gaps (see `unspun.comparison.features.order_symmetry.OrderSymmetry`) of spun pairs
            and others.
        sample_weight : array (n,), optional
            Weights of the rows.

        Returns
        -------
        DirectionClassifier
            Not calibrated.
        """
        rows = np.asarray(X)
        weight = np.ones(len(rows)) if sample_weight is None else np.asarray(sample_weight, np.float64)
        symmetry = self.symmetry or OrderSymmetry.of_plan(rows.shape[1])
        back = symmetry.mirror(rows)
        forward, twice = np.repeat([True, False], len(rows)), np.tile(weight, 2)
        differences = np.concatenate([_difference(rows, back), _difference(back, rows)])
        linear = fit_linear(differences, forward, twice, self.C)
        return DirectionClassifier(linear, network, symmetry, self.linear_share)


def _difference(rows: NDArray[Any], back: NDArray[Any]) -> NDArray[Any]:
    """Return how much more each feature has in one order than in the other; 0 where it is undefined."""
    return np.asarray(np.nan_to_num(rows - back))
