"""Hold the score of two texts and of their passages, and what speaks against it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from unspun.comparison.aligned_pair import AlignedPair
from unspun.comparison.passage_cuts import FEWEST_WORDS
from unspun.comparison.passages import MOST_WORDS
from unspun.io.labels import SPUN, assigned, in_brackets, interval_words, probability
from unspun.io.notebook_html import html_summary
from unspun.text.lexicon import load_lexicon
from unspun.text.token_text import TokenText

_PAIR = ("source", "suspect")
MIN_ALIGNED_WORDS = 30
"""Aligned words, of the shorter side, below which a score comes with a caution."""


FEWEST_ALIGNED_WORDS = 12
"""Aligned words, of the shorter side, below which a pair gets no number."""


MIN_COVERAGE = 0.3
"""The same for the share aligned of the text that has more of it aligned.

Of pairs by two writers on one task that are taken for spun, 72 % have less. Of spun pairs that are told, 1.5 % have
(docs/notebook/2026-11-23-texts-on-one-task.md)."""


MIN_STOP_RATE = 0.15
"""Share of English function words below which a text is not taken for English (prose has 35 % to 55 %)."""

Verdict = Literal["likely", "unclear", "unlikely", "not judged"]


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of two texts that stays together in both, and what is said of it.

    Attributes
    ----------
    source_start, source_end, suspect_start, suspect_end : int
        Where it lies, half-open, in code points of the original texts.
    n_words : int
        Words of the suspect in it.
    p_spun, p_forward : float
        As of a `Score`. The strongest passage of two texts has their p_spun.
    relation : dict
        Probabilities by the names in `unspun.io.labels.RELATIONS`; they sum to 1.
    caution : str or None
        What speaks against relying on it.
    """

    source_start: int
    source_end: int
    suspect_start: int
    suspect_end: int
    n_words: int
    p_spun: float
    p_forward: float
    relation: Mapping[str, float]
    caution: str | None = None


@dataclass(frozen=True, slots=True, repr=False)
class Score:
    """The score of two texts.

    Attributes
    ----------
    verdict : str
        ``likely``, ``unclear``, ``unlikely`` or ``not judged``: see `verdict_of`.
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
    spun_share : float
        Share of the suspect's words that are expected to lie in spun passages; NaN where nothing was judged.
    source_spun_share : float
        The same for the source's words.
    passages : tuple of Passage
        In the order of the suspect; neighbours that are alike spun, or alike not, are one.
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
    spun_share: float = math.nan
    source_spun_share: float = math.nan
    passages: tuple[Passage, ...] = ()

    def __repr__(self) -> str:
        """Return the verdict and the numbers in one line.

        >>> relation = {"spun": 0.97, "copied": 0.03}
        >>> Score("likely", 0.97, 0.91, 0.99, 0.88, relation, 0.9, 0.8, 130, 21, None, "m")
        Score(likely: p_spun=0.970 [0.910, 0.990], p_forward=0.880)
        """
        caution = f", abstained={self.abstained!r}" if self.abstained else ""
        p_spun = f"{assigned('p_spun', self.p_spun)} {in_brackets(self.p_low, self.p_high)}"
        return f"Score({self.verdict}: {p_spun}, {assigned('p_forward', self.p_forward)}{caution})"

    def _repr_html_(self) -> str:
        rows = [
            ("p_spun", f"{probability(self.p_spun)} (90 % interval {interval_words(self.p_low, self.p_high)})"),
            ("p_forward", probability(self.p_forward)),
            *((f"p_{name}", probability(p)) for name, p in self.relation.items() if name != SPUN),
            ("aligned", f"{_share(self.coverage)} of the suspect, {_share(self.source_coverage)} of the source"),
            ("substitutions", f"{self.n_substitutions:,} in {self.n_aligned_words:,} aligned words"),
            *([("caution", self.abstained)] if self.abstained else []),
        ]
        return html_summary(f"Spun: {self.verdict}", rows)


def _share(part: float) -> str:
    return "nothing" if math.isnan(part) else f"{part:.0%}"


def merge_alike(passages: Sequence[Passage]) -> tuple[Passage, ...]:
    """Join neighbours that are alike spun, or alike not.

    They must follow one another in both texts.

    Parameters
    ----------
    passages : sequence of Passage
        In the order of the suspect.

    Returns
    -------
    tuple of Passage
        What is joined has the higher p_spun.

    Examples
    --------
    >>> first = Passage(0, 90, 0, 100, 15, 0.9, 0.8, {"spun": 0.9})
    >>> second = Passage(92, 200, 102, 180, 12, 0.7, 0.6, {"spun": 0.7})
    >>> [(one.source_end, one.n_words, one.p_spun) for one in merge_alike([first, second])]
    [(200, 27, 0.9)]
    """
    merged: list[Passage] = []
    for passage in passages:
        if merged and _follows(merged[-1], passage):
            before = merged.pop()
            stronger = max(before, passage, key=lambda one: one.p_spun)
            passage = replace(
                stronger,
                source_start=min(before.source_start, passage.source_start),
                source_end=max(before.source_end, passage.source_end),
                suspect_start=before.suspect_start,
                suspect_end=max(before.suspect_end, passage.suspect_end),
                n_words=before.n_words + passage.n_words,
            )
        merged.append(passage)
    return tuple(merged)


def _follows(before: Passage, passage: Passage) -> bool:
    alike = (before.p_spun >= 0.5) == (passage.p_spun >= 0.5)
    near = abs(passage.source_start - before.source_end) <= _NEAR
    return alike and near and passage.suspect_start - before.suspect_end <= _NEAR


_NEAR = 400
"""Characters between two passages that are told as one."""


def spun_share_of(text: TokenText, passages: Sequence[Passage], lengths: Sequence[int]) -> float:
    """Return the expected share of a text's words in spun passages.

    Parameters
    ----------
    text : TokenText
        One of the two texts.
    passages : sequence of Passage
        All passages of the pair.
    lengths : sequence of int
        Words of that text in each of them.

    Returns
    -------
    float
        Share of its words, boilerplate aside, in [0, 1].
    """
    expected = sum(passage.p_spun * length for passage, length in zip(passages, lengths, strict=True))
    # Passages that were moved may lie over one another in the source.
    return min(1.0, expected / max(text.n_own_words, 1))


def verdict_of(low: float, high: float, abstained: str | None, judged: bool = True) -> Verdict:
    """Return the verdict in a word.

    ``likely`` when the whole 90 % interval of p_spun is above one half, ``unlikely`` when the whole of it is below.
    ``unclear`` when one half is inside it, or when there was too little to judge.

    Parameters
    ----------
    low, high : float
        The interval.
    abstained : str or None
        Why the score should not be relied on.
    judged : bool
        Whether there was anything to judge.

    Returns
    -------
    str
        ``likely``, ``unclear``, ``unlikely`` or ``not judged``.

    Examples
    --------
    >>> verdict_of(0.8, 0.97, None), verdict_of(0.4, 0.8, None), verdict_of(0.8, 0.97, "nothing aligned")
    ('likely', 'unclear', 'unclear')
    """
    if not judged:
        return "not judged"
    if abstained is not None or not (low > 0.5 or high < 0.5):
        return "unclear"
    return "likely" if low > 0.5 else "unlikely"


def not_judged(pair: AlignedPair) -> str | None:
    """Return why a pair gets no number at all, None when it gets one.

    >>> from unspun.comparison.alignment import align
    >>> from unspun.text.tokenizer import read_text
    >>> not_judged(align(read_text(""), read_text("The old ferry sank.")))
    'the source has no words'
    """
    for name, text in zip(_PAIR, (pair.source, pair.suspect), strict=True):
        if not len(text):
            return f"the {name} has no words"
        if not _reads_as_english(text):
            return f"the {name} is not English"
    if pair.source.words == pair.suspect.words:
        return None
    if not len(pair.groups):
        return "nothing aligned"
    if pair.n_aligned_words < FEWEST_ALIGNED_WORDS:
        return f"too short: {pair.n_aligned_words} words aligned, {FEWEST_ALIGNED_WORDS} needed"
    return None


def caution(pair: AlignedPair, longest: int = 0) -> str | None:
    """Return why the score of a pair should not be relied on, None when it may be.

    Parameters
    ----------
    pair : AlignedPair
        Two texts that were judged.
    longest : int
        Words of their longest passage, of its shorter side; 0 without any.

    Returns
    -------
    str or None
        The reason. It says so where the score is drawn towards the prior (see `evidence_share`).
    """
    if pair.source.words == pair.suspect.words:
        return None
    aligned, share = pair.n_aligned_words, evidence_share(pair, longest)
    drawn = "; p_spun is drawn to the prior" if share < 1 else ""
    if aligned < MIN_ALIGNED_WORDS:
        return f"too short: {aligned} words aligned, {MIN_ALIGNED_WORDS} needed{drawn}"
    if max(len(pair.source), len(pair.suspect)) > MOST_WORDS:
        return f"too long to look at passages: give texts of at most {MOST_WORDS:,} words{drawn}"
    if share < 1:
        most = int(100 * max(pair.coverage, pair.source_coverage))
        return f"little aligned: at most {most}% of either text, {MIN_COVERAGE:.0%} of one needed{drawn}"
    return None


def evidence_share(pair: AlignedPair, longest: int = 0) -> float:
    """Return how much of the evidence that a judgement needs is there.

    A passage of `FEWEST_WORDS` is enough where little of either text is aligned.

    Parameters
    ----------
    pair : AlignedPair
        Two texts that were judged.
    longest : int
        Words of their longest passage, of its shorter side; 0 without any.

    Returns
    -------
    float
        In [0, 1], the same in both orders; 1 where there is enough, and for texts that have the same words.
    """
    if pair.source.words == pair.suspect.words:
        return 1.0
    most = max(pair.coverage, pair.source_coverage)
    return min(1.0, pair.n_aligned_words / MIN_ALIGNED_WORDS, max(most / MIN_COVERAGE, longest / FEWEST_WORDS))


def draw_to_prior(p: float, share: float, prior: float) -> float:
    """Return a probability drawn to the prior in log-odds.

    Parameters
    ----------
    p : float
        A probability in (0, 1).
    share : float
        As `evidence_share` gives it; at 1 nothing is drawn.
    prior : float
        The share of spun pairs expected, in (0, 1).

    Returns
    -------
    float
        Between ``p`` and ``prior``.

    Examples
    --------
    >>> [round(draw_to_prior(0.99, share, 0.5), 3) for share in (1.0, 0.5, 0.0)]
    [0.99, 0.909, 0.5]
    """
    if share >= 1 or not 0 < p < 1:
        return p
    start = math.log(prior) - math.log1p(-prior)
    log_odds = start + share * (math.log(p) - math.log1p(-p) - start)
    return 1 / (1 + math.exp(-log_odds))


def _reads_as_english(text: TokenText) -> bool:
    lexicon = load_lexicon()
    return len(text) < 10 or int(lexicon.stop[lexicon.row(text.ids)].sum()) / len(text) >= MIN_STOP_RATE
