"""Rewrite set wordings by a table.

Each place where one occurs is a draw of its own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from numpy.random import Generator

from unspun.training.spinners.places import copy_capitals


@dataclass(frozen=True, slots=True)
class Wordings:
    """A table of wordings in small letters, each with what may stand for it."""

    pattern: re.Pattern[str]
    options: Mapping[str, tuple[str, ...]]


def wordings(table: str) -> Wordings:
    """Read a table.

    A line ``old | new | another`` each; an empty new wording drops the old one.

    >>> wordings("in order to | to").options
    {'in order to': ('to',)}
    """
    rows = [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]
    options = {old: tuple(new) for old, *new in rows}
    longest_first = sorted(options, key=lambda old: (-len(old), old))
    alternatives = "|".join(re.escape(old).replace("'", "['’]") for old in longest_first)
    # A word that is part of a compound, or the possessor of something, is another word.
    return Wordings(re.compile(rf"(?<![\w'’-])(?:{alternatives})(?![\w-]|['’]\w)", re.IGNORECASE), options)


def reword(text: str, table: Wordings, rng: Generator, share: float) -> str:
    """Return the text with a share of the wordings of a table rewritten.

    Capitals are copied.

    Parameters
    ----------
    text : str
        Any text.
    table : Wordings
        Wordings and what may stand for each.
    rng : Generator
        Picks which are rewritten, and how.
    share : float
        Share of the wordings that are rewritten, in [0, 1].

    Returns
    -------
    str
        The text rewritten.

    Examples
    --------
    >>> import numpy as np
    >>> reword("Because it rained", wordings("because | since"), np.random.default_rng(0), 1.0)
    'Since it rained'
    """

    def replaced(match: re.Match[str]) -> str:
        options = table.options[match[0].lower().replace("’", "'")]
        lots = rng.random(2)
        new = options[int(lots[1] * len(options))]
        return copy_capitals(match[0], new) if lots[0] < share and _sentence_word(match) else match[0]

    return _CLOSED_UP.sub(" ", table.pattern.sub(replaced, text)) if share > 0 else text


_CLOSED_UP = re.compile(r"(?<=\w)  (?=\w)")


def _sentence_word(match: re.Match[str]) -> bool:
    """Whether a wording is part of the sentence, not of a name (`the Will of ...`) or a heading in capitals."""
    old, before = match[0], match.string[: match.start()].rstrip()
    if old == "I" or not old[0].isupper():
        return True
    return not old.isupper() and (not before or before[-1] in '.!?\n"“”‘:')
