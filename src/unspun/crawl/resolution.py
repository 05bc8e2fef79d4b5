"""Tell which pages are spun, from all flagged pairs together.

A spun page is flagged with its source, with honest copies and updates of that source, with pages that quote it, and
with other pages spun from it. Taken one by one, some of these pairs point the wrong way. Taken together they ask for
few spun pages: every flagged pair needs one at either end, and one page that explains many pairs is likelier than many
pages that explain one each.
"""

from __future__ import annotations

import heapq
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from unspun.crawl.duplicates import grouped
from unspun.crawl.ranking import log_odds

PAGE = 1.0
"""What one more spun page costs: as much as a direction of 0.73."""
_ROUNDS = 5
"""Times that all pages are tried again; the second round changes something in few runs."""


DATE_WEIGHT = 0.4
"""What dates count, in log-odds, where both pages state one: as much as a direction of 0.6.

Whoever spins can put any date on a page, so dates only tip a pair whose words tell little.
"""
LINK, MOST_LINKS = 3.0, 2
"""What a text that quotes a page counts for its honesty, in log-odds, and so many at most; a later edition as well.

In composed crawls without dates 99 % of the spun pages are told so at 3, and 94 % at 0: see
``docs/notebook/2026-11-30-findings-of-a-crawl.md``.
"""
ALIKE = 0.05
"""Shares of a page's words that differ by less are alike."""
WHOLE = 0.6
"""Share of a page's words that must stand in another for it to be a copy of the whole, and not a quotation."""
MOST = 0.8
"""Share of either page's words that must stand in the other for the two to be one text, cut or carried on."""
A_QUOTE = 0.1
"""Share of a page's words that must stand in another before it is said to quote it."""


class Pointer(NamedTuple):
    """A flagged pair, and how strongly it says that its suspect is the spun side.

    ``weight`` is in log-odds; below 0 it says that the source is.
    """

    source: str
    suspect: str
    weight: float


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
        # By page and neighbour: how strongly their pair says that the page is the spun one.
        self.of_page: dict[str, dict[str, float]] = {}
        for source, suspect, weight in pairs:
            self.of_page.setdefault(suspect, {})[source] = weight
            self.of_page.setdefault(source, {})[suspect] = -weight
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
                change = _fit(weight, after, self._after(other, flipped)) - _fit(weight, before, other in self.spun)
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


class ScoredPair(NamedTuple):
    """A row of the SCORES: its pages, what it says of them, and its number.

    Its numbers are not to be relied on where it is ``cautioned``.
    """

    source: str
    suspect: str
    p_spun: float
    p_forward: float
    coverage: float
    source_coverage: float
    relation: str
    p_copied: float
    p_edited: float
    row: int
    cautioned: bool = False

    def share_of(self, page: str) -> float:
        """Return the share of a page's words that stand in the other."""
        return _or_half(self.coverage if page == self.suspect else self.source_coverage)

    def words_of(self, page: str) -> float:
        """Return the share of a page's words that stand in the other word for word."""
        return self.share_of(page) * (self.p_copied + self.p_edited)

    def other(self, page: str) -> str:
        """Return the other page."""
        return self.source if page == self.suspect else self.suspect

    def forward(self, page: str) -> float:
        """Return how likely a page is the spun side by the words alone."""
        return self.p_forward if page == self.suspect else 1 - self.p_forward


class Evidence:
    """All that the pairs of a run say of which pages are spun.

    Attributes
    ----------
    kin : dict
        By page and other page, their pair.
    dates : mapping
        By page, the day that it states.
    spun : dict of str to float
        The pages that are spun, and how sure each is.
    doubtful : set of str
        Pages that would be spun, too, if pairs with a caution were to be relied on. They are in no other pair.
    """

    def __init__(
        self, pairs: Sequence[ScoredPair], dates: Mapping[str, str], sites: Mapping[str, str], min_p: float
    ) -> None:
        self.dates, self._sites, self._min_p = dates, sites, min_p
        self.kin: dict[str, dict[str, ScoredPair]] = {}
        for pair in pairs:
            self.kin.setdefault(pair.source, {})[pair.suspect] = pair
            self.kin.setdefault(pair.suspect, {})[pair.source] = pair
        self._group = self._groups(pairs)
        flagged = self._unexplained([pair for pair in pairs if self.is_flagged(pair)])
        sure = [pair for pair in flagged if not pair.cautioned]
        known = {page for pair in sure for page in pair[:2]}
        self.spun = self._resolved(sure)
        self.doubtful = set(self._resolved([pair for pair in flagged if known.isdisjoint(pair[:2])]))

    def _resolved(self, flagged: list[ScoredPair]) -> dict[str, float]:
        return spun_pages(list(self._pointers(flagged)), self._costs(flagged), self._group)

    def is_flagged(self, pair: ScoredPair) -> bool:
        """Tell whether a pair scores high enough to be flagged."""
        return pair.p_spun >= self._min_p

    def _groups(self, pairs: Iterable[ScoredPair]) -> dict[str, str]:
        """Return the first page of the group of copies that each page belongs to.

        Pages that are flagged with each other are never of one group: a lightly spun page resembles later editions of
        its source, and must not pass for one of them.
        """
        whole = [p for p in pairs if self.is_honest(p) and max(p.share_of(p.source), p.share_of(p.suspect)) >= MOST]
        whole.sort(key=lambda p: (-(p.p_copied + p.p_edited) * p.share_of(p.source) * p.share_of(p.suspect), p[:2]))
        flagged = [pair[:2] for pair in pairs if self.is_flagged(pair)]
        return grouped([pair[:2] for pair in whole], flagged)

    def _unexplained(self, flagged: list[ScoredPair]) -> list[ScoredPair]:
        """Leave out pairs of which one page resembles the other only by what it quotes from a third."""
        quoted = {frozenset(pair[:2]) for pair in flagged if self._is_quoted(pair, set())}
        left = [pair for pair in flagged if frozenset(pair[:2]) not in quoted]
        return [pair for pair in left if not self._is_quoted(pair, quoted)]

    def _is_quoted(self, pair: ScoredPair, quoted: set[frozenset[str]]) -> bool:
        both = all(self._has_of_others(page, pair) for page in pair[:2])
        return both or any(self._quotes(page, pair, quoted) for page in (pair.source, pair.suspect))

    def _has_of_others(self, page: str, pair: ScoredPair) -> bool:
        """Tell whether a page has as much of a third page, word for word, as it shares with the other."""
        kin = ((third, kin) for third, kin in self.kin[page].items() if third != pair.other(page))
        return any(
            self.is_honest(one) and one.share_of(page) >= pair.share_of(page) - ALIKE and not self._is_whole(one, third)
            for third, one in kin
        )

    @staticmethod
    def _is_whole(kin: ScoredPair, third: str) -> bool:
        """Tell whether a page has the whole of another in it, and little else: then it does not quote it."""
        return kin.share_of(third) >= WHOLE and kin.share_of(kin.other(third)) >= WHOLE

    def _quotes(self, page: str, pair: ScoredPair, quoted: set[frozenset[str]]) -> bool:
        """Tell whether a page has a part of some third page in it, word for word, that explains a flagged pair.

        It does where it shares more with the other page than what was quoted. So it does where it shares as much, and
        that pair is explained itself or not flagged.
        """
        other = pair.other(page)
        for third, kin in self.kin[page].items():
            way = self.kin[other].get(third)
            if way is None or not self.is_honest(kin) or self._is_whole(kin, third):
                continue
            more = way.share_of(other) - pair.share_of(other)
            settled = not self.is_flagged(way) or frozenset((other, third)) in quoted
            if kin.share_of(page) >= pair.share_of(page) - ALIKE and (more > ALIKE or (settled and more >= -ALIKE)):
                return True
        return False

    def is_honest(self, pair: ScoredPair) -> bool:
        """Tell whether a pair is not flagged and a copy, edited or in part perhaps."""
        return not self.is_flagged(pair) and pair.relation in ("copied", "edited")

    def _pointers(self, flagged: list[ScoredPair]) -> Iterator[Pointer]:
        """Yield how strongly each pair says that its suspect is the spun side, by words and by dates.

        Copies of one text say the same of a page: together they count as one pair.
        """
        n_alike = Counter((page, self._copied(pair.other(page))) for pair in flagged for page in pair[:2])
        for pair in flagged:
            ends = ((pair.source, pair.suspect), (pair.suspect, pair.source))
            n_same = math.prod(n_alike[page, self._copied(other)] for page, other in ends)
            share = max(pair.share_of(page) for page in pair[:2])
            words = pair.p_spun * share * log_odds(pair.p_forward)
            dates = DATE_WEIGHT * self.later(pair.suspect, pair.source)
            yield Pointer(pair.source, pair.suspect, (words + dates) / n_same)

    def _costs(self, flagged: list[ScoredPair]) -> dict[str, float]:
        """Return what it costs to take a text for spun: the more, the more texts quote it or carry it on."""
        linked: dict[str, set[str]] = {}
        for page in {page for pair in flagged for page in pair[:2]}:
            linked.setdefault(self._copied(page), set()).update(self._carried_on(page))
        return {text: PAGE + LINK * min(len(found), MOST_LINKS) for text, found in linked.items()}

    def _carried_on(self, page: str) -> Iterator[str]:
        """Yield the texts that quote a page, and later versions of it on its own site.

        Copies elsewhere tell nothing: pages of spinners are copied, too.
        """
        for other, pair in self.kin[page].items():
            if self.is_honest(pair) and pair.share_of(other) >= A_QUOTE:
                if self._copied(other) != self._copied(page):
                    # Who has the whole of a page does not quote it.
                    if pair.share_of(page) < WHOLE and not self._has_more_of_a_rival(other, page):
                        yield self._copied(other)
                elif pair.relation == "edited" and self._sites[other] == self._sites[page]:
                    yield max(page, other)

    def _has_more_of_a_rival(self, page: str, quoted: str) -> bool:
        """Tell whether a page has more, word for word, of one that the quoted page is flagged with."""
        known = self.kin[page]
        rivals = [other for other, pair in self.kin[quoted].items() if self.is_flagged(pair) and other in known]
        mine = known[quoted].words_of(page)
        return any(known[other].words_of(page) > mine for other in rivals)

    def _copied(self, page: str) -> str:
        return self._group.get(page, page)

    def later(self, page: str, other: str) -> int:
        """Compare the days that two pages state.

        Parameters
        ----------
        page, other : str
            Ids of articles.

        Returns
        -------
        int
            1 where the page says it is later than the other, -1 where it says it is earlier, 0 for neither.
        """
        mine, theirs = self.dates.get(page), self.dates.get(other)
        return (mine > theirs) - (mine < theirs) if mine and theirs else 0


def _or_half(share: float) -> float:
    return 0.5 if share != share else share
