"""Fit a detector on a feature table, judge it, and write it with its card."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pandas as pd
from threadpoolctl import threadpool_limits

from unspun.errors import TrainingError
from unspun.io.labels import SPUN
from unspun.model.cross_fitting import band, calibrations
from unspun.model.detector import SpinDetector, refinement
from unspun.model.persistence import read_card
from unspun.training.evaluation import (
    judged_scores,
    judging_weights,
    labelled_rows,
    score_groups,
    score_unseen,
    stacking_data,
)
from unspun.training.feature_table import check_table, model_name
from unspun.training.model_card import Judged, describe, summarise, write_card


def train(table: pd.DataFrame, out_dir: Path, n_jobs: int = -1, protocols: Sequence[str] = ("group-cv",)) -> Path:
    """Fit, calibrate and judge a model, and write it with its card.

    Parameters
    ----------
    table : DataFrame
        As `build_features` makes it.
    out_dir : Path
        Gets ``detector.skops``, ``card.json`` and ``card.md``: the same bytes for the same table.
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
    data, detector = labelled_rows(table), SpinDetector(name=model_name(table))
    # Five folds leave one of two cores without work at the end: the model itself is fitted beside them. Where both run
    # in one process, neither may give the other's sums back their threads.
    with threadpool_limits(1), ThreadPoolExecutor(1) as beside:
        fitted = beside.submit(detector.fit_heads, data)
        by_group = score_groups(table, n_jobs)
        fitted.result()
    unseen = score_unseen(table, "group-cv", by_group, n_jobs)
    spun, weight = data.relation == SPUN, judging_weights(table)
    calibration = calibrations(unseen, spun, weight)
    interval = band(unseen, calibration[0], spun, weight, table["dataset"])
    detector.calibrate(stacking_data(table, by_group).fit(refinement()), calibration, interval)
    judged = {"group-cv": judged_scores(table, unseen)}
    # Without one of two datasets the other would have to be both the training pairs and another world.
    others = [name for name in protocols if name != "group-cv" and table["dataset"].nunique() > 2]
    for protocol in others:
        judged[protocol] = judged_scores(table, score_unseen(table, protocol, by_group, n_jobs))
    path = detector.save(out_dir)
    write_card(describe(detector, table, judged), out_dir)
    return path


def add_to_card(folder: Path, table: pd.DataFrame, protocol: str, judged: Judged) -> None:
    """Write the figures of one more protocol into the card of the model that was trained on ``table``.

    Raises
    ------
    TrainingError
        When the model in ``folder`` was trained on another table.
    """
    card = read_card(folder)
    if card.get("model") != model_name(table):
        raise TrainingError("the card is of another model", card.get("model", folder), "train it anew by `make train`")
    write_card({**card, "protocols": {protocol: summarise(*judged)}}, folder)
