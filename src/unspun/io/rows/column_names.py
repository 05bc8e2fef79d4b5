"""Find the columns that hold texts, by their own or by usual names."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any, NamedTuple, TypeVar, cast

from unspun.errors import TableError

USUAL_PAIRS = (
    ("source", "suspect"),
    ("original", "rewritten"),
    ("original", "rewrite"),
    ("original", "paraphrase"),
    ("original", "paraphrased"),
    ("original", "spun"),
    ("original", "suspect"),
    ("original", "modified"),
    ("source", "suspicious"),
    ("source", "target"),
    ("source", "paraphrase"),
    ("text1", "text2"),
    ("texta", "textb"),
    ("sentence1", "sentence2"),
    ("document1", "document2"),
    ("doc1", "doc2"),
    ("article1", "article2"),
    ("reference", "candidate"),
    ("reference", "hypothesis"),
    ("input", "output"),
    ("text", "paraphrase"),
    ("human", "machine"),
)
"""Names of the two texts of a pair in tables of others, as `plain_name` writes them; the first that fit are taken."""
USUAL_IDS = ("id", "pairid", "exampleid", "guid", "uuid", "idx", "index")
USUAL_TEXTS = (
    *("text", "content", "maintext", "articletext", "fulltext", "articlebody", "bodytext", "body", "article"),
    *("rawcontent", "rawtext", "plaintext", "cleantext", "document", "story"),
)
"""Names of the text of an article."""
USUAL_FIELDS = {
    "html": ("html", "rawhtml", "pagehtml"),
    "id": ("id", "articleid", "docid", "documentid", "guid", "uuid"),
    "title": ("title", "headline", "pagetitle"),
    "url": ("url", "link", "uri", "sourceurl", "canonicalurl", "pageurl"),
    "site": ("site", "domain", "sourcedomain", "hostname", "website"),
    "published": (
        "published",
        "date",
        "datepublish",
        "datepublished",
        "publishdate",
        "publishedat",
        "pubdate",
        "timestamp",
    ),
    "language": ("language", "lang"),
}
"""Names of what else tables say of an article."""


_Find = TypeVar("_Find", bound=Callable[..., dict[str, str]])
_MAX_KEPT = 10_000  # characters of the names of a table
_SIDES = frozenset(name for pair in USUAL_PAIRS for name in pair)
_MARKS = re.compile(r"[\W_]+")


class PairColumns(NamedTuple):
    """The names of the columns of a pair's texts, as the user gave them.

    A name that is to be found is ''.
    """

    source: str = ""
    suspect: str = ""


def _kept(find: _Find) -> _Find:
    """Keep the last answers: rows of a file mostly have the same names. Long ones are not kept, or they fill memory."""
    cached = lru_cache(maxsize=256)(find)

    @wraps(find)
    def found(names: tuple[str, ...], *given: Any, **more: Any) -> Any:
        return (cached if sum(map(len, names)) < _MAX_KEPT else find)(names, *given, **more)

    return cast(_Find, found)


ANY = PairColumns()
"""Nothing said: all is to be found."""


def plain_name(name: str) -> str:
    """Return the name of a column in small letters, without marks.

    A ``text`` at its end goes, too.

    >>> plain_name("Source_Text"), plain_name("text-1"), plain_name("text")
    ('source', 'text1', 'text')
    """
    plain = _MARKS.sub("", name.lower())
    return plain[:-4] if plain.endswith("text") and plain[:-4] in _SIDES else plain


@_kept
def pair_columns(names: tuple[str, ...], given: PairColumns = ANY) -> dict[str, str]:
    """Return the names of ``id``, ``source`` and ``suspect`` in a table.

    Those it lacks are left out.

    Parameters
    ----------
    names : tuple of str
        The names of the table's columns.
    given : PairColumns
        What the user says.

    Returns
    -------
    dict of str
        From our names to the table's own.

    Examples
    --------
    >>> pair_columns(("Pair ID", "Original", "Rewritten"))
    {'id': 'Pair ID', 'source': 'Original', 'suspect': 'Rewritten'}
    >>> pair_columns(("a", "b", "source"), PairColumns("a", "b"))
    {'source': 'a', 'suspect': 'b'}
    """
    found = {"source": given.source, "suspect": given.suspect}
    if not all(found.values()) and not (found["source"] or found["suspect"] or {"source", "suspect"} - set(names)):
        found = {"source": "source", "suspect": "suspect"}
    by_plain = _by_plain_name(names)
    if not all(found.values()):
        found = _usual_pair(by_plain, found)
    chosen = {ours: theirs for ours, theirs in found.items() if theirs in names}
    free = {plain: name for plain, name in by_plain.items() if name not in chosen.values()}
    name = "id" if "id" in names else next((free[plain] for plain in USUAL_IDS if plain in free), None)
    return {"id": name, **chosen} if name is not None else chosen


def both_columns(names: tuple[str, ...]) -> dict[str, str]:
    """Return the columns of a table of pairs, nothing where it holds no two texts.

    >>> both_columns(("id", "text1", "text2")), both_columns(("id", "source"))
    ({'id': 'id', 'source': 'text1', 'suspect': 'text2'}, {})
    """
    found = pair_columns(names)
    return found if {"source", "suspect"} <= found.keys() else {}


def _usual_pair(by_plain: dict[str, str], found: dict[str, str]) -> dict[str, str]:
    """Return both columns when one or none of them is known."""
    for pair in USUAL_PAIRS:
        sides = dict(zip(("source", "suspect"), pair, strict=True))
        known = {side: name for side, name in found.items() if name}
        if all(plain_name(name) == sides[side] for side, name in known.items()) and all(
            plain in by_plain for side, plain in sides.items() if side not in known
        ):
            return {side: found[side] or by_plain[plain] for side, plain in sides.items()}
    return {side: name or by_plain.get(side, "") for side, name in found.items()}


@_kept
def article_columns(names: tuple[str, ...], text: str = "") -> dict[str, str]:
    """Return what the columns of a table of articles are called.

    Those it lacks are left out.

    Parameters
    ----------
    names : tuple of str
        The names of the table's columns.
    text : str
        What the user says that the column of texts is called; '' if it is to be found.

    Returns
    -------
    dict of str
        From our names to the table's own.

    Raises
    ------
    TableError
        When the table has no column of texts or pages.

    Examples
    --------
    >>> article_columns(("maintext", "title", "date_publish"))
    {'text': 'maintext', 'title': 'title', 'published': 'date_publish'}
    """
    if text and text not in names:
        raise TableError(f"the table has no column {text}", list(names), "name one that it has")
    by_plain = _by_plain_name(names)
    found = {"text": text} if text else {}
    usual = {"text": USUAL_TEXTS, **USUAL_FIELDS}
    for ours, theirs in usual.items():
        name = ours if ours in names else next((by_plain[plain] for plain in theirs if plain in by_plain), None)
        if name is not None and name not in found.values():
            found.setdefault(ours, name)
    if "text" not in found and "html" not in found:
        raise TableError("the table has no column text or html", list(names), "name its columns so, or --text-column")
    return found


def _by_plain_name(names: tuple[str, ...]) -> dict[str, str]:
    return {plain_name(name): name for name in reversed(names)}
