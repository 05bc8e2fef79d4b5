"""Compare two texts: align them and measure every feature, once: `Comparison`."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import chain, islice

import numpy as np

from unspun.comparison.aligned_pair import AlignedPair
from unspun.comparison.alignment import align_all
from unspun.comparison.features.extraction import Findings, features_of_all, found_in_all
from unspun.comparison.layout.segments import Evidence
from unspun.comparison.passages import passages_of
from unspun.text.token_text import FloatArray, TokenText


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """Two texts compared: all that scores and explanations are made from.

    Attributes
    ----------
    pair : AlignedPair
        The two texts and what belongs together in them.
    found : Findings
        What every feature found, in the order of `FEATURES`.
    passages : tuple of Comparison
        The passages, compared as pairs of their own, in the order of the suspect. Empty where the pair is all one
        passage, and where nothing is aligned.
    withheld : str or None
        Why the pair is not to be judged, whatever its numbers say.
    """

    pair: AlignedPair
    found: Findings
    passages: tuple[Comparison, ...] = ()
    withheld: str | None = None

    @property
    def row(self) -> FloatArray:
        """The numbers alone, float32 (f,), as the model takes them.

        All are NaN where a text has no words.
        """
        return self.found.row

    @property
    def evidence(self) -> list[Evidence]:
        """Findings of every feature, with the edits that it counted."""
        return self.found.evidence


def compare(source: TokenText, suspect: TokenText) -> Comparison:
    """Align two texts and measure every feature.

    Parameters
    ----------
    source, suspect : TokenText
        Texts as `unspun.text.tokenizer.read_text` gives them.

    Returns
    -------
    Comparison
        The same whether a pair is compared alone or among others.

    Examples
    --------
    >>> from unspun.text.tokenizer import read_text
    >>> made = compare(read_text("The old ferry sank."), read_text("The old ferryboat sank."))
    >>> made.pair.edit(1).kind.name, len(made.row) == len(made.evidence)
    ('SUBSTITUTED', True)
    """
    return compare_all([(source, suspect)])[0]


def compare_all(pairs: Iterable[tuple[TokenText, TokenText]]) -> list[Comparison]:
    """Compare many pairs of texts, each as `compare` does.

    Several are compared at a time, which takes less.
    """
    aligned = align_all(pairs)
    parts = [[part for part in passages_of(pair) if part is not pair] for pair in aligned]
    every = [*aligned, *chain.from_iterable(parts)]
    made = [Comparison(*one) for one in zip(every, found_in_all(every), strict=True)]
    rest = iter(made[len(aligned) :])
    return [replace(whole, passages=tuple(islice(rest, len(some)))) for whole, some in zip(made, parts, strict=False)]


@contextmanager
def no_search_for_cycles() -> Iterator[None]:
    """Keep Python from looking for objects that only refer to one another.

    A batch of pairs makes so many objects that they would be looked through again and again. None of them are in such
    cycles: they are freed as soon as nobody needs them.

    >>> with no_search_for_cycles():
    ...     gc.isenabled()
    False
    >>> gc.isenabled()
    True
    """
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def rows_of_all(comparisons: Sequence[Comparison]) -> FloatArray:
    """Return the rows of features of comparisons, float32 (n, f)."""
    rows = [made.row for made in comparisons]
    return np.stack(rows) if rows else features_of_all([])
