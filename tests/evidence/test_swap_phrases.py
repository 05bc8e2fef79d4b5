"""A word put into a degree by `more` or `most`, and one that has an ending for it, are one change."""

from __future__ import annotations

import pytest

from unspun.comparison.alignment import align
from unspun.evidence.changes import read_changes
from unspun.evidence.substitutions import substitutions
from unspun.text.tokenizer import read_text


def shown(before: str, after: str):
    """Return the changes of two sentences and their swaps, each with its words."""
    texts = [f"Orla Finch told the council on Monday that it was {said} near the harbour." for said in (before, after)]
    pair = align(*map(read_text, texts))
    reading = read_changes(pair)
    places = (
        (one.kind, (one.source_start, one.source_end), (one.suspect_start, one.suspect_end)) for one in reading.changes
    )
    changes = [(kind, texts[0][slice(*here)], texts[1][slice(*there)]) for kind, here, there in places]
    return changes, [(swap.source, swap.suspect) for swap in substitutions(pair, reading=reading)]


@pytest.mark.parametrize(
    ("long", "short", "frame"),
    [
        ("most expensive", "priciest", "the {} gate"),
        ("more expensive", "pricier", "a {} gate"),
        ("most beautiful", "prettiest", "the {} bridge"),
        ("more difficult", "harder", "{} to dig"),
        ("more large", "bigger", "a {} boat"),
        ("least expensive", "cheapest", "the {} gate"),
    ],
)
@pytest.mark.parametrize("turned", [False, True])
def test_a_degree_told_by_a_word_and_one_told_by_an_ending_are_one_swap(
    long: str, short: str, frame: str, turned: bool
) -> None:
    words = (short, long) if turned else (long, short)
    changes, swaps = shown(*(frame.format(word) for word in words))
    assert changes == [("substituted", *words)]
    assert swaps == [words]


@pytest.mark.parametrize(
    ("long", "short"), [("most likely", "likeliest"), ("more silly", "sillier"), ("most good", "best")]
)
@pytest.mark.parametrize("turned", [False, True])
def test_two_ways_to_inflect_one_word_are_one_change_and_no_swap(long: str, short: str, turned: bool) -> None:
    words = (short, long) if turned else (long, short)
    changes, swaps = shown(*(f"the {word} plan" for word in words))
    assert changes == [("inflected", *words)]
    assert swaps == []


@pytest.mark.parametrize(
    ("before", "after", "gone"),
    [
        ("the more silly, smaller plan", "the silly, smaller plan", ("deleted", "more", "")),
        ("the more expensive gate", "the expensive gate", ("deleted", "more", "")),
        ("a gate that more ferries passed", "a gate that boats passed", ("deleted", "more", "")),
        ("the most tall bridge", "the taller bridge", ("deleted", "most", "")),
    ],
)
def test_more_that_only_went_stands_alone(before: str, after: str, gone: tuple[str, str, str]) -> None:
    assert gone in shown(before, after)[0]
