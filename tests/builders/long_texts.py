"""Texts of any length in twelve shapes, made to set off the worst that aligning two texts can take."""

from __future__ import annotations

import random
from collections.abc import Callable

_STEMS = "harbour ferry council storm night keeper letter bridge market window garden river engine signal".split()


def _word(chance: random.Random) -> str:
    return chance.choice(_STEMS) + chance.choice(["", "s", "ed", "ing"])


def _rare(chance: random.Random) -> str:
    return "".join(chance.choices("abcdefghijklmnop", k=6))


def _characters(chance: random.Random) -> str:
    return "".join(chr(chance.randint(0x4E00, 0x9000)) for _ in range(12)) + "。"


SHAPES: dict[str, Callable[[random.Random], str]] = {
    "sentences of a letter": lambda chance: "A. ",
    "sentences of three letters": lambda chance: "A b c. ",
    "sentences of rare words": lambda chance: f"{_rare(chance)} {_word(chance)} {_word(chance)}. ",
    "one word": lambda chance: "gull ",
    "no blanks": lambda chance: "abcdefghij",
    "no full stops": lambda chance: _word(chance) + " ",
    "rare words": lambda chance: _rare(chance) + " ",
    "a table": lambda chance: f"{chance.randint(0, 9999)} | {_word(chance)} | {chance.randint(0, 99)}\n",
    "a list": lambda chance: f"- {_word(chance)} {_word(chance)}\n",
    "Chinese characters": _characters,
    "a paragraph again and again": lambda chance: (
        "The ferry left the harbour at noon, and the keeper wrote it down in his book as he always does.\n\n"
    ),
    "quotations": lambda chance: f'"{_word(chance)} {_word(chance)}," ',
}
"""From the name of a shape to a piece of it."""


def long_text(shape: str, n_chars: int, seed: int) -> str:
    """Return a text of this length."""
    chance, pieces, length = random.Random(seed), [], 0
    while length < n_chars:
        pieces.append(SHAPES[shape](chance))
        length += len(pieces[-1])
    return "".join(pieces)[:n_chars]
