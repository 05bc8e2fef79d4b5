"""Give every pair of a run its context: roles, reasons, and the pages beside it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import pandas as pd

from unspun.crawl.findings import ABOUT, MIN_P, resembled, site_of
from unspun.crawl.run import Run
from unspun.evidence.explanation import Explanation
from unspun.reports.formatting import one_line, probability
from unspun.reports.pages.page_context import PairContext, Role, TextAbout, name_of
from unspun.reports.terminal import Told

INDEX = "index.html"
PairIds = tuple[str, str]
"""Ids of the source and of the suspect."""
_SHORT = 90
"""Characters of a title inside a sentence."""
_LICENSED = "The site of one of the two may republish, as the scan was told: the pair is listed apart."
_UNTOLD = "Nothing else in the run tells which of the two came first, or explains why they are alike."


class RunContext:
    """The findings of a run, asked what a pair is among them.

    Parameters
    ----------
    findings : DataFrame
        The FINDINGS.
    articles : DataFrame
        ``article_id``, ``title``, ``url``, ``site`` and ``published`` of at least the articles that pages are about.
    licensed : collection of frozenset of str
        Pairs that were listed apart, as one of their sites may republish.
    """

    def __init__(
        self, findings: pd.DataFrame, articles: pd.DataFrame, licensed: Collection[frozenset[str]] = ()
    ) -> None:
        self._licensed = frozenset(licensed)
        self.findings: list[Mapping[str, Any]] = [
            {str(name): value for name, value in row.items()} for row in findings.to_dict("records")
        ]
        self._of_pair = {(row["source_id"], row["suspect_id"]): row for row in self.findings}
        self._of_page: dict[str, list[Mapping[str, Any]]] = {}
        for row in self.findings:
            self._of_page.setdefault(row["suspect_id"], []).append(row)
        columns = (articles[name] for name in ("article_id", "title", "published"))
        self._about = {
            name: TextAbout(title, site, published, name)
            for (name, title, published), site in zip(zip(*columns, strict=True), site_of(articles), strict=True)
        }

    def pairs(self, min_p: float = 0.0) -> list[PairIds]:
        """Return the pairs of the findings from a probability on, in their order."""
        return [pair for pair, row in self._of_pair.items() if row["p_spun"] >= min_p]

    def about(self, article_id: str) -> TextAbout:
        """Return the title, site and date of an article, as far as known."""
        return self._about.get(article_id, TextAbout(article_id=article_id))

    def oriented(self, pair: PairIds) -> PairIds:
        """Return a pair in the order of its finding; as it is if it is none."""
        return pair[::-1] if pair[::-1] in self._of_pair else pair

    def finding_of(self, pair: PairIds) -> Mapping[str, Any] | None:
        """Return the finding that a pair is, None where it is none."""
        return self._of_pair.get(pair)

    def context(self, pair: PairIds, links: Sequence[tuple[str, str]] = ()) -> PairContext:
        """Return the role of a pair in the run, and what tells it.

        Parameters
        ----------
        pair : (str, str)
            Ids of the source and of the suspect; a finding stands as the findings have it.
        links : sequence of (address, words)
            The pages beside this one.

        Returns
        -------
        PairContext
            Its role is ``finding`` only where the run takes the suspect for spun from this very source.
        """
        both = self.about(pair[0]), self.about(pair[1])
        row = self._of_pair.get(pair)
        if row is not None:
            role: Role = "open" if row["open"] else "finding"
            told = PairContext(*both, role, why_words(row), tuple(links), row["sure"], int(row["finding"]))
        elif frozenset(pair) in self._licensed:
            return PairContext(*both, "licensed", _LICENSED, tuple(links))
        else:
            row, because = self.explained(pair)
            if row is None:
                return PairContext(*both, "open", because, tuple(links))
            told = PairContext(*both, "explained", because, tuple(links), explained_by=int(row["finding"]))
        return told._replace(cluster=int(row["cluster"]), resembles=tuple(resembled(row["resembles"])))

    def explained(self, pair: PairIds) -> tuple[Mapping[str, Any] | None, str]:
        """Say in words why two pages are alike that are no finding together.

        Returns
        -------
        row : mapping or None
            The finding that explains it; None where none does.
        words : str
            One sentence or two.
        """
        for page, other in (pair, pair[::-1]):
            for row in self._of_page.get(page, ()):
                how = {like.article_id: like.how for like in resembled(row["resembles"])}.get(other, "not explained")
                if how != "not explained":
                    return row, self._sentence(row, other, how)
        return None, _UNTOLD

    def _sentence(self, row: Mapping[str, Any], other: str, how: str) -> str:
        page, source, third = (_quoted(self.about(name)) for name in (row["suspect_id"], row["source_id"], other))
        told = f"{page} or {source} is spun from the other" if row["open"] else f"{page} is spun from {source}"
        return f"Finding {row['finding']}: {told}. {third}: {how}."


def roles_in(findings: pd.DataFrame) -> RunContext:
    """Return a context that knows the roles of pairs, and no titles."""
    return RunContext(findings, pd.DataFrame(columns=list(ABOUT), dtype=str))


def context_of_pages(run: Run, findings: pd.DataFrame, pages: Collection[str], redact: bool = False) -> RunContext:
    """Return a context that knows the pairs of some pages.

    Of the articles only theirs are read.

    Parameters
    ----------
    run : Run
        As `unspun.crawl.run.open_run` gives it.
    findings : DataFrame
        Its FINDINGS.
    pages : collection of str
        Ids of its articles.
    redact : bool
        Leave titles out: they are text of the articles.

    Returns
    -------
    RunContext
        With the findings of these pages.
    """
    near = findings[findings["suspect_id"].isin(pages)]
    wanted = {*pages, *near["source_id"], *near["suspect_id"]}
    parts = [part[part["article_id"].isin(wanted)] for part in run.parts("articles", ABOUT)]
    articles = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(ABOUT), dtype=str)
    apart = run.table("licensed", ["source_id", "suspect_id"]).itertuples(index=False, name=None)
    return RunContext(near, articles.assign(title="") if redact else articles, set(map(frozenset, apart)))


def context_in_run(run: Run, findings: pd.DataFrame, pair: PairIds, p_spun: float, redact: bool = False) -> PairContext:
    """Return what a run knows of a pair; of the articles only a few are read.

    Parameters
    ----------
    run : Run
        As `unspun.crawl.run.open_run` gives it.
    findings : DataFrame
        Its FINDINGS.
    pair : (str, str)
        Ids of two of its articles.
    p_spun : float
        The score of the pair; one that is not flagged has no role.
    redact : bool
        Leave titles out: they are text of the articles.

    Returns
    -------
    PairContext
        Without links.
    """
    context = context_of_pages(run, findings, pair, redact).context(pair)
    if context.role != "finding" and not context.finding and not p_spun >= MIN_P:
        return context._replace(role="", because="")
    return context


def told_in_run(found: Explanation, context: PairContext) -> Told:
    """Say in a few words for a terminal what a run tells of a pair.

    Parameters
    ----------
    found : Explanation
        The evidence.
    context : PairContext
        What the run knows of the pair.

    Returns
    -------
    Told
        A pair that is open, or that other pages explain, accuses neither of its pages.
    """
    verdict = {
        "finding": f"{found.verdict}, finding {context.finding}",
        "open": f"open, case {context.finding}" if context.finding else "open",
        "explained": "explained by other pages",
        "licensed": f"{found.verdict}, on a site that may republish",
    }
    direction = {
        "finding": f"source to suspect (sure {probability(context.sure)}; p_forward {probability(found.p_forward)})",
        "open": "not decided",
        "explained": "told from all pages of the run, not from this pair alone",
    }
    role = context.role
    places = (", ".join(filter(None, (text.site, text.published[:10]))) for text in (context.source, context.suspect))
    return Told(verdict.get(role, ""), context.because, direction.get(role, ""), *places)


def _quoted(text: TextAbout) -> str:
    return f"“{one_line(name_of(text), _SHORT)}”"


def why_words(row: Mapping[str, Any]) -> str:
    """Say in a sentence how it is told which page of a finding is spun.

    Parameters
    ----------
    row : mapping
        A row of the FINDINGS.

    Returns
    -------
    str
        One sentence.

    Examples
    --------
    >>> why_words({"open": False, "why": "swaps, dates, 2 other pages", "against": ""})
    'The suspect is taken for the spun page by the swaps, the dates and 2 other pages that are like it.'
    >>> why_words({"open": True, "why": "dates", "against": "swaps"})
    'It is open which of the two is spun: the dates speak for the suspect, the swaps against it.'
    >>> why_words({"open": True, "why": "swaps", "against": "", "abstained": "too short"})
    'It is open whether one of the two is spun: too little is alike to rely on the score.'
    """
    if row["open"] and isinstance(row.get("abstained"), str):
        return "It is open whether one of the two is spun: too little is alike to rely on the score."
    given, against = (_listed(row[name]) for name in ("why", "against"))
    if not row["open"]:
        but = f"; {against} say otherwise" if against else ""
        return f"The suspect is taken for the spun page by {given or 'all pages together'}{but}."
    sides = (f"{given} speak for the suspect" if given else "", f"{against} against it" if against else "")
    return f"It is open which of the two is spun: {', '.join(filter(None, sides)) or 'nothing decides it'}."


def _listed(names: str) -> str:
    """Return what tells a finding as words in a sentence.

    >>> _listed("swaps, dates, 1 other page"), _listed("")
    ('the swaps, the dates and 1 other page that is like it', '')
    """
    words = {"swaps": "the swaps", "dates": "the dates"}
    parts = [
        words.get(name, f"{name} that {'is' if name.startswith('1 ') else 'are'} like it")
        for name in names.split(", ")
        if name
    ]
    return f"{', '.join(parts[:-1])} and {parts[-1]}" if len(parts) > 1 else "".join(parts)
