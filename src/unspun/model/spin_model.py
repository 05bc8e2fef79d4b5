"""Turn rows of features into calibrated probabilities: the fitted model.

Scoring needs numpy and nothing else: scikit-learn fits the parts, and they are kept as arrays.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from unspun.comparison.features.catalogue import FEATURE_NAMES
from unspun.comparison.one_thread import one_thread
from unspun.io.labels import RELATIONS
from unspun.model.calibration import Floats, Interval, expit, logit, shift_prior
from unspun.model.direction_classifier import DirectionClassifier
from unspun.model.document_classifier import DocumentClassifier, DocumentRows
from unspun.model.spin_classifier import SpinClassifier

NOT_SPUN = "not spun"
"""The class of all pairs that are not spun, in models that were taught no more; they spread it over the relations."""

# What is said of texts without a word in common or without words at all: nothing was measured.
_NOTHING = "independent"
_P_NOTHING = 0.97


class Scored(NamedTuple):
    """The probabilities of rows of features.

    Attributes
    ----------
    relation : float array (n, 5)
        In the order of `unspun.io.labels.RELATIONS`; rows sum to 1, the first column is p_spun.
    p_forward : float array (n,)
        Probability that the suspect is the spun side, given that one is.
    low, high : float array (n,)
        A 90 % interval around p_spun (see `unspun.model.calibration.fit_interval`).
    """

    relation: Floats
    p_forward: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True, slots=True, eq=False)
class SpinModel:
    """A fitted model, as `unspun.model.persistence.load_model` opens it.

    Attributes
    ----------
    classifier : SpinClassifier
        Tells the relations apart.
    direction : DirectionClassifier
        Tells which side is spun.
    interval : Interval
        Around p_spun.
    documents : DocumentClassifier
        From the passages of two texts to the texts.
    name : str
        Stands beside every score, to tell models apart.
    prior : float
        The share of spun pairs expected among those asked about, in (0, 1).
    card : mapping
        What it was trained on and how good it is; empty where it has none.
    feature_names : tuple of str
        The columns it was fitted on.
    """

    classifier: SpinClassifier
    direction: DirectionClassifier
    interval: Interval = field(default_factory=Interval)
    documents: DocumentClassifier = field(default_factory=DocumentClassifier)
    name: str = "unnamed"
    prior: float = 0.5
    card: Mapping[str, Any] = field(default_factory=dict)
    feature_names: tuple[str, ...] = FEATURE_NAMES

    def __repr__(self) -> str:
        """Return the name and the prior: arrays are nothing to read."""
        return f"SpinModel(name={self.name!r}, prior={self.prior:g})"

    def with_prior(self, prior: float) -> SpinModel:
        """Return the model for another share of spun pairs, in (0, 1).

        Raises
        ------
        ValueError
            For a prior outside (0, 1).
        """
        shift_prior(np.zeros(1), prior)
        return replace(self, prior=prior)

    @one_thread
    def score_rows(self, X: NDArray[Any], prior: float | None = None) -> Scored:
        """Return the probabilities of rows of features, as `featurize_pairs` makes them.

        Rows without any value (a text without words) get a low p_spun and an even p_forward.

        Parameters
        ----------
        X : float array (n, n_features)
            NaN where a feature is undefined.
        prior : float, optional
            The share of spun pairs expected among those asked about, in (0, 1); the model's own if not given.

        Returns
        -------
        Scored
            Of n rows each.

        Raises
        ------
        ValueError
            For rows of another width or with infinities, and for a prior outside (0, 1).
        """
        prior = self.prior if prior is None else prior
        relation, p_forward = self._at_even_odds(X)
        ends = self._interval(logit(relation[:, 0]), prior)
        return Scored(_with_prior(relation, prior), p_forward, *ends)

    @one_thread
    def score_documents(self, X: NDArray[Any], rows: DocumentRows, prior: float | None = None) -> tuple[Scored, Scored]:
        """Return the probabilities of documents and of their passages.

        They are made from rows of features of both. The strongest passage of a document has the log-odds of the
        document, and the others are moved as it is.

        Parameters
        ----------
        X : float array (rows, n_features)
            Features of whole pairs and of passages.
        rows : DocumentRows
            Which row is what.
        prior : float, optional
            The share of spun pairs expected among those asked about, in (0, 1); the model's own if not given.

        Returns
        -------
        documents, passages : Scored
            Of d documents and of m passages. Relations of a document other than spun are those of its passages, weighed
            by their words.
        """
        prior = self.prior if prior is None else prior
        relation, p_forward = self._at_even_odds(X)
        log_odds = logit(relation[:, 0])
        told = self.documents.log_odds(log_odds, rows)
        empty = np.isnan(X[rows.whole]).all(axis=1)
        told[empty] = log_odds[rows.whole[empty]]
        moved = told - rows.strongest(log_odds)
        others = rows.mean_of(relation / np.maximum(1 - relation[:, :1], 1e-12), log_odds, spun=False)
        forward = expit(rows.forward(logit(p_forward), log_odds))
        documents = self._scored(told, others, forward, prior)
        own = log_odds[rows.passages] + moved[rows.owner]
        passages = self._scored(own, relation[rows.passages], p_forward[rows.passages], prior)
        return documents, passages

    def _scored(self, log_odds: Floats, relation: Floats, p_forward: Floats, prior: float) -> Scored:
        """Return probabilities with the log-odds of spun given, the other relations in proportion."""
        relation[:, 0] = expit(log_odds)
        relation[:, 1:] *= (1 - relation[:, [0]]) / np.maximum(relation[:, 1:].sum(axis=1, keepdims=True), 1e-300)
        return Scored(_with_prior(relation, prior), p_forward, *self._interval(log_odds, prior))

    def _interval(self, log_odds: Floats, prior: float) -> Floats:
        """Return the ends of the intervals around log-odds at even odds, as probabilities, (2, n)."""
        return expit(shift_prior(np.array(self.interval.apply(log_odds)), prior))

    def _at_even_odds(self, X: NDArray[Any]) -> tuple[Floats, Floats]:
        """Return the probabilities of `RELATIONS` at even odds, (n, 5), and ``p_forward``."""
        # Both ask the same networks, as a rule: these look at the rows once.
        outputs = self.classifier.network_outputs(X)
        shared = outputs if self.direction.network is self.classifier.network else None
        relation, p_forward = self._relations(X, outputs), self.direction.predict_forward(X, shared)
        empty = np.isnan(X).all(axis=1)
        relation[empty] = (1 - _P_NOTHING) / (len(RELATIONS) - 1)
        relation[empty, RELATIONS.index(_NOTHING)] = _P_NOTHING
        p_forward[empty] = 0.5
        return relation, p_forward

    def _relations(self, X: NDArray[Any], outputs: Sequence[Floats]) -> Floats:
        """Return the probabilities of `RELATIONS` at even odds, (n, 5), given what the networks say."""
        given = self.classifier.predict_proba(X, outputs)
        relation = np.zeros((len(given), len(RELATIONS)))
        for place, name in enumerate(self.classifier.classes):
            if name == NOT_SPUN:
                relation[:, 1:] = given[:, [place]] / (len(RELATIONS) - 1)
            else:
                relation[:, RELATIONS.index(str(name))] = given[:, place]
        return relation

    @one_thread
    def contributions(self, X: NDArray[Any]) -> tuple[Floats, float]:
        """Return what features add to the log-odds of spun, and the bias.

        The first is (n, n_features); the prior is in the second.
        """
        added, bias = self.classifier.contributions(X)
        return added, float(shift_prior(np.array([bias]), self.prior)[0])

    @one_thread
    def log_odds(self, X: NDArray[Any]) -> Floats:
        """Return the log-odds of spun at the model's prior, (n,).

        They are what `contributions` add up to.
        """
        return shift_prior(self.classifier.log_odds(X), self.prior)


def _with_prior(relation: Floats, prior: float) -> Floats:
    """Move probabilities that hold for equal classes to another share of spun pairs."""
    if prior == 0.5:
        return relation
    p = relation[:, 0]
    moved = expit(shift_prior(logit(p), prior))
    rest = relation[:, 1:] * ((1 - moved) / np.maximum(1 - p, 1e-300))[:, np.newaxis]
    return np.column_stack([moved, rest])
