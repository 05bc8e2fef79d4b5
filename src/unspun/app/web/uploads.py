"""Turn what somebody typed or dropped into a text."""

from __future__ import annotations

from unspun.crawl.documents.document import DOCUMENT_ENDS
from unspun.crawl.reading.articles import read_page
from unspun.errors import UnspunError
from unspun.io.decoding import decode
from unspun.io.tables import Article
from unspun.reports.formatting import one_line

MAX_CHARACTERS = 300_000
"""Characters of one text: fifty times a long article."""
_PAGES = (".html", ".htm")


class UploadError(UnspunError):
    """A text that cannot be compared, and what to do about it."""

    status = 422


class SlowRequest(UploadError):
    """A request that took too long to arrive."""

    status = 408


def text_of(name: str, given: str | bytes) -> tuple[str, str]:
    """Return the name to show and the text of one side.

    Parameters
    ----------
    name : str
        File name, or what the text is called.
    given : str or bytes
        What was typed, or the bytes of a file; a page is stripped of its boilerplate.

    Returns
    -------
    str
        The name, on one line and at most 120 characters long.
    str
        The text.

    Raises
    ------
    UploadError
        When there is no text, too much of it, or the file is something else.

    Examples
    --------
    >>> text_of("a.txt", b"Rain fell.")
    ('a.txt', 'Rain fell.')
    """
    shown = one_line(name, 120)
    text = given if isinstance(given, str) else _decoded(shown, given)
    if not text.strip():
        raise UploadError(f"{shown.removesuffix(', as typed')} is empty", None, "paste a text, or choose a file")
    if len(text) > MAX_CHARACTERS:
        raise UploadError(f"{shown} has {len(text):,} characters", None, f"give at most {MAX_CHARACTERS:,}")
    return shown, text


def _decoded(name: str, data: bytes) -> str:
    if end := next((end for end in DOCUMENT_ENDS if name.lower().endswith(end)), ""):
        document = read_page(data, name, document=end)
        if not isinstance(document, Article):
            raise UploadError(f"{name} cannot be used: {document.reason}", None, "give the text itself")
        return document.text
    if not name.lower().endswith(_PAGES):
        if b"\0" in data[:10_000] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise UploadError(f"{name} is not a text", None, "give .txt, .md or .html")
        return decode(data)
    page = read_page(data, name)
    if not isinstance(page, Article):
        raise UploadError(f"{name} cannot be used: {page.reason}", None, "give the text itself")
    return page.text
