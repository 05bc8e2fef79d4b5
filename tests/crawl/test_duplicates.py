"""Of copies the first stays, and no copy's name is lost; different texts under one name are told apart."""

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from unspun.crawl.duplicates import fold_duplicates

ROWS = st.lists(st.tuples(st.sampled_from(["a", "b", "a#2", "c"]), st.sampled_from("123456")), max_size=30)


def frame(rows):
    return pd.DataFrame(rows, columns=["article_id", "sha256"], dtype=str)


@given(ROWS)
def test_every_text_stays_once_under_a_name_of_its_own(rows):
    kept, rejects = fold_duplicates(frame(rows))
    assert kept["article_id"].is_unique
    assert kept["sha256"].tolist() == list(dict.fromkeys(digest for _, digest in rows))
    assert len(kept) + len(rejects) == len(rows)
    assert set(rejects["stage"]) <= {"duplicate"}


@given(ROWS)
def test_the_name_of_every_copy_and_of_its_keeper_is_told(rows):
    kept, rejects = fold_duplicates(frame(rows))
    keepers = dict(zip(kept["sha256"], kept["article_id"], strict=True))
    copies = [row for place, row in enumerate(rows) if row[1] in [digest for _, digest in rows[:place]]]
    assert rejects["uri"].tolist() == [name for name, _ in copies]
    assert rejects["reason"].tolist() == [f"the same text as {keepers[digest]}" for _, digest in copies]


def test_other_columns_and_the_index_stay():
    articles = frame([("a", "1"), ("b", "1"), ("a", "2")]).assign(shard=[0, 1, 2])
    kept, _ = fold_duplicates(articles)
    assert kept["article_id"].tolist() == ["a", "a#2"]
    assert kept["shard"].tolist() == kept.index.tolist() == [0, 2]
    assert articles["article_id"].tolist() == ["a", "b", "a"]
