"""Tell whether two texts hold a spun passage, from what their passages say.

Either all of a text was spun, or one of its passages, and nobody knows which. The odds of the first are those of the
whole pair. The odds of the second are the mean of those of its passages, as of many honest passages some look spun by
chance; but the more passages there are, the likelier one of them is spun: the mean is raised by the root of their
number. The odds of the document are a mean of both (Bayes' rule, with `WHOLE` for the first case;
docs/notebook/2026-11-30-a-rule-for-documents.md and 2026-11-30-where-to-cut.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from unspun.comparison.comparing import Comparison, rows_of_all
from unspun.comparison.passage_cuts import FEWEST_WORDS
from unspun.model.calibration import UNBENT, BentCalibration, Floats, expit, fit_bent_calibration
from unspun.text.token_text import FloatArray

WHOLE = 0.85
"""The share of spun documents that are taken to be spun as a whole."""


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

    def strongest(self, log_odds: Floats) -> Floats:
        """Return the log-odds of the strongest passage of every document.

        Parameters
        ----------
        log_odds : float array (rows,)
            Of all rows.

        Returns
        -------
        float array (d,)
            Those of the whole where a document has no passage of its own.
        """
        used, n_passages = self._told()
        strongest = np.full(len(self.whole), -np.inf)
        np.maximum.at(strongest, self.owner[used], log_odds[self.passages[used]])
        return np.where(n_passages > 0, strongest, log_odds[self.whole])

    def odds_of_passages(self, log_odds: Floats) -> Floats:
        """Return the logarithm of the odds that one of the passages was spun.

        Parameters
        ----------
        log_odds : float array (rows,)
            Of all rows.

        Returns
        -------
        float array (d,)
            The mean odds of the passages times the root of their number. Those of the whole where a document has no
            passage of its own.
        """
        used, n_passages = self._told()
        # Odds are summed as shares of the largest: no exponential overflows.
        largest = self.strongest(log_odds)
        shares = np.exp(log_odds[self.passages[used]] - largest[self.owner[used]])
        total = np.bincount(self.owner[used], shares, len(self.whole))
        some = n_passages > 0
        return np.where(
            some, largest + np.log(np.where(some, total / np.sqrt(np.maximum(n_passages, 1)), 1.0)), largest
        )

    def _told(self) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
        """Return which passages are asked, and how many each document has: short ones where there are no others."""
        long = self.n_passage_words >= FEWEST_WORDS
        has_long = np.bincount(self.owner, long, len(self.whole)) > 0
        used = long | ~has_long[self.owner]
        return used, np.bincount(self.owner[used], minlength=len(self.whole))

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
    calibration : BentCalibration
        From the odds of the rule to calibrated log-odds.
    """

    calibration: BentCalibration = UNBENT

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
        return self.calibration.apply(document_log_odds(log_odds, rows))


def document_log_odds(log_odds: Floats, rows: DocumentRows) -> Floats:
    """Return what whole pairs and their passages say together.

    Parameters
    ----------
    log_odds : float array (rows,)
        Of all rows, calibrated.
    rows : DocumentRows
        The documents.

    Returns
    -------
    float array (d,)
        The logarithm of `WHOLE` times the odds of the whole, plus the rest times those of the passages.
    """
    whole, parts = log_odds[rows.whole], rows.odds_of_passages(log_odds)
    return np.asarray(np.logaddexp(whole + np.log(WHOLE), parts + np.log(1 - WHOLE)), np.float64)


def calibrated_documents(raw: Floats, spun: NDArray[np.bool_], weight: Floats) -> DocumentClassifier:
    """Return a classifier calibrated on log-odds that were made unseen.

    Parameters
    ----------
    raw : float array (d,)
        As `document_log_odds` returns them, from models that were fitted without the documents.
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
    return DocumentClassifier(fit_bent_calibration(raw[used], spun[used], weight[used]))
