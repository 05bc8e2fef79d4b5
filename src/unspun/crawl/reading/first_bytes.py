"""Tell what a file is in fact, by its first bytes."""

from __future__ import annotations

import re

from unspun.io.decoding import looks_like_html
from unspun.io.decompression import GZIP_MAGIC, ZSTD_MAGIC

PDF = b"%PDF-"
_NEITHER_PAGE_NOR_TEXT = {
    re.compile(rb"PK\x03\x04"): "a zip file",
    re.compile(rb"BZh[1-9]1AY&SY"): "a bzip2 file",
    re.compile(rb"\xfd7zXZ\0"): "an xz file",
    re.compile(rb"7z\xbc\xaf\x27\x1c"): "a 7z file",
    re.compile(rb"Rar!\x1a"): "a rar file",
    re.compile(re.escape(GZIP_MAGIC)): "a gzip file within another",
    re.compile(re.escape(ZSTD_MAGIC)): "a zstandard file within another",
    re.compile(rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"): "a document of old Office",
    re.compile(rb"\x89PNG\r\n|\xff\xd8\xff|GIF8[79]a"): "a picture",
}
_WIDE = (b"\xff\xfe", b"\xfe\xff")


def document_end(data: bytes, named: str) -> str:
    """Return the end of the name that a document should have.

    It is '' for a page that is called like a document.

    Parameters
    ----------
    data : bytes
        The whole file, or its beginning.
    named : str
        The end of its name, '' if that tells nothing.

    Returns
    -------
    str
        As `unspun.crawl.documents.document.DOCUMENT_ENDS`.

    Examples
    --------
    >>> document_end(b"%PDF-1.7", ".docx"), document_end(b"PK", ".odt"), document_end(b"<html><p>Gone", ".pdf")
    ('.pdf', '.odt', '')
    """
    if data.startswith(PDF):
        return ".pdf"
    return "" if looks_like_html(data) else named


def fault_of(data: bytes, what: str) -> str:
    r"""Return why the bytes of a file are not what they are called; '' if they may be.

    Parameters
    ----------
    data : bytes
        All of them.
    what : str
        "page", "text", or another word: of that nothing is known here.

    Returns
    -------
    str
        A reason for its rejection.

    Examples
    --------
    >>> fault_of(b"PK\x03\x04", "page"), fault_of(b"<p>Rain", "page"), fault_of(b"Rain\0", "text")
    ('not a page: its first bytes are those of a zip file', '', 'not a text: it holds zero bytes')
    """
    if what not in ("page", "text"):
        return ""
    kind = next((kind for magic, kind in _NEITHER_PAGE_NOR_TEXT.items() if magic.match(data)), "")
    if kind:
        return f"not a {what}: its first bytes are those of {kind}"
    # Pages come in encodings that say so within.
    is_binary = what == "text" and b"\0" in data and not data.startswith(_WIDE)
    return "not a text: it holds zero bytes" if is_binary else ""
