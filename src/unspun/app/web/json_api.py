"""Answer programs in JSON.

They get a score or an explanation of two texts, and the document that describes both.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from functools import partial
from typing import Any

from fastapi import Request
from fastapi.responses import JSONResponse, Response

from unspun.app.web import form_fields
from unspun.app.web.given_texts import MAX_NAME, SIDES, GivenText, Texts
from unspun.app.web.openapi_document import openapi_document
from unspun.app.web.request_guards import drain
from unspun.app.web.turns import RETRY_SECONDS, Busy, Turns
from unspun.app.web.uploads import MAX_CHARACTERS, SlowRequest, UploadError
from unspun.app.web.worker import Comparer
from unspun.errors import UnspunError

_FIELDS = [*SIDES, *(f"{side}_{name}" for side in SIDES for name in ("title", "address"))]


class OtherBody(UploadError):
    """A body that is no JSON by its own word."""

    status = 415


class BrokenJson(UploadError):
    """A body that cannot be read as JSON."""

    status = 400


class JsonApi:
    """Answer requests of programs.

    Parameters
    ----------
    worker : Comparer
        Makes scores and explanations of two texts.
    turns : Turns
        In which order requests are answered.
    """

    def __init__(self, worker: Comparer, turns: Turns) -> None:
        self.worker, self.turns = worker, turns

    def document(self, request: Request) -> Response:
        """Return the OpenAPI document."""
        return JSONResponse(openapi_document())

    async def score(self, request: Request) -> Response:
        """Return the score of two texts."""
        return await self._answer(request, self.worker.score)

    async def explain(self, request: Request) -> Response:
        """Return the explanation of two texts."""
        return await self._answer(request, self.worker.explain)

    async def _answer(self, request: Request, work: Callable[[Texts], str]) -> Response:
        try:
            if request.headers.get("content-type", "").split(";")[0].strip().lower() != "application/json":
                await drain(request.receive)
                raise OtherBody("the body is not JSON", None, "send it as application/json")
            async with self.turns.place() as deadline:
                texts = await asyncio.to_thread(texts_of, await _body(request))
                made = await self.turns.run(deadline, request, partial(work, texts))
                return Response(status_code=408) if made is None else Response(made, media_type="application/json")
        except UploadError as error:
            headers = {"connection": "close"} if error.status == 408 else None
            return JSONResponse({"detail": str(error)}, error.status, headers)
        except Busy as error:
            await drain(request.receive)
            return JSONResponse({"detail": str(error)}, 503, {"retry-after": str(RETRY_SECONDS)})
        except UnspunError as error:
            return JSONResponse({"detail": str(error)}, 503)


async def _body(request: Request) -> bytes:
    try:
        async with asyncio.timeout(form_fields.MAX_SECONDS):
            return await request.body()
    except TimeoutError as error:
        what = f"the body took longer than {form_fields.MAX_SECONDS:g} seconds to arrive"
        raise SlowRequest(what, None, "send it again") from error


def texts_of(body: bytes) -> Texts:
    """Read the texts of a request.

    Parameters
    ----------
    body : bytes
        A JSON object.

    Returns
    -------
    Texts
        With the titles and addresses that were given.

    Raises
    ------
    UploadError
        With status 400 where it is no JSON, 422 where a field is missing, unknown or not what it must be.

    Examples
    --------
    >>> texts_of(b'{"source": "Rain fell.", "suspect": "Rain dropped.", "source_title": "A storm"}').shown
    ('A storm', 'the suspect, as typed')
    """
    try:
        given: Any = json.loads(body, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise BrokenJson("the body is not valid JSON", None, "send an object") from error
    if not isinstance(given, dict):
        raise UploadError("the body is not an object", None, 'send {"source": "...", "suspect": "..."}')
    if unknown := [name for name in given if name not in _FIELDS]:
        raise UploadError("there is no such field", unknown[0][:80], f"the fields are {', '.join(_FIELDS)}")
    source, suspect = (_side(side, given) for side in SIDES)
    return Texts(source, suspect)


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")


def _side(side: str, given: dict[str, Any]) -> GivenText:
    text = _text(given, side, MAX_CHARACTERS)
    if not text.strip():
        raise UploadError(f"{side} is missing or empty", None, "give a text")
    names = (_text(given, f"{side}_{name}", MAX_NAME) for name in ("title", "address"))
    return GivenText(text, "", *names)


def _text(given: dict[str, Any], name: str, limit: int) -> str:
    value = given.get(name, "")
    if not isinstance(value, str):
        raise UploadError(f"{name} is not a text", None, "send it as a string")
    if len(value) > limit:
        raise UploadError(f"{name} has {len(value):,} characters", None, f"give at most {limit:,}")
    return value
