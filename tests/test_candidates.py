"""Candidate pairs: the source is found however the words change, and nothing depends on order."""

import random

import numpy as np
import pandas as pd
import pytest

from unspun.candidates import MIN_SHARED_KEYS, find_candidates, text_keys
from unspun.tables import CANDIDATES
from unspun.text import read_text

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


@pytest.fixture(scope="module")
def others():
    return {f"other-{town}": read_text(other_story(town, 11 + k)) for k, town in enumerate(TOWNS)}


def partners(frame: pd.DataFrame, name: str) -> list[str]:
    """The partners of a text, the best first."""
    mine = frame[(frame["source_id"] == name) | (frame["suspect_id"] == name)]
    return [s if t == name else t for s, t in zip(mine["source_id"], mine["suspect_id"], strict=True)]


def shuffled(text: str) -> str:
    lines = text.split("\n")
    random.Random(3).shuffle(lines)
    return "\n".join(lines)


@pytest.mark.parametrize(
    "suspect",
    [FERRY_SPUN, shuffled(FERRY), shuffled(FERRY_SPUN), FERRY_SPUN.lower(), FERRY_SPUN.split("\n")[3]],
    ids=["synonyms", "shuffled", "synonyms shuffled", "lower-cased", "one sentence"],
)
def test_the_source_is_the_best_partner(others, suspect):
    texts = others | {"source": read_text(FERRY), "suspect": read_text(suspect)}
    assert partners(find_candidates(texts, top=3), "suspect")[0] == "source"


def test_every_pair_once_and_none_with_itself(others):
    frame = find_candidates(others | {"a": read_text(FERRY), "b": read_text(FERRY)})
    assert (frame["source_id"] < frame["suspect_id"]).all()
    assert not frame.duplicated(["source_id", "suspect_id"]).any()
    assert frame.columns.tolist() == CANDIDATES.names
    assert frame["shared_keys"].min() >= MIN_SHARED_KEYS
    assert frame["weight"].is_monotonic_decreasing


def test_the_order_of_the_input_does_not_matter(others):
    texts = others | {"a": read_text(FERRY), "b": read_text(FERRY_SPUN)}
    backwards = dict(reversed(texts.items()))
    pd.testing.assert_frame_equal(find_candidates(texts, top=2), find_candidates(backwards, top=2))


def test_strangers_are_no_candidates():
    texts = {"a": read_text(FERRY), "b": read_text("Bees dance to tell their sisters where clover blooms.")}
    assert find_candidates(texts).empty


def test_top_limits_what_a_text_proposes(others):
    few, all_of_them = find_candidates(others, top=1), find_candidates(others, top=20)
    assert len(others) / 2 <= len(few) <= len(others) < len(all_of_them)


@pytest.mark.parametrize("texts", [{}, {"only": FERRY}, {"a": "", "b": ""}, {"a": FERRY, "b": "..."}])
def test_too_little_gives_an_empty_table(texts):
    frame = find_candidates({name: read_text(text) for name, text in texts.items()})
    assert frame.empty
    assert frame.columns.tolist() == CANDIDATES.names
    assert frame["weight"].dtype == np.float32


def test_weight_is_the_summed_rarity_of_the_shared_keys():
    a, b, c = read_text(FERRY), read_text(FERRY_SPUN), read_text(other_story("Dunwick", 14))
    row = find_candidates({"a": a, "b": b, "c": c}).iloc[0]
    shared = set(text_keys(a).tolist()) & set(text_keys(b).tolist())
    n_with = [2 + (key in set(text_keys(c).tolist())) for key in shared]
    assert row["shared_keys"] == len(shared)
    assert row["weight"] == pytest.approx(sum(np.log(4 / n) for n in n_with), rel=1e-5)


def test_words_of_too_many_texts_are_no_keys(monkeypatch, others):
    monkeypatch.setattr("unspun.candidates.MAX_TEXTS_WITH_WORD", 3)
    monkeypatch.setattr("unspun.candidates.MAX_TEXTS_WITH_PAIR", 3)
    assert find_candidates(others).empty


def test_blocks_give_the_same_pairs(monkeypatch, others):
    texts = others | {"a": read_text(FERRY), "b": read_text(FERRY_SPUN)}
    whole = find_candidates(texts, top=2)
    monkeypatch.setattr("unspun.candidates._MAX_BLOCK_PRODUCTS", 50)
    pd.testing.assert_frame_equal(find_candidates(texts, top=2), whole)


def test_furniture_has_no_keys():
    form = "\nYour email address will not be published. Required fields are marked *"
    np.testing.assert_array_equal(text_keys(read_text(FERRY + form)), text_keys(read_text(FERRY)))
