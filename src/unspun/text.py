"""Read a text once: fold it, cut it into sentences and words, look every word up.

Nothing here depends on capital letters, so that a text and its lower-cased copy are read alike.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from unspun import furniture
from unspun.folding import DIGIT, LETTER, NEWLINE, SPACE, Folded, after_marks, fold
from unspun.lexicon import load_lexicon
from unspun.types import BoolArray, IntArray, TokenText

LONGEST_SENTENCE = 80
"""Words after which a sentence is cut where no mark ends it (texts without punctuation)."""
_CHUNK = (20, 40)
_LONGEST_QUOTATION = 400
_LONGEST_SINGLE_QUOTATION = 60

ABBREVIATIONS = frozenset(
    "mr mrs ms dr prof st sr jr rev hon gen col lt capt sgt maj cmdr adm gov sen rep pres supt insp det "
    "vs v cf al viz approx est fig figs vol pp ed eds mt ft jan feb mar apr jun jul aug sep sept oct nov dec "
    "mon tue wed thu fri sat sun messrs mme mlle fr pvt cpl e.g i.e".split()
)
STARTERS = frozenset(
    "the a an he she it they we you i this these those there his her its their our my however meanwhile".split()
)
"""Words that may open a sentence after an initial or an abbreviation with inner dots (`the U.S. The ...`)."""
SPEECH = frozenset(
    "said says asked asks added adds replied told wrote writes explained insisted shouted cried joked according "
    "wondered exclaimed".split()
)
_PRONOUNS = frozenset("he she they i we it one".split())
_OPENS_POSSESSIVE = 1
"""A control character: folding leaves none in a text."""
_CLOSERS = frozenset("\"')]}.!?\u2026*_")


def read_text(text: str) -> TokenText:
    """Return the text as arrays of words, sentences, quotations and marks.

    Parameters
    ----------
    text : str
        Any text, also empty; bad characters never fail.

    Returns
    -------
    TokenText
        Offsets are code points of ``text``.

    Examples
    --------
    >>> t = read_text("Dr. Vane paid $3.5m. “It’s fair,” she said.")
    >>> t.words
    ('dr', 'vane', 'paid', '3.5m', 'it', "'s", 'fair', 'she', 'said')
    >>> t.sentence_stops.tolist(), t.quotes.tolist()
    ([0, 4, 9], [0, 0, 0, 0, 1, 1, 1, 0, 0])
    >>> t.span(4, 7)
    'It’s fair'
    """
    folded = fold(text)
    inside, possessive = _inside_words(folded)
    first, last = _bounds(inside, possessive)
    normal = folded.normal
    words = _cut(folded, inside, possessive)
    lexicon = load_lexicon()
    ids = lexicon.lookup(words)
    lemmas = lexicon.lemmas(ids)
    breaks = _paragraph_breaks(folded)
    stops = _sentence_stops(folded, words, first, last, breaks)
    stops, soft = _cut_long(stops, lemmas)
    marks = np.flatnonzero(~inside & (folded.classes > NEWLINE))
    starts, ends = _original(text, folded, first, last)
    return TokenText(
        text=text,
        words=words,
        starts=starts,
        ends=ends,
        ids=ids,
        lemmas=lemmas,
        sentence_stops=stops,
        soft=soft,
        furniture=_furniture(normal, words, stops, first, last),
        quotes=_quotations(folded, first, breaks),
        mark_codes=folded.codes[marks],
        mark_words=np.searchsorted(first, marks).astype(np.int32),
        n_folded=folded.n_folded,
    )


def _original(text: str, folded: Folded, first: IntArray, last: IntArray) -> tuple[IntArray, IntArray]:
    """Return where the words begin and end in the text as it was given, with the accents of their last letters."""
    if folded.offsets is None:
        return first, last
    ends = (folded.offsets[last - 1] + 1 if len(last) else last).astype(np.int32)
    for k in np.flatnonzero(folded.offsets[last] > ends).tolist():
        ends[k] = after_marks(text, int(ends[k]))
    return folded.offsets[first], ends


def word_bounds(folded: Folded) -> tuple[IntArray, IntArray]:
    """Return first and past-last code points of the words of a folded text, two int32 arrays.

    Letters and digits make words; an apostrophe between letters, a point or comma between digits and the points of
    initials hold one together; a possessive ``'s`` is a word of its own, since it comes and goes with the syntax.

    >>> [fold("The U.S. won't pay Ann's 1,500.").normal[a:b]
    ...  for a, b in zip(*word_bounds(fold("The U.S. won't pay Ann's 1,500.")))]
    ['the', 'u.s', "won't", 'pay', 'ann', "'s", '1,500']
    """
    return _bounds(*_inside_words(folded))


def _inside_words(folded: Folded) -> tuple[BoolArray, BoolArray]:
    """Return which code points are in words, and which of them begin a possessive."""
    n = len(folded.codes)
    codes, classes = np.full(n + 4, 32, np.uint32), np.full(n + 4, SPACE, np.uint8)
    codes[2:-2], classes[2:-2] = folded.codes, folded.classes
    letter, digit = classes == LETTER, classes == DIGIT
    solid = letter | digit
    # Views of the neighbours: the padding of two on both sides keeps every shift inside.
    here, left, right, left2, right2 = (slice(2 + k, n + 2 + k) for k in (0, -1, 1, -2, 2))
    points = codes[here]
    between_letters = letter[left] & letter[right]
    joined = (points == 39) & between_letters
    numeric = ((points == 44) | (points == 46) | (points == 58)) & digit[left] & digit[right]
    initials = (points == 46) & between_letters & ~solid[left2] & ~solid[right2]
    possessive = joined & (codes[right] == 115) & ~solid[right2]
    possessive[:-2] &= ~joined[2:]
    return solid[here] | joined | numeric | initials, possessive


def _bounds(inside: BoolArray, possessive: BoolArray) -> tuple[IntArray, IntArray]:
    starts, stops = inside.copy(), inside.copy()
    starts[1:] &= ~inside[:-1] | possessive[1:]
    stops[:-1] &= ~inside[1:] | possessive[1:]
    return np.flatnonzero(starts).astype(np.int32), (np.flatnonzero(stops) + 1).astype(np.int32)


def _cut(folded: Folded, inside: BoolArray, possessive: BoolArray) -> tuple[str, ...]:
    """Return the words: the text with all else blank, cut at the blanks, in half the time of as many slices."""
    codes = np.where(inside, folded.codes, np.uint32(32))
    codes[possessive] = _OPENS_POSSESSIVE
    ascii_only = folded.normal.isascii()
    spaced = codes.astype(np.uint8).tobytes().decode("ascii") if ascii_only else codes.tobytes().decode("utf-32-le")
    return tuple(spaced.replace(chr(_OPENS_POSSESSIVE), " '").split())


def _sentence_stops(
    folded: Folded, words: tuple[str, ...], first: IntArray, last: IntArray, breaks: NDArray[np.int64]
) -> IntArray:
    """Return where sentences begin, in words, with the number of words at the end; every paragraph begins one."""
    n = len(words)
    found = {0, n, *np.searchsorted(first, breaks).tolist()}
    codes, classes, normal = folded.codes, folded.classes, folded.normal
    after = np.append(classes[1:], NEWLINE)
    terminal = (codes == 46) | (codes == 33) | (codes == 63) | (codes == 0x2026)
    places = np.flatnonzero(terminal & (after != LETTER) & (after != DIGIT))
    nexts = np.searchsorted(first, places)
    for place, k in zip(places.tolist(), nexts.tolist(), strict=True):
        if 0 < k < n and k not in found and _ends_sentence(normal, place, words, k, last[k - 1] == place):
            found.add(k)
    return np.array(sorted(found), np.int32)


def _ends_sentence(normal: str, place: int, words: tuple[str, ...], k: int, adjacent: bool) -> bool:
    """Whether the mark at ``place``, before word ``k``, ends a sentence."""
    after = place + 1
    while after < len(normal) and normal[after] in _CLOSERS:
        after += 1
    if after < len(normal) and not normal[after].isspace():
        return False
    following = words[k]
    if normal[place] == ".":
        return not adjacent or _full_stop(words[k - 1], following)
    speech = following in SPEECH or (following in _PRONOUNS and k + 1 < len(words) and words[k + 1] in SPEECH)
    return not (speech and after > place + 1)


def _full_stop(word: str, following: str) -> bool:
    """Whether a point after ``word`` is a full stop and not part of an abbreviation or an initial."""
    if word in ABBREVIATIONS:
        return False
    if word == "no":
        return not following[0].isdigit()
    initial = (len(word) == 1 and word.isalpha() and word != "i") or ("." in word and word[0].isalpha())
    return not initial or following in STARTERS


def _paragraph_breaks(folded: Folded) -> NDArray[np.int64]:
    """Return the line ends that end a paragraph: all, unless lines are only wrapped to a width; then blank lines."""
    breaks = np.flatnonzero(folded.classes == NEWLINE)
    if not len(breaks):
        return breaks
    lengths = np.diff(np.concatenate([[0], breaks]))
    full = lengths[lengths > 1]
    wrapped = len(full) > 4 and full.max() <= 110 and np.median(full) >= 50
    if not wrapped:
        return breaks
    solid = np.cumsum(folded.classes != SPACE)
    blank = np.diff(solid[breaks]) == 1
    return np.asarray(breaks[1:][blank])


def _cut_long(stops: IntArray, lemmas: IntArray) -> tuple[IntArray, BoolArray]:
    """Cut sentences that never end, at words chosen by content, so that both texts of a pair are cut alike."""
    lengths = np.diff(stops)
    if not len(lengths) or lengths.max() <= LONGEST_SENTENCE:
        return stops, np.zeros(len(lengths), np.bool_)
    rank = (lemmas.astype(np.uint64) * np.uint64(2654435761)) % np.uint64(2**32)
    out, soft = [0], []
    for start, stop in zip(stops[:-1].tolist(), stops[1:].tolist(), strict=True):
        if stop - start > LONGEST_SENTENCE:
            while stop - start > _CHUNK[1]:
                window = rank[start + _CHUNK[0] : start + _CHUNK[1]]
                start = start + _CHUNK[0] + int(window.argmin())
                out.append(start)
                soft.append(True)
        out.append(stop)
        soft.append(False)
    return np.array(out, np.int32), np.array(soft, np.bool_)


@lru_cache(maxsize=1)
def _triggers() -> dict[str, tuple[str, ...]]:
    """Return the phrases of furniture by their rarest word: only those whose word a text has need a closer look."""
    lexicon = load_lexicon()
    found: dict[str, tuple[str, ...]] = {}
    for phrase in furniture.FURNITURE_PHRASES:
        words = [word.strip(",.:()") for word in phrase.split()]
        rarest = min(words, key=lambda word: lexicon.zipf[lexicon.row(lexicon.lookup([word]))[0]])
        found[rarest] = (*found.get(rarest, ()), phrase)
    return found


def _furniture(normal: str, words: tuple[str, ...], stops: IntArray, first: IntArray, last: IntArray) -> BoolArray:
    """Return which sentences are page furniture, looking closer only where a phrase of furniture may occur."""
    flags = np.zeros(len(stops) - 1, np.bool_)
    triggers = _triggers()
    if not any(phrase in normal for word in triggers.keys() & words for phrase in triggers[word]):
        return flags
    for k, (start, stop) in enumerate(zip(stops[:-1].tolist(), stops[1:].tolist(), strict=True)):
        flags[k] = furniture.is_furniture(normal[first[start] : last[stop - 1]])
    return flags


def _quotations(folded: Folded, first: IntArray, breaks: NDArray[np.int64]) -> IntArray:
    """Return for each word the number of the quotation it is in, 0 for none."""
    quotes = np.zeros(len(first), np.int32)
    number = 0
    found = _double_quotations(folded, breaks) + _single_quotations(folded, breaks)
    bounds = np.searchsorted(first, np.array(found, np.int64).reshape(-1, 2)).tolist()
    for (opening, _), (a, b) in zip(found, bounds, strict=True):
        limit = _LONGEST_QUOTATION if folded.normal[opening] == '"' else _LONGEST_SINGLE_QUOTATION
        if 0 < b - a <= limit and not quotes[a:b].any():
            number += 1
            quotes[a:b] = number
    return quotes


def _double_quotations(folded: Folded, breaks: NDArray[np.int64]) -> list[tuple[int, int]]:
    """Pair double marks within each paragraph; one that stays open ends with its paragraph."""
    found, opened = [], -1
    for place in np.sort(np.concatenate([np.flatnonzero(folded.codes == 34), breaks])).tolist():
        if opened >= 0:
            found.append((opened, place))
            opened = -1
        elif folded.codes[place] == 34:
            opened = place
    return found


def _single_quotations(folded: Folded, breaks: NDArray[np.int64]) -> list[tuple[int, int]]:
    """Pair single marks that open before a word and close after one, within a paragraph; ``'90s`` opens none."""
    marks = np.flatnonzero(folded.codes == 39)
    if not len(marks):
        return []
    classes = np.concatenate([[SPACE], folded.classes, [SPACE]])
    left, right = classes[marks], classes[marks + 2]
    opens = (left != LETTER) & (left != DIGIT) & (right != SPACE) & (right != DIGIT)
    closes = (left != SPACE) & (right != LETTER) & (right != DIGIT)
    opening, closing = set(marks[opens].tolist()), set(marks[closes].tolist())
    found, opened = [], -1
    for place in sorted({*opening, *closing, *breaks.tolist()}):
        if opened >= 0 and place in closing:
            found.append((opened, place))
            opened = -1
        else:
            opened = place if place in opening else -1
    return found
