"""The detector: from two texts to calibrated probabilities, with scikit-learn's manners; saved and opened safely."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple, Self

import numpy as np
import pandas as pd
import skops.io
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit, logit
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.validation import check_is_fitted

from unspun.comparison.features.catalogue import CIRCUMSTANCES, FEATURE_NAMES, TREE_ONLY
from unspun.comparison.features.extraction import PairFeaturizer
from unspun.comparison.features.order_symmetry import SYMMETRY
from unspun.errors import ModelError
from unspun.io.labels import RELATIONS, SPUN
from unspun.model.calibration import Floats, Interval, shift_prior
from unspun.model.cross_fitting import (
    Labelled,
    StackingData,
    band,
    calibrations,
    cross_fit,
    cross_refine,
    fit_direction,
    grouped_splits,
)
from unspun.model.direction_classifier import DirectionClassifier
from unspun.model.persistence import MODEL_FILE, TRUSTED, reproducible
from unspun.model.refinement import Refinement
from unspun.model.spin_classifier import SpinClassifier
from unspun.text.resources import model_dir

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
        A 90% interval around p_spun (see `unspun.model.calibration.fit_interval`).
    """

    relation: Floats
    p_forward: Floats
    low: Floats
    high: Floats


class SpinDetector(ClassifierMixin, BaseEstimator):
    """The probability that one of two texts was machine-spun from the other, and which one.

    Probabilities hold for a mix in which half of the pairs are spun, unless another prior is given.

    Parameters
    ----------
    head : SpinClassifier, optional
        Tells the relations apart; made with its defaults if not given.
    direction : DirectionClassifier, optional
        Tells which side is spun; made with its defaults if not given.
    name : str
        Stands beside every score, to tell models apart.
    prior : float
        The share of spun pairs expected among those asked about, in (0, 1): what every score is for, unless a method
        is given another.

    Attributes
    ----------
    classes_ : array of str
        `unspun.io.labels.RELATIONS`, the order of every row of probabilities.
    head_, direction_ : SpinClassifier, DirectionClassifier
        Fitted and calibrated.
    band_ : Interval
        The interval around p_spun.
    feature_names_ : list of str
        The columns it was fitted on.

    See Also
    --------
    unspun.model.scoring.score_pairs : scores with coverage and the reasons to abstain.
    """

    def __init__(
        self,
        head: SpinClassifier | None = None,
        direction: DirectionClassifier | None = None,
        name: str = "unnamed",
        prior: float = 0.5,
    ) -> None:
        self.head = head
        self.direction = direction
        self.name = name
        self.prior = prior

    # ------------------------------------------------------------------ fitting

    def fit(self, pairs: pd.DataFrame, y: ArrayLike, groups: ArrayLike | None = None) -> Self:
        """Fit on pairs of texts.

        Parameters
        ----------
        pairs : DataFrame
            With ``source`` and ``suspect``; in spun pairs the suspect is the spun text.
        y : array of str (n,)
            Relations.
        groups : array (n,), optional
            Pairs of one group share a source: calibration keeps them together.
        """
        relation = np.asarray(y, dtype=str)
        X = PairFeaturizer().fit(pairs).transform(pairs)
        weight = _balanced(relation == SPUN)
        group = pd.Series(np.arange(len(X)) if groups is None else np.asarray(groups)).astype(str)
        return self.fit_rows(Labelled(X, relation, weight), group)

    def fit_rows(self, data: Labelled, group: pd.Series) -> Self:
        """Fit on rows of features, refined and calibrated on five folds of groups that were left out in turn."""
        head, direction = heads(self.head, self.direction)
        spun, splits = data.relation == SPUN, list(grouped_splits(group))
        raw = cross_fit(head, direction, data, splits)
        lessons = StackingData(raw.spun, data.X, spun, data.weight)
        unseen = raw._replace(spun=cross_refine(refinement(), lessons, raw.spun, splits))
        calibration = calibrations(unseen, spun, data.weight)
        interval = band(unseen, calibration[0], spun, data.weight, group)
        return self.fit_heads(data).calibrate(lessons.fit(refinement()), calibration, interval)

    def fit_heads(self, data: Labelled) -> Self:
        """Fit on rows of features, without refinement, calibration and interval: `calibrate` is to follow."""
        head, direction = heads(self.head, self.direction)
        self.head_ = head.fit(data.X, data.relation, data.weight, data.tree_weight, data.kind)
        self.direction_ = fit_direction(direction, data, self.head_.network_)
        self.classes_ = np.array(RELATIONS)
        self.feature_names_ = list(FEATURE_NAMES)
        return self

    def calibrate(self, refinement: Refinement, calibration: tuple[Any, Any], band: Interval) -> Self:
        """Set the refinement, the calibrations of p_spun and p_forward, and the interval."""
        of_spun, of_forward = calibration
        self.head_.calibrate(of_spun, refinement)
        self.direction_.calibrate(of_forward)
        self.band_ = band
        return self

    # ------------------------------------------------------------------ scoring

    def predict_proba(self, pairs: pd.DataFrame, prior: float | None = None) -> Floats:
        """Return the probabilities of the relations, (n, 5), in the order of `RELATIONS`.

        Parameters
        ----------
        pairs : DataFrame
            With ``source`` and ``suspect``.
        prior : float, optional
            The share of spun pairs expected among those asked about, in (0, 1); the detector's own if not given.
        """
        return self.score_rows(PairFeaturizer().transform(pairs), prior).relation

    def predict(self, pairs: pd.DataFrame, prior: float | None = None) -> NDArray[np.str_]:
        """Return the most probable relation of every pair."""
        return np.asarray(self.classes_[self.predict_proba(pairs, prior).argmax(axis=1)])

    def p_spun(self, pairs: pd.DataFrame, prior: float | None = None) -> Floats:
        """Return the probability of ``spun`` of every pair, (n,)."""
        return np.asarray(self.predict_proba(pairs, prior)[:, 0])

    def p_forward(self, pairs: pd.DataFrame) -> Floats:
        """Return the probability that the suspect is the spun side, given that one is, (n,)."""
        return self.score_rows(PairFeaturizer().transform(pairs)).p_forward

    def score_rows(self, X: NDArray[Any], prior: float | None = None) -> Scored:
        """Return the probabilities of rows of features, as `featurize_pairs` makes them.

        Rows without any value (a text without words) get a low p_spun and an even p_forward.
        """
        check_is_fitted(self)
        prior = self.prior if prior is None else prior
        given = self.head_.predict_proba(X)
        relation = np.zeros((len(given), len(RELATIONS)))
        for place, name in enumerate(self.head_.classes_):
            relation[:, RELATIONS.index(str(name))] = given[:, place]
        p_forward = self.direction_.predict_forward(X)
        empty = np.isnan(X).all(axis=1)
        relation[empty] = (1 - _P_NOTHING) / (len(RELATIONS) - 1)
        relation[empty, RELATIONS.index(_NOTHING)] = _P_NOTHING
        p_forward[empty] = 0.5
        ends = (expit(shift_prior(end, prior)) for end in self.band_.apply(logit(relation[:, 0])))
        return Scored(_with_prior(relation, prior), p_forward, *ends)

    def contributions(self, X: NDArray[Any]) -> tuple[Floats, float]:
        """Return what every feature adds to the log-odds of spun, (n, n_features), and the bias, the prior in it."""
        check_is_fitted(self)
        added, bias = self.head_.contributions(X)
        return added, float(shift_prior(np.array([bias]), self.prior)[0])

    def log_odds(self, X: NDArray[Any]) -> Floats:
        """Return the log-odds of spun at the detector's prior, (n,): what `contributions` add up to."""
        check_is_fitted(self)
        return shift_prior(self.head_.log_odds(X), self.prior)

    # ------------------------------------------------------------------ files

    def save(self, folder: Path) -> Path:
        """Write the model into ``folder``: the same model gives the same bytes. Return the file."""
        check_is_fitted(self)
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / MODEL_FILE
        path.write_bytes(reproducible(skops.io.dumps(self)))
        return path

    @classmethod
    def load(cls, folder: Path) -> SpinDetector:
        """Open the model in ``folder``; beside numpy's and scikit-learn's own, only the types in `TRUSTED` are loaded.

        Raises
        ------
        ModelError
            When the file is missing, damaged, holds a foreign type, or was made for other features or by another
            version.
        """
        path = folder / MODEL_FILE
        if not path.is_file():
            raise ModelError("no model", path, "train one by `make train`, or give the folder of one")
        try:
            foreign = sorted(set(skops.io.get_untrusted_types(file=path)) - set(TRUSTED))
            if foreign:
                raise ModelError(f"{path} holds a foreign type", foreign[0], "do not use it; train it anew")
            detector = skops.io.load(path, trusted=list(TRUSTED))
        except ModelError:
            raise
        # A damaged archive fails in as many ways as there are places to damage.
        except Exception as error:
            raise ModelError(
                f"{path} cannot be read as a model", str(error), "train it anew by `make train`"
            ) from error
        if not isinstance(detector, SpinDetector):
            raise ModelError(f"{path} does not hold a SpinDetector", type(detector).__name__, "train it anew")
        if detector.feature_names_ != list(FEATURE_NAMES):
            raise ModelError("the model was trained on other features", path, "train it anew by `make train`")
        # What another version wrote opens, and fails where it lacks a part.
        try:
            detector.score_rows(np.full((1, len(FEATURE_NAMES)), np.nan, np.float32))
        except Exception as error:
            raise ModelError("the model was made by another version", path, "train it anew by `make train`") from error
        return detector


def load_detector(folder: str | Path | None = None, prior: float | None = None) -> SpinDetector:
    """Open the detector in ``folder``, or the one that ships with the package.

    Parameters
    ----------
    folder : str or Path, optional
        As `unspun.training.fitting.train` wrote it.
    prior : float, optional
        The share of spun pairs expected among those asked about; scores hold for one half if not given.

    Raises
    ------
    ModelError
        When there is no model that this version can use.
    ValueError
        For a prior outside (0, 1).
    """
    detector = SpinDetector.load(model_dir() if folder is None else Path(folder))
    if prior is not None:
        shift_prior(np.zeros(1), prior)
        detector.prior = prior
    return detector


def heads(
    head: SpinClassifier | None = None, direction: DirectionClassifier | None = None
) -> tuple[SpinClassifier, DirectionClassifier]:
    """Return unfitted heads that know what swapping two texts does to the features."""
    # Figures: docs/notebook/2026-11-23-whole-texts.md.
    tree_only = np.flatnonzero([name in TREE_ONLY for name in FEATURE_NAMES])
    plan = {"positive": SPUN, "partners": SYMMETRY.partners, "signs": SYMMETRY.signs, "tree_only": tree_only}
    made = SpinClassifier() if head is None else SpinClassifier(**head.get_params())
    pointing = DirectionClassifier() if direction is None else DirectionClassifier(**direction.get_params())
    return made.set_params(**plan), pointing.set_params(partners=SYMMETRY.partners, signs=SYMMETRY.signs)


def refinement() -> Refinement:
    """Return an unfitted refinement that knows where the circumstances stand in a row of features."""
    places = [FEATURE_NAMES.index(name) for name in CIRCUMSTANCES]
    return Refinement(np.column_stack([places, SYMMETRY.partners[places]]))


def _balanced(spun: NDArray[np.bool_]) -> Floats:
    """Return weights under which both classes weigh alike; their mean is 1."""
    share = float(spun.mean())
    return np.where(spun, 0.5 / max(share, 1e-9), 0.5 / max(1 - share, 1e-9))


def _with_prior(relation: Floats, prior: float) -> Floats:
    """Move probabilities that hold for equal classes to another share of spun pairs."""
    if prior == 0.5:
        return relation
    p = relation[:, 0]
    moved = expit(shift_prior(logit(p), prior))
    rest = relation[:, 1:] * ((1 - moved) / np.maximum(1 - p, 1e-300))[:, np.newaxis]
    return np.column_stack([moved, rest])
