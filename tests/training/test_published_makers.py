"""Pairs of the makers that joined last, from invented files."""

from __future__ import annotations

from collections import Counter

import pytest
from public_files import MAKERS, public_file, workbook

from unspun.training.public_pairs.books import translated_books
from unspun.training.public_pairs.clones import COMMITS, sheet_rows
from unspun.training.public_pairs.paraphrases import paraphrased_pairs
from unspun.training.public_pairs.revisions import revised_pairs

MAKES = {"books": translated_books, "revisions": revised_pairs, "paraphrases": paraphrased_pairs}


@pytest.fixture(scope="module")
def made():
    return {name: list(make(public_file)) for name, make in MAKES.items()}


def test_every_maker_has_a_commit() -> None:
    assert set(COMMITS) >= MAKERS


def test_ids_are_used_once_and_texts_differ(made) -> None:
    pairs = [pair for found in made.values() for pair in found]
    assert Counter(pair["id"] for pair in pairs).most_common(1)[0][1] == 1
    assert all(pair["source"] != pair["suspect"] for pair in pairs)


def test_books_stand_beside_the_same_chapter_without_notes_and_titles(made) -> None:
    books = {pair["dataset"] for pair in made["books"]}
    assert books == {f"{book}_translations" for book in ("roman_history", "quixote", "prince", "kural")}
    for pair in made["books"]:
        assert {pair["relation"], pair["family"]} == {"rewritten", "translation"}
        both = pair["source"] + pair["suspect"]
        assert not any(aside in both for aside in ("Nobody", "CHAPTER", "befell", "RULE", "&mdash;"))
    chapters = {pair["group"] for pair in made["books"] if pair["dataset"] == "quixote_translations"}
    assert len(chapters) == 52 + 74


def test_what_people_revise_is_edited(made) -> None:
    assert {pair["relation"] for pair in made["revisions"]} == {"edited"}
    assert {pair["family"] for pair in made["revisions"]} == {"revision", "correction", "localisation"}
    for pair in made["revisions"]:
        if pair["family"] == "revision":
            assert not any(mark in pair["source"] for mark in ("*", "title", "https", "#"))


def test_edits_are_applied_to_the_words_they_name(made) -> None:
    essays = [pair for pair in made["revisions"] if pair["dataset"] == "learner_essays"]
    first = next(pair for pair in essays if pair["id"].endswith("0-1"))
    assert first["source"].startswith("He go home the 0 th day. He go home the 1 th day.")
    assert first["suspect"].startswith("He goes home 0 th day. He goes home 1 th day.")
    second = next(pair for pair in essays if pair["id"].endswith("0-2"))
    assert second["suspect"].startswith("He went 0th home the 0 th day.")


def test_only_what_is_whole_and_its_own_is_paraphrased(made) -> None:
    assert {pair["relation"] for pair in made["paraphrases"]} == {"spun"}
    families = {(pair["dataset"], pair["family"]) for pair in made["paraphrases"]}
    assert ("iterated_paraphrases", "backtranslation") in families
    trips = [pair for pair in made["paraphrases"] if pair["family"] == "backtranslation"]
    assert not any(pair["group"] == "one_5" for pair in trips)


def test_passages_of_novels_are_the_sources(made) -> None:
    novels = [pair for pair in made["paraphrases"] if pair["dataset"] == "book_paraphrases"]
    assert novels
    for pair in novels:
        assert "Bea" in pair["source"]
        assert "Bea" not in pair["suspect"]


def test_sheets_hold_shared_texts_and_texts_of_their_own() -> None:
    assert sheet_rows(workbook([["one", "two & three"], ["four", ""]])) == [
        {"A": "one", "B": "two & three"},
        {"A": "four", "B": ""},
    ]
