"""Invented pages around given articles: menus, notices, share bars, other headlines, comment forms, footers.

A site keeps its layout, its menu and its notices on every page, as sites do; what is drawn depends on its name and on
the page's address alone.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from html import escape
from typing import NamedTuple

_FIRST = (
    "Harbour Valley Daily Northern Market Morning Evening County River Metro Coastal Union Lantern Meridian".split()
)
_LAST = (
    "Courier Herald Post Ledger Observer Chronicle Gazette Dispatch Mirror Tribune Echo Record Monitor Digest".split()
)
_MENUS = (
    "Home|News|Business|Sport|Weather|Contact us",
    "Front page|World|Politics|Culture|Opinion|Video|Log in",
    "Latest|Local|Money|Health|Travel|Obituaries|Classifieds|Subscribe",
    "Start|Topics|Science|Technology|Archive|Newsletter|About",
)
_COOKIES = (
    "We use cookies to make this site work and to measure how it is used. Accept all | Settings",
    "By continuing to browse you agree to our use of cookies. Read our cookie policy. Got it",
    "Your privacy matters to us. We and our partners store information on your device. Agree | Manage choices",
)
_SHARES = (
    "Share on Facebook|Tweet|WhatsApp|Print",
    "Email this|Facebook|Twitter|LinkedIn|Copy link",
    "Share|Save|Print",
)
_BOXES = ("More news for you", "Related articles", "Most read", "You may also like", "Trending now")
_LETTERS = (
    "Sign up for our newsletter and get the day's headlines in your inbox.",
    "Enjoyed this story? Support independent reporting for the price of a coffee a week.",
    "Download our app to read offline and get alerts as they happen.",
)
_COMMENTS = (
    "I have lived here for thirty years and nobody ever asked us about any of this.",
    "Typical. They will do what they want anyway, and we will pay for it.",
    "Good piece, but you forgot to mention what happened the last time they tried.",
    "Can somebody explain why this takes so long? My sister waited for months.",
    "Finally some sense. I hope that they keep their word this time.",
    "The photo is not even of the right place. Please check before you print.",
    "My grandfather used to say that nothing good comes of hurry.",
)
_READERS = "oldsalt|Marge_in_the_Marsh|KettleBlack|tinpot42|a reader|Two Cents|hedgerow|nightbus".split("|")
_FORMS = (
    "Leave a Reply|Your email address will not be published. Required fields are marked *|Comment|Name *|Email *"
    "|Website|Save my name, email, and website in this browser for the next time I comment.|Post Comment",
    "Join the discussion|You must be logged in to post a comment.|Log in|Register",
    "Comments|Sort by newest|Write your comment here|Nickname|Send|Report this comment",
)
_FOOTERS = ("Terms of use|Privacy policy|Advertise with us|Jobs", "Imprint|Contact|Accessibility|Corrections")
_WRITERS = "Ada Quillon|Ben Tarrow|Ines Malk|Joss Perrin|Cora Winslade|Theo Abbing|Mina Dray|Sam Holloway".split("|")
_MONTHS = "January February March April May June July August September October November December".split()


class Teaser(NamedTuple):
    """Another article as a page announces it."""

    title: str
    line: str


class Site(NamedTuple):
    """A publisher; ``layout`` is one of `LAYOUTS`."""

    host: str
    name: str
    layout: int
    menu: tuple[str, ...]
    cookies: str
    shares: tuple[str, ...]
    box: str
    letter: str
    form: tuple[str, ...]
    footer: tuple[str, ...]


def site(number: int, seed: int = 0) -> Site:
    """Return the site of that number.

    >>> site(3).host.endswith(".example")
    True
    """
    draw = random.Random(f"{seed} site {number}")
    name = f"{draw.choice(_FIRST)} {draw.choice(_LAST)}"
    host = f"{name.replace(' ', '-').lower()}-{number}.example"
    menu, shares, form, footer = (tuple(draw.choice(kind).split("|")) for kind in (_MENUS, _SHARES, _FORMS, _FOOTERS))
    layout = number % len(LAYOUTS)
    return Site(
        host,
        name,
        layout,
        menu,
        draw.choice(_COOKIES),
        shares,
        draw.choice(_BOXES),
        draw.choice(_LETTERS),
        form,
        footer,
    )


def page(where: Site, title: str, text: str, others: Sequence[Teaser]) -> str:
    """Return the HTML of an article on a site; ``others`` are announced beside it, lines of the text are paragraphs."""
    draw = random.Random(f"{where.host} {title}")
    paragraphs = [f"<p>{escape(line)}</p>" for line in text.split("\n")]
    if len(paragraphs) > 3:
        paragraphs.insert(2, f'<aside class="promo"><p>{escape(where.letter)}</p></aside>')
    parts = _Parts(
        head=f'<title>{escape(title)} | {escape(where.name)}</title><meta charset="utf-8">',
        menu=_list(where.menu, "nav"),
        cookies=f'<div class="cookie-notice"><p>{escape(where.cookies)}</p></div>',
        title=f"<h1>{escape(title)}</h1>",
        byline=f'<p class="byline">By {draw.choice(_WRITERS)}</p><p class="date">{_date(draw)}</p>',
        shares=_list(where.shares, "share"),
        body="\n".join(paragraphs),
        box=_box(where.box, others),
        comments=_comments(draw) + _form(where.form),
        footer=f"<footer>{_list(where.footer, 'links')}<p>© {escape(where.name)}. All rights reserved.</p></footer>",
    )
    return f"<!DOCTYPE html>\n{LAYOUTS[where.layout].format(**parts._asdict())}\n"


class _Parts(NamedTuple):
    head: str
    menu: str
    cookies: str
    title: str
    byline: str
    shares: str
    body: str
    box: str
    comments: str
    footer: str


_HTML = "<html lang='en'><head>{head}</head><body>"
LAYOUTS = (
    _HTML + "{cookies}<header>{menu}</header><main><article>{title}{byline}{shares}<div class='article-body'>{body}"
    "</div>{shares}</article>{box}<section id='comments'>{comments}</section></main>{footer}</body></html>",
    _HTML + "<div id='top'>{menu}</div><div id='wrap'><div class='post'>{title}{byline}<div class='entry-content'>"
    "{body}</div>{shares}</div><div id='sidebar'>{box}</div><div id='respond'>{comments}</div></div>{cookies}{footer}"
    "</body></html>",
    "<html><head>{head}</head><body>{cookies}<div class='container'><div class='left'>{menu}{box}</div><div "
    "class='story'>{title}{shares}{byline}<div itemprop='articleBody'>{body}</div></div><div class='discussion'>"
    "{comments}</div></div>{footer}</body></html>",
    _HTML + "{menu}<section class='content'>{title}{byline}<div class='text'>{body}</div>{box}</section>"
    "<section class='comments'>{comments}</section>{shares}{footer}{cookies}</body></html>",
)


def _list(items: Sequence[str], name: str) -> str:
    links = "".join(f'<li><a href="#">{escape(item)}</a></li>' for item in items)
    return f'<nav class="{name}"><ul>{links}</ul></nav>' if name == "nav" else f'<ul class="{name}">{links}</ul>'


def _box(heading: str, others: Sequence[Teaser]) -> str:
    items = "".join(f'<li><a href="#">{escape(o.title)}</a><p>{escape(o.line)}</p></li>' for o in others)
    return f'<div class="related"><h3>{heading}</h3><ul>{items}</ul></div>' if others else ""


def _comments(draw: random.Random) -> str:
    said = draw.sample(_COMMENTS, draw.randint(0, 3))
    items = "".join(f'<li class="comment"><b>{draw.choice(_READERS)}</b><p>{line}</p></li>' for line in said)
    return f'<h3>{len(said)} comments</h3><ol class="commentlist">{items}</ol>' if said else ""


def _form(lines: Sequence[str]) -> str:
    heading, *rest = lines
    return f'<form class="comment-form"><h3>{heading}</h3>{"".join(f"<p>{escape(line)}</p>" for line in rest)}</form>'


def _date(draw: random.Random) -> str:
    return f"{draw.randint(1, 28)} {draw.choice(_MONTHS)} {draw.randint(2015, 2024)}"
