"""Fit and use small neural networks, a base model of the classifier.

They are smooth where trees are steps, so steadier beyond the training pairs.

They learn to tell more than what is asked: every kind of rows has an output of its own (R. Caruana, 1997, "Multitask
learning"), and the log-odds of the positive class compare the outputs of its kinds with those of the others. Rows that
stand for pairs are seen in both orders, in which pairs of the positive class are kinds of their own: so the networks
also tell which way round such a pair is.

Several are fitted from different starts and averaged. Two means keep them from learning datasets by heart. Each looks
at a part of the columns, drawn by chance (T. K. Ho, 1998, "The random subspace method"). And every row is mixed with
another one whenever it is seen (`unspun.model.base_models.network_training`).

What a feature adds is read off the change of every unit from its value at the columns' means, shared out over what
moved it in proportion (A. Shrikumar et al., 2017, "DeepLIFT", the rescale rule); where the outputs are summed up to
log-odds, by their logarithmic means (Y. Vartia, 1976, "Ideal log-change index numbers"). The parts add up to the
log-odds exactly.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from unspun.model.base_models.network_training import Training
from unspun.model.base_models.scaling import Scaling
from unspun.model.calibration import Floats

_STILL = 1e-9
"""A unit that moved less than this is taken to have moved along its slope."""


@dataclass(frozen=True, slots=True, eq=False)
class NeuralNetworks:
    """Log-odds from an average of small fitted networks.

    Attributes
    ----------
    scaling : Scaling
        How columns are standardised.
    weights, biases : tuple of float array (k, n_in, n_out), (k, 1, n_out)
        Of every layer, those of the k networks in one.
    positive, back : bool array (n_out,)
        Which of the last layer's outputs are kinds of the positive class, and which of these in the other order.
    others : int array (n_others,)
        The kinds of the other outputs.
    columns : int array, optional
        The columns to look at; all if not given.
    turns : bool array (m,), optional
        The columns that turn their sign when the texts of a pair change places: rows are then seen in both orders.
    """

    scaling: Scaling
    weights: tuple[Floats, ...]
    biases: tuple[Floats, ...]
    positive: NDArray[np.bool_]
    back: NDArray[np.bool_]
    others: NDArray[np.intp]
    columns: NDArray[np.intp] | None = None
    turns: NDArray[np.bool_] | None = None

    def log_odds(self, X: NDArray[Any]) -> Floats:
        """Return the log-odds of the positive class, (n,)."""
        return self.tell(self.outputs(X))[0]

    def outputs(self, X: NDArray[Any]) -> list[Floats]:
        """Return the outputs of every network, for every order of rows that is seen.

        Each is (k, n, n_out).
        """
        return [self._outputs(rows) for rows in seen_orders(X, self.columns, self.turns)]

    def tell(self, outputs: Sequence[Floats]) -> tuple[Floats, Floats]:
        """Return the log-odds of the positive class, and the kinds of other rows.

        To the bit the same for both orders of a pair.

        Parameters
        ----------
        outputs : sequence of float array (k, n, n_out)
            The `outputs` for n rows.

        Returns
        -------
        log_odds : float array (n,)
            Of the positive class.
        among_others : float array (n, n_others)
            Probabilities of the kinds `others`, given that a row is not positive.
        """
        log_odds = sum(self._log_odds(own) for own in outputs) / len(outputs)
        others = sum(_softmax(own[..., ~self.positive]).mean(axis=0) for own in outputs) / len(outputs)
        return np.asarray(log_odds, np.float64), np.asarray(others, np.float64)

    def forward(self, outputs: Sequence[Floats]) -> Floats:
        """Return the log-odds that a positive row is in the order of training.

        For networks that see both orders only.

        Parameters
        ----------
        outputs : sequence of float array (k, n, n_out)
            The `outputs` for n rows.

        Returns
        -------
        float array (n,)
            Natural logarithms.
        """
        ahead = self.positive & ~self.back
        there, back = (_contrast(own, ahead, self.back) for own in outputs)
        return (there - back) / 2

    def attribute(self, X: NDArray[Any]) -> tuple[Floats, float]:
        """Return what every column adds to the log-odds, (n, m), and the bias."""
        orders = [self._attribute(self.scaling.apply(rows)) for rows in seen_orders(X, self.columns, self.turns)]
        added = np.zeros(X.shape)
        added[:, slice(None) if self.columns is None else self.columns] = sum(own for own, _ in orders) / len(orders)
        return added, orders[0][1]

    def _attribute(self, rows: Floats) -> tuple[Floats, float]:
        """Return what every column looked at adds to the log-odds of standardised rows, and the bias."""
        units, at_rest = list(self._layers(rows)), list(self._layers(np.zeros((1, rows.shape[1]))))
        # How far the log-odds of each network move with its outputs, then with the units below, down to the rows.
        pull = self._pull_of_outputs(units[-1], at_rest[-1])
        for layer in range(len(units) - 1, -1, -1):
            pull = pull @ self.weights[layer].transpose(0, 2, 1)
            if layer > 0:
                pull = pull * _slope(units[layer - 1], at_rest[layer - 1])
        return rows * pull.mean(axis=0), float(self._log_odds(at_rest[-1])[0])

    def _outputs(self, looked_at: NDArray[Any]) -> Floats:
        """Return the outputs of every network, (k, n, n_out)."""
        *_, outputs = self._layers(self.scaling.apply(looked_at))
        return outputs

    def _layers(self, rows: Floats) -> Iterator[Floats]:
        """Yield the units of every layer before they are lifted, (k, n, n_out); the last ones are the outputs."""
        below = rows
        for weights, biases in zip(self.weights, self.biases, strict=True):
            units = np.asarray(below @ weights + biases, np.float64)
            yield units
            below = _lifted(units)

    def _log_odds(self, outputs: Floats) -> Floats:
        return _contrast(outputs, self.positive, ~self.positive)

    def _pull_of_outputs(self, outputs: Floats, at_rest: Floats) -> Floats:
        """Return by what to multiply the moves of a network's outputs so that they add up to that of its log-odds."""
        pull = np.empty(outputs.shape)
        for kinds, sign in ((self.positive, 1.0), (~self.positive, -1.0)):
            own, rest = outputs[..., kinds], at_rest[..., kinds]
            total, total_at_rest = (_log_sum_exp(values) for values in (own, rest))
            pull[..., kinds] = sign * np.exp(_log_of_mean(own, rest) - _log_of_mean(total, total_at_rest))
        return pull


@dataclass(frozen=True, slots=True, eq=False)
class NetworkSettings:
    """Say how to fit `NeuralNetworks`.

    Attributes
    ----------
    n_networks : int
        How many starts are averaged.
    hidden : tuple of int
        Units of the hidden layers of each network.
    alpha : float
        Ridge penalty of the weights.
    epochs : int
        How often each network sees the rows; more often where they are too few for 300 steps.
    column_share : float
        Share, in (0, 1], of the columns that each network looks at.
    mixing : float
        How evenly rows are mixed: both parameters of the beta distribution of the shares. Rows are not mixed at 0.
    random_state : int
        Seed of the first start; the others count on from it.
    columns, turns
        As in `NeuralNetworks`.

    Examples
    --------
    >>> X = np.array([[-2.0], [-0.1], [np.nan], [3.0]] * 40)
    >>> NetworkSettings(1, (8,)).fit(X, X[:, 0] > 1).log_odds(np.array([[3.0], [-2.0]])) > 0
    array([ True, False])
    """

    n_networks: int = 3
    hidden: tuple[int, ...] = (128, 64)
    alpha: float = 0.15
    epochs: int = 16
    column_share: float = 0.75
    mixing: float = 0.8
    random_state: int = 0
    columns: NDArray[np.intp] | None = None
    turns: NDArray[np.bool_] | None = None

    def fit(
        self,
        X: NDArray[Any],
        y: NDArray[np.bool_],
        sample_weight: Floats | None = None,
        kind: ArrayLike | None = None,
    ) -> NeuralNetworks:
        """Fit on rows; NaN takes the column's median.

        Parameters
        ----------
        X : float array (n, m)
            Rows.
        y : bool array (n,)
            Which rows are of the positive class: some are, some are not.
        sample_weight : array (n,), optional
            Weights of the rows.
        kind : array (n,), optional
            Within each of the two classes, the kinds of rows to tell apart.

        Returns
        -------
        NeuralNetworks
            The same for the same rows.
        """
        from threadpoolctl import threadpool_limits

        weight = np.ones(len(X)) if sample_weight is None else np.asarray(sample_weight, np.float64)
        names, number = np.unique(np.zeros(len(X), int) if kind is None else np.asarray(kind), return_inverse=True)
        number = 2 * number + y
        orders = list(seen_orders(X, self.columns, self.turns))
        if len(orders) > 1:
            number = np.concatenate([number, number + 2 * len(names) * y])
        looked_at, weight = np.concatenate(orders), np.tile(weight, len(orders))
        scaling = Scaling.fit(looked_at, weight)
        # Single precision takes a third less time; what is fitted is used in double.
        rows = scaling.apply(looked_at).astype(np.float32)
        numbers, output = np.unique(number, return_inverse=True)
        # One thread: sums in a fixed order give the same network every time.
        with threadpool_limits(1):
            layers = [self._fitted(rows, output, weight, self.random_state + k) for k in range(self.n_networks)]
        weights, biases = zip(*layers, strict=True)
        positive = numbers % 2 == 1
        return NeuralNetworks(
            scaling,
            tuple(np.stack(of_layer) for of_layer in zip(*weights, strict=True)),
            tuple(np.stack(of_layer)[:, np.newaxis] for of_layer in zip(*biases, strict=True)),
            positive,
            back=numbers >= 2 * len(names),
            others=names[numbers[~positive] // 2],
            columns=self.columns,
            turns=self.turns,
        )

    def _fitted(
        self, rows: NDArray[np.float32], output: NDArray[np.intp], weight: Floats, seed: int
    ) -> tuple[list[Any], list[Any]]:
        """Return the weights and the biases of every layer of one network."""
        width = rows.shape[1]
        looked_at = np.random.default_rng(seed).permutation(width)[: math.ceil(self.column_share * width)]
        training = Training(self.hidden, self.alpha, self.epochs, self.mixing)
        layers = training.train(rows[:, np.sort(looked_at)], output, weight, seed)
        weights, biases = ([layer.astype(np.float64) for layer in part] for part in layers)
        # Columns that it does not look at weigh nothing: all networks have one shape.
        first = np.zeros((width, weights[0].shape[1]))
        first[np.sort(looked_at)] = weights[0]
        return [first, *weights[1:]], biases


def seen_orders(
    X: NDArray[Any], columns: NDArray[np.intp] | None, turns: NDArray[np.bool_] | None
) -> Iterator[NDArray[Any]]:
    """Yield the columns looked at, in one order and the other.

    There is one order alone where no column turns.

    Parameters
    ----------
    X : float array (n, m)
        Rows.
    columns, turns
        As in `NeuralNetworks`.

    Yields
    ------
    float array (n, n_columns)
        Of the type of ``X``.
    """
    for sign in (1,) if turns is None else (1, np.where(turns, -1, 1)):
        rows = np.asarray(X * sign, X.dtype)
        yield rows if columns is None else rows[:, columns]


def _softmax(values: Floats) -> Floats:
    """Return the shares of the exponentials of the last axis."""
    risen = np.exp(values - values.max(axis=-1, keepdims=True))
    return np.asarray(risen / risen.sum(axis=-1, keepdims=True), np.float64)


def _log_sum_exp(values: Floats) -> Floats:
    """Return the logarithm of the sum of the exponentials of the last axis, which is kept.

    The largest values are added apart from the others, as scipy does.

    >>> _log_sum_exp(np.log([[1.0, 2.0, 3.0]])).round(6) == np.log(6).round(6)
    array([[ True]])
    """
    largest = values.max(axis=-1, keepdims=True)
    top = values == largest
    others = np.array(values)
    others[top] = -np.inf
    n_top = top.astype(np.float64).sum(axis=-1, keepdims=True)
    rest = np.exp(others - largest).sum(axis=-1, keepdims=True)
    return np.asarray(np.log1p(rest / n_top) + np.log(n_top) + largest, np.float64)


def _contrast(outputs: Floats, these: NDArray[np.bool_], those: NDArray[np.bool_]) -> Floats:
    """Return the log-odds of some kinds against others, (n,), the mean of all networks."""
    of_these, of_those = (_log_sum_exp(outputs[..., kinds])[..., 0] for kinds in (these, those))
    return np.asarray((of_these - of_those).mean(axis=0), np.float64)


def _lifted(units: Floats) -> Floats:
    return np.maximum(units, 0.0)


def _slope(units: Floats, at_rest: Floats) -> Floats:
    """Return how far lifted units moved from rest, as a share of how far they moved before."""
    moved = units - at_rest
    still = np.abs(moved) < _STILL
    return np.where(still, units > 0, (_lifted(units) - _lifted(at_rest)) / np.where(still, 1.0, moved))


def _log_of_mean(one: Floats, other: Floats) -> Floats:
    """Return the logarithm of the logarithmic mean of two numbers, of which the logarithms are given.

    The logarithmic mean of a and b is (a - b) / (log a - log b).

    >>> np.exp(_log_of_mean(np.log([9.0, 2.0]), np.log([1.0, 2.0]))).round(3)
    array([3.641, 2.   ])
    """
    half = np.abs(one - other) / 2
    near = half < _STILL
    apart = np.where(near, 1.0, half)
    return np.asarray((one + other) / 2 + np.where(near, 0.0, apart + np.log(-np.expm1(-2 * apart) / (2 * apart))))
