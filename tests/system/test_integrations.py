"""The GitHub Action and the pre-commit hook: their scripts are run as their hosts would run them."""

from __future__ import annotations

import ast
import json
import os
import shlex
import shutil
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from articles import SPUN, STORY, UNRELATED

yaml = pytest.importorskip("yaml")

ROOT = Path(__file__).parents[2]
CASES = ROOT / "tests" / "cases"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Return a folder with a text, another made from it by a machine, and an unrelated one."""
    for name, text in (("a.txt", STORY), ("b.txt", SPUN), ("c.txt", UNRELATED)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def load(name: str) -> Any:
    return yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))


def run(command: list[str], place: Path, **environment: str) -> int:
    path = os.pathsep.join([str(place / "bin"), str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    return subprocess.run(command, cwd=place, env={**os.environ, "PATH": path, **environment}, check=False).returncode


def run_action(place: Path, **given: str) -> int:
    """Run the last step of the action with inputs by name, `_` for `-`."""
    action = load("action.yml")
    step = action["runs"]["steps"][-1]
    asked = {"jobs": "1", **{name.replace("_", "-"): value for name, value in given.items()}}
    values = {name: asked.get(name, about.get("default", "")) for name, about in action["inputs"].items()}
    environment = {
        name: values[text.removeprefix("${{ inputs.").removesuffix(" }}")] for name, text in step["env"].items()
    }
    return run(["bash", "-eo", "pipefail", "-c", step["run"]], place, **environment)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("inputs", "fail_on", "code"), [("a.txt b.txt", "0.5", 1), ("a.txt c.txt", "0.5", 0), ("x", "", 3)]
)
def test_the_action_fails_on_spun_pages_only(place: Path, inputs: str, fail_on: str, code: int) -> None:
    assert run_action(place, inputs=inputs, fail_on=fail_on, sarif="found.sarif") == code
    assert (place / "found.sarif").exists() == (code < 2)


# Forms in which paths are given, and what they name in the folder of the fixture `shelf`.
A, B, C, BLANK = "texts/a.txt", "texts/b.txt", "texts/c.txt", "with space/t 1.txt"
FORMS = {
    "lines": (f"{A}\n{B}\n", [A, B]),
    "a leading empty line": (f"\n\n{A}\n{B}", [A, B]),
    "blanks between": (f"{A} {B}", [A, B]),
    "lines of words": (f"{A} {B}\n{C}", [A, B, C]),
    "a blank in a name": (f"{BLANK}\n{B}", [BLANK, B]),
    "a blank in the only name": ("with space", ["with space"]),
    "double quotes": (f'"{BLANK}" {B}', [BLANK, B]),
    "single quotes": (f"{A} '{BLANK}'", [A, BLANK]),
    "a quote in a name": (f"it's.txt\n{B}", ["it's.txt", B]),
    "a pattern": ("texts/*.txt", [A, B, C]),
    "a pattern through folders": ("**/t*.txt", [BLANK]),
    "a pattern over blanks": (f"with */t ?.txt\n{A}", [BLANK, A]),
    "brackets in a name": (f"[1].txt\n{A}", ["[1].txt", A]),
    "Unicode": (f"Größe/été.txt {B}", ["Größe/été.txt", B]),
    "ends of lines of Windows": (f"{A}\r\n{B}\r\n", [A, B]),
    "indented lines": (f"  {A}  \n\t{B}", [A, B]),
    "a folder": ("texts", ["texts"]),
    "code": (f"$(touch x);.txt\n{B}", ["$(touch x);.txt", B]),
    "an address": (f"s3://crawl/new*.warc.gz?part=1\n{A}", ["s3://crawl/new*.warc.gz?part=1", A]),
    "a name like an option": (f"--jobs.txt\n{A}", ["--jobs.txt", A]),
    "what is absent": (f"absent.txt {A}\nno/*.txt", ["absent.txt", A, "no/*.txt"]),
}


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """Return a folder of texts whose names are hard to write down, and a stand-in that notes how it was called."""
    for name in (A, B, C, BLANK, "Größe/été.txt", "it's.txt", "[1].txt", "$(touch x);.txt", "--jobs.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(STORY, "utf-8")
    (tmp_path / "bin").mkdir()
    command = tmp_path / "bin" / "unspun"
    command.write_text(f"#!{sys.executable} -I\nimport sys\nopen('called', 'a').write(repr(sys.argv[1:]) + chr(10))\n")
    command.chmod(0o755)
    return tmp_path


def called(place: Path) -> list[list[str]]:
    """Return the arguments of every call of the stand-in."""
    return [ast.literal_eval(line) for line in (place / "called").read_text("utf-8").splitlines()]


@pytest.mark.parametrize("form", FORMS)
def test_the_action_scans_all_that_it_is_given(shelf: Path, form: str) -> None:
    inputs, named = FORMS[form]
    assert run_action(shelf, inputs=inputs) == 0
    (scan,) = called(shelf)
    assert scan[scan.index("--") + 1 :] == named
    assert not (shelf / "x").exists()


@pytest.mark.parametrize("decoy", ["texts/*.txt", "texts/?.txt", "texts/a.txt texts/b.txt", "it's.txt texts/a.txt"])
def test_no_file_keeps_others_from_being_looked_at(shelf: Path, decoy: str) -> None:
    """Who proposes a page may also add a file whose name is what the workflow says."""
    assert run_action(shelf, inputs=decoy) == 0
    (shelf / decoy).parent.mkdir(exist_ok=True)
    (shelf / decoy).write_text(STORY, "utf-8")
    assert run_action(shelf, inputs=decoy) == 0
    before, after = (set(scan[scan.index("--") + 1 :]) for scan in called(shelf))
    assert {A} < before <= after


@pytest.mark.parametrize("form", FORMS)
def test_sources_of_the_action_are_given_in_the_same_ways(shelf: Path, form: str) -> None:
    against, named = FORMS[form]
    assert run_action(shelf, inputs=A, against=against, fail_on="0.9") == 0
    (scan,) = called(shelf)
    assert [value for option, value in pairwise(scan) if option == "--against"] == named


@pytest.mark.parametrize("inputs", ["", "\n \n", " "])
def test_the_action_needs_something_to_scan(shelf: Path, inputs: str) -> None:
    assert run_action(shelf, inputs=inputs, fail_on="0.9") == 2
    assert not (shelf / "called").exists()


@pytest.mark.slow
@pytest.mark.parametrize(
    "inputs",
    [
        "articles/new.txt\narticles/seeds.txt\narchive\n",
        "\narticles/new.txt\narticles/seeds.txt\narchive\n",
        "articles/*.txt\narchive",
        "with space/t1.txt\narchive",
    ],
)
def test_the_action_reads_every_line(tmp_path: Path, inputs: str) -> None:
    shutil.copytree(CASES / "action_multiline", tmp_path, dirs_exist_ok=True)
    assert run_action(tmp_path, inputs=inputs, fail_on="0.9", sarif="found.sarif") == 1
    assert json.loads((tmp_path / "found.sarif").read_text())["runs"][0]["results"]


@pytest.mark.slow
@pytest.mark.parametrize(("names", "code"), [(["a.txt", "b.txt"], 1), (["a.txt", "c.txt"], 0)])
def test_the_hook_refuses_spun_pages(place: Path, names: list[str], code: int) -> None:
    assert run_hook(place, *names) == code


def run_hook(place: Path, *names: str) -> int:
    (hook,) = load(".pre-commit-hooks.yaml")
    return run([*shlex.split(hook["entry"]), *names], place)


NAMES = (
    *("b.txt", "with space.txt", "it's.txt", 'say "so".txt', "[1].txt", "*.txt", "Größe.md", "-h.txt", "--help.txt"),
    *("$(touch x).txt", "a;b.txt", "-", "~.txt", "two\nlines.txt", "back\\slash.txt", "a/-b.txt"),
)


@pytest.mark.parametrize("name", NAMES)
def test_the_hook_scans_files_of_any_name(shelf: Path, name: str) -> None:
    (shelf / name).parent.mkdir(exist_ok=True)
    (shelf / name).write_text(STORY, "utf-8")
    assert run_hook(shelf, "--against", "texts", A, name, B) == 0
    (scan,) = called(shelf)
    assert scan[-3:] == [A, f"./{name}" if name.startswith("-") else name, B]
    assert scan[-5:-3] == ["--against", "texts"]
    assert not (shelf / "x").exists()


@pytest.mark.slow
@pytest.mark.parametrize("name", ["-h.txt", "b.markdown"])
def test_the_hook_looks_into_files_of_any_name(place: Path, name: str) -> None:
    (place / "b.txt").rename(place / name)
    assert run_hook(place, "a.txt", name) == 1


@pytest.mark.slow
def test_the_hook_passes_where_there_is_no_article() -> None:
    assert run_hook(CASES / "precommit_empty", "empty.txt", "README.de.md") == 0


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("blank.txt", b" \n\t\n", 0),
        ("menu.html", b"<html><body><nav><a href='/'>Start</a></nav></body></html>", 0),
        ("fr.md", "Le conseil municipal a voté mardi soir la fermeture du vieux pont aux camions.".encode(), 0),
        ("zeros.txt", b"Rain\0fell", 3),
        ("huge.txt", b"word " * 300_000, 3),
    ],
)
def test_the_hook_passes_nothing_that_it_could_not_read(tmp_path: Path, name: str, data: bytes, code: int) -> None:
    (tmp_path / name).write_bytes(data)
    assert run_hook(tmp_path, name) == code
