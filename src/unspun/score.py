"""Score pairs of texts: one pure function for a batch, and the loop over batches for a table of pairs."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from joblib import Parallel, delayed

from unspun.align import align
from unspun.detector import SpinDetector
from unspun.features import features_of_all
from unspun.lexicon import load_lexicon
from unspun.tables import SCORES, conform
from unspun.text import read_text
from unspun.types import RELATIONS, SUBSTITUTED, AlignedPair, FloatArray, TokenText

MIN_ALIGNED_WORDS = 30
"""Aligned words, of the shorter side, below which a score comes with a caution."""
MIN_STOP_RATE = 0.15
"""Share of English function words below which a text is not taken for English (prose has 0.35 to 0.55)."""
SCORE_COLUMNS = ("p_spun", "p_forward", *(f"p_{r}" for r in RELATIONS[1:]), "coverage", "n_substitutions", "abstained")
_BATCH = 200

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """What a batch of pairs measured: features (n, f), coverage (n,), substitutions (n,), cautions (n)."""

    rows: FloatArray
    coverage: FloatArray
    n_substitutions: np.ndarray
    abstained: list[str | None]


def coverage(pair: AlignedPair) -> float:
    """Return the share of the suspect's words that are in aligned rows, furniture aside; in [0, 1], NaN if empty.

    >>> round(coverage(align(read_text("The old ferry sank."), read_text("The old ferry sank. It rained all day."))), 2)
    0.5
    """
    lengths = np.diff(pair.suspect.sentence_stops)
    own = int(lengths[~pair.suspect.furniture].sum())
    bounds = pair.suspect.sentence_stops[pair.rows[:, 2:]]
    return float((bounds[:, 1] - bounds[:, 0]).sum() / own) if own else math.nan


def n_substitutions(pair: AlignedPair) -> int:
    """Return how many substitutions the aligned part has, phrases counted once."""
    return int(np.count_nonzero(pair.edits[:, 0] == SUBSTITUTED))


def caution(pair: AlignedPair) -> str | None:
    """Return why the score of a pair should not be relied on, None when it may be.

    >>> caution(align(read_text(""), read_text("The old ferry sank.")))
    'the source has no words'
    """
    for name, text in (("source", pair.source), ("suspect", pair.suspect)):
        if not len(text):
            return f"the {name} has no words"
        if not _reads_as_english(text):
            return f"the {name} is not English"
    if not len(pair.rows):
        return "nothing aligned"
    stops = pair.source.sentence_stops[pair.rows[:, :2]], pair.suspect.sentence_stops[pair.rows[:, 2:]]
    aligned = min(int((bounds[:, 1] - bounds[:, 0]).sum()) for bounds in stops)
    if aligned < MIN_ALIGNED_WORDS:
        return f"too short: {aligned} words aligned, {MIN_ALIGNED_WORDS} needed"
    return None


def _reads_as_english(text: TokenText) -> bool:
    lexicon = load_lexicon()
    return len(text) < 10 or float(lexicon.stop[lexicon.row(text.ids)].mean()) >= MIN_STOP_RATE


def measure_pairs(pairs: Iterable[tuple[TokenText, TokenText]]) -> Measured:
    """Align pairs of texts and measure them, stage by stage (see `unspun.features.features_of_all`)."""
    read = list(pairs)
    aligned = [align(source, suspect) for source, suspect in read]
    return Measured(
        features_of_all(aligned),
        np.array([coverage(pair) for pair in aligned], np.float32),
        np.array([n_substitutions(pair) for pair in aligned], np.int32),
        [caution(pair) for pair in aligned],
    )


def _scores(measured: Measured, detector: SpinDetector) -> pd.DataFrame:
    """Return the score columns of measured pairs."""
    scored = detector.score_rows(measured.rows)
    table: dict[str, object] = {f"p_{name}": scored.relation[:, place] for place, name in enumerate(RELATIONS)}
    table |= {"p_forward": scored.p_forward, "coverage": measured.coverage, "n_substitutions": measured.n_substitutions}
    return pd.DataFrame(table | {"abstained": pd.Series(measured.abstained, dtype=object)})[list(SCORE_COLUMNS)]


def score_batch(candidates: pd.DataFrame, articles: Mapping[str, str], detector: SpinDetector) -> pd.DataFrame:
    """Score the candidate pairs of one batch; every article is read once, however many pairs it is in.

    Parameters
    ----------
    candidates : DataFrame
        ``source_id`` and ``suspect_id``.
    articles : mapping of str to str
        Text by article id.
    detector : SpinDetector
        A fitted detector.

    Returns
    -------
    DataFrame
        A SCORES table (`unspun.tables`), in the order of the candidates.
    """
    texts: dict[str, TokenText] = {}
    for name in pd.unique(candidates[["source_id", "suspect_id"]].to_numpy().ravel()):
        texts[name] = read_text(articles[name])
    ids = zip(candidates["source_id"], candidates["suspect_id"], strict=True)
    table = _scores(measure_pairs((texts[a], texts[b]) for a, b in ids), detector)
    table.insert(0, "source_id", candidates["source_id"].to_numpy())
    table.insert(1, "suspect_id", candidates["suspect_id"].to_numpy())
    return conform(table.assign(model=detector.name), SCORES, "scores")


def score_texts(sources: Iterable[str], suspects: Iterable[str], detector: SpinDetector) -> pd.DataFrame:
    """Score pairs of texts given side by side; columns `SCORE_COLUMNS`, in their order."""
    texts: dict[str, TokenText] = {}

    def read(text: str) -> TokenText:
        if text not in texts:
            texts[text] = read_text(text)
        return texts[text]

    return _scores(measure_pairs((read(a), read(b)) for a, b in zip(sources, suspects, strict=True)), detector)


def score_in_batches(
    rows: pd.DataFrame,
    size: int,
    task: Callable[[pd.DataFrame], tuple[Any, ...]],
    n_jobs: int = 1,
    progress: Progress | None = None,
) -> list[pd.DataFrame]:
    """Return the score tables of a table's batches, in its order.

    Parameters
    ----------
    rows : DataFrame
        A row a pair.
    size : int
        Rows a batch.
    task : callable
        From a batch to the function that scores it and what that takes: all that a process is sent.
    n_jobs : int
        Processes; -1 for all cores.
    progress : callable, optional
        Called with how many rows are done and how many there are.
    """
    batches = [rows.iloc[start : start + size] for start in range(0, len(rows), size)]
    tasks = (delayed(function)(*given) for function, *given in map(task, batches))
    tables: list[pd.DataFrame] = []
    done = 0
    for batch, table in zip(batches, Parallel(n_jobs=n_jobs, return_as="generator")(tasks), strict=True):
        tables.append(table)
        done += len(batch)
        if progress:
            progress(done, len(rows))
    return tables


def score_pairs(
    pairs: pd.DataFrame, detector: SpinDetector, n_jobs: int = 1, progress: Progress | None = None
) -> pd.DataFrame:
    """Score a table of pairs.

    Parameters
    ----------
    pairs : DataFrame
        ``id``, ``source`` and ``suspect``, the latter two texts.
    detector : SpinDetector
        A fitted detector.
    n_jobs : int
        Processes; -1 for all cores. The result does not depend on it.
    progress : callable, optional
        Called with how many pairs are done and how many there are.

    Returns
    -------
    DataFrame
        ``id``, then `SCORE_COLUMNS`, a row a pair in the order given. ``p_spun`` is a number wherever both texts could
        be read; ``abstained`` says what speaks against relying on it.
    """
    tables = score_in_batches(
        pairs,
        _BATCH,
        lambda batch: (score_texts, batch["source"].tolist(), batch["suspect"].tolist(), detector),
        n_jobs,
        progress,
    )
    scores = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=list(SCORE_COLUMNS))
    scores.insert(0, "id", pairs["id"].to_numpy())
    return scores
