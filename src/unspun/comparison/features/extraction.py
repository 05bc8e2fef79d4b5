"""Compute the features of pairs of texts: one row of numbers a pair."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from unspun.comparison._batching import PairBatch
from unspun.comparison.aligned_pair import AlignedPair
from unspun.comparison.alignment import align, align_all
from unspun.comparison.features.catalogue import FEATURES
from unspun.comparison.features.feature import NAN, Evidence
from unspun.text.token_text import FloatArray, TokenText


def features_of(pair: AlignedPair) -> FloatArray:
    """Return the features of an aligned pair, float32 (len(FEATURES),).

    All are NaN when a text has no words.
    """
    return np.asarray(features_of_all([pair])[0])


def features_of_all(pairs: Sequence[AlignedPair]) -> FloatArray:
    """Return the features of aligned pairs, float32 (n, len(FEATURES))."""
    return rows_of(found_in_all(pairs))


def found_in_all(pairs: Sequence[AlignedPair]) -> list[tuple[float | Evidence, ...]]:
    """Return what every feature found in aligned pairs.

    The order is that of `FEATURES`; there is nothing where a text has no words. Feature by feature, not pair by pair:
    what one feature runs through stays in the processor's caches, which saves a quarter of the time. Where nothing is
    aligned, as in most candidates of a crawl, only what is measured over whole texts differs from pair to pair: the
    rest is measured once for all of them.
    """
    worded = [pair for pair in pairs if len(pair.source) and len(pair.suspect)]
    bare = [pair for pair in worded if not len(pair.groups)]
    measured = [pair for pair in worded if len(pair.groups)] + bare[:1]
    numbers = iter(range(len(measured)))
    # Which of those measured says what is found in each pair: the last one for all that have nothing aligned.
    told_by = [next(numbers) if len(pair.groups) else len(measured) - 1 for pair in worded]
    PairBatch.prepare(worded, measured)
    columns = []
    for feature in FEATURES:
        found = list(map(feature.measure, worded if feature.whole else measured))
        columns.append(found if feature.whole else [found[number] for number in told_by])
    rows = zip(*columns, strict=True)
    return [next(rows) if len(pair.source) and len(pair.suspect) else () for pair in pairs]


def rows_of(found: Sequence[tuple[float | Evidence, ...]]) -> FloatArray:
    """Return the numbers found in pairs, float32 (n, len(FEATURES)).

    All are NaN where nothing was found.
    """
    table = np.full((len(found), len(FEATURES)), NAN, np.float32)
    for place, row in enumerate(found):
        if row:
            table[place] = [one.value if isinstance(one, Evidence) else one for one in row]
    return table


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
