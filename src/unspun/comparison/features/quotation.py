"""Quotations: people keep a speaker's words, machines do not see the marks."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from unspun.comparison.aligned_pair import KEPT
from unspun.comparison.features.feature import NAN, feature, of_either_text
from unspun.comparison.layout.pair_view import Side, View
from unspun.comparison.layout.segments import Measured, Numbers, Places, ratio
from unspun.text.token_text import BoolArray, once

_FEWEST_QUOTED = 4
"""Words below which a quotation is left aside: shorter ones are often scare quotes."""
_EXAMPLE = (
    'The owner said: "The old ferry was safe and we checked every bolt of her hull."',
    'The owner said: "The old boat was safe and we checked every bolt of her hull."',
)
"""Two texts for the examples: one of 13 quoted words is swapped."""


class Quoted(NamedTuple):
    """Aligned words of one side that stand in quotations of at least four words.

    ``mask`` is true for them, (n,); ``places`` are theirs, ``numbers`` those of their quotations, of which there are
    ``n`` in all.
    """

    mask: BoolArray
    places: Places
    numbers: NDArray[np.int64]
    n: int


@once
def _quoted(v: View) -> tuple[Quoted, Quoted]:
    """Return the quoted words of both sides."""
    return _in_long_quotations(v.source), _in_long_quotations(v.suspect)


def _in_long_quotations(side: Side) -> Quoted:
    places, numbers = side.texts.quoted
    sizes = np.bincount(numbers)
    chosen = np.flatnonzero((sizes[numbers] >= _FEWEST_QUOTED) & side.aligned[places])
    mask = np.zeros(len(side.kind), np.bool_)
    mask[places[chosen]] = True
    return Quoted(mask, places[chosen], numbers[chosen], len(sizes))


@feature(0, 1, identical=0, family="untouched", label="words changed inside quotation marks")
def quotation_change_rate(v: View) -> Numbers:
    """Return the share of quoted words that changed.

    Both texts have them in quotation marks. Of both texts' words; NaN where one has fewer than eight in quotations that
    have a mate.

    >>> quotation_change_rate.between(*_EXAMPLE) == round(1 / 13, 3)
    True
    """
    changed, _ = _changes_inside_and_outside(v)
    return changed


@feature(-1, 1, identical=0, family="untouched", label="quotations changed more than the rest")
def quotation_excess(v: View) -> Numbers:
    """Return how much more quoted words changed than the words outside quotations.

    Below 0 where people wrote (a speaker's words stay), near 0 where a machine did not see the marks. NaN as
    `quotation_change_rate`.

    >>> quotation_excess.between(*_EXAMPLE) == round(1 / 13, 3)
    True
    """
    inside, outside = _changes_inside_and_outside(v)
    return inside - outside


@once
def _changes_inside_and_outside(v: View) -> tuple[Numbers, Numbers]:
    """Return the share of words that changed inside quotations that have a mate, and outside quotations."""
    quoted = _quoted(v)
    counts = []
    for side, own, other in zip(v.sides, quoted, quoted[::-1], strict=True):
        mates = side.mate[own.places]
        # A word without a mate counts as changed inside when its quotation has a mate at all.
        has_mate = np.zeros(own.n, np.bool_)
        has_mate[own.numbers[(mates >= 0) & other.mask[mates]]] = True
        places, outside = own.places[has_mate[own.numbers]], side.aligned & ~own.mask
        inside, changed = side.words.chosen(places), side.kind != KEPT
        counts.append(
            [
                inside.sizes,
                inside.count(changed[places]),
                side.words.count(outside),
                side.words.count(outside & changed),
            ]
        )
    inside, changed_inside, outside, changed_outside = (a + b for a, b in zip(*counts, strict=True))
    enough = np.minimum(counts[0][0], counts[1][0]) >= 2 * _FEWEST_QUOTED
    return np.where(enough, ratio(changed_inside, inside), NAN), np.where(enough, ratio(changed_outside, outside), NAN)


@feature(0, 100, identical=0, family="untouched", label="words swapped inside quotation marks")
def altered_quotation_rate(v: View) -> Measured:
    """Return content-word swaps inside quotations, per hundred quoted words.

    The quotation marks are in both texts. NaN when the texts have fewer than eight aligned quoted words each, on
    average.

    >>> altered_quotation_rate.between(*_EXAMPLE) == round(100 / 13, 3)
    True
    """
    quoted_a, quoted_b = _quoted(v)
    total = (v.source.words.chosen(quoted_a.places).sizes + v.suspect.words.chosen(quoted_b.places).sizes) / 2
    enough = total >= 2 * _FEWEST_QUOTED
    inside = quoted_a.mask[v.swaps.source] & quoted_b.mask[v.swaps.suspect]
    edits = v.swaps.edits.where(inside & enough[v.swaps.edits.of.owner])
    return edits.per(100 * edits.of.sizes, np.where(enough, total, 0))


@of_either_text(
    0,
    1,
    identical=1,
    family="untouched",
    label="quotations kept word for word",
    backwards="quotations_kept_rate_suspect",
)
def quotations_kept_rate(v: View) -> tuple[Numbers, Numbers]:
    """Return the share of this text's aligned quotations kept word for word.

    NaN without any.

    >>> quotations_kept_rate.between(*_EXAMPLE)
    (0.0, 0.0)
    """
    quoted_a, quoted_b = _quoted(v)
    return _kept_rate(v.source, quoted_a), _kept_rate(v.suspect, quoted_b)


def _kept_rate(side: Side, quoted: Quoted) -> Numbers:
    """Return the share of quotations with every word kept."""
    total = np.bincount(quoted.numbers)
    kept = np.bincount(quoted.numbers, weights=side.kind[quoted.places] == KEPT)
    # A quotation is of the text that its first word is of.
    quotations, first = np.unique(quoted.numbers, return_index=True)
    owner, n = side.words.owner[quoted.places[first]], len(side.words)
    whole = (kept == total)[quotations]
    return ratio(np.bincount(owner, whole, n), np.bincount(owner, minlength=n))
