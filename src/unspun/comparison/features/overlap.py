"""Measure what the two texts share.

That is kept words, and what was kept while the rest changed.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from unspun.comparison.aligned_pair import DELETED, INFLECTED, INSERTED, KEPT, SUBSTITUTED
from unspun.comparison.features.feature import NAN, Batch, feature, of_either_text
from unspun.comparison.layout.pair_view import Side, View
from unspun.comparison.layout.segments import Counts, Measured, Numbers, Places, Segments, logs_of_one_more, ratio
from unspun.text.token_text import BoolArray
from unspun.text.word_classes import contraction_rows

_ENOUGH_WORDS = 150
_MORE_WORDS = 500
_ENOUGH_SHARE = 0.25
_HEAVY = 0.45
"""Overlap below which a group of sentences was changed heavily."""


@feature(0, math.log1p(_ENOUGH_WORDS), identical=None, family="shared", label="how much is aligned")
def aligned_words(v: View) -> Numbers:
    """Return the logarithm of one plus the aligned words; 150 count as all.

    They are those of the text that has fewer. It says how much there is to judge by.

    >>> aligned_words.between("The old ferry sank.", "The old boat sank.") == round(math.log(1 + 4), 3)
    True
    """
    return _log_words(v, _ENOUGH_WORDS)


@feature(0, math.log1p(_MORE_WORDS), identical=None, family="shared", label="how much is aligned")
def more_words(v: View) -> Numbers:
    """Return the same as `aligned_words`; 500 words count as all.

    >>> more_words.between("The old ferry sank.", "The old boat sank.") == round(math.log(1 + 4), 3)
    True
    """
    return _log_words(v, _MORE_WORDS)


def _log_words(v: View, most: int) -> Numbers:
    fewer = np.minimum(v.source.n_aligned, v.suspect.n_aligned)
    return np.where(_without_words(v), NAN, logs_of_one_more(np.minimum(fewer, most)))


def _without_words(v: View) -> BoolArray:
    """Return in which pairs a text has no words."""
    return np.asarray(np.minimum(v.source.words.sizes, v.suspect.words.sizes) == 0)


@feature(0, _ENOUGH_SHARE, identical=_ENOUGH_SHARE, family="shared", label="share of the shorter text aligned")
def support(v: View) -> Numbers:
    """Return how much of the shorter text is aligned, boilerplate aside.

    A quarter counts as all. Two reports that share one official's sentence have little of it, whatever was done to that
    sentence. A page that holds half of a story has all of it.

    >>> support.between("The old ferry sank.", "Home. The old boat sank.")
    0.25
    """
    own = np.array([pair.n_own_words for pair in v.pairs])
    share = ratio(np.minimum(v.source.n_aligned, v.suspect.n_aligned), own)
    # All boilerplate is as little support as none: pairs with nothing aligned are measured alike (`found_in_all`).
    found = np.where(own > 0, np.minimum(share, _ENOUGH_SHARE), 0.0)
    return np.where(_without_words(v), NAN, found)


@of_either_text(
    0, 1, identical=1, family="shared", label="share of the {text} between its first and last aligned sentence"
)
def inner_coverage(v: View) -> tuple[Numbers, Numbers]:
    """Return the share of a text's inner words that are aligned.

    Inner words lie between the first and the last aligned group. A page's own words before and after the shared part do
    not count; what stands between does.

    >>> inner_coverage.between("The old ferry sank.", "Home. The old ferry sank.")
    (1.0, 1.0)
    """
    return _inner_coverage(v.source), _inner_coverage(v.suspect)


def _inner_coverage(side: Side) -> Numbers:
    """Return the share of aligned words between the first and the last of them; 0 where there is none."""
    where, bounds = np.append(side.aligned_places, 0), side.aligned_words.bounds
    stretch = where[bounds[1:] - 1] - where[bounds[:-1]] + 1
    found = np.where(side.n_aligned > 0, ratio(side.n_aligned, stretch), 0.0)
    return np.where(side.words.sizes > 0, found, NAN)


@feature(0, 1, identical=1, family="shared", label="words kept")
def kept_rate(v: View) -> Numbers:
    """Return the share of aligned words kept as they were.

    The text that has more of them is the measure.

    >>> kept_rate.between("The old ferry sank.", "The old boat sank.")
    0.75
    """
    return ratio(np.maximum(*(side.words.count(side.kind == KEPT) for side in v.sides)), v.n_aligned)


Kept = dict[str, Numbers]
"""The share of both texts' aligned words that are kept, by kind of word."""


def _told_of_kept(v: View) -> list[Numbers]:
    kept, total = _counts(v.source) + _counts(v.suspect)
    shares = dict(zip(_KINDS, ratio(kept, total), strict=True))
    return [read(shares) for read in BY_KIND.functions]


BY_KIND: Batch[Callable[[Kept], Numbers]] = Batch(_told_of_kept)
"""What is told by the words kept, kind by kind."""
_KINDS = ("content", "stop", "mutable", "contraction", "immutable", "number", "named")
"""Kinds of words; the last three are lost where another name stands for one."""


def _counts(side: Side) -> Counts:
    """Return how many aligned words of every kind a text keeps, and how many there are, (2, kinds, n)."""
    named = side.content & side.immutable
    contraction = contraction_rows()[side.rows]
    masks = np.array([side.content, side.stop, side.content ^ named, contraction, side.immutable, side.number, named])
    kept = np.tile(side.kind == KEPT, (len(masks), 1))
    # Who puts another name keeps the wording, but no name.
    kept[-3:] &= ~side.renamed
    both = side.words.count(np.concatenate([masks & kept, masks & side.aligned]))
    return both.reshape(2, len(masks), -1)


@BY_KIND.feature(0, 1, identical=1, family="shared", label="content words kept")
def content_kept_rate(kept: Kept) -> Numbers:
    """Return the share of aligned content words kept as they were, of both texts.

    >>> content_kept_rate.between("The old ferry sank.", "The old boat sank.")
    0.667
    """
    return kept["content"]


@BY_KIND.feature(0, 1, identical=1, family="untouched", label="function words kept")
def stop_kept_rate(kept: Kept) -> Numbers:
    """Return the share of aligned function words kept as they were, of both texts.

    Synonym swappers leave function words alone; translators and people do not.

    >>> stop_kept_rate.between("The ferry sank on the rocks.", "The ferry sank at the rocks.")
    0.667
    """
    return kept["stop"]


@BY_KIND.feature(0, 1, identical=1, family="untouched", label="names, numbers and rare words kept")
def immutable_kept_rate(kept: Kept) -> Numbers:
    """Return the share of aligned names, numbers and rare words kept.

    Those of both texts count; NaN without any.

    >>> immutable_kept_rate.between("The ferry sank in 1912.", "The boat sank in 1912.")
    1.0
    """
    return kept["immutable"]


@BY_KIND.feature(0, 1, identical=1, family="untouched", label="numbers kept")
def number_kept_rate(kept: Kept) -> Numbers:
    """Return the share of aligned numbers kept, of both texts; NaN without numbers.

    >>> number_kept_rate.between("The ferry sank in 1912.", "The ferry sank in 1913.")
    0.0
    """
    return kept["number"]


@BY_KIND.feature(0, 1, identical=1, family="untouched", label="contractions kept")
def contraction_kept_rate(kept: Kept) -> Numbers:
    """Return the share of both texts' contractions that were kept; NaN without any.

    >>> contraction_kept_rate.between("She didn't see it.", "She did not see it.")
    0.0
    """
    return kept["contraction"]


@feature(0, 1, identical=1, family="untouched", label="commas kept in place")
def comma_kept_rate(v: View) -> Numbers:
    """Return the share of commas between kept words that are kept, too.

    Those of both texts count; NaN without any. Synonym swappers leave punctuation alone.

    >>> comma_kept_rate.between("At night, the old ferry sank.", "At night, the old boat sank.")
    1.0
    """
    (a, of_a), (b, of_b) = (_words_before_commas(side) for side in v.sides)
    before_comma = np.zeros(len(v.suspect.kind), np.bool_)
    before_comma[b] = True
    mates = v.source.mate[a]
    return ratio(of_a.count((mates >= 0) & before_comma[mates]), np.maximum(of_a.sizes, of_b.sizes))


def _words_before_commas(side: Side) -> tuple[Places, Segments]:
    """Return the aligned words that a comma follows, where words follow it, and the pair that each is of."""
    codes, before, of_text = side.texts.marks
    ends = side.texts.bounds[1:][of_text.owner]
    inside = np.flatnonzero((codes == ord(",")) & (before >= 0) & (before < ends - 1))
    places = before[inside]
    aligned = np.flatnonzero(side.aligned[places])
    return places[aligned], of_text.chosen(inside).chosen(aligned)


@BY_KIND.feature(-1, 1, identical=0, family="untouched", label="names kept more than common words")
def immutable_excess(kept: Kept) -> Numbers:
    """Return how much more often names and rare words were kept than others.

    The others are content words. The mark of a spinner: names stay while common words change. NaN without words of
    either kind.

    >>> immutable_excess.between("Brandvikson saw the old boat.", "Brandvikson saw the aged ship.")
    0.667
    """
    return kept["named"] - kept["mutable"]


@BY_KIND.feature(-1, 1, identical=0, family="untouched", label="function words kept more than content words")
def stop_excess(kept: Kept) -> Numbers:
    """Return how much more often function words were kept than content ones.

    NaN without words of either kind.

    >>> stop_excess.between("The old boat sank.", "The aged ship sank.")
    0.667
    """
    return kept["stop"] - kept["content"]


@feature(0, 1, identical=0, family="swaps", label="words substituted")
def substituted_rate(v: View) -> Numbers:
    """Return the share of aligned words that were substituted.

    The text that has more of them is the measure.

    >>> substituted_rate.between("The old ferry sank.", "The old boat sank.")
    0.25
    """
    a, b = (side.words.count(side.kind == SUBSTITUTED) for side in v.sides)
    return ratio(np.maximum(a, b), v.n_aligned)


@feature(0, 1, identical=0, family="swaps", label="words whose form changed")
def inflected_rate(v: View) -> Measured:
    """Return the share of aligned words whose form changed and whose lemma stayed.

    >>> inflected_rate.between("The old ferry sinks.", "The old ferry sank.")
    0.25
    """
    edits = v.edits.where(v.kinds == INFLECTED)
    return edits.per(edits.of.sizes, v.n_aligned)


@feature(0, 1, identical=0, swapped="deleted_rate", family="shared", label="words inserted")
def inserted_rate(v: View) -> Measured:
    """Return the share of the suspect's aligned words that are insertions.

    >>> inserted_rate.between("The ferry sank.", "The old ferry sank.")
    0.25
    """
    inserted = v.kinds == INSERTED
    words = v.edits.of.total(np.where(inserted, v.suspect_lengths, 0))
    return v.edits.where(inserted).per(words, v.suspect.n_aligned)


@feature(0, 1, identical=0, swapped="inserted_rate", family="shared", label="words deleted")
def deleted_rate(v: View) -> Measured:
    """Return the share of the source's aligned words that were deleted.

    >>> deleted_rate.between("The old ferry sank.", "The ferry sank.")
    0.25
    """
    deleted = v.kinds == DELETED
    words = v.edits.of.total(np.where(deleted, v.source_lengths, 0))
    return v.edits.where(deleted).per(words, v.source.n_aligned)


@feature(0, 1, identical=1, family="shared", label="overlap of the aligned sentences")
def row_similarity_mean(v: View) -> Numbers:
    """Return the mean weighted overlap of the groups (see `AlignedPair.similarity`).

    >>> row_similarity_mean.between("The old ferry sank.", "The old ferry sank.")
    1.0
    """
    return v.groups.mean(v.similarity)


@feature(0, 0.5, identical=0, family="shared", label="how much the overlap varies")
def row_similarity_spread(v: View) -> Numbers:
    """Return the standard deviation of the groups' overlap; NaN below three groups.

    Machines change every sentence alike; people leave some alone and redo others.

    >>> same = "The ferry sank. Nobody was hurt. It was old."
    >>> row_similarity_spread.between(same, same)
    0.0
    """
    return v.groups.spread(v.similarity, least=3)


@feature(0, 1, identical=1, family="shared", label="sentences left as they were")
def verbatim_row_rate(v: View) -> Numbers:
    """Return the share of aligned words that are in groups where every word was kept.

    >>> verbatim_row_rate.between("The old ferry sank. No man was hurt.", "The old boat sank. No man was hurt.")
    0.5
    """
    n = len(v.similarity)
    changed = np.bincount(v.edit_groups, weights=v.kinds != KEPT, minlength=n) > 0
    words = np.bincount(v.edit_groups, weights=v.source_lengths + v.suspect_lengths, minlength=n)
    return ratio(v.groups.total(np.where(changed, 0, words)), v.groups.total(words))


@feature(0, 1, identical=0, family="shared", label="sentences changed heavily")
def heavy_row_rate(v: View) -> Numbers:
    """Return the share of groups with an overlap below 0.45.

    >>> heavy_row_rate.between("The old ferry sank.", "The old ferry sank.")
    0.0
    """
    return v.groups.mean(v.similarity < _HEAVY)


@feature(0, 1, identical=0, family="swaps", label="sentences with a swap")
def changed_row_rate(v: View) -> Numbers:
    """Return the share of groups in which at least one content word was substituted.

    >>> changed_row_rate.between("The old ferry sank. No man was hurt.", "The old boat sank. No man was hurt.")
    0.5
    """
    swapped = np.zeros(len(v.similarity), np.bool_)
    swapped[v.swaps.groups] = True
    return ratio(v.groups.count(swapped), v.groups.sizes)
