"""What a phrase took in is shown with it only where it stands for something."""

from __future__ import annotations

import pytest

from unspun.comparison.alignment import align
from unspun.evidence.substitutions import substitutions
from unspun.evidence.swap_phrases import replacements
from unspun.text.tokenizer import read_text


def swaps_of_texts(before: str, after: str):
    source, suspect = (f"Orla Finch told the council on Monday that {said}." for said in (before, after))
    return substitutions(align(read_text(source), read_text(suspect)))


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ("the heart of the pump had cracked", "the core the pump had cracked", ("heart", "core")),
        ("the earlier plan had failed", "the previous of plan had failed", ("earlier", "previous")),
        ("the men built it at night", "the men had created it at night", ("built", "created")),
    ],
)
def test_words_that_stand_for_nothing_are_no_part_of_a_swap(before: str, after: str, shown: tuple[str, str]) -> None:
    assert shown in {(swap.source, swap.suspect) for swap in swaps_of_texts(before, after)}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("the transfer window closed", "the transfer timeframe period closed"),
        ("the barrier is raised from the bed", "the barrier is brought up from the bed"),
        ("the great mirror had cracked", "the great looking glass had cracked"),
    ],
)
def test_a_phrase_for_a_word_stays_whole(before: str, after: str) -> None:
    (swap,) = swaps_of_texts(before, after)
    assert len(swap.suspect.split()) == 2


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("the geometric plan had failed", "the geometrical plan had failed"),
        ("the mayor of the town was late", "Tomas Brandt of the town was late"),
    ],
)
def test_forms_of_one_word_and_other_names_tell_nothing(before: str, after: str) -> None:
    assert all(not swap.telling for swap in swaps_of_texts(before, after))


def test_a_related_word_takes_in_no_word_beside_it() -> None:
    source, suspect = "Orla Finch said the old ferry sank at dawn.", "Orla Finch said the old slow boat sank at dawn."
    pair = align(read_text(source), read_text(suspect))
    assert [len(unit) for unit in replacements(pair)] == [1, 1]


def test_words_that_the_aligner_left_unpaired_tell_as_much_as_a_swap() -> None:
    (swap,) = swaps_of_texts("the debate lasted six hours", "the debate endured six hours")
    assert (swap.source, swap.suspect, swap.relation) == ("lasted", "endured", "synonym")
    assert "far apart in use" in swap.notes


def test_words_that_nothing_relates_tell_little_where_the_sentence_stayed() -> None:
    (swap,) = swaps_of_texts("the gate was painted green last year", "the gate was painted parliament last year")
    assert 0 < swap.telling < 0.5


def test_words_that_nothing_relates_tell_nothing_in_a_sentence_built_anew() -> None:
    found = swaps_of_texts("the debate lasted six hours and was dull", "six dull hours a mayor spent on that debate")
    assert all(swap.relation for swap in found if swap.telling)


def test_a_phrase_has_the_relation_of_its_most_telling_swap() -> None:
    (swap,) = swaps_of_texts("the health chiefs were late", "the wellness chieftains were late")
    (alone,) = swaps_of_texts("the chiefs were late", "the chieftains were late")
    assert swap.relation == alone.relation
