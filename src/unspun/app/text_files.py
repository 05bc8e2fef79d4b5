"""Read the text of one file or page that a user names."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from unspun.crawl.documents.document import DOCUMENT_ENDS
from unspun.errors import InputError
from unspun.io.decoding import decode, looks_like_html

HTML_SUFFIXES = (".html", ".htm", ".xhtml")
MAX_BYTES = 200_000_000
"""A larger file is refused; the longest text that is compared takes a fiftieth."""
# One odd character does no harm; documents, pictures and archives hold ten times this share.
MAX_ODD_RATE = 0.01
_NOT_OF_TEXT = re.compile("[\0-\x08\x0e-\x1f\ufffd]")


def read_source(path: str | Path) -> str:
    """Return the text of one file.

    A page comes without its boilerplate, anything else as it is, ``-`` for standard input.

    A page is what is called .html, or begins like one.

    Raises
    ------
    InputError
        When there is no such file, or it is not text.
    """
    try:
        data = _first_bytes(path)
    except OSError as error:
        raise InputError(f"cannot read the text ({error.strerror})", Path(path), "check the path") from error
    if len(data) > MAX_BYTES:
        raise InputError(f"the file has more than {MAX_BYTES:,} bytes", Path(path), "give a part of it")
    name = str(path).lower()
    if end := next((end for end in DOCUMENT_ENDS if name.endswith(end)), ""):
        return _extracted(data, Path(path), end)
    text = decode(data)
    if len(_NOT_OF_TEXT.findall(text)) > MAX_ODD_RATE * len(text):
        raise InputError("the file is not text", Path(path), "take the text out of it first")
    is_page = name.endswith(HTML_SUFFIXES) or looks_like_html(data)
    return _extracted(data, Path(path)) if is_page else text


def _first_bytes(path: str | Path) -> bytes:
    """Return what is read of a file: all of it, or what tells that it is too large; a device may never end."""
    if str(path) == "-":
        return sys.stdin.buffer.read(MAX_BYTES + 1)
    with open(path, "rb") as file:
        return file.read(MAX_BYTES + 1)


def _extracted(data: bytes, path: Path, end: str = "") -> str:
    """Return the text of a page, or of a document by the end of its name; a parser may take no more than in a scan."""
    from unspun.crawl.pages.sandbox import PageError, extract_page
    from unspun.crawl.reading.first_bytes import document_end
    from unspun.crawl.reading.formats import MAX_HTML_BYTES

    end = document_end(data, end)
    if not end and len(data) > MAX_HTML_BYTES:
        raise InputError(f"the page has more than {MAX_HTML_BYTES:,} bytes", path, "give its text")
    try:
        page = extract_page(data, document=end)
    except PageError as error:
        raise InputError(f"the {'document' if end else 'page'} {error}", path, "give its text") from error
    if page.reason:
        raise InputError(page.reason, path, "give its text")
    return page.text
