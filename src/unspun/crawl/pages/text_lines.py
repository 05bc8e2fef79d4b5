"""Find the lines of boilerplate among the lines of a text.

They are known by their words, their place and their company.
"""

from __future__ import annotations

import re
from itertools import groupby

from unspun.text.boilerplate import MAX_LABEL_WORDS, is_boilerplate

MIN_COMMENTED_CHARS = 300
"""A heading of comments below so much text ends the article; above it, it is a link to them."""

# A table's cell or a list of teasers counts as prose from here on; news tickers and menus stay below.
MIN_PROSE_WORDS = 12

# So many very short lines in a row are a menu or a table of results, not paragraphs.
MIN_MENU_LINES = 6
MAX_MENU_WORDS = 4

# So many lines without an end of a sentence, after the last that has one, are headlines of other stories.
MIN_TAIL_LINES = 3

# No sentence has so many upright bars; navigation and lists of tags do.
MIN_BARS = 2

_ENDS = (".", "!", "?", '"', "”", "…")
_SPACE = re.compile(r"\s+")
_WORD = re.compile(r"\w+")


def _words_or_more(n: int) -> re.Pattern[str]:
    """Return what matches a line of at least ``n`` words; it looks at no more of a long one."""
    return re.compile(rf"\W*+(?:\w++\W++){{{n - 1}}}\w")


_PROSE, _NO_MENU = _words_or_more(MIN_PROSE_WORDS), _words_or_more(MAX_MENU_WORDS + 1)
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_DATELINE = re.compile(
    r"(?:(?:last )?(?:updated|published|posted)\b|(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b"
    rf"|\d{{1,4}}[-./]\d{{1,2}}[-./]\d{{2,4}}\b|\d{{1,2}} {_MONTH}\b|{_MONTH} \d)",
    re.IGNORECASE,
)
_BY = re.compile(r"(?:(?:written |posted )?by|author ?:) *", re.IGNORECASE)
_BAR = re.compile(
    r"facebook|twitter|whatsapp|linkedin|pinterest|reddit|digg|e-?mail|print|share|tweet|copy link|telegram"
)
_FORM_FIELD = re.compile(
    r"(?:your )?(?:(?:full |first |last )?name|e-?mail|mail|website|web site|url|homepage|message|subject|captcha"
    r"|comment|submit(?: comment)?|cancel|preview|(?:make|add|write) a comment)(?: address)?(?: ?[*:]| ?\([^()]*\))*",
    re.IGNORECASE,
)
# Ways to other pages: "Previous post: Fog", "« Older entries", "Tags: fog, ferries".
_WAY = re.compile(
    r"(?:previous|next|older|newer) (?:post|posts|story|stories|article|page|entry|entries)\b.*"
    r"|(?:tags|tagged(?: with)?|categor(?:y|ies)|filed under|posted in|labels) ?:.*|(?:filed under|posted in) .*"
    r"|[«‹←<].*|.*[»›→]|(?:.*\| ?)?permalink|permanent link|(?:view|click for) larger image.*|click here\b.*"
    r"|(?:photo|image)(?: credit)?:.*",
    re.IGNORECASE,
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


def clean_lines(text: str, title: str = "") -> str:
    r"""Drop the lines of an extracted text that are not of the article.

    Paragraphs keep their order.

    Parameters
    ----------
    text : str
        One paragraph a line, table rows with ``|`` between cells.
    title : str
        A line that repeats it is dropped.

    Returns
    -------
    str
        The lines that are left; empty if none is.

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
        if heads_comments and sum(map(len, kept)) >= MIN_COMMENTED_CHARS:
            break
        in_block = _opens_block(line) or (in_block and not _is_prose(line))
        if not (in_block or heads_comments or line == title or is_boilerplate(line) or _is_label(line)):
            kept.append(line)
    return "\n".join(_without_tail(_without_menus(kept)))


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
    for short, run in groupby(lines, lambda line: _NO_MENU.match(line) is None):
        group = list(run)
        kept += [] if short and len(group) >= MIN_MENU_LINES else group
    return kept


def _without_tail(lines: list[str]) -> list[str]:
    """Drop a list after the last sentence: headlines of other stories, links, an agency's address."""
    ends = (
        place for place in range(len(lines), 0, -1) if _is_prose(lines[place - 1]) or _is_sentence(lines[place - 1])
    )
    stop = next(ends, len(lines))
    tail = lines[stop:]
    # A line that starts small goes on with a sentence that was cut into lines; "- " is an item of the article's own.
    is_list = len(tail) >= MIN_TAIL_LINES and not any(line[0].islower() or line.startswith("- ") for line in tail)
    return lines[:stop] if is_list else lines


def _is_sentence(line: str) -> bool:
    return line.endswith(_ENDS)


def _is_prose(line: str) -> bool:
    return _PROSE.match(line) is not None


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
    if _is_prose(line) or _is_sentence(line):
        return False
    words = [word.lower() for word in _WORD.findall(line)]
    bar = bool(words) and 2 * len(_BAR.findall(line.lower())) >= len(words)
    known = _DATELINE.match(line) or _FORM_FIELD.fullmatch(line) or _WAY.fullmatch(line)
    return not words or bar or words == ["advertisement"] or known is not None or _is_byline(line)


def _is_byline(line: str) -> bool:
    by = _BY.match(line)
    names = line[by.end() :].split() if by else []
    return 0 < len(names) <= MAX_LABEL_WORDS and all(name[0].isupper() or name in ("and", "in") for name in names)
