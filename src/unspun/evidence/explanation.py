"""Hold a score with its evidence: `Explanation` and its parts.

They are pure data, rendered by others.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, NamedTuple

from unspun.io.labels import assigned, in_brackets, interval_words, probability
from unspun.io.notebook_html import html_summary
from unspun.model.pair_score import Passage, Verdict

RowKind = Literal["kept", "changed", "moved", "split", "merged"]
ChangeKind = Literal["inflected", "misread", "renamed", "substituted", "inserted", "deleted", "moved"]


@dataclass(frozen=True, slots=True)
class Reason:
    """The part of one feature in the log-odds of ``spun``.

    Its value and the numbers of the changes it counted come with it.

    ``value`` is NaN where there was too little to measure; ``changes`` is empty for features that count no edits.
    ``family`` is one of `unspun.comparison.features.feature.FAMILIES`, empty for what no feature adds.
    """

    feature: str
    value: float
    contribution: float
    words: str
    changes: tuple[int, ...]
    family: str = ""


@dataclass(frozen=True, slots=True)
class ReasonFamily:
    """The part of a family of features in the log-odds of ``spun``, in plain words.

    Attributes
    ----------
    name : str
        One of `unspun.comparison.features.feature.FAMILIES`, or ``pair`` for the pair as a whole.
    title : str
        What is measured, in plain words.
    contribution : float
        What its features add together.
    words : str
        The measurement that speaks for it, and what honest pairs have.
    feature : str
        That measurement; empty where none can be told in words.
    value : float or None
        Its value; None where there is none.
    honest : tuple of float
        Its 5, 50 and 95 % quantiles over honest pairs; empty where the model's card has none.
    changes : tuple of int
        Numbers of the changes that it counted.
    shown : bool
        Whether it is among the families that carry the verdict.
    """

    name: str
    title: str
    contribution: float
    words: str
    feature: str = ""
    value: float | None = None
    honest: tuple[float, ...] = ()
    changes: tuple[int, ...] = ()
    shown: bool = True


@dataclass(frozen=True, slots=True)
class Row:
    """Sentences of both texts that belong together, in the order of the source.

    ``kind`` says what is most worth saying: ``split`` or ``merged`` before ``moved``, that before ``changed`` and
    ``kept``; a moved row has a change of kind ``moved`` whatever its own kind. ``passage`` is shared by rows that
    follow one another in both texts; ``similarity`` is the weighted overlap, in [0, 1].
    """

    kind: RowKind
    source_start: int
    source_end: int
    suspect_start: int
    suspect_end: int
    passage: int
    similarity: float
    changes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """One change, numbered from 1.

    An insertion has an empty range where it would stand in the source, and so on.
    """

    number: int
    kind: ChangeKind
    row: int
    source_start: int
    source_end: int
    suspect_start: int
    suspect_end: int


@dataclass(frozen=True, slots=True)
class Substitution:
    """One swap, of a word or a phrase, with its offsets in both texts.

    Swaps that touch make one phrase; its numbers are the means of what is known of its words.

    Attributes
    ----------
    source, suspect : str
        The words as they stand in the texts.
    change : int
        Number of its first `Change`.
    relation : str
        ``synonym``, ``near synonym``, ``thesaurus``, ``opposite`` or empty.
    wrong_sense : bool
        The substitute fits only a lesser sense of the word it stands for.
    zipf_source, zipf_suspect, zipf_delta : float
        Frequency before and after, on the Zipf scale (log10 of uses in a thousand million words), and the
        difference; NaN where unknown.
    fit_delta : float
        Change of log-probability in nats, below 0 where the substitute fits its neighbours worse; NaN for phrases.
    telling : float
        What the list is sorted by; says nothing by itself.
    notes : tuple of str
        What is odd about it, in words (`set phrase broken`, `inside a quotation`).
    recurs : int
        In how many other pairs of the run the same swap was made; 0 where unknown.
    changes : tuple of int
        Numbers of all its changes: a phrase has several.
    """

    source: str
    suspect: str
    source_start: int
    source_end: int
    suspect_start: int
    suspect_end: int
    change: int
    relation: str
    wrong_sense: bool
    zipf_source: float
    zipf_suspect: float
    zipf_delta: float
    fit_delta: float
    telling: float
    notes: tuple[str, ...] = ()
    recurs: int = 0
    changes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Quotation:
    """A quotation of the source, and what became of it."""

    source_start: int
    source_end: int
    suspect_start: int
    suspect_end: int
    kept: bool
    n_words: int
    words_changed: int


@dataclass(frozen=True, slots=True)
class Fixed:
    """A name, number or rare word of the source, and what became of it.

    It stands in an aligned sentence.

    What was ``lost`` has an empty range in the suspect.
    """

    kind: Literal["name", "number", "rare"]
    text: str
    state: Literal["kept", "altered", "lost"]
    source_start: int
    source_end: int
    suspect_start: int
    suspect_end: int


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A stretch of one text that nothing was concluded from.

    Boilerplate, or text of the page's own.
    """

    side: Literal["source", "suspect"]
    kind: Literal["boilerplate", "own"]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Provenance:
    """The texts and the model of an explanation: enough to make it again.

    Ids and titles are empty where unknown.
    """

    source_sha256: str
    suspect_sha256: str
    model: str
    versions: dict[str, str]
    options: dict[str, str]
    source_id: str = ""
    suspect_id: str = ""
    source_title: str = ""
    suspect_title: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Explanation:
    """A score with its evidence.

    Pure data, rendered by others. All ranges are half-open, in code points.

    Attributes
    ----------
    verdict : str
        ``likely``, ``unclear``, ``unlikely`` or ``not judged``: see `unspun.model.pair_score.verdict_of`.
    p_spun, p_low, p_high : float
        Probability that one text was spun from the other, and its 90% interval.
    p_forward : float
        Probability that the suspect is the spun side, given that one is.
    relation : dict
        Probabilities by the names in `RELATIONS`; they sum to 1.
    coverage : float
        Share of the suspect's words that are in rows.
    n_aligned_words : int
        Words in rows, of the side that has fewer.
    disguised : dict
        Look-alike, disguised and invisible characters in ``source`` and ``suspect``, read as what they look like.
    n_substitutions : int
        Substitutions of one word or a few by others, those of function words among them.
    abstained : str or None
        Why the score should not be relied on.
    log_odds, bias, residue : float
        The contributions of ``reasons`` and ``bias`` and ``residue`` sum to the model's ``log_odds`` of spun; NaN where
        nothing was judged.
    reasons : tuple of Reason
        One a feature, the strongest first: those of the passage that decides. One more, ``passages``, says what the
        number of passages and the whole pair add to it.
    rows, changes : tuple
        In the order of the source.
    substitutions : tuple of Substitution
        The most telling first; swaps of function words alone are left out, and those whose two sides hardly stand for
        one another.
    quotations, fixed, left_out : tuple
        In the order of the texts.
    provenance : Provenance
        What was compared by what.
    model : str
        Name of the model.
    spun_share : float
        Share of the suspect's words that are expected to lie in spun passages; NaN where nothing was judged.
    passages : tuple of Passage
        In the order of the suspect.
    families : tuple of ReasonFamily
        The reasons by family, the largest first; their contributions sum to ``log_odds``. Those ``shown`` hold at least
        80 % of it and have its sign.
    form : str or None
        What was left out of both texts as the wording of a form, such as "18 of 22 sentences are a form that 38 pages
        share"; None where nothing was.
    """

    verdict: Verdict
    p_spun: float
    p_low: float
    p_high: float
    p_forward: float
    relation: dict[str, float]
    coverage: float
    n_aligned_words: int
    disguised: dict[str, int]
    n_substitutions: int
    abstained: str | None
    log_odds: float
    bias: float
    residue: float
    reasons: tuple[Reason, ...]
    rows: tuple[Row, ...]
    changes: tuple[Change, ...]
    substitutions: tuple[Substitution, ...]
    quotations: tuple[Quotation, ...]
    fixed: tuple[Fixed, ...]
    left_out: tuple[LeftOut, ...]
    provenance: Provenance
    model: str
    spun_share: float = math.nan
    passages: tuple[Passage, ...] = ()
    families: tuple[ReasonFamily, ...] = ()
    form: str | None = None

    def __repr__(self) -> str:
        interval = in_brackets(self.p_low, self.p_high)
        found = f"{self.n_substitutions:,} substitutions, {len(self.changes):,} changes"
        return f"Explanation({self.verdict}: {assigned('p_spun', self.p_spun)} {interval}, {found})"

    def _repr_html_(self) -> str:
        made = self.provenance
        rows = [
            ("p_spun", f"{probability(self.p_spun)} (90 % interval {interval_words(self.p_low, self.p_high)})"),
            ("p_forward", probability(self.p_forward)),
            *([("caution", self.abstained)] if self.abstained else []),
            *(_named("source", made.source_title, made.source_id)),
            *(_named("suspect", made.suspect_title, made.suspect_id)),
            *(("reason", f"{one.title}: {one.contribution:+.2f}; {one.words}") for one in self.families if one.shown),
            *(("swap", f"{one.source} → {one.suspect}") for one in self.substitutions[:_N_SHOWN]),
        ]
        return html_summary(f"Spun: {self.verdict}", rows)


class ExplainedPair(NamedTuple):
    """An explanation with its two texts, and the swaps of the pair.

    The swaps are in lower case.
    """

    explanation: Explanation
    source: str
    suspect: str
    swaps: frozenset[tuple[str, str]] = frozenset()


_N_SHOWN = 8
"""Substitutions that a notebook shows: with the numbers and the reasons they fill a screen."""


def _named(side: str, title: str, name: str) -> list[tuple[str, str]]:
    shown = ", ".join(filter(None, (title, name)))
    return [(side, shown)] if shown else []
