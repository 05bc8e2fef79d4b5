"""Explain pairs of a run, with what the rest of the run says about their swaps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from unspun.comparison.alignment import align
from unspun.crawl.forms import Forms, MarkedText, compare_marked, leave_out
from unspun.crawl.ranking import flagged_pairs
from unspun.crawl.run import Run
from unspun.errors import InputError
from unspun.evidence.explaining import explain_comparison
from unspun.evidence.explanation import ExplainedPair, Explanation
from unspun.evidence.repeated_swaps import Swap, swaps_of, with_recurrence
from unspun.io.progress import Progress
from unspun.model.persistence import load_model
from unspun.model.spin_model import SpinModel
from unspun.text.tokenizer import read_text

if TYPE_CHECKING:
    from unspun.model.scoring import Detector

_SCORES = ("source_id", "suspect_id", "p_spun", "p_forward", "model")
_READ_ONCE = 512
"""Articles that are kept as read: the sources of many pairs are the same."""


@dataclass(frozen=True, slots=True)
class ReportOptions:
    """Options of what is told of a run.

    Attributes
    ----------
    min_p : float
        Pairs from this p_spun on are flagged.
    redact : bool
        Leave titles and texts out, show only what was changed.
    limit : int
        Flagged pairs to explain at most, the likeliest; a hundred take some seconds.
    ignored : tuple of str
        Texts whose sentences are nobody's, beside those that the scan was given.
    """

    min_p: float = 0.5
    redact: bool = False
    limit: int = 500
    ignored: tuple[str, ...] = ()


_DEFAULT = ReportOptions()


def explain_flagged(
    run: Run,
    detector: Detector | None = None,
    options: ReportOptions = _DEFAULT,
    progress: Progress | None = None,
    first: Sequence[tuple[str, str]] = (),
) -> list[ExplainedPair]:
    """Explain the flagged pairs of a run, each read and aligned once.

    Parameters
    ----------
    run : Run
        As `unspun.crawl.run.open_run` gives it.
    detector : SpinModel or SpinDetector, optional
        The one that scored the run, with its prior; the packaged one with that prior if not given.
    options : ReportOptions
        Which pairs, and how much of them is told.
    progress : callable, optional
        Called with how many pairs are explained and how many there are.
    first : sequence of (str, str)
        Ids of flagged pairs that come first, as they stand here.

    Returns
    -------
    list of ExplainedPair
        Likeliest spun first, in each pair the likelier source first. Substitutions say in how many of the other pairs
        the same swap was made.

    Raises
    ------
    InputError
        When the run was scored by another model or for another prior: its numbers would not be those explained.
    """
    detector = detector or detector_of(run)
    flagged = _flagged(_checked_scores(run, detector), options.min_p, options.limit + len(first))
    leading = {frozenset(pair) for pair in first}
    pairs = [*first, *(pair for pair in flagged if frozenset(pair) not in leading)][: options.limit]
    return _explained(run, pairs, detector, options, progress)


def explain_findings(
    run: Run,
    findings: pd.DataFrame,
    detector: Detector | None = None,
    options: ReportOptions = _DEFAULT,
    progress: Progress | None = None,
) -> list[ExplainedPair]:
    """Explain findings of a run: of each, the pair with its likeliest source.

    Parameters
    ----------
    run : Run
        As `unspun.crawl.run.open_run` gives it.
    findings : DataFrame
        Some of its FINDINGS; at most ``options.limit`` are explained, the first.
    detector : SpinModel or SpinDetector, optional
        The one that scored the run, with its prior; the packaged one with that prior if not given.
    options : ReportOptions
        How many, and how much of them is told.
    progress : callable, optional
        Called with how many pairs are explained and how many there are.

    Returns
    -------
    list of ExplainedPair
        In the order given. Substitutions say in how many of the other findings the same swap was made.

    Raises
    ------
    InputError
        When the run was scored by another model or for another prior: its numbers would not be those explained.
    """
    detector = detector or detector_of(run)
    check_model(run, run.table("scores", ["model"]), detector)
    some = findings.head(options.limit)
    pairs = list(zip(some["source_id"], some["suspect_id"], strict=True))
    return _explained(run, pairs, detector, options, progress)


def _explained(
    run: Run,
    pairs: list[tuple[str, str]],
    detector: Detector,
    options: ReportOptions,
    progress: Progress | None,
) -> list[ExplainedPair]:
    articles = _Articles(run, chain.from_iterable(pairs), options.redact, options.ignored)
    explained = []
    for n_done, (source_id, suspect_id) in enumerate(pairs, 1):
        explained.append(articles.explain(source_id, suspect_id, detector))
        if progress:
            progress(n_done, len(pairs))
    n_pairs_with = Counter(swap for one in explained for swap in one.swaps)
    return [_recounted(one, n_pairs_with) for one in explained]


def explain_in_run(
    run: Run,
    source_id: str,
    suspect_id: str,
    detector: Detector | None = None,
    options: ReportOptions = _DEFAULT,
) -> ExplainedPair:
    """Explain two articles of a run, whether or not they were compared in it.

    Parameters
    ----------
    run : Run
        As `unspun.crawl.run.open_run` gives it.
    source_id, suspect_id : str
        Ids of two of its articles.
    detector : SpinModel or SpinDetector, optional
        The one that scored the run, with its prior; the packaged one with that prior if not given.
    options : ReportOptions
        In which of the flagged pairs the swaps are looked for again; a limit of 0 for none.

    Returns
    -------
    ExplainedPair
        Substitutions say in how many of these pairs the same swap was made.

    Raises
    ------
    InputError
        When the run has no such article, or was scored by another model or for another prior.
    """
    detector = detector or detector_of(run)
    flagged = _flagged(_checked_scores(run, detector), options.min_p, options.limit + 1)
    others = [pair for pair in flagged if set(pair) != {source_id, suspect_id}][: options.limit]
    articles = _Articles(run, [source_id, suspect_id, *chain.from_iterable(others)], options.redact, options.ignored)
    explained = articles.explain(source_id, suspect_id, detector)
    n_pairs_with = Counter(explained.swaps)
    for pair in others:
        n_pairs_with.update(articles.swaps(*pair))
    return _recounted(explained, n_pairs_with)


class _Articles:
    """Articles of a run, each read once while it is asked for."""

    def __init__(self, run: Run, ids: Iterable[str], redact: bool, ignored: Iterable[str] = ()) -> None:
        wanted = set(ids)
        titles = dict(run.table("articles", ["article_id", "title"]).itertuples(index=False, name=None))
        if missing := wanted - titles.keys():
            raise InputError("no such article in the run", min(missing), "give an id as `unspun report` prints it")
        self._titles = titles
        self._texts = run.texts(wanted)
        self._forms = Forms.of(run.table("forms")).ignoring(ignored)
        self._redact = redact
        self._read = lru_cache(maxsize=_READ_ONCE)(self._read_article)

    def _read_article(self, article_id: str) -> MarkedText:
        return self._forms.mark(read_text(self._texts[article_id]))

    def explain(self, source_id: str, suspect_id: str, detector: Detector) -> ExplainedPair:
        """Explain a pair; nothing is known yet of other pairs."""
        [compared], [form] = compare_marked([(self._read(source_id), self._read(suspect_id))])
        names = {"source_id": source_id, "suspect_id": suspect_id}
        if not self._redact:
            names |= {"source_title": self._titles[source_id], "suspect_title": self._titles[suspect_id]}
        found = replace(explain_comparison(compared, detector, names), form=form)
        texts = self._texts[source_id], self._texts[suspect_id]
        return ExplainedPair(_redacted(found) if self._redact else found, *texts, swaps_of(compared.pair))

    def swaps(self, source_id: str, suspect_id: str) -> frozenset[Swap]:
        """Return the swaps of a pair, which is aligned but not measured."""
        return swaps_of(align(*leave_out(self._read(source_id), self._read(suspect_id))[:2]))


def _redacted(found: Explanation) -> Explanation:
    """Leave out the names, numbers and rare words that were kept: they are pieces of the texts."""
    fixed = (replace(one, text="") if one.state == "kept" else one for one in found.fixed)
    return replace(found, fixed=tuple(fixed))


def _recounted(one: ExplainedPair, n_pairs_with: Counter[Swap]) -> ExplainedPair:
    return one._replace(explanation=with_recurrence(one.explanation, one.source, one.suspect, n_pairs_with))


def _flagged(scores: pd.DataFrame, min_p: float, limit: int) -> list[tuple[str, str]]:
    """Return the ids of the likeliest flagged pairs, the likelier source first."""
    found = flagged_pairs(scores, min_p).head(limit)
    return list(zip(found["source_id"], found["suspect_id"], strict=True))


def detector_of(run: Run, model: Path | None = None) -> SpinModel:
    """Open the detector that scored a run.

    Parameters
    ----------
    run : Run
        As `unspun.crawl.run.open_run` gives it.
    model : Path, optional
        The folder of the model; the packaged one if not given.

    Returns
    -------
    SpinModel
        With the prior that the run was scored for.
    """
    return load_model(model, run.prior)


def check_model(run: Run, scores: pd.DataFrame, detector: Detector) -> None:
    """Refuse a run that was scored otherwise.

    Its numbers would not be those of the explanations.

    Parameters
    ----------
    run : Run
        The run.
    scores : DataFrame
        Its SCORES, at least the column ``model``.
    detector : SpinModel or SpinDetector
        The one to explain with.

    Raises
    ------
    InputError
        When the run was scored by another model or for another prior.
    """
    others = sorted(set(scores["model"].unique()) - {detector.name})
    if others:
        todo = f"give that model with --model, or scan again with {detector.name}"
        raise InputError("the run was scored by another model", others[0], todo)
    if run.prior != detector.prior:
        todo = "open the detector with that prior"
        raise InputError(f"the run was scored for another prior than {detector.prior:g}", f"{run.prior:g}", todo)


def _checked_scores(run: Run, detector: Detector) -> pd.DataFrame:
    scores = run.table("scores", _SCORES)
    check_model(run, scores, detector)
    return scores
