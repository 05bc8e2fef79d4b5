"""Run the commands on pairs of texts: `score` and `explain`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from unspun.app.options import (
    FailOn,
    Html,
    Ignore,
    Jobs,
    Json,
    Markdown,
    Model,
    Pairs,
    Prior,
    Sarif,
    Scorer,
    SourceColumn,
    SuspectColumn,
    Unguarded,
    Verbose,
    checked_table,
)
from unspun.app.outcome import coloured, leave, leave_one, say_bad, say_unguarded, show, usage
from unspun.errors import InputError
from unspun.io.progress import progress
from unspun.reports.writing import Files, Form

if TYPE_CHECKING:
    from unspun.crawl.forms import Forms
    from unspun.evidence.explanation import Explanation
    from unspun.model.spin_model import SpinModel


def score(
    source: Annotated[str | None, typer.Argument(help="The text that may be the original: a file, or -.")] = None,
    suspect: Annotated[str | None, typer.Argument(help="The text that may be spun from it: a file, or -.")] = None,
    as_json: Json = False,
    as_md: Markdown = False,
    verbose: Verbose = False,
    html: Html = None,
    sarif: Sarif = None,
    pairs: Pairs = None,
    source_column: SourceColumn = "",
    suspect_column: SuspectColumn = "",
    out: Annotated[
        Path | None, typer.Option("-o", "--out", callback=checked_table, help=".jsonl .json .csv .tsv .parquet, or -")
    ] = None,
    passages: Annotated[
        Path | None, typer.Option(callback=checked_table, metavar="FILE", help="Write the passages of all pairs here.")
    ] = None,
    pan: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Write likely spun passages here, as XML of PAN.")
    ] = None,
    unguarded: Unguarded = False,
    ignore: Ignore = None,
    jobs: Jobs = 1,
    fail_on: FailOn = None,
    prior: Prior = 0.5,
    model: Model = None,
) -> None:
    """Score two texts (SOURCE SUSPECT), or a table of pairs (--pairs)."""
    if pairs is not None:
        if source is not None or out is None or as_json or as_md or html or sarif:
            usage("with --pairs give -o OUT, and neither SOURCE nor --json, --md, --html or --sarif")
        given = TableOptions(source_column, suspect_column, unguarded, passages, pan, ignore)
        _score_table(pairs, out, given, jobs, fail_on, Scorer(model, prior))
    elif source is None or suspect is None or out is not None or passages or pan:
        usage("give SOURCE and SUSPECT, or --pairs PATH -o OUT")
    elif source == suspect == "-":
        usage("standard input can be one of the two texts, not both")
    else:
        form, files = _form(as_json, as_md, verbose), Files(html, sarif)
        _score_two(source, suspect, form, files, ignore, fail_on, Scorer(model, prior))


def _form(as_json: bool, as_md: bool, verbose: bool) -> Form:
    if as_json and as_md:
        usage("give either --json or --md: one of them is printed")
    text = Form.NUMBERS if verbose else Form.TEXT
    return Form.JSON if as_json else Form.MARKDOWN if as_md else text


def _score_two(
    source: str, suspect: str, form: Form, files: Files, ignore: Path | None, fail_on: float | None, scorer: Scorer
) -> None:
    from unspun.app.text_files import read_source
    from unspun.evidence.explaining import explain
    from unspun.io.sources import STDIN
    from unspun.model.persistence import load_model
    from unspun.reports.writing import printed, write_files

    texts, detector = (read_source(source), read_source(suspect)), load_model(*scorer)
    names = {"source_id": source, "suspect_id": suspect}
    found = _explained(texts, detector, names, ignore) if ignore else explain(*texts, detector, names)
    paths = {name: name for name in (source, suspect) if name != STDIN}
    write_files(found, *texts, files, card=detector.card, paths=paths)
    show(printed(found, form, coloured()))
    leave_one(found.p_spun, found.abstained, fail_on)


def _explained(texts: tuple[str, str], detector: SpinModel, names: dict[str, str], ignore: Path) -> Explanation:
    """Explain two texts without the sentences that are to be ignored."""
    from unspun.comparison.comparing import compare
    from unspun.evidence.explaining import explain_comparison
    from unspun.model.scoring import read_both

    forms = _without_ignored(ignore)
    source, suspect = (forms.mark(text).text for text in read_both(*texts))
    return explain_comparison(compare(source, suspect), detector, names)


def _without_ignored(path: Path) -> Forms:
    """Return what leaves out the sentences of the texts in a file."""
    from unspun.crawl.forms import NO_FORMS
    from unspun.crawl.reading.articles import read_texts

    return NO_FORMS.ignoring(read_texts(path))


class TableOptions(NamedTuple):
    """The way a table of pairs is read, and its scores written."""

    source_column: str
    suspect_column: str
    unguarded: bool
    passages: Path | None = None
    pan: Path | None = None
    ignore: Path | None = None


def _score_table(pairs: Path, out: Path, given: TableOptions, jobs: int, fail_on: float | None, scorer: Scorer) -> None:
    from unspun.app.pan_files import write_pan_files
    from unspun.io.files import check_place
    from unspun.io.pair_tables import read_pairs, with_bad_rows
    from unspun.io.rows.column_names import PairColumns
    from unspun.io.score_tables import STDOUT, write_table
    from unspun.model.persistence import load_model
    from unspun.model.scoring import score_with_passages
    from unspun.text.tokenizer import read_text

    read = _without_ignored(given.ignore).read if given.ignore else read_text
    for place in (out, given.passages):
        if place is not None and str(place) != STDOUT:
            check_place(place, "the table")
    good, bad = read_pairs(pairs, columns=PairColumns(given.source_column, given.suspect_column))
    with progress("scoring", "pairs") as tick:
        scores, passages = score_with_passages(good, load_model(*scorer), n_jobs=jobs, progress=tick, read=read)
    write_table(with_bad_rows(scores.set_axis(good.index), bad), out, guard=not given.unguarded)
    if given.passages:
        write_table(passages, given.passages, guard=not given.unguarded)
    if given.pan:
        write_pan_files(passages, good["id"].tolist(), given.pan)
    say_bad(good, bad)
    if given.unguarded:
        say_unguarded(out)
    if len(bad) and not len(good):
        raise InputError("not one record could be scored", pairs, f"the reasons are in {out}")
    leave(scores["p_spun"], fail_on)


def explain(
    run: Annotated[str, typer.Argument(metavar="RUN", help="The folder of a run.")],
    source: Annotated[
        str, typer.Argument(metavar="FINDING|SOURCE_ID", help="A finding's number, or an id of `unspun report -v`.")
    ],
    suspect: Annotated[str | None, typer.Argument(metavar="[SUSPECT_ID]", help="The id of the other article.")] = None,
    as_json: Json = False,
    as_md: Markdown = False,
    verbose: Verbose = False,
    html: Html = None,
    sarif: Sarif = None,
    redact: Annotated[bool, typer.Option("--redact", help="Show what was changed, leave the texts out.")] = False,
    ignore: Ignore = None,
    fail_on: FailOn = None,
    model: Model = None,
) -> None:
    """Explain one finding of a run, or any of its pairs.

    The score, the reasons, the swaps and how often they recur in the run.
    """
    from unspun.crawl.findings import findings_of, pair_of_finding
    from unspun.crawl.reading.articles import read_texts
    from unspun.crawl.run import open_run
    from unspun.crawl.run_evidence import ReportOptions, detector_of, explain_in_run
    from unspun.reports.pages.run_context import context_in_run, roles_in
    from unspun.reports.writing import printed, write_files

    form, opened = _form(as_json, as_md, verbose), open_run(run)
    detector, findings = detector_of(opened, model), findings_of(opened)
    two = None if suspect is None else (source, suspect)
    pair = roles_in(findings).oriented(two) if two else pair_of_finding(findings, source)
    options = ReportOptions(redact=redact, ignored=tuple(read_texts(ignore)) if ignore else ())
    explained = explain_in_run(opened, *pair, detector, options)
    found = explained.explanation
    context = context_in_run(opened, findings, pair, found.p_spun, redact)
    files = Files(html, sarif)
    write_files(found, explained.source, explained.suspect, files, redact, detector.card, opened.files(), context)
    show(printed(found, form, coloured(), context))
    leave_one(found.p_spun, found.abstained, fail_on)
