"""Write explanations as JSON with one published, versioned schema."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from importlib.resources import files
from itertools import chain, repeat
from typing import TYPE_CHECKING, Any

from unspun.evidence.explanation import Explanation
from unspun.model.pair_score import Score
from unspun.reports.formatting import encodable

if TYPE_CHECKING:
    from unspun.reports.pages.page_context import PairContext

SCHEMA = "unspun.explanation/2.3"
"""Name and version of the schema; the first number changes when a reader of the old one would go wrong."""

SCORE_SCHEMA = "unspun.score/1.0"
"""The same of a score."""


def score_as_json(score: Score) -> str:
    """Return a score as one JSON object on one line.

    ``schema`` and the fields of `Score`, sorted.
    """
    return json.dumps({"schema": SCORE_SCHEMA, **_fields(score)}, sort_keys=True, allow_nan=False)


FINDING_SCHEMA = "unspun.finding/1.0"
"""Name and version of what is written of a finding."""


def as_json(explanation: Explanation, indent: int | None = 2, context: PairContext | None = None) -> str:
    """Return an explanation as one JSON object.

    ``schema``, the fields of `Explanation`, and ``in_run``; sorted.

    Parameters
    ----------
    explanation : Explanation
        As `unspun.explain` returns it.
    indent : int or None
        Blanks to indent by; None for one line.
    context : PairContext, optional
        What a run tells of the pair, for ``in_run``; it is null without.

    Returns
    -------
    str
        ASCII. NaN becomes null, a lone surrogate the replacement character (offsets stay right). Numbers are exact;
        reports for people show the same, rounded (`unspun.reports.formatting`).
    """
    return json.dumps(as_dict(explanation, context), sort_keys=True, indent=indent, allow_nan=False)


def as_jsonl(explanations: Iterable[Explanation], contexts: Iterable[PairContext] = ()) -> str:
    """Return explanations as JSON Lines, one object a line, in the order given.

    Parameters
    ----------
    explanations : iterable of Explanation
        One a line.
    contexts : iterable of PairContext
        What a run tells of each; may be short, or empty.

    Returns
    -------
    str
        Lines as of `as_json`.
    """
    told = chain(contexts, repeat(None))
    return "".join(as_json(one, None, context) + "\n" for one, context in zip(explanations, told, strict=False))


def finding_json(finding: Mapping[str, Any], explanation: Explanation | None) -> str:
    """Return a finding of a run as one JSON object, on one line.

    Parameters
    ----------
    finding : mapping
        A row of the FINDINGS.
    explanation : Explanation or None
        That of the page and its likeliest source; None where the finding is beyond those that were to be explained.

    Returns
    -------
    str
        ``schema``, the columns of the finding, ``resembles`` as objects, and the ``explanation`` as `as_json` has it.
    """
    fields = {name: _plain(getattr(value, "item", lambda value=value: value)()) for name, value in finding.items()}
    fields["resembles"] = json.loads(finding["resembles"])
    told = as_dict(explanation) if explanation else None
    return json.dumps({"schema": FINDING_SCHEMA, **fields, "explanation": told}, sort_keys=True, allow_nan=False)


def as_dict(explanation: Explanation, context: PairContext | None = None) -> dict[str, Any]:
    """Return an explanation as what `json` can write, with the name of its schema.

    Parameters
    ----------
    explanation : Explanation
        Of one pair.
    context : PairContext, optional
        What a run tells of the pair.

    Returns
    -------
    dict
        Plain objects, as of `as_json`.
    """
    return {"schema": SCHEMA, **_fields(explanation), "in_run": _in_run(context) if context else None}


def _in_run(context: PairContext) -> dict[str, object]:
    """Return what a run tells of a pair; a page is accused by a finding alone."""
    told = {
        "role": context.role or "not flagged",
        "because": context.because,
        "finding": context.finding or None,
        "explained_by": context.explained_by or None,
        "spun_side": "suspect" if context.role == "finding" else None,
        "sure": context.sure,
        "cluster": context.cluster or None,
        "source": context.source._asdict(),
        "suspect": context.suspect._asdict(),
        "resembles": [like._asdict() for like in context.resembles],
    }
    return {name: _plain(value) for name, value in told.items()}


def _fields(value: Any) -> dict[str, object]:
    # `dataclasses.asdict` copies every number by itself, which takes ten times as long.
    return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}


def _plain(value: object) -> object:
    if isinstance(value, str):
        return encodable(value)
    if isinstance(value, int):
        return value
    if is_dataclass(value):
        return _fields(value)
    if isinstance(value, dict):
        return {encodable(name): _plain(part) for name, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(part) for part in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of what `as_json` writes.

    The file ships with the package.

    >>> schema()["properties"]["schema"]["const"] == SCHEMA
    True
    """
    return _published("explanation.schema.json")


def finding_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of what `finding_json` writes.

    It holds the schema of explanations, which the file of the package only names.

    >>> finding_schema()["properties"]["schema"]["const"] == FINDING_SCHEMA
    True
    """
    made = _published("finding.schema.json")
    return {**made, "$defs": {**made["$defs"], "Explanation": schema()}}


def _published(name: str) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(files("unspun.reports").joinpath(name).read_text(encoding="utf-8"))
    return made
