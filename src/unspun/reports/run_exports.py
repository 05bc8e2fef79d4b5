"""Write what a run found for other programs.

The formats are CSV, JSON Lines, SARIF and JUnit.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from unspun.crawl.ranking import ranked
from unspun.crawl.run import Run
from unspun.crawl.run_evidence import ReportOptions, check_model, detector_of, explain_flagged
from unspun.evidence.explanation import ExplainedPair
from unspun.io.progress import Progress
from unspun.reports.csv import frame_csv
from unspun.reports.json import as_jsonl
from unspun.reports.junit import Case, as_junit
from unspun.reports.sarif import as_sarif
from unspun.reports.writing import write_text

if TYPE_CHECKING:
    from unspun.model.scoring import Detector

_DEFAULT = ReportOptions()
N_CASES = 5_000
"""Pairs that a JUnit file lists, the likeliest ones: servers choke on more."""


class Exports(NamedTuple):
    """The paths of files to write; None where none was asked for."""

    csv: Path | None = None
    jsonl: Path | None = None
    sarif: Path | None = None
    junit: Path | None = None


def write_exports(
    run: Run,
    exports: Exports,
    detector: Detector | None = None,
    options: ReportOptions = _DEFAULT,
    progress: Progress | None = None,
    guard: bool = True,
) -> None:
    """Write the files that were asked for.

    Pairs are turned so that the likelier source comes first.

    Parameters
    ----------
    run : Run
        As `unspun.crawl.run.open_run` gives it.
    exports : Exports
        The files. CSV has all scores, JUnit the likeliest 5,000, the others the explanations of flagged pairs.
    detector : SpinModel or SpinDetector, optional
        The one that scored the run, with its prior; the packaged one with that prior if not given.
    options : ReportOptions
        Which pairs are explained, and how much of them is told.
    progress : callable, optional
        Called with how many pairs are explained and how many there are.
    guard : bool
        Put an apostrophe before cells of the CSV that a spreadsheet would run.

    Raises
    ------
    InputError
        When the run was scored by another model, or a file cannot be written.
    """
    detector = detector or detector_of(run)
    scores = ranked(run.scores)
    check_model(run, scores, detector)
    if exports.csv:
        write_text(exports.csv, frame_csv(scores, guard))
    if exports.junit:
        write_text(exports.junit, as_junit(_cases(scores), options.min_p))
    if exports.jsonl or exports.sarif:
        found = explain_flagged(run, detector, options, progress)
        if exports.jsonl:
            write_text(exports.jsonl, as_jsonl(pair.explanation for pair in found))
        if exports.sarif:
            files = run.files()
            write_text(exports.sarif, as_sarif((_in_files(pair, files) for pair in found), texts=not options.redact))


def _in_files(pair: ExplainedPair, files: Mapping[str, str]) -> ExplainedPair:
    """Call a pair's articles by the files they were read from: code hosts look for these from the working folder."""
    made = pair.explanation.provenance
    source, suspect = (files.get(name, name) for name in (made.source_id, made.suspect_id))
    called = replace(made, source_id=source, suspect_id=suspect)
    return pair._replace(explanation=replace(pair.explanation, provenance=called))


def _cases(scores: pd.DataFrame) -> Iterator[Case]:
    top = scores.head(N_CASES)
    columns = (top[name].tolist() for name in ("source_id", "suspect_id", "p_spun", "abstained"))
    for source, suspect, p_spun, abstained in zip(*columns, strict=True):
        yield Case(source, suspect, p_spun, abstained if isinstance(abstained, str) else None)
