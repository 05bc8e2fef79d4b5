"""Bytes to text without an error, whatever the page claims about itself."""

from __future__ import annotations

import codecs
import re

# Browsers read these labels as the supersets that pages labelled so are really written in (WHATWG Encoding).
_SUPERSETS = {
    "ascii": "cp1252",
    "us-ascii": "cp1252",
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "latin-1": "cp1252",
    "latin1": "cp1252",
    "iso-8859-9": "cp1254",
    "iso-8859-11": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "x-sjis": "cp932",
    "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949",
}
# Text in these is valid UTF-8 by looks, so only the declaration can tell.
_LOOK_LIKE_UTF8 = ("iso2022", "hz", "utf-16", "utf-32")
# Python calls these encodings; no page is written in them, and some raise even when told to replace.
_NOT_FOR_PAGES = frozenset(
    {"utf-7", "idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined", "mbcs", "oem"}
)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_META = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
# A name for the codec machinery, see the end.
_STRAY = "unspun.western"
MAX_ACCENT_RATE = 0.2
"""Western European has fewer accents among its characters than this; text in other scripts has hardly any others."""
_HEAD_BYTES = 2048
_PAGE = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--(?:(?!-->).)*+-->\s*)*+<(?:!doctype html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_PAGE_BEGINS = 4096
# Guessing looks at every byte several times; a sample of this size settles a page's encoding.
_GUESS_BYTES = 20_000


def looks_like_html(data: bytes) -> bool:
    """Tell whether bytes begin like a page.

    Crawlers save pages as ``index.php?page=2``, and a pipe has no name.

    >>> looks_like_html(b"<!-- saved --> <!DOCTYPE html><p>Rain"), looks_like_html(b"Rain fell on the <html> page.")
    (True, False)
    """
    return _PAGE.match(data[:_PAGE_BEGINS]) is not None


def decode(data: bytes, declared: str = "") -> str:
    r"""Decode a page or a text.

    A byte order mark decides; then UTF-8, if that is what the bytes are (text in another encoding hardly ever is valid
    UTF-8, while a wrong declaration is common); then the encoding declared; then a guess. What cannot be decoded
    at all becomes U+FFFD.

    Parameters
    ----------
    data : bytes
        The bytes as served.
    declared : str
        The encoding that the HTTP header names; '' looks for a ``meta`` element or XML declaration instead.

    Returns
    -------
    str
        The text, without its byte order mark. Never raises.

    Examples
    --------
    >>> decode("Café".encode("utf-8"), declared="iso-8859-1"), decode(b"\x93Caf\xe9\x94", "iso-8859-1")
    ('Café', '“Café”')
    >>> decode('<meta charset="windows-1251">Мост'.encode("cp1251"))[-4:]
    'Мост'
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    declared = _known(declared) or _declared_inside(data)
    order = [declared, "utf-8"] if declared.startswith(_LOOK_LIKE_UTF8) else ["utf-8", declared]
    for encoding in filter(None, order):
        try:
            return data.decode(encoding)
        except UnicodeError:
            continue
    return _guess(data, declared)


def _declared_inside(data: bytes) -> str:
    found = _META.search(data[:_HEAD_BYTES])
    name = _known(found[1].decode("ascii", "replace")) if found else ""
    # Whoever reads the word "utf-16" in single bytes is not reading UTF-16.
    return "" if name.startswith(("utf-16", "utf-32")) else name


def _known(name: str) -> str:
    """Return the name that Python decodes by, or '' for one it does not know as a text encoding."""
    name = name.strip(" \"';").lower()
    name = _SUPERSETS.get(name, name)
    try:
        "a".encode(name)  # fails for base64 and other codecs that are not of text
        name = codecs.lookup(name).name
    except (LookupError, UnicodeError, ValueError):
        return ""
    return "" if name in _NOT_FOR_PAGES else name


def _guess(data: bytes, declared: str) -> str:
    # A single stray byte must not cost a declaration that is otherwise right.
    if declared and declared != "utf-8":
        text = data.decode(declared, "replace")
        if text.count("\ufffd") <= len(text) / 1000 + 1:
            return text
    text = data.decode("utf-8", "replace")
    n_stray = text.count("\ufffd")
    n_odd = sum(not character.isascii() for character in text)
    # UTF-8 with some lines pasted in from elsewhere is still UTF-8.
    if n_odd - n_stray > n_stray:
        return data.decode("utf-8", _STRAY)
    # Accents and quotation marks here and there: browsers take it for Western European, and so it is, in English.
    if n_odd <= MAX_ACCENT_RATE * len(text):
        return data.decode("cp1252", "replace")
    from charset_normalizer import from_bytes  # only bytes that are not what they claim to be need it

    best = from_bytes(data[:_GUESS_BYTES]).best()
    return data.decode(best.encoding if best else declared or "cp1252", "replace")


def _as_western(error: UnicodeError) -> tuple[str, int]:
    """Decode the bytes that are not UTF-8, and no others, as Western European."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error(_STRAY, _as_western)
