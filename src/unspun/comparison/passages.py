"""Find the passages of an aligned pair: stretches that stay together in both texts."""

from __future__ import annotations

import numpy as np

from unspun.text.token_text import IntArray


def number_passages(rows: IntArray) -> IntArray:
    """Return for each row the number of its run: rows that follow one another in both texts."""
    if not len(rows):
        return np.zeros(0, np.int32)
    follows = (rows[1:, 0] == rows[:-1, 1]) & (rows[1:, 2] == rows[:-1, 3])
    return np.concatenate([[0], np.cumsum(~follows)]).astype(np.int32)
