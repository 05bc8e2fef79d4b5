"""Find characters that were decoded in the wrong way, or never.

They are as in `isnâ€™t` and `isn&#8217;t`, for `isn’t`.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from functools import lru_cache

_BEGINS = frozenset("\u00c2\u00c3\u00e2\u221a\u201a\u00ac")
"""Characters with which what was wrongly decoded begins."""
_AFTER = "\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122"
_CP1252 = rf"(?:[\u00c2\u00c3][{_AFTER}]|\u00e2[{_AFTER}]{{2}}|\u00e2\u20ac)+"
_MAC = "(?:\u201a\u00c4[\u00f2\u00f4\u00f6\u00fa\u00f9\u00ee\u00ec\u00ef\u00b6\u00a2]|\u221a[^\\x00-\\x7f\\s])+"
_REFERENCE = r"&(?:#\d{2,5}|#[xX][0-9a-fA-F]{2,4}|amp|quot|apos|nbsp|[lr][sd]quo|[mn]dash|hellip|[lg]t);"
_WRONG = re.compile(f"{_CP1252}|{_MAC}|{_REFERENCE}")
_REFERENCES = re.compile(_REFERENCE)


def wrongly_decoded(text: str, kinds: str) -> Iterator[tuple[int, int, str]]:
    """Yield where characters were decoded in the wrong way, and what stood there.

    Parameters
    ----------
    text : str
        Any text.
    kinds : str
        The characters beyond ASCII that it has, each once.

    Yields
    ------
    int, int, str
        Start, stop, and at most as many characters.

    Examples
    --------
    >>> list(wrongly_decoded("It isnâ€™t &amp; wasnâ€™t", "â€™"))
    [(6, 9, '’'), (11, 16, '&'), (21, 24, '’')]
    """
    pattern = _REFERENCES if _BEGINS.isdisjoint(kinds) else _WRONG
    if pattern is _REFERENCES and "&" not in text:
        return
    for found in pattern.finditer(text):
        meant = _meant(found[0])
        if meant != found[0]:
            yield *found.span(), meant


_LONGEST = 12
"""Characters that one was decoded to at most."""


def after_wrong(text: str, place: int) -> int:
    """Return where the wrongly decoded characters at a place of a text end.

    The place itself where there are none.

    Parameters
    ----------
    text : str
        The text.
    place : int
        An offset in it.

    Returns
    -------
    int
        An offset.

    Examples
    --------
    >>> after_wrong("cafÃ©", 4), after_wrong("cafÃ©", 3)
    (5, 3)
    """
    around = _WRONG.finditer(text, max(place - _LONGEST, 0), min(place + _LONGEST, len(text)))
    return next((found.end() for found in around if found.start() < place < found.end()), place)


@lru_cache(maxsize=1024)
def _meant(wrong: str) -> str:
    """Return what was decoded in the wrong way; the same where it is nothing."""
    if wrong[0] == "&":
        return html.unescape(wrong)[:1] or wrong
    # The last byte of a closing quotation mark is no character of the code page: it is left out as a rule.
    whole = re.sub("\u00e2\u20ac(?![\u0080-\u00bf\u0152-\u2122])", "\u00e2\u20ac\x9d", wrong)
    for encoding in ("cp1252", "mac_roman"):
        try:
            meant = b"".join(_byte(one, encoding) for one in whole).decode()
        except (UnicodeEncodeError, UnicodeDecodeError):
            continue
        again = _WRONG.fullmatch(meant)
        return _meant(meant) if again else meant
    return wrong


def _byte(character: str, encoding: str) -> bytes:
    # Five bytes are no characters of the code page; decoders pass them through.
    return bytes([ord(character)]) if "\x80" <= character <= "\x9f" else character.encode(encoding)
