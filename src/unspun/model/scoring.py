"""Score pairs of texts: one pure function for a batch, and the loop over batches for a table of pairs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from joblib import Parallel, delayed

from unspun.comparison.aligned_pair import AlignedPair
from unspun.comparison.alignment import align_all
from unspun.comparison.features.extraction import features_of_all, texts_of
from unspun.io.labels import RELATIONS
from unspun.io.tables import SCORES, conform
from unspun.model.detector import SpinDetector
from unspun.text.lexicon import load_lexicon
from unspun.text.token_text import FloatArray, TokenText
from unspun.text.tokenizer import read_text

MIN_ALIGNED_WORDS = 30
"""Aligned words, of the shorter side, below which a score comes with a caution."""
MIN_COVERAGE = 0.3
"""The same for the share aligned of the text that has more of it aligned. Of two writers' texts on one task that are
taken for spun .72 have less, of spun pairs that are told .015 (see docs/choices.md)."""
MIN_STOP_RATE = 0.15
"""Share of English function words below which a text is not taken for English (prose has 0.35 to 0.55)."""
SCORE_COLUMNS = (
    *("p_spun", "p_low", "p_high", "p_forward"),
    *(f"p_{r}" for r in RELATIONS[1:]),
    *("coverage", "source_coverage", "n_substitutions", "abstained"),
)
_BATCH = 200

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """What a batch measured: features (n, f), coverage of suspect and source (n, 2), substitutions, cautions (n,)."""

    rows: FloatArray
    coverage: FloatArray
    n_substitutions: np.ndarray
    abstained: list[str | None]


def caution(pair: AlignedPair) -> str | None:
    """Return why the score of a pair should not be relied on, None when it may be.

    >>> from unspun.comparison.alignment import align
    >>> caution(align(read_text(""), read_text("The old ferry sank.")))
    'the source has no words'
    """
    for name, text in (("source", pair.source), ("suspect", pair.suspect)):
        if not len(text):
            return f"the {name} has no words"
        if not _reads_as_english(text):
            return f"the {name} is not English"
    if not len(pair.groups):
        return "nothing aligned"
    aligned = pair.n_aligned_words
    if aligned < MIN_ALIGNED_WORDS:
        return f"too short: {aligned} words aligned, {MIN_ALIGNED_WORDS} needed"
    most = max(pair.coverage, pair.source_coverage)
    if most < MIN_COVERAGE:
        return f"little aligned: at most {int(100 * most)}% of either text, {MIN_COVERAGE:.0%} of one needed"
    return None


def _reads_as_english(text: TokenText) -> bool:
    lexicon = load_lexicon()
    return len(text) < 10 or float(lexicon.stop[lexicon.row(text.ids)].mean()) >= MIN_STOP_RATE


def measure_pairs(pairs: Iterable[tuple[TokenText, TokenText]]) -> Measured:
    """Align pairs of texts and measure them, stage by stage (see `features_of_all`)."""
    aligned = align_all(pairs)
    return Measured(
        features_of_all(aligned),
        np.array([(pair.coverage, pair.source_coverage) for pair in aligned], np.float32).reshape(-1, 2),
        np.array([pair.n_substitutions for pair in aligned], np.int32),
        [caution(pair) for pair in aligned],
    )


def _scores(measured: Measured, detector: SpinDetector) -> pd.DataFrame:
    """Return the score columns of measured pairs."""
    scored = detector.score_rows(measured.rows)
    table: dict[str, object] = {f"p_{name}": scored.relation[:, place] for place, name in enumerate(RELATIONS)}
    table |= {"p_low": scored.low, "p_high": scored.high, "p_forward": scored.p_forward}
    table |= {"coverage": measured.coverage[:, 0], "source_coverage": measured.coverage[:, 1]}
    table |= {"n_substitutions": measured.n_substitutions}
    return pd.DataFrame(table | {"abstained": pd.Series(measured.abstained, dtype=object)})[list(SCORE_COLUMNS)]


def score_batch(candidates: pa.RecordBatch, articles: pa.RecordBatch, detector: SpinDetector) -> pa.RecordBatch:
    """Score the candidate pairs of one batch; every article is read once, however many pairs it is in.

    Parameters
    ----------
    candidates : RecordBatch
        ``source_id`` and ``suspect_id``; others are ignored.
    articles : RecordBatch
        ``article_id`` and ``text`` of all of these articles; others are ignored.
    detector : SpinDetector
        A fitted detector.

    Returns
    -------
    RecordBatch
        SCORES rows (`unspun.io.tables`), in the order of the candidates.
    """
    batches = list(score_batches(candidates, articles, detector))
    return pa.concat_batches(batches) if batches else pa.RecordBatch.from_pylist([], SCORES)


def score_batches(
    candidates: pa.RecordBatch | pa.Table, articles: pa.RecordBatch | pa.Table, detector: SpinDetector
) -> Iterator[pa.RecordBatch]:
    """Score as `score_batch` does, a few hundred pairs at a time; a text is let go once its last pair is done."""
    texts = dict(zip(articles.column("article_id").to_pylist(), articles.column("text").to_pylist(), strict=True))
    sources = candidates.column("source_id").to_pylist()
    suspects = candidates.column("suspect_id").to_pylist()
    last = {name: row for row, pair in enumerate(zip(sources, suspects, strict=True)) for name in pair}
    read: dict[str, TokenText] = {}
    for start in range(0, len(sources), _BATCH):
        pairs = list(zip(sources[start : start + _BATCH], suspects[start : start + _BATCH], strict=True))
        new = dict.fromkeys(name for pair in pairs for name in pair if name not in read)
        read |= {name: read_text(texts[name]) for name in new}
        table = _scores(measure_pairs((read[a], read[b]) for a, b in pairs), detector)
        ids = pd.DataFrame(pairs, columns=["source_id", "suspect_id"], dtype=str)
        scores = conform(pd.concat([ids, table], axis=1).assign(model=detector.name), SCORES, "scores")
        yield pa.RecordBatch.from_pandas(scores, SCORES, preserve_index=False).replace_schema_metadata(None)
        read = {name: text for name, text in read.items() if last[name] >= start + _BATCH}


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

    Raises
    ------
    ValueError
        When a column is missing or holds something else than texts.
    """
    texts_of(pairs)
    tables = score_in_batches(
        pairs,
        _BATCH,
        lambda batch: (score_texts, *texts_of(batch), detector),
        n_jobs,
        progress,
    )
    scores = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=list(SCORE_COLUMNS))
    scores.insert(0, "id", pairs["id"].to_numpy())
    return scores
