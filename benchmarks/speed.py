"""How fast a pair is scored: against one regex pass over its texts, from a cold start, and in how much memory.

``python benchmarks/speed.py [--pairs 100] [--strict]`` prints the figures and writes ``build/bench/speed.json``. The
pairs are put together from the articles of ``data/sample``, about 640 words a side: several stories in a row.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import re
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from time import perf_counter

ROOT = Path(__file__).resolve().parent.parent
RESULT = ROOT / "build" / "bench" / "speed.json"
N_WORDS = 640
N_STORIES = 4
# Name of a figure to the largest value it should have, and to the value we are working towards.
BARS = {"ratio": (20.0, 4.0), "start_s": (2.5, 1.0), "memory_mb": (600.0, 300.0)}
TOKEN = re.compile(r"\w+|[^\w\s]")

Pair = tuple[str, str]


def compose(n_pairs: int) -> list[Pair]:
    """Return pairs of about `N_WORDS` words a side: related articles of the sample, several stories in a row."""
    from unspun.crawl.ranking import read_truth
    from unspun.crawl.reading.articles import read_articles
    from unspun.io.tables import Article

    found = read_articles([ROOT / "data" / "sample" / "crawl"])
    texts = {article.article_id: article.text for article in found if isinstance(article, Article)}
    truth = read_truth(ROOT / "data" / "sample" / "truth.csv")
    related = [
        (texts[a], texts[b])
        for a, b in zip(truth["source_id"], truth["suspect_id"], strict=True)
        if {a, b} <= texts.keys()
    ]
    draw = random.Random(0)
    # Several stories a text, so that hardly two texts are the same: scoring reads a text once, however often it comes.
    chains = [draw.sample(related, N_STORIES) for _ in range(n_pairs)]
    return [(_join(pair[0] for pair in chain), _join(pair[1] for pair in chain)) for chain in chains]


def _join(texts: Iterable[str]) -> str:
    """Join the beginnings of texts, in equal parts of `N_WORDS`; paragraphs are kept."""
    return "\n\n".join(_head(text, N_WORDS // N_STORIES) for text in texts)


def _head(text: str, n_words: int) -> str:
    ends = [match.end() for match in re.finditer(r"\S+", text)]
    return text[: ends[min(n_words, len(ends)) - 1]]


def fastest(run: Callable[[], object], n_times: int) -> float:
    """Return the seconds of the fastest of several runs: the others were disturbed."""
    seconds = []
    for _ in range(n_times):
        start = perf_counter()
        run()
        seconds.append(perf_counter() - start)
    return min(seconds)


def per_pair(pairs: list[Pair]) -> dict[str, float]:
    """Time the regex pass and the whole way from text to probability, warm, in batch, on one core."""
    import pandas as pd
    from threadpoolctl import threadpool_limits

    from unspun.model.detector import load_detector
    from unspun.model.scoring import score_pairs

    frame = pd.DataFrame(pairs, columns=["source", "suspect"])
    frame.insert(0, "id", [str(number) for number in range(len(pairs))])
    detector = load_detector()
    with threadpool_limits(1):
        score_pairs(frame.head(5), detector)
        whole = fastest(lambda: score_pairs(frame, detector), 7)
        regex = fastest(lambda: [TOKEN.findall(text) for pair in pairs for text in pair], 7)
    return {
        "regex_ms": 1000 * regex / len(pairs),
        "pair_ms": 1000 * whole / len(pairs),
        "ratio": whole / regex,
        "memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def start(pair: Pair) -> float:
    """Return the seconds that ``unspun score`` takes for one pair in a new process."""
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder, name) for name in ("source.txt", "suspect.txt")]
        for file, text in zip(files, pair, strict=True):
            file.write_text(text, encoding="utf-8")
        command = [sys.executable, "-m", "unspun", "score", *map(str, files), "--json"]
        return fastest(lambda: subprocess.run(command, stdout=subprocess.DEVNULL, check=False), 3)


def main() -> int:
    """Measure, print, write; 1 if ``--strict`` and a figure is over its bar."""
    parser = argparse.ArgumentParser(description="Measure the speed of scoring pairs.")
    parser.add_argument("--pairs", type=int, default=100, help="how many pairs to score")
    parser.add_argument("--strict", action="store_true", help="exit with 1 if a figure is over its bar")
    options = parser.parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    pairs = compose(options.pairs)
    words = statistics.mean(len(text.split()) for pair in pairs for text in pair)
    figures = {**per_pair(pairs), "start_s": start(pairs[0])}
    for name, value in figures.items():
        bar, goal = BARS.get(name, (None, None))
        print(f"{name:10} {value:8.2f}" + (f"   bar {bar:g}, goal {goal:g}" if bar else ""))
    about = {
        "pairs": len(pairs),
        "words_a_side": words,
        "python": platform.python_version(),
        "machine": platform.machine(),
    }
    RESULT.parent.mkdir(parents=True, exist_ok=True)
    RESULT.write_text(json.dumps({**about, **figures}, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    over = [name for name, (bar, _) in BARS.items() if figures[name] > bar]
    if over:
        print(f"over the bar: {', '.join(over)}", file=sys.stderr)
    return int(bool(over) and options.strict)


if __name__ == "__main__":
    sys.exit(main())
