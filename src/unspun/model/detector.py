"""Offer the model to scikit-learn: an estimator that takes pairs of texts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Self

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.validation import check_is_fitted

from unspun.comparison.comparing import Comparison, compare_all
from unspun.io.labels import RELATIONS, SPUN
from unspun.io.pair_frames import pairs_frame
from unspun.model.calibration import Floats
from unspun.model.cross_fitting import Labelled, grouped_splits
from unspun.model.detector_fitting import TrainingRows, fit_detector
from unspun.model.direction_classifier import DirectionSettings
from unspun.model.document_classifier import DocumentRows
from unspun.model.pair_featurizer import PairFeaturizer
from unspun.model.persistence import load_model, save_model
from unspun.model.spin_classifier import ClassifierSettings
from unspun.model.spin_model import NOT_SPUN, Scored, SpinModel
from unspun.text.tokenizer import read_text


class SpinDetector(ClassifierMixin, BaseEstimator):
    """Tell how likely one of two texts was machine-spun from the other, and which.

    Pairs of texts come in every form that `unspun.io.pair_frames.pairs_frame` takes: a DataFrame of pandas or polars
    with the columns ``source`` and ``suspect``, a list of pairs, an array (n, 2). Probabilities hold for a mix in which
    half of the pairs are spun, unless another prior is given.

    Parameters
    ----------
    classifier : ClassifierSettings, optional
        How to fit what tells the relations apart; as the packaged model was fitted if not given.
    direction : DirectionSettings, optional
        How to fit what tells which side is spun.
    name : str
        Stands beside every score, to tell models apart.
    prior : float
        The share of spun pairs expected among those asked about, in (0, 1): what every score is for, unless a method
        is given another.

    Attributes
    ----------
    model_ : SpinModel
        What was fitted.
    classes_ : array
        `unspun.io.labels.RELATIONS`, the order of every row of probabilities; False and True when it was fitted on a
        boolean ``y``.
    n_features_in_ : int
        2, the texts of a pair.
    feature_names_in_ : array of str
        ``source`` and ``suspect``.

    Examples
    --------
    >>> pairs = [("The old ferry sank off the quay.", "The aged ferryboat foundered off the wharf.")] * 6
    >>> pairs += [("The old ferry sank off the quay.", "The old ferry sank off the quay.")] * 6
    >>> detector = SpinDetector(ClassifierSettings(max_iter=5, min_samples_leaf=2))
    >>> detector.fit(pairs, [True] * 6 + [False] * 6).predict(pairs[5:7]).tolist()
    [True, False]
    """

    def __init__(
        self,
        classifier: ClassifierSettings | None = None,
        direction: DirectionSettings | None = None,
        name: str = "unnamed",
        prior: float = 0.5,
    ) -> None:
        self.classifier = classifier
        self.direction = direction
        self.name = name
        self.prior = prior

    def __sklearn_tags__(self) -> Any:
        """Tell scikit-learn that rows are of texts."""
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        return tags

    # ------------------------------------------------------------------ fitting

    def fit(self, pairs: Any, y: ArrayLike, groups: ArrayLike | None = None) -> Self:
        """Fit on pairs of texts.

        Parameters
        ----------
        pairs : DataFrame, list of pairs or array (n, 2)
            In spun pairs the suspect is the spun text.
        y : array (n,)
            Relations, or whether each pair is spun.
        groups : array (n,), optional
            Pairs of one group share a source: calibration keeps them together.

        Returns
        -------
        SpinDetector
            This one.

        Raises
        ------
        ValueError
            When the pairs are not of texts, or labels are unknown or all alike.
        """
        frame = pairs_frame(pairs)
        relation = _relations(y, len(frame))
        X = PairFeaturizer().transform(frame)
        group = np.arange(len(X)) if groups is None else np.asarray(groups)
        if group.shape != (len(X),):
            raise ValueError(f"there are {len(X)} pairs, but groups of the shape {group.shape}")
        return self.fit_rows(Labelled(X, relation, _balanced(relation == SPUN)), pd.Series(group).astype(str))

    def fit_rows(self, data: Labelled, group: pd.Series) -> Self:
        """Fit on rows of features.

        The model is calibrated on five folds of groups that are left out in turn.

        Parameters
        ----------
        data : Labelled
            The rows with their labels and weights.
        group : Series of str (n,)
            Rows of one group are kept together.

        Returns
        -------
        SpinDetector
            This one.
        """
        splits = list(grouped_splits(group))
        rows = TrainingRows(data, splits, data.weight, group)
        return self._holding(fit_detector(rows, self.classifier, self.direction, self.name).model)

    def _holding(self, model: SpinModel) -> Self:
        """Return the detector, with a model as what was fitted."""
        self.model_ = model
        two = NOT_SPUN in model.classifier.classes
        self.classes_ = np.array([False, True]) if two else np.array(RELATIONS)
        self.feature_names_in_ = np.array(["source", "suspect"], dtype=object)
        self.n_features_in_ = 2
        return self

    # ------------------------------------------------------------------ scoring

    def predict_proba(self, pairs: Any, prior: float | None = None) -> Floats:
        """Return the probabilities of the classes of every pair.

        Parameters
        ----------
        pairs : DataFrame, list of pairs or array (n, 2)
            Texts; there may be none.
        prior : float, optional
            The share of spun pairs expected among those asked about, in (0, 1); the detector's own if not given.

        Returns
        -------
        float64 array (n, n_classes)
            In the order of ``classes_``; rows sum to 1.

        Raises
        ------
        NotFittedError
            Before `fit`.
        ValueError
            When the pairs are not of texts.
        """
        relation = self._score(pairs, prior).relation
        if len(self.classes_) == 2:
            return np.column_stack([1 - relation[:, 0], relation[:, 0]])
        return relation

    def predict(self, pairs: Any, prior: float | None = None) -> NDArray[Any]:
        """Return the most probable class of every pair.

        Parameters
        ----------
        pairs : DataFrame, list of pairs or array (n, 2)
            Texts.
        prior : float, optional
            As of `predict_proba`.

        Returns
        -------
        array (n,)
            Of ``classes_``.
        """
        best = self.predict_proba(pairs, prior).argmax(axis=1)
        return np.asarray(self.classes_[best])

    def p_spun(self, pairs: Any, prior: float | None = None) -> Floats:
        """Return the probability that each pair is spun.

        Parameters
        ----------
        pairs : DataFrame, list of pairs or array (n, 2)
            Texts.
        prior : float, optional
            As of `predict_proba`.

        Returns
        -------
        float64 array (n,)
            In [0, 1].
        """
        return np.asarray(self._score(pairs, prior).relation[:, 0])

    def p_forward(self, pairs: Any) -> Floats:
        """Return the probability that the suspect is the spun side, (n,).

        Given that one of the two is.
        """
        return self._score(pairs, None).p_forward

    def _score(self, pairs: Any, prior: float | None) -> Scored:
        check_is_fitted(self)
        return self.score_documents(*DocumentRows.of(_compared(pairs_frame(pairs))), prior)[0]

    # ------------------------------------------------------------------ rows of features

    def model(self) -> SpinModel:
        """Return what was fitted, with the name and the prior of now.

        Raises
        ------
        NotFittedError
            Before `fit`.
        """
        check_is_fitted(self)
        return replace(self.model_, name=self.name, prior=self.prior)

    @property
    def card(self) -> Mapping[str, Any]:
        """Return the card of the model: what it was trained on and how good it is.

        Empty where it has none.
        """
        return self.model().card

    def score_rows(self, X: NDArray[Any], prior: float | None = None) -> Scored:
        """Return the probabilities of rows of features.

        Parameters
        ----------
        X : float array (n, n_features)
            NaN where a feature is undefined.
        prior : float, optional
            The share of spun pairs expected; the detector's own if not given.

        Returns
        -------
        Scored
            As `unspun.model.spin_model.SpinModel.score_rows` returns it.
        """
        return self.model().score_rows(X, prior)

    def score_documents(self, X: NDArray[Any], rows: DocumentRows, prior: float | None = None) -> tuple[Scored, Scored]:
        """Return the probabilities of documents and of their passages.

        Parameters
        ----------
        X : float array (rows, n_features)
            Features of whole pairs and of passages.
        rows : DocumentRows
            Which row is what.
        prior : float, optional
            The share of spun pairs expected; the detector's own if not given.

        Returns
        -------
        documents, passages : Scored
            As `unspun.model.spin_model.SpinModel.score_documents` returns them.
        """
        return self.model().score_documents(X, rows, prior)

    def contributions(self, X: NDArray[Any]) -> tuple[Floats, float]:
        """Return what features add to the log-odds of spun, and the bias.

        The first is (n, n_features); the prior is in the second.
        """
        return self.model().contributions(X)

    def log_odds(self, X: NDArray[Any]) -> Floats:
        """Return the log-odds of spun at the detector's prior, (n,).

        They are what `contributions` add up to.
        """
        return self.model().log_odds(X)

    # ------------------------------------------------------------------ files

    def save(self, folder: Path) -> Path:
        """Write the model into a folder and return the file.

        The same model gives the same bytes.
        """
        return save_model(self.model(), folder)


def load_detector(folder: str | Path | None = None, prior: float | None = None) -> SpinDetector:
    """Open the detector in ``folder``, or the one that ships with the package.

    Parameters
    ----------
    folder : str or Path, optional
        As `unspun.training.fitting.train` wrote it.
    prior : float, optional
        The share of spun pairs expected among those asked about; scores hold for one half if not given.

    Returns
    -------
    SpinDetector
        Fitted. `unspun.model.persistence.load_model` gives the model alone, without importing scikit-learn.

    Raises
    ------
    ModelError
        When there is no model that this version can use.
    ValueError
        For a prior outside (0, 1).
    """
    model = load_model(folder, prior)
    return SpinDetector(name=model.name, prior=model.prior)._holding(model)


def _compared(pairs: pd.DataFrame) -> list[Comparison]:
    read = lru_cache(maxsize=512)(read_text)
    return compare_all(zip(map(read, pairs["source"]), map(read, pairs["suspect"]), strict=True))


def _relations(y: ArrayLike, n: int) -> NDArray[np.str_]:
    """Return labels as relations; `NOT_SPUN` for the pairs that a boolean array calls so."""
    labels = np.asarray(y)
    if labels.shape != (n,):
        raise ValueError(f"there are {n} pairs, but labels of the shape {labels.shape}")
    if labels.dtype == bool or all(isinstance(label, (bool, np.bool_)) for label in labels.tolist()):
        return np.where(labels.astype(bool), SPUN, NOT_SPUN)
    relation = labels.astype(str)
    unknown = sorted(set(relation.tolist()) - set(RELATIONS))
    if unknown:
        raise ValueError(f"unknown relations {unknown[:5]}; give {', '.join(RELATIONS)}, or True where a pair is spun")
    return relation


def _balanced(spun: NDArray[np.bool_]) -> Floats:
    """Return weights under which both classes weigh alike; their mean is 1."""
    share = float(spun.mean()) if len(spun) else 0.0
    return np.where(spun, 0.5 / max(share, 1e-9), 0.5 / max(1 - share, 1e-9))
