"""Write the card of a model.

It says what the model was trained on, how good it is, and what it must not be used for.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from unspun.evidence.measurement_words import QUANTILES, WORDINGS
from unspun.io.labels import ORIGINAL, SPUN, STORY
from unspun.model.pair_score import MIN_ALIGNED_WORDS
from unspun.model.persistence import read_card
from unspun.model.spin_classifier import ClassifierSettings
from unspun.model.spin_model import SpinModel
from unspun.training.error_breakdown import breakdown
from unspun.training.metrics import Figures

_TITLES = {
    "group-cv": "Pairs of sources not seen in training (group-cv)",
    "leave-one-dataset-out": "Pairs of datasets not seen in training (leave-one-dataset-out)",
}
_LIMITS = (
    "English prose only, and best of the kinds that the model was trained on and measured with (see its card).",
    "It needs the source: a spun text without its source cannot be judged.",
    "Two translations of one text, by people or machines, and people's simplifications, look most like spinning.",
    "So do texts by a person and a language model, or by two models, on one task or from one beginning.",
    "What people rewrite sentence by sentence, told to hide where it is from, is taken for a machine's work.",
    "Pairs of a tool or publisher unlike those of the training pairs score worse: see leave-one-dataset-out.",
    "Rewriting by language models is missed most often; a light spin of a few words may be missed as well.",
    "Below 30 aligned words, or with less than 30% of either text aligned, a score comes with a caution and should not "
    "be relied on.",
)
_NOT_FOR = (
    "Deciding alone about a person: accusing, failing, dismissing or refusing someone on a score without reading.",
    "Telling whether a single text was written by a machine.",
    "Judging whether reuse was permitted: licences and attribution are no part of the score.",
    "Languages other than English.",
)

Judged = tuple[pd.DataFrame, Figures]
"""Scores made unseen and their figures, as `unspun.training.evaluation.evaluate` returns them."""


def describe(
    model: SpinModel, settings: ClassifierSettings, table: pd.DataFrame, judged: Mapping[str, Judged]
) -> dict[str, Any]:
    """Return the card as plain data.

    Parameters
    ----------
    model : SpinModel
        The model.
    settings : ClassifierSettings
        How its classifier was fitted.
    table : DataFrame
        The features table it was fitted on.
    judged : mapping
        Per protocol the scores and their figures.

    Returns
    -------
    dict
        What ``card.json`` holds.
    """
    slope, intercept = model.classifier.calibration
    arrays = ("symmetry", "tree_only")
    return {
        "model": model.name,
        "features": len(model.feature_names),
        "rows": len(table),
        "variants": _counts(table["variant"]),
        "pairs": _cells(table[table["variant"] == ORIGINAL]),
        "further": _cells(table[table["variant"] == STORY]),
        "settings": {key: value for key, value in sorted(asdict(settings).items()) if key not in arrays},
        "prior": 0.5,
        "calibration": {"slope": round(slope, 6), "intercept": round(intercept, 6)},
        "protocols": {protocol: summarise(*pair) for protocol, pair in judged.items()},
        "honest": honest_quantiles(table),
        "limits": list(_LIMITS),
        "not_for": list(_NOT_FOR),
    }


def honest_quantiles(table: pd.DataFrame) -> dict[str, Any]:
    """Return what honest pairs measure: the quantiles that reasons are told beside.

    Parameters
    ----------
    table : DataFrame
        A features table.

    Returns
    -------
    dict
        ``pairs``, how many honest pairs have enough aligned to be judged; ``quantiles``, three numbers a feature, over
        those pairs in which it is defined (see `unspun.evidence.measurement_words.QUANTILES`).
    """
    judged = (table["variant"] == ORIGINAL) & (np.expm1(table["more_words"]).round() >= MIN_ALIGNED_WORDS)
    honest = table[judged & (table["relation"] != SPUN)]
    found = {name: honest[name].to_numpy(np.float64) for name in WORDINGS}
    known = {name: values[~np.isnan(values)] for name, values in found.items()}
    quantiles = {
        name: [float(f"{edge:.5g}") for edge in np.quantile(values, QUANTILES)]
        for name, values in known.items()
        if len(values)
    }
    return {"pairs": len(honest), "quantiles": quantiles}


def summarise(scores: pd.DataFrame, figures: Figures) -> dict[str, Any]:
    """Return figures of scores and their breakdown as plain data.

    Numbers are rounded to four places.

    Parameters
    ----------
    scores, figures
        As `unspun.training.evaluation.evaluate` or `unspun.training.metrics.judge` give them.

    Returns
    -------
    dict
        ``figures`` by part and name, and ``breakdown``, a record a kind of pair.
    """
    parts = breakdown(scores, figures["tpr@1%"]["threshold"]).round(4)
    rounded = {part: {key: round(value, 4) for key, value in group.items()} for part, group in figures.items()}
    return {"figures": rounded, "breakdown": parts.to_dict("records")}


def write_card(card: Mapping[str, Any], folder: Path) -> None:
    """Write ``card.json`` and ``card.md``.

    Protocols of the card there are kept if it is of the same model.

    Parameters
    ----------
    card : mapping
        As `describe` gives it.
    folder : Path
        Gets both files.
    """
    path = folder / "card.json"
    before = read_card(folder) if path.exists() else {}
    # The name tells the table that a model was trained on; other code makes another model of it.
    same = all(before.get(part) == card[part] for part in ("model", "settings", "calibration"))
    kept = before.get("protocols", {}) if same else {}
    whole = {**card, "protocols": {**kept, **card["protocols"]}}
    path.write_text(json.dumps(whole, indent=1) + "\n", encoding="utf-8")
    (folder / "card.md").write_text(render(whole), encoding="utf-8")


def render(card: Mapping[str, Any]) -> str:
    """Return the card as Markdown.

    Parameters
    ----------
    card : mapping
        As `describe` makes it.
    """
    parts = [f"# Model card: {card['model']}", "Generated by `unspun train`; do not edit.", *_headline(card)]
    parts.append(_trained_on(card))
    # What to expect of tools and publishers that no training pair comes from stands first.
    for protocol, summary in sorted(card["protocols"].items(), reverse=True):
        parts += [f"## {_TITLES.get(protocol, protocol)}", render_summary(summary)]
    parts.append("## Known failures\n\n" + _bullets(_failures(card)))
    parts.append("## Limits\n\n" + _bullets(card["limits"]))
    parts.append("## Not for\n\n" + _bullets(card["not_for"]))
    return "\n\n".join(parts) + "\n"


def _headline(card: Mapping[str, Any]) -> list[str]:
    """Return what to expect beyond the training pairs, if datasets were left out."""
    summary = card["protocols"].get("leave-one-dataset-out")
    if summary is None:
        return []
    recall = summary["figures"]["tpr@1%"]["macro"]
    return [
        f"**Of a tool or publisher that no training pair comes from, expect it to find {recall:.0%}** of spun texts "
        "where 1 of 100 honest pairs is accused. Each dataset was left out in turn."
    ]


def render_summary(summary: Mapping[str, Any]) -> str:
    """Return the tables of one protocol, as `summarise` gives them, as Markdown."""
    figures = summary["figures"]
    parts = [_summary(figures), _families(figures)]
    for by in dict.fromkeys(row["by"] for row in summary["breakdown"]):
        rows = [row for row in summary["breakdown"] if row["by"] == by]
        parts.append(f"By {by}: share above the threshold of 1% ({figures['tpr@1%']['threshold']:.3f}), 95% interval.")
        parts.append(_rows((by, "side", "pairs", "above", "interval"), map(_shown, rows)))
    return "\n\n".join(parts)


def _shown(row: Mapping[str, Any]) -> tuple[Any, ...]:
    interval = f"{row['low']:.3f} to {row['high']:.3f}"
    return str(row["name"]), str(row["side"]), int(row["pairs"]), float(row["above"]), interval


_MISSED, _ACCUSED, _N_FAILURES = 0.6, 0.03, 10


def _failures(card: Mapping[str, Any]) -> list[str]:
    """Return, in words, which kinds of pairs the scores made unseen get wrong most often."""
    lines = []
    for protocol, summary in card["protocols"].items():
        rows = [row for row in summary["breakdown"] if row["by"] in ("tool", "honest kind", "length")]
        missed = [row for row in rows if row["side"] == SPUN and row["above"] < _MISSED]
        accused = [row for row in rows if row["side"] != SPUN and row["above"] > _ACCUSED]
        for row in sorted(missed, key=lambda row: row["above"])[:_N_FAILURES]:
            lines.append(f"{protocol}: {row['name']}: {row['above']:.0%} of {row['pairs']} spun pairs found")
        for row in sorted(accused, key=lambda row: -row["above"])[:_N_FAILURES]:
            lines.append(f"{protocol}: {row['name']}: {row['above']:.1%} of {row['pairs']} honest pairs accused")
    return lines or ["None above the limits of this list."]


def _trained_on(card: Mapping[str, Any]) -> str:
    slope, intercept = card["calibration"]["slope"], card["calibration"]["intercept"]
    made = ", ".join(f"{count:,} {name}" for name, count in card["variants"].items())
    return (
        f"Boosted trees and small neural networks on {card['features']} numbers measured between two aligned texts. "
        "It gives the probability that one text was machine-spun from the other (`p_spun`), which side is the spun "
        "one (`p_forward`), and, where not spun, how the two are related. Probabilities hold for a mix in which half "
        "of the pairs are spun; give another prior where that is known. "
        f"Raw log-odds are calibrated on scores made unseen: {slope:.3f} times these {intercept:+.3f}.\n\n"
        f"## Trained on\n\n{card['rows']:,} rows ({made}). Classes weigh alike, and so do the cells below "
        "within a class. Variants share the weight of their pair.\n\n"
        + _pairs_table(card["pairs"])
        + (f"\n\nTrained on and never judged by:\n\n{_pairs_table(card['further'])}" if card.get("further") else "")
    )


def _pairs_table(counts: Mapping[str, int]) -> str:
    return _rows(("dataset / relation / family", "pairs"), counts.items())


def _summary(figures: Mapping[str, Mapping[str, float]]) -> str:
    of = figures["overall"]
    return (
        f"{of['pairs']:,.0f} pairs, {of['spun']:,.0f} of them spun: auc {of['auc']:.4f}, recall at 1% false alarms "
        f"{figures['tpr@1%']['macro']:.3f}, at 0.1% {figures['tpr@0.1%']['macro']:.3f} (mean of the families), "
        f"calibration error {of['ece']:.4f}, Brier score {of['brier']:.4f}."
    )


def _families(figures: Mapping[str, Mapping[str, float]]) -> str:
    """Return the table of recall and direction per family of spinning."""
    names = [name for name in figures["tpr@1%"] if name not in ("threshold", "macro")]
    direction = figures.get("direction", {})
    lines = [
        (
            name,
            *(f"{group.get(name, float('nan')):.3f}" for group in (figures["tpr@1%"], figures["tpr@0.1%"], direction)),
        )
        for name in names
    ]
    return _rows(("family", "recall at 1%", "recall at 0.1%", "direction right"), lines)


def _rows(titles: tuple[str, ...], lines: Iterable[tuple[Any, ...]]) -> str:
    """Return a Markdown table; numbers to the right."""
    shown = [titles, ("---", *["---:"] * (len(titles) - 1)), *lines]
    return "\n".join("| " + " | ".join(_cell(value) for value in line) + " |" for line in shown)


def _cell(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.3f}"
    return f"{value:,}" if isinstance(value, int) else str(value)


def _bullets(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def _counts(column: pd.Series) -> dict[str, int]:
    return {str(name): int(count) for name, count in column.value_counts().sort_index().items()}


def _cells(table: pd.DataFrame) -> dict[str, int]:
    return _counts(table["dataset"] + " / " + table["relation"] + " / " + table["family"])
