"""The findings of a run as lines for a terminal of 80 columns, grouped by source."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any

import pandas as pd

from unspun.crawl.findings import resembled
from unspun.crawl.ranking import beside_truth
from unspun.reports.formatting import number, one_line, percent, plural, probability
from unspun.reports.terminal import BOLD, DIM, PLAIN_LOOK, RED, WIDTH, YELLOW, Look, paint

_INDENT = 5
_VERBOSE_LIMIT = 2_000


def findings_text(findings: pd.DataFrame, truth: pd.DataFrame | None = None, look: Look = PLAIN_LOOK) -> str:
    """Return findings as lines of text.

    What pages say of themselves cannot steer the terminal: escape sequences and marks of direction are shown by name.

    Parameters
    ----------
    findings : DataFrame
        The FINDINGS, or some of them.
    truth : DataFrame, optional
        As `unspun.crawl.ranking.read_truth` gives it; what a pair really is stands beside it then.
    look : Look
        Colours, and how much is told.

    Returns
    -------
    str
        Lines of at most 80 columns unless ``look.verbose``, without a line feed at the end.
    """
    told = findings.assign(truth="")
    missed: list[str] = []
    if truth is not None:
        known = beside_truth(findings, truth)
        told = told.assign(truth=known["truth"].to_numpy()[: len(told)])
        missed = [name for name in known["suspect_id"][len(told) :] if name not in set(told["suspect_id"])]
    closed, undecided = told[~told["open"]], told[told["open"]]
    lines = [paint(_headline(closed, undecided), BOLD, look)]
    for _, group in closed.groupby("source_id", sort=False):
        lines += ["", *_group(group, look)]
    if len(undecided):
        lines += ["", paint("Open: not decided which of the two is spun, or too little to rely on", BOLD, look)]
        lines += [line for _, row in undecided.iterrows() for line in _both(row, look)]
    if missed:
        lines += ["", paint("Spun, and not among the findings", BOLD, look)]
        lines += [_fit("  " + one_line(name, _VERBOSE_LIMIT)) for name in missed]
    return "\n".join(lines)


def _headline(closed: pd.DataFrame, undecided: pd.DataFrame) -> str:
    if not len(closed) and not len(undecided):
        return "No spun page was found."
    if not len(closed):
        return f"{plural(len(undecided), 'case')} open; no page is told as spun"
    text = f"{plural(len(closed), 'page')} {'looks' if len(closed) == 1 else 'look'} machine-spun"
    text += f", from {plural(closed['source_id'].nunique(), 'source')}"
    return text + (f"; {len(undecided):,} more open" if len(undecided) else "")


def _group(group: pd.DataFrame, look: Look) -> Iterator[str]:
    """Yield a source and the pages spun from it."""
    first = group.iloc[0]
    yield paint(_fit(f"Source: {_name(first, 'source')}"), BOLD, look)
    yield paint(_fit("  " + _place(first, "source")), DIM, look)
    if look.verbose:
        yield paint("  " + one_line(first["source_id"], _VERBOSE_LIMIT), DIM, look)
    for _, row in group.iterrows():
        yield _fit(f"{row['finding']:>3}  {_name(row, 'suspect')}")
        share = f", {percent(row['spun_share'])} spun" if math.isfinite(row["spun_share"]) else ""
        score = f"p_spun {probability(row['p_spun'])}{share}"
        place = _fit(_place(row, "suspect"), WIDTH - _INDENT - len(score) - 2)
        yield " " * _INDENT + f"{place}: {paint(score, RED, look)}"
        yield from _more(row, look)


def _both(row: Any, look: Look) -> Iterator[str]:
    """Yield the two pages of an open finding, neither before the other but in print."""
    yield _fit(f"{row['finding']:>3}  {_name(row, 'source')}")
    yield _detail(_place(row, "source"), DIM, look)
    yield _fit(" " * _INDENT + _name(row, "suspect"))
    yield _detail(_place(row, "suspect"), DIM, look)
    yield _detail(f"p_spun {probability(row['p_spun'])}", YELLOW, look)
    yield from _more(row, look)


def _more(row: Any, look: Look) -> Iterator[str]:
    against = f"; against it: {row['against']}" if row["against"] else ""
    if row["why"] or against:
        yield _detail(f"told by {row['why'] or 'little'}{against}", "", look)
    if row["truth"]:
        yield _detail(f"truth: {one_line(row['truth'])}", "", look)
    if isinstance(row["abstained"], str):
        yield _detail(f"caution: {one_line(row['abstained'])}", YELLOW, look)
    if look.verbose:
        yield from (" " * _INDENT + line for line in _numbers(row))


def _numbers(row: Any) -> Iterator[str]:
    yield one_line(row["suspect_id"], _VERBOSE_LIMIT)
    if row["open"]:
        yield one_line(row["source_id"], _VERBOSE_LIMIT)
    yield (
        f"{probability(row['p_low'])} to {probability(row['p_high'])}, p_forward {probability(row['p_forward'])}, "
        f"sure {probability(row['sure'])}, coverage {number(row['coverage'])}, "
        f"{plural(int(row['n_substitutions']), 'substitution')}"
    )
    for like in resembled(row["resembles"]):
        yield f"{like.how}: {one_line(like.article_id, _VERBOSE_LIMIT)}"


def _name(row: Any, side: str) -> str:
    """Return the title of a page, its id where it has none."""
    return one_line(row[f"{side}_title"]) or one_line(row[f"{side}_id"], _VERBOSE_LIMIT)


def _place(row: Any, side: str) -> str:
    stated = one_line(row[f"{side}_published"])[:10]
    return ", ".join(filter(None, (one_line(row[f"{side}_site"]), stated or "no date")))


def _detail(text: str, colour: str, look: Look) -> str:
    return " " * _INDENT + paint(_fit(text, WIDTH - _INDENT), colour, look)


def _fit(text: str, width: int = WIDTH) -> str:
    """Cut a line to so many columns; letters of Chinese and the like take two.

    >>> _fit("spring", 6), _fit("springs", 6), _fit("春春春春", 6)
    ('spring', 'sprin…', '春春…')
    """
    columns = list(_columns(text))
    if sum(columns) <= width:
        return text
    total = 0
    for place, n in enumerate(columns):
        total += n
        if total > width - 1:
            return text[:place] + "…"
    return text


def _columns(text: str) -> Iterable[int]:
    for char in text:
        wide = unicodedata.east_asian_width(char) in "WF"
        yield 0 if unicodedata.combining(char) else 1 + wide
