"""Draw the evidence for one pair as a page that a person can judge.

It is one file without script, and nothing is fetched.

The template decides how things look; what it is given is computed here, from the explanation alone.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from unspun.evidence.explanation import Explanation, Fixed, Reason, Substitution
from unspun.reports.error_rates import kind_words, rates
from unspun.reports.formatting import one_line
from unspun.reports.pages.order_map import order_map
from unspun.reports.pages.rendering import render
from unspun.reports.pages.side_by_side import columns, count_words
from unspun.reports.pages.verdict import head

MAX_REASONS, MAX_SWAPS, MAX_QUOTATIONS, MAX_EXAMPLES = 10, 120, 60, 12
"""Lines of the tables of a page; what is left out is counted."""

_FIXED = {"name": "names", "number": "numbers", "rare": "rare words"}


class ReasonView(NamedTuple):
    """A reason, and the numbers of the rows that it was seen in."""

    words: str
    value: float
    contribution: float
    rows: tuple[int, ...]


class Reasons(NamedTuple):
    """The strongest reasons, and what the others add.

    It also says whether a residue is worth showing.
    """

    first: tuple[ReasonView, ...]
    rest: tuple[ReasonView, ...]
    rest_sum: float
    widest: float
    residue: bool


class QuotationView(NamedTuple):
    """A quotation on both sides and what became of it."""

    source: str
    suspect: str
    kept: bool
    n_words: int
    n_suspect: int
    words_changed: int


class FixedLine(NamedTuple):
    """Counts of words of one kind: kept, altered and lost.

    Some of the latter two are named.
    """

    name: str
    counts: tuple[int, int, int]
    examples: tuple[Fixed, ...]
    n_more: int


def pair_page(
    explanation: Explanation,
    source_text: str,
    suspect_text: str,
    source_name: str = "",
    suspect_name: str = "",
    redact: bool = False,
    actions: Sequence[tuple[str, str]] = (),
    card: Mapping[str, Any] | None = None,
) -> str:
    """Return the evidence for one pair as one HTML file.

    Parameters
    ----------
    explanation : Explanation
        What `unspun.evidence.explaining.explain` found.
    source_text, suspect_text : str
        The texts it was found in.
    source_name, suspect_name : str, optional
        What the page calls them: titles, addresses or file names; what the provenance has by default. Shown on
        one line, shortened, never as links.
    redact : bool
        Show the changes and leave out every other word of the texts.
    actions : sequence of (address, words)
        Links above the verdict; for pages that are served.
    card : mapping, optional
        The card of the model, for the error rates; that of the packaged model by default.

    Returns
    -------
    str
        The page; it fetches nothing.

    Examples
    --------
    >>> from unspun.model.detector import load_detector
    >>> from unspun.evidence.explaining import explain
    >>> texts = "The old ferry sank quickly off Port Salden.", "The old boat sank rapidly off Port Salden."
    >>> page = pair_page(explain(*texts, load_detector()), *texts, "a.txt", "<b>.txt")
    >>> "<script" in page, "&lt;b&gt;.txt" in page
    (False, True)
    """
    found, made = explanation, explanation.provenance
    swaps = found.substitutions[:MAX_SWAPS]
    return render(
        "pair.html",
        found=found,
        head=head(found),
        source_name=one_line(source_name or _name(made.source_id, made.source_title, redact)),
        suspect_name=one_line(suspect_name or _name(made.suspect_id, made.suspect_title, redact)),
        actions=actions,
        redact=redact,
        reasons=_reasons(found),
        map=order_map(found, len(source_text), len(suspect_text)),
        columns=columns(found, source_text, suspect_text, redact),
        swapped={number: swap.change for swap in swaps for number in (swap.change, *swap.changes)},
        swaps=swaps,
        n_swaps=len(found.substitutions),
        recurring=any(swap.recurs for swap in swaps),
        remarks=remarks,
        quotations=tuple(_quotations(found, source_text, suspect_text)),
        fixed=tuple(_fixed(found.fixed)),
        rates=rates(found, card),
        kind_words=kind_words,
        n_kept=sum(one.kept for one in found.quotations),
        provenance=tuple(_provenance(found)),
    )


def _name(article_id: str, title: str, redact: bool) -> str:
    """Return title and id; the title is text of the article, so it is left out with the rest of it."""
    known = [part.strip() for part in ("" if redact else title, article_id) if part.strip()]
    return " · ".join(dict.fromkeys(known)) or "no name given"


def _reasons(found: Explanation) -> Reasons:
    row_of = {number: k for k, row in enumerate(found.rows, 1) for number in row.changes}
    views = [_reason(reason, row_of) for reason in sorted(found.reasons, key=lambda one: -abs(one.contribution))]
    rest = views[MAX_REASONS:]
    return Reasons(
        tuple(views[:MAX_REASONS]),
        tuple(rest),
        math.fsum(view.contribution for view in rest),
        abs(views[0].contribution) if views else 0.0,
        abs(found.residue) > 1e-6,
    )


def _reason(reason: Reason, row_of: dict[int, int]) -> ReasonView:
    rows = sorted({row_of[number] for number in reason.changes if number in row_of})
    return ReasonView(reason.words[:1].upper() + reason.words[1:], reason.value, reason.contribution, tuple(rows))


def remarks(swap: Substitution) -> str:
    """Return what is odd about a swap, in words."""
    notes = [*(["wrong sense"] if swap.wrong_sense else []), *(note for note in swap.notes if "sense" not in note)]
    return "; ".join(notes)


def _quotations(found: Explanation, source_text: str, suspect_text: str) -> Iterator[QuotationView]:
    for one in sorted(found.quotations, key=lambda one: one.kept)[:MAX_QUOTATIONS]:
        source = source_text[one.source_start : one.source_end]
        suspect = suspect_text[one.suspect_start : one.suspect_end]
        yield QuotationView(source, suspect, one.kept, one.n_words, count_words(suspect), one.words_changed)


def _fixed(fixed: Sequence[Fixed]) -> Iterator[FixedLine]:
    for kind, name in _FIXED.items():
        group = [one for one in fixed if one.kind == kind]
        gone = {one.text: one for one in group if one.state != "kept"}
        counts = [sum(one.state == state for one in group) for state in ("kept", "altered", "lost")]
        if group:
            shown = tuple(gone.values())[:MAX_EXAMPLES]
            yield FixedLine(name, (counts[0], counts[1], counts[2]), shown, len(gone) - len(shown))


def _provenance(found: Explanation) -> Iterator[tuple[str, str]]:
    made = found.provenance
    yield "SHA-256 of the source", made.source_sha256
    yield "SHA-256 of the suspect", made.suspect_sha256
    yield "model", made.model
    yield "versions", ", ".join(f"{name} {version}" for name, version in made.versions.items())
    yield from made.options.items()
