"""Boilerplate: what stands around an article and is not of it.

Two pages of one site share their comment form word for word, and two copies of a story lie between different
menus: left in, boilerplate makes strangers look related and hides a spin under the page's own words.
`main_text_of` takes the article out of a page; `is_boilerplate` knows the lines that slip through, in pages
and in plain text alike.
"""

from __future__ import annotations

import logging
from functools import lru_cache
from typing import Any, NamedTuple

from unspun.crawl.pages.html_tree import (
    Node,
    flatten_tables,
    named_body,
    page_date,
    page_title,
    parse_page,
    without_unclosed,
)
from unspun.crawl.pages.page_data import drop_stated, goes_before, hydrated_article, is_drawn_by_script, stated_article
from unspun.crawl.pages.text_lines import clean_lines
from unspun.text.boilerplate import BOILERPLATE_PHRASES, is_boilerplate

__all__ = ["BOILERPLATE_PHRASES", "MIN_TEXT_CHARS", "PageText", "clean_lines", "is_boilerplate", "main_text_of"]

# Below this an extraction has most likely missed the article and the next way of reading is tried: of 220 real
# pages, 193 keep more than this at the first try; values from 200 to 500 give the same mean F1 within .003.
MIN_TEXT_CHARS = 300

RENDERED = "rendered by script: its text is not in the page"

# The strict way first, at first by trafilatura's own rules alone: where they find an article, comparing it with what
# other extractors find changed none of 220 pages and takes as long again. The generous way when the strict one found
# next to nothing even in the page without its tables.
_STRICT = {"favor_precision": True, "include_tables": False}
_OWN_RULES = {**_STRICT, "fast": True}
_GENEROUS = {"favor_recall": True, "include_tables": True}


class PageText(NamedTuple):
    """The article of a page, its title, its date, and why there is no article.

    The date is as the page states it, or ''.
    """

    title: str
    text: str
    published: str
    reason: str = ""


def main_text_of(html: str, url: str | None = None) -> PageText:
    """Take the article out of a page.

    Trafilatura, set for precision, finds the text. Where it finds hardly any, the page is read again with its tables
    as mere blocks, then for everything that can be found, and at last for bare paragraphs; what still slips through
    is cleaned line by line.

    Parameters
    ----------
    html : str
        The page, decoded; also a part of one.
    url : str, optional
        Where it was; helps to tell what is a link of its own.

    Returns
    -------
    PageText
        The text one paragraph a line; empty where the page has none. Never raises but for want of memory.

    Examples
    --------
    >>> page = "<title>Ferry</title><nav>Home</nav><article><p>" + "The ferry left at noon. " * 20 + "</p></article>"
    >>> main_text_of(page).text[:23]
    'The ferry left at noon.'
    """
    found = _read_page(html, url)
    if found.text:
        return found
    mended = without_unclosed(html)
    return found if mended == html else _read_page(mended, url)


def _read_page(html: str, url: str | None) -> PageText:
    # Other people's markup fails in ways nobody lists; one page must not end a batch.
    try:
        tree = parse_page(html)
        if tree is None:
            return PageText("", "", "")
        title, published = page_title(tree), page_date(tree)
        stated, drawn, is_frame = _from_data(tree, title)
        drop_stated(tree)
        text = _article_text(tree, title, url)
    except MemoryError:
        raise
    except Exception:
        return PageText("", "", "")
    if goes_before(stated, text):
        text = stated
    if len(text) < MIN_TEXT_CHARS and len(drawn) >= max(MIN_TEXT_CHARS, 2 * len(text)):
        text = drawn
    if is_frame and len(text) < MIN_TEXT_CHARS:
        return PageText(title, "", published, RENDERED)
    return PageText(title, text, published)


def _from_data(tree: Node, title: str) -> tuple[str, str, bool]:
    """Return the articles in the page's data, stated and for scripts, and whether the page is an empty frame."""
    try:
        return stated_article(tree, title), hydrated_article(tree), is_drawn_by_script(tree)
    except MemoryError:
        raise
    except Exception:  # data of any depth and kind; the markup may be sound
        return "", "", False


def _article_text(tree: Node, title: str, url: str | None) -> str:
    best = ""
    for settings in (_OWN_RULES, _STRICT):
        best = max(best, _extract(tree, title, url, settings), key=len)
        if len(best) >= MIN_TEXT_CHARS:
            return best
    # Extractors want long texts; a short one may stand where it should all the same.
    if named := clean_lines(named_body(tree), title):
        return named
    # Many older sites lay the whole page out in tables, and cells are not looked into for paragraphs.
    ways = (_STRICT, _GENEROUS) if flatten_tables(tree) else (_GENEROUS,)
    for settings in ways:
        best = max(best, _extract(tree, title, url, settings), key=len)
        if len(best) >= MIN_TEXT_CHARS:
            break
    return best or clean_lines(_trafilatura().baseline(tree)[1], title)


def _extract(tree: Node, title: str, url: str | None, settings: dict[str, Any]) -> str:
    """Return the cleaned text that one way of reading finds; the tree stays as it is."""
    try:
        found = _trafilatura().bare_extraction(tree, url=url, include_comments=False, **settings)
    except MemoryError:
        raise
    except Exception:  # as in _read_page; the next way may do
        return ""
    return clean_lines(found.text or "", title) if found else ""


@lru_cache(maxsize=1)
def _trafilatura() -> Any:
    import trafilatura  # half a second that most commands can do without

    # An unreadable page is a rejection with its reason; the library's own report of it would only clutter stderr.
    logging.getLogger("trafilatura").addHandler(logging.NullHandler())
    return trafilatura
