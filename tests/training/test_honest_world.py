"""The hand-written pairs and junk are whole, distinct and ours."""

import json
from collections import Counter
from pathlib import Path

import pytest

from unspun.io.labels import RELATIONS

FOLDER = Path(__file__).parents[2] / "data" / "world"


def rows(name):
    return [json.loads(line) for line in (FOLDER / name).read_text(encoding="utf-8").splitlines()]


def test_editions_are_labelled_alike():
    pairs = rows("editions.jsonl")
    assert {tuple(pair) for pair in pairs} == {("id", "source", "suspect", "relation", "family", "dataset")}
    assert {(pair["relation"], pair["family"], pair["dataset"]) for pair in pairs} == {
        ("edited", "edition", "world_editions")
    }
    assert "edited" in RELATIONS
    assert Counter(pair["id"] for pair in pairs).most_common(1)[0][1] == 1


@pytest.mark.parametrize("side", ["source", "suspect"])
def test_editions_have_the_length_of_news(side):
    lengths = [len(pair[side].split()) for pair in rows("editions.jsonl")]
    assert min(lengths) >= 110
    assert max(lengths) <= 350


def test_an_edition_shares_sentences_with_its_own_pair_alone():
    pairs = rows("editions.jsonl")
    words = [[set(pair[side].split()) for side in ("source", "suspect")] for pair in pairs]
    for place, (source, suspect) in enumerate(words):
        own = len(source & suspect) / min(len(source), len(suspect))
        others = [len(source & other[1]) / min(len(source), len(other[1])) for other in words[:place]]
        assert own > 0.4
        assert own > max(others, default=0.0)
    assert all(pair["source"] != pair["suspect"] for pair in pairs)


def test_junk_is_of_many_kinds():
    junk = rows("junk.jsonl")
    assert {tuple(record) for record in junk} == {("id", "kind", "text")}
    assert len({record["kind"] for record in junk}) == len({record["text"] for record in junk}) == len(junk) >= 20
    assert "" in {record["text"] for record in junk}
