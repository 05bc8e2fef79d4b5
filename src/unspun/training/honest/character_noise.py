r"""Spoil the letters of a text as typing, scanning, decoding and print columns do.

Each noise is a pure function ``(text, rng, rate) -> text``. The rate is the share of places that are hit: pages have
.5 % to 8 %. No word is chosen for its sense, so the change says nothing about spinning.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import numpy as np
from numpy.random import Generator

from unspun.training.honest.print_columns import hard_wrapped, line_end_hyphens
from unspun.training.honest.text_changes import Change, changed, hits

Noise = Callable[[str, Generator, float], str]
"""``(text, rng, rate) -> text``: pure; the rate in [0, 1] is about the share of places that are hit."""

_CONFUSED = (
    "rn m, m rn, cl d, d cl, vv w, w vv, l 1, 1 l, l I, I l, i l, l i, O 0, 0 O, o 0, e c, c e, h b, b h, h li, li h, "
    "n u, u n, u ii, ii u, ri n, in m, ni m, nn m, a o, o a, t f, f t, t l, s 5, S 5, 5 S, B 8, 8 B, g 9, q g, Z 2, "
    "b 6, G 6, y v, v y, r i, j i, fi ﬁ, fl ﬂ, ff ﬀ, E F, D O, H N, c o, e o, k lc, th tli, il ll, iv w"
)
OCR_CONFUSIONS: dict[str, tuple[str, ...]] = {}
"""What a scanner reads for letters that it does not make out."""
for _pair in _CONFUSED.split(", "):
    _read, _seen = _pair.split()
    OCR_CONFUSIONS[_read] = (*OCR_CONFUSIONS.get(_read, ()), _seen)
_CONFUSABLE = re.compile(f"(?=({'|'.join(sorted(map(re.escape, OCR_CONFUSIONS), key=len, reverse=True))}))")

_LETTER = re.compile(r"[^\W\d_]")
_TWO_LETTERS = re.compile(r"(?=([^\W\d_])(?!\1)[^\W\d_])")
_LONG_WORD = re.compile(r"[^\W\d_]{4,}")
_GAP = re.compile(r"(?<=[^\W\d_]) (?=[^\W\d_])")
_MARKS = re.compile(r"[^\x00-\x7f]+")
_OPENING_QUOTE = re.compile(r"(?:(?<=\s)|(?<=^)|(?<=[(\[]))[\"'](?=\w)", re.MULTILINE)
_DASH = re.compile(r"(?<=[\w\"',”’]) (?:-|--) (?=[\w\"'“‘])")


def transposed(text: str, rng: Generator, rate: float) -> str:
    """Return the text with neighbouring letters of words in the wrong order.

    Parameters
    ----------
    text : str
        Any text.
    rng : Generator
        All that is left to chance.
    rate : float
        Share of places that are hit, in [0, 1].

    Returns
    -------
    str

    Examples
    --------
    >>> transposed("Rain fell.", np.random.default_rng(1), 0.4)
    'Rani flel.'
    """
    return changed(text, ((i, i + 2, text[i + 1] + text[i]) for i in hits(_TWO_LETTERS, text, rng, rate)))


def dropped(text: str, rng: Generator, rate: float) -> str:
    """Return the text with letters missing.

    Parameters
    ----------
    text : str
        Any text.
    rng : Generator
        All that is left to chance.
    rate : float
        Share of places that are hit, in [0, 1].

    Returns
    -------
    str

    Examples
    --------
    >>> dropped("Rain fell.", np.random.default_rng(1), 0.4)
    'Ran ell.'
    """
    return changed(text, ((i, i + 1, "") for i in hits(_LETTER, text, rng, rate)))


def doubled(text: str, rng: Generator, rate: float) -> str:
    """Return the text with letters typed twice.

    Parameters
    ----------
    text : str
        Any text.
    rng : Generator
        All that is left to chance.
    rate : float
        Share of places that are hit, in [0, 1].

    Returns
    -------
    str

    Examples
    --------
    >>> doubled("Rain fell.", np.random.default_rng(1), 0.4)
    'Raiin ffell.'
    """
    return changed(text, ((i, i + 1, 2 * text[i]) for i in hits(_LETTER, text, rng, rate)))


def misread(text: str, rng: Generator, rate: float) -> str:
    """Return the text as a scanner reads it.

    Letters are taken for others that look alike (`OCR_CONFUSIONS`).

    Parameters
    ----------
    text : str
        Any text.
    rng : Generator
        All that is left to chance.
    rate : float
        Share of places that are hit, in [0, 1].

    Returns
    -------
    str

    Examples
    --------
    >>> misread("The modern clerk", np.random.default_rng(1), 0.2)
    'The rnodern cIerk'
    """
    return changed(text, _misreadings(text, rng, rate))


def _misreadings(text: str, rng: Generator, rate: float) -> Iterator[Change]:
    # Of all letters a share is hit, so the places where something can be confused are hit a little more often.
    for i in hits(_CONFUSABLE, text, rng, rate):
        found = [old for old in (text[i : i + 2], text[i]) if old in OCR_CONFUSIONS]
        old = found[int(rng.integers(len(found)))]
        seen = OCR_CONFUSIONS[old]
        yield i, i + len(old), seen[int(rng.integers(len(seen)))]


def split_words(text: str, rng: Generator, rate: float) -> str:
    """Return the text with blanks inside words of four letters or more.

    Parameters
    ----------
    text : str
        Any text.
    rng : Generator
        All that is left to chance.
    rate : float
        Share of places that are hit, in [0, 1].

    Returns
    -------
    str

    Examples
    --------
    >>> split_words("The harbour froze.", np.random.default_rng(2), 0.6)
    'The har bour froz e.'
    """
    words = [match.span() for match in _LONG_WORD.finditer(text)]
    chosen = [span for span, hit in zip(words, rng.random(len(words)) < rate, strict=True) if hit]
    places = [int(rng.integers(start + 1, stop)) for start, stop in chosen]
    return changed(text, ((place, place, " ") for place in places))


def glued_words(text: str, rng: Generator, rate: float) -> str:
    """Return the text with blanks between words missing.

    Parameters
    ----------
    text : str
        Any text.
    rng : Generator
        All that is left to chance.
    rate : float
        Share of places that are hit, in [0, 1].

    Returns
    -------
    str

    Examples
    --------
    >>> glued_words("The old harbour froze.", np.random.default_rng(1), 0.4)
    'The old harbourfroze.'
    """
    return changed(text, ((i, i + 1, "") for i in hits(_GAP, text, rng, rate)))


def mojibake(text: str, rng: Generator, rate: float) -> str:
    """Return the text with curly marks and accents decoded in the wrong way.

    The way is the same throughout. Straight quotation marks and dashes are set as books set them first. The rate is of
    all characters: at most every mark is hit.

    Parameters
    ----------
    text : str
        Any text.
    rng : Generator
        All that is left to chance.
    rate : float
        Share of places that are hit, in [0, 1].

    Returns
    -------
    str

    Examples
    --------
    >>> mojibake("The caf\u00e9 isn't open.", np.random.default_rng(2), 1.0)
    'The cafÃ© isnâ€™t open.'
    """
    text = typeset(text)
    marks = [match.span() for match in _MARKS.finditer(text)]
    wrongly = _WRONG_WAYS[int(rng.choice(len(_WRONG_WAYS), p=_CHANCES))]
    share = min(1.0, rate * len(text) / max(len(marks), 1))
    hits = (span for span, hit in zip(marks, rng.random(len(marks)) < share, strict=True) if hit)
    return changed(text, ((start, stop, wrongly(text[start:stop])) for start, stop in hits))


def _read_as(encoding: str) -> Callable[[str], str]:
    return lambda marks: marks.encode("utf-8", "ignore").decode(encoding, "ignore")


def _twice(marks: str) -> str:
    return _read_as("cp1252")(_read_as("cp1252")(marks))


_WRONG_WAYS: tuple[Callable[[str], str], ...] = (
    _read_as("cp1252"),
    _twice,
    _read_as("mac_roman"),
    lambda marks: "\ufffd" * len(marks),
    lambda marks: "?" * len(marks),
    lambda marks: "".join(f"&#{ord(mark)};" for mark in marks),
    lambda marks: "",
)
_CHANCES = (0.45, 0.1, 0.1, 0.12, 0.08, 0.1, 0.05)


def typeset(text: str) -> str:
    r"""Return the text with curly quotation marks and long dashes.

    >>> typeset('"It isn\'t," he said - twice.')
    '“It isn’t,” he said – twice.'
    """
    text = _OPENING_QUOTE.sub(lambda m: "“" if m[0] == '"' else "‘", text)
    return _DASH.sub(" – ", text.replace('"', "”").replace("'", "’"))


def scanned(text: str, rng: Generator, rate: float) -> str:
    """Return the text as an archive's scans hold it.

    Letters are misread, and in half of them words are broken or split.

    Parameters
    ----------
    text : str
        Any text.
    rng : Generator
        All that is left to chance.
    rate : float
        Share of places that are hit, in [0, 1].

    Returns
    -------
    str
    """
    lots, seeds = rng.random(2), rng.integers(2**62, size=3)
    text = misread(text, np.random.default_rng(seeds[0]), rate)
    if lots[0] < 0.5:
        text = split_words(text, np.random.default_rng(seeds[1]), rate / 2)
    return line_end_hyphens(text, np.random.default_rng(seeds[2]), 0.1) if lots[1] < 0.5 else text


NOISES: dict[str, Noise] = {
    "transposed": transposed,
    "dropped": dropped,
    "doubled": doubled,
    "misread": misread,
    "split": split_words,
    "glued": glued_words,
    "mojibake": mojibake,
    "line-end-hyphens": line_end_hyphens,
    "hard-wrapped": hard_wrapped,
    "scanned": scanned,
}
"""Every noise; the order is fixed."""
RATES = (0.005, 0.01, 0.02, 0.04, 0.08)
"""Rates that pages have."""


def noisy(text: str, rng: Generator, rate: float) -> str:
    """Return the text with one noise of `NOISES`, drawn.

    Parameters
    ----------
    text : str
        Any text.
    rng : Generator
        All that is left to chance.
    rate : float
        Share of places that are hit, in [0, 1].

    Returns
    -------
    str
    """
    return list(NOISES.values())[int(rng.integers(len(NOISES)))](text, rng, rate)
