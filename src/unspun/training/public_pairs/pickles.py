"""Read pickled files without importing or running what they name."""

from __future__ import annotations

import io
import pickle
from array import array
from collections.abc import Iterator
from typing import Any


def plain(data: bytes) -> Any:
    """Return a pickled value of lists, dictionaries, texts and numbers.

    Raises
    ------
    pickle.UnpicklingError
        When the file asks for anything to be imported.

    Examples
    --------
    >>> plain(pickle.dumps({"one": [1, 2]}))
    {'one': [1, 2]}
    """
    return _Plain(io.BytesIO(data)).load()


def strings(data: bytes) -> list[str]:
    """Return the texts of a pickled list, refusing whatever is more than plain text.

    Raises
    ------
    pickle.UnpicklingError
        When the file asks for anything to be imported, or is no list of texts.

    Examples
    --------
    >>> strings(pickle.dumps(["one", "two"]))
    ['one', 'two']
    """
    found = plain(data)
    if not isinstance(found, list) or not all(isinstance(text, str) for text in found):
        raise pickle.UnpicklingError(f"no list of texts: {type(found).__name__}")
    return found


def frame_rows(data: bytes) -> list[dict[str, str]]:
    """Return the texts of a pickled data frame, a dictionary a row.

    Columns of other things are left out.

    The frame is not built: whatever the file names stays a name, and its cells are read out of what would be handed to
    it. So the file can run nothing, and the version of pandas that wrote it does not matter.

    Raises
    ------
    pickle.UnpicklingError
        When no table of texts is in the file.
    """
    parts = list(_within(_Inert(io.BytesIO(data)).load()))
    arrays = [part.state for part in parts if isinstance(part.state, tuple) and len(part.state) == _N_ARRAY_STATE]
    names = next((state[-1] for state in arrays if len(state[1]) == 1 and _texts(state[-1])), None)
    columns: dict[str, list[Any]] = {}
    for part in parts:
        if names and len(part.given) == _N_BLOCK and isinstance(part.given[1], _Named):
            values, places = part.given[0], part.given[1].given
            if not isinstance(values, _Named) or values.state not in arrays:
                continue
            # A run of columns goes by its slice, any others by the bytes of 64-bit numbers.
            numbers = range(*places) if len(places) == _N_SLICE else array("q", bytes(places[0]))
            each = values.state[1][-1]
            for place, number in enumerate(numbers):
                columns[names[number]] = values.state[-1][place * each : (place + 1) * each]
    told = {name: cells for name, cells in columns.items() if _texts(cells)}
    if not told:
        raise pickle.UnpicklingError("no table of texts")
    return [dict(zip(told, row, strict=True)) for row in zip(*told.values(), strict=True)]


_N_ARRAY_STATE, _N_BLOCK, _N_SLICE = 5, 3, 3
"""How many values numpy sets an array from, pandas makes a block of columns from, and a slice has."""


class _Plain(pickle.Unpickler):
    """Reads what a pickle can hold without importing anything."""

    def find_class(self, module: str, name: str) -> None:
        raise pickle.UnpicklingError(f"asks for {module}.{name}")


class _Named:
    """Stands for whatever a pickle names, and keeps what it is handed."""

    given: tuple[Any, ...]
    state: Any = None

    # Some opcodes of pickles make an object without calling its class.
    def __new__(cls, *given: Any) -> _Named:
        made = super().__new__(cls)
        made.given = given
        return made

    def __setstate__(self, state: Any) -> None:
        self.state = state


class _Inert(pickle.Unpickler):
    """Puts `_Named` in the place of all that a pickle names."""

    def find_class(self, module: str, name: str) -> type[_Named]:
        return _Named


def _within(value: Any) -> Iterator[_Named]:
    """Yield all that stands for something named, from the outside in, each once."""
    waiting, seen = [value], set()
    while waiting:
        found = waiting.pop(0)
        if id(found) in seen:
            continue
        seen.add(id(found))
        if isinstance(found, _Named):
            yield found
            waiting += [*found.given, found.state]
        elif isinstance(found, dict):
            waiting += found.values()
        elif isinstance(found, list | tuple):
            waiting += [part for part in found if not isinstance(part, str | bytes | int | float | None)]


def _texts(cells: Any) -> bool:
    return isinstance(cells, list) and bool(cells) and all(isinstance(cell, str) for cell in cells)
