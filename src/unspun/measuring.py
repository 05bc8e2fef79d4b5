"""Features of a table of pairs, batch by batch."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
from joblib import Parallel, delayed
from numpy.typing import NDArray

from unspun.detector import PairFeaturizer
from unspun.features import FEATURE_NAMES

_BATCH = 60

Progress = Callable[[int, int], None]


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
