"""Say what a run knows of a pair.

Where both texts come from, their roles, and the pages beside this one.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal, NamedTuple

from unspun.evidence.explanation import Explanation

if TYPE_CHECKING:
    from unspun.crawl.findings import Resemblance

Role = Literal["", "finding", "open", "explained", "licensed"]
"""A pair in its run: a spun page with its source, open, explained by other pages, or on a site that may republish."""


class TextAbout(NamedTuple):
    """A text as a reader knows it; what is unknown is empty."""

    title: str = ""
    site: str = ""
    published: str = ""
    article_id: str = ""


class PairContext(NamedTuple):
    """The things known of a pair beside its texts.

    ``because`` says in a sentence why the run takes it for what it is. ``links`` are (address, words). ``sure`` is how
    likely the suspect is the spun side by all that the run tells; NaN where there is no run. ``finding`` is the number
    of its finding, 0 where it is none. ``explained_by`` is that of the finding that explains the pair, 0 where none
    does. ``resembles`` are the other pages of either finding, and ``cluster`` is the number of its story.
    """

    source: TextAbout
    suspect: TextAbout
    role: Role = ""
    because: str = ""
    links: tuple[tuple[str, str], ...] = ()
    sure: float = math.nan
    finding: int = 0
    explained_by: int = 0
    cluster: int = 0
    resembles: tuple[Resemblance, ...] = ()


def context_of(found: Explanation, source_name: str = "", suspect_name: str = "", redact: bool = False) -> PairContext:
    """Return what an explanation itself says of its two texts.

    Parameters
    ----------
    found : Explanation
        Its provenance has ids and titles, as far as they are known.
    source_name, suspect_name : str
        Names that go before them.
    redact : bool
        Leave titles out: they are text of the articles.

    Returns
    -------
    PairContext
        Without a role: nothing is known of other pages.
    """
    made = found.provenance
    return PairContext(
        _about(source_name, "" if redact else made.source_title, made.source_id),
        _about(suspect_name, "" if redact else made.suspect_title, made.suspect_id),
    )


def _about(name: str, title: str, article_id: str) -> TextAbout:
    return TextAbout(name, "", "", "") if name else TextAbout(title, "", "", article_id)


def name_of(text: TextAbout) -> str:
    """Return what a text is called.

    >>> name_of(TextAbout("", "", "", "a.html")), name_of(TextAbout())
    ('a.html', 'no name given')
    """
    return text.title.strip() or text.article_id.strip() or "no name given"
