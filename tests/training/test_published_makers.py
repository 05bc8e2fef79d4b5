"""Pairs of the makers that joined last, from invented files."""

from __future__ import annotations

from collections import Counter

import pytest
from public_files import MAKERS, public_file, workbook

from unspun.training.public_pairs.books import translated_books
from unspun.training.public_pairs.clones import COMMITS, sheet_rows
from unspun.training.public_pairs.paraphrases import condensed_pairs, paraphrased_pairs
from unspun.training.public_pairs.revisions import drawn, kept_runs, retold_pairs, revised_pairs

MAKES = {
    "books": translated_books,
    "revisions": revised_pairs,
    "paraphrases": paraphrased_pairs,
    "retold": retold_pairs,
    "condensed": condensed_pairs,
}


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


def test_what_people_tell_anew_is_honest(made) -> None:
    families = {(pair["dataset"], pair["relation"], pair["family"]) for pair in made["retold"]}
    assert families == {
        ("writers_imitations", "rewritten", "imitation"),
        ("entries_led", "rewritten", "summary"),
        ("entries_revised", "edited", "revision"),
        ("learner_texts_by_teachers", "rewritten", "simplification"),
    }


def test_what_models_tell_anew_is_spun_and_what_they_write_to_a_task_is_not(made) -> None:
    for pair in made["condensed"]:
        assert (pair["relation"] == "spun") == (pair["dataset"] != "school_essays_on_one_task")
    assert {pair["dataset"] for pair in made["condensed"]} == {
        "plain_tales",
        "entries_condensed",
        "entries_neutralised",
        "school_essays_rewritten",
        "school_essays_on_one_task",
        "learner_texts_by_models",
        "exam_texts_condensed",
    }


def test_an_imitation_is_used_once_and_stands_beside_the_author(made) -> None:
    imitations = [pair for pair in made["retold"] if pair["dataset"] == "writers_imitations"]
    assert len(imitations) == 4
    for pair in imitations:
        assert pair["source"].startswith("Bea")
        assert pair["suspect"].startswith("Ann")


def test_versions_of_one_text_by_people_and_by_models_share_a_group(made) -> None:
    for people, models in (
        ("entries_led", "entries_condensed"),
        ("learner_texts_by_teachers", "learner_texts_by_models"),
    ):
        of_people = {pair["group"] for pair in made["retold"] if pair["dataset"] == people}
        assert {pair["group"] for pair in made["condensed"] if pair["dataset"] == models} <= of_people


def test_passages_of_a_tale_are_put_in_order(made) -> None:
    tale = next(pair for pair in made["condensed"] if pair["dataset"] == "plain_tales")
    assert tale["source"].startswith("Call me 0, ye winds.")
    assert tale["suspect"].startswith("I am 0.")


def test_essays_get_the_blanks_between_paragraphs_back(made) -> None:
    essays = [pair for pair in made["condensed"] if "a person" in pair["tool"]]
    assert essays
    assert all("I think so. But no." in pair["source"] for pair in essays)


def test_exam_texts_lose_the_prompt_and_are_taken_twice(made) -> None:
    exams = [pair for pair in made["condensed"] if pair["dataset"] == "exam_texts_condensed"]
    assert len(exams) == 2 * 5
    assert all(pair["source"].startswith("Note: burglars") for pair in exams)


def test_marks_of_an_answer_are_taken_off(made) -> None:
    plain = [pair for pair in made["condensed"] if pair["dataset"] == "learner_texts_by_models"]
    assert plain
    assert not any(pair["suspect"].startswith("Simplified") for pair in plain)


def test_pairs_are_drawn_in_their_order() -> None:
    pairs = [{"id": str(number)} for number in range(30)]
    some = drawn(pairs, 10, "a draw")
    assert len(some) == 10
    assert some == sorted(some, key=lambda pair: int(pair["id"]))
    assert drawn(pairs, 40, "a draw") == pairs


def test_a_text_that_is_changed_throughout_keeps_no_run() -> None:
    assert kept_runs("He went home", "She came here") == 0
    assert kept_runs("He went", "She") == 0
