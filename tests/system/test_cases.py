"""Inputs that once went wrong, in tests/cases: each folder is tried as its user would, by the command."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from unspun.app.cli import main
from unspun.crawl.run import Run, open_run

CASES = Path(__file__).parents[1] / "cases"


def run(*args: object) -> int:
    with pytest.raises(SystemExit) as end:
        main([str(arg) for arg in args])
    return int(end.value.code or 0)


def scanned(folder: Path, *inputs: object) -> Run:
    assert run("scan", *inputs, "-o", folder / "run") in (0, 3)
    return open_run(folder / "run")


def texts_of(found: Run) -> dict[str, str]:
    return found.texts(found.articles["article_id"].tolist())


READ = {
    "c4_json_gz": 2,
    "content_encoding": 6,
    "repeated_encoding_header": 4,
    "zstd_dictionary": 2,
    "jsonld_paywall": 2,
    "nextdata": 2,
    "front_matter": 3,
    "mac_csv": 8,
    "pairs_formats": 8,
    "csv_ids": 8,
}
"""Folders to scan, and how many records are in them."""


@pytest.mark.parametrize("name", READ)
def test_a_scan_reads_every_record_of_a_case(tmp_path: Path, monkeypatch: Any, name: str) -> None:
    monkeypatch.chdir(CASES / name)
    found = scanned(tmp_path, ".")
    told = found.rejects[found.rejects["stage"] != "duplicate"]
    assert told.values.tolist() == []
    assert len(found.articles) + len(found.rejects) >= READ[name]
    for text in texts_of(found).values():
        assert len(text) > 300
        assert not [mark for mark in ("Subscribe", "layout: post", "<p>", "\ufffd", "\0") if mark in text]


def test_the_pages_of_archives_are_whole(tmp_path: Path) -> None:
    """A page is the same behind an odd header as behind a right one."""
    found = scanned(tmp_path, CASES / "content_encoding", CASES / "repeated_encoding_header", CASES / "zstd_dictionary")
    assert min(map(len, texts_of(found).values())) > 500
    assert set(found.rejects["stage"]) <= {"duplicate"}


def test_a_table_of_one_text_lacks_the_other_whatever_its_format(tmp_path: Path, capsys: Any) -> None:
    (table,) = (CASES / "c4_json_gz").iterdir()
    assert run("score", "--pairs", table, "-o", tmp_path / "o.csv") == 3
    assert "source is missing" in capsys.readouterr().err


def test_results_of_pages_are_their_lines(tmp_path: Path, monkeypatch: Any) -> None:
    shutil.copytree(CASES / "sarif_html_lines", tmp_path / "pages")
    monkeypatch.chdir(tmp_path / "pages")
    assert run("scan", ".", "-o", tmp_path / "run", "--fail-on", "0.9") == 1
    assert run("export", tmp_path / "run", "--sarif", tmp_path / "found.sarif") == 0
    (result,) = json.loads((tmp_path / "found.sarif").read_text(encoding="utf-8"))["runs"][0]["results"]
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] in ("a.html", "b.html")
    assert place["region"]["startLine"] >= 33


def test_every_case_is_tried() -> None:
    tests = "".join(path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_*.py"))
    assert [case.name for case in CASES.iterdir() if f'"{case.name}"' not in tests] == []
