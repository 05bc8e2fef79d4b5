"""The pages of the local server: the form, the evidence, the evidence as a file."""

from __future__ import annotations

import asyncio
import secrets
from collections import OrderedDict
from collections.abc import Callable, Collection
from typing import NamedTuple

from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from unspun.app.web.request_guards import Guard, drain
from unspun.app.web.turns import Busy, Turns
from unspun.app.web.uploads import MAX_CHARACTERS, UploadError, text_of
from unspun.app.web.worker import PairPages, Texts
from unspun.errors import UnspunError
from unspun.reports.pages.rendering import render

MAX_BYTES = 8_000_000
"""Limit of what one request may send: two texts of the greatest length, escaped as forms do it."""
MAX_SECONDS = 60
"""How long a request may take to arrive."""
RETRY_SECONDS = 60
"""After how long a refused request may as well be sent again."""
N_KEPT = 10
"""Results that are held in memory; the oldest goes when another comes."""

SIDES = ("source", "suspect")

Compare = Callable[[Texts, str], PairPages]


class Side(NamedTuple):
    """One text of the form, shown again when the other was wrong."""

    name: str
    label: str
    text: str


def make_app(compare: Compare, hosts: Collection[str], max_bytes: int = MAX_BYTES, turns: Turns | None = None) -> Guard:
    """Return the server as an ASGI application.

    Parameters
    ----------
    compare : callable
        Makes the page of two texts, to be shown at the address given (see `unspun.app.web.worker.Worker.compare`).
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
    kept: OrderedDict[str, PairPages] = OrderedDict()

    @app.get("/")
    def form() -> Response:
        return _form()

    @app.post("/compare")
    async def submit(request: Request) -> Response:
        token = secrets.token_urlsafe(16)
        sent = FormData()
        try:
            async with turns.place() as deadline:
                async with asyncio.timeout(MAX_SECONDS):
                    sent = await _parse(request, max_bytes)
                (source_name, source), (suspect_name, suspect) = [await _read(side, sent) for side in SIDES]
                texts = Texts(source, suspect, source_name, suspect_name)
                async with turns.turn(deadline):
                    if await request.is_disconnected():  # nobody waits for the answer
                        return Response(status_code=408)
                    kept[token] = await run_in_threadpool(compare, texts, f"/pair/{token}")
        except UploadError as error:
            return _form(str(error), sent, 422)
        except TimeoutError:
            problem = f"the texts took longer than {MAX_SECONDS:g} seconds to arrive; send them again"
            return _form(problem, sent, 408, {"connection": "close"})
        except Busy as error:
            await drain(request.receive)
            return _form(str(error), sent, 503, {"retry-after": str(RETRY_SECONDS)})
        except UnspunError as error:
            return _form(str(error), sent, 503)
        while len(kept) > N_KEPT:
            kept.popitem(last=False)
        return RedirectResponse(f"/pair/{token}", 303)

    @app.get("/pair/{token}")
    def pair(token: str) -> Response:
        return HTMLResponse(kept[token].shown) if token in kept else _gone()

    @app.get("/pair/{token}/download")
    def download(token: str) -> Response:
        headers = {"content-disposition": 'attachment; filename="unspun-evidence.html"'}
        return HTMLResponse(kept[token].kept, headers=headers) if token in kept else _gone()

    return Guard(app, hosts, max_bytes)


async def _parse(request: Request, max_bytes: int) -> FormData:
    """Return the fields of a form; nothing of it is ever written to a disk."""
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise UploadError("that was not sent by this form", None, "use the form")
    parser = MultiPartParser(request.headers, request.stream(), max_files=2, max_fields=2, max_part_size=max_bytes)
    parser.spool_max_size = max_bytes + 1
    try:
        return await parser.parse()
    except (MultiPartException, KeyError) as error:
        raise UploadError("the form arrived damaged", None, "send it again") from error


async def _read(side: str, sent: FormData) -> tuple[str, str]:
    """Return name and text of one side: the file if one was given, else what was typed."""
    file = sent.get(f"{side}_file")
    if not isinstance(file, UploadFile) or not file.filename:
        return text_of(f"the {side}, as typed", _typed(side, sent))
    data = await file.read()
    return await asyncio.to_thread(text_of, file.filename, data)


def _typed(side: str, sent: FormData) -> str:
    """Return what was typed; forms send every line's end as two characters."""
    value = sent.get(side, "")
    return value.replace("\r\n", "\n") if isinstance(value, str) else ""


def _form(
    problem: str = "", sent: FormData | None = None, status: int = 200, headers: dict[str, str] | None = None
) -> HTMLResponse:
    """Return the form, with what was typed still in it when something was wrong."""
    sides = [Side(side, side.capitalize(), _typed(side, sent or FormData())) for side in SIDES]
    page = render("form.html", forms="'self'", problem=problem, sides=sides, max_characters=MAX_CHARACTERS)
    return HTMLResponse(page, status, headers)


def _gone() -> HTMLResponse:
    return _form("This result is no longer held: only the last few are. Compare the texts again.", status=404)
