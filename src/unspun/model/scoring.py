"""Score pairs of texts: two texts, or a table of pairs."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from unspun.comparison.aligned_pair import AlignedPair
from unspun.comparison.comparing import Comparison, compare, compare_all, rows_of_all
from unspun.errors import InputError
from unspun.io.labels import RELATIONS, SPUN
from unspun.io.notebook_html import html_summary
from unspun.io.progress import Progress
from unspun.text.lexicon import load_lexicon
from unspun.text.token_text import MAX_CHARS, TokenText
from unspun.text.tokenizer import read_text

if TYPE_CHECKING:
    import pandas as pd

    from unspun.model.detector import SpinDetector
    from unspun.model.spin_model import SpinModel

    Detector = SpinModel | SpinDetector

# What handles tables is imported where one is handled: a score of two texts starts without it.

MIN_ALIGNED_WORDS = 30
"""Aligned words, of the shorter side, below which a score comes with a caution."""
MIN_COVERAGE = 0.3
"""The same for the share aligned of the text that has more of it aligned.

Of pairs by two writers on one task that are taken for spun, 72 % have less. Of spun pairs that are told, 1.5 % have
(docs/notebook/2026-11-23-texts-on-one-task.md)."""
MIN_STOP_RATE = 0.15
"""Share of English function words below which a text is not taken for English (prose has 35 % to 55 %)."""
SCORE_COLUMNS = (
    *("p_spun", "p_low", "p_high", "p_forward"),
    *(f"p_{relation}" for relation in RELATIONS if relation != SPUN),
    *("coverage", "source_coverage", "n_substitutions", "abstained"),
)
_BATCH = 200
_PAIR = ("source", "suspect")

Verdict = Literal["likely", "unclear", "unlikely"]


@dataclass(frozen=True, slots=True, repr=False)
class Score:
    """The score of two texts.

    Attributes
    ----------
    verdict : str
        ``likely``, ``unclear`` or ``unlikely``: see `verdict_of`.
    p_spun, p_low, p_high : float
        Probability that one text was spun from the other, and its 90 % interval.
    p_forward : float
        Probability that the suspect is the spun side, given that one is.
    relation : dict
        Probabilities by the names in `unspun.io.labels.RELATIONS`; they sum to 1.
    coverage, source_coverage : float
        Shares of the suspect's and of the source's words that are aligned, boilerplate aside; NaN without words.
    n_aligned_words : int
        Aligned words, of the side that has fewer.
    n_substitutions : int
        Substitutions of one word or a few by others, those of function words among them.
    abstained : str or None
        Why the score should not be relied on; None when it may be.
    model : str
        Name of the model.
    """

    verdict: Verdict
    p_spun: float
    p_low: float
    p_high: float
    p_forward: float
    relation: Mapping[str, float]
    coverage: float
    source_coverage: float
    n_aligned_words: int
    n_substitutions: int
    abstained: str | None
    model: str

    def __repr__(self) -> str:
        """Return the verdict and the numbers in one line.

        >>> relation = {"spun": 0.97, "copied": 0.03}
        >>> Score("likely", 0.97, 0.91, 0.99, 0.88, relation, 0.9, 0.8, 130, 21, None, "m")
        Score(likely: p_spun=0.970 [0.910, 0.990], p_forward=0.880)
        """
        caution = f", abstained={self.abstained!r}" if self.abstained else ""
        interval = f"[{self.p_low:.3f}, {self.p_high:.3f}]"
        return f"Score({self.verdict}: p_spun={self.p_spun:.3f} {interval}, p_forward={self.p_forward:.3f}{caution})"

    def _repr_html_(self) -> str:
        rows = [
            ("p_spun", f"{self.p_spun:.3f} (90 % interval {self.p_low:.3f} to {self.p_high:.3f})"),
            ("p_forward", f"{self.p_forward:.3f}"),
            *((f"p_{name}", f"{p:.3f}") for name, p in self.relation.items() if name != SPUN),
            ("aligned", f"{_share(self.coverage)} of the suspect, {_share(self.source_coverage)} of the source"),
            ("substitutions", f"{self.n_substitutions:,} in {self.n_aligned_words:,} aligned words"),
            *([("caution", self.abstained)] if self.abstained else []),
        ]
        return html_summary(f"Spun: {self.verdict}", rows)


def _share(part: float) -> str:
    return "nothing" if math.isnan(part) else f"{part:.0%}"


def score(source: str, suspect: str, detector: SpinDetector | SpinModel | None = None) -> Score:
    """Score two texts.

    Parameters
    ----------
    source, suspect : str
        The two texts.
    detector : SpinDetector or SpinModel, optional
        A fitted detector; the packaged one if not given, opened once.

    Returns
    -------
    Score
        The probabilities, and what speaks against relying on them.

    Raises
    ------
    InputError
        When a text is longer than `MAX_CHARS`.
    TypeError
        When one is not text.

    Examples
    --------
    >>> made = score("The old ferry sank.", "The old ferryboat sank.")
    >>> made.verdict, made.abstained
    ('unclear', 'too short: 4 words aligned, 30 needed')
    """
    return scores_of([compare(*read_both(source, suspect))], detector)[0]


def read_both(source: str, suspect: str) -> tuple[TokenText, TokenText]:
    """Read two texts, neither longer than is compared.

    Parameters
    ----------
    source, suspect : str
        The two texts.

    Returns
    -------
    tuple of TokenText
        Source and suspect.

    Raises
    ------
    InputError
        When one is longer than `MAX_CHARS`.
    TypeError
        When one is not text.
    """
    for side, text in zip(_PAIR, (source, suspect), strict=True):
        if not isinstance(text, str):
            raise TypeError(f"the {side} must be text, not {type(text).__name__}; read the file first")
        if len(text) > MAX_CHARS:
            todo = f"give at most {MAX_CHARS:,} characters"
            raise InputError(f"the {side} is too long to compare", f"{len(text):,} characters", todo)
    return read_text(source), read_text(suspect)


def scores_of(comparisons: Sequence[Comparison], detector: SpinDetector | SpinModel | None = None) -> list[Score]:
    """Return the scores of compared pairs, in their order.

    Parameters
    ----------
    comparisons : sequence of Comparison
        As `unspun.comparison.comparing.compare` makes them.
    detector : SpinDetector or SpinModel, optional
        A fitted detector; the packaged one if not given, opened once.

    Returns
    -------
    list of Score
        One a pair.
    """
    detector = detector or packaged()
    scored = detector.score_rows(rows_of_all(comparisons))
    numbers = (part.tolist() for part in (scored.relation, scored.low, scored.high, scored.p_forward))
    scores = []
    for made, relation, low, high, p_forward in zip(comparisons, *numbers, strict=True):
        pair, abstained = made.pair, caution(made.pair)
        one = Score(
            verdict=verdict_of(low, high, abstained),
            p_spun=relation[0],
            p_low=low,
            p_high=high,
            p_forward=p_forward,
            relation=dict(zip(RELATIONS, relation, strict=True)),
            coverage=pair.coverage,
            source_coverage=pair.source_coverage,
            n_aligned_words=pair.n_aligned_words,
            n_substitutions=pair.n_substitutions,
            abstained=abstained,
            model=detector.name,
        )
        scores.append(one)
    return scores


def packaged() -> SpinModel:
    """Return the model that ships with the package, opened once."""
    from unspun.model.persistence import load_model

    return load_model()


def verdict_of(low: float, high: float, abstained: str | None) -> Verdict:
    """Return the verdict in a word.

    ``likely`` when the whole 90 % interval of p_spun is above one half, ``unlikely`` when the whole of it is below.
    ``unclear`` when one half is inside it, or when there was too little to judge.

    Parameters
    ----------
    low, high : float
        The interval.
    abstained : str or None
        Why the score should not be relied on.

    Returns
    -------
    str
        ``likely``, ``unclear`` or ``unlikely``.

    Examples
    --------
    >>> verdict_of(0.8, 0.97, None), verdict_of(0.4, 0.8, None), verdict_of(0.8, 0.97, "nothing aligned")
    ('likely', 'unclear', 'unclear')
    """
    if abstained is not None or not (low > 0.5 or high < 0.5):
        return "unclear"
    return "likely" if low > 0.5 else "unlikely"


def caution(pair: AlignedPair) -> str | None:
    """Return why the score of a pair should not be relied on, None when it may be.

    >>> from unspun.comparison.alignment import align
    >>> caution(align(read_text(""), read_text("The old ferry sank.")))
    'the source has no words'
    """
    for name, text in zip(_PAIR, (pair.source, pair.suspect), strict=True):
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


# ------------------------------------------------------------------ tables


def score_pairs(
    pairs: Any, detector: SpinDetector | SpinModel | None = None, n_jobs: int = 1, progress: Progress | None = None
) -> pd.DataFrame:
    """Score a table of pairs.

    Parameters
    ----------
    pairs : DataFrame, mapping, array or iterable of pairs
        A pandas or polars frame, an Arrow table or a mapping with ``source`` and ``suspect``, both text, and perhaps
        ``id``. Or pairs of texts, the source first: a list of tuples, an array (n, 2).
    detector : SpinDetector or SpinModel, optional
        A fitted detector; the packaged one if not given, opened once.
    n_jobs : int
        Processes; -1 for all cores. The result does not depend on it.
    progress : callable, optional
        Called with how many pairs are done and how many there are.

    Returns
    -------
    DataFrame
        ``id`` where it was given, then `SCORE_COLUMNS`, a row a pair in the order given, with the index of a pandas
        frame. ``p_spun`` is a number for every pair; ``abstained`` says what speaks against relying on it.

    Raises
    ------
    ValueError
        When a column is missing or holds something else than texts.

    Examples
    --------
    >>> score_pairs([("The old ferry sank.", "The old ferryboat sank.")])["n_substitutions"].tolist()
    [1]
    """
    import pandas as pd
    from joblib import Parallel, delayed

    from unspun.io.pair_frames import pairs_frame

    frame = pairs_frame(pairs)
    detector = detector or packaged()
    batches = [frame.iloc[start : start + _BATCH] for start in range(0, len(frame), _BATCH)]
    tasks = (delayed(_score_texts)(batch["source"].tolist(), batch["suspect"].tolist(), detector) for batch in batches)
    tables = [score_table([])]
    for table in Parallel(n_jobs=n_jobs, return_as="generator")(tasks):
        tables.append(table)
        if progress:
            progress(sum(map(len, tables)), len(frame))
    scores = pd.concat(tables[1:] or tables, ignore_index=True).set_axis(frame.index)
    if "id" in frame:
        scores.insert(0, "id", frame["id"])
    return scores


def _score_texts(sources: Iterable[str], suspects: Iterable[str], detector: SpinDetector | SpinModel) -> pd.DataFrame:
    """Score pairs of texts given side by side; a text that is in several pairs is read once."""
    texts: dict[str, TokenText] = {}

    def read(text: str) -> TokenText:
        if text not in texts:
            texts[text] = read_text(text)
        return texts[text]

    compared = compare_all((read(source), read(suspect)) for source, suspect in zip(sources, suspects, strict=True))
    return score_table(scores_of(compared, detector))


def score_table(scores: Sequence[Score]) -> pd.DataFrame:
    """Return scores as a frame with the columns `SCORE_COLUMNS`, a row a score.

    >>> score_table([]).columns.tolist() == list(SCORE_COLUMNS)
    True
    """
    import pandas as pd

    columns: dict[str, Any] = {
        name: np.array([getattr(one, name) for one in scores], kind)
        for name, kind in (
            *((name, np.float64) for name in ("p_spun", "p_low", "p_high", "p_forward")),
            *((name, np.float32) for name in ("coverage", "source_coverage")),
            ("n_substitutions", np.int32),
        )
    }
    columns |= {f"p_{name}": np.array([one.relation[name] for one in scores], np.float64) for name in RELATIONS}
    columns["abstained"] = pd.Series([one.abstained for one in scores], dtype=object)
    return pd.DataFrame(columns)[list(SCORE_COLUMNS)]
