"""The few types that every stage speaks: articles, tokens, aligned pairs and what was found in them.

Offsets are code points of the original text, token indices count words (punctuation is not a token).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence, Sized
from dataclasses import dataclass, field
from enum import IntEnum
from functools import update_wrapper, wraps
from itertools import pairwise
from typing import Generic, Literal, NamedTuple, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

IntArray = NDArray[np.int32]
FloatArray = NDArray[np.float32]
BoolArray = NDArray[np.bool_]

RELATIONS = ("spun", "copied", "edited", "rewritten", "independent")
"""How two texts can be related, in the order of every probability vector."""
MAX_CHARS = 1_000_000
"""Longest text that is compared, in code points, as readers of crawls cap it too."""


@dataclass(frozen=True, slots=True)
class Article:
    """One text with what is known about where it came from; unknown fields are empty strings.

    >>> Article("a1", "Rain fell.").site
    ''
    """

    article_id: str
    text: str
    title: str = ""
    url: str = ""
    site: str = ""
    published: str = ""
    language: str = ""


class _Remembers(Protocol):
    @property
    def memo(self) -> dict[str, object]: ...


_Value = TypeVar("_Value", bound=np.generic)
Kept = TypeVar("Kept")
Remembers = TypeVar("Remembers", bound=_Remembers)


def once(make: Callable[[Remembers], Kept]) -> Callable[[Remembers], Kept]:
    """Return a function of a pair or a text that is run once for each: what it returned is kept with it.

    >>> from types import SimpleNamespace
    >>> @once
    ... def looked(thing):
    ...     print("looks")
    ...     return 5
    >>> thing = SimpleNamespace(memo={})
    >>> looked(thing), looked(thing)
    looks
    (5, 5)
    """
    key = f"{make.__module__}.{make.__qualname__}"

    @wraps(make)
    def kept(thing: Remembers) -> Kept:
        memo = thing.memo
        if key not in memo:
            memo[key] = make(thing)
        return memo[key]  # type: ignore[return-value]

    return kept


class together(Generic[Remembers, Kept]):
    """Make a function of several pairs or texts one of a single, run once for each, as `once` does.

    ``of_all`` runs it for many at a time: arrays as short as an article's take longer to ask for than to look up.

    >>> from types import SimpleNamespace
    >>> @together
    ... def doubled(things):
    ...     print("looks at", len(things))
    ...     return [2 * thing.size for thing in things]
    >>> things = [SimpleNamespace(memo={}, size=size) for size in (1, 2, 3)]
    >>> doubled.of_all(things[:2])
    looks at 2
    >>> [doubled(thing) for thing in things]
    looks at 1
    [2, 4, 6]
    """

    def __init__(self, make: Callable[[Sequence[Remembers]], Iterable[Kept]]) -> None:
        self._make = make
        self._key = f"{make.__module__}.{make.__qualname__}"
        update_wrapper(self, make)

    def __call__(self, thing: Remembers) -> Kept:
        """Return what is kept for a pair or a text, made now if it was not yet."""
        memo = thing.memo
        if self._key not in memo:
            (memo[self._key],) = self._make([thing])
        return memo[self._key]  # type: ignore[return-value]

    def of_all(self, things: Iterable[Remembers]) -> None:
        """Make what is kept for many, leaving out those that have it."""
        new = list({id(thing): thing for thing in things if self._key not in thing.memo}.values())
        if new:
            for thing, made in zip(new, self._make(new), strict=True):
                thing.memo[self._key] = made


@dataclass(frozen=True, slots=True, eq=False)
class TokenText:
    """A text as arrays: one entry per word, computed once however many pairs the text is in.

    Attributes
    ----------
    text : str
        The original.
    words : tuple of str
        Folded, lower-cased words (n).
    starts, ends : int32 (n,)
        Code-point offsets of every word in ``text``.
    ids : int32 (n,)
        Vocabulary ids; unknown words are hashed above the vocabulary (see `unspun.lexicon`).
    lemmas : int32 (n,)
        Vocabulary ids of the lemmas, hashed alike.
    sentence_stops : int32 (s + 1,)
        Sentence ``k`` holds the words ``sentence_stops[k]:sentence_stops[k + 1]``.
    soft : bool (s,)
        True where a sentence ends only because it grew too long, not at a mark or a line's end.
    furniture : bool (s,)
        True for sentences of page furniture (comment forms, share bars): never aligned, never evidence.
    quotes : int32 (n,)
        0 outside quotation marks, else the number of the quotation that the word is in.
    mark_codes, mark_words : (m,)
        Punctuation: folded code point, and how many words came before it.
    n_folded : int
        Look-alike letters and invisible characters that were folded: evidence in itself.
    """

    text: str
    words: tuple[str, ...]
    starts: IntArray
    ends: IntArray
    ids: IntArray
    lemmas: IntArray
    sentence_stops: IntArray
    soft: BoolArray
    furniture: BoolArray
    quotes: IntArray
    mark_codes: NDArray[np.uint32]
    mark_words: IntArray
    n_folded: int
    # What depends on this text alone and costs something is computed at first use and kept here.
    memo: dict[str, object] = field(default_factory=dict, repr=False)

    def __len__(self) -> int:
        return len(self.words)

    @property
    def n_sentences(self) -> int:
        """How many sentences the text has."""
        return len(self.sentence_stops) - 1

    @property
    @once
    def sentence_lengths(self) -> IntArray:
        """How many words every sentence has, int (s,)."""
        return np.diff(self.sentence_stops)

    @property
    @once
    def sentence_of(self) -> NDArray[np.int64]:
        """The number of the sentence that every word is in, int (n,)."""
        return np.repeat(np.arange(self.n_sentences), self.sentence_lengths)

    @property
    @once
    def in_furniture(self) -> BoolArray:
        """Which words stand in sentences of page furniture, bool (n,)."""
        return np.asarray(self.furniture[self.sentence_of])

    @property
    @once
    def n_own_words(self) -> int:
        """How many words the text has, page furniture aside."""
        return int(self.sentence_lengths[~self.furniture].sum())

    def span(self, start: int, stop: int) -> str:
        """Return the original text of the words ``start:stop`` (empty when there are none)."""
        return "" if stop <= start else self.text[self.starts[start] : self.ends[stop - 1]]


class Joined(NamedTuple):
    """Texts one after another, as one: what is done with their words is done with all at once.

    ``ids`` and ``lemmas`` are those of `TokenText`; ``bounds`` (t + 1,) says where each text begins. A text may be
    there several times.
    """

    texts: Sequence[TokenText]
    ids: IntArray
    lemmas: IntArray
    bounds: NDArray[np.int64]

    @classmethod
    def of(cls, texts: Sequence[TokenText]) -> Joined:
        """Join one text or more."""
        ids, lemmas = [text.ids for text in texts], [text.lemmas for text in texts]
        return cls(texts, np.concatenate(ids), np.concatenate(lemmas), bounds_of(texts))

    def sentence_of(self) -> NDArray[np.int64]:
        """Return the number of the sentence that every word is in, counted through all texts, int (n,)."""
        before = bounds_of([text.soft for text in self.texts]).tolist()
        return np.concatenate([text.sentence_of + n for text, n in zip(self.texts, before, strict=False)])


def bounds_of(arrays: Iterable[Sized]) -> NDArray[np.int64]:
    """Return where every array begins when all are put one after another, with the end of the last.

    >>> bounds_of([np.zeros(2), np.zeros(3)]).tolist()
    [0, 2, 5]
    """
    return np.cumsum([0, *map(len, arrays)])


def parts(joined: NDArray[_Value], bounds: NDArray[np.int64], copied: bool = False) -> list[NDArray[_Value]]:
    """Return the parts of an array between bounds.

    Views, unless ``copied``: what stays with a text would keep its neighbours' numbers in memory.

    >>> [part.tolist() for part in parts(np.arange(5), np.array([0, 2, 5]))]
    [[0, 1], [2, 3, 4]]
    """
    found = [joined[start:stop] for start, stop in pairwise(bounds.tolist())]
    return [part.copy() for part in found] if copied else found


class EditKind(IntEnum):
    """What happened to a run of words between the source and the suspect."""

    KEPT = 0
    INFLECTED = 1
    SUBSTITUTED = 2
    INSERTED = 3
    DELETED = 4


KEPT, INFLECTED, SUBSTITUTED, INSERTED, DELETED = (int(kind) for kind in EditKind)
"""The kinds as plain numbers: arrays are compared with these several times as fast."""


class Edit(NamedTuple):
    """One run of words in both texts; half-open ranges of word indices."""

    kind: EditKind
    source_start: int
    source_stop: int
    suspect_start: int
    suspect_stop: int
    row: int


@dataclass(frozen=True, slots=True, eq=False)
class AlignedPair:
    """Two texts and what belongs together in them; made once a pair, read by everything after.

    Attributes
    ----------
    source, suspect : TokenText
        The two texts.
    rows : int32 (r, 4)
        Aligned groups of sentences in the order of the source:
        source first, source stop, suspect first, suspect stop.
    similarity : float32 (r,)
        Weighted overlap of every row, in [0, 1].
    passage : int32 (r,)
        Number of the passage a row is in: rows that follow one another in both texts share one.
    edits : int32 (e, 6)
        The columns of `Edit`, in the order of the source, then of the suspect.
    """

    source: TokenText
    suspect: TokenText
    rows: IntArray
    similarity: FloatArray
    passage: IntArray
    edits: IntArray
    # What several features need of the pair is computed at first use and kept here.
    memo: dict[str, object] = field(default_factory=dict, repr=False)

    def edit(self, index: int) -> Edit:
        """Return edit ``index`` as an object."""
        kind, *rest = self.edits[index].tolist()
        return Edit(EditKind(kind), *rest)


RowKind = Literal["kept", "changed", "moved", "split", "merged"]
ChangeKind = Literal["inflected", "substituted", "inserted", "deleted", "moved"]


@dataclass(frozen=True, slots=True)
class Reason:
    """What one feature adds to the log-odds of ``spun``, with its value and the numbers of the changes it counted.

    ``value`` is NaN where there was too little to measure; ``changes`` is empty for features that count no edits.
    """

    feature: str
    value: float
    contribution: float
    words: str
    changes: tuple[int, ...]


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
    """One change, numbered from 1; an insertion has an empty range where it would stand in the source, and so on."""

    number: int
    kind: ChangeKind
    row: int
    source_start: int
    source_end: int
    suspect_start: int
    suspect_end: int


@dataclass(frozen=True, slots=True)
class Substitution:
    """One swap as a person reads it, a word or a phrase, with its offsets in both original texts.

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
    """A quotation of the source, what became of it, and how many of its words changed."""

    source_start: int
    source_end: int
    suspect_start: int
    suspect_end: int
    kept: bool
    n_words: int
    words_changed: int


@dataclass(frozen=True, slots=True)
class Fixed:
    """A name, a number or a rare word of the source's aligned sentences, and what became of it.

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
    """A stretch of one text that nothing was concluded from: page furniture, or text of the page's own."""

    side: Literal["source", "suspect"]
    kind: Literal["furniture", "own"]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Provenance:
    """What was compared by what: enough to make the explanation again. Ids and titles are empty where unknown."""

    source_sha256: str
    suspect_sha256: str
    model: str
    versions: dict[str, str]
    options: dict[str, str]
    source_id: str = ""
    suspect_id: str = ""
    source_title: str = ""
    suspect_title: str = ""


@dataclass(frozen=True, slots=True)
class Explanation:
    """A score with its evidence: pure data, rendered by others. All ranges are half-open, in code points.

    Attributes
    ----------
    verdict : str
        ``likely``, ``unclear`` or ``unlikely``: see `unspun.explain.verdict_of`.
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
        The contributions of ``reasons`` and ``bias`` and ``residue`` sum to the model's ``log_odds`` of spun.
    reasons : tuple of Reason
        One a feature, the strongest first.
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
    """

    verdict: Literal["likely", "unclear", "unlikely"]
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
