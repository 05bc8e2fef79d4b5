"""Split the rows of a feature table into folds.

They say which rows a model may see, and which judge it.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from unspun.errors import TrainingError
from unspun.io.labels import DOCUMENT, ORIGINAL, PASSAGE, SPUN, UNLABELLED
from unspun.model.cross_fitting import fold_numbers

SCORED = (PASSAGE, DOCUMENT, UNLABELLED)
"""Variants that are scored beside the original pairs: what documents are judged by."""
PROTOCOLS = ("group-cv", "leave-one-dataset-out")


def require_both_kinds(table: pd.DataFrame, doing: str) -> pd.DataFrame:
    """Return the rows that are judged, if there are spun pairs and others among them.

    Parameters
    ----------
    table : DataFrame
        A features table.
    doing : str
        What needs them, for the message.

    Returns
    -------
    DataFrame
        The original rows.

    Raises
    ------
    TrainingError
        Saying what ``doing`` (training, evaluation) lacks.
    """
    original = table[table["variant"] == ORIGINAL]
    n_spun = int((original["relation"] == SPUN).sum())
    if not 0 < n_spun < len(original):
        raise TrainingError(f"{doing} needs spun pairs and others", f"{n_spun} of {len(original)} are spun")
    return original


def folds(table: pd.DataFrame, protocol: str = "group-cv") -> Iterator[tuple[NDArray[np.intp], NDArray[np.intp]]]:
    """Yield row numbers (train, test) of every split; no group is on both sides.

    Parameters
    ----------
    table : DataFrame
        With ``dataset`` and ``group`` (merged over datasets, see `unspun.training.source_groups`); and ``variant``
        where rows other than the originals may be trained on but are not judged. Passages and composed documents are
        scored with the originals.
    protocol : str
        ``group-cv``: five folds of groups, the same for the same group names. ``leave-one-dataset-out``: each
        dataset in turn; groups that it shares with others leave the training side.

    Yields
    ------
    train, test : int array
        Row numbers; each row is in one test part at most.

    Raises
    ------
    ValueError
        For an unknown protocol.
    """
    original = (table["variant"] == ORIGINAL).to_numpy() if "variant" in table else np.ones(len(table), dtype=bool)
    scored = original | table["variant"].isin(SCORED).to_numpy() if "variant" in table else original
    if protocol == "group-cv":
        parts = fold_numbers(table["group"])
    elif protocol == "leave-one-dataset-out":
        parts = pd.factorize(table["dataset"], sort=True)[0]
    else:
        raise ValueError(f"unknown protocol {protocol!r}; give one of {', '.join(PROTOCOLS)}")
    for part in np.unique(parts):
        left_out = parts == part
        if not (left_out & original).any():
            continue
        shared = table["group"].isin(set(table.loc[left_out, "group"])).to_numpy()
        yield np.flatnonzero(~shared), np.flatnonzero(left_out & scored)
