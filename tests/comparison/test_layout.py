"""Test that what is made for many pairs at a time is what each has alone."""

import numpy as np
from articles import INDEPENDENT, SPUN, STORY, UNRELATED

from unspun.comparison.alignment import align_all
from unspun.comparison.features.extraction import found_in_all
from unspun.comparison.features.word_fit import fits
from unspun.comparison.layout.joined_texts import Joined, logprobs
from unspun.comparison.layout.pair_view import View, view
from unspun.comparison.layout.segments import Edits, Segments
from unspun.comparison.pair_part import part_of_text
from unspun.text.ngram_model import load_ngram_model
from unspun.text.tokenizer import read_text


def pairs_of_texts():
    texts = [read_text(text) for text in (STORY, SPUN, INDEPENDENT, UNRELATED)]
    return align_all((a, b) for a in texts for b in texts if a is not b)


def test_a_view_of_many_pairs_holds_what_each_alone_holds():
    pairs = pairs_of_texts()
    together = View(pairs)
    sides = [list(together.suspect.words.parts(some)) for some in (together.suspect.kind, together.suspect.inner)]
    fit = list(together.swaps.edits.of.parts(fits(together).here))
    for k, pair in enumerate(pairs):
        alone = view(pair)
        np.testing.assert_array_equal(sides[0][k], alone.suspect.kind)
        np.testing.assert_array_equal(sides[1][k], alone.suspect.inner)
        np.testing.assert_array_equal(fit[k], fits(alone).here)


def test_mates_and_groups_are_counted_through_all_pairs():
    together = View(pairs_of_texts())
    source, suspect = together.sides
    words = np.flatnonzero(source.mate >= 0)
    np.testing.assert_array_equal(suspect.mate[source.mate[words]], words)
    np.testing.assert_array_equal(suspect.group[source.mate[words]], source.group[words])
    np.testing.assert_array_equal(together.groups.owner[source.group[words]], source.words.owner[words])


def test_evidence_is_told_in_the_edits_of_each_pair():
    pairs = pairs_of_texts()
    for found, pair in zip(found_in_all(pairs), pairs, strict=True):
        (alone,) = found_in_all([pair])
        np.testing.assert_array_equal(found.row, alone.row)
        for one, other in zip(found.evidence, alone.evidence, strict=True):
            assert one.edits.tolist() == other.edits.tolist()


def test_log_probabilities_are_looked_up_once_a_text():
    whole = read_text(STORY)
    part = part_of_text(whole, np.array([1, 2, 4]))
    found, (kept,) = logprobs([part, whole, part]), [made for name, made in whole.memo.items() if "log" in name]
    alone = load_ngram_model().text_logprob(part.ids, part.sentence_stops)
    np.testing.assert_array_equal(found[: len(part)], alone)
    np.testing.assert_array_equal(found, np.concatenate([alone, kept, alone]))
    assert not any("log" in name for name in part.memo)
    logprobs([whole])
    assert any(made is kept for made in whole.memo.values())


def test_sums_are_to_the_bit_those_of_numpy():
    rng = np.random.default_rng(0)
    for _ in range(50):
        sizes = rng.integers(0, 400, 7)
        of, values = Segments(np.cumsum([0, *sizes])), rng.normal(size=sizes.sum()).astype(np.float32)
        alone = [np.add.reduce(part) for part in of.parts(values)]
        assert of.total(values).tolist() == alone
        means = [total / size if size > 2 else np.nan for total, size in zip(alone, sizes.tolist(), strict=True)]
        np.testing.assert_array_equal(of.mean(values, least=3), means)
        spreads = [np.std(part) if len(part) else np.nan for part in of.parts(values)]
        np.testing.assert_allclose(of.spread(values), spreads, rtol=1e-5)


def test_sums_of_nothing_and_of_pairs_without_values():
    of = Segments(np.array([0, 0, 2, 2]))
    assert of.count(np.array([True, True])).tolist() == [0, 2, 0]
    assert of.total(np.array([3, 4])).tolist() == [0, 7, 0]
    assert of.largest(np.array([3, 4])).tolist() == [0, 4, 0]
    np.testing.assert_array_equal(of.mean(np.array([3.0, 4.0])), [np.nan, 3.5, np.nan])
    assert Segments(np.array([0])).mean(np.zeros(0)).tolist() == []
    assert Edits(np.array([5, 6]), of).share(np.array([False, True])).edits.rows.tolist() == [6]


def test_joined_texts_place_their_words():
    texts = [read_text(text) for text in ("The old ferry sank.", "", "Nobody died.")]
    joined = Joined.of(texts)
    assert [part.tolist() for part in joined.words.parts(joined.ids)] == [text.ids.tolist() for text in texts]
    assert joined.places([np.array([0, 3]), np.zeros(0, np.int32), np.array([1])]).tolist() == [0, 3, 5]
