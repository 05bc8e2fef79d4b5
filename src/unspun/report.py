"""Draw what `unspun.explain` found: as JSON for programs, as text for a terminal."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import asdict

from unspun.types import Explanation, Reason, Substitution

N_REASONS, N_SUBSTITUTIONS = 5, 15


def as_json(explanation: Explanation) -> str:
    """Return an explanation as one JSON object: the fields of `Explanation`, sorted; NaN becomes null.

    Examples
    --------
    >>> nothing = Explanation(0.01, float("nan"), {"spun": 0.01}, 0.0, 0, "nothing aligned", (), (), "m")
    >>> json.loads(as_json(nothing))["p_forward"] is None
    True
    """
    return json.dumps(_plain(asdict(explanation)), sort_keys=True, indent=2, allow_nan=False)


def as_text(explanation: Explanation) -> str:
    """Return an explanation as lines for a terminal: the verdict, the strongest reasons, the most telling swaps.

    Examples
    --------
    >>> nothing = Explanation(0.01, float("nan"), {"spun": 0.01, "copied": 0.99}, 0.0, 0, "too short", (), (), "m")
    >>> print(as_text(nothing))
    p_spun     0.010
    relation   copied (spun 0.01, copied 0.99)
    direction  unknown
    coverage   0.00, 0 substitutions
    caution    too short
    """
    return "\n".join([*_verdict(explanation), *_reasons(explanation.reasons), *_swaps(explanation.substitutions)])


def _verdict(explanation: Explanation) -> list[str]:
    odds = explanation.relation
    likeliest = max(odds, key=lambda name: (not math.isnan(odds[name]), odds[name]))
    lines = [
        f"p_spun     {explanation.p_spun:.3f}",
        f"relation   {likeliest} ({', '.join(f'{name} {p:.2f}' for name, p in odds.items())})",
        f"direction  {_direction(explanation.p_forward)}",
        f"coverage   {explanation.coverage:.2f}, {explanation.n_substitutions} substitutions",
    ]
    return [*lines, f"caution    {explanation.abstained}"] if explanation.abstained else lines


def _direction(p_forward: float) -> str:
    """Say which side is the spun one, supposing that one of them is."""
    if math.isnan(p_forward):
        return "unknown"
    side = "source to suspect" if p_forward > 0.5 else "suspect to source"
    return f"{side} (p_forward {p_forward:.3f})"


def _reasons(reasons: Sequence[Reason]) -> list[str]:
    strongest = sorted(reasons, key=lambda reason: -abs(reason.contribution))[:N_REASONS]
    lines = [f"  {reason.contribution:+6.2f}  {_one_line(reason.words)}" for reason in strongest]
    return ["", "Reasons, by what each adds to the log-odds of spun", *lines] if lines else []


def _swaps(substitutions: Sequence[Substitution]) -> list[str]:
    telling = sorted(substitutions, key=lambda swap: -swap.telling)[:N_SUBSTITUTIONS]
    if not telling:
        return []
    width = max(len(_one_line(swap.source)) for swap in telling)
    lines = [f"  {_one_line(s.source):{width}} -> {_one_line(s.suspect)}{_about(s)}" for s in telling]
    return ["", "Most telling swaps, source -> suspect", *lines]


def _about(swap: Substitution) -> str:
    notes = [swap.relation] if swap.relation else []
    notes += [f"frequency {swap.zipf_delta:+.1f}"] if not math.isnan(swap.zipf_delta) else []
    notes += [f"fit {swap.fit_delta:+.1f}"] if not math.isnan(swap.fit_delta) else []
    return f"  ({', '.join(notes)})" if notes else ""


def _one_line(text: str) -> str:
    """Return a text without line breaks, control characters and the like: articles must not steer terminals."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def _plain(value: object) -> object:
    """Return a value as JSON can hold it."""
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(part) for part in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
