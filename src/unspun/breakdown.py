"""The same two error rates for every kind of pair: per family, honest kind, length and dataset, with intervals.

The intervals are percentiles over resampled groups of pairs (a cluster bootstrap), since pairs that share a source
err together; the threshold is held fixed.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from unspun.splits import MIN_CELL

LENGTHS = (0, 50, 100, 200, 400)
"""Aligned words at which a band of lengths begins."""
_N_DRAWS = 400
_TAIL = 0.025
SPUN, HONEST = "spun", "honest"


def length_name(n_aligned: float) -> str:
    """Return the name of the band of lengths that a number of aligned words (of the shorter side) is in.

    >>> length_name(12), length_name(100), length_name(5000)
    ('under 50 words', '100 to 199 words', '400 words and more')
    """
    place = bisect_right(LENGTHS, n_aligned)
    if place == len(LENGTHS):
        return f"{LENGTHS[-1]} words and more"
    return f"{LENGTHS[place - 1]} to {LENGTHS[place] - 1} words" if place > 1 else f"under {LENGTHS[1]} words"


def breakdown(scores: pd.DataFrame, threshold: float) -> pd.DataFrame:
    """Return how many pairs of every kind score above a threshold.

    Parameters
    ----------
    scores : DataFrame
        ``relation``, ``family``, ``dataset``, ``group``, ``p_spun``, and where known ``tool`` and ``n_aligned``.
    threshold : float
        What counts as an alarm; `unspun.evaluation.judge` gives the one that 1% of the honest weight passes.

    Returns
    -------
    DataFrame
        ``by`` (family, honest kind, dataset, length, tool), ``name``, ``side`` (spun: ``above`` is the recall; honest:
        ``above`` is the share of false alarms), ``pairs``, ``above``, ``low`` and ``high`` (95% interval). Cells under
        30 pairs are left out.

    Examples
    --------
    >>> pairs = pd.DataFrame({"relation": "spun", "family": "llm", "dataset": "x", "group": range(40), "p_spun": 0.9})
    >>> breakdown(pairs, 0.5)[["by", "name", "above"]].values.tolist()
    [['family', 'llm', 1.0], ['dataset', 'x', 1.0]]
    """
    spun = scores["relation"] == SPUN
    alarms = scores.assign(above=scores["p_spun"] > threshold, side=np.where(spun, SPUN, HONEST))
    rows = [_row(by, name, cell) for by, keys in _kinds(alarms) for name, cell in _cells(alarms, keys)]
    columns = ["by", "name", "side", "pairs", "above", "low", "high"]
    return pd.DataFrame(rows, columns=columns).sort_values(["by", "side"], key=_order, kind="stable", ignore_index=True)


_BY = ("family", "honest kind", "length", "dataset", "tool", SPUN, HONEST)


def _order(column: pd.Series) -> pd.Series:
    return column.map(_BY.index)


def _kinds(alarms: pd.DataFrame) -> Iterator[tuple[str, pd.Series]]:
    """Yield what pairs are divided by, with the name of every pair's part (NaN: in none)."""
    spun = alarms["side"] == SPUN
    yield "family", alarms["family"].where(spun)
    yield "honest kind", (alarms["relation"] + ", " + alarms["family"]).where(~spun)
    yield "dataset", alarms["dataset"]
    if "n_aligned" in alarms:
        yield "length", alarms["n_aligned"].map(length_name)
    if "tool" in alarms:
        yield "tool", alarms["tool"].where(spun)


def _cells(alarms: pd.DataFrame, keys: pd.Series) -> Iterator[tuple[str, pd.DataFrame]]:
    for (name, _), cell in alarms.groupby([keys, alarms["side"]], sort=True):
        if len(cell) >= MIN_CELL:
            yield str(name), cell


def _row(by: str, name: str, cell: pd.DataFrame) -> tuple[object, ...]:
    low, high = _interval(cell)
    return by, name, cell["side"].iloc[0], len(cell), float(cell["above"].mean()), low, high


def _interval(cell: pd.DataFrame) -> tuple[float, float]:
    """Return the 95% interval of the share above, groups resampled."""
    of_group = cell.groupby("group")["above"].agg(["sum", "size"]).to_numpy(np.float64)
    rng = np.random.default_rng(0)
    drawn = of_group[rng.integers(len(of_group), size=(_N_DRAWS, len(of_group)))].sum(axis=1)
    shares: NDArray[np.float64] = drawn[:, 0] / drawn[:, 1]
    if cell["above"].all() or not cell["above"].any():
        return _one_sided(float(cell["above"].mean()), len(of_group))
    return float(np.quantile(shares, _TAIL)), float(np.quantile(shares, 1 - _TAIL))


def _one_sided(share: float, n_groups: int) -> tuple[float, float]:
    """Return an interval where all groups agree: the rule of three, for no resampling would show a doubt."""
    doubt = min(1.0, 3 / n_groups)
    return (0.0, doubt) if share == 0 else (1 - doubt, 1.0)


def read_card(folder: Path) -> dict[str, Any]:
    """Return the card of the model in ``folder``; empty if it has none."""
    try:
        found = json.loads((folder / "card.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
