"""Mark the swaps that look like a machine's, and weigh each mark."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from unspun.comparison.aligned_pair import SUBSTITUTED, AlignedPair
from unspun.comparison.features.catalogue import FEATURES
from unspun.comparison.features.word_fit import fits
from unspun.comparison.layout.pair_view import view
from unspun.comparison.layout.segments import Evidence, Places
from unspun.evidence.swap_phrases import RELATED, phrase_relation, replacements, widened_relation
from unspun.text.lexicon import load_lexicon
from unspun.text.word_vectors import load_word_vectors

_PHRASE, _FAR_APART = "phrase for a word", "far apart"

RELATES, STANDS, UNTOLD = "related", "stands for it", "untold"
# How much each mark of a swap adds to how telling it is. A thesaurus that relates two words which usage keeps apart
# (`boards`, `planks`) has been read without regard to sense: where texts were spun word by word, that weighs most. What
# is as common in honest editing (a rarer word, a worse fit) only breaks ties there: on the sample's spun pages it tells
# the swaps that their author planted from the others no better than chance (AUC .50), the distance of related words
# .67, the swap backwards .54. Where sentences were built anew, what matters first is that the two sides stand for one
# another at all, then what was said between quotation marks; a far rarer word is there mostly another verb for `said`.
# Both were chosen on the sample's pages, the second on eighteen others too. Words of a phrase that stand for nothing
# make it tell less.
# Figures: docs/notebook/2026-11-23-swaps-shown-first.md and 2026-11-30-telling-swaps.md.
WORD_BY_WORD: Mapping[str, float] = {
    RELATES: 0.75,
    _FAR_APART: 3.0,
    "swapped back elsewhere": 1.0,
    _PHRASE: 1.0,
    "inside a quotation": 0.5,
    "set phrase broken": 0.1,
    "frequency": 0.01,
    "misfit": 0.01,
    STANDS: 0.0,
    UNTOLD: 1.5,
}
BUILT_ANEW: Mapping[str, float] = {
    RELATES: 1.25,
    _FAR_APART: 1.25,
    "swapped back elsewhere": 1.0,
    _PHRASE: 0.75,
    "inside a quotation": 1.25,
    "set phrase broken": 0.25,
    "frequency": -0.5,
    "misfit": 0.0,
    STANDS: 1.25,
    UNTOLD: 1.0,
}
_FAR = 0.4
"""Cosine below which two words that a thesaurus relates are noted to be far apart in use."""
_UNKNOWN = 0.6
"""Cosine of words that have no vector, or that only a phrase relates: neither near nor far."""
_LESSER = "wrong_sense_share"
_NOTED = {
    "reciprocal_share": "swapped back elsewhere",
    "altered_quotation_rate": "inside a quotation",
    "broken_phrase_share": "set phrase broken",
}


class Part(NamedTuple):
    """One substituted edit with its marks, each in [0, 1].

    What is unknown is NaN.
    """

    relation: int
    wrong_sense: bool
    zipf_source: float
    zipf_suspect: float
    fit_delta: float
    notes: tuple[str, ...]
    marks: Mapping[str, float]

    def telling(self, weights: Mapping[str, float]) -> float:
        """Return how telling the swap is.

        `WORD_BY_WORD` and `BUILT_ANEW` say how much each mark tells.
        """
        return sum(weights.get(mark, 0.0) * found for mark, found in self.marks.items())


def marked_parts(pair: AlignedPair, evidence: Sequence[Evidence]) -> dict[int, Part]:
    """Describe every substitution of a pair, by the index of its edit.

    A replaced phrase has that of its first edit.

    Parameters
    ----------
    pair : AlignedPair
        Two aligned texts.
    evidence : sequence of Evidence
        What `FEATURES` measured, in their order; empty where a text has no words.

    Returns
    -------
    dict of int to Part
        By the row of the edit in ``pair.edits``.
    """
    counted = {feature.name: found for feature, found in zip(FEATURES, evidence, strict=False)}
    noted = {note: set(counted[name].edits.tolist()) for name, note in _NOTED.items() if name in counted}
    lesser = set(counted[_LESSER].edits.tolist()) if _LESSER in counted else set()
    single = _one_for_one(pair, noted, lesser)
    swapped = set(np.flatnonzero(pair.edit_columns.kind == SUBSTITUTED).tolist())
    others: dict[int, tuple[int, ...]] = {k: (k,) for k in sorted(swapped) if k not in single}
    # Words that went where others came are known by the first of their edits; one for one they are no phrase.
    came = (unit for unit in replacements(pair) if len(unit) > 1 and swapped.isdisjoint(unit))
    others |= {unit[0]: unit for unit in came if _longer(pair, unit)}
    return single | {k: _of_phrase(pair, unit) for k, unit in others.items()}


def _one_for_one(pair: AlignedPair, noted: dict[str, set[int]], lesser: set[int]) -> dict[int, Part]:
    v = view(pair)
    fit, swaps = fits(v), v.swaps
    change = ((fit.here + fit.there) / 2).tolist()
    kinds = zip(swaps.edits.rows.tolist(), _kinds(pair, swaps.source, swaps.suspect), change, strict=True)
    found = {}
    for k, kind, fits_better in kinds:
        marks = {note: float(k in edits) for note, edits in noted.items()}
        found[k] = _word_part(kind, k in lesser, widened_relation(pair, k), fits_better, marks)
    return found


def marked_words(pair: AlignedPair, words: Sequence[tuple[int, int]]) -> list[Part]:
    """Describe words that stand for one another, whatever the aligner paired.

    Parameters
    ----------
    pair : AlignedPair
        Two aligned texts.
    words : sequence of (int, int)
        Words of the source, and those of the suspect that stand for them.

    Returns
    -------
    list of Part
        Without the marks that only edits have.
    """
    a, b = np.array(words, np.int64).reshape(-1, 2).T
    return [_word_part(kind, False, 0, math.nan, {}) for kind in _kinds(pair, a, b)]


class _Kind(NamedTuple):
    """A word for another as the lexicon has them: NaN where it knows nothing."""

    relation: int
    nearness: float
    first_sense: bool
    before: float
    after: float


def _kinds(pair: AlignedPair, i: Places, j: Places) -> Iterator[_Kind]:
    v, lexicon = view(pair), load_lexicon()
    a, b = pair.source.lemmas[i], pair.suspect.lemmas[j]
    columns = (
        lexicon.relation(a, b) | lexicon.relation(pair.source.ids[i], pair.suspect.ids[j]),
        load_word_vectors().similarity(a, b),
        lexicon.sense_rank(a, b) == 1,
        _known(v.source.zipf[i]),
        _known(v.suspect.zipf[j]),
    )
    return map(_Kind._make, zip(*(column.tolist() for column in columns), strict=True))


def _word_part(kind: _Kind, wrong: bool, phrase: int, change: float, marks: dict[str, float]) -> Part:
    """Describe one word for another; ``phrase`` is what relates them with words beside them."""
    marks = marks | {_PHRASE: float(phrase & RELATED > 0)}
    # What has no vector, and what only a phrase relates, is taken for neither near nor far.
    near = kind.nearness if kind.nearness == kind.nearness and kind.relation & RELATED else _UNKNOWN
    bits = kind.relation | phrase
    lesser_sense = bits & RELATED > 0 and not kind.first_sense
    marks |= {_FAR_APART: (1 - near) * lesser_sense, "far apart in use": float(lesser_sense and near < _FAR)}
    return _part(bits, wrong, kind.before, kind.after, change, marks)


def _part(bits: int, wrong: bool, before: float, after: float, change: float, marks: dict[str, float]) -> Part:
    """Complete the marks of a swap; those that are a matter of yes or no are its notes."""
    notes = tuple(note for note, found in marks.items() if found and note != _FAR_APART)
    marks = marks | {
        RELATES: float(bits & RELATED > 0),
        "frequency": min(abs(after - before), 2.0) / 2 if before == before and after == after else 0.0,
        "misfit": min(max(-change, 0.0), 6.0) / 6 if change == change else 0.0,
    }
    return Part(bits, wrong, before, after, change, notes, marks)


def _known(zipf: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.where(zipf > 0, zipf, np.float32(np.nan))


def _of_phrase(pair: AlignedPair, edits: tuple[int, ...]) -> Part:
    """Describe a substitution of other than one content word for one."""
    first, last = pair.edit(edits[0]), pair.edit(edits[-1])
    ranges = (first.source_start, last.source_stop, first.suspect_start, last.suspect_stop)
    bits = phrase_relation(pair, ranges)
    return _part(
        bits, False, math.nan, math.nan, math.nan, {_PHRASE: float(_longer(pair, edits) and bits & RELATED > 0)}
    )


def _longer(pair: AlignedPair, edits: tuple[int, ...]) -> bool:
    """Whether more than one word stands on one side of edits."""
    first, last = pair.edit(edits[0]), pair.edit(edits[-1])
    return max(last.source_stop - first.source_start, last.suspect_stop - first.suspect_start) > 1
