"""Pairs of the honest kinds are labelled, and spun pairs keep their label under noise."""

import numpy as np
import pytest
from articles import STORY, UNRELATED

from unspun.io.labels import RELATIONS
from unspun.training.honest.forms.all_forms import FORMS
from unspun.training.honest.world_pairs import (
    WorldPair,
    desk_pair,
    edition_pair,
    form_pair,
    names_pair,
    noise_pair,
    spoiled_pair,
    world_pairs,
)


def rng(seed=0):
    return np.random.default_rng(seed)


def test_one_pair_of_each_kind():
    pairs = [pair for seed in range(8) for pair in world_pairs(STORY, UNRELATED, rng(seed))]
    assert {pair.family for pair in pairs} == {"noise", "anonymised", "edition", "desk", "form"}
    assert {pair.relation for pair in pairs} == {"copied", "edited", "independent"}
    assert {pair.relation for pair in pairs} <= set(RELATIONS)
    assert all(pair.source != pair.suspect and pair.tool for pair in pairs)


@pytest.mark.parametrize(
    "make",
    [noise_pair, names_pair, lambda text, rng: edition_pair(text, UNRELATED, rng), lambda text, rng: form_pair(rng)],
)
def test_the_seed_decides(make):
    assert make(STORY, rng(3)) == make(STORY, rng(3))
    assert len({make(STORY, rng(seed)) for seed in range(8)}) > 4


def test_either_side_may_be_spoiled_or_both():
    pairs = [noise_pair(STORY, rng(seed)) for seed in range(80)]
    sides = {(pair.source == STORY, pair.suspect == STORY) for pair in pairs}
    assert {(True, False), (False, True), (False, False)} <= sides


def test_a_spoiled_spin_is_spun():
    pair = WorldPair("spun", "synonym", "thesaurus", STORY, STORY.replace("ferry", "boat"))
    out = [spoiled_pair(pair, rng(seed)) for seed in range(5)]
    assert {(one.relation, one.family) for one in out} == {("spun", "synonym")}
    assert all(one.tool.startswith("thesaurus ") for one in out)


def test_a_form_can_be_left_out():
    assert {form_pair(rng(seed), FORMS[1:3]).tool for seed in range(20)} == {form.name for form in FORMS[1:3]}


def test_a_desk_leaves_most_words_alone():
    pairs = [desk_pair(STORY, rng(seed)) for seed in range(20)]
    shared = [len(set(pair.source.split()) & set(pair.suspect.split())) / len(set(STORY.split())) for pair in pairs]
    assert min(shared) > 0.7
    assert {pair.relation for pair in pairs} == {"edited"}
