"""The command line: a thin skin, every command is one call of the library.

Data go to standard output, progress and remarks to standard error. Exit codes: 0 done, 1 something at or above
``--fail-on`` (or a figure below its floor), 2 usage, 3 input unreadable, 4 abstained, 70 a fault of Unspun's own,
130 stopped by Ctrl-C.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from collections.abc import Sequence
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple, NoReturn

import typer

import unspun
from unspun.errors import InputError, UnspunError
from unspun.progress import progress, say
from unspun.reports.outputs import Files, Form
from unspun.reports.plain import one_line

if TYPE_CHECKING:
    import pandas as pd

    from unspun.card import Judged
    from unspun.runs import Run

# The heavy modules are imported inside the commands, so that --help and --version answer at once.

FOUND, USAGE, UNREADABLE, ABSTAINED, FAULT, STOPPED = 1, 2, 3, 4, 70, 130

app = typer.Typer(
    help="Tell whether one article was machine-spun from another, which one is the source, and show the evidence.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


class Protocol(StrEnum):
    """How pairs are held out from the model that scores them."""

    GROUP_CV = "group-cv"
    LEAVE_ONE_DATASET_OUT = "leave-one-dataset-out"


class EngineName(StrEnum):
    """Who does the work of a scan."""

    LOCAL = "local"
    SPARK = "spark"


def _processes(jobs: int) -> int:
    if jobs == 0 or jobs < -1:
        raise typer.BadParameter(f"{jobs} processes cannot work; give 1 or more, or -1 for all cores")
    return jobs


def _table(path: Path | None) -> Path | None:
    """Refuse an output whose format is unknown before the work is done, not after."""
    from unspun.pairs import check_output

    try:
        return path and check_output(path)
    except InputError as error:
        raise typer.BadParameter(str(error)) from error


Pairs = Annotated[Path | None, typer.Option(help="Pairs: .jsonl .jsonl.gz .csv .parquet, or a folder of them.")]
Labelled = Annotated[Path | None, typer.Option(help="Labelled pairs: like pairs, with a relation.")]
Features = Annotated[Path | None, typer.Option(help="A table that `unspun features --training` wrote.")]
Jobs = Annotated[int, typer.Option(callback=_processes, help="Processes to use; -1 for all cores.")]
FailOn = Annotated[
    float | None, typer.Option(min=0, max=1, metavar="P", help="Exit with 1 if any p_spun is P or more.")
]
Truth = Annotated[Path | None, typer.Option(help="CSV with what the pairs really are, shown beside them.")]
MinP = Annotated[float, typer.Option(min=0, max=1, help="Show pairs from this p_spun on.")]
Prior = Annotated[
    float, typer.Option(min=0.0001, max=0.9999, metavar="P", help="Share of spun pairs you expect; scores hold for it.")
]
Model = Annotated[Path | None, typer.Option(help="Folder of a model of your own, as `unspun train` wrote it.")]
Json = Annotated[bool, typer.Option("--json", help="Print everything as one JSON object.")]
Markdown = Annotated[bool, typer.Option("--md", help="Print the evidence as Markdown.")]
Html = Annotated[Path | None, typer.Option("--html", metavar="FILE", help="Write the evidence as a page.")]
Sarif = Annotated[Path | None, typer.Option("--sarif", metavar="FILE", help="Write the evidence as SARIF 2.1.0.")]


class Scorer(NamedTuple):
    """Which model scores, and for which share of spun pairs."""

    model: Path | None
    prior: float


def _print(text: str) -> None:
    """Print to standard output; that nobody reads on is no reason to leave with a code that means something else."""
    try:
        typer.echo(text)
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if not isinstance(error, BrokenPipeError):
            raise InputError(f"cannot write to standard output ({error.strerror})", todo="mend that") from error


@app.callback(invoke_without_command=True)
def _root(version: Annotated[bool, typer.Option("--version", help="Show the version and leave.")] = False) -> None:
    if version:
        _print(f"unspun {unspun.__version__}")
        raise typer.Exit


@app.command()
def score(
    source: Annotated[str | None, typer.Argument(help="The text that may be the original: a file, or -.")] = None,
    suspect: Annotated[str | None, typer.Argument(help="The text that may be spun from it: a file, or -.")] = None,
    as_json: Json = False,
    as_md: Markdown = False,
    html: Html = None,
    sarif: Sarif = None,
    pairs: Pairs = None,
    out: Annotated[Path | None, typer.Option("-o", "--out", callback=_table, help=".jsonl .csv .parquet")] = None,
    jobs: Jobs = 1,
    fail_on: FailOn = None,
    prior: Prior = 0.5,
    model: Model = None,
) -> None:
    """Score two texts (SOURCE SUSPECT), or a table of pairs (--pairs PATH -o OUT)."""
    if pairs is not None:
        if source is not None or out is None or as_json or as_md or html or sarif:
            _usage("with --pairs give -o OUT, and neither SOURCE nor --json, --md, --html or --sarif")
        _score_table(pairs, out, jobs, fail_on, Scorer(model, prior))
    elif source is None or suspect is None or out is not None:
        _usage("give SOURCE and SUSPECT, or --pairs PATH -o OUT")
    elif source == suspect == "-":
        _usage("standard input can be one of the two texts, not both")
    else:
        form, files = _form(as_json, as_md), Files(html, sarif)
        _score_two(source, suspect, form, files, fail_on, Scorer(model, prior))


def _form(as_json: bool, as_md: bool) -> Form:
    if as_json and as_md:
        _usage("give either --json or --md: one of them is printed")
    return Form.JSON if as_json else Form.MARKDOWN if as_md else Form.TEXT


def _score_two(source: str, suspect: str, form: Form, files: Files, fail_on: float | None, scorer: Scorer) -> None:
    from unspun.detector import load_detector
    from unspun.explain import explain
    from unspun.pairs import read_source
    from unspun.reports.outputs import printed, write_files

    texts = read_source(source), read_source(suspect)
    found = explain(*texts, load_detector(*scorer), {"source_id": source, "suspect_id": suspect})
    write_files(found, *texts, files, card=_card_of(scorer.model))
    _print(printed(found, form))
    _leave_one(found.p_spun, found.abstained, fail_on)


def _card_of(model: Path | None) -> dict[str, Any]:
    from unspun.breakdown import read_card
    from unspun.paths import model_dir

    return read_card(model or model_dir())


def _score_table(pairs: Path, out: Path, jobs: int, fail_on: float | None, scorer: Scorer) -> None:
    from unspun.detector import load_detector
    from unspun.pairs import read_pairs, with_bad_rows, write_table
    from unspun.score import score_pairs

    good, bad = read_pairs(pairs)
    with progress("scoring", "pairs") as tick:
        scores = score_pairs(good, load_detector(*scorer), n_jobs=jobs, progress=tick).set_axis(good.index)
    write_table(with_bad_rows(scores, bad), out)
    _say_bad(good, bad)
    if len(bad) and not len(good):
        raise InputError("not one record could be scored", pairs, f"the reasons are in {out}")
    _leave(scores["p_spun"], fail_on)


@app.command()
def explain(
    run: Annotated[str, typer.Argument(metavar="RUN", help="The folder of a run.")],
    source: Annotated[str, typer.Argument(metavar="SOURCE_ID", help="An article's id, as `unspun report` prints it.")],
    suspect: Annotated[str, typer.Argument(metavar="SUSPECT_ID", help="The id of the other article.")],
    as_json: Json = False,
    as_md: Markdown = False,
    html: Html = None,
    sarif: Sarif = None,
    redact: Annotated[bool, typer.Option("--redact", help="Show changes on the page, leave the texts out.")] = False,
    fail_on: FailOn = None,
    model: Model = None,
) -> None:
    """Explain one pair of a run: the score, the reasons, the swaps and how often they recur in the run."""
    from unspun.explain.in_run import detector_of, explain_in_run
    from unspun.reports.outputs import printed, write_files
    from unspun.runs import open_run

    form, opened = _form(as_json, as_md), open_run(run)
    found, *texts = explain_in_run(opened, source, suspect, detector_of(opened, model))
    write_files(found, texts[0], texts[1], Files(html, sarif), redact, _card_of(model))
    _print(printed(found, form))
    _leave_one(found.p_spun, found.abstained, fail_on)


@app.command()
def scan(
    inputs: Annotated[list[str], typer.Argument(metavar="INPUT...", help="Pages, folders, archives, tables, or -.")],
    out: Annotated[str, typer.Option("-o", "--out", metavar="RUN", help="Folder for the tables of this run.")],
    against: Annotated[
        list[str] | None, typer.Option(metavar="SOURCES", help="Inputs with the only possible sources; repeatable.")
    ] = None,
    truth: Truth = None,
    min_p: MinP = 0.5,
    max_candidates: Annotated[int, typer.Option(min=1, help="Sources to try for every page.")] = 20,
    engine: Annotated[EngineName, typer.Option(help="Who does the work.")] = EngineName.LOCAL,
    jobs: Jobs = 1,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with the run that was stopped there.")] = False,
    fail_on: FailOn = None,
    model: Model = None,
    prior: Prior = 0.5,
) -> None:
    """Find spun pages in a crawl: read it, look for pairs that may belong together, score them."""
    from unspun.plans import Options
    from unspun.ranking import read_truth
    from unspun.scan import scan

    known = read_truth(truth) if truth else None
    own = str(model.absolute()) if model else None
    options = Options(tuple(inputs), tuple(against or ()), max_candidates, own, prior)
    try:
        run = scan(options, out, engine=engine.value, n_jobs=jobs, resume=resume, progress=progress)
    except KeyboardInterrupt:
        say("stopped; what is done is kept: give the same command with --resume to go on")
        raise typer.Exit(STOPPED) from None
    _show(run, min_p, known)
    say(f"the tables are in {out}")
    if not run.info["counts"]["articles"]:
        rejects = run.rejects()
        first = f"; the first: {rejects['uri'].iloc[0]}: {rejects['reason'].iloc[0]}" if len(rejects) else ""
        raise InputError(
            "there was not one article to compare", ", ".join(inputs), one_line(f"see its rejects{first}", 500)
        )
    _leave(run.scores(["p_spun"])["p_spun"], fail_on)


def _show(run: Run, min_p: float, truth: pd.DataFrame | None) -> None:
    """Print the ranked pairs of a run, and say what became of all it read."""
    from unspun.ranking import ranking
    from unspun.tallies import lines

    scores = run.scores(["source_id", "suspect_id", "p_spun", "p_forward"])
    _print(ranking(scores, min_p, truth, partial(one_line, limit=2_000)))
    for line in lines(run.info):
        say(line)


def _complete(run: str) -> Run:
    from unspun.runs import open_run

    opened = open_run(run)
    if not opened.complete:
        raise InputError("the run is not complete", run, "go on with `unspun scan ... --resume`")
    return opened


@app.command()
def report(
    run: Annotated[str, typer.Argument(metavar="RUN", help="The folder of a run.")],
    truth: Truth = None,
    min_p: MinP = 0.5,
    redact: Annotated[bool, typer.Option("--redact", help="Show changes on the pages, leave the texts out.")] = False,
    pages: Annotated[int, typer.Option(min=0, help="Pages of evidence to write, for the likeliest pairs.")] = 500,
    fail_on: FailOn = None,
    model: Model = None,
) -> None:
    """Show what a run found: its pairs, likeliest spun first; and write it as pages into RUN/report."""
    from unspun.explain.in_run import detector_of
    from unspun.ranking import read_truth
    from unspun.reports.folder import write_report

    opened = _complete(run)
    known = read_truth(truth) if truth else None
    with progress("explaining", "pairs") as tick:
        index = write_report(opened, detector_of(opened, model), min_p, redact, pages, tick, _card_of(model))
    _show(opened, min_p, known)
    say(f"the pages begin at {index}")
    _leave(opened.scores(["p_spun"])["p_spun"], fail_on)


@app.command()
def export(
    run: Annotated[str, typer.Argument(metavar="RUN", help="The folder of a run.")],
    csv: Annotated[Path | None, typer.Option(metavar="FILE", help="All scores, safe to open in a spreadsheet.")] = None,
    jsonl: Annotated[Path | None, typer.Option(metavar="FILE", help="Explanations of flagged pairs.")] = None,
    sarif: Sarif = None,
    junit: Annotated[Path | None, typer.Option(metavar="FILE", help="The likeliest pairs as test cases.")] = None,
    min_p: MinP = 0.5,
    pairs: Annotated[int, typer.Option(min=0, help="Pairs to explain, the likeliest.")] = 500,
    redact: Annotated[bool, typer.Option("--redact", help="Leave the texts out.")] = False,
    model: Model = None,
) -> None:
    """Write what a run found for other programs: CSV, JSON Lines, SARIF, JUnit."""
    from unspun.explain.in_run import detector_of
    from unspun.reports.exports import Exports, write_exports

    files = Exports(csv, jsonl, sarif, junit)
    if not any(files):
        _usage("give at least one of --csv, --jsonl, --sarif, --junit")
    opened = _complete(run)
    with progress("explaining", "pairs") as tick:
        write_exports(opened, detector_of(opened, model), files, min_p, pairs, redact, tick)


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = 8377,
    seconds: Annotated[float, typer.Option(min=1, help="How long one comparison may take.")] = 30,
    model: Model = None,
) -> None:
    """Show a local page to paste or drop two texts on; needs the extra `web`."""
    try:
        from unspun.serve.running import is_loopback, serve
    except ModuleNotFoundError as error:
        todo = "install it with: pip install 'unspun[web]'"
        raise InputError("this command needs the extra `web`", error.name, todo) from error
    if not is_loopback(host):
        say(f"anybody who reaches {host} can use this page; the texts travel unencrypted")
    serve(host, port, model, seconds)


@app.command()
def features(
    pairs: Annotated[Path, typer.Option(help="Pairs: a file, or a folder of files.")],
    out: Annotated[Path, typer.Option("-o", "--out", callback=_table, help="The table of numbers, .parquet.")],
    training: Annotated[
        bool, typer.Option("--training", help="Add variants and twins of the pairs to train on.")
    ] = False,
    more: Annotated[
        list[Path] | None, typer.Option(help="Further pairs, trained on and never judged by; may be repeated.")
    ] = None,
    jobs: Jobs = 1,
) -> None:
    """Compute the features of pairs, one row of numbers a pair."""
    from unspun.pairs import write_table

    write_table(_features(pairs, jobs, training, more or ()), out)


@app.command()
def train(
    features: Features = None,
    pairs: Labelled = None,
    out: Annotated[Path, typer.Option("-o", "--out", help="Folder for the model.")] = Path("build/model"),
    jobs: Jobs = 1,
) -> None:
    """Fit a model on labelled pairs, or on a table of their features."""
    from unspun.training import train

    table = _table_of(features, pairs, jobs)
    train(table, out, jobs)
    say(f"trained on {len(table):,} rows; the model is in {out}")


@app.command()
def evaluate(
    pairs: Labelled = None,
    features: Features = None,
    protocol: Annotated[Protocol | None, typer.Option(help="Hold pairs out and fit anew, in this way.")] = None,
    scores: Annotated[Path | None, typer.Option(callback=_table, help="Write the scores, made unseen, here.")] = None,
    floors: Annotated[Path | None, typer.Option(help="JSON of figures that must not drop; exit 1 if one does.")] = None,
    card: Annotated[Path | None, typer.Option(help="Folder of the model whose card gets these figures.")] = None,
    as_json: Json = False,
    jobs: Jobs = 1,
    model: Model = None,
) -> None:
    """Print how good scores are: of the model on your labelled pairs, or of models fitted on what is not held out."""
    from unspun.card import render_summary, summarise
    from unspun.pairs import write_table

    by_model = pairs is not None and features is None and protocol is None
    if by_model and card is not None:
        _usage("--card takes figures of held-out pairs: give --features, or --protocol")
    if model is not None and not by_model:
        _usage("--model judges --pairs as they are; with --features or --protocol models are fitted anew")
    protocol = protocol or Protocol.GROUP_CV
    least = _floors(floors, protocol) if floors else None
    if by_model and pairs is not None:
        table, figures = _judged_by_model(pairs, jobs, model)
    else:
        table, figures = _held_out(_table_of(features, pairs, jobs), protocol, card, jobs)
    if scores:
        write_table(table, scores)
    summary = summarise(table, figures)
    _print(json.dumps(summary, indent=1) if as_json else render_summary(summary))
    if least is not None:
        _check(figures, least)


def _judged_by_model(pairs: Path, jobs: int, model: Path | None) -> Judged:
    from unspun.detector import load_detector
    from unspun.evaluation import evaluate_model
    from unspun.pairs import read_pairs

    good, bad = read_pairs(pairs, labelled=True)
    _say_bad(good, bad)
    with progress("scoring", "pairs") as tick:
        return evaluate_model(good, load_detector(model), n_jobs=jobs, progress=tick)


def _held_out(table: pd.DataFrame, protocol: Protocol, card: Path | None, jobs: int) -> Judged:
    from unspun.evaluation import evaluate

    judged = evaluate(table, protocol.value, jobs)
    if card is not None:
        from unspun.training import add_to_card

        add_to_card(card, table, protocol.value, judged)
    return judged


def _floors(path: Path, protocol: Protocol) -> dict[str, float]:
    """Read the floors of a protocol, before hours of work and not after them."""
    todo = "give a JSON object of figures by the name of the protocol"
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"cannot read the floors ({error})", path, todo) from error
    if not isinstance(found, dict) or not isinstance(found.get(protocol.value), dict):
        raise InputError(f"there are no floors for {protocol.value}", path, todo)
    return dict(found[protocol.value])


def _check(figures: dict[str, dict[str, float]], least: dict[str, float]) -> None:
    from unspun.evaluation import FloorError, check_floors

    try:
        check_floors(figures, least)
    except FloorError as error:
        say(f"unspun: {error}")
        raise typer.Exit(FOUND) from error


def _table_of(features: Path | None, pairs: Path | None, jobs: int) -> pd.DataFrame:
    """Return the features table that was given, or make it from the pairs that were."""
    if features is not None and pairs is None:
        from unspun.training import read_features

        return read_features(features)
    if pairs is None or features is not None:
        _usage("give either --pairs or --features")
    return _features(pairs, jobs, training=True)


def _features(pairs: Path, jobs: int, training: bool, more: Sequence[Path] = ()) -> pd.DataFrame:
    from unspun.training import build_features

    with progress("computing features", "pairs") as tick:
        return build_features(pairs, n_jobs=jobs, progress=tick, training=training, more=more)


def _say_bad(good: pd.DataFrame, bad: pd.DataFrame) -> None:
    """Say how many records could not be used, and which ids cannot be told apart in the output."""
    if len(bad):
        name, reason = bad["id"].iloc[0], bad["reason"].iloc[0]
        first = one_line(reason if reason.startswith(name) else f"{name}: {reason}", 500)
        say(f"{len(bad):,} bad records of {len(good) + len(bad):,}; the first: {first}")
    if n_repeated := int(good["id"].duplicated().sum()):
        say(f"{n_repeated:,} records repeat an id; rows stand in the order of the input")


def _leave(p_spun: pd.Series[float], fail_on: float | None) -> None:
    if fail_on is not None and (n_found := int((p_spun >= fail_on).sum())):
        say(f"{n_found:,} pairs at or above {fail_on:g}")
        raise typer.Exit(FOUND)


def _leave_one(p_spun: float, abstained: str | None, fail_on: float | None) -> None:
    if fail_on is not None and p_spun >= fail_on:
        raise typer.Exit(FOUND)
    if abstained:
        raise typer.Exit(ABSTAINED)


def _usage(message: str) -> NoReturn:
    raise typer.BadParameter(message)


def main(args: Sequence[str] | None = None) -> None:
    """Run the command line; ends the process with one of the exit codes above."""
    # A text may hold what the terminal's encoding lacks.
    for stream in (sys.stdout, sys.stderr):
        getattr(stream, "reconfigure", lambda **_: None)(errors="backslashreplace")
    try:
        app(None if args is None else list(args))
    except UnspunError as error:
        say(f"unspun: {error}")
        sys.exit(UNREADABLE)
    except Exception:
        # Python would leave with 1, which would read as "something was found".
        traceback.print_exc()
        sys.exit(FAULT)
