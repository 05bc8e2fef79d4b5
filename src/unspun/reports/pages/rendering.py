"""Draw a template as one self-contained page.

No request, no script but the hashed one, nothing unescaped.

What is shown comes from crawled pages and is hostile until shown otherwise: jinja2 escapes it,
`unspun.reports.formatting` takes away what escaping leaves.
"""

from __future__ import annotations

import hashlib
import math
import re
from base64 import b64encode
from functools import lru_cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from unspun.reports.formatting import number, one_line, percent, plural, probability, visible

STYLE = "page.css"


@lru_cache(maxsize=1)
def environment() -> Environment:
    """Return the jinja2 environment of the pages.

    Every value is escaped, and an unknown name is an error.
    """
    made = Environment(
        loader=PackageLoader("unspun.reports.pages", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters |= {"one_line": one_line, "visible": visible, "plural": plural}
    made.filters |= {"day": day, "sortable": sortable, "num": number, "p": probability, "percent": percent}
    return made


def sortable(value: float) -> str:
    """Return a number as a script sorts by it.

    What is unknown comes below everything.

    >>> sortable(0.25), sortable(float("nan"))
    ('0.25', '-1')
    """
    return f"{value:.5g}" if math.isfinite(value) else "-1"


def day(stated: str) -> str:
    """Return the day that a page states, without the hour; anything else as it is.

    >>> day("2025-05-12T17:20:00Z"), day("spring 2025")
    ('2025-05-12', 'spring 2025')
    """
    return stated[:10] if re.match(r"\d{4}-\d\d-\d\d[T ]", stated) else stated


@lru_cache(maxsize=8)
def inlined(name: str) -> tuple[Markup, str]:
    """Return a template file for inlining, and its hash for the policy."""
    loader = environment().loader
    assert loader is not None
    content = loader.get_source(environment(), name)[0]
    digest = b64encode(hashlib.sha256(content.encode()).digest()).decode()
    return Markup(content), f"'sha256-{digest}'"


def render(template: str, script: str = "", forms: str = "'none'", **data: object) -> str:
    """Return a page.

    Parameters
    ----------
    template : str
        Name of a file in ``templates/``.
    script : str
        Name of the one script it may run; none if empty.
    forms : str
        Where its forms may be sent, as a content security policy has it.
    data : object
        What the template shows.

    Returns
    -------
    str
        The page, with everything escaped that is no markup of ours.
    """
    code = inlined(script)[0] if script else Markup()
    shown = {"policy": policy(forms, script), "style": inlined(STYLE)[0], "script": code}
    return environment().get_template(template).render(shown, **data)


def policy(forms: str = "'none'", script: str = "") -> str:
    """Return the content security policy of a page.

    Its own style and script by their hashes, and nothing else.

    Parameters
    ----------
    forms : str
        Where forms may be sent.
    script : str
        Name of the one script; none if empty.

    Returns
    -------
    str
        The value of the header or of the meta element.

    Examples
    --------
    >>> policy().split("; ")[0], "script-src" in policy()
    ("default-src 'none'", False)
    """
    parts = ["default-src 'none'", f"style-src {inlined(STYLE)[1]}", "base-uri 'none'", f"form-action {forms}"]
    return "; ".join([*parts, f"script-src {inlined(script)[1]}"] if script else parts)
