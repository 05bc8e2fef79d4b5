"""Tell what a run found: one row a spun page, with its likeliest source and why.

The rows are made from the SCORES, with titles, sites and dates of the ARTICLES; see `unspun.crawl.resolution` for
how the spun pages are told from those they are flagged with.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple
from urllib.parse import urlsplit

import numpy as np
import pandas as pd
import pyarrow as pa

from unspun.crawl.ranking import oriented, turned
from unspun.crawl.resolution import Pointer, log_odds, spun_pages
from unspun.crawl.run import Run, part_name
from unspun.io.labels import RELATIONS
from unspun.io.stores import Store
from unspun.io.tables import FINDINGS, SCORES, conform, parquet_bytes

FOLDER = "findings"
MIN_P = 0.5
"""Pairs from this p_spun on are flagged, in the table that a scan leaves."""
ABOUT = ("article_id", "title", "url", "site", "published")
"""Columns of the articles that findings are told with."""
SURE_SIDE = 0.7
"""How sure it must be which page is the spun one; below, a finding is open."""
DATE_WEIGHT = 0.6
"""What dates count, in log-odds, where both pages state one: as much as a direction of 0.65.

Whoever spins can put any date on a page, so dates only tip a pair whose words tell little.
"""
ALIKE = 0.05
"""Sources that hold a page as fully as the fullest but for this share are alike; the earliest of them is named."""
WHOLE = 0.6
"""Share of a page's words that must stand in another for it to be a copy of the whole, and not a quotation."""
A_QUOTE = 0.1
"""Share of a page's words that must stand in another before it is said to be quoted there."""
N_RESEMBLED = 50
"""Pages that a finding says it resembles, the likeliest."""
_COLUMNS = ("source_id", "suspect_id", "p_spun", "p_forward", "coverage", "source_coverage")


class _Pair(NamedTuple):
    """A row of the SCORES, as it is used here."""

    source: str
    suspect: str
    p_spun: float
    p_forward: float
    coverage: float
    source_coverage: float
    relation: str
    row: int

    def share_of(self, page: str) -> float:
        """Return the share of a page's words that stand in the other."""
        return _or_half(self.coverage if page == self.suspect else self.source_coverage)

    def other(self, page: str) -> str:
        return self.source if page == self.suspect else self.suspect

    def forward(self, page: str) -> float:
        """Return how likely a page is the spun side by the words alone."""
        return self.p_forward if page == self.suspect else 1 - self.p_forward


class Resemblance(NamedTuple):
    """A page that a spun one resembles, and what explains that."""

    article_id: str
    how: str
    p_spun: float


def find(scores: pd.DataFrame, articles: pd.DataFrame, min_p: float = MIN_P) -> pd.DataFrame:
    """Return the findings of a run, one row a spun page.

    Parameters
    ----------
    scores : DataFrame
        The SCORES, in any order; of pairs that are not flagged, only those between flagged pages matter.
    articles : DataFrame
        `ABOUT` of at least the flagged articles.
    min_p : float
        Pairs from this p_spun on are flagged.

    Returns
    -------
    DataFrame
        The FINDINGS: numbered from 1, likeliest first, those that are open last.
    """
    table = oriented(scores).sort_values(["source_id", "suspect_id"], ignore_index=True)
    flagged = table[table["p_spun"] >= min_p]
    pages = pd.concat([flagged["source_id"], flagged["suspect_id"]]).unique()
    near = table[table["source_id"].isin(pages) & table["suspect_id"].isin(pages)]
    about = articles[articles["article_id"].isin(pages)].drop_duplicates("article_id")
    resolved = _Resolution(list(_pairs(near)), dict(_dates(about)), min_p)
    return _table(table, about, [resolved.finding(page) for page in sorted(resolved.spun)], resolved)


def _pairs(table: pd.DataFrame) -> Iterator[_Pair]:
    relations = [f"p_{name}" for name in RELATIONS[1:] if f"p_{name}" in table]
    odds = table[relations].fillna(-1).to_numpy(np.float64)
    best = [relations[k][2:] for k in odds.argmax(axis=1)] if relations and len(table) else [""] * len(table)
    whole = table.assign(**{name: np.nan for name in _COLUMNS if name not in table})
    columns = (whole[name].tolist() for name in _COLUMNS)
    yield from map(_Pair, *columns, best, table.index.tolist())


def _dates(about: pd.DataFrame) -> Iterator[tuple[str, str]]:
    """Yield the days that pages state, where these can be compared."""
    for page, stated in zip(about["article_id"], about["published"], strict=True):
        day = stated[:10]
        with contextlib.suppress(ValueError):
            date.fromisoformat(day)
            if len(day) == 10 and day.isascii():
                yield page, day


class _Finding(NamedTuple):
    """A spun page, the pair with its source, and what is told of them."""

    page: str
    pair: _Pair
    sure: float
    why: str
    against: str
    resembles: tuple[Resemblance, ...]

    @property
    def open(self) -> bool:
        """True where it is not decided which of the two is the spun one."""
        return self.sure < SURE_SIDE


class _Resolution:
    """All flagged pairs of a run, and which of their pages are spun."""

    def __init__(self, pairs: list[_Pair], dates: dict[str, str], min_p: float) -> None:
        self._dates = dates
        self._kin: dict[str, dict[str, _Pair]] = {}
        for pair in pairs:
            self._kin.setdefault(pair.source, {})[pair.suspect] = pair
            self._kin.setdefault(pair.suspect, {})[pair.source] = pair
        self._min_p = min_p
        flagged = [pair for pair in pairs if pair.p_spun >= min_p]
        self.spun = spun_pages([Pointer(pair.source, pair.suspect, self._weight(pair)) for pair in flagged])
        self._source = {page: self._source_of(page) for page in sorted(self.spun)}

    def _weight(self, pair: _Pair) -> float:
        """Return how strongly a pair says that its suspect is the spun side, by words and by dates."""
        share = max(pair.share_of(pair.source), pair.share_of(pair.suspect))
        return pair.p_spun * share * log_odds(pair.p_forward) + DATE_WEIGHT * self._later(pair.suspect, pair.source)

    def _later(self, page: str, other: str) -> int:
        """Return 1 where a page says it is of a later day than another, -1 for an earlier day, 0 if that is open."""
        mine, theirs = self._dates.get(page), self._dates.get(other)
        return (mine > theirs) - (mine < theirs) if mine and theirs else 0

    def _flagged(self, page: str) -> list[_Pair]:
        return [pair for _, pair in sorted(self._kin[page].items()) if pair.p_spun >= self._min_p]

    def _source_of(self, page: str) -> _Pair:
        """Return the pair with the likeliest source: one that is not spun, the fullest, of equals the earliest."""
        pairs = self._flagged(page)
        pairs = [pair for pair in pairs if pair.other(page) not in self.spun] or pairs
        full = {pair: self._fullness(pair) for pair in pairs}
        best = max(full.values())
        equals = [pair for pair in pairs if full[pair] >= best - ALIKE]
        return min(equals, key=lambda pair: (self._dates.get(pair.other(page), "9"), -full[pair], pair.other(page)))

    def _fullness(self, pair: _Pair) -> float:
        return pair.p_spun * pair.share_of(pair.source) * pair.share_of(pair.suspect)

    def finding(self, page: str) -> _Finding:
        """Tell of a spun page."""
        pair = self._source[page]
        source = pair.other(page)
        words, later = log_odds(pair.forward(page)), self._later(page, source)
        others = sum(one.other(page) not in self.spun for one in self._flagged(page)) - (source not in self.spun)
        clear = abs(words) >= log_odds(SURE_SIDE)
        copies = [f"{others} other page{'s' if others > 1 else ''}"] if others else []
        why = ["swaps"] * (clear and words > 0) + ["dates"] * (later > 0) + copies
        against = ["swaps"] * (clear and words < 0) + ["dates"] * (later < 0)
        resembles = sorted(self._resembled(page, source), key=lambda one: (-one.p_spun, one.article_id))
        shown = tuple(resembles[:N_RESEMBLED])
        return _Finding(page, pair, self.spun[page], ", ".join(why), ", ".join(against), shown)

    def _resembled(self, page: str, source: str) -> Iterator[Resemblance]:
        for other, pair in self._kin[page].items():
            how = "" if other == source else self._explained(page, source, other, pair)
            if how:
                yield Resemblance(other, how, pair.p_spun)

    def _explained(self, page: str, source: str, other: str, pair: _Pair) -> str:
        """Say what explains that a spun page resembles another; empty where it does not."""
        flagged = pair.p_spun >= self._min_p
        if not flagged:
            if pair.relation not in ("copied", "edited") or pair.share_of(page) < A_QUOTE:
                return ""
            return "copy of this page" if pair.share_of(other) >= WHOLE else "quotes this page"
        if other in self.spun:
            same = self._source[other].other(other) == source
            return "spun from the same source" if same else "spun, too"
        kin = self._kin[source].get(other)
        if kin is None or kin.p_spun >= self._min_p or kin.relation not in ("copied", "edited"):
            return "not explained"
        if min(kin.share_of(source), kin.share_of(other)) < WHOLE and kin.share_of(other) < 0.9:
            return "quotes the same original"
        return "copy of the source" if kin.relation == "copied" else "update of the source"

    def clusters(self, findings: Iterable[_Finding]) -> dict[str, str]:
        """Return the first page of the group that each page belongs to.

        A group is a source, its copies, and what is spun from it.
        """
        first: dict[str, str] = {}

        def root(page: str) -> str:
            while first.setdefault(page, page) != page:
                page = first[page]
            return page

        for one in findings:
            source = one.pair.other(one.page)
            copies = [like.article_id for like in one.resembles if like.how.endswith("of the source")]
            for page in [one.page, *copies]:
                ends = sorted((root(page), root(source)))
                first[ends[1]] = ends[0]
        return {page: root(page) for page in sorted(first)}


def _or_half(share: float) -> float:
    return 0.5 if share != share else share


def _table(scores: pd.DataFrame, about: pd.DataFrame, findings: list[_Finding], resolved: _Resolution) -> pd.DataFrame:
    """Lay out findings as the FINDINGS table."""
    findings = sorted(findings, key=lambda one: (one.open, -one.pair.p_spun, one.page))
    root = resolved.clusters(findings)
    numbers: dict[str, int] = {}
    clusters = [numbers.setdefault(root[one.page], len(numbers) + 1) for one in findings]
    of_pair = scores.loc[[one.pair.row for one in findings]].reset_index(drop=True)
    table = turned(of_pair, np.array([one.page == one.pair.source for one in findings], np.bool_)).assign(
        finding=np.arange(1, len(findings) + 1, dtype=np.int32),
        sure=[one.sure for one in findings],
        open=np.array([one.open for one in findings], np.bool_),
        why=[one.why for one in findings],
        against=[one.against for one in findings],
        resembles=[json.dumps([like._asdict() for like in one.resembles]) for one in findings],
        cluster=np.array(clusters, np.int32),
    )
    known = about.assign(site=site_of(about).to_numpy()).set_index("article_id")
    for side in ("suspect", "source"):
        for name in ("title", "site", "published"):
            table[f"{side}_{name}"] = table[f"{side}_id"].map(known[name]).fillna("").astype(str)
    missing = {name: None for name in FINDINGS.names if name not in table}
    return conform(table.assign(**missing), FINDINGS, "findings")


def resembled(resembles: str) -> list[Resemblance]:
    """Return the pages that a finding resembles.

    >>> resembled('[{"article_id": "a", "how": "copy of the source", "p_spun": 0.9}]')[0].how
    'copy of the source'
    """
    return [Resemblance(one["article_id"], one["how"], one["p_spun"]) for one in json.loads(resembles)]


def write_findings(store: Store) -> int:
    """Write the findings of a run whose scores are complete.

    Returns
    -------
    int
        How many there are.
    """
    store.remove(FOLDER)
    table = _found(Run(store, {}), MIN_P)
    rows = pa.Table.from_pandas(table, FINDINGS, preserve_index=False).replace_schema_metadata()
    store.write(part_name(FOLDER, 0), parquet_bytes(rows))
    return len(table)


def findings_of(run: Run, min_p: float = MIN_P) -> pd.DataFrame:
    """Return the findings of a run from a probability on.

    Parameters
    ----------
    run : Run
        As `unspun.crawl.run.open_run` gives it.
    min_p : float
        From `MIN_P` on they are rows of the table of the run, numbered as there. Below, all is resolved and numbered
        anew, with more flagged pairs.

    Returns
    -------
    DataFrame
        The FINDINGS.
    """
    if min_p < MIN_P:
        return _found(run, min_p)
    table = run.findings
    return table[table["p_spun"] >= min_p].reset_index(drop=True)


def _found(run: Run, min_p: float) -> pd.DataFrame:
    """Resolve the scores of a run; only those of flagged pages are held in memory."""
    columns = ("source_id", "suspect_id", "p_spun")
    flagged = [part[part["p_spun"] >= min_p] for part in run.parts("scores", columns)]
    pages = {page for part in flagged for name in columns[:2] for page in part[name]}
    near = [part[part["source_id"].isin(pages) & part["suspect_id"].isin(pages)] for part in run.parts("scores")]
    scores = pd.concat(near, ignore_index=True) if near else SCORES.empty_table().to_pandas()
    about = [part[part["article_id"].isin(pages)] for part in run.parts("articles", ABOUT)]
    articles = pd.concat(about, ignore_index=True) if about else pd.DataFrame(columns=list(ABOUT), dtype=str)
    return find(scores, articles, min_p)


def site_of(articles: pd.DataFrame) -> pd.Series[str]:
    """Return the site of every article by its id.

    As it was given, or from its address, or its folder.

    Examples
    --------
    >>> rows = [("a", "", "x.example"), ("https://y.example/1", "", ""), ("z.example/2.html", "", "")]
    >>> site_of(pd.DataFrame(rows, columns=["article_id", "url", "site"])).tolist()
    ['x.example', 'y.example', 'z.example']
    """
    sites = [
        site or _host(url) or _host(name) or _folder(name)
        for site, url, name in zip(articles["site"], articles["url"], articles["article_id"], strict=True)
    ]
    return pd.Series(sites, index=articles["article_id"].to_numpy(), dtype=str)


def _host(address: str) -> str:
    try:
        return (urlsplit(address).hostname or "").removeprefix("www.") if "//" in address[:12] else ""
    except ValueError:  # an address like http://[bad
        return ""


def _folder(name: str) -> str:
    """Return the folder that a file lies in: crawls are kept as a folder a site."""
    return name.rpartition("/")[0].rpartition("/")[2]
