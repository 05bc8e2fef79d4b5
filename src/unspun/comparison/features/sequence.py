"""Measure order and shape.

Sentences and words move, sentences are split and merged, lengths change. Words are kept in runs, and changes have a
size and a spread. Some changes are no choice of words: misread words, and renamed ones
(`unspun.comparison.change_causes`).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from unspun.comparison.aligned_pair import DELETED, INSERTED, KEPT, MISREAD, RENAMED, SUBSTITUTED
from unspun.comparison.features.feature import INF, NAN, NEGATED, feature
from unspun.comparison.layout.pair_view import Side, View
from unspun.comparison.layout.segments import Edits, Measured, Numbers, Segments, logs, owners_of, ratio, with_owners
from unspun.text.lexicon import load_lexicon
from unspun.text.token_text import BoolArray, IntArray

_MOST_GROUPS = 2000
"""Groups that are compared two by two."""
_LONG_CHANGE = 4
"""Words above which a change is long."""
_WINDOW, _FEWEST_WINDOWS = 10, 4
"""Words in which changes are counted together, and how many such windows a text needs."""
_FEW = 3
"""Misread words below which it is not told which text has them."""
_MISREAD = (
    "The old ferry sank off the quiet port of Salden in 1912, Brandvik said.",
    "The aged ferry snak off the quiet port of Salden in 1915, Brandvik said.",
)
"""Two texts for the examples: of three changes one is a swap, one a misread word, one another number."""


@feature(-1, 1, identical=1, family="order", label="order of the sentences kept")
def row_order(v: View) -> Numbers:
    """Return Kendall's tau (1938) of the groups' places in both texts.

    NaN below three groups. 1 where all keep their order, -1 where it is turned round.

    >>> first, then, last = "The old ferry sank.", "Nobody was hurt.", "Otto Brandvik wept."
    >>> row_order.between(f"{first} {then} {last}", f"{last} {then} {first}")
    -1.0
    """
    return np.array([_row_order(pair.suspect_sentences[:_MOST_GROUPS, 0]) for pair in v.pairs])


def _row_order(places: IntArray) -> float:
    n = len(places)
    if n < 3:
        return NAN
    if (places[1:] > places[:-1]).all():
        return 1.0
    ordered = np.triu(places[:, None] < places[None, :], 1).sum()
    return float(4 * ordered / (n * (n - 1)) - 1)


@feature(0, 1, identical=0, family="order", label="interruptions of the shared passages")
def passage_rate(v: View) -> Numbers:
    """Return the passages over the groups, the first of both left out.

    NaN below two groups. 0 when all groups follow one another, 1 when none do.

    >>> passage_rate.between("The ferry sank. Nobody was hurt.", "Nobody was hurt. The ferry sank.")
    1.0
    """
    last = np.array([pair.passage[-1] if len(pair.passage) else 0 for pair in v.pairs])
    return np.where(v.groups.sizes > 1, ratio(last, v.groups.sizes - 1), NAN)


@feature(0, 1, identical=0, swapped="merge_rate", family="order", label="sentences split")
def split_rate(v: View) -> Numbers:
    """Return the share of groups where sentences of the source were split into more.

    >>> split_rate.between("The old ferry sank, and nobody was hurt.", "The old ferry sank. Nobody was hurt.")
    1.0
    """
    in_source, in_suspect = _n_sentences(v)
    return v.groups.mean(in_suspect > in_source)


@feature(0, 1, identical=0, swapped="split_rate", family="order", label="sentences merged")
def merge_rate(v: View) -> Numbers:
    """Return the share of groups that merge sentences of the source.

    They are merged into fewer.

    >>> merge_rate.between("The old ferry sank. Nobody was hurt.", "The old ferry sank, and nobody was hurt.")
    1.0
    """
    in_source, in_suspect = _n_sentences(v)
    return v.groups.mean(in_source > in_suspect)


def _n_sentences(v: View) -> tuple[IntArray, IntArray]:
    """Return how many sentences every group has in the source and in the suspect, (g,) each."""
    first, stop, suspect_first, suspect_stop = np.concatenate([pair.groups for pair in v.pairs]).T
    return stop - first, suspect_stop - suspect_first


@feature(-INF, INF, identical=0, swapped=NEGATED, family="order", label="change of length")
def length_delta(v: View) -> Numbers:
    """Return the mean logarithm of the groups' length ratios, suspect over source.

    >>> length_delta.between("The ferry sank.", "The old ferry sank.")
    0.288
    """
    return v.groups.mean(_log_length_ratios(v))


@feature(0, INF, identical=0, family="order", label="how much the change of length varies")
def length_spread(v: View) -> Numbers:
    """Return the standard deviation of the groups' logarithmic length ratios.

    NaN below three groups.

    >>> same = "The ferry sank. Nobody was hurt. It was old."
    >>> length_spread.between(same, same)
    0.0
    """
    return v.groups.spread(_log_length_ratios(v), least=3)


def _log_length_ratios(v: View) -> Numbers:
    start, stop, suspect_start, suspect_stop = np.concatenate([pair.group_words for pair in v.pairs]).T
    return np.asarray(np.log(np.maximum(suspect_stop - suspect_start, 1) / np.maximum(stop - start, 1)))


@feature(1, INF, identical=None, family="shared", label="length of the runs of kept words")
def kept_run_mean(v: View) -> Numbers:
    """Return the mean length of the runs of kept words, in words; NaN without any.

    >>> kept_run_mean.between("The old ferry sank.", "The old boat sank.")
    1.5
    """
    return v.kept_runs[1].mean(v.kept_runs[0])


@feature(-INF, INF, identical=None, family="shared", label="longest run of kept words")
def kept_run_longest(v: View) -> Numbers:
    """Return the log of the longest run of kept words over a group's length.

    The length is the mean over groups. NaN without kept words.

    >>> kept_run_longest.between("The old ferry sank.", "The old boat sank.")
    -0.693
    """
    runs, of = v.kept_runs
    longest = of.largest(runs) * 2 * v.groups.sizes
    return logs(ratio(longest, v.source.n_aligned + v.suspect.n_aligned))


@feature(0, 1, identical=1, family="shared", label="runs of three words kept")
def trigram_kept_rate(v: View) -> Numbers:
    """Return the share of aligned word trigrams that stand in a kept run.

    NaN where groups are shorter.

    >>> trigram_kept_rate.between("The old ferry sank off Port Salden.", "The old boat sank off Port Salden.")
    0.4
    """
    return _gram_rate(v, 3)


@feature(0, 1, identical=1, family="shared", label="runs of six words kept")
def sixgram_kept_rate(v: View) -> Numbers:
    """Return the same as `trigram_kept_rate` for runs of six words.

    Copy detectors look for these.

    >>> sixgram_kept_rate.between("The old ferry sank off Port Salden.", "The old boat sank off Port Salden.")
    0.0
    """
    return _gram_rate(v, 6)


def _gram_rate(v: View, n: int) -> Numbers:
    runs, of = v.kept_runs
    possible = v.n_aligned - (n - 1) * v.groups.sizes
    kept = of.total(np.maximum(runs - n + 1, 0))
    return np.where(possible > 0, np.minimum(ratio(kept, possible), 1.0), NAN)


@feature(0, 1, identical=NAN, family="swaps", label="changes of one word for one word")
def single_swap_share(v: View) -> Numbers:
    """Return the share of all changes that put one word for one word.

    NaN without changes.

    >>> single_swap_share.between("The old ferry sank.", "The old boat sank there.")
    0.5
    """
    return ratio(v.edits.of.chosen(v.singles).sizes, v.edits.of.count(v.kinds != KEPT))


@feature(0, 1, identical=NAN, family="swaps", label="substitutions of phrases")
def phrase_share(v: View) -> Measured:
    """Return the share of substitutions that are not one word for one word.

    NaN without substitutions.

    >>> phrase_share.between("The old ferry sank.", "The old boat sank.")
    0.0
    """
    substituted = np.flatnonzero(v.kinds == SUBSTITUTED)
    edits = Edits(v.edits.rows[substituted], v.edits.of.chosen(substituted))
    return edits.share(np.maximum(v.source_lengths, v.suspect_lengths)[substituted] > 1)


@feature(0, 1, identical=NAN, family="swaps", label="changed words in long changes")
def long_edit_share(v: View) -> Numbers:
    """Return the share of changed words in changes of more than four words.

    NaN without changes.

    >>> long_edit_share.between("The ferry sank.", "The ferry sank off Port Salden last night.")
    1.0
    """
    sizes, of = _sizes_of_changes(v)
    return ratio(of.total(np.where(sizes > _LONG_CHANGE, sizes, 0)), of.total(sizes))


@feature(0, INF, identical=NAN, family="swaps", label="size of the changes")
def change_size_mean(v: View) -> Numbers:
    """Return the logarithm of the mean size of a change, in words.

    NaN without changes.

    >>> change_size_mean.between("The old ferry sank.", "The old boat sank.")
    0.0
    """
    sizes, of = _sizes_of_changes(v)
    return logs(of.mean(sizes))


def _sizes_of_changes(v: View) -> tuple[IntArray, Segments]:
    """Return how many words every change holds, of the text that has more of them, and the pair of each."""
    changed = np.flatnonzero(v.kinds != KEPT)
    return np.maximum(v.source_lengths, v.suspect_lengths)[changed], v.edits.of.chosen(changed)


@feature(0, 1, identical=NAN, family="swaps", label="changes evenly spread")
def evenness(v: View) -> Numbers:
    """Return how evenly changes are spread.

    It is mean over variance plus mean of the changes per ten aligned words. 0.5 and above for changes scattered at
    random or more evenly, near 0 for changes in clumps. The mean of both texts; NaN where one has fewer than 40 aligned
    words or no change.

    >>> words = "The old ferry sank off Port Salden on Monday night. " * 4
    >>> evenness.between(words, words.replace("ferry", "boat"))
    1.0
    """
    return (_evenness(v.source) + _evenness(v.suspect)) / 2


def _evenness(side: Side) -> Numbers:
    changed = side.kind[side.aligned_places] != KEPT
    words = side.aligned_words
    n_windows = words.sizes // _WINDOW
    within = np.arange(len(changed)) - words.bounds[:-1][words.owner]
    whole = np.flatnonzero(within < n_windows[words.owner] * _WINDOW)
    windows = changed[whole].reshape(-1, _WINDOW).sum(axis=1)
    of = Segments(np.concatenate([[0], np.cumsum(n_windows)]))
    average = of.mean(windows, _FEWEST_WINDOWS)
    return np.where(average > 0, ratio(average, of.spread(windows) ** 2 + average), NAN)


@feature(0, 1, identical=0, family="order", label="words moved within their sentence")
def moved_word_rate(v: View) -> Numbers:
    """Return the share of aligned content words that stand out of order.

    They are in both texts' group. Turning a clause round (active to passive) moves words; swapping synonyms does not.

    >>> moved_word_rate.between("The old ferry sank at night.", "At night the old ferry sank.") > 0
    True
    """
    a, b = v.sides
    gone = (a.kind == DELETED) | (a.kind == SUBSTITUTED)
    come = (b.kind == INSERTED) | (b.kind == SUBSTITUTED)
    moved = np.intersect1d(_group_keys(a, gone), _group_keys(b, come))
    of_pair = v.groups.owner[owners_of(moved)]
    return ratio(np.bincount(of_pair, minlength=len(v)), np.maximum(a.n_content, b.n_content))


def _group_keys(side: Side, changed: BoolArray) -> NDArray[np.int64]:
    """Return group and lemma, as one number, of the changed content words of all texts."""
    chosen = np.flatnonzero(changed & side.content)
    return with_owners(side.group[chosen], side.texts.lemmas[chosen])


@feature(0, 1, identical=NAN, family="causes", label="changes that only misread a word")
def misread_share(v: View) -> Measured:
    """Return the share of all changes that only misread a word.

    Spelling of another country is among them. NaN without changes.

    >>> misread_share.between(*_MISREAD)
    0.333
    """
    return _share(v, MISREAD)


@feature(0, 1, identical=NAN, family="causes", label="changes of names and numbers alone")
def renamed_share(v: View) -> Measured:
    """Return the share of all changes that only put other names or numbers.

    NaN without changes.

    >>> renamed_share.between(*_MISREAD)
    0.333
    """
    return _share(v, RENAMED)


def _share(v: View, kind: int) -> Measured:
    changes = v.causes != KEPT
    return v.edits.where(changes).share(v.causes[changes] == kind)


@feature(0, 1000, identical=0, family="causes", label="misread words a thousand")
def misread_rate(v: View) -> Measured:
    """Return misread words a thousand aligned words.

    >>> misread_rate.between(*_MISREAD) == round(1000 / 14, 3)
    True
    """
    return _rate(v, MISREAD)


@feature(0, 1000, identical=0, family="causes", label="other names and numbers a thousand words")
def renamed_rate(v: View) -> Measured:
    """Return names and numbers that were put for others, a thousand words.

    >>> renamed_rate.between(*_MISREAD) == round(1000 / 14, 3)
    True
    """
    return _rate(v, RENAMED)


def _rate(v: View, kind: int) -> Measured:
    edits = v.edits.where(v.causes == kind)
    return edits.per(1000 * edits.of.sizes, v.n_aligned)


@feature(-1, 1, identical=NAN, swapped=NEGATED, family="causes", label="misread words of the suspect")
def misread_delta(v: View) -> Numbers:
    """Return how many more misread words are the suspect's than the source's.

    The rarer word is the misread one. From -1, all of them the source's, to 1; NaN below three.

    >>> misread_delta.between("The old ferry sank off Salden.", "Tne old feriy snak off Salden.")
    1.0
    """
    lexicon, misread = load_lexicon(), np.flatnonzero(v.causes == MISREAD)
    ours, theirs = (
        lexicon.zipf[lexicon.row(texts.ids[starts[misread]])]
        for texts, starts in zip(v.texts_as_written, v.edit_starts, strict=True)
    )
    told = np.flatnonzero(ours != theirs)
    return v.edits.of.chosen(misread[told]).mean(np.sign(ours - theirs)[told], _FEW)
