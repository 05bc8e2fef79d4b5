"""An explanation as lines for a terminal."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from unspun.evidence.explanation import Explanation, Fixed, Quotation, ReasonFamily, Substitution
from unspun.evidence.fixed_words import count_kept
from unspun.evidence.reason_families import shown_and_rest
from unspun.io.labels import interval_words
from unspun.model.pair_score import Passage
from unspun.reports.formatting import number, one_line, plural, probability

N_SUBSTITUTIONS, N_FIXED, N_PASSAGES = 15, 8, 20
_WORDS, _REASON = 60, 400
WIDTH = 80
"""Columns of a terminal."""
BOLD, DIM, RED, YELLOW = "\x1b[1m", "\x1b[2m", "\x1b[31m", "\x1b[33m"
_PLAIN = "\x1b[0m"
_COLOURS = {"likely": RED, "unclear": YELLOW}
_INDENT = 11
_LEAST_RELATION = 0.001
"""Relations that are less probable are left out, unless all numbers are asked for."""
_RARER, _MUCH = 0.7, 1.5
"""Differences on the Zipf scale from which a word is rarer, and much rarer."""
_WORSE, _MISFIT = -1.5, -4.0
"""Changes of log-probability (nats) below which a word fits worse, and does not fit."""
SURE_DIRECTION = 0.7
"""Probability of the likelier direction below which none is named."""


class Look(NamedTuple):
    """The look of a terminal: colours, all numbers, and columns."""

    colour: bool = False
    verbose: bool = False
    width: int = WIDTH


PLAIN_LOOK = Look()


class Told(NamedTuple):
    """The words that a run has for one of its pairs.

    What is empty is told by the pair alone. ``source`` and ``suspect`` say where the two pages come from.
    """

    verdict: str = ""
    because: str = ""
    direction: str = ""
    source: str = ""
    suspect: str = ""


NOTHING_TOLD = Told()


def as_text(explanation: Explanation, look: Look = PLAIN_LOOK, told: Told = NOTHING_TOLD) -> str:
    """Return an explanation as lines for a terminal.

    The verdict, the reasons that carry it, the most telling swaps.

    What the articles say cannot steer the terminal: no line breaks, control characters or changes of direction.

    Parameters
    ----------
    explanation : Explanation
        Of one pair.
    look : Look
        Colours, numbers beside swaps, and columns.
    told : Told
        What the run says of the pair, if it is one of a run.

    Returns
    -------
    str
        Lines that fit the columns, without a line feed at the end.
    """
    e = explanation
    parts = [
        _verdict(e, look, told),
        _passages(e.passages, look),
        _reasons(e.families, look),
        _swaps(e.substitutions, look),
        _quotations(e.quotations),
        _fixed(e.fixed, look),
    ]
    return "\n".join(line for part in parts for line in part)


def paint(text: str, colour: str, look: Look) -> str:
    """Return a text in a colour, where colours are wanted.

    Parameters
    ----------
    text : str
        Without control characters.
    colour : str
        One of the sequences of this module, or empty.
    look : Look
        Whether there are colours.

    Returns
    -------
    str
        The text, with sequences around it perhaps.
    """
    return f"{colour}{text}{_PLAIN}" if look.colour and colour else text


def wrapped(text: str, first: str, indent: int, look: Look) -> list[str]:
    """Break a text into lines that fit.

    Parameters
    ----------
    text : str
        On one line.
    first : str
        What the first line begins with.
    indent : int
        Blanks before the others.
    look : Look
        How wide lines are.

    Returns
    -------
    list of str
        At least one line.

    Examples
    --------
    >>> wrapped("synonym, much rarer", "was: ", 5, Look(width=20))
    ['was: synonym, much', '     rarer']
    """
    lines = textwrap.wrap(
        text, max(look.width, 20), initial_indent=first, subsequent_indent=" " * indent, break_on_hyphens=False
    )
    return lines or [first.rstrip()]


def _verdict(e: Explanation, look: Look, told: Told) -> list[str]:
    if math.isnan(e.p_spun):
        return [f"verdict    {e.verdict}", *_line("caution", e.abstained or "unknown", look, YELLOW)]
    least = 0 if look.verbose else _LEAST_RELATION
    odds = sorted(((p, name) for name, p in e.relation.items() if not p < least), key=lambda one: -one[0])
    lines = [
        *_line(
            "verdict",
            told.verdict or e.verdict,
            look,
            _COLOURS.get((told.verdict or e.verdict).partition(",")[0], BOLD),
        ),
        *(_line("why", told.because, look) if told.because else []),
        *_line("p_spun", f"{probability(e.p_spun)} ({interval(e)})", look),
        *_line("relation", ", ".join(f"{name} {probability(p)}" for p, name in odds), look),
        *_line("direction", told.direction or direction(e.p_forward), look),
        *_line("coverage", f"{number(e.coverage)}, {plural(e.n_substitutions, 'substitution')}", look),
    ]
    lines += _line("disguise", f"look-alike or invisible characters: {disguises(e)}", look) if disguises(e) else []
    lines += _line("left out", e.form, look) if e.form else []
    lines += _names(e, look, told)
    return [*lines, *_line("caution", e.abstained, look, YELLOW)] if e.abstained else lines


def _names(e: Explanation, look: Look, told: Told) -> list[str]:
    """Name both texts: their titles, and below these where they come from."""
    made = e.provenance
    known = (("source", made.source_title, told.source), ("suspect", made.suspect_title, told.suspect))
    lines = []
    for side, title, place in known:
        lines += _line(side, title, look) if title else []
        lines += _line("" if title else side, place, look, DIM) if place else []
    return lines


def _line(name: str, words: str, look: Look, colour: str = "") -> list[str]:
    first, *more = wrapped(one_line(words, _REASON), f"{name:{_INDENT}}", _INDENT, look)
    lines = [first[:_INDENT] + paint(first[_INDENT:], colour, look)]
    return lines + [" " * _INDENT + paint(line[_INDENT:], colour, look) for line in more]


def _passages(passages: Sequence[Passage], look: Look) -> list[str]:
    """List the passages where there are several: where each lies, how long it is, and what is said of it."""
    if len(passages) < 2:
        return []
    lines = [
        line
        for one in passages[:N_PASSAGES]
        for line in wrapped(
            f"from {one.source_start:,}-{one.source_end:,}: {one.n_words:,} words, {likeliest(dict(one.relation))}, "
            f"p_spun {probability(one.p_spun)}",
            f"  {one.suspect_start:>7,}-{one.suspect_end:<7,} ",
            18,
            look,
        )
    ]
    more = [f"  and {len(passages) - N_PASSAGES:,} more"] if len(passages) > N_PASSAGES else []
    return ["", paint("Passages, by characters of the suspect and of the source", BOLD, look), *lines, *more]


def interval(e: Explanation) -> str:
    """Return the interval of p_spun as every report prints it."""
    return interval_words(e.p_low, e.p_high)


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


def _reasons(families: Sequence[ReasonFamily], look: Look) -> list[str]:
    shown, rest = shown_and_rest(families)
    told = [(one.contribution, f"{one.title}: {one.words}{_counted(one)}") for one in shown]
    told += [(math.fsum(one.contribution for one in rest), f"all else: {titles(rest)}")] if rest else []
    lines = [
        line
        for contribution, words in told
        for line in wrapped(one_line(words, _REASON), f"  {number(contribution, sign=True):>6}  ", 10, look)
    ]
    total = number(math.fsum(one.contribution for one in families), sign=True)
    title = f"Reasons, by what each adds to the log-odds of spun ({total} in all)"
    return ["", paint(title, BOLD, look), *lines] if lines else []


def titles(families: Iterable[ReasonFamily]) -> str:
    """Name families in one line."""
    return ", ".join(one.title for one in families)


def _counted(family: ReasonFamily) -> str:
    return f" ({plural(len(family.changes), 'change')})" if family.changes else ""


def _swaps(substitutions: Sequence[Substitution], look: Look) -> list[str]:
    shown = substitutions[:N_SUBSTITUTIONS]
    if not shown:
        return []
    of = f", {len(shown)} of {len(substitutions):,}" if len(shown) < len(substitutions) else ""
    lines = [line for swap in shown for line in _swap(swap, look)]
    return ["", paint(f"Most telling swaps{of}, source -> suspect", BOLD, look), *lines]


def _swap(swap: Substitution, look: Look) -> list[str]:
    """Tell of a swap, and below it of what is odd about it."""
    lines = wrapped(f"-> {one_line(swap.suspect, _WORDS)}", f"  {one_line(swap.source, _WORDS)} ", 5, look)
    said = swap_words(swap, look.verbose)
    return lines + [paint(line, DIM, look) for line in (wrapped(said, " " * 5, 5, look) if said else [])]


def swap_words(swap: Substitution, numbers: bool = False) -> str:
    """Say in a few words what is odd about a swap.

    Parameters
    ----------
    swap : Substitution
        One of an explanation.
    numbers : bool
        Say how rare the words are on the Zipf scale, and how they fit, in numbers.

    Returns
    -------
    str
        Remarks between commas; empty where there is nothing to remark.

    Examples
    --------
    >>> swap = Substitution("judge", "adjudicator", 0, 5, 0, 11, 1, "near synonym", False, 5, 2.5, -2.5, -7.1, 3)
    >>> swap_words(swap)
    'near synonym, much rarer, does not fit its neighbours'
    >>> swap_words(swap, numbers=True)
    'near synonym, frequency 5.0 → 2.5, fit −7.1'
    """
    delta = swap.zipf_delta
    much = "much " if abs(delta) >= _MUCH else ""
    frequency = f"{much}{'rarer' if delta < 0 else 'commoner'}" if abs(delta) >= _RARER else ""
    fit = "does not fit its neighbours" if swap.fit_delta <= _MISFIT else ""
    fit = fit or ("fits worse" if swap.fit_delta <= _WORSE else "")
    if numbers:
        known = not math.isnan(delta)
        frequency = f"frequency {number(swap.zipf_source, 1)} → {number(swap.zipf_suspect, 1)}" if known else ""
        fit = "" if math.isnan(swap.fit_delta) else f"fit {number(swap.fit_delta, 1, sign=True)}"
    notes = [note for note in swap.notes if "sense" not in note]
    recurs = f"also in {plural(swap.recurs, 'other pair')}" if swap.recurs else ""
    relation = "in one thesaurus entry" if swap.relation == "thesaurus" else swap.relation
    said = (relation, "wrong sense" if swap.wrong_sense else "", frequency, fit, *notes, recurs)
    return ", ".join(filter(None, said))


def _quotations(quotations: Sequence[Quotation]) -> list[str]:
    if not quotations:
        return []
    kept = sum(quotation.kept for quotation in quotations)
    return ["", f"Quotations: {kept} of {len(quotations)} kept word for word"]


def _fixed(fixed: Sequence[Fixed], look: Look) -> list[str]:
    if not fixed:
        return []
    states = [(state, _listed(fixed, state)) for state in ("altered", "lost")]
    return [count_kept(fixed), *(line for state, words in states if words for line in _state(state, words, look))]


def _state(state: str, words: str, look: Look) -> list[str]:
    return wrapped(words, f"  {state}: ", len(state) + 4, look)


def _listed(fixed: Iterable[Fixed], state: str) -> str:
    found = list(dict.fromkeys(one_line(one.text, _WORDS) for one in fixed if one.state == state))
    more = f" and {len(found) - N_FIXED} more" if len(found) > N_FIXED else ""
    return ", ".join(found[:N_FIXED]) + more
