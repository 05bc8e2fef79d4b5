"""Change a text at places that are hit by chance."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from numpy.random import Generator

Change = tuple[int, int, str]
"""Characters ``start:stop`` of a text and what stands there afterwards."""


def hits(pattern: re.Pattern[str], text: str, rng: Generator, rate: float) -> Iterator[int]:
    """Yield the places that are hit, among all where a pattern matches.

    Parameters
    ----------
    pattern : Pattern
        Matches where something can happen.
    text : str
        Any text.
    rng : Generator
        All that is left to chance.
    rate : float
        Share of the places that are hit, in [0, 1].

    Yields
    ------
    int
        First character of a match.
    """
    places = [match.start() for match in pattern.finditer(text)]
    hit = rng.random(len(places)) < rate
    return (place for place, chosen in zip(places, hit, strict=True) if chosen)


def changed(text: str, changes: Iterable[Change]) -> str:
    """Return the text with changes made; of changes that overlap the first is made.

    Parameters
    ----------
    text : str
        Any text.
    changes : iterable of Change
        In the order of the text.

    Returns
    -------
    str

    Examples
    --------
    >>> changed("Rain fell.", [(0, 4, "Hail"), (2, 3, "x"), (9, 10, "")])
    'Hail fell'
    """
    parts, written = [], 0
    for start, stop, new in changes:
        if start >= written:
            parts += [text[written:start], new]
            written = stop
    return "".join([*parts, text[written:]])
