"""The tree of a page's markup, put in order before the article is looked for.

Extractors look for paragraphs. Older pages, and careless ones, hold text that stands in no paragraph, or lay the
whole page out in tables: here loose text is given its paragraph, and a table's parts become mere blocks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from functools import lru_cache
from itertools import islice
from typing import Any

Node = Any
"""An element of lxml, which carries no types."""

MIN_LOOSE_CHARS = 40
"""Loose text shorter than this is a caption or a label and stays as it is."""

MAX_TITLE_CHARS = 500
MAX_HEADINGS = 50

_HEAD_CHARS = 5_000
_TABLE_TAGS = ("table", "thead", "tbody", "tfoot", "tr", "td", "th")
_INLINE = frozenset(
    "a abbr acronym b big br cite code del em font i img ins kbd label mark nobr q s samp small span strike strong sub "
    "sup time tt u var wbr".split()
)
# Forms, lists of comments and notices, by the names that widespread publishing systems give them.
_FURNITURE_NAMES = frozenset(
    "respond comment-respond commentform comment-form comments-form commentlist comment-list disqus_thread "
    "fb-comments jp-relatedposts sharedaddy addthis_toolbox cookie-notice cookie-banner cookie-consent "
    "cookie-law-info-bar newsletter-signup".split()
)
# What stands in these is text to a parser, tags and all.
_SWALLOWING = ("title", "textarea", "noscript", "xmp")

# What publishing systems call the body of an article (WordPress, Blogger, Movable Type and news sites' own).
_BODY_NAMES = frozenset(
    "articlebody article-body article_body article-content article_content article-text articletext body-copy bodycopy "
    "content-body entry entry-body entry-content entry-text entrytext post-body post-content post-entry post-text "
    "post_body post_content post_text postbody postcontent single-content story-body story-content story-text "
    "story_body storybody storycontent storytext td-post-content".split()
)
_BLOCKS = ("p", "div", "br", "li", "tr", "td", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6")
_NOT_TEXT = ("script", "style", "noscript", "iframe", "form", "textarea")

_SEPARATORS = re.compile(r"\s+(?:[|»«·•–—:-]+)\s+")
_MIN_HEADING_CHARS = 10
_DATE_KEYS = re.compile(r"article:published_time|datepublished|pubdate|publish[-_]?date|dc\.date|^date$", re.IGNORECASE)
_JSON_DATE = re.compile(r'"datePublished"\s*:\s*"(\d{4}-\d\d-\d\d)')
_LATEST = "2099-12-31"
_ISO_DATE = re.compile(r"\s*(\d{4}-\d\d-\d\d)")


def parse_page(html: str) -> Node | None:
    """Parse a page or a part of one; None where there is nothing to parse."""
    if "<html" not in html[:_HEAD_CHARS].lower():
        html = f"<html><body>{html}</body></html>"
    tree = _load_html()(html)
    if tree is not None:
        if names := _names_written(html):
            _drop_named(tree, names)
        _wrap_loose_text(tree)
    return tree


def without_unclosed(html: str) -> str:
    """Return the page without a tag that is never closed.

    Such a tag, like a title, swallows what comes after it.

    >>> without_unclosed("<title>Ferry<p>Late again.")
    'Ferry<p>Late again.'
    """
    lowered = html.lower()
    for tag in _SWALLOWING:
        if f"<{tag}" in lowered and f"</{tag}" not in lowered:
            html = re.sub(rf"<{tag}\b[^>]*>", "", html, flags=re.IGNORECASE)
    return html


def flatten_tables(tree: Node) -> bool:
    """Turn every part of a table into a mere block; tell whether there was any."""
    nodes = list(tree.iter(*_TABLE_TAGS))
    for node in nodes:
        node.tag = "div"
    return bool(nodes)


def named_body(tree: Node) -> str:
    """Return the text of the only element called the body of an article.

    A block is a line; without such an element it is ''.
    """
    named = {node for node in tree.iter() if _BODY_NAMES & set(_names(node))}
    innermost = [node for node in named if not any(inside in named for inside in node.iterdescendants())]
    return _block_lines(deepcopy(innermost[0])) if len(innermost) == 1 else ""


def _block_lines(node: Node) -> str:
    for part in list(node.iter(*_NOT_TEXT)):
        part.drop_tree()
    for block in node.iter(*_BLOCKS):
        block.text = "\n" + (block.text or "")
        block.tail = "\n" + (block.tail or "")
    return str(node.text_content())


def page_title(tree: Node) -> str:
    """Return the headline.

    It is as stated for sharing, or the heading that the title repeats, or the title without the site.

    Of 220 real pages, this is the headline as a person marked it on 163 (trafilatura's on 124).
    """
    for meta in tree.iterfind('.//meta[@property="og:title"]'):
        if stated := _line(meta.get("content")):
            return stated[:MAX_TITLE_CHARS]
    title = _line(tree.findtext(".//title"))[:MAX_TITLE_CHARS]
    headings = (_line(heading.text_content()) for heading in islice(tree.iter("h1", "h2", "h3"), MAX_HEADINGS))
    repeated = [text for text in headings if len(text) >= _MIN_HEADING_CHARS and text.lower() in title.lower()]
    return max(repeated or _SEPARATORS.split(title), key=len)


def page_date(tree: Node) -> str:
    """Return when the page was published, as YYYY-MM-DD, or ''.

    What it states for machines goes before what it shows to people, which `htmldate` finds.
    """
    for meta in tree.iter("meta"):
        key = meta.get("property") or meta.get("name") or meta.get("itemprop") or ""
        if _DATE_KEYS.search(key) and (date := _ISO_DATE.match(meta.get("content") or "")):
            return date[1]
    for script in tree.iterfind('.//script[@type="application/ld+json"]'):
        if date := _JSON_DATE.search(script.text or ""):
            return date[1]
    times = (_ISO_DATE.match(time.get("datetime") or "") for time in tree.iter("time"))
    return next((date[1] for date in times if date), "") or _shown_date(tree)


def _shown_date(tree: Node) -> str:
    from htmldate import find_date  # trafilatura brings it

    try:
        # A latest day that stays the same: a page must not have another date when the clock is set back.
        found = find_date(tree, extensive_search=False, original_date=True, max_date=_LATEST)
    except MemoryError:
        raise
    except Exception:  # a date must not cost the page
        return ""
    return str(found or "")


def _line(text: str | None) -> str:
    return " ".join((text or "").split())


@lru_cache(maxsize=1)
def _load_html() -> Any:
    from trafilatura import load_html  # half a second that most commands can do without

    return load_html


def _names_written(html: str) -> list[str]:
    r"""Return the names of boilerplate that stand in a page, as they are written there; most pages have none.

    >>> _names_written('<div id="Respond"></div><p class="respond">')
    ['Respond', 'respond']
    >>> _names_written('\u0130zmir <div id="Respond">')
    ['Respond']
    """
    lowered = html.lower()
    if len(lowered) != len(html):  # a few capitals are one letter, and two in lower case: places would shift
        lowered = "".join(letter.lower()[0] for letter in html)
    return sorted({html[at : at + len(name)] for name in _FURNITURE_NAMES for at in _places(name, lowered)})


def _places(name: str, text: str) -> Iterator[int]:
    at = text.find(name)
    while at >= 0:
        yield at
        at = text.find(name, at + 1)


def _drop_named(tree: Node, names: list[str]) -> None:
    """Drop the elements that have a name of boilerplate, given how such names are written on the page."""
    # The parser's own search is several times faster than a walk over the tree; it takes what merely holds a name.
    holds = " or ".join(f"contains(., '{name}')" for name in names)
    held = tree.xpath("//*[{}]".format(" or ".join(f"@{at}[{holds}]" for at in ("class", "id", "itemprop"))))
    named = [node for node in held if _FURNITURE_NAMES & set(_names(node))]
    total = len(tree.text_content())
    for node in named:
        # Some themes call the whole page by such a name.
        if node.getparent() is not None and 2 * len(node.text_content()) < total:
            node.drop_tree()


def _names(node: Node) -> Iterator[str]:
    if isinstance(node.tag, str):
        yield (node.get("id") or "").lower()
        yield (node.get("itemprop") or "").lower()
        yield from (node.get("class") or "").lower().split()


def _wrap_loose_text(tree: Node) -> None:
    """Give text that stands between paragraphs a paragraph of its own."""
    parents = {paragraph.getparent(): None for paragraph in tree.iter("p")}
    for parent in parents:
        if parent is not None and parent.tag != "p" and _has_loose(parent):
            _wrap_runs(parent)


def _has_loose(parent: Node) -> bool:
    """Tell whether there may be text or inline nodes between the blocks."""
    if parent.text and parent.text.strip():
        return True
    return any(child.tag in _INLINE or (child.tail and child.tail.strip()) for child in parent)


def _wrap_runs(parent: Node) -> None:
    """Rebuild a node: text and inline nodes in a row become one paragraph, two line breaks end it."""
    parts = list(_parts(parent))
    parent.text = None
    for child in list(parent):
        parent.remove(child)
    run: list[Node] = []
    for place, part in enumerate(parts):
        if not _is_inline(part):
            _close(parent, run)
            parent.append(part)
        elif not isinstance(part, str) and part.tag == "br" and _starts_with_break(parts[place + 1 : place + 3]):
            _close(parent, run)
        else:
            run.append(part)
    _close(parent, run)


def _parts(parent: Node) -> Iterator[Node]:
    """Give out texts and children in order, the children without their tails."""
    if parent.text:
        yield parent.text
    for child in parent:
        tail, child.tail = child.tail, None
        yield child
        if tail:
            yield tail


def _is_inline(part: Node) -> bool:
    return isinstance(part, str) or (part.tag in _INLINE and all(node.tag in _INLINE for node in part.iter()))


def _starts_with_break(parts: list[Node]) -> bool:
    nodes = [part for part in parts if not isinstance(part, str) or part.strip()]
    return bool(nodes) and not isinstance(nodes[0], str) and nodes[0].tag == "br"


def _close(parent: Node, run: list[Node]) -> None:
    """Put the run behind what the parent has, in a paragraph if it is long enough; empty the run."""
    text = "".join(part if isinstance(part, str) else part.text_content() for part in run)
    place = parent
    if len(text.strip()) >= MIN_LOOSE_CHARS:
        place = parent.makeelement("p")
        parent.append(place)
    last = None if place is not parent else next(parent.iterchildren(reversed=True), None)
    for part in run:
        if not isinstance(part, str):
            place.append(part)
            last = part
        elif last is not None:  # not len(place): lxml counts the children every time
            last.tail = (last.tail or "") + part
        else:
            place.text = (place.text or "") + part
    run.clear()
