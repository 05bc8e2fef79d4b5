"""The verdict on a pair in words, for the head of its page."""

from __future__ import annotations

import math
from typing import NamedTuple

from unspun.evidence.explanation import Explanation
from unspun.evidence.fixed_words import count_kept
from unspun.io.labels import SPUN, interval_words
from unspun.reports.error_rates import Rates
from unspun.reports.formatting import one_line, percent, plural, probability
from unspun.reports.pages.page_context import PairContext, name_of
from unspun.reports.pages.passage_heads import RELATIONS, is_spun
from unspun.reports.terminal import SURE_DIRECTION, disguises

_TITLES = {
    "likely": "Likely machine-spun",
    "unclear": "Unclear",
    "unlikely": "Unlikely to be machine-spun",
    "not judged": "Not judged",
}
_OPEN = "Which of the two is spun is open"
_EXPLAINED = "Explained by other pages"
_LICENSED = "On a site that may republish"
_NAMED = {"open": _OPEN, "explained": _EXPLAINED, "licensed": _LICENSED}
_EITHER = "One of the two is likely machine-spun"
_RULE = (
    "The odds of the whole pair are those of all its text taken together, by 85 parts in 100, and the mean odds of its"
    " passages of 50 words or more, times the root of their number, by 15."
)


class Gauge(NamedTuple):
    """The places of the probability and its interval on a line, 6 to 214."""

    at: float
    low: float | None
    width: float


class Head(NamedTuple):
    """The verdict in words: the headline, the page's title, and what supports them."""

    headline: str
    title: str
    accuses: bool
    lead: str
    how_often_wrong: str
    counts: str
    rule: str
    interval: str
    gauge: Gauge | None
    direction: str
    direction_words: str
    relation: str
    relations: tuple[tuple[str, float], ...]
    coverage: str
    spun_share: str
    roles: tuple[str, str]


def head(found: Explanation, context: PairContext, rates: Rates) -> Head:
    """Return the verdict on a pair in words.

    Parameters
    ----------
    found : Explanation
        The evidence.
    context : PairContext
        What is known of the pair beside its texts; a page of an open or explained pair accuses neither.
    rates : Rates
        The error rates of the model.

    Returns
    -------
    Head
        A headline and sentences.
    """
    odds = {name: p for name, p in found.relation.items() if math.isfinite(p)}
    likeliest = max(odds, key=lambda name: odds[name], default="")
    side = _spun_side(found, context)
    headline, accuses = _headline(found, context, side)
    direction, words = _direction(found, context)
    return Head(
        headline,
        _title(headline, context, side if accuses else ""),
        accuses,
        _lead(found, likeliest, alone=context.role == "explained"),
        "" if context.role == "explained" else _how_often_wrong(found, rates),
        _counts(found),
        _RULE if len(found.passages) > 1 else "",
        _interval(found),
        _gauge(found),
        direction,
        words,
        RELATIONS.get(likeliest, "unknown"),
        tuple((name, p) for name, p in odds.items() if p >= 0.005),
        percent(found.coverage),
        percent(found.spun_share) if any(map(is_spun, found.passages)) else "",
        _roles(side if accuses else ""),
    )


def _spun_side(found: Explanation, context: PairContext) -> str:
    """Return which text is taken for the spun one; empty where that is open."""
    if context.role == "finding":
        return "suspect"
    if context.role or not math.isfinite(found.p_forward):
        return ""
    if max(found.p_forward, 1 - found.p_forward) < SURE_DIRECTION:
        return ""
    return "suspect" if found.p_forward >= 0.5 else "source"


def _headline(found: Explanation, context: PairContext, side: str) -> tuple[str, bool]:
    """Return the headline, and whether it says of one text that it is spun."""
    if found.verdict != "likely":
        return _TITLES[found.verdict], False
    if context.role in _NAMED:
        return _NAMED[context.role], False
    if not side:
        return _EITHER, False
    return (_TITLES["likely"] if side == "suspect" else f"{_TITLES['likely']}: the text given as the source"), True


def _title(headline: str, context: PairContext, accused: str) -> str:
    """Return the title of the page: it names one text only if that is the one said to be spun."""
    source, suspect = one_line(name_of(context.source), 90), one_line(name_of(context.suspect), 90)
    if accused:
        return f"{_TITLES['likely']}: {suspect if accused == 'suspect' else source}"
    return f"{headline}: {source} and {suspect}"


def _roles(accused: str) -> tuple[str, str]:
    """Return what the two texts are called in the list of what the page is about."""
    if not accused:
        return "Source", "Suspect"
    original, spun = "the likely original", "likely machine-spun"
    return (
        (f"Source: {original}", f"Suspect: {spun}")
        if accused == "suspect"
        else (f"Source: {spun}", f"Suspect: {original}")
    )


def _lead(found: Explanation, likeliest: str, *, alone: bool) -> str:
    """Say the verdict in a sentence or two; of a pair that others explain, what it would be alone."""
    if not math.isfinite(found.p_spun):
        return "There was nothing to judge."
    p = "probability that one of these texts was made from the other by a machine"
    p = f"By these two texts alone, the {p} would be" if alone else f"The {p} is"
    p = f"{p} {probability(found.p_spun)}."
    if found.verdict == "unclear" and not found.abstained:
        return f"{p} That is too little to say yes, and too much to say no."
    if found.verdict == "unlikely" and likeliest not in ("", SPUN):
        return f"{p} Most likely one was {RELATIONS[likeliest]}."
    return p


def _how_often_wrong(found: Explanation, rates: Rates) -> str:
    """Say in a sentence how many of a thousand honest pairs score as high."""
    if not rates.thresholds or not math.isfinite(found.p_spun):
        return "" if rates.thresholds else rates.sentence
    passed = [one for one in rates.thresholds if found.p_spun > one.score]
    if not passed:
        n = 10 * float(rates.thresholds[0].false_alarms.rstrip("%"))
        return f"Of 1,000 honest test pairs more than {n:g} score as high: such a score proves nothing."
    n = 10 * float(passed[-1].false_alarms.rstrip("%"))
    return f"Of 1,000 honest test pairs at most {n:g} {'scores' if n == 1 else 'score'} so high."


def _counts(found: Explanation) -> str:
    """Say in a sentence what was changed and what was not: names, numbers and quotations against common words."""
    altered = sum(not one.kept for one in found.quotations)
    listed = f" ({len(found.substitutions):,} of them listed)" if found.substitutions else ""
    parts = [plural(found.n_substitutions, "substitution") + listed, count_kept(found.fixed)]
    if found.quotations:
        parts.append(f"{altered:,} of {plural(len(found.quotations), 'quotation')} altered")
    said = [f"In the aligned part: {', '.join(filter(None, parts))}."] if found.rows else []
    if hidden := disguises(found):
        said.append(f"Look-alike or invisible characters: {hidden}.")
    return " ".join(said)


def _interval(found: Explanation) -> str:
    if not (math.isfinite(found.p_low) and math.isfinite(found.p_high)):
        return "no interval known"
    return f"90% interval: {interval_words(found.p_low, found.p_high)}"


def _gauge(found: Explanation) -> Gauge | None:
    if not math.isfinite(found.p_spun):
        return None
    known = math.isfinite(found.p_low) and math.isfinite(found.p_high)
    low = round(6 + 208 * found.p_low, 1) if known else None
    width = round(max(208 * (found.p_high - found.p_low), 2), 1) if known else 0.0
    return Gauge(round(6 + 208 * found.p_spun, 1), low, width)


def _direction(found: Explanation, context: PairContext) -> tuple[str, str]:
    """Say which side is the spun one, supposing that one of them is, and how sure that is."""
    if context.role == "finding" and math.isfinite(context.sure):
        alone = f"; by the words alone {probability(found.p_forward)}" if math.isfinite(found.p_forward) else ""
        return "The suspect", f"probability {probability(context.sure)} by all that the run tells{alone}"
    if context.role == "explained":
        return "See above", "told from all pages of the run, not from this pair alone"
    if not math.isfinite(found.p_forward):
        return "Unknown", "there was too little to tell"
    likelier = max(found.p_forward, 1 - found.p_forward)
    side = "suspect" if found.p_forward >= 0.5 else "source"
    words = f"if one of them is: by the words alone, probability {probability(likelier)} that it is the {side}"
    if found.verdict == "unlikely":
        return "Neither, it seems", words
    if likelier < SURE_DIRECTION or context.role == "open":
        return "Open" if context.role else "Hard to tell", words
    return f"{'The' if likelier >= 0.9 else 'Probably the'} {side}", words
