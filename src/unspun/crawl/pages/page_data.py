"""Find the article in a page's data.

A page behind a paywall shows a teaser and holds the whole article as JSON-LD. A page that a script draws holds no text
at all but the data it is drawn from. Both are looked into where the markup has little.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from typing import Any

from unspun.crawl.pages.html_tree import Node
from unspun.text.markup import without_tags

MIN_DATA_CHARS = 200
"""A shorter text in a page's data is a description."""
MAX_VALUES = 200_000
"""Values of a page's data that are looked at."""
MIN_GAIN = 1.3
"""The article in the data must be longer than the text of the markup by this factor to go before it."""
MIN_SHARED = 0.6
"""The share of the markup's words that must stand in the article of the data: another article is none of this page."""

_ARTICLE_TYPE = re.compile(r"article|posting|report|review", re.IGNORECASE)
_ASSIGNED = re.compile(
    r"(?:window|self|globalThis)?\.?[\w$.\[\]\"']{1,80}\s*=\s*(?:(?=[\[{])|(?P<parsed>JSON\.parse\(\s*)(?=[\"']))"
)
_WRAPPED = re.compile(r"^\s*(?:<!--|(?://|/\*)?\s*<!\[CDATA\[(?:\s*\*/)?)")
_LAST_COMMA = re.compile(r",(?=\s*[}\]])")
_SINGLE_QUOTED = re.compile(r"'((?:[^'\\]|\\.)*+)'", re.DOTALL)
_ESCAPE = re.compile(r"\\x([0-9A-Fa-f]{2})|\\.|\"", re.DOTALL)
_TEXT_KEYS = re.compile(
    r"(?:article|post|story|page|main|full|raw|rendered|safe)?_?(?:body|content|html|text|value|markdown|rendered)(?:s|html|text)?",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[a-z\d][.!?]['\"”’)]*(?:\s|<|$)")
_WORD = re.compile(r"\w+")
_ROOTS = ("root", "app", "__next", "__nuxt", "___gatsby", "svelte", "q-app", "ember-app", "react-root", "main-app")
_NEEDS_SCRIPT = re.compile(
    r"(?:enable|requires?|need|without|turn on|activate)\W+(?:\w+\W+){0,6}java ?script", re.IGNORECASE
)


def stated_article(tree: Node, title: str) -> str:
    """Return the article that a page states as JSON-LD, the only one or of its title.

    Parameters
    ----------
    tree : Node
        The page.
    title : str
        Its title.

    Returns
    -------
    str
        The text without markup, a paragraph a line; '' without one.
    """
    stated: dict[str, str] = {}
    for value in _loaded(tree, "application/ld+json"):
        for found in _dicts(value):
            body, kind = found.get("articleBody"), str(found.get("@type", ""))
            if isinstance(body, str) and len(body) >= MIN_DATA_CHARS and _ARTICLE_TYPE.search(kind):
                stated[body] = " ".join(str(found.get("headline", "")).split())
    named = [body for body, headline in stated.items() if title and headline.lower() == title.lower()]
    chosen = named if len(named) == 1 else list(stated)
    return without_tags(chosen[0]) if len(chosen) == 1 else ""


def drop_stated(tree: Node) -> None:
    """Take JSON-LD out of a page.

    Extractors fall back to the first article in it, which may be another one.
    """
    for script in list(tree.iter("script")):
        if (script.get("type") or "").lower().startswith("application/ld+json"):
            script.drop_tree()


def hydrated_article(tree: Node) -> str:
    """Return the longest prose in the data that scripts draw a page from.

    Parameters
    ----------
    tree : Node
        The page.

    Returns
    -------
    str
        The text without markup, a paragraph a line; '' without one.
    """
    best = ""
    for value in _loaded(tree, "application/json", ""):
        for found in _dicts(value):
            for key, inside in found.items():
                best = max(best, _prose(key, inside), key=len)
    return best


def goes_before(stated: str, text: str) -> bool:
    """Tell whether the article of the data is the whole of what the markup shows.

    Parameters
    ----------
    stated, text : str
        What the data and the markup hold.

    Returns
    -------
    bool
        True where the data have much more, and most of the rest; or the same with its paragraphs.

    Examples
    --------
    >>> goes_before("The ferry sank. " * 20, "The ferry sank."), goes_before("Other news. " * 20, "The ferry sank.")
    (True, False)
    """
    if len(stated) < MIN_GAIN * len(text):
        return stated.count("\n") > text.count("\n") and stated.split() == text.split()
    words, known = _WORD.findall(text.lower()), set(_WORD.findall(stated.lower()))
    return sum(word in known for word in words) >= MIN_SHARED * len(words)


def is_drawn_by_script(tree: Node) -> bool:
    """Tell whether a page is an empty frame that a script fills."""
    for node in tree.iter("div", "main", "section"):
        if node.get("id") in _ROOTS and not (node.text_content() or "").strip():
            return True
    said = " ".join(node.text_content() for node in tree.iter("noscript"))
    return _NEEDS_SCRIPT.search(said[:2_000]) is not None


def _loaded(tree: Node, *kinds: str) -> Iterator[Any]:
    """Yield the values that scripts of these types hold; '' stands for code that assigns one."""
    for script in tree.iter("script"):
        kind = (script.get("type") or "").lower().partition(";")[0].strip()
        kind = "" if kind in ("text/javascript", "application/javascript", "module") else kind
        text = (script.text or "").strip()
        if kind not in kinds or len(text) < MIN_DATA_CHARS:
            continue
        try:
            yield _stated(text) if kind else _assigned(text)
        except (ValueError, RecursionError):  # other people's data
            continue


def _stated(text: str) -> Any:
    """Return the value of a script that is data, however it is wrapped: in a comment, in CDATA, in references."""
    text = _WRAPPED.sub("", text).lstrip()
    text = html.unescape(text) if '"' not in text else text
    try:
        return json.JSONDecoder(strict=False).raw_decode(text)[0]
    except ValueError:
        return json.JSONDecoder(strict=False).raw_decode(_LAST_COMMA.sub("", text))[0]


def _assigned(text: str) -> Any:
    """Return the value that code assigns, as it is or as a string to be parsed."""
    text = text.removeprefix("var ").lstrip()
    found = _ASSIGNED.match(text)
    if not found:
        raise ValueError("nothing is assigned")
    if not found["parsed"]:
        return json.JSONDecoder(strict=False).raw_decode(text, found.end())[0]
    if text[found.end()] == '"':
        return json.loads(json.JSONDecoder(strict=False).raw_decode(text, found.end())[0], strict=False)
    inside = _SINGLE_QUOTED.match(text, found.end())
    return json.loads(json.loads(f'"{_ESCAPE.sub(_as_json, inside[1])}"', strict=False)) if inside else None


def _as_json(found: re.Match[str]) -> str:
    """Return an escape of JavaScript as JSON has it."""
    if found[1]:
        return f"\\u00{found[1]}"
    return {'"': '\\"', "\\'": "'"}.get(found[0], found[0])


def _dicts(value: Any) -> Iterator[dict[str, Any]]:
    """Yield all objects inside a value, the outer ones first."""
    waiting, n_seen = [value], 0
    while waiting and n_seen < MAX_VALUES:
        one = waiting.pop()
        n_seen += 1
        if isinstance(one, dict):
            yield one
            waiting.extend(one.values())
        elif isinstance(one, list):
            waiting.extend(one)


def _prose(key: str, value: Any) -> str:
    """Return the prose of a value by its key: a text, or a list of paragraphs; '' if it is none."""
    if not _TEXT_KEYS.fullmatch(key) and not (isinstance(value, list) and key in ("paragraphs", "blocks", "children")):
        return ""
    if isinstance(value, list):
        parts = [one if isinstance(one, str) else _paragraph(one) for one in value[:MAX_VALUES]]
        value = "\n".join(part for part in parts if part)
    if not isinstance(value, str) or len(value) < MIN_DATA_CHARS or len(_SENTENCE.findall(value)) < 3:
        return ""
    text = without_tags(value)
    return text if len(text) >= MIN_DATA_CHARS else ""


def _paragraph(value: Any) -> str:
    """Return the text of one paragraph of a list: that of its first key of text."""
    if not isinstance(value, dict):
        return ""
    for key, inside in value.items():
        if _TEXT_KEYS.fullmatch(key):
            if isinstance(inside, str):
                return inside
            if isinstance(inside, list):
                return "".join(one if isinstance(one, str) else _paragraph(one) for one in inside[:1_000])
    return next((_paragraph(inside) for inside in value.values() if isinstance(inside, dict)), "")
