"""The sample's spun pages: the swaps that their author planted as most telling come first in the evidence."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from unspun.comparison.alignment import align
from unspun.crawl.reading.articles import read_articles
from unspun.evidence.changes import read_changes
from unspun.evidence.explanation import Substitution
from unspun.evidence.substitutions import substitutions
from unspun.io.tables import Article
from unspun.text.tokenizer import read_text

SAMPLE = Path(__file__).parents[2] / "data" / "sample"
PLANTED = json.loads((SAMPLE / "planted.json").read_text(encoding="utf-8"))
STRAIGHT = str.maketrans("’‘“”", "''\"\"")


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    return {one.article_id: one.text for one in read_articles([SAMPLE / "crawl"]) if isinstance(one, Article)}


def places(text: str, phrase: str) -> list[tuple[int, int]]:
    text, phrase = text.translate(STRAIGHT).lower(), phrase.translate(STRAIGHT).lower()
    return [(k, k + len(phrase)) for k in range(len(text)) if text.startswith(phrase, k)]


def overlaps(start: int, end: int, ranges: list[tuple[int, int]]) -> bool:
    return any(start < stop and first < end for first, stop in ranges)


def planted_words(pair: dict[str, str], source: str, suspect: str, changes) -> set[tuple[str, str]]:
    """Return the words that were swapped where the author says so."""
    a, b = places(source, pair["source"]), places(suspect, pair["suspect"])
    return {
        (source[c.source_start : c.source_end].lower(), suspect[c.suspect_start : c.suspect_end].lower())
        for c in changes
        if c.kind == "substituted"
        and overlaps(c.source_start, c.source_end, a)
        and overlaps(c.suspect_start, c.suspect_end, b)
    }


def shows(swap: Substitution, pair: dict[str, str], words, source: str, suspect: str, changes) -> bool:
    """Whether a row of the table shows a planted swap, at its place or the same words elsewhere."""
    here = overlaps(swap.source_start, swap.source_end, places(source, pair["source"])) and overlaps(
        swap.suspect_start, swap.suspect_end, places(suspect, pair["suspect"])
    )
    made = {
        (source[c.source_start : c.source_end].lower(), suspect[c.suspect_start : c.suspect_end].lower())
        for c in (changes[number - 1] for number in swap.changes)
    }
    return here or bool(made & words)


@pytest.mark.parametrize("page", PLANTED, ids=[page["suspect"].strip("/").rpartition("/")[2] for page in PLANTED])
def test_five_planted_swaps_are_among_the_first_ten(page, texts: dict[str, str]) -> None:
    source, suspect = texts[page["source"]], texts[page["suspect"]]
    pair = align(read_text(source), read_text(suspect))
    changes, first = read_changes(pair).changes, substitutions(pair)[:10]
    shown = 0
    for planted in page["swaps"]:
        words = planted_words(planted, source, suspect, changes)
        shown += any(shows(swap, planted, words, source, suspect, changes) for swap in first)
    assert shown >= 5
