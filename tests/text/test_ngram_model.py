"""The language model against a readable Kneser-Ney in plain Python, and the file that ships."""

from collections import Counter
from itertools import pairwise

import numpy as np
import pytest

from unspun.errors import ModelError
from unspun.text.lexicon import load_lexicon
from unspun.text.ngram_model import START, NgramTable, from_arrays, load_ngram_model, mix, read_ngram_model
from unspun.training.resources import fluency_builder, ngrams
from unspun.training.resources.hashing import place
from unspun.training.resources.ngrams import Symbols

N_WORDS = 12
SYMBOLS = Symbols(N_WORDS)
LEXICON = load_lexicon()
MODEL = load_ngram_model()


def toy_texts():
    """Return sentences drawn from a few words with a preference for some orders."""
    rng = np.random.default_rng(3)
    texts = []
    for _ in range(60):
        lengths = rng.integers(1, 9, 4)
        ids = np.minimum(rng.geometric(0.25, lengths.sum()) - 1, N_WORDS - 1).astype(np.int32)
        texts.append((ids, np.append(0, np.cumsum(lengths))))
    return texts


BASE = np.append(np.full(N_WORDS + 2, 1 / (N_WORDS + 2)), 0.0)


class Reference:
    """Interpolated modified Kneser-Ney with dictionaries, straight from Chen & Goodman; nothing is pruned."""

    def __init__(self, texts):
        sentences = [ids[a:b].tolist() for ids, stops in texts for a, b in pairwise(stops)]
        padded = [[SYMBOLS.start] * 2 + words for words in sentences]
        self.trigrams = Counter(tuple(s[i : i + 3]) for s in padded for i in range(len(s) - 2))
        self.bigrams = Counter(gram[1:] for gram in self.trigrams)
        self.unigrams = Counter(gram[1:] for gram in self.bigrams)

    def probability(self, w, history):
        counts = (self.unigrams, self.bigrams, self.trigrams)[len(history)]
        shorter = self.probability(w, history[1:]) if history else BASE[w]
        following = {gram: c for gram, c in counts.items() if gram[:-1] == history}
        if not following:
            return shorter
        taken = discounts(Counter(counts.values()))
        total = sum(following.values())
        left = sum(taken[min(c, 3)] for c in following.values()) / total
        count = counts.get((*history, w), 0)
        return (count - taken[min(count, 3)]) / total + left * shorter


def discounts(n):
    if min(n[c] for c in (1, 2, 3, 4)) == 0:
        return [0.0, 0.5, 0.5, 0.5]
    y = n[1] / (n[1] + 2 * n[2])
    taken = [0.0] + [c - (c + 1) * y * n[c + 1] / n[c] for c in (1, 2, 3)]
    return [t if 0 <= t <= c else 0.5 for c, t in enumerate(taken)]


def estimated(n_bigrams, n_trigrams):
    stream = ngrams.pad(toy_texts(), SYMBOLS.start)
    return ngrams.estimate(*ngrams.count_trigrams(stream, SYMBOLS.start), BASE, SYMBOLS, (n_bigrams, n_trigrams))


def toy_model(n_bigrams, n_trigrams):
    return from_arrays(fluency_builder.quantised(estimated(n_bigrams, n_trigrams), 1))


def contexts():
    seen = {gram[:2] for gram in Reference(toy_texts()).trigrams}
    return [*sorted(seen)[:60], (SYMBOLS.start, SYMBOLS.start), (11, 0), (0, 11), (11, 11)]


def test_the_model_is_the_reference_where_it_keeps_an_ngram():
    model, reference = estimated(10**6, 10**6), Reference(toy_texts())
    grams = list(zip(*(column.tolist() for column in ngrams.unpacked(model.trigram_keys, 3)), strict=True))
    assert len(grams) > 100
    for (u, v, w), probability in zip(grams, model.trigram, strict=True):
        assert probability == pytest.approx(reference.probability(w, (u, v)), rel=1e-9)


@pytest.mark.parametrize("sizes", [(10**6, 10**6), (60, 90), (20, 10), (1, 1)])
def test_probabilities_sum_to_one_after_every_history(sizes):
    model = toy_model(*sizes)
    w = np.arange(N_WORDS + 1)
    number = N_WORDS + 1 + 2**23
    for u, v in contexts():
        history = [START if x == SYMBOLS.start else x for x in (u, v)]
        total = np.exp(model.logprob(w, *history)).sum() + np.exp(model.logprob(number + 1, *history))
        assert total == pytest.approx(1.0, abs=0.04), (u, v)
        assert np.exp(model.bigram_logprob(np.append(w, number + 1), history[1])).sum() == pytest.approx(1.0, abs=0.04)


def test_pruning_leaves_more_to_the_shorter_history():
    model = estimated(60, 90)
    assert len(model.trigram_keys) <= 90
    assert set(ngrams.context(model.trigram_keys)) <= set(model.bigram_keys)


def test_a_text_is_looked_up_as_its_words_are():
    rng = np.random.default_rng(5)
    ids = np.append(rng.integers(0, 3000, 200), LEXICON.lookup(["qqzzy", "15,000"])).astype(np.int32)
    stops = np.array([0, 0, 1, 3, 50, 120, 202, 202])
    found = MODEL.text_logprob(ids, stops)
    for start, stop in pairwise(stops):
        words = [START, START, *ids[start:stop].tolist()]
        for i in range(2, len(words)):
            assert found[start + i - 2] == MODEL.logprob(words[i], words[i - 2], words[i - 1])


def test_empty_text_scalars_and_broadcasting():
    assert MODEL.text_logprob(np.zeros(0, np.int32), np.zeros(1, np.int32)).shape == (0,)
    assert MODEL.logprob(5, 6, 7).shape == ()
    assert MODEL.logprob(np.arange(4)[:, None], 6, np.arange(3)).shape == (4, 3)
    assert MODEL.unigram_logprob(np.arange(4)).shape == (4,)
    assert (MODEL.logprob(np.arange(4)[:, None], 6, np.arange(3)) <= 0).all()


def test_numbers_are_one_symbol():
    a, b, said = LEXICON.lookup(["15,000", "23", "said"])
    assert MODEL.logprob(a, START, said) == MODEL.logprob(b, START, said)
    assert MODEL.logprob(said, START, a) == MODEL.logprob(said, START, b)


def test_usual_wording_is_likelier():
    last, week, month, fortnight, calendar = LEXICON.lookup(["last", "week", "month", "fortnight", "calendar"])
    fits = MODEL.bigram_logprob(np.array([week, month, fortnight, calendar]), last)
    assert min(fits[:2]) > max(fits[2:]) + 2


def test_every_key_is_found_and_others_rarely():
    rng = np.random.default_rng(8)
    keys = np.unique(rng.integers(0, 2**60, 60_000).astype(np.uint64))
    inside, outside = keys[::2], keys[1::2]
    displacements, slots, n_slots = place(inside)
    marks = np.zeros(n_slots, np.uint16)
    marks[slots] = mix(inside).astype(np.uint16)
    table = NgramTable(displacements, marks, np.zeros(n_slots, np.uint8), np.zeros(256, np.float32))
    found, hit = table.find(inside)
    assert hit.all()
    np.testing.assert_array_equal(found, slots)
    assert len(np.unique(slots)) == len(inside)
    assert table.find(outside)[1].mean() < 1e-3


def test_a_missing_file_is_a_model_error(tmp_path):
    with pytest.raises(ModelError, match="language model"):
        read_ngram_model(tmp_path / "none.npz")
