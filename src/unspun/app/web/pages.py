"""The pages of the local server: the form, the evidence, the evidence as a file."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection
from functools import partial

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from unspun.app.web.example_pair import EXAMPLE
from unspun.app.web.form_fields import FormFields, parse_form
from unspun.app.web.given_texts import MAX_NAME, Texts
from unspun.app.web.held_pairs import HeldPairs
from unspun.app.web.json_api import JsonApi
from unspun.app.web.request_guards import Guard, drain
from unspun.app.web.turns import RETRY_SECONDS, Busy, Turns
from unspun.app.web.uploads import MAX_CHARACTERS, UploadError
from unspun.app.web.worker import Comparer
from unspun.errors import UnspunError
from unspun.reports.pages.rendering import render

MAX_BYTES = 8_000_000
"""Limit of what one request may send: two texts of the greatest length, escaped as forms do it."""
_Answer = Callable[[Request], Response | Awaitable[Response]]
_GONE = "This result is no longer held: only the last few are. Compare the texts again."


def make_app(worker: Comparer, hosts: Collection[str], max_bytes: int = MAX_BYTES, turns: Turns | None = None) -> Guard:
    """Return the server as an ASGI application.

    Parameters
    ----------
    worker : Comparer
        Makes pages, scores and explanations of two texts.
    hosts : collection of str
        Host headers that are answered.
    max_bytes : int
        Limit of a request.
    turns : Turns, optional
        In which order requests are answered, and how long they wait.

    Returns
    -------
    Guard
        An ASGI application.
    """
    app = FastAPI(title="Unspun", docs_url=None, redoc_url=None, openapi_url=None)
    turns = turns or Turns()
    pages, api = Pages(worker, turns, max_bytes), JsonApi(worker, turns)
    given: dict[str, _Answer] = {
        "/": pages.form,
        "/example": pages.example,
        "/api": pages.api,
        "/openapi.json": api.document,
        "/pair/{token}": pages.pair,
        "/pair/{token}/download": pages.download,
        "/pair/{token}/swap": pages.swap_pair,
        "/pair/{token}/edit": pages.edit,
    }
    asked: dict[str, _Answer] = {
        "/compare": pages.compare,
        "/swap": pages.swap_form,
        "/api/score": api.score,
        "/api/explain": api.explain,
    }
    for method, answers in (("GET", given), ("POST", asked)):
        for address, answer in answers.items():
            app.add_route(address, answer, methods=[method])
    return Guard(app, hosts, max_bytes)


class Pages:
    """Answer requests for pages, and hold the last results.

    Parameters
    ----------
    worker : Comparer
        Makes the pages of two texts.
    turns : Turns
        In which order requests are answered.
    max_bytes : int
        Limit of a request.
    """

    def __init__(self, worker: Comparer, turns: Turns, max_bytes: int) -> None:
        self.worker, self.turns, self.max_bytes = worker, turns, max_bytes
        self.held = HeldPairs()

    def form(self, request: Request) -> Response:
        """Return the empty form."""
        return form_page()

    def example(self, request: Request) -> Response:
        """Return the form with two texts to try."""
        return form_page(FormFields.of(EXAMPLE))

    def api(self, request: Request) -> Response:
        """Return the page about the addresses for programs."""
        return HTMLResponse(render("api.html", host=request.headers.get("host", ""), max_characters=MAX_CHARACTERS))

    def pair(self, request: Request) -> Response:
        """Return the evidence of two texts."""
        pair = self.held.get(request.path_params["token"])
        return HTMLResponse(pair.shown) if pair else form_page(problem=_GONE, status=404)

    def download(self, request: Request) -> Response:
        """Return the evidence of two texts as a file."""
        pair = self.held.get(request.path_params["token"])
        headers = {"content-disposition": 'attachment; filename="unspun-evidence.html"'}
        return HTMLResponse(pair.kept, headers=headers) if pair else form_page(problem=_GONE, status=404)

    def edit(self, request: Request) -> Response:
        """Return the form with the texts of a result."""
        pair = self.held.get(request.path_params["token"])
        return form_page(FormFields.of(pair.texts)) if pair else form_page(problem=_GONE, status=404)

    async def compare(self, request: Request) -> Response:
        """Compare the texts of a form, and lead to their page."""
        sent = FormFields()
        try:
            async with self.turns.place() as deadline:
                sent = await parse_form(request, self.max_bytes)
                texts = await asyncio.to_thread(sent.texts)
                return await self._answer(request, deadline, texts)
        except UnspunError as error:
            return await _refused(request, error, sent)

    async def swap_form(self, request: Request) -> Response:
        """Return the form with its texts on the other sides; files become texts."""
        sent = FormFields()
        try:
            async with self.turns.place():
                sent = await parse_form(request, self.max_bytes)
                return form_page(await asyncio.to_thread(sent.swapped))
        except UnspunError as error:
            return await _refused(request, error, sent)

    async def swap_pair(self, request: Request) -> Response:
        """Compare the texts of a result with their sides swapped, and lead to their page."""
        pair = self.held.get(request.path_params["token"])
        if pair is None:
            return form_page(problem=_GONE, status=404)
        texts = pair.texts.swapped()
        try:
            async with self.turns.place() as deadline:
                return await self._answer(request, deadline, texts)
        except UnspunError as error:
            return await _refused(request, error, FormFields.of(texts))

    async def _answer(self, request: Request, deadline: float, texts: Texts) -> Response:
        token = self.held.new_token()
        made = await self.turns.run(deadline, request, partial(self.worker.compare, texts, f"/pair/{token}"))
        if made is None:
            return Response(status_code=408)
        self.held.add(token, texts, made)
        return RedirectResponse(f"/pair/{token}", 303)


async def _refused(request: Request, error: UnspunError, sent: FormFields) -> Response:
    """Return the form with what was wrong."""
    if isinstance(error, UploadError):
        headers = {"connection": "close"} if error.status == 408 else None
        return form_page(sent, str(error), error.status, headers)
    if not isinstance(error, Busy):
        return form_page(sent, str(error), 503)
    await drain(request.receive)
    return form_page(sent, str(error), 503, {"retry-after": str(RETRY_SECONDS)})


def form_page(
    sent: FormFields | None = None, problem: str = "", status: int = 200, headers: dict[str, str] | None = None
) -> HTMLResponse:
    """Return the form.

    Parameters
    ----------
    sent : FormFields, optional
        What is in it: so what was typed is not lost when something was wrong.
    problem : str
        What was wrong.
    status : int
        Status of the answer.
    headers : dict, optional
        Further headers.

    Returns
    -------
    HTMLResponse
        A page without scripts.
    """
    sides = (sent or FormFields()).sides()
    limits = {"characters": MAX_CHARACTERS, "name": MAX_NAME}
    page = render("form.html", forms="'self'", problem=problem, sides=sides, limits=limits)
    return HTMLResponse(page, status, headers)
