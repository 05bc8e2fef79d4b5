"""Count and group what a run found: pure data for its page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from unspun.crawl.findings import ABOUT, find, resembled, site_of
from unspun.crawl.ranking import flagged_pairs
from unspun.io.labels import RELATIONS
from unspun.reports.run_counts import Counts, count
from unspun.text.lexicon import load_lexicon

N_BINS = 20
MIN_RECURRENCE = 2
"""Pages of one site that must make the same swap before it counts as a fingerprint."""
ARTICLE_COLUMNS = ABOUT
SWAP_COLUMNS = ("source_id", "suspect_id", "source", "suspect")
"""One row a swap of a flagged pair, words in lower case."""
_SIDES = ("source", "suspect")
_WHOLE = 0.9
"""Share of both pages that must stand in the other for a copy of the whole."""
N_EXAMPLES = 5
"""Pairs that are named of every honest relation."""
_BACKWARD = ("suspect_id", "source_id", "suspect", "source")


class Child(NamedTuple):
    """A page that is told as spun from a source.

    The number of its finding, its ids, what it is called, its score, what tells so, and how many pages it resembles.
    """

    finding: int
    source_id: str
    suspect_id: str
    name: str
    site: str
    published: str
    p_spun: float
    why: str
    n_resembled: int


class Star(NamedTuple):
    """A source and the pages that were spun from it, the likeliest first."""

    name: str
    site: str
    published: str
    children: tuple[Child, ...]
    n_sites: int


class OpenCase(NamedTuple):
    """Two pages of which one is spun from the other, and it is open which."""

    finding: int
    source_id: str
    suspect_id: str
    names: tuple[str, str]
    sites: tuple[str, str]
    p_spun: float


class HonestLine(NamedTuple):
    """An honest relation, the pairs that have it, and the names of some."""

    kind: str
    n_pairs: int
    examples: tuple[tuple[str, str], ...]


class SiteLine(NamedTuple):
    """A site.

    Its pages, how many of them derive from how many sites, how many pages derive from its own.
    """

    site: str
    n_pages: int
    n_derived: int
    n_source_sites: int
    n_feeding: int


class Fingerprint(NamedTuple):
    """A swap that recurs across spun pages of one site."""

    site: str
    source: str
    suspect: str
    n_pages: int
    n_derived: int
    n_elsewhere: int


@dataclass(frozen=True, slots=True, eq=False)
class Corpus:
    """Everything the corpus page shows.

    Attributes
    ----------
    min_p : float
        Pairs from this p_spun on are flagged.
    counts : Counts
        From what was read to what was flagged.
    histogram : int64 (20,)
        Scored pairs by p_spun, in steps of 0.05.
    stars, open_cases, sites : tuple
        Sources with most spun pages first; what is open, likeliest first; sites with most derived pages first.
    fingerprints : tuple
        Site by site, those with most first; in each the rarest swap first.
    honest : tuple
        Honest relations between compared pages, closest first.
    n_explained : int
        Flagged pairs whose swaps were looked at for the fingerprints.
    """

    min_p: float
    counts: Counts
    histogram: np.ndarray
    stars: tuple[Star, ...]
    open_cases: tuple[OpenCase, ...]
    sites: tuple[SiteLine, ...]
    fingerprints: tuple[Fingerprint, ...]
    honest: tuple[HonestLine, ...]
    n_explained: int


def corpus(
    articles: pd.DataFrame,
    scores: pd.DataFrame,
    rejects: pd.DataFrame,
    swaps: pd.DataFrame,
    min_p: float = 0.5,
    findings: pd.DataFrame | None = None,
) -> Corpus:
    """Count and group what a run found.

    Parameters
    ----------
    articles : DataFrame
        `ARTICLE_COLUMNS` of the run's articles; the texts are not needed.
    scores, rejects : DataFrame
        The tables of the run.
    swaps : DataFrame
        `SWAP_COLUMNS`, of as many flagged pairs as were explained.
    min_p : float
        Pairs from this p_spun on are flagged.
    findings : DataFrame, optional
        The FINDINGS; told from the scores if not given.

    Returns
    -------
    Corpus
        Everything that the page of the run shows.
    """
    names, sites = _names(articles), site_of(articles)
    table = find(scores, articles, min_p) if findings is None else findings
    table = table.assign(
        **{f"{side}_name": table[f"{side}_id"].map(names).fillna(table[f"{side}_id"]) for side in _SIDES}
    )
    origin = table[~table["open"]]
    return Corpus(
        min_p,
        count(articles, scores, rejects, flagged_pairs(scores, min_p), len(origin), min_p),
        np.histogram(scores["p_spun"].dropna().to_numpy(np.float64), bins=N_BINS, range=(0, 1))[0],
        tuple(_stars(origin)),
        tuple(_open_cases(table[table["open"]])),
        tuple(_site_lines(sites, origin)),
        tuple(_fingerprints(swaps, sites, origin)),
        tuple(_honest(_between_honest(scores[scores["p_spun"] < min_p], origin), names)),
        len(swaps[["source_id", "suspect_id"]].drop_duplicates()),
    )


def _names(articles: pd.DataFrame) -> pd.Series[str]:
    """Return titles by id, the id where there is none."""
    known = articles.drop_duplicates("article_id").set_index("article_id")
    title = known["title"]
    return title.where(title.str.strip() != "", known.index.to_series())


def _stars(origin: pd.DataFrame) -> Iterable[Star]:
    told = origin.assign(n_resembled=[len(resembled(one)) for one in origin["resembles"]])
    names = ("finding", "source_id", "suspect_id", "suspect_name", "suspect_site", "suspect_published", "p_spun", "why")
    children: dict[str, list[Child]] = {}
    for child in map(Child, *(told[name].tolist() for name in (*names, "n_resembled"))):
        children.setdefault(child.source_id, []).append(child)
    heads = origin.drop_duplicates("source_id")[["source_id", "source_name", "source_site", "source_published"]]
    stars = [
        Star(name, site, published, tuple(children[source]), len({child.site for child in children[source]}))
        for source, name, site, published in heads.itertuples(index=False)
    ]
    return sorted(stars, key=lambda star: (-len(star.children), star.children[0].finding))


def _open_cases(table: pd.DataFrame) -> Iterable[OpenCase]:
    names = zip(table["source_name"].tolist(), table["suspect_name"].tolist(), strict=True)
    sites = zip(table["source_site"].tolist(), table["suspect_site"].tolist(), strict=True)
    ids = (table[name].tolist() for name in ("finding", "source_id", "suspect_id"))
    yield from map(OpenCase, *ids, names, sites, table["p_spun"].tolist())


def _between_honest(below: pd.DataFrame, origin: pd.DataFrame) -> pd.DataFrame:
    """Leave out pairs of a page that was told as spun."""
    return below[~below[["source_id", "suspect_id"]].isin(set(origin["suspect_id"])).any(axis=1)]


def _honest(below: pd.DataFrame, names: pd.Series[str]) -> Iterable[HonestLine]:
    """Count the pairs that are not flagged by what they most likely are; those of one story alone are left out."""
    columns = [f"p_{name}" for name in RELATIONS if f"p_{name}" in below]
    if not len(below) or not columns:
        return
    best = np.array(columns)[below[columns].fillna(-1).to_numpy().argmax(axis=1)]
    whole = below[["coverage", "source_coverage"]].min(axis=1).fillna(0).to_numpy() >= _WHOLE
    for kind, chosen in (
        ("copies", (best == "p_copied") & whole),
        ("quotations and copies of a part", (best == "p_copied") & ~whole),
        ("updates and edited versions", best == "p_edited"),
        ("rewritten by a person", best == "p_rewritten"),
    ):
        some = below[chosen]
        closest = some.sort_values(["coverage", "source_id", "suspect_id"], ascending=[False, True, True])[:N_EXAMPLES]
        ids = zip(closest["source_id"], closest["suspect_id"], strict=True)
        if len(some):
            yield HonestLine(kind, len(some), tuple((names.get(a, a), names.get(b, b)) for a, b in ids))


def _site_lines(sites: pd.Series[str], origin: pd.DataFrame) -> Iterable[SiteLine]:
    n_pages = sites.value_counts()
    by_suspect = origin.groupby("suspect_site")
    n_derived, n_sources = by_suspect.size(), by_suspect["source_site"].nunique()
    n_feeding = origin.groupby("source_site").size()
    lines = [
        SiteLine(site, *(int(counts.get(site, 0)) for counts in (n_pages, n_derived, n_sources, n_feeding)))
        for site in n_derived.index.union(n_feeding.index)
    ]
    return sorted(lines, key=lambda line: (-line.n_derived, -line.n_feeding, line.site))


def _fingerprints(swaps: pd.DataFrame, sites: pd.Series[str], origin: pd.DataFrame) -> Iterable[Fingerprint]:
    """Return the swaps that several derived pages of one site share, the rarest first.

    A page counts once, with its likeliest source.
    """
    keys = ["source_id", "suspect_id"]
    # A pair that stands the other way round in the ranked table has its swaps turned with it.
    backward = swaps.rename(columns=dict(zip(SWAP_COLUMNS, _BACKWARD, strict=True)))
    counted = pd.concat([swaps, backward]).merge(origin[[*keys, "suspect_site"]], on=keys)
    counted = counted.drop_duplicates(["suspect_id", "source", "suspect"])
    everywhere = counted.groupby(["source", "suspect"]).size()
    here = counted.groupby(["suspect_site", "source", "suspect"]).size()
    n_derived = counted.groupby("suspect_site")["suspect_id"].nunique()
    recurrent = here[here >= MIN_RECURRENCE].reset_index()
    found = [
        Fingerprint(site, before, after, int(n), int(n_derived[site]), int(everywhere[before, after] - n))
        for site, before, after, n in recurrent.itertuples(index=False)
    ]
    n_here = Counter(one.site for one in found)
    rarity = {one: _frequency(one.suspect) for one in found}
    order = {one: (-n_here[one.site], one.site, one.n_elsewhere, rarity[one], -one.n_pages) for one in found}
    return sorted(found, key=lambda one: (*order[one], one.source, one.suspect))


def _frequency(words: str) -> float:
    """Return how frequent the rarest of some words is, on the Zipf scale; 0 where one is unknown.

    >>> _frequency("boat") > _frequency("surge hindrance") > _frequency("qxz") == 0
    True
    """
    lexicon = load_lexicon()
    return float(lexicon.zipf[lexicon.row(lexicon.lookup(words.split() or [""]))].min())
