"""Score pairs by models that have not seen them.

Calibration and every figure are computed from such scores.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple
from zlib import crc32

import numpy as np
import pandas as pd
from joblib import Parallel, delayed
from numpy.typing import ArrayLike, NDArray

from unspun.io.labels import SPUN
from unspun.model.base_models.neural_networks import NeuralNetworks
from unspun.model.calibration import (
    BentCalibration,
    Calibration,
    Floats,
    Interval,
    expit,
    fit_bent_calibration,
    fit_calibration,
    fit_interval,
)
from unspun.model.direction_classifier import DirectionClassifier, DirectionSettings
from unspun.model.spin_classifier import ClassifierSettings, SpinClassifier

Split = tuple[NDArray[np.intp], NDArray[np.intp]]


class Unseen(NamedTuple):
    """Log-odds of rows, each from a model that was fitted without it.

    Attributes
    ----------
    spun, forward : float array (n,)
        Log-odds of `spun`, and that the suspect is the spun side; NaN in rows that no split tests.
    """

    spun: Floats
    forward: Floats


class Labelled(NamedTuple):
    """Rows to learn from.

    Attributes
    ----------
    X : float array (n, m)
        Features.
    relation : array of str (n,)
        Of `unspun.io.labels.RELATIONS`.
    weight, tree_weight : float array (n,)
        Of the rows; the second for the trees of `SpinClassifier`, where not the same.
    kind : array (n,), optional
        What the networks of `SpinClassifier` tell apart; the relations if not given.
    """

    X: NDArray[np.float32]
    relation: NDArray[Any]
    weight: Floats
    tree_weight: Floats | None = None
    kind: NDArray[Any] | None = None

    def take(self, rows: NDArray[Any]) -> Labelled:
        """Return some of the rows."""
        tree_weight, kind = (None if column is None else column[rows] for column in (self.tree_weight, self.kind))
        return Labelled(self.X[rows], self.relation[rows], self.weight[rows], tree_weight, kind)


def cross_fit(
    classifier: ClassifierSettings,
    direction: DirectionSettings,
    data: Labelled,
    splits: Iterable[Split],
    n_jobs: int = 1,
    taken: Callable[[NDArray[np.intp]], Labelled] | None = None,
) -> Unseen:
    """Score the test rows of every split by models fitted on its training rows.

    Parameters
    ----------
    classifier, direction : ClassifierSettings, DirectionSettings
        How to fit them.
    data : Labelled
        All rows.
    splits : iterable of (train, test)
        Row numbers, as `unspun.training.folds.folds` gives them.
    n_jobs : int
        Processes; the result does not depend on it.
    taken : callable, optional
        From the numbers of a split's training rows to these rows, weighed as if there were no others; by default they
        keep the weights that they have among all rows.

    Returns
    -------
    Unseen
        Raw log-odds; NaN in rows that no split tests.
    """
    parts, taken = list(splits), taken or data.take
    tasks = (delayed(_score_part)(classifier, direction, taken(train), data.X[test]) for train, test in parts)
    unseen = Unseen(np.full(len(data.X), np.nan), np.full(len(data.X), np.nan))
    for (_, test), (spun, forward) in zip(parts, Parallel(n_jobs=n_jobs)(tasks), strict=True):
        unseen.spun[test], unseen.forward[test] = spun, forward
    return unseen


def _score_part(
    classifier: ClassifierSettings, direction: DirectionSettings, train: Labelled, test: NDArray[np.float32]
) -> tuple[Floats, Floats]:
    fitted, pointing = fit_both(classifier, direction, train)
    return fitted.log_odds(test, calibrated=False), pointing.log_odds(test, calibrated=False)


def fit_both(
    classifier: ClassifierSettings, direction: DirectionSettings, data: Labelled
) -> tuple[SpinClassifier, DirectionClassifier]:
    """Fit what tells the relations apart and what tells which side is spun.

    Parameters
    ----------
    classifier, direction : ClassifierSettings, DirectionSettings
        How to fit them.
    data : Labelled
        All rows; those of no weight take no part.

    Returns
    -------
    SpinClassifier, DirectionClassifier
        Not calibrated.
    """
    told = data.take(np.flatnonzero(data.weight > 0))
    fitted = classifier.fit(told.X, told.relation, told.weight, told.tree_weight, told.kind)
    return fitted, fit_direction(direction, told, fitted.network)


def fit_direction(direction: DirectionSettings, data: Labelled, network: NeuralNetworks) -> DirectionClassifier:
    """Fit a direction on spun pairs, beside networks that were fitted on all.

    Parameters
    ----------
    direction : DirectionSettings
        How to fit it.
    data : Labelled
        All rows.
    network : NeuralNetworks
        Those of the classifier.

    Returns
    -------
    DirectionClassifier
        Not calibrated.
    """
    spun = data.take(data.relation == SPUN)
    return direction.fit(spun.X, network, spun.weight)


def calibrations(unseen: Unseen, spun: ArrayLike, weight: Floats) -> tuple[Calibration, Calibration]:
    """Fit the calibration of p_spun and of p_forward on scores made unseen.

    Rows without a score, or with a weight of 0, take no part.

    Parameters
    ----------
    unseen : Unseen
        Log-odds of n rows.
    spun : bool array (n,)
        The truth.
    weight : float array (n,)
        Weights; rows with 0 take no part.

    Returns
    -------
    Calibration, Calibration
        Of p_spun, and of p_forward.
    """
    return fit_calibration(*_judged(unseen, spun, weight)), _calibration_of_forward(unseen, spun, weight)


def _used(unseen: Unseen, weight: Floats) -> NDArray[np.bool_]:
    return ~np.isnan(unseen.spun) & (weight > 0)


def _judged(unseen: Unseen, spun: ArrayLike, weight: Floats) -> tuple[Floats, NDArray[np.bool_], Floats]:
    """Return the log-odds of spun, the truth and the weights of the rows that take part."""
    used = _used(unseen, weight)
    return unseen.spun[used], np.asarray(spun, np.bool_)[used], weight[used]


def _calibration_of_forward(unseen: Unseen, spun: ArrayLike, weight: Floats) -> Calibration:
    # Every spun pair counts in both orders: the two scores are each other's negative.
    used = _used(unseen, weight) & np.asarray(spun, np.bool_)
    forward = unseen.forward[used]
    truth = np.repeat([True, False], len(forward))
    return fit_calibration(np.concatenate([forward, -forward]), truth, np.tile(weight[used], 2))


def interval_of(
    unseen: Unseen, of_spun: Calibration | BentCalibration, spun: ArrayLike, weight: Floats, group: ArrayLike
) -> Interval:
    """Fit the interval around p_spun on scores made unseen.

    Whole groups are resampled (see `fit_interval`).

    Parameters
    ----------
    unseen : Unseen
        Scores of n rows.
    of_spun : Calibration or BentCalibration
        Of these scores.
    spun : bool array (n,)
        The truth.
    weight : float array (n,)
        Weights; rows with 0 take no part.
    group : array (n,)
        What is drawn together.

    Returns
    -------
    Interval
        Of 90 %.
    """
    log_odds, positive, weights = _judged(unseen, spun, weight)
    return fit_interval(of_spun.apply(log_odds), positive, weights, np.asarray(group)[_used(unseen, weight)])


def cross_calibrate(
    unseen: Unseen, spun: ArrayLike, weight: Floats, part: NDArray[np.intp], bent: bool = False
) -> tuple[Floats, Floats]:
    """Return p_spun and p_forward, each part calibrated on all others.

    Parameters
    ----------
    unseen : Unseen
        Raw scores.
    spun : bool array (n,)
        The truth.
    weight : float array (n,)
        Weights; rows with 0 take no part.
    part : int array (n,)
        Parts of mixed groups. Never whole datasets: without its own pairs, a dataset that scores too high would be
        calibrated higher still.
    bent : bool
        Whether p_spun is calibrated by a bent line.

    Returns
    -------
    float64 array (n,), float64 array (n,)
        p_spun and p_forward, in [0, 1]; NaN in rows without a score.
    """
    p_spun, p_forward = np.full(len(part), np.nan), np.full(len(part), np.nan)
    fit = fit_bent_calibration if bent else fit_calibration
    for number in np.unique(part):
        own = part == number
        others = np.where(own, 0.0, weight)
        p_spun[own] = expit(fit(*_judged(unseen, spun, others)).apply(unseen.spun[own]))
        p_forward[own] = expit(_calibration_of_forward(unseen, spun, others).slope * unseen.forward[own])
    return p_spun, p_forward


N_FOLDS = 5


def grouped_splits(group: pd.Series) -> Iterator[tuple[NDArray[np.intp], NDArray[np.intp]]]:
    """Yield row numbers (train, test) of five folds of groups."""
    parts = fold_numbers(group)
    for part in np.unique(parts):
        yield np.flatnonzero(parts != part), np.flatnonzero(parts == part)


def fold_numbers(group: pd.Series, n_folds: int = N_FOLDS) -> NDArray[np.intp]:
    """Deal groups out to folds and return the fold of every row.

    The largest group comes first; each goes to the emptiest fold.

    Parameters
    ----------
    group : Series (n,)
        The group of every row.
    n_folds : int
        How many folds there are.

    Returns
    -------
    int array (n,)
        In [0, n_folds); the rows of one group have one fold.

    Examples
    --------
    >>> fold_numbers(pd.Series(["a", "a", "b", "c"]), n_folds=2).tolist()
    [0, 0, 1, 1]
    """
    filled = np.zeros(n_folds, dtype=np.int64)
    fold_of: dict[str, int] = {}
    sizes = group.value_counts()
    for name in sorted(sizes.index, key=lambda name: (-sizes[name], crc32(str(name).encode()), name)):
        fold_of[name] = int(filled.argmin())
        filled[fold_of[name]] += sizes[name]
    return np.asarray(group.map(fold_of), np.intp)
