"""A small neural network as one voice of the head: smooth where trees are steps, so steadier beyond the training pairs.

One hidden layer, several of them fitted from different starts and averaged, which is again one network with one hidden
layer. What a feature adds is told by the change of every hidden unit from its value at the columns' means, shared out
over the inputs in proportion to what moved it (A. Shrikumar et al., 2017, "DeepLIFT", the rescale rule): the parts add
up to the log-odds exactly.
"""

from __future__ import annotations

import warnings
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier
from threadpoolctl import threadpool_limits

from unspun.calibration import Floats
from unspun.scaling import Scaling

_BATCH, _FEWEST_STEPS = 256, 300
_STILL = 1e-9
"""A unit that moved less than this is taken to have moved along its slope."""


class NetworkMember(BaseEstimator):
    """Log-odds from an average of small networks.

    Parameters
    ----------
    n_networks : int
        How many starts are averaged.
    hidden : int
        Units of each network.
    alpha : float
        Ridge penalty of the weights.
    epochs : int
        How often each network sees the rows; more often where they are too few for 300 steps.
    random_state : int
        Seed of the first start; the others count on from it.
    columns : int array, optional
        The columns to look at; all if not given.

    Attributes
    ----------
    scaling_ : Scaling
        How columns are standardised.
    inner_, inner_bias_ : float array (m, h), (h,)
        To the hidden units of all networks.
    outer_, outer_bias_ : float array (h,), float
        From them to the log-odds.

    Examples
    --------
    >>> X = np.array([[-2.0], [-0.1], [np.nan], [3.0]] * 40)
    >>> NetworkMember(1, 8).fit(X, X[:, 0] > 1).decision_function(np.array([[3.0], [-2.0]])) > 0
    array([ True, False])
    """

    def __init__(
        self,
        n_networks: int = 3,
        hidden: int = 64,
        alpha: float = 0.3,
        epochs: int = 15,
        random_state: int = 0,
        columns: NDArray[np.intp] | None = None,
    ) -> None:
        self.n_networks = n_networks
        self.hidden = hidden
        self.alpha = alpha
        self.epochs = epochs
        self.random_state = random_state
        self.columns = columns

    def fit(self, X: NDArray[Any], y: NDArray[np.bool_], sample_weight: Floats | None = None) -> Self:
        """Fit on rows; NaN takes the column's median."""
        weight = np.ones(len(X)) if sample_weight is None else np.asarray(sample_weight, np.float64)
        looked_at = self._looked_at(X)
        self.scaling_ = Scaling.fit(looked_at, weight)
        rows = self.scaling_.apply(looked_at)
        # One thread: sums in a fixed order give the same network every time.
        with threadpool_limits(1):
            networks = [self._fitted(rows, y, weight, self.random_state + k) for k in range(self.n_networks)]
        self.inner_ = np.concatenate([net.coefs_[0] for net in networks], axis=1)
        self.inner_bias_ = np.concatenate([net.intercepts_[0] for net in networks])
        self.outer_ = np.concatenate([net.coefs_[1][:, 0] for net in networks]) / self.n_networks
        self.outer_bias_ = float(np.mean([net.intercepts_[1][0] for net in networks]))
        return self

    def _fitted(self, rows: Floats, y: NDArray[np.bool_], weight: Floats, seed: int) -> MLPClassifier:
        batch = min(_BATCH, len(rows))
        epochs = max(self.epochs, -(-_FEWEST_STEPS * batch // len(rows)))
        network = MLPClassifier(
            (self.hidden,),
            alpha=self.alpha,
            batch_size=batch,
            learning_rate_init=2e-3,
            max_iter=epochs,
            random_state=seed,
            # Stopping after so many epochs is what was asked for, not a failure to converge.
            n_iter_no_change=epochs + 1,
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            return network.fit(rows, y, sample_weight=weight)

    def decision_function(self, X: NDArray[Any]) -> Floats:
        """Return the log-odds of the positive class, (n,)."""
        units = self._units(self.scaling_.apply(self._looked_at(X)))
        return np.asarray(_lifted(units) @ self.outer_ + self.outer_bias_, np.float64)

    def attribute(self, X: NDArray[Any]) -> tuple[Floats, float]:
        """Return what every column adds to the log-odds, (n, m), and the bias that makes up the rest."""
        rows = self.scaling_.apply(self._looked_at(X))
        units, rest = self._units(rows), self.inner_bias_
        moved = units - rest
        still = np.abs(moved) < _STILL
        slope = np.where(still, units > 0, (_lifted(units) - _lifted(rest)) / np.where(still, 1.0, moved))
        added = np.zeros(X.shape)
        added[:, slice(None) if self.columns is None else self.columns] = rows * ((slope * self.outer_) @ self.inner_.T)
        return added, float(_lifted(rest) @ self.outer_ + self.outer_bias_)

    def _looked_at(self, X: NDArray[Any]) -> NDArray[Any]:
        return X if self.columns is None else X[:, self.columns]

    def _units(self, rows: Floats) -> Floats:
        return np.asarray(rows @ self.inner_ + self.inner_bias_, np.float64)


def _lifted(units: Floats) -> Floats:
    return np.maximum(units, 0.0)
