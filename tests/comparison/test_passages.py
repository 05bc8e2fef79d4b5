"""Passages: cut where the alignment jumps or changes its character, alike in both orders, each as a pair of its own."""

import numpy as np
import pytest
from articles import INDEPENDENT, SPUN, STORY, UNRELATED

from unspun.comparison.alignment import align
from unspun.comparison.passages import stretches
from unspun.text.tokenizer import read_text

MIXED = "\n\n".join([UNRELATED, SPUN, INDEPENDENT])


def pair_of(source, suspect):
    return align(read_text(source), read_text(suspect))


def places(pair):
    return [(s.source_sentences.tolist(), s.suspect_sentences.tolist()) for s in stretches(pair)]


def test_nothing_aligned_has_no_stretches():
    assert stretches(pair_of(STORY, UNRELATED)) == []
    assert stretches(pair_of("", STORY)) == []


@pytest.mark.parametrize("suspect", [SPUN, MIXED, STORY, INDEPENDENT], ids=["spun", "mixed", "same", "independent"])
def test_both_orders_have_the_same_stretches(suspect):
    there, back = places(pair_of(STORY, suspect)), places(pair_of(suspect, STORY))
    assert sorted(there) == sorted((b, a) for a, b in back)


def test_text_of_its_own_is_in_no_stretch():
    pair = pair_of(STORY, MIXED)
    found = stretches(pair)
    text = pair.suspect
    own = len(UNRELATED)
    for stretch in found:
        words = text.sentence_stops[stretch.suspect_sentences]
        assert (text.starts[words] >= own).all()


def test_sentences_are_in_one_stretch_at_most():
    pair = pair_of(STORY, MIXED)
    taken = np.concatenate([stretch.suspect_sentences for stretch in stretches(pair)])
    assert len(set(taken.tolist())) == len(taken)
