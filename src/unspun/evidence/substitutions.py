"""Substitutions as a person reads them, phrase by phrase, the most telling first.

Word-for-word swaps inside a set expression are the clearest mark of a machine ("tortured phrases", Cabanac, Labbé and
Magazinov 2021): swaps that touch are shown as one phrase, with what was put in between.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence

from unspun.comparison.aligned_pair import AlignedPair
from unspun.comparison.features.extraction import found_in_all
from unspun.comparison.layout.segments import Evidence
from unspun.evidence.changes import Reading, read_changes, words_span
from unspun.evidence.correspondence import LEAST, correspondence
from unspun.evidence.explanation import Substitution
from unspun.evidence.numerals import numerals
from unspun.evidence.swap_marks import BUILT_ANEW, STANDS, WORD_BY_WORD, Part, marked_parts
from unspun.evidence.swap_phrases import phrases
from unspun.text.lexicon import ANTONYM, MOBY, NEAR, SYNONYM

_RELATION_WORDS = ((SYNONYM, "synonym"), (NEAR, "near synonym"), (MOBY, "thesaurus"), (ANTONYM, "opposite"))
NUMBER_CHANGED, SAME_NUMBER = "number changed", "same number"
"""Notes of a swap with a number in it; the same number written otherwise tells nothing."""
_SECOND = 0.5
"""What the second most telling swap of a phrase counts beside the first."""
_MOSTLY = 0.88
"""Mean correspondence from which a text was spun word by word: of 42 pages read, the 19 that were have .90 and more,
the others .85 at most."""
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
        Any.
    evidence : sequence of Evidence, optional
        What `FEATURES` measured, in their order; measured here if not given.
    reading : Reading, optional
        The pair's changes; read here if not given.

    Returns
    -------
    tuple of Substitution
        How telling one is adds up from its marks: words that a thesaurus relates, most of all when usage keeps them
        apart and it is not in the first sense; the same swap backwards elsewhere; a phrase of the thesaurus for a
        word; quotation marks around it; a set phrase broken; a change of frequency; a bad fit; and where sentences
        were built anew, how surely its two sides stand for one another.
    """
    evidence = found_in_all([pair])[0].evidence if evidence is None else evidence
    reading = read_changes(pair) if reading is None else reading
    made = phrases(pair)
    stands = correspondence(pair, made)
    weights = WORD_BY_WORD if len(stands) and stands.mean() >= _MOSTLY else BUILT_ANEW
    parts = marked_parts(pair, evidence)
    tells = {k: part.telling(weights) for k, part in parts.items()}
    shown = {edits: float(held) for edits, held in zip(made, stands, strict=True) if held >= LEAST}
    found = [
        _substitution(
            pair,
            edits,
            [parts[k] for k in sorted(tells.keys() & edits, key=lambda k: (-tells[k], k))],
            reading.number_of,
            round(telling + weights[STANDS] * _sure(shown[edits]), 6),
        )
        for edits, telling in _weighed(pair, shown, tells)
    ]
    return tuple(sorted(found, key=lambda swap: (-swap.telling, swap.suspect_start)))


def _sure(stands: float) -> float:
    """Return the log-odds of a correspondence, up to where more of it tells nothing.

    >>> _sure(0.5), _sure(1.0)
    (0.0, 2.5)
    """
    return min(math.log(stands) - math.log1p(-stands), _SURE) if stands < 1 else _SURE


def _weighed(
    pair: AlignedPair, made: Iterable[tuple[int, ...]], tells: dict[int, float]
) -> list[tuple[tuple[int, ...], float]]:
    """Return phrases and how telling their marks are; a swap seen before counts half as much as the last time."""
    seen: Counter[tuple[str, str]] = Counter()
    weighed = []
    for edits in sorted(made, key=lambda edits: -_telling(pair, edits, tells, seen)):
        weighed.append((edits, _telling(pair, edits, tells, seen)))
        seen.update(_words(pair, k) for k in edits if k in tells)
    return weighed


def _telling(pair: AlignedPair, edits: Iterable[int], tells: dict[int, float], seen: Counter[tuple[str, str]]) -> float:
    """Return how telling a phrase is: by its most telling swap, and the second at half its weight."""
    told = sorted((tells[k] * 0.5 ** seen[_words(pair, k)] for k in edits if k in tells), reverse=True)
    return told[0] + _SECOND * sum(told[1:2])


def _words(pair: AlignedPair, k: int) -> tuple[str, str]:
    _, a, a_stop, b, b_stop, _ = pair.edits[k].tolist()
    return " ".join(pair.source.words[a:a_stop]), " ".join(pair.suspect.words[b:b_stop])


def _substitution(
    pair: AlignedPair, edits: tuple[int, ...], held: Sequence[Part], number_of: dict[int, int], telling: float
) -> Substitution:
    """Describe a phrase by its swaps, the most telling first: its relation and notes, means of the known numbers."""
    first, last = pair.edit(edits[0]), pair.edit(edits[-1])
    a, b = (first.source_start, last.source_stop), (first.suspect_start, last.suspect_stop)
    before, after = _mean(part.zipf_source for part in held), _mean(part.zipf_suspect for part in held)
    numbers = tuple(dict.fromkeys(number_of[k] for k in edits if k in number_of))
    kept = _number_note(pair, a, b)
    return Substitution(
        source=pair.source.span(*a),
        suspect=pair.suspect.span(*b),
        **_offsets(pair, a, b),
        change=numbers[0],
        relation=next((word for part in held if (word := relation_word(part.relation))), ""),
        wrong_sense=any(part.wrong_sense for part in held),
        zipf_source=before,
        zipf_suspect=after,
        zipf_delta=after - before,
        fit_delta=_mean(part.fit_delta for part in held),
        telling=0.0 if kept == SAME_NUMBER else telling,
        notes=(*([kept] if kept else []), *dict.fromkeys(note for part in held for note in part.notes)),
        changes=numbers,
    )


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
