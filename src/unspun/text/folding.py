"""Fold what a reader cannot see.

Invisible characters, typographic variants, look-alike letters, case.

The folded text is what is compared; every folded character knows the code point of the original it came from.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from unspun.text.repair.mojibake import wrongly_decoded
from unspun.text.token_text import IntArray

QUOTE, APOSTROPHE, DASH = '"', "'", "\u2014"
_DOUBLE_QUOTES = "\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033\u3003\uff02"
_SINGLE_QUOTES = "\u2018\u2019\u201a\u201b\u2032\u02bc\u00b4\u02b9\uff07"
_HYPHENS = "\u2010\u2011\u2212\ufe63\uff0d"
_DASHES = "\u2012\u2013\u2014\u2015"
_LINE_ENDS = "\u2028\u2029\u0085\v\f"
_FIXED = (
    dict.fromkeys(_DOUBLE_QUOTES, QUOTE)
    | dict.fromkeys(_SINGLE_QUOTES, APOSTROPHE)
    | dict.fromkeys(_HYPHENS, "-")
    | dict.fromkeys(_DASHES, DASH)
    | dict.fromkeys(_LINE_ENDS, "\n")
    | {"\u2026": "\u2026", "\ufffd": " "}
)

# Letters of other alphabets that are drawn like a Latin letter in common fonts (Unicode TR39 calls them confusable).
_LOOK_ALIKES = {
    **dict(zip("асԁеһіјӏорԛѕуѵԝхкмтпг", "acdehijlopqsyvwxkmtnr", strict=True)),
    **dict(zip("АВЕЅІЈКМНОРСТУХҮԌԚԜ", "abesijkmhopctyxygqw", strict=True)),
    **dict(zip("αεικνορτυωχγ", "aeikvoptuwxy", strict=True)),
    **dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "abezhikmnoptyx", strict=True)),
    **dict(zip("օսհոցքԼՍՕ", "ouhngplso", strict=True)),
    **dict(zip("ɑɡɩɪʏʀᴀᴄᴅᴇᴊᴋᴍᴏᴘᴛᴜᴠᴡᴢꜱıȷƅ", "agiiyracdejkmoptuvwzsijb", strict=True)),
}
_LOOK_ALIKES = {
    letter.upper(): twin
    for letter, twin in _LOOK_ALIKES.items()
    if len(letter.upper()) == 1 and not letter.upper().isascii()
} | _LOOK_ALIKES
_LOOK_ALIKE = re.compile(f"[{''.join(_LOOK_ALIKES)}]")
# Only from the beginning of a word: a text without spaces would be searched anew from each of its letters.
_LOOK_ALIKE_WORD = re.compile(rf"(?<![^\W\d_])[^\W\d_]*[{''.join(_LOOK_ALIKES)}][^\W\d_]*")
_LATIN = re.compile("[a-z\u00c0-\u024f]", re.IGNORECASE)
_MARK = re.compile("[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]")
_SOFT_SIGNS = "\u00ad\u00ac"
"""Signs of a word that goes on in the next line, which a reader sees as hyphens at its end."""
_SOFT_BREAK = re.compile(f"[{_SOFT_SIGNS}](?=[ \\t\\r]*\\n)")
_MARKS = re.compile(f"{_MARK.pattern}*")

SPACE, LETTER, DIGIT, NEWLINE, MARK = range(5)
"""Classes of folded characters."""


class Folded(NamedTuple):
    """A folded text.

    Attributes
    ----------
    normal : str
        What is compared: lower-case, one kind of quotes, no invisible characters.
    codes : uint32 (c,)
        Its code points.
    classes : uint8 (c,)
        SPACE, LETTER, DIGIT, NEWLINE or MARK of each.
    offsets : int32 (c + 1,) or None
        The original code point each came from; None where nothing moved.
    n_folded : int
        Look-alike letters, disguised letters and invisible characters that were folded.
    """

    normal: str
    codes: NDArray[np.uint32]
    classes: NDArray[np.uint8]
    offsets: IntArray | None
    n_folded: int


def _ascii_tables() -> tuple[bytes, bytes]:
    """Return what every byte is folded to, and the class of every folded byte."""
    lower = np.arange(256, dtype=np.uint8)
    lower[65:91] += 32
    lower[:32] = 32
    lower[127] = 32
    lower[[10, 11, 12]] = 10
    lower[96] = 39
    classes = np.full(256, MARK, np.uint8)
    classes[32] = SPACE
    classes[10] = NEWLINE
    classes[48:58] = DIGIT
    classes[97:123] = LETTER
    return lower.tobytes(), classes.tobytes()


_ASCII_LOWER, _ASCII_CLASS = _ascii_tables()


@lru_cache(maxsize=8192)
def _fold_character(character: str) -> tuple[str, bool]:
    """Return what a non-ASCII character is compared as, and whether it was a disguise.

    The number of a footnote and a trade mark are no part of the word before them, a fraction none of the number.

    >>> _fold_character("\u00b9"), _fold_character("\u00bd"), _fold_character("\u2082")
    (('', False), (' 0.5', False), ('2', False))
    """
    if character in _FIXED:
        return _FIXED[character], False
    category = unicodedata.category(character)
    if category == "Cf" or "\ufe00" <= character <= "\ufe0f":
        return "", character not in "\ufeff\u00ad"
    if category in ("Cc", "Cs", "Co", "Cn", "Zs", "Zl", "Zp"):
        return " ", False
    form = unicodedata.decomposition(character).partition(" ")[0]
    if form == "<super>" and category in ("No", "So"):
        return "", False
    if form == "<fraction>" and (value := unicodedata.numeric(character, None)) is not None:
        return f" {value:.3g}", False
    plain = unicodedata.normalize("NFKC", character)
    disguised = plain != character and category[0] == "L" and plain.isascii() and not "\ufb00" <= character <= "\ufb06"
    return plain.lower(), disguised


@lru_cache(maxsize=8192)
def _class_of(character: str) -> int:
    """Return the class of a folded character."""
    if character.isascii():
        return _ASCII_CLASS[ord(character)]
    if character.isalpha() or unicodedata.category(character)[0] == "M":
        return LETTER
    if character.isnumeric():
        return DIGIT
    return SPACE if character.isspace() else MARK


def _replace_look_alikes(text: str) -> tuple[str, int]:
    """Return the text with look-alike letters of words that mix alphabets replaced, and how many there were.

    Words wholly of another alphabet stay (real Russian is no disguise) unless every letter of theirs has a Latin
    twin and the text around them is Latin.
    """
    counted = 0
    mostly_latin = 2 * len(_LATIN.findall(text)) > sum(map(str.isalpha, text))

    def replace(match: re.Match[str]) -> str:
        nonlocal counted
        word = match.group()
        mixed = _LATIN.search(word) is not None
        if not mixed and not (mostly_latin and all(letter in _LOOK_ALIKES for letter in word)):
            return word
        counted += sum(letter in _LOOK_ALIKES for letter in word)
        return "".join(_LOOK_ALIKES.get(letter, letter) for letter in word)

    return _LOOK_ALIKE_WORD.sub(replace, text), counted


def _compose(text: str, codes: NDArray[np.uint32], kept: NDArray[np.bool_]) -> None:
    """Put combining marks onto the letter before them, in place; marks that fit no letter are dropped."""
    base = last = -1
    for match in _MARK.finditer(text):
        at = match.start()
        kept[at] = False
        # Marks in a row share the letter before the first of them.
        base, last = (base if last == at - 1 else at - 1), at
        if base < 0:
            continue
        whole = unicodedata.normalize("NFC", chr(codes[base]) + match.group())
        if len(whole) == 1:
            codes[base] = ord(whole)


def after_marks(text: str, place: int) -> int:
    r"""Return where the combining marks end that begin at a place of a text.

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
    >>> after_marks("cafe\u0301s", 4), after_marks("cafe\u0301s", 5)
    (5, 5)
    """
    found = _MARKS.match(text, place)
    return found.end() if found else place


def fold(text: str) -> Folded:
    r"""Return the text as it is compared.

    Parameters
    ----------
    text : str
        Any text; lone surrogates, controls and NUL become spaces.

    Returns
    -------
    Folded
        Its ``offsets`` lead back into ``text``.

    Examples
    --------
    >>> fold("It\u2019s \u201cReady\u201d").normal
    'it\'s "ready"'
    >>> fold("It isn\u00e2\u20ac\u2122t").normal
    "it isn't"
    >>> fold("p\u0430ypal, \u0440\u0443\u0441\u0441\u043a\u0438\u0439").normal
    'paypal, русский'
    >>> folded = fold("e\ufb00ect")
    >>> folded.normal, folded.offsets.tolist()
    ('effect', [0, 1, 1, 2, 3, 4, 5])
    """
    if text.isascii() and "&" not in text:
        folded = text.encode("ascii").translate(_ASCII_LOWER)
        codes = _bytes_of(folded).astype(np.uint32)
        return Folded(folded.decode("ascii"), codes, _bytes_of(folded.translate(_ASCII_CLASS)), None, 0)
    n_folded, codes = 0, _codes(text)
    # A text has a few kinds of foreign characters: what they are is looked for among these, not all along the text.
    kinds = "".join(map(chr, sorted(set(codes[codes > 127].tolist()))))
    if _LOOK_ALIKE.search(kinds):
        text, n_folded = _replace_look_alikes(text)
        codes = _codes(text)
    kept = np.ones(len(codes), np.bool_)
    for start, stop, meant in wrongly_decoded(text, kinds):
        codes[start : start + len(meant)] = [ord(character) for character in meant]
        kept[start + len(meant) : stop] = False
    if _MARK.search(kinds):
        _compose(text, codes, kept)
    for found in () if frozenset(_SOFT_SIGNS).isdisjoint(kinds) else _SOFT_BREAK.finditer(text):
        codes[found.start()] = ord("-")
    return _fold_distinct(codes, kept, n_folded)


def without(folded: Folded, spans: Iterable[tuple[int, int]]) -> Folded:
    """Return a folded text with blanks in place of some ranges, line ends aside.

    Parameters
    ----------
    folded : Folded
        The text.
    spans : iterable of (int, int)
        Half-open ranges of the text before it was folded.

    Returns
    -------
    Folded
        As long as before.

    Examples
    --------
    >>> without(fold("The `ls` here."), [(4, 8)]).normal
    'the      here.'
    """
    found = [*spans]
    if not found:
        return folded
    bounds = np.array(found, np.int64)
    if folded.offsets is not None:
        bounds = np.searchsorted(folded.offsets, bounds)
    codes, classes = folded.codes.copy(), folded.classes.copy()
    for start, stop in bounds.tolist():
        blank = start + np.flatnonzero(classes[start:stop] != NEWLINE)
        codes[blank], classes[blank] = 32, SPACE
    return folded._replace(normal=_string(codes), codes=codes, classes=classes)


def _codes(text: str) -> NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32).copy()


def _fold_distinct(codes: NDArray[np.uint32], kept: NDArray[np.bool_], n_folded: int) -> Folded:
    """Fold each distinct foreign character once, wherever it stands."""
    (foreign,) = (codes > 127).nonzero()
    by_kind = foreign[codes[foreign].argsort(kind="stable")]
    kinds = codes[by_kind]
    starts = [0, *((kinds[1:] != kinds[:-1]).nonzero()[0] + 1).tolist()] if len(kinds) else []
    lower = _ascii(codes).translate(_ASCII_LOWER)
    folded, classes = _bytes_of(lower).astype(np.uint32), _bytes_of(lower.translate(_ASCII_CLASS))
    longer: dict[int, str] = {}
    for start, stop in zip(starts, [*starts[1:], len(kinds)], strict=False):
        plain, disguised = _fold_character(chr(kinds[start]))
        places = by_kind[start:stop]
        n_folded += len(places) * disguised
        if not plain:
            kept[places] = False
        elif len(plain) == 1:
            folded[places], classes[places] = ord(plain), _class_of(plain)
        else:
            longer.update(dict.fromkeys(places.tolist(), plain))
    if longer or not kept.all():
        return _moved(folded, kept, longer, n_folded)
    return Folded(_string(folded), folded, classes, None, n_folded)


def _moved(codes: NDArray[np.uint32], kept: NDArray[np.bool_], longer: dict[int, str], n_folded: int) -> Folded:
    """Drop and expand characters, remembering where every one came from."""
    counts = kept.astype(np.int64)
    for place, plain in longer.items():
        counts[place] *= len(plain)
    offsets = np.repeat(np.arange(len(codes), dtype=np.int32), counts)
    out = np.repeat(codes, counts)
    firsts = np.cumsum(counts) - counts
    for place, plain in longer.items():
        if counts[place]:
            out[firsts[place] : firsts[place] + len(plain)] = [ord(c) for c in plain]
    return Folded(_string(out), out, _classes(out), np.append(offsets, np.int32(len(codes))), n_folded)


def _classes(codes: NDArray[np.uint32]) -> NDArray[np.uint8]:
    classes = _bytes_of(_ascii(codes).translate(_ASCII_CLASS))
    foreign = np.flatnonzero(codes > 127)
    if len(foreign):
        own = codes[foreign].tolist()
        known = {code: _class_of(chr(code)) for code in set(own)}
        classes[foreign] = [known[code] for code in own]
    return classes


def _ascii(codes: NDArray[np.uint32]) -> bytes:
    """Return code points as bytes, which are translated faster; 127 for those beyond ASCII."""
    return np.minimum(codes, 127).astype(np.uint8).tobytes()


def _bytes_of(values: bytes) -> NDArray[np.uint8]:
    """Return bytes as an array that can be written to."""
    return np.frombuffer(bytearray(values), np.uint8)


def _string(codes: NDArray[np.uint32]) -> str:
    if codes.max(initial=0) < 256:
        return codes.astype(np.uint8).tobytes().decode("latin-1")
    return codes.astype("<u4", copy=False).tobytes().decode("utf-32-le", "replace")
