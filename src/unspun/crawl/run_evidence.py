"""A pair of a run explained, with what the rest of the run says about its swaps."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pandas as pd

from unspun.crawl.run import Run
from unspun.errors import InputError
from unspun.evidence.explaining import explain
from unspun.evidence.explanation import Explanation
from unspun.evidence.repeated_swaps import count_swaps, with_recurrence
from unspun.model.detector import SpinDetector, load_detector

N_OTHERS = 500
"""Flagged pairs, the likeliest ones, in which swaps are looked for again: a hundred take half a second."""


class Explained(NamedTuple):
    """An explanation and the two texts that its offsets are of."""

    explanation: Explanation
    source: str
    suspect: str


def explain_in_run(
    run: Run, source_id: str, suspect_id: str, detector: SpinDetector, min_p: float = 0.5, n_others: int = N_OTHERS
) -> Explained:
    """Explain two articles of a run, whether or not they were compared in it.

    Parameters
    ----------
    run : Run
        As `unspun.crawl.run.open_run` gives it.
    source_id, suspect_id : str
        Ids of two of its articles.
    detector : SpinDetector
        The one that scored the run, with its prior (see `detector_of`).
    min_p : float
        Pairs from this p_spun on are those in which swaps are looked for again.
    n_others : int
        At most so many of them; 0 for none.

    Raises
    ------
    InputError
        When the run has no such article, or was scored by another model or for another prior.
    """
    titles = run.table("articles", ["article_id", "title"]).set_index("article_id")["title"]
    for name in (source_id, suspect_id):
        if name not in titles.index:
            raise InputError("no such article in the run", name, "give an id as `unspun report` prints it")
    scores = run.table("scores", ["source_id", "suspect_id", "p_spun", "p_forward", "model"])
    check_model(run, scores, detector)
    others = _others(scores, {source_id, suspect_id}, min_p, n_others)
    texts = run.texts({source_id, suspect_id, *(name for pair in others for name in pair)})
    source, suspect = texts[source_id], texts[suspect_id]
    names = {
        "source_id": source_id,
        "suspect_id": suspect_id,
        "source_title": str(titles[source_id]),
        "suspect_title": str(titles[suspect_id]),
    }
    found = explain(source, suspect, detector, names)
    counts = count_swaps([(source, suspect), *((texts[a], texts[b]) for a, b in others)])
    return Explained(with_recurrence(found, source, suspect, counts), source, suspect)


def _others(scores: pd.DataFrame, own: set[str], min_p: float, limit: int) -> list[tuple[str, str]]:
    """Return the likeliest flagged pairs but the one of ``own``, the likelier source first."""
    flagged = scores[scores["p_spun"] >= min_p].sort_values("p_spun", ascending=False, kind="stable").head(limit + 1)
    rows = zip(flagged["source_id"], flagged["suspect_id"], flagged["p_forward"], strict=True)
    pairs = [(a, b) if p_forward >= 0.5 else (b, a) for a, b, p_forward in rows]
    return [pair for pair in pairs if set(pair) != own][:limit]


def detector_of(run: Run, model: Path | None = None) -> SpinDetector:
    """Open the detector in a folder, or the packaged one, with the prior that the run was scored with."""
    return load_detector(model, run.prior)


def check_model(run: Run, scores: pd.DataFrame, detector: SpinDetector) -> None:
    """Refuse a run that was scored otherwise (`InputError`): its numbers would not be those of the explanations."""
    others = sorted(set(scores["model"].unique()) - {detector.name})
    if others:
        todo = f"give that model with --model, or scan again with {detector.name}"
        raise InputError("the run was scored by another model", others[0], todo)
    if run.prior != detector.prior:
        todo = "open the detector with that prior"
        raise InputError(f"the run was scored for another prior than {detector.prior:g}", f"{run.prior:g}", todo)
