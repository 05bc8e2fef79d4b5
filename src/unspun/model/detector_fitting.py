"""Fit a detector.

The recipe is one, for texts in a program and for the features table of `make train`.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.exceptions import ConvergenceWarning
from threadpoolctl import threadpool_limits

from unspun.comparison.features.catalogue import ALIGNED_WORDS, FEATURE_NAMES, TREE_ONLY
from unspun.comparison.features.order_symmetry import SYMMETRY
from unspun.io.labels import SPUN
from unspun.model.calibration import Floats
from unspun.model.cross_fitting import (
    Labelled,
    Split,
    Unseen,
    calibrations,
    cross_fit,
    fit_both,
    interval_of,
)
from unspun.model.direction_classifier import DirectionSettings
from unspun.model.document_classifier import DocumentRows, calibrated_documents, document_log_odds
from unspun.model.spin_classifier import ClassifierSettings
from unspun.model.spin_model import SpinModel


@dataclass(frozen=True, slots=True, eq=False)
class Documents:
    """Documents that a document classifier is calibrated on.

    Attributes
    ----------
    rows : DocumentRows
        The documents as rows of the table.
    spun : bool array (d,)
        Whether each holds a spun passage.
    weight : float array (d,)
        What they weigh; 0 for those that take no part.
    fold : int array (d,)
        Documents of one fold are left out together.
    corpus : array (d,)
        What the interval draws together.
    """

    rows: DocumentRows
    spun: NDArray[np.bool_]
    weight: Floats
    fold: NDArray[np.intp]
    corpus: ArrayLike


@dataclass(frozen=True, slots=True, eq=False)
class TrainingRows:
    """Rows of features that a model is fitted on, and the ways to part them.

    Attributes
    ----------
    data : Labelled
        The rows with their labels and the weights to train under.
    scored : sequence of (train, test)
        Row numbers: splits that give the scores of calibration.
    judging_weight : float array (n,)
        What rows weigh for calibration and interval; 0 for those that take no part.
    corpus : array (n,)
        What the interval draws together.
    taken : callable, optional
        As `unspun.model.cross_fitting.cross_fit` takes it.
    documents : Documents, optional
        What passages say of whole texts is calibrated on.
    """

    data: Labelled
    scored: Sequence[Split]
    judging_weight: Floats
    corpus: ArrayLike
    taken: Callable[[NDArray[np.intp]], Labelled] | None = None
    documents: Documents | None = None


class Fitted(NamedTuple):
    """A fitted model and what it was calibrated on.

    Attributes
    ----------
    model : SpinModel
        Calibrated.
    unseen : Unseen
        Log-odds of the rows, each from a model that was fitted without it.
    """

    model: SpinModel
    unseen: Unseen


def fit_detector(
    rows: TrainingRows,
    classifier: ClassifierSettings | None = None,
    direction: DirectionSettings | None = None,
    name: str = "unnamed",
    n_jobs: int = 1,
) -> Fitted:
    """Fit a model, calibrated on scores that were made unseen.

    Parameters
    ----------
    rows : TrainingRows
        What to fit it on.
    classifier, direction : ClassifierSettings, DirectionSettings, optional
        How to fit its parts; by default as the packaged model.
    name : str
        Stands beside every score.
    n_jobs : int
        Processes, -1 for one per core; the result does not depend on it.

    Returns
    -------
    Fitted
        The same for the same rows.

    Raises
    ------
    ValueError
        When one class alone is there.
    """
    data, settings = rows.data, (classifier_settings(classifier), direction_settings(direction))
    # Five folds leave one of two cores without work at the end: the model itself is fitted beside them. Where both run
    # in one process, neither may give the other's sums back their threads.
    with threadpool_limits(1), warnings.catch_warnings(), ThreadPoolExecutor(1) as beside:
        # Said here as well as where networks are fitted: threads restore each other's filters.
        warnings.simplefilter("ignore", ConvergenceWarning)
        parts = beside.submit(fit_both, *settings, data)
        unseen = cross_fit(*settings, data, rows.scored, n_jobs, rows.taken)
        fitted, pointing = parts.result()
    # One thread: sums in a fixed order give the same bytes on every machine.
    with threadpool_limits(1):
        spun = data.relation == SPUN
        of_spun, of_forward = calibrations(unseen, spun, rows.judging_weight)
        model = SpinModel(fitted.calibrated(of_spun), pointing.calibrated(of_forward), name=name)
        if rows.documents is None:
            interval = interval_of(unseen, of_spun, spun, rows.judging_weight, rows.corpus)
            return Fitted(replace(model, interval=interval), unseen)
        documents = rows.documents
        told = document_log_odds(of_spun.apply(unseen.spun), documents.rows)
        whole = calibrated_documents(told, documents.spun, documents.weight)
        scores = Unseen(told, np.full(len(told), np.nan))
        interval = interval_of(scores, whole.calibration, documents.spun, documents.weight, documents.corpus)
        return Fitted(replace(model, interval=interval, documents=whole), unseen)


def classifier_settings(classifier: ClassifierSettings | None = None) -> ClassifierSettings:
    """Return settings that know what swapping two texts does to the features."""
    # Figures: docs/notebook/2026-11-23-whole-texts.md.
    tree_only = np.flatnonzero([name in TREE_ONLY for name in FEATURE_NAMES])
    given = classifier or ClassifierSettings()
    return replace(given, positive=SPUN, symmetry=SYMMETRY, tree_only=tree_only, words_column=ALIGNED_WORDS)


def direction_settings(direction: DirectionSettings | None = None) -> DirectionSettings:
    """Return settings that know what swapping two texts does to the features."""
    return replace(direction or DirectionSettings(), symmetry=SYMMETRY)
