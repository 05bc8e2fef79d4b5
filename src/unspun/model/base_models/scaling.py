"""Put columns on one scale, for the base models that add them up."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from unspun.model.calibration import Floats

# One extreme value must not decide: standardised values are cut off here.
_LIMIT = 3.0


class Scaling(NamedTuple):
    """Standardise columns; NaN takes the column's median.

    Attributes
    ----------
    median, mean, scale : float array (m,)
        Of the columns; the scale of a column that does not vary is 1.
    """

    median: Floats
    mean: Floats
    scale: Floats

    @classmethod
    def fit(cls, X: NDArray[Any], weight: Floats) -> Scaling:
        """Return the scaling of rows.

        Parameters
        ----------
        X : float array (n, m)
            A column that is all NaN counts as zeros.
        weight : float array (n,)
            Of the rows.

        Returns
        -------
        Scaling
            Of m columns.
        """
        rows = np.asarray(X, np.float64)
        median = np.array([np.median(known) if len(known) else 0.0 for known in map(_known, rows.T)])
        rows = np.where(np.isnan(rows), median, rows)
        mean = np.average(rows, axis=0, weights=weight)
        scale = np.sqrt(np.average((rows - mean) ** 2, axis=0, weights=weight))
        return cls(median, mean, np.where(scale > 1e-9, scale, 1.0))

    def apply(self, X: NDArray[Any]) -> Floats:
        """Return rows standardised and cut off at three standard deviations.

        >>> one = np.ones(1)
        >>> Scaling(one, one, 2 * one).apply(np.array([[3.0], [np.nan], [99.0]])).ravel()
        array([1., 0., 3.])
        """
        rows = np.asarray(X, np.float64)
        filled = np.where(np.isnan(rows), self.median, rows)
        return np.clip((filled - self.mean) / self.scale, -_LIMIT, _LIMIT)


def _known(column: Floats) -> Floats:
    return column[~np.isnan(column)]
