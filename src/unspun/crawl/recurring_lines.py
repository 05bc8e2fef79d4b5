"""Find the lines that stand on many pages of one site.

These are an author's profile, an appeal for money, what no list of phrases knows.

Three steps, so that shards can be counted apart: `count_lines` of every shard, `recurrent_lines` of all counts
together, `drop_lines` from every shard.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from hashlib import blake2b

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from unspun.io.tables import Reject, rejects_frame
from unspun.text.token_text import text_digest

MIN_PAGES = 4
"""A line on fewer pages of a site is never taken for boilerplate."""
MIN_SHARE = 0.2
"""The share of a site's pages that a line must be on..."""
ENOUGH_PAGES = 20
"""...or this many pages, if they are fewer: no article says the same as so many others of its site."""
MAX_LOSS = 0.5
"""A page that would lose more of its text than this is a version of other pages: it keeps its long lines."""
MIN_LONG_CHARS = 80

_PAGES = 0  # stands in the place of a line's number where a site's pages are counted


def count_lines(articles: pd.DataFrame) -> pd.DataFrame:
    """Count on how many pages of its site every line stands.

    Parameters
    ----------
    articles : DataFrame
        Needs ``article_id``, ``site`` and ``text``.

    Returns
    -------
    DataFrame
        ``site`` (or the folder of the article's id where no site is known), ``line`` (int64, a hash; 0 stands for any
        line, so that its row counts the pages of the site) and ``n_pages`` (int64).
    """
    counts: Counter[tuple[str, int]] = Counter()
    for article_id, site, text in _rows(articles):
        name = _site(article_id, site)
        counts.update((name, number) for number in {_PAGES, *map(_number, _lines(text))})
    rows = [(*key, n_pages) for key, n_pages in sorted(counts.items())]
    return pd.DataFrame(rows, columns=["site", "line", "n_pages"]).astype({"line": np.int64, "n_pages": np.int64})


def may_recur(counts: pa.Table) -> pa.Table:
    """Return the counts without the lines that stand on too few pages.

    These are nearly all lines of a crawl.
    """
    return counts.filter((pc.field("n_pages") >= MIN_PAGES) | (pc.field("line") == _PAGES))


def recurrent_lines(counts: pd.DataFrame) -> dict[str, frozenset[int]]:
    """Tell which lines recur, by site.

    Parameters
    ----------
    counts : DataFrame
        What `count_lines` gave for all shards, one below the other.
    """
    total = counts.groupby(["site", "line"], as_index=False)["n_pages"].sum()
    pages = total[total["line"] == _PAGES].set_index("site")["n_pages"]
    enough = (total["site"].map(pages) * MIN_SHARE).clip(MIN_PAGES, ENOUGH_PAGES)
    found = total[(total["line"] != _PAGES) & (total["n_pages"] >= enough)]
    return {str(site): frozenset(lines) for site, lines in found.groupby("site")["line"]}


def drop_lines(articles: pd.DataFrame, recurrent: dict[str, frozenset[int]]) -> tuple[pd.DataFrame, pd.DataFrame]:
    r"""Drop from every article the lines that recur on its site.

    Parameters
    ----------
    articles : DataFrame
        ARTICLES rows of any number of sites, without duplicates (see `unspun.crawl.duplicates.fold_duplicates`).
    recurrent : dict
        As `recurrent_lines` gives them.

    Returns
    -------
    articles : DataFrame
        The same articles with ``text`` and ``sha256`` of what is left; texts may have become the same.
    rejects : DataFrame
        REJECTS rows of the articles of which nothing is left.

    Examples
    --------
    >>> texts = [f"Ferry {name} is late.\nThe Gull is read by sailors." for name in ("Ann", "Bea", "Cid", "Dot")]
    >>> rows = [{"article_id": str(n), "site": "gull.example", "text": text} for n, text in enumerate(texts)]
    >>> articles = pd.DataFrame(rows)
    >>> drop_lines(articles, recurrent_lines(count_lines(articles)))[0]["text"].tolist()[0]
    'Ferry Ann is late.'
    """
    texts = [_without(text, recurrent.get(_site(article_id, site))) for article_id, site, text in _rows(articles)]
    dropped = articles.assign(text=texts, sha256=[text_digest(text) for text in texts])
    empty = dropped["text"] == ""
    reason = "nothing on it but lines that recur on its site"
    rejects = rejects_frame(Reject(uri, "extract", reason) for uri in dropped.loc[empty, "article_id"])
    return dropped[~empty], rejects


def _without(text: str, recurrent: frozenset[int] | None) -> str:
    if not recurrent:
        return text
    lines = text.split("\n")
    recurs = [bool(line.strip()) and _number(line.strip()) in recurrent for line in lines]
    if not any(recurs):
        return text
    # A correction, a translation of the headline: versions of an article share its paragraphs, and must keep them.
    keep_long = sum(len(line) for line, gone in zip(lines, recurs, strict=True) if gone) > MAX_LOSS * len(text)
    kept = (
        line
        for line, gone in zip(lines, recurs, strict=True)
        if not gone or (keep_long and len(line) >= MIN_LONG_CHARS)
    )
    return "\n".join(kept).strip()


def _rows(articles: pd.DataFrame) -> Iterator[tuple[str, str, str]]:
    return zip(articles["article_id"], articles["site"], articles["text"], strict=True)


def _site(article_id: str, site: str) -> str:
    return site or article_id.rpartition("/")[0]


def _lines(text: str) -> Iterator[str]:
    return filter(None, map(str.strip, text.split("\n")))


def _number(line: str) -> int:
    """Return 64 bits that stand for a line in any run on any machine."""
    return int.from_bytes(blake2b(line.encode("utf-8", "replace"), digest_size=8).digest(), "big", signed=True) or 1
