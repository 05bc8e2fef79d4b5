"""The relation table read by word.

What each word may be replaced with, and how much a spinner likes each.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from unspun.text.lexicon import ANTONYM, MOBY, NEAR, SYNONYM, load_lexicon
from unspun.text.token_text import FloatArray, IntArray
from unspun.text.word_vectors import load_word_vectors

COMPANY = 16
"""Relation of words that keep the same company, in the thesaurus or not: nearest by `unspun.text.word_vectors`."""
_NEAREST = 60
_MOST = 40
"""Candidates kept of a word, the best liked."""


@dataclass(frozen=True, slots=True)
class Taste:
    """The related words that a spinner takes, and their weights.

    Attributes
    ----------
    relations : int
        Bits of `unspun.text.lexicon`, SYNONYM, NEAR, MOBY, and COMPANY; a candidate has one of them at least.
    commonness : float
        Nats of preference for each step of the Zipf scale that a candidate is commoner than the word.
    sense : float
        Nats lost for each sense by which a synonym stands behind the word's first.
    closeness : float
        Nats for the cosine of candidate and word under `unspun.text.word_vectors`: above 0, words of the same sense
        come first.
    floor : float
        Candidates below this Zipf frequency are never taken.
    shift : tuple of float
        Least and greatest change of Zipf frequency.
    phrases : bool
        Whether phrases are taken, and replaced.
    """

    relations: int
    commonness: float = 0.0
    sense: float = 0.0
    closeness: float = 0.0
    floor: float = 0.0
    shift: tuple[float, float] = (-9.0, 9.0)
    phrases: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """Substitutes of one word.

    Lemmas, and their running sum of probabilities, which ends at 1.
    """

    lemmas: tuple[str, ...]
    cumulative: NDArray[np.float64]

    def pick(self, lot: float) -> str:
        """Return the candidate that a number in [0, 1) falls to."""
        return self.lemmas[min(int(np.searchsorted(self.cumulative, lot, side="right")), len(self.lemmas) - 1)]


@lru_cache(maxsize=1)
def _index() -> tuple[NDArray[np.int64], IntArray]:
    """Return where each word's neighbours start, and all neighbours."""
    low, high, relation = load_lexicon().pairs()
    kept = relation & (SYNONYM | NEAR | MOBY) > 0
    low, high = low[kept], high[kept]
    words, others = np.concatenate([low, high]), np.concatenate([high, low])
    order = np.argsort(words, kind="stable")
    starts = np.searchsorted(words[order], np.arange(len(load_lexicon()) + 1))
    return starts, others[order]


def neighbours(word_id: int) -> IntArray:
    """Return ids of the words related to a word of the vocabulary."""
    starts, others = _index()
    return np.asarray(others[starts[word_id] : starts[word_id + 1]], np.int32)


@lru_cache(maxsize=1)
def _substitutes() -> tuple[IntArray, FloatArray]:
    """Return ids and vectors of lemmas that are no phrases, names or function words."""
    lexicon, meaning = load_lexicon(), load_word_vectors()
    ids = np.arange(len(lexicon), dtype=np.int32)
    fine = (lexicon.lemma[:-1] == ids) & ~_is_phrase() & ~lexicon.stop[:-1] & (lexicon.pos[:-1] > 0)
    fine &= (lexicon.zipf[:-1] >= 2) & (lexicon.name[:-1] < 0.5) & (meaning.row(ids) < len(meaning.vectors) - 1)
    return ids[fine], meaning.vectors[meaning.row(ids[fine])]


@lru_cache(maxsize=32768)
def _company(word_id: int) -> IntArray:
    """Return ids of the words nearest to a word; none where it has no vector."""
    ids, vectors = _substitutes()
    own = load_word_vectors().vectors[load_word_vectors().row(word_id)]
    if np.isnan(own[0]):
        return np.zeros(0, np.int32)
    # A product this small is done in half a millisecond; waking the threads of `@` for it takes longer.
    near = np.argpartition(-np.einsum("ij,j->i", vectors, own), _NEAREST)[:_NEAREST]
    return np.asarray(ids[near], np.int32)


@lru_cache(maxsize=1)
def _is_phrase() -> NDArray[np.bool_]:
    words = load_lexicon().words
    return np.fromiter((" " in word for word in words), np.bool_, len(words))


@lru_cache(maxsize=65536)
def candidates(lemma: str, classes: int, taste: Taste) -> Candidates | None:
    """Return what may stand for a lemma, None where nothing may.

    Parameters
    ----------
    lemma : str
        A lower-case word or phrase.
    classes : int
        Bits of the parts of speech, of which a candidate must have one; 0 takes any.
    taste : Taste
        Of the spinner.

    Returns
    -------
    Candidates or None
        The candidates with their shares, best first.

    Examples
    --------
    >>> from unspun.text.lexicon import SYNONYM, VERB
    >>> found = candidates("buy", VERB, Taste(SYNONYM, commonness=1.0, sense=1.0))
    >>> found.lemmas[0], found.pick(0.0)
    ('purchase', 'purchase')
    """
    lexicon = load_lexicon()
    word = lexicon.ids.get(lemma)
    if word is None:
        return None
    others = _company(word) if taste.relations & COMPANY else neighbours(word)
    others = others[_allowed(word, others, classes, taste)]
    if not len(others):
        return None
    liking = _liking(word, others, taste)
    best = np.argsort(-liking, kind="stable")[:_MOST]
    shares = np.exp(liking[best] - liking[best[0]])
    return Candidates(tuple(lexicon.words[i] for i in others[best]), np.cumsum(shares / shares.sum()))


def _allowed(word: int, others: IntArray, classes: int, taste: Taste) -> NDArray[np.bool_]:
    lexicon = load_lexicon()
    bits = lexicon.relation(np.int32(word), others)
    delta = lexicon.zipf[others] - lexicon.zipf[word]
    related = (bits & taste.relations) > 0 if not taste.relations & COMPANY else True
    fine = related & ((bits & ANTONYM) == 0) & ~lexicon.stop[others]
    fine &= (lexicon.zipf[others] >= taste.floor) & (delta >= taste.shift[0]) & (delta <= taste.shift[1])
    # What is inflected already cannot be inflected like the word; a name is no substitute, nor is a form of the word.
    fine &= (lexicon.lemma[others] == others) & (lexicon.name[others] < 0.5) & (others != lexicon.lemma[word])
    if classes:
        fine &= (lexicon.pos[others] & classes) > 0
    if not taste.phrases:
        fine &= ~_is_phrase()[others]
    return np.asarray(fine, np.bool_)


def _liking(word: int, others: IntArray, taste: Taste) -> FloatArray:
    """Return the preference for each candidate in nats."""
    lexicon = load_lexicon()
    rank = lexicon.sense_rank(np.int32(word), others).astype(np.float32)
    # Words that share no synset with the word count as if they stood behind its third sense.
    rank = np.where(rank == 0, 4, rank)
    delta = lexicon.zipf[others] - lexicon.zipf[word]
    liking = taste.commonness * delta - taste.sense * (rank - 1)
    if taste.closeness:
        liking = liking + taste.closeness * np.nan_to_num(load_word_vectors().similarity(np.int32(word), others))
    return np.asarray(liking, np.float32)
