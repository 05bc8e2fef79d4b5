"""Pack candidate pairs into shards.

Pairs that share articles go together, so that few articles are read twice.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import breadth_first_order, connected_components


def pack_pairs(candidates: pd.DataFrame, size: int) -> Iterator[pd.DataFrame]:
    """Cut candidates into shards of ``size`` pairs, neighbours together.

    Articles are lined up so that those of a pair stand near each other, one connected group after the other and from
    neighbour to neighbour within it, and pairs follow their articles. The order depends on the pairs alone: that of
    ``scipy.sparse.csgraph.reverse_cuthill_mckee`` differs between processors where articles have as many partners.

    Parameters
    ----------
    candidates : DataFrame
        ``source_id`` and ``suspect_id``, in any order.
    size : int
        Pairs in a shard; the last one may have fewer.

    Yields
    ------
    DataFrame
        A shard, with all columns of the candidates.

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
    # Not as an array of text: one long id would make all as wide.
    codes, names = pd.factorize(pairs[["source_id", "suspect_id"]].to_numpy(object).ravel(), sort=True)
    first, second = codes.reshape(-1, 2).T
    n, links = len(names), np.ones(len(pairs), np.int8)
    _, group = connected_components(sparse.coo_array((links, (first, second)), (n, n)), directed=False)
    # One more place, a neighbour of the first article of every group: a single search then walks through all.
    starts = np.unique(group, return_index=True)[1]
    ends = np.append(first, np.full(len(starts), n)), np.append(second, starts)
    graph = sparse.csr_array((np.ones(len(ends[0]), np.int8), ends), (n + 1, n + 1))
    walk = breadth_first_order(graph, n, directed=False, return_predecessors=False)[1:]
    line = walk[np.argsort(group[walk], kind="stable")]
    place = np.empty(n, np.int64)
    place[line] = np.arange(n)
    return place[first], place[second]
