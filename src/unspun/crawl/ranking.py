"""Rank the scored pairs of a crawl, beside the truth where it is known."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from unspun.errors import InputError
from unspun.io.labels import SPUN

N_BELOW = 10
SURE = 0.98
"""Direction beyond which more certainty does not count: one pair must not outvote many."""
_SIDE = re.compile("^the (source|suspect)\\b")
_COLUMNS = ("source", "suspect", "relation")
_SIDES = (
    ("source_id", "suspect_id"),
    ("source_name", "suspect_name"),
    ("source_site", "suspect_site"),
    ("source_coverage", "coverage"),
    ("source_spun_share", "spun_share"),
)


def read_truth(path: str | Path) -> pd.DataFrame:
    """Read what pairs of articles really are.

    Parameters
    ----------
    path : str or Path
        CSV with ``source`` and ``suspect`` (article ids), ``relation`` and possibly ``family``. Pairs that are not
        in it have nothing to do with each other. The families ``both_spun`` and ``via_...`` mark pairs that are
        spun only by way of a third article.

    Returns
    -------
    DataFrame
        ``source_id``, ``suspect_id``, ``relation``, ``family`` (str, perhaps empty) and ``direct`` (bool): the suspect
        was spun from this very source.

    Raises
    ------
    InputError
        When the file cannot be read or lacks a column.
    """
    try:
        truth = pd.read_csv(path, dtype=str, keep_default_na=False)
    except (OSError, ValueError) as error:
        raise InputError(f"cannot read the truth ({error})", Path(path), "give a CSV") from error
    missing = [name for name in _COLUMNS if name not in truth.columns]
    if missing:
        raise InputError(f"the truth has no column {' and no '.join(missing)}", Path(path), "name its columns so")
    family = truth["family"] if "family" in truth else pd.Series("", index=truth.index)
    roundabout = family.str.startswith("via_") | (family == "both_spun")
    truth = truth.rename(columns={"source": "source_id", "suspect": "suspect_id"})
    return truth[["source_id", "suspect_id", "relation"]].assign(
        family=family, direct=(truth["relation"] == SPUN) & ~roundabout
    )


def log_odds(p: float) -> float:
    """Return the log-odds of a direction; 0 where it is unknown.

    >>> round(log_odds(0.73), 1), log_odds(float("nan")), log_odds(1.0) == log_odds(SURE)
    (1.0, 0.0, True)
    """
    if math.isnan(p):
        return 0.0
    p = min(max(p, 1 - SURE), SURE)
    return math.log(p / (1 - p))


def oriented(scores: pd.DataFrame) -> pd.DataFrame:
    """Return scores with every pair turned so that the likelier source comes first.

    Examples
    --------
    >>> one = pd.DataFrame({"source_id": ["a"], "suspect_id": ["b"], "p_spun": [0.9], "p_forward": [0.25]})
    >>> oriented(one).to_dict("records")
    [{'source_id': 'b', 'suspect_id': 'a', 'p_spun': 0.9, 'p_forward': 0.75}]
    """
    return turned(scores, (scores["p_forward"] < 0.5).to_numpy())


def ranked(scores: pd.DataFrame) -> pd.DataFrame:
    """Return scores with the likelier source first, likeliest spun first.

    Equal scores are in the order of their ids.
    """
    order = ["p_spun", "source_id", "suspect_id"]
    return oriented(scores).sort_values(order, ascending=[False, True, True], ignore_index=True)


def flagged_pairs(scores: pd.DataFrame, min_p: float = 0.5) -> pd.DataFrame:
    """Return the pairs at or above a probability, ranked.

    Parameters
    ----------
    scores : DataFrame
        ``source_id``, ``suspect_id``, ``p_spun``, ``p_forward`` and perhaps more, in any order.
    min_p : float
        Pairs from this p_spun on are flagged.

    Returns
    -------
    DataFrame
        See `ranked`.
    """
    return ranked(scores[scores["p_spun"] >= min_p])


def turned(scores: pd.DataFrame, backward: NDArray[np.bool_]) -> pd.DataFrame:
    """Return scores with some of the pairs the other way round.

    Whatever they say of one side is said of the other.

    Parameters
    ----------
    scores : DataFrame
        A SCORES table, or some of its columns.
    backward : bool (n,)
        The rows to turn.

    Returns
    -------
    DataFrame
        A new table in the same order.

    Examples
    --------
    >>> one = pd.DataFrame({"source_id": ["a"], "suspect_id": ["b"], "p_forward": [0.25], "coverage": [0.5],
    ...                     "source_coverage": [1.0], "abstained": ["the source is not English"]})
    >>> list(turned(one, np.array([True])).to_dict("records")[0].values())
    ['b', 'a', 0.75, 1.0, 0.5, 'the suspect is not English']
    """
    changed = {"p_forward": scores["p_forward"].where(~backward, 1 - scores["p_forward"])}
    for one, other in _SIDES:
        if one in scores and other in scores:
            changed[one] = scores[one].where(~backward, scores[other])
            changed[other] = scores[other].where(~backward, scores[one])
    if "abstained" in scores:
        reasons = [
            _of_other_side(reason) if turn else reason
            for reason, turn in zip(scores["abstained"], backward, strict=True)
        ]
        changed["abstained"] = pd.Series(reasons, index=scores.index, dtype=scores["abstained"].dtype)
    return scores.assign(**changed)


def _of_other_side(reason: object) -> object:
    if not isinstance(reason, str):
        return reason
    return _SIDE.sub(lambda found: "the suspect" if found[0] == "the source" else "the source", reason)


def ranking(
    scores: pd.DataFrame,
    min_p: float = 0.5,
    truth: pd.DataFrame | None = None,
    show: Callable[[str], str] = str,
) -> str:
    """Return the pairs as lines of text, likeliest spun first.

    Parameters
    ----------
    scores : DataFrame
        ``source_id``, ``suspect_id``, ``p_spun``, ``p_forward``, in any order.
    min_p : float
        Pairs below are left out.
    truth : DataFrame, optional
        As `read_truth` gives it. Adds a column, the first `N_BELOW` pairs below ``min_p``, every spun page that was
        missed, and a last line that counts.
    show : callable, optional
        From an id to how it is shown: ids come from the crawl, and a terminal does what some of them say.

    Returns
    -------
    str
        A table with a header, without a line feed at its end.

    Examples
    --------
    >>> scores = pd.DataFrame({"source_id": ["a"], "suspect_id": ["b"], "p_spun": [0.9], "p_forward": [0.75]})
    >>> print(ranking(scores))
    p_spun  p_forward  source  suspect
     0.900      0.750  a       b
    """
    table = ranked(scores)
    if truth is None:
        return _lines(table[table["p_spun"] >= min_p], show)
    known = beside_truth(table, truth)
    above = known["p_spun"] >= min_p
    below = known[~above]
    missed = below[below["direct"].to_numpy() | (np.arange(len(below)) < N_BELOW)]
    return f"{_lines(pd.concat([known[above], missed]), show)}\n\n{_summary(known[above], truth, min_p)}"


def summary(scores: pd.DataFrame, truth: pd.DataFrame, min_p: float = 0.5) -> str:
    """Return the line that counts what was found of the truth.

    Parameters
    ----------
    scores : DataFrame
        ``source_id``, ``suspect_id``, ``p_spun``, ``p_forward``, in any order.
    truth : DataFrame
        As `read_truth` gives it.
    min_p : float
        Pairs from this p_spun on count as found.

    Returns
    -------
    str
        How many spun pages were found with their source, how many the right way round, and honest pairs among them.
    """
    known = beside_truth(ranked(scores), truth)
    return _summary(known[known["p_spun"] >= min_p], truth, min_p)


def beside_truth(table: pd.DataFrame, truth: pd.DataFrame) -> pd.DataFrame:
    """Add what the truth says of every pair, whichever way round it is.

    Parameters
    ----------
    table : DataFrame
        Pairs: ``source_id``, ``suspect_id`` and more.
    truth : DataFrame
        As `read_truth` gives it.

    Returns
    -------
    DataFrame
        The pairs in their order, with ``relation``, ``family``, ``direct`` and ``truth`` (both in words). The spun
        pages that are in none of them come last.
    """
    facts = truth.assign(key=_keys(truth)).drop(columns=["source_id", "suspect_id"]).drop_duplicates("key")
    known = table.assign(key=_keys(table)).merge(facts, on="key", how="left")
    never = truth[truth["direct"] & ~_keys(truth).isin(known["key"])]
    known = pd.concat([known, never], ignore_index=True)
    known["direct"] = known["direct"].eq(True)
    relation, family = known["relation"].fillna("unrelated"), known["family"].fillna("")
    return known.assign(relation=relation, truth=relation + (" (" + family + ")").where(family != "", ""))


def _summary(above: pd.DataFrame, truth: pd.DataFrame, min_p: float) -> str:
    """Count spun pages found with their source, those the right way round, and honest pairs taken for spun."""
    spun = truth[truth["direct"]]
    ordered = set(zip(spun["source_id"], spun["suspect_id"], strict=True))
    n_right = sum(pair in ordered for pair in zip(above["source_id"], above["suspect_id"], strict=True))
    return (
        f"{int(above['direct'].sum())} of {len(spun)} spun pages found with their source at p_spun {min_p:g} or above, "
        f"{n_right} the right way round; {int((above['relation'] != SPUN).sum())} honest pairs among them"
    )


def _keys(table: pd.DataFrame) -> pd.Series[str]:
    """Return one key per pair, the same whichever way round the pair is."""
    pairs = zip(table["source_id"], table["suspect_id"], strict=True)
    return pd.Series(["\n".join(sorted(pair)) for pair in pairs], index=table.index, dtype=str)


def _lines(table: pd.DataFrame, show: Callable[[str], str]) -> str:
    """Lay out a table in columns, numbers to the right."""
    columns = [_numbers(table, "p_spun"), _numbers(table, "p_forward")]
    columns += [_words("truth", table["truth"])] if "truth" in table else []
    columns += [_words(name, map(show, table[f"{name}_id"])) for name in ("source", "suspect")]
    return "\n".join("  ".join(cells).rstrip() for cells in zip(*columns, strict=True))


def _numbers(table: pd.DataFrame, name: str) -> list[str]:
    # Nothing is certain: as in other reports, 1.000 is not shown.
    cells = ["" if np.isnan(value) else f"{min(value, 0.999):.3f}" for value in table[name]]
    return [name, *(cell.rjust(len(name)) for cell in cells)]


def _words(head: str, cells: Iterable[str]) -> list[str]:
    words = [head, *cells]
    width = max(map(len, words))
    return [word.ljust(width) for word in words]
