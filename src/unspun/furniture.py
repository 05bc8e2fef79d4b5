"""Page furniture: what stands around an article and is not of it.

Two pages of one site share their comment form word for word, and two copies of a story lie between different
menus: left in, furniture makes strangers look related and hides a spin under the page's own words.
`strip_furniture` takes the article out of a page; `is_furniture` knows the lines that slip through, in pages
and in plain text alike.
"""

from __future__ import annotations

import logging
import re
from functools import lru_cache
from itertools import groupby
from typing import Any, NamedTuple

from unspun.phrases import FORM_PHRASES, LABEL_PHRASES

FURNITURE_PHRASES: tuple[str, ...] = FORM_PHRASES + LABEL_PHRASES
"""Lower-case phrases, one of which is in every line that `is_furniture` knows: a quick look before the close one."""

MAX_FORM_WORDS = 40
MAX_LABEL_WORDS = 6
# "Sources: this, that" names where a story was taken from, and can be long; a sentence would end in a full stop.
MAX_SOURCES_WORDS = 12

# Below this an extraction has most likely missed the article and the next way of reading is tried: of 220 real
# pages, 193 keep more than this at the first try; values from 200 to 500 give the same mean F1 within .003.
MIN_TEXT_CHARS = 300

_HEAD_CHARS = 5_000

# A table's cell or a list of teasers counts as prose from here on; news tickers and menus stay below.
MIN_PROSE_WORDS = 12

# So many very short lines in a row are a menu or a table of results, not paragraphs.
MIN_MENU_LINES = 6
MAX_MENU_WORDS = 4

# No sentence has so many upright bars; navigation and lists of tags do.
MIN_BARS = 2

_TABLE_TAG = re.compile(r"<(/?)(?:table|thead|tbody|tfoot|tr|td|th)\b[^>]*>", re.IGNORECASE)
_SPACE = re.compile(r"\s+")
_APOSTROPHE = str.maketrans("’‘ʼ", "'''")
_WORD = re.compile(r"\w+")
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_DATELINE = re.compile(
    r"(?:(?:last )?(?:updated|published|posted)\b|(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b"
    rf"|\d{{1,4}}[-./]\d{{1,2}}[-./]\d{{2,4}}\b|\d{{1,2}} {_MONTH}\b|{_MONTH} \d)",
    re.IGNORECASE,
)
_BYLINE = re.compile(
    r"(?:[Bb]y|BY|[Ww]ritten [Bb]y|[Pp]osted [Bb]y|Author ?:) ?(?:[A-Z][\w.'-]*,? ?(?:and |in )?){1,6}$"
)
_BAR = re.compile(
    r"facebook|twitter|whatsapp|linkedin|pinterest|reddit|digg|e-?mail|print|share|tweet|copy link|telegram"
)
_BLOCK_HEADS = re.compile(
    r"(?:more (?:news|stories|from|on|in|headlines)\b.*|related\b.*|recommended\b.*"
    r"|most (?:read|popular|viewed|commented)\b.*|top (?:stories|news)|latest (?:news|stories|headlines)"
    r"|trending\b.*|(?:you may|you might) also like.*|people who read this\b.*"
    r"|other (?:stories|news)|in other news|also in the news|now in \w+|see also|read more)"
)
_COMMENT_HEADS = re.compile(
    r"(?:\d+ )?(?:(?:your|reader|readers'|user|view|all|add a|post a|leave a|join the|show) )?"
    r"(?:comments?|replies|responses|reply|conversation|discussion)(?: \(?\d+\)?| on .*| to .*| are (?:now )?closed.*)?"
)


class PageText(NamedTuple):
    """What a page says: the article, its title, and when it was published as the page states it (or '')."""

    title: str
    text: str
    published: str


def is_furniture(line: str) -> bool:
    """Tell whether a line of text is page furniture rather than a sentence of an article.

    Parameters
    ----------
    line : str
        One line or sentence, in any case.

    Returns
    -------
    bool
        True for forms and notices of at most `MAX_FORM_WORDS` words, and for buttons and headings of at most
        `MAX_LABEL_WORDS`; False for everything else, an empty line among it.

    Examples
    --------
    >>> is_furniture("Your email address will not be published. Required fields are marked *")
    True
    >>> is_furniture("Related articles"), is_furniture("Sources: the Herald, the Courier")
    (True, True)

    Sentences that only use the words of a form stay:

    >>> is_furniture("The regulator asked why related articles were shown beside the harbour master's obituary.")
    False
    """
    lowered = line.lower().translate(_APOSTROPHE)
    n_words = lowered.count(" ") + 1
    if n_words > MAX_FORM_WORDS:
        return False
    if n_words <= MAX_LABEL_WORDS and any(phrase in lowered for phrase in LABEL_PHRASES):
        return True
    if n_words <= MAX_SOURCES_WORDS and lowered.lstrip().startswith("sources:") and not lowered.endswith("."):
        return True
    return any(phrase in lowered for phrase in FORM_PHRASES)


def strip_furniture(html: str, url: str | None = None) -> PageText:
    """Take the article out of a page.

    Trafilatura, set for precision, finds the text. Where it finds hardly any, the page is read again with its tables
    as mere blocks, then for everything that can be found, and at last for bare paragraphs; what still slips through
    is cleaned line by line.

    Parameters
    ----------
    html : str
        The page, decoded; also a part of one.
    url : str, optional
        Where it was; helps to tell dates and titles.

    Returns
    -------
    PageText
        The text one paragraph a line; empty where the page has none. Never raises.

    Examples
    --------
    >>> page = "<title>Ferry</title><nav>Home</nav><article><p>" + "The ferry left at noon. " * 20 + "</p></article>"
    >>> strip_furniture(page).text[:23]
    'The ferry left at noon.'
    """
    if "<html" not in html[:_HEAD_CHARS].lower():
        html = f"<html><body>{html}</body></html>"
    # Many older sites lay the whole page out in tables, and cells are not looked into for paragraphs.
    without_tables = _TABLE_TAG.sub(r"<\1div>", html)
    best = PageText("", "", "")
    for page, settings in ((html, _STRICT), (without_tables, _STRICT), (without_tables, _GENEROUS)):
        found = _extract(page, url, settings)
        best = max(best, found, key=lambda page: len(page.text))
        if len(best.text) >= MIN_TEXT_CHARS:
            return best
    return best if best.text else best._replace(text=_bare_paragraphs(html))


def clean_lines(text: str, title: str = "") -> str:
    r"""Drop the lines of an extracted text that are not of the article; paragraphs keep their order.

    Parameters
    ----------
    text : str
        One paragraph a line, table rows with ``|`` between cells.
    title : str
        A line that repeats it is dropped.

    Examples
    --------
    >>> clean_lines("Related articles\nPier shut\nThe harbour opened again on Monday, said the council in a note.")
    'The harbour opened again on Monday, said the council in a note.'
    """
    kept: list[str] = []
    in_block = False
    for line in _paragraphs(text):
        heads_comments = _heads_comments(line)
        # Above the article "3 comments" is a link, below it the end.
        if heads_comments and sum(map(len, kept)) >= MIN_TEXT_CHARS:
            break
        in_block = _opens_block(line) or (in_block and not _is_prose(line))
        if not (in_block or heads_comments or line == title or is_furniture(line) or _is_label(line)):
            kept.append(line)
    return "\n".join(_without_menus(kept))


# The strict way first; the generous one when that found next to nothing even in the page without its tables.
_STRICT = {"favor_precision": True, "include_tables": False}
_GENEROUS = {"favor_recall": True, "include_tables": True}


def _extract(html: str, url: str | None, settings: dict[str, Any]) -> PageText:
    trafilatura = _trafilatura()
    try:
        found = trafilatura.bare_extraction(html, url=url, include_comments=False, with_metadata=True, **settings)
    # Extraction of other people's markup fails in ways nobody lists; one page must not end a batch.
    except Exception:
        return PageText("", "", "")
    if found is None:
        return PageText("", "", "")
    title = " ".join((found.title or "").split())
    return PageText(title, clean_lines(found.text or "", title), found.date or "")


def _bare_paragraphs(html: str) -> str:
    try:
        return clean_lines(_trafilatura().baseline(html)[1])
    except Exception:  # as in _extract
        return ""


@lru_cache(maxsize=1)
def _trafilatura() -> Any:
    import trafilatura  # half a second that most commands can do without

    # An unreadable page is a rejection with its reason; the library's own report of it would only clutter stderr.
    logging.getLogger("trafilatura").addHandler(logging.NullHandler())
    return trafilatura


def _paragraphs(text: str) -> list[str]:
    """Split into lines with single spaces; of table rows only the cells that hold prose."""
    lines: list[str] = []
    for line in text.split("\n"):
        is_row = line.lstrip().startswith("|") or line.rstrip().endswith("|")
        cells = [_SPACE.sub(" ", cell).strip() for cell in (line.split("|") if is_row else [line])]
        lines += [cell for cell in cells if cell and (not is_row or _is_prose(cell))]
    return lines


def _without_menus(lines: list[str]) -> list[str]:
    kept: list[str] = []
    for short, run in groupby(lines, lambda line: len(_WORD.findall(line)) <= MAX_MENU_WORDS):
        group = list(run)
        kept += [] if short and len(group) >= MIN_MENU_LINES else group
    return kept


def _is_prose(line: str) -> bool:
    return len(_WORD.findall(line)) >= MIN_PROSE_WORDS


def _opens_block(line: str) -> bool:
    """Tell a heading over teasers: everything short after it is one of them."""
    return not _is_prose(line) and _BLOCK_HEADS.fullmatch(line.lower().strip(" :.»>-")) is not None


def _heads_comments(line: str) -> bool:
    """Tell the heading of the reader comments, or a link to them."""
    return not _is_prose(line) and _COMMENT_HEADS.fullmatch(line.lower().strip(" :.»>-()")) is not None


def _is_label(line: str) -> bool:
    """Tell bylines, datelines, share bars and other short lines that say nothing."""
    if line.count(" | ") >= MIN_BARS:
        return True
    if _is_prose(line) or line.endswith((".", "!", "?", '"', "”")):
        return False
    words = [word.lower() for word in _WORD.findall(line)]
    bar = bool(words) and 2 * len(_BAR.findall(line.lower())) >= len(words)
    return not words or bar or words == ["advertisement"] or bool(_BYLINE.match(line) or _DATELINE.match(line))
