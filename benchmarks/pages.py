"""How fast pages are made and how large they are: a pair of 800 words a side, a run with 5,000 flagged pairs.

``python benchmarks/pages.py [--strict]`` prints the figures and writes ``build/bench/pages.json``. The pair is put
together from the spun pairs of ``data/sample``; the run is drawn at random, since only its size matters.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path
from time import process_time

import numpy as np
import pandas as pd

ROOT = Path(__file__).resolve().parent.parent
RESULT = ROOT / "build" / "bench" / "pages.json"
N_WORDS, N_FLAGGED, N_OTHERS, N_ARTICLES = 800, 5_000, 100_000, 40_000
# Name of a figure to the largest value it should have.
BARS = {"pair_ms": 150.0, "pair_kb": 300.0, "run_s": 2.0, "run_mb": 3.0}


def pair() -> tuple[str, str]:
    """Return two texts of `N_WORDS` words, the second spun from the first."""
    from unspun.crawl.ranking import read_truth
    from unspun.crawl.reading.articles import read_articles
    from unspun.io.tables import Article

    found = read_articles([ROOT / "data" / "sample" / "crawl"])
    texts = {article.article_id: article.text for article in found if isinstance(article, Article)}
    truth = read_truth(ROOT / "data" / "sample" / "truth.csv")
    spun = truth[truth["direct"]].iloc[:2]
    source, suspect = (" ".join(texts[name] for name in spun[side]).split(" ") for side in ("source_id", "suspect_id"))
    return " ".join(source[:N_WORDS]), " ".join(suspect[:N_WORDS])


def best_of(n: int, work: Callable[[], object]) -> float:
    """Return the seconds of the fastest of several runs, of this process: the machine may be shared with others."""
    times = []
    for _ in range(n):
        start = process_time()
        work()
        times.append(process_time() - start)
    return min(times)


def measure_pair() -> dict[str, float]:
    """Return milliseconds from two texts to their page, and its kilobytes."""
    from unspun.evidence.explaining import explain
    from unspun.model.detector import load_detector
    from unspun.reports.pages.pair_page import pair_page

    detector, texts = load_detector(), pair()

    def make() -> str:
        return pair_page(explain(*texts, detector), *texts)

    return {"pair_ms": round(1000 * best_of(7, make), 1), "pair_kb": round(len(make().encode()) / 1000, 1)}


def measure_run() -> dict[str, float]:
    """Return seconds from the tables of a run to its page, and its megabytes."""
    from unspun.io.tables import rejects_frame
    from unspun.reports.pages.run_page import corpus_page
    from unspun.reports.run_overview import SWAP_COLUMNS, corpus

    articles, scores = tables()
    swaps = pd.DataFrame([], columns=list(SWAP_COLUMNS), dtype=str)

    def make() -> str:
        return corpus_page(corpus(articles, scores, rejects_frame([]), swaps), {})

    return {"run_s": round(best_of(3, make), 2), "run_mb": round(len(make().encode()) / 1e6, 1)}


def tables() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return articles and scores of a large run."""
    from unspun.io.tables import SCORES, conform

    draw = np.random.default_rng(0)
    sites = [f"site{k % 600}.example" for k in range(N_ARTICLES)]
    ids = np.array([f"https://{site}/2026/an-address-of-usual-length-{k}.html" for k, site in enumerate(sites)])
    articles = pd.DataFrame(
        {"article_id": ids, "title": "A headline of usual length", "url": ids, "site": sites, "published": ""}
    )
    p_spun = np.concatenate([draw.uniform(0.5, 1, N_FLAGGED), draw.uniform(0, 0.5, N_OTHERS)])
    pairs = {side: ids[draw.integers(0, N_ARTICLES, len(p_spun))] for side in ("source_id", "suspect_id")}
    scores = pd.DataFrame(pairs).assign(p_spun=p_spun, p_forward=0.9, coverage=0.9, n_substitutions=90, model="m")
    return articles, conform(scores.reindex(columns=SCORES.names), SCORES)


def main() -> None:
    """Measure, print, write; with ``--strict`` fail above a bar."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--strict", action="store_true", help="exit with 1 if a figure is above its bar")
    strict = parser.parse_args().strict
    figures = measure_pair() | measure_run()
    RESULT.parent.mkdir(parents=True, exist_ok=True)
    RESULT.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    for name, value in figures.items():
        print(f"{name:8} {value:10,.1f}{f'  (bar {BARS[name]:g})' if name in BARS else ''}")
    above = [name for name, bar in BARS.items() if figures[name] > bar]
    if strict and above:
        sys.exit(f"above the bar: {', '.join(above)}")


if __name__ == "__main__":
    main()
