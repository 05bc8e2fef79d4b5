"""Make and read a feature table: the features and labels of labelled pairs."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from joblib import Parallel, delayed
from numpy.typing import NDArray

import unspun
from unspun.comparison.features.catalogue import FEATURE_NAMES
from unspun.errors import TrainingError
from unspun.io.pair_tables import read_pairs
from unspun.io.progress import Progress, say
from unspun.io.rows.column_names import ANY, PairColumns
from unspun.model.pair_featurizer import PairFeaturizer
from unspun.training.augmentation import expand
from unspun.training.folds import require_both_kinds
from unspun.training.source_groups import merge_groups

_BATCH = 60


def measure_table(pairs: pd.DataFrame, n_jobs: int = 1, progress: Progress | None = None) -> NDArray[np.float32]:
    """Return the features of a table of pairs, float32 (n, len(FEATURE_NAMES)); NaN where one is undefined.

    Parameters
    ----------
    pairs : DataFrame
        ``source`` and ``suspect``, both text.
    n_jobs : int
        Processes; -1 for all cores. The result does not depend on it.
    progress : callable, optional
        Called with how many rows are done and how many there are.

    Returns
    -------
    float32 (n, len(FEATURE_NAMES))
        In the order of the rows.
    """
    texts = pairs[["source", "suspect"]]
    batches = [texts.iloc[start : start + _BATCH] for start in range(0, len(texts), _BATCH)]
    tasks = (delayed(PairFeaturizer().transform)(batch) for batch in batches)
    done: list[NDArray[np.float32]] = []
    for rows in Parallel(n_jobs=n_jobs, return_as="generator")(tasks):
        done.append(rows)
        if progress:
            progress(sum(map(len, done)), len(texts))
    return np.concatenate(done) if done else np.zeros((0, len(FEATURE_NAMES)), np.float32)


LABELS = ("id", "dataset", "relation", "family", "tool", "group", "variant")
"""The columns of a features table before the features."""


def build_features(
    pairs: Path,
    n_jobs: int = 1,
    progress: Progress | None = None,
    training: bool = True,
    more: Sequence[Path] = (),
    columns: PairColumns = ANY,
) -> pd.DataFrame:
    """Compute the features of a folder or file of pairs.

    Parameters
    ----------
    pairs : Path
        As `unspun.io.pair_tables.read_pairs` reads it.
    n_jobs : int
        Processes; -1 for all cores. The result does not depend on it.
    progress : callable, optional
        Called with how many rows are done and how many there are.
    training : bool
        Read labels too, merge the groups of datasets that share texts, and add variants and twins.
    more : sequence of Path
        Further pairs of the same kind, put after the others: trained on, never judged by.
    columns : PairColumns
        What the columns of the texts are called.

    Returns
    -------
    DataFrame
        `LABELS` (only ``id`` without ``training``), then a float32 column per feature, NaN where it is undefined.
    """
    read = [read_pairs(path, labelled=training, columns=columns) for path in (pairs, *more)]
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
    return check_table(table)


def check_table(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table if a model can be fitted on it."""
    if list(table.columns) != [*LABELS, *FEATURE_NAMES]:
        odd = sorted(set(table.columns) ^ {*LABELS, *FEATURE_NAMES})
        raise TrainingError("the table holds other features than this code", odd, "rebuild it by `make features`")
    original = require_both_kinds(table, "training")
    if original["group"].nunique() < 2:
        raise TrainingError("training needs two groups at least", original["group"].iloc[0], "label groups of pairs")
    return table


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
