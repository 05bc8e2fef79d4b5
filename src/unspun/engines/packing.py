"""Candidate pairs packed into shards: pairs that share articles go together, so that few articles are read twice."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import reverse_cuthill_mckee


def pack_pairs(candidates: pd.DataFrame, size: int) -> Iterator[pd.DataFrame]:
    """Cut candidates into shards of ``size`` pairs, neighbours together.

    Articles are lined up so that those of a pair stand near each other (reverse Cuthill-McKee, 1969), and pairs follow
    their articles. The order depends on the pairs alone.

    Examples
    --------
    >>> pairs = pd.DataFrame({"source_id": ["a", "c", "a", "b"], "suspect_id": ["b", "d", "e", "e"]})
    >>> [part["suspect_id"].tolist() for part in pack_pairs(pairs, 3)]
    [['b', 'e', 'e'], ['d']]
    """
    if candidates.empty:
        return
    ordered = candidates.sort_values(["source_id", "suspect_id"], ignore_index=True)
    first, second = _places(ordered)
    near = np.lexsort((np.minimum(first, second), np.maximum(first, second)))
    for start in range(0, len(ordered), size):
        yield ordered.iloc[near[start : start + size]]


def _places(pairs: pd.DataFrame) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the place of each pair's articles in the line of all articles."""
    names, codes = np.unique(pairs[["source_id", "suspect_id"]].to_numpy(str), return_inverse=True)
    first, second = codes.reshape(-1, 2).T
    links = sparse.coo_array((np.ones(len(pairs), np.int8), (first, second)), (len(names), len(names)))
    line = reverse_cuthill_mckee(sparse.csr_array(links + links.T), symmetric_mode=True)
    place = np.empty(len(names), np.int64)
    place[line] = np.arange(len(names))
    return place[first], place[second]
