"""What the two texts share: kept words, kept runs, and what was kept while the rest changed."""

from __future__ import annotations

import math

import numpy as np

from unspun.comparison.aligned_pair import DELETED, INFLECTED, INSERTED, KEPT, SUBSTITUTED, AlignedPair
from unspun.comparison.features.feature import NAN, Evidence, mean, ratio, spread
from unspun.comparison.pair_view import Side, view
from unspun.text.token_text import once

_ENOUGH_WORDS = 150
_MORE_WORDS = 500
_ENOUGH_SHARE = 0.25


def aligned_words(pair: AlignedPair) -> float:
    """Return the logarithm of how many words are aligned, held at 150.

    How much there is to judge by; more than 150 words say no more. Range [0, ln 151].
    """
    return _log_words(pair, _ENOUGH_WORDS)


def more_words(pair: AlignedPair) -> float:
    """Return the same held at 500 (see `aligned_words`). Range [0, ln 501]."""
    return _log_words(pair, _MORE_WORDS)


def _log_words(pair: AlignedPair, most: int) -> float:
    if not len(pair.source) or not len(pair.suspect):
        return NAN
    v = view(pair)
    return math.log1p(min(v.source.n_aligned, v.suspect.n_aligned, most))


def support(pair: AlignedPair) -> float:
    """Return how much of the shorter text is aligned, boilerplate aside, held at a quarter. Range [0, 0.25].

    Two reports that share one official's sentence have little of it, whatever was done to that sentence; a page that
    holds half of a story has all of it.
    """
    if not len(pair.source) or not len(pair.suspect):
        return NAN
    v = view(pair)
    own = pair.n_own_words
    # All boilerplate is as little support as none: pairs with nothing aligned are measured alike (`features_of_all`).
    return min(ratio(min(v.source.n_aligned, v.suspect.n_aligned), own), _ENOUGH_SHARE) if own else 0.0


def inner_coverage_source(pair: AlignedPair) -> float:
    """Return the share of the source's words aligned, between its first and its last aligned row. Range [0, 1].

    What a page says before and after the shared part does not count; what stands between does.
    """
    return _inner_coverage(view(pair).source)


def inner_coverage_suspect(pair: AlignedPair) -> float:
    """Return the same share of the suspect (see `inner_coverage_source`)."""
    return _inner_coverage(view(pair).suspect)


def _inner_coverage(side: Side) -> float:
    if not len(side.text):
        return NAN
    where = np.flatnonzero(side.aligned)
    return ratio(len(where), float(where[-1] - where[0] + 1)) if len(where) else 0.0


def n_words_kept(kind: np.ndarray) -> int:
    """Count the kept words among edit kinds."""
    return int(np.count_nonzero(kind == KEPT))


def kept_rate(pair: AlignedPair) -> float:
    """Return the share of aligned words kept as they were, of the longer side. Range [0, 1]."""
    v = view(pair)
    return ratio(n_words_kept(v.source.kind), v.n_aligned)


def content_kept_rate(pair: AlignedPair) -> float:
    """Return the share of aligned content words kept as they were, of both texts. Range [0, 1]."""
    return _kept_share(pair, "content")


def stop_kept_rate(pair: AlignedPair) -> float:
    """Return the share of aligned function words kept as they were, of both texts. Range [0, 1].

    Synonym swappers leave function words alone; translators and people do not.
    """
    return _kept_share(pair, "stop")


def immutable_kept_rate(pair: AlignedPair) -> float:
    """Return the share of aligned names, numbers and rare words kept, of both texts. Range [0, 1]."""
    return _kept_share(pair, "immutable")


def number_kept_rate(pair: AlignedPair) -> float:
    """Return the share of aligned numbers kept, of both texts. Range [0, 1]; NaN without numbers."""
    return _kept_share(pair, "number")


def _kept_share(pair: AlignedPair, which: str) -> float:
    kept, chosen = _kept_counts(pair)[which]
    return ratio(kept, chosen)


@once
def _kept_counts(pair: AlignedPair) -> dict[str, tuple[int, int]]:
    """Return kept and all aligned words of both texts by kind of word, made at first use."""
    v = view(pair)
    counts = dict.fromkeys(("content", "stop", "immutable", "number", "mutable", "named"), (0, 0))
    for side in (v.source, v.suspect):
        named = side.content & side.immutable
        masks = (side.content, side.stop, side.immutable, side.number, side.content ^ named, named)
        kept = side.kind == KEPT
        for name, mask in zip(counts, masks, strict=True):
            n_kept, n_words = counts[name]
            more = np.count_nonzero(mask & kept), np.count_nonzero(mask & side.aligned)
            counts[name] = n_kept + int(more[0]), n_words + int(more[1])
    return counts


def immutable_excess(pair: AlignedPair) -> float:
    """Return how much more often immutable words were kept than other content words. Range [-1, 1].

    The mark of a spinner: names stay while common words change.
    """
    return _kept_share(pair, "named") - _kept_share(pair, "mutable")


def stop_excess(pair: AlignedPair) -> float:
    """Return how much more often function words were kept than content words. Range [-1, 1]."""
    return stop_kept_rate(pair) - content_kept_rate(pair)


def substituted_rate(pair: AlignedPair) -> float:
    """Return the share of aligned words that were substituted, of the longer side. Range [0, 1]."""
    v = view(pair)
    counts = [int((side.kind == SUBSTITUTED).sum()) for side in (v.source, v.suspect)]
    return ratio(max(counts), v.n_aligned)


def inflected_rate(pair: AlignedPair) -> Evidence:
    """Return the share of aligned words whose form changed and whose lemma stayed. Range [0, 1]."""
    v = view(pair)
    edits = np.flatnonzero(v.kinds == INFLECTED)
    return Evidence.per(edits, len(edits), v.n_aligned)


def inserted_rate(pair: AlignedPair) -> Evidence:
    """Return the share of the suspect's aligned words that are insertions. Range [0, 1]."""
    v = view(pair)
    edits = np.flatnonzero(v.kinds == INSERTED)
    return Evidence.per(edits, v.suspect_lengths[edits].sum(), v.suspect.n_aligned)


def deleted_rate(pair: AlignedPair) -> Evidence:
    """Return the share of the source's aligned words that were deleted. Range [0, 1]."""
    v = view(pair)
    edits = np.flatnonzero(v.kinds == DELETED)
    return Evidence.per(edits, v.source_lengths[edits].sum(), v.source.n_aligned)


def row_similarity_mean(pair: AlignedPair) -> float:
    """Return the mean weighted overlap of the rows. Range [0, 1]."""
    return mean(pair.similarity)


def row_similarity_spread(pair: AlignedPair) -> float:
    """Return the standard deviation of the rows' overlap. Range [0, 0.5]; NaN below three rows.

    Machines change every sentence alike; people leave some alone and redo others.
    """
    return spread(pair.similarity) if len(pair.similarity) > 2 else NAN


def verbatim_row_rate(pair: AlignedPair) -> float:
    """Return the share of aligned words in rows where every word was kept. Range [0, 1]."""
    return _row_share(pair, untouched=True)


def heavy_row_rate(pair: AlignedPair) -> float:
    """Return the share of rows with an overlap below 0.45. Range [0, 1]."""
    return mean(pair.similarity < 0.45)


def _row_share(pair: AlignedPair, untouched: bool) -> float:
    v = view(pair)
    if not len(pair.groups):
        return NAN
    group = pair.edit_columns.group
    changed = np.bincount(group, weights=v.kinds != KEPT, minlength=len(pair.groups)) > 0
    words = np.bincount(group, weights=v.source_lengths + v.suspect_lengths, minlength=len(pair.groups))
    return float(words[changed != untouched].sum() / words.sum())


def kept_run_mean(pair: AlignedPair) -> float:
    """Return the mean length of the runs of kept words, in words. Range [1, inf)."""
    v = view(pair)
    return mean(v.source_lengths[v.kinds == KEPT])


def kept_run_longest(pair: AlignedPair) -> float:
    """Return the logarithm of the longest run of kept words over the mean sentence length. Range (-inf, inf)."""
    v = view(pair)
    runs = v.source_lengths[v.kinds == KEPT]
    return (
        math.log(runs.max() * 2 * len(pair.groups) / (v.source.n_aligned + v.suspect.n_aligned)) if len(runs) else NAN
    )


def trigram_kept_rate(pair: AlignedPair) -> float:
    """Return the share of aligned word trigrams that stand in a kept run, of the longer side. Range [0, 1]."""
    return _gram_rate(pair, 3)


def sixgram_kept_rate(pair: AlignedPair) -> float:
    """Return the same for runs of six words: what copy detectors look for. Range [0, 1]."""
    return _gram_rate(pair, 6)


def _gram_rate(pair: AlignedPair, n: int) -> float:
    v = view(pair)
    runs = v.source_lengths[v.kinds == KEPT]
    possible = v.n_aligned - (n - 1) * len(pair.groups)
    return min(ratio(float(np.maximum(runs - n + 1, 0).sum()), possible), 1.0) if possible > 0 else NAN


def changed_row_rate(pair: AlignedPair) -> float:
    """Return the share of rows in which at least one content word was substituted. Range [0, 1]."""
    v = view(pair)
    return ratio(len(np.unique(pair.edit_columns.group[v.swaps.edits])), len(pair.groups))


def evenness(pair: AlignedPair) -> float:
    """Return how evenly changes are spread: mean over variance-plus-mean of changes per ten aligned words.

    Near 0.5 and above for changes scattered at random or more evenly, near 0 for changes in clumps. Range [0, 1], the
    mean of both texts; NaN where one has fewer than 40 aligned words or no change.
    """
    v = view(pair)
    return (_evenness(v.source) + _evenness(v.suspect)) / 2


def _evenness(side: Side) -> float:
    changed = side.kind[side.aligned] != KEPT
    windows = changed[: len(changed) // 10 * 10].reshape(-1, 10).sum(axis=1)
    if len(windows) < 4 or not windows.any():
        return NAN
    average = mean(windows)
    return average / (spread(windows) ** 2 + average)
