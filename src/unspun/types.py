"""The few types that every stage speaks: articles, tokens, aligned pairs and what was found in them.

Offsets are code points of the original text, token indices count words (punctuation is not a token).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

IntArray = NDArray[np.int32]
FloatArray = NDArray[np.float32]
BoolArray = NDArray[np.bool_]

RELATIONS = ("spun", "copied", "edited", "rewritten", "independent")
"""How two texts can be related, in the order of every probability vector."""


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

    def span(self, start: int, stop: int) -> str:
        """Return the original text of the words ``start:stop`` (empty when there are none)."""
        return "" if stop <= start else self.text[self.starts[start] : self.ends[stop - 1]]


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


@dataclass(frozen=True, slots=True)
class Hit:
    """One piece of evidence: an edit, how much it counts for a feature, and a note in words."""

    feature: str
    edit: Edit
    value: float
    note: str = ""


@dataclass(frozen=True, slots=True)
class Reason:
    """What one feature adds to the log-odds of ``spun``, with the value it had."""

    feature: str
    value: float
    contribution: float
    words: str


@dataclass(frozen=True, slots=True)
class Substitution:
    """One swap as a person reads it, with its offsets in both original texts."""

    source: str
    suspect: str
    source_start: int
    source_end: int
    suspect_start: int
    suspect_end: int
    relation: str
    zipf_delta: float
    fit_delta: float
    telling: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """A score with its evidence: pure data, rendered by others."""

    p_spun: float
    p_forward: float
    relation: dict[str, float]
    coverage: float
    n_substitutions: int
    abstained: str | None
    reasons: tuple[Reason, ...]
    substitutions: tuple[Substitution, ...]
    model: str
