"""Tell which pages are spun, from all flagged pairs together.

A spun page is flagged with its source, with honest copies and updates of that source, with pages that quote it, and
with other pages spun from it. Taken one by one, some of these pairs point the wrong way. Taken together they ask for
few spun pages: every flagged pair needs one at either end, and one page that explains many pairs is likelier than many
pages that explain one each.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

SURE = 0.98
"""Direction beyond which more certainty does not count: one pair must not outvote many."""
PAGE = 1.0
"""What one more spun page costs: as much as a direction of 0.73."""
_ROUNDS = 5
"""Times that all pages are tried again; the second round changes something in few runs."""


class Pointer(NamedTuple):
    """A flagged pair, and how strongly it says that its suspect is the spun side.

    ``weight`` is in log-odds; below 0 it says that the source is.
    """

    source: str
    suspect: str
    weight: float


def log_odds(p: float) -> float:
    """Return the log-odds of a direction; 0 where it is unknown.

    >>> round(log_odds(0.73), 1), log_odds(float("nan")), log_odds(1.0) == log_odds(SURE)
    (1.0, 0.0, True)
    """
    if math.isnan(p):
        return 0.0
    p = min(max(p, 1 - SURE), SURE)
    return math.log(p / (1 - p))


def spun_pages(pairs: Sequence[Pointer]) -> dict[str, float]:
    """Return the pages that explain all pairs, and how sure each is.

    Parameters
    ----------
    pairs : sequence of Pointer
        The flagged pairs, each once.

    Returns
    -------
    dict of str to float
        By page, the probability that it is spun and not the pages it is flagged with; from 0.5 to 1.

    Examples
    --------
    >>> rows = [("o", "s", 2.2), ("s", "copy_of_o", 0.4), ("o", "t", 1.4), ("t", "s", 0.4)]
    >>> sorted(spun_pages([Pointer(*row) for row in rows]))
    ['s', 't']
    """
    graph = _Graph(pairs)
    graph.cover()
    graph.improve()
    return {page: _probability(-graph.gain(graph.without(page)) / 2) for page in sorted(graph.spun)}


def _probability(odds: float) -> float:
    return 1 / (1 + math.exp(-min(max(odds, 0.0), 50.0)))


class _Graph:
    """Pages, flagged pairs between them, and which pages are taken for spun."""

    def __init__(self, pairs: Iterable[Pointer]) -> None:
        # By page and neighbour: how strongly their pair says that the page is the spun one.
        self.of_page: dict[str, dict[str, float]] = {}
        for source, suspect, weight in pairs:
            self.of_page.setdefault(suspect, {})[source] = weight
            self.of_page.setdefault(source, {})[suspect] = -weight
        self.spun: set[str] = set()

    def cover(self) -> None:
        """Take the page that most pairs point to, until every pair has one.

        Those that turn out needless are left out again.
        """
        evidence = {page: sum(PAGE + w for w in others.values()) for page, others in self.of_page.items()}
        chosen: list[str] = []
        # Entries are replaced by pushing anew: one that is not up to date is passed over.
        heap = [(-weight, page) for page, weight in evidence.items()]
        heapq.heapify(heap)
        while heap:
            weight, page = heapq.heappop(heap)
            left = [other for other in self.of_page[page] if other not in self.spun]
            if page in self.spun or -weight != evidence[page] or not left:
                continue
            self.spun.add(page)
            chosen.append(page)
            for other in left:
                evidence[other] -= PAGE + self.of_page[other][page]
                heapq.heappush(heap, (-evidence[other], other))
        for page in reversed(chosen):
            self.spun ^= self._with_needless(set(), [page])

    def improve(self) -> None:
        """Change which pages are spun while that explains the pairs better."""
        for _ in range(_ROUNDS):
            changed = False
            for page in sorted(self.of_page):
                flipped = self.without(page) if page in self.spun else self.with_page(page)
                if self.gain(flipped) > 1e-9:
                    self.spun ^= flipped
                    changed = True
            if not changed:
                return

    def without(self, page: str) -> set[str]:
        """Return the pages that change when a spun one is not spun.

        All it is flagged with must be spun then.
        """
        others = {other for other in self.of_page[page] if other not in self.spun}
        around = {second for other in others for second in self.of_page[other]} - {page}
        return self._with_needless({page} | others, around)

    def with_page(self, page: str) -> set[str]:
        """Return the pages that change when one more is spun.

        Others may not be needed any more.
        """
        return self._with_needless({page}, self.of_page[page])

    def _with_needless(self, flipped: set[str], around: Iterable[str]) -> set[str]:
        """Add those of the pages around that are needless after a change.

        All they are flagged with are spun then.
        """
        for page in sorted(around):
            if self._after(page, flipped) and all(self._after(other, flipped) for other in self.of_page[page]):
                flipped ^= {page}
        return flipped

    def _after(self, page: str, flipped: set[str]) -> bool:
        return (page in self.spun) != (page in flipped)

    def gain(self, flipped: set[str]) -> float:
        """Return by how much the pairs are better explained when some pages change."""
        total = 0.0
        for page in sorted(flipped):
            before, after = page in self.spun, page not in self.spun
            total += PAGE * (before - after)
            for other, weight in self.of_page[page].items():
                # A pair fits as its direction says; between two spun pages its direction means nothing.
                change = (after - self._after(other, flipped)) - (before - (other in self.spun))
                # A pair between two pages that change is met twice.
                total += weight * change * (0.5 if other in flipped else 1.0)
        return total
