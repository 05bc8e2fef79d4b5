"""The blocks of README.md and the guide are run as they stand, top to bottom, and must print what they show."""

import os
import re
import sys
from pathlib import Path

import pytest
from reader_blocks import ROOT, alike, blocks, checkout, run, steps, unlike

README = ROOT / "README.md"
START = ROOT / "docs" / "getting-started.md"
GUIDE = sorted((ROOT / "docs" / "guide").glob("*.md"))
# The guide begins where "Getting started" ends its setup.
SETUP = [step for step in steps(START) if step.typed in {"make setup", ". .venv/bin/activate"}]


@pytest.fixture
def place(tmp_path):
    if not (Path(sys.prefix) / "bin" / "activate").exists():
        pytest.skip("the tests do not run in a virtual environment: `make test` does")
    (tmp_path / "notes").mkdir()
    (tmp_path / "unspun").mkdir()
    return checkout(tmp_path / "unspun"), tmp_path / "notes"


def check(wanted, place):
    run(wanted, *place)
    for step in wanted:
        assert step.code == 0, f"{step.typed}\n{step.out}\n{step.err}"
        assert not unlike(step), unlike(step)


def test_the_readme_prints_what_it_shows(place):
    wanted = steps(README)
    assert sum(step.typed.startswith("unspun ") for step in wanted) >= 3
    assert any(step.language == "python" and step.shown for step in wanted)
    check(wanted, place)


def test_the_first_page_prints_what_it_shows(place):
    assert len(SETUP) == 2
    check(steps(START), place)


# Some crawls each: together half a minute.
@pytest.mark.slow
@pytest.mark.parametrize("path", GUIDE, ids=lambda path: path.stem)
def test_the_guide_prints_what_it_shows(path, place):
    check([*SETUP, *steps(path)], place)


@pytest.mark.parametrize("path", [README, START, *GUIDE], ids=lambda path: path.stem)
def test_blocks_are_run_or_said_to_be_no_commands(path):
    assert {language for language, _ in blocks(path.read_text(encoding="utf-8"))} <= {
        "console",
        "python",
        "text",
        "yaml",
    }


def test_numbers_may_move_and_words_may_not():
    assert alike("10 of 12 pages at 0.98", "11 of 12 pages  at 0.91")
    assert not alike("10 of 12 pages", "14 of 12 pages")
    assert not alike("10 spun pages", "10 honest pages")


def test_make_targets_named_in_the_documents_exist():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    documents = [README, ROOT / "CONTRIBUTING.md", ROOT / "data/README.md", *(ROOT / "docs").rglob("*.md")]
    for document in documents:
        for words in re.findall(r"`make ([a-z -]+)`", document.read_text(encoding="utf-8")):
            assert set(words.split()) <= targets, f"{os.path.relpath(document, ROOT)}: make {words}"
