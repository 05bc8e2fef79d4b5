"""Build ``fluency.npz``.

The trigram model of running text, quantised and laid out for look-up.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from unspun.text.lexicon import Lexicon
from unspun.text.ngram_model import mix
from unspun.text.token_text import IntArray
from unspun.training.resources import ngrams
from unspun.training.resources.hashing import place
from unspun.training.resources.ngrams import Floats, Keys, Symbols, Trigrams

N_BIGRAMS, N_TRIGRAMS = 1_100_000, 1_700_000
Arrays = dict[str, NDArray[np.generic]]
Text = tuple[IntArray, IntArray]


def symbols_of(ids: IntArray, lexicon: Lexicon) -> IntArray:
    """Return the model's ids.

    The lexicon's, one for all unknown words, one for all with a digit.

    Parameters
    ----------
    ids : int32 (n,)
        Ids of words, as the tokenizer gives them.
    lexicon : Lexicon
        Whose ids these are.

    Returns
    -------
    int32 (n,)
        Ids of the model.
    """
    symbols = Symbols(len(lexicon))
    return np.where(lexicon.is_number(ids), symbols.number, lexicon.row(ids)).astype(np.int32)


def build(texts: Iterable[Text], lexicon: Lexicon, n_kept: tuple[int, int] = (N_BIGRAMS, N_TRIGRAMS)) -> Arrays:
    """Return the arrays of ``fluency.npz``.

    Parameters
    ----------
    texts : iterable of (ids, sentence stops)
        As `unspun.text.tokenizer.read_text` gives them.
    lexicon : Lexicon
        Whose ids these are.
    n_kept : int, int
        How many bigrams and trigrams to keep; the contexts of trigrams are kept besides.

    Returns
    -------
    dict of arrays
        By their names in the file.
    """
    texts = list(texts)
    model = train(texts, lexicon, n_kept)
    unknown = np.unique(np.concatenate([ids[(ids >= len(lexicon)) & ~lexicon.is_number(ids)] for ids, _ in texts]))
    return quantised(model, len(unknown))


def train(texts: Iterable[Text], lexicon: Lexicon, n_kept: tuple[int, int] = (N_BIGRAMS, N_TRIGRAMS)) -> Trigrams:
    """Return the model before it is quantised.

    Parameters
    ----------
    texts : iterable of (ids, sentence stops)
        As `unspun.text.tokenizer.read_text` gives them.
    lexicon : Lexicon
        Whose ids these are.
    n_kept : int, int
        How many bigrams and trigrams to keep.

    Returns
    -------
    Trigrams
        Probabilities as float64.
    """
    symbols = Symbols(len(lexicon))
    stream = ngrams.pad(((symbols_of(ids, lexicon), stops) for ids, stops in texts), symbols.start)
    phrases = np.array([" " in word for word in lexicon.words])
    base = ngrams.base_distribution(lexicon.zipf, phrases, stream, symbols)
    return ngrams.estimate(*ngrams.count_trigrams(stream, symbols.start), base, symbols, n_kept)


def quantised(model: Trigrams, n_unknown: int) -> Arrays:
    """Return the arrays of the file: logarithms in 256 steps, entries in their slots.

    Parameters
    ----------
    model : Trigrams
        What to store.
    n_unknown : int
        Different unknown words in the texts: each gets its share of the unknown word's probability.

    Returns
    -------
    dict of arrays
        By their names in the file.
    """
    unigram = np.log(np.maximum(model.unigram, 1e-12))
    unigram[-3] -= np.log(max(n_unknown, 1))
    bigrams, slots = _table("bigram", model.bigram_keys, model.bigram)
    left, left_values = _codes(np.log(np.maximum(model.bigram_left, 1e-4)))
    return {
        "unigram": unigram.astype(np.float16),
        "unigram_left": np.log(model.unigram_left).astype(np.float16),
        **bigrams,
        "bigram_left": _scattered(left, slots, len(bigrams["bigram_marks"])),
        "left_values": left_values,
        **_table("trigram", model.trigram_keys, model.trigram)[0],
    }


def _codes(logarithms: Floats) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """Return codes and the 256 evenly spaced values they stand for."""
    values = np.linspace(logarithms.min(initial=0.0), logarithms.max(initial=-30.0), 256)
    step = max(values[1] - values[0], 1e-9)
    return np.round((logarithms - values[0]) / step).astype(np.uint8), values.astype(np.float32)


def _table(name: str, keys: Keys, probability: Floats) -> tuple[Arrays, NDArray[np.int64]]:
    displacements, slots, n_slots = place(keys)
    codes, values = _codes(np.log(np.maximum(probability, 1e-9)))
    marks = mix(keys).astype(np.uint16)
    arrays = {
        "displacements": displacements,
        "marks": _scattered(marks, slots, n_slots, 0xFFFF),
        "codes": _scattered(codes, slots, n_slots),
        "values": values,
    }
    return {f"{name}_{part}": array for part, array in arrays.items()}, slots


def _scattered(values: NDArray[Any], slots: NDArray[np.int64], n_slots: int, empty: int = 0) -> NDArray[Any]:
    out = np.full(n_slots, empty, values.dtype)
    out[slots] = values
    return out
