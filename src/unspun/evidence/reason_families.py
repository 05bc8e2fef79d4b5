"""Tell reasons by family: few enough to read, and enough to carry the verdict.

A family adds to the log-odds what its features add together. Families are told the largest first, until those told
hold most of the log-odds and point where the score points.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

from unspun.comparison.features.feature import FAMILIES
from unspun.evidence.explanation import Reason, ReasonFamily
from unspun.evidence.measurement_words import WORDINGS, distance, in_words

TITLES = {
    "swaps": "what was put for what",
    "rarity": "how rare the new words are",
    "fit": "how well the new words fit",
    "untouched": "what was left alone",
    "order": "order and build",
    "shared": "how much is shared",
    "style": "style of the texts",
    "causes": "changes that are no rewriting",
    "pair": "the pair as a whole",
}
"""Families in plain words: those of features, and ``pair`` for what no feature of the deciding passage adds."""
HELD = 0.8
"""Share of the log-odds that the families shown hold at least."""
FEWEST_SHOWN = 3
"""Families that are shown at least: one alone says little."""
_LEAST = 0.25
"""How much a measurement in the middle of honest pairs speaks, where one at their edge has 1 more."""

Honest = Mapping[str, Sequence[float]]
"""Quantiles of features over honest pairs, as the model's card has them."""


def families_of(
    reasons: Sequence[Reason], log_odds: float, pair_words: str, honest: Honest
) -> tuple[ReasonFamily, ...]:
    """Return the families of reasons, the largest first.

    Parameters
    ----------
    reasons : sequence of Reason
        Of all features; those without a family are of the pair as a whole.
    log_odds : float
        The log-odds of the score.
    pair_words : str
        What is said of the pair as a whole.
    honest : mapping
        Quantiles over honest pairs by feature; empty where the model's card has none.

    Returns
    -------
    tuple of ReasonFamily
        They sum to the log-odds. Those shown hold at least `HELD` of them, and have their sign.
    """
    if not reasons:
        return ()
    made = [_family(name, [one for one in reasons if one.family == name], honest) for name in FAMILIES]
    found = [one for one in made if one is not None]
    # Of no feature: the bias, how passages make a pair, and what rounding leaves.
    rest = log_odds - math.fsum(one.contribution for one in found)
    found.append(ReasonFamily("pair", TITLES["pair"], rest, pair_words))
    found.sort(key=lambda one: -abs(one.contribution))
    n_shown = _n_shown([one.contribution for one in found], log_odds)
    return tuple(replace(one, shown=place < n_shown) for place, one in enumerate(found))


def _n_shown(contributions: Sequence[float], log_odds: float) -> int:
    """Return how many families, the largest first, carry the log-odds.

    >>> _n_shown([2.0, 1.5, -0.4, 0.3, 0.1], 3.5)
    3
    >>> _n_shown([2.0, 1.5, -1.4, -1.3, 0.1], 0.9)
    4
    """
    for n in range(FEWEST_SHOWN, len(contributions)):
        left = log_odds - math.fsum(contributions[:n])
        if abs(left) <= (1 - HELD) * abs(log_odds):
            return n
    return len(contributions)


def _family(name: str, reasons: Sequence[Reason], honest: Honest) -> ReasonFamily | None:
    """Return what features of a family add together, told by the one that speaks for it; None without any."""
    if not reasons:
        return None
    contribution = math.fsum(reason.contribution for reason in reasons)
    own = [reason for reason in reasons if reason.contribution * contribution >= 0] or reasons
    told = [reason for reason in own if reason.feature in WORDINGS and not math.isnan(reason.value)]
    if not told:
        return ReasonFamily(name, TITLES[name], contribution, f"mostly {own[0].words}")
    best = max(told, key=lambda reason: _weight(reason, contribution, honest))
    baseline = tuple(honest.get(best.feature, ()))
    words = in_words(best.feature, best.value, baseline)
    return ReasonFamily(name, TITLES[name], contribution, words, best.feature, best.value, baseline, best.changes)


def _weight(reason: Reason, contribution: float, honest: Honest) -> tuple[float, bool]:
    """Return how well a reason speaks for its family, by its part and by being what honest pairs lack or have.

    Measures of either text add alike: that of the suspect speaks.
    """
    away = distance(reason.value, honest.get(reason.feature, ()))
    # For spinning speaks what lies far from honest pairs, against it what they have.
    telling = min(away, 1.0) + (away > 1) if contribution > 0 else 1.0 + (away <= 1)
    return round(abs(reason.contribution) * (_LEAST + telling), 9), reason.feature.endswith("_suspect")


def words_of_the_pair(n_passages: int, same_words: bool, prior: float, evidence: float = 1.0) -> str:
    """Say what the pair as a whole adds.

    Parameters
    ----------
    n_passages : int
        Passages that were looked at, at least 1.
    same_words : bool
        Whether both texts have the same words.
    prior : float
        The share of spun pairs expected.
    evidence : float
        How much of the evidence that a judgement needs is there (`unspun.model.pair_score.evidence_share`).

    Returns
    -------
    str
        One sentence without a full stop.

    Examples
    --------
    >>> words_of_the_pair(5, False, 0.01)
    '5 passages, any of which may be the spun one, and the whole pair; 1 of 100 pairs is expected to be spun'
    """
    if same_words:
        return "both texts have the same words"
    if n_passages > 1:
        said = f"{n_passages:,} passages, any of which may be the spun one, and the whole pair"
    else:
        said = "one passage, and the whole pair"
    if evidence < 1:
        said += f"; there is little to compare, so every part counts {100 * evidence:.0f} of 100"
    return said if prior == 0.5 else f"{said}; {_expected(prior)}"


def _expected(prior: float) -> str:
    of_100 = f"{100 * prior:g}"
    return f"{of_100} of 100 pairs {'is' if of_100 == '1' else 'are'} expected to be spun"


def shown_and_rest(families: Sequence[ReasonFamily]) -> tuple[list[ReasonFamily], list[ReasonFamily]]:
    """Return the families that carry the verdict, and the others."""
    return [one for one in families if one.shown], [one for one in families if not one.shown]
