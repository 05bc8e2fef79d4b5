"""Notebooks run from top to bottom, define nothing, and keep no output."""

from __future__ import annotations

import ast
import json
import os
from pathlib import Path

import pytest

NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))


def code(path: Path) -> list[str]:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    assert not any(cell.get("outputs") for cell in cells), "clear the outputs"
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]


# Fitting models takes a minute.
SLOW = {"02-how-good-the-score-is"}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebooks_need_three_imports_of_the_package_at_most(path: Path) -> None:
    nodes = ast.walk(ast.parse("\n".join(code(path))))
    homes = [node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)]
    assert 1 <= len([home for home in homes if home.split(".")[0] == "unspun"]) <= 3


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
