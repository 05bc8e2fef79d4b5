"""An explanation as Markdown, for issues, pull requests and notes.

Every word of an article is written as character references where Markdown or HTML would read it as markup, so that
none of it can start a heading, a row, a link or a tag.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence

from unspun.evidence.explanation import Explanation, Fixed
from unspun.evidence.fixed_words import count_kept
from unspun.evidence.reason_families import shown_and_rest
from unspun.reports.formatting import number, one_line, plural, probability
from unspun.reports.terminal import (
    NOTHING_TOLD,
    Told,
    direction,
    disguises,
    interval,
    likeliest,
    swap_words,
    titles,
)

N_SUBSTITUTIONS, N_QUOTATIONS, N_FIXED = 30, 20, 20
# What some dialect reads as markup, as a link (`www.`, a colon), as a mention or as a template.
_MARKUP = re.compile(r"[!#$&*:<>@\[\\\]^_`{|}~]|(?<=[wW]{3})\.|^[-+.=]|(?<=^\d)[.)]")


def as_markdown(explanation: Explanation, told: Told = NOTHING_TOLD) -> str:
    """Return an explanation as Markdown.

    The verdict, then tables of reasons, swaps, and what should not change.

    Parameters
    ----------
    explanation : Explanation
        Of one pair.
    told : Told
        What the run says of the pair, if it is one of a run.

    Returns
    -------
    str
        Markdown, with a line feed at its end.
    """
    e = explanation
    parts = [_head(e, told), _reasons(e), _swaps(e), _quotations(e), _fixed(e.fixed), _foot(e)]
    return "\n".join(line for part in parts for line in part) + "\n"


def escaped(text: str, limit: int = 200) -> str:
    r"""Return a text on one line that Markdown shows as it is.

    Parameters
    ----------
    text : str
        Any text, also a hostile one.
    limit : int
        Characters at most, before they are escaped.

    Returns
    -------
    str
        The text with its marks as numeric entities.

    Examples
    --------
    >>> print(escaped("a | b <i>\n# c"))
    a &#124; b &#60;i&#62; &#35; c
    """
    return _MARKUP.sub(lambda found: f"&#{ord(found[0])};", one_line(text, limit))


def _head(e: Explanation, told: Told) -> list[str]:
    p = e.provenance
    names = [f"{side}: {escaped(name)}" for side, name in (("Source", p.source_id), ("suspect", p.suspect_id)) if name]
    return [
        f"# Machine-spun: {told.verdict or e.verdict}",
        "",
        *([f"{'; '.join(names)}.", ""] if names else []),
        *([escaped(told.because, 500), ""] if told.because else []),
        f"- probability {probability(e.p_spun)} ({interval(e)})",
        f"- most likely relation: {likeliest(e.relation)}",
        f"- direction: {told.direction or direction(e.p_forward)}",
        f"- coverage {number(e.coverage)}, {plural(e.n_substitutions, 'substitution')}",
        *([f"- look-alike or invisible characters: {hidden}"] if (hidden := disguises(e)) else []),
        *([f"- left out: {escaped(e.form)}"] if e.form else []),
        *([f"- caution: {escaped(e.abstained)}"] if e.abstained else []),
    ]


def _table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    lines = [f"| {' | '.join(row)} |" for row in rows]
    head = ["", f"## {title}", "", f"| {' | '.join(columns)} |", f"|{' --- |' * len(columns)}"]
    return [*head, *lines] if lines else []


def _reasons(e: Explanation) -> list[str]:
    shown, rest = shown_and_rest(e.families)
    rows = [(number(one.contribution, sign=True), one.title, one.words, str(len(one.changes) or "")) for one in shown]
    if rest:
        rows.append((number(math.fsum(one.contribution for one in rest), sign=True), "all else", titles(rest), ""))
    return _table("Reasons", ("log-odds", "what was measured", "in this pair", "changes"), rows)


def _swaps(e: Explanation) -> list[str]:
    rows = ((escaped(s.source), escaped(s.suspect), swap_words(s)) for s in e.substitutions[:N_SUBSTITUTIONS])
    return _table("Most telling swaps", ("source", "suspect", "notes"), rows)


def _quotations(e: Explanation) -> list[str]:
    shown = e.quotations[:N_QUOTATIONS]
    rows = (("kept" if q.kept else "altered", str(q.n_words), str(q.words_changed)) for q in shown)
    return _table("Quotations", ("state", "words", "changed"), rows)


def _fixed(fixed: Sequence[Fixed]) -> list[str]:
    if not fixed:
        return []
    rows = ((one.kind, escaped(one.text), one.state) for one in fixed if one.state != "kept")
    said = ["", f"{count_kept(fixed)}."]
    return [*said, *_table("Not kept", ("kind", "text", "state"), list(rows)[:N_FIXED])]


def _foot(e: Explanation) -> list[str]:
    p = e.provenance
    return ["", f"Model {escaped(e.model)}; source {p.source_sha256[:12]}, suspect {p.suspect_sha256[:12]}."]
