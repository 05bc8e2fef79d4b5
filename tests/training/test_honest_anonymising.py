"""Names and numbers are replaced, the same way throughout, and every other word stays."""

import re

import numpy as np
import pytest
from articles import INDEPENDENT, STORY

from unspun.training.honest.anonymising import ANONYMISERS, anonymised, names, other_numbers, placeholders, pseudonyms

ALL = [pytest.param(change, id=name) for name, change in ANONYMISERS.items()]
NAMES = ("Marrow Point", "Orla Finch", "Tomas Brandt", "Hallam Marine")


def rng(seed=0):
    return np.random.default_rng(seed)


def small_words(text):
    return re.findall(r"(?<![\w\[<*_’'-])[a-z]+(?![\w\]>*_])", text)


@pytest.mark.parametrize("change", [*ALL, anonymised])
def test_texts_with_nothing_in_them_are_safe(change):
    for text in ("", " ", "\n\n", "!?", "42", "a", "\u200b", "Нет.", "\ud800", "http://a.bc/d-e?f=g", "9" * 400, "²"):
        assert isinstance(change(text, rng(), 1.0), str)


@pytest.mark.parametrize("change", [*ALL, anonymised])
def test_the_seed_decides(change):
    assert change(STORY, rng(5), 0.7) == change(STORY, rng(5), 0.7)
    assert len({change(STORY, rng(seed), 0.7) for seed in range(6)}) > 1


@pytest.mark.parametrize("change", ALL)
def test_no_share_changes_nothing(change):
    assert change(STORY, rng(1), 0.0) == STORY


def test_names_are_found():
    found = {STORY[start:stop] for start, stop in names(STORY)}
    assert set(NAMES) <= found
    assert not {"The", "Monday", "He", "She", "It"} & found


@pytest.mark.parametrize("change", [placeholders, pseudonyms])
def test_no_name_is_left(change):
    for seed in range(8):
        out = change(STORY, rng(seed), 1.0)
        assert not any(name in out for name in NAMES)


@pytest.mark.parametrize("text", [STORY, INDEPENDENT])
def test_pseudonyms_leave_all_other_words(text):
    assert small_words(pseudonyms(text, rng(3), 1.0)) == small_words(text)


def test_a_name_has_one_pseudonym():
    out = pseudonyms("In Ostravel Orla Finch won. Later Finch left Ostravel.", rng(4), 1.0)
    town, _, last = re.match(r"In (\w+) (\w+) (\w+) won\.", out).groups()
    assert out.endswith(f"Later {last} left {town}.")


def test_a_possessive_stays():
    assert "'s boat" in pseudonyms("We saw Brandt's boat near Ostravel.", rng(), 1.0)


def test_numbers_keep_their_make():
    text = "It cost $4,200 in 1987, and 4,200 people paid 3.5% on May 12, at 40 each."
    out = other_numbers(text, rng(2), 1.0)
    assert re.sub(r"\d", "9", out) == re.sub(r"\d", "9", text)
    first, second = re.findall(r"\d,\d{3}", out)
    assert first == second != "4,200"
