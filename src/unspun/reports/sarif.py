"""Write explanations as SARIF 2.1.0, which code hosts and editors take.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import Any
from urllib.parse import quote

import unspun
from unspun.evidence.explanation import ExplainedPair, Explanation, Substitution
from unspun.reports.formatting import encodable, one_line, plural, probability
from unspun.reports.terminal import about, direction, interval

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
RULE = "machine-spun"
N_SWAPS = 25
"""Swaps that a result points at, the most telling ones."""
_KINDS = {
    "likely": ("fail", "warning"),
    "unclear": ("review", "none"),
    "unlikely": ("pass", "none"),
    "not judged": ("notApplicable", "none"),
}
# Of the ids that are addresses only those of pages are kept as such: a viewer may make links of them.
_ADDRESSES = ("http://", "https://")

Json = dict[str, Any]


class Text:
    """A text with its lines, to turn offsets into SARIF's regions.

    Lines and columns from 1, in code points.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        # SARIF's line breaks are CR LF and LF unless a run says otherwise.
        self.starts = [0, *accumulate(len(line) + 1 for line in text.split("\n"))][:-1]

    def region(self, start: int, end: int) -> Json:
        """Return the region of a half-open range.

        Parameters
        ----------
        start, end : int
            Offsets in characters.

        Returns
        -------
        dict
            Lines and columns from 1, and the same in characters.
        """
        first, last = bisect_right(self.starts, start) - 1, bisect_right(self.starts, max(end, start)) - 1
        return {
            "startLine": first + 1,
            "startColumn": start - self.starts[first] + 1,
            "endLine": last + 1,
            "endColumn": end - self.starts[last] + 1,
            "charOffset": start,
            "charLength": end - start,
        }


def as_sarif(pairs: Iterable[ExplainedPair], texts: bool = True) -> str:
    """Return a SARIF log with one result a pair.

    Parameters
    ----------
    pairs : iterable of ExplainedPair
        The flagged pairs, in the order in which they are to be listed.
    texts : bool
        Whether the log holds the texts; without them it shows the swaps alone.

    Returns
    -------
    str
        JSON. A result lies in the suspect, over its aligned part; its related locations are the aligned part of the
        source, then both sides of the most telling swaps. The texts are part of the log, since offsets are those of
        the text read from a page, not of its HTML.
    """
    artifacts: list[Json] = []
    places: dict[tuple[str, str], int] = {}
    results = [_result(pair, artifacts, places) for pair in pairs]
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
                "defaultConfiguration": {"level": "warning"},
            }
        ],
    }


def _result(explained: ExplainedPair, artifacts: list[Json], places: dict[tuple[str, str], int]) -> Json:
    e, p = explained.explanation, explained.explanation.provenance
    a = _artifact(p.source_id, p.source_sha256, "source", explained.source, artifacts, places)
    b = _artifact(p.suspect_id, p.suspect_sha256, "suspect", explained.suspect, artifacts, places)
    texts = Text(explained.source), Text(explained.suspect)
    spans = _aligned(e)
    kind, level = _KINDS[e.verdict]
    return {
        "ruleId": RULE,
        "ruleIndex": 0,
        "kind": kind,
        "level": level,
        "message": {"text": _said(e)},
        "locations": [_location(b, texts[1].region(*spans[1]))],
        "relatedLocations": [
            {"id": 0, **_location(a, texts[0].region(*spans[0])), "message": {"text": "what it was compared with"}},
            *_related(e.substitutions[:N_SWAPS], a, b, texts),
        ],
        "partialFingerprints": {"pair/v1": f"{p.source_sha256}:{p.suspect_sha256}"},
        "rank": round(100 * e.p_spun, 3) if e.p_spun == e.p_spun else -1.0,
        "properties": _numbers(e),
    }


def _said(e: Explanation) -> str:
    caution = f" {message(e.abstained)}." if e.abstained else ""
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


def _related(swaps: Sequence[Substitution], a: Json, b: Json, texts: tuple[Text, Text]) -> list[Json]:
    """Return both places of every swap, each with the words of the other side."""
    found: list[Json] = []
    for swap in swaps:
        said = f" ({message(about(swap))})" if about(swap) else ""
        here, there = message(swap.suspect), message(swap.source)
        regions = (
            (b, texts[1].region(swap.suspect_start, swap.suspect_end), f"was: {there}{said}"),
            (a, texts[0].region(swap.source_start, swap.source_end), f"became: {here}{said}"),
        )
        for artifact, region, text in regions:
            found.append({"id": len(found) + 1, **_location(artifact, region), "message": {"text": text}})
    return found


def _location(artifact: Json, region: Json) -> Json:
    return {"physicalLocation": {"artifactLocation": artifact, "region": region}}


def _artifact(
    name: str, digest: str, side: str, text: str, artifacts: list[Json], places: dict[tuple[str, str], int]
) -> Json:
    """Return where an artifact is, adding it to the log's list when it is new."""
    uri = _address(name) or f"{side}-{digest[:16]}.txt"
    key = uri, digest
    if key not in places:
        places[key] = len(artifacts)
        location = {"uri": uri, "index": places[key]}
        artifacts.append(
            {
                "location": location,
                "mimeType": "text/plain",
                "hashes": {"sha-256": digest},
                "contents": {"text": encodable(text)},
            }
        )
    return {"uri": uri, "index": places[key]}


def _address(name: str) -> str:
    """Return an id, which may be any text, as an address: a page's own, or a relative one.

    >>> _address("https://a.example/b c"), _address("javascript:alert(1)")
    ('https://a.example/b%20c', 'javascript%3Aalert%281%29')
    """
    name = encodable(name)[:2000]
    return quote(name, safe="/:?=&,;~+-._" if name.startswith(_ADDRESSES) else "/")
