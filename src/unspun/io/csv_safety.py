"""Cells of CSV files that no spreadsheet takes for a formula."""

from __future__ import annotations

import re

# What begins a formula, the wide forms that some programs fold among it; after a semicolon too, since that parts cells
# in half of the world.
_FORMULA = re.compile("(^|;)(\\s*)(?=[=+\\-@|%\uff1d\uff0b\uff0d\uff20\u2212])")

# One word after the sign: no call, no program, no reference to another file.
_PLAIN_ID = re.compile("[=+\\-@#%]?[\\w.:#-]*")


def guarded(text: str) -> str:
    """Return a text with an apostrophe before what would begin a formula.

    Follows the advice of OWASP on CSV injection; what begins no formula stays as it is.

    Examples
    --------
    >>> guarded("=HYPERLINK(A1)"), guarded("the quay"), guarded("-2+3")
    ("'=HYPERLINK(A1)", 'the quay', "'-2+3")
    """
    return _FORMULA.sub(r"\1\2'", text)


def guarded_id(text: str) -> str:
    """Return an id, guarded only where a formula could run.

    So tables can still be joined on it.

    A sign before a plain word or number is at most a number or the name of a cell: nothing runs.
    What stands between semicolons is looked at part by part.

    Examples
    --------
    >>> guarded_id("-17"), guarded_id("@handle"), guarded_id("=A1"), guarded_id("=HYPERLINK(A1)")
    ('-17', '@handle', '=A1', "'=HYPERLINK(A1)")
    """
    return ";".join(part if _PLAIN_ID.fullmatch(part) else guarded(part) for part in text.split(";"))


def is_id(column: str) -> bool:
    """Tell whether the cells of a column are ids.

    >>> is_id("source_id"), is_id("id"), is_id("valid")
    (True, True, False)
    """
    return column == "id" or column.endswith("_id")
