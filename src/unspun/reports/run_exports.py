"""Write what a run found for other programs.

The formats are CSV, JSON Lines, SARIF and JUnit.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, repeat
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from unspun.crawl.findings import MIN_P, findings_of, members, resembled
from unspun.crawl.ranking import ranked
from unspun.crawl.run import Run
from unspun.crawl.run_evidence import ReportOptions, check_model, detector_of, explain_findings, explain_flagged
from unspun.evidence.explanation import ExplainedPair
from unspun.io.progress import Progress
from unspun.io.score_tables import write_table
from unspun.reports.checkout.checkout_files import Checkout
from unspun.reports.csv import frame_csv
from unspun.reports.json import as_jsonl, finding_json
from unspun.reports.junit import Case, as_junit
from unspun.reports.pages.page_context import PairContext, Role
from unspun.reports.pages.run_context import RunContext, context_of_pages, roles_in
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
    drop: Path | None = None
    keep: Path | None = None


def write_exports(
    run: Run,
    exports: Exports,
    detector: Detector | None = None,
    options: ReportOptions = _DEFAULT,
    progress: Progress | None = None,
    guard: bool = True,
) -> None:
    """Write the findings of a run to the files that were asked for.

    Parameters
    ----------
    run : Run
        As `unspun.crawl.run.open_run` gives it.
    exports : Exports
        The files. CSV and JSON Lines have all findings, SARIF those that are explained, JUnit the first 5,000. ``drop``
        has the spun pages and ``keep`` all others, with the numbers of their clusters.
    detector : SpinModel or SpinDetector, optional
        The one that scored the run, with its prior; the packaged one with that prior if not given.
    options : ReportOptions
        From which p_spun on, how many are explained, and how much of them is told.
    progress : callable, optional
        Called with how many pairs are explained and how many there are.
    guard : bool
        Put an apostrophe before cells of tables that a spreadsheet would run.

    Raises
    ------
    InputError
        When the run was scored by another model, or a file cannot be written.
    """
    detector = detector or detector_of(run)
    findings = findings_of(run, options.min_p)
    if options.redact:
        findings = findings.assign(source_title="", suspect_title="")
    if exports.csv:
        write_text(exports.csv, frame_csv(findings.assign(resembles=findings["resembles"].map(_in_words)), guard))
    if exports.junit:
        write_text(exports.junit, as_junit(_finding_cases(findings), options.min_p, "findings"))
    _write_lists(run, findings, exports, guard)
    if exports.jsonl or exports.sarif:
        found = explain_findings(run, findings, detector, options, progress)
        if exports.jsonl:
            write_text(exports.jsonl, "".join(_finding_lines(findings, found)))
        if exports.sarif:
            undecided: dict[int, Role] = {int(row): "open" for row in np.flatnonzero(findings["open"])}
            write_text(exports.sarif, as_sarif(found, not options.redact, Checkout(run.files()), undecided))


def write_pair_exports(
    run: Run,
    exports: Exports,
    detector: Detector | None = None,
    options: ReportOptions = _DEFAULT,
    progress: Progress | None = None,
    guard: bool = True,
) -> None:
    """Write the pairs of a run to the files that were asked for.

    Pairs are turned so that the likelier source comes first. Of those that are no findings, SARIF and JUnit say that
    they are open, or that other pages explain them.

    Parameters
    ----------
    run : Run
        As `unspun.crawl.run.open_run` gives it.
    exports : Exports
        The files. CSV has all scores, JUnit the likeliest 5,000, the others the explanations of flagged pairs.
    detector, options, progress, guard
        As for `write_exports`.

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
    findings = findings_of(run, min(options.min_p, MIN_P))
    context = roles_in(findings)
    if exports.junit:
        write_text(exports.junit, as_junit(_cases(scores, context, options.min_p), options.min_p))
    if exports.jsonl or exports.sarif:
        found = explain_flagged(run, detector, options, progress, context.pairs(options.min_p))
        told = _told(run, findings, found, options.redact)
        if exports.jsonl:
            write_text(exports.jsonl, as_jsonl((pair.explanation for pair in found), told))
        if exports.sarif:
            roles = {row: one.role for row, one in enumerate(told)}
            write_text(exports.sarif, as_sarif(found, not options.redact, Checkout(run.files()), roles))


def _told(run: Run, findings: pd.DataFrame, found: list[ExplainedPair], redact: bool) -> list[PairContext]:
    """Return what a run tells of each of its explained pairs."""
    made = [pair.explanation.provenance for pair in found]
    pairs = [(one.source_id, one.suspect_id) for one in made]
    context = context_of_pages(run, findings, set(chain.from_iterable(pairs)), redact)
    return [context.context(pair) for pair in pairs]


def _in_words(resembles: str) -> str:
    return "; ".join(f"{like.how}: {like.article_id}" for like in resembled(resembles))


def _finding_lines(findings: pd.DataFrame, found: list[ExplainedPair]) -> Iterator[str]:
    explanations = chain((pair.explanation for pair in found), repeat(None))
    for row, explanation in zip(findings.to_dict("records"), explanations, strict=False):
        yield finding_json({str(name): value for name, value in row.items()}, explanation) + "\n"


def _write_lists(run: Run, findings: pd.DataFrame, exports: Exports, guard: bool) -> None:
    """Write the ids of pages to drop from a corpus, and of those to keep; of an open finding both are kept."""
    if not (exports.drop or exports.keep):
        return
    known = members(findings)
    if exports.drop:
        write_table(known.loc[known["spun"], ["article_id", "cluster"]], exports.drop, guard)
    if exports.keep:
        every = run.table("articles", ["article_id"]).merge(known, "left", "article_id")
        kept = every[~every["spun"].eq(True)].astype({"cluster": "Int32"})
        write_table(kept[["article_id", "cluster"]], exports.keep, guard)


def _finding_cases(findings: pd.DataFrame) -> Iterator[Case]:
    top = findings.head(N_CASES)
    columns = (top[name].tolist() for name in ("source_id", "suspect_id", "p_spun", "abstained", "open"))
    for source, suspect, p_spun, abstained, undecided in zip(*columns, strict=True):
        yield Case(source, suspect, p_spun, abstained if isinstance(abstained, str) else None, undecided)


def _cases(scores: pd.DataFrame, context: RunContext, min_p: float) -> Iterator[Case]:
    top = scores.head(N_CASES)
    columns = (top[name].tolist() for name in ("source_id", "suspect_id", "p_spun", "abstained"))
    for source, suspect, p_spun, abstained in zip(*columns, strict=True):
        pair = context.oriented((source, suspect))
        role = context.context(pair).role if p_spun >= min_p else ""
        caution = abstained if isinstance(abstained, str) else None
        yield Case(*pair, p_spun, caution, role == "open", role == "explained")
