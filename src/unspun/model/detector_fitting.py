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

from unspun.comparison.features.catalogue import CIRCUMSTANCES, FEATURE_NAMES, TREE_ONLY
from unspun.comparison.features.order_symmetry import SYMMETRY
from unspun.io.labels import SPUN
from unspun.model.base_models.refinement import RefinementSettings
from unspun.model.calibration import Floats
from unspun.model.cross_fitting import (
    Labelled,
    Split,
    StackingData,
    Unseen,
    calibrations,
    cross_fit,
    cross_refine,
    fit_both,
    interval_of,
)
from unspun.model.direction_classifier import DirectionSettings
from unspun.model.document_classifier import DocumentClassifier, DocumentRows, calibrated_documents, fit_documents
from unspun.model.spin_classifier import ClassifierSettings
from unspun.model.spin_model import SpinModel


@dataclass(frozen=True, slots=True, eq=False)
class Documents:
    """Documents that a document classifier is fitted on, and the ways to part them.

    Attributes
    ----------
    rows : DocumentRows
        The documents as rows of the table.
    spun : bool array (d,)
        Whether each holds a spun passage.
    weight, judging_weight : float array (d,)
        What they weigh for the classifier, and for its calibration and the interval; 0 for those that take no part.
    fold : int array (d,)
        Documents of one fold are left out together.
    corpus : array (d,)
        What the interval draws together.
    """

    rows: DocumentRows
    spun: NDArray[np.bool_]
    weight: Floats
    judging_weight: Floats
    fold: NDArray[np.intp]
    corpus: ArrayLike

    def fit(self, log_odds: Floats, left_out: int | None = None) -> DocumentClassifier:
        """Fit on log-odds of the table's rows, without one fold.

        Parameters
        ----------
        log_odds : float array (rows,)
            Calibrated, each from a model that was fitted without the row.
        left_out : int, optional
            A fold.

        Returns
        -------
        DocumentClassifier
            Not calibrated.
        """
        weight = self.weight if left_out is None else np.where(self.fold == left_out, 0.0, self.weight)
        return fit_documents(log_odds, self.rows, self.spun, weight)

    def unseen(self, log_odds: Floats, judged: Floats | None = None) -> Floats:
        """Return log-odds of documents that were made unseen.

        Each is from a classifier that was fitted without its fold.

        Parameters
        ----------
        log_odds : float array (rows,)
            What classifiers learn from.
        judged : float array (rows,), optional
            What they are asked about, if not the same.

        Returns
        -------
        float array (d,)
            Before calibration.
        """
        out = np.full(len(self.spun), np.nan)
        for fold in np.unique(self.fold):
            own = self.fold == fold
            classifier = self.fit(log_odds, int(fold))
            out[own] = classifier.raw(log_odds if judged is None else judged, self.rows)[own]
        return out


@dataclass(frozen=True, slots=True, eq=False)
class TrainingRows:
    """Rows of features that a model is fitted on, and the ways to part them.

    Attributes
    ----------
    data : Labelled
        The rows with their labels and the weights to train under.
    scored, judged : sequence of (train, test)
        Row numbers: splits that give the scores a refinement learns from, and splits that give those it is judged by.
    stacking_weight, judging_weight : float array (n,)
        What rows weigh for the refinement, and for calibration and interval; 0 for those that take no part.
    corpus : array (n,)
        What the interval draws together.
    taken : callable, optional
        As `unspun.model.cross_fitting.cross_fit` takes it.
    documents : Documents, optional
        What passages say of whole texts is fitted on; without them the strongest passage decides.
    """

    data: Labelled
    scored: Sequence[Split]
    judged: Sequence[Split]
    stacking_weight: Floats
    judging_weight: Floats
    corpus: ArrayLike
    taken: Callable[[NDArray[np.intp]], Labelled] | None = None
    documents: Documents | None = None


class Fitted(NamedTuple):
    """A fitted model and what it was calibrated on.

    Attributes
    ----------
    model : SpinModel
        Refined and calibrated.
    raw, refined : Unseen
        Log-odds of the rows, each from a model that was fitted without it, before and after refinement.
    """

    model: SpinModel
    raw: Unseen
    refined: Unseen


def fit_detector(
    rows: TrainingRows,
    classifier: ClassifierSettings | None = None,
    direction: DirectionSettings | None = None,
    name: str = "unnamed",
    n_jobs: int = 1,
) -> Fitted:
    """Fit a model, refined and calibrated on scores that were made unseen.

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
        raw = cross_fit(*settings, data, rows.scored, n_jobs, rows.taken)
        fitted, pointing = parts.result()
    # One thread: sums in a fixed order give the same bytes on every machine.
    with threadpool_limits(1):
        spun = data.relation == SPUN
        stacking = StackingData(raw.spun, data.X, spun, rows.stacking_weight)
        refined = raw._replace(spun=cross_refine(refinement_settings(), stacking, raw.spun, rows.judged, n_jobs))
        of_spun, of_forward = calibrations(refined, spun, rows.judging_weight)
        fitted = fitted.calibrated(of_spun, stacking.fit(refinement_settings()))
        model = SpinModel(fitted, pointing.calibrated(of_forward), name=name)
        if rows.documents is None:
            interval = interval_of(refined, of_spun, spun, rows.judging_weight, rows.corpus)
            return Fitted(replace(model, interval=interval), raw, refined)
        documents, log_odds = rows.documents, of_spun.apply(refined.spun)
        told = documents.unseen(log_odds)
        whole = calibrated_documents(documents.fit(log_odds), told, documents.spun, documents.judging_weight)
        scores = Unseen(told, np.full(len(told), np.nan))
        interval = interval_of(scores, whole.calibration, documents.spun, documents.judging_weight, documents.corpus)
        return Fitted(replace(model, interval=interval, documents=whole), raw, refined)


def classifier_settings(classifier: ClassifierSettings | None = None) -> ClassifierSettings:
    """Return settings that know what swapping two texts does to the features."""
    # Figures: docs/notebook/2026-11-23-whole-texts.md.
    tree_only = np.flatnonzero([name in TREE_ONLY for name in FEATURE_NAMES])
    given = classifier or ClassifierSettings()
    return replace(given, positive=SPUN, symmetry=SYMMETRY, tree_only=tree_only)


def direction_settings(direction: DirectionSettings | None = None) -> DirectionSettings:
    """Return settings that know what swapping two texts does to the features."""
    return replace(direction or DirectionSettings(), symmetry=SYMMETRY)


def refinement_settings() -> RefinementSettings:
    """Return settings that know where the circumstances stand in a row of features."""
    places = [FEATURE_NAMES.index(name) for name in CIRCUMSTANCES]
    return RefinementSettings(np.column_stack([places, SYMMETRY.partners[places]]))
