"""Pairs of texts and what spinners made of them, from invented files."""

from __future__ import annotations

import re

import pytest
from spinner_files import N_TEXTS, SPINNERS, spinner_file

from unspun.training.public_pairs.clones import COMMITS
from unspun.training.public_pairs.spinner_outputs import spinner_pairs

FAMILIES = {
    "translated_pages": "backtranslation",
    "flores_trips": "backtranslation",
    "dipper_essays": "neural",
    "web_paraphrases": "llm",
    "review_paraphrases": "llm",
    "abstract_rewrites": "llm",
}


@pytest.fixture(scope="module")
def pairs() -> list[dict[str, str]]:
    return list(spinner_pairs(spinner_file))


def of(pairs, dataset):
    return [pair for pair in pairs if pair["dataset"] == dataset]


def days(text):
    return re.findall(r"day (\d+)", text)


def test_every_maker_has_a_commit_and_a_family(pairs) -> None:
    assert set(COMMITS) >= SPINNERS
    assert {(pair["dataset"], pair["family"]) for pair in pairs} == set(FAMILIES.items())
    assert {pair["relation"] for pair in pairs} == {"spun"}


def test_the_pairs_come_in_a_fixed_order_with_ids_of_their_own(pairs) -> None:
    assert list(spinner_pairs(spinner_file)) == pairs
    assert len({pair["id"] for pair in pairs}) == len(pairs)


def test_a_suspect_tells_of_the_same_days_as_its_source(pairs) -> None:
    for pair in pairs:
        assert days(pair["source"]) == days(pair["suspect"]) != []


def test_passages_are_cut_out_of_their_pages(pairs) -> None:
    pages = of(pairs, "translated_pages")
    both = "".join(pair["source"] + pair["suspect"] for pair in pages)
    assert "begins" not in both
    assert "ends" not in both
    assert {pair["tool"] for pair in pages} == {"translation engines through de"}


def test_chains_that_lose_the_sense_or_go_far_are_left_out(pairs) -> None:
    assert {pair["group"] for pair in of(pairs, "translated_pages")} == {
        f"source-document{k}" for k in range(2, N_TEXTS)
    }


def test_sentences_of_one_stretch_share_a_group_across_languages(pairs) -> None:
    trips = of(pairs, "flores_trips")
    by_group: dict[str, set[str]] = {}
    for pair in trips:
        by_group.setdefault(pair["group"], set()).add(pair["source"])
    assert all(len(texts) == 1 for texts in by_group.values())
    assert len(by_group) < len(trips)
    assert not any("Hindi" in pair["tool"] for pair in trips)


def test_essays_have_paragraphs_again_and_no_end_of_a_prompt(pairs) -> None:
    essays = of(pairs, "dipper_essays")
    assert len(essays) == 3 * (N_TEXTS - 1)
    for pair in essays:
        assert "\n\nSo it is." in pair["source"]
        assert pair["suspect"].startswith("Beneath")


def test_pages_lose_their_soft_hyphens(pairs) -> None:
    pages = of(pairs, "web_paraphrases")
    assert len(pages) == N_TEXTS
    assert not any("\u00ad" in pair["source"] for pair in pages)


def test_a_version_cut_short_is_not_chosen(pairs) -> None:
    reviews = of(pairs, "review_paraphrases")
    assert len(reviews) == N_TEXTS
    assert {pair["tool"] for pair in reviews} == {"Llama 8B, told to paraphrase", "Llama 70B, told to paraphrase"}


def test_an_abstract_is_rewritten_or_its_rewriting_is_attacked(pairs) -> None:
    abstracts = of(pairs, "abstract_rewrites")
    assert len(abstracts) == N_TEXTS
    for pair in abstracts:
        attacked = pair["tool"].startswith("adversarial")
        assert pair["suspect"].startswith("Behold!") == attacked
        assert pair["source"].startswith("Beneath") == attacked
