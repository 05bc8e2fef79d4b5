"""Whether sources are found, how fast, and how the work grows.

``python benchmarks/candidates.py [--pages 2000] [--sizes 5000 ... 100000] [--strict]`` prints the figures and writes
``build/bench/candidates.json``. The first part reads a composed crawl through `unspun.crawl.reading.articles` and
looks for the source
of every spun page in it. The second searches collections of invented articles of growing size, with up to 480 spins
among them: each in a process of its own, from texts to candidates, on all cores. ``--texts FILE`` takes as much of a
collection as there is from the ``text`` of a JSONL file instead.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from time import perf_counter, process_time

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from crawl import FRESH, make_variant, variant_of, write
from stories import Writer

from unspun.crawl.candidates import find_candidates
from unspun.crawl.reading.articles import read_articles
from unspun.io.tables import CANDIDATES, Article, articles_frame, conform

ROOT = Path(__file__).resolve().parent.parent
RESULT = ROOT / "build" / "bench" / "candidates.json"
SIZES = (5_000, 10_000, 20_000, 50_000, 100_000)
MAX_SPINS = 480
PLACES = (1, 10, 20)
_ARTICLES = pa.schema([("article_id", pa.string()), ("text", pa.string())])
_PART = 5_000

# Smallest recall for most manners of spinning, by how many partners are looked at.
RECALL_BARS = {"replaced": {1: 0.98, 10: 0.995}, "shuffled": {1: 0.98, 10: 0.995}, "nameless": {10: 0.97}}
# Largest values, for 100,000 articles.
SCALE_BARS = {"wall_s": 600.0, "memory_mb": 4_000.0}
MAX_GROWTH = 1.15


def partner_places(candidates: pd.DataFrame, truth: pd.DataFrame) -> pd.Series:
    """Return at which place, from 1, each suspect of the truth has its source among its partners; NaN if nowhere."""
    turned = candidates.rename(columns={"source_id": "suspect_id", "suspect_id": "source_id"})
    both = pd.concat([candidates, turned])
    both = both[both["suspect_id"].isin(truth["suspect_id"])]
    both = both.sort_values(["suspect_id", "weight", "source_id"], ascending=[True, False, True])
    both["place"] = both.groupby("suspect_id").cumcount() + 1
    found = truth.merge(both[["source_id", "suspect_id", "place"]], how="left", on=["source_id", "suspect_id"])
    return found["place"]


def recalls(candidates: pd.DataFrame, truth: pd.DataFrame) -> dict[str, dict[str, float]]:
    """Return, by variant, the share of suspects whose source is at one of the first places."""
    places = partner_places(candidates, truth)
    return {
        str(name): {"n": len(group), **{f"recall@{k}": float((group <= k).mean()) for k in PLACES}}
        for name, group in places.groupby(truth["variant"].to_numpy())
    }


def measure_crawl(n_pages: int, seed: int) -> dict[str, object]:
    """Write a crawl, read it, and look for the sources of its spun pages."""
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder), n_pages, seed)
        articles = [one for one in read_articles([Path(folder, "crawl")]) if isinstance(one, Article)]
        listed = pd.read_csv(Path(folder, "truth.csv"), keep_default_na=False)
    names = {"source": "source_id", "suspect": "suspect_id", "family": "variant"}
    truth = listed[listed["relation"] == "spun"].rename(columns=names).reset_index(drop=True)
    candidates = find_candidates(articles_frame(articles))
    return {"pages": n_pages, "articles": len(articles), "pairs": len(candidates), **recalls(candidates, truth)}


def measure_growth(sizes: Sequence[int], seed: int, texts: Path | None) -> dict[str, object]:
    """Search collections of those sizes."""
    figures = {}
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            truth = write_haystack(Path(folder), size, seed, texts)
            command = [sys.executable, __file__, "--search", folder]
            figures[str(size)] = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
            found = conform(pd.read_parquet(Path(folder, "candidates.parquet")), CANDIDATES)
            figures[str(size)] |= {"pairs": len(found), **recalls(found, truth)}
        print(f"{size:>9}  " + "  ".join(f"{k} {v:.1f}" for k, v in figures[str(size)].items() if k in _TIMES))
    logs = np.log([[size, figures[str(size)]["wall_s"], figures[str(size)]["cpu_s"]] for size in sizes])
    growth = {name: float(np.polyfit(logs[:, 0], logs[:, at], 1)[0]) for at, name in ((1, "wall"), (2, "cpu"))}
    return {"sizes": figures, "growth": growth if len(sizes) > 1 else {}}


_TIMES = ("wall_s", "cpu_s", "memory_mb", "pairs")


def write_haystack(folder: Path, size: int, seed: int, texts: Path | None) -> pd.DataFrame:
    """Write so many articles, spins among them, and return the truth."""
    n_spins = min(MAX_SPINS, size // 20)
    rows = _haystack(size, n_spins, seed, texts)
    with pq.ParquetWriter(folder / "articles.parquet", _ARTICLES) as out:
        while part := list(islice(rows, _PART)):
            names, bodies = zip(*part, strict=True)
            out.write_table(pa.table({"article_id": list(names), "text": list(bodies)}, schema=_ARTICLES))
    truth = [(f"a{number}", f"b{number}", variant_of(number).name) for number in range(n_spins)]
    return pd.DataFrame(truth, columns=["source_id", "suspect_id", "variant"])


def _haystack(size: int, n_spins: int, seed: int, texts: Path | None) -> Iterator[tuple[str, str]]:
    writer = Writer(seed)
    for number in range(n_spins):
        story = writer.story(writer.event(number), number)
        yield f"a{number}", story.text
        own = writer.story(writer.event(FRESH + number), FRESH + number)
        yield f"b{number}", make_variant(story, variant_of(number), seed + number, own.text)
    taken = 0
    for taken, text in enumerate(islice(_given(texts), size - 2 * n_spins), 1):
        yield f"given{taken}", text
    for number in range(n_spins, size - n_spins - taken):
        yield f"a{number}", writer.story(writer.event(number), number).text


def _given(texts: Path | None) -> Iterator[str]:
    if texts is None:
        return
    with gzip.open(texts, "rt", encoding="utf-8") if texts.suffix == ".gz" else texts.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)["text"]


def search(folder: Path) -> None:
    """Find the candidates of a folder's articles and print what that took, as JSON."""
    articles = pq.read_table(folder / "articles.parquet").to_pandas()
    wall, cpu = perf_counter(), process_time()
    found = find_candidates(articles)
    wall, cpu = perf_counter() - wall, process_time() - cpu
    found.to_parquet(folder / "candidates.parquet")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"wall_s": wall, "cpu_s": cpu, "memory_mb": memory}))


def under_bars(figures: dict) -> list[str]:
    """Return what misses its bar."""
    missed = []
    crawl = {name: found for name, found in figures.get("crawl", {}).items() if isinstance(found, dict)}
    for name, found in crawl.items():
        for k, bar in RECALL_BARS.get(name.split("-")[0], {}).items():
            if found[f"recall@{k}"] < bar:
                missed.append(f"crawl {name} recall@{k} {found[f'recall@{k}']:.3f} < {bar}")
    scale = figures.get("scale", {})
    for size, found in scale.get("sizes", {}).items():
        missed += [
            f"{size}: {name} {found[name]:.0f} > {bar:.0f}" for name, bar in SCALE_BARS.items() if found[name] > bar
        ]
    missed += [f"growth {name} {value:.2f}" for name, value in scale.get("growth", {}).items() if value > MAX_GROWTH]
    return missed


def main() -> int:
    """Measure, print, write; 1 if ``--strict`` and a figure misses its bar."""
    parser = argparse.ArgumentParser(description="Measure the search for candidates.")
    parser.add_argument("--pages", type=int, default=2_000, help="pages of the crawl; 0 for none")
    parser.add_argument("--sizes", type=int, nargs="*", default=SIZES, help="articles to search; give none for none")
    parser.add_argument("--texts", type=Path, help="JSONL file (also .gz) of texts to search instead of invented ones")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--strict", action="store_true", help="exit with 1 if a figure misses its bar")
    parser.add_argument("--search", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.search:
        search(options.search)
        return 0
    figures: dict = {"python": platform.python_version(), "machine": platform.machine(), "cores": os.cpu_count()}
    if options.pages:
        figures["crawl"] = measure_crawl(options.pages, options.seed)
    if options.sizes:
        figures["scale"] = measure_growth(options.sizes, options.seed, options.texts)
    print(json.dumps(figures, indent=1))
    RESULT.parent.mkdir(parents=True, exist_ok=True)
    RESULT.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    missed = under_bars(figures)
    print("\n".join(missed) or "every bar is met", file=sys.stderr)
    return int(bool(missed) and options.strict)


if __name__ == "__main__":
    sys.exit(main())
