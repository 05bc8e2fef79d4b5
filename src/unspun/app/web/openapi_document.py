"""Describe the addresses for programs as an OpenAPI document."""

from __future__ import annotations

import dataclasses
from functools import lru_cache
from typing import Any

import unspun
from unspun.app.web.example_pair import EXAMPLE
from unspun.app.web.given_texts import MAX_NAME, SIDES
from unspun.app.web.uploads import MAX_CHARACTERS
from unspun.model.pair_score import Score
from unspun.reports.json import SCORE_SCHEMA, schema

_COMPONENTS = "#/components/schemas/"
_ERRORS = {
    "400": "The body is not valid JSON.",
    "408": "The body took too long to arrive.",
    "413": "The body is too large.",
    "415": "The body was not sent as application/json.",
    "422": "A field is missing, unknown, empty, too long or not a text.",
    "503": "The comparison took too long, or too many wait. Try again after the seconds that retry-after names.",
}
_PLAIN = {
    "403": "The request came from a page of another site.",
    "421": "The request names another host.",
}


@lru_cache(maxsize=1)
def openapi_document() -> dict[str, Any]:
    """Return the document, OpenAPI 3.1.

    Its schema `Explanation` is the one that the package publishes (`unspun.reports.json.schema`).

    >>> sorted(openapi_document()["paths"])
    ['/api/explain', '/api/score']
    """
    published = _moved(schema())
    explanation = {name: part for name, part in published.items() if name not in ("$schema", "$id", "$defs")}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Unspun",
            "version": unspun.__version__,
            "description": "Tells whether one text was machine-spun from another. Served on this machine only.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": {
            "/api/score": _path("score", "Score two texts", "Score"),
            "/api/explain": _path("explain", "Score two texts and say why", "Explanation"),
        },
        "components": {
            "schemas": {
                "Texts": _texts(),
                "Score": _score(explanation["properties"]),
                "Explanation": explanation,
                "Error": {"type": "object", "required": ["detail"], "properties": {"detail": {"type": "string"}}},
                **published["$defs"],
            }
        },
    }


def _moved(part: Any) -> Any:
    """Return a schema with its references led to where the definitions are in this document."""
    if isinstance(part, dict):
        return {
            name: value.replace("#/$defs/", _COMPONENTS) if name == "$ref" else _moved(value)
            for name, value in part.items()
        }
    return [_moved(one) for one in part] if isinstance(part, list) else part


def _path(name: str, summary: str, made: str) -> dict[str, Any]:
    answers = {"200": {"description": made, **_content(made)}}
    answers |= {status: {"description": text, **_content("Error")} for status, text in _ERRORS.items()}
    # What is refused before it is read is refused in plain words.
    answers |= {status: {"description": text, "content": {"text/plain": {}}} for status, text in _PLAIN.items()}
    answers["413"]["content"]["text/plain"] = {}
    body = {"required": True, **_content("Texts")}
    return {"post": {"operationId": name, "summary": summary, "requestBody": body, "responses": answers}}


def _content(name: str) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": {"$ref": _COMPONENTS + name}}}}


def _texts() -> dict[str, Any]:
    fields = {side: _field(f"The {side}, any text with words.", MAX_CHARACTERS) for side in SIDES}
    for side in SIDES:
        fields[side] |= {"minLength": 1, "pattern": r"[^\s\x1c-\x1f\x85\ufeff]"}
        fields[f"{side}_title"] = _field(f"Title of the {side}.", MAX_NAME)
        fields[f"{side}_address"] = _field(f"Address of the {side}. It is shown and never fetched.", MAX_NAME)
    example = dict(zip(SIDES, EXAMPLE.both, strict=True)) | {"source_title": EXAMPLE.source.title}
    made = {"type": "object", "additionalProperties": False, "required": list(SIDES), "properties": fields}
    return {**made, "examples": [example]}


def _field(description: str, limit: int) -> dict[str, Any]:
    return {"description": description, "type": "string", "maxLength": limit}


def _score(explained: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a score: what it says, an explanation says too, or says of the suspect."""
    fields: dict[str, Any] = {"schema": {"description": "Name and version of this schema.", "const": SCORE_SCHEMA}}
    for one in dataclasses.fields(Score):
        of_suspect = explained.get(one.name.removeprefix("source_"), {})
        words = of_suspect.get("description", "").replace("suspect", "source")
        fields[one.name] = explained.get(one.name) or {**of_suspect, "description": words}
    return {"type": "object", "additionalProperties": False, "required": sorted(fields), "properties": fields}
