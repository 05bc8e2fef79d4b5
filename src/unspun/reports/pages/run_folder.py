"""Write the pages of a run beside its tables.

``RUN/report/index.html``, and the evidence for every flagged pair.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from unspun.crawl.findings import MIN_P, findings_of
from unspun.crawl.run import Run
from unspun.crawl.run_evidence import ReportOptions, detector_of, explain_flagged
from unspun.errors import InputError, RunError
from unspun.evidence.explanation import ExplainedPair
from unspun.io.progress import Progress
from unspun.reports.pages.pair_page import pair_page
from unspun.reports.pages.run_context import INDEX, PairIds, RunContext
from unspun.reports.pages.run_page import corpus_page
from unspun.reports.run_overview import ARTICLE_COLUMNS, SWAP_COLUMNS, corpus

if TYPE_CHECKING:
    from unspun.model.scoring import Detector

REPORT = "report"
_DEFAULT = ReportOptions()


def write_report(
    run: Run,
    detector: Detector | None = None,
    options: ReportOptions = _DEFAULT,
    progress: Progress | None = None,
) -> str:
    """Write the pages of a run.

    Parameters
    ----------
    run : Run
        As `unspun.crawl.run.open_run` gives it.
    detector : SpinModel or SpinDetector, optional
        The one that scored the run, with its prior; the packaged one with that prior if not given.
    options : ReportOptions
        Which pairs get a page of evidence, and how much of them is told; a hundred pages take 15 MB.
    progress : callable, optional
        Called with how many pairs are explained and how many there are.

    Returns
    -------
    str
        Where the first of the pages is.

    Raises
    ------
    InputError
        When the run was scored by another model or for another prior: its numbers would not be those of the pages.
    """
    detector = detector or detector_of(run)
    articles = run.table("articles", ARTICLE_COLUMNS)
    if options.redact:
        articles = articles.assign(title="")
    known = findings_of(run, min(options.min_p, MIN_P))
    findings, context = known[known["p_spun"] >= options.min_p], RunContext(known, articles)
    explained = explain_flagged(run, detector, options, progress, context.pairs(options.min_p))
    names = {_ids(pair): page_name(*_ids(pair)) for pair in explained}
    for place, pair in enumerate(explained):
        links = _links(context, list(names), place)
        page = pair_page(
            *pair[:3], redact=options.redact, card=detector.card, context=context.context(_ids(pair), links)
        )
        _write(run, names[_ids(pair)], page)
    index = corpus(articles, run.scores, run.rejects, _swap_table(explained), options.min_p, findings)
    _write(run, INDEX, corpus_page(index, names, run.info, detector.card, context))
    _remove_others(run, set(names.values()))
    return run.store.address(f"{REPORT}/{INDEX}")


def _links(context: RunContext, pairs: Sequence[PairIds], place: int) -> list[tuple[str, str]]:
    """Return the links from the page of a pair: to the overview, and to the pages before and after it."""
    row = context.finding_of(pairs[place])
    links = [(f"{INDEX}#f{row['finding']}" if row else INDEX, "Overview")]
    for there, word in ((place - 1, "Previous"), (place + 1, "Next")):
        if 0 <= there < len(pairs):
            other = context.finding_of(pairs[there])
            what = f"finding {other['finding']}" if other else "pair"
            links.append((page_name(*pairs[there]), f"{word} {what}"))
    return links


def page_name(source_id: str, suspect_id: str) -> str:
    """Return the file name of a pair's page.

    Ids may hold anything, so it is made from their hash.

    Parameters
    ----------
    source_id, suspect_id : str
        Any ids.

    Returns
    -------
    str
        A name that every file system takes.

    Examples
    --------
    >>> page_name("a.html", "../../b.html")
    'pair-ff1fab7ab11d0288.html'
    """
    digest = hashlib.sha256(f"{source_id}\n{suspect_id}".encode("utf-8", "replace")).hexdigest()
    return f"pair-{digest[:16]}.html"


def _ids(pair: ExplainedPair) -> PairIds:
    made = pair.explanation.provenance
    return made.source_id, made.suspect_id


def _swap_table(explained: Iterable[ExplainedPair]) -> pd.DataFrame:
    about = ((pair.explanation.provenance, pair.swaps) for pair in explained)
    rows = ((made.source_id, made.suspect_id, *swap) for made, swaps in about for swap in sorted(swaps))
    return pd.DataFrame(rows, columns=list(SWAP_COLUMNS), dtype=str)


def _remove_others(run: Run, written: set[str]) -> None:
    """Remove pages of an earlier report: they may hold texts that this one leaves out."""
    for path in run.store.names(REPORT):
        name = path.rpartition("/")[2]
        if name.startswith("pair-") and name not in written:
            run.store.remove(path)


def _write(run: Run, name: str, page: str) -> None:
    try:
        run.store.write(f"{REPORT}/{name}", page.encode("utf-8", "replace"))
    except RunError as error:  # a report is not resumed
        raise InputError(error.what, error.value, "mend that, and give the same command again") from error
