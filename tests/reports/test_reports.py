"""Machine formats: valid by their schemas, the same numbers everywhere, and nothing in a text that forges anything."""

from __future__ import annotations

import csv
import io
import json
import math
import re
from dataclasses import astuple, fields, replace
from pathlib import Path
from typing import get_args
from xml.etree import ElementTree as ET

import jsonschema
import pandas as pd
import pytest
from explanations import FOUND, SOURCE, SUSPECT, hostile
from pages import HOSTILE

from unspun.crawl.findings import Resemblance
from unspun.evidence.explanation import ExplainedPair, Explanation, Substitution
from unspun.io.csv_safety import guarded
from unspun.io.score_tables import write_table
from unspun.reports.csv import as_csv, frame_csv
from unspun.reports.formatting import number, probability
from unspun.reports.json import as_dict, as_json, as_jsonl, schema
from unspun.reports.junit import Case, as_junit
from unspun.reports.markdown import as_markdown, escaped
from unspun.reports.pages.page_context import PairContext, Role, TextAbout
from unspun.reports.sarif import Text, as_sarif
from unspun.reports.terminal import Look, as_text

SARIF = json.loads((Path(__file__).parent / "schemas" / "sarif-2.1.0-rtm.5.json").read_text(encoding="utf-8"))
FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\n=1", " =1", "\uff1d1", "x;=1", "|calc", "\u200b=1"]


def read_json(text):
    """Return what any reader of JSON reads: nothing outside the standard."""
    return json.loads(text.encode("utf-8"), parse_constant=pytest.fail)


def valid(text):
    """Return a SARIF log after checking it against its schema."""
    log = read_json(text)
    jsonschema.Draft4Validator(SARIF, format_checker=jsonschema.FormatChecker()).validate(log)
    return log


# JSON


def test_the_schema_is_one_and_holds_every_field():
    jsonschema.Draft202012Validator.check_schema(schema())
    assert set(schema()["properties"]) == {"schema", "in_run", *(field.name for field in fields(Explanation))}
    assert set(schema()["required"]) == set(schema()["properties"])


@pytest.mark.parametrize(
    "found",
    [FOUND, hostile(HOSTILE), replace(FOUND, p_forward=math.nan, coverage=math.nan, abstained="nothing", rows=())],
    ids=["plain", "hostile", "nothing"],
)
def test_json_is_valid_by_its_schema(found):
    jsonschema.Draft202012Validator(schema()).validate(read_json(as_json(found)))


def test_the_schema_refuses_what_is_not_an_explanation():
    for change in ({"verdict": "guilty"}, {"p_spun": 1.5}, {"extra": 1}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.Draft202012Validator(schema()).validate(as_dict(FOUND) | change)


def test_json_says_exactly_what_the_explanation_says():
    read = read_json(as_json(FOUND))
    assert read["p_spun"] == FOUND.p_spun
    assert [reason["contribution"] for reason in read["reasons"]] == [reason.contribution for reason in FOUND.reasons]
    assert read["substitutions"][0]["fit_delta"] is None
    assert read["relation"] == FOUND.relation


def test_json_lines_are_one_object_a_line():
    lines = as_jsonl([FOUND, hostile("a\nb\u2028c\x85d")]).splitlines()
    assert [read_json(line)["schema"] for line in lines] == ["unspun.explanation/2.3"] * 2


ABOUT = TextAbout(HOSTILE, "a.example", "2025-03-12", "a\ud800"), TextAbout(article_id="b")


@pytest.mark.parametrize("role", get_args(Role))
def test_json_says_what_the_run_says(role):
    like = Resemblance("c", "copy of the source", 0.9)
    context = PairContext(*ABOUT, role, "So the dates say.", explained_by=4, cluster=2, resembles=(like,))
    read = read_json(as_json(FOUND, context=context))
    jsonschema.Draft202012Validator(schema()).validate(read)
    told = read["in_run"]
    assert told["role"] == (role or "not flagged")
    assert told["spun_side"] == ("suspect" if role == "finding" else None)
    assert (told["finding"], told["explained_by"], told["cluster"], told["sure"]) == (None, 4, 2, None)
    assert told["source"]["published"] == "2025-03-12"
    assert told["resembles"] == [{"article_id": "c", "how": "copy of the source", "p_spun": 0.9}]


def test_json_of_two_texts_alone_has_no_run():
    assert read_json(as_json(FOUND))["in_run"] is None
    lines = as_jsonl([FOUND, FOUND], [PairContext(*ABOUT, "open")]).splitlines()
    assert [read_json(line)["in_run"] is None for line in lines] == [False, True]


# SARIF


@pytest.mark.parametrize("role", get_args(Role))
def test_sarif_accuses_by_a_finding_or_without_a_run_alone(role):
    likely = ExplainedPair(replace(FOUND, verdict="likely"), SOURCE, SUSPECT)
    (run,) = valid(as_sarif([likely], roles={0: role}))["runs"]
    assert (run["results"][0]["level"] == "warning") == (role in ("", "finding"))
    assert ("Machine-spun" in run["results"][0]["message"]["text"]) == (role in ("", "finding"))


def test_sarif_is_valid_and_has_one_result_a_pair():
    log = valid(as_sarif([ExplainedPair(FOUND, SOURCE, SUSPECT), ExplainedPair(FOUND, SOURCE, SUSPECT)]))
    (run,) = log["runs"]
    assert len(run["results"]) == 2
    assert len(run["artifacts"]) == 2  # the texts are listed once
    assert valid(as_sarif([]))["runs"][0]["results"] == []


def test_sarif_points_into_both_texts():
    (run,) = valid(as_sarif([ExplainedPair(FOUND, SOURCE, SUSPECT)]))["runs"]
    (result,) = run["results"]
    (place,) = result["locations"]
    assert run["artifacts"][place["physicalLocation"]["artifactLocation"]["index"]]["location"]["uri"] == "b.txt"
    said = []
    for location in result["relatedLocations"][1:]:
        physical = location["physicalLocation"]
        text = run["artifacts"][physical["artifactLocation"]["index"]]["contents"]["text"]
        start = physical["region"]["charOffset"]
        said.append(text[start : start + physical["region"]["charLength"]])
    assert said == ["haven", "harbour"]


def test_regions_count_lines_and_columns_in_code_points():
    text = Text("aé\U0001f600b\r\nsecond\n\nlast")
    region = text.region(6, 12)
    assert (region["startLine"], region["startColumn"], region["endLine"], region["endColumn"]) == (2, 1, 2, 7)
    assert text.region(3, 4)["startColumn"] == 4
    assert text.region(14, 18)["startLine"] == 4


@pytest.mark.parametrize("text", [HOSTILE, "javascript:alert(1)", "//evil.example/a b", "{0} [x](y) \\", ""])
def test_hostile_texts_leave_sarif_valid(text):
    found = hostile(text)
    log = valid(as_sarif([ExplainedPair(found, SOURCE, SUSPECT)]))
    (run,) = log["runs"]
    assert all(re.fullmatch(r"[\x21-\x7e]+", artifact["location"]["uri"]) for artifact in run["artifacts"])
    assert not any(artifact["location"]["uri"].startswith("javascript:") for artifact in run["artifacts"])
    (result,) = run["results"]
    for message in [result["message"]["text"], *(place["message"]["text"] for place in result["relatedLocations"])]:
        assert "\n" not in message
        assert not re.search(r"(?<!\\)\[", message)
        assert not re.search(r"(?<!\{)\{\d", message)


# JUnit


def test_junit_counts_what_failed_and_what_was_not_judged():
    cases = [Case("a", "b", 0.9), Case("a", "c", 0.1), Case("a", "d", 0.2, "too short"), Case("a", "e", math.nan)]
    root = ET.fromstring(as_junit(cases, fail_on=0.9))
    assert (root.get("tests"), root.get("failures"), root.get("skipped")) == ("4", "1", "2")
    assert [len(case) for case in root.iter("testcase")] == [1, 0, 1, 1]


def test_hostile_ids_leave_junit_with_its_cases():
    hard = HOSTILE + "]]><failure/>\x00\ufffe\"'"
    root = ET.fromstring(as_junit([Case(hard, hard, 0.9, hard)] * 3).encode("utf-8"))
    assert [element.tag for element in root.iter()].count("testcase") == 3
    assert [element.tag for element in root.iter()].count("failure") == 3


# CSV


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_begins_a_formula(text):
    _, (cell,) = csv.reader(io.StringIO(as_csv(["word"], [[text]])))
    assert not re.search(r"(^|;)\s*[=+\-@|%\uff1d\u2212]", cell)
    assert not re.search(r"(^|;)\s*[=+\-@|%]", guarded(text.strip("\u200b\n\t")))


def test_numbers_of_a_table_stay_numbers():
    frame = pd.DataFrame({"id": ["=x()", "b"], "p_spun": [0.25, math.nan], "abstained": [None, "too short"]})
    read = pd.read_csv(io.StringIO(frame_csv(frame)))
    assert read["p_spun"].tolist()[0] == 0.25
    assert read["id"].tolist() == ["'=x()", "b"]


@pytest.mark.parametrize(
    "name", ["-17", "@handle", "+44", "=A1", "a;-b", "two  blanks", "caf\u00e9 1", "https://a.example/?b=;c"]
)
def test_tables_can_be_joined_on_ids(name):
    frame = pd.DataFrame({"source_id": [name], "suspect_id": ["b"], "p_spun": [0.5]})
    assert pd.read_csv(io.StringIO(frame_csv(frame)), dtype=str)["source_id"].tolist() == [name]


@pytest.mark.parametrize("name", ["=x()", "+a|b!c", "@SUM(1+1)", "\t=x()", "\r=x()", "a;=x()", "-2+3", " =x()"])
def test_ids_that_could_run_are_guarded_unless_told_otherwise(name):
    frame = pd.DataFrame({"source_id": [name], "p_spun": [0.5]})
    cell = list(csv.reader(io.StringIO(frame_csv(frame))))[1][0]
    assert re.search(r"(^|;)\s*'[=+@-]", cell)
    unguarded = io.StringIO(frame_csv(frame, guard=False), newline="")
    assert list(csv.reader(unguarded))[1][0] == name


def substitutions_csv(explanation):
    """Return the substitutions of a pair as CSV: a table of texts from the crawl, numbers, truth values and tuples."""
    return as_csv([field.name for field in fields(Substitution)], map(astuple, explanation.substitutions))


@pytest.mark.parametrize("text", [HOSTILE, 'a","b', "a\r\nb,c", *FORMULAS])
def test_hostile_texts_forge_no_row(text):
    rows = list(csv.reader(io.StringIO(substitutions_csv(hostile(text)))))
    assert len(rows) == 3
    assert {len(row) for row in rows} == {len(fields(Substitution))}


def test_a_table_of_scores_holds_no_formula(tmp_path):
    frame = pd.DataFrame({"id": ["=x()", "b"], "p_spun": [-0.25, math.nan], "abstained": [None, "@y"]})
    write_table(frame, tmp_path / "scores.csv")
    assert (tmp_path / "scores.csv").read_text() == "id,p_spun,abstained\n'=x(),-0.25,\nb,,'@y\n"


@pytest.mark.parametrize("guard", [True, False])
def test_a_carriage_return_forges_no_row(tmp_path, guard):
    frame = pd.DataFrame({"id": ["a\r=x()", "b"], "p_spun": [0.25, 0.5], "reason": ["c\r\nd", "e"]})
    write_table(frame, tmp_path / "scores.csv", guard=guard)
    with (tmp_path / "scores.csv").open(newline="") as file:
        rows = list(csv.reader(file))
    assert [row[0] for row in rows] == ["id", "a\r=x()", "b"]


# Markdown and the terminal


def test_hostile_texts_forge_no_markdown():
    plain, forged = as_markdown(hostile("word")).splitlines(), as_markdown(hostile(HOSTILE)).splitlines()
    assert [line[:2] for line in plain] == [line[:2] for line in forged]
    assert [line.count("|") for line in plain] == [line.count("|") for line in forged]
    assert not any(mark in "\n".join(forged) for mark in ("<", "[", "{{", "{%", "](", "javascript:", "\u202e"))


@pytest.mark.parametrize("text", ["# x", "- x", "1. x", "www.x.example", "https://x.example", "@all", "~~x~~", "=x"])
def test_markup_is_written_as_references(text):
    assert escaped(text) != text
    assert escaped("the quay, 6.30 a.m.") == "the quay, 6.30 a.m."


def test_hostile_texts_forge_no_line_of_the_terminal():
    plain, forged = as_text(hostile("word")).split("\n"), as_text(hostile(HOSTILE)).split("\n")
    # A long line goes on below, behind blanks.
    assert [line[:11] for line in plain if line[:1] > " "] == [line[:11] for line in forged if line[:1] > " "]
    # One that turns the direction or moves the cursor would be shown, not done.
    assert all(line.isprintable() for line in forged)


@pytest.mark.parametrize("verbose", [False, True])
def test_lines_of_the_terminal_fit_and_are_coloured_where_that_is_wanted(verbose):
    told = as_text(hostile("word " * 40), Look(verbose=verbose))
    assert max(len(line) for line in told.split("\n")) <= 80
    painted = as_text(hostile("word " * 40), Look(colour=True, verbose=verbose))
    assert painted != told
    assert re.sub("\x1b\\[[0-9]*m", "", painted) == told


def test_nothing_reads_as_certain():
    sure = replace(FOUND, p_spun=0.999999, p_low=0.99999, p_high=1.0, p_forward=1.0)
    said = log_of(sure)
    for shown in (as_text(sure), as_markdown(sure), said, repr(sure), sure._repr_html_()):
        assert not re.search(r"1\.000|\b0\.000", shown)
    assert "p_spun     above 0.999 (above 0.999 throughout)" in as_text(sure)
    assert "p_spun>0.999 [>0.999, >0.999]" in repr(sure)


def log_of(found):
    return valid(as_sarif([ExplainedPair(found, SOURCE, SUSPECT)]))["runs"][0]["results"][0]["message"]["text"]


def test_five_megabytes_in_every_field_stay_short_where_people_read():
    found = hostile("<b>|\n" * 1_000_000)
    assert len(as_text(found)) < 5_000
    assert len(as_markdown(found)) < 20_000
    assert max(len(row) for row in csv.reader(io.StringIO(substitutions_csv(found)))) == len(fields(Substitution))
    log = valid(as_sarif([ExplainedPair(found, SOURCE, SUSPECT)]))
    assert len(json.dumps(log)) < 60_000


# The same numbers


def test_every_report_shows_the_same_numbers():
    found = replace(FOUND, p_spun=0.99964, p_low=0.84125, p_high=0.99999)
    log = valid(as_sarif([ExplainedPair(found, SOURCE, SUSPECT)]))
    said = log["runs"][0]["results"][0]["message"]["text"]
    for shown in (as_text(found), as_markdown(found), said):
        assert "above 0.999 (0.841 to above 0.999)" in shown
    assert f"{number(found.substitutions[0].zipf_source, 1)} → " in as_text(found, Look(verbose=True))
    for shown in (as_text(found), as_markdown(found)):
        assert all(number(one.contribution, sign=True) in shown for one in found.families if one.shown)
    assert probability(read_json(as_json(found))["p_low"]) in as_text(found)
