"""The heads, the detector and its file."""

import fractions
import zipfile

import numpy as np
import pandas as pd
import pytest
import skops.io
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.utils.estimator_checks import parametrize_with_checks
from tables import features_table

from unspun.comparison.features.catalogue import FEATURE_NAMES
from unspun.comparison.features.extraction import PairFeaturizer
from unspun.comparison.features.order_symmetry import SYMMETRY, OrderSymmetry, swap_order
from unspun.errors import ModelError
from unspun.io.labels import RELATIONS
from unspun.model.boosted_trees import BoostedTrees, coarsen
from unspun.model.calibration import Calibration, fit_calibration, shift_prior
from unspun.model.cross_fitting import Labelled
from unspun.model.detector import SpinDetector, heads, load_detector
from unspun.model.neural_networks import NeuralNetworks
from unspun.model.persistence import MODEL_FILE
from unspun.model.spin_classifier import SpinClassifier
from unspun.training.evaluation import labelled_rows

WEIGHTED_LIKE_REPEATED = {
    "check_sample_weight_equivalence_on_dense_data": "min_samples_leaf of scikit-learn's trees counts rows, not weights"
}


@parametrize_with_checks(
    [SpinClassifier(max_iter=30, learning_rate=0.2, min_samples_leaf=5, n_networks=1)],
    expected_failed_checks=lambda estimator: WEIGHTED_LIKE_REPEATED,
)
def test_scikit_learn_manners(estimator, check):
    check(estimator)


@pytest.fixture(scope="module")
def table():
    return features_table()


@pytest.fixture(scope="module")
def detector(table):
    made = SpinDetector(SpinClassifier(max_iter=60), name="test")
    return made.fit_rows(labelled_rows(table), table["group"])


@pytest.fixture(scope="module")
def rows(table):
    return table[list(FEATURE_NAMES)].to_numpy(np.float32)


def test_probabilities_sum_to_one_and_find_the_spun(detector, rows, table):
    relation = detector.score_rows(rows).relation
    assert relation.shape == (len(rows), len(RELATIONS))
    np.testing.assert_allclose(relation.sum(axis=1), 1)
    assert (relation >= 0).all()
    found = np.array(RELATIONS)[relation.argmax(axis=1)] == table["relation"]
    assert found.mean() > 0.9


def test_both_orders_give_the_same_p_spun_and_opposite_directions(detector, rows):
    there, back = detector.score_rows(rows), detector.score_rows(swap_order(rows))
    np.testing.assert_array_equal(there.relation, back.relation)
    np.testing.assert_allclose(there.p_forward + back.p_forward, 1)


def test_direction_is_found(detector, rows, table):
    spun = (table["relation"] == "spun").to_numpy()
    assert (detector.score_rows(rows[spun]).p_forward > 0.5).mean() > 0.9


def test_contributions_add_up(detector, rows):
    added, bias = detector.contributions(rows)
    assert added.shape == rows.shape
    np.testing.assert_allclose(added.sum(axis=1) + bias, detector.head_.log_odds(rows), atol=1e-6)


def test_contributions_of_the_other_order_are_those_of_the_partners(detector, rows):
    there, _ = detector.contributions(rows)
    back, _ = detector.contributions(swap_order(rows))
    np.testing.assert_allclose(back, there[:, SYMMETRY.partners], atol=1e-12)


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_each_voice_can_speak_alone(table, rows, share):
    head, _ = heads(SpinClassifier(max_iter=20, network_share=share))
    head.fit(rows, table["relation"].to_numpy(str))
    added, bias = head.contributions(rows)
    np.testing.assert_allclose(added.sum(axis=1) + bias, head.log_odds(rows), atol=1e-6)


def test_a_row_without_values_is_not_called_spun(detector):
    scored = detector.score_rows(np.full((1, len(FEATURE_NAMES)), np.nan, np.float32))
    assert scored.relation[0, 0] < 0.05
    assert scored.p_forward[0] == 0.5


@pytest.mark.parametrize("prior", [0.01, 0.5, 0.9])
def test_a_prior_moves_p_spun_and_keeps_the_order(detector, rows, prior):
    even, moved = detector.score_rows(rows), detector.score_rows(rows, prior)
    np.testing.assert_allclose(moved.relation.sum(axis=1), 1)
    assert (np.sign(moved.relation[:, 0] - even.relation[:, 0]) == np.sign(prior - 0.5)).all()
    assert (np.argsort(moved.relation[:, 0]) == np.argsort(even.relation[:, 0])).all()


@pytest.mark.parametrize("prior", [0.0, 1.0, -1.0, float("nan")])
def test_an_impossible_prior_is_refused(prior):
    with pytest.raises(ValueError, match="prior"):
        shift_prior(np.zeros(1), prior)


# ------------------------------------------------------------------ texts in, probabilities out


def test_fits_and_predicts_on_texts():
    spun = [("The old ferry sank off the quay at night.", "The aged ferryboat foundered off the wharf at night.")] * 6
    same = [("The old ferry sank off the quay at night.", "The old ferry sank off the quay at night.")] * 6
    pairs = pd.DataFrame(spun + same, columns=["source", "suspect"])
    model = SpinDetector(SpinClassifier(max_iter=5, min_samples_leaf=2))
    model.fit(pairs, ["spun"] * 6 + ["copied"] * 6)
    assert model.predict(pairs).tolist() == ["spun"] * 6 + ["copied"] * 6
    assert model.p_spun(pairs)[0] > 0.5 > model.p_spun(pairs)[-1]
    assert 0 <= model.p_forward(pairs)[0] <= 1


def test_the_featurizer_names_its_columns():
    pairs = pd.DataFrame({"source": ["The old ferry sank."], "suspect": [""]})
    made = PairFeaturizer().set_output(transform="pandas").fit_transform(pairs)
    assert list(made.columns) == list(FEATURE_NAMES)


@pytest.mark.parametrize(
    "pairs",
    [pd.DataFrame({"source": ["a"]}), pd.DataFrame({"source": ["a"], "suspect": [None]})],
    ids=["missing", "not text"],
)
def test_pairs_that_are_not_texts_are_refused(pairs):
    with pytest.raises(ValueError, match="suspect"):
        PairFeaturizer().fit(pairs)


# ------------------------------------------------------------------ the file


def test_saved_and_opened_it_scores_alike(detector, rows, tmp_path):
    detector.save(tmp_path)
    opened = load_detector(tmp_path)
    assert opened.name == "test"
    np.testing.assert_array_equal(opened.score_rows(rows).relation, detector.score_rows(rows).relation)
    np.testing.assert_array_equal(opened.score_rows(rows).p_forward, detector.score_rows(rows).p_forward)


def test_the_same_model_is_the_same_bytes(table, tmp_path):
    files = []
    for name in ("one", "two"):
        made = SpinDetector(SpinClassifier(max_iter=10, n_networks=2))
        files.append(made.fit_rows(labelled_rows(table), table["group"]).save(tmp_path / name).read_bytes())
    assert files[0] == files[1]


def test_a_file_with_foreign_types_is_refused(detector, tmp_path):
    detector.save(tmp_path)
    skops.io.dump({"a": 1, "b": fractions.Fraction(1, 2)}, tmp_path / MODEL_FILE)
    with pytest.raises(ModelError, match="Fraction"):
        load_detector(tmp_path)


def test_a_file_that_holds_something_else_is_refused(tmp_path):
    skops.io.dump({"a": 1}, tmp_path / MODEL_FILE)
    with pytest.raises(ModelError, match="SpinDetector"):
        load_detector(tmp_path)


@pytest.mark.parametrize("kept", [0, 100, 0.5])
def test_a_damaged_file_is_refused(detector, tmp_path, kept):
    path = detector.save(tmp_path)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * kept) if isinstance(kept, float) else kept])
    with pytest.raises(ModelError, match="cannot be read"):
        load_detector(tmp_path)


def test_a_missing_file_is_said_so(tmp_path):
    with pytest.raises(ModelError, match="no model"):
        load_detector(tmp_path)


def test_a_model_of_other_features_is_refused(detector, tmp_path):
    names = detector.feature_names_
    detector.feature_names_ = names[:-1]
    detector.save(tmp_path)
    detector.feature_names_ = names
    with pytest.raises(ModelError, match="other features"):
        load_detector(tmp_path)


def test_a_model_of_another_version_is_refused(detector, tmp_path):
    network = detector.head_.network_
    del detector.head_.network_
    detector.save(tmp_path)
    detector.head_.network_ = network
    with pytest.raises(ModelError, match="another version"):
        load_detector(tmp_path)


def test_the_file_keeps_no_times(detector, tmp_path):
    with zipfile.ZipFile(detector.save(tmp_path)) as archive:
        assert {member.date_time for member in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


# ------------------------------------------------------------------ the parts


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=20, deadline=None)
def test_the_other_order_has_the_same_levels_and_the_negative_gaps(seed):
    X = np.random.default_rng(seed).normal(size=(3, 5)).astype(np.float32)
    X[0, 0] = np.nan
    symmetry = OrderSymmetry.of_plan(5, [1, 0, 2, 3, 4], [1, 1, -1, 1, -1])
    there, back = symmetry.levels_and_gaps(X), symmetry.levels_and_gaps(symmetry.mirror(X))
    np.testing.assert_array_equal(there * [1, 1, -1, -1, -1], back)


def test_the_trees_score_as_scikit_learn_does():
    rng = np.random.default_rng(2)
    X = rng.normal(size=(500, 6)).astype(np.float32)
    X[rng.random(X.shape) < 0.2] = np.nan
    y = np.nan_to_num(X[:, 0] * X[:, 1]) > 0
    ours = BoostedTrees(max_iter=40, max_features=0.5, min_samples_leaf=10).fit(X, y)
    own = ("ceiling", "n_draws", "n_quantiles")
    settings = {name: value for name, value in ours.get_params().items() if name not in own}
    theirs = HistGradientBoostingClassifier(early_stopping=False, **settings).fit(coarsen(X, ours.n_quantiles), y)
    np.testing.assert_allclose(ours.decision_function(X), theirs.decision_function(X), atol=1e-10)


def test_trees_that_never_split_give_the_share():
    member = BoostedTrees(max_iter=3).fit(np.zeros((20, 2)), np.arange(20) < 5)
    np.testing.assert_allclose(member.decision_function(np.zeros((1, 2))), np.log(5 / 15))
    added, bias = member.attribute(np.zeros((1, 2)))
    assert not added.any()
    np.testing.assert_allclose(bias, np.log(5 / 15))


def test_bent_log_odds_still_add_up():
    rng = np.random.default_rng(5)
    X = rng.normal(size=(400, 4))
    plain, bent = (BoostedTrees(40, 0.2, min_samples_leaf=5, ceiling=c).fit(X, X[:, 0] > 0) for c in (np.inf, 1.5))
    free, held = plain.decision_function(X), bent.decision_function(X)
    assert held.max() < 1.5 < free.max()
    np.testing.assert_array_equal(held[free <= 0], free[free <= 0])
    assert (np.diff(held[np.argsort(free)]) >= 0).all()
    added, bias = bent.attribute(X)
    np.testing.assert_allclose(added.sum(axis=1) + bias, held, atol=1e-9)


def test_the_trees_have_weights_of_their_own():
    rng = np.random.default_rng(7)
    X = rng.normal(size=(300, 3))
    y, weight = np.where(X[:, 0] > 0, "spun", "other"), rng.random(300)
    trees, networks = SpinClassifier("spun", max_iter=20, network_share=0.0), SpinClassifier("spun", network_share=1.0)
    np.testing.assert_array_equal(trees.fit(X, y, None, weight).log_odds(X), trees.fit(X, y, weight).log_odds(X))
    np.testing.assert_array_equal(networks.fit(X, y, None, weight).log_odds(X), networks.fit(X, y).log_odds(X))


def test_the_networks_do_not_see_what_is_for_the_trees_alone():
    rng = np.random.default_rng(7)
    X = rng.normal(size=(300, 3))
    y, changed = np.where(X[:, 0] - X[:, 1] > 0, "spun", "other"), X + np.array([0.0, 5.0, 0.0])
    plan = {"partners": [0, 2, 1], "signs": [-1, 1, 1], "tree_only": [1, 2]}
    for share, alike in ((1.0, True), (0.4, False)):
        head = SpinClassifier("spun", max_iter=20, network_share=share, **plan).fit(X, y)
        assert np.array_equal(head.log_odds(X), head.log_odds(changed)) is alike
        added, bias = head.contributions(X)
        np.testing.assert_allclose(added.sum(axis=1) + bias, head.log_odds(X), atol=1e-9)


@pytest.mark.parametrize(
    ("kind", "n_outputs"),
    [(None, 2), (["a", "a", "a", "a"], 2), (["a", "b", "c", "c"], 3), (["a", "b", "a", "b"], 4)],
    ids=["none", "one", "of one class", "of both classes"],
)
def test_networks_tell_kinds_and_add_up(kind, n_outputs):
    rng = np.random.default_rng(4)
    X = rng.normal(size=(800, 5))
    quarter = 2 * (X[:, 0] < 0) + (X[:, 1] > 0)
    spun = quarter < 2
    member = NeuralNetworks(2, (16, 8)).fit(X, spun, None, None if kind is None else np.array(kind)[quarter])
    assert member.weights_[-1].shape == (2, 8, n_outputs)
    log_odds = member.decision_function(X)
    assert ((log_odds > 0) == spun).mean() > 0.95
    added, bias = member.attribute(X)
    np.testing.assert_allclose(added.sum(axis=1) + bias, log_odds, atol=1e-9)


def test_networks_that_see_both_orders_answer_alike_and_tell_them_apart():
    rng = np.random.default_rng(9)
    level, gap = rng.normal(size=(2, 600))
    spun, turns = level > 0, np.array([False, True])
    X = np.column_stack([level, np.where(spun, 1.0, gap)])
    kind = np.where(gap > 0.5, "a", np.where(gap < -0.5, "b", "c"))
    member = NeuralNetworks(2, (16,), turns=turns).fit(X, spun, None, np.where(spun, "a", kind))
    back = X * np.where(turns, -1, 1)
    np.testing.assert_array_equal(member.decision_function(X), member.decision_function(back))
    np.testing.assert_array_equal(member.forward(X), -member.forward(back))
    np.testing.assert_array_equal(member.among_others(X), member.among_others(back))
    assert (member.forward(X)[spun] > 0).mean() > 0.95
    assert member.others_.tolist() == ["a", "b", "c"]
    np.testing.assert_allclose(member.among_others(X).sum(axis=1), 1)
    (added, bias), (same, _) = member.attribute(X), member.attribute(back)
    np.testing.assert_allclose(added.sum(axis=1) + bias, member.decision_function(X), atol=1e-9)
    np.testing.assert_allclose(added, same, atol=1e-12)


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_the_other_relations_are_told_apart_whatever_the_share(share):
    rng = np.random.default_rng(6)
    X = rng.normal(size=(900, 3))
    y = np.array(["copied", "edited", "spun"])[np.argmax(X, axis=1)]
    head = SpinClassifier("spun", max_iter=20, network_share=share, n_networks=1)
    finer = np.where(X[:, 1] > 1, "much", "little")
    for kind in (None, finer):
        probabilities = head.fit(X, y, kind=kind).predict_proba(X)
        np.testing.assert_allclose(probabilities.sum(axis=1), 1)
        assert (head.classes_[probabilities.argmax(axis=1)] == y).mean() > 0.9


def test_what_the_networks_tell_apart_is_finer_than_the_classes():
    rng = np.random.default_rng(4)
    X = rng.normal(size=(800, 2))
    y = np.where(X[:, 0] * X[:, 1] > 0, "spun", "other")
    head = SpinClassifier("spun", max_iter=5, network_share=1.0, n_networks=1)
    plain = head.fit(X, y).log_odds(X)
    finer = head.fit(X, y, kind=np.where(X[:, 0] > 0, "right", "left")).log_odds(X)
    assert not np.allclose(plain, finer)
    np.testing.assert_array_equal(head.fit(X, y, kind=y).log_odds(X), plain)


def test_trees_see_no_rows_without_weight():
    rng = np.random.default_rng(3)
    X = rng.normal(size=(400, 2))
    y, weight = np.where(X[:, 0] > 0, "spun", "other"), (np.arange(400) % 2).astype(float)
    head = SpinClassifier("spun", max_iter=10, network_share=0.0)
    few = head.fit(X[1::2], y[1::2]).log_odds(X)
    np.testing.assert_allclose(head.fit(X, y, None, weight).log_odds(X), few, atol=1e-9)


def test_too_many_leaves_are_refused():
    with pytest.raises(ValueError, match="64"):
        BoostedTrees(max_leaf_nodes=65).fit(np.zeros((2, 1)), np.array([0, 1]))


def test_calibration_finds_the_map_it_was_made_by():
    rng = np.random.default_rng(0)
    raw = rng.normal(scale=3, size=20_000)
    truth = rng.random(20_000) < 1 / (1 + np.exp(-(0.5 * raw - 1)))
    found = fit_calibration(raw, truth)
    assert found == pytest.approx((0.5, -1), abs=0.05)


@pytest.mark.parametrize("truth", [[True] * 3, [False] * 3])
def test_calibration_without_both_classes_changes_nothing(truth):
    assert fit_calibration([1.0, 2.0, 3.0], truth) == Calibration()


@pytest.mark.parametrize("turn", [1, -1])
def test_calibration_never_turns_the_order_round(turn):
    raw = np.linspace(-5, 5, 100)
    assert fit_calibration(raw, turn * raw > 0).slope > 0


def test_heads_know_the_features():
    head, direction = heads()
    assert len(head.partners) == len(direction.signs) == len(FEATURE_NAMES)
    assert isinstance(labelled_rows(features_table()), Labelled)
