"""Families of reasons: those shown carry the verdict, and say what was measured."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from articles import QUOTING_PAGE, SPUN, STORY
from hypothesis import given
from hypothesis import strategies as st

from unspun.comparison.features.catalogue import FEATURE_NAMES, FEATURES
from unspun.comparison.features.feature import FAMILIES
from unspun.evidence.explaining import explain, honest_of
from unspun.evidence.explanation import Reason
from unspun.evidence.measurement_words import WORDINGS, in_words
from unspun.evidence.reason_families import FEWEST_SHOWN, HELD, TITLES, families_of, shown_and_rest
from unspun.model.scoring import packaged

NUMBERS = st.floats(-6, 6)


def reasons(*parts: float) -> list[Reason]:
    return [Reason(f"f{k}", 0.5, part, f"label {k}", (), FAMILIES[k % 7]) for k, part in enumerate(parts)]


def check(families, log_odds: float) -> None:
    shown, rest = shown_and_rest(families)
    assert list(families) == [*shown, *rest]
    held = math.fsum(one.contribution for one in shown)
    assert abs(log_odds - held) <= (1 - HELD) * abs(log_odds) + 1e-9
    assert math.fsum(one.contribution for one in families) == pytest.approx(log_odds, abs=1e-9)
    sizes = [abs(one.contribution) for one in families]
    assert sizes == sorted(sizes, reverse=True)


@given(st.lists(NUMBERS, min_size=1, max_size=30), NUMBERS)
def test_whatever_the_reasons_the_families_shown_hold_most_of_the_log_odds(parts, log_odds) -> None:
    families = families_of(reasons(*parts), log_odds, "as a whole", {})
    check(families, log_odds)
    assert len(shown_and_rest(families)[0]) >= min(FEWEST_SHOWN, len(families))


@pytest.mark.parametrize("suspect", [SPUN, QUOTING_PAGE, STORY], ids=["spun", "quoting", "same"])
@pytest.mark.parametrize("prior", [0.5, 0.01])
def test_families_of_a_pair_carry_its_verdict(suspect: str, prior: float) -> None:
    found = explain(STORY, suspect, packaged().with_prior(prior))
    check(found.families, found.log_odds)
    by_name = {one.name: one for one in found.families}
    for name, one in by_name.items():
        own = [reason for reason in found.reasons if reason.family == name]
        if name != "pair":
            assert one.contribution == pytest.approx(math.fsum(reason.contribution for reason in own))
            assert one.words
            assert one.title == TITLES[name]


def test_the_pair_as_a_whole_says_what_is_expected() -> None:
    said = {one.name: one.words for one in explain(STORY, SPUN, packaged().with_prior(0.01)).families}
    assert said["pair"].endswith("; 1 of 100 pairs is expected to be spun")
    said = {one.name: one.words for one in explain(STORY, STORY).families}
    assert said["pair"] == "both texts have the same words"


def test_a_pair_without_a_number_has_no_families() -> None:
    assert explain("", STORY).families == ()


def test_a_measurement_that_honest_pairs_hardly_have_speaks_for_its_family() -> None:
    common = Reason("swap_rate", 0.05, 0.6, "label", (), "swaps")
    rare = Reason("single_swap_share", 0.9, 0.5, "label", (7,), "swaps")
    honest = {"swap_rate": (0.0, 0.06, 0.3), "single_swap_share": (0.0, 0.5, 0.75)}
    (swaps,) = [one for one in families_of([common, rare], 1.1, "", honest) if one.name == "swaps"]
    assert (swaps.feature, swaps.changes, swaps.honest) == ("single_swap_share", (7,), (0.0, 0.5, 0.75))
    assert swaps.words == "90 of 100 changes put one word for one word; 95 of 100 honest pairs have at most 75"
    against = [replace(one, contribution=-one.contribution) for one in (common, rare)]
    (swaps,) = [one for one in families_of(against, -1.1, "", honest) if one.name == "swaps"]
    assert swaps.words == "5 of 100 content words are swapped; half of the honest pairs have at least 6"


def test_what_cannot_be_told_in_words_is_told_by_its_label() -> None:
    unknown = Reason("no such feature", 0.5, 1.0, "its label", (), "swaps")
    unmeasured = Reason("swap_rate", math.nan, 2.0, "content words swapped", (), "swaps")
    (swaps,) = [one for one in families_of([unmeasured, unknown], 3.0, "", {}) if one.name == "swaps"]
    assert (swaps.words, swaps.feature) == ("mostly content words swapped", "")


def test_words_are_of_features_and_every_family_has_some() -> None:
    assert set(WORDINGS) <= set(FEATURE_NAMES)
    used = {feature.family for feature in FEATURES}
    assert {feature.family for feature in FEATURES if feature.name in WORDINGS} == used


@pytest.mark.parametrize(
    "feature", [feature for feature in FEATURES if feature.name in WORDINGS], ids=lambda one: one.name
)
def test_every_measurement_is_told_at_every_place_among_honest_pairs(feature) -> None:
    low, high = max(feature.low, -3.0), min(feature.high, 3.0)
    honest = tuple(low + (high - low) * part for part in (0.3, 0.5, 0.7))
    for part in (0.1, 0.4, 0.6, 0.9):
        words = in_words(feature.name, low + (high - low) * part, honest)
        assert "{" not in words
        assert "honest pairs have at " in words


def test_the_packaged_model_knows_what_honest_pairs_have() -> None:
    honest = honest_of(packaged().card)
    assert set(honest) == set(WORDINGS)
    assert all(list(edges) == sorted(edges) and len(edges) == 3 for edges in honest.values())
