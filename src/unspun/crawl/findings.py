"""Tell what a run found: one row a spun page, with its likeliest source and why.

The rows are made from the SCORES, with titles, sites and dates of the ARTICLES; see `unspun.crawl.resolution` for
how the spun pages are told from those they are flagged with.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Collection, Iterable, Iterator
from datetime import date
from typing import NamedTuple
from urllib.parse import urlsplit

import numpy as np
import pandas as pd
import pyarrow as pa

from unspun.crawl.duplicates import grouped
from unspun.crawl.ranking import log_odds, oriented, turned
from unspun.crawl.resolution.pair_evidence import A_QUOTE, ALIKE, WHOLE, Evidence, ScoredPair
from unspun.crawl.run import Run, part_name
from unspun.errors import InputError
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
N_RESEMBLED = 50
"""Pages that a finding says it resembles, the likeliest."""
_COLUMNS = ("source_id", "suspect_id", "p_spun", "p_forward", "coverage", "source_coverage", "n_substitutions")


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
        The SCORES, in any order; of pairs that are not flagged, only those `around` flagged pages matter.
    articles : DataFrame
        `ABOUT` of at least the articles of these pairs.
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
    near = table[around(table, pages)]
    told = pd.concat([near["source_id"], near["suspect_id"]]).unique()
    about = articles[articles["article_id"].isin(told)].drop_duplicates("article_id")
    teller = _Teller(Evidence(list(_pairs(near)), dict(_dates(about)), dict(_sites(about)), min_p))
    return _table(table, about, [teller.finding(page) for page in teller.pages()], teller)


def around(scores: pd.DataFrame, flagged: Collection[str]) -> pd.Series[bool]:
    """Tell which pairs say something of flagged pages.

    Those between two of them, and those in which another page has words of one.

    Parameters
    ----------
    scores : DataFrame
        The SCORES.
    flagged : collection of str
        Ids of the pages that are in flagged pairs.

    Returns
    -------
    Series of bool
        A row of it for each of the scores.
    """
    ends = scores["source_id"].isin(flagged).astype(int) + scores["suspect_id"].isin(flagged)
    return (ends == 2) | ((ends == 1) & (scores[["p_copied", "p_edited"]].sum(axis=1) > 0.5))


def _pairs(table: pd.DataFrame) -> Iterator[ScoredPair]:
    relations = [f"p_{name}" for name in RELATIONS[1:] if f"p_{name}" in table]
    odds = table[relations].fillna(-1).to_numpy(np.float64)
    best = [relations[k][2:] for k in odds.argmax(axis=1)] if relations and len(table) else [""] * len(table)
    whole = table.assign(**{name: np.nan for name in (*_COLUMNS, "p_copied", "p_edited") if name not in table})
    columns = (whole[name].tolist() for name in _COLUMNS)
    kept = (whole[name].fillna(0).tolist() for name in ("p_copied", "p_edited"))
    cautions = table["abstained"].notna() if "abstained" in table else pd.Series(False, table.index)
    yield from map(ScoredPair, *columns, best, *kept, table.index.tolist(), cautions.tolist())


def _dates(about: pd.DataFrame) -> Iterator[tuple[str, str]]:
    """Yield the days that pages state, where these can be compared."""
    for page, stated in zip(about["article_id"], about["published"], strict=True):
        day = stated[:10]
        with contextlib.suppress(ValueError):
            date.fromisoformat(day)
            if len(day) == 10 and day.isascii():
                yield page, day


def _sites(about: pd.DataFrame) -> Iterator[tuple[str, str]]:
    yield from zip(about["article_id"], site_of(about), strict=True)


class _Finding(NamedTuple):
    """A spun page, the pair with its source, and what is told of them."""

    page: str
    pair: ScoredPair
    sure: float
    why: str
    against: str
    resembles: tuple[Resemblance, ...]

    @property
    def open(self) -> bool:
        """True where it is not decided which of the two is the spun one."""
        return self.sure < SURE_SIDE


class _Teller:
    """Tells of spun pages what the evidence says."""

    def __init__(self, evidence: Evidence) -> None:
        self._evidence, self._kin, self.spun = evidence, evidence.kin, evidence.spun
        self._source = {page: self._source_of(page) for page in self.pages()}

    def pages(self) -> list[str]:
        """Return the pages that a finding is about."""
        return sorted(self.spun.keys() | self._evidence.doubtful)

    def _flagged(self, page: str) -> list[ScoredPair]:
        pairs = [pair for _, pair in sorted(self._kin[page].items()) if self._evidence.is_flagged(pair)]
        return [pair for pair in pairs if not pair.cautioned] or pairs

    def _source_of(self, page: str) -> ScoredPair:
        """Return the pair with the likeliest source: one that is not spun, the fullest, of equals the earliest."""
        pairs = self._flagged(page)
        pairs = [pair for pair in pairs if pair.other(page) not in self.spun] or pairs
        full = {pair: self._fullness(pair) for pair in pairs}
        best = max(full.values())
        equals = [pair for pair in pairs if full[pair] >= best - ALIKE]
        # Who spins leaves out and adds little: the source has nearly all of the page.
        most = max(pair.share_of(page) for pair in equals)
        equals = [pair for pair in equals if pair.share_of(page) >= most - ALIKE]
        names = [pair.other(page) for pair in equals]
        order = {
            name: (self._evidence.dates.get(name, "9"), -self._centre(name), -full[pair], name)
            for name, pair in zip(names, equals, strict=True)
        }
        return min(equals, key=lambda pair: order[pair.other(page)])

    def _centre(self, page: str) -> float:
        """Return how much of other pages stands in one, word for word: of copies and updates, the original has most."""
        pairs = ((other, pair) for other, pair in sorted(self._kin[page].items()) if self._evidence.is_honest(pair))
        return sum(pair.share_of(other) * (pair.p_copied + 0.5 * pair.p_edited) for other, pair in pairs)

    def _fullness(self, pair: ScoredPair) -> float:
        return pair.p_spun * pair.share_of(pair.source) * pair.share_of(pair.suspect)

    def finding(self, page: str) -> _Finding:
        """Tell of a spun page."""
        pair = self._source[page]
        source = pair.other(page)
        words, later = log_odds(pair.forward(page)), self._evidence.later(page, source)
        others = sum(one.other(page) not in self.spun for one in self._flagged(page)) - (source not in self.spun)
        clear = abs(words) >= log_odds(SURE_SIDE)
        copies = [f"{others} other page{'s' if others > 1 else ''}"] if others else []
        why = ["swaps"] * (clear and words > 0) + ["dates"] * (later > 0) + copies
        against = ["swaps"] * (clear and words < 0) + ["dates"] * (later < 0)
        resembles = sorted(self._resembled(page, source), key=lambda one: (-one.p_spun, one.article_id))
        shown = tuple(resembles[:N_RESEMBLED])
        # Without a pair to rely on it is open.
        return _Finding(page, pair, self.spun.get(page, 0.5), ", ".join(why), ", ".join(against), shown)

    def _resembled(self, page: str, source: str) -> Iterator[Resemblance]:
        for other, pair in self._kin[page].items():
            how = "" if other == source else self._explained(page, source, other, pair)
            if how:
                yield Resemblance(other, how, pair.p_spun)

    def _explained(self, page: str, source: str, other: str, pair: ScoredPair) -> str:
        """Say what explains that a spun page resembles another; empty where it does not."""
        flagged = self._evidence.is_flagged(pair)
        if not flagged:
            if not self._evidence.is_honest(pair) or pair.share_of(page) < A_QUOTE:
                return ""
            return "copy of this page" if pair.share_of(other) >= WHOLE else "quotes this page"
        if other in self.spun:
            same = self._source[other].other(other) == source
            return "spun from the same source" if same else "spun, too"
        kin = self._kin[source].get(other)
        if kin is None or not self._evidence.is_honest(kin):
            return "not explained"
        if min(kin.share_of(source), kin.share_of(other)) < WHOLE and kin.share_of(other) < 0.9:
            return "quotes the same original"
        return "copy of the source" if kin.relation == "copied" else "update of the source"

    def clusters(self, findings: Iterable[_Finding]) -> dict[str, str]:
        """Return the first page of the group that each page belongs to.

        A group is a source, its copies, and what is spun from it.
        """
        links: list[tuple[str, str]] = []
        for one in findings:
            copies = [like.article_id for like in one.resembles if like.how.endswith("of the source")]
            links += [(one.pair.other(one.page), page) for page in (one.page, *copies)]
        return grouped(links)


def _table(scores: pd.DataFrame, about: pd.DataFrame, findings: list[_Finding], teller: _Teller) -> pd.DataFrame:
    """Lay out findings as the FINDINGS table."""
    findings = sorted(findings, key=lambda one: (one.open, -one.pair.p_spun, one.page))
    root = teller.clusters(findings)
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


def pair_of_finding(findings: pd.DataFrame, number: str) -> tuple[str, str]:
    """Return the ids of the source and the suspect of a finding.

    Parameters
    ----------
    findings : DataFrame
        The FINDINGS of a run.
    number : str
        The number of the finding, as reports print it.

    Returns
    -------
    source_id : str
        The id of the source.
    suspect_id : str
        The id of the spun page.

    Raises
    ------
    InputError
        When the run has no such finding.
    """
    row = findings[findings["finding"].astype(str) == number.strip()]
    if not len(row):
        todo = f"give one of 1 to {len(findings):,}, or two ids of articles" if len(findings) else "the run has none"
        raise InputError("no such finding", number, todo)
    return str(row["source_id"].iloc[0]), str(row["suspect_id"].iloc[0])


def members(findings: pd.DataFrame) -> pd.DataFrame:
    """Return the pages of every cluster.

    These are sources, their copies, and what is spun from them.

    Parameters
    ----------
    findings : DataFrame
        The FINDINGS.

    Returns
    -------
    DataFrame
        ``article_id``, ``cluster`` (int32) and ``spun`` (bool; an open finding leaves it False), a row a page.
    """
    rows = []
    for _, one in findings.iterrows():
        copies = [like.article_id for like in resembled(one.resembles) if like.how.endswith("of the source")]
        rows += [(one.suspect_id, one.cluster, not one.open)]
        rows += [(page, one.cluster, False) for page in (one.source_id, *copies)]
    table = pd.DataFrame(rows, columns=["article_id", "cluster", "spun"])
    table = table.astype({"article_id": str, "cluster": np.int32, "spun": np.bool_})
    return table.sort_values("spun", ascending=False, kind="stable").drop_duplicates("article_id", ignore_index=True)


def _found(run: Run, min_p: float) -> pd.DataFrame:
    """Resolve the scores of a run; only those of flagged pages are held in memory."""
    columns = ("source_id", "suspect_id", "p_spun")
    flagged = [part[part["p_spun"] >= min_p] for part in run.parts("scores", columns)]
    pages = {page for part in flagged for name in columns[:2] for page in part[name]}
    near = [part[around(part, pages)] for part in run.parts("scores")]
    scores = pd.concat(near, ignore_index=True) if near else SCORES.empty_table().to_pandas()
    told = {*scores["source_id"], *scores["suspect_id"]}
    about = [part[part["article_id"].isin(told)] for part in run.parts("articles", ABOUT)]
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
