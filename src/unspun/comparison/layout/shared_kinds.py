"""Look for what two sides have in common, in many pairs at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from unspun.comparison.layout.segments import Numbers, Segments, ratio

_ONE = np.uint64(1)
Kinds = tuple[NDArray[Any], Segments]
"""What is looked for in texts, by number, and the pair of each; of one side."""
Looked = tuple[Kinds, Kinds]
"""What is looked for in the sources, and in the suspects."""


def shares_of_kinds(looked: Sequence[Looked]) -> list[Numbers]:
    """Return the shares of the distinct things of either side that the other has.

    Parameters
    ----------
    looked : sequence of Looked
        Several things to look for: those of both sides, by number, in any order; the pair that each is of.

    Returns
    -------
    list of float64 (n,)
        Two each: of those of the sources, and of those of the suspects; NaN where there are none.

    Examples
    --------
    >>> one = Segments(np.array([0, 3]))
    >>> shares_of_kinds([((np.array([5, 7, 7]), one), (np.array([7, 8, 9]), one))])
    [array([0.5]), array([0.33333333])]
    """
    sides = [Segments.joined([side[1] for side in some]) for some in zip(*looked, strict=True)]
    both = Segments(sides[0].bounds + sides[1].bounds)
    # Of both sides in one, with the side as the last bit: sorted, what both have stands side by side.
    things = np.empty(both.bounds[-1], np.uint64)
    befores = sides[1].bounds[:-1], sides[0].bounds[1:]
    for side, (of, before) in enumerate(zip(sides, befores, strict=True)):
        numbers = np.concatenate([some[side][0].astype(np.uint64) for some in looked])
        things[np.arange(len(numbers)) + before[of.owner]] = (numbers << _ONE) | np.uint64(side)
    for own in both.parts(things):
        own.sort()
    first = np.ones(len(things), np.bool_)
    first[1:] = things[1:] != things[:-1]
    in_both = np.zeros(len(things), np.bool_)
    in_both[1:] = (things[1:] ^ things[:-1]) == _ONE
    starts = both.bounds[:-1][both.sizes > 0]
    first[starts], in_both[starts] = True, False
    of_suspect = (things & _ONE) == _ONE
    shared, *distinct = both.count(np.array([in_both, first & ~of_suspect, first & of_suspect]))
    shares = ratio(np.array([shared, shared]), np.array(distinct)).reshape(2, len(looked), -1)
    return [column for some in shares.swapaxes(0, 1) for column in some]
