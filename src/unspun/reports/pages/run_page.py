"""Draw what a run found as one page.

It has one small script that pages, filters and sorts a table. Nothing is fetched.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, NamedTuple

import numpy as np

from unspun.reports.error_rates import shipped_card
from unspun.reports.formatting import plural
from unspun.reports.pages.page_context import name_of
from unspun.reports.pages.rendering import render
from unspun.reports.pages.run_context import PairIds, RunContext
from unspun.reports.run_overview import Child, Corpus

MAX_FINDINGS, MAX_CHILDREN, MAX_OPEN = 5_000, 200, 200
MAX_SITES, MAX_FINGERPRINTS = 500, 200
"""What a page shows at most; what is left out is counted."""


class Bar(NamedTuple):
    """A bar of the histogram: its count, its place, whether its pairs are flagged."""

    label: str
    n: int
    x: int
    y: float
    width: int
    height: float
    hot: bool


class Histogram(NamedTuple):
    """Bars and ticks of the drawing."""

    width: int
    bars: tuple[Bar, ...]
    ticks: tuple[tuple[int, str], ...]


class StarView(NamedTuple):
    """A source as it is shown: not all pages of one that has very many."""

    name: str
    site: str
    published: str
    n_children: int
    n_sites: int
    children: tuple[tuple[Child, str], ...]


class OtherPair(NamedTuple):
    """A flagged pair that is no finding, and what explains it."""

    names: tuple[str, str]
    words: str
    page: str


def corpus_page(
    found: Corpus,
    pages: Mapping[PairIds, str],
    info: Mapping[str, Any] | None = None,
    card: Mapping[str, Any] | None = None,
    context: RunContext | None = None,
) -> str:
    """Return what a run found as one HTML file.

    Parameters
    ----------
    found : Corpus
        Counts, sources with their spun pages, sites and fingerprints.
    pages : mapping of (str, str) to str
        File names of the pages of evidence by the ids of their pair.
    info : mapping, optional
        What ``run.json`` says, for the last section.
    card : mapping, optional
        The card of the model, for its limits; that of the packaged model by default.
    context : RunContext, optional
        What explains the flagged pairs that are no finding.

    Returns
    -------
    str
        The page; it fetches nothing.
    """
    stars = list(_stars(found, pages))
    shown = sum(len(star.children) for star in stars)
    findings = {(child.source_id, child.suspect_id) for star in found.stars for child in star.children}
    findings |= {(case.source_id, case.suspect_id) for case in found.open_cases}
    groups = groupby(found.fingerprints[:MAX_FINGERPRINTS], key=lambda one: one.site)
    return render(
        "corpus.html",
        script="corpus.js" if stars else "",
        counts=found.counts,
        min_p=f"{found.min_p:g}",
        histogram=histogram(found.histogram, found.min_p),
        why=why_in_short,
        stars=stars,
        stars_total=len(found.stars),
        n_hidden=found.counts.n_derived - shown,
        n_pages=len(pages),
        open_cases=[(case, pages.get((case.source_id, case.suspect_id), "")) for case in found.open_cases[:MAX_OPEN]],
        open_total=len(found.open_cases),
        others=list(_others(context, [pair for pair in pages if pair not in findings], pages)),
        sites=found.sites[:MAX_SITES],
        sites_total=len(found.sites),
        fingerprints=[(site, list(group)) for site, group in groups],
        fingerprints_total=len(found.fingerprints),
        max_fingerprints=MAX_FINGERPRINTS,
        n_explained=found.n_explained,
        honest=found.honest,
        limits=tuple(map(str, (shipped_card() if card is None else card).get("limits", ()))),
        made=tuple(_made(info or {})),
    )


def _stars(found: Corpus, pages: Mapping[PairIds, str]) -> Iterator[StarView]:
    left = MAX_FINDINGS
    for star in found.stars:
        shown = star.children[: min(MAX_CHILDREN, left)]
        left -= len(shown)
        if not shown:
            return
        children = tuple((child, pages.get((child.source_id, child.suspect_id), "")) for child in shown)
        yield StarView(*star[:3], len(star.children), star.n_sites, children)


def _others(context: RunContext | None, pairs: Sequence[PairIds], pages: Mapping[PairIds, str]) -> Iterator[OtherPair]:
    for pair in pairs if context else ():
        assert context is not None
        names = (name_of(context.about(pair[0])), name_of(context.about(pair[1])))
        yield OtherPair(names, context.explained(pair)[1], pages[pair])


def why_in_short(child: Child) -> str:
    """Say in a few words what tells a finding.

    >>> why_in_short(Child(1, "a", "b", "Title", "", "", 0.9, "swaps, 2 other pages", 3))
    'told by swaps, 2 other pages; resembles 3 other pages'
    """
    told = f"told by {child.why}" if child.why else ""
    return "; ".join(
        filter(None, (told, f"resembles {plural(child.n_resembled, 'other page')}" if child.n_resembled else ""))
    )


def histogram(counts: np.ndarray, min_p: float) -> Histogram:
    """Return bars of logarithmic height for equal bins of [0, 1].

    Parameters
    ----------
    counts : int array (n_bins,)
        Pairs in each bin.
    min_p : float
        Bars from this p_spun on are hot.

    Returns
    -------
    Histogram
        Bars and ticks in pixels.

    Examples
    --------
    >>> [(bar.n, bar.height, bar.hot) for bar in histogram(np.array([0, 9]), 0.5).bars]
    [(0, 0.0, False), (9, 150.0, True)]
    """
    top = math.log1p(max(int(counts.max()), 1))
    bars = []
    for k, n in enumerate(counts.tolist()):
        height = round(150 * math.log1p(n) / top, 1)
        low, high = k / len(counts), (k + 1) / len(counts)
        bars.append(Bar(f"{low:.2f} to {high:.2f}", n, 10 + 44 * k, 180 - height, 38, height, low >= min_p - 1e-9))
    ticks = tuple((10 + round(44 * len(counts) * tick) - 3, f"{tick:g}") for tick in (0.25, 0.5, 0.75))
    return Histogram(44 * len(counts) + 20, tuple(bars), ((14, "0"), *ticks, (44 * len(counts) + 4, "1")))


def _made(info: Mapping[str, Any], path: str = "") -> Iterable[tuple[str, str]]:
    """Flatten what ``run.json`` says into lines; lists are cut, since a run may have thousands of inputs."""
    for name, value in info.items():
        where = f"{path} {name}".strip()
        if isinstance(value, Mapping):
            yield from _made(value, where)
        elif isinstance(value, list):
            more = f" and {len(value) - 5} more" if len(value) > 5 else ""
            yield where, ", ".join(map(str, value[:5])) + more
        else:
            yield where, f"{value:g}" if isinstance(value, float) else str(value)
