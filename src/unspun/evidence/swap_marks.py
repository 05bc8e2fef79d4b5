"""Mark the swaps that look like a machine's, and weigh each mark."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from unspun.comparison.aligned_pair import SUBSTITUTED, AlignedPair
from unspun.comparison.features.catalogue import FEATURES
from unspun.comparison.features.word_fit import fits
from unspun.comparison.layout.pair_view import view
from unspun.comparison.layout.segments import Evidence
from unspun.evidence.swap_phrases import RELATED, phrase_relation, replacements, widened_relation
from unspun.text.lexicon import load_lexicon

_PHRASE, _FAR_APART = "phrase for a word", "far apart"

STANDS = "stands for it"
# How much each mark of a swap adds to how telling it is. A thesaurus that relates two words which usage keeps apart
# (`boards`, `planks`) has been read without regard to sense: where texts were spun word by word, that weighs most. What
# is as common in honest editing (a rarer word, a worse fit) only breaks ties there: on the sample's spun pages it tells
# the swaps that their author planted from the others no better than chance (AUC .50), the distance of related words
# .67, the swap backwards .54. Where sentences were built anew, what matters first is that the two sides stand for one
# another at all, then what was said between quotation marks; a far rarer word is there mostly another verb for `said`.
# Both were chosen on the sample's pages, the second on eighteen others too.
# Figures: docs/notebook/2026-11-23-swaps-shown-first.md.
WORD_BY_WORD: Mapping[str, float] = {
    "related": 0.75,
    _FAR_APART: 3.0,
    "swapped back elsewhere": 1.0,
    _PHRASE: 1.0,
    "inside a quotation": 0.5,
    "set phrase broken": 0.01,
    "frequency": 0.01,
    "misfit": 0.01,
    STANDS: 0.0,
}
BUILT_ANEW: Mapping[str, float] = {
    "related": 1.25,
    _FAR_APART: 1.25,
    "swapped back elsewhere": 1.0,
    _PHRASE: 0.75,
    "inside a quotation": 1.25,
    "set phrase broken": 0.25,
    "frequency": -0.5,
    "misfit": 0.0,
    STANDS: 1.25,
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
        Any.
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
    # Words that went where others came are known by the first of their edits.
    others |= {unit[0]: unit for unit in replacements(pair) if len(unit) > 1 and swapped.isdisjoint(unit)}
    return single | {k: _of_phrase(pair, unit) for k, unit in others.items()}


def _one_for_one(pair: AlignedPair, noted: dict[str, set[int]], lesser: set[int]) -> dict[int, Part]:
    v = view(pair)
    fit, swaps, lexicon = fits(v), v.swaps, load_lexicon()
    first_sense = lexicon.sense_rank(swaps.source_lemmas, swaps.suspect_lemmas) == 1
    columns = (
        swaps.edits.rows,
        swaps.relation,
        swaps.nearness,
        first_sense,
        _known(v.source.zipf[swaps.source]),
        _known(v.suspect.zipf[swaps.suspect]),
        (fit.here + fit.there) / 2,
    )
    found = {}
    for k, bits, near, first, before, after, change in zip(*(column.tolist() for column in columns), strict=True):
        marks = {note: float(k in edits) for note, edits in noted.items()}
        phrase = widened_relation(pair, k)
        marks[_PHRASE] = float(phrase & RELATED > 0)
        # What has no vector, and what only a phrase relates, is taken for neither near nor far.
        near = near if near == near and bits & RELATED else _UNKNOWN
        bits |= phrase
        related = bool(bits & RELATED)
        marks[_FAR_APART] = (1 - near) * (related and not first)
        marks["far apart in use"] = float(related and not first and near < _FAR)
        found[k] = _part(bits, k in lesser, before, after, change, marks)
    return found


def _part(bits: int, wrong: bool, before: float, after: float, change: float, marks: dict[str, float]) -> Part:
    """Complete the marks of a swap; those that are a matter of yes or no are its notes."""
    notes = tuple(note for note, found in marks.items() if found and note != _FAR_APART)
    marks = marks | {
        "related": float(bits & RELATED > 0),
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
    longer = max(ranges[1] - ranges[0], ranges[3] - ranges[2]) > 1
    return _part(bits, False, math.nan, math.nan, math.nan, {_PHRASE: float(longer and bits & RELATED > 0)})
