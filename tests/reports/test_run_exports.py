"""A pair of a run explained, and a run written for other programs; the crawl tries to break every format."""

from __future__ import annotations

import csv
import io
import json
from functools import cache
from pathlib import Path
from xml.etree import ElementTree as ET

import jsonschema
import pytest
from articles import SPUN, STORY, UNRELATED
from pages import HOSTILE

from unspun.app.cli import main
from unspun.crawl.run import open_run
from unspun.crawl.run_evidence import ReportOptions, explain_in_run
from unspun.crawl.run_plan import ScanOptions
from unspun.crawl.scan import scan
from unspun.errors import InputError
from unspun.model.detector import load_detector
from unspun.reports.json import schema
from unspun.reports.run_exports import Exports, write_exports

SARIF = json.loads((Path(__file__).parent / "schemas" / "sarif-2.1.0-rtm.5.json").read_text(encoding="utf-8"))
FORMULA = '=HYPERLINK("https://evil.example")'


@cache
def detector():
    return load_detector()


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Return a run over a story, two spins of it under hostile names, and a page of its own."""
    names = ["story", FORMULA, "</testcase>\n# forged", "soup"]
    texts = [
        STORY,
        SPUN,
        SPUN.replace("haven", "port") + "\n\n" + HOSTILE.encode("utf-8", "replace").decode(),
        UNRELATED,
    ]
    lines = [json.dumps({"id": name, "title": HOSTILE, "text": text}) for name, text in zip(names, texts, strict=True)]
    feed = tmp_path_factory.mktemp("crawl") / "feed.jsonl"
    feed.write_text("\n".join(lines), encoding="utf-8")
    out = tmp_path_factory.mktemp("runs") / "run"
    scan(ScanOptions((str(feed),)), out)
    return out


@pytest.fixture(scope="module")
def exported(run, tmp_path_factory):
    folder = tmp_path_factory.mktemp("exports")
    files = Exports(*(folder / f"scores.{name}" for name in ("csv", "jsonl", "sarif", "junit")))
    write_exports(open_run(run), files, detector())
    return {name: path.read_text(encoding="utf-8") for name, path in files._asdict().items()}


def n_scores(run):
    return len(open_run(run).table("scores", ["p_spun"]))


def test_every_format_has_every_pair_once_and_is_valid(run, exported):
    flagged = int((open_run(run).table("scores", ["p_spun"])["p_spun"] >= 0.5).sum())
    assert flagged >= 2
    assert len(list(csv.reader(io.StringIO(exported["csv"])))) == n_scores(run) + 1
    suite = ET.fromstring(exported["junit"].encode())
    assert (len(list(suite.iter("testcase"))), int(suite.get("failures"))) == (n_scores(run), flagged)
    log = json.loads(exported["sarif"])
    jsonschema.Draft4Validator(SARIF).validate(log)
    assert len(log["runs"][0]["results"]) == flagged
    objects = [json.loads(line) for line in exported["jsonl"].splitlines()]
    assert len(objects) == flagged
    for one in objects:
        jsonschema.Draft202012Validator(schema()).validate(one)


def test_no_cell_of_the_scores_is_a_formula(exported):
    cells = [cell for row in csv.reader(io.StringIO(exported["csv"])) for cell in row]
    assert f"'{FORMULA}" in cells
    assert not any(cell.startswith(("=", "+", "@")) or "\n" in cell for cell in cells)


def test_cells_stay_as_they_are_where_it_is_asked_for(run, tmp_path, capsys):
    with pytest.raises(SystemExit, match="0"):
        main(["export", str(run), "--csv", str(tmp_path / "s.csv"), "--unguarded"])
    assert "do not open it in a spreadsheet" in capsys.readouterr().err
    with (tmp_path / "s.csv").open(newline="", encoding="utf-8") as file:
        cells = {cell for row in csv.reader(file) for cell in row}
    assert FORMULA in cells
    assert "</testcase>\n# forged" in cells


def test_the_numbers_are_those_of_the_run(run, exported):
    of_run = sorted(open_run(run).table("scores", ["p_spun"])["p_spun"].tolist(), reverse=True)
    of_pairs = [json.loads(line)["p_spun"] for line in exported["jsonl"].splitlines()]
    # Which side is the source was turned where the suspect is likelier to be it: both orders are aligned as one.
    assert of_pairs == pytest.approx(of_run[: len(of_pairs)], abs=1e-6)


def test_redacted_files_hold_no_text(run, tmp_path):
    files = Exports(sarif=tmp_path / "r.sarif", jsonl=tmp_path / "r.jsonl")
    write_exports(open_run(run), files, detector(), ReportOptions(redact=True))
    for path in filter(None, files):
        written = path.read_text(encoding="utf-8")
        assert "Councillor" not in written
        assert "evil\\u202c" not in written


def test_a_pair_of_a_run_tells_how_often_its_swaps_recur(run):
    found, source, *_ = explain_in_run(open_run(run), "story", FORMULA, detector())
    assert source.startswith("Barrier gates jam")
    assert max(swap.recurs for swap in found.substitutions) >= 1
    assert found.provenance.suspect_id == FORMULA
    alone = explain_in_run(open_run(run), "story", FORMULA, None, ReportOptions(limit=0)).explanation
    assert {swap.recurs for swap in alone.substitutions} == {0}


def test_an_article_that_is_not_in_the_run_is_an_error(run):
    with pytest.raises(InputError, match="no such article"):
        explain_in_run(open_run(run), "story", "nothing", detector())


def test_the_command_explains_a_pair_of_a_run(run, tmp_path, capsys):
    page = tmp_path / "p.html"
    with pytest.raises(SystemExit) as end:
        main(["explain", str(run), "story", FORMULA, "--json", "--html", str(page), "--fail-on", "0.9"])
    assert end.value.code == 1
    assert json.loads(capsys.readouterr().out)["provenance"]["source_id"] == "story"
    assert "<h2>Verdict: copied" not in page.read_text(encoding="utf-8")
    with pytest.raises(SystemExit) as end:
        main(["export", str(run)])
    assert end.value.code == 2
