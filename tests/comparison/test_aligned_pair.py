"""Test what an aligned pair says of itself: columns of edits, words of groups, shares."""

import math

import numpy as np
from articles import SPUN, STORY, UNRELATED

from unspun.comparison.aligned_pair import SUBSTITUTED, Edit
from unspun.comparison.alignment import align
from unspun.text.tokenizer import read_text

PAIR = align(read_text(STORY), read_text(SPUN))


def test_columns_are_those_of_edits():
    columns = PAIR.edit_columns
    assert columns._fields == Edit._fields
    for index in range(len(PAIR.edits)):
        assert PAIR.edit(index) == tuple(column[index] for column in columns)
    assert (columns.source_length == np.diff(PAIR.edits[:, 1:3]).ravel()).all()
    assert (columns.suspect_length == np.diff(PAIR.edits[:, 3:5]).ravel()).all()


def test_groups_hold_the_words_of_their_sentences():
    assert np.column_stack([PAIR.source_sentences, PAIR.suspect_sentences]).tolist() == PAIR.groups.tolist()
    in_source, in_suspect = (np.diff(PAIR.group_words[:, at : at + 2]).sum() for at in (0, 2))
    assert PAIR.n_aligned_words == min(in_source, in_suspect)
    assert PAIR.source_coverage == in_source / PAIR.source.n_own_words
    assert PAIR.coverage == in_suspect / PAIR.suspect.n_own_words
    assert PAIR.n_own_words == min(PAIR.source.n_own_words, PAIR.suspect.n_own_words)
    assert PAIR.n_substitutions == sum(PAIR.edit(k).kind == SUBSTITUTED for k in range(len(PAIR.edits))) > 5


def test_nothing_aligned_and_no_words():
    apart = align(read_text(STORY), read_text(UNRELATED))
    assert (apart.n_aligned_words, apart.n_substitutions, apart.coverage, apart.source_coverage) == (0, 0, 0, 0)
    assert apart.group_words.shape == (0, 4)
    empty = align(read_text(""), read_text(STORY))
    assert math.isnan(empty.source_coverage)
    assert empty.coverage == empty.n_own_words == 0
