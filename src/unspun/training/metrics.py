"""Compute the figures that say how good scores are.

They are recall at a rate of false alarms, AUC, and calibration error.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from unspun.io.labels import SPUN
from unspun.model.calibration import Floats
from unspun.training.weights import MIN_CELL, cell_weights, cells

Figures = dict[str, dict[str, float]]
_N_BINS = 15


def auc(scores: Floats, spun: NDArray[np.bool_], weight: Floats) -> float:
    """Return the weighted area under the ROC curve, in [0, 1].

    Ties count half; NaN without both classes.

    Parameters
    ----------
    scores : float64 (n,)
        Scores, higher for spun pairs.
    spun : bool (n,)
        The labels.
    weight : float64 (n,)
        Weights, 0 or more.

    Returns
    -------
    float
        The area.

    Examples
    --------
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

    Parameters
    ----------
    scores : float64 (n,)
        Scores of honest pairs.
    weight : float64 (n,)
        Their weights.
    rate : float
        In [0, 1].

    Returns
    -------
    float
        One of the scores.

    Examples
    --------
    >>> threshold_at(np.array([0.1, 0.2, 0.3, 0.9]), np.ones(4), 0.3)
    0.3
    """
    order = np.argsort(-scores, kind="stable")
    passed = np.cumsum(weight[order]) / weight.sum()
    first_over = int(np.searchsorted(passed, rate, "right"))
    return float(scores[order][min(first_over, len(order) - 1)])


def calibration_error(scores: Floats, spun: NDArray[np.bool_], weight: Floats) -> float:
    """Return the expected calibration error over 15 bins of equal weight, in [0, 1].

    Parameters
    ----------
    scores : float64 (n,)
        Probabilities.
    spun : bool (n,)
        The labels.
    weight : float64 (n,)
        Weights, 0 or more.

    Returns
    -------
    float
        0 is perfect.

    Examples
    --------
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
    spun = table[table["relation"] == SPUN]
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
    spun = (table["relation"] == SPUN).to_numpy()
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
