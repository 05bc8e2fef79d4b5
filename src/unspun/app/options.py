"""Declare the options that several commands share."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, NamedTuple

import typer

from unspun.errors import InputError


class Protocol(StrEnum):
    """The ways of holding pairs out from the model that scores them."""

    GROUP_CV = "group-cv"
    LEAVE_ONE_DATASET_OUT = "leave-one-dataset-out"


class EngineName(StrEnum):
    """Name the place where a scan runs: this machine, or a Spark cluster."""

    LOCAL = "local"
    SPARK = "spark"


def checked_processes(jobs: int) -> int:
    """Refuse a number of processes that cannot work."""
    if jobs == 0 or jobs < -1:
        raise typer.BadParameter(f"{jobs} processes cannot work; give 1 or more, or -1 for all cores")
    return jobs


def checked_table(path: Path | None) -> Path | None:
    """Refuse an output whose format is unknown before the work is done, not after."""
    if path is None:
        return None
    from unspun.io.score_tables import check_output

    try:
        return check_output(path)
    except InputError as error:
        raise typer.BadParameter(str(error)) from error


Pairs = Annotated[Path | None, typer.Option(help="Pairs: a table (.jsonl .json .csv .parquet ...), a folder, or -.")]
SourceColumn = Annotated[
    str, typer.Option(metavar="NAME", help="Column of the sources; by default source, or a usual name.")
]
SuspectColumn = Annotated[
    str, typer.Option(metavar="NAME", help="Column of the suspects; by default suspect, or a usual name.")
]
TextColumn = Annotated[str, typer.Option(metavar="NAME", help="Column of the texts in tables; text or a usual name.")]
Unguarded = Annotated[
    bool, typer.Option("--unguarded", help="Leave CSV cells as they are, though spreadsheets may run them.")
]
Labelled = Annotated[Path | None, typer.Option(help="Labelled pairs: pairs whose relation is known.")]
Features = Annotated[Path | None, typer.Option(help="A table that `unspun features --training` wrote.")]
Jobs = Annotated[int, typer.Option(callback=checked_processes, help="Processes to use; -1 for all cores.")]
FailOn = Annotated[
    float | None, typer.Option(min=0, max=1, metavar="P", help="Exit with 1 if any p_spun is P or more.")
]
AsPairs = Annotated[bool, typer.Option("--pairs", help="All flagged pairs, not one line a spun page.")]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Print all numbers, ids and what else is alike.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")]
Truth = Annotated[Path | None, typer.Option(help="CSV with what the pairs really are, shown beside them.")]
MinP = Annotated[float, typer.Option(min=0, max=1, help="Show findings from this p_spun on.")]
Prior = Annotated[
    float, typer.Option(min=0.0001, max=0.9999, metavar="P", help="Share of spun pairs you expect; scores hold for it.")
]
Model = Annotated[Path | None, typer.Option(help="Folder of a model of your own, as `unspun train` wrote it.")]
Licensed = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Sites that may republish, one a line; listed apart.")
]
Ignore = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Texts whose sentences are nobody's: a form, a task, a licence.")
]
Json = Annotated[bool, typer.Option("--json", help="Print everything as one JSON object.")]
Markdown = Annotated[bool, typer.Option("--md", help="Print the evidence as Markdown.")]
Html = Annotated[Path | None, typer.Option("--html", metavar="FILE", help="Write the evidence as a page.")]
Sarif = Annotated[Path | None, typer.Option("--sarif", metavar="FILE", help="Write the evidence as SARIF 2.1.0.")]


IdList = Annotated[
    Path | None,
    typer.Option(
        callback=checked_table,
        metavar="FILE",
        help="Ids of the spun pages (--drop), or of all others (--keep), with the numbers of their clusters.",
    ),
]


class Printing(NamedTuple):
    """The parts of a run that are printed: findings or pairs, and how much."""

    min_p: float
    pairs: bool
    verbose: bool
    quiet: bool


class Scorer(NamedTuple):
    """The model that scores, and the share of spun pairs it supposes."""

    model: Path | None
    prior: float
