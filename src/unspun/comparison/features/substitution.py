"""Synonym substitution: what was put for what, in which sense, how much rarer, how consistently."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from unspun.comparison.aligned_pair import INFLECTED, KEPT, SUBSTITUTED, AlignedPair
from unspun.comparison.features.feature import NAN, Evidence, among, mean, ratio
from unspun.comparison.pair_view import Side, view
from unspun.text.lexicon import ANTONYM, MOBY, NEAR, SYNONYM, load_lexicon
from unspun.text.token_text import BoolArray, IntArray

_RELATED = SYNONYM | NEAR | MOBY
_ENDINGS = ("ing", "ed", "ly", "s")
_FEW = 3
"""Swaps below which shares and means over swaps are NaN."""


def swap_rate(pair: AlignedPair) -> Evidence:
    """Return swaps of one content word for another over the aligned content words. Range [0, 1]."""
    v = view(pair)
    return Evidence.per(v.swaps.edits, len(v.swaps), max(v.source.n_content, v.suspect.n_content))


def related_swap_rate(pair: AlignedPair) -> Evidence:
    """Return swaps of words that a thesaurus relates over the aligned content words. Range [0, 1].

    The relations are those of WordNet 3.1 and Moby II (`unspun.text.lexicon`).
    """
    v = view(pair)
    edits = v.swaps.edits[(v.swaps.relation & _RELATED) > 0]
    return Evidence.per(edits, len(edits), max(v.source.n_content, v.suspect.n_content))


def related_share(pair: AlignedPair) -> Evidence:
    """Return the share of swaps whose words a thesaurus relates. Range [0, 1]; NaN below three swaps."""
    return _relation_share(pair, _RELATED)


def synonym_share(pair: AlignedPair) -> Evidence:
    """Return the share of swaps whose words share a WordNet synset. Range [0, 1]; NaN below three swaps."""
    return _relation_share(pair, SYNONYM)


def near_share(pair: AlignedPair) -> Evidence:
    """Return the share of swaps between a word and its hypernym, derivation or similar adjective. Range [0, 1]."""
    return _relation_share(pair, NEAR)


def moby_share(pair: AlignedPair) -> Evidence:
    """Return the share of swaps that stand in one entry of Moby's thesaurus. Range [0, 1]; NaN below three swaps."""
    return _relation_share(pair, MOBY)


def antonym_share(pair: AlignedPair) -> Evidence:
    """Return the share of swaps that put a word's opposite. Range [0, 1]; NaN below three swaps."""
    return _relation_share(pair, ANTONYM)


def _relation_share(pair: AlignedPair, bits: int) -> Evidence:
    swaps = view(pair).swaps
    return Evidence.share(swaps.edits, (swaps.relation & bits) > 0, _FEW)


def nearness_mean(pair: AlignedPair) -> Evidence:
    """Return the mean cosine of the swapped words' vectors. Range [-1, 1]; NaN below three swaps with vectors."""
    swaps = view(pair).swaps
    return Evidence.mean(swaps.edits, swaps.nearness, _FEW)


def near_meaning_share(pair: AlignedPair) -> Evidence:
    """Return the share of swaps with a cosine above 0.5. Range [0, 1]; NaN below three swaps."""
    swaps = view(pair).swaps
    return Evidence.share(swaps.edits, swaps.nearness > 0.5, _FEW)


def unrelated_share(pair: AlignedPair) -> Evidence:
    """Return the share of swaps with no thesaurus relation and a cosine below 0.3. Range [0, 1].

    High where the words only happen to stand at the same place, as in independent texts.
    """
    swaps = view(pair).swaps
    return Evidence.share(swaps.edits, ((swaps.relation & _RELATED) == 0) & ~(swaps.nearness >= 0.3), _FEW)


def wrong_sense_share(pair: AlignedPair) -> Evidence:
    """Return the share of synonym swaps that fit only a lesser sense of the replaced word. Range [0, 1].

    The substitute is a WordNet synonym in the third sense of the source's word or later; NaN below three synonyms.
    """
    return _lesser_sense(pair, of_source=True)


def wrong_sense_share_suspect(pair: AlignedPair) -> Evidence:
    """Return the share of synonym swaps that fit only a lesser sense of the suspect's word. Range [0, 1]."""
    return _lesser_sense(pair, of_source=False)


def _lesser_sense(pair: AlignedPair, of_source: bool) -> Evidence:
    swaps = view(pair).swaps
    order = (swaps.source_lemmas, swaps.suspect_lemmas)
    ranks = load_lexicon().sense_rank(*(order if of_source else order[::-1]))
    known = ranks > 0
    return Evidence.share(swaps.edits[known], ranks[known] >= 3, _FEW)


def senses_delta(pair: AlignedPair) -> Evidence:
    """Return the mean change of how many senses the words have, in logarithms. Range (-inf, inf)."""
    swaps = view(pair).swaps
    lexicon = load_lexicon()
    senses = [lexicon.n_senses[lexicon.row(i)].astype(np.float32) for i in (swaps.source_lemmas, swaps.suspect_lemmas)]
    delta = np.log1p(senses[1]) - np.log1p(senses[0])
    return Evidence.mean(swaps.edits, np.where((senses[0] > 0) & (senses[1] > 0), delta, NAN), _FEW)


def same_class_share(pair: AlignedPair) -> Evidence:
    """Return the share of swaps between words that can be of one part of speech. Range [0, 1]."""
    swaps = view(pair).swaps
    lexicon = load_lexicon()
    classes = [lexicon.pos[lexicon.row(i)] for i in (swaps.source_ids, swaps.suspect_ids)]
    known = (classes[0] > 0) & (classes[1] > 0)
    return Evidence.share(swaps.edits[known], (classes[0] & classes[1])[known] > 0, _FEW)


def same_ending_share(pair: AlignedPair) -> Evidence:
    """Return the share of swaps in which both words end alike (-ing, -ed, -ly, -s, none). Range [0, 1].

    Spinners copy the inflection of the word they replace; NaN below three swaps.
    """
    swaps = view(pair).swaps
    a, b = pair.source.words, pair.suspect.words
    alike = [_ending(a[i]) == _ending(b[j]) for i, j in zip(swaps.source.tolist(), swaps.suspect.tolist(), strict=True)]
    return Evidence.share(swaps.edits, np.array(alike, np.bool_), _FEW)


@lru_cache(maxsize=2**16)
def _ending(word: str) -> str:
    return next(ending for ending in _ENDINGS if word.endswith(ending)) if word.endswith(_ENDINGS) else ""


def zipf_delta(pair: AlignedPair) -> Evidence:
    """Return the mean change of Zipf frequency over the swaps. Range [-8, 8]; NaN below three swaps.

    Below 0 when the suspect's words are rarer. Its sign is a fingerprint of the kind of spinner, no verdict.
    """
    swaps = view(pair).swaps
    return Evidence.mean(swaps.edits, swaps.zipf_delta, _FEW)


def zipf_shift(pair: AlignedPair) -> Evidence:
    """Return the mean size of the change of Zipf frequency. Range [0, 8]; NaN below three swaps."""
    swaps = view(pair).swaps
    return Evidence.mean(swaps.edits, np.abs(swaps.zipf_delta), _FEW)


def rarer_share(pair: AlignedPair) -> Evidence:
    """Return the share of swaps that put a word ten times rarer or more. Range [0, 1]; NaN below three swaps."""
    swaps = view(pair).swaps
    return Evidence.share(swaps.edits, swaps.zipf_delta <= -1, _FEW)


def commoner_share(pair: AlignedPair) -> Evidence:
    """Return the share of swaps that put a word ten times commoner or more. Range [0, 1]; NaN below three swaps."""
    swaps = view(pair).swaps
    return Evidence.share(swaps.edits, swaps.zipf_delta >= 1, _FEW)


def replaced_zipf_source(pair: AlignedPair) -> float:
    """Return the mean Zipf frequency of the source's swapped words. Range [0, 8]; NaN below three swaps."""
    return _swapped_zipf(pair, source=True)


def replaced_zipf_suspect(pair: AlignedPair) -> float:
    """Return the mean Zipf frequency of the suspect's swapped words. Range [0, 8]; NaN below three swaps."""
    return _swapped_zipf(pair, source=False)


def _swapped_zipf(pair: AlignedPair, source: bool) -> float:
    v = view(pair)
    values = v.source.zipf[v.swaps.source] if source else v.suspect.zipf[v.swaps.suspect]
    return mean(values) if len(values) >= _FEW else NAN


def reciprocal_share(pair: AlignedPair) -> Evidence:
    """Return the share of swaps x for y where the pair also has y for x. Range [0, 1]; NaN below three swaps."""
    swaps = view(pair).swaps
    there = swaps.source_lemmas.astype(np.int64) * 2**32 + swaps.suspect_lemmas
    back = swaps.suspect_lemmas.astype(np.int64) * 2**32 + swaps.source_lemmas
    return Evidence.share(swaps.edits, among(there, back), _FEW)


def chain_share(pair: AlignedPair) -> Evidence:
    """Return the share of swaps x for y where y itself is swapped elsewhere. Range [0, 1]; NaN below three swaps."""
    swaps = view(pair).swaps
    linked = among(swaps.suspect_lemmas, swaps.source_lemmas) | among(swaps.source_lemmas, swaps.suspect_lemmas)
    return Evidence.share(swaps.edits, linked, _FEW)


def repeated_swap_share(pair: AlignedPair) -> Evidence:
    """Return the share of swaps that occur more than once in the pair. Range [0, 1]; NaN below three swaps.

    People vary their words; a table of synonyms puts the same word each time.
    """
    swaps = view(pair).swaps
    pairs = list(zip(swaps.source_lemmas.tolist(), swaps.suspect_lemmas.tolist(), strict=True))
    counts = Counter(pairs)
    return Evidence.share(swaps.edits, np.array([counts[swap] > 1 for swap in pairs], np.bool_), _FEW)


def inconsistent_share(pair: AlignedPair) -> Evidence:
    """Return the share of swaps whose source word is kept elsewhere in the pair. Range [0, 1]."""
    v = view(pair)
    return _kept_elsewhere(v.source, v.swaps.source_lemmas, v.swaps.edits)


def inconsistent_share_suspect(pair: AlignedPair) -> Evidence:
    """Return the share of swaps whose suspect word is kept elsewhere in the pair. Range [0, 1]."""
    v = view(pair)
    return _kept_elsewhere(v.suspect, v.swaps.suspect_lemmas, v.swaps.edits)


def _kept_elsewhere(side: Side, swapped: IntArray, edits: NDArray[np.int64]) -> Evidence:
    kept = side.text.lemmas[(side.kind == KEPT) & side.content]
    return Evidence.share(edits, among(swapped, kept), _FEW)


def stop_swap_share(pair: AlignedPair) -> float:
    """Return the share of one-for-one substitutions that put a function word for one. Range [0, 1]."""
    v = view(pair)
    single = (v.kinds == SUBSTITUTED) & (v.source_lengths == 1) & (v.suspect_lengths == 1)
    i, j = pair.edit_columns.source_start[single], pair.edit_columns.suspect_start[single]
    return mean(v.source.stop[i] & v.suspect.stop[j]) if len(i) >= _FEW else NAN


def immutable_swap_share(pair: AlignedPair) -> Evidence:
    """Return the share of swaps that replace a name or a rare word. Range [0, 1]; NaN below three swaps."""
    v = view(pair)
    return Evidence.share(v.swaps.edits, _touches_immutable(pair), _FEW)


def _touches_immutable(pair: AlignedPair) -> BoolArray:
    v = view(pair)
    return np.asarray(v.source.immutable[v.swaps.source] & v.suspect.immutable[v.swaps.suspect], np.bool_)


def change_from_relation(pair: AlignedPair) -> float:
    """Return the share of all changed content words, of both texts, that related swaps account for. Range [0, 1]."""
    v = view(pair)
    changed = sum(int((side.content & side.aligned & (side.kind > INFLECTED)).sum()) for side in (v.source, v.suspect))
    return ratio(2 * int(((v.swaps.relation & _RELATED) > 0).sum()), changed)
