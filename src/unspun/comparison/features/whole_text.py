"""Compare whole texts, whether sentences are aligned or not.

Compared are words, lengths, order, and the course of meaning.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import LCSseq

from unspun.comparison.features.feature import INF, NAN, NEGATED, Batch, feature, of_either_text
from unspun.comparison.features.meaning import rows_of_vectors, vectors_at
from unspun.comparison.features.shared_words import LONGEST_TEXTS
from unspun.comparison.layout.joined_texts import Joined, bounds_of, parts
from unspun.comparison.layout.pair_view import View
from unspun.comparison.layout.segments import Numbers, Places, logs, owners_of, ratio, with_owners
from unspun.comparison.layout.shared_kinds import Kinds, shares_of_kinds
from unspun.comparison.sentence_alignment import word_weights
from unspun.text.token_text import BoolArray, FloatArray, IntArray, once
from unspun.text.word_classes import WordClasses


def _shares_in_whole(v: View) -> list[Numbers]:
    looked = zip(*(_looked_for(texts) for texts in v.texts), strict=True)
    return shares_of_kinds(list(looked))


def _looked_for(texts: Joined) -> list[Kinds]:
    """Return what is looked for in texts, boilerplate aside."""
    own = ~texts.in_boilerplate
    places = [np.flatnonzero(find(texts.classes) & own) for find in CONTAINED_IN_WHOLE.functions]
    return [(texts.ids[some], texts.words.chosen(some)) for some in places]


CONTAINED_IN_WHOLE: Batch[Callable[[WordClasses], BoolArray]] = Batch(_shares_in_whole, whole=True)
"""Shares of what one text has that the other has: a function says which words to look for."""


@CONTAINED_IN_WHOLE.of_either_text(
    0, 1, identical=1, family="shared", label="distinct content words anywhere that the other has, {text}"
)
def whole_content(classes: WordClasses) -> BoolArray:
    """Return the share of this text's content words that the other has.

    Distinct words, anywhere in the other; NaN without any. Measured whether anything is aligned or not: a rewriter may
    leave no sentence that can be told again, and still the words that the subject needs.

    >>> whole_content.between("The old ferry sank.", "A storm came. The ferry sank.")
    (0.667, 0.5)
    """
    return classes.content


@CONTAINED_IN_WHOLE.of_either_text(
    0,
    1,
    identical=None,
    family="shared",
    label="distinct numbers and rare words anywhere that the other has, {text}",
)
def whole_rare(classes: WordClasses) -> BoolArray:
    """Return the same as `whole_content` of numbers and rare words (Zipf below 3.5).

    >>> whole_rare.between("It sank in 1912.", "A storm came in 1912. 40 men died.")
    (1.0, 0.5)
    """
    return classes.uncommon


@CONTAINED_IN_WHOLE.of_either_text(
    0, 1, identical=None, family="shared", label="distinct numbers anywhere that the other has, {text}"
)
def whole_number(classes: WordClasses) -> BoolArray:
    """Return the same as `whole_content` of numbers.

    >>> whole_number.between("It sank in 1912.", "A storm came in 1912. 40 men died.")
    (1.0, 0.5)
    """
    return classes.number


@feature(0, 1, identical=1, whole=True, family="order", label="words in the same order")
def whole_same_order(v: View) -> Numbers:
    """Return the share of all words that both texts have in one order.

    Boilerplate is left out. Twice the longest common subsequence of words over the lengths of both texts, as they stand
    and not as lemmas. What is near 1 is a copy; a swap, an insertion or a moved sentence each take their words from it.
    NaN where a text is nothing but boilerplate, or both are books (some 50,000 words).

    >>> whole_same_order.between("The old ferry sank.", "The old boat sank.")
    0.75
    """
    return np.array([_same_order(pair.source.own_ids, pair.suspect.own_ids) for pair in v.pairs])


def _same_order(source: array[int], suspect: array[int]) -> float:
    if not 0 < len(source) * len(suspect) <= LONGEST_TEXTS:
        return NAN
    return 2 * LCSseq.similarity(source, suspect) / (len(source) + len(suspect))


@feature(-INF, INF, identical=0, swapped=NEGATED, whole=True, family="order", label="whole length")
def whole_length_delta(v: View) -> Numbers:
    """Return the logarithm of the texts' length ratio, suspect over source, in words.

    Boilerplate aside; NaN where a text is nothing else.

    >>> whole_length_delta.between("The ferry sank.", "It sank.") == round(math.log(2 / 3), 3)
    True
    """
    source, suspect = (texts.words.count(~texts.in_boilerplate) for texts in v.texts)
    return logs(ratio(suspect, source))


@feature(-INF, INF, identical=0, swapped=NEGATED, whole=True, family="order", label="sentences")
def whole_sentence_delta(v: View) -> Numbers:
    """Return the same as `whole_length_delta` in sentences.

    >>> whole_sentence_delta.between("The ferry sank.", "The ferry sank. Nobody died.") == round(math.log(2), 3)
    True
    """
    source, suspect = (texts.sentences.count(~texts.boilerplate) for texts in v.texts)
    return logs(ratio(suspect, source))


_WIDTHS: dict[str, float] = {"narrow": 0.05, "wide": 0.2}
"""How far apart, as shares of the texts, two places may be that still count as the same."""
_WIDTH_OF_TABLE = np.array([*_WIDTHS.values()], np.float32)[:, np.newaxis, np.newaxis]
_MOST = 256
"""Sentences of longer texts are taken together."""
_LARGEST = 25_000_000
"""Product of the texts' different lemmas beyond which they are not compared: it would take more than 200 MB."""
_FAR, _N_SQUARES = 0.1, 4
"""Cosines below this are taken for it; the power of cosines that is summed is two to the power of this number."""
_COURSE = ("source", "suspect", *(f"{what}_{width}" for width in _WIDTHS for what in ("strength", "match")))
"""What is measured of the course of meaning, as `_course` returns it."""
_NONE = 1e-6


_TOLD = "what is told"


class Told(NamedTuple):
    """A text as k things told.

    They are sentences with content words, or runs of them; u different lemmas.

    Attributes
    ----------
    weight : float (k,)
        The sentences' shares of these words; sums to 1.
    place : float (k,)
        Where their middles stand in the text, in (0, 1).
    lemmas : int (u,)
        The lemmas, sorted.
    cells : int (n,)
        For every content word its cell in a table of sentences by ``lemmas``, (k, u).
    """

    weight: FloatArray
    place: FloatArray
    lemmas: IntArray
    cells: NDArray[np.int64]


def _tell(texts: Joined, words: Places, chosen: Sequence[int]) -> Iterator[Told]:
    """Tell some of the texts by their content words, of which the places in all texts are given."""
    of = texts.words.chosen(words)
    firsts, n_sentences = texts.sentences.bounds[:-1], texts.sentences.sizes
    sentences = texts.sentence_of[words]
    for k in np.flatnonzero(n_sentences > _MOST).tolist():
        own = slice(of.bounds[k], of.bounds[k + 1])
        sentences[own] = firsts[k] + (sentences[own] - firsts[k]) * _MOST // n_sentences[k]
    begins = np.flatnonzero(_first_of_its_kind(sentences))
    things, counts = of.chosen(begins), np.diff(np.append(begins, len(words)))
    weights = (counts / np.maximum(of.sizes, 1)[things.owner]).astype(np.float32)
    numbers = np.repeat(np.arange(len(begins)) - things.bounds[:-1][things.owner], counts)
    # Lemmas with their places behind them: sorted, they tell both.
    keys = with_owners(texts.lemmas[words], np.arange(len(words), dtype=np.int32))
    for of_text in of.parts(keys):
        of_text.sort()
    lemmas, order = owners_of(keys).astype(np.int32), keys.astype(np.uint32)
    is_first = _first_of_its_kind(lemmas)
    is_first[of.bounds[:-1][of.sizes > 0]] = True
    first = np.flatnonzero(is_first)
    kinds, of_kind = lemmas[first], of.chosen(first)
    cells = np.empty(len(words), np.int64)
    cells[order] = np.repeat(np.arange(len(first)), np.diff(np.append(first, len(words))))
    cells += numbers * of_kind.sizes[of.owner] - of_kind.bounds[:-1][of.owner]
    for k in chosen:
        weight = weights[things.bounds[k] : things.bounds[k + 1]].copy()
        place = np.asarray(weight.cumsum() - weight / 2, np.float32)
        own_kinds = kinds[of_kind.bounds[k] : of_kind.bounds[k + 1]].copy()
        yield Told(weight, place, own_kinds, cells[of.bounds[k] : of.bounds[k + 1]].copy())


def _first_of_its_kind(values: NDArray[np.integer[Any]]) -> BoolArray:
    """Return which of sorted values differ from the one before."""
    first = np.ones(len(values), np.bool_)
    np.not_equal(values[1:], values[:-1], out=first[1:])
    return first


class Known(NamedTuple):
    """Weights, (u,), of the lemmas of a text, and where their vectors are, (u,)."""

    weights: FloatArray
    rows: IntArray


def _likeness(a: Told, b: Told, of_a: Known, of_b: Known) -> FloatArray:
    """Return how far the words of two sentences are found in one another, in [0, 1], for all pairs (k_a, k_b)."""
    weights_a, weights_b = of_a.weights, of_b.weights
    near = vectors_at(of_a.rows) @ vectors_at(of_b.rows).T
    np.maximum(near, _FAR, out=near)
    place = np.minimum(b.lemmas.searchsorted(a.lemmas), len(b.lemmas) - 1)
    (same,) = (b.lemmas[place] == a.lemmas).nonzero()
    near[same, place[same]] = 1
    # The sum of high powers is that of the largest, and takes a fraction of the time of looking for it.
    for _ in range(_N_SQUARES):
        near *= near
    holds_a, holds_b = _holds(a), _holds(b)
    found = (holds_a * weights_a) @ _root(near @ holds_b.T) + _root(holds_a @ near) @ (holds_b * weights_b).T
    found /= (holds_a @ weights_a)[:, np.newaxis] + holds_b @ weights_b
    return np.asarray(np.minimum(found, 1, out=found), np.float32)


def _holds(told: Told) -> FloatArray:
    """Return 1 for every lemma that stands in a sentence, else 0, (k, u)."""
    holds = np.zeros(len(told.weight) * len(told.lemmas), np.float32)
    holds[told.cells] = 1
    return holds.reshape(len(told.weight), len(told.lemmas))


def _root(powers: NDArray[np.floating]) -> NDArray[np.floating]:
    for _ in range(_N_SQUARES):
        np.sqrt(powers, out=powers)
    return np.asarray(np.minimum(powers, 1, out=powers))


def _told_by(texts: Joined) -> list[Told]:
    """Return what texts tell, made once a text."""
    new = [k for k, text in enumerate(texts.texts) if _TOLD not in text.memo]
    if new:
        content = np.flatnonzero(texts.classes.content & ~texts.in_boilerplate)
        for k, told in zip(new, _tell(texts, content, new), strict=True):
            texts.texts[k].memo[_TOLD] = told
    return [text.memo[_TOLD] for text in texts.texts]  # type: ignore[misc]


@once
def _compared(v: View) -> dict[str, Numbers]:
    """Return every measure of the course of meaning; NaN where a text tells too little, or both too much."""
    told = _told_by(v.whole_texts.texts)
    bounds = bounds_of([one.lemmas for one in told])
    lemmas = np.concatenate([one.lemmas for one in told])
    known = [*map(Known, parts(word_weights(lemmas), bounds), parts(rows_of_vectors(lemmas), bounds))]
    numbers = zip(*(numbers.tolist() for numbers in v.text_numbers), strict=True)
    found = [_course(told[a], told[b], known[a], known[b]) for a, b in numbers]
    return dict(zip(_COURSE, np.array(found).T, strict=True))


def _told_of_course(v: View) -> list[Numbers]:
    found = _compared(v)
    return [read(found) for read in COURSE.functions]


COURSE: Batch[Callable[[dict[str, Numbers]], Numbers]] = Batch(_told_of_course, whole=True)
"""What is told of the course of meaning, of which the measures are given by name."""


def _course(a: Told, b: Told, of_a: Known, of_b: Known) -> list[float]:
    """Return what `_COURSE` names, of two texts."""
    result = [NAN] * len(_COURSE)
    if not 0 < len(a.lemmas) * len(b.lemmas) <= _LARGEST:
        return result
    likeness = _likeness(a, b, of_a, of_b)
    result[:2] = float(a.weight @ likeness.max(axis=1)), float(b.weight @ likeness.max(axis=0))
    if min(len(a.weight), len(b.weight)) < 2:
        return result
    # What two sentences have in common beyond what either has with all of the other text, and, for each width, their
    # standing at the same place.
    tables = np.empty((1 + len(_WIDTHS), *likeness.shape), np.float32)
    tables[0] = likeness
    away = (a.place[:, np.newaxis] - b.place) / _WIDTH_OF_TABLE
    away *= away
    np.exp(np.negative(away, out=away), out=tables[1:])
    _centre(tables, a.weight, b.weight)
    # The squares of all, then what the first has with each of the others.
    products = np.empty((1 + 2 * len(_WIDTHS), *likeness.shape), np.float32)
    np.multiply(tables, tables, out=products[: len(tables)])
    np.multiply(tables[1:], tables[0], out=products[len(tables) :])
    sums = np.vecdot(a.weight @ products, b.weight).tolist()
    spread, *sizes = map(math.sqrt, sums[: len(tables)])
    found = []
    for size, both in zip(sizes, sums[len(tables) :], strict=True):
        strength = both / size if size > _NONE else NAN
        found += [strength, min(max(strength / spread, -1.0), 1.0) if spread > _NONE else NAN]
    return [*result[:2], *found]


def _centre(tables: FloatArray, rows: FloatArray, columns: FloatArray) -> None:
    """Take the weighted means of their rows and columns from tables (t, n, m), in place."""
    by_row, by_column = tables @ columns, rows @ tables
    tables -= by_row[:, :, np.newaxis]
    tables -= by_column[:, np.newaxis]
    tables += np.vecdot(by_row, rows)[:, np.newaxis, np.newaxis]


@COURSE.feature(-1, 1, identical=None, family="order", label="like meaning at like places")
def course_strength_narrow(found: dict[str, Numbers]) -> Numbers:
    """Return how much more alike sentences at the same place are than others.

    The covariance, over all pairs of a sentence of the source with one of the suspect, of their likeness and their
    standing at the same place (a bell curve of the distance), both less their means by sentence, in standard
    deviations of the latter. Places may be 5 % of the texts apart. NaN below two sentences in either text.

    >>> same = "The ferry sank. Nobody was hurt. The owner wept."
    >>> course_strength_narrow.between(same, same) > 0.3
    True
    """
    return found["strength_narrow"]


@COURSE.feature(-1, 1, identical=None, family="order", label="like meaning at like places")
def course_strength_wide(found: dict[str, Numbers]) -> Numbers:
    """Return the same as `course_strength_narrow`, with more room.

    Places may be 20 % of the texts apart.

    >>> same = "The ferry sank. Nobody was hurt. The owner wept."
    >>> course_strength_wide.between(same, same) > 0.3
    True
    """
    return found["strength_wide"]


@COURSE.feature(-1, 1, identical=None, family="order", label="places that go with meaning")
def course_match_narrow(found: dict[str, Numbers]) -> Numbers:
    """Return the correlation of likeness and standing at the same place.

    As `course_strength_narrow`, in standard deviations of both.

    >>> same = "The ferry sank. Nobody was hurt. The owner wept."
    >>> course_match_narrow.between(same, same) > 0.9
    True
    """
    return found["match_narrow"]


@COURSE.feature(-1, 1, identical=None, family="order", label="places that go with meaning")
def course_match_wide(found: dict[str, Numbers]) -> Numbers:
    """Return the same as `course_match_narrow`, with more room.

    Places may be 20 % of the texts apart.

    >>> same = "The ferry sank. Nobody was hurt. The owner wept."
    >>> course_match_wide.between(same, same) > 0.9
    True
    """
    return found["match_wide"]


@of_either_text(0, 1, identical=1, whole=True, family="shared", label="meaning that the other has anywhere, {text}")
def whole_meaning(v: View) -> tuple[Numbers, Numbers]:
    """Return how well this text's sentences are found in the other.

    The likest sentence of the other counts. The mean over sentences, by their words. NaN without content words in
    either text.

    >>> whole_meaning.between("The ferry sank.", "Nobody was hurt. The ferry sank.")[0]
    1.0
    """
    found = _compared(v)
    return found["source"], found["suspect"]
