"""Test that what is looked up for many pairs at a time is there for each, once."""

import numpy as np
from articles import INDEPENDENT, SPUN, STORY

from unspun.comparison import _batching
from unspun.comparison._batching import Joined, PairBatch
from unspun.comparison.alignment import align_all
from unspun.comparison.features.word_fit import fits
from unspun.comparison.pair_view import logprobs, view, word_classes
from unspun.text.tokenizer import read_text


def pairs_of_texts():
    texts = [read_text(text) for text in (STORY, SPUN, INDEPENDENT)]
    return align_all((a, b) for a in texts for b in texts if a is not b)


def test_look_ups_register_themselves():
    assert [word_classes, logprobs] == _batching._PER_TEXT
    assert [view, fits] == _batching._PER_PAIR


def test_all_is_made_once_for_each(monkeypatch):
    pairs = pairs_of_texts()
    PairBatch.prepare([*pairs, pairs[0]], pairs[:4])
    kept = [dict(pair.memo) for pair in pairs]
    assert [len(memo) for memo in kept] == [2, 2, 2, 2, 0, 0]
    PairBatch.prepare(pairs, pairs)
    assert all(pair.memo[key] is made for pair, memo in zip(pairs, kept, strict=True) for key, made in memo.items())
    assert all(len(pair.memo) == 2 and len(pair.source.memo) >= 2 for pair in pairs)


def test_a_batch_gives_what_each_alone_gives():
    pairs, alone = pairs_of_texts(), pairs_of_texts()
    PairBatch.prepare(pairs, pairs)
    for one, other in zip(pairs, alone, strict=True):
        np.testing.assert_array_equal(view(one).source.mate, view(other).source.mate)
        np.testing.assert_array_equal(fits(one).here, fits(other).here)
        np.testing.assert_array_equal(logprobs(one.suspect), logprobs(other.suspect))


def test_joined_texts_split_and_place_their_words():
    texts = [read_text(text) for text in ("The old ferry sank.", "", "Nobody died.")]
    joined = Joined.of(texts)
    assert [part.tolist() for part in joined.split(joined.ids)] == [text.ids.tolist() for text in texts]
    assert joined.places([np.array([0, 3]), np.zeros(0, np.int32), np.array([1])]).tolist() == [0, 3, 5]
