"""Train a small neural network on mixed rows.

Every row is mixed with another one whenever it is seen, and so is what it should teach (H. Zhang et al., 2018, "mixup:
Beyond empirical risk minimization"). scikit-learn's networks take no mixed labels. Adam finds the weights (D. Kingma
and J. Ba, 2015, "Adam: A method for stochastic optimization"); each starts as X. Glorot and Y. Bengio (2010) advise.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from unspun.model.calibration import Floats

Singles = NDArray[np.float32]
_BATCH, _FEWEST_STEPS = 256, 300
_RATE, _MEAN_DECAY, _SQUARE_DECAY, _TINY = 2e-3, 0.9, 0.999, 1e-8


class Layers(NamedTuple):
    """Hold the layers of a network, from the first to the outputs.

    Attributes
    ----------
    weights : list of float32 array (n_in, n_out)
        Of every layer.
    biases : list of float32 array (n_out,)
        Of every layer.
    """

    weights: list[Singles]
    biases: list[Singles]


@dataclass(frozen=True, slots=True)
class Training:
    """Say how to train a network.

    Attributes
    ----------
    hidden : tuple of int
        Units of the hidden layers.
    alpha : float
        Ridge penalty of the weights.
    epochs : int
        How often the rows are seen; more often where they are too few for 300 steps.
    mixing : float
        How evenly rows are mixed: both parameters of the beta distribution of the shares. Rows are not mixed at 0.
    """

    hidden: tuple[int, ...]
    alpha: float
    epochs: int
    mixing: float

    def train(self, rows: Singles, output: NDArray[np.intp], weight: Floats, seed: int) -> Layers:
        """Return the layers of a network that tells outputs apart.

        Parameters
        ----------
        rows : float32 array (n, m)
            Standardised; no NaN.
        output : int array (n,)
            The output, from 0, that should be the highest for each row.
        weight : float array (n,)
            Weights of the rows.
        seed : int
            Of the start, the order of the rows and the mixing.

        Returns
        -------
        Layers
            The same for the same rows and seed.

        Examples
        --------
        >>> rows = np.linspace(-1, 1, 200, dtype=np.float32)[:, np.newaxis]
        >>> training = Training((4,), alpha=0.1, epochs=1, mixing=0.4)
        >>> layers = training.train(rows, np.repeat([0, 1], 100), np.ones(200), seed=0)
        >>> [layer.shape for layer in layers.weights], [layer.shape for layer in layers.biases]
        ([(1, 4), (4, 2)], [(4,), (2,)])
        """
        generator = np.random.default_rng(seed)
        layers = _start((rows.shape[1], *self.hidden, int(output.max()) + 1), generator)
        steps = _Steps(layers)
        targets = np.eye(int(output.max()) + 1, dtype=np.float32)
        weights = weight.astype(np.float32)
        epochs = max(self.epochs, -(-_FEWEST_STEPS * min(_BATCH, len(rows)) // len(rows)))
        for batch in _batches(len(rows), epochs, generator):
            mixed, taught = self._mixed(rows[batch], targets[output[batch]] * weights[batch, np.newaxis], generator)
            steps.take(*_gradients(layers, mixed, taught, self.alpha))
        return layers

    def _mixed(self, rows: Singles, taught: Singles, generator: np.random.Generator) -> tuple[Singles, Singles]:
        """Return rows mixed with others of the batch, and what they teach mixed by the same shares."""
        if not self.mixing:
            return rows, taught
        share = generator.beta(self.mixing, self.mixing, (len(rows), 1)).astype(np.float32)
        other = generator.permutation(len(rows))
        return share * rows + (1 - share) * rows[other], share * taught + (1 - share) * taught[other]


def _start(sizes: tuple[int, ...], generator: np.random.Generator) -> Layers:
    """Return layers drawn by chance, within bounds that keep the units of all layers alike in size."""
    weights, biases = [], []
    for below, above in pairwise(sizes):
        bound = np.sqrt(6 / (below + above))
        weights.append(generator.uniform(-bound, bound, (below, above)).astype(np.float32))
        biases.append(generator.uniform(-bound, bound, above).astype(np.float32))
    return Layers(weights, biases)


def _batches(n: int, epochs: int, generator: np.random.Generator) -> Iterator[NDArray[np.intp]]:
    """Yield the numbers of the rows of each batch, every epoch in another order."""
    for _ in range(epochs):
        order = generator.permutation(n)
        yield from (order[start : start + _BATCH] for start in range(0, n, _BATCH))


def _gradients(layers: Layers, rows: Singles, taught: Singles, alpha: float) -> tuple[list[Singles], list[Singles]]:
    """Return the slopes of the loss by weights and by biases: cross-entropy, and the penalty of the weights.

    ``taught`` is what the outputs should be, times the weights of the rows.
    """
    units = [rows]
    for weights, biases in zip(layers.weights[:-1], layers.biases[:-1], strict=True):
        lifted = units[-1] @ weights
        lifted += biases
        units.append(np.maximum(lifted, 0, out=lifted))
    told = units[-1] @ layers.weights[-1]
    told += layers.biases[-1]
    told -= told.max(axis=1, keepdims=True)
    np.exp(told, out=told)
    told /= told.sum(axis=1, keepdims=True)
    slope = told
    slope *= taught.sum(axis=1, keepdims=True)
    slope -= taught
    slope /= len(rows)
    by_weights, by_biases = [], []
    for weights, below in zip(layers.weights[::-1], units[::-1], strict=True):
        by_weights.append(below.T @ slope + alpha / len(rows) * weights)
        by_biases.append(slope.sum(axis=0))
        if below is not rows:
            slope = slope @ weights.T
            slope *= below > 0
    return by_weights[::-1], by_biases[::-1]


class _Steps:
    """Steps down the slopes, each parameter at a pace of its own."""

    def __init__(self, layers: Layers) -> None:
        self.parameters = [*layers.weights, *layers.biases]
        self.means = [np.zeros_like(values) for values in self.parameters]
        self.squares = [np.zeros_like(values) for values in self.parameters]
        self.taken = 0

    def take(self, by_weights: list[Singles], by_biases: list[Singles]) -> None:
        """Take a step, in place."""
        self.taken += 1
        rate = _RATE * np.sqrt(1 - _SQUARE_DECAY**self.taken) / (1 - _MEAN_DECAY**self.taken)
        of_each = zip(self.parameters, self.means, self.squares, [*by_weights, *by_biases], strict=True)
        for values, mean, square, slope in of_each:
            mean += (1 - _MEAN_DECAY) * (slope - mean)
            slope *= slope
            slope -= square
            slope *= 1 - _SQUARE_DECAY
            square += slope
            pace = np.sqrt(square, out=slope)
            pace += _TINY
            values -= np.float32(rate) * mean / pace
