"""How good scores are: figures over labelled pairs, scored by models that have not seen them, and floors for them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from unspun.calibration import Floats
from unspun.crossfit import SPUN, Labelled, Lessons, Split, Unseen, cross_calibrate, cross_fit, cross_refine
from unspun.detector import SpinDetector, heads, refinement
from unspun.errors import UnspunError
from unspun.features import FEATURE_NAMES
from unspun.measuring import Progress, measure_table
from unspun.splits import (
    MIN_CELL,
    ORIGINAL,
    cell_weights,
    cells,
    fold_numbers,
    folds,
    grouped_splits,
    kinds,
    refinement_weights,
    require_both_kinds,
    training_weights,
    tree_weights,
)

Figures = dict[str, dict[str, float]]
SCORE_LABELS = ("id", "dataset", "group", "relation", "family", "tool")
_N_BINS = 15


class FloorError(UnspunError):
    """A figure fell below its floor, or a floor was about to be lowered."""


def auc(scores: Floats, spun: NDArray[np.bool_], weight: Floats) -> float:
    """Return the weighted area under the ROC curve, in [0, 1]; ties count half; NaN without both classes.

    >>> auc(np.array([0.9, 0.1]), np.array([True, False]), np.ones(2))
    1.0
    """
    if spun.all() or not spun.any():
        return float("nan")
    order = np.argsort(scores[~spun], kind="stable")
    values = scores[~spun][order]
    below = np.concatenate([[0.0], np.cumsum(weight[~spun][order])]) / weight[~spun].sum()
    low = np.searchsorted(values, scores[spun], "left")
    high = np.searchsorted(values, scores[spun], "right")
    return float(np.average((below[low] + below[high]) / 2, weights=weight[spun]))


def threshold_at(scores: Floats, weight: Floats, rate: float) -> float:
    """Return the score that at most ``rate`` of the weight of honest pairs exceeds.

    >>> threshold_at(np.array([0.1, 0.2, 0.3, 0.9]), np.ones(4), 0.3)
    0.3
    """
    order = np.argsort(-scores, kind="stable")
    passed = np.cumsum(weight[order]) / weight.sum()
    first_over = int(np.searchsorted(passed, rate, "right"))
    return float(scores[order][min(first_over, len(order) - 1)])


def calibration_error(scores: Floats, spun: NDArray[np.bool_], weight: Floats) -> float:
    """Return the expected calibration error over 15 bins of equal weight, in [0, 1].

    >>> calibration_error(np.array([0.0, 1.0]), np.array([False, True]), np.ones(2))
    0.0
    """
    order = np.argsort(scores, kind="stable")
    share = weight[order] / weight.sum()
    bins = np.minimum((np.cumsum(share) * _N_BINS).astype(int), _N_BINS - 1)
    gap = np.bincount(bins, share * (scores[order] - spun[order]), minlength=_N_BINS)
    return float(np.abs(gap).sum())


def _recall(table: pd.DataFrame, honest: pd.DataFrame, rate: float) -> dict[str, float]:
    """Return the threshold at ``rate`` and the recall above it: macro over families, and each family's."""
    threshold = threshold_at(honest["p_spun"].to_numpy(), honest["weight"].to_numpy(), rate)
    spun = table[table["relation"] == "spun"]
    families = (spun["p_spun"] > threshold).groupby(spun["family"]).mean()
    return {"threshold": threshold, "macro": float(families.mean()), **_named(families)}


def judge(table: pd.DataFrame) -> Figures:
    """Compute every figure of scored, labelled pairs.

    Parameters
    ----------
    table : DataFrame
        With ``relation``, ``family``, ``dataset``, ``p_spun`` in [0, 1] without NaN, and optionally ``p_forward``.

    Returns
    -------
    dict of dict of float
        ``overall`` (pairs, spun, auc, ece, brier); ``tpr@1%`` and ``tpr@0.1%`` (threshold, macro and every
        family of ``spun``: recall where that share of the honest weight passes); ``fpr@1%`` (share of every
        honest cell of 30 pairs or more above the 1% threshold, largest first); ``direction`` (share of
        ``p_forward`` above 0.5 per family of ``spun``), where known.

    Examples
    --------
    >>> frame = pd.DataFrame({"relation": ["spun", "copied"], "family": ["llm", "wire"], "dataset": ["x", "x"],
    ...                       "p_spun": [0.9, 0.2]})
    >>> judge(frame)["overall"]["auc"]
    1.0
    """
    table = table.assign(weight=cell_weights(table), cell=cells(table))
    spun = (table["relation"] == "spun").to_numpy()
    scores, weight = table["p_spun"].to_numpy(np.float64), table["weight"].to_numpy()
    honest = table[~spun]
    recall = {name: _recall(table, honest, rate) for name, rate in (("tpr@1%", 0.01), ("tpr@0.1%", 0.001))}
    figures: Figures = {
        "overall": {
            "pairs": float(len(table)),
            "spun": float(spun.sum()),
            "auc": auc(scores, spun, weight),
            "ece": calibration_error(scores, spun, weight),
            "brier": float(np.average((scores - spun) ** 2, weights=weight)),
        },
        **recall,
        "fpr@1%": _false_alarms(honest, recall["tpr@1%"]["threshold"]),
    }
    if "p_forward" in table and table.loc[spun, "p_forward"].notna().any():
        forward = (table.loc[spun, "p_forward"] > 0.5).groupby(table.loc[spun, "family"]).mean()
        figures["direction"] = _named(forward)
    return figures


def _false_alarms(honest: pd.DataFrame, threshold: float) -> dict[str, float]:
    """Return the share above ``threshold`` of every honest cell of 30 pairs or more, largest first."""
    above = (honest["p_spun"] > threshold).groupby(honest["cell"]).agg(["size", "mean"])
    large = above.loc[above["size"] >= MIN_CELL, "mean"].astype(float)
    return _named(large.sort_values(ascending=False, kind="stable"))


def _named(values: pd.Series) -> dict[str, float]:
    return {str(name): float(value) for name, value in values.items()}


def labelled_rows(table: pd.DataFrame) -> Labelled:
    """Return the rows of a features table as arrays, with the weights to train under.

    Parameters
    ----------
    table : DataFrame
        As `unspun.training.build_features` makes it.
    """
    X = table[list(FEATURE_NAMES)].to_numpy(np.float32)
    relation = table["relation"].to_numpy(dtype=str)
    return Labelled(X, relation, training_weights(table), tree_weights(table), kinds(table))


def judging_weights(table: pd.DataFrame) -> Floats:
    """Return the weights that judge the rows of a features table: 0 for all but the originals."""
    original = (table["variant"] == ORIGINAL).to_numpy()
    weight = np.zeros(len(table))
    weight[original] = cell_weights(table[original])
    return weight


def evaluate(table: pd.DataFrame, protocol: str = "group-cv", n_jobs: int = -1) -> tuple[pd.DataFrame, Figures]:
    """Score every labelled pair by models that have not seen it, and judge the scores.

    Scores are calibrated on those of the other four fifths of the groups. ``p_forward`` turns round exactly
    when a pair is shown in the other order, so it does not matter which order is shown.

    Parameters
    ----------
    table : DataFrame
        As `unspun.training.build_features` makes it.
    protocol : str
        One of `unspun.splits.PROTOCOLS`.
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
    return judged_scores(table, score_unseen(table, protocol, score_groups(table, n_jobs), n_jobs))


def evaluate_model(
    pairs: pd.DataFrame, detector: SpinDetector, n_jobs: int = 1, progress: Progress | None = None
) -> tuple[pd.DataFrame, Figures]:
    """Score labelled pairs by a model that is there, and judge the scores.

    Parameters
    ----------
    pairs : DataFrame
        As `unspun.pairs.read_pairs` reads labelled pairs.
    detector : SpinDetector
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


def score_groups(table: pd.DataFrame, n_jobs: int = 1) -> Unseen:
    """Return the raw log-odds of the rows that a refinement learns from, each from a model fitted without its group.

    Every such model is trained as `unspun.training.train` would train it on its rows, had there been no others.
    """
    told = refinement_weights(table) > 0
    return _cross_fit(table, [(train, test[told[test]]) for train, test in grouped_splits(table["group"])], n_jobs)


def _cross_fit(table: pd.DataFrame, splits: Iterable[Split], n_jobs: int) -> Unseen:
    return cross_fit(*heads(), labelled_rows(table), splits, n_jobs, lambda rows: labelled_rows(table.iloc[rows]))


def lessons_of(table: pd.DataFrame, by_group: Unseen) -> Lessons:
    """Return what a refinement learns from, given the scores that `score_groups` made."""
    X = table[list(FEATURE_NAMES)].to_numpy(np.float32)
    return Lessons(by_group.spun, X, (table["relation"] == SPUN).to_numpy(), refinement_weights(table))


def score_unseen(table: pd.DataFrame, protocol: str, by_group: Unseen, n_jobs: int = 1) -> Unseen:
    """Return the refined log-odds of the original rows of a features table, from a model that has not seen them.

    Its refinement has not seen them either. The scores that a refinement learns from are those of ``by_group``,
    whatever is left out: see docs/choices.md, "A second look", for what making them anew each time would change.
    """
    splits = list(folds(table, protocol))
    raw = by_group if protocol == "group-cv" else _cross_fit(table, splits, n_jobs)
    refined = cross_refine(refinement(), lessons_of(table, by_group), raw.spun, splits, n_jobs)
    return raw._replace(spun=refined)


def judged_scores(table: pd.DataFrame, unseen: Unseen) -> tuple[pd.DataFrame, Figures]:
    """Return calibrated scores and their figures, from the refined log-odds of the rows of a features table."""
    spun = (table["relation"] == SPUN).to_numpy()
    part = fold_numbers(table["group"])
    p_spun, p_forward = cross_calibrate(unseen, spun, judging_weights(table), part)
    aligned = np.expm1(table["more_words"].to_numpy(np.float64)).round()
    scores = table[list(SCORE_LABELS)].assign(n_aligned=aligned, p_spun=p_spun, p_forward=p_forward)
    scores = scores[(table["variant"] == ORIGINAL).to_numpy()].reset_index(drop=True)
    return scores, judge(scores)


def flatten(figures: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    """Return figures under one name each.

    >>> flatten({"tpr@1%": {"llm": 0.5}})
    {'tpr@1%/llm': 0.5}
    """
    return {f"{part}/{name}": value for part, group in figures.items() for name, value in group.items()}


def check_floors(figures: Mapping[str, Mapping[str, float]], floors: Mapping[str, float]) -> None:
    """Refuse figures that fell below their floors.

    Parameters
    ----------
    figures : dict
        As `judge` gives them.
    floors : dict
        Flat name (``tpr@1%/llm``) to the least value; names starting with ``-`` hold the largest value instead
        (``-overall/ece``).

    Raises
    ------
    FloorError
        Naming every figure that is missing or on the wrong side.

    Examples
    --------
    >>> check_floors({"overall": {"auc": 0.99, "ece": 0.01}}, {"overall/auc": 0.98, "-overall/ece": 0.03})
    """
    flat = flatten(figures)
    fallen = [
        f"{name} is {_value(flat, name):.4f}, floor {abs(floor):.4f}"
        for name, floor in floors.items()
        if not _holds(_value(flat, name), name, floor)
    ]
    if fallen:
        raise FloorError("figures below their floors", "; ".join(fallen), "find what made them fall")


def raise_floors(path: Path, protocol: str, floors: Mapping[str, float]) -> None:
    """Write ``floors`` of one protocol into the file at ``path``, never lower than what stands there.

    Raises
    ------
    FloorError
        When a floor would drop or disappear.
    """
    kept: dict[str, dict[str, float]] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    before = kept.get(protocol, {})
    dropped = [name for name, floor in before.items() if not _holds(floors.get(name, float("nan")), name, floor)]
    if dropped:
        raise FloorError("floors would drop", ", ".join(dropped), "lower one by hand, with the reason in the commit")
    kept[protocol] = dict(floors)
    path.write_text(json.dumps(kept, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def _value(flat: Mapping[str, float], name: str) -> float:
    return flat.get(name.removeprefix("-"), float("nan"))


def _holds(value: float, name: str, floor: float) -> bool:
    """Tell whether a value keeps a floor (or, for names starting with ``-``, a ceiling); NaN never does."""
    return value <= floor if name.startswith("-") else value >= floor
