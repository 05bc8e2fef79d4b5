"""Figures, floors and the two protocols."""

import importlib.util
import json
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score
from tables import features_table

from unspun.errors import TrainingError
from unspun.model.cross_fitting import fold_numbers
from unspun.training.evaluation import SCORE_LABELS, evaluate
from unspun.training.floors import FloorError, check_floors, flatten
from unspun.training.folds import PROTOCOLS, folds
from unspun.training.metrics import judge
from unspun.training.weights import TWIN_SHARE, cell_weights, training_weights

ROOT = Path(__file__).parents[2]
JUDGE = ROOT.parent / "shared" / "corpora" / "metrics.py"


def scored_pairs(seed=0, n=1500):
    """Return scores of made-up pairs, no two alike: some cells are large, some too small to stand alone."""
    rng = np.random.default_rng(seed)
    relation = rng.choice(["spun", "copied", "rewritten"], n, p=[0.5, 0.3, 0.2])
    table = pd.DataFrame(
        {
            "id": [f"p{k}" for k in range(n)],
            "relation": relation,
            "family": np.where(relation == "spun", rng.choice(["synonym", "llm"], n), rng.choice(["wire", "x"], n)),
            "dataset": rng.choice(["a", "b", "c"], n, p=[0.7, 0.27, 0.03]),
            "p_spun": rng.permutation(6000)[:n] / 10_000 + 0.40005 * (relation == "spun"),
            "p_forward": rng.random(n),
        }
    )
    return table


@pytest.mark.skipif(not JUDGE.exists(), reason="the judge of the corpora is not beside this checkout")
@pytest.mark.parametrize("seed", range(5))
def test_figures_are_those_of_the_judge(seed):
    spec = importlib.util.spec_from_file_location("judge_of_the_corpora", JUDGE)
    theirs = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(theirs)
    table = scored_pairs(seed)
    expected, found = theirs.judge(table), judge(table)
    for name in ("auc", "ece", "brier"):
        assert found["overall"][name] == pytest.approx(expected[name], abs=6e-5)
    for rate in ("tpr@1%", "tpr@0.1%"):
        assert found[rate] == pytest.approx(expected[rate], abs=6e-5)
    assert found["direction"] == pytest.approx(expected["direction"], abs=6e-5)
    worst = dict(list(found["fpr@1%"].items())[:5])
    assert sorted(worst.values()) == pytest.approx(sorted(expected["worst_fpr"].values()), abs=6e-5)


def test_auc_is_scikit_learns_ties_included():
    table = scored_pairs()
    table["p_spun"] = table["p_spun"].round(1)
    expected = roc_auc_score(table.relation == "spun", table.p_spun, sample_weight=cell_weights(table))
    assert judge(table)["overall"]["auc"] == pytest.approx(expected)


def test_a_perfect_score_is_perfect():
    table = scored_pairs()
    figures = judge(table.assign(p_spun=(table.relation == "spun").astype(float), p_forward=1.0))
    assert figures["overall"]["auc"] == pytest.approx(1)
    assert figures["tpr@0.1%"]["macro"] == figures["direction"]["llm"] == 1
    assert figures["overall"]["ece"] == figures["overall"]["brier"] == max(figures["fpr@1%"].values()) == 0


def test_small_cells_are_pooled_and_large_ones_weigh_alike():
    table = scored_pairs()
    weight = pd.Series(cell_weights(table))
    spun = table.relation == "spun"
    assert weight[spun].sum() == pytest.approx(1)
    assert weight[~spun].sum() == pytest.approx(1)
    large = table.groupby(["dataset", "relation", "family"]).id.transform("size") >= 30
    per_cell = weight[spun & large].groupby([table.dataset, table.family]).sum()
    assert per_cell.max() == pytest.approx(per_cell.min())


def test_variants_share_the_weight_of_their_pair():
    table = features_table()
    weight = pd.Series(training_weights(table))
    per_pair = weight.groupby(table["id"]).sum()
    spun = table.drop_duplicates("id").set_index("id")["relation"] == "spun"
    assert per_pair[spun].std() == pytest.approx(0)
    assert weight.mean() == pytest.approx(1)
    assert weight[table["relation"] == "spun"].sum() == pytest.approx(weight.sum() / 2)


def test_twins_keep_to_their_share_of_their_class():
    table = pd.DataFrame(
        {"id": list("abcd"), "dataset": "x", "relation": "copied", "family": ["wire", *["twin_cut"] * 3]}
    )
    weight = training_weights(table)
    assert weight[1:].sum() / weight.sum() == pytest.approx(TWIN_SHARE)


# ------------------------------------------------------------------ splits


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_no_group_is_on_both_sides(protocol):
    table = features_table()
    tested = []
    for train, test in folds(table, protocol):
        assert not set(table["group"].iloc[train]) & set(table["group"].iloc[test])
        assert (table["variant"].iloc[test] == "original").all()
        tested += test.tolist()
    assert sorted(tested) == np.flatnonzero(table["variant"] == "original").tolist()


def test_a_dataset_left_out_takes_the_groups_it_shares_with_it():
    table = features_table()
    table.loc[0, "group"] = table["group"].iloc[-1]
    for train, test in folds(table, "leave-one-dataset-out"):
        datasets = set(table["dataset"].iloc[test])
        assert len(datasets) == 1
        assert not set(table["dataset"].iloc[train]) & datasets
        assert not set(table["group"].iloc[train]) & set(table["group"].iloc[test])


def test_an_unknown_protocol_is_refused():
    with pytest.raises(ValueError, match="group-cv"):
        next(folds(features_table(), "bootstrap"))


def test_folds_are_even_and_do_not_depend_on_the_order():
    group = pd.Series([f"g{k // 3}" for k in range(300)])
    parts = fold_numbers(group)
    assert np.bincount(parts).tolist() == [60] * 5
    shuffled = group.sample(frac=1, random_state=0)
    assert dict(zip(shuffled, fold_numbers(shuffled), strict=True)) == dict(zip(group, parts, strict=True))


@cache
def evaluated(protocol):
    return evaluate(features_table(n_each=180), protocol, n_jobs=1)


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_scores_of_unseen_pairs(protocol):
    table = features_table(n_each=180)
    scores, figures = evaluated(protocol)
    assert list(scores.columns) == [*SCORE_LABELS, "n_aligned", "p_spun", "p_forward"]
    assert scores["id"].tolist() == table.loc[table["variant"] == "original", "id"].tolist()
    assert scores[["p_spun", "p_forward"]].stack().between(0, 1).all()
    assert figures["overall"]["pairs"] == len(scores)
    assert figures["overall"]["auc"] > 0.9


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_the_direction_of_unseen_pairs(protocol):
    # Sixty pairs of a family are too few to tell 78 % from 82 %.
    assert min(evaluated(protocol)[1]["direction"].values()) > 0.8


# ------------------------------------------------------------------ floors


FIGURES = {"overall": {"auc": 0.99, "ece": 0.02}}


def test_figures_above_their_floors_pass():
    check_floors(FIGURES, {"overall/auc": 0.99, "-overall/ece": 0.02})


@pytest.mark.parametrize("floors", [{"overall/auc": 0.991}, {"-overall/ece": 0.019}, {"overall/gone": 0.0}])
def test_figures_below_their_floors_do_not(floors):
    with pytest.raises(FloorError, match=next(iter(floors)).removeprefix("-")):
        check_floors(FIGURES, floors)


def test_the_floors_of_the_project_name_figures_there_are():
    floors = json.loads((ROOT / "data" / "training" / "floors.json").read_text())
    assert set(floors) == set(PROTOCOLS)
    table = scored_pairs().assign(family=lambda t: t.family.where(t.relation != "spun", "synonym"))
    known = {name.split("/")[0] for name in flatten(judge(table))}
    assert {name.removeprefix("-").split("/")[0] for part in floors.values() for name in part} <= known


def test_one_class_alone_cannot_be_judged():
    table = features_table()
    with pytest.raises(TrainingError, match="spun pairs and others"):
        evaluate(table[table["relation"] == "spun"].reset_index(drop=True))
