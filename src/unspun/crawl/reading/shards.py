"""Cut a crawl into shards: small descriptions of what to read.

They are made once, and read anywhere and in any order.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from unspun.crawl.reading.ranges import cut
from unspun.io.sources import Source, list_sources

SHARD_BYTES = 16_000_000
"""Unless told otherwise: some 200 pages, ten seconds of work for one core, lost when a worker dies."""
MAX_SOURCES = 1_000
# Compressed pages count for what they hold.
_RATIOS = {".gz": 5, ".lz4": 3, ".zst": 5, ".parquet": 3}


class Shard(NamedTuple):
    """A part of the input: what one task reads.

    Attributes
    ----------
    number : int
        Its place in the order of the inputs, from 0.
    sources : tuple of Source
        The files, or ranges of files.

    Examples
    --------
    >>> shard = Shard(0, (Source("pages/a.html", "a.html"),))
    >>> Shard.from_json(shard.as_json()) == shard
    True
    """

    number: int
    sources: tuple[Source, ...]

    def as_json(self) -> dict[str, Any]:
        """Return plain lists and numbers for `json.dumps`."""
        return {"number": self.number, "sources": [list(source) for source in self.sources]}

    @classmethod
    def from_json(cls, plain: dict[str, Any]) -> Shard:
        """Return the shard that `as_json` described."""
        return cls(plain["number"], tuple(Source(*source) for source in plain["sources"]))


def plan_shards(inputs: Iterable[str | Path], size: int = SHARD_BYTES) -> list[Shard]:
    """Cut inputs into shards of about the same work.

    Large archives and tables are cut, too (see `ranges`).

    Parameters
    ----------
    inputs : iterable of str or Path
        As for `unspun.crawl.reading.articles.read_articles`.
    size : int
        Bytes of uncompressed pages a shard should hold; at most `MAX_SOURCES` files, too.

    Returns
    -------
    list of Shard
        In the order of the inputs; the same for the same inputs and size.

    Raises
    ------
    InputError
        When an input does not exist.
    """
    shards: list[Shard] = []
    group: list[Source] = []
    weight = 0
    for source in _ranges(inputs, size):
        grown = weight + _weight(source)
        if group and (grown > size or len(group) >= MAX_SOURCES):
            shards.append(Shard(len(shards), tuple(group)))
            group, grown = [], _weight(source)
        group.append(source)
        weight = grown
    return [*shards, Shard(len(shards), tuple(group))] if group else shards


def _ranges(inputs: Iterable[str | Path], size: int) -> Iterator[Source]:
    for source in list_sources(inputs):
        yield from cut(source, max(1, size // _ratio(source)))


def _weight(source: Source) -> int:
    return source.size * _ratio(source)


def _ratio(source: Source) -> int:
    return next((ratio for end, ratio in _RATIOS.items() if source.path.lower().endswith(end)), 1)
