"""Draw the evidence for one pair as a page that a person can judge.

It is one file without script, and nothing is fetched.

The template decides how things look; what it is given is computed here, from the explanation alone.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from unspun.evidence.explanation import Explanation, Fixed, Reason, ReasonFamily
from unspun.evidence.reason_families import shown_and_rest
from unspun.reports.error_rates import kind_words, rates
from unspun.reports.pages.order_map import order_map
from unspun.reports.pages.page_context import PairContext, context_of, name_of
from unspun.reports.pages.passage_heads import RELATIONS
from unspun.reports.pages.rendering import render
from unspun.reports.pages.side_by_side import columns
from unspun.reports.pages.telling_swaps import altered_quotations, telling_swaps
from unspun.reports.pages.verdict import head
from unspun.reports.terminal import swap_words

MAX_REASONS, MAX_SWAPS, MAX_EXAMPLES = 10, 120, 12
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


class Families(NamedTuple):
    """Families of reasons that carry the verdict, and what the others add.

    ``both`` says that some speak for spinning and some against it.
    """

    shown: tuple[ReasonFamily, ...]
    rest: tuple[ReasonFamily, ...]
    rest_sum: float
    widest: float
    both: bool


class FixedView(NamedTuple):
    """A name, number or rare word that was not kept, and its replacement.

    That is empty where there is none.
    """

    text: str
    became: str


class FixedLine(NamedTuple):
    """The fate of words of one kind.

    Those that were altered or lost are named, but for ``n_more``.
    """

    name: str
    n_kept: int
    n: int
    examples: tuple[FixedView, ...]
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
    context: PairContext | None = None,
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
    context : PairContext, optional
        What the run knows of the two texts and their roles; the names alone by default.

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
    found = explanation
    context = context or context_of(found, source_name, suspect_name, redact)
    known = rates(found, card)
    swaps = found.substitutions[:MAX_SWAPS]
    return render(
        "pair.html",
        found=found,
        head=head(found, context, known),
        context=context,
        name_of=name_of,
        links=(*actions, *context.links),
        redact=redact,
        telling=telling_swaps(found, source_text, suspect_text, redact),
        quotations=altered_quotations(found, source_text, suspect_text, redact),
        n_altered=sum(not one.kept for one in found.quotations),
        families=_families(found),
        reasons=_reasons(found),
        map=order_map(found, len(source_text), len(suspect_text)),
        columns=columns(found, source_text, suspect_text, redact),
        swapped={number: swap.change for swap in swaps for number in (swap.change, *swap.changes)},
        swaps=swaps,
        n_swaps=len(found.substitutions),
        swap_words=swap_words,
        fixed=tuple(_fixed(found.fixed, suspect_text)),
        rates=known,
        kind_words=kind_words,
        honest_words=RELATIONS.get(known.likeliest, known.likeliest),
        provenance=tuple(_provenance(found)),
    )


def _families(found: Explanation) -> Families:
    shown, rest = shown_and_rest(found.families)
    rest_sum = math.fsum(one.contribution for one in rest)
    parts = [*(one.contribution for one in shown), rest_sum]
    return Families(tuple(shown), tuple(rest), rest_sum, max(map(abs, parts)), min(parts) < 0 < max(parts))


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


def _fixed(fixed: Sequence[Fixed], suspect: str) -> Iterator[FixedLine]:
    for kind, name in _FIXED.items():
        group = [one for one in fixed if one.kind == kind]
        gone = {one.text: one for one in group if one.state != "kept"}
        if group:
            views = [FixedView(one.text, suspect[one.suspect_start : one.suspect_end]) for one in gone.values()]
            n_kept = sum(one.state == "kept" for one in group)
            yield FixedLine(name, n_kept, len(group), tuple(views[:MAX_EXAMPLES]), max(len(views) - MAX_EXAMPLES, 0))


def _provenance(found: Explanation) -> Iterator[tuple[str, str]]:
    made = found.provenance
    yield "SHA-256 of the source", made.source_sha256
    yield "SHA-256 of the suspect", made.suspect_sha256
    yield "model", made.model
    yield "versions", ", ".join(f"{name} {version}" for name, version in made.versions.items())
    yield from made.options.items()
