"""From labelled pairs to a features table, and from the table to a model with its card."""

import json
import os
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from run_folders import python_path
from tables import features_table
from two_texts import SOURCE, SUSPECT

from unspun.comparison.features.catalogue import FEATURE_NAMES
from unspun.errors import TrainingError
from unspun.io.labels import TWIN
from unspun.model.persistence import load_model, read_card
from unspun.training.augmentation import AS_THEY_ARE, FORMS, MENUS, Draw, cut, expand, sentences, wrap
from unspun.training.everyday_twins import FORM_DATASET
from unspun.training.feature_table import LABELS, build_features, read_features
from unspun.training.fitting import train
from unspun.training.model_card import render, write_card
from unspun.training.source_groups import merge_groups
from unspun.training.weights import VARIANTS

OTHER = (
    "A walker found the missing goat on the ridge at noon. Its owner had searched for nine days. "
    "The herd grazes above the reservoir from May to October. Two of the younger animals wear bells. "
    "Nobody knows how it crossed the gorge. The vet called it thin but cheerful."
)


def draw(seed=0):
    import random

    return Draw(random.Random(seed), sentences(OTHER))


def labelled_pairs(n=24):
    """Return pairs of two datasets, one of spun pairs and one of copies, four to a group."""
    rows = []
    for k in range(n):
        spun = k % 2 == 0
        source = SOURCE.replace("Ostravel", f"Place{k // 4}") if k // 4 % 2 else OTHER.replace("goat", f"goat{k // 4}")
        rows.append(
            {
                "id": f"p{k}",
                "source": source,
                "suspect": SUSPECT if spun else source,
                "relation": "spun" if spun else "copied",
                "family": "synonym" if spun else "verbatim",
                "tool": "t",
                "dataset": "swaps" if spun else "copies",
                "group": f"g{k // 4}",
            }
        )
    return pd.DataFrame(rows)


# ------------------------------------------------------------------ variants


def test_wrapped_text_stands_whole_amid_other_text():
    page = wrap(SOURCE, draw())
    assert SOURCE in page
    assert any(menu in page for menu in MENUS)
    assert any(form in page for form in FORMS)
    assert 130 <= len(page.split()) - len(SOURCE.split()) <= 260


def test_cut_keeps_the_beginning():
    made = cut(SOURCE, draw())
    assert 2 <= len(sentences(made)) < len(sentences(SOURCE))
    assert SOURCE.startswith(made)


def test_variants_keep_id_and_relation_and_twins_are_of_the_other_kind():
    pairs = labelled_pairs(200)
    made = expand(pairs)
    assert set(made["variant"]) <= {"original", "twin", *VARIANTS}
    variants = made[made["variant"].isin(VARIANTS)]
    assert set(variants["id"]) <= set(pairs["id"])
    twins = made[made["variant"] == "twin"]
    # A text that is misread, renamed or printed anew keeps its kind.
    plain = {f"{TWIN}{name}" for name in ("noise", "anonymised", "edition", "desk")}
    of_everyday = twins["family"].isin(plain) | twins["family"].str.endswith(("_noise", "_renamed"))
    everyday, twins = twins[of_everyday], twins[~of_everyday]
    assert len(everyday)
    assert len(twins)
    assert set(twins["relation"]) == {"spun", "copied", "edited", "independent"}
    relation_of = pairs.set_index("id")["relation"]
    of_spun = twins["id"].str.split("~").str[0].map(relation_of) == "spun"
    rival = twins["family"] == f"{TWIN}rival"
    assert ((twins["relation"] == "spun") == ~of_spun & ~rival).all()
    assert (twins.loc[rival, "relation"] == "independent").all()
    assert twins["family"].str.startswith(TWIN).all()
    assert (twins.loc[of_spun, "dataset"] == "swaps").all()
    assert ((everyday["relation"] == "spun") == ~everyday["family"].isin(plain)).all()
    pd.testing.assert_frame_equal(made, expand(pairs))


def test_a_pair_has_the_same_variants_in_any_company():
    pairs = labelled_pairs(40)
    alone = expand(pairs.iloc[:8])
    assert alone["id"].value_counts().to_dict() == expand(pairs)["id"].value_counts()[alone["id"].unique()].to_dict()


def test_what_is_only_trained_on_gets_no_twins_and_rewrites_by_the_thousand_no_variants():
    pairs, rewrites = labelled_pairs(200), min(AS_THEY_ARE)
    of_tools = pd.concat([pairs, pairs.assign(dataset=rewrites)], ignore_index=True)
    made = expand(of_tools.assign(id=range(400), judged=False))
    assert set(made["variant"]) <= {"stories", *VARIANTS}
    assert set(made.loc[made["dataset"] == rewrites, "variant"]) == {"stories"}
    assert set(made.loc[made["dataset"] != rewrites, "variant"]) > {"stories"}


# ------------------------------------------------------------------ groups


def test_groups_that_share_a_text_are_one():
    pairs = pd.DataFrame(
        {
            "source": [SOURCE, SOURCE + " " + OTHER, OTHER.replace("goat", "sheep"), "Nothing of the kind."],
            "suspect": ["x", "y", "z", ""],
            "dataset": ["b", "a", "c", "a"],
            "group": ["1", "1", "1", "2"],
        }
    )
    assert merge_groups(pairs).tolist() == ["a/1", "a/1", "a/1", "a/2"]


def test_strangers_stay_apart():
    pairs = pd.DataFrame({"source": [SOURCE, OTHER], "suspect": ["x", "y"], "dataset": "a", "group": ["1", "2"]})
    assert merge_groups(pairs).tolist() == ["a/1", "a/2"]


# ------------------------------------------------------------------ the table


@pytest.fixture(scope="module")
def pairs_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("pairs") / "pairs.jsonl"
    labelled_pairs().to_json(path, orient="records", lines=True)
    with path.open("a", encoding="utf-8") as out:
        out.write('{"id": "bad", "source": "no suspect", "relation": "spun"}\n')
    return path


@pytest.fixture(scope="module")
def built(pairs_file):
    """Return the table of the pairs, and what was told while it was made."""
    seen = []
    return build_features(pairs_file, progress=lambda done, total: seen.append((done, total))), seen


def test_the_table_of_pairs(built):
    table, seen = built
    assert list(table.columns) == [*LABELS, *FEATURE_NAMES]
    assert (table["variant"] == "original").sum() == len(labelled_pairs())
    assert table[list(FEATURE_NAMES)].dtypes.eq(np.float32).all()
    assert not np.isinf(table[list(FEATURE_NAMES)]).any(axis=None)
    assert seen[-1] == (len(table), len(table))


def test_the_table_does_not_depend_on_the_number_of_processes(built, pairs_file):
    pd.testing.assert_frame_equal(built[0], build_features(pairs_file, n_jobs=2))


def test_without_labels_there_are_features_alone(pairs_file):
    table = build_features(pairs_file, training=False)
    assert list(table.columns) == ["id", *FEATURE_NAMES]
    assert len(table) == len(labelled_pairs())


# ------------------------------------------------------------------ the model


@pytest.fixture(scope="module")
def model_dir(tmp_path_factory):
    folder = tmp_path_factory.mktemp("model")
    train(features_table(), folder, n_jobs=1)
    return folder


@pytest.mark.parametrize("n_jobs", [pytest.param(1, marks=pytest.mark.slow), 2])
def test_training_twice_gives_the_same_bytes(model_dir, tmp_path, n_jobs):
    """In a process of its own, where addresses and hashes of strings are others."""
    features_table().to_parquet(tmp_path / "features.parquet")
    code = (
        "import pytest, quick_recipe; quick_recipe.use_quick_recipe(pytest.MonkeyPatch());"
        "from pathlib import Path; from unspun.training.feature_table import read_features;"
        "from unspun.training.fitting import train;"
        f"train(read_features(Path({str(tmp_path / 'features.parquet')!r})), Path({str(tmp_path)!r}), n_jobs={n_jobs})"
    )
    subprocess.run(
        [sys.executable, "-c", code], check=True, env=os.environ | {"PYTHONHASHSEED": "7", "PYTHONPATH": python_path()}
    )
    for name in ("detector.npz", "card.json", "card.md"):
        assert (tmp_path / name).read_bytes() == (model_dir / name).read_bytes(), name


def test_the_model_finds_the_spun(model_dir):
    table = features_table(seed=1)
    scored = load_model(model_dir).score_rows(table[list(FEATURE_NAMES)].to_numpy(np.float32))
    spun = table["relation"] == "spun"
    assert ((scored.relation[:, 0] > 0.5) == spun).mean() > 0.9


def test_the_card_says_what_the_model_is(model_dir):
    card = json.loads((model_dir / "card.json").read_text())
    text = (model_dir / "card.md").read_text()
    assert text == render(card)
    assert load_model(model_dir).name == card["model"]
    assert set(card["protocols"]) == {"group-cv"}
    assert card["further"] == {}
    for said in (card["model"], "alpha / spun / synonym", "translation", "## Not for", "## Limits"):
        assert said in text


def test_figures_of_another_protocol_stay_in_the_card_of_the_same_model_alone(model_dir, tmp_path):
    card = read_card(model_dir)
    write_card({**card, "protocols": {"leave-one-dataset-out": card["protocols"]["group-cv"]}}, tmp_path)
    write_card(card, tmp_path)
    assert set(read_card(tmp_path)["protocols"]) == {"leave-one-dataset-out", "group-cv"}
    write_card({**card, "calibration": {"slope": 2.0, "intercept": 0.0}}, tmp_path)
    assert set(read_card(tmp_path)["protocols"]) == {"group-cv"}


def test_a_table_of_other_features_is_refused(tmp_path):
    features_table().rename(columns={FEATURE_NAMES[0]: "old_name"}).to_parquet(tmp_path / "t.parquet")
    with pytest.raises(TrainingError, match="old_name"):
        read_features(tmp_path / "t.parquet")


def test_a_missing_table_is_said_so(tmp_path):
    with pytest.raises(TrainingError, match="make features"):
        read_features(tmp_path / "none.parquet")


@pytest.mark.parametrize("relation", ["spun", "copied"])
def test_one_class_alone_is_refused(tmp_path, relation):
    table = features_table().assign(relation=relation)
    with pytest.raises(TrainingError, match="spun"):
        train(table, tmp_path)


def test_card_lists_what_is_trained_on_and_never_judged(model_dir):
    card = read_card(model_dir)
    assert "never judged by" not in render(card)
    assert "| stories / spun / llm | 3 |" in render({**card, "further": {"stories / spun / llm": 3}})


def test_further_pairs_are_trained_on_and_never_judged(built, pairs_file):
    table = build_features(pairs_file, more=[pairs_file])
    judged = table["variant"] == "original"
    further = (table["variant"] == "stories") & (table["dataset"] != FORM_DATASET)
    assert judged.sum() == further.sum() > 0
    # Which pairs are judged does not depend on what their dataset is called.
    assert (built[0]["variant"] == "original").any()
