"""The verdict on a pair in words, for the head of its page."""

from __future__ import annotations

import math
from typing import NamedTuple

from unspun.evidence.explanation import Explanation, Substitution
from unspun.evidence.fixed_words import count_kept
from unspun.io.labels import SPUN
from unspun.reports.formatting import percent, plural, probability
from unspun.reports.terminal import SURE_DIRECTION, disguises

N_TELLING = 5
"""Swaps that are shown beside a verdict of spinning."""

_TITLES = {
    "likely": "Likely machine-spun",
    "unclear": "Unclear",
    "unlikely": "Unlikely to be machine-spun",
    "not judged": "Not judged",
}
_RELATIONS = {
    SPUN: "spun by a machine",
    "copied": "copied",
    "edited": "edited by a person",
    "rewritten": "rewritten by a person",
    "independent": "written independently",
}


class Gauge(NamedTuple):
    """The places of the probability and its interval on a line, 6 to 214."""

    at: float
    low: float | None
    width: float


class Head(NamedTuple):
    """The verdict in words."""

    title: str
    lead: str
    telling: tuple[Substitution, ...]
    interval: str
    gauge: Gauge | None
    direction: str
    direction_words: str
    relation: str
    relations: tuple[tuple[str, float], ...]
    coverage: str


def head(found: Explanation) -> Head:
    """Return the verdict on a pair in words.

    A sentence says what was changed and what was not.
    """
    odds = {name: p for name, p in found.relation.items() if math.isfinite(p)}
    likeliest = max(odds, key=lambda name: odds[name], default="")
    direction, words = _direction(found)
    return Head(
        _TITLES[found.verdict],
        f"{_lead(found, likeliest)} {_in_short(found)}".strip(),
        _telling(found),
        _interval(found),
        _gauge(found),
        direction,
        words,
        _RELATIONS.get(likeliest, "unknown"),
        tuple((name, p) for name, p in odds.items() if p >= 0.005),
        percent(found.coverage),
    )


def _lead(found: Explanation, likeliest: str) -> str:
    """Say the verdict in a sentence or two."""
    if not math.isfinite(found.p_spun):
        return "There was nothing to judge."
    p = f"The probability that one of these texts was made from the other by a machine is {probability(found.p_spun)}."
    if found.verdict == "unclear" and not found.abstained:
        return f"{p} That is too little to say yes, and too much to say no."
    if found.verdict == "unlikely" and likeliest not in ("", SPUN):
        return f"{p} Most likely one was {_RELATIONS[likeliest]}."
    return p


def _in_short(found: Explanation) -> str:
    """Say in a sentence what was changed and what was not: names, numbers and quotations against common words."""
    altered = sum(not one.kept for one in found.quotations)
    parts = [f"{plural(found.n_substitutions, 'substitution')}"]
    if found.fixed:
        parts.append(count_kept(found.fixed))
    if found.quotations:
        parts.append(f"{altered:,} of {plural(len(found.quotations), 'quotation')} altered")
    said = [f"In the aligned part: {', '.join(parts)}."] if found.rows else []
    if hidden := disguises(found):
        said.append(f"Look-alike or invisible characters: {hidden}.")
    return " ".join(said)


def _interval(found: Explanation) -> str:
    if not (math.isfinite(found.p_low) and math.isfinite(found.p_high)):
        return "no interval known"
    return f"90% interval: {probability(found.p_low)} to {probability(found.p_high)}"


def _gauge(found: Explanation) -> Gauge | None:
    if not math.isfinite(found.p_spun):
        return None
    known = math.isfinite(found.p_low) and math.isfinite(found.p_high)
    low = round(6 + 208 * found.p_low, 1) if known else None
    width = round(max(208 * (found.p_high - found.p_low), 2), 1) if known else 0.0
    return Gauge(round(6 + 208 * found.p_spun, 1), low, width)


def _direction(found: Explanation) -> tuple[str, str]:
    """Say which side is the spun one, supposing that one of them is, and how sure that is."""
    if not math.isfinite(found.p_forward):
        return "Unknown", "there was too little to tell"
    likelier = max(found.p_forward, 1 - found.p_forward)
    side = "suspect" if found.p_forward >= 0.5 else "source"
    words = f"if one of them is: probability {probability(likelier)} that it is the {side}"
    if found.verdict == "unlikely":
        return "Neither, it seems", words
    if likelier < SURE_DIRECTION:
        return "Hard to tell", words
    return f"{'The' if likelier >= 0.9 else 'Probably the'} {side}", words


def _telling(found: Explanation) -> tuple[Substitution, ...]:
    """Return the most telling swaps, each once."""
    each: dict[tuple[str, str], Substitution] = {}
    for swap in found.substitutions if found.verdict == "likely" else ():
        each.setdefault((swap.source.lower(), swap.suspect.lower()), swap)
    return tuple(each.values())[:N_TELLING]
