"""Pairs of texts and what people edited or told anew of them, from invented files."""

from __future__ import annotations

import re

import pytest
from edited_files import EDITORS, N_ROWS, WRITERS, edited_file
from public_files import MAKERS, public_file

from unspun.training.public_pairs.books import abridged_pairs, handbook_pairs
from unspun.training.public_pairs.clones import COMMITS
from unspun.training.public_pairs.polished import further_edits
from unspun.training.public_pairs.revisions import revised_pairs, rewritten_by_people

KINDS = {
    "drafts_edited": ("edited", "human_edit"),
    "drafts_from_one_list": ("independent", "same_question"),
    "exam_scripts": ("edited", "correction"),
    "learner_essays_fluent": ("rewritten", "fluency"),
    "abstracts_in_plain_words": ("rewritten", "simplification"),
    "enchiridion_translations": ("rewritten", "translation"),
    "novels_abridged": ("rewritten", "abridgement"),
}


def invented(repository: str, path: str) -> bytes:
    return public_file(repository, path) if repository in MAKERS else edited_file(repository, path)


def made() -> list[dict[str, str]]:
    made_of_books = *handbook_pairs(invented), *abridged_pairs(invented)
    return [*further_edits(invented), *rewritten_by_people(invented), *made_of_books]


@pytest.fixture(scope="module")
def pairs() -> list[dict[str, str]]:
    return made()


def of(pairs, dataset):
    return [pair for pair in pairs if pair["dataset"] == dataset]


def test_every_maker_has_a_commit_and_a_kind(pairs) -> None:
    assert set(COMMITS) >= EDITORS
    assert {(pair["dataset"], (pair["relation"], pair["family"])) for pair in pairs} == set(KINDS.items())


def test_the_pairs_come_in_a_fixed_order_with_ids_of_their_own(pairs) -> None:
    assert made() == pairs
    assert len({pair["id"] for pair in pairs}) == len(pairs)


def test_a_draft_left_almost_as_it_was_is_not_taken(pairs) -> None:
    edited = of(pairs, "drafts_edited")
    assert {pair["id"].rsplit("-", 2)[1] for pair in edited} == {"1", "2", "3"}
    assert all("sea" in pair["suspect"] and "lake" in pair["source"] for pair in edited)
    assert len(edited) == 3 * len(WRITERS)


def test_who_wrote_without_the_draft_or_another_model_is_independent(pairs) -> None:
    alone = of(pairs, "drafts_from_one_list")
    by_person = [pair for pair in alone if pair["tool"].startswith("a person")]
    assert len(by_person) == 2 * len(WRITERS)
    assert all("alone" in pair["suspect"] for pair in by_person)
    assert len(alone) - len(by_person) == 2 * 4 * len(WRITERS)


def test_texts_made_of_one_draft_share_a_group(pairs) -> None:
    groups: dict[str, set[str]] = {}
    for pair in (*of(pairs, "drafts_edited"), *of(pairs, "drafts_from_one_list")):
        groups.setdefault(pair["group"], set()).add(pair["source"])
    assert len(groups) == 6 * len(WRITERS)
    assert all(len(drafts) == 1 for drafts in groups.values())


def test_scripts_with_few_edits_are_left_out_and_edits_are_applied(pairs) -> None:
    scripts = of(pairs, "exam_scripts")
    assert len(scripts) == N_ROWS - 1
    for pair in scripts:
        assert pair["suspect"] == pair["source"].replace("go ", "goes ")


def test_fluent_essays_are_those_of_the_corrected_ones(pairs) -> None:
    fluent = of(pairs, "learner_essays_fluent")
    corrected = {pair["group"]: pair["source"] for pair in revised_pairs(invented) if pair["id"].endswith("-0-1")}
    own = [pair for pair in fluent if "-0-" in pair["id"].removeprefix(f"learner_essays_fluent-{pair['group']}")]
    assert len(fluent) == 3 * len({pair["group"] for pair in fluent})
    assert len(own) * 3 == len(fluent) * 2
    assert all(corrected[pair["group"]] == pair["source"] for pair in own)


def test_an_abstract_is_told_sentence_by_sentence_by_one_person(pairs) -> None:
    abstracts = of(pairs, "abstracts_in_plain_words")
    assert len(abstracts) == 2 * 3
    assert len({pair["group"] for pair in abstracts}) == 3
    for pair in abstracts:
        assert re.findall(r"arm (\d+)", pair["source"]) == re.findall(r"group (\d+)", pair["suspect"])
        assert len(set(re.findall(r"adaptation\d", pair["suspect"]))) == 1


def test_sections_stand_beside_the_same_ones_without_marks_and_notes(pairs) -> None:
    sections = of(pairs, "enchiridion_translations")
    assert sections
    for pair in sections:
        assert not re.search(r"[\\{}]|Nobody|``", pair["source"] + pair["suspect"])
        one, two = (re.findall(r'"Of (\d+)"', pair[side]) for side in ("source", "suspect"))
        assert one == two
        assert re.search(r"says (\w+)", pair["source"])[1] != re.search(r"says (\w+)", pair["suspect"])[1]


def test_a_stretch_of_a_novel_stands_beside_the_same_pages_unless_most_are_left_out(pairs) -> None:
    novels = of(pairs, "novels_abridged")
    assert len({pair["group"] for pair in novels}) == len(novels) > 100
    for pair in novels:
        assert not pair["group"].endswith("1")
        told, kept = (list(map(int, re.findall(r"page (\d+)", pair[side]))) for side in ("source", "suspect"))
        assert kept == [page for page in told if page % 10 >= 2]
