"""Judge scores of labelled pairs that were made by models without them."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from unspun.comparison.features.catalogue import FEATURE_NAMES
from unspun.io.labels import ORIGINAL, PASSAGE, SPUN
from unspun.io.progress import Progress
from unspun.model.calibration import Floats
from unspun.model.cross_fitting import (
    Labelled,
    Unseen,
    calibrations,
    cross_calibrate,
    cross_fit,
    fold_numbers,
)
from unspun.model.detector import SpinDetector
from unspun.model.detector_fitting import (
    Documents,
    TrainingRows,
    classifier_settings,
    direction_settings,
)
from unspun.model.document_classifier import DocumentRows, document_log_odds
from unspun.model.spin_model import SpinModel
from unspun.training.feature_table import measure_table
from unspun.training.folds import folds, require_both_kinds
from unspun.training.metrics import Figures, judge
from unspun.training.weights import cell_weights, kinds, training_weights, tree_weights

SCORE_LABELS = ("id", "dataset", "group", "relation", "family", "tool")


def labelled_rows(table: pd.DataFrame) -> Labelled:
    """Return the rows of a features table as arrays, with the weights to train under.

    Parameters
    ----------
    table : DataFrame
        As `unspun.training.feature_table.build_features` makes it.
    """
    X = table[list(FEATURE_NAMES)].to_numpy(np.float32)
    relation = table["relation"].to_numpy(dtype=str)
    return Labelled(X, relation, training_weights(table), tree_weights(table), kinds(table))


def judging_weights(table: pd.DataFrame) -> Floats:
    """Return the weights that judge the rows of a features table, float (n,).

    They are 0 for all but the originals.
    """
    original = (table["variant"] == ORIGINAL).to_numpy()
    weight = np.zeros(len(table))
    weight[original] = cell_weights(table[original])
    return weight


def evaluate(table: pd.DataFrame, protocol: str = "group-cv", n_jobs: int = -1) -> tuple[pd.DataFrame, Figures]:
    """Score every labelled pair by models without it, and judge the scores.

    Scores are calibrated on those of the other four fifths of the groups. ``p_forward`` turns round exactly
    when a pair is shown in the other order, so it does not matter which order is shown.

    Parameters
    ----------
    table : DataFrame
        As `unspun.training.feature_table.build_features` makes it.
    protocol : str
        One of `unspun.training.folds.PROTOCOLS`.
    n_jobs : int
        Processes, -1 for one per core; the result does not depend on it.

    Returns
    -------
    scores : DataFrame
        `SCORE_LABELS`, ``n_aligned`` (words, held at 500), ``p_spun``, ``p_forward``: a row per original pair.
    figures : dict
        As `judge` gives them.

    Raises
    ------
    TrainingError
        When the judged pairs are all spun or none is.
    """
    require_both_kinds(table, "evaluation")
    learned = score_unseen(table, "group-cv", n_jobs)
    unseen = learned if protocol == "group-cv" else score_unseen(table, protocol, n_jobs)
    return judged_scores(table, unseen, learned)


def evaluate_model(
    pairs: pd.DataFrame, detector: SpinDetector | SpinModel, n_jobs: int = 1, progress: Progress | None = None
) -> tuple[pd.DataFrame, Figures]:
    """Score labelled pairs by a model that is there, and judge the scores.

    Parameters
    ----------
    pairs : DataFrame
        As `unspun.io.pair_tables.read_pairs` reads labelled pairs.
    detector : SpinDetector or SpinModel
        A fitted detector that was not trained on them.
    n_jobs : int
        Processes; -1 for all cores. The result does not depend on it.
    progress : callable, optional
        Called with how many pairs are done and how many there are.

    Returns
    -------
    scores, figures
        As `evaluate` returns them.

    Raises
    ------
    TrainingError
        When the pairs are all spun or none is.
    """
    require_both_kinds(pairs.assign(variant=ORIGINAL), "evaluation")
    X = measure_table(pairs, n_jobs, progress)
    scored = detector.score_rows(X)
    aligned = np.expm1(X[:, FEATURE_NAMES.index("more_words")].astype(np.float64)).round()
    columns = {"n_aligned": aligned, "p_spun": scored.relation[:, 0], "p_forward": scored.p_forward}
    scores = pairs[list(SCORE_LABELS)].assign(**columns).reset_index(drop=True)
    return scores, judge(scores)


def training_rows(table: pd.DataFrame) -> TrainingRows:
    """Return what a model is fitted on, from a features table.

    Every model that scores the pairs of a fold is trained as the model itself, had there been no other rows.

    Parameters
    ----------
    table : DataFrame
        As `unspun.training.feature_table.build_features` makes it.

    Returns
    -------
    TrainingRows
        For `unspun.model.detector.fit_detector`.
    """
    return TrainingRows(
        labelled_rows(table),
        list(folds(table, "group-cv")),
        judging_weights(table),
        table["dataset"],
        lambda rows: labelled_rows(table.iloc[rows]),
        documents_of(table),
    )


def documents_of(table: pd.DataFrame) -> Documents | None:
    """Return the documents of a features table.

    They are the judged pairs, with their passages. Composed documents teach through their passages alone.

    Parameters
    ----------
    table : DataFrame
        As `unspun.training.feature_table.build_features` makes it.

    Returns
    -------
    Documents or None
        None where the table was made without documents.
    """
    if "document" not in table:
        return None
    variant, part = table["variant"], fold_numbers(table["group"])
    whole = np.flatnonzero(variant == ORIGINAL)
    place_of = {name: place for place, name in enumerate(table["document"].to_numpy()[whole])}
    # A part of a table may hold passages of documents that it lacks.
    passages = np.flatnonzero((variant == PASSAGE) & table["document"].isin(list(place_of)))
    owner = np.array([place_of[name] for name in table["document"].to_numpy()[passages]], np.intp)
    words = table["n_words"].to_numpy(np.int64)
    rows = DocumentRows(whole, passages, owner, words[passages], words[whole])
    labels = table.iloc[whole]
    spun = (labels["relation"] == SPUN).to_numpy()
    return Documents(rows, spun, cell_weights(labels), part[whole], labels["dataset"].to_numpy())


def score_unseen(table: pd.DataFrame, protocol: str, n_jobs: int = 1) -> Unseen:
    """Return log-odds of the judged rows of a features table and of their passages.

    Each is from a model that has not seen the row.

    Parameters
    ----------
    table : DataFrame
        As `unspun.training.feature_table.build_features` makes it.
    protocol : str
        One of `unspun.training.folds.PROTOCOLS`.
    n_jobs : int
        Processes, -1 for one per core; the result does not depend on it.

    Returns
    -------
    Unseen
        Before calibration; NaN in all other rows.
    """
    settings, data = (classifier_settings(), direction_settings()), labelled_rows(table)
    return cross_fit(*settings, data, folds(table, protocol), n_jobs, lambda rows: labelled_rows(table.iloc[rows]))


def judged_scores(table: pd.DataFrame, unseen: Unseen, learned: Unseen | None = None) -> tuple[pd.DataFrame, Figures]:
    """Calibrate log-odds of a features table, and judge the original pairs.

    Parameters
    ----------
    table : DataFrame
        As `unspun.training.feature_table.build_features` makes it.
    unseen : Unseen
        Log-odds, as `score_unseen` makes them.
    learned : Unseen, optional
        Those that calibrate passages: ``unseen``, unless whole datasets were left out for it.

    Returns
    -------
    scores, figures
        As `evaluate` returns them.
    """
    spun, weight = (table["relation"] == SPUN).to_numpy(), judging_weights(table)
    documents = documents_of(table)
    if documents is None:
        p_spun, p_forward = cross_calibrate(unseen, spun, weight, fold_numbers(table["group"]))
    else:
        of_spun, of_forward = calibrations(learned or unseen, spun, weight)
        log_odds = of_spun.apply(unseen.spun)
        forward = documents.rows.forward(of_forward.slope * unseen.forward, log_odds)
        told = Unseen(document_log_odds(log_odds, documents.rows), forward)
        p_spun, p_forward = (
            _spread(values, documents.rows.whole, len(table))
            for values in cross_calibrate(told, documents.spun, documents.weight, documents.fold, bent=True)
        )
    aligned = np.expm1(table["more_words"].to_numpy(np.float64)).round()
    scores = table[list(SCORE_LABELS)].assign(n_aligned=aligned, p_spun=p_spun, p_forward=p_forward)
    scores = scores[(table["variant"] == ORIGINAL).to_numpy()].reset_index(drop=True)
    return scores, judge(scores)


def _spread(values: Floats, rows: NDArray[np.intp], n: int) -> Floats:
    """Return what documents have as a column of the table, NaN in all other rows."""
    column = np.full(n, np.nan)
    column[rows] = values
    return column
