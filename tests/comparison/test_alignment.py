"""What belongs together in two texts is found, whatever surrounds it."""

from __future__ import annotations

import numpy as np
import pytest
from articles import INDEPENDENT, QUOTING_PAGE, SPUN, STORY, UNRELATED
from hypothesis import given, settings
from hypothesis import strategies as st

from unspun.comparison.aligned_pair import AlignedPair, EditKind
from unspun.comparison.alignment import align
from unspun.text.tokenizer import read_text


def pair_of(source: str, suspect: str) -> AlignedPair:
    return align(read_text(source), read_text(suspect))


def swaps(pair: AlignedPair) -> set[tuple[str, str]]:
    found = [pair.edit(k) for k in range(len(pair.edits))]
    return {
        (pair.source.span(e.source_start, e.source_stop), pair.suspect.span(e.suspect_start, e.suspect_stop))
        for e in found
        if e.kind is EditKind.SUBSTITUTED
    }


def aligned_share(pair: AlignedPair, side: int) -> float:
    text = (pair.source, pair.suspect)[side]
    bounds = text.sentence_stops[pair.groups[:, 2 * side : 2 * side + 2]]
    return float((bounds[:, 1] - bounds[:, 0]).sum() / len(text))


def test_spun_twin_aligns_whole_and_in_order() -> None:
    pair = pair_of(STORY, SPUN)
    assert aligned_share(pair, 0) > 0.95
    assert aligned_share(pair, 1) > 0.95
    assert (np.diff(pair.groups[:, 2]) > 0).all()


def test_planted_swaps_are_found() -> None:
    assert {
        ("prepared", "readied"), ("ready", "prepared"), ("soldiers", "troopers"), ("danger", "peril"),
        ("silt", "sediment"), ("fault", "flaw"), ("company", "firm"), ("old", "ancient"),
    } <= swaps(pair_of(STORY, SPUN))  # fmt: skip


def test_a_word_that_stayed_is_no_swap_where_its_neighbours_went() -> None:
    # To edit distance, `vote opposed` for `groups vote` is two words replaced, which costs no more than to see `vote`.
    pair = pair_of("In Tarn groups vote the plan for the mill.", "In Tarn vote opposed the plan for the mill.")
    assert swaps(pair) == set()
    assert [pair.source.span(*edit[1:3].tolist()) for edit in pair.edits if edit[0] == EditKind.KEPT] == [
        "In Tarn", "vote", "the plan for the mill",
    ]  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from("ferry bridge harbour of the sank rose".split()), min_size=3, max_size=12), st.data())
def test_no_word_is_a_swap_for_itself_and_kept_runs_are_whole(words, data) -> None:
    other = data.draw(st.permutations(words))
    pair = pair_of(" ".join(words), " ".join(other))
    assert all(before != after for before, after in swaps(pair))
    kept = pair.edits[:, 0] == EditKind.KEPT
    touch = (pair.edits[1:, [1, 3, 5]] == pair.edits[:-1, [2, 4, 5]]).all(axis=1)
    assert not (kept[1:] & kept[:-1] & touch).any()
    assert len(pair.edits) == 0 or pair.edits[-1, 2] == len(words)


def test_a_page_with_half_of_the_story_gives_that_half() -> None:
    pair = pair_of(QUOTING_PAGE, SPUN)
    quoted = pair.source.span(*pair.source.sentence_stops[[pair.groups[0, 0], pair.groups[-1, 1]]].tolist())
    assert quoted.startswith("Engineers had prepared")
    assert quoted.endswith("hiding earlier problems")
    assert len(set(pair.passage.tolist())) == 1


def test_the_comment_form_is_never_aligned() -> None:
    pair = pair_of(QUOTING_PAGE, QUOTING_PAGE)
    text = pair.source
    for first, stop, _, _ in pair.groups.tolist():
        assert not text.boilerplate[first:stop].any()


def test_identical_texts_are_kept_throughout() -> None:
    pair = pair_of(STORY, STORY)
    assert (pair.edits[:, 0] == EditKind.KEPT).all()
    assert np.allclose(pair.similarity, 1)


def test_unrelated_texts_share_nothing() -> None:
    assert len(pair_of(STORY, UNRELATED).groups) == 0


def test_an_independent_report_shares_little() -> None:
    assert aligned_share(pair_of(STORY, INDEPENDENT), 0) < 0.3


def test_moved_paragraphs_are_found() -> None:
    paragraphs = STORY.strip().split("\n\n")
    pair = pair_of(STORY, "\n\n".join([*paragraphs[3:], *paragraphs[:3]]))
    assert aligned_share(pair, 1) > 0.95
    assert len(set(pair.passage.tolist())) == 2


def test_a_split_sentence_is_one_row() -> None:
    pair = pair_of(
        "The firm warned the board in March that silt was building up around the sill of the northern gate.",
        "The firm warned the board in March. It said silt was building up around the sill of the northern gate.",
    )
    assert pair.groups.tolist() == [[0, 1, 0, 2]]


def test_inflection_is_told_from_substitution() -> None:
    pair = pair_of("The engineers find faults in every gate.", "The engineer found fault in every gate.")
    kinds = {pair.edit(k).kind for k in range(len(pair.edits))}
    assert EditKind.INFLECTED in kinds
    assert EditKind.SUBSTITUTED not in kinds


def test_texts_without_punctuation_align() -> None:
    bare = [" ".join(read_text(text).words) for text in (STORY, SPUN)]
    assert aligned_share(pair_of(*bare), 0) > 0.6


@settings(deadline=None, max_examples=60)
@given(st.lists(st.sampled_from([*STORY.split(), *SPUN.split(), "\n\n"]), max_size=120), st.randoms())
def test_edits_tile_the_rows(words: list[str], random: object) -> None:
    other = words[:]
    random.shuffle(other)  # type: ignore[attr-defined]
    pair = pair_of(" ".join(words), " ".join(other))
    for side, text in ((1, pair.source), (3, pair.suspect)):
        covered = np.zeros(len(text), int)
        for start, stop in pair.edits[:, side : side + 2].tolist():
            covered[start:stop] += 1
        inside = np.zeros(len(text), int)
        for first, last in pair.groups[:, side - 1 : side + 1].tolist():
            inside[text.sentence_stops[first] : text.sentence_stops[last]] += 1
        assert (covered == inside).all()
        assert inside.max(initial=0) <= 1


@pytest.mark.parametrize("suspect", [SPUN, QUOTING_PAGE, INDEPENDENT])
def test_the_other_order_has_the_same_edits_from_the_other_side(suspect: str) -> None:
    there, back = pair_of(STORY, suspect), pair_of(suspect, STORY)
    turned = {EditKind.INSERTED: EditKind.DELETED, EditKind.DELETED: EditKind.INSERTED}
    edits = [there.edit(k) for k in range(len(there.edits))]
    others = [back.edit(k) for k in range(len(back.edits))]
    assert {(e.kind, *e[1:5]) for e in edits} == {(turned.get(e.kind, e.kind), *e[3:5], *e[1:3]) for e in others}
    assert sorted(there.groups.tolist()) == sorted(back.groups[:, [2, 3, 0, 1]].tolist())


def test_texts_too_long_for_one_table_are_aligned_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [read_text(f"{STORY}\n\n{UNRELATED}"), read_text(f"{INDEPENDENT}\n\n{SPUN}")]
    whole = align(*texts)
    monkeypatch.setattr("unspun.comparison.sentence_alignment._DENSE", 60)
    pieces = align(*texts)
    assert pieces.groups.tolist() == whole.groups.tolist()
    assert pieces.edits.tolist() == whole.edits.tolist()
    np.testing.assert_allclose(pieces.similarity, whole.similarity, atol=1e-6)
