"""Group labelled pairs that hold the same text.

They must stay on one side of every split.

Corpora borrow from one another, so the groups that each of them names are not enough: two groups are one
when a good part of a text of the first stands verbatim in a text of the second.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from zlib import crc32

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

_WORD = re.compile(r"\w+")
# Eight words in a row are rarely the same by chance; a quarter of them is enough to notice a shared text.
_N_WORDS, _KEPT_OF = 8, 4
# A run of words that many groups have is a set phrase or a notice, not a shared source.
_MAX_GROUPS = 40
_MIN_SHARED, _MIN_RATE = 4, 0.3


def shingles(text: str) -> set[int]:
    """Return hashes of a fixed quarter of a text's runs of eight words.

    Case and marks are ignored.

    >>> one = shingles("The quick brown fox jumps over the lazy dog, then sleeps until the next morning comes again.")
    >>> one == shingles("the quick brown fox jumps over the lazy dog then sleeps until the next morning comes again")
    True
    """
    words = _WORD.findall(text.lower())
    runs = (crc32(" ".join(words[i : i + _N_WORDS]).encode()) for i in range(len(words) - _N_WORDS + 1))
    return {run for run in runs if run % _KEPT_OF == 0}


def merge_groups(pairs: pd.DataFrame) -> pd.Series:
    """Return one group name a pair, equal wherever pairs share a source.

    The source may be shared across datasets.

    Parameters
    ----------
    pairs : DataFrame
        With ``source``, ``suspect``, ``dataset`` and ``group`` (a group name means something inside its dataset only).

    Returns
    -------
    Series of str
        ``dataset/group`` of the alphabetically first group among those merged; indexed like ``pairs``.

    Examples
    --------
    >>> frame = pd.DataFrame({"source": ["a", "b"], "suspect": ["c", "d"], "dataset": ["x", "y"], "group": ["1", "1"]})
    >>> list(merge_groups(frame))
    ['x/1', 'y/1']
    """
    own = pairs["dataset"].astype(str) + "/" + pairs["group"].astype(str)
    codes, names = pd.factorize(own, sort=True)
    texts: dict[str, tuple[int, set[int]]] = {}
    links: set[tuple[int, int]] = set()
    for code, source, suspect in zip(codes.tolist(), pairs["source"], pairs["suspect"], strict=True):
        for text in (source, suspect):
            if text not in texts:
                texts[text] = (code, shingles(text))
            links.add((texts[text][0], code))
    links.update(_shared(list(texts.values())))
    labels = _components(links, len(names))
    first = pd.Series(names).groupby(labels).first()
    return pd.Series(first.to_numpy()[labels[codes]], index=pairs.index, name="group")


def _components(links: Iterable[tuple[int, int]], n: int) -> np.ndarray:
    """Return the number of the component that each of ``n`` groups is in, given linked pairs of them."""
    rows, columns = np.array(sorted(links), dtype=np.int64).reshape(-1, 2).T
    graph = coo_array((np.ones(len(rows), dtype=np.int8), (rows, columns)), shape=(n, n))
    return np.asarray(connected_components(graph, directed=False)[1])


def _shared(texts: Sequence[tuple[int, set[int]]]) -> Iterable[tuple[int, int]]:
    """Yield pairs of groups of which two texts share enough runs of words."""
    holders: dict[int, list[int]] = {}
    for number, (_, runs) in enumerate(texts):
        for run in runs:
            holders.setdefault(run, []).append(number)
    common = _count_common(holders, texts)
    for (one, other), n_common in common.items():
        least = min(len(texts[one][1]), len(texts[other][1]))
        if n_common >= max(_MIN_SHARED, _MIN_RATE * least):
            yield texts[one][0], texts[other][0]


def _count_common(
    holders: Mapping[int, Sequence[int]], texts: Sequence[tuple[int, set[int]]]
) -> Counter[tuple[int, int]]:
    """Count the runs that every two texts of different groups share."""
    common: Counter[tuple[int, int]] = Counter()
    for numbers in holders.values():
        by_group = {texts[number][0]: number for number in reversed(numbers)}
        if 1 < len(by_group) <= _MAX_GROUPS:
            common.update(combinations(sorted(by_group.values()), 2))
    return common
