"""Count and group what a run found: pure data for its page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from unspun.crawl.findings import ABOUT, find, site_of
from unspun.crawl.ranking import flagged_pairs
from unspun.reports.run_counts import Counts, count

N_BINS = 20
MIN_RECURRENCE = 2
"""Pages of one site that must make the same swap before it counts as a fingerprint."""
ARTICLE_COLUMNS = ABOUT
SWAP_COLUMNS = ("source_id", "suspect_id", "source", "suspect")
"""One row a swap of a flagged pair, words in lower case."""
_BACKWARD = ("suspect_id", "source_id", "suspect", "source")


class Child(NamedTuple):
    """A page derived from a source.

    Where it is in the ranked table, its name, site and score.
    """

    rank: int
    name: str
    site: str
    p_spun: float


class Star(NamedTuple):
    """A source and the pages that were most likely spun from it, the likeliest first."""

    name: str
    site: str
    children: tuple[Child, ...]
    n_sites: int


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
    flagged : DataFrame
        The flagged pairs, likeliest source first in each, ranked: the columns of SCORES, then ``source_name``,
        ``suspect_name``, ``source_site``, ``suspect_site``.
    stars, sites, fingerprints : tuple
        Sources with most children first; sites with most derived pages first; swaps on most pages first.
    n_explained : int
        Flagged pairs whose swaps were looked at for the fingerprints.
    """

    min_p: float
    counts: Counts
    histogram: np.ndarray
    flagged: pd.DataFrame
    stars: tuple[Star, ...]
    sites: tuple[SiteLine, ...]
    fingerprints: tuple[Fingerprint, ...]
    n_explained: int


def corpus(
    articles: pd.DataFrame, scores: pd.DataFrame, rejects: pd.DataFrame, swaps: pd.DataFrame, min_p: float = 0.5
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

    Returns
    -------
    Corpus
        Everything that the page of the run shows.
    """
    known = articles.set_index("article_id")
    sites = site_of(articles)
    ranked = flagged_pairs(scores, min_p)
    flagged = _named(ranked, known["title"], sites)
    origin = _ranked(find(scores, articles, min_p), flagged)
    return Corpus(
        min_p,
        count(articles, scores, rejects, flagged, len(origin), min_p),
        np.histogram(scores["p_spun"].dropna().to_numpy(np.float64), bins=N_BINS, range=(0, 1))[0],
        flagged,
        tuple(_stars(origin)),
        tuple(_site_lines(sites, origin)),
        tuple(_fingerprints(swaps, sites, origin)),
        len(swaps[["source_id", "suspect_id"]].drop_duplicates()),
    )


def _named(ranked: pd.DataFrame, titles: pd.Series[str], sites: pd.Series[str]) -> pd.DataFrame:
    """Add titles (the id where there is none) and sites of both sides."""
    titles, sites = titles[~titles.index.duplicated()], sites[~sites.index.duplicated()]
    for side in ("source", "suspect"):
        ids = ranked[f"{side}_id"]
        title = ids.map(titles).fillna("")
        ranked = ranked.assign(
            **{f"{side}_name": title.where(title.str.strip() != "", ids), f"{side}_site": ids.map(sites).fillna("")}
        )
    return ranked


def _ranked(findings: pd.DataFrame, flagged: pd.DataFrame) -> pd.DataFrame:
    """Return the findings with the rank of their pair among the flagged ones, and names as these have them."""
    ranks: dict[str, int] = {}
    names: dict[str, str] = {}
    columns = (flagged[f"{side}_{name}"] for name in ("id", "name") for side in ("source", "suspect"))
    for rank, (source, suspect, *titles) in enumerate(zip(*columns, strict=True), 1):
        ranks[f"{source}\n{suspect}"] = ranks[f"{suspect}\n{source}"] = rank
        names |= zip((source, suspect), titles, strict=True)
    keys = findings["source_id"] + "\n" + findings["suspect_id"]
    named = {f"{side}_name": findings[f"{side}_id"].map(names) for side in ("source", "suspect")}
    return findings.assign(rank=keys.map(ranks), **named).sort_values("rank", ignore_index=True)


def _stars(origin: pd.DataFrame) -> Iterable[Star]:
    children: dict[str, list[Child]] = {}
    columns = (origin[name].tolist() for name in ("source_id", "rank", "suspect_name", "suspect_site", "p_spun"))
    for source, *child in zip(*columns, strict=True):
        children.setdefault(source, []).append(Child(*child))
    heads = origin.drop_duplicates("source_id").set_index("source_id")[["source_name", "source_site"]]
    stars = [
        Star(name, site, tuple(children[source]), len({child.site for child in children[source]}))
        for source, name, site in heads.itertuples()
    ]
    return sorted(stars, key=lambda star: (-len(star.children), star.children[0].rank))


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
    """Return the swaps that several derived pages of one site share; a page counts once, with its likeliest source."""
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
    return sorted(found, key=lambda one: (-one.n_pages, one.n_elsewhere, one.site, one.source, one.suspect))
