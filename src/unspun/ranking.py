"""Scored pairs of a crawl as a person reads them: ranked, and beside the truth where it is known."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd

from unspun.errors import InputError

N_BELOW = 10
_COLUMNS = ("source", "suspect", "relation")


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
        family=family, direct=(truth["relation"] == "spun") & ~roundabout
    )


def oriented(scores: pd.DataFrame) -> pd.DataFrame:
    """Return scores with every pair turned so that the likelier source comes first.

    Examples
    --------
    >>> one = pd.DataFrame({"source_id": ["a"], "suspect_id": ["b"], "p_spun": [0.9], "p_forward": [0.25]})
    >>> oriented(one).to_dict("records")
    [{'source_id': 'b', 'suspect_id': 'a', 'p_spun': 0.9, 'p_forward': 0.75}]
    """
    backward = (scores["p_forward"] < 0.5).to_numpy()
    source, suspect = scores["source_id"], scores["suspect_id"]
    return scores.assign(
        source_id=source.where(~backward, suspect),
        suspect_id=suspect.where(~backward, source),
        p_forward=scores["p_forward"].where(~backward, 1 - scores["p_forward"]),
    )


def ranking(scores: pd.DataFrame, min_p: float = 0.5, truth: pd.DataFrame | None = None) -> str:
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

    Examples
    --------
    >>> scores = pd.DataFrame({"source_id": ["a"], "suspect_id": ["b"], "p_spun": [0.9], "p_forward": [0.75]})
    >>> print(ranking(scores))
    p_spun  p_forward  source  suspect
     0.900      0.750  a       b
    """
    table = oriented(scores).sort_values(["p_spun", "source_id", "suspect_id"], ascending=[False, True, True])
    if truth is None:
        return _lines(table[table["p_spun"] >= min_p])
    known = _known(table, truth)
    above = known["p_spun"] >= min_p
    below = known[~above]
    missed = below[below["direct"].to_numpy() | (np.arange(len(below)) < N_BELOW)]
    return f"{_lines(pd.concat([known[above], missed]))}\n\n{_summary(known[above], truth, min_p)}"


def _known(table: pd.DataFrame, truth: pd.DataFrame) -> pd.DataFrame:
    """Add what the truth says of every pair, whichever way round it is; spun pages never compared come last."""
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
        f"{n_right} the right way round; {int((above['relation'] != 'spun').sum())} honest pairs among them"
    )


def _keys(table: pd.DataFrame) -> pd.Series[str]:
    """Return one key per pair, the same whichever way round the pair is."""
    pairs = zip(table["source_id"], table["suspect_id"], strict=True)
    return pd.Series(["\n".join(sorted(pair)) for pair in pairs], index=table.index, dtype=str)


def _lines(table: pd.DataFrame) -> str:
    """Lay out a table in columns, numbers to the right."""
    columns = [_numbers(table, "p_spun"), _numbers(table, "p_forward")]
    columns += [_words("truth", table["truth"])] if "truth" in table else []
    columns += [_words("source", table["source_id"]), _words("suspect", table["suspect_id"])]
    return "\n".join("  ".join(cells).rstrip() for cells in zip(*columns, strict=True))


def _numbers(table: pd.DataFrame, name: str) -> list[str]:
    cells = ["" if np.isnan(value) else f"{value:.3f}" for value in table[name]]
    return [name, *(cell.rjust(len(name)) for cell in cells)]


def _words(head: str, cells: Iterable[str]) -> list[str]:
    words = [head, *cells]
    width = max(map(len, words))
    return [word.ljust(width) for word in words]
