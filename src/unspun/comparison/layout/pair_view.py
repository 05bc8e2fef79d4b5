"""Lay out what features read of aligned pairs, many pairs at once: `View`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from unspun.comparison.aligned_pair import KEPT, MISREAD, RENAMED, SUBSTITUTED, AlignedPair, EditColumns, EditKind
from unspun.comparison.layout.joined_texts import Joined
from unspun.comparison.layout.segments import Counts, Edits, Places, Segments, with_owners
from unspun.comparison.layout.stretches import Stretches
from unspun.text.lexicon import MOBY, NEAR, SYNONYM, load_lexicon
from unspun.text.token_text import BoolArray, FloatArray, IntArray, TokenText, once
from unspun.text.word_vectors import load_word_vectors

_WORDING = np.arange(len(EditKind), dtype=np.int32)
_WORDING[[MISREAD, RENAMED]] = KEPT
"""Kinds of edits as wording: who misreads a word, or puts another name, keeps the wording."""
_RELATED = SYNONYM | NEAR | MOBY
UNALIGNED = 9
"""Stands for an edit kind where a word is in no group."""


# Without slots: what several features make of a side is kept with it.
@dataclass(frozen=True, eq=False)
class Side:
    """One text of every pair, one after another; arrays have an entry per word.

    ``aligned`` are the words in groups, ``inner`` (the shared stretch) those and what stands between the first
    group and the last, boilerplate aside: what a page says of its own before and after is in neither. ``mate`` is the
    word of the other side that a word stands for, ``group`` its group, both counted through all pairs; -1 where there
    is none. ``kind`` is that of edits as wording (see `View.kinds`). ``whole`` is False for all but the first of the
    pieces of a word or of a name, ``renamed`` True for other names.
    """

    texts: Joined
    words: Segments
    rows: IntArray
    stop: BoolArray
    content: BoolArray
    immutable: BoolArray
    uncommon: BoolArray
    number: BoolArray
    zipf: FloatArray
    kind: NDArray[np.uint8]
    mate: IntArray
    group: IntArray
    whole: BoolArray
    renamed: BoolArray

    @property
    def text(self) -> TokenText:
        """The text, of a view of one pair."""
        (text,) = self.texts.texts
        return text

    @cached_property
    def aligned(self) -> BoolArray:
        """True for words in groups."""
        return np.asarray(self.kind != UNALIGNED)

    @cached_property
    def aligned_places(self) -> Places:
        """Places of the words in groups."""
        return np.flatnonzero(self.aligned)

    @cached_property
    def aligned_words(self) -> Segments:
        """The pair that every word in a group is of."""
        return self.words.chosen(self.aligned_places)

    @cached_property
    def n_aligned(self) -> Counts:
        """Number of words in groups, (n,)."""
        return self.aligned_words.sizes

    @cached_property
    def inner(self) -> BoolArray:
        """True for words in the shared stretches."""
        where = self.aligned_places
        inner = np.zeros(len(self.kind), np.bool_)
        for first, stop in pairwise(self.aligned_words.bounds.tolist()):
            if first < stop:
                inner[where[first] : where[stop - 1] + 1] = True
        return inner & ~self.texts.in_boilerplate

    @cached_property
    def inner_places(self) -> Places:
        """Places of the words of the shared stretches."""
        return np.flatnonzero(self.inner)

    @cached_property
    def inner_words(self) -> Segments:
        """The pair that every word of a shared stretch is of."""
        return self.words.chosen(self.inner_places)

    @cached_property
    def spoken_places(self) -> Places:
        """Places of the words of the shared stretches, a word in pieces once."""
        return self.inner_places if self.whole.all() else np.flatnonzero(self.inner & self.whole)

    @cached_property
    def spoken_words(self) -> Segments:
        """The pair that every one of these words is of."""
        return self.words.chosen(self.spoken_places)

    @cached_property
    def n_inner(self) -> Counts:
        """Number of words in the shared stretch, (n,)."""
        return self.inner_words.sizes

    @cached_property
    def n_content(self) -> Counts:
        """Number of content words in groups, (n,)."""
        return self.words.count(self.content & self.aligned)


# Without slots, as a side.
@dataclass(frozen=True, eq=False)
class Swaps:
    """One content word put for another: arrays with an entry per swap.

    ``source`` and ``suspect`` are the places of the words among those of all pairs, ``groups`` is counted so, too.
    """

    edits: Edits
    source: Places
    suspect: Places
    source_ids: IntArray
    suspect_ids: IntArray
    source_lemmas: IntArray
    suspect_lemmas: IntArray
    groups: Places

    def __len__(self) -> int:
        return len(self.edits.rows)

    @cached_property
    def numbers(self) -> tuple[Places, Places, int]:
        """Numbers of the lemmas that swaps took away, and of those they put.

        The third is how many numbers there are. Within a pair, and only there, equal lemmas have equal numbers.
        """
        keys = [with_owners(self.edits.of.owner, lemmas) for lemmas in (self.source_lemmas, self.suspect_lemmas)]
        kinds, numbers = np.unique(np.concatenate(keys), return_inverse=True)
        return numbers[: len(self)], numbers[len(self) :], len(kinds)

    @cached_property
    def relation(self) -> NDArray[np.uint8]:
        """Relation bits of the words, or of their lemmas (see `Lexicon.relation`)."""
        lemmas, ids = (self.source_lemmas, self.suspect_lemmas), (self.source_ids, self.suspect_ids)
        both = load_lexicon().relation(*(np.concatenate(two) for two in zip(lemmas, ids, strict=True)))
        return both[: len(self)] | both[len(self) :]

    @cached_property
    def related(self) -> BoolArray:
        """True where a thesaurus relates the words."""
        return (self.relation & _RELATED) > 0

    @cached_property
    def nearness(self) -> FloatArray:
        """Cosine of the lemmas' vectors; NaN where one has none."""
        return load_word_vectors().similarity(self.source_lemmas, self.suspect_lemmas)

    @cached_property
    def zipf_delta(self) -> FloatArray:
        """Change of Zipf frequency; NaN where a word has none."""
        lexicon = load_lexicon()
        zipf_a, zipf_b = (lexicon.zipf[lexicon.row(ids)] for ids in (self.source_ids, self.suspect_ids))
        return np.where((zipf_a > 0) & (zipf_b > 0), zipf_b - zipf_a, np.float32(np.nan)).astype(np.float32)


class View:
    """Aligned pairs as features read them: arrays of all pairs, one after another.

    Each is made when a feature first asks for it. Whether a pair is alone or in company, what features find in it is
    the same.

    Attributes
    ----------
    pairs : sequence of AlignedPair
        The n pairs.
    """

    def __init__(self, pairs: Sequence[AlignedPair]) -> None:
        self.pairs = pairs
        # What several features need of the pairs is computed at first use and kept here.
        self.memo: dict[str, object] = {}

    def __len__(self) -> int:
        return len(self.pairs)

    # ------------------------------------------------------------------ words

    @cached_property
    def texts_as_written(self) -> tuple[Joined, Joined]:
        """The sources, one after another, and the suspects."""
        return Joined.of([pair.source for pair in self.pairs]), Joined.of([pair.suspect for pair in self.pairs])

    @cached_property
    def _one_word_for_two(self) -> tuple[Places, Places, IntArray]:
        """Where the sources and the suspects have a misread or renamed word, and which word is put for both."""
        a, b = self.texts_as_written
        same = np.flatnonzero((self.causes == MISREAD) | (self.causes == RENAMED))
        i, j = (starts[same] for starts in self.edit_starts)
        ours, theirs = a.ids[i], b.ids[j]
        return i, j, np.where(self.causes[same] == MISREAD, np.minimum(ours, theirs), np.maximum(ours, theirs))

    @cached_property
    def texts(self) -> tuple[Joined, Joined]:
        """The sources and the suspects, with one word for a misread or renamed one.

        It is the commoner word of a misread one, the rarer of a name: placeholders are common words.
        """
        a, b = self.texts_as_written
        i, j, words = self._one_word_for_two
        return (a.with_words(i, words), b.with_words(j, words)) if len(words) else (a, b)

    @cached_property
    def both_texts(self) -> Joined:
        """The n sources, then the n suspects, as they are written."""
        a, b = self.texts_as_written
        return a.followed_by(b)

    @cached_property
    def source(self) -> Side:
        """The sources as features read them."""
        return self._side(0)

    @cached_property
    def suspect(self) -> Side:
        """The suspects as features read them."""
        return self._side(1)

    @cached_property
    def sides(self) -> tuple[Side, Side]:
        """The sources, then the suspects."""
        return self.source, self.suspect

    @cached_property
    def n_aligned(self) -> Counts:
        """Number of words in groups, of the text that has more of them, (n,)."""
        return np.maximum(self.source.n_aligned, self.suspect.n_aligned)

    @cached_property
    def stretches(self) -> Stretches:
        """Shared stretches of the n sources, then those of the n suspects."""
        both, (i, j, words) = self.both_texts, self._one_word_for_two
        if len(words):
            places = np.concatenate([i, j + len(self.texts_as_written[0].ids)])
            both = both.with_words(places, np.concatenate([words, words]))
        return Stretches(both, np.concatenate([self.source.inner, self.suspect.inner]))

    @cached_property
    def whole_texts(self) -> Stretches:
        """Whole texts, boilerplate aside, each once.

        Of a text that is nothing else, all is there.
        """
        distinct = {id(text): text for text in self.both_texts.texts}
        texts = Joined.of(list(distinct.values())) if len(distinct) < 2 * len(self) else self.both_texts
        own = ~texts.in_boilerplate
        return Stretches(texts, own | (texts.words.count(own) == 0)[texts.words.owner])

    @cached_property
    def text_numbers(self) -> tuple[Places, Places]:
        """The whole text that is the source of every pair, and its suspect."""
        number = {id(text): k for k, text in enumerate(self.whole_texts.texts.texts)}
        numbers = np.array([number[id(text)] for text in self.both_texts.texts], np.intp)
        return numbers[: len(self)], numbers[len(self) :]

    # ------------------------------------------------------------------ groups and edits

    @cached_property
    def groups(self) -> Segments:
        """The pair that every group is of."""
        return Segments.of([pair.groups for pair in self.pairs])

    @cached_property
    def similarity(self) -> FloatArray:
        """Weighted overlap of every group."""
        return np.concatenate([pair.similarity for pair in self.pairs])

    @cached_property
    def edits(self) -> Edits:
        """All edits, with the pair that each is of."""
        of = Segments.of([pair.edits for pair in self.pairs])
        return Edits(np.arange(of.bounds[-1]) - of.bounds[:-1][of.owner], of)

    @cached_property
    def _columns(self) -> EditColumns:
        return EditColumns.of(np.concatenate([pair.edits for pair in self.pairs]))

    @cached_property
    def causes(self) -> IntArray:
        """Kind of every edit."""
        return self._columns.kind

    @cached_property
    def kinds(self) -> IntArray:
        """Kind of every edit as wording: misread and renamed words are kept."""
        return _WORDING[self.causes]

    @cached_property
    def edit_groups(self) -> Places:
        """Group that every edit is in, counted through all pairs."""
        return self._columns.group + self.groups.bounds[:-1][self.edits.of.owner]

    @cached_property
    def source_lengths(self) -> IntArray:
        """Number of the source's words in every edit."""
        return self._columns.source_length

    @cached_property
    def suspect_lengths(self) -> IntArray:
        """Number of the suspect's words in every edit."""
        return self._columns.suspect_length

    @cached_property
    def edit_starts(self) -> tuple[Places, Places]:
        """Word that every edit begins at, among all sources and all suspects."""
        owner, columns = self.edits.of.owner, self._columns
        a, b = self.texts_as_written
        return columns.source_start + a.bounds[:-1][owner], columns.suspect_start + b.bounds[:-1][owner]

    @cached_property
    def singles(self) -> Places:
        """Edits that put one word for one word."""
        one_for_one = (self.source_lengths == 1) & (self.suspect_lengths == 1)
        return np.flatnonzero((self.kinds == SUBSTITUTED) & one_for_one)

    @cached_property
    def kept_runs(self) -> tuple[IntArray, Segments]:
        """Number of words of every run of kept words, and the pair of each.

        Misread and renamed words do not end a run; of the text that has fewer words in them.
        """
        kept = np.flatnonzero(self.kinds == KEPT)
        if not len(kept) or not (self.causes[kept] != KEPT).any():
            return self.source_lengths[kept], self.edits.of.chosen(kept)
        lengths = np.minimum(self.source_lengths, self.suspect_lengths)[kept]
        first = np.ones(len(kept), np.bool_)
        # Of one group, what follows in the table follows in both texts.
        first[1:] = (np.diff(kept) > 1) | (np.diff(self.edit_groups[kept]) != 0)
        starts = np.flatnonzero(first)
        return np.add.reduceat(lengths, starts).astype(lengths.dtype), self.edits.of.chosen(kept[starts])

    @cached_property
    def swaps(self) -> Swaps:
        """Edits that put one content word for one."""
        a, b = self.texts
        i, j = (starts[self.singles] for starts in self.edit_starts)
        chosen = np.flatnonzero(a.classes.content[i] & b.classes.content[j])
        edits, i, j = self.singles[chosen], i[chosen], j[chosen]
        chosen_edits = Edits(self.edits.rows[edits], self.edits.of.chosen(edits))
        return Swaps(chosen_edits, i, j, a.ids[i], b.ids[j], a.lemmas[i], b.lemmas[j], self.edit_groups[edits])

    def _side(self, place: int) -> Side:
        """Spread the edits over the words of the texts of one side."""
        texts = self.texts[place]
        n = len(texts.ids)
        lengths = (self.source_lengths, self.suspect_lengths)[place]
        starts, others = self.edit_starts[place], self.edit_starts[1 - place]
        words = np.repeat(starts - np.cumsum(lengths) + lengths, lengths) + np.arange(lengths.sum())
        kind = np.full(n, UNALIGNED, np.uint8)
        mate, group = np.full((2, n), -1, np.int32)
        kind[words] = np.repeat(self.kinds, lengths)
        group[words] = np.repeat(self.edit_groups, lengths)
        single = (self.source_lengths == 1) & (self.suspect_lengths == 1)
        straight = (self.source_lengths == self.suspect_lengths) & ((self.kinds != SUBSTITUTED) | single)
        # Words without a mate end up far below 0.
        to_mates = np.where(straight, others - starts, _NOWHERE)
        mate[words] = np.maximum(words + np.repeat(to_mates, lengths), -1)
        whole, renamed = np.ones(n, np.bool_), np.zeros(n, np.bool_)
        whole[words] = np.repeat((self.causes != MISREAD) & (self.causes != RENAMED), lengths)
        whole[starts[lengths > 0]] = True
        renamed[words] = np.repeat(self.causes == RENAMED, lengths)
        return Side(texts, texts.words, *texts.classes, kind, mate, group, whole, renamed)


_NOWHERE = -(2**30)
"""Stands for the distance to the mate of a word that has none."""


@once
def view(pair: AlignedPair) -> View:
    """Return the view of one pair, made at first use."""
    return View([pair])
