"""Check what a model file and its card hold before anything is made of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from unspun.comparison.features.catalogue import FEATURE_NAMES
from unspun.comparison.features.order_symmetry import SYMMETRY
from unspun.io.labels import RELATIONS, SPUN
from unspun.model.calibration import Interval
from unspun.model.spin_model import NOT_SPUN
from unspun.text.storage.array_archive import ArchiveError, Arrays, Column

FORMAT, VERSION = "unspun detector", 6
HEADER = "header.json"
FOREST = ("column", "threshold", "possible", "value", "path_column", "path_gain")
_MOST = 1e9
"""No number of a fitted model comes near it; with larger ones sums might overflow to NaN, which passes every test."""
_MOST_HALF_WORDS = 1000
_MOST_REACHED = 1e15
"""Networks whose outputs could be larger lose the sums that reasons are told from."""
MAX_CARD = 10_000_000
"""Bytes of a card: a hundred times as many as ours has."""
_MAX_HEADER, _MAX_NAME, _MAX_LAYERS = 2**20, 100, 8


def checked_header(texts: Mapping[str, bytes]) -> dict[str, Any]:
    """Return the header, if every entry is there and sane."""
    if set(texts) != {HEADER}:
        raise ArchiveError(f"it holds {sorted(texts)} beside its arrays, not {HEADER}")
    if len(texts[HEADER]) > _MAX_HEADER:
        raise ArchiveError(f"its header is of {len(texts[HEADER]):,} bytes, more than {_MAX_HEADER:,}")
    header = json.loads(texts[HEADER].decode(), parse_constant=_refuse)
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
    return lambda value: _is_number(value) and low < value < high


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _line(n_slopes: int) -> Callable[[Any], bool]:
    """Return a test for a list of so many slopes, each above 0, and an intercept."""

    def test(value: Any) -> bool:
        if not isinstance(value, list) or len(value) != n_slopes + 1:
            return False
        return all(map(_number(0, _MOST), value[:-1])) and _any_number(value[-1])

    return test


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


def _direction(value: Any) -> bool:
    entries = {"intercept": _any_number, "slope": _number(0, _MOST), "linear_share": _share}
    _check_entries(value, entries, "the header of the direction")
    return True


def _share(value: Any) -> bool:
    return _is_number(value) and 0 <= value <= 1


_any_number = _number(-_MOST, _MOST)
_ENTRIES: dict[str, Callable[[Any], bool]] = {
    "format": lambda value: value == FORMAT,
    "version": lambda value: value == VERSION,
    "name": _is_name,
    "prior": _number(0, 1),
    "classes": _are_classes,
    "n_layers": lambda value: isinstance(value, int) and _number(0, _MAX_LAYERS + 1)(value),
    "network_share": _share,
    "half_words": lambda value: _is_number(value) and 0 <= value <= _MOST_HALF_WORDS,
    "trees": _trees,
    "documents": _line(2),
    "calibration": _line(1),
    "direction": _direction,
    "features": lambda value: isinstance(value, list),
}


def layout_of(header: Mapping[str, Any]) -> dict[str, Column]:
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


def check_values(header: Mapping[str, Any], arrays: Arrays) -> None:
    """Refuse what single arrays cannot show.

    Outputs without a class, leaves out of reach, ends that cross.

    Parameters
    ----------
    header : mapping
        As `checked_header` returns it.
    arrays : dict of array
        All arrays of the file.

    Raises
    ------
    ArchiveError
        Saying what is wrong.
    """
    _check_networks([(arrays[f"network.weights{k}"], arrays[f"network.biases{k}"]) for k in range(header["n_layers"])])
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
    if "trees.column" in arrays:
        _check_forest("trees", arrays)


def _check_networks(layers: Sequence[tuple[NDArray[Any], NDArray[Any]]]) -> None:
    """Refuse no networks, of which the mean is NaN, and networks that blow up what they are given."""
    if not len(layers[0][0]):
        raise ArchiveError("it has no networks")
    reached = 1.0
    for weights, biases in layers:
        reached *= float(np.abs(weights).sum(axis=1).max(initial=0.0))
        reached = max(reached + float(np.abs(biases).max(initial=0.0)), 1.0)
    if reached > _MOST_REACHED:
        raise ArchiveError(f"the weights of its networks may add up to {reached:.0e}, more than {_MOST_REACHED:.0e}")


def _check_forest(prefix: str, arrays: Arrays) -> None:
    """Refuse a forest in which a row might reach no leaf."""
    column, possible = arrays[f"{prefix}.column"], arrays[f"{prefix}.possible"]
    n_splits, n_trees = column.shape
    if not 1 <= n_splits < 64 or not n_trees or len(arrays[f"{prefix}.value"]) != n_trees * (n_splits + 1):
        raise ArchiveError(f"{prefix} has {n_trees} trees of {n_splits} splits, and leaves for others")
    left: NDArray[np.uint64] = np.bitwise_and.reduce(possible, axis=0) & np.uint64(2 ** (n_splits + 1) - 1)
    if not left.all() or np.isnan(arrays[f"{prefix}.threshold"]).any():
        raise ArchiveError(f"{prefix} has a tree of which no leaf may be reached")


# ------------------------------------------------------------------ the card


def checked_card(card: Any) -> dict[str, Any]:
    """Return a card that reports can read, or an empty one in its place.

    >>> checked_card({"limits": ["English only."], "more": 1})
    {'limits': ['English only.'], 'more': 1}
    >>> checked_card({"limits": 3})
    {}
    """
    return dict(card) if _holds(card, **_CARD) else {}


def _holds(value: Any, **parts: Callable[[Any], bool]) -> bool:
    """Whether a value has parts by name, each good or absent."""
    return isinstance(value, dict) and all(good(value[name]) for name, good in parts.items() if name in value)


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _list_of(good: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, list) and all(map(good, value))


def _by_name(good: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, dict) and all(map(good, value.values()))


def _is_rate(row: Any) -> bool:
    return _holds(row, **_RATE) and set(_RATE) <= set(row)


def _is_protocol(value: Any) -> bool:
    return _holds(value, figures=_by_name(_by_name(_is_number)), breakdown=_list_of(_is_rate))


_N_QUANTILES = 3
_RATE = {"by": _is_text, "name": _is_text, "side": _is_text, "above": _is_number, "pairs": _is_number}
_CARD = {
    "limits": _list_of(_is_text),
    "not_for": _list_of(_is_text),
    "protocols": _by_name(_is_protocol),
    "honest": lambda value: _holds(
        value, quantiles=_by_name(lambda edges: _list_of(_is_number)(edges) and len(edges) == _N_QUANTILES)
    ),
}
