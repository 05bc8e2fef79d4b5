"""Break two error rates down by kind of pair, with intervals.

Kinds are families, honest kinds, lengths and datasets. The intervals are percentiles over resampled groups of pairs (a
cluster bootstrap), since pairs that share a source err together; the threshold is held fixed.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from unspun.io.labels import HONEST, SPUN, length_name
from unspun.training.weights import MIN_CELL

_N_DRAWS = 400
_TAIL = 0.025


def breakdown(scores: pd.DataFrame, threshold: float) -> pd.DataFrame:
    """Return how many pairs of every kind score above a threshold.

    Parameters
    ----------
    scores : DataFrame
        ``relation``, ``family``, ``dataset``, ``group``, ``p_spun``, and where known ``tool`` and ``n_aligned``.
    threshold : float
        What counts as an alarm; `unspun.training.metrics.judge` gives the one that 1% of the honest weight passes.

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
