"""Take pairs of texts in the forms that programs hold them in.

Frames, tables, lists, arrays.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

_PAIR = ("source", "suspect")


def pairs_frame(pairs: Any) -> pd.DataFrame:
    """Return pairs in any form as a frame, checked.

    Parameters
    ----------
    pairs : DataFrame, mapping, array or iterable of pairs
        A pandas or polars frame, an Arrow table or a mapping with ``source`` and ``suspect``, both text, and perhaps
        ``id``. Or pairs of texts, the source first: a list of tuples, an array (n, 2).

    Returns
    -------
    DataFrame
        ``source`` and ``suspect``, and ``id`` where it was given.

    Raises
    ------
    ValueError
        When a column is missing or holds something else than texts.

    Examples
    --------
    >>> pairs_frame([("Rain fell.", "Rain dropped.")]).to_dict("list")
    {'source': ['Rain fell.'], 'suspect': ['Rain dropped.']}
    """
    names = getattr(pairs, "column_names", None)  # an Arrow table
    if names is None:
        names = pairs.keys() if isinstance(pairs, Mapping) else getattr(pairs, "columns", None)
    if isinstance(pairs, pd.DataFrame):
        frame = pairs[[name for name in ("id", *_PAIR) if name in pairs]]
    elif names is not None:
        frame = pd.DataFrame({name: _plain(pairs[name]) for name in ("id", *_PAIR) if name in names})
    else:
        frame = pd.DataFrame(_checked_rows(pairs), columns=list(_PAIR), dtype=object)
    _check_texts(frame, names)
    return frame


def _plain(column: Any) -> list[object]:
    """Return the values of a column of any library."""
    read = getattr(column, "to_pylist", None) or getattr(column, "to_list", None)
    return list(read() if read else column)


def _checked_rows(pairs: Iterable[Any]) -> list[list[object]]:
    rows = []
    for place, pair in enumerate(pairs):
        if isinstance(pair, str) or not hasattr(pair, "__len__") or len(pair) != len(_PAIR):
            raise ValueError(f"pair {place} is not two texts: {pair!r:.80}; give (source, suspect)")
        rows.append([str(text) if isinstance(text, str) else text for text in pair])
    return rows


def _check_texts(frame: pd.DataFrame, names: Iterable[str] | None) -> None:
    for column in _PAIR:
        if column not in frame:
            raise ValueError(
                f"pairs need the columns source and suspect; there are {[] if names is None else list(names)}"
            )
        for place, value in enumerate(frame[column]):
            if not isinstance(value, str):
                raise ValueError(f"{column} must hold text; row {place} holds {type(value).__name__}")
