"""The GitHub Action and the pre-commit hook: their scripts are run as their hosts would run them."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from articles import SPUN, STORY, UNRELATED

yaml = pytest.importorskip("yaml")

ROOT = Path(__file__).parents[2]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Return a folder with a text, another made from it by a machine, and an unrelated one."""
    for name, text in (("a.txt", STORY), ("b.txt", SPUN), ("c.txt", UNRELATED)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def load(name: str) -> Any:
    return yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))


def run(command: list[str], place: Path, **environment: str) -> int:
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    return subprocess.run(command, cwd=place, env={**os.environ, "PATH": path, **environment}, check=False).returncode


@pytest.mark.slow
@pytest.mark.parametrize(
    ("inputs", "fail_on", "code"), [("a.txt b.txt", "0.5", 1), ("a.txt c.txt", "0.5", 0), ("x", "", 3)]
)
def test_the_action_fails_on_spun_pages_only(place: Path, inputs: str, fail_on: str, code: int) -> None:
    action = load("action.yml")
    step = action["runs"]["steps"][-1]
    given = {"inputs": inputs, "fail-on": fail_on, "jobs": "1", "sarif": "found.sarif"}
    values = {name: given.get(name, about.get("default", "")) for name, about in action["inputs"].items()}
    environment = {
        name: values[text.removeprefix("${{ inputs.").removesuffix(" }}")] for name, text in step["env"].items()
    }
    assert run(["bash", "-eo", "pipefail", "-c", step["run"]], place, **environment) == code
    assert (place / "found.sarif").exists() == (code < 2)


@pytest.mark.slow
@pytest.mark.parametrize(("names", "code"), [(["a.txt", "b.txt"], 1), (["a.txt", "c.txt"], 0)])
def test_the_hook_refuses_spun_pages(place: Path, names: list[str], code: int) -> None:
    (hook,) = load(".pre-commit-hooks.yaml")
    assert run([*shlex.split(hook["entry"]), *names], place) == code
