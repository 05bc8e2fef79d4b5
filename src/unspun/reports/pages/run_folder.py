"""Write the pages of a run beside its tables.

``RUN/report/index.html``, and the evidence for every flagged pair.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import TYPE_CHECKING

import pandas as pd

from unspun.crawl.run import Run
from unspun.crawl.run_evidence import ReportOptions, detector_of, explain_flagged
from unspun.evidence.explanation import ExplainedPair
from unspun.io.progress import Progress
from unspun.reports.pages.pair_page import pair_page
from unspun.reports.pages.run_page import corpus_page
from unspun.reports.run_overview import ARTICLE_COLUMNS, SWAP_COLUMNS, corpus

if TYPE_CHECKING:
    from unspun.model.scoring import Detector

REPORT, INDEX = "report", "index.html"
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
    explained = explain_flagged(run, detector, options, progress)
    names = {rank: _page_of(pair) for rank, pair in enumerate(explained, 1)}
    for name, pair in zip(names.values(), explained, strict=True):
        _write(run, name, pair_page(*pair[:3], redact=options.redact, card=detector.card))
    articles = run.table("articles", ARTICLE_COLUMNS)
    if options.redact:
        articles = articles.assign(title="")
    index = corpus(articles, run.scores, run.rejects, _swap_table(explained), options.min_p)
    _write(run, INDEX, corpus_page(index, names, run.info, detector.card))
    _remove_others(run, set(names.values()))
    return run.store.address(f"{REPORT}/{INDEX}")


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


def _page_of(pair: ExplainedPair) -> str:
    made = pair.explanation.provenance
    return page_name(made.source_id, made.suspect_id)


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
    run.store.write(f"{REPORT}/{name}", page.encode("utf-8", "replace"))
