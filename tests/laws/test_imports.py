"""Imports run one way: from a room to those below it; docs/how-it-works says why."""

import ast
from collections import Counter
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "src" / "unspun"

# A module may import what stands on its own line or above, in each list.
LAYERS = ["errors", "text", "io", "comparison", "model", "evidence", "crawl", "reports", "training", "app", "__main__"]
INNER = {
    "text": [
        "storage resources boilerplate_phrases token_text markup",
        "lexicon",
        "repair",
        "folding",
        "ngram_model word_vectors word_classes quotations sentences boilerplate",
        "tokenizer",
    ],
    "comparison": [
        "aligned_pair one_thread",
        "layout",
        "sentence_alignment substitution_pairing renamed_words pair_part",
        "passage_cuts",
        "passages change_causes",
        "word_alignment",
        "alignment",
        "features",
        "comparing",
    ],
    "comparison.layout": ["segments", "shared_kinds joined_texts", "stretches", "pair_view"],
    "comparison.features": [
        "feature",
        "overlap shared_words sequence substitution word_fit style quotation meaning",
        "whole_text",
        "catalogue",
        "order_symmetry extraction",
    ],
    "model": [
        "calibration pair_featurizer",
        "base_models",
        "spin_classifier direction_classifier document_classifier",
        "spin_model pair_score",
        "model_file cross_fitting",
        "persistence",
        "detector_fitting",
        "detector",
        "scoring",
    ],
    "crawl": [
        "run documents duplicates ranking",
        "pages resolution recurring_lines candidate_keys forms",
        "reading candidates",
        "engines run_plan",
        "run_summary findings",
        "scan run_evidence",
    ],
    "crawl.resolution": ["spun_graph", "pair_evidence"],
    "training": [
        "spinners honest source_groups weights metrics composing",
        "folds floors error_breakdown everyday_twins",
        "augmentation",
        "feature_table",
        "evaluation",
        "model_card",
        "fitting resources public_pairs",
    ],
}
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py")


def parts_of(path):
    """Return the dotted name of a file below the package, as parts."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return parts[:-1] if parts[-1] == "__init__" else parts


def imported(path):
    """Return the dotted names below the package that a file imports, as parts, inside functions too."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            dotted = [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            dotted = [alias.name for alias in node.names]
        else:
            continue
        yield from (tuple(name.split(".")[1:]) for name in dotted if name.startswith("unspun."))


def ranks(lines):
    return {name: rank for rank, line in enumerate(lines) for name in line.split()}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_run_one_way(path):
    parts, rank = parts_of(path), ranks(LAYERS)
    assert parts[0] in rank, f"give {parts[0]} a place in LAYERS"
    back = {name[0] for name in imported(path) if name[0] != parts[0] and rank.get(name[0], -1) > rank[parts[0]]}
    assert not back, f"{parts[0]} imports {back}, which stand above it"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_run_one_way_inside_a_room(path):
    parts = parts_of(path)
    for room, lines in INNER.items():
        above = tuple(room.split("."))
        if parts[: len(above)] != above or len(parts) == len(above):
            continue
        rank, own = ranks(lines), parts[len(above)]
        assert own in rank, f"give {own} a place in INNER[{room!r}]"
        others = {name[len(above)] for name in imported(path) if name[: len(above)] == above and len(name) > len(above)}
        back = {name for name in others if name != own and rank.get(name, -1) > rank[own]}
        assert not back, f"{room}.{own} imports {back}, which stand above it"


def test_only_the_app_needs_training():
    for path in MODULES:
        if parts_of(path)[0] not in ("training", "app"):
            assert "training" not in {name[0] for name in imported(path)}, path


def test_no_two_rooms_import_each_other():
    for depth in (1, 2):
        arrows = set()
        for path in MODULES:
            home = parts_of(path)[:depth]
            arrows |= {(home, name[:depth]) for name in imported(path) if name[:depth] != home}
        known = {parts_of(path)[:depth] for path in MODULES}
        both = {pair for pair in arrows if pair[::-1] in arrows and pair[0] in known and pair[1] in known}
        assert not both


def test_rooms_are_small_and_names_are_used_once():
    assert len(list(PACKAGE.glob("*.py"))) == 3
    for folder in {path.parent for path in MODULES} - {PACKAGE}:
        n_modules = len([path for path in folder.glob("*.py") if path.stem != "__init__"])
        assert n_modules <= 13, f"{folder}: {n_modules} modules"
    twice = [name for name, n in Counter(path.stem for path in MODULES).items() if n > 1]
    assert not set(twice) - {"__init__", "__main__"}, twice
