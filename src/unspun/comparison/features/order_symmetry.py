"""Show the features of a pair as the other order of its texts gives them.

Swapping the two texts of a pair exchanges some columns and turns the sign of others. A feature is kept in two numbers:
the level, its mean over both orders, which stays; and the gap, half the difference between them, which turns its sign.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from unspun.comparison.features.catalogue import FEATURES
from unspun.comparison.features.feature import NEGATED, Feature
from unspun.text.token_text import FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class OrderSymmetry:
    """Hold what becomes of every column when the two texts of a pair change places.

    Attributes
    ----------
    partners : int array (f,)
        The column that takes the place of each; its own number where a column stays.
    signs : int8 array (f,)
        -1 where the value turns its sign, else 1.

    Examples
    --------
    >>> symmetry = OrderSymmetry(np.array([1, 0, 2]), np.array([1, 1, -1], np.int8))
    >>> symmetry.mirror(np.array([[1.0, 3.0, -2.0]])).tolist()
    [[3.0, 1.0, 2.0]]
    >>> symmetry.levels_and_gaps(np.array([[1.0, 3.0, -2.0]])).tolist()
    [[2.0, -1.0, -2.0]]
    """

    partners: NDArray[np.intp]
    signs: NDArray[np.int8]

    @classmethod
    def of(cls, features: Sequence[Feature]) -> Self:
        """Return the symmetry that features declare, in their order."""
        places = {feature.name: place for place, feature in enumerate(features)}
        partners = [places.get(feature.swapped, place) for place, feature in enumerate(features)]
        signs = [-1 if feature.swapped == NEGATED else 1 for feature in features]
        return cls(np.array(partners, np.intp), np.array(signs, np.int8))

    @classmethod
    def of_plan(cls, n_features: int, partners: ArrayLike | None = None, signs: ArrayLike | None = None) -> Self:
        """Return the symmetry of a plan; without one, every column stays as it is.

        Parameters
        ----------
        n_features : int
            How many columns there are.
        partners, signs : array (n_features,), optional
            As the attributes.

        Returns
        -------
        OrderSymmetry
            The same plan as an object.

        Examples
        --------
        >>> OrderSymmetry.of_plan(2).partners.tolist()
        [0, 1]
        """
        stay = np.arange(n_features) if partners is None else np.asarray(partners, np.intp)
        plain = np.ones(n_features, np.int8) if signs is None else np.asarray(signs, np.int8)
        return cls(stay, plain)

    @property
    def n_features(self) -> int:
        """Number of features of a pair."""
        return len(self.partners)

    def mirror(self, X: NDArray[Any]) -> NDArray[Any]:
        """Return the features of the same pairs, shown in the other order.

        Twice mirrored is the same.
        """
        return np.asarray(X[:, self.partners] * self.signs.astype(X.dtype), X.dtype)

    def parts_plan(self) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Return the features whose level, and those whose gap, stand for a pair.

        Two features that exchange places share one level and one gap; a feature that turns its sign has no level,
        and one that stays has no gap.

        >>> [part.tolist() for part in OrderSymmetry.of_plan(3, [1, 0, 2], [1, 1, -1]).parts_plan()]
        [[0], [0, 2]]
        """
        own = np.arange(self.n_features)
        turns = (self.signs < 0) & (self.partners == own)
        return np.flatnonzero((own <= self.partners) & ~turns), np.flatnonzero((own < self.partners) | turns)

    def levels_and_gaps(self, X: NDArray[Any]) -> NDArray[Any]:
        """Return the levels of rows, (n, f), then their gaps; NaN stays.

        The other order of a pair has, to the bit, the same levels and the negative gaps.
        """
        level, gap = self.parts_plan()
        back = self.mirror(X)
        half = np.asarray(0.5, X.dtype)
        return np.concatenate([(X[:, level] + back[:, level]) * half, (X[:, gap] - back[:, gap]) * half], axis=1)

    def share_out(self, added: NDArray[Any]) -> NDArray[Any]:
        """Return what was added by levels and gaps as what the features added.

        Two features that exchange places get half each of what their level and their gap added.

        >>> OrderSymmetry.of_plan(3, [1, 0, 2], [1, 1, -1]).share_out(np.array([[2.0, 1.0, 5.0]])).tolist()
        [[1.5, 1.5, 5.0]]
        """
        out = np.zeros((len(added), self.n_features))
        for place, column in enumerate(np.concatenate(self.parts_plan())):
            out[:, column] += added[:, place] / 2
            out[:, self.partners[column]] += added[:, place] / 2
        return out


SYMMETRY = OrderSymmetry.of(FEATURES)
"""What becomes of the columns of `FEATURES`."""


def swap_order(rows: FloatArray) -> FloatArray:
    """Return the features of the same pairs shown in the other order.

    Parameters
    ----------
    rows : float array (n, len(FEATURES))
        Rows as `featurize_pairs` gives them.

    Returns
    -------
    float array (n, len(FEATURES))
        Twice swapped is the same.
    """
    return SYMMETRY.mirror(rows)
