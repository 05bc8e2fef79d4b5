"""Notebooks run from top to bottom, define nothing, and show what they made."""

from __future__ import annotations

import ast
import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))
# Reading the table of features and fitting models takes more than a few seconds.
SLOW = {"03-how-good-it-is", "04-no-label-in-the-length"}


def cells(path: Path) -> list[dict[str, Any]]:
    return [cell for cell in json.loads(path.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == "code"]


def code(path: Path) -> list[str]:
    return ["".join(cell["source"]) for cell in cells(path)]


def outputs(path: Path) -> list[dict[str, Any]]:
    return [output for cell in cells(path) for output in cell["outputs"]]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebooks_need_three_imports_of_the_package_at_most(path: Path) -> None:
    nodes = ast.walk(ast.parse("\n".join(code(path))))
    homes = [node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)]
    assert 1 <= len([home for home in homes if home.split(".")[0] == "unspun"]) <= 3


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebooks_show_what_they_made(path: Path) -> None:
    assert [cell["execution_count"] for cell in cells(path)] == list(range(1, len(cells(path)) + 1))
    assert all(cell["outputs"] for cell in cells(path))
    assert {output["output_type"] for output in outputs(path)} <= {"execute_result", "stream"}
    # Nothing of the machine that ran it: no folders, no warnings.
    assert not re.search(r"/tmp/|/home/|/root/|Warning", json.dumps(outputs(path)))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_pictures_have_a_text_that_stands_for_them(path: Path) -> None:
    drawn = [output for output in outputs(path) if "image/png" in output.get("data", {})]
    assert drawn
    for picture in drawn:
        text = picture["metadata"]["image/png"]["alt"]
        assert len(text.split()) >= 12
        assert re.search(r"\d", text)


@pytest.mark.parametrize(
    "path", [pytest.param(path, id=path.stem, marks=[pytest.mark.slow] * (path.stem in SLOW)) for path in NOTEBOOKS]
)
def test_notebook_runs(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(path.parent)
    monkeypatch.setitem(os.environ, "MPLBACKEND", "Agg")
    names: dict[str, object] = {}
    for cell in code(path):
        tree = ast.parse(cell)
        assert not any(isinstance(node, (ast.FunctionDef, ast.ClassDef)) for node in ast.walk(tree))
        exec(compile(tree, str(path), "exec"), names)
