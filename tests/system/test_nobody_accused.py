"""What the sample crawl's outputs say: its ten spun pages are named as spun, and nobody else."""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import jsonschema
import pytest
from lxml import html

from unspun.crawl.ranking import read_truth
from unspun.crawl.run import open_run
from unspun.reports.json import finding_schema

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "data" / "sample"
FORMS = ("csv", "jsonl", "sarif", "junit", "drop", "keep")


def unspun(*args: object) -> str:
    """Run a command as a user would, and return what it prints."""
    command = [sys.executable, "-m", "unspun", *map(str, args)]
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout


@pytest.fixture(scope="module")
def truth() -> dict[str, str]:
    planted = read_truth(SAMPLE / "truth.csv")
    planted = planted[planted["direct"]]
    return dict(zip(planted["suspect_id"], planted["source_id"], strict=True))


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sample")
    (folder / "scan.txt").write_text(unspun("scan", SAMPLE / "crawl", "-o", folder / "run"), encoding="utf-8")
    (folder / "report.txt").write_text(unspun("report", folder / "run", "--pages", 50), encoding="utf-8")
    files = [part for form in FORMS for part in (f"--{form}", folder / f"out.{form}{'.csv' * (form in FORMS[4:])}")]
    unspun("export", folder / "run", *files)
    return folder


@pytest.fixture(scope="module")
def titles(out: Path) -> dict[str, str]:
    return dict(open_run(out / "run").articles[["article_id", "title"]].itertuples(index=False, name=None))


def test_the_terminal_names_the_spun_pages_below_their_sources(out: Path, truth: dict[str, str], titles) -> None:
    for name in ("scan.txt", "report.txt"):
        told, source = {}, ""
        for line in (out / name).read_text(encoding="utf-8").splitlines():
            assert len(line) <= 80
            source = line.removeprefix("Source: ") if line.startswith("Source: ") else source
            if found := re.match(r" *\d+  (.*)", line):
                told[found[1].rstrip("…")] = source
        assert len(told) == 10
        wanted = {titles[suspect]: titles[source] for suspect, source in truth.items()}
        for title, source in told.items():
            assert next(wanted[whole] for whole in wanted if whole.startswith(title)).startswith(source.rstrip("…"))


def test_tables_and_test_cases_name_the_spun_pages(out: Path, truth: dict[str, str]) -> None:
    with (out / "out.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert {row["suspect_id"]: row["source_id"] for row in rows} == truth
    lines = [json.loads(line) for line in (out / "out.jsonl").read_text(encoding="utf-8").splitlines()]
    assert {one["suspect_id"]: one["source_id"] for one in lines} == truth
    for one in lines:
        jsonschema.Draft202012Validator(finding_schema()).validate(one)
        said = one["explanation"]["provenance"]
        assert (said["suspect_id"], said["source_id"]) == (one["suspect_id"], one["source_id"])
    suite = ET.parse(out / "out.junit").getroot()
    failed = [case.get("name") for case in suite.iter("testcase") if case.find("failure") is not None]
    assert sorted(map(str, failed)) == sorted(f"{suspect} from {source}" for suspect, source in truth.items())


def test_sarif_lies_in_the_spun_pages(out: Path, truth: dict[str, str]) -> None:
    (run,) = json.loads((out / "out.sarif").read_text(encoding="utf-8"))["runs"]
    uris = {result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for result in run["results"]}
    assert {uri.removeprefix("data/sample/crawl/") for uri in uris} == truth.keys()


def test_the_spun_pages_are_dropped_and_all_others_kept(out: Path, truth: dict[str, str], titles) -> None:
    with (out / "out.drop.csv").open(newline="", encoding="utf-8") as file:
        assert {row["article_id"] for row in csv.DictReader(file)} == truth.keys()
    with (out / "out.keep.csv").open(newline="", encoding="utf-8") as file:
        assert {row["article_id"] for row in csv.DictReader(file)} == titles.keys() - truth.keys()


def test_pages_of_evidence_accuse_the_spun_pages_alone(out: Path, truth: dict[str, str], titles) -> None:
    accused, n_others = [], 0
    for path in (out / "run" / "report").glob("pair-*.html"):
        page = html.document_fromstring(path.read_text(encoding="utf-8"))
        title, head = page.findtext(".//title"), page.find(".//h1").text_content()
        if title.startswith("Likely machine-spun: "):
            assert head == "Likely machine-spun"
            accused.append(title.removeprefix("Likely machine-spun: "))
        else:
            assert "likely" not in f"{title} {head}".lower()
            n_others += 1
    assert sorted(accused) == sorted(titles[suspect] for suspect in truth)
    assert n_others > 20


def test_the_overview_lists_the_spun_pages_below_their_sources(out: Path, truth: dict[str, str], titles) -> None:
    page = html.document_fromstring((out / "run" / "report" / "index.html").read_text(encoding="utf-8"))
    assert page.find(".//h1").text_content().strip() == "10 pages of 40 look machine-spun"
    honest = titles.keys() - truth.keys() - set(truth.values())
    (sources,) = page.xpath("//section[@id='sources']")
    text = " ".join(sources.text_content().split())
    for name in honest:
        assert " ".join(titles[name].split()) not in text, name


def test_pairs_that_findings_explain_accuse_nobody_wherever_they_are_asked_for(
    out: Path, truth: dict[str, str]
) -> None:
    files = ("--sarif", out / "pairs.sarif", "--junit", out / "pairs.xml", "--jsonl", out / "pairs.jsonl")
    unspun("export", out / "run", "--pairs", *files)
    (run,) = json.loads((out / "pairs.sarif").read_text(encoding="utf-8"))["runs"]
    failed = [one for one in run["results"] if one["kind"] == "fail"]
    uris = {one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for one in failed}
    assert {uri.removeprefix("data/sample/crawl/") for uri in uris} == truth.keys()
    assert len(failed) == 10 < len(run["results"])
    assert not any("pun:" in one["message"]["text"] for one in run["results"] if one not in failed)
    told = [json.loads(line)["in_run"] for line in (out / "pairs.jsonl").read_text(encoding="utf-8").splitlines()]
    assert {one["suspect"]["article_id"]: one["source"]["article_id"] for one in told if one["spun_side"]} == truth
    assert all(one["source"]["title"] and one["because"] for one in told)
    suite = ET.parse(out / "pairs.xml").getroot()
    names = [case.get("name") for case in suite.iter("testcase") if case.find("failure") is not None]
    assert sorted(map(str, names)) == sorted(f"{suspect} from {source}" for suspect, source in truth.items())


@pytest.mark.parametrize("turned", [False, True])
def test_a_column_that_quotes_is_accused_by_no_explanation(out: Path, turned: bool) -> None:
    column = "saltmarket-notes.example/before-you-cheer-the-barrier.html"
    spun = "daily-buzz-hub.example/pilots-undermine-court-activity.html"
    pair = [f"pages/{name}" for name in ((column, spun) if turned else (spun, column))]
    files = ("--html", out / "column.html", "--sarif", out / "column.sarif")
    said = unspun("explain", out / "run", *pair, *files), unspun("explain", out / "run", *pair, "--md")
    in_run = json.loads(unspun("explain", out / "run", *pair, "--json"))["in_run"]
    assert (in_run["role"], in_run["finding"], in_run["spun_side"]) == ("explained", None, None)
    assert "quotes the same original" in {like["how"] for like in in_run["resembles"]}
    assert in_run["because"].startswith(f"Finding {in_run['explained_by']}: ")
    assert said[0].startswith("verdict    explained by other pages\n")
    assert said[1].startswith("# Machine-spun: explained by other pages\n")
    for text in said:
        assert "quotes the same original" in " ".join(text.split())
        assert "p_forward" not in text
    assert "<title>Explained by other pages: " in (out / "column.html").read_text(encoding="utf-8")
    (result,) = json.loads((out / "column.sarif").read_text(encoding="utf-8"))["runs"][0]["results"]
    assert (result["kind"], result["level"]) == ("informational", "none")


def test_a_finding_is_explained_as_it_stands_whichever_page_comes_first(out: Path, truth: dict[str, str]) -> None:
    suspect, source = next(iter(truth.items()))
    ways = [unspun("explain", out / "run", *pair) for pair in ((source, suspect), (suspect, source))]
    assert ways[0] == ways[1]
    assert re.match(r"verdict    likely, finding \d+\n", ways[0])
