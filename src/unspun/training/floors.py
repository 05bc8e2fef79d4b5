"""Hold figures to their floors: the least (or largest) value that each may have."""

from __future__ import annotations

from collections.abc import Mapping

from unspun.errors import UnspunError


class FloorError(UnspunError):
    """A figure fell below its floor."""


def flatten(figures: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    """Return figures under one name each.

    >>> flatten({"tpr@1%": {"llm": 0.5}})
    {'tpr@1%/llm': 0.5}
    """
    return {f"{part}/{name}": value for part, group in figures.items() for name, value in group.items()}


def check_floors(figures: Mapping[str, Mapping[str, float]], floors: Mapping[str, float]) -> None:
    """Refuse figures that fell below their floors.

    Parameters
    ----------
    figures : dict
        As `judge` gives them.
    floors : dict
        Flat name (``tpr@1%/llm``) to the least value; names starting with ``-`` hold the largest value instead
        (``-overall/ece``).

    Raises
    ------
    FloorError
        Naming every figure that is missing or on the wrong side.

    Examples
    --------
    >>> check_floors({"overall": {"auc": 0.99, "ece": 0.01}}, {"overall/auc": 0.98, "-overall/ece": 0.03})
    """
    flat = flatten(figures)
    fallen = [
        f"{name} is {_value(flat, name):.4f}, floor {abs(floor):.4f}"
        for name, floor in floors.items()
        if not _holds(_value(flat, name), name, floor)
    ]
    if fallen:
        raise FloorError("figures below their floors", "; ".join(fallen), "find what made them fall")


def _value(flat: Mapping[str, float], name: str) -> float:
    return flat.get(name.removeprefix("-"), float("nan"))


def _holds(value: float, name: str, floor: float) -> bool:
    """Tell whether a value keeps a floor (or, for names starting with ``-``, a ceiling); NaN never does."""
    return value <= floor if name.startswith("-") else value >= floor
