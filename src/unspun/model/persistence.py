"""Save a detector and open it again: a model file is data, and nothing in it is executed."""

from __future__ import annotations

import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any


def read_card(folder: Path) -> dict[str, Any]:
    """Return the card of the model in ``folder``; empty if it has none."""
    try:
        found = json.loads((folder / "card.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


MODEL_FILE = "detector.skops"
# All that a model file may hold besides arrays and plain values: a type that is not here is never loaded.
TRUSTED = (
    "unspun.model.calibration.Interval",
    "unspun.model.calibration.Calibration",
    "unspun.model.detector.SpinDetector",
    "unspun.model.direction_classifier.DirectionClassifier",
    "unspun.model.spin_classifier.SpinClassifier",
    "unspun.model.logistic_regression.LinearClassifier",
    "unspun.model.neural_networks.NeuralNetworks",
    "unspun.model.refinement.Refinement",
    "unspun.model.scaling.Scaling",
    "unspun.model.boosted_trees.Forest",
    "unspun.model.boosted_trees.BoostedTrees",
)
_EPOCH = (1980, 1, 1, 0, 0, 0)
_SCHEMA = "schema.json"
_ADDRESS = re.compile(r'("__id__": |"file": ")(\d+)')


def reproducible(archive: bytes) -> bytes:
    """Return what skops wrote with nothing left of this run: no times, no addresses of objects."""
    out = io.BytesIO()
    places: dict[str, int] = {}

    def number(found: re.Match[str]) -> str:
        return f"{found[1]}{places.setdefault(found[2], len(places))}"

    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(out, "w") as new:
        # Objects go by their addresses in memory, and so do the files of arrays: count them instead.
        schema = _ADDRESS.sub(number, old.read(_SCHEMA).decode())
        members = {f"{places[name.removesuffix('.npy')]}.npy": name for name in old.namelist() if name != _SCHEMA}
        contents = {new_name: old.read(name) for new_name, name in members.items()} | {_SCHEMA: schema.encode()}
        for name in sorted(contents):
            member = zipfile.ZipInfo(name, _EPOCH)
            member.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(member, contents[name])
    return out.getvalue()
