"""From pages to verdicts on one machine: read, find candidate pairs, score, write the tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from unspun.candidates import find_candidates
from unspun.detector import SpinDetector
from unspun.ingest import read_articles
from unspun.score import Progress, score_batch, score_in_batches
from unspun.tables import (
    ARTICLES,
    CANDIDATES,
    REJECTS,
    SCORES,
    Reject,
    articles_frame,
    conform,
    rejects_frame,
    write_table,
)
from unspun.text import read_text
from unspun.types import Article

_BATCH = 100


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """The tables of a scan: articles read, inputs rejected, candidate pairs, their scores."""

    articles: pd.DataFrame
    rejects: pd.DataFrame
    candidates: pd.DataFrame
    scores: pd.DataFrame


def scan(
    inputs: Sequence[str | Path],
    out: str | Path,
    detector: SpinDetector,
    top: int = 20,
    n_jobs: int = 1,
    progress: Progress | None = None,
) -> Run:
    """Read pages, find pairs that may belong together, score them and write the four tables.

    Parameters
    ----------
    inputs : sequence of str or Path
        Pages, folders, archives and tables (see `unspun.ingest`).
    out : str or Path
        Folder for ``articles.parquet``, ``rejects.parquet``, ``candidates.parquet`` and ``scores.parquet``.
    detector : SpinDetector
        A fitted detector.
    top : int
        Candidate sources to keep for every page.
    n_jobs : int
        Processes for scoring; -1 for all cores. The result does not depend on it.
    progress : callable, optional
        Called with how many pairs are scored and how many there are.
    """
    articles, rejects = _read(inputs)
    texts = {article.article_id: article.text for article in articles}
    candidates = find_candidates({name: read_text(text) for name, text in texts.items()}, top)
    scores = _score(candidates, texts, detector, n_jobs, progress)
    run = Run(articles_frame(articles), rejects_frame(rejects), candidates, scores)
    _write(run, Path(out))
    return run


def _read(inputs: Sequence[str | Path]) -> tuple[list[Article], list[Reject]]:
    found = list(read_articles(inputs))
    return [item for item in found if isinstance(item, Article)], [item for item in found if isinstance(item, Reject)]


def _score(
    candidates: pd.DataFrame, texts: dict[str, str], detector: SpinDetector, n_jobs: int, progress: Progress | None
) -> pd.DataFrame:
    tables = score_in_batches(
        candidates, _BATCH, lambda batch: (score_batch, batch, _needed(batch, texts), detector), n_jobs, progress
    )
    return pd.concat(tables, ignore_index=True) if tables else conform(pd.DataFrame(columns=SCORES.names), SCORES)


def _needed(batch: pd.DataFrame, texts: dict[str, str]) -> dict[str, str]:
    return {name: texts[name] for name in {*batch["source_id"], *batch["suspect_id"]}}


def _write(run: Run, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for frame, schema, name in (
        (run.articles, ARTICLES, "articles"),
        (run.rejects, REJECTS, "rejects"),
        (run.candidates, CANDIDATES, "candidates"),
        (run.scores, SCORES, "scores"),
    ):
        write_table(frame, folder / f"{name}.parquet", schema)
