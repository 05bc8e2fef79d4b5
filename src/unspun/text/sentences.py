"""Cut words into sentences.

At marks, at the ends of paragraphs, and where a sentence never ends.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from unspun.text.folding import DIGIT, LETTER, NEWLINE, SPACE, Folded
from unspun.text.repair.broken_words import WordPlaces
from unspun.text.token_text import BoolArray, IntArray

LONGEST_SENTENCE = 80
"""Words after which a sentence is cut where no mark ends it (texts without punctuation)."""
_CHUNK = (20, 40)

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
_CLOSERS = frozenset("\"')]}.!?\u2026*_")


def sentence_stops_of(
    folded: Folded, found: WordPlaces, marks: NDArray[np.intp], breaks: NDArray[np.int64]
) -> IntArray:
    """Return where sentences begin, in words, with the number of words at the end.

    Every paragraph begins one.

    Parameters
    ----------
    folded : Folded
        The text.
    found : WordPlaces
        Its n words.
    marks : int (k,)
        Where its marks stand, those inside of words aside.
    breaks : int64 (m,)
        Where its paragraphs end.

    Returns
    -------
    int32 (n_sentences + 1,)
        Rising, from 0 to n.
    """
    words, first, last = found
    n = len(words)
    stops = {0, n, *first.searchsorted(breaks).tolist()}
    codes = folded.codes[marks]
    places = marks[(codes == 46) | (codes == 33) | (codes == 63) | (codes == 0x2026)]
    after = folded.classes[np.minimum(places + 1, len(folded.classes) - 1)]
    places = places[(after != LETTER) & (after != DIGIT)]
    nexts = first.searchsorted(places)
    adjacent = (last[nexts - 1] == places).tolist() if n else []
    for place, k, follows in zip(places.tolist(), nexts.tolist(), adjacent, strict=False):
        if 0 < k < n and k not in stops and _ends_sentence(folded.normal, place, words, k, follows):
            stops.add(k)
    return np.array(sorted(stops), np.int32)


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


def paragraph_breaks(folded: Folded) -> NDArray[np.int64]:
    """Return the line ends that end a paragraph.

    All, unless lines are only wrapped to a width; then blank lines.
    """
    breaks = np.flatnonzero(folded.classes == NEWLINE)
    if not len(breaks):
        return breaks
    lengths = breaks.copy()
    lengths[1:] -= breaks[:-1]
    full = lengths[lengths > 1]
    wrapped = len(full) > 4 and full.max() <= 110 and (np.median(full) >= 50 or _are_full(folded, breaks))
    if not wrapped:
        return breaks
    solid = np.cumsum(folded.classes != SPACE)
    blank = np.diff(solid[breaks]) == 1
    return np.asarray(breaks[1:][blank])


def _are_full(folded: Folded, breaks: NDArray[np.int64]) -> bool:
    """Return whether lines are full, as in a narrow column: the next word would not have fitted."""
    blank = (folded.classes == SPACE) | (folded.classes == NEWLINE)
    gaps = np.append(np.flatnonzero(blank), len(blank))
    starts = np.concatenate([[0], breaks[:-1] + 1])
    lengths = breaks - starts
    next_words = gaps[np.searchsorted(gaps, breaks + 1)] - breaks - 1
    inner = (lengths > 1) & (next_words > 0)
    width = lengths.max()
    if width < _NARROWEST or np.count_nonzero(inner) < _FEWEST_LINES:
        return False
    fitted = lengths[inner] + 1 + next_words[inner] <= width
    return bool(fitted.mean() <= _RAGGED and lengths[inner].mean() >= width * _FILLED)


_NARROWEST, _FEWEST_LINES, _RAGGED, _FILLED = 22, 4, 0.15, 0.7
"""Letters, and lines that go on, from which lines may be a column's; share of ragged ones; how full they are."""


def cut_long(stops: IntArray, lemmas: IntArray) -> tuple[IntArray, BoolArray]:
    """Cut sentences that never end, at words chosen by content.

    So both texts of a pair are cut alike.

    Parameters
    ----------
    stops : int32 (n_sentences + 1,)
        Where sentences begin, in words, and the number of words.
    lemmas : int32 (n,)
        Ids of the lemmas of the words.

    Returns
    -------
    stops, soft : int32 (m + 1,), bool (m,)
        The same with the new cuts, and which sentences end at one.
    """
    lengths = stops[1:] - stops[:-1]
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
