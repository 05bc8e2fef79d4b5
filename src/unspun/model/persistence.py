"""Save a model and open it again.

A model file is arrays and a header in JSON. Nothing in it is executed.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from unspun.comparison.features.catalogue import FEATURE_NAMES
from unspun.comparison.features.order_symmetry import SYMMETRY
from unspun.errors import ModelError
from unspun.io.labels import RELATIONS, SPUN
from unspun.model.base_models.boosted_trees import BoostedTrees, Forest
from unspun.model.base_models.logistic_regression import LinearClassifier
from unspun.model.base_models.neural_networks import NeuralNetworks
from unspun.model.base_models.scaling import Scaling
from unspun.model.calibration import Calibration, Interval
from unspun.model.direction_classifier import DirectionClassifier
from unspun.model.refinement import Refinement
from unspun.model.spin_classifier import SpinClassifier
from unspun.model.spin_model import NOT_SPUN, SpinModel
from unspun.text.resources import model_dir
from unspun.text.storage.array_archive import (
    ArchiveError,
    Arrays,
    Column,
    check_layout,
    read_archive,
    refusing,
    write_archive,
)

MODEL_FILE, CARD_FILE = "detector.npz", "card.json"
FORMAT, VERSION = "unspun detector", 1
_HEADER = "header.json"
_TODO = "train it anew by `make train`, or install the package again"
_MOST = 1e9
"""No number of a fitted model comes near it; with larger ones sums might overflow to NaN, which passes every test."""
_MAX_HEADER, _MAX_NAME, _MAX_LAYERS = 2**20, 100, 8
_FOREST = ("column", "threshold", "possible", "value", "path_column", "path_gain")


def read_card(folder: Path) -> dict[str, Any]:
    """Return the card of the model in ``folder``; empty if it has none."""
    try:
        found = json.loads((folder / CARD_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def save_model(model: SpinModel, folder: Path) -> Path:
    """Write a model into a folder: the same model gives the same bytes.

    Parameters
    ----------
    model : SpinModel
        The model; its card is not written (see `unspun.training.model_card.write_card`).
    folder : Path
        Made where it does not exist.

    Returns
    -------
    Path
        The file.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / MODEL_FILE
    header = json.dumps(_header_of(model), indent=1, allow_nan=False) + "\n"
    write_archive(path, _arrays_of(model), {_HEADER: header})
    return path


def load_model(folder: str | Path | None = None, prior: float | None = None) -> SpinModel:
    """Open the model in a folder, or the packaged one, which is opened once.

    Parameters
    ----------
    folder : str or Path, optional
        As `unspun.training.fitting.train` wrote it.
    prior : float, optional
        The share of spun pairs expected among those asked about, in (0, 1); the model's own, one half, if not given.

    Returns
    -------
    SpinModel
        With its card.

    Raises
    ------
    ModelError
        When there is no model that this version can use.
    ValueError
        For a prior outside (0, 1).

    Examples
    --------
    >>> load_model(prior=0.1).prior
    0.1
    """
    model = _packaged_model() if folder is None else _read_model(Path(folder))
    return model if prior is None else model.with_prior(prior)


@lru_cache(maxsize=1)
def _packaged_model() -> SpinModel:
    return _read_model(model_dir())


def _read_model(folder: Path) -> SpinModel:
    path = folder / MODEL_FILE
    if not path.is_file():
        raise ModelError("no model", path, "train one by `make train`, or give the folder of one")
    with refusing("the model", path, _TODO):
        arrays, texts = read_archive(path)
        header = _checked_header(texts)
        if header["features"] != list(FEATURE_NAMES):
            raise ModelError("the model was trained on other features", path, _TODO)
        card = read_card(folder)
        # The figures of another model would mislead.
        card = card if card.get("model") == header["name"] else {}
        return _model_of(header, arrays, card)


# ------------------------------------------------------------------ a model as arrays and a header


def _header_of(model: SpinModel) -> dict[str, Any]:
    classifier, direction = model.classifier, model.direction
    trees, refinement = classifier.trees, classifier.refinement
    return {
        "format": FORMAT,
        "version": VERSION,
        "name": model.name,
        "prior": model.prior,
        "classes": classifier.classes.tolist(),
        "n_layers": len(classifier.network.weights),
        "network_share": classifier.network_share,
        "trees": None if trees is None else _of_trees(trees),
        "refinement": None if refinement is None else _of_refinement(refinement),
        "calibration": list(classifier.calibration),
        "direction": {"intercept": direction.linear.intercept, "slope": direction.calibration.slope},
        "features": list(model.feature_names),
    }


def _of_trees(trees: BoostedTrees) -> dict[str, Any]:
    return {"start": trees.forest.start, "ceiling": None if math.isinf(trees.ceiling) else trees.ceiling}


def _of_refinement(refinement: Refinement) -> dict[str, Any]:
    trees = None if refinement.trees is None else _of_trees(refinement.trees)
    return {"bound": refinement.bound, "line": list(refinement.line), "trees": trees}


def _arrays_of(model: SpinModel) -> Arrays:
    classifier, linear, network = model.classifier, model.direction.linear, model.classifier.network
    arrays: Arrays = {f"network.{name}": values for name, values in network.scaling._asdict().items()}
    for name in ("positive", "back", "others", "columns", "turns"):
        arrays[f"network.{name}"] = getattr(network, name)
    for layer, (weights, biases) in enumerate(zip(network.weights, network.biases, strict=True)):
        arrays |= {f"network.weights{layer}": weights, f"network.biases{layer}": biases}
    if classifier.trees is not None:
        arrays |= {f"trees.{name}": getattr(classifier.trees.forest, name) for name in _FOREST}
    if classifier.refinement is not None:
        arrays["refinement.columns"] = classifier.refinement.columns
        if classifier.refinement.trees is not None:
            forest = classifier.refinement.trees.forest
            arrays |= {f"refinement.trees.{name}": getattr(forest, name) for name in _FOREST}
    arrays |= {f"direction.{name}": values for name, values in linear.scaling._asdict().items()}
    arrays["direction.coef"] = linear.coef
    return arrays | {f"interval.{name}": values for name, values in model.interval._asdict().items()}


def _model_of(header: Mapping[str, Any], arrays: Arrays, card: Mapping[str, Any]) -> SpinModel:
    """Return the model of a header that was checked, and of arrays, which are checked here."""
    check_layout(arrays, _layout(header))
    _check_values(header, arrays)
    scaling = Scaling(*(arrays[f"network.{name}"] for name in Scaling._fields))
    layers = range(header["n_layers"])
    network = NeuralNetworks(
        scaling,
        tuple(arrays[f"network.weights{layer}"] for layer in layers),
        tuple(arrays[f"network.biases{layer}"] for layer in layers),
        *(arrays[f"network.{name}"] for name in ("positive", "back", "others", "columns", "turns")),
    )
    refined = header["refinement"]
    refinement = None if refined is None else _refinement_of(refined, arrays)
    classes = np.array(header["classes"])
    classifier = SpinClassifier(
        classes,
        header["classes"].index(SPUN),
        SYMMETRY,
        network,
        header["network_share"],
        None if header["trees"] is None else _trees_of(header["trees"], arrays, "trees"),
        refinement,
        Calibration(*header["calibration"]),
    )
    slope, intercept = header["direction"]["slope"], header["direction"]["intercept"]
    scaling = Scaling(*(arrays[f"direction.{name}"] for name in Scaling._fields))
    linear = LinearClassifier(scaling, arrays["direction.coef"], intercept)
    direction = DirectionClassifier(linear, network, SYMMETRY, Calibration(slope, 0.0))
    interval = Interval(*(arrays[f"interval.{name}"] for name in Interval._fields))
    return SpinModel(classifier, direction, interval, header["name"], header["prior"], card)


def _trees_of(header: Mapping[str, Any], arrays: Arrays, prefix: str) -> BoostedTrees:
    parts: dict[str, Any] = {name: arrays[f"{prefix}.{name}"] for name in _FOREST}
    forest = Forest(**parts, start=header["start"])
    return BoostedTrees(forest, math.inf if header["ceiling"] is None else header["ceiling"])


def _refinement_of(header: Mapping[str, Any], arrays: Arrays) -> Refinement:
    trees = None if header["trees"] is None else _trees_of(header["trees"], arrays, "refinement.trees")
    return Refinement(arrays["refinement.columns"], header["bound"], Calibration(*header["line"]), trees)


# ------------------------------------------------------------------ what a file must hold


def _checked_header(texts: Mapping[str, bytes]) -> dict[str, Any]:
    """Return the header, if every entry is there and sane."""
    if set(texts) != {_HEADER}:
        raise ArchiveError(f"it holds {sorted(texts)} beside its arrays, not {_HEADER}")
    if len(texts[_HEADER]) > _MAX_HEADER:
        raise ArchiveError(f"its header is of {len(texts[_HEADER]):,} bytes, more than {_MAX_HEADER:,}")
    header = json.loads(texts[_HEADER].decode(), parse_constant=_refuse)
    if not isinstance(header, dict) or header.get("format") != FORMAT:
        raise ArchiveError("its header is not that of a detector")
    if header.get("version") != VERSION:
        raise ArchiveError(f"it is of version {header.get('version')!r} of the format; this is version {VERSION}")
    _check_entries(header, _ENTRIES, "the header")
    return header


def _refuse(constant: str) -> float:
    raise ArchiveError(f"its header holds {constant}")


def _check_entries(found: Any, wanted: Mapping[str, Callable[[Any], bool]], what: str) -> None:
    if not isinstance(found, dict) or set(found) != set(wanted):
        raise ArchiveError(f"{what} must hold {', '.join(wanted)}")
    for name, good in wanted.items():
        if not good(found[name]):
            raise ArchiveError(f"{name} in {what} cannot be {str(found[name])[:40]!r}")


def _number(low: float, high: float) -> Callable[[Any], bool]:
    """Return a test for a number between two bounds, which are left out."""
    return lambda value: isinstance(value, (int, float)) and not isinstance(value, bool) and low < value < high


def _line(value: Any) -> bool:
    """Tell whether a value is a slope, above 0, and an intercept."""
    return isinstance(value, list) and len(value) == 2 and _number(0, _MOST)(value[0]) and _any_number(value[1])


def _is_name(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= _MAX_NAME and value.isprintable()


def _are_classes(value: Any) -> bool:
    known = {*RELATIONS, NOT_SPUN}
    names = isinstance(value, list) and all(isinstance(name, str) for name in value)
    return names and value == sorted(set(value)) and SPUN in value and len(value) >= 2 and set(value) <= known


def _trees(value: Any) -> bool:
    if value is not None:
        _check_entries(value, {"start": _any_number, "ceiling": _no_or(_number(0, _MOST))}, "the header of the trees")
    return True


def _no_or(good: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: value is None or good(value)


def _refinement(value: Any) -> bool:
    if value is not None:
        wanted = {"bound": _number(0, _MOST), "line": _line, "trees": _trees}
        _check_entries(value, wanted, "the header of the refinement")
    return True


def _direction(value: Any) -> bool:
    _check_entries(value, {"intercept": _any_number, "slope": _number(0, _MOST)}, "the header of the direction")
    return True


_any_number = _number(-_MOST, _MOST)
_ENTRIES: dict[str, Callable[[Any], bool]] = {
    "format": lambda value: value == FORMAT,
    "version": lambda value: value == VERSION,
    "name": _is_name,
    "prior": _number(0, 1),
    "classes": _are_classes,
    "n_layers": lambda value: isinstance(value, int) and 1 <= value <= _MAX_LAYERS,
    "network_share": lambda value: value in (0, 1) or _number(0, 1)(value),
    "trees": _trees,
    "refinement": _refinement,
    "calibration": _line,
    "direction": _direction,
    "features": lambda value: isinstance(value, list),
}


def _layout(header: Mapping[str, Any]) -> dict[str, Column]:
    """Return what every array must be."""
    n_features = len(FEATURE_NAMES)
    n_parts = sum(map(len, SYMMETRY.parts_plan()))
    layout = _scaling_layout("network", "seen") | _scaling_layout("direction", str(n_features))
    layout |= {f"interval.{name}": Column("<f8", "grid", -_MOST, _MOST) for name in Interval._fields}
    layout |= {
        "direction.coef": Column("<f8", str(n_features), -_MOST, _MOST),
        "network.columns": Column("<i8", "seen", 0, n_parts - 1),
        "network.turns": Column("|b1", str(n_parts)),
        "network.others": Column("<i8", "others", 0, 2**31),
    }
    sizes = ["seen", *(f"units{layer}" for layer in range(header["n_layers"] - 1)), "outputs"]
    layout |= {f"network.{name}": Column("|b1", "outputs") for name in ("positive", "back")}
    for layer in range(header["n_layers"]):
        shape = f"networks {sizes[layer]} {sizes[layer + 1]}"
        layout[f"network.weights{layer}"] = Column("<f8", shape, -_MOST, _MOST)
        layout[f"network.biases{layer}"] = Column("<f8", f"networks 1 {sizes[layer + 1]}", -_MOST, _MOST)
    if header["trees"] is not None:
        layout |= _forest_layout("trees", n_parts)
    if header["refinement"] is not None:
        layout["refinement.columns"] = Column("<i8", "moved 2", 0, n_features - 1)
        if header["refinement"]["trees"] is not None:
            layout |= _forest_layout("refinement.trees", 2**15)
    return layout


def _scaling_layout(prefix: str, size: str) -> dict[str, Column]:
    layout = {f"{prefix}.{name}": Column("<f8", size, -_MOST, _MOST) for name in ("median", "mean")}
    return layout | {f"{prefix}.scale": Column("<f8", size, 1e-12, _MOST)}


def _forest_layout(prefix: str, n_columns: int) -> dict[str, Column]:
    n_trees, n_splits, n_leaves, depth = (f"{prefix}.{name}" for name in ("trees", "splits", "leaves", "depth"))
    layout = {
        "column": Column("<i8", f"{n_splits} {n_trees}", 0, 2 * n_columns - 1),
        "threshold": Column("<f8", f"{n_splits} {n_trees}", infinite=True),
        "possible": Column("<u8", f"{n_splits} {n_trees}"),
        "value": Column("<f8", n_leaves, -_MOST, _MOST),
        "path_column": Column("<i8", f"{depth} {n_leaves}", 0, n_columns - 1),
        "path_gain": Column("<f8", f"{depth} {n_leaves}", -_MOST, _MOST),
    }
    return {f"{prefix}.{name}": column for name, column in layout.items()}


def _check_values(header: Mapping[str, Any], arrays: Arrays) -> None:
    """Refuse what single arrays cannot show: outputs without a class, leaves out of reach, ends that cross."""
    positive, back, others = (arrays[f"network.{name}"] for name in ("positive", "back", "others"))
    if not positive.any() or (back & ~positive).any() or not (positive & ~back).any() or not back.any():
        raise ArchiveError("network.positive and network.back do not name outputs of both orders")
    classes = header["classes"]
    kinds = set((others % len(classes)).tolist())
    if len(others) != int((~positive).sum()) or kinds != set(range(len(classes))) - {classes.index(SPUN)}:
        raise ArchiveError("network.others does not name an output of every class")
    grid, low, high = (arrays[f"interval.{name}"] for name in Interval._fields)
    if not len(grid) or (np.diff(grid) <= 0).any() or (low > grid).any() or (high < grid).any():
        raise ArchiveError("the ends of the interval do not enclose its grid")
    for prefix in ("trees", "refinement.trees"):
        if f"{prefix}.column" in arrays:
            _check_forest(prefix, arrays)
    if "refinement.trees.column" in arrays:
        columns = arrays["refinement.columns"]
        n_columns = 1 + len(columns) + int((columns[:, 0] != columns[:, 1]).sum())
        _check_below("refinement.trees.column", arrays, 2 * n_columns)
        _check_below("refinement.trees.path_column", arrays, n_columns)
        if not len(columns):
            raise ArchiveError("refinement.columns names no feature")


def _check_below(name: str, arrays: Arrays, limit: int) -> None:
    if arrays[name].max(initial=0) >= limit:
        raise ArchiveError(f"{name} names a column beyond the last")


def _check_forest(prefix: str, arrays: Arrays) -> None:
    """Refuse a forest in which a row might reach no leaf."""
    column, possible = arrays[f"{prefix}.column"], arrays[f"{prefix}.possible"]
    n_splits, n_trees = column.shape
    if not 1 <= n_splits < 64 or not n_trees or len(arrays[f"{prefix}.value"]) != n_trees * (n_splits + 1):
        raise ArchiveError(f"{prefix} has {n_trees} trees of {n_splits} splits, and leaves for others")
    left: NDArray[np.uint64] = np.bitwise_and.reduce(possible, axis=0) & np.uint64(2 ** (n_splits + 1) - 1)
    if not left.all() or np.isnan(arrays[f"{prefix}.threshold"]).any():
        raise ArchiveError(f"{prefix} has a tree of which no leaf may be reached")
