"""Fit a detector on a feature table, judge it, and write it with its card."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from unspun.errors import TrainingError
from unspun.model.detector_fitting import classifier_settings, fit_detector
from unspun.model.persistence import read_card, save_model
from unspun.training.evaluation import judged_scores, score_unseen, training_rows
from unspun.training.feature_table import check_table, model_name
from unspun.training.model_card import Judged, describe, summarise, write_card


def train(table: pd.DataFrame, out_dir: Path, n_jobs: int = -1, protocols: Sequence[str] = ("group-cv",)) -> Path:
    """Fit, calibrate and judge a model, and write it with its card.

    Parameters
    ----------
    table : DataFrame
        As `build_features` makes it.
    out_dir : Path
        Gets ``detector.npz``, ``card.json`` and ``card.md``: the same bytes for the same table.
    n_jobs : int
        Processes, -1 for one per core; the result does not depend on it.
    protocols : sequence of str
        What to judge by; ``group-cv`` is always among them, for calibration needs its scores.

    Returns
    -------
    Path
        The model file.

    Raises
    ------
    TrainingError
        When the table cannot be trained on.
    """
    table = check_table(table)
    model, unseen = fit_detector(training_rows(table), name=model_name(table), n_jobs=n_jobs)
    judged = {"group-cv": judged_scores(table, unseen)}
    # Without one of two datasets the other would have to be both the training pairs and another world.
    others = [name for name in protocols if name != "group-cv" and table["dataset"].nunique() > 2]
    for protocol in others:
        judged[protocol] = judged_scores(table, score_unseen(table, protocol, n_jobs), unseen)
    path = save_model(model, out_dir)
    write_card(describe(model, classifier_settings(), table, judged), out_dir)
    return path


def add_to_card(folder: Path, table: pd.DataFrame, protocol: str, judged: Judged) -> None:
    """Add the figures of one more protocol to the card of a model.

    The model is the one that was trained on ``table``.

    Parameters
    ----------
    folder : Path
        Holds the model and its card.
    table : DataFrame
        As `unspun.training.feature_table.build_features` makes it.
    protocol : str
        One of `unspun.training.folds.PROTOCOLS`.
    judged : (DataFrame, Figures)
        Scores by that protocol and their figures.

    Raises
    ------
    TrainingError
        When the model in ``folder`` was trained on another table.
    """
    card = read_card(folder)
    if card.get("model") != model_name(table):
        raise TrainingError("the card is of another model", card.get("model", folder), "train it anew by `make train`")
    write_card({**card, "protocols": {protocol: summarise(*judged)}}, folder)
