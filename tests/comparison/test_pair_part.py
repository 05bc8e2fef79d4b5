"""Parts of a text and of a pair: what they hold is what stands there in the whole."""

import numpy as np
import pytest
from articles import INDEPENDENT, SPUN, STORY, UNRELATED

from unspun.comparison.alignment import align
from unspun.comparison.features.extraction import features_of
from unspun.comparison.pair_part import part_of_pair, part_of_text, parts_of_pair
from unspun.comparison.passages import FEWEST_WORDS, stretches
from unspun.text.tokenizer import read_text

MIXED = "\n\n".join([UNRELATED, SPUN, INDEPENDENT])
BOTH = "\n\n".join([STORY, UNRELATED])


def pair_of(source, suspect):
    return align(read_text(source), read_text(suspect))


def test_a_whole_text_as_a_part_is_the_text():
    text = read_text(STORY)
    part = part_of_text(text, np.arange(text.n_sentences))
    for name in ("words", "starts", "ids", "lemmas", "sentence_stops", "soft", "quotes", "mark_codes", "mark_words"):
        assert np.array_equal(getattr(part, name), getattr(text, name)), name


def test_every_sentence_keeps_its_words_and_marks():
    text, chosen = read_text(MIXED), np.array([0, 2, 3, 7])
    part = part_of_text(text, chosen)
    for k, sentence in enumerate(chosen):
        ours, theirs = (slice(*some.sentence_stops[[at, at + 1]]) for some, at in ((part, k), (text, sentence)))
        assert part.words[ours] == text.words[theirs]
        assert part.starts[ours].tolist() == text.starts[theirs].tolist()
        marks = [
            some.mark_codes[(some.mark_words > place.start) & (some.mark_words <= place.stop)].tolist()
            for some, place in ((part, ours), (text, theirs))
        ]
        assert marks[0] == marks[1]
    assert part.whole is text
    assert np.array_equal(text.ids[part.places], part.ids)


def test_a_stretch_is_a_pair_of_its_own():
    """What is cut out of a mixture is measured as the story and its spun copy are by themselves."""
    alone, amid = pair_of(STORY, SPUN), pair_of(STORY, MIXED)
    cut = [part_of_pair(amid, stretch) for stretch in stretches(amid)]
    assert sum(len(pair.suspect) for pair in cut) == pytest.approx(len(alone.suspect), abs=FEWEST_WORDS)
    for pair in cut:
        assert (pair.edits[:, 1:3] <= len(pair.source)).all()
        assert (pair.edits[:, 3:5] <= len(pair.suspect)).all()
        assert np.isfinite(features_of(pair)).any()
    kinds = [np.bincount(pair.edits[:, 0], minlength=5) for pair in cut]
    assert np.sum(kinds, axis=0) == pytest.approx(np.bincount(alone.edits[:, 0], minlength=5), abs=6)


def test_stretches_cut_together_are_those_cut_one_by_one():
    pair = pair_of(BOTH, MIXED)
    found = stretches(pair)
    assert len(found) > 1
    for one, stretch in zip(parts_of_pair(pair, found), found, strict=True):
        alone = part_of_pair(pair, stretch)
        for name in ("groups", "similarity", "passage", "edits"):
            np.testing.assert_array_equal(getattr(one, name), getattr(alone, name))
        assert one.source.words == alone.source.words
        assert one.suspect.mark_words.tolist() == alone.suspect.mark_words.tolist()
        starts = pair.source.starts[pair.group_words[np.sort(stretch.groups), 0]]
        np.testing.assert_array_equal(one.source.starts[one.group_words[:, 0]], starts)
    assert parts_of_pair(pair, []) == []
