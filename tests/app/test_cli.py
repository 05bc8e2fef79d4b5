"""The command line with stand-ins for what it calls, and once with the real thing."""

import json
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import NamedTuple

import pandas as pd
import pytest
import typer
from explanations import FOUND as BY_HAND
from explanations import SWAP

from unspun.app.cli import app, main
from unspun.errors import ModelError, UnspunError
from unspun.io.tables import FINDINGS
from unspun.model.persistence import read_card

ROOT = Path(__file__).parents[2]
HEAVY = {"numpy", "pandas", "rich", "sklearn", "trafilatura"}
COLUMNS = [
    "id",
    "p_spun",
    "p_low",
    "p_high",
    "p_forward",
    *("p_copied", "p_edited", "p_rewritten", "p_independent"),
    "coverage",
    "source_coverage",
    "n_substitutions",
    "spun_share",
    "n_passages",
    "abstained",
]
FOUND = replace(BY_HAND, substitutions=(replace(SWAP, suspect="ha\x1bven"),))


class Model(NamedTuple):
    """What the command line knows of a model."""

    folder: Path | None = None
    prior: float = 0.5
    card: dict[str, object] = {}  # noqa: RUF012


def run(*args):
    """Return the exit code of a command."""
    with pytest.raises(SystemExit) as end:
        main([str(arg) for arg in args])
    return end.value.code or 0


def stand_in(monkeypatch, module, **functions):
    monkeypatch.setitem(sys.modules, f"unspun.{module}", SimpleNamespace(**functions))


@pytest.fixture
def found(monkeypatch):
    """Let one pair be explained by what the dictionary returned holds."""
    answer = {"explanation": FOUND}

    def explain(source, suspect, detector, names):
        answer["asked"] = source, suspect, detector
        return answer["explanation"]

    stand_in(monkeypatch, "model.persistence", load_model=Model, read_card=read_card)
    stand_in(monkeypatch, "evidence.explaining", explain=explain)
    return answer


@pytest.fixture
def scored(monkeypatch):
    """Let every pair of a table score 0.9."""

    def score_with_passages(pairs, detector, n_jobs, progress, read):
        progress(len(pairs), len(pairs))
        rows = [[name, 0.9, 0.8, 0.95, 0.6, 0.05, 0.05, 0.0, 0.0, 0.8, 0.7, 12, 0.5, 1, None] for name in pairs["id"]]
        return pd.DataFrame(rows, columns=COLUMNS), pd.DataFrame({"id": pairs["id"]})

    stand_in(monkeypatch, "model.persistence", load_model=Model, read_card=read_card)
    stand_in(monkeypatch, "model.scoring", score_with_passages=score_with_passages)


# One pair


def test_a_pair_is_printed_for_people(found, pair_files, capsys):
    assert run("score", *pair_files) == 0
    out = capsys.readouterr().out
    assert out.startswith("verdict    unclear\np_spun     0.750 (0.400 to 0.900)\n")
    assert "\nrelation   spun 0.750, copied 0.250\n" in out
    assert "\ndirection  hard to tell (p_forward 0.500)\n" in out
    assert out.count("family ") == 3
    assert "\n   −0.15  all else: style of the texts\n" in out
    assert "\n  harbour -> ha\ufffdven\n     synonym\n" in out
    assert found["asked"] == (*(file.read_text() for file in pair_files), Model())


def test_all_numbers_are_printed_where_they_are_asked_for(found, pair_files, capsys):
    assert run("score", *pair_files, "--verbose") == 0
    out = capsys.readouterr().out
    assert "\n     synonym, frequency 4.0 → 3.5\n" in out
    assert "copied 0.250, edited below 0.001" in out


def test_a_pair_is_printed_for_programs(found, pair_files, capsys):
    assert run("score", *pair_files, "--json") == 0
    streams = capsys.readouterr()
    fields = json.loads(streams.out, parse_constant=pytest.fail)
    assert list(fields) == sorted(fields)
    assert {"p_spun", "p_forward", "relation", "coverage", "abstained", "reasons", "substitutions"} < set(fields)
    assert fields["substitutions"][0]["fit_delta"] is None
    assert streams.err == ""


def test_a_pair_is_written_in_every_form(found, pair_files, tmp_path, capsys):
    page, log = tmp_path / "pages" / "p.html", tmp_path / "p.sarif"
    assert run("score", *pair_files, "--md", "--html", page, "--sarif", log) == 0
    assert capsys.readouterr().out.startswith("# Machine-spun: unclear")
    assert "Content-Security-Policy" in page.read_text()
    assert json.loads(log.read_text())["version"] == "2.1.0"
    assert run("score", *pair_files, "--sarif", tmp_path) == 3
    assert run("score", *pair_files, "--md", "--json") == 2


@pytest.mark.parametrize(
    ("abstained", "options", "code"),
    [
        (None, [], 0),
        (None, ["--fail-on", "0.75"], 1),
        (None, ["--fail-on", "0.76"], 0),
        ("too short", [], 4),
        ("too short", ["--fail-on", "0.9"], 4),
        ("too short", ["--fail-on", "0.5"], 1),
    ],
)
def test_exit_codes_of_a_pair(found, pair_files, abstained, options, code):
    found["explanation"] = replace(FOUND, abstained=abstained)
    assert run("score", *pair_files, *options) == code


@pytest.mark.parametrize(
    "args",
    [
        [],
        ["a.txt"],
        ["a.txt", "b.txt", "c.txt"],
        ["-", "-"],
        ["a.txt", "b.txt", "-o", "out.csv"],
        ["a.txt", "b.txt", "--fail-on", "2"],
        ["a.txt", "b.txt", "--nonsense"],
        ["--pairs", "pairs.jsonl"],
        ["--pairs", "pairs.jsonl", "-o", "out.txt"],
        ["a.txt", "--pairs", "pairs.jsonl", "-o", "out.csv"],
        ["--pairs", "pairs.jsonl", "-o", "out.csv", "--html", "out.html"],
    ],
)
def test_what_makes_no_sense_is_a_usage_error(args):
    assert run("score", *args) == 2


def test_what_cannot_be_read_ends_with_three(found, scored, pair_files, tmp_path, capsys):
    assert run("score", pair_files[0], tmp_path / "absent.txt") == 3
    assert run("score", "--pairs", tmp_path / "absent.jsonl", "-o", tmp_path / "out.csv") == 3
    assert "absent.jsonl" in capsys.readouterr().err


def test_a_bad_model_ends_with_three_and_a_bug_with_seventy(monkeypatch, found, pair_files, capsys):
    def refuse(model, prior=0.5):
        raise ModelError("not one of ours", model)

    stand_in(monkeypatch, "model.persistence", load_model=refuse, read_card=read_card)
    assert run("score", *pair_files, "--model", "mine") == 3
    assert capsys.readouterr().err == "unspun: not one of ours: mine\n"
    stand_in(monkeypatch, "evidence.explaining", explain=lambda *_: 1 / 0)
    stand_in(monkeypatch, "model.persistence", load_model=Model, read_card=read_card)
    assert run("score", *pair_files) == 70


# Tables of pairs


@pytest.mark.parametrize("suffix", [".jsonl", ".csv", ".parquet"])
def test_a_table_is_scored_in_its_order(scored, pairs_file, tmp_path, capsys, suffix):
    out = tmp_path / f"scores{suffix}"
    assert run("score", "--pairs", pairs_file, "-o", out) == 0
    read = {".jsonl": lambda path: pd.read_json(path, lines=True), ".csv": pd.read_csv, ".parquet": pd.read_parquet}
    table = read[suffix](out)
    assert table.columns.tolist() == COLUMNS
    assert table.id.tolist() == ["line 1", "good", "half"]
    assert table.p_spun.isna().tolist() == [True, False, True]
    assert table.abstained.notna().tolist() == [True, False, True]
    streams = capsys.readouterr()
    assert streams.out == ""
    assert "2 bad records of 3" in streams.err


def test_counts_stay_whole_numbers(scored, pairs_file, tmp_path):
    run("score", "--pairs", pairs_file, "-o", tmp_path / "scores.jsonl")
    lines = [json.loads(line) for line in (tmp_path / "scores.jsonl").read_text().splitlines()]
    assert [line["n_substitutions"] for line in lines] == [None, 12, None]
    assert '"n_substitutions":12,' in (tmp_path / "scores.jsonl").read_text()


def test_fail_on_and_repeated_ids(scored, pairs_file, tmp_path, capsys):
    pairs_file.write_text(pairs_file.read_text() + pairs_file.read_text())
    assert run("score", "--pairs", pairs_file, "-o", tmp_path / "out.csv", "--fail-on", 0.9) == 1
    assert "1 records repeat an id" in capsys.readouterr().err
    assert run("score", "--pairs", pairs_file, "-o", tmp_path / "out.csv", "--fail-on", 0.91) == 0


# Crawls


@pytest.fixture
def scanned(monkeypatch):
    """Let a scan find one pair, or raise what the dictionary returned holds."""
    answer = {}

    def scan(options, out, engine, n_jobs, resume, progress):
        answer["asked"] = options, out, engine, n_jobs, resume
        if "raises" in answer:
            raise answer["raises"]
        scores = pd.DataFrame({"source_id": ["x"], "suspect_id": ["y"], "p_spun": [0.8], "p_forward": [0.9]})
        counts = {"records": 3, "articles": 2, "rejected": {"decode": 1}, "candidates": 1, "scores": 1}
        about = {"source_title": "A storm", "suspect_title": "A tempest", "suspect_site": "spun.example"}
        row = dict.fromkeys(FINDINGS.names, "") | {"finding": 1, "source_id": "x", "suspect_id": "y", "open": False}
        found = pd.DataFrame([row | about | {"p_spun": 0.8, "spun_share": 0.5, "why": "swaps", "abstained": None}])
        return SimpleNamespace(
            table=lambda name, columns: scores[columns], info={"counts": counts}, findings=found, rejects=scores[:0]
        )

    stand_in(monkeypatch, "crawl.scan", scan=scan)
    return answer


def test_a_crawl_is_scanned(scanned, capsys):
    args = ["scan", "a", "b", "-o", "run", "--max-candidates", 7, "--against", "c", "--against", "d"]
    assert run(*args) == 0
    options, *others = scanned["asked"]
    assert (options.inputs, options.against, options.max_candidates) == (("a", "b"), ("c", "d"), 7)
    assert others == ["run", "local", 1, False]
    streams = capsys.readouterr()
    assert streams.out.splitlines() == [
        "1 page looks machine-spun, from 1 source",
        "",
        "Source: A storm",
        "  no date",
        "  1  A tempest",
        "     spun.example, no date: p_spun 0.800, 50% spun",
        "     told by swaps",
    ]
    assert "3 records: 2 articles, 1 rejected (decode 1)\n1 pairs: 1 scored, 0 rejected" in streams.err
    assert run(*args, "--pairs") == 0
    shown = capsys.readouterr().out.split()
    assert shown == ["p_spun", "p_forward", "source", "suspect", "0.800", "0.900", "x", "y"]
    assert run(*args, "--quiet", "--fail-on", 0.81) == 0
    assert capsys.readouterr() == ("", "")
    assert run(*args, "--fail-on", 0.8) == 1
    assert capsys.readouterr().err.endswith("1 finding at or above 0.8\n")
    assert run("scan", "a") == 2
    assert run(*args, "--engine", "abacus") == 2


def test_a_scan_that_is_stopped_says_how_to_go_on(scanned, capsys):
    scanned["raises"] = KeyboardInterrupt()
    assert run("scan", "a", "-o", "run") == 130
    assert "--resume" in capsys.readouterr().err


def test_a_run_is_shown_again(tmp_path, capsys):
    assert run("report", tmp_path) == 3
    assert "not the folder of a run" in capsys.readouterr().err


# Labelled pairs


@pytest.fixture
def trained(monkeypatch):
    """Let features be two rows, and training note what it was given."""
    calls = {}
    table = pd.DataFrame({"id": ["a", "b"], "p_spun": [0.1, 0.9]})

    def build_features(pairs, n_jobs, progress, training, more=(), columns=None):
        calls["built"] = [Path(one).name for one in ([pairs] if isinstance(pairs, Path) else pairs)], training
        return table

    reading = {"build_features": build_features, "read_features": lambda path: table}
    stand_in(monkeypatch, "training.feature_table", **reading)
    stand_in(
        monkeypatch,
        "training.fitting",
        train=lambda frame, out, n_jobs: calls.update(trained=(len(frame), out, n_jobs)),
    )
    return calls


def test_features_and_training(trained, tmp_path):
    assert run("features", "--pairs", "mine.jsonl", "--pairs", "yours.csv", "-o", tmp_path / "f.parquet") == 0
    assert trained["built"] == (["mine.jsonl", "yours.csv"], False)
    assert pd.read_parquet(tmp_path / "f.parquet").id.tolist() == ["a", "b"]
    assert run("train", "--pairs", "mine.jsonl", "-o", tmp_path) == 0
    assert trained == {"built": (["mine.jsonl"], True), "trained": (2, tmp_path, 1)}
    assert run("train") == 2
    assert run("train", "--pairs", "mine.jsonl", "--features", "f.parquet") == 2


def test_evaluation_prints_figures_and_checks_floors(monkeypatch, trained, tmp_path, capsys):
    class FloorError(UnspunError):
        pass

    def check_floors(figures, floors):
        if figures["overall"]["auc"] < floors["auc"]:
            raise FloorError("figures below their floors", "auc")

    def evaluate(features, protocol, n_jobs):
        return features, {"overall": {"auc": 0.9 if protocol == "group-cv" else 0.5}}

    def evaluate_model(pairs, detector, n_jobs, progress):
        return pairs[["id"]], {"overall": {"auc": 0.7}}

    made = {"evaluate": evaluate, "evaluate_model": evaluate_model}
    stand_in(monkeypatch, "training.evaluation", **made)
    stand_in(monkeypatch, "training.floors", check_floors=check_floors, FloorError=FloorError)
    stand_in(
        monkeypatch,
        "training.model_card",
        summarise=lambda table, figures: figures,
        render_summary=lambda summary: "a table",
    )
    floors = tmp_path / "floors.json"
    floors.write_text('{"group-cv": {"auc": 0.8}, "leave-one-dataset-out": {"auc": 0.8}}')
    args = ["evaluate", "--features", "f.parquet", "--floors", floors]
    assert run(*args, "--scores", tmp_path / "s.csv", "--json") == 0
    assert json.loads(capsys.readouterr().out) == {"overall": {"auc": 0.9}}
    assert (tmp_path / "s.csv").read_text() == "id,p_spun\na,0.1\nb,0.9\n"
    assert run(*args, "--protocol", "leave-one-dataset-out") == 1
    assert run(*args, "--protocol", "other") == 2
    assert run(*args, "--model", tmp_path) == 2
    assert run("evaluate", "--pairs", "mine.jsonl", "--card", tmp_path) == 2
    written = lambda text: (tmp_path / "bad.json").write_text(text) and tmp_path / "bad.json"  # noqa: E731
    for bad in ("no.json", written("not JSON"), written(json.dumps({"group-cv": 1}))):
        assert run("evaluate", "--features", "f.parquet", "--floors", bad) == 3
    capsys.readouterr()
    labelled = tmp_path / "mine.jsonl"
    labelled.write_text('{"id": "a", "source": "One.", "suspect": "Two.", "relation": "spun"}\n')
    assert run("evaluate", "--pairs", labelled) == 0
    assert capsys.readouterr().out == "a table\n"


# What is written about the commands


def options(command):
    return {name for param in command.params for name in (*param.opts, *param.secondary_opts) if name.startswith("--")}


def test_docs_name_every_option_and_no_other():
    root = typer.main.get_command(app)
    text = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    known = set().union(*(options(command) for command in root.commands.values()), options(root))
    assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", text)) - {"--help"} == known - {"--help"}
    assert set(re.findall(r"^## `?unspun ([a-z]+)", text, re.MULTILINE)) == set(root.commands)


def test_version_and_help(capsys):
    assert run("--version") == 0
    assert re.fullmatch(r"unspun \d+\.\d+\.\d+\n", capsys.readouterr().out)
    assert run("score", "--help") == 0
    assert run() == 2


def test_the_help_loads_nothing_heavy_and_cuts_no_line():
    code = f"""import sys, unspun.app.cli
try:
    unspun.app.cli.main(["--help"])
finally:
    print({HEAVY} & set(sys.modules), file=sys.stderr)"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr == "set()\n"
    assert "Commands:" in done.stdout
    assert "..." not in done.stdout.split("Commands:")[1]


# The real thing


def test_two_real_texts(pair_files, capsys):
    assert run("score", *pair_files, "--json") == 0
    fields = json.loads(capsys.readouterr().out)
    assert fields["p_spun"] > 0.5
    assert "harbour" in {swap["source"] for swap in fields["substitutions"]}


def test_a_real_table_with_bad_records(pairs_file, tmp_path):
    assert run("score", "--pairs", pairs_file, "-o", tmp_path / "scores.parquet", "--fail-on", 0.5) == 1
    table = pd.read_parquet(tmp_path / "scores.parquet")
    assert table.columns.tolist() == COLUMNS
    assert table.p_spun.notna().tolist() == [False, True, False]
