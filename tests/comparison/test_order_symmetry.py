"""Test what becomes of a row of features when the two texts change places."""

import numpy as np

from unspun.comparison.features.catalogue import FEATURE_NAMES, FEATURES
from unspun.comparison.features.order_symmetry import SYMMETRY, OrderSymmetry

ROWS = np.random.default_rng(0).normal(size=(4, len(FEATURES))).astype(np.float32)


def test_partners_and_signs_are_those_declared():
    for feature, partner, sign in zip(FEATURES, SYMMETRY.partners, SYMMETRY.signs, strict=True):
        assert FEATURE_NAMES[partner] == (feature.name if feature.swapped in ("same", "negated") else feature.swapped)
        assert sign == (-1 if feature.swapped == "negated" else 1)
    assert (SYMMETRY.partners[SYMMETRY.partners] == np.arange(len(FEATURES))).all()


def test_levels_stay_and_gaps_turn_their_sign():
    there, back = SYMMETRY.levels_and_gaps(ROWS), SYMMETRY.levels_and_gaps(SYMMETRY.mirror(ROWS))
    level, gap = SYMMETRY.parts_plan()
    assert there.shape == (4, len(level) + len(gap)) == (4, len(FEATURES))
    np.testing.assert_array_equal(there * np.repeat([1, -1], [len(level), len(gap)]), back)


def test_what_is_shared_out_adds_up():
    added = np.random.default_rng(1).normal(size=(3, len(FEATURES)))
    shared = SYMMETRY.share_out(added)
    np.testing.assert_allclose(shared.sum(axis=1), added.sum(axis=1))
    np.testing.assert_array_equal(shared, shared[:, SYMMETRY.partners])


def test_without_a_plan_nothing_changes():
    still = OrderSymmetry.of_plan(len(FEATURES))
    np.testing.assert_array_equal(still.mirror(ROWS), ROWS)
    np.testing.assert_array_equal(still.levels_and_gaps(ROWS), ROWS)
