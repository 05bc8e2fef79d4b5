"""Say why a pair scored as it did: pure data, from the same hits as the features."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from unspun.align import align
from unspun.detector import SpinDetector
from unspun.features import FEATURES, features_of, measure
from unspun.features.base import view
from unspun.features.fluency import fits
from unspun.lexicon import ANTONYM, MOBY, NEAR, SYNONYM, load_lexicon
from unspun.score import caution, coverage, n_substitutions
from unspun.text import read_text
from unspun.types import RELATIONS, AlignedPair, EditKind, Explanation, FloatArray, Hit, Reason, Substitution, TokenText

_RELATION_WORDS = ((SYNONYM, "synonym"), (NEAR, "near synonym"), (MOBY, "thesaurus"), (ANTONYM, "opposite"))


def explain(source: str, suspect: str, detector: SpinDetector) -> Explanation:
    """Score one pair of texts and say why.

    Parameters
    ----------
    source, suspect : str
        The two texts.
    detector : SpinDetector
        A fitted detector.

    Returns
    -------
    Explanation
        Reasons strongest first, substitutions most telling first; offsets are code points of the texts given.
    """
    pair = align(read_text(source), read_text(suspect))
    row = features_of(pair)
    scored = detector.score_rows(row[None, :])
    return Explanation(
        p_spun=float(scored.relation[0, 0]),
        p_forward=float(scored.p_forward[0]),
        relation={name: float(p) for name, p in zip(RELATIONS, scored.relation[0], strict=True)},
        coverage=coverage(pair),
        n_substitutions=n_substitutions(pair),
        abstained=caution(pair),
        reasons=_reasons(row, detector),
        substitutions=substitutions(pair),
        model=detector.name,
    )


def _reasons(row: FloatArray, detector: SpinDetector) -> tuple[Reason, ...]:
    """Return what each feature adds to the log-odds of spun, the strongest first."""
    contributions, _ = detector.contributions(row[None, :])
    reasons = [
        Reason(feature.name, float(value), float(part), feature.words)
        for feature, value, part in zip(FEATURES, row, contributions[0], strict=True)
    ]
    return tuple(sorted(reasons, key=lambda reason: -abs(reason.contribution)))


def hits(pair: AlignedPair) -> list[Hit]:
    """Return the edits that each counting feature counted.

    Examples
    --------
    >>> pair = align(read_text("The old ferry sank quickly."), read_text("The old ferryboat sank rapidly."))
    >>> [(hit.edit.kind.name, hit.value) for hit in hits(pair) if hit.feature == "swap_rate"]
    [('SUBSTITUTED', 1.0), ('SUBSTITUTED', 1.0)]
    """
    found = []
    for feature in FEATURES:
        evidence = measure(pair, feature)
        for index, amount in zip(evidence.edits.tolist(), evidence.amounts.tolist(), strict=True):
            found.append(Hit(feature.name, pair.edit(index), amount, feature.words))
    return found


def substitutions(pair: AlignedPair) -> tuple[Substitution, ...]:
    """Return the substitutions of a pair, the most telling first; swaps of function words alone are left out.

    How telling a swap is adds up from what the features count: a thesaurus relation, a lesser sense, rarity, a bad
    fit, a set phrase broken, the same swap again or backwards, quotation marks around it.
    """
    e = pair.edits
    v = view(pair)
    chosen = [
        k
        for k in np.flatnonzero(e[:, 0] == EditKind.SUBSTITUTED).tolist()
        if v.a.content[e[k, 1] : e[k, 2]].any() or v.b.content[e[k, 3] : e[k, 4]].any()
    ]
    details = _swap_details(pair)
    found = [_substitution(pair, k, *details.get(k, ("", np.nan, np.nan, 0.0))) for k in chosen]
    return tuple(sorted(found, key=lambda swap: (-swap.telling, swap.suspect_start)))


def _substitution(
    pair: AlignedPair, k: int, relation: str, zipf_delta: float, fit_delta: float, telling: float
) -> Substitution:
    edit = pair.edit(k)
    a, b = (edit.source_start, edit.source_stop), (edit.suspect_start, edit.suspect_stop)
    relation = relation or _phrase_relation(pair, a, b)
    return Substitution(
        pair.source.span(*a),
        pair.suspect.span(*b),
        *_offsets(pair.source, *a),
        *_offsets(pair.suspect, *b),
        relation,
        zipf_delta,
        fit_delta,
        telling or (0.6 if relation else 0.1),
    )


def _offsets(text: TokenText, start: int, stop: int) -> tuple[int, int]:
    return int(text.starts[start]), int(text.ends[stop - 1])


def _phrase_relation(pair: AlignedPair, a: tuple[int, int], b: tuple[int, int]) -> str:
    """Look up phrases as a thesaurus lists them (`carry out` for `execute`)."""
    lexicon = load_lexicon()
    phrases = [
        " ".join(lexicon.words[i] if i < len(lexicon) else word for i, word in zip(ids, words, strict=True))
        for ids, words in (
            (pair.source.lemmas[slice(*a)].tolist(), pair.source.words[slice(*a)]),
            (pair.suspect.lemmas[slice(*b)].tolist(), pair.suspect.words[slice(*b)]),
        )
    ]
    return _relation_word(int(lexicon.relation(lexicon.lookup(phrases[:1]), lexicon.lookup(phrases[1:]))[0]))


def _relation_word(bits: int) -> str:
    return next((word for bit, word in _RELATION_WORDS if bits & bit), "")


def _swap_details(pair: AlignedPair) -> dict[int, tuple[str, float, float, float]]:
    """Return relation, change of frequency, of fit, and how telling it is, for each one-word swap by its edit."""
    swaps, fit = view(pair).swaps, fits(pair)
    fit_delta = np.asarray((fit.here + fit.there) / 2, np.float32)
    telling = _telling(pair, fit_delta)
    return {
        k: (_relation_word(bits), *numbers)
        for k, bits, *numbers in zip(
            swaps.edits.tolist(),
            swaps.relation.tolist(),
            swaps.zipf_delta.tolist(),
            fit_delta.tolist(),
            telling.tolist(),
            strict=True,
        )
    }


def _telling(pair: AlignedPair, fit_delta: FloatArray) -> NDArray[np.float64]:
    """Add up what the features say of every one-word swap."""
    swaps = view(pair).swaps
    score = 1.0 * ((swaps.relation & (SYNONYM | NEAR | MOBY)) > 0)
    score += 0.25 * np.nan_to_num(np.abs(swaps.zipf_delta)) + 0.1 * np.clip(-fit_delta, 0, 6)
    bonus = {
        "wrong_sense_share": 0.5,
        "broken_phrase_share": 0.5,
        "reciprocal_share": 1.0,
        "chain_share": 0.25,
        "repeated_swap_share": 0.25,
        "altered_quotation_rate": 0.5,
    }
    for feature in FEATURES:
        if feature.name in bonus:
            score += bonus[feature.name] * np.isin(swaps.edits, measure(pair, feature).edits)
    return np.asarray(score, np.float64)
