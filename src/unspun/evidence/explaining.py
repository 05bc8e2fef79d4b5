"""Say why a pair scored as it did: pure data, from the same hits as the features."""

from __future__ import annotations

import math
import platform
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

import unspun
from unspun.comparison.aligned_pair import AlignedPair
from unspun.comparison.comparing import Comparison, compare, rows_of_all
from unspun.comparison.features.catalogue import FEATURES
from unspun.comparison.passage_cuts import FEWEST_WORDS
from unspun.comparison.passages import edits_inside
from unspun.evidence.changes import Reading, read_changes
from unspun.evidence.explanation import Explanation, Provenance, Reason
from unspun.evidence.fixed_words import fixed, left_out, quotations
from unspun.evidence.reason_families import families_of, words_of_the_pair
from unspun.evidence.substitutions import substitutions
from unspun.model.pair_score import evidence_share
from unspun.model.scoring import longest_passage, packaged, read_both, scores_of
from unspun.text.token_text import text_digest

if TYPE_CHECKING:
    from unspun.model.detector import SpinDetector
    from unspun.model.spin_model import SpinModel

_NAMES = ("source_id", "suspect_id", "source_title", "suspect_title")


def explain(
    source: str, suspect: str, detector: SpinDetector | SpinModel | None = None, names: Mapping[str, str] | None = None
) -> Explanation:
    """Score two texts and say why.

    Parameters
    ----------
    source, suspect : str
        The two texts.
    detector : SpinDetector or SpinModel, optional
        A fitted detector; the packaged one if not given, opened once.
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
    TypeError
        When one is not text.

    Examples
    --------
    >>> made = explain("The old ferry sank.", "The old ferryboat sank.")
    >>> [(swap.source, swap.suspect) for swap in made.substitutions]
    [('ferry', 'ferryboat')]
    """
    return explain_comparison(compare(*read_both(source, suspect)), detector, names)


def explain_comparison(
    made: Comparison, detector: SpinDetector | SpinModel | None = None, names: Mapping[str, str] | None = None
) -> Explanation:
    """Explain two texts that were compared.

    Parameters
    ----------
    made : Comparison
        As `unspun.comparison.comparing.compare` makes it.
    detector : SpinDetector or SpinModel, optional
        A fitted detector; the packaged one if not given, opened once.
    names : mapping of str to str, optional
        See `explain`.

    Returns
    -------
    Explanation
        See `explain`.
    """
    detector = detector or packaged()
    [score] = scores_of([made], detector)
    pair, evidence = made.pair, made.evidence
    reading = read_changes(pair)
    log_odds = log_odds_of(score.p_spun)
    reasons, bias = ((), log_odds) if math.isnan(log_odds) else _reasons(made, reading, detector, log_odds)
    same, share = pair.source.words == pair.suspect.words, evidence_share(pair, longest_passage(made))
    of_the_pair = words_of_the_pair(len(made.passages) or 1, same, detector.prior, share)
    return Explanation(
        verdict=score.verdict,
        p_spun=score.p_spun,
        p_low=score.p_low,
        p_high=score.p_high,
        p_forward=score.p_forward,
        relation=dict(score.relation),
        coverage=score.coverage,
        n_aligned_words=score.n_aligned_words,
        disguised={"source": pair.source.n_folded, "suspect": pair.suspect.n_folded},
        n_substitutions=score.n_substitutions,
        abstained=score.abstained,
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
        provenance=_provenance(pair, detector, names or {}),
        model=detector.name,
        spun_share=score.spun_share,
        passages=score.passages,
        families=families_of(reasons, log_odds, of_the_pair, honest_of(detector.card)),
    )


def honest_of(card: Mapping[str, Any]) -> dict[str, tuple[float, ...]]:
    """Return the quantiles of features over honest pairs that a model's card has.

    Empty where it has none.

    >>> honest_of({"honest": {"pairs": 2, "quantiles": {"kept_rate": [0.2, 0.8, 1.0]}}})
    {'kept_rate': (0.2, 0.8, 1.0)}
    """
    found = card.get("honest", {}).get("quantiles", {})
    return {str(name): tuple(map(float, edges)) for name, edges in found.items()}


def log_odds_of(p: float) -> float:
    """Return ln(p / (1 - p)), NaN for NaN."""
    return math.log(p) - math.log1p(-p) if 0 < p < 1 else math.nan


def _reasons(
    made: Comparison, reading: Reading, detector: SpinDetector | SpinModel, log_odds: float
) -> tuple[tuple[Reason, ...], float]:
    """Return what adds to the log-odds of spun, the strongest first, and the bias.

    The features are those of the passage that decides; what the number of passages and the whole pair do to its
    log-odds is a reason of its own. Where evidence is weak, every part is drawn to the prior as the score is.
    """
    # Short passages decide only where there are no others, as in `DocumentRows.strongest`.
    able = [part for part in made.passages if part.pair.n_own_words >= FEWEST_WORDS] or made.passages
    one = able[int(detector.log_odds(rows_of_all(able)).argmax())] if able else made
    contributions, start = detector.contributions(one.row[np.newaxis])
    share, prior = evidence_share(made.pair, longest_passage(made)), log_odds_of(detector.prior)
    added, bias = share * contributions[0], prior + share * (start - prior)
    edits = np.arange(len(made.pair.edits)) if one is made else edits_inside(made.pair, one.pair)
    reasons = []
    for feature, found, part in zip(FEATURES, one.evidence, added.tolist(), strict=False):
        numbers = {reading.number_of[k] for k in edits[found.edits].tolist() if k in reading.number_of}
        reasons.append(Reason(feature.name, found.value, part, feature.label, tuple(sorted(numbers)), feature.family))
    moved = log_odds - bias - float(added.sum())
    number = len(made.passages) or 1
    reasons.append(Reason("passages", float(number), moved, "number of passages, and the whole pair", ()))
    return tuple(sorted(reasons, key=lambda reason: -abs(reason.contribution))), bias


def _provenance(pair: AlignedPair, detector: SpinDetector | SpinModel, names: Mapping[str, str]) -> Provenance:
    versions = {"unspun": unspun.__version__, "python": platform.python_version(), "numpy": np.__version__}
    return Provenance(
        text_digest(pair.source.text),
        text_digest(pair.suspect.text),
        detector.name,
        versions,
        {"prior": f"{detector.prior:g}", "interval": "0.9"},
        **{name: names[name] for name in _NAMES if name in names},
    )
