"""Cells of CSV files that no spreadsheet takes for a formula."""

from __future__ import annotations

import re

# What begins a formula, the wide forms that some programs fold among it; after a semicolon too, since that parts cells
# in half of the world.
_FORMULA = re.compile("(^|;)(\\s*)(?=[=+\\-@|%\uff1d\uff0b\uff0d\uff20\u2212])")


def guarded(text: str) -> str:
    """Return a text with an apostrophe before what would begin a formula.

    Follows the advice of OWASP on CSV injection; what begins no formula stays as it is.

    Examples
    --------
    >>> guarded("=HYPERLINK(A1)"), guarded("the quay"), guarded("-2+3")
    ("'=HYPERLINK(A1)", 'the quay', "'-2+3")
    """
    return _FORMULA.sub(r"\1\2'", text)
