"""Cut large files into ranges that can be read apart.

Cuts are between records of an archive, lines or row groups.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import IO

import pyarrow as pa
import pyarrow.parquet as pq

from unspun.io.decompression import COMPRESSED, GZIP_MAGIC
from unspun.io.rows.json_records import is_spread
from unspun.io.sources import Source, open_source

_WINDOW = 1 << 20
# What is looked for is shorter than this, and can lie across the border of two windows.
_OVERLAP = 1 << 10
_RECORD = b"WARC/1."
# With what comes before it: a record's two ends of line.
_PLAIN_RECORD = b"\r\n\r\n" + _RECORD

Finder = Callable[[bytes], int | None]
"""Returns where a record begins in some bytes."""


def cut(source: Source, size: int) -> list[Source]:
    """Cut a file into ranges of about this many bytes, if its format allows.

    Parameters
    ----------
    source : Source
        ``.warc`` and ``.wet``, plain or with every record compressed by itself (``.gz``, as crawlers write them), plain
        ``.jsonl`` on a disk, or ``.parquet``; of other files the whole is the only range.
    size : int
        Bytes as stored.

    Returns
    -------
    list of Source
        In the order of the file; together they are all of it.
    """
    name = source.path.lower()
    if source.size <= size:
        return [source]
    try:
        if name.endswith(".parquet"):
            return _row_groups(source, size)
        if name.endswith((".warc.gz", ".wet.gz")):
            return _between(source, size, _gzip_record)
        if name.endswith((".warc", ".wet")):
            return _between(source, size, _plain_record)
        if name.endswith((".jsonl", ".ndjson")) and "://" not in name:
            return _lines(source, size)
    # A file that cannot be looked into is read as a whole, and rejected then.
    except (OSError, ValueError, pa.ArrowException):
        pass
    return [source]


def _between(source: Source, size: int, find: Finder) -> list[Source]:
    starts = [0]
    with open_source(source) as file:
        while (target := starts[-1] + size) < source.size:
            start = _search(file, target, find)
            if start is None:
                break
            starts.append(start)
    stops = [*starts[1:], source.size]
    return [source._replace(start=a, stop=b, size=b - a) for a, b in zip(starts, stops, strict=True)]


def _search(file: IO[bytes], place: int, find: Finder) -> int | None:
    """Return where the first record begins at or after a place."""
    while True:
        file.seek(place)
        window = file.read(_WINDOW)
        found = find(window)
        if found is not None:
            return place + found
        if len(window) < _WINDOW:
            return None
        place += _WINDOW - _OVERLAP


def _plain_record(window: bytes) -> int | None:
    found = window.find(_PLAIN_RECORD)
    return None if found < 0 else found + len(_PLAIN_RECORD) - len(_RECORD)


def _gzip_record(window: bytes) -> int | None:
    """Find a compressed member that begins like a record: three bytes alone stand anywhere by chance."""
    found = window.find(GZIP_MAGIC)
    while found >= 0:
        try:
            start = zlib.decompressobj(wbits=31).decompress(window[found : found + _OVERLAP], len(_RECORD))
        except zlib.error:
            start = b""
        if start == _RECORD:
            return found
        found = window.find(GZIP_MAGIC, found + 1)
    return None


def _lines(source: Source, size: int) -> list[Source]:
    """Cut between lines; rows are called by the numbers of their lines, so that all lines are counted."""
    starts, firsts = [0], [1]
    n_lines = place = 0
    with open_source(source) as file:
        head = file.read(_WINDOW)
        if head.startswith(COMPRESSED) or b"\n" not in head or is_spread(head):
            return [source]  # what is no line must not be cut
        file.seek(0)
        while window := file.read(_WINDOW):
            end = (
                window.find(b"\n", max(0, starts[-1] + size - place)) if place + len(window) > starts[-1] + size else -1
            )
            if 0 <= end < len(window) - 1:
                starts.append(place + end + 1)
                firsts.append(n_lines + window.count(b"\n", 0, end + 1) + 1)
            n_lines += window.count(b"\n")
            place += len(window)
    stops = [*starts[1:], place]
    found = zip(starts, stops, firsts, strict=True)
    return [source._replace(start=a, stop=b, first=n, size=b - a) for a, b, n in found]


def _row_groups(source: Source, size: int) -> list[Source]:
    """Cut between row groups: ``start`` and ``stop`` are their numbers."""
    with open_source(source) as file:
        about = pq.ParquetFile(file).metadata
    sizes = [about.row_group(group).total_byte_size for group in range(about.num_row_groups)]
    share = source.size / max(1, sum(sizes))  # of what they hold uncompressed
    ranges: list[Source] = []
    start, held = 0, 0.0
    for group, uncompressed in enumerate(sizes):
        held += uncompressed * share
        if held >= size or group == len(sizes) - 1:
            ranges.append(source._replace(start=start, stop=group + 1, size=int(held)))
            start, held = group + 1, 0.0
    return ranges or [source]
