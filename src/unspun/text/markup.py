"""Take out marks that are not of a text: tags, front matter, links of Markdown."""

from __future__ import annotations

import html
import re

# What stands between these is no text; looked for one by one, since a pattern over both would try every pair.
_DROPPED = [
    (re.compile(rf"<{tag}\b", re.IGNORECASE), re.compile(rf"</{tag}\s*>", re.IGNORECASE))
    for tag in ("script", "style", "svg", "figcaption")
] + [(re.compile("<!--"), re.compile("-->"))]
_BLOCK = re.compile(
    r"</?(?:p|div|br|hr|li|ul|ol|dl|dd|dt|tr|td|th|table|h[1-6]|blockquote|section|article|figure|pre)\b[^<>]{0,500}>",
    re.IGNORECASE,
)
_TAG = re.compile(r"</?[a-z][a-z0-9]{0,10}(?:\s[^<>]{0,2000})?/?>", re.IGNORECASE)
_CLOSED = re.compile(
    r"</(?:p|div|li|h[1-6]|blockquote|span|strong|em|a|b|i)\s*>|<br\s*/?>|<p(?:\s[^<>]{0,200})?>", re.IGNORECASE
)
MIN_TAGS = 2
"""So many tags, one of them at an end, make markup of a text; one alone may be what it is about."""

_FRONT = re.compile(r"\ufeff?(---|\+\+\+)[ \t]*\r?\n")
_FRONT_LINE = re.compile(r"\s*(?:[\w\"'.-]{1,80}\s*[:=].*|-\s.*|#.*|[\]\[{},].*|\s+.*|)", re.DOTALL)
_MAX_FRONT_LINES = 200
_FRONT_FIELD = re.compile(r"(title|date)\s*[:=]\s*[\"']?(.+?)[\"']?\s*$", re.IGNORECASE)
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_LINK = re.compile(r"!?\[([^\[\]\n]{0,500})\]\((?:<[^<>\n]{0,2000}>|[^()\s]{0,2000})(?:\s+\"[^\"\n]{0,500}\")?\)")
_HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]+", re.MULTILINE)


def has_tags(text: str) -> bool:
    """Tell whether a text is marked up with tags.

    >>> has_tags("<p>Rain fell.</p><p>Nobody minded.</p>"), has_tags("The <p> tag opens a paragraph.")
    (True, False)
    """
    return len(_CLOSED.findall(text)) >= MIN_TAGS


def without_tags(text: str) -> str:
    r"""Return a text without its tags, a block a line, references resolved.

    >>> without_tags("<p>Rain fell &amp; <b>fell</b>.</p><p>Nobody minded.</p>")
    'Rain fell & fell.\nNobody minded.'
    """
    text = _TAG.sub("", _BLOCK.sub("\n", _without_dropped(text)))
    lines = (" ".join(line.split()) for line in html.unescape(text).split("\n"))
    return "\n".join(line for line in lines if line)


def _without_dropped(text: str) -> str:
    for opening, closing in _DROPPED:
        kept, at = [], 0
        while (start := opening.search(text, at)) and (end := closing.search(text, start.end())):
            kept.append(text[at : start.start()])
            at = end.end()
        text = "".join([*kept, text[at:]])
    return text


def split_front_matter(text: str) -> tuple[str, dict[str, str]]:
    r"""Return Markdown without its front matter, and title and date from there.

    >>> split_front_matter("---\ntitle: Fog\ndate: 2024-05-01\n---\n\nThe ferry waited.")
    ('The ferry waited.', {'title': 'Fog', 'published': '2024-05-01'})
    >>> split_front_matter("---\nThe ferry waited for hours.\n---\nThen it left.")[1]
    {}
    """
    opening = _FRONT.match(text)
    if not opening:
        return text, {}
    lines = text[opening.end() :].split("\n", _MAX_FRONT_LINES)
    end = next((place for place, line in enumerate(lines) if line.strip() in (opening[1], "...")), None)
    inside = lines[:end] if end is not None else []
    if not any(line.strip() for line in inside) or not all(map(_FRONT_LINE.fullmatch, inside)):
        return text, {}
    assert end is not None
    stated = {found[1].lower(): found[2] for line in inside if (found := _FRONT_FIELD.match(line))}
    date = _DATE.search(stated.get("date", ""))
    title = stated.get("title", "").strip()
    fields = {"title": title.strip("|>+- ") and title, "published": date[0] if date else ""}
    return "\n".join(lines[end + 1 :]).lstrip("\r\n"), {name: value for name, value in fields.items() if value}


def without_marks(text: str) -> str:
    r"""Return Markdown without the marks of headings and the addresses of links.

    >>> without_marks("# Fog\n\nThe [ferry](https://a.example/ferry) waited.")
    'Fog\n\nThe ferry waited.'
    """
    return _LINK.sub(r"\1", _HEADING.sub("", text))
