"""The command line: a thin skin, every command is one call of the library.

Data go to standard output, progress and remarks to standard error. Exit codes: 0 done, 1 something at or above
``--fail-on`` (or a figure below its floor), 2 usage, 3 input unreadable, 4 abstained, 70 a fault of Unspun's own.
"""

from __future__ import annotations

import json
import sys
import traceback
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

import unspun
from unspun.errors import InputError, UnspunError
from unspun.progress import progress, say

if TYPE_CHECKING:
    import pandas as pd

# The heavy modules are imported inside the commands, so that --help and --version answer at once.

FOUND, USAGE, UNREADABLE, ABSTAINED, FAULT = 1, 2, 3, 4, 70

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
Jobs = Annotated[int, typer.Option(help="Processes to use; -1 for all cores.")]
FailOn = Annotated[
    float | None, typer.Option(min=0, max=1, metavar="P", help="Exit with 1 if any p_spun is P or more.")
]
Model = Annotated[Path | None, typer.Option(help="Folder of a model of your own, as `unspun train` wrote it.")]


@app.callback(invoke_without_command=True)
def _root(version: Annotated[bool, typer.Option("--version", help="Show the version and leave.")] = False) -> None:
    if version:
        typer.echo(f"unspun {unspun.__version__}")
        raise typer.Exit


@app.command()
def score(
    source: Annotated[str | None, typer.Argument(help="The text that may be the original: a file, or -.")] = None,
    suspect: Annotated[str | None, typer.Argument(help="The text that may be spun from it: a file, or -.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print everything as one JSON object.")] = False,
    pairs: Pairs = None,
    out: Annotated[Path | None, typer.Option("-o", "--out", callback=_table, help=".jsonl .csv .parquet")] = None,
    jobs: Jobs = 1,
    fail_on: FailOn = None,
    model: Model = None,
) -> None:
    """Score two texts (SOURCE SUSPECT), or a table of pairs (--pairs PATH -o OUT)."""
    if pairs is not None:
        if source is not None or out is None or as_json:
            _usage("with --pairs give -o OUT, and neither SOURCE nor --json")
        _score_table(pairs, out, jobs, fail_on, model)
    elif source is None or suspect is None or out is not None:
        _usage("give SOURCE and SUSPECT, or --pairs PATH -o OUT")
    elif source == suspect == "-":
        _usage("standard input can be one of the two texts, not both")
    else:
        _score_two(source, suspect, as_json, fail_on, model)


def _score_two(source: str, suspect: str, as_json: bool, fail_on: float | None, model: Path | None) -> None:
    from unspun import report
    from unspun.detector import load_detector
    from unspun.explain import explain
    from unspun.pairs import read_source

    found = explain(read_source(source), read_source(suspect), load_detector(model))
    typer.echo(report.as_json(found) if as_json else report.as_text(found))
    if fail_on is not None and found.p_spun >= fail_on:
        raise typer.Exit(FOUND)
    if found.abstained:
        raise typer.Exit(ABSTAINED)


def _score_table(pairs: Path, out: Path, jobs: int, fail_on: float | None, model: Path | None) -> None:
    from unspun.detector import load_detector
    from unspun.pairs import read_pairs, with_bad_rows, write_table
    from unspun.score import score_pairs

    good, bad = read_pairs(pairs)
    with progress("scoring", "pairs") as tick:
        scores = score_pairs(good, load_detector(model), n_jobs=jobs, progress=tick).set_axis(good.index)
    write_table(with_bad_rows(scores, bad), out)
    _say_bad(good, bad)
    _leave(scores["p_spun"], fail_on)


@app.command()
def scan(
    inputs: Annotated[list[str], typer.Argument(metavar="INPUT...", help="Pages, folders, WARC, JSONL or text files.")],
    out: Annotated[Path, typer.Option("-o", "--out", metavar="RUN", help="Folder for the tables of this run.")],
    truth: Annotated[Path | None, typer.Option(help="CSV with what the pairs really are, shown beside them.")] = None,
    min_p: Annotated[float, typer.Option(min=0, max=1, help="Show pairs from this p_spun on.")] = 0.5,
    max_candidates: Annotated[int, typer.Option(min=1, help="Sources to try for every page.")] = 20,
    jobs: Jobs = 1,
    fail_on: FailOn = None,
    model: Model = None,
) -> None:
    """Find spun pages in a crawl: read it, look for pairs that may belong together, score them."""
    from unspun.detector import load_detector
    from unspun.ranking import ranking, read_truth
    from unspun.scan import scan

    known = read_truth(truth) if truth else None
    with progress("scanning", "pairs") as tick:
        run = scan(inputs, out, load_detector(model), top=max_candidates, n_jobs=jobs, progress=tick)
    typer.echo(ranking(run.scores, min_p, known))
    say(f"{len(run.articles):,} articles read, {len(run.rejects):,} inputs passed over; the tables are in {out}")
    _leave(run.scores["p_spun"], fail_on)


@app.command()
def features(
    pairs: Annotated[Path, typer.Option(help="Pairs: a file, or a folder of files.")],
    out: Annotated[Path, typer.Option("-o", "--out", callback=_table, help="The table of numbers, .parquet.")],
    training: Annotated[
        bool, typer.Option("--training", help="Add variants and twins of the pairs to train on.")
    ] = False,
    more: Annotated[Path | None, typer.Option(help="Further pairs, trained on and never judged by.")] = None,
    jobs: Jobs = 1,
) -> None:
    """Compute the features of pairs, one row of numbers a pair."""
    from unspun.pairs import write_table

    write_table(_features(pairs, jobs, training, more), out)


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
    train(table, out)
    say(f"trained on {len(table):,} rows; the model is in {out}")


@app.command()
def evaluate(
    pairs: Labelled = None,
    features: Features = None,
    protocol: Annotated[Protocol, typer.Option(help="How pairs are held out.")] = Protocol.GROUP_CV,
    scores: Annotated[Path | None, typer.Option(callback=_table, help="Write the scores, made unseen, here.")] = None,
    floors: Annotated[Path | None, typer.Option(help="JSON of figures that must not drop; exit 1 if one does.")] = None,
    jobs: Jobs = 1,
) -> None:
    """Print how good scores are on labelled pairs that the model has not seen."""
    from unspun.evaluation import evaluate
    from unspun.pairs import write_table

    table, figures = evaluate(_table_of(features, pairs, jobs), protocol.value)
    if scores:
        write_table(table, scores)
    typer.echo(json.dumps(figures, indent=1))
    if floors:
        _check(figures, floors, protocol)


def _check(figures: dict[str, dict[str, float]], floors: Path, protocol: Protocol) -> None:
    from unspun.evaluation import FloorError, check_floors

    try:
        check_floors(figures, json.loads(floors.read_text(encoding="utf-8"))[protocol.value])
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


def _features(pairs: Path, jobs: int, training: bool, more: Path | None = None) -> pd.DataFrame:
    from unspun.training import build_features

    with progress("computing features", "pairs") as tick:
        return build_features(pairs, n_jobs=jobs, progress=tick, training=training, more=more)


def _say_bad(good: pd.DataFrame, bad: pd.DataFrame) -> None:
    """Say how many records could not be used, and which ids cannot be told apart in the output."""
    if len(bad):
        first = f"{bad['id'].iloc[0]}: {bad['reason'].iloc[0]}"
        say(f"{len(bad):,} bad records of {len(good) + len(bad):,}; the first: {first}")
    if n_repeated := int(good["id"].duplicated().sum()):
        say(f"{n_repeated:,} records repeat an id; rows stand in the order of the input")


def _leave(p_spun: pd.Series[float], fail_on: float | None) -> None:
    if fail_on is not None and (n_found := int((p_spun >= fail_on).sum())):
        say(f"{n_found:,} pairs at or above {fail_on:g}")
        raise typer.Exit(FOUND)


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
