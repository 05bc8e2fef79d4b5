"""Tables keep their columns and types through frames and files, and say what is wrong when they cannot."""

import pickle

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from unspun.errors import InputError, TableError, UnspunError
from unspun.io.tables import (
    ARTICLES,
    CANDIDATES,
    FORMS,
    PASSAGES,
    REJECTS,
    SCORES,
    Article,
    Reject,
    articles_frame,
    conform,
    read_table,
    rejects_frame,
    write_table,
)
from unspun.text.token_text import text_digest

ONE_SCORE = {
    "source_id": "a",
    "suspect_id": "b",
    "p_spun": 0.9,
    "p_low": 0.7,
    "p_high": 0.95,
    "p_forward": 0.8,
    "p_copied": 0.0,
    "p_edited": 0.05,
    "p_rewritten": 0.03,
    "p_independent": 0.02,
    "coverage": 0.7,
    "source_coverage": 0.9,
    "n_substitutions": 31,
    "spun_share": 0.8,
    "source_spun_share": 0.7,
    "n_passages": 2,
    "form": None,
    "abstained": None,
    "model": "test",
}


def test_articles_survive_a_file(tmp_path):
    frame = articles_frame([Article("a", "Rain fell.", site="x.example"), Article("b", "")])
    write_table(frame, tmp_path / "deep" / "articles.parquet", ARTICLES)
    pd.testing.assert_frame_equal(read_table(tmp_path / "deep" / "articles.parquet", ARTICLES), frame)
    assert frame.columns.tolist() == ARTICLES.names
    assert frame["sha256"][0] == text_digest("Rain fell.")


def test_lone_surrogates_have_a_digest():
    assert text_digest("a\ud800") == text_digest("a?")


@pytest.mark.parametrize("abstained", [None, "too short"])
def test_scores_keep_types_nan_and_null(tmp_path, abstained):
    rows = [ONE_SCORE, {**ONE_SCORE, "p_spun": np.nan, "abstained": abstained}]
    write_table(pd.DataFrame(rows), tmp_path / "s.parquet", SCORES)
    back = read_table(tmp_path / "s.parquet", SCORES)
    assert back["p_spun"].dtype == np.float32
    assert back["n_substitutions"].dtype == np.int32
    assert np.isnan(back["p_spun"][1])
    assert back["abstained"].isna().tolist() == [True, abstained is None]


@pytest.mark.parametrize("schema", [ARTICLES, CANDIDATES, SCORES, PASSAGES, FORMS, REJECTS])
def test_empty_tables_are_tables(tmp_path, schema):
    empty = pd.DataFrame({name: [] for name in schema.names})
    write_table(empty, tmp_path / "t.parquet", schema)
    assert read_table(tmp_path / "t.parquet", schema).columns.tolist() == schema.names


def test_rejects_are_rows():
    frame = rejects_frame([Reject("x", "read", "empty"), Reject("y", "extract", "none")])
    assert frame["reason"].tolist() == ["empty", "none"]


def test_missing_column_is_named():
    with pytest.raises(TableError, match=r"pairs table lacks columns: \['weight'\]; it must have source_id"):
        conform(pd.DataFrame({"source_id": ["a"], "suspect_id": ["b"], "shared_keys": [1]}), CANDIDATES, "pairs table")


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("source_id", 7, "must be text"),
        ("source_id", None, "empty cells"),
        ("shared_keys", 2.5, "is not int32"),
        ("shared_keys", "two", "is not int32"),
    ],
)
def test_wrong_values_are_refused(column, value, message):
    row = {"source_id": "a", "suspect_id": "b", "shared_keys": 1, "weight": 1.0, column: value}
    with pytest.raises(TableError, match=message):
        conform(pd.DataFrame([row]), CANDIDATES)


def test_mixed_types_are_refused():
    frame = pd.DataFrame({"uri": pd.Series(["a", 3], dtype=object), "stage": ["", ""], "reason": ["", ""]})
    with pytest.raises(TableError, match="mixes types"):
        conform(frame, REJECTS)


def test_unreadable_files_say_so(tmp_path):
    with pytest.raises(InputError, match="no such table"):
        read_table(tmp_path / "none.parquet", ARTICLES)
    (tmp_path / "bad.parquet").write_bytes(b"not parquet at all")
    with pytest.raises(InputError, match="not a readable parquet file"):
        read_table(tmp_path / "bad.parquet", ARTICLES)


def test_a_file_with_other_columns_is_refused(tmp_path):
    pa.parquet.write_table(pa.table({"uri": ["a"]}), tmp_path / "t.parquet")
    with pytest.raises(TableError, match="lacks columns"):
        read_table(tmp_path / "t.parquet", REJECTS)


def test_errors_say_what_value_and_remedy_and_cross_processes():
    error = TableError("the limit is too low", 3, "raise it")
    assert str(error) == "the limit is too low: 3; raise it"
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), str(again)) == (TableError, str(error))
    assert issubclass(TableError, UnspunError)
    assert len(str(UnspunError("not an article", "x" * 10_000))) < 120
