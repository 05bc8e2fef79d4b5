"""The classifiers and the detector."""

import copy
import pickle
from dataclasses import asdict

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from quick_recipe import QuickDetector, few_steps
from scipy import special
from sklearn.base import clone
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import Pipeline
from tables import features_table

from unspun.comparison.features.catalogue import FEATURE_NAMES
from unspun.comparison.features.order_symmetry import SYMMETRY, OrderSymmetry, swap_order
from unspun.io.labels import RELATIONS
from unspun.model.base_models.boosted_trees import TreeSettings, coarsen
from unspun.model.base_models.neural_networks import NetworkSettings, _log_sum_exp, _softmax
from unspun.model.calibration import IDENTITY, expit, fit_calibration, logit, shift_prior
from unspun.model.cross_fitting import Labelled
from unspun.model.detector import SpinDetector, load_detector
from unspun.model.detector_fitting import classifier_settings, direction_settings
from unspun.model.pair_featurizer import PairFeaturizer
from unspun.model.spin_classifier import ClassifierSettings
from unspun.training.evaluation import labelled_rows


@pytest.fixture(scope="module")
def table():
    return features_table()


@pytest.fixture(scope="module")
def detector(table):
    made = SpinDetector(ClassifierSettings(max_iter=60, n_networks=1), name="test")
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
    np.testing.assert_allclose(added.sum(axis=1) + bias, detector.log_odds(rows), atol=1e-6)


def test_contributions_of_the_other_order_are_those_of_the_partners(detector, rows):
    there, _ = detector.contributions(rows)
    back, _ = detector.contributions(swap_order(rows))
    np.testing.assert_allclose(back, there[:, SYMMETRY.partners], atol=1e-12)


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_each_base_model_can_stand_alone(table, rows, share):
    settings = classifier_settings(ClassifierSettings(max_iter=20, network_share=share))
    classifier = settings.fit(rows, table["relation"].to_numpy(str))
    added, bias = classifier.contributions(rows)
    np.testing.assert_allclose(added.sum(axis=1) + bias, classifier.log_odds(rows), atol=1e-6)


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
    model = small().fit(pairs, ["spun"] * 6 + ["copied"] * 6)
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


# ------------------------------------------------------------------ scikit-learn's manners

SUNK = "The old ferry sank off the quay at night."
SPUN_PAIR, COPY = (SUNK, "The aged ferryboat foundered off the wharf at night."), (SUNK, SUNK)
PAIRS = [SPUN_PAIR, COPY] * 8
IS_SPUN = [True, False] * 8


def small():
    return QuickDetector(ClassifierSettings(max_iter=5, min_samples_leaf=2, n_networks=1), name="small")


@pytest.fixture(scope="module")
def fitted():
    return small().fit(PAIRS, np.where(IS_SPUN, "spun", "copied"))


@pytest.mark.parametrize("ask", ["predict", "predict_proba", "p_spun", "p_forward"])
def test_nothing_is_told_before_it_is_fitted(ask):
    with pytest.raises(NotFittedError):
        getattr(SpinDetector(), ask)(PAIRS)


@pytest.mark.parametrize(
    "ask", [lambda detector: detector.card, lambda detector: detector.log_odds(np.zeros((1, len(FEATURE_NAMES))))]
)
def test_nor_is_the_model_there(ask):
    with pytest.raises(NotFittedError):
        ask(SpinDetector())


@pytest.mark.parametrize(
    "given",
    [
        pd.DataFrame(PAIRS, columns=["source", "suspect"]),
        pd.DataFrame(PAIRS, columns=["source", "suspect"], index=range(40, 56)).assign(id=1)[
            ["id", "suspect", "source"]
        ],
        np.array(PAIRS),
        np.array(PAIRS, dtype=object),
        [list(pair) for pair in PAIRS],
    ],
    ids=["frame", "mixed frame", "array", "objects", "lists"],
)
def test_pairs_come_in_many_forms(fitted, given):
    np.testing.assert_array_equal(fitted.predict_proba(given), fitted.predict_proba(PAIRS))


def test_pairs_come_as_a_polars_frame(fitted):
    polars = pytest.importorskip("polars", reason="polars is not installed")
    given = polars.DataFrame({"id": list(range(16)), "source": [a for a, _ in PAIRS], "suspect": [b for _, b in PAIRS]})
    np.testing.assert_array_equal(fitted.predict_proba(given), fitted.predict_proba(PAIRS))
    np.testing.assert_array_equal(small().fit(given, IS_SPUN).predict(given), IS_SPUN)


@pytest.mark.parametrize(
    "nothing",
    [pd.DataFrame({"source": [], "suspect": []}), [], np.empty((0, 2), dtype=object)],
    ids=["frame", "list", "array"],
)
def test_no_pairs_give_no_probabilities(fitted, nothing):
    assert fitted.predict_proba(nothing).shape == (0, len(RELATIONS))
    assert fitted.predict(nothing).shape == fitted.p_spun(nothing).shape == fitted.p_forward(nothing).shape == (0,)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ([("one", "two", "three")], "not two texts"),
        (["one"], "not two texts"),
        ([("one", None)], "NoneType"),
        (np.zeros((2, 2)), "float"),
        (pd.DataFrame({"source": ["a"], "text": ["b"]}), "suspect"),
    ],
)
def test_what_is_no_pair_of_texts_is_refused(fitted, given, said):
    with pytest.raises(ValueError, match=said):
        fitted.predict_proba(given)


@pytest.mark.parametrize(
    ("labels", "said"),
    [
        (["spun", "twisted"] * 8, "twisted"),
        ([True] * 3, "labels"),
        ([True] * 16, "two classes"),
        ([1, 0] * 8, "relations"),
    ],
)
def test_labels_that_cannot_be_learnt_are_refused(labels, said):
    with pytest.raises(ValueError, match=said):
        small().fit(PAIRS, labels)


def test_groups_of_another_number_are_refused():
    with pytest.raises(ValueError, match="groups"):
        small().fit(PAIRS, IS_SPUN, groups=[1, 2])


def test_what_it_was_fitted_on_is_known(fitted):
    assert fitted.n_features_in_ == 2
    assert fitted.feature_names_in_.tolist() == ["source", "suspect"]
    assert fitted.classes_.tolist() == list(RELATIONS)
    assert fitted.card == {}


def test_a_boolean_y_gives_booleans(tmp_path):
    detector = small().fit(np.array(PAIRS), np.array(IS_SPUN))
    assert detector.classes_.tolist() == [False, True]
    probabilities = detector.predict_proba(PAIRS)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1)
    np.testing.assert_array_equal(probabilities[:, 1], detector.p_spun(PAIRS))
    assert detector.predict(PAIRS).tolist() == IS_SPUN
    assert detector.score(PAIRS, IS_SPUN) == 1.0
    detector.save(tmp_path)
    np.testing.assert_array_equal(load_detector(tmp_path).predict_proba(PAIRS), probabilities)


def test_scikit_learns_tools_take_it():
    twin = clone(small().set_params(prior=0.1))
    assert (twin.name, twin.prior, twin.classifier.max_iter) == ("small", 0.1, 5)
    with pytest.raises(NotFittedError):
        clone(small().fit(PAIRS, IS_SPUN)).predict(PAIRS)
    line = Pipeline([("detector", small())]).fit(PAIRS, IS_SPUN, detector__groups=np.arange(16))
    assert line.predict(PAIRS).tolist() == IS_SPUN
    frame = pd.DataFrame(PAIRS, columns=["source", "suspect"])
    for pairs in (frame, PAIRS, np.array(PAIRS)):
        assert cross_val_score(small(), pairs, np.array(IS_SPUN), cv=2).tolist() == [1.0, 1.0]
        assert cross_val_score(small(), pairs, np.array(IS_SPUN), cv=2, scoring="roc_auc").tolist() == [1.0, 1.0]


def test_a_pickled_detector_scores_alike(fitted):
    again = pickle.loads(pickle.dumps(fitted))
    np.testing.assert_array_equal(again.predict_proba(PAIRS), fitted.predict_proba(PAIRS))


def test_name_and_prior_can_be_changed_after_fitting(fitted):
    other = copy.copy(fitted)
    other.set_params(name="other", prior=0.01)
    assert other.model().name == "other"
    assert other.p_spun(PAIRS)[0] < fitted.p_spun(PAIRS)[0]


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
        made = SpinDetector(ClassifierSettings(max_iter=10, n_networks=2))
        with few_steps():
            made.fit_rows(labelled_rows(table), table["group"])
        files.append(made.save(tmp_path / name).read_bytes())
    assert files[0] == files[1]


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
    settings = TreeSettings(max_iter=40, max_features=0.5, min_samples_leaf=10)
    known = {name: value for name, value in asdict(settings).items() if name != "ceiling"}
    theirs = HistGradientBoostingClassifier(early_stopping=False, **known).fit(coarsen(X, 128), y)
    np.testing.assert_allclose(settings.fit(X, y).log_odds(X), theirs.decision_function(X), atol=1e-10)


def test_trees_that_never_split_give_the_share():
    trees = TreeSettings(max_iter=3).fit(np.zeros((20, 2)), np.arange(20) < 5)
    np.testing.assert_allclose(trees.log_odds(np.zeros((1, 2))), np.log(5 / 15))
    added, bias = trees.attribute(np.zeros((1, 2)))
    assert not added.any()
    np.testing.assert_allclose(bias, np.log(5 / 15))


def test_bent_log_odds_still_add_up():
    rng = np.random.default_rng(5)
    X = rng.normal(size=(400, 4))
    plain, bent = (TreeSettings(40, 0.2, min_samples_leaf=5, ceiling=c).fit(X, X[:, 0] > 0) for c in (np.inf, 1.5))
    free, held = plain.log_odds(X), bent.log_odds(X)
    assert held.max() < 1.5 < free.max()
    np.testing.assert_array_equal(held[free <= 0], free[free <= 0])
    assert (np.diff(held[np.argsort(free)]) >= 0).all()
    added, bias = bent.attribute(X)
    np.testing.assert_allclose(added.sum(axis=1) + bias, held, atol=1e-9)


def test_the_trees_have_weights_of_their_own():
    rng = np.random.default_rng(7)
    X = rng.normal(size=(300, 3))
    y, weight = np.where(X[:, 0] > 0, "spun", "other"), rng.random(300)
    trees, networks = (
        ClassifierSettings("spun", max_iter=20, network_share=0.0, n_networks=1),
        ClassifierSettings("spun", network_share=1.0, n_networks=1),
    )
    np.testing.assert_array_equal(trees.fit(X, y, None, weight).log_odds(X), trees.fit(X, y, weight).log_odds(X))
    np.testing.assert_array_equal(networks.fit(X, y, None, weight).log_odds(X), networks.fit(X, y).log_odds(X))


def test_the_networks_do_not_see_what_is_for_the_trees_alone():
    rng = np.random.default_rng(7)
    X = rng.normal(size=(300, 3))
    y, changed = np.where(X[:, 0] - X[:, 1] > 0, "spun", "other"), X + np.array([0.0, 5.0, 0.0])
    plan = {"symmetry": OrderSymmetry.of_plan(3, [0, 2, 1], [-1, 1, 1]), "tree_only": [1, 2]}
    for share, alike in ((1.0, True), (0.4, False)):
        classifier = ClassifierSettings("spun", max_iter=20, network_share=share, n_networks=1, **plan).fit(X, y)
        assert np.array_equal(classifier.log_odds(X), classifier.log_odds(changed)) is alike
        added, bias = classifier.contributions(X)
        np.testing.assert_allclose(added.sum(axis=1) + bias, classifier.log_odds(X), atol=1e-9)


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
    networks = NetworkSettings(2, (16, 8)).fit(X, spun, None, None if kind is None else np.array(kind)[quarter])
    assert networks.weights[-1].shape == (2, 8, n_outputs)
    log_odds = networks.log_odds(X)
    assert ((log_odds > 0) == spun).mean() > 0.95
    added, bias = networks.attribute(X)
    np.testing.assert_allclose(added.sum(axis=1) + bias, log_odds, atol=1e-9)


def test_networks_that_see_both_orders_answer_alike_and_tell_them_apart():
    rng = np.random.default_rng(9)
    level, gap = rng.normal(size=(2, 600))
    spun, turns = level > 0, np.array([False, True])
    X = np.column_stack([level, np.where(spun, 1.0, gap)])
    kind = np.where(gap > 0.5, "a", np.where(gap < -0.5, "b", "c"))
    networks = NetworkSettings(2, (16,), turns=turns).fit(X, spun, None, np.where(spun, "a", kind))
    back = X * np.where(turns, -1, 1)
    np.testing.assert_array_equal(networks.log_odds(X), networks.log_odds(back))
    np.testing.assert_array_equal(networks.forward(networks.outputs(X)), -networks.forward(networks.outputs(back)))
    np.testing.assert_array_equal(networks.tell(networks.outputs(X))[1], networks.tell(networks.outputs(back))[1])
    assert (networks.forward(networks.outputs(X))[spun] > 0).mean() > 0.95
    assert networks.others.tolist() == ["a", "b", "c"]
    np.testing.assert_allclose(networks.tell(networks.outputs(X))[1].sum(axis=1), 1)
    (added, bias), (same, _) = networks.attribute(X), networks.attribute(back)
    np.testing.assert_allclose(added.sum(axis=1) + bias, networks.log_odds(X), atol=1e-9)
    np.testing.assert_allclose(added, same, atol=1e-12)


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_the_other_relations_are_told_apart_whatever_the_share(share):
    rng = np.random.default_rng(6)
    X = rng.normal(size=(900, 3))
    y = np.array(["copied", "edited", "spun"])[np.argmax(X, axis=1)]
    settings = ClassifierSettings("spun", max_iter=20, network_share=share, n_networks=1)
    finer = np.where(X[:, 1] > 1, "much", "little")
    for kind in (None, finer):
        classifier = settings.fit(X, y, kind=kind)
        probabilities = classifier.predict_proba(X)
        np.testing.assert_allclose(probabilities.sum(axis=1), 1)
        assert (classifier.classes[probabilities.argmax(axis=1)] == y).mean() > 0.9


def test_what_the_networks_tell_apart_is_finer_than_the_classes():
    rng = np.random.default_rng(4)
    X = rng.normal(size=(800, 2))
    y = np.where(X[:, 0] * X[:, 1] > 0, "spun", "other")
    settings = ClassifierSettings("spun", max_iter=5, network_share=1.0, n_networks=1)
    plain = settings.fit(X, y).log_odds(X)
    finer = settings.fit(X, y, kind=np.where(X[:, 0] > 0, "right", "left")).log_odds(X)
    assert not np.allclose(plain, finer)
    np.testing.assert_array_equal(settings.fit(X, y, kind=y).log_odds(X), plain)


def test_trees_see_no_rows_without_weight():
    rng = np.random.default_rng(3)
    X = rng.normal(size=(400, 2))
    y, weight = np.where(X[:, 0] > 0, "spun", "other"), (np.arange(400) % 2).astype(float)
    settings = ClassifierSettings("spun", max_iter=10, network_share=0.0, n_networks=1)
    few = settings.fit(X[1::2], y[1::2]).log_odds(X)
    np.testing.assert_allclose(settings.fit(X, y, None, weight).log_odds(X), few, atol=1e-9)


def test_too_many_leaves_are_refused():
    with pytest.raises(ValueError, match="64"):
        TreeSettings(max_leaf_nodes=65).fit(np.zeros((2, 1)), np.array([0, 1]))


def test_calibration_finds_the_map_it_was_made_by():
    rng = np.random.default_rng(0)
    raw = rng.normal(scale=3, size=20_000)
    truth = rng.random(20_000) < 1 / (1 + np.exp(-(0.5 * raw - 1)))
    found = fit_calibration(raw, truth)
    assert found == pytest.approx((0.5, -1), abs=0.05)


@pytest.mark.parametrize("truth", [[True] * 3, [False] * 3])
def test_calibration_without_both_classes_changes_nothing(truth):
    assert fit_calibration([1.0, 2.0, 3.0], truth) == IDENTITY


@pytest.mark.parametrize("turn", [1, -1])
def test_calibration_never_turns_the_order_round(turn):
    raw = np.linspace(-5, 5, 100)
    assert fit_calibration(raw, turn * raw > 0).slope > 0


def test_the_settings_know_the_features():
    assert classifier_settings().symmetry is direction_settings().symmetry is SYMMETRY
    assert isinstance(labelled_rows(features_table()), Labelled)


# ------------------------------------------------------------------ functions of our own, to spare an import

WIDE = np.concatenate(
    [np.linspace(-800, 800, 4001), np.random.default_rng(0).normal(scale=5, size=100_000), [0.0, -0.0]]
)


def test_probabilities_are_scipys_to_the_bit():
    np.testing.assert_array_equal(expit(WIDE), special.expit(WIDE))
    p = np.append(np.random.default_rng(1).random(100_000), [0.0, 1.0, 0.3, 0.65, 1e-300, 1 - 1e-16])
    np.testing.assert_array_equal(logit(p), special.logit(p))
    assert np.isnan(expit(np.nan))
    assert np.isnan(logit([np.nan, -0.5, 1.5])).all()


def test_sums_of_exponentials_are_scipys_to_the_bit():
    outputs = np.random.default_rng(2).normal(scale=9, size=(3, 500, 16))
    outputs[0, :50, 3] = outputs[0, :50, 5] = 40.0
    kinds = np.arange(16) % 3 == 0
    for some in (outputs[..., kinds], outputs[..., ~kinds], outputs[..., :1]):
        np.testing.assert_array_equal(_log_sum_exp(some), special.logsumexp(some, axis=-1, keepdims=True))
        np.testing.assert_array_equal(_softmax(some), special.softmax(some, axis=-1))
