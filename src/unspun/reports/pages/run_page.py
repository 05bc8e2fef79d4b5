"""Draw what a run found as one page.

It has one small script that pages, filters and sorts a table. Nothing is fetched.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import numpy as np

from unspun.reports.error_rates import shipped_card
from unspun.reports.pages.rendering import render
from unspun.reports.run_overview import Child, Corpus, Star

MAX_PAIRS, MAX_STARS, MAX_CHILDREN, MAX_POINTS = 10_000, 200, 50, 18
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


class Point(NamedTuple):
    """A page of a star, and where it is drawn."""

    x: float
    y: float
    p_spun: float


class StarView(NamedTuple):
    """A star as it is drawn: not all children of a large one."""

    name: str
    site: str
    n_children: int
    n_sites: int
    children: tuple[Child, ...]
    points: tuple[Point, ...]


class PairRow(NamedTuple):
    """A row of the ranked table; ``page`` is empty for a pair without one."""

    rank: int
    p_spun: float
    p_forward: float
    coverage: float
    n_substitutions: int
    abstained: str
    source_name: str
    suspect_name: str
    source_site: str
    suspect_site: str
    page: str


def corpus_page(
    found: Corpus,
    pages: Mapping[int, str],
    info: Mapping[str, Any] | None = None,
    card: Mapping[str, Any] | None = None,
) -> str:
    """Return what a run found as one HTML file.

    Parameters
    ----------
    found : Corpus
        Counts, pairs, stars, sites and fingerprints.
    pages : mapping of int to str
        File names of the pages of evidence by the rank of their pair, from 1.
    info : mapping, optional
        What ``run.json`` says, for the last section.
    card : mapping, optional
        The card of the model, for its limits; that of the packaged model by default.

    Returns
    -------
    str
        The page; it fetches nothing.
    """
    rows = list(_pair_rows(found, pages))
    return render(
        "corpus.html",
        script="corpus.js" if rows else "",
        counts=found.counts,
        min_p=f"{found.min_p:g}",
        histogram=histogram(found.histogram, found.min_p),
        rows=rows,
        n_pages=len(pages),
        linked=pages,
        stars=[_star(star) for star in found.stars[:MAX_STARS]],
        stars_total=len(found.stars),
        sites=found.sites[:MAX_SITES],
        sites_total=len(found.sites),
        fingerprints=found.fingerprints[:MAX_FINGERPRINTS],
        fingerprints_total=len(found.fingerprints),
        n_explained=found.n_explained,
        limits=tuple(map(str, (shipped_card() if card is None else card).get("limits", ()))),
        made=tuple(_made(info or {})),
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


def _star(star: Star) -> StarView:
    n = len(star.children)
    shown = star.children[:MAX_CHILDREN]
    drawn = shown[:MAX_POINTS]
    angles = [2 * math.pi * k / len(drawn) - math.pi / 2 for k in range(len(drawn))]
    points = tuple(
        Point(round(200 + 175 * math.cos(angle), 1), round(130 + 110 * math.sin(angle), 1), child.p_spun)
        for angle, child in zip(angles, drawn, strict=True)
    )
    return StarView(star.name, star.site, n, star.n_sites, shown, points)


def _pair_rows(found: Corpus, pages: Mapping[int, str]) -> Iterable[PairRow]:
    table = found.flagged.head(MAX_PAIRS)
    table = table.assign(abstained=table["abstained"].fillna(""))
    columns = (table[name].tolist() for name in PairRow._fields[1:-1])
    for rank, values in enumerate(zip(*columns, strict=True), 1):
        yield PairRow._make((rank, *values, pages.get(rank, "")))


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
