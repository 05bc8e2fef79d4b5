"""An explanation as lines for a terminal."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from unspun.evidence.explanation import Explanation, Fixed, Quotation, ReasonFamily, Substitution
from unspun.evidence.fixed_words import count_kept
from unspun.evidence.reason_families import shown_and_rest
from unspun.model.pair_score import Passage
from unspun.reports.formatting import number, one_line, plural, probability

N_SUBSTITUTIONS, N_FIXED, N_PASSAGES = 15, 8, 20
_WORDS = 60
SURE_DIRECTION = 0.7
"""Probability of the likelier direction below which none is named."""


def as_text(explanation: Explanation) -> str:
    """Return an explanation as lines for a terminal.

    The verdict, the reasons that carry it, the most telling swaps.

    What the articles say cannot steer the terminal: no line breaks, control characters or changes of direction.
    """
    e = explanation
    parts = [
        _verdict(e),
        _passages(e.passages),
        _reasons(e.families),
        _swaps(e.substitutions),
        _quotations(e.quotations),
        _fixed(e.fixed),
    ]
    return "\n".join(line for part in parts for line in part)


def _verdict(e: Explanation) -> list[str]:
    if math.isnan(e.p_spun):
        return [f"verdict    {e.verdict}", f"caution    {one_line(e.abstained or 'unknown')}"]
    odds = ", ".join(f"{name} {probability(p)}" for name, p in e.relation.items())
    lines = [
        f"verdict    {e.verdict}",
        f"p_spun     {probability(e.p_spun)} ({interval(e)})",
        f"relation   {likeliest(e.relation)} ({odds})",
        f"direction  {direction(e.p_forward)}",
        f"coverage   {number(e.coverage)}, {plural(e.n_substitutions, 'substitution')}",
    ]
    lines += [f"disguise   look-alike or invisible characters: {hidden}"] if (hidden := disguises(e)) else []
    lines += [f"left out   {one_line(e.form)}"] if e.form else []
    return [*lines, f"caution    {one_line(e.abstained)}"] if e.abstained else lines


def _passages(passages: Sequence[Passage]) -> list[str]:
    """List the passages where there are several: where each lies, how long it is, and what is said of it."""
    if len(passages) < 2:
        return []
    lines = [
        f"  {one.suspect_start:>7,}-{one.suspect_end:<7,} from {one.source_start:,}-{one.source_end:,}: "
        f"{one.n_words:,} words, {likeliest(dict(one.relation))}, p_spun {probability(one.p_spun)}"
        for one in passages[:N_PASSAGES]
    ]
    more = [f"  and {len(passages) - N_PASSAGES:,} more"] if len(passages) > N_PASSAGES else []
    return ["", "Passages, by characters of the suspect and of the source", *lines, *more]


def interval(e: Explanation) -> str:
    """Return the interval of p_spun as every report prints it."""
    return f"{probability(e.p_low)} to {probability(e.p_high)}"


def disguises(e: Explanation) -> str:
    """Say how many characters of which text are not what they look like.

    Empty where all are.
    """
    return ", ".join(f"{n:,} in the {side}" for side, n in e.disguised.items() if n)


def likeliest(relation: dict[str, float]) -> str:
    """Return the most probable relation.

    >>> likeliest({"spun": 0.2, "copied": 0.8})
    'copied'
    """
    return max(relation, key=lambda name: (not math.isnan(relation[name]), relation[name]))


def direction(p_forward: float) -> str:
    """Say which side is the spun one, supposing that one of them is.

    >>> direction(0.91), direction(0.5), direction(float("nan"))
    ('source to suspect (p_forward 0.910)', 'hard to tell (p_forward 0.500)', 'unknown')
    """
    if math.isnan(p_forward):
        return "unknown"
    side = "source to suspect" if p_forward > 0.5 else "suspect to source"
    side = "hard to tell" if max(p_forward, 1 - p_forward) < SURE_DIRECTION else side
    return f"{side} (p_forward {probability(p_forward)})"


def _reasons(families: Sequence[ReasonFamily]) -> list[str]:
    shown, rest = shown_and_rest(families)
    lines = [_added(one.contribution, f"{one.title}: {one.words}{_counted(one)}") for one in shown]
    lines += [_added(math.fsum(one.contribution for one in rest), f"all else: {titles(rest)}")] if rest else []
    total = number(math.fsum(one.contribution for one in families), sign=True)
    return ["", f"Reasons, by what each adds to the log-odds of spun ({total} in all)", *lines] if lines else []


def _added(contribution: float, words: str) -> str:
    return f"  {number(contribution, sign=True):>6}  {one_line(words)}"


def titles(families: Iterable[ReasonFamily]) -> str:
    """Name families in one line."""
    return ", ".join(one.title for one in families)


def _counted(family: ReasonFamily) -> str:
    return f" ({plural(len(family.changes), 'change')})" if family.changes else ""


def _swaps(substitutions: Sequence[Substitution]) -> list[str]:
    shown = [(one_line(s.source, _WORDS), one_line(s.suspect, _WORDS), about(s)) for s in substitutions]
    shown = shown[:N_SUBSTITUTIONS]
    if not shown:
        return []
    width = max(len(source) for source, _, _ in shown)
    lines = [f"  {source:{width}} -> {suspect}{f'  ({notes})' if notes else ''}" for source, suspect, notes in shown]
    return ["", "Most telling swaps, source -> suspect", *lines]


def about(swap: Substitution) -> str:
    """Say in a few words what is known of a swap; empty where nothing is."""
    notes = [swap.relation] if swap.relation else []
    notes += ["wrong sense"] if swap.wrong_sense else []
    notes += [] if math.isnan(swap.zipf_delta) else [f"frequency {number(swap.zipf_delta, 1, sign=True)}"]
    notes += [] if math.isnan(swap.fit_delta) else [f"fit {number(swap.fit_delta, 1, sign=True)}"]
    notes += list(swap.notes)
    notes += [f"in {plural(swap.recurs, 'other pair')}"] if swap.recurs else []
    return ", ".join(notes)


def _quotations(quotations: Sequence[Quotation]) -> list[str]:
    if not quotations:
        return []
    kept = sum(quotation.kept for quotation in quotations)
    return ["", f"Quotations: {kept} of {len(quotations)} kept word for word"]


def _fixed(fixed: Sequence[Fixed]) -> list[str]:
    if not fixed:
        return []
    line = count_kept(fixed)
    return [line, *(f"  {state}: {_listed(fixed, state)}" for state in ("altered", "lost") if _listed(fixed, state))]


def _listed(fixed: Iterable[Fixed], state: str) -> str:
    found = list(dict.fromkeys(one_line(one.text, _WORDS) for one in fixed if one.state == state))
    more = f" and {len(found) - N_FIXED} more" if len(found) > N_FIXED else ""
    return ", ".join(found[:N_FIXED]) + more
