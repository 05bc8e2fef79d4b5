"""What tests of runs share: a crawl of several shards, and the bytes of a run's tables."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from unspun.crawl.run import TABLES
from unspun.crawl.run_plan import ScanOptions

__all__ = ["CRAWL", "Path", "python_path", "small_shards", "sys", "tables"]

CRAWL = Path(__file__).parents[2] / "data" / "sample" / "crawl"


def python_path(*folders: Path) -> str:
    """Return a PYTHONPATH with the builders and further folders on it, for a process of its own."""
    return os.pathsep.join(map(str, (Path(__file__).parent, *folders, os.environ.get("PYTHONPATH", ""))))


def small_shards(*inputs: str | Path, **options: object) -> ScanOptions:
    """Return options under which the sample crawl has nine shards to read and five to score."""
    return ScanOptions(tuple(map(str, inputs or [CRAWL])), shard_bytes=30_000, shard_pairs=100, **options)  # type: ignore[arg-type]


def tables(run: str | Path) -> dict[str, bytes]:
    """Return the bytes of all tables of a run by name."""
    return {
        path.relative_to(run).as_posix(): path.read_bytes()
        for name in TABLES
        for path in sorted(Path(run, name).iterdir())
    }
