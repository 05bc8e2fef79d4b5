"""Imports run one way; docs/architecture.md says why."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "src" / "unspun"

# A module may import what stands on its own line or above.
LAYERS = [
    "types errors progress phrases cells",
    "paths files tables folding decoding inputs streams stores",
    "lexicon runs",
    "fluency meaning pagelines pagetree furniture archives records ranges shards duplicates recurrence language rows",
    "formats guard",
    "text",
    "align",
    "features spinners",
    "calibration mirror splits groups",
    "scaling breakdown",
    "trees linear network",
    "refinement",
    "head direction",
    "crossfit",
    "keys",
    "detector ingest candidates pairs",
    "measuring",
    "score",
    "explain",
    "engines plans",
    "tallies",
    "scan reports ranking evaluation variants",
    "card",
    "training resources serve",
    "cli",
    "__main__",
]
RANK = {name: rank for rank, line in enumerate(LAYERS) for name in line.split()}
# Builders of the shipped data; nothing that scores may depend on them.
BUILDERS = {"resources", "spinners", "training", "variants"}
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py")


def room(path):
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported_rooms(path):
    """Return the rooms of the package that a file imports from, inside functions too."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            dotted = (
                [f"{node.module}.{alias.name}" for alias in node.names] if node.module == "unspun" else [node.module]
            )
        elif isinstance(node, ast.Import):
            dotted = [alias.name for alias in node.names]
        else:
            continue
        yield from (parts[1] for name in dotted if (parts := name.split("."))[0] == "unspun" and len(parts) > 1)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_run_one_way(path):
    home = room(path)
    assert home in RANK, f"give {home} a place in LAYERS"
    back = {name for name in imported_rooms(path) if name != home and RANK.get(name, -1) > RANK[home]}
    assert not back, f"{home} imports {back}, which stand above it"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_scoring_does_not_need_the_builders(path):
    if room(path) not in BUILDERS | {"cli"}:
        assert not BUILDERS & set(imported_rooms(path))


def test_no_two_rooms_import_each_other():
    arrows = {(room(path), name) for path in MODULES for name in imported_rooms(path) if name != room(path)}
    assert not {pair for pair in arrows if pair[::-1] in arrows}
