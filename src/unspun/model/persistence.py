"""Save a model and open it again.

A model file is arrays and a header in JSON. Nothing in it is executed.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from unspun.comparison.features.catalogue import ALIGNED_WORDS, FEATURE_NAMES
from unspun.comparison.features.order_symmetry import SYMMETRY
from unspun.errors import ModelError
from unspun.io.labels import SPUN
from unspun.model.base_models.boosted_trees import BoostedTrees, Forest
from unspun.model.base_models.logistic_regression import LinearClassifier
from unspun.model.base_models.neural_networks import NeuralNetworks
from unspun.model.base_models.scaling import Scaling
from unspun.model.calibration import BentCalibration, Calibration, Interval
from unspun.model.direction_classifier import DirectionClassifier
from unspun.model.document_classifier import DocumentClassifier
from unspun.model.model_file import (
    FOREST,
    FORMAT,
    HEADER,
    MAX_CARD,
    VERSION,
    check_values,
    checked_card,
    checked_header,
    layout_of,
)
from unspun.model.spin_classifier import SpinClassifier, WordsNeeded
from unspun.model.spin_model import SpinModel
from unspun.text.resources import model_dir
from unspun.text.storage.array_archive import (
    Arrays,
    check_layout,
    read_archive,
    refusing,
    write_archive,
)

MODEL_FILE, CARD_FILE = "detector.npz", "card.json"
_TODO = "train it anew by `make train`, or install the package again"


def read_card(folder: Path) -> dict[str, Any]:
    """Return the card of the model in ``folder``; empty if none can be used."""
    path = folder / CARD_FILE
    try:
        return checked_card(json.loads(path.read_text(encoding="utf-8"))) if path.stat().st_size <= MAX_CARD else {}
    except (OSError, ValueError, RecursionError):
        return {}


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
    write_archive(path, _arrays_of(model), {HEADER: header})
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
        header = checked_header(texts)
        if header["features"] != list(FEATURE_NAMES):
            raise ModelError("the model was trained on other features", path, _TODO)
        card = read_card(folder)
        # The figures of another model would mislead.
        card = card if card.get("model") == header["name"] else {}
        return _model_of(header, arrays, card)


# ------------------------------------------------------------------ a model as arrays and a header


def _header_of(model: SpinModel) -> dict[str, Any]:
    classifier, direction = model.classifier, model.direction
    trees = classifier.trees
    return {
        "format": FORMAT,
        "version": VERSION,
        "name": model.name,
        "prior": model.prior,
        "classes": classifier.classes.tolist(),
        "n_layers": len(classifier.network.weights),
        "network_share": classifier.network_share,
        "half_words": classifier.words.half,
        "trees": None if trees is None else _of_trees(trees),
        "documents": list(model.documents.calibration),
        "calibration": list(classifier.calibration),
        "direction": _of_direction(direction),
        "features": list(model.feature_names),
    }


def _of_direction(direction: DirectionClassifier) -> dict[str, float]:
    intercept, slope = direction.linear.intercept, direction.calibration.slope
    return {"intercept": intercept, "slope": slope, "linear_share": direction.linear_share}


def _of_trees(trees: BoostedTrees) -> dict[str, Any]:
    return {"start": trees.forest.start, "ceiling": None if math.isinf(trees.ceiling) else trees.ceiling}


def _arrays_of(model: SpinModel) -> Arrays:
    classifier, linear, network = model.classifier, model.direction.linear, model.classifier.network
    arrays: Arrays = {f"network.{name}": values for name, values in network.scaling._asdict().items()}
    for name in ("positive", "back", "others", "columns", "turns"):
        arrays[f"network.{name}"] = getattr(network, name)
    for layer, (weights, biases) in enumerate(zip(network.weights, network.biases, strict=True)):
        arrays |= {f"network.weights{layer}": weights, f"network.biases{layer}": biases}
    if classifier.trees is not None:
        arrays |= {f"trees.{name}": getattr(classifier.trees.forest, name) for name in FOREST}
    arrays |= {f"direction.{name}": values for name, values in linear.scaling._asdict().items()}
    arrays["direction.coef"] = linear.coef
    return arrays | {f"interval.{name}": values for name, values in model.interval._asdict().items()}


def _model_of(header: Mapping[str, Any], arrays: Arrays, card: Mapping[str, Any]) -> SpinModel:
    """Return the model of a header that was checked, and of arrays, which are checked here."""
    check_layout(arrays, layout_of(header))
    check_values(header, arrays)
    scaling = Scaling(*(arrays[f"network.{name}"] for name in Scaling._fields))
    layers = range(header["n_layers"])
    network = NeuralNetworks(
        scaling,
        tuple(arrays[f"network.weights{layer}"] for layer in layers),
        tuple(arrays[f"network.biases{layer}"] for layer in layers),
        *(arrays[f"network.{name}"] for name in ("positive", "back", "others", "columns", "turns")),
    )
    classes = np.array(header["classes"])
    classifier = SpinClassifier(
        classes,
        header["classes"].index(SPUN),
        SYMMETRY,
        network,
        header["network_share"],
        None if header["trees"] is None else _trees_of(header["trees"], arrays, "trees"),
        Calibration(*header["calibration"]),
        WordsNeeded(ALIGNED_WORDS, header["half_words"]),
    )
    documents = DocumentClassifier(BentCalibration(*header["documents"]))
    slope, intercept, share = (header["direction"][name] for name in ("slope", "intercept", "linear_share"))
    scaling = Scaling(*(arrays[f"direction.{name}"] for name in Scaling._fields))
    linear = LinearClassifier(scaling, arrays["direction.coef"], intercept)
    direction = DirectionClassifier(linear, network, SYMMETRY, share, Calibration(slope, 0.0))
    interval = Interval(*(arrays[f"interval.{name}"] for name in Interval._fields))
    return SpinModel(classifier, direction, interval, documents, header["name"], header["prior"], card)


def _trees_of(header: Mapping[str, Any], arrays: Arrays, prefix: str) -> BoostedTrees:
    parts: dict[str, Any] = {name: arrays[f"{prefix}.{name}"] for name in FOREST}
    forest = Forest(**parts, start=header["start"])
    return BoostedTrees(forest, math.inf if header["ceiling"] is None else header["ceiling"])
