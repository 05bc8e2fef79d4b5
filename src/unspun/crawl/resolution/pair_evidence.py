"""Weigh all that the pairs of a run say of which pages are spun."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from unspun.crawl.duplicates import grouped
from unspun.crawl.ranking import log_odds
from unspun.crawl.resolution.spun_graph import PAGE, Pointer, spun_pages

DATE_WEIGHT = 0.4
"""What dates count, in log-odds, where both pages state one: as much as a direction of 0.6.

Whoever spins can put any date on a page, so dates only tip a pair whose words tell little.
"""
LINK, MOST_LINKS = 3.0, 2
"""What a text that quotes a page counts for its honesty, in log-odds, and so many at most; a later edition as well.

In composed crawls without dates 99 % of the spun pages are told so at 3, and 94 % at 0: see
``docs/notebook/2026-11-30-findings-of-a-crawl.md``.
"""
CHAIN = 2.0
"""What it costs, in log-odds, to say that a page was spun from a spun one: pages are spun from honest ones as a rule.

In composed crawls without dates precision is 99.4 % at 0, and 100 % at 2.
"""
ALIKE = 0.05
"""Shares of a page's words that differ by less are alike."""
ALIKE_OF = 0.15
"""The same as a part of the larger share: the more two pages share, the more of it may be chance."""
TIE = 0.005
"""Shares of a page's words that differ by less, word for word, are the same words."""
WHOLE = 0.6
"""Share of a page's words that must stand in another for it to be a copy of the whole, and not a quotation."""
MOST = 0.8
"""Share of either page's words that must stand in the other for the two to be one text, cut or carried on."""
A_QUOTE = 0.1
"""Share of a page's words that must stand in another before it is said to quote it."""


class ScoredPair(NamedTuple):
    """A scored pair of a run: its two pages, its probabilities and its row.

    Where it is ``cautioned``, there was too little to rely on them.
    """

    source: str
    suspect: str
    p_spun: float
    p_forward: float
    coverage: float
    source_coverage: float
    n_substitutions: float
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
            shared = pair.share_of(page)
            enough = kin.share_of(page) >= shared - max(ALIKE, ALIKE_OF * shared)
            if enough and (more > ALIKE or (settled and more >= -ALIKE)):
                return True
        return False

    def is_honest(self, pair: ScoredPair) -> bool:
        """Tell whether a pair is not flagged and a copy, edited or in part perhaps."""
        return not self.is_flagged(pair) and pair.relation in ("copied", "edited")

    def _pointers(self, flagged: list[ScoredPair]) -> Iterator[Pointer]:
        """Yield how strongly each pair says that its suspect is the spun side, by words and by dates.

        Copies of one text say the same of a page: together they count as one pair. What a page differs least from is
        what it was made from, as it seems: such a pair also says that not both are spun.
        """
        n_alike = Counter((page, self._copied(pair.other(page))) for pair in flagged for page in pair[:2])
        nearest = self._nearest(flagged)
        for pair in flagged:
            ends = ((pair.source, pair.suspect), (pair.suspect, pair.source))
            n_same = math.prod(n_alike[page, self._copied(other)] for page, other in ends)
            share = max(pair.share_of(page) for page in pair[:2])
            words = pair.p_spun * share * log_odds(pair.p_forward)
            dates = DATE_WEIGHT * self.later(pair.suspect, pair.source)
            chained = CHAIN * sum(nearest[page] == self._copied(other) for page, other in ends)
            yield Pointer(pair.source, pair.suspect, (words + dates) / n_same, chained / n_same)

    def _nearest(self, flagged: list[ScoredPair]) -> dict[str, str]:
        """Return the text that each page is flagged with and differs least from: of a spun page it is the source."""
        best: dict[str, tuple[float, str]] = {}
        for pair in flagged:
            for page in pair[:2]:
                swaps = pair.n_substitutions / max(pair.share_of(page), ALIKE)
                best[page] = min(best.get(page, (math.inf, "")), (swaps, pair.other(page)))
        return {page: self._copied(other) for page, (_, other) in best.items()}

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
                    if pair.share_of(page) < WHOLE and not self._has_as_much_of_a_rival(other, page):
                        yield self._copied(other)
                elif pair.relation == "edited" and self._sites[other] == self._sites[page]:
                    yield max(page, other)

    def _has_as_much_of_a_rival(self, page: str, quoted: str) -> bool:
        """Tell whether a page has as much, word for word, of one that the quoted page is flagged with."""
        known = self.kin[page]
        rivals = [other for other, pair in self.kin[quoted].items() if self.is_flagged(pair) and other in known]
        mine = known[quoted].words_of(page)
        return any(known[other].words_of(page) > mine - TIE for other in rivals)

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
