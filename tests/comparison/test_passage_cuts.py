"""Cutting runs: where what became of the words changes, at ends of paragraphs, and at some length."""

import numpy as np
import pytest
from articles import INDEPENDENT, SPUN, STORY, UNRELATED

from unspun.comparison.alignment import align
from unspun.comparison.passage_cuts import FEWEST_WORDS, LONGEST_PASSAGE, Run, what_became
from unspun.comparison.passages import stretches
from unspun.text.tokenizer import read_text

OWN = "My neighbour read this aloud at breakfast and laughed. I did not. We have been arguing about it ever since."
KEPT, CHANGED = (10.0, 0.0, 0.0), (6.0, 3.0, 1.0)


def run_of(became, ends=()):
    """A run of groups of ten words, given what became of the words of each."""
    starts = np.arange(len(became))[:, np.newaxis] * 10
    at_end = np.isin(np.arange(len(became)), ends)
    return Run(starts + np.array([0, 10, 0, 10]), 2 * np.array(became), at_end)


def cuts(became, ends=()):
    return [piece.start for piece in run_of(became, ends).pieces()][1:]


def joined(*parts):
    return "\n\n".join(part.strip() for part in parts)


def suspect_words(source, suspect):
    """What the suspect's sentences of every stretch say."""
    pair = align(read_text(source), read_text(suspect))
    text = pair.suspect
    bounds = [(text.sentence_stops[s.suspect_sentences[0]], s.suspect_sentences[-1]) for s in stretches(pair)]
    return [text.span(int(first), int(text.sentence_stops[last + 1])) for first, last in bounds]


def test_cuts_where_words_begin_to_change():
    became = [KEPT] * 10 + [CHANGED] * 10 + [KEPT] * 10
    assert cuts(became) == [10, 20]
    assert cuts(became, ends=[9, 19]) == [10, 20]


def test_little_change_is_no_cut():
    assert cuts([KEPT] * 10 + [CHANGED] * 2) == []
    assert cuts([CHANGED] * 12) == []


def test_cuts_at_the_end_of_a_paragraph_that_is_near():
    assert cuts([CHANGED] * 40, ends=[16]) == [17]


@pytest.mark.parametrize("n_groups", [1, 5, 9, 33, 100])
def test_pieces_are_the_run_in_its_order(n_groups):
    pieces = run_of([CHANGED] * n_groups, ends=range(0, n_groups, 4)).pieces()
    assert [k for piece in pieces for k in range(piece.start, piece.stop)] == list(range(n_groups))
    sizes = [10 * (piece.stop - piece.start) for piece in pieces]
    assert max(sizes) <= LONGEST_PASSAGE
    assert min(sizes) >= min(FEWEST_WORDS, 10 * n_groups)


def test_one_group_may_be_longer_than_any_passage():
    long = Run(
        np.array([[0, 900, 0, 900], [900, 1000, 900, 1000]]), np.array([[900.0, 0, 0], [100, 0, 0]]), np.ones(2, bool)
    )
    assert long.pieces() == [slice(0, 1), slice(1, 2)]


def test_what_became_counts_the_words_of_both_texts():
    pair = align(read_text("The old ferry sank in the harbour."), read_text("The old boat sank in the wide harbour."))
    assert what_became(pair).tolist() == [[12, 2, 1]]


def test_a_spun_text_amid_copies_is_a_passage():
    found = suspect_words(joined(UNRELATED, STORY, INDEPENDENT), joined(UNRELATED, SPUN, INDEPENDENT))
    spun = [text for text in found if "flunked its first complete trial" in text]
    assert spun == [SPUN.strip().rstrip(".")]


def test_a_paragraph_of_its_own_between_passages_is_in_neither():
    found = suspect_words(joined(UNRELATED, STORY), joined(UNRELATED, OWN, SPUN))
    assert len(found) == 2
    assert not any("neighbour" in text for text in found)
