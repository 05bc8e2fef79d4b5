"""Word vectors: what they say about words, and how they are made."""

import numpy as np
import pytest
from scipy import sparse

from unspun.errors import ModelError
from unspun.text.lexicon import SYNONYM, load_lexicon
from unspun.text.word_vectors import load_word_vectors, read_word_vectors
from unspun.training.resources import vectors

LEXICON = load_lexicon()
MEANING = load_word_vectors()


def similarity(a, b):
    return float(MEANING.similarity(*LEXICON.lookup([a, b])))


def test_vectors_have_unit_length_and_a_row_for_words_without():
    assert np.allclose(np.linalg.norm(MEANING.vectors[:-1], axis=1), 1.0, atol=1e-3)
    assert np.isnan(MEANING.vectors[-1]).all()
    assert np.isnan(similarity("qqzzy", "house"))
    assert np.isnan(similarity("house", "15,000"))


def test_similarity_is_symmetric_and_one_for_a_word_itself():
    assert similarity("minister", "minister") == pytest.approx(1.0, abs=1e-3)
    assert similarity("minister", "leader") == similarity("leader", "minister")
    assert MEANING.similarity(LEXICON.lookup(["a", "b"])[:, None], LEXICON.lookup(["c", "d", "e"])).shape == (2, 3)


@pytest.mark.parametrize(
    ("word", "near", "far"),
    [
        ("minister", "secretary", "banana"),
        ("angry", "furious", "wooden"),
        ("quickly", "swiftly", "goat"),
        ("doctor", "physician", "tariff"),
    ],
)
def test_related_words_are_nearer(word, near, far):
    assert similarity(word, near) > similarity(word, far) + 0.2


def test_synonyms_stand_out_from_random_words():
    low, high, bits = LEXICON.pairs()
    common = (bits & SYNONYM > 0) & (high < 30_000) & ~LEXICON.stop[low] & ~LEXICON.stop[high]
    synonyms = MEANING.similarity(low[common], high[common])
    shuffled = MEANING.similarity(low[common], np.random.default_rng(0).permutation(high[common]))
    assert np.nanmedian(synonyms) > np.nanquantile(shuffled, 0.9)


def test_associations_count_nearer_words_more_and_stop_at_texts():
    texts = [(np.array([0, 1, 2], np.int32), np.array([0, 3])), (np.array([0, 9], np.int32), np.array([0, 2]))]
    columns = np.array([0, 1, 2, -1], np.int32)
    table = vectors.associations(texts, columns, 3).toarray()
    np.testing.assert_allclose(table, [[0, 1, 0.75], [1, 0, 1], [0.75, 1, 0]])


def test_singular_vectors_rebuild_a_small_matrix():
    rng = np.random.default_rng(2)
    factors = rng.standard_normal((60, 5)).astype(np.float32)
    matrix = sparse.csr_matrix(factors @ factors.T)
    left = vectors.singular_vectors(matrix, 5)
    np.testing.assert_allclose(left @ left.T, matrix.toarray(), atol=1e-3)
    np.testing.assert_array_equal(left, vectors.singular_vectors(matrix, 5))


def test_a_missing_file_is_a_model_error(tmp_path):
    with pytest.raises(ModelError, match="word vectors"):
        read_word_vectors(tmp_path / "none.npz", LEXICON)
