"""Changes that are no choice of words: what is misread, what is renamed, and what is a swap all the same."""

from __future__ import annotations

import numpy as np
import pytest
from articles import SPUN, STORY
from hypothesis import given, settings
from hypothesis import strategies as st

from unspun.comparison.aligned_pair import MISREAD, OTHER_WAY, RENAMED, SUBSTITUTED, AlignedPair
from unspun.comparison.alignment import align, align_all
from unspun.comparison.features.catalogue import FEATURE_NAMES
from unspun.comparison.features.extraction import features_of
from unspun.comparison.features.order_symmetry import swap_order
from unspun.text.repair.spelling import spelled_alike
from unspun.text.tokenizer import read_text
from unspun.training.honest.anonymising import ANONYMISERS
from unspun.training.honest.character_noise import NOISES

TOWN = (
    "The old ferry sank off the quiet harbour of Salden in 1912, Orla Brandvik said. Nobody at the colour factory "
    "remembered the engineer Jonas Finch, and Brandvik left for Salden with forty barges."
)


def pair_of(source: str, suspect: str) -> AlignedPair:
    return align(read_text(source), read_text(suspect))


def changes(pair: AlignedPair) -> list[tuple[str, str, str]]:
    return [
        (pair.edit(k).kind.name, pair.source.span(*row[1:3]), pair.suspect.span(*row[3:5]))
        for k, row in enumerate(pair.edits.tolist())
        if row[0]
    ]


@pytest.mark.parametrize(
    ("was", "became"),
    [
        ("harbour", "harbonr"),
        ("harbour", "harobur"),
        ("harbour", "har bour"),
        ("harbour", "harbor"),
        ("remembered", "rernembered"),
        ("ferry", "fery"),
        ("engineer", "cngineer"),
        ("quiet harbour", "quietharbour"),
        ("at the colour", "atthecolour"),
        ("colour", "color"),
        ("barges", "bargcs"),
    ],
)
def test_misread_words_are_no_swaps(was: str, became: str) -> None:
    found = changes(pair_of(TOWN, TOWN.replace(was, became, 1)))
    assert found == [("MISREAD", was, became)]


@pytest.mark.parametrize(
    ("was", "became"),
    [
        ("ferry", "boat"),
        ("old", "odd"),
        ("quiet", "calm"),
        ("sank", "went down"),
        ("left", "quit"),
        ("Nobody", "No one"),
        ("forty", "four"),
    ],
)
def test_other_words_stay_swaps(was: str, became: str) -> None:
    kinds = {kind for kind, *_ in changes(pair_of(TOWN, TOWN.replace(was, became, 1)))}
    assert "SUBSTITUTED" in kinds
    assert not kinds & {"MISREAD", "RENAMED"}


@pytest.mark.parametrize("became", ["[NAME]", "[NAME_1]", "XXXX", "Holmgren", "Person B", "<PERSON3>"])
def test_another_name_throughout_is_no_swap(became: str) -> None:
    pair = pair_of(TOWN, TOWN.replace("Brandvik", became))
    kinds = [kind for kind, *_ in changes(pair)]
    assert kinds == ["RENAMED", "RENAMED"]


def test_another_number_is_no_swap() -> None:
    assert changes(pair_of(TOWN, TOWN.replace("1912", "1915"))) == [("RENAMED", "1912", "1915")]


def test_a_name_with_two_names_for_it_is_not_renamed() -> None:
    once = "Near Salden the ferry of Brandvik sank. The boats of Brandvik were old. The men of Brandvik wept."
    other = once.replace("Brandvik", "Holmgren", 1).replace("Brandvik", "Tolrick", 1).replace("Brandvik", "Finch", 1)
    assert [kind for kind, *_ in changes(pair_of(once, other))] == ["SUBSTITUTED"] * 3


def test_names_that_a_thesaurus_has_as_one_are_swaps() -> None:
    pair = pair_of("He went to Japan by ship.", "He went to Nippon by ship.")
    assert [kind for kind, *_ in changes(pair)] == ["SUBSTITUTED"]


def test_a_real_word_is_misread_where_most_changes_are() -> None:
    noisy = TOWN.replace("sank", "sarik").replace("ferry", "fcrry").replace("engineer", "eugineer")
    assert ("MISREAD", "said", "sad") in changes(pair_of(TOWN, noisy.replace("said", "sad")))
    assert ("SUBSTITUTED", "said", "sad") in changes(pair_of(TOWN, TOWN.replace("said", "sad")))


@pytest.mark.parametrize(
    ("word", "other"),
    [
        ("colour", "color"),
        ("travelled", "traveled"),
        ("organisation", "organization"),
        ("theatre", "theater"),
        ("defence", "defense"),
        ("analyse", "analyze"),
        ("catalogue", "catalog"),
        ("tyres", "tires"),
        ("isn't", "isnt"),
    ],
)
def test_two_spellings_are_one_word(word: str, other: str) -> None:
    assert spelled_alike(word, other)
    assert spelled_alike(other, word)


@pytest.mark.parametrize(
    ("word", "other"),
    [("four", "for"), ("our", "or"), ("boat", "bat"), ("three", "there"), ("contact", "contract"), ("its", "is")],
)
def test_rules_of_spelling_make_no_other_words_one(word: str, other: str) -> None:
    assert not spelled_alike(word, other)


SPOILED = [
    *(noise(STORY, np.random.default_rng(3), 0.03) for noise in NOISES.values()),
    *(hide(STORY, np.random.default_rng(3), 1.0) for hide in ANONYMISERS.values()),
    *(noise(SPUN, np.random.default_rng(4), 0.03) for noise in NOISES.values()),
]


@pytest.mark.parametrize("spoiled", SPOILED)
def test_both_orders_of_a_spoiled_pair_have_the_same_changes(spoiled: str) -> None:
    there, back = pair_of(STORY, spoiled), pair_of(spoiled, STORY)
    turned = sorted((OTHER_WAY[kind], b, b_stop, a, a_stop) for kind, a, a_stop, b, b_stop, _ in back.edits.tolist())
    assert sorted(row[:5] for row in map(tuple, there.edits.tolist())) == turned
    np.testing.assert_allclose(swap_order(features_of(there)[None, :])[0], features_of(back), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("spoiled", SPOILED)
def test_edits_hold_every_aligned_word_once_and_in_order(spoiled: str) -> None:
    pair = pair_of(STORY, spoiled)
    columns, words = pair.edit_columns, pair.group_words
    for group, (a, a_stop, b, b_stop) in enumerate(words.tolist()):
        own = pair.edits[columns.group == group]
        assert own[0, [1, 3]].tolist() == [a, b]
        assert own[-1, [2, 4]].tolist() == [a_stop, b_stop]
        assert (own[1:, [1, 3]] == own[:-1, [2, 4]]).all()


def test_spoiled_pairs_are_read_in_company_as_alone() -> None:
    texts = [(read_text(STORY), read_text(spoiled)) for spoiled in SPOILED]
    for together, (source, suspect) in zip(align_all(texts), texts, strict=True):
        assert together.edits.tolist() == align(source, suspect).edits.tolist()


@pytest.mark.parametrize("name", ["transposed", "doubled", "misread", "split", "glued", "mojibake"])
def test_noise_leaves_few_swaps(name: str) -> None:
    pair = pair_of(STORY, NOISES[name](STORY, np.random.default_rng(5), 0.03))
    kinds = pair.edit_columns.kind
    n_misread, n_swaps = (int(np.count_nonzero(kinds == kind)) for kind in (MISREAD, SUBSTITUTED))
    assert n_swaps <= 0.1 * (n_misread + n_swaps) + 1


def test_a_spun_story_keeps_its_swaps() -> None:
    kinds = pair_of(STORY, SPUN).edit_columns.kind
    assert np.count_nonzero((kinds == MISREAD) | (kinds == RENAMED)) <= 0.01 * np.count_nonzero(kinds == SUBSTITUTED)


def test_wording_is_kept_where_words_are_misread_or_renamed() -> None:
    spoiled = TOWN.replace("harbour", "har bour").replace("ferry", "fcrry").replace("Brandvik", "[NAME]")
    row = dict(zip(FEATURE_NAMES, features_of(pair_of(TOWN, spoiled)).tolist(), strict=True))
    assert row["swap_rate"] == row["substituted_rate"] == row["stretch_replaced_rate"] == 0
    assert row["kept_rate"] == row["content_kept_rate"] == row["trigram_contained_source"] == 1
    assert row["misread_rate"] > 0
    assert row["renamed_rate"] > 0
    assert row["misread_share"] + row["renamed_share"] == pytest.approx(1)


@settings(deadline=None, max_examples=60)
@given(st.text("abn 1[]-\n.'", max_size=60), st.text("abn 1[]-\n.'", max_size=60))
def test_any_texts_have_edits_in_order(source: str, suspect: str) -> None:
    pair = pair_of(source, suspect)
    own = pair.edits
    follows = own[1:, 5] == own[:-1, 5]
    assert (own[1:, [1, 3]][follows] == own[:-1, [2, 4]][follows]).all()
