"""Read the form of the local server, and fill it in again."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, Self

from fastapi import Request
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from unspun.app.web.given_texts import MAX_NAME, SIDES, GivenText, Texts
from unspun.app.web.uploads import MAX_CHARACTERS, SlowRequest, UploadError, text_of
from unspun.reports.formatting import encodable, one_line

MAX_SECONDS = 60
"""How long a request may take to arrive."""


class Side(NamedTuple):
    """One side of the form, as it is shown."""

    name: str
    label: str
    text: str
    title: str
    address: str


@dataclass(frozen=True)
class FormFields:
    """Hold the fields of a form: what was typed, and files.

    Attributes
    ----------
    typed : mapping of str to str
        Of ``source``, ``source_title``, ``source_address`` and the same of the suspect.
    files : mapping of str to (str, bytes)
        Name and content, by ``source`` and ``suspect``.
    """

    typed: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, tuple[str, bytes]] = field(default_factory=dict)

    @classmethod
    def of(cls, texts: Texts) -> Self:
        """Return the form as it is with these texts in it."""
        typed = {}
        for side, one in zip(SIDES, texts, strict=True):
            named = {side: one.text, f"{side}_title": one.title or one.file, f"{side}_address": one.address}
            typed.update(named)
        return cls(typed)

    def sides(self) -> list[Side]:
        """Return the sides as the form shows them.

        Names stand on one line, and texts hold nothing that would break a page.
        """
        shown = []
        for side in SIDES:
            title, address = (one_line(self.typed.get(f"{side}_{name}", ""), MAX_NAME) for name in ("title", "address"))
            text = encodable(self.typed.get(side, "")[:MAX_CHARACTERS])
            shown.append(Side(side, side.capitalize(), text, title, address))
        return shown

    def texts(self) -> Texts:
        """Return the texts to compare.

        Raises
        ------
        UploadError
            When there is no text, too much of it, or a file is something else.
        """
        source, suspect = (self._given(side) for side in SIDES)
        return Texts(source, suspect)

    def swapped(self) -> FormFields:
        """Return the form with its sides swapped.

        A file's text is typed then, and its name is the title.

        Raises
        ------
        UploadError
            When a file is no text.
        """
        sides = [self._given(side) if side in self.files else self._typed(side) for side in SIDES]
        return FormFields.of(Texts(sides[1], sides[0]))

    def _given(self, side: str) -> GivenText:
        """Return one text: that of the file if one was given, else what was typed."""
        typed = self._typed(side)
        if side not in self.files:
            return typed._replace(text=text_of(f"the {side}, as typed", typed.text)[1])
        name, text = text_of(*self.files[side])
        return typed._replace(text=text, file=name)

    def _typed(self, side: str) -> GivenText:
        names = (one_line(self.typed.get(f"{side}_{name}", ""), MAX_NAME) for name in ("title", "address"))
        return GivenText(self.typed.get(side, ""), "", *names)


async def parse_form(request: Request, max_bytes: int) -> FormFields:
    """Return the fields of a form; nothing of it is ever written to a disk.

    Parameters
    ----------
    request : Request
        What was sent.
    max_bytes : int
        Limit of a part.

    Returns
    -------
    FormFields
        The lines of typed texts end in one character; forms send two.

    Raises
    ------
    UploadError
        When it was not sent by the form, arrived damaged, or took too long.
    """
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise UploadError("that was not sent by this form", None, "use the form")
    parser = MultiPartParser(request.headers, request.stream(), max_files=2, max_fields=6, max_part_size=max_bytes)
    parser.spool_max_size = max_bytes + 1
    try:
        async with asyncio.timeout(MAX_SECONDS):
            sent = await parser.parse()
    except TimeoutError as error:
        raise SlowRequest(
            f"the texts took longer than {MAX_SECONDS:g} seconds to arrive", None, "send them again"
        ) from error
    except (MultiPartException, KeyError) as error:
        raise UploadError("the form arrived damaged", None, "send it again") from error
    typed = {name: value.replace("\r\n", "\n") for name, value in sent.items() if isinstance(value, str)}
    files = {side: sent.get(f"{side}_file") for side in SIDES}
    read = {
        side: (file.filename, await file.read())
        for side, file in files.items()
        if isinstance(file, UploadFile) and file.filename
    }
    return FormFields(typed, read)
