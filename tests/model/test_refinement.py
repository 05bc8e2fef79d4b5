"""A second look at log-odds: bounded, the same in both orders, open to see, and never fitted on what it judges."""

from dataclasses import replace

import numpy as np
import pytest

from unspun.comparison.features.catalogue import CIRCUMSTANCES, FEATURE_NAMES
from unspun.comparison.features.order_symmetry import swap_order
from unspun.model.base_models.boosted_trees import TreeSettings
from unspun.model.base_models.refinement import RefinementSettings
from unspun.model.calibration import Calibration
from unspun.model.cross_fitting import StackingData, cross_refine
from unspun.model.detector_fitting import classifier_settings, refinement_settings

COLUMNS = [[0, 0], [1, 2]]
"""One feature that stays where the texts are swapped, and two that exchange places."""


def small(**settings):
    """Return a refinement that is quick to fit."""
    return RefinementSettings(COLUMNS, n_draws=2, max_iter=30, learning_rate=0.2, **settings)


@pytest.fixture(scope="module")
def stacking():
    """Return rows whose raw log-odds err by 2 where the first feature is above 0."""
    rng = np.random.default_rng(4)
    X = rng.normal(size=(3000, 4)).astype(np.float32)
    X[rng.random(X.shape) < 0.1] = np.nan
    raw = rng.normal(size=3000) * 3
    truth = raw + 2 * (np.nan_to_num(X[:, 0]) > 0) + rng.logistic(size=3000) > 0
    return StackingData(raw, X, truth, np.ones(3000))


@pytest.fixture(scope="module")
def fitted(stacking):
    return stacking.fit(small())


def test_what_the_circumstances_say_is_learnt(stacking, fitted):
    moved = fitted.apply(stacking.raw, stacking.X) - fitted.line.apply(stacking.raw)
    up = stacking.X[:, 0] > 0
    assert moved[up].mean() > 0.5
    assert moved[stacking.X[:, 0] < 0].mean() < -0.5


@pytest.mark.parametrize("bound", [0.0, 0.5, 1.5])
def test_no_log_odds_are_moved_beyond_the_bound(stacking, bound):
    one = stacking.fit(small(bound=bound))
    moved = one.apply(stacking.raw, stacking.X) - one.line.apply(stacking.raw)
    assert np.abs(moved).max() == pytest.approx(bound)
    far = one.apply(np.array([-1e6, 1e6]), stacking.X[:2])
    assert far[0] < -1e4
    assert far[1] > 1e4


def test_log_odds_never_fall_where_the_raw_ones_rise(stacking, fitted):
    raw = np.linspace(-12, 12, 200)
    for row in stacking.X[:50]:
        assert (np.diff(fitted.apply(raw, np.tile(row, (200, 1)))) >= 0).all()


def test_both_orders_are_moved_alike(stacking, fitted):
    other = stacking.X[:, [0, 2, 1, 3]]
    np.testing.assert_array_equal(fitted.apply(stacking.raw, stacking.X), fitted.apply(stacking.raw, other))
    there, back = (fitted.attribute(stacking.raw, X) for X in (stacking.X, other))
    np.testing.assert_allclose(there, back[:, [0, 2, 1, 3]])


def test_what_features_moved_adds_up(stacking, fitted):
    added = fitted.attribute(stacking.raw, stacking.X)
    moved = fitted.apply(stacking.raw, stacking.X) - fitted.line.apply(stacking.raw)
    np.testing.assert_allclose(added.sum(axis=1), moved, atol=1e-12)
    assert not added[:, 3].any()


@pytest.mark.parametrize("rows", [slice(0, 1999), slice(0, 0)])
def test_from_few_rows_nothing_is_learnt(stacking, rows):
    few = StackingData(*(column[rows] for column in stacking))
    one = few.fit(small())
    np.testing.assert_array_equal(one.apply(stacking.raw, stacking.X), stacking.raw)
    assert not one.attribute(stacking.raw, stacking.X).any()


@pytest.mark.parametrize("spun", [True, False])
def test_from_one_class_nothing_is_learnt(stacking, spun):
    one = stacking._replace(spun=np.full(3000, spun)).fit(small())
    np.testing.assert_array_equal(one.apply(stacking.raw, stacking.X), stacking.raw)


def test_rows_without_a_score_or_a_weight_take_no_part(stacking, fitted):
    more = StackingData(*(np.concatenate([column, column[:100]]) for column in stacking))
    more.raw[3000:3050], more.weight[3050:] = np.nan, 0.0
    again = more.fit(small())
    np.testing.assert_array_equal(again.apply(stacking.raw, stacking.X), fitted.apply(stacking.raw, stacking.X))


@pytest.mark.parametrize("n_jobs", [1, 2])
def test_rows_are_refined_by_what_was_fitted_without_them(stacking, n_jobs):
    parts = [(np.arange(500, 3000), np.arange(500)), (np.arange(2500), np.arange(2500, 3000))]
    judged = stacking.raw + 1
    refined = cross_refine(small(), stacking, judged, parts, n_jobs)
    for train, test in parts:
        alone = stacking.fit(small(), train)
        np.testing.assert_array_equal(refined[test], alone.apply(judged[test], stacking.X[test]))
    assert np.isnan(refined[500:2500]).all()


def test_a_classifier_with_a_refinement_explains_its_log_odds(stacking):
    rng = np.random.default_rng(1)
    X = rng.normal(size=(2200, len(FEATURE_NAMES))).astype(np.float32)
    place = FEATURE_NAMES.index(CIRCUMSTANCES[0])
    label = np.where(X[:, 0] > 0, "spun", "copied")
    base = replace(classifier_settings(), max_iter=20, n_networks=1).fit(X, label)
    plain = base.log_odds(X)
    spun = rng.random(2200) < np.where(X[:, place] > 0, 0.8, 0.2)
    second = StackingData(plain, X, spun, np.ones(2200)).fit(refinement_settings())
    classifier = base.calibrated(Calibration(0.5, 0.25), second)
    np.testing.assert_array_equal(classifier.log_odds(X, calibrated=False), plain)
    np.testing.assert_allclose(classifier.log_odds(X), 0.5 * second.apply(plain, X) + 0.25)
    added, bias = classifier.contributions(X)
    np.testing.assert_allclose(added.sum(axis=1) + bias, classifier.log_odds(X), atol=1e-6)
    np.testing.assert_array_equal(classifier.predict_proba(X), classifier.predict_proba(swap_order(X)))


def test_every_circumstance_is_a_feature():
    columns = refinement_settings().columns
    names = [[FEATURE_NAMES[place] for place in pair] for pair in columns]
    assert names == [
        ["whole_same_order"] * 2,
        ["aligned_words"] * 2,
        ["whole_content_source", "whole_content_suspect"],
    ]


def test_the_trees_of_draws_are_the_mean_of_their_forests(stacking):
    X, y = np.nan_to_num(stacking.X[:800]), stacking.spun[:800]
    both = TreeSettings(max_iter=10, max_features=1.0, n_draws=2).fit(X, y).log_odds(X)
    rng = np.random.default_rng(0)
    alone = [
        TreeSettings(max_iter=10, max_features=1.0).fit(X, y, rng.poisson(1.0, 800).astype(float)).log_odds(X)
        for _ in range(2)
    ]
    np.testing.assert_allclose(both, np.mean(alone, axis=0), atol=1e-12)
