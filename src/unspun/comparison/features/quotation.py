"""Quotations: people keep a speaker's words, machines do not see the marks."""

from __future__ import annotations

import numpy as np

from unspun.comparison.aligned_pair import KEPT, AlignedPair
from unspun.comparison.features.feature import NAN, Evidence, OneText, feature, of_either_text
from unspun.comparison.pair_view import Side, view
from unspun.comparison.short_arrays import among, mean, ratio
from unspun.text.token_text import BoolArray, once

_FEWEST_QUOTED = 4
"""Words below which a quotation is left aside: shorter ones are often scare quotes."""
_EXAMPLE = (
    'The owner said: "The old ferry was safe and we checked every bolt of her hull."',
    'The owner said: "The old boat was safe and we checked every bolt of her hull."',
)
"""Two texts for the examples: one of 13 quoted words is swapped."""


@once
def _quoted(pair: AlignedPair) -> tuple[BoolArray, BoolArray]:
    """Return which aligned words stand in a quotation of at least four words."""
    v = view(pair)
    return _in_long_quotation(v.source), _in_long_quotation(v.suspect)


def _in_long_quotation(side: Side) -> BoolArray:
    quotes = side.text.quotes
    if not quotes.any():
        return np.zeros(len(quotes), np.bool_)
    sizes = np.bincount(quotes, minlength=1)
    long = sizes >= _FEWEST_QUOTED
    long[0] = False
    return np.asarray(long[quotes] & side.aligned)


@feature(0, 1, identical=0, family="untouched", label="words changed inside quotation marks")
def quotation_change_rate(pair: AlignedPair) -> float:
    """Return the share of quoted words that changed.

    Both texts have them in quotation marks. Of both texts' words; NaN where one has fewer than eight in quotations that
    have a mate.

    >>> quotation_change_rate.between(*_EXAMPLE) == round(1 / 13, 3)
    True
    """
    changed, _ = _changes_inside_and_outside(pair)
    return changed


@feature(-1, 1, identical=0, family="untouched", label="quotations changed more than the rest")
def quotation_excess(pair: AlignedPair) -> float:
    """Return how much more quoted words changed than the words outside quotations.

    Below 0 where people wrote (a speaker's words stay), near 0 where a machine did not see the marks. NaN as
    `quotation_change_rate`.

    >>> quotation_excess.between(*_EXAMPLE) == round(1 / 13, 3)
    True
    """
    inside, outside = _changes_inside_and_outside(pair)
    return inside - outside


@once
def _changes_inside_and_outside(pair: AlignedPair) -> tuple[float, float]:
    v, (quoted_a, quoted_b) = view(pair), _quoted(pair)
    if not quoted_a.any() or not quoted_b.any():
        return NAN, NAN
    changed_inside, changed_outside = [], []
    for side, own, other in ((v.source, quoted_a, quoted_b), (v.suspect, quoted_b, quoted_a)):
        both = (side.mate >= 0) & own
        both[both] = other[side.mate[both]]
        # A word without a mate counts as changed inside when its quotation has a mate at all.
        inside = own & among(side.text.quotes, side.text.quotes[both])
        if np.count_nonzero(inside) < 2 * _FEWEST_QUOTED:
            return NAN, NAN
        changed_inside.append(side.kind[inside] != KEPT)
        changed_outside.append(side.kind[side.aligned & ~own] != KEPT)
    return mean(np.concatenate(changed_inside)), mean(np.concatenate(changed_outside))


@feature(0, 100, identical=0, family="untouched", label="words swapped inside quotation marks")
def altered_quotation_rate(pair: AlignedPair) -> Evidence:
    """Return content-word swaps inside quotations, per hundred quoted words.

    The quotation marks are in both texts. NaN when the texts have fewer than eight aligned quoted words each, on
    average.

    >>> altered_quotation_rate.between(*_EXAMPLE) == round(100 / 13, 3)
    True
    """
    v, (quoted_a, quoted_b) = view(pair), _quoted(pair)
    inside = quoted_a[v.swaps.source] & quoted_b[v.swaps.suspect]
    edits = v.swaps.edits[inside]
    total = int(quoted_a.sum() + quoted_b.sum()) / 2
    if total < 2 * _FEWEST_QUOTED:
        return Evidence(NAN, edits[:0])
    return Evidence.per(edits, 100 * len(edits), total)


@of_either_text(
    0,
    1,
    identical=1,
    family="untouched",
    label="quotations kept word for word",
    backwards="quotations_kept_rate_suspect",
)
def quotations_kept_rate(one: OneText) -> float:
    """Return the share of this text's aligned quotations kept word for word.

    NaN without any.

    >>> quotations_kept_rate.between(*_EXAMPLE)
    (0.0, 0.0)
    """
    side, quoted = one.side, one.own(_quoted(one.pair))
    numbers = side.text.quotes[quoted]
    if not len(numbers):
        return NAN
    total = np.bincount(numbers)
    kept = np.bincount(numbers, weights=side.kind[quoted] == KEPT)
    return ratio(int((kept[total > 0] == total[total > 0]).sum()), int((total > 0).sum()))
