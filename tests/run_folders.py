"""What tests of runs share: a crawl of several shards, and the bytes of a run's tables."""

from __future__ import annotations

import sys
from pathlib import Path

from unspun.plans import Options
from unspun.runs import TABLES

__all__ = ["CRAWL", "Path", "small_shards", "sys", "tables"]

CRAWL = Path(__file__).parent.parent / "data" / "sample" / "crawl"


def small_shards(*inputs: str | Path, **options: object) -> Options:
    """Return options under which the sample crawl has nine shards to read and five to score."""
    return Options(tuple(map(str, inputs or [CRAWL])), shard_bytes=30_000, shard_pairs=100, **options)  # type: ignore[arg-type]


def tables(run: str | Path) -> dict[str, bytes]:
    """Return the bytes of all tables of a run by name."""
    return {
        path.relative_to(run).as_posix(): path.read_bytes()
        for name in TABLES
        for path in sorted(Path(run, name).iterdir())
    }
