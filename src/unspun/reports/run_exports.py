"""What a run found, written for other programs: CSV, JSON Lines, SARIF and JUnit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from unspun.crawl.ranking import oriented
from unspun.crawl.run import Run
from unspun.crawl.run_evidence import check_model
from unspun.evidence.explaining import explain
from unspun.evidence.explanation import Explanation
from unspun.evidence.repeated_swaps import count_swaps, with_recurrence
from unspun.io.progress import Progress
from unspun.model.detector import SpinDetector
from unspun.reports.csv import frame_csv
from unspun.reports.json import as_jsonl
from unspun.reports.junit import Case, as_junit
from unspun.reports.sarif import Scanned, as_sarif
from unspun.reports.writing import write_text

N_CASES = 5_000
"""Pairs that a JUnit file lists, the likeliest ones: servers choke on more."""


class Exports(NamedTuple):
    """Where files are written; None for those that were not asked for."""

    csv: Path | None = None
    jsonl: Path | None = None
    sarif: Path | None = None
    junit: Path | None = None


def write_exports(
    run: Run,
    detector: SpinDetector,
    exports: Exports,
    min_p: float = 0.5,
    n_pairs: int = 500,
    redact: bool = False,
    progress: Progress | None = None,
) -> None:
    """Write the files that were asked for, pairs turned so that the likelier source comes first.

    Parameters
    ----------
    run : Run
        As `unspun.crawl.run.open_run` gives it.
    detector : SpinDetector
        The one that scored the run, with its prior (see `unspun.crawl.run_evidence.detector_of`).
    exports : Exports
        The files. CSV has all scores, JUnit the likeliest 5,000, the others the explanations of flagged pairs.
    min_p : float
        Pairs from this p_spun on are flagged.
    n_pairs : int
        Flagged pairs to explain at most, the likeliest.
    redact : bool
        Leave the texts and titles out.
    progress : callable, optional
        Called with how many pairs are explained and how many there are.

    Raises
    ------
    InputError
        When the run was scored by another model, or a file cannot be written.
    """
    scores = oriented(run.scores).sort_values("p_spun", ascending=False, kind="stable", ignore_index=True)
    check_model(run, scores, detector)
    if exports.csv:
        write_text(exports.csv, frame_csv(scores))
    if exports.junit:
        write_text(exports.junit, as_junit(_cases(scores), min_p))
    if exports.jsonl or exports.sarif:
        flagged = scores[scores["p_spun"] >= min_p].head(n_pairs)
        found = list(_explained(run, flagged, detector, redact, progress))
        if exports.jsonl:
            write_text(exports.jsonl, as_jsonl(pair.explanation for pair in found))
        if exports.sarif:
            files = run.files()
            write_text(exports.sarif, as_sarif((_in_files(pair, files) for pair in found), texts=not redact))


def _in_files(pair: Scanned, files: Mapping[str, str]) -> Scanned:
    """Call a pair's articles by the files they were read from: code hosts look for these from the working folder."""
    made = pair.explanation.provenance
    source, suspect = (files.get(name, name) for name in (made.source_id, made.suspect_id))
    called = replace(made, source_id=source, suspect_id=suspect)
    return pair._replace(explanation=replace(pair.explanation, provenance=called))


def _redacted(found: Explanation) -> Explanation:
    """Leave out the names, numbers and rare words that were kept: they are pieces of the texts."""
    fixed = (replace(one, text="") if one.state == "kept" else one for one in found.fixed)
    return replace(found, fixed=tuple(fixed))


def _cases(scores: pd.DataFrame) -> Iterator[Case]:
    top = scores.head(N_CASES)
    columns = (top[name].tolist() for name in ("source_id", "suspect_id", "p_spun", "abstained"))
    for source, suspect, p_spun, abstained in zip(*columns, strict=True):
        yield Case(source, suspect, p_spun, abstained if isinstance(abstained, str) else None)


def _explained(
    run: Run, flagged: pd.DataFrame, detector: SpinDetector, redact: bool, progress: Progress | None
) -> Iterator[Scanned]:
    """Explain flagged pairs, with how often their swaps recur among them."""
    pairs = list(zip(flagged["source_id"], flagged["suspect_id"], strict=True))
    texts = run.texts({name for pair in pairs for name in pair})
    titles = dict(run.table("articles", ["article_id", "title"]).itertuples(index=False, name=None))
    counts = count_swaps([(texts[a], texts[b]) for a, b in pairs])
    for n_done, (a, b) in enumerate(pairs, 1):
        names = {"source_id": a, "suspect_id": b}
        if not redact:
            names |= {"source_title": titles[a], "suspect_title": titles[b]}
        found = explain(texts[a], texts[b], detector, names)
        found = _redacted(found) if redact else found
        yield Scanned(with_recurrence(found, texts[a], texts[b], counts), texts[a], texts[b])
        if progress:
            progress(n_done, len(pairs))
