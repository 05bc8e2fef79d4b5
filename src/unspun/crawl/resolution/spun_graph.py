"""Choose the fewest and likeliest spun pages that explain all flagged pairs."""

from __future__ import annotations

import heapq
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

PAGE = 1.0
"""What one more spun page costs: as much as a direction of 0.73."""
_ROUNDS = 5
"""Times that all pages are tried again; the second round changes something in few runs."""


class Pointer(NamedTuple):
    """A flagged pair, and how strongly it says that its suspect is the spun side.

    ``weight`` is in log-odds; below 0 it says that the source is. ``both`` is what it costs to take both for spun.
    """

    source: str
    suspect: str
    weight: float
    both: float = 0.0


def spun_pages(
    pairs: Sequence[Pointer], costs: Mapping[str, float] | None = None, texts: Mapping[str, str] | None = None
) -> dict[str, float]:
    """Return the pages that explain all pairs, and how sure each is.

    Parameters
    ----------
    pairs : sequence of Pointer
        The flagged pairs, each once.
    costs : mapping, optional
        By text, what it costs to take pages of it for spun, in log-odds; `PAGE` for one that is not in it.
    texts : mapping, optional
        By page, the text that it is a copy of; one that is not in it is a text of its own.

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
    graph = _Graph(pairs, costs or {}, texts or {})
    graph.cover()
    graph.improve()
    return {page: _probability(-graph.gain(graph.without(page)) / 2) for page in sorted(graph.spun)}


def _probability(odds: float) -> float:
    return 1 / (1 + math.exp(-min(max(odds, 0.0), 50.0)))


class _Graph:
    """Pages, flagged pairs between them, and which pages are taken for spun."""

    def __init__(self, pairs: Iterable[Pointer], costs: Mapping[str, float], texts: Mapping[str, str]) -> None:
        # By page and neighbour: how strongly their pair says that the page is the spun one, and what it costs if both
        # are.
        self.of_page: dict[str, dict[str, float]] = {}
        self._both: dict[tuple[str, str], float] = {}
        for source, suspect, weight, both in pairs:
            self.of_page.setdefault(suspect, {})[source] = weight
            self.of_page.setdefault(source, {})[suspect] = -weight
            self._both[source, suspect] = self._both[suspect, source] = both
        self._text = {page: texts.get(page, page) for page in self.of_page}
        self._cost = {text: costs.get(text, PAGE) for text in self._text.values()}
        self._n_spun: Counter[str] = Counter()
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
            self._change({page})
            chosen.append(page)
            for other in left:
                evidence[other] -= PAGE + self.of_page[other][page]
                heapq.heappush(heap, (-evidence[other], other))
        for page in reversed(chosen):
            self._change(self._with_needless(set(), [page]))

    def improve(self) -> None:
        """Change which pages are spun while that explains the pairs better."""
        for _ in range(_ROUNDS):
            changed = False
            for page in sorted(self.of_page):
                flipped = self.without(page) if page in self.spun else self.with_page(page)
                if self.gain(flipped) > 1e-9:
                    self._change(flipped)
                    changed = True
            if not changed:
                return

    def _change(self, flipped: set[str]) -> None:
        self._n_spun.update(self._more_spun(flipped))
        self.spun ^= flipped

    def _more_spun(self, flipped: Iterable[str]) -> Counter[str]:
        """Count by text how many more of its pages are spun after a change."""
        more: Counter[str] = Counter()
        for page in flipped:
            more[self._text[page]] += -1 if page in self.spun else 1
        return more

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
        # A text costs once, however many copies of it are spun.
        more = self._more_spun(flipped)
        texts = ((text, self._n_spun[text], self._n_spun[text] + n) for text, n in sorted(more.items()))
        total = math.fsum(self._cost[text] * ((before > 0) - (after > 0)) for text, before, after in texts)
        for page in sorted(flipped):
            before, after = page in self.spun, page not in self.spun
            for other, weight in self.of_page[page].items():
                other_before, other_after = other in self.spun, self._after(other, flipped)
                change = _fit(weight, after, other_after) - _fit(weight, before, other_before)
                change += self._both[page, other] * ((before and other_before) - (after and other_after))
                # A pair between two pages that change is met twice.
                total += change * (0.5 if other in flipped else 1.0)
        return total


def _fit(weight: float, spun: bool, other_spun: bool) -> float:
    """Return how well a pair fits, where its weight says that the one page is spun and the other not.

    Twice the logarithm of how likely such a weight is. Between two spun pages its direction says only which of them
    looks more spun: that may be either.

    >>> [round(_fit(2.0, *spun), 2) for spun in ((True, False), (True, True), (False, True))]
    [-0.25, -1.39, -4.25]
    """
    way = weight * (spun - other_spun)
    return -2 * (math.log1p(math.exp(-abs(way))) + max(-way, 0.0))
