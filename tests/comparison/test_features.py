"""Laws that every feature keeps, then what some of them say of cases of our own."""

from __future__ import annotations

import math

import numpy as np
import pytest
from articles import INDEPENDENT, QUOTING_PAGE, SPUN, STORY, UNRELATED
from hypothesis import given, settings
from hypothesis import strategies as st

from unspun.comparison.aligned_pair import AlignedPair
from unspun.comparison.alignment import align, align_all
from unspun.comparison.features.catalogue import FEATURE_NAMES, FEATURES
from unspun.comparison.features.extraction import features_of, features_of_all, featurize
from unspun.comparison.features.feature import FAMILIES, Evidence, Feature, measure
from unspun.comparison.features.order_symmetry import swap_order
from unspun.comparison.layout.joined_texts import portions
from unspun.text.tokenizer import read_text

TEXTS = {"story": STORY, "spun": SPUN, "page": QUOTING_PAGE, "independent": INDEPENDENT, "unrelated": UNRELATED}
every_feature = pytest.mark.parametrize("feature", FEATURES, ids=FEATURE_NAMES)


def pair_of(source: str, suspect: str) -> AlignedPair:
    return align(read_text(source), read_text(suspect))


PAIRS = [pair_of(a, b) for a in TEXTS.values() for b in TEXTS.values()]


def value(name: str, source: str, suspect: str) -> float:
    return float(features_of(pair_of(source, suspect))[FEATURE_NAMES.index(name)])


def test_names_are_distinct_and_documented() -> None:
    assert len(set(FEATURE_NAMES)) == len(FEATURES)
    for feature in FEATURES:
        assert feature.__name__ == feature.name
        assert feature.__doc__.startswith("Return")
        assert feature.label


def test_every_feature_is_of_a_family_and_so_is_its_partner() -> None:
    family_of = {feature.name: feature.family for feature in FEATURES}
    assert set(family_of.values()) <= set(FAMILIES)
    for feature in FEATURES:
        assert family_of.get(feature.swapped, feature.family) == feature.family


BOILERPLATE_ALONE = "Share this on Facebook. Sign up for our newsletter."


@pytest.mark.parametrize("words_at_once", [100, 100_000])
def test_many_pairs_at_a_time_are_aligned_and_measured_as_each_alone(words_at_once: int, monkeypatch) -> None:
    monkeypatch.setattr("unspun.comparison.layout.joined_texts._WORDS_AT_ONCE", words_at_once)
    read = [read_text(text) for text in (*TEXTS.values(), "", "Rain.", BOILERPLATE_ALONE)]
    together = align_all((a, b) for a in read for b in read)
    alone = [pair_of(a.text, b.text) for a in read for b in read]
    assert len(alone) > 32
    for one, other in zip(together, alone, strict=True):
        assert one.edits.tolist() == other.edits.tolist()
        assert one.groups.tolist() == other.groups.tolist()
    np.testing.assert_array_equal(features_of_all(together), np.array([features_of(pair) for pair in alone]))


def test_portions_hold_few_words_or_one_pair(monkeypatch) -> None:
    monkeypatch.setattr("unspun.comparison.layout.joined_texts._WORDS_AT_ONCE", 4)
    texts = [read_text(text) for text in ("One two three four five.", "One.", "One two.", "")]
    sizes = [[len(text) for (text,) in portion] for portion in portions([(text,) for text in texts], iter)]
    assert sizes == [[5], [1, 2, 0]]


@every_feature
def test_swapped_partner_points_back(feature: Feature) -> None:
    if feature.swapped not in ("same", "negated"):
        partner = FEATURES[FEATURE_NAMES.index(feature.swapped)]
        assert partner.swapped == feature.name


@every_feature
def test_identical_texts_have_the_declared_value(feature: Feature) -> None:
    if feature.identical is None:
        return
    found = measure(pair_of(STORY, STORY), feature).value
    assert found == pytest.approx(feature.identical, abs=1e-6, nan_ok=True)


@every_feature
def test_empty_texts_give_nan(feature: Feature) -> None:
    for source, suspect in (("", ""), (STORY, ""), ("", STORY)):
        assert math.isnan(features_of(pair_of(source, suspect))[FEATURE_NAMES.index(feature.name)])


@every_feature
def test_range_is_kept(feature: Feature) -> None:
    for pair in PAIRS:
        found = measure(pair, feature).value
        assert math.isnan(found) or feature.low - 1e-6 <= found <= feature.high + 1e-6


@every_feature
def test_hits_are_edits_of_the_pair(feature: Feature) -> None:
    for pair in PAIRS:
        evidence = measure(pair, feature)
        assert isinstance(evidence, Evidence)
        assert ((evidence.edits >= 0) & (evidence.edits < len(pair.edits))).all()


def test_same_input_gives_the_same_bits() -> None:
    first, second = (featurize(read_text(STORY), read_text(SPUN)) for _ in range(2))
    assert first.tobytes() == second.tobytes()


def test_swapping_twice_changes_nothing() -> None:
    rows = np.array([features_of(pair) for pair in PAIRS])
    np.testing.assert_array_equal(swap_order(swap_order(rows)), rows)


@pytest.mark.parametrize("suspect", [SPUN, QUOTING_PAGE, INDEPENDENT])
def test_swap_order_is_what_the_other_order_measures(suspect: str) -> None:
    there = swap_order(features_of(pair_of(STORY, suspect))[None, :])[0]
    back = features_of(pair_of(suspect, STORY))
    np.testing.assert_allclose(there, back, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("change", [str.lower, str.upper])
def test_case_changes_nothing(change: object) -> None:
    plain = features_of(pair_of(STORY, SPUN))
    changed = features_of(pair_of(change(STORY), change(SPUN)))  # type: ignore[operator]
    np.testing.assert_array_equal(plain, changed)


def test_look_alike_letters_change_nothing() -> None:
    disguised = SPUN.replace("e", "\u0435", 40).replace("o", "\u043e", 30)
    np.testing.assert_array_equal(features_of(pair_of(STORY, SPUN)), features_of(pair_of(STORY, disguised)))


@settings(deadline=None, max_examples=40)
@given(st.text(max_size=120), st.text(max_size=120))
def test_any_texts_are_measured(source: str, suspect: str) -> None:
    assert featurize(read_text(source), read_text(suspect)).shape == (len(FEATURES),)


def test_a_spun_story_keeps_names_and_changes_common_words() -> None:
    assert value("immutable_kept_rate", STORY, SPUN) > 0.85
    assert value("immutable_excess", STORY, SPUN) > 0.3
    assert value("related_share", STORY, SPUN) > 0.6


def test_quotations_are_altered_in_the_spun_story_alone() -> None:
    assert value("altered_quotation_rate", STORY, SPUN) > 5
    assert value("altered_quotation_rate", STORY, QUOTING_PAGE) == 0


def test_reciprocal_swaps() -> None:
    source = "She was prepared for the long winter. The boats lay ready in the old harbour. He felt old and tired."
    suspect = (
        "She was ready for the lengthy winter. The boats lay prepared in the aged harbour. He felt aged and weary."
    )
    assert value("reciprocal_share", source, suspect) > 0
    assert value("repeated_swap_share", source, suspect) > 0


def test_own_text_around_the_shared_part_changes_little() -> None:
    whole = features_of(pair_of(QUOTING_PAGE, SPUN))
    lines = SPUN.split("\n\n")
    bare = features_of(pair_of("\n\n".join(QUOTING_PAGE.split("\n\n")[3:6]), "\n\n".join(lines[2:5])))
    close = np.isclose(whole, bare, atol=0.02, equal_nan=True)
    # What is measured over whole texts tells of the page's own text, too: what that may move is held in test_score.
    assert close[[not feature.whole for feature in FEATURES]].mean() > 0.9


def test_sentences_told_anew_in_order_follow_the_course_of_the_source() -> None:
    told = (
        "The old ferry sank near the harbour last night. Rescuers took forty passengers from the cold water. "
        "The owner had ignored two warnings about the engine. A court will hear the captain on Monday.",
        "An ageing boat went down close to port yesterday evening. Crews pulled many travellers out of a cold sea. "
        "Its proprietor dismissed earlier alarms over a motor. Judges question the skipper next week.",
    )
    sentences = told[1].split(". ")
    turned = ". ".join([*sentences[2:], *sentences[:2]])
    assert value("course_match_narrow", *told) > 0.2 + value("course_match_narrow", told[0], turned)
    assert value("course_strength_wide", *told) > 0 > value("course_strength_wide", told[0], turned)
    assert value("course_match_narrow", STORY, STORY) > 0.9


def test_long_texts_are_compared_in_runs_of_sentences_or_not_at_all() -> None:
    rng = np.random.default_rng(0)
    words = [f"{a}{b}{c}" for a in "bdfgklmnprst" for b in "aeiou" for c in "bdgklmnrst"]
    some = ". ".join(" ".join(rng.choice(words, 9)) for _ in range(400))
    assert value("whole_meaning_source", some, some) > 0.9
    backwards = ". ".join(reversed(some.split(". ")))
    assert value("course_match_narrow", some, some) > 0.1 > value("course_match_narrow", some, backwards)
    many = ". ".join(" ".join(f"{rng.choice(words)}{k}x{j}" for j in range(9)) for k in range(600))
    assert math.isnan(value("whole_meaning_source", many, many))


def test_style_of_whole_texts_leaves_boilerplate_out() -> None:
    alone = "The ferry sank. Nobody was hurt, the owner said; it was old."
    page = f"{alone}\n\nLeave a Reply\n\nYour email address will not be published."
    names = [name for name in FEATURE_NAMES if name.startswith("whole_") and name.endswith("_source")]
    assert [value(name, page, alone) for name in names] == pytest.approx(
        [value(name, alone, alone) for name in names], nan_ok=True
    )


def test_words_in_one_order_leave_boilerplate_out_and_books_alone() -> None:
    alone = "The ferry sank. Nobody was hurt, the owner said; it was old."
    page = f"{alone}\n\nLeave a Reply\n\nYour email address will not be published."
    assert value("whole_same_order", page, alone) == 1
    turned = "Nobody was hurt, the owner said; it was old. The ferry sank."
    assert value("whole_same_order", alone, turned) == pytest.approx(9 / 12)
    long = "The old ferry sank off the point. " * 3_200
    assert value("whole_same_order", long, long) == 1
    book = "The old ferry sank off the point. " * 7_500
    assert math.isnan(value("whole_same_order", book, book))
