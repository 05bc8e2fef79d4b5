"""Head the passages of a pair with a verdict each.

It is told, too, which row lies in which.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from unspun.evidence.explanation import Explanation, Row
from unspun.io.labels import SPUN
from unspun.model.pair_score import Passage
from unspun.reports.formatting import plural, probability

LIKELY, POSSIBLE = 0.9, 0.5
"""p_spun from which a passage is called likely spun, and possibly spun."""
RELATIONS = {
    SPUN: "spun by a machine",
    "copied": "copied",
    "edited": "edited by a person",
    "rewritten": "rewritten by a person",
    "independent": "written independently",
}


class PassageHead(NamedTuple):
    """The head of a passage: its place, its verdict and what it rests on.

    ``tone`` is ``spun``, ``rest`` (beside spun ones), or empty.
    """

    passage: int
    name: str
    verdict: str
    about: str
    tone: str
    continued: bool = False


def passage_heads(found: Explanation) -> tuple[PassageHead, ...]:
    """Return the heads of the passages, in the order of the suspect.

    The last is of what lies in none.

    None where nothing was judged.
    """
    passages = found.passages
    if not passages:
        return ()
    any_spun = any(is_spun(one) for one in passages)
    heads = [
        PassageHead(k, _place(k, len(passages)), verdict_of_passage(one), _about(one), _tone(is_spun(one), any_spun))
        for k, one in enumerate(passages)
    ]
    rest = PassageHead(len(passages), "Between the passages", "not judged by itself", "", _tone(False, any_spun))
    return (*heads, rest)


def is_spun(passage: Passage) -> bool:
    """Tell if a passage is shown as spun."""
    return passage.p_spun >= POSSIBLE


def verdict_of_passage(one: Passage) -> str:
    """Return the verdict on a passage in words.

    >>> verdict_of_passage(Passage(0, 9, 0, 9, 60, 0.2, 0.5, {"spun": 0.2, "copied": 0.8}))
    'not spun, most likely copied'
    """
    if math.isnan(one.p_spun):
        return "not judged"
    if is_spun(one):
        return "likely machine-spun" if one.p_spun >= LIKELY else "possibly machine-spun"
    honest = {name: p for name, p in one.relation.items() if name != SPUN and not math.isnan(p)}
    likeliest = max(honest, key=lambda name: honest[name], default="")
    return f"not spun, most likely {RELATIONS.get(likeliest, likeliest)}" if likeliest else "not spun"


def passages_of_rows(found: Explanation) -> list[int]:
    """Return the passage of every row: the one that holds most of it.

    It is the number of passages for none.
    """
    return [_passage_of(row, found.passages) for row in found.rows]


def _passage_of(row: Row, passages: tuple[Passage, ...]) -> int:
    shared = [
        _overlap(one.suspect_start, one.suspect_end, row.suspect_start, row.suspect_end)
        + _overlap(one.source_start, one.source_end, row.source_start, row.source_end)
        for one in passages
    ]
    best = max(range(len(shared)), key=shared.__getitem__, default=0)
    return best if shared and shared[best] > 0 else len(passages)


def _overlap(start: int, end: int, first: int, last: int) -> int:
    return max(min(end, last) - max(start, first), 0)


def _place(k: int, n: int) -> str:
    return f"Passage {k + 1} of {n}" if n > 1 else "The aligned part"


def _about(one: Passage) -> str:
    known = not math.isnan(one.p_spun)
    parts = [f"probability {probability(one.p_spun)}"] if known else []
    parts += [plural(one.n_words, "word")]
    return ", ".join([*parts, f"caution: {one.caution}"] if one.caution else parts)


def _tone(spun: bool, any_spun: bool) -> str:
    return "spun" if spun else "rest" if any_spun else ""
