"""Limit the rows that a file may hold for its size.

A small file that expands hugely must not fill the memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

MAX_ROW_BYTES = 8_000_000
"""A longer line or cell is rejected unread."""
MAX_FIELDS = 10_000
"""A row of more fields is rejected: to look for its text takes longer than to score it."""
FREE_ROWS = 50_000
"""Rows that any file may hold, however small it is."""
MIN_ROW_BYTES = 20
"""Bytes of a file, as stored, for every further row; two empty texts with their names take more."""
FREE_CHARACTERS = 100_000_000
"""Characters of text that any file may hold."""
MAX_RATIO = 200
"""Characters for every further byte as stored; real texts, well compressed, give ten."""

BOMB = "a bomb: "
"""The reason begins so where a file holds more than it honestly can."""


class Record(NamedTuple):
    """The fields at one place of a file, or the reason why there are none."""

    place: str
    fields: dict[str, object]
    reason: str = ""


def too_long() -> str:
    """Return the reason for rejecting a row that is longer than `MAX_ROW_BYTES`."""
    return f"longer than {MAX_ROW_BYTES:,} bytes"


def capped_rows(
    records: Iterator[Record], n_stored: Callable[[], int], free_rows: int = FREE_ROWS, row_bytes: int = MIN_ROW_BYTES
) -> Iterator[Record]:
    """Give out records until there are more of them than the file can honestly hold.

    The last one says so.

    Parameters
    ----------
    records : iterator of Record
        From the readers of `unspun.io.rows.row_readers`.
    n_stored : callable
        Returns how many bytes of the file, as stored, have been read so far.
    free_rows : int
        Rows that any file may hold.
    row_bytes : int
        Bytes of the file, as stored, for every further row.

    Yields
    ------
    Record
        Those that were given, and perhaps one with the reason why there are no more.

    Examples
    --------
    >>> rows = (Record(f"line {n}", {}) for n in range(10**9))
    >>> last = [record.reason for record in capped_rows(rows, lambda: 3_000)][-1]
    >>> last
    'a bomb: 3,000 bytes hold more than 50,000 rows; the rest of the file is left out'
    """
    n_characters = 0
    for n_rows, record in enumerate(records):
        size = n_stored()
        n_characters += _characters(record.fields)
        most, longest = max(free_rows, size // row_bytes), max(FREE_CHARACTERS, MAX_RATIO * size)
        if n_rows >= most or n_characters > longest:
            what = f"{most:,} rows" if n_rows >= most else f"{longest:,} characters"
            yield Record(record.place, {}, f"{BOMB}{size:,} bytes hold more than {what}; {_LEFT_OUT}")
            return
        yield record


_LEFT_OUT = "the rest of the file is left out"


def _characters(fields: Mapping[str, object]) -> int:
    return sum(len(value) for value in fields.values() if isinstance(value, str | bytes))
