"""Tell which pages of a run are spun, and from what.

All flagged pairs tell it together.

A spun page is flagged with its source, with honest copies and updates of that source, and with other pages spun from
it. Taken one by one, some of these pairs point the wrong way. Taken together they ask for few spun pages: every
flagged pair needs one, and the page that most pairs point to explains most of them (a greedy vertex cover, weighted by
direction, from which what proves needless is taken out again).
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import pandas as pd

from unspun.crawl.ranking import turned

_SURE = 0.98
"""Direction beyond which more certainty does not count: one pair must not outvote many."""
_FEW = 1.0
"""What explaining one more pair counts beside direction: as much as a direction of 0.73.

In the sample crawl, of whose 40 pages 10 are spun, the pages that explain all pairs are 11, and 10 once the needless
one is out: those that are spun.
"""


class _Pair(NamedTuple):
    """A flagged pair: how much it says that its suspect is the spun side (never below 0)."""

    source: str
    suspect: str
    weight: float


def origins(flagged: pd.DataFrame) -> pd.DataFrame:
    """Return one row a spun page.

    The pair with its likeliest source, turned so that the spun page is the suspect.

    Parameters
    ----------
    flagged : DataFrame
        Ranked flagged pairs, likelier source first (see `unspun.crawl.ranking.flagged_pairs`), with
        ``source_...`` and ``suspect_...`` columns.

    Returns
    -------
    DataFrame
        The columns of ``flagged`` and ``rank`` (from 1) of the pair in it, in the order of rank. A source that is not
        spun itself goes before one that is.
    """
    table = flagged.assign(rank=np.arange(1, len(flagged) + 1))
    spun = spun_pages(table)
    ways = pd.concat([table, turned(table, np.ones(len(table), np.bool_))], ignore_index=True)
    ways = ways[ways["suspect_id"].isin(spun)]
    # Copies of the source that hold only a part of it have less of the spun page in them.
    sure = ways["p_spun"] * ways["p_forward"].fillna(0.5) * ways["coverage"].fillna(0.5)
    ways = ways.assign(sure=sure, second=ways["source_id"].isin(spun))
    ways = ways.sort_values(["second", "sure", "rank"], ascending=[True, False, True], kind="stable")
    return ways.drop_duplicates("suspect_id").sort_values(["rank", "suspect_id"], ignore_index=True)


def spun_pages(flagged: pd.DataFrame) -> set[str]:
    """Return the ids of pages that explain all flagged pairs.

    The page that most pairs point to, then again without.

    Examples
    --------
    >>> rows = [("o", "s", 0.99, 0.9), ("s", "copy_of_o", 0.9, 0.6), ("o", "t", 0.95, 0.8), ("t", "s", 0.8, 0.6)]
    >>> names = ["source_id", "suspect_id", "p_spun", "p_forward"]
    >>> sorted(spun_pages(pd.DataFrame(rows, columns=names)))
    ['s', 't']
    """
    columns = (flagged[name].tolist() for name in ("source_id", "suspect_id", "p_spun", "p_forward"))
    pairs = [_Pair(a, b, p * _logit(forward)) for a, b, p, forward in zip(*columns, strict=True)]
    of_page: dict[str, list[int]] = {}
    evidence: dict[str, float] = {}
    for k, pair in enumerate(pairs):
        for page, weight in _both(pair):
            of_page.setdefault(page, []).append(k)
            evidence[page] = evidence.get(page, 0.0) + weight
    chosen = list(_cover(pairs, of_page, evidence))
    return _needed(chosen, pairs, of_page)


def _needed(chosen: list[str], pairs: list[_Pair], of_page: dict[str, list[int]]) -> set[str]:
    """Leave out pages, the last chosen first, whose pairs all have another page that explains them."""
    kept = set(chosen)
    for page in reversed(chosen):
        others = {end for k in of_page[page] for end in (pairs[k].source, pairs[k].suspect)} - {page}
        if others <= kept:
            kept.remove(page)
    return kept


def _cover(pairs: list[_Pair], of_page: dict[str, list[int]], evidence: dict[str, float]) -> Iterable[str]:
    """Yield the pages that most pairs point to, until every pair has one; a pair is out once it is explained."""
    explained = [False] * len(pairs)
    # Entries are replaced by pushing anew: one that is not up to date is passed over.
    heap = [(-weight, page) for page, weight in evidence.items()]
    heapq.heapify(heap)
    n_left = len(pairs)
    while n_left:
        weight, page = heapq.heappop(heap)
        left = [k for k in of_page[page] if not explained[k]]
        if -weight != evidence[page] or not left:
            continue
        yield page
        for k in left:
            explained[k] = True
            n_left -= 1
            for other, share in _both(pairs[k]):
                if other != page:
                    evidence[other] -= share
                    heapq.heappush(heap, (-evidence[other], other))


def _both(pair: _Pair) -> tuple[tuple[str, float], tuple[str, float]]:
    return (pair.source, _FEW - pair.weight), (pair.suspect, _FEW + pair.weight)


def _logit(p_forward: float) -> float:
    """Return how strongly a pair points forward; 0 where the direction is unknown."""
    if math.isnan(p_forward):
        return 0.0
    p = min(max(p_forward, 1 - _SURE), _SURE)
    return math.log(p / (1 - p))
