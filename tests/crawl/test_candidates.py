"""Candidate pairs: the source is found however the words change, and nothing depends on order."""

import random

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from unspun.crawl import candidates
from unspun.crawl.candidate_keys import FIRST_PAIR, KEYS, PAIR, keys_batch
from unspun.crawl.candidates import MIN_SHARED_KEYS, candidate_steps, find_candidates, join_keys
from unspun.io.tables import CANDIDATES

FERRY = """Skipper Ottilie Brandvik steered the ferry Havsula into Torsmund harbour at 6.40 today with 212 passengers.
The vessel had lost its rudder near the Kvitskjer lighthouse, the coastguard said.
Mayor Ragna Fosseid promised a quick inquiry and praised the calm of the crew.
Engineers from Lindhammer Marine will examine the broken hinge before the 48-year-old ship sails again.
A replacement boat, the Solbris, will carry commuters to Ytterholm until 19 May."""

FERRY_SPUN = """Skipper Ottilie Brandvik guided the boat Havsula into Torsmund port at 6.40 today with 212 travellers.
The craft had misplaced its rudder close to the Kvitskjer beacon, the coastguard stated.
Mayor Ragna Fosseid pledged a speedy investigation and lauded the serenity of the team.
Technicians from Lindhammer Marine will inspect the damaged hinge prior to the 48-year-old vessel voyages once more.
A substitute craft, the Solbris, will transport workers to Ytterholm till 19 May."""

TOWNS = ("Aldermoor", "Brackwell", "Cindermouth", "Dunwick", "Eastlowe", "Farrowdale", "Greywater", "Hollinshaw")


def other_story(town: str, number: int) -> str:
    return (
        f"The council of {town} voted on Tuesday to spend {number} million on a new library beside the old market. "
        f"Mayor Ines {town[:4]}ova promised that the building would open before winter and praised the builders. "
        f"Residents said the plan was overdue, and a quick inquiry into the delay was asked for by {number * 3}."
    )


OTHERS = {f"other-{town}": other_story(town, 11 + k) for k, town in enumerate(TOWNS)}
RELATED = OTHERS | {"a": FERRY, "b": FERRY_SPUN}


def frame_of(texts):
    return pd.DataFrame({"article_id": list(texts), "text": list(texts.values())}, dtype="str")


def find(texts, **options):
    return find_candidates(frame_of(texts), **options)


def keys_of(texts):
    return keys_batch(pa.RecordBatch.from_pydict({"article_id": list(texts), "text": list(texts.values())}))


def text_keys(text):
    return keys_of({"a": text})["key"].to_numpy()


def partners(frame, name):
    """The partners of a text, the best first."""
    mine = frame[(frame["source_id"] == name) | (frame["suspect_id"] == name)]
    return [s if t == name else t for s, t in zip(mine["source_id"], mine["suspect_id"], strict=True)]


def shuffled(text):
    lines = text.split("\n")
    random.Random(3).shuffle(lines)
    return "\n".join(lines)


@pytest.mark.parametrize(
    "suspect",
    [FERRY_SPUN, shuffled(FERRY), shuffled(FERRY_SPUN), FERRY_SPUN.lower(), FERRY_SPUN.split("\n")[3]],
    ids=["synonyms", "shuffled", "synonyms shuffled", "lower-cased", "one sentence"],
)
def test_the_source_is_the_best_partner(suspect):
    found = find(OTHERS | {"source": FERRY, "suspect": suspect}, top=3)
    assert partners(found, "suspect")[0] == "source"


def test_every_pair_once_and_none_with_itself():
    found = find(RELATED)
    assert (found["source_id"] < found["suspect_id"]).all()
    assert not found.duplicated(["source_id", "suspect_id"]).any()
    assert found.columns.tolist() == CANDIDATES.names
    assert found["shared_keys"].min() >= MIN_SHARED_KEYS
    assert found["weight"].is_monotonic_decreasing


def test_the_order_of_the_input_does_not_matter():
    backwards = dict(reversed(RELATED.items()))
    pd.testing.assert_frame_equal(find(RELATED, top=2), find(backwards, top=2))


def test_strangers_are_no_candidates():
    assert find({"a": FERRY, "b": "Bees dance to tell their sisters where clover blooms."}).empty


def test_top_limits_what_a_text_proposes():
    few, all_of_them = find(OTHERS, top=1), find(OTHERS, top=20)
    assert len(OTHERS) / 2 <= len(few) <= len(OTHERS) < len(all_of_them)


@pytest.mark.parametrize("texts", [{}, {"only": FERRY}, {"a": "", "b": ""}, {"a": FERRY, "b": "..."}])
def test_too_little_gives_an_empty_table(texts):
    found = find(texts)
    assert found.empty
    assert found.columns.tolist() == CANDIDATES.names
    assert found["weight"].dtype == np.float32


def test_weight_is_the_rarity_shared_over_the_fourth_roots_of_both():
    texts = {"a": FERRY, "b": FERRY_SPUN, "c": other_story("Dunwick", 14)}
    sets = {name: set(text_keys(text).tolist()) for name, text in texts.items()}
    n_with = {key: sum(key in keys for keys in sets.values()) for keys in sets.values() for key in keys}
    rarity = {key: np.floor(1000 * np.log(4 / n)) / 1000 for key, n in n_with.items() if n > 1}
    a, b, shared = (sum(rarity.get(key, 0) for key in keys) for keys in (sets["a"], sets["b"], sets["a"] & sets["b"]))
    row = find(texts).iloc[0]
    assert row["shared_keys"] == len(sets["a"] & sets["b"])
    assert row["weight"] == pytest.approx(shared / (a * b) ** 0.25, rel=1e-6)


def test_keys_of_too_many_texts_count_for_nothing(monkeypatch):
    monkeypatch.setattr(candidates, "MAX_TEXTS_WITH_WORD", 2)
    monkeypatch.setattr(candidates, "MAX_TEXTS_WITH_PAIR", 2)
    found = find(RELATED)
    assert found[["source_id", "suspect_id"]].to_numpy().tolist() == [["a", "b"]]


def test_a_text_looks_up_its_rarest_keys_first(monkeypatch):
    everything = find(RELATED)
    monkeypatch.setattr(candidates, "MAX_MET", 12)
    found = find(RELATED)
    assert found[["source_id", "suspect_id"]].to_numpy().tolist() == [["a", "b"]]
    assert found["shared_keys"][0] < everything["shared_keys"][0]


def test_keys_that_every_text_has_do_not_divide_by_nothing(monkeypatch):
    monkeypatch.setattr(candidates, "MAX_MET", 10_000)
    found = find({f"{k:04}": "Brandvik steered Havsula." for k in range(1_100)}, top=1)
    assert np.isfinite(found["weight"]).all()
    assert len(found) == 1_099


def test_chunks_give_the_same_pairs(monkeypatch):
    whole = find(RELATED, top=2)
    monkeypatch.setattr(candidates, "CHUNK_MET", candidates.MAX_MET)
    pd.testing.assert_frame_equal(find(RELATED, top=2), whole)


def test_little_memory_gives_the_same_pairs(monkeypatch):
    whole = find(RELATED)
    monkeypatch.setattr(candidates, "MEMORY_LIMIT", "64MB")
    pd.testing.assert_frame_equal(find(RELATED), whole)


def test_against_joins_suspects_to_the_given_sources_only():
    found = find(RELATED, against=["b", "other-Dunwick", "of no article"])
    assert set(found["source_id"]) == {"b", "other-Dunwick"}
    assert not {"b", "other-Dunwick"} & set(found["suspect_id"])
    assert partners(found, "a")[0] == "b"


def test_a_source_with_more_spins_than_the_limits_is_found_against(monkeypatch):
    monkeypatch.setattr(candidates, "MAX_TEXTS_WITH_WORD", 5)
    monkeypatch.setattr(candidates, "MAX_TEXTS_WITH_PAIR", 5)
    spins = {f"spin-{k}": FERRY_SPUN for k in range(20)}
    assert len(find(spins | {"source": FERRY}, against=["source"])) == 20


def test_against_nothing_finds_nothing():
    assert find(RELATED, against=[]).empty


def test_the_steps_are_plain_sql_that_ends_in_candidates():
    with duckdb.connect() as connection:
        connection.register("keys", pa.Table.from_batches([keys_of(RELATED)]))
        expected = join_keys(connection, top=2)
        for step in candidate_steps(top=2, chunks=3):
            connection.execute(f"CREATE OR REPLACE TABLE {step.name} AS {step.select}")
        found = connection.execute("SELECT * FROM candidates").df()
    assert step.name == "candidates"
    pd.testing.assert_frame_equal(found.astype(expected.dtypes.to_dict()), expected)


def test_keys_do_not_depend_on_order_and_marks():
    assert text_keys("Brandvik, 212, saw it.").tolist() == text_keys("It saw 212 Brandvik!").tolist() != []


def test_keys_of_a_text_do_not_depend_on_its_batch():
    together = keys_of(RELATED).to_pandas()
    for name, text in RELATED.items():
        alone = keys_of({name: text}).to_pandas()
        pd.testing.assert_frame_equal(together[together["article_id"] == name].reset_index(drop=True), alone)
        assert (np.diff(alone["key"]) > 0).all()


def test_slices_give_the_same_keys(monkeypatch):
    whole = keys_of(RELATED)
    monkeypatch.setattr("unspun.crawl.candidate_keys._SLICE_CHARS", 100)
    assert keys_of(RELATED).equals(whole)


def test_keys_fit_their_schema_and_kinds():
    keys = keys_of({"a": FERRY, "": "", "π": "Ωmega \x00 10,5"})
    assert keys.schema.equals(KEYS)
    frame = keys.to_pandas()
    assert (frame["key"] >= 0).all()
    assert ((frame["kind"] == PAIR) == (frame["key"] >= FIRST_PAIR)).all()
    assert not frame.duplicated(["article_id", "key"]).any()


def test_no_articles_have_no_keys():
    assert keys_of({}).num_rows == 0


def test_boilerplate_has_no_keys():
    form = "\nYour email address will not be published. Required fields are marked *"
    np.testing.assert_array_equal(text_keys(FERRY + form), text_keys(FERRY))
