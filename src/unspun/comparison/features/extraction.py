"""Compute the features of pairs of texts: one row of numbers a pair."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from unspun.comparison.aligned_pair import AlignedPair
from unspun.comparison.alignment import align, align_all
from unspun.comparison.features.catalogue import FEATURES
from unspun.comparison.layout.joined_texts import portions
from unspun.comparison.layout.pair_view import View
from unspun.comparison.layout.segments import NAN, Column, Evidence, Measured, evidence_of
from unspun.comparison.one_thread import one_thread
from unspun.text.token_text import FloatArray, TokenText


@dataclass(frozen=True, slots=True, eq=False)
class Findings:
    """Findings of every feature in one pair, in the order of `FEATURES`.

    Attributes
    ----------
    row : float32 (f,)
        The numbers alone, as the model takes them; all NaN where a text has no words.
    columns : sequence of Column
        What was found in all pairs that were measured together; empty where a text has no words.
    place, place_aligned : int
        The place of this pair among them, in features over whole texts and in the others.
    """

    row: FloatArray
    columns: Sequence[Column] = ()
    place: int = 0
    place_aligned: int = 0

    @property
    def evidence(self) -> list[Evidence]:
        """Findings of every feature, with the edits that it counted."""
        places = (self.place if feature.whole else self.place_aligned for feature in FEATURES)
        return [evidence_of(column, place) for column, place in zip(self.columns, places, strict=False)]


def features_of(pair: AlignedPair) -> FloatArray:
    """Return the features of an aligned pair, float32 (len(FEATURES),).

    All are NaN when a text has no words.
    """
    return np.asarray(features_of_all([pair])[0])


def features_of_all(pairs: Sequence[AlignedPair]) -> FloatArray:
    """Return the features of aligned pairs, float32 (n, len(FEATURES))."""
    rows = [found.row for found in found_in_all(pairs)]
    return np.stack(rows) if rows else np.zeros((0, len(FEATURES)), np.float32)


@one_thread
def found_in_all(pairs: Sequence[AlignedPair]) -> list[Findings]:
    """Return what every feature found in aligned pairs.

    Many pairs are measured at once, which takes a fraction of the time.
    """
    found = [Findings(row) for row in np.full((len(pairs), len(FEATURES)), NAN, np.float32)]
    worded = [place for place, pair in enumerate(pairs) if pair.source.words and pair.suspect.words]
    for places in portions(worded, lambda place: (pairs[place].source, pairs[place].suspect)):
        for place, findings in zip(places, _found_in_some([pairs[place] for place in places]), strict=True):
            found[place] = findings
    return found


def _found_in_some(pairs: Sequence[AlignedPair]) -> Iterator[Findings]:
    """Yield what is found in pairs with words, all measured at once.

    Where nothing is aligned, as in most candidates of a crawl, only what is measured over whole texts differs from
    pair to pair: the rest is measured once for all of them.
    """
    bare = [pair for pair in pairs if not len(pair.groups)]
    measured = [pair for pair in pairs if len(pair.groups)] + bare[:1]
    numbers = iter(range(len(measured)))
    # Which of those measured says what is found in each pair: the last one for all that have nothing aligned.
    told_by = [next(numbers) if len(pair.groups) else len(measured) - 1 for pair in pairs]
    over_whole = View(pairs)
    over_aligned = View(measured) if bare else over_whole
    table = np.empty((len(pairs), len(FEATURES)), np.float32)
    columns: list[Column] = []
    made: dict[object, Any] = {}
    for number, feature in enumerate(FEATURES):
        # Two features of either text are measured in one go.
        if feature.measure not in made:
            made[feature.measure] = feature.measure(over_whole if feature.whole else over_aligned)
        found = made[feature.measure]
        column: Column = found if feature.place is None else found[feature.place]
        values = column.values if isinstance(column, Measured) else column
        table[:, number] = values if feature.whole else values[told_by]
        columns.append(column)
    for place, (row, place_aligned) in enumerate(zip(table, told_by, strict=True)):
        yield Findings(row, columns, place, place_aligned)


def featurize(source: TokenText, suspect: TokenText) -> FloatArray:
    """Align two texts and return their row of features, float32 (len(FEATURES),).

    Parameters
    ----------
    source, suspect : TokenText
        The two texts.

    Returns
    -------
    float32 array (len(FEATURES),)
        All NaN when a text has no words.

    Examples
    --------
    >>> from unspun.comparison.features.catalogue import FEATURE_NAMES
    >>> from unspun.text.tokenizer import read_text
    >>> text = read_text("The old ferry sank off Marrow Point.")
    >>> row = featurize(text, text)
    >>> float(row[FEATURE_NAMES.index("kept_rate")])
    1.0
    """
    return features_of(align(source, suspect))


def featurize_pairs(sources: Iterable[TokenText], suspects: Iterable[TokenText]) -> FloatArray:
    """Return the features of many pairs, float32 (n, len(FEATURES)).

    Parameters
    ----------
    sources, suspects : iterable of TokenText
        The texts of n pairs, in one order.

    Returns
    -------
    float32 array (n, len(FEATURES))
        As `featurize` gives each.
    """
    return features_of_all(align_all(zip(sources, suspects, strict=True)))
