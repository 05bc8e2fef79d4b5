"""Whether a run's findings are right where quoting, updating and copying pages stand around every spun page.

``python benchmarks/findings.py [--stories 50] [--seed 0 1 2] [--json FILE] [--strict]`` composes crawls of eight pages
a story, scans them, and prints the figures; they are written to ``build/bench/findings.json`` too. The texts are the
stories of ``data/training``. Around every original stand two spun pages (one written for the stories, one simulated), a
copy cut as agencies' texts are, an update, two pages that quote, and an account of its own of the same event. Of these
quoting pages every fourth quotes a spun page. Dates are told as they are, left out, or a week too early on spun pages.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.random import Generator

from unspun.crawl.findings import find
from unspun.crawl.run_plan import ScanOptions
from unspun.crawl.scan import scan
from unspun.io.labels import SPUN
from unspun.training.spinners import SPINNERS
from unspun.training.spinners.honest import cut, update
from unspun.training.spinners.house_style import house_style
from unspun.training.spinners.sentence_pieces import join, sentences

ROOT = Path(__file__).resolve().parent.parent
STORIES = ROOT / "data" / "training" / "stories"
RESULT = ROOT / "build" / "bench" / "findings.json"
NEWS, OWN = ("a", "b", "c", "f"), ("e", "k", "r2", "t1", "t2")
"""Files of news stories, and of texts from which quoting pages have words of their own."""
N_WORDS = (150, 900)
STRENGTHS = (0.3, 0.5, 0.7)
DAYS = {"original": 0, "copy": 0, "spun": 1, "update": 1, "quote": 2, "account": 0}
"""How many days after its original a page is published."""
EARLY = 8
"""Days that spun pages are dated too early by: a week before their original."""
_BAR = {"precision": 0.99, "recall": 0.98, "source": 0.97}
BARS = {"true": _BAR, "missing": _BAR, "early": _BAR | {"source": 0.95}}
"""The least shares, by what dates say."""


class Page(NamedTuple):
    """A page of the crawl: its part in the story, its text and, of a spun one, its source."""

    name: str
    part: str
    title: str
    text: str
    published: str
    source: str = ""


class Story(NamedTuple):
    """An original, a text spun from it, and what else the stories have of it."""

    original: str
    spun: str
    others: dict[str, str]


def stories(n: int, rng: Generator) -> list[Story]:
    """Return stories, drawn at random: of every group the source that most pairs have."""
    rows = pd.concat([pd.read_json(STORIES / f"{name}.jsonl", lines=True) for name in NEWS])
    rows = rows[rows["source"].str.split().str.len().between(*N_WORDS)]
    found = []
    for _, group in rows.groupby("group"):
        original = group["source"].value_counts().sort_index().idxmax()
        pairs = group[group["source"] == original]
        spun = pairs.loc[pairs["relation"] == SPUN, "suspect"].tolist()
        if spun:
            honest = pairs[pairs["relation"] != SPUN].drop_duplicates("family")
            pick = spun[int(rng.integers(len(spun)))]
            found.append(Story(original, pick, dict(zip(honest["family"], honest["suspect"], strict=True))))
    return [found[k] for k in rng.permutation(len(found))[:n]]


def own_words(rng: Generator) -> Iterator[str]:
    """Yield texts that have nothing to do with the stories, each once."""
    rows = pd.concat([pd.read_json(STORIES / f"{name}.jsonl", lines=True) for name in OWN])
    texts = rows.drop_duplicates("group")["source"].tolist()
    yield from (texts[k] for k in rng.permutation(len(texts)))


def quoting(text: str, own: str, rng: Generator) -> str:
    """Return a page of its own that quotes a third to a half of a text, in two runs of sentences."""
    parts, around = sentences(text)[1:], sentences(own)
    n = max(2, round(len(parts) * float(rng.uniform(0.3, 0.5)) / 2))
    first, second = parts[:n], parts[-n:]
    third = max(1, len(around) // 3)
    pieces = [around[:third], first, around[third : 2 * third], second, around[2 * third :]]
    shown = [join(piece).strip() for piece in pieces]
    shown[1::2] = [f"The report put it like this: “{piece}”" for piece in shown[1::2]]
    return "\n\n".join(shown)


def pages(story: Story, number: int, own: Sequence[str], rng: Generator) -> Iterator[Page]:
    """Yield the eight pages of a story."""
    first = date(2025, 3, 1) + timedelta(days=number)
    original = f"https://first-{number % 7}.example/{number}"

    def page(part: str, site: str, text: str, source: str = "") -> Page:
        title = text.strip().partition("\n")[0][:100]
        return Page(f"https://{site}/{number}", part, title, text, str(first + timedelta(DAYS[part])), source)

    spinner = SPINNERS[number % len(SPINNERS)]
    simulated = spinner.spin(story.original, rng, STRENGTHS[number % len(STRENGTHS)])
    yield page("original", f"first-{number % 7}.example", story.original)
    yield page("spun", f"spun-{number % 5}.example", story.spun, original)
    yield page("spun", f"mill-{number % 4}.example", simulated, original)
    wire = story.others.get("wire") or cut(house_style(story.original, rng, 0.5), rng, 0.2)
    yield page("copy", f"wire-{number % 6}.example", wire)
    yield page(
        "update", f"first-{number % 7}.example/later", story.others.get("update") or update(story.original, rng, 0.5)
    )
    quoted = [story.original, story.spun if number % 2 else story.original]
    for place, (text, words) in enumerate(zip(quoted, own, strict=True)):
        yield page("quote", f"column-{place}-{number % 9}.example", quoting(text, words, rng))
    account = story.others.get("same_event") or story.others["shared_quotes"]
    yield page("account", f"account-{number % 8}.example", account)


def compose(n_stories: int, seed: int) -> list[Page]:
    """Return the pages of a crawl; the same numbers give the same pages."""
    rng = np.random.default_rng(seed)
    drawn, own = stories(n_stories, rng), own_words(rng)
    return [page for number, one in enumerate(drawn) for page in pages(one, number, (next(own), next(own)), rng)]


def measure(found: pd.DataFrame, crawl: Sequence[Page]) -> dict[str, float]:
    """Compare findings with the truth; those that are open accuse nobody and count as not found."""
    truth = {page.name: page.source for page in crawl if page.source}
    told = found[~found["open"]]
    right = told[told["suspect_id"].isin(truth.keys())]
    sources = (right["suspect_id"].map(truth) == right["source_id"]).sum()
    return {
        "findings": len(told),
        "open": int(found["open"].sum()),
        "precision": len(right) / max(len(told), 1),
        "recall": len(right) / len(truth),
        "source": float(sources) / max(len(right), 1),
    }


def interval(share: float, n: int) -> tuple[float, float]:
    """Return the interval of 95 % (Wilson) of a share of so many.

    Pages of one story err together, so that of findings it is rather too narrow.
    """
    z2 = 1.96**2
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = 1.96 / (1 + z2 / n) * (share * (1 - share) / n + z2 / (4 * n * n)) ** 0.5
    return max(middle - half, 0.0), min(middle + half, 1.0)


def pooled(figures: Sequence[dict[str, float]], n_spun: int) -> dict[str, float]:
    """Return the figures of several crawls with so many spun pages each, taken together."""
    found = sum(one["findings"] for one in figures)
    right = sum(one["recall"] for one in figures) * n_spun
    return {
        "findings": found,
        "open": sum(one["open"] for one in figures),
        "precision": right / max(found, 1),
        "recall": right / (n_spun * len(figures)),
        "source": sum(one["source"] * one["recall"] for one in figures) * n_spun / max(right, 1),
    }


def shown(figures: dict[str, float], n_spun: int) -> str:
    """Return figures on one line, shares with their intervals."""
    of = {"precision": figures["findings"], "recall": n_spun, "source": figures["recall"] * n_spun}
    shares = (
        f"{name} {figures[name]:.4f} ({low:.3f} to {high:.3f})"
        for name, n in of.items()
        for low, high in [interval(figures[name], max(round(n), 1))]
    )
    return f"findings {figures['findings']:.0f}  open {figures['open']:.0f}  " + "  ".join(shares)


def dated(articles: pd.DataFrame, crawl: Sequence[Page], how: str) -> pd.DataFrame:
    """Return the articles with dates as they are, without any, or with early ones on spun pages."""
    if how == "missing":
        return articles.assign(published="")
    if how == "true":
        return articles
    early = {page.name: str(date.fromisoformat(page.published) - timedelta(EARLY)) for page in crawl if page.source}
    return articles.assign(published=articles["article_id"].map(early).fillna(articles["published"]))


def measured(crawl: Sequence[Page]) -> dict[str, dict[str, float]]:
    """Scan a crawl, and return its figures by what dates say."""
    with tempfile.TemporaryDirectory() as folder:
        feed = Path(folder, "feed.jsonl")
        rows = ({"url": p.name, "title": p.title, "text": p.text, "published": p.published} for p in crawl)
        feed.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
        run = scan(ScanOptions((str(feed),)), Path(folder, "run"))
        scores, articles = run.scores, run.articles
    return {how: measure(find(scores, dated(articles, crawl, how)), crawl) for how in ("true", "missing", "early")}


def main() -> int:
    """Compose, scan, measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stories", type=int, default=50, help="stories of eight pages")
    parser.add_argument(
        "--seed", type=int, default=[0], nargs="+", help="one crawl a seed; the bars are for all of them"
    )
    parser.add_argument("--json", type=Path, default=RESULT, help="where the figures go")
    parser.add_argument("--strict", action="store_true", help="fail below the bars")
    given = parser.parse_args()
    n_spun, found = 2 * given.stories, []
    for seed in given.seed:
        found.append(measured(compose(given.stories, seed)))
        for how, values in found[-1].items():
            print(f"seed {seed}  dates {how:8} {shown(values, n_spun)}", flush=True)
    figures = {how: pooled([one[how] for one in found], n_spun) for how in found[0]}
    if len(found) > 1:
        for how, values in figures.items():
            print(f"all      dates {how:8} {shown(values, n_spun * len(found))}")
    given.json.parent.mkdir(parents=True, exist_ok=True)
    pages = {"pages": 8 * given.stories * len(found), "seeds": given.seed}
    given.json.write_text(json.dumps({**pages, **figures}, indent=1) + "\n", encoding="utf-8")
    below = [
        f"{how}: {name}" for how, wanted in BARS.items() for name, bar in wanted.items() if figures[how][name] < bar
    ]
    print("below the bars: " + ", ".join(below) if below else "all bars are met")
    return int(given.strict and bool(below))


if __name__ == "__main__":
    sys.exit(main())
