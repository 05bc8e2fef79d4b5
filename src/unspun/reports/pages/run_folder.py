"""Write the pages of a run beside its tables: ``RUN/report/index.html``, and the evidence for every flagged pair."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import pandas as pd

from unspun.crawl.run import Run
from unspun.crawl.run_evidence import check_model
from unspun.evidence.explaining import explain
from unspun.evidence.explanation import Explanation
from unspun.evidence.repeated_swaps import Swap, swaps_of, with_recurrence
from unspun.io.progress import Progress
from unspun.model.detector import SpinDetector
from unspun.reports.pages.pair_page import pair_page
from unspun.reports.pages.run_page import corpus_page
from unspun.reports.run_overview import ARTICLE_COLUMNS, SWAP_COLUMNS, corpus, flagged_pairs

REPORT, INDEX = "report", "index.html"
N_PAGES = 500
"""Pages of evidence that are written unless told otherwise; a hundred take a few seconds and 15 MB."""


class Pair(NamedTuple):
    """A flagged pair to write a page about."""

    source_id: str
    suspect_id: str


def write_report(
    run: Run,
    detector: SpinDetector,
    min_p: float = 0.5,
    redact: bool = False,
    n_pages: int = N_PAGES,
    progress: Progress | None = None,
    card: Mapping[str, Any] | None = None,
) -> str:
    """Write the pages of a run, and return where the first of them is.

    Parameters
    ----------
    run : Run
        As `unspun.crawl.run.open_run` gives it.
    detector : SpinDetector
        The one that scored the run, with its prior (see `unspun.crawl.run_evidence.detector_of`).
    min_p : float
        Pairs from this p_spun on are flagged.
    redact : bool
        Leave titles and texts out, show only what was changed.
    n_pages : int
        Pages of evidence to write, for the likeliest pairs.
    progress : callable, optional
        Called with how many pairs are done and how many there are.
    card : mapping, optional
        The card of the model, for error rates and limits; that of the packaged model by default.

    Raises
    ------
    InputError
        When the run was scored by another model or for another prior: its numbers would not be those of the pages.
    """
    scores, articles = run.scores, run.table("articles", ARTICLE_COLUMNS)
    check_model(run, scores, detector)
    if redact:
        articles = articles.assign(title="")
    pairs = _pairs(scores, min_p, n_pages)
    texts = run.texts({name for pair in pairs for name in pair})
    swaps = [swaps_of(texts[pair.source_id], texts[pair.suspect_id]) for pair in pairs]
    titles = dict(zip(articles["article_id"], articles["title"], strict=True))
    n_pairs_with = Counter(swap for found in swaps for swap in found)
    for n_done, pair in enumerate(pairs, 1):
        found = _explained(pair, texts, titles, detector, n_pairs_with)
        page = pair_page(found, texts[pair.source_id], texts[pair.suspect_id], redact=redact, card=card)
        _write(run, page_name(pair.source_id, pair.suspect_id), page)
        if progress:
            progress(n_done, len(pairs))
    index = corpus(articles, scores, run.rejects, _swap_table(pairs, swaps), min_p)
    names = {rank: page_name(*pair) for rank, pair in enumerate(pairs, 1)}
    _write(run, INDEX, corpus_page(index, names, run.info, card))
    _remove_others(run, set(names.values()))
    return run.store.address(f"{REPORT}/{INDEX}")


def page_name(source_id: str, suspect_id: str) -> str:
    """Return the file name of a pair's page: ids may hold anything, so it is made from their hash.

    >>> page_name("a.html", "../../b.html")
    'pair-ff1fab7ab11d0288.html'
    """
    digest = hashlib.sha256(f"{source_id}\n{suspect_id}".encode("utf-8", "replace")).hexdigest()
    return f"pair-{digest[:16]}.html"


def _pairs(scores: pd.DataFrame, min_p: float, n_pages: int) -> list[Pair]:
    found = flagged_pairs(scores, min_p).head(n_pages)
    return [Pair(a, b) for a, b in zip(found["source_id"], found["suspect_id"], strict=True)]


def _explained(
    pair: Pair, texts: dict[str, str], titles: dict[str, str], detector: SpinDetector, n_pairs_with: Counter[Swap]
) -> Explanation:
    """Return the explanation of a pair, with how many other pairs of the run made the same swaps."""
    names = {
        "source_id": pair.source_id,
        "suspect_id": pair.suspect_id,
        "source_title": titles.get(pair.source_id, ""),
        "suspect_title": titles.get(pair.suspect_id, ""),
    }
    source, suspect = texts[pair.source_id], texts[pair.suspect_id]
    return with_recurrence(explain(source, suspect, detector, names), source, suspect, n_pairs_with)


def _swap_table(pairs: Iterable[Pair], swaps: Iterable[set[Swap]]) -> pd.DataFrame:
    rows = ((*pair, *swap) for pair, found in zip(pairs, swaps, strict=True) for swap in sorted(found))
    return pd.DataFrame(rows, columns=list(SWAP_COLUMNS), dtype=str)


def _remove_others(run: Run, written: set[str]) -> None:
    """Remove pages of an earlier report: they may hold texts that this one leaves out."""
    for path in run.store.names(REPORT):
        name = path.rpartition("/")[2]
        if name.startswith("pair-") and name not in written:
            run.store.remove(path)


def _write(run: Run, name: str, page: str) -> None:
    run.store.write(f"{REPORT}/{name}", page.encode("utf-8", "replace"))
