"""A later edition is the same story: most sentences stay as they are, and what changes is what editors change."""

import re

import numpy as np
import pytest
from articles import INDEPENDENT, STORY, UNRELATED

from unspun.text.tokenizer import read_text
from unspun.training.honest.editions import (
    attributions,
    later_edition,
    moved_paragraphs,
    new_headline,
    new_lead,
    other_quotations,
    titles,
)
from unspun.training.spinners.sentence_pieces import sentences

ALL = [attributions, later_edition, moved_paragraphs, new_headline, new_lead, other_quotations, titles]


def rng(seed=0):
    return np.random.default_rng(seed)


def bodies(text):
    return {part.body for part in sentences(text)}


@pytest.mark.parametrize("edit", ALL)
def test_texts_with_nothing_in_them_are_safe(edit):
    for text in ("", " ", "\n\n", "!?", "42", "a", "\u200b", "Нет.", "\ud800", "http://a.bc/d-e?f=g", "A\nB", '"\n"'):
        assert isinstance(edit(text, rng(), 1.0), str)


@pytest.mark.parametrize("edit", ALL)
def test_the_seed_decides(edit):
    assert edit(STORY, rng(5), 0.7) == edit(STORY, rng(5), 0.7)


def test_editions_differ_and_stay_one_story():
    editions = [later_edition(STORY, rng(seed), 0.6, UNRELATED) for seed in range(30)]
    assert len(set(editions)) >= 28
    words = set(read_text(STORY).words)
    shares = [np.mean([word in words for word in read_text(edition).words]) for edition in editions]
    assert np.median(shares) > 0.8
    kept = [len(bodies(edition) & bodies(STORY)) / len(bodies(STORY)) for edition in editions]
    assert np.median(kept) > 0.3


def test_new_words_come_from_elsewhere_and_not_from_a_thesaurus():
    known = {*read_text(STORY).words, *read_text(UNRELATED).words}
    for seed in range(10):
        new = [w for w in read_text(later_edition(STORY, rng(seed), 0.6, UNRELATED)).words if w not in known]
        plain = [word for word in new if word.isalpha()]
        assert len(plain) <= 0.06 * len(read_text(STORY))


def test_only_the_first_sentences_change_with_a_new_lead():
    lead = "The lock will stay shut until May, after a gate broke, the port said on Monday."
    text = f"Boats hit\n\n{lead}\n\nIt is old.\n\nNo."
    leads = {new_lead(text, rng(seed), 1.0).split("\n\n")[1] for seed in range(30)}
    assert "The port said that the lock will stay shut until May, after a gate broke." in leads
    assert all(new_lead(text, rng(seed), 1.0).endswith("It is old.\n\nNo.") for seed in range(30))


def test_a_story_without_headline_gets_none():
    text = "The lock will stay shut until May, the port said.\n\nIt is old."
    assert all(new_headline(text, rng(seed), 1.0) == text for seed in range(10))


def test_quotations_come_from_the_other_story():
    text = 'He stood there. "I have never seen such a thing here," he said.'
    outs = {
        other_quotations(text, rng(seed), 1.0, 'So: "Nobody told us when the gate would open again."')
        for seed in range(20)
    }
    assert 'He stood there. "Nobody told us when the gate would open again," he said.' in outs


def test_moved_paragraphs_are_the_same_ones():
    text = "\n\n".join(f"Paragraph number {n} stands here." for n in range(8))
    for seed in range(10):
        moved = moved_paragraphs(text, rng(seed), 0.6).split("\n\n")
        assert moved[:2] == text.split("\n\n")[:2]
        assert set(moved) <= set(text.split("\n\n"))
        assert len(moved) >= 4


def test_titles_come_and_go():
    assert titles("Orla Finch ran. Later Finch left.", rng(), 1.0) in (
        "Orla Finch ran. Later Mr Finch left.",
        "Orla Finch ran. Later Ms Finch left.",
    )
    assert not re.search("Mr", titles("Mr Finch left with Mr. Brandt.", rng(), 1.0))


def test_an_independent_story_is_no_edition():
    edition = later_edition(INDEPENDENT, rng(2), 0.5)
    assert len(bodies(edition) & bodies(STORY)) <= len(bodies(INDEPENDENT) & bodies(STORY))
