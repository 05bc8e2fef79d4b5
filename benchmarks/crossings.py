"""Count how often one score of a pair crosses from module to module of ours.

A crossing is a call of a Python function whose caller stands in another module of the package. Much crossing means
that a reader must leap between files to follow one score. Run: ``python benchmarks/crossings.py A.txt B.txt``.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from types import FrameType

import unspun

Crossing = tuple[str, str]
"""The modules of the caller and of what is called."""


def crossings(source: str, suspect: str) -> Counter[Crossing]:
    """Return how often a score crosses between each two modules, everything loaded.

    Parameters
    ----------
    source, suspect : str
        The two texts.

    Returns
    -------
    Counter
        Calls by the modules of caller and called.
    """
    unspun.score(source, suspect)
    found: Counter[Crossing] = Counter()

    def watch(frame: FrameType, event: str, argument: object) -> None:
        caller = frame.f_back
        if event == "call" and caller is not None:
            here, there = caller.f_globals.get("__name__", ""), frame.f_globals.get("__name__", "")
            if here != there and here.startswith("unspun.") and there.startswith("unspun."):
                found[here, there] += 1

    sys.setprofile(watch)
    try:
        unspun.score(source, suspect)
    finally:
        sys.setprofile(None)
    return found


def main() -> None:
    """Print the count, and where most of it is."""
    source, suspect = (path.read_text(encoding="utf-8") for path in map(Path, sys.argv[1:3]))
    found = crossings(source, suspect)
    print(f"{found.total():,} calls cross from module to module")
    for (here, there), n in found.most_common(15):
        print(f"{n:5,}  {here} -> {there}")


if __name__ == "__main__":
    main()
