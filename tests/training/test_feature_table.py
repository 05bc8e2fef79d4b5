"""The features table is what today's code makes: rows drawn from it are made again and compared."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from unspun.comparison.features.catalogue import FEATURE_NAMES
from unspun.io.pair_tables import read_pairs
from unspun.model.pair_featurizer import PairFeaturizer
from unspun.training.augmentation import spun_twin
from unspun.training.feature_table import LABELS, read_features

ROOT = Path(__file__).parents[2]
CORPORA = ROOT.parent / "shared" / "corpora" / "pairs"
BUILT = ROOT / "build" / "published.jsonl"
HINT = "the code has moved on from data/training/features.parquet: run `make features train`"


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return read_features(ROOT / "data" / "training" / "features.parquet")


def compare(table: pd.DataFrame, pairs: pd.DataFrame, variant: str) -> None:
    rows = table[table["variant"] == variant].set_index("id").loc[pairs["id"], list(FEATURE_NAMES)]
    again = PairFeaturizer().transform(pairs)
    np.testing.assert_allclose(again, rows.to_numpy(), rtol=1e-5, atol=1e-6, equal_nan=True, err_msg=HINT)


def test_columns(table: pd.DataFrame) -> None:
    assert list(table.columns) == [*LABELS, *FEATURE_NAMES]


def test_rows_of_our_own_stories(table: pd.DataFrame) -> None:
    pairs, bad = read_pairs(ROOT / "data" / "training" / "stories", labelled=True)
    assert not len(bad)
    compare(table, pairs.sample(40, random_state=0), "stories")


@pytest.mark.skipif(not CORPORA.exists(), reason="the labelled pairs are not on this machine")
@pytest.mark.parametrize("dataset", ["quillbot", "allsides_abp", "tool_spun", "cochrane"])
def test_rows_of_the_labelled_pairs(table: pd.DataFrame, dataset: str) -> None:
    pairs, _ = read_pairs(CORPORA / f"{dataset}.jsonl.gz", labelled=True)
    compare(table, pairs.sample(15, random_state=0), "original")


@pytest.mark.skipif(not CORPORA.exists(), reason="the labelled pairs are not on this machine")
@pytest.mark.parametrize("dataset", ["allsides_abp", "cochrane"])
def test_twins_of_the_labelled_pairs(table: pd.DataFrame, dataset: str) -> None:
    pairs, _ = read_pairs(CORPORA / f"{dataset}.jsonl.gz", labelled=True)
    made, known = [], set(table["id"])
    for _, pair in pairs.head(60).iterrows():
        twin = spun_twin(pair)
        if twin and f"{pair['id']}~{twin[0]}" in known:
            made.append({"id": f"{pair['id']}~{twin[0]}", "source": pair["source"], "suspect": twin[2]})
    assert len(made) > 20
    compare(table, pd.DataFrame(made[:20]), "twin")


@pytest.mark.skipif(not BUILT.exists(), reason="the published pairs are not on this machine (see data/README.md)")
def test_rows_of_published_pairs(table: pd.DataFrame) -> None:
    pairs, bad = read_pairs(BUILT, labelled=True)
    assert not len(bad)
    compare(table, pairs.sample(30, random_state=0), "stories")
