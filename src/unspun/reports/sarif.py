"""Write explanations as SARIF 2.1.0, which code hosts and editors take.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import quote

import unspun
from unspun.evidence.explanation import ExplainedPair, Explanation, Substitution
from unspun.reports.checkout.checkout_files import Checkout
from unspun.reports.checkout.file_lines import FileText, Text
from unspun.reports.formatting import encodable, one_line, plural, probability
from unspun.reports.pages.page_context import Role
from unspun.reports.terminal import direction, interval, swap_words

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
RULE = "machine-spun"
ROOT = "%SRCROOT%"
"""The folder that paths are seen from, as code hosts call it."""
HELP = (
    "The text says what another says, in the same order, with words replaced as a rewriting program replaces them. "
    "The related locations show both sides of the swaps that tell most: read them first. p_spun is the probability "
    "that one of the two was made from the other by a machine; the direction tells which. A high score proves no "
    "intent. Honest texts score high when they were translated there and back, or simplified by a tool. Ask the author "
    "for the draft before you act on it."
)
N_SWAPS = 25
"""Swaps that a result points at, the most telling ones."""
_KINDS = {
    "likely": ("fail", "warning"),
    "unclear": ("review", "none"),
    "unlikely": ("pass", "none"),
    "not judged": ("notApplicable", "none"),
}
_KINDS_OF_ROLES: dict[Role, tuple[str, str]] = {
    "open": ("open", "none"),
    "explained": ("informational", "none"),
    "licensed": ("informational", "none"),
}
# Of the ids that are addresses only those of pages are kept as such: a viewer may make links of them.
_ADDRESSES = ("http://", "https://")

Json = dict[str, Any]


def as_sarif(
    pairs: Iterable[ExplainedPair],
    texts: bool = True,
    checkout: Checkout | None = None,
    roles: Mapping[int, Role] | None = None,
) -> str:
    """Return a SARIF log with one result a pair.

    Parameters
    ----------
    pairs : iterable of ExplainedPair
        The flagged pairs, in the order in which they are to be listed.
    texts : bool
        Whether the log holds the texts; without them it shows the swaps alone.
    checkout : Checkout, optional
        The files that articles lie in; regions are lines of these.
    roles : mapping of int to Role, optional
        By number, from 0, what a pair is in its run: those that are open, or explained by other pages, accuse neither.

    Returns
    -------
    str
        JSON. A result lies in the suspect, over its aligned part; its related locations are the aligned part of the
        source, then both sides of the most telling swaps. An article that is no file of the checkout is a logical
        location, and its text part of the log.
    """
    log, known = _Log(checkout or Checkout({})), roles or {}
    results = [_result(pair, log, known.get(number, "")) for number, pair in enumerate(pairs)]
    artifacts = log.artifacts
    if not texts:
        artifacts = [{name: part for name, part in one.items() if name != "contents"} for one in artifacts]
    run = {"tool": {"driver": _driver()}, "columnKind": "unicodeCodePoints", "artifacts": artifacts, "results": results}
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=1, allow_nan=False) + "\n"


def message(text: str) -> str:
    r"""Return a text as a SARIF message shows it.

    On one line, with no link and no placeholder in it.

    >>> message("[go](https://x.example) {0}\n")
    '\\[go\\](https://x.example) {{0}}'
    """
    text = one_line(text).replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")
    return text.replace("{", "{{").replace("}", "}}")


def _driver() -> Json:
    return {
        "name": "unspun",
        "version": unspun.__version__,
        "rules": [
            {
                "id": RULE,
                "name": "MachineSpun",
                "shortDescription": {"text": "A text that was probably rewritten from another by a machine."},
                "fullDescription": {"text": "The probability is calibrated; look at the swaps before acting on it."},
                "help": {"text": HELP, "markdown": HELP},
                "defaultConfiguration": {"level": "warning"},
            }
        ],
    }


class _Side(NamedTuple):
    """An article of a pair: its id, its text, and where ranges of it lie."""

    article_id: str
    text: str
    artifact: Json
    file: FileText | None

    def location(self, start: int, end: int) -> Json:
        """Return where a range of characters lies.

        That is in a file of the checkout, or in an article that the log holds.
        """
        if not self.file:
            physical = {"artifactLocation": self.artifact, "region": Text(self.text).region(start, end)}
            logical = {"fullyQualifiedName": one_line(self.article_id, 2000), "kind": "article"}
            return {"physicalLocation": physical, "logicalLocations": [logical]}
        region = self.file.region(self.text, start, end)
        physical = {"artifactLocation": self.artifact, **({"region": region} if region else {})}
        return {"physicalLocation": physical}


class _Log:
    """The artifacts of a log, each once."""

    def __init__(self, checkout: Checkout) -> None:
        self.checkout = checkout
        self.artifacts: list[Json] = []
        self._places: dict[tuple[str, str], int] = {}

    def side(self, article_id: str, digest: str, side: str, text: str) -> _Side:
        """Return an article of a pair, which is added to the log when it is new."""
        file = self.checkout.file(article_id)
        path = self.checkout.path(article_id) if file else ""
        uri = quote(encodable(path)) if path else _address(article_id) or f"{side}-{digest[:16]}.txt"
        location: Json = {"uri": uri, **({"uriBaseId": ROOT} if file else {})}
        if (uri, digest) not in self._places:
            self._places[uri, digest] = len(self.artifacts)
            held = {"mimeType": "text/plain", "hashes": {"sha-256": digest}, "contents": {"text": encodable(text)}}
            self.artifacts.append({"location": {**location, "index": len(self.artifacts)}, **({} if file else held)})
        return _Side(article_id, text, {**location, "index": self._places[uri, digest]}, file)


def _result(explained: ExplainedPair, log: _Log, role: Role) -> Json:
    e, p = explained.explanation, explained.explanation.provenance
    a = log.side(p.source_id, p.source_sha256, "source", explained.source)
    b = log.side(p.suspect_id, p.suspect_sha256, "suspect", explained.suspect)
    spans = _aligned(e)
    kind, level = _KINDS_OF_ROLES.get(role, _KINDS[e.verdict])
    return {
        "ruleId": RULE,
        "ruleIndex": 0,
        "kind": kind,
        "level": level,
        "message": {"text": _said(e, role)},
        "locations": [b.location(*spans[1])],
        "relatedLocations": [
            {"id": 0, **a.location(*spans[0]), "message": {"text": "what it was compared with"}},
            *_related(e.substitutions[:N_SWAPS], a, b),
        ],
        "partialFingerprints": {"pair/v1": f"{p.source_sha256}:{p.suspect_sha256}"},
        "rank": round(100 * e.p_spun, 3) if e.p_spun == e.p_spun else -1.0,
        "properties": _numbers(e),
    }


def _said(e: Explanation, role: Role) -> str:
    caution = f" {message(e.abstained)}." if e.abstained else ""
    if role == "explained":
        return (
            f"Two pages are alike, and other pages of the run explain it: p_spun of the two alone "
            f"{probability(e.p_spun)} ({interval(e)}), {plural(e.n_substitutions, 'substitution')}.{caution}"
        )
    if role == "licensed":
        return (
            f"The site of one of two pages may republish: p_spun {probability(e.p_spun)} "
            f"({interval(e)}), {plural(e.n_substitutions, 'substitution')}.{caution}"
        )
    if role == "open":
        unsure = "may be spun from the other" if e.abstained else "is spun from the other, it is not decided which"
        return (
            f"One of two pages {unsure}: p_spun {probability(e.p_spun)} "
            f"({interval(e)}), {plural(e.n_substitutions, 'substitution')}.{caution}"
        )
    return (
        f"Machine-spun: {e.verdict}, p_spun {probability(e.p_spun)} ({interval(e)}), "
        f"{plural(e.n_substitutions, 'substitution')}; direction {direction(e.p_forward)}.{caution}"
    )


def _numbers(e: Explanation) -> Json:
    numbers = {name: getattr(e, name) for name in ("p_spun", "p_low", "p_high", "p_forward", "coverage", "log_odds")}
    return {"model": one_line(e.model), **{name: value for name, value in numbers.items() if value == value}}


def _aligned(e: Explanation) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return the range of both texts from the first aligned sentence to the last; empty ones if there are none."""
    if not e.rows:
        return (0, 0), (0, 0)
    a = min(row.source_start for row in e.rows), max(row.source_end for row in e.rows)
    return a, (min(row.suspect_start for row in e.rows), max(row.suspect_end for row in e.rows))


def _related(swaps: Sequence[Substitution], a: _Side, b: _Side) -> list[Json]:
    """Return both places of every swap, each with the words of the other side."""
    found: list[Json] = []
    for swap in swaps:
        said = f" ({message(swap_words(swap))})" if swap_words(swap) else ""
        here, there = message(swap.suspect), message(swap.source)
        places = (
            (b.location(swap.suspect_start, swap.suspect_end), f"was: {there}{said}"),
            (a.location(swap.source_start, swap.source_end), f"became: {here}{said}"),
        )
        for place, text in places:
            found.append({"id": len(found) + 1, **place, "message": {"text": text}})
    return found


def _address(name: str) -> str:
    """Return an id, which may be any text, as an address: a page's own, or a relative one.

    >>> _address("https://a.example/b c"), _address("javascript:alert(1)")
    ('https://a.example/b%20c', 'javascript%3Aalert%281%29')
    """
    name = encodable(name)[:2000]
    return quote(name, safe="/:?=&,;~+-._" if name.startswith(_ADDRESSES) else "/")
