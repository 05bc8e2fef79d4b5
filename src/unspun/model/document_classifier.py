"""Tell whether two texts hold a spun passage, from what their passages say.

A document says what its strongest passage says, lowered for the number of passages that were looked at: of many honest
passages some look spun by chance. What the whole pair looks like, how many passages there are, how much they cover and
how long the texts are may move that so far and no farther (see `unspun.model.base_models.refinement`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from unspun.comparison.comparing import Comparison, rows_of_all
from unspun.comparison.passages import FEWEST_WORDS
from unspun.model.base_models.refinement import Refinement, RefinementSettings
from unspun.model.calibration import IDENTITY, Calibration, Floats, expit, fit_calibration
from unspun.text.token_text import FloatArray

PER_PASSAGE = 0.8
"""What log-odds are lowered by for every e-fold number of passages (docs/notebook/2026-11-30-passages.md)."""
BOUND = 1.0
"""By how much log-odds may be moved by `CONTEXT`, at most."""
CONTEXT = ("whole", "passages", "words", "covered")
"""What moves the log-odds: those of the whole pair, the logarithms of the numbers of passages and of words, and the
share of words in passages."""


class DocumentRows(NamedTuple):
    """Documents as rows of a table: the whole pairs, and the passages of each.

    Attributes
    ----------
    whole : int (d,)
        The row of every document as a whole.
    passages : int (m,)
        The rows of the passages.
    owner : int (m,)
        The document that each passage is of.
    n_passage_words : int (m,)
        Words of the shorter text of each passage.
    n_words : int (d,)
        The same of each document.
    """

    whole: NDArray[np.intp]
    passages: NDArray[np.intp]
    owner: NDArray[np.intp]
    n_passage_words: NDArray[np.int64]
    n_words: NDArray[np.int64]

    @classmethod
    def of(cls, comparisons: Sequence[Comparison]) -> tuple[FloatArray, DocumentRows]:
        """Lay compared pairs and their passages out as rows.

        Parameters
        ----------
        comparisons : sequence of Comparison
            As `unspun.comparison.comparing.compare` makes them.

        Returns
        -------
        X : float32 array (rows, n_features)
            The whole pairs first, then the passages.
        rows : DocumentRows
            Which row is what.
        """
        passages = [(k, part) for k, made in enumerate(comparisons) for part in made.passages]
        X = rows_of_all([*comparisons, *(part for _, part in passages)])
        n = len(comparisons)
        words = [
            np.array([made.pair.n_own_words for made in some], np.int64)
            for some in ([part for _, part in passages], comparisons)
        ]
        owner = np.array([k for k, _ in passages], np.intp)
        return X, cls(np.arange(n), np.arange(n, len(X)), owner, *words)

    def strongest(self, log_odds: Floats) -> tuple[Floats, NDArray[np.int64]]:
        """Return the log-odds of the strongest passage of every document.

        With the number of passages that were looked at.

        Parameters
        ----------
        log_odds : float array (rows,)
            Of all rows.

        Returns
        -------
        strongest : float array (d,)
            Those of the whole where a document has no passage of its own.
        n_passages : int array (d,)
            At least 1.
        """
        long = self.n_passage_words >= FEWEST_WORDS
        has_long = np.bincount(self.owner, long, len(self.whole)) > 0
        used = long | ~has_long[self.owner]
        n_passages = np.bincount(self.owner[used], minlength=len(self.whole))
        strongest = np.full(len(self.whole), -np.inf)
        np.maximum.at(strongest, self.owner[used], log_odds[self.passages[used]])
        strongest = np.where(n_passages > 0, strongest, log_odds[self.whole])
        return strongest, np.maximum(n_passages, 1)

    def covered(self) -> Floats:
        """Return the share of the words of every document that lies in its passages.

        Returns
        -------
        float array (d,)
            In [0, 1]; 1 where a document has no passage of its own.
        """
        words = np.bincount(self.owner, self.n_passage_words, len(self.whole))
        share = np.minimum(words / np.maximum(self.n_words, 1), 1.0)
        return np.where(np.bincount(self.owner, minlength=len(self.whole)) > 0, share, 1.0)

    def forward(self, forward: Floats, log_odds: Floats) -> Floats:
        """Return the log-odds that the suspect of every document is the spun side.

        Parameters
        ----------
        forward : float array (rows,)
            The same of all rows.
        log_odds : float array (rows,)
            Log-odds of spun, of all rows.

        Returns
        -------
        float array (d,)
            Half from the passages, as they are spun, and half from the whole.
        """
        return np.asarray((self.mean_of(forward[:, np.newaxis], log_odds, spun=True)[:, 0] + forward[self.whole]) / 2)

    def mean_of(self, values: Floats, log_odds: Floats, spun: bool) -> Floats:
        """Return means over the passages of every document, weighed by words.

        A document without passages has what its whole has.

        Parameters
        ----------
        values : float array (rows, k)
            What to take the means of.
        log_odds : float array (rows,)
            Of all rows.
        spun : bool
            Whether passages weigh by how likely they are spun, too.

        Returns
        -------
        float array (d, k)
            One row a document.
        """
        weight = self.n_passage_words * expit(log_odds[self.passages]) ** 2 if spun else self.n_passage_words * 1.0
        total = np.bincount(self.owner, weight, len(self.whole))
        out = np.array(values[self.whole], np.float64)
        some = total > 0
        for column in range(values.shape[1]):
            summed = np.bincount(self.owner, weight * values[self.passages, column], len(self.whole))
            out[some, column] = summed[some] / total[some]
        return out


@dataclass(frozen=True, slots=True, eq=False)
class DocumentClassifier:
    """Turn log-odds of passages into log-odds that a document holds a spun one.

    Attributes
    ----------
    refinement : Refinement or None
        Moves what the passages say by `CONTEXT`; None where nothing was learnt.
    calibration : Calibration
        From these to calibrated log-odds.
    """

    refinement: Refinement | None = None
    calibration: Calibration = IDENTITY

    def log_odds(self, log_odds: Floats, rows: DocumentRows) -> Floats:
        """Return the calibrated log-odds of documents.

        Parameters
        ----------
        log_odds : float array (rows,)
            Of all rows, calibrated.
        rows : DocumentRows
            The documents.

        Returns
        -------
        float array (d,)
            One a document.
        """
        return self.calibration.apply(self.raw(log_odds, rows))

    def raw(self, log_odds: Floats, rows: DocumentRows) -> Floats:
        """Return log-odds before calibration.

        Parameters
        ----------
        log_odds : float array (rows,)
            Of all rows, calibrated.
        rows : DocumentRows
            The documents.

        Returns
        -------
        float array (d,)
            One a document.
        """
        lowered, context = lowered_and_context(log_odds, rows)
        return lowered if self.refinement is None else self.refinement.apply(lowered, context)


def lowered_and_context(log_odds: Floats, rows: DocumentRows) -> tuple[Floats, Floats]:
    """Return what the passages say, lowered for their number, and what may move it.

    Parameters
    ----------
    log_odds : float array (rows,)
        Of all rows.
    rows : DocumentRows
        The documents.

    Returns
    -------
    lowered : float array (d,)
        Log-odds of the strongest passage less `PER_PASSAGE` times the logarithm of the number of passages.
    context : float array (d, 4)
        As `CONTEXT` names it.
    """
    strongest, n_passages = rows.strongest(log_odds)
    number = np.log(n_passages)
    context = [log_odds[rows.whole], number, np.log1p(rows.n_words), rows.covered()]
    return strongest - PER_PASSAGE * number, np.column_stack(context)


def fit_documents(
    log_odds: Floats, rows: DocumentRows, spun: NDArray[np.bool_], weight: Floats, min_documents: int = 2000
) -> DocumentClassifier:
    """Fit on log-odds that were made unseen; the calibration is the identity.

    Parameters
    ----------
    log_odds : float array (rows,)
        Of all rows, each from a model that was fitted without it.
    rows : DocumentRows
        The documents.
    spun : bool array (d,)
        Whether each holds a spun passage.
    weight : float array (d,)
        Weights of the documents; those with 0 take no part.
    min_documents : int
        Below this many documents nothing is moved.

    Returns
    -------
    DocumentClassifier
        The same for the same documents.
    """
    lowered, context = lowered_and_context(log_odds, rows)
    used = (weight > 0) & np.isfinite(lowered) & np.isfinite(context).all(axis=1)
    columns = np.repeat(np.arange(len(CONTEXT)), 2).reshape(-1, 2)
    settings = RefinementSettings(columns, bound=BOUND, min_rows=min_documents)
    return DocumentClassifier(settings.fit(lowered[used], context[used], spun[used], weight[used]))


def calibrated_documents(
    classifier: DocumentClassifier, raw: Floats, spun: NDArray[np.bool_], weight: Floats
) -> DocumentClassifier:
    """Return a classifier calibrated on log-odds that were made unseen.

    Parameters
    ----------
    classifier : DocumentClassifier
        Fitted.
    raw : float array (d,)
        Its log-odds of documents, from classifiers that were fitted without them.
    spun : bool array (d,)
        The truth.
    weight : float array (d,)
        Weights; documents with 0 take no part.

    Returns
    -------
    DocumentClassifier
        Calibrated.
    """
    used = (weight > 0) & np.isfinite(raw)
    return DocumentClassifier(classifier.refinement, fit_calibration(raw[used], spun[used], weight[used]))
