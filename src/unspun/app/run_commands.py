"""Run the commands on crawls: `scan`, `report`, `export`, and `serve`."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from unspun.app.options import (
    AsPairs,
    EngineName,
    FailOn,
    IdList,
    Ignore,
    Jobs,
    Licensed,
    MinP,
    Model,
    Printing,
    Prior,
    Quiet,
    Sarif,
    TextColumn,
    Truth,
    Unguarded,
    Verbose,
)
from unspun.app.outcome import coloured, leave, say_unguarded, show, stops_told, usage
from unspun.errors import InputError
from unspun.io.progress import no_progress, progress, say
from unspun.reports.formatting import one_line

if TYPE_CHECKING:
    import pandas as pd

    from unspun.crawl.run import Run


def scan(
    inputs: Annotated[list[str], typer.Argument(metavar="INPUT...", help="Pages, folders, archives, tables, or -.")],
    out: Annotated[str, typer.Option("-o", "--out", metavar="RUN", help="Folder for the tables of this run.")],
    against: Annotated[
        list[str] | None, typer.Option(metavar="SOURCES", help="Inputs with the only possible sources; repeatable.")
    ] = None,
    truth: Truth = None,
    min_p: MinP = 0.5,
    max_candidates: Annotated[int, typer.Option(min=1, help="Sources to try for every page.")] = 20,
    engine: Annotated[EngineName, typer.Option(help="Run on this machine, or on a Spark cluster.")] = EngineName.LOCAL,
    jobs: Jobs = 1,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with the run that was stopped there.")] = False,
    fail_on: FailOn = None,
    allow_empty: Annotated[
        bool, typer.Option("--allow-empty", help="Exit with 0 even if no text was fit to compare.")
    ] = False,
    pairs: AsPairs = False,
    verbose: Verbose = False,
    quiet: Quiet = False,
    text_column: TextColumn = "",
    ignore: Ignore = None,
    licensed: Licensed = None,
    model: Model = None,
    prior: Prior = 0.5,
) -> None:
    """Find spun pages in a crawl.

    Read it, look for pairs that may belong together, score them.
    """
    from unspun.crawl.ranking import read_truth
    from unspun.crawl.run_plan import ScanOptions
    from unspun.crawl.scan import scan

    known = read_truth(truth) if truth else None
    own = str(model.absolute()) if model else None
    options = ScanOptions(
        tuple(inputs),
        tuple(against or ()),
        max_candidates,
        own,
        prior,
        text_column=text_column,
        ignore=str(ignore.absolute()) if ignore else "",
        licensed=read_sites(licensed) if licensed else (),
    )
    with stops_told("what is done is kept: give the same command with --resume to go on"):
        meter = no_progress if quiet else progress
        run = scan(options, out, engine=engine.value, n_jobs=jobs, resume=resume, progress=meter)
    _show(run, known, Printing(min_p, pairs, verbose, quiet), f"the tables are in {out}")
    if not run.info["counts"]["articles"]:
        _say_empty(run.rejects, inputs, allow_empty)
        return
    _leave(run, fail_on)


def _say_empty(rejects: pd.DataFrame, inputs: list[str], allow_empty: bool) -> None:
    """Say that there is nothing to compare; this is an error unless it is allowed."""
    if allow_empty and is_honestly_empty(rejects):
        say("there is not one article to compare: what was read is empty, foreign or no article")
        return
    todo = "there is nothing in it"
    if len(rejects):
        todo = f"see its rejects; the first: {rejects['uri'].iloc[0]}: {rejects['reason'].iloc[0]}"
    raise InputError("there was not one article to compare", ", ".join(inputs), one_line(todo, 500))


def read_sites(path: Path) -> tuple[str, ...]:
    """Return the sites of a file, one a line.

    Addresses are cut to their sites, and lines with # are left out.

    Raises
    ------
    InputError
        When the file cannot be read, or names no site.
    """
    from urllib.parse import urlsplit

    try:
        lines = [line.strip() for line in path.read_text(encoding="utf-8").splitlines()]
        named = [line for line in lines if line and not line.startswith("#")]
        sites = [urlsplit(line if "//" in line else f"//{line}").hostname for line in named]
    except (OSError, ValueError) as error:
        raise InputError(f"cannot read the sites ({error})", path, "name one a line, such as news.example") from error
    if not all(sites) or not sites:
        raise InputError("a line names no site", path, "name one a line, such as news.example")
    return tuple(site for site in sites if site)


def is_honestly_empty(rejects: pd.DataFrame) -> bool:
    """Tell whether all was understood, and nothing is an English article."""
    no_article = rejects["reason"].isin(["the text is empty", "no article text found on the page"])
    return bool((no_article | rejects["stage"].isin(["language", "duplicate"])).all())


def _show(run: Run, truth: pd.DataFrame | None, printing: Printing, last: str) -> None:
    """Print the findings of a run, or its ranked pairs, and say what became of all it read."""
    from unspun.crawl.findings import findings_of
    from unspun.crawl.ranking import ranking, summary
    from unspun.crawl.run_summary import lines
    from unspun.reports.run_findings import findings_text
    from unspun.reports.terminal import Look

    if printing.quiet:
        return
    columns = ["source_id", "suspect_id", "p_spun", "p_forward"]
    if printing.pairs:
        show(ranking(run.table("scores", columns), printing.min_p, truth, partial(one_line, limit=2_000)))
    else:
        show(findings_text(findings_of(run, printing.min_p), truth, Look(coloured(), printing.verbose)))
        if truth is not None:
            show("\n" + summary(run.table("scores", columns), truth, printing.min_p))
    if run.info["counts"].get("licensed"):
        _show_licensed(run, printing.min_p)
    for line in [*lines(run.info), last]:
        say(line)


def _leave(run: Run, fail_on: float | None) -> None:
    """End the command with 1 if any finding is at or above the limit."""
    from unspun.crawl.findings import findings_of

    if fail_on is not None:
        leave(findings_of(run, fail_on)["p_spun"], fail_on, "finding")


def _show_licensed(run: Run, min_p: float) -> None:
    """Print the pairs of sites that may republish."""
    from unspun.crawl.ranking import ranking

    licensed = run.table("licensed", ["source_id", "suspect_id", "p_spun", "p_forward"])
    show(f"\nOn sites that may republish:\n{ranking(licensed, min_p, show=partial(one_line, limit=2_000))}")


def _complete(run: str) -> Run:
    from unspun.crawl.run import open_run

    opened = open_run(run)
    if not opened.complete:
        raise InputError("the run is not complete", run, "go on with `unspun scan ... --resume`")
    return opened


def report(
    run: Annotated[str, typer.Argument(metavar="RUN", help="The folder of a run.")],
    truth: Truth = None,
    min_p: MinP = 0.5,
    redact: Annotated[bool, typer.Option("--redact", help="Show what was changed, leave the texts out.")] = False,
    pages: Annotated[int, typer.Option(min=0, help="Pages of evidence to write, for the likeliest.")] = 500,
    pairs: AsPairs = False,
    verbose: Verbose = False,
    quiet: Quiet = False,
    fail_on: FailOn = None,
    model: Model = None,
) -> None:
    """Show what a run found, and write it as pages into RUN/report.

    One finding a spun page, with its likeliest source.
    """
    from unspun.crawl.ranking import read_truth
    from unspun.crawl.run_evidence import ReportOptions, detector_of
    from unspun.reports.pages.run_folder import write_report

    opened = _complete(run)
    known = read_truth(truth) if truth else None
    options = ReportOptions(min_p, redact, pages)
    with (no_progress if quiet else progress)("explaining", "pairs") as tick:
        index = write_report(opened, detector_of(opened, model), options, tick)
    _show(opened, known, Printing(min_p, pairs, verbose, quiet), f"the pages begin at {index}")
    _leave(opened, fail_on)


def export(
    run: Annotated[str, typer.Argument(metavar="RUN", help="The folder of a run.")],
    csv: Annotated[Path | None, typer.Option(metavar="FILE", help="Findings, safe to open in a spreadsheet.")] = None,
    jsonl: Annotated[Path | None, typer.Option(metavar="FILE", help="Findings with their explanations.")] = None,
    sarif: Sarif = None,
    junit: Annotated[Path | None, typer.Option(metavar="FILE", help="Findings as test cases that fail.")] = None,
    drop: IdList = None,
    keep: IdList = None,
    min_p: MinP = 0.5,
    pairs: AsPairs = False,
    limit: Annotated[int, typer.Option(min=0, help="Findings to explain, the likeliest.")] = 500,
    redact: Annotated[bool, typer.Option("--redact", help="Leave the texts out.")] = False,
    unguarded: Unguarded = False,
    model: Model = None,
) -> None:
    """Write what a run found for other programs.

    Formats are CSV, JSON Lines, SARIF and JUnit, and lists of pages to drop from a corpus and to keep.
    """
    from unspun.crawl.run_evidence import ReportOptions, detector_of
    from unspun.reports.run_exports import Exports, write_exports, write_pair_exports

    files = Exports(csv, jsonl, sarif, junit, drop, keep)
    if not any(files):
        usage("give at least one of --csv, --jsonl, --sarif, --junit, --drop, --keep")
    if pairs and (drop or keep):
        usage("--drop and --keep are of findings: leave --pairs out")
    opened = _complete(run)
    write = write_pair_exports if pairs else write_exports
    with progress("explaining", "pairs") as tick:
        write(opened, files, detector_of(opened, model), ReportOptions(min_p, redact, limit), tick, not unguarded)
    if csv and unguarded:
        say_unguarded(csv)


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = 8377,
    seconds: Annotated[float, typer.Option(min=1, help="How long one comparison may take.")] = 30,
    model: Model = None,
) -> None:
    """Show a local page to drop two texts on; needs the extra `web`."""
    try:
        from unspun.app.web.server import is_loopback, serve
    except ModuleNotFoundError as error:
        todo = "install it with: pip install 'unspun[web]'"
        raise InputError("this command needs the extra `web`", error.name, todo) from error
    if not is_loopback(host):
        say(f"anybody who reaches {host} can use this page; the texts travel unencrypted")
    serve(host, port, model, seconds)
