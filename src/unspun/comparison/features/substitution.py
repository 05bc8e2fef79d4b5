"""Measure synonym substitution.

What was put for what, in which sense, how much rarer, and how consistently. Shares and means over swaps are NaN below
three swaps.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np

from unspun.comparison.aligned_pair import INFLECTED, KEPT
from unspun.comparison.features.feature import INF, NAN, NEGATED, Batch, feature, of_either_text
from unspun.comparison.layout.pair_view import Side, View
from unspun.comparison.layout.segments import Counts, Measured, Numbers, ratio, with_owners
from unspun.text.lexicon import ANTONYM, MOBY, NEAR, SYNONYM, load_lexicon
from unspun.text.token_text import BoolArray, IntArray

_ENDINGS = ("ing", "ed", "ly", "s")
_FEW = 3
"""Swaps below which shares and means over swaps are NaN."""
_NEAR, _FAR = 0.5, 0.3
"""Cosines above which two words are close in meaning, and below which they are not related."""
_LESSER_SENSE = 3
"""Sense of a word, by frequency, from which on it is a lesser one."""
_TENFOLD = 1
"""Change of Zipf frequency: one is a word ten times rarer or commoner."""
_EXAMPLE = (
    "The old ferry sank off the quiet port of Salden in 1912, Brandvik said.",
    "The aged boat sank off the calm port of Salden in 1912, Brandvik said.",
)
"""Two texts for the examples: three of eight content words are swapped."""


def _shares_of_swaps(v: View) -> list[Measured]:
    return v.swaps.edits.shares(np.array([counts(v) for counts in SHARES.functions]), _FEW)


SHARES: Batch[Callable[[View], BoolArray]] = Batch(_shares_of_swaps)
"""Shares of all swaps: a function says which swaps count."""


@feature(0, 1, identical=0, family="swaps", label="content words swapped")
def swap_rate(v: View) -> Measured:
    """Return swaps of one content word for another over the aligned content words.

    >>> swap_rate.between(*_EXAMPLE)
    0.375
    """
    return v.swaps.edits.per(v.swaps.edits.of.sizes, _n_content(v))


def _n_content(v: View) -> Counts:
    """Return the aligned content words, of the text that has more of them."""
    return np.maximum(v.source.n_content, v.suspect.n_content)


@feature(0, 1, identical=0, family="swaps", label="content words swapped for related ones")
def related_swap_rate(v: View) -> Measured:
    """Return swaps of words that a thesaurus relates over the aligned content words.

    The relations are those of WordNet 3.1 and Moby II (`unspun.text.lexicon`).

    >>> related_swap_rate.between(*_EXAMPLE)
    0.375
    """
    edits = v.swaps.edits.where(v.swaps.related)
    return edits.per(edits.of.sizes, _n_content(v))


@SHARES.feature(0, 1, identical=NAN, family="swaps", label="swaps that a thesaurus relates")
def related_share(v: View) -> BoolArray:
    """Return the share of swaps whose words a thesaurus relates.

    >>> related_share.between(*_EXAMPLE)
    1.0
    """
    return v.swaps.related


@SHARES.feature(0, 1, identical=NAN, family="swaps", label="swaps for WordNet synonyms")
def synonym_share(v: View) -> BoolArray:
    """Return the share of swaps whose words share a WordNet synset.

    >>> synonym_share.between(*_EXAMPLE)
    0.333
    """
    return (v.swaps.relation & SYNONYM) > 0


@SHARES.feature(0, 1, identical=NAN, family="swaps", label="swaps for broader, narrower or derived words")
def near_share(v: View) -> BoolArray:
    """Return the share of swaps between near relations.

    These are a word and its hypernym, derivation or similar adjective.

    >>> near_share.between(*_EXAMPLE)
    1.0
    """
    return (v.swaps.relation & NEAR) > 0


@SHARES.feature(0, 1, identical=NAN, family="swaps", label="swaps from one thesaurus entry")
def moby_share(v: View) -> BoolArray:
    """Return the share of swaps that stand in one entry of Moby's thesaurus.

    >>> moby_share.between(*_EXAMPLE)
    1.0
    """
    return (v.swaps.relation & MOBY) > 0


@SHARES.feature(0, 1, identical=NAN, family="swaps", label="swaps for the opposite")
def antonym_share(v: View) -> BoolArray:
    """Return the share of swaps that put a word's opposite.

    >>> antonym_share.between(*_EXAMPLE)
    0.0
    """
    return (v.swaps.relation & ANTONYM) > 0


@feature(-1, 1, identical=NAN, family="swaps", label="nearness in meaning of the swapped words")
def nearness_mean(v: View) -> Measured:
    """Return the mean cosine of the swapped words' vectors.

    NaN below three swaps with vectors.

    >>> nearness_mean.between(*_EXAMPLE)
    0.75
    """
    return v.swaps.edits.mean(v.swaps.nearness, _FEW)


@SHARES.feature(0, 1, identical=NAN, family="swaps", label="swaps close in meaning")
def near_meaning_share(v: View) -> BoolArray:
    """Return the share of swaps whose vectors have a cosine above 0.5.

    >>> near_meaning_share.between(*_EXAMPLE)
    1.0
    """
    return v.swaps.nearness > _NEAR


@SHARES.feature(0, 1, identical=NAN, family="swaps", label="swaps of unrelated words")
def unrelated_share(v: View) -> BoolArray:
    """Return the share of swaps with no thesaurus relation and a cosine below 0.3.

    High where the words only happen to stand at the same place, as in independent texts.

    >>> unrelated_share.between(*_EXAMPLE)
    0.0
    """
    return ~v.swaps.related & ~(v.swaps.nearness >= _FAR)


@of_either_text(
    0, 1, identical=NAN, family="fit", label="synonyms in the wrong sense", backwards="wrong_sense_share_suspect"
)
def wrong_sense_share(v: View) -> tuple[Measured, Measured]:
    """Return the share of synonym swaps that fit a lesser sense alone.

    It is a sense of this text's word. The other word is a WordNet synonym in the third sense of this one or later. NaN
    below three synonyms.

    >>> wrong_sense_share.between("The bank sank.", "The bank sank.")
    (nan, nan)
    """
    a, b = v.swaps.source_lemmas, v.swaps.suspect_lemmas
    return _lesser_sense_share(v, a, b), _lesser_sense_share(v, b, a)


def _lesser_sense_share(v: View, own: IntArray, other: IntArray) -> Measured:
    """Return the share of synonyms that are so only in a lesser sense of a text's own lemma."""
    ranks = load_lexicon().sense_rank(own, other)
    known = ranks > 0
    return v.swaps.edits.where(known).share(ranks[known] >= _LESSER_SENSE, _FEW)


@feature(-INF, INF, identical=NAN, swapped=NEGATED, family="fit", label="change of how many senses the words have")
def senses_delta(v: View) -> Measured:
    """Return the mean change, over the swaps, of a word's senses in WordNet.

    It is that of the logarithm of one plus their number.

    >>> senses_delta.between(*_EXAMPLE)
    -0.318
    """
    swaps, lexicon = v.swaps, load_lexicon()
    senses = [lexicon.n_senses[lexicon.row(i)].astype(np.float32) for i in (swaps.source_lemmas, swaps.suspect_lemmas)]
    delta = np.log1p(senses[1]) - np.log1p(senses[0])
    return swaps.edits.mean(np.where((senses[0] > 0) & (senses[1] > 0), delta, NAN), _FEW)


@feature(0, 1, identical=NAN, family="swaps", label="swaps within one part of speech")
def same_class_share(v: View) -> Measured:
    """Return the share of swaps between words that can be of one part of speech.

    >>> same_class_share.between(*_EXAMPLE)
    1.0
    """
    swaps, pos = v.swaps, load_lexicon().pos
    classes = pos[v.source.rows[swaps.source]], pos[v.suspect.rows[swaps.suspect]]
    known = (classes[0] > 0) & (classes[1] > 0)
    return swaps.edits.where(known).share((classes[0] & classes[1])[known] > 0, _FEW)


@SHARES.feature(0, 1, identical=NAN, family="swaps", label="inflection copied onto the substitute")
def same_ending_share(v: View) -> BoolArray:
    """Return the share of swaps in which both words end alike.

    Endings are -ing, -ed, -ly, -s, or none of these. Spinners copy the inflection of the word they replace.

    >>> same_ending_share.between(*_EXAMPLE)
    0.667
    """
    owners = v.swaps.edits.of.owner.tolist()
    sources = v.swaps.source - v.source.texts.bounds[owners]
    suspects = v.swaps.suspect - v.suspect.texts.bounds[owners]
    alike = [
        _ending(v.pairs[k].source.words[i]) == _ending(v.pairs[k].suspect.words[j])
        for k, i, j in zip(owners, sources.tolist(), suspects.tolist(), strict=True)
    ]
    return np.array(alike, np.bool_)


@lru_cache(maxsize=2**16)
def _ending(word: str) -> str:
    return next(ending for ending in _ENDINGS if word.endswith(ending)) if word.endswith(_ENDINGS) else ""


@feature(-8, 8, identical=NAN, swapped=NEGATED, family="rarity", label="change of word frequency over the swaps")
def zipf_delta(v: View) -> Measured:
    """Return the mean change of Zipf frequency over the swaps.

    Below 0 when the suspect's words are rarer. Its sign is a fingerprint of the kind of spinner, no verdict.

    >>> zipf_delta.between(*_EXAMPLE)
    -0.223
    """
    return v.swaps.edits.mean(v.swaps.zipf_delta, _FEW)


@feature(0, 8, identical=NAN, family="rarity", label="size of the change of word frequency")
def zipf_shift(v: View) -> Measured:
    """Return the mean size of the change of Zipf frequency over the swaps.

    >>> zipf_shift.between(*_EXAMPLE)
    0.683
    """
    return v.swaps.edits.mean(np.abs(v.swaps.zipf_delta), _FEW)


@SHARES.feature(0, 1, identical=NAN, swapped="commoner_share", family="rarity", label="swaps for much rarer words")
def rarer_share(v: View) -> BoolArray:
    """Return the share of swaps that put a word ten times rarer or more.

    >>> rarer_share.between(*_EXAMPLE)
    0.333
    """
    return v.swaps.zipf_delta <= -_TENFOLD


@SHARES.feature(0, 1, identical=NAN, swapped="rarer_share", family="rarity", label="swaps for much commoner words")
def commoner_share(v: View) -> BoolArray:
    """Return the share of swaps that put a word ten times commoner or more.

    >>> commoner_share.between(*_EXAMPLE)
    0.0
    """
    return v.swaps.zipf_delta >= _TENFOLD


@of_either_text(
    0, 8, identical=NAN, family="rarity", label=("frequency of the words that left", "frequency of the words that came")
)
def replaced_zipf(v: View) -> tuple[Numbers, Numbers]:
    """Return the mean Zipf frequency of this text's swapped words.

    >>> replaced_zipf.between(*_EXAMPLE)
    (4.807, 4.583)
    """
    of = v.swaps.edits.of
    return of.mean(v.source.zipf[v.swaps.source], _FEW), of.mean(v.suspect.zipf[v.swaps.suspect], _FEW)


@SHARES.feature(0, 1, identical=NAN, family="swaps", label="reciprocal swaps")
def reciprocal_share(v: View) -> BoolArray:
    """Return the share of swaps x for y where the pair also has y for x.

    >>> reciprocal_share.between(*_EXAMPLE)
    0.0
    """
    gone, come, n = v.swaps.numbers
    return np.isin(gone * n + come, come * n + gone)


@SHARES.feature(0, 1, identical=NAN, family="swaps", label="swaps in chains")
def chain_share(v: View) -> BoolArray:
    """Return the share of swaps x for y where x is put, or y is replaced, elsewhere.

    >>> chain_share.between(*_EXAMPLE)
    0.0
    """
    gone, come, _ = v.swaps.numbers
    return np.isin(come, gone) | np.isin(gone, come)


@SHARES.feature(0, 1, identical=NAN, family="swaps", label="the same swap again")
def repeated_swap_share(v: View) -> BoolArray:
    """Return the share of swaps that occur more than once in the pair.

    People vary their words; a table of synonyms puts the same word each time.

    >>> twice = [f"{text} {text}" for text in _EXAMPLE]
    >>> repeated_swap_share.between(*_EXAMPLE), repeated_swap_share.between(*twice)
    (0.0, 1.0)
    """
    gone, come, n = v.swaps.numbers
    _, kind, counts = np.unique(gone * n + come, return_inverse=True, return_counts=True)
    return np.asarray(counts[kind] > 1)


@of_either_text(
    0,
    1,
    identical=NAN,
    family="swaps",
    label="words swapped here and kept there",
    backwards="inconsistent_share_suspect",
)
def inconsistent_share(v: View) -> tuple[Measured, Measured]:
    """Return the share of swaps whose word is kept elsewhere in the pair.

    It is the word of this text.

    >>> inconsistent_share.between(*_EXAMPLE)
    (0.0, 0.0)
    """
    return (
        _kept_elsewhere_share(v, v.source, v.swaps.source_lemmas),
        _kept_elsewhere_share(v, v.suspect, v.swaps.suspect_lemmas),
    )


def _kept_elsewhere_share(v: View, side: Side, lemmas: IntArray) -> Measured:
    """Return the share of swaps whose lemma, one of ``lemmas``, is kept elsewhere in the text of that side."""
    kept = np.flatnonzero((side.kind == KEPT) & side.content)
    # Looked for in sorted keys: of few swaps among many words, `isin` would rank them all.
    keys = np.append(np.sort(with_owners(side.words.owner[kept], side.texts.lemmas[kept])), -1)
    swapped = with_owners(v.swaps.edits.of.owner, lemmas)
    return v.swaps.edits.share(keys[np.searchsorted(keys[:-1], swapped)] == swapped, _FEW)


@feature(0, 1, identical=NAN, family="untouched", label="function words among the swaps")
def stop_swap_share(v: View) -> Numbers:
    """Return the share of substitutions that put a function word for one.

    Of those of one word for one; NaN below three.

    >>> stop_swap_share.between(*_EXAMPLE)
    0.0
    """
    i, j = (starts[v.singles] for starts in v.edit_starts)
    return v.edits.of.chosen(v.singles).mean(v.source.stop[i] & v.suspect.stop[j], _FEW)


@SHARES.feature(0, 1, identical=NAN, family="untouched", label="names and rare words among the swaps")
def immutable_swap_share(v: View) -> BoolArray:
    """Return the share of swaps that put a name or a rare word for one.

    >>> immutable_swap_share.between(*_EXAMPLE)
    0.0
    """
    both = v.source.immutable[v.swaps.source] & v.suspect.immutable[v.swaps.suspect]
    return both


@feature(0, 1, identical=NAN, family="swaps", label="changes that related swaps account for")
def change_from_relation(v: View) -> Numbers:
    """Return the share of changed content words that related swaps explain.

    Those of both texts count; NaN without any.

    >>> change_from_relation.between(*_EXAMPLE)
    1.0
    """
    changed = sum(side.words.count(side.content & side.aligned & (side.kind > INFLECTED)) for side in v.sides)
    return ratio(2 * v.swaps.edits.of.count(v.swaps.related), changed)
