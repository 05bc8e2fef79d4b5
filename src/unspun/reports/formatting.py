"""Format numbers and words as every report shows them.

There is one rounding for terminal, page and file, and nothing that hides.

What is shown comes from crawled pages and is hostile until shown otherwise. Each format escapes in its own way; this
takes away what escaping leaves: directions, invisible characters, stacked accents, line breaks in names.
"""

from __future__ import annotations

import math
import re

from unspun.io.labels import probability as probability

NAME_LIMIT = 200
"""Characters of a title, an address or a reason that a report shows."""

# Direction marks turn what follows around, zero-width characters hide between letters: both are shown by name.
_INVISIBLE = (
    "\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0"
    "\U000e0000-\U000e0fff"
)
_NAMED = re.compile(f"[{_INVISIBLE}]")
# Control characters, lone surrogates and what is no character at all would make bad HTML, XML, JSON or UTF-8.
_BROKEN = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufff9-\uffff]")
_MARK = "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f]"
_STACK = re.compile(f"({_MARK}{{3}}){_MARK}+")
_SURROGATES = re.compile("[\ud800-\udfff]")


def visible(text: str) -> str:
    r"""Return a text in which nothing hides, turns or towers over lines.

    Examples
    --------
    >>> visible("pay\u202Elap\x00 caf\u00e9")
    'pay⟨U+202E⟩lap\ufffd café'
    """
    if text.isascii() and text.isprintable():
        return text
    text = _BROKEN.sub("\ufffd", text)
    return _STACK.sub(r"\1", _NAMED.sub(lambda found: f"⟨U+{ord(found[0]):04X}⟩", text))


def one_line(text: str, limit: int = NAME_LIMIT) -> str:
    r"""Return a text on one line of at most ``limit`` characters.

    It is safe to show; see `visible`.

    Parameters
    ----------
    text : str
        Any text, also a hostile one.
    limit : int
        Characters at most.

    Returns
    -------
    str
        What is cut ends in an ellipsis.

    Examples
    --------
    >>> one_line("Barrier\n\n# Verdict: copied", 12)
    'Barrier # V…'
    """
    # Whatever is beyond ten limits cannot be seen, and splitting megabytes takes time.
    text = visible(" ".join(text[: 10 * limit].split()))
    return text if len(text) <= limit else text[: limit - 1] + "…"


def encodable(text: str) -> str:
    r"""Return a text without lone surrogates, as long as before.

    Neither UTF-8 nor most readers of JSON can take them.

    >>> encodable("a\ud800b")
    'a\ufffdb'
    """
    return text if text.isascii() else _SURROGATES.sub("\ufffd", text)


def number(value: float, digits: int = 2, sign: bool = False) -> str:
    """Return a number as reports print it.

    A true minus sign, and a word where there is none.

    Parameters
    ----------
    value : float
        Any number, NaN too.
    digits : int
        Digits behind the point.
    sign : bool
        Show the sign of positive numbers too.

    Returns
    -------
    str
        The number.

    Examples
    --------
    >>> number(-0.456), number(float("nan")), number(0.25, 1, sign=True)
    ('−0.46', 'unknown', '+0.2')
    """
    if not math.isfinite(value):
        return "unknown"
    text = f"{value:+.{digits}f}" if sign else f"{value:.{digits}f}"
    # -0.00 would claim a direction that is not there.
    return text.lstrip("+-") if not text.strip("+-0.") else text.replace("-", "−")


def percent(share: float) -> str:
    """Return a share in per cent.

    Examples
    --------
    >>> percent(0.973), percent(float("nan"))
    ('97%', 'unknown')
    """
    return f"{100 * share:.0f}%" if math.isfinite(share) else "unknown"


def plural(n: int, word: str) -> str:
    """Return a count with its noun.

    Parameters
    ----------
    n : int
        How many.
    word : str
        The noun in the singular.

    Returns
    -------
    str
        Both, with commas between thousands.

    Examples
    --------
    >>> plural(1, "page"), plural(1200, "page"), plural(2, "copy")
    ('1 page', '1,200 pages', '2 copies')
    """
    if n != 1:
        word = word[:-1] + "ies" if re.search("[^aeiou]y$", word) else word + "s"
    return f"{n:,} {word}"
