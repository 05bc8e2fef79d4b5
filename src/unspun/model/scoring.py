"""Score pairs of texts: two texts, or a table of pairs."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np

from unspun.comparison.aligned_pair import AlignedPair
from unspun.comparison.comparing import Comparison, compare, compare_all, no_search_for_cycles
from unspun.comparison.passage_cuts import FEWEST_WORDS
from unspun.comparison.passages import place_of
from unspun.errors import InputError
from unspun.io.labels import RELATIONS, SPUN
from unspun.io.progress import Progress
from unspun.model.document_classifier import DocumentRows
from unspun.model.pair_score import (
    Passage,
    Score,
    caution,
    draw_to_prior,
    evidence_share,
    merge_alike,
    not_judged,
    spun_share_of,
    verdict_of,
)
from unspun.model.spin_model import Scored
from unspun.text.token_text import MAX_CHARS, TokenText
from unspun.text.tokenizer import read_text

if TYPE_CHECKING:
    import pandas as pd

    from unspun.model.detector import SpinDetector
    from unspun.model.spin_model import SpinModel

    Detector = SpinModel | SpinDetector

# What handles tables is imported where one is handled: a score of two texts starts without it.
SCORE_COLUMNS = (
    *("p_spun", "p_low", "p_high", "p_forward"),
    *(f"p_{relation}" for relation in RELATIONS if relation != SPUN),
    *("coverage", "source_coverage", "n_substitutions", "spun_share", "n_passages", "abstained"),
)
PASSAGE_COLUMNS = (
    *("id", "source_start", "source_end", "suspect_start", "suspect_end", "words"),
    *(f"p_{relation}" for relation in RELATIONS),
    *("p_forward", "abstained"),
)
_BATCH = 200
_PAIR = ("source", "suspect")


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
    ('not judged', 'too short: 4 words aligned, 12 needed')
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
    X, rows = DocumentRows.of(comparisons)
    scored, parts = detector.score_documents(X, rows)
    by_pair: list[list[Passage]] = [[] for _ in comparisons]
    told = zip(rows.owner.tolist(), chain.from_iterable(made.passages for made in comparisons), strict=True)
    for number, (owner, part) in enumerate(told):
        by_pair[owner].append(_passage(part.pair, parts, number))
    return [_score_of(made, scored, number, by_pair[number], detector) for number, made in enumerate(comparisons)]


def _passage(pair: AlignedPair, scored: Scored, number: int) -> Passage:
    relation = dict(zip(RELATIONS, scored.relation[number].tolist(), strict=True))
    words = len(pair.suspect)
    return Passage(
        *place_of(pair),
        n_words=words,
        p_spun=relation[SPUN],
        p_forward=float(scored.p_forward[number]),
        relation=relation,
        caution=f"short: {words} words" if words < FEWEST_WORDS else None,
    )


def _score_of(made: Comparison, scored: Scored, number: int, passages: list[Passage], detector: Detector) -> Score:
    """Return the score of one pair; no number where there was nothing to judge."""
    pair, longest = made.pair, longest_passage(made)
    reason = made.withheld or not_judged(pair)
    same = reason is None and pair.source.words == pair.suspect.words
    share, prior = evidence_share(pair, longest), detector.prior
    relation = _drawn(dict(zip(RELATIONS, scored.relation[number].tolist(), strict=True)), share, prior)
    low, high = (draw_to_prior(float(end[number]), share, prior) for end in (scored.low, scored.high))
    p_forward = float(scored.p_forward[number])
    if same:
        relation, low, high, p_forward = dict(_IDENTICAL), 0.0, _IDENTICAL[SPUN], 0.5
    if reason:
        relation, low, high, p_forward = dict.fromkeys(RELATIONS, math.nan), math.nan, math.nan, math.nan
    abstained = reason or caution(pair, longest)
    passages = [_drawn_passage(one, share, prior) for one in passages]
    if not passages and not reason:
        passages = [_whole_passage(pair, relation, p_forward)]
    shares = (math.nan, math.nan) if reason else _spun_shares(made, passages)
    return Score(
        verdict=verdict_of(low, high, abstained, judged=reason is None),
        p_spun=relation[SPUN],
        p_low=low,
        p_high=high,
        p_forward=p_forward,
        relation=relation,
        coverage=pair.coverage,
        source_coverage=pair.source_coverage,
        n_aligned_words=pair.n_aligned_words,
        n_substitutions=pair.n_substitutions,
        abstained=abstained,
        model=detector.name,
        spun_share=shares[0],
        source_spun_share=shares[1],
        passages=() if reason else merge_alike(passages),
    )


def longest_passage(made: Comparison) -> int:
    """Return the words of a pair's longest passage, of its shorter side, or 0."""
    sizes = (min(len(part.pair.source), len(part.pair.suspect)) for part in made.passages)
    return max(sizes, default=0)


def _drawn(relation: dict[str, float], share: float, prior: float) -> dict[str, float]:
    """Return probabilities drawn to the prior, those of the other relations in proportion."""
    p = relation[SPUN]
    if share >= 1 or not 0 < p < 1:
        return relation
    drawn = draw_to_prior(p, share, prior)
    return {name: drawn if name == SPUN else own * (1 - drawn) / (1 - p) for name, own in relation.items()}


def _drawn_passage(passage: Passage, share: float, prior: float) -> Passage:
    if share >= 1:
        return passage
    relation = _drawn(dict(passage.relation), share, prior)
    return replace(passage, p_spun=relation[SPUN], relation=relation)


def _spun_shares(made: Comparison, passages: Sequence[Passage]) -> tuple[float, float]:
    """Return which share of the suspect's, and of the source's, words are expected to lie in spun passages."""
    pairs = [part.pair for part in made.passages] or [made.pair]
    in_suspect = spun_share_of(made.pair.suspect, passages, [len(pair.suspect) for pair in pairs])
    return in_suspect, spun_share_of(made.pair.source, passages, [len(pair.source) for pair in pairs])


_IDENTICAL = {SPUN: 0.002, "copied": 0.994, "edited": 0.002, "rewritten": 0.001, "independent": 0.001}
"""What is said of texts that have the same words."""


def _whole_passage(pair: AlignedPair, relation: Mapping[str, float], p_forward: float) -> Passage:
    """Return two texts that are all one passage as that passage."""
    return Passage(*place_of(pair), len(pair.suspect), relation[SPUN], p_forward, relation)


def packaged() -> SpinModel:
    """Return the model that ships with the package, opened once."""
    from unspun.model.persistence import load_model

    return load_model()


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
        frame. ``p_spun`` is NaN where a pair is not judged; ``abstained`` says why, or what speaks against a number.

    Raises
    ------
    ValueError
        When a column is missing or holds something else than texts.

    Examples
    --------
    >>> score_pairs([("The old ferry sank.", "The old ferryboat sank.")])["n_substitutions"].tolist()
    [1]
    """
    return score_with_passages(pairs, detector, n_jobs, progress)[0]


def score_with_passages(
    pairs: Any,
    detector: SpinDetector | SpinModel | None = None,
    n_jobs: int = 1,
    progress: Progress | None = None,
    read: Callable[[str], TokenText] = read_text,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Score a table of pairs and their passages.

    Parameters
    ----------
    pairs : DataFrame, mapping, array or iterable of pairs
        See `score_pairs`.
    detector : SpinDetector, optional
        A fitted detector; the packaged one if not given, opened once.
    n_jobs : int
        Processes; -1 for all cores. The result does not depend on it.
    progress : callable, optional
        Called with how many pairs are done and how many there are.
    read : callable
        Reads a text; a reader of another kind can leave sentences out as boilerplate.

    Returns
    -------
    scores : DataFrame
        As `score_pairs` returns it.
    passages : DataFrame
        `PASSAGE_COLUMNS`, a row a passage, in the order of the pairs; ``id`` is the index of the pair where no id was
        given.

    Raises
    ------
    ValueError
        When a column is missing or holds something else than texts.
    """
    import pandas as pd
    from joblib import Parallel, delayed

    from unspun.io.pair_frames import pairs_frame

    frame = pairs_frame(pairs)
    detector = detector or packaged()
    ids = frame["id"] if "id" in frame else pd.Series(frame.index, index=frame.index)
    batches = [frame.iloc[start : start + _BATCH] for start in range(0, len(frame), _BATCH)]
    sides = ((batch["source"].tolist(), batch["suspect"].tolist()) for batch in batches)
    tasks = (delayed(_score_texts)(sources, suspects, detector, read) for sources, suspects in sides)
    tables, passages, done = list[pd.DataFrame](), list[pd.DataFrame](), 0
    for scored in Parallel(n_jobs=n_jobs, return_as="generator")(tasks):
        tables.append(score_table(scored))
        passages.append(passage_table(ids.iloc[done : done + len(scored)].tolist(), scored))
        done += len(scored)
        if progress:
            progress(done, len(frame))
    scores = pd.concat(tables or [score_table([])], ignore_index=True).set_axis(frame.index)
    if "id" in frame:
        scores.insert(0, "id", frame["id"])
    return scores, pd.concat(passages or [passage_table([], [])], ignore_index=True)


@no_search_for_cycles()
def _score_texts(
    sources: list[str], suspects: list[str], detector: Detector, read: Callable[[str], TokenText]
) -> list[Score]:
    """Score pairs of texts given side by side; a text that is in several pairs is read once."""
    texts = {text: read(text) for text in {*sources, *suspects}}
    pairs = ((texts[source], texts[suspect]) for source, suspect in zip(sources, suspects, strict=True))
    return scores_of(compare_all(pairs), detector)


def passage_table(ids: Sequence[Any], scores: Sequence[Score]) -> pd.DataFrame:
    """Return the passages of scores as a frame.

    Parameters
    ----------
    ids : sequence
        The name of every pair.
    scores : sequence of Score
        Their scores.

    Returns
    -------
    DataFrame
        With the columns `PASSAGE_COLUMNS`, a row a passage.

    Examples
    --------
    >>> passage_table([], []).columns.tolist() == list(PASSAGE_COLUMNS)
    True
    """
    import pandas as pd

    rows = [
        (name, *_place_of(one), one.n_words, *(one.relation[r] for r in RELATIONS), one.p_forward, one.caution)
        for name, score in zip(ids, scores, strict=True)
        for one in score.passages
    ]
    return pd.DataFrame(rows, columns=list(PASSAGE_COLUMNS))


def _place_of(one: Passage) -> tuple[int, int, int, int]:
    return one.source_start, one.source_end, one.suspect_start, one.suspect_end


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
            *((name, np.float32) for name in ("coverage", "source_coverage", "spun_share")),
            ("n_substitutions", np.int32),
        )
    }
    columns |= {f"p_{name}": np.array([one.relation[name] for one in scores], np.float64) for name in RELATIONS}
    columns["n_passages"] = np.array([len(one.passages) for one in scores], np.int32)
    columns["abstained"] = pd.Series([one.abstained for one in scores], dtype=object)
    return pd.DataFrame({name: columns[name] for name in SCORE_COLUMNS})
