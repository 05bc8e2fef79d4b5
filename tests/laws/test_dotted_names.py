"""Names of modules that stand in strings, settings and texts exist: a move must not leave them behind."""

import ast
import importlib
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PLACES = ("src", "tests", "benchmarks", "docs", "notebooks")
SINGLE = ("Makefile", "action.yml", ".pre-commit-hooks.yaml", "pyproject.toml", "README.md", "CONTRIBUTING.md")
SUFFIXES = {".py", ".md", ".ipynb", ".toml", ".yml", ".yaml", ".html", ".json", ".js"}
DOTTED = re.compile(r"(?<![\w./-])unspun(?:\.[A-Za-z_]\w*)+")
# Dotted names that are not Python's: a schema, a file's name, an error handler of decoding.
OTHERS = {"unspun.explanation", "unspun.finding", "unspun.sarif", "unspun.western"}


def files():
    below = [path for place in PLACES for path in (ROOT / place).rglob("*") if path.suffix in SUFFIXES]
    return [path for path in below + [ROOT / name for name in SINGLE] if path.is_file()]


def names():
    """Return where each dotted name stands: a list of files for each."""
    found = {}
    for path in files():
        for name in DOTTED.findall(path.read_text(encoding="utf-8")):
            found.setdefault(name, set()).add(str(path.relative_to(ROOT)))
    return {name: sorted(places) for name, places in sorted(found.items()) if name not in OTHERS}


NAMES = names()


def test_names_were_found():
    assert len(NAMES) > 100


@cache
def defined(path):
    """Return what a module defines or imports at its top, read and not run: to import all modules takes long."""
    found = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            found |= {alias.asname or alias.name for alias in node.names}
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found |= {one.id for target in targets for one in ast.walk(target) if isinstance(one, ast.Name)}
    return found


def resolve(name):
    """Import what a dotted name names, with an error where there is no such thing."""
    parts = name.split(".")
    found = importlib.import_module(parts[0])
    for k, part in enumerate(parts[1:], start=1):
        if not hasattr(found, part):
            importlib.import_module(".".join(parts[: k + 1]))
        found = getattr(found, part)


@pytest.mark.parametrize("name", NAMES)
def test_the_name_exists(name):
    path, parts = ROOT / "src", name.split(".")
    while parts and (path / parts[0]).is_dir():
        path /= parts.pop(0)
    if parts and path.joinpath(f"{parts[0]}.py").is_file():
        path = path / f"{parts.pop(0)}.py"
    if not parts or (len(parts) == 1 and path.is_file() and parts[0] in defined(path)):
        return
    try:
        resolve(name)
    except (AttributeError, ModuleNotFoundError) as error:
        pytest.fail(f"{name} is named in {NAMES[name]}: {error}")
