"""Offer the features to scikit-learn: a transformer that takes pairs of texts."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, TransformerMixin

from unspun.comparison.features.catalogue import FEATURE_NAMES
from unspun.comparison.features.extraction import featurize_pairs
from unspun.io.pair_frames import pairs_frame
from unspun.text.tokenizer import read_text


class PairFeaturizer(TransformerMixin, BaseEstimator):
    """Turn pairs of texts into rows of features.

    Examples
    --------
    >>> pairs = [("The old ferry sank.", "The old ferryboat sank.")]
    >>> PairFeaturizer().set_output(transform="pandas").fit_transform(pairs).shape == (1, len(FEATURE_NAMES))
    True
    """

    def fit(self, pairs: Any, y: object = None) -> Self:
        """Learn nothing; check the pairs.

        Parameters
        ----------
        pairs : DataFrame, list of pairs or array (n, 2)
            As `unspun.io.pair_frames.pairs_frame` takes them.
        y : object
            Not used.

        Returns
        -------
        PairFeaturizer
            This one.
        """
        pairs_frame(pairs)
        self.n_features_out_ = len(FEATURE_NAMES)
        return self

    def transform(self, pairs: Any) -> NDArray[np.float32]:
        """Return the features of pairs.

        Parameters
        ----------
        pairs : DataFrame, list of pairs or array (n, 2)
            As `unspun.io.pair_frames.pairs_frame` takes them.

        Returns
        -------
        float32 array (n, len(FEATURE_NAMES))
            NaN where a feature is undefined.
        """
        frame, read = pairs_frame(pairs), lru_cache(maxsize=512)(read_text)
        return featurize_pairs(map(read, frame["source"]), map(read, frame["suspect"]))

    def get_feature_names_out(self, input_features: object = None) -> NDArray[np.object_]:
        """Return the names of the columns."""
        return np.array(FEATURE_NAMES, dtype=object)
