"""Spinners made of other spinners.

Part of a text, one after another, one or another.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.random import Generator

from unspun.training.spinners.sentence_pieces import runs

Spin = Callable[[str, Generator, float], str]
"""``(text, rng, strength) -> text``: pure; strength in [0, 1] is about the share that is changed."""


def partial(spin: Spin) -> Spin:
    """Return a spinner that changes one run of paragraphs.

    It is 30 to 70% of them, and leaves the others alone.
    """

    def spun(text: str, rng: Generator, strength: float) -> str:
        paragraphs = runs(text)
        n = max(1, round(len(paragraphs) * float(rng.uniform(0.3, 0.7))))
        first = int(rng.integers(len(paragraphs) - n + 1)) if paragraphs else 0
        before, middle, after = paragraphs[:first], paragraphs[first : first + n], paragraphs[first + n :]
        return "".join([*before, spin("".join(middle), rng, strength), *after])

    return spun


def chain(*steps: tuple[Spin, float]) -> Spin:
    """Return a spinner that puts the text through several spinners.

    Each works at its share of the strength: a spin of a spin.
    """

    def spun(text: str, rng: Generator, strength: float) -> str:
        for (spin, share), seed in zip(steps, rng.integers(2**62, size=len(steps)), strict=True):
            text = spin(text, np.random.default_rng(seed), share * strength)
        return text

    return spun
