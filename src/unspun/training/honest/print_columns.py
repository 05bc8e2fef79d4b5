"""Set a text in lines of one width.

Print columns, mail and old archives have it so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from numpy.random import Generator

from unspun.training.honest.text_changes import changed, hits

_GAP = re.compile(r"(?<=[^\W\d_]) (?=[^\W\d_])")
_BREAK = re.compile(r"(?<=[aeiouy])(?=[bcdfghjklmnpqrstvwxz][aeiouy])|(?<=[aeiouy][bcdfgklmnprst])(?=[bcdfgklmnprst])")
_WIDTHS = (26, 32, 38, 46, 58, 66, 72, 80)
_SIZE_OF_WORD = 5.7
"""Letters of an average word, with the blank after it."""


def line_end_hyphens(text: str, rng: Generator, rate: float) -> str:
    r"""Return the text in lines of one width, with words broken at their ends.

    The rate is of all words. In some texts the hyphens are soft ones, in some the lines were joined again and the
    hyphens stayed.

    Parameters
    ----------
    text : str
        Any text.
    rng : Generator
        All that is left to chance.
    rate : float
        Share of places that are hit, in [0, 1].

    Returns
    -------
    str

    Examples
    --------
    >>> import numpy as np
    >>> line_end_hyphens("Nobody remembered the harbour before the flooding.", np.random.default_rng(23), 1.0)
    'Nobody remembered the har-\nbour before the flooding.'
    """
    width, lot = int(rng.choice(_WIDTHS)), float(rng.random())
    chance = min(1.0, rate * width / _SIZE_OF_WORD)
    hyphen, end = ("\u00ad", "\n") if lot > 0.9 else ("-", " " if lot > 0.8 else "\n")
    return "\n".join(end.join(_lines(line, width, rng, chance, hyphen)) for line in text.split("\n"))


def hard_wrapped(text: str, rng: Generator, rate: float) -> str:
    r"""Return the text in lines of one width.

    Mail and old archives have it so; the rate is of blanks set wider.

    Parameters
    ----------
    text : str
        Any text.
    rng : Generator
        All that is left to chance.
    rate : float
        Share of places that are hit, in [0, 1].

    Returns
    -------
    str

    Examples
    --------
    >>> import numpy as np
    >>> hard_wrapped("Nobody remembered the harbour before the flooding.", np.random.default_rng(23), 0.0)
    'Nobody remembered the\nharbour before the\nflooding.'
    """
    width = int(rng.choice(_WIDTHS))
    text = changed(text, ((i, i, " ") for i in hits(_GAP, text, rng, rate)))
    return "\n".join("\n".join(_lines(line, width, rng, 0.0, "")) for line in text.split("\n"))


def _lines(paragraph: str, width: int, rng: Generator, chance: float, hyphen: str) -> Iterator[str]:
    """Yield the lines of a paragraph; a word that does not fit is broken with some chance."""
    line = ""
    for word in re.split(r"(?<=\S) (?=\S)", paragraph):
        room = width - len(line) - 2
        if not line:
            line = word
        elif len(word) < room + 2:
            line += f" {word}"
        else:
            places = [m.start() for m in _BREAK.finditer(word) if 2 <= m.start() <= min(room, len(word) - 3)]
            broken = places[-1] if places and word.strip(".,;:!?”’\"'").isalpha() and rng.random() < chance else 0
            yield f"{line} {word[:broken]}{hyphen}" if broken else line
            line = word[broken:]
    yield line
