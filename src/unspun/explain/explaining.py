"""Say why a pair scored as it did: pure data, from the same hits as the features."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from typing import Literal

import numpy as np
from scipy.special import logit

import unspun
from unspun.comparison.alignment import align
from unspun.comparison.features.catalogue import FEATURES
from unspun.comparison.features.feature import Evidence, measure
from unspun.errors import InputError
from unspun.explain.changes import Reading, read_changes
from unspun.explain.explanation import Explanation, Provenance, Reason
from unspun.explain.fixed_words import fixed, left_out, quotations
from unspun.explain.substitutions import substitutions
from unspun.io.labels import RELATIONS
from unspun.io.tables import text_digest
from unspun.model.detector import SpinDetector
from unspun.model.scoring import caution
from unspun.text.token_text import MAX_CHARS, FloatArray
from unspun.text.tokenizer import read_text

__all__ = ["explain", "substitutions", "verdict_of"]

Verdict = Literal["likely", "unclear", "unlikely"]
_NAMES = ("source_id", "suspect_id", "source_title", "suspect_title")


def explain(source: str, suspect: str, detector: SpinDetector, names: Mapping[str, str] | None = None) -> Explanation:
    """Score one pair of texts and say why.

    Parameters
    ----------
    source, suspect : str
        The two texts.
    detector : SpinDetector
        A fitted detector.
    names : mapping of str to str, optional
        ``source_id``, ``suspect_id``, ``source_title`` and ``suspect_title``, as far as they are known.

    Returns
    -------
    Explanation
        Reasons strongest first, substitutions most telling first; offsets are code points of the texts given.

    Raises
    ------
    InputError
        When a text is longer than `MAX_CHARS`.
    """
    _check_length(source=source, suspect=suspect)
    pair = align(read_text(source), read_text(suspect))
    evidence = [measure(pair, feature) for feature in FEATURES] if len(pair.source) and len(pair.suspect) else []
    row = np.array([found.value for found in evidence] or np.full(len(FEATURES), np.nan), np.float32)
    scored = detector.score_rows(row[None, :])
    p_spun = float(scored.relation[0, 0])
    low, high = float(scored.low[0]), float(scored.high[0])
    reading = read_changes(pair)
    reasons, bias = _reasons(row, evidence, reading, detector)
    log_odds = float(detector.log_odds(row[None, :])[0]) if evidence else float(logit(p_spun))
    bias = bias if evidence else log_odds
    abstained = caution(pair)
    return Explanation(
        verdict=verdict_of(low, high, abstained),
        p_spun=p_spun,
        p_low=low,
        p_high=high,
        p_forward=float(scored.p_forward[0]),
        relation={name: float(p) for name, p in zip(RELATIONS, scored.relation[0], strict=True)},
        coverage=pair.coverage,
        n_aligned_words=pair.n_aligned_words,
        disguised={"source": pair.source.n_folded, "suspect": pair.suspect.n_folded},
        n_substitutions=pair.n_substitutions,
        abstained=abstained,
        log_odds=log_odds,
        bias=bias,
        residue=log_odds - bias - sum(reason.contribution for reason in reasons),
        reasons=reasons,
        rows=reading.rows,
        changes=reading.changes,
        substitutions=substitutions(pair, evidence, reading),
        quotations=quotations(pair),
        fixed=fixed(pair),
        left_out=left_out(pair),
        provenance=_provenance(source, suspect, detector, names or {}),
        model=detector.name,
    )


def _check_length(**texts: str) -> None:
    for side, text in texts.items():
        if len(text) > MAX_CHARS:
            todo = f"give at most {MAX_CHARS:,} characters"
            raise InputError(f"the {side} is too long to explain", f"{len(text):,} characters", todo)


def verdict_of(low: float, high: float, abstained: str | None) -> Verdict:
    """Return the verdict in a word.

    ``likely`` when the whole 90% interval of p_spun is above 0.5, ``unlikely`` when the whole of it is below;
    ``unclear`` when 0.5 is inside it, or when there was too little to judge (``abstained``), whatever the interval.

    >>> verdict_of(0.8, 0.97, None), verdict_of(0.4, 0.8, None), verdict_of(0.8, 0.97, "nothing aligned")
    ('likely', 'unclear', 'unclear')
    """
    if abstained is not None or not (low > 0.5 or high < 0.5):
        return "unclear"
    return "likely" if low > 0.5 else "unlikely"


def _reasons(
    row: FloatArray, evidence: list[Evidence], reading: Reading, detector: SpinDetector
) -> tuple[tuple[Reason, ...], float]:
    """Return what each feature adds to the log-odds of spun, the strongest first, and the bias."""
    contributions, bias = detector.contributions(row[None, :])
    reasons = []
    for feature, found, part in zip(FEATURES, evidence, contributions[0].tolist(), strict=False):
        numbers = tuple(sorted({reading.number_of[k] for k in found.edits.tolist() if k in reading.number_of}))
        reasons.append(Reason(feature.name, found.value, part, feature.words, numbers))
    return tuple(sorted(reasons, key=lambda reason: -abs(reason.contribution))), float(bias)


def _provenance(source: str, suspect: str, detector: SpinDetector, names: Mapping[str, str]) -> Provenance:
    versions = {"unspun": unspun.__version__, "python": platform.python_version(), "numpy": np.__version__}
    return Provenance(
        text_digest(source),
        text_digest(suspect),
        detector.name,
        versions,
        {"prior": f"{detector.prior:g}", "interval": "0.9"},
        **{name: names[name] for name in _NAMES if name in names},
    )
