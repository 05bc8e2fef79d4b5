"""The copy desk and updates change what their rules name, and leave what people said."""

import re

import numpy as np
import pytest
from articles import STORY, UNRELATED

from unspun.text.tokenizer import read_text
from unspun.training.honest.copy_desk import STYLE_BOOK, moved_roles, style_book, turned_quotations
from unspun.training.honest.story_updates import other_counts, other_days, other_endings

ALL = [style_book, turned_quotations, moved_roles, other_counts, other_days, other_endings]


def rng(seed=0):
    return np.random.default_rng(seed)


def quoted(text):
    return re.findall(r"[\"“]([^\"“”]+)[\"”]", text)


@pytest.mark.parametrize("edit", ALL)
def test_texts_with_nothing_in_them_are_safe(edit):
    for text in (
        "",
        " ",
        "\n\n",
        "!?",
        "42",
        "a",
        "\u200b",
        "Нет.",
        "\ud800",
        "http://a.bc/d-e?f=g",
        '"\n"',
        "A" * 900,
    ):
        assert edit(text, rng(), 1.0) == text


@pytest.mark.parametrize("edit", ALL)
def test_the_seed_decides_and_no_strength_changes_nothing(edit):
    assert edit(STORY, rng(5), 0.7) == edit(STORY, rng(5), 0.7)
    assert edit(STORY, rng(5), 0.0) == STORY


def test_quotations_keep_their_words():
    text = 'Homes were constructed. "They were constructed in 1950," he stated.'
    assert style_book(text, rng(), 1.0) == 'Homes were built. "They were constructed in 1950," he said.'


def test_the_style_book_leads_nowhere_twice():
    assert all(old != new for old, new in STYLE_BOOK.items())
    assert len(STYLE_BOOK) > 80
    # A rule may be undone by another only in pairs of words that houses use one for the other.
    assert sum(STYLE_BOOK.get(new) == old for old, new in STYLE_BOOK.items()) <= 4


def test_quotations_are_turned_both_ways():
    first, last = '"Nobody saw it coming," said Orla Finch.', 'Orla Finch said: "Nobody saw it coming."'
    assert last in {turned_quotations(first, rng(seed), 1.0) for seed in range(9)}
    assert '"Nobody saw it coming," Orla Finch said.' in {turned_quotations(last, rng(seed), 1.0) for seed in range(9)}


def test_a_quotation_of_two_sentences_is_broken():
    text = '"Nobody saw it coming. Nobody ever does," said Orla Finch.'
    outs = {turned_quotations(text, rng(seed), 1.0) for seed in range(9)}
    assert '"Nobody saw it coming," said Orla Finch. "Nobody ever does."' in outs
    assert all("Nobody ever does" in " ".join(quoted(out)) for out in outs)


def test_new_endings_come_from_the_other_story():
    known = {*read_text(STORY).words, *read_text(UNRELATED).words}
    outs = [other_endings(STORY, rng(seed), 0.5, UNRELATED) for seed in range(6)]
    assert all(set(read_text(out).words) <= known for out in outs)
    assert any(out != STORY for out in outs)
    heads = [part[:25] for part in STORY.split("\n") if part]
    assert all(head in out for out in outs for head in heads)


def test_roles_come_before_names_in_the_middle_of_a_sentence_too():
    text = "There was ice, and Orla Finch, a harbour master, said so."
    assert moved_roles(text, rng(), 1.0) == "There was ice, and a harbour master, Orla Finch, said so."


def test_days_go_with_their_preposition():
    out = other_days("It shut on Monday, one Sunday in three, on Sunday 30 May.", rng(2), 1.0)
    assert "one Sunday in three, on Sunday 30 May." in out
    assert "Monday" not in out
