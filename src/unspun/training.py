"""From labelled pairs to a table of features, and from that table to the model and its card."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pandas as pd
from threadpoolctl import threadpool_limits

import unspun
from unspun.breakdown import read_card
from unspun.card import Judged, describe, summarise, write_card
from unspun.crossfit import SPUN, band, calibrations
from unspun.detector import SpinDetector, refinement
from unspun.errors import TrainingError
from unspun.evaluation import (
    judged_scores,
    judging_weights,
    labelled_rows,
    lessons_of,
    score_groups,
    score_unseen,
)
from unspun.features import FEATURE_NAMES
from unspun.groups import merge_groups
from unspun.measuring import Progress, measure_table
from unspun.pairs import read_pairs
from unspun.progress import say
from unspun.splits import require_both_kinds
from unspun.variants import expand

LABELS = ("id", "dataset", "relation", "family", "tool", "group", "variant")
"""The columns of a features table before the features."""


def build_features(
    pairs: Path,
    n_jobs: int = 1,
    progress: Progress | None = None,
    training: bool = True,
    more: Sequence[Path] = (),
) -> pd.DataFrame:
    """Compute the features of a folder or file of pairs.

    Parameters
    ----------
    pairs : Path
        As `unspun.pairs.read_pairs` reads it.
    n_jobs : int
        Processes; -1 for all cores. The result does not depend on it.
    progress : callable, optional
        Called with how many rows are done and how many there are.
    training : bool
        Read labels too, merge the groups of datasets that share texts, and add variants and twins.
    more : sequence of Path
        Further pairs of the same kind, put after the others: trained on, never judged by.

    Returns
    -------
    DataFrame
        `LABELS` (only ``id`` without ``training``), then a float32 column per feature, NaN where it is undefined.
    """
    read = [read_pairs(path, labelled=training) for path in (pairs, *more)]
    good = pd.concat([frame.assign(judged=not place) for place, (frame, _) in enumerate(read)], ignore_index=True)
    bad = pd.concat([frame for _, frame in read], ignore_index=True)
    if len(bad):
        say(f"{len(bad):,} bad records left out; the first: {bad['id'].iloc[0]}: {bad['reason'].iloc[0]}")
    if training:
        good = expand(good.assign(group=merge_groups(good)))
    labels = good[list(LABELS) if training else ["id"]].reset_index(drop=True)
    features = pd.DataFrame(measure_table(good, n_jobs, progress), columns=list(FEATURE_NAMES))
    return pd.concat([labels, features], axis=1)


def read_features(path: Path) -> pd.DataFrame:
    """Read a features table.

    Raises
    ------
    TrainingError
        When it cannot be read or its columns are not those of the features as they are now.
    """
    try:
        table = pd.read_parquet(path)
    except (OSError, ValueError) as error:
        raise TrainingError("no features table can be read", path, "make one by `make features`") from error
    return _checked(table)


def _checked(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table if a model can be fitted on it."""
    if list(table.columns) != [*LABELS, *FEATURE_NAMES]:
        odd = sorted(set(table.columns) ^ {*LABELS, *FEATURE_NAMES})
        raise TrainingError("the table holds other features than this code", odd, "rebuild it by `make features`")
    original = require_both_kinds(table, "training")
    if original["group"].nunique() < 2:
        raise TrainingError("training needs two groups at least", original["group"].iloc[0], "label groups of pairs")
    return table


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
    table = _checked(table)
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
    detector.calibrate(lessons_of(table, by_group).fit(refinement()), calibration, interval)
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


def model_name(table: pd.DataFrame) -> str:
    """Return the name of the model that is trained on a features table."""
    return f"unspun-{unspun.__version__}-{digest(table)[:10]}"


def digest(table: pd.DataFrame) -> str:
    """Return a fingerprint of a features table, the same wherever its values are.

    >>> digest(pd.DataFrame({"kept_rate": [0.5]})) == digest(pd.DataFrame({"kept_rate": [0.25 + 0.25]}))
    True
    """
    rows = pd.util.hash_pandas_object(table, index=False).to_numpy()
    return hashlib.sha256(",".join(table.columns).encode() + rows.tobytes()).hexdigest()
