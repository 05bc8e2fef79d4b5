"""Write one explanation in the forms that were asked for.

One goes to the screen, others to files.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from unspun.io.files import replacing

if TYPE_CHECKING:
    from unspun.evidence.explanation import Explanation
    from unspun.reports.pages.page_context import PairContext

# The formats are loaded by those who ask for them: the command line starts at once, and a score needs no templates.


class Form(StrEnum):
    """The form in which evidence is printed."""

    TEXT = "text"
    NUMBERS = "text with all numbers"
    JSON = "json"
    MARKDOWN = "md"


class Files(NamedTuple):
    """The paths of files to write; None where none was asked for."""

    html: Path | None = None
    sarif: Path | None = None


def printed(explanation: Explanation, form: Form, colour: bool = False, context: PairContext | None = None) -> str:
    """Return what is printed of an explanation.

    Parameters
    ----------
    explanation : Explanation
        Of one pair.
    form : Form
        Text, with all numbers perhaps, JSON or Markdown.
    colour : bool
        Colour text, for a terminal that wants it.
    context : PairContext, optional
        What a run knows of the pair.

    Returns
    -------
    str
        The output, whole.
    """
    if form is Form.JSON:
        from unspun.reports.json import as_json

        return as_json(explanation, context=context)
    from unspun.reports.terminal import NOTHING_TOLD, Look, as_text

    told = NOTHING_TOLD
    if context is not None:
        from unspun.reports.pages.run_context import told_in_run

        told = told_in_run(explanation, context)
    if form is Form.MARKDOWN:
        from unspun.reports.markdown import as_markdown

        return as_markdown(explanation, told)
    return as_text(explanation, Look(colour, verbose=form is Form.NUMBERS), told)


def write_files(
    explanation: Explanation,
    source: str,
    suspect: str,
    files: Files,
    redact: bool = False,
    card: Mapping[str, Any] | None = None,
    paths: Mapping[str, str] | None = None,
    context: PairContext | None = None,
) -> None:
    """Write the files that were asked for.

    Parameters
    ----------
    explanation : Explanation
        Of the pair.
    source, suspect : str
        Its texts.
    files : Files
        Where to write; None for what is not wanted.
    redact : bool
        Keep the texts out of the files.
    card : mapping, optional
        The card of the model, for the error rates.
    paths : mapping of str to str, optional
        By id, the path of an article's file; results of SARIF are lines of it.
    context : PairContext, optional
        What a run knows of the pair.

    Raises
    ------
    InputError
        When one cannot be written.
    """
    if files.html:
        from unspun.reports.pages.pair_page import pair_page

        write_text(files.html, pair_page(explanation, source, suspect, redact=redact, card=card, context=context))
    if files.sarif:
        from unspun.evidence.explanation import ExplainedPair
        from unspun.reports.checkout.checkout_files import Checkout
        from unspun.reports.sarif import as_sarif

        pair = ExplainedPair(explanation, source, suspect)
        roles = {0: context.role} if context else {}
        write_text(files.sarif, as_sarif([pair], not redact, Checkout(paths or {}), roles))


def write_text(path: Path, text: str) -> None:
    """Write a file whole or not at all; lone surrogates become question marks.

    Parameters
    ----------
    path : Path
        Where it is to be; its folder is made if need be.
    text : str
        The whole of it.

    Raises
    ------
    InputError
        When it cannot be written.
    """
    with replacing(path, "the report") as part:
        part.write_text(text, encoding="utf-8", errors="replace", newline="\n")
