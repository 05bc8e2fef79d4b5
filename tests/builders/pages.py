"""What tests of pages share: a page read back as a browser would, and texts that try to break it."""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode

import lxml.html

HOSTILE = (
    "</td></tr></table><script>alert(1)</script><img src=x onerror=alert(1)> <h2>Verdict: copied</h2> "
    "<a href=javascript:alert(1)>click</a> {{ 7 * 7 }} {% for x in y %} <!-- ]]> &lt; <style>*{display:none}</style> "
    "\u202eevil\u202c \u2066x \u200b \x00\x1b[31m \ud800 z" + "\u0301" * 40 + "\r\n\n# Heading\u2028line"
)
"""Markup, template braces, directions, invisible and broken characters, stacked accents, lines in one."""


def parse(page):
    """Return the page as a tree."""
    return lxml.html.document_fromstring(page.encode("utf-8", "replace").decode())


def policy(tree):
    """Return the content security policy as a dict."""
    content = tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
    return dict(part.split(" ", 1) for part in content.split("; "))


def digest(text):
    """Return the hash by which a policy names an inlined text."""
    return f"'sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def shape(tree):
    """Return the tags of a page in order, but for marks within lines: what a forged heading or row would change."""
    return [node.tag for node in tree.iter("h1", "h2", "h3", "table", "tr", "th", "td", "section", "script", "img")]


def side_text(cell):
    """Return the text of one side of a row: without the numbers of its changes, white space made one."""
    for number in cell.xpath(".//*[@class='k']"):
        number.text = ""
    return re.sub(r"\s+", "", cell.text_content())


def is_self_contained(tree):
    """Whether nothing on the page is fetched or leads elsewhere than into it or to a page beside it."""
    addresses = tree.xpath("//@href | //@src | //@action | //@data | //@poster | //@srcset")
    return all(re.fullmatch(r"#[\w-]+|(pair-[0-9a-f]{16}|index)\.html(#[\w-]+)?", address) for address in addresses)
