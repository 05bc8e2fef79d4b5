"""Run the commands of training: `features`, `train`, `evaluate`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from unspun.app.options import (
    Features,
    Jobs,
    Json,
    Labelled,
    Model,
    Protocol,
    SourceColumn,
    SuspectColumn,
    checked_table,
)
from unspun.app.outcome import FOUND, say_bad, show, usage
from unspun.errors import InputError
from unspun.io.progress import progress, say
from unspun.io.rows.column_names import PairColumns

if TYPE_CHECKING:
    import pandas as pd

    from unspun.training.model_card import Judged


def features(
    pairs: Annotated[list[Path], typer.Option(help="Pairs: a file, or a folder of files; may be repeated.")],
    out: Annotated[Path, typer.Option("-o", "--out", callback=checked_table, help="The table of numbers, .parquet.")],
    training: Annotated[
        bool, typer.Option("--training", help="Add variants and twins of the pairs to train on.")
    ] = False,
    more: Annotated[
        list[Path] | None, typer.Option(help="Further pairs, trained on and never judged by; may be repeated.")
    ] = None,
    source_column: SourceColumn = "",
    suspect_column: SuspectColumn = "",
    jobs: Jobs = 1,
) -> None:
    """Compute the features of pairs, one row of numbers a pair."""
    from unspun.io.score_tables import write_table

    write_table(_features(pairs, jobs, training, PairColumns(source_column, suspect_column), more or ()), out)


def train(
    features: Features = None,
    pairs: Labelled = None,
    out: Annotated[Path, typer.Option("-o", "--out", help="Folder for the model.")] = Path("build/model"),
    source_column: SourceColumn = "",
    suspect_column: SuspectColumn = "",
    jobs: Jobs = 1,
) -> None:
    """Fit a model on labelled pairs, or on a table of their features."""
    from unspun.training.fitting import train

    table = _table_of(features, pairs, jobs, PairColumns(source_column, suspect_column))
    train(table, out, jobs)
    say(f"trained on {len(table):,} rows; the model is in {out}")


def evaluate(
    pairs: Labelled = None,
    features: Features = None,
    protocol: Annotated[Protocol | None, typer.Option(help="Hold pairs out and fit anew, in this way.")] = None,
    scores: Annotated[
        Path | None, typer.Option(callback=checked_table, help="Write the scores of all judged pairs to this file.")
    ] = None,
    floors: Annotated[Path | None, typer.Option(help="JSON of figures that must not drop; exit 1 if one does.")] = None,
    card: Annotated[Path | None, typer.Option(help="Folder of the model whose card gets these figures.")] = None,
    as_json: Json = False,
    source_column: SourceColumn = "",
    suspect_column: SuspectColumn = "",
    jobs: Jobs = 1,
    model: Model = None,
) -> None:
    """Print how good scores are.

    They are those of the model on your labelled pairs, or of models fitted on what is not held out.
    """
    from unspun.io.score_tables import write_table
    from unspun.training.model_card import render_summary, summarise

    by_model = pairs is not None and features is None and protocol is None
    if by_model and card is not None:
        usage("--card takes figures of held-out pairs: give --features, or --protocol")
    if model is not None and not by_model:
        usage("--model judges --pairs as they are; with --features or --protocol models are fitted anew")
    protocol = protocol or Protocol.GROUP_CV
    least = _floors(floors, protocol) if floors else None
    columns = PairColumns(source_column, suspect_column)
    if by_model and pairs is not None:
        table, figures = _judged_by_model(pairs, columns, jobs, model)
    else:
        table, figures = _held_out(_table_of(features, pairs, jobs, columns), protocol, card, jobs)
    if scores:
        write_table(table, scores)
    summary = summarise(table, figures)
    show(json.dumps(summary, indent=1) if as_json else render_summary(summary))
    if least is not None:
        _check(figures, least)


def _judged_by_model(pairs: Path, columns: PairColumns, jobs: int, model: Path | None) -> Judged:
    from unspun.io.pair_tables import read_pairs
    from unspun.model.detector import load_detector
    from unspun.training.evaluation import evaluate_model

    good, bad = read_pairs(pairs, labelled=True, columns=columns)
    say_bad(good, bad)
    with progress("scoring", "pairs") as tick:
        return evaluate_model(good, load_detector(model), n_jobs=jobs, progress=tick)


def _held_out(table: pd.DataFrame, protocol: Protocol, card: Path | None, jobs: int) -> Judged:
    from unspun.training.evaluation import evaluate

    judged = evaluate(table, protocol.value, jobs)
    if card is not None:
        from unspun.training.fitting import add_to_card

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
    from unspun.training.floors import FloorError, check_floors

    try:
        check_floors(figures, least)
    except FloorError as error:
        say(f"unspun: {error}")
        raise typer.Exit(FOUND) from error


def _table_of(features: Path | None, pairs: Path | None, jobs: int, columns: PairColumns) -> pd.DataFrame:
    """Return the features table that was given, or make it from the pairs that were."""
    if features is not None and pairs is None:
        from unspun.training.feature_table import read_features

        return read_features(features)
    if pairs is None or features is not None:
        usage("give either --pairs or --features")
    return _features(pairs, jobs, True, columns)


def _features(
    pairs: Path | Sequence[Path], jobs: int, training: bool, columns: PairColumns, more: Sequence[Path] = ()
) -> pd.DataFrame:
    from unspun.training.feature_table import build_features

    with progress("computing features", "pairs") as tick:
        return build_features(pairs, n_jobs=jobs, progress=tick, training=training, more=more, columns=columns)
