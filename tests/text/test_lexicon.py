"""The lexicon that ships, and the rules that made it, on a WordNet small enough to read."""

from collections import Counter

import numpy as np
import pytest

from unspun.errors import ModelError
from unspun.text.lexicon import (
    ADJECTIVE,
    ANTONYM,
    HASHES,
    MOBY,
    NEAR,
    NOUN,
    SYNONYM,
    VERB,
    from_arrays,
    load_lexicon,
    read_lexicon,
)
from unspun.training.resources import lemmas, lexicon_builder
from unspun.training.resources.corpus import case_counts
from unspun.training.resources.wordnet import Pointer, Synset, WordNet, sense_ranks

LEXICON = load_lexicon()


def ids(*words):
    return LEXICON.lookup(words)


def small_net():
    """Return `big`/`large`, `big`/`grown-up` in a second sense, `small` as antonym of `big`."""
    first, second, small = ("a", 1), ("a", 2), ("a", 3)
    synsets = {
        first: Synset(("big", "large"), (Pointer("!", small, 1, 1),)),
        second: Synset(("big", "grown-up"), ()),
        small: Synset(("small", "little"), (Pointer("!", first, 1, 1), Pointer("&", first, 0, 0))),
    }
    senses = {"big": [first, second], "large": [first], "grown-up": [second], "small": [small], "little": [small]}
    return WordNet(synsets, senses)


def small_lexicon():
    sources = lexicon_builder.Sources(small_net(), [("big", ["huge", "very big"])], (Counter(), Counter()))
    words = ["big", "small", "huge", "large", "little", "grown up"]
    return from_arrays(lexicon_builder.word_arrays(words, sources) | lexicon_builder.relation_arrays(words, sources))


def test_words_have_the_same_ids_however_many_were_looked_up_before(monkeypatch):
    monkeypatch.setattr("unspun.text.lexicon._MOST_REMEMBERED", 3)
    words = ["ferry", "qqzzy", "1,500", "harbour", "sank", "q" * 200]
    expected = [LEXICON.ids["ferry"], *ids("qqzzy", "1,500").tolist(), LEXICON.ids["harbour"], LEXICON.ids["sank"]]
    for _ in range(2):
        assert ids(*words).tolist()[:5] == expected
    assert ids("q" * 200) > len(LEXICON)
    assert len(LEXICON._remembered) <= 3
    assert "q" * 200 not in LEXICON._remembered


def test_relations_of_a_small_net_in_both_orders():
    lexicon = small_lexicon()
    big = lexicon.ids["big"]
    expected = {
        "large": SYNONYM,
        "grown up": SYNONYM,
        "huge": MOBY,
        "small": ANTONYM | NEAR,
        "little": NEAR,
        "big": 0,
    }
    for word, bits in expected.items():
        assert lexicon.relation(big, lexicon.ids[word]) == bits, word
        assert lexicon.relation(lexicon.ids[word], big) == bits, word


def test_sense_ranks_depend_on_the_order():
    lexicon = small_lexicon()
    big, adult = lexicon.ids["big"], lexicon.ids["grown up"]
    assert lexicon.sense_rank(big, adult) == 2
    assert lexicon.sense_rank(adult, big) == 1
    assert lexicon.sense_rank(big, lexicon.ids["small"]) == 0
    assert sense_ranks(small_net(), "big") == {"large": 1, "grown-up": 2}


def test_relations_broadcast_and_unknown_words_have_none():
    a, b = ids("buy", "qqzzy"), ids("purchase", "acquire", "12,000")
    table = LEXICON.relation(a[:, None], b[None, :])
    assert table.shape == (2, 3)
    assert table[0, 0] & SYNONYM
    assert not table[1].any()
    assert not table[:, 2].any()


def test_every_stored_pair_is_found():
    low, high, bits = LEXICON.pairs()
    some = np.random.default_rng(0).permutation(len(low))[:20_000]
    np.testing.assert_array_equal(LEXICON.relation(high[some], low[some]), bits[some])
    ranks = LEXICON.sense_rank(low[some], high[some])
    np.testing.assert_array_equal(ranks > 0, bits[some] & SYNONYM > 0)


def test_random_pairs_are_rarely_related():
    rng = np.random.default_rng(1)
    a, b = rng.integers(0, 20_000, (2, 50_000))
    assert (LEXICON.relation(a, b) > 0).mean() < 0.01


@pytest.mark.parametrize(
    ("word", "base"),
    [
        ("cities", "city"), ("went", "go"), ("stopped", "stop"), ("better", "good"), ("left", "leave"),
        ("quickly", "quickly"), ("news", "news"), ("james", "james"), ("us", "us"), ("founded", "found"),
        ("is", "be"), ("boss", "boss"), ("biggest", "big"),
    ],
)  # fmt: skip
def test_lemmas(word, base):
    assert LEXICON.words[LEXICON.lemmas(ids(word))[0]] == base


def test_a_word_of_its_own_keeps_itself():
    net = WordNet(
        senses={"building": [("n", 1)], "build": [("v", 2)]}, uses={("building", "n"): 50, ("build", "v"): 10}
    )
    assert lemmas.lemma("building", net, lambda word: 0.0) == "building"


def test_classes_names_and_function_words():
    row = dict(zip(("cities", "said", "green", "the"), ids("cities", "said", "green", "the"), strict=True))
    assert LEXICON.pos[row["cities"]] == NOUN
    assert LEXICON.pos[row["said"]] & VERB
    assert LEXICON.pos[row["green"]] & ADJECTIVE
    assert LEXICON.stop[row["the"]]
    assert LEXICON.pos[row["the"]] == 0
    assert LEXICON.name[ids("london")[0]] > 0.9
    assert LEXICON.name[ids("market")[0]] < 0.2


def test_arrays_have_one_row_more_than_words():
    n = len(LEXICON) + 1
    for array in (LEXICON.zipf, LEXICON.lemma, LEXICON.pos, LEXICON.stop, LEXICON.name, LEXICON.n_senses):
        assert array.shape == (n,)
    assert LEXICON.zipf[-1] == 0.0
    assert LEXICON.name[-1] == 1.0
    assert LEXICON.lemma[-1] == n - 1
    assert (np.diff(LEXICON.zipf[:-1][: len(LEXICON) // 2]) <= 0).all()


def test_unknown_words_are_hashed_alike_and_numbers_apart():
    unknown = ids("qqzzy", "qqzzy", "15,000", "covid19", "")
    assert unknown[0] == unknown[1] > len(LEXICON)
    assert LEXICON.is_number(unknown).tolist() == [False, False, True, True, False]
    assert (unknown <= len(LEXICON) + 2 * HASHES).all()
    assert (LEXICON.row(unknown) == len(LEXICON)).all()
    np.testing.assert_array_equal(LEXICON.lemmas(unknown), unknown)


def test_lookup_of_nothing_and_of_lone_surrogates():
    assert len(ids()) == 0
    assert ids("\ud800")[0] > len(LEXICON)


def test_capitals_are_counted_inside_sentences_only():
    total, capital = case_counts(
        ["The mayor met Ann Lee. May came.\nAll Headlines Are Left Out Here\nin may, or in May we saw it again"]
    )
    assert (total["ann"], capital["ann"]) == (1, 1)
    assert (total["may"], capital["may"]) == (2, 1)
    assert total["headlines"] == 0


def test_a_missing_or_damaged_file_is_a_model_error(tmp_path):
    damaged = tmp_path / "lexicon.npz"
    damaged.write_bytes(b"PK not really")
    for path in (damaged, tmp_path / "none.npz"):
        with pytest.raises(ModelError, match="lexicon"):
            read_lexicon(path)
