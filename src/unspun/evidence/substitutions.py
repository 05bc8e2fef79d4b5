"""Substitutions as a person reads them, phrase by phrase, the most telling first.

Word-for-word swaps inside a set expression are the clearest mark of a machine ("tortured phrases", Cabanac, Labbé and
Magazinov 2021): swaps that touch are shown as one phrase, with what was put in between.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from unspun.comparison.aligned_pair import AlignedPair
from unspun.comparison.features.extraction import found_in_all
from unspun.comparison.layout.segments import Evidence
from unspun.evidence.changes import Reading, read_changes, words_span
from unspun.evidence.correspondence import LEAST, correspondence, of_words
from unspun.evidence.explanation import Substitution
from unspun.evidence.numerals import numerals
from unspun.evidence.swap_cores import Core, cores
from unspun.evidence.swap_marks import (
    BUILT_ANEW,
    RELATES,
    STANDS,
    UNTOLD,
    WORD_BY_WORD,
    Part,
    marked_parts,
    marked_words,
)
from unspun.evidence.swap_phrases import RELATED, phrases
from unspun.text.lexicon import ANTONYM, MOBY, NEAR, SYNONYM

_RELATION_WORDS = ((SYNONYM, "synonym"), (NEAR, "near synonym"), (MOBY, "thesaurus"), (ANTONYM, "opposite"))
NUMBER_CHANGED, SAME_NUMBER = "number changed", "same number"
"""Notes of a swap with a number in it; the same number written otherwise tells nothing."""
_SECOND = 0.5
"""What the second most telling swap of a phrase counts beside the first."""
_MOSTLY = 0.88
"""Mean correspondence from which a text was spun word by word: of 42 pages read, the 19 that were have .90 and more,
the others .85 at most."""
_LISTED, _IN_PLACE = 0.5, 0.8
"""Correspondence below which words tell nothing that a thesaurus lists together, and words that none relates."""
_LONGEST_NUMBER = 3
"""Words of a changed number beyond which other words changed as well."""
_FAINT = 0.01
"""How telling a swap is below which only its order counts."""
_SURE = 2.5
"""Log-odds of correspondence beyond which more of it tells nothing."""


def substitutions(
    pair: AlignedPair, evidence: Sequence[Evidence] | None = None, reading: Reading | None = None
) -> tuple[Substitution, ...]:
    """Return the substitutions of a pair, the most telling first.

    Swaps of function words alone are left out, and words that were paired by their place in sentences built anew and
    hardly stand for one another (`unspun.evidence.correspondence`): they are among the changes.

    Parameters
    ----------
    pair : AlignedPair
        Two aligned texts.
    evidence : sequence of Evidence, optional
        What `FEATURES` measured, in their order; measured here if not given.
    reading : Reading, optional
        The pair's changes; read here if not given.

    Returns
    -------
    tuple of Substitution
        How telling one is adds up from its marks: words that a thesaurus relates, most of all when usage keeps them
        apart and it is not in the first sense; the same swap backwards elsewhere; a phrase of the thesaurus for a
        word; quotation marks around it; a set phrase broken; a change of frequency; a bad fit; less the words of a
        phrase that stand for nothing; and where sentences were built anew, how surely its two sides stand for one
        another. 0 where it tells nothing: a number or a name, forms of one word, words that nothing relates.
    """
    evidence = found_in_all([pair])[0].evidence if evidence is None else evidence
    reading = read_changes(pair) if reading is None else reading
    made = phrases(pair)
    stands = correspondence(pair, made)
    by_place = bool(len(stands) and stands.mean() >= _MOSTLY)
    weights = WORD_BY_WORD if by_place else BUILT_ANEW
    shown = [k for k, held in enumerate(stands.tolist()) if held >= LEAST]
    told = cores(pair, [made[k] for k in shown], by_place)
    spans = np.array([(*one.source, *one.suspect) for one in told], np.int64).reshape(-1, 4)
    held = of_words(pair, spans, pair.edit_columns.group[[made[k][0] for k in shown]])
    parts = _Parts(pair, evidence, weights)
    cut = [parts.phrase(made[k], *one) for k, *one in zip(shown, told, held.tolist(), strict=True)]
    found = [
        _substitution(pair, one, reading.number_of, round(telling + _as_a_whole(one, weights), 6))
        for one, telling in _weighed(cut, weights)
    ]
    return tuple(sorted(found, key=lambda swap: (-swap.telling, swap.suspect_start)))


class _Swap(NamedTuple):
    """A swap of a phrase: the words on both sides, and its marks."""

    words: tuple[str, str]
    part: Part


class _Phrase(NamedTuple):
    """A phrase without what stands for nothing: edits, swaps, and how likely its sides stand for one another."""

    edits: tuple[int, ...]
    swaps: tuple[_Swap, ...]
    core: Core
    stands: float


class _Parts:
    """The swaps of a pair: those of its edits, and of words that stand for one another but were not paired."""

    def __init__(self, pair: AlignedPair, evidence: Sequence[Evidence], weights: Mapping[str, float]) -> None:
        self.pair = pair
        self.weights = weights
        self.of_edit = marked_parts(pair, evidence)

    def phrase(self, edits: tuple[int, ...], core: Core, stands: float) -> _Phrase:
        """Return a phrase with the swaps in its core, the most telling first."""
        (a, a_stop), (b, b_stop) = core.source, core.suspect
        inside = tuple(
            k
            for k, one in ((k, self.pair.edit(k)) for k in edits)
            if (one.source_start < a_stop and one.source_stop > a)
            or (one.suspect_start < b_stop and one.suspect_stop > b)
        )
        swaps = [_Swap(self._words(k), self.of_edit[k]) for k in inside if k in self.of_edit]
        others = zip(core.unpaired, marked_words(self.pair, core.unpaired), strict=True)
        texts = self.pair.source.words, self.pair.suspect.words
        swaps += [_Swap((texts[0][i], texts[1][j]), part) for (i, j), part in others]
        swaps.sort(key=lambda swap: -swap.part.telling(self.weights))
        return _Phrase(inside, tuple(swaps), core, stands)

    def _words(self, k: int) -> tuple[str, str]:
        _, a, a_stop, b, b_stop, _ = self.pair.edits[k].tolist()
        return " ".join(self.pair.source.words[a:a_stop]), " ".join(self.pair.suspect.words[b:b_stop])


def _as_a_whole(one: _Phrase, weights: Mapping[str, float]) -> float:
    """Return what a phrase tells beside the marks of its swaps.

    It tells more the surer its sides stand for one another, and the less of it stands for nothing.
    """
    known = any(swap.part.relation & RELATED for swap in one.swaps)
    related = 0.0 if known or not one.core.relation & RELATED else weights[RELATES]
    return related + weights[STANDS] * _sure(one.stands) - weights[UNTOLD] * (1 - one.core.told)


def _sure(stands: float) -> float:
    """Return the log-odds of a correspondence, up to where more of it tells nothing.

    >>> _sure(0.5), _sure(1.0)
    (0.0, 2.5)
    """
    return min(math.log(stands) - math.log1p(-stands), _SURE) if stands < 1 else _SURE


def _weighed(made: Iterable[_Phrase], weights: Mapping[str, float]) -> list[tuple[_Phrase, float]]:
    """Return phrases and how telling their swaps are; a swap seen before counts half as much as the last time."""
    seen: Counter[tuple[str, str]] = Counter()
    weighed = []
    for one in sorted(made, key=lambda one: -_telling(one, weights, seen)):
        weighed.append((one, _telling(one, weights, seen)))
        seen.update(swap.words for swap in one.swaps)
    return weighed


def _telling(one: _Phrase, weights: Mapping[str, float], seen: Counter[tuple[str, str]]) -> float:
    """Return how telling the swaps of a phrase are: by the most telling one, and the second at half its weight."""
    told = sorted((swap.part.telling(weights) * 0.5 ** seen[swap.words] for swap in one.swaps), reverse=True)
    return sum(told[:1]) + _SECOND * max(0.0, sum(told[1:2]))


def _substitution(pair: AlignedPair, one: _Phrase, number_of: dict[int, int], telling: float) -> Substitution:
    """Describe a phrase by its swaps, the most telling first: relation and notes, means of the known numbers."""
    a, b = one.core.source, one.core.suspect
    held = [swap.part for swap in one.swaps]
    before, after = _mean(part.zipf_source for part in held), _mean(part.zipf_suspect for part in held)
    numbers = tuple(dict.fromkeys(number_of[k] for k in one.edits if k in number_of))
    kept = _number_note(pair, a, b)
    related = (word for bits in (*(part.relation for part in held), one.core.relation) if (word := relation_word(bits)))
    idle = kept == SAME_NUMBER or _is_idle(one, changed=kept == NUMBER_CHANGED)
    return Substitution(
        source=pair.source.span(*a),
        suspect=pair.suspect.span(*b),
        **_offsets(pair, a, b),
        change=numbers[0],
        relation=next(related, ""),
        wrong_sense=any(part.wrong_sense for part in held),
        zipf_source=before,
        zipf_suspect=after,
        zipf_delta=after - before,
        fit_delta=_mean(part.fit_delta for part in held),
        telling=0.0 if idle else _told(telling),
        notes=(*([kept] if kept else []), *dict.fromkeys(note for part in held for note in part.notes)),
        changes=numbers,
    )


def _is_idle(one: _Phrase, *, changed: bool) -> bool:
    """Whether a phrase tells nothing; ``changed`` if a number in it did.

    Of a number nothing else is asked than that it stands in its place.
    """
    words = max(stop - start for start, stop in (one.core.source, one.core.suspect))
    if changed and words <= _LONGEST_NUMBER:
        return one.stands < _IN_PLACE
    return one.core.idle or one.stands < _needed(one.core.relation)


def _told(telling: float) -> float:
    """Return a number above 0 in the same order: what tells little comes before what tells nothing.

    >>> _told(2.5), round(_told(-1.0), 6), round(_told(-2.0), 6)
    (2.5, 0.003642, 0.00134)
    """
    return telling if telling > _FAINT else round(_FAINT * math.exp(telling - _FAINT), 6)


def _needed(relation: int) -> float:
    """Return the correspondence from which words tell something.

    >>> _needed(SYNONYM) == LEAST, _needed(MOBY), _needed(0)
    (True, 0.5, 0.8)
    """
    return LEAST if relation & (SYNONYM | NEAR) else _LISTED if relation & MOBY else _IN_PLACE


def _number_note(pair: AlignedPair, a: tuple[int, int], b: tuple[int, int]) -> str:
    """Say what became of the numbers in a phrase; empty where there are none."""
    before, after = (
        [one.value for one in numerals(words)]
        for words in (pair.source.words[slice(*a)], pair.suspect.words[slice(*b)])
    )
    if not before:
        return ""
    return SAME_NUMBER if sorted(before) == sorted(after) else NUMBER_CHANGED


def _offsets(pair: AlignedPair, a: tuple[int, int], b: tuple[int, int]) -> dict[str, int]:
    (start, end), (there, stop) = words_span(pair.source, *a), words_span(pair.suspect, *b)
    return {"source_start": start, "source_end": end, "suspect_start": there, "suspect_end": stop}


def _mean(values: Iterable[float]) -> float:
    known = [value for value in values if not math.isnan(value)]
    return sum(known) / len(known) if known else math.nan


def relation_word(bits: int) -> str:
    """Return what the lexicon's relation bits are called.

    >>> relation_word(SYNONYM | MOBY), relation_word(0)
    ('synonym', '')
    """
    return next((word for bit, word in _RELATION_WORDS if bits & bit), "")
