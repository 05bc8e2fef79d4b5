"""Explanations: what they say is what was measured, at the places where it stands."""

from __future__ import annotations

import math
import pickle
from collections import Counter
from dataclasses import astuple, fields
from itertools import chain

import numpy as np
import pytest
from articles import INDEPENDENT, QUOTING_PAGE, SPUN, STORY, UNRELATED
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from unspun.comparison.alignment import align
from unspun.comparison.features.catalogue import FEATURES
from unspun.comparison.features.feature import measure
from unspun.comparison.passages import passages_of
from unspun.errors import InputError
from unspun.evidence.changes import moved_groups, read_changes
from unspun.evidence.correspondence import LEAST, correspondence
from unspun.evidence.explaining import explain
from unspun.evidence.explanation import Explanation
from unspun.evidence.fixed_words import fixed, left_out, quotations
from unspun.evidence.repeated_swaps import swaps_of, with_recurrence
from unspun.evidence.substitutions import substitutions
from unspun.evidence.swap_phrases import phrases
from unspun.model.detector import SpinDetector, load_detector
from unspun.model.pair_score import verdict_of
from unspun.model.scoring import score
from unspun.text.token_text import text_digest
from unspun.text.tokenizer import read_text

TEXTS = {
    "spun": (STORY, SPUN),
    "quoting": (STORY, QUOTING_PAGE),
    "independent": (STORY, INDEPENDENT),
    "unrelated": (STORY, UNRELATED),
    "turned": (SPUN, STORY),
    "same": (STORY, STORY),
    "empty": ("", STORY),
    "nothing": ("", ""),
    "hostile": (
        "<b>\u202e\ud800 {{x}}\x00 The gates jam.\r\nOn test!",
        STORY.replace("gates", "\u200bga\u0301tes\ud800"),
    ),
}


@pytest.fixture(scope="module")
def detector() -> SpinDetector:
    return load_detector()


@pytest.fixture(scope="module", params=list(TEXTS), ids=list(TEXTS))
def explained(request: pytest.FixtureRequest, detector: SpinDetector) -> tuple[str, str, Explanation]:
    source, suspect = TEXTS[request.param]
    return source, suspect, explain(source, suspect, detector)


def aligned(source: str, suspect: str):
    return align(read_text(source), read_text(suspect))


# Numbers


def test_reasons_sum_to_the_log_odds(explained) -> None:
    _, _, found = explained
    if found.verdict == "not judged":
        assert math.isnan(found.p_spun)
        assert not found.reasons
        return
    total = sum(reason.contribution for reason in found.reasons) + found.bias + found.residue
    assert total == pytest.approx(found.log_odds, abs=1e-9)
    assert abs(found.residue) < 1e-6
    assert found.log_odds == pytest.approx(math.log(found.p_spun / (1 - found.p_spun)), abs=1e-6)


def test_an_explanation_has_the_scores_of_the_features(explained, detector: SpinDetector) -> None:
    source, suspect, found = explained
    made = score(source, suspect, detector)
    assert list(found.relation.values()) == pytest.approx(list(made.relation.values()), abs=1e-9, nan_ok=True)
    assert found.p_forward == pytest.approx(made.p_forward, abs=1e-9, nan_ok=True)
    assert found.passages == made.passages
    assert found.verdict == "not judged" or 0 <= found.p_low <= found.p_spun <= found.p_high <= 1


def test_reasons_hold_the_features_and_link_the_changes_they_counted(explained) -> None:
    source, suspect, found = explained
    pair = aligned(source, suspect)
    number_of = read_changes(pair).number_of
    if found.reasons:
        assert {reason.feature for reason in found.reasons} == {*(feature.name for feature in FEATURES), "passages"}
    of = {feature.name: feature for feature in FEATURES}
    alone = len(passages_of(pair)) < 2 and passages_of(pair) == [pair]
    for reason in found.reasons if alone else ():
        if reason.feature == "passages":
            continue
        evidence = measure(pair, of[reason.feature])
        assert reason.value == pytest.approx(evidence.value, nan_ok=True)
        assert set(reason.changes) == {number_of[k] for k in evidence.edits.tolist() if k in number_of}


@pytest.mark.parametrize(
    ("low", "high", "abstained", "verdict"),
    [
        (0.51, 0.9, None, "likely"),
        (0.5, 0.9, None, "unclear"),
        (0.1, 0.49, None, "unlikely"),
        (0.1, 0.5, None, "unclear"),
        (0.9, 0.99, "too short", "unclear"),
        (0.01, 0.1, "nothing aligned", "unclear"),
        (math.nan, math.nan, None, "unclear"),
    ],
)
def test_the_verdict_is_the_interval_s(low: float, high: float, abstained: str | None, verdict: str) -> None:
    assert verdict_of(low, high, abstained) == verdict


def test_provenance_tells_what_was_compared(detector: SpinDetector) -> None:
    found = explain(STORY, SPUN, detector, {"source_id": "a", "suspect_title": "T"})
    p = found.provenance
    assert (p.source_sha256, p.suspect_sha256) == (text_digest(STORY), text_digest(SPUN))
    assert (p.source_id, p.suspect_id, p.suspect_title, p.model) == ("a", "", "T", found.model)
    # As text, since what is not known equals nothing.
    assert repr(astuple(pickle.loads(pickle.dumps(found)))) == repr(astuple(found))


# Places


def spans(source: str, suspect: str, found: Explanation):
    """Yield every range of an explanation with the text that it is of."""
    for item in (*found.rows, *found.changes, *found.substitutions, *found.quotations, *found.fixed):
        yield source, item.source_start, item.source_end
        yield suspect, item.suspect_start, item.suspect_end
    for item in found.left_out:
        yield (source if item.side == "source" else suspect), item.start, item.end


def check_places(source: str, suspect: str, found: Explanation) -> None:
    for text, start, end in spans(source, suspect, found):
        assert 0 <= start <= end <= len(text)
    for swap in found.substitutions:
        assert source[swap.source_start : swap.source_end] == swap.source
        assert suspect[swap.suspect_start : swap.suspect_end] == swap.suspect
    assert all(source[one.source_start : one.source_end] == one.text for one in found.fixed)
    assert [change.number for change in found.changes] == list(range(1, len(found.changes) + 1))
    numbers = {change.number for change in found.changes}
    assert all(set(swap.changes) <= numbers and swap.change in swap.changes for swap in found.substitutions)
    for k, row in enumerate(found.rows):
        for number in row.changes:
            change = found.changes[number - 1]
            assert change.row == k
            assert row.source_start <= change.source_start <= change.source_end <= row.source_end
            assert row.suspect_start <= change.suspect_start <= change.suspect_end <= row.suspect_end


def test_everything_is_at_its_offsets(explained) -> None:
    check_places(*explained)


WORDS = st.sampled_from(
    'the harbour council ship fell rose "we knew" it, Orla Finch 1994 £3.5m quickly rapid\u200bly \ud800 — <b> {{ '
    "\U0001f600 wasn't U.S. sea-gates e\u0301clair\n".split(" ")
)
SENTENCES = st.lists(st.lists(WORDS, min_size=1, max_size=9).map(lambda words: " ".join(words) + ". "), max_size=6).map(
    "".join
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(SENTENCES, SENTENCES, st.randoms(use_true_random=False))
def test_whatever_the_texts_everything_is_at_its_offsets(detector: SpinDetector, text: str, other: str, rng) -> None:
    words = (text + other).split(" ")
    changed = " ".join("vessel" if rng.random() < 0.2 else word for word in words)
    sentences = changed.split(". ")
    rng.shuffle(sentences)
    for suspect in (other, changed, ". ".join(sentences)):
        check_places(text + other, suspect, explain(text + other, suspect, detector))


# Rows and changes


def test_rows_are_moved_split_and_merged() -> None:
    first, second, third = (
        "The ferry to Ostravel sank on Monday near the old pier.",
        "The council promised new stalls beside the railway station.",
        "Marta Ilven has sold herring on that quay since 1994, and she will not leave.",
    )
    halves = "Marta Ilven has sold herring on that quay since 1994. And she will not leave."
    moved = read_changes(aligned(f"{first} {second} {third}", f"{third} {first} {second}"))
    assert [row.kind for row in moved.rows] == ["kept", "kept", "moved"]
    assert [change.kind for change in moved.changes] == ["moved"]
    split = read_changes(aligned(f"{first} {third}", f"{first} {halves}"))
    assert [row.kind for row in split.rows] == ["kept", "split"]
    merged = read_changes(aligned(f"{first} {halves}", f"{first} {third}"))
    assert [row.kind for row in merged.rows] == ["kept", "merged"]


@pytest.mark.parametrize(
    ("places", "moved"), [([0, 1, 2], []), ([2, 0, 1], [0]), ([1, 2, 3, 0], [3]), ([3, 0, 1, 2, 4], [0]), ([], [])]
)
def test_the_fewest_groups_count_as_moved(places: list[int], moved: list[int]) -> None:
    assert np.flatnonzero(moved_groups(np.array(places, np.int32))).tolist() == moved


# Quotations, names and numbers, what was left out


def test_quotations_are_kept_or_altered() -> None:
    kept, altered = '"We knew it all along," said Orla Finch.', '"We have been told nothing at all," said Tomas Brandt.'
    suspect = '"We knew it all along," said Orla Finch. "We have been informed nothing at all," stated Tomas Brandt.'
    source = f"{kept} {altered}"
    first, second = quotations(aligned(source, suspect))
    assert (first.kept, first.words_changed, second.kept, second.words_changed) == (True, 0, False, 1)
    assert suspect[second.suspect_start : second.suspect_end] == "We have been informed nothing at all"


def test_a_word_put_into_a_quotation_alters_it() -> None:
    source = 'Orla Finch said on Monday: "We knew it all along and told nobody."'
    suspect = 'Orla Finch said on Monday: "We knew it all along and gladly told nobody."'
    (found,) = quotations(aligned(source, suspect))
    assert (found.kept, found.words_changed) == (False, 1)


def test_a_word_put_before_a_quotation_alters_it_inside_the_marks_alone() -> None:
    source = 'Orla Finch said on Monday: "Nobody who stood in the market told us."'
    inside = 'Orla Finch said on Monday: "No one who stood in the market told us."'
    (found,) = quotations(aligned(source, inside))
    assert inside[found.suspect_start : found.suspect_end] == "No one who stood in the market told us"
    outside = 'Orla Finch said on Monday loudly: "Nobody who stood in the market told us."'
    assert [one.kept for one in quotations(aligned(source, outside))] == [True]


def test_an_altered_quotation_is_whole_to_its_marks() -> None:
    source = '"We want all of our people to take part in the conflict," talk show host Igor Brandt said on Monday.'
    suspect = '"We want all of our people to partake in the contention," moderator Igor Brandt said on Monday.'
    (found,) = quotations(aligned(source, suspect))
    assert suspect[found.suspect_start : found.suspect_end] == suspect[1 : suspect.index(',"')]


def test_quotations_agree_with_the_feature(explained) -> None:
    _, _, found = explained
    of = {reason.feature: reason.value for reason in found.reasons}
    if not math.isnan(rate := of.get("quotations_kept_rate", math.nan)):
        assert sum(one.kept for one in found.quotations) / len(found.quotations) <= rate


def test_names_and_numbers_are_kept_altered_or_lost() -> None:
    source = "Orla Finch paid 420 pounds for the boat at Marrow Point in March, and she sold it for 900 pounds in June."
    suspect = "Orla Finch paid 430 pounds for the boat at Marrow Point in March, and she sold it for pounds in June."
    state = {one.text: (one.kind, one.state) for one in fixed(aligned(source, suspect))}
    assert state["Orla Finch"] == state["Marrow Point"] == ("name", "kept")
    assert (state["420"], state["900"]) == (("number", "altered"), ("number", "lost"))


@pytest.mark.parametrize(
    ("before", "after", "state"),
    [
        ("eleven", "multiple", "altered"),
        ("four million", "4,000,000", "kept"),
        ("4m", "four million", "kept"),
        ("four million", "four billion", "altered"),
        ("twenty-five", "25", "kept"),
        ("eleven", "12", "altered"),
    ],
)
def test_a_number_is_kept_if_its_value_is(before: str, after: str, state: str) -> None:
    source, suspect = (f"Orla Finch told the council that {n} crowns were missing." for n in (before, after))
    pair = aligned(source, suspect)
    (found,) = [one for one in fixed(pair) if one.kind == "number"]
    assert (found.text, found.state) == (before, state)
    assert suspect[found.suspect_start : found.suspect_end] == after
    notes = {note for swap in substitutions(pair) for note in swap.notes}
    assert ("number changed" in notes) == (state == "altered")


def test_a_number_that_went_is_lost() -> None:
    source, suspect = (f"Orla Finch told the council that {n}boats were missing." for n in ("eleven ", ""))
    assert [one.state for one in fixed(aligned(source, suspect)) if one.kind == "number"] == ["lost"]


def test_boilerplate_and_own_text_are_left_out() -> None:
    out = left_out(aligned(STORY, QUOTING_PAGE))
    said = {(one.side, one.kind): QUOTING_PAGE[one.start : one.end] for one in out if one.side == "suspect"}
    assert "I have written about the estuary" in QUOTING_PAGE[out[-3].start : out[-3].end] or len(said) == 2
    assert said["suspect", "boilerplate"].startswith("Leave a Reply")


# Substitutions


def test_swaps_that_touch_make_one_phrase() -> None:
    source = "The health chiefs of the valley met on Monday to discuss the merger of two operating theatres."
    suspect = "The wellness chieftains of the valley met on Monday to discuss the merger of two functioning playhouses."
    found = substitutions(aligned(source, suspect))
    assert {(swap.source, swap.suspect) for swap in found} == {
        ("health chiefs", "wellness chieftains"),
        ("operating theatres", "functioning playhouses"),
    }
    assert all(len(swap.changes) == 2 for swap in found)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("the debate lasted six hours", "the debate endured six hours"),
        ("nobody in the city ever bought", "nobody in the city at any point bought"),
        ("we let the judge decide", "we allow the judge decide"),
        ("the barrier is raised from the bed", "the barrier is brought up from the bed"),
    ],
)
def test_one_replaced_phrase_is_one_change_and_one_swap(before: str, after: str) -> None:
    source, suspect = (f"Orla Finch told the council on Monday that {said}." for said in (before, after))
    pair = aligned(source, suspect)
    (change,) = read_changes(pair).changes
    assert change.kind == "substituted"
    (swap,) = substitutions(pair)
    assert (swap.source, swap.suspect) == (
        source[change.source_start : change.source_end],
        suspect[change.suspect_start : change.suspect_end],
    )


def test_what_came_or_went_alone_is_no_swap() -> None:
    source = "Orla Finch told the council on Monday that the debate lasted six hours."
    suspect = "Orla Finch told the council that the long debate lasted six hours."
    pair = aligned(source, suspect)
    assert [change.kind for change in read_changes(pair).changes] == ["deleted", "inserted"]
    assert substitutions(pair) == ()


def test_a_phrase_of_the_thesaurus_for_a_word_is_noted() -> None:
    source = "The engineers had polished the great mirror of the telescope for nine long years before it cracked."
    suspect = (
        "The engineers had polished the great looking glass of the telescope for nine long years before it cracked."
    )
    (swap,) = substitutions(aligned(source, suspect))
    assert (swap.source, swap.suspect, swap.relation) == ("mirror", "looking glass", "near synonym")
    assert "phrase for a word" in swap.notes


def test_the_most_telling_come_first_and_a_repeated_swap_does_not_crowd_the_list() -> None:
    found = substitutions(aligned(STORY, SPUN))
    assert [swap.telling for swap in found] == sorted((swap.telling for swap in found), reverse=True)
    repeated = [
        swap.telling for swap in substitutions(aligned("The old ferry sank. " * 3, "The old ferryboat sank. " * 3))
    ]
    assert repeated == sorted({repeated[0] / 2**k for k in range(3)}, reverse=True)


REBUILT = (
    "The heating in the mirror hall failed on Friday night, the directors said, and the crack in the glass has grown.",
    "On Friday night the hall lost its heating, and leaders revealed that a fissure now runs through the cold glass.",
)


def test_words_paired_by_place_alone_are_no_swaps() -> None:
    pair = aligned(*REBUILT)
    made = phrases(pair)
    stands = correspondence(pair, made)
    shown = {(swap.source, swap.suspect) for swap in substitutions(pair)}
    assert len(shown) == (stands >= LEAST).sum() < len(made)


def test_words_paired_by_place_alone_are_no_fingerprint() -> None:
    assert swaps_of(aligned(*REBUILT)) == {("directors", "leaders"), ("said", "revealed"), ("crack", "fissure")}


def test_swaps_of_a_text_spun_word_by_word_stand_for_one_another() -> None:
    pair = aligned(STORY, SPUN)
    stands = correspondence(pair, phrases(pair))
    assert stands.mean() > 0.9
    assert len(substitutions(pair)) == len(stands)


@pytest.mark.parametrize(
    "texts", [(STORY, SPUN), (STORY, INDEPENDENT), REBUILT], ids=["spun", "independent", "rebuilt"]
)
def test_correspondence_is_a_probability_and_the_same_both_ways(texts) -> None:
    pair, turned = aligned(*texts), aligned(*reversed(texts))
    index = {tuple(edit[[3, 4, 1, 2]].tolist()): k for k, edit in enumerate(turned.edits)}
    made = phrases(pair)
    same = [tuple(index[tuple(pair.edits[k, 1:5].tolist())] for k in one) for one in made]
    stands = correspondence(pair, made)
    assert ((stands >= 0) & (stands <= 1)).all()
    assert correspondence(turned, same) == pytest.approx(stands, abs=1e-6)
    assert correspondence(pair, []).shape == (0,)


def test_a_sentence_of_a_hundred_thousand_words_is_explained() -> None:
    words = "ferry harbour bridge captain storm " * 20_000
    swapped = words.replace("storm captain", "gale skipper").replace("ferry", "boat")
    assert len(substitutions(aligned(words, swapped))) > 0


def test_swaps_that_recur_in_a_run_are_counted(detector: SpinDetector) -> None:
    swaps = [swaps_of(aligned(*texts)) for texts in ((STORY, SPUN), (STORY, SPUN), (STORY, UNRELATED))]
    counts = Counter(chain.from_iterable(swaps))
    found = with_recurrence(explain(STORY, SPUN, detector), STORY, SPUN, counts)
    assert {swap.recurs for swap in found.substitutions} == {1}


def test_types_document_every_field() -> None:
    documented = Explanation.__doc__ or ""
    assert all(field.name in documented for field in fields(Explanation))


# Speed and size


def test_a_text_beyond_all_measure_is_refused(detector: SpinDetector) -> None:
    with pytest.raises(InputError, match="the suspect is too long to compare"):
        explain(STORY, "word " * 300_000, detector)


def test_long_hostile_texts_are_explained(detector: SpinDetector) -> None:
    text = " ".join(f'"We knew it all along, {k}," said Orla Finch.' for k in range(2_000))
    found = explain(text, text.replace("knew", "understood"), detector)
    assert len(found.quotations) == len(found.rows) > 1_000
