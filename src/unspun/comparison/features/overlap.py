"""Measure what the two texts share.

That is kept words, kept runs, and what was kept while the rest changed.
"""

from __future__ import annotations

import math

import numpy as np

from unspun.comparison.aligned_pair import DELETED, INFLECTED, INSERTED, KEPT, SUBSTITUTED, AlignedPair
from unspun.comparison.features.feature import INF, NAN, Evidence, OneText, feature, of_either_text
from unspun.comparison.pair_view import view
from unspun.comparison.short_arrays import among, mean, ratio, spread
from unspun.text.token_text import once
from unspun.text.word_classes import contraction_rows

_ENOUGH_WORDS = 150
_MORE_WORDS = 500
_ENOUGH_SHARE = 0.25
_HEAVY = 0.45
"""Overlap below which a group of sentences was changed heavily."""


@feature(0, math.log1p(_ENOUGH_WORDS), identical=None, family="shared", label="how much is aligned")
def aligned_words(pair: AlignedPair) -> float:
    """Return the logarithm of one plus the aligned words; 150 count as all.

    They are those of the text that has fewer. It says how much there is to judge by.

    >>> aligned_words.between("The old ferry sank.", "The old boat sank.") == round(math.log(1 + 4), 3)
    True
    """
    return _log_words(pair, _ENOUGH_WORDS)


@feature(0, math.log1p(_MORE_WORDS), identical=None, family="shared", label="how much is aligned")
def more_words(pair: AlignedPair) -> float:
    """Return the same as `aligned_words`; 500 words count as all.

    >>> more_words.between("The old ferry sank.", "The old boat sank.") == round(math.log(1 + 4), 3)
    True
    """
    return _log_words(pair, _MORE_WORDS)


def _log_words(pair: AlignedPair, most: int) -> float:
    if not len(pair.source) or not len(pair.suspect):
        return NAN
    v = view(pair)
    return math.log1p(min(v.source.n_aligned, v.suspect.n_aligned, most))


@feature(0, _ENOUGH_SHARE, identical=_ENOUGH_SHARE, family="shared", label="share of the shorter text aligned")
def support(pair: AlignedPair) -> float:
    """Return how much of the shorter text is aligned, boilerplate aside.

    A quarter counts as all. Two reports that share one official's sentence have little of it, whatever was done to that
    sentence. A page that holds half of a story has all of it.

    >>> support.between("The old ferry sank.", "Home. The old boat sank.")
    0.25
    """
    if not len(pair.source) or not len(pair.suspect):
        return NAN
    v, own = view(pair), pair.n_own_words
    # All boilerplate is as little support as none: pairs with nothing aligned are measured alike (`found_in_all`).
    return min(ratio(min(v.source.n_aligned, v.suspect.n_aligned), own), _ENOUGH_SHARE) if own else 0.0


@of_either_text(
    0, 1, identical=1, family="shared", label="share of the {text} between its first and last aligned sentence"
)
def inner_coverage(one: OneText) -> float:
    """Return the share of a text's inner words that are aligned.

    Inner words lie between the first and the last aligned group. A page's own words before and after the shared part do
    not count; what stands between does.

    >>> inner_coverage.between("The old ferry sank.", "Home. The old ferry sank.")
    (1.0, 1.0)
    """
    if not len(one.text):
        return NAN
    where = np.flatnonzero(one.side.aligned)
    return ratio(len(where), float(where[-1] - where[0] + 1)) if len(where) else 0.0


@feature(0, 1, identical=1, family="shared", label="words kept")
def kept_rate(pair: AlignedPair) -> float:
    """Return the share of aligned words kept as they were.

    The text that has more of them is the measure.

    >>> kept_rate.between("The old ferry sank.", "The old boat sank.")
    0.75
    """
    v = view(pair)
    return ratio(int(np.count_nonzero(v.source.kind == KEPT)), v.n_aligned)


@feature(0, 1, identical=1, family="shared", label="content words kept")
def content_kept_rate(pair: AlignedPair) -> float:
    """Return the share of aligned content words kept as they were, of both texts.

    >>> content_kept_rate.between("The old ferry sank.", "The old boat sank.")
    0.667
    """
    return _kept_share(pair, "content")


@feature(0, 1, identical=1, family="untouched", label="function words kept")
def stop_kept_rate(pair: AlignedPair) -> float:
    """Return the share of aligned function words kept as they were, of both texts.

    Synonym swappers leave function words alone; translators and people do not.

    >>> stop_kept_rate.between("The ferry sank on the rocks.", "The ferry sank at the rocks.")
    0.667
    """
    return _kept_share(pair, "stop")


@feature(0, 1, identical=1, family="untouched", label="names, numbers and rare words kept")
def immutable_kept_rate(pair: AlignedPair) -> float:
    """Return the share of aligned names, numbers and rare words kept.

    Those of both texts count; NaN without any.

    >>> immutable_kept_rate.between("The ferry sank in 1912.", "The boat sank in 1912.")
    1.0
    """
    return _kept_share(pair, "immutable")


@feature(0, 1, identical=1, family="untouched", label="numbers kept")
def number_kept_rate(pair: AlignedPair) -> float:
    """Return the share of aligned numbers kept, of both texts; NaN without numbers.

    >>> number_kept_rate.between("The ferry sank in 1912.", "The ferry sank in 1913.")
    0.0
    """
    return _kept_share(pair, "number")


def _kept_share(pair: AlignedPair, which: str) -> float:
    kept, chosen = _kept_counts(pair)[which]
    return ratio(kept, chosen)


@once
def _kept_counts(pair: AlignedPair) -> dict[str, tuple[int, int]]:
    """Return kept and all aligned words of both texts by kind of word, made at first use."""
    counts = dict.fromkeys(("content", "stop", "immutable", "number", "mutable", "named"), (0, 0))
    for side in view(pair).sides:
        named = side.content & side.immutable
        masks = (side.content, side.stop, side.immutable, side.number, side.content ^ named, named)
        kept = side.kind == KEPT
        for name, mask in zip(counts, masks, strict=True):
            n_kept, n_words = counts[name]
            more = np.count_nonzero(mask & kept), np.count_nonzero(mask & side.aligned)
            counts[name] = n_kept + int(more[0]), n_words + int(more[1])
    return counts


@feature(0, 1, identical=1, family="untouched", label="contractions kept")
def contraction_kept_rate(pair: AlignedPair) -> float:
    """Return the share of both texts' contractions that were kept; NaN without any.

    >>> contraction_kept_rate.between("She didn't see it.", "She did not see it.")
    0.0
    """
    kept = total = 0
    for side in view(pair).sides:
        chosen = contraction_rows()[side.rows] & side.aligned
        total += int(np.count_nonzero(chosen))
        kept += int(np.count_nonzero(side.kind[chosen] == KEPT))
    return ratio(kept, total)


@feature(0, 1, identical=1, family="untouched", label="commas kept in place")
def comma_kept_rate(pair: AlignedPair) -> float:
    """Return the share of commas between kept words that are kept, too.

    Those of both texts count; NaN without any. Synonym swappers leave punctuation alone.

    >>> comma_kept_rate.between("At night, the old ferry sank.", "At night, the old boat sank.")
    1.0
    """
    v = view(pair)
    places = []
    for side in v.sides:
        commas = side.text.mark_words[side.text.mark_codes == ord(",")]
        after = commas[(commas > 0) & (commas < len(side.text))] - 1
        places.append(after[side.aligned[after]])
    a, b = places
    return ratio(int(np.count_nonzero(among(v.source.mate[a], b))), max(len(a), len(b)))


@feature(-1, 1, identical=0, family="untouched", label="names kept more than common words")
def immutable_excess(pair: AlignedPair) -> float:
    """Return how much more often names and rare words were kept than others.

    The others are content words. The mark of a spinner: names stay while common words change. NaN without words of
    either kind.

    >>> immutable_excess.between("Brandvikson saw the old boat.", "Brandvikson saw the aged ship.")
    0.667
    """
    return _kept_share(pair, "named") - _kept_share(pair, "mutable")


@feature(-1, 1, identical=0, family="untouched", label="function words kept more than content words")
def stop_excess(pair: AlignedPair) -> float:
    """Return how much more often function words were kept than content ones.

    NaN without words of either kind.

    >>> stop_excess.between("The old boat sank.", "The aged ship sank.")
    0.667
    """
    return _kept_share(pair, "stop") - _kept_share(pair, "content")


@feature(0, 1, identical=0, family="swaps", label="words substituted")
def substituted_rate(pair: AlignedPair) -> float:
    """Return the share of aligned words that were substituted.

    The text that has more of them is the measure.

    >>> substituted_rate.between("The old ferry sank.", "The old boat sank.")
    0.25
    """
    v = view(pair)
    counts = [int((side.kind == SUBSTITUTED).sum()) for side in v.sides]
    return ratio(max(counts), v.n_aligned)


@feature(0, 1, identical=0, family="swaps", label="words whose form changed")
def inflected_rate(pair: AlignedPair) -> Evidence:
    """Return the share of aligned words whose form changed and whose lemma stayed.

    >>> inflected_rate.between("The old ferry sinks.", "The old ferry sank.")
    0.25
    """
    v = view(pair)
    edits = np.flatnonzero(v.kinds == INFLECTED)
    return Evidence.per(edits, len(edits), v.n_aligned)


@feature(0, 1, identical=0, swapped="deleted_rate", family="shared", label="words inserted")
def inserted_rate(pair: AlignedPair) -> Evidence:
    """Return the share of the suspect's aligned words that are insertions.

    >>> inserted_rate.between("The ferry sank.", "The old ferry sank.")
    0.25
    """
    v = view(pair)
    edits = np.flatnonzero(v.kinds == INSERTED)
    return Evidence.per(edits, v.suspect_lengths[edits].sum(), v.suspect.n_aligned)


@feature(0, 1, identical=0, swapped="inserted_rate", family="shared", label="words deleted")
def deleted_rate(pair: AlignedPair) -> Evidence:
    """Return the share of the source's aligned words that were deleted.

    >>> deleted_rate.between("The old ferry sank.", "The ferry sank.")
    0.25
    """
    v = view(pair)
    edits = np.flatnonzero(v.kinds == DELETED)
    return Evidence.per(edits, v.source_lengths[edits].sum(), v.source.n_aligned)


@feature(0, 1, identical=1, family="shared", label="overlap of the aligned sentences")
def row_similarity_mean(pair: AlignedPair) -> float:
    """Return the mean weighted overlap of the groups (see `AlignedPair.similarity`).

    >>> row_similarity_mean.between("The old ferry sank.", "The old ferry sank.")
    1.0
    """
    return mean(pair.similarity)


@feature(0, 0.5, identical=0, family="shared", label="how much the overlap varies")
def row_similarity_spread(pair: AlignedPair) -> float:
    """Return the standard deviation of the groups' overlap; NaN below three groups.

    Machines change every sentence alike; people leave some alone and redo others.

    >>> same = "The ferry sank. Nobody was hurt. It was old."
    >>> row_similarity_spread.between(same, same)
    0.0
    """
    return spread(pair.similarity) if len(pair.similarity) > 2 else NAN


@feature(0, 1, identical=1, family="shared", label="sentences left as they were")
def verbatim_row_rate(pair: AlignedPair) -> float:
    """Return the share of aligned words that are in groups where every word was kept.

    >>> verbatim_row_rate.between("The old ferry sank. No man was hurt.", "The old boat sank. No man was hurt.")
    0.5
    """
    v = view(pair)
    if not len(pair.groups):
        return NAN
    group = pair.edit_columns.group
    changed = np.bincount(group, weights=v.kinds != KEPT, minlength=len(pair.groups)) > 0
    words = np.bincount(group, weights=v.source_lengths + v.suspect_lengths, minlength=len(pair.groups))
    return float(words[~changed].sum() / words.sum())


@feature(0, 1, identical=0, family="shared", label="sentences changed heavily")
def heavy_row_rate(pair: AlignedPair) -> float:
    """Return the share of groups with an overlap below 0.45.

    >>> heavy_row_rate.between("The old ferry sank.", "The old ferry sank.")
    0.0
    """
    return mean(pair.similarity < _HEAVY)


@feature(1, INF, identical=None, family="shared", label="length of the runs of kept words")
def kept_run_mean(pair: AlignedPair) -> float:
    """Return the mean length of the runs of kept words, in words; NaN without any.

    >>> kept_run_mean.between("The old ferry sank.", "The old boat sank.")
    1.5
    """
    v = view(pair)
    return mean(v.source_lengths[v.kinds == KEPT])


@feature(-INF, INF, identical=None, family="shared", label="longest run of kept words")
def kept_run_longest(pair: AlignedPair) -> float:
    """Return the log of the longest run of kept words over a group's length.

    The length is the mean over groups. NaN without kept words.

    >>> kept_run_longest.between("The old ferry sank.", "The old boat sank.") == round(math.log(2 / 4), 3)
    True
    """
    v = view(pair)
    runs = v.source_lengths[v.kinds == KEPT]
    return (
        math.log(runs.max() * 2 * len(pair.groups) / (v.source.n_aligned + v.suspect.n_aligned)) if len(runs) else NAN
    )


@feature(0, 1, identical=1, family="shared", label="runs of three words kept")
def trigram_kept_rate(pair: AlignedPair) -> float:
    """Return the share of aligned word trigrams that stand in a kept run.

    NaN where groups are shorter.

    >>> trigram_kept_rate.between("The old ferry sank off Port Salden.", "The old boat sank off Port Salden.")
    0.4
    """
    return _gram_rate(pair, 3)


@feature(0, 1, identical=1, family="shared", label="runs of six words kept")
def sixgram_kept_rate(pair: AlignedPair) -> float:
    """Return the same as `trigram_kept_rate` for runs of six words.

    Copy detectors look for these.

    >>> sixgram_kept_rate.between("The old ferry sank off Port Salden.", "The old boat sank off Port Salden.")
    0.0
    """
    return _gram_rate(pair, 6)


def _gram_rate(pair: AlignedPair, n: int) -> float:
    v = view(pair)
    runs = v.source_lengths[v.kinds == KEPT]
    possible = v.n_aligned - (n - 1) * len(pair.groups)
    return min(ratio(float(np.maximum(runs - n + 1, 0).sum()), possible), 1.0) if possible > 0 else NAN


@feature(0, 1, identical=0, family="swaps", label="sentences with a swap")
def changed_row_rate(pair: AlignedPair) -> float:
    """Return the share of groups in which at least one content word was substituted.

    >>> changed_row_rate.between("The old ferry sank. No man was hurt.", "The old boat sank. No man was hurt.")
    0.5
    """
    return ratio(len(np.unique(pair.edit_columns.group[view(pair).swaps.edits])), len(pair.groups))
