"""What of one text's shared stretch is anywhere in the other's, aligned or not.

Rows tell how sentences that belong together differ; these measures also see what was dropped, added or told elsewhere
between the first row and the last. A page's own text before and after counts in none of them; only the last look at
whole texts, whether anything can be aligned or not.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from unspun.comparison.aligned_pair import SUBSTITUTED, AlignedPair
from unspun.comparison.features.feature import NAN, Measure, log_ratio, mean, ratio, spread
from unspun.comparison.pair_view import Side, view
from unspun.comparison.word_alignment import word_changes
from unspun.text.token_text import BoolArray, FloatArray, IntArray, once

LONGEST_TEXTS, LONGEST_STRETCHES = 2_500_000_000, 400_000_000
"""Products of lengths in words beyond which texts are not compared, and stretches not aligned, as wholes: it would take
seconds."""


def _shares(pair: AlignedPair, kinds_of: Callable[[Side], set[object]], name: str) -> tuple[float, float]:
    """Return the share of the source's kinds that the suspect has, and the other way round; made once a pair."""
    found = pair.memo.get(name)
    if found is None:
        v = view(pair)
        a, b = kinds_of(v.source), kinds_of(v.suspect)
        both = len(a & b)
        found = pair.memo[name] = (ratio(both, len(a)), ratio(both, len(b)))
    return found  # type: ignore[return-value]


def _ids(side: Side, chosen: BoolArray) -> set[object]:
    return set(side.text.ids[chosen & side.inner].tolist())


def _content(side: Side) -> set[object]:
    return _ids(side, side.content)


def _rare(side: Side) -> set[object]:
    return _ids(side, side.uncommon)


def _numbers(side: Side) -> set[object]:
    return _ids(side, side.number)


def _runs(ids: IntArray, size: int) -> NDArray[np.uint64]:
    """Return hashes of the runs of ``size`` words, each kind once, in order."""
    rest = ids.astype(np.uint64)
    if len(rest) < size:
        return rest[:0]
    factor = np.uint64(0x9E3779B97F4A7C15)
    runs = rest[: len(rest) - size + 1]
    for step in range(1, size):
        runs = runs * factor + rest[step : len(rest) - size + 1 + step]
    # As np.unique, in half the time for so few.
    runs = np.sort(runs)
    first = np.ones(len(runs), np.bool_)
    np.not_equal(runs[1:], runs[:-1], out=first[1:])
    return runs[first]


def _run_shares(pair: AlignedPair, size: int, of_stop_words: bool = False) -> tuple[float, float]:
    """Return the shares of the runs of each stretch that the other has, made once a pair."""
    name = f"runs contained {size} {of_stop_words}"
    found = pair.memo.get(name)
    if found is None:
        v = view(pair)
        a, b = (
            _runs(side.text.ids[side.inner & side.stop if of_stop_words else side.inner], size)
            for side in (v.source, v.suspect)
        )
        # Each kind is in a list once: in both together, what stands beside its like is in both.
        all_runs = np.sort(np.concatenate([a, b]))
        both = int(np.count_nonzero(all_runs[1:] == all_runs[:-1]))
        found = pair.memo[name] = (ratio(both, len(a)), ratio(both, len(b)))
    return found  # type: ignore[return-value]


def runs_contained_source(name: str, size: int, of_stop_words: bool = False) -> Measure:
    """Return the feature ``<name>_contained_source``, on runs of ``size`` words or of function words alone."""

    def contained(pair: AlignedPair) -> float:
        """Return the share of the source's distinct runs of words that the suspect has. Range [0, 1].

        Runs of function words survive the swapping of content words (E. Stamatatos, 2011, "Plagiarism detection using
        stopword n-grams").
        """
        return _run_shares(pair, size, of_stop_words)[0]

    contained.__name__ = f"{name}_contained_source"
    return contained


def runs_contained_suspect(name: str, size: int, of_stop_words: bool = False) -> Measure:
    """Return the feature ``<name>_contained_suspect`` (see `runs_contained_source`)."""

    def contained(pair: AlignedPair) -> float:
        """Return the share of the suspect's distinct runs of words that the source has. Range [0, 1]."""
        return _run_shares(pair, size, of_stop_words)[1]

    contained.__name__ = f"{name}_contained_suspect"
    return contained


def trigram_contained_source(pair: AlignedPair) -> float:
    """Return the share of the source's distinct runs of three words that the suspect has. Range [0, 1]."""
    return _run_shares(pair, 3)[0]


def trigram_contained_suspect(pair: AlignedPair) -> float:
    """Return the share of the suspect's distinct runs of three words that the source has. Range [0, 1]."""
    return _run_shares(pair, 3)[1]


def content_contained_source(pair: AlignedPair) -> float:
    """Return the share of the source's distinct content words that the suspect has. Range [0, 1]."""
    return _shares(pair, _content, "content contained")[0]


def content_contained_suspect(pair: AlignedPair) -> float:
    """Return the share of the suspect's distinct content words that the source has. Range [0, 1]."""
    return _shares(pair, _content, "content contained")[1]


def rare_contained_source(pair: AlignedPair) -> float:
    """Return the share of the source's distinct numbers and rare words that the suspect has. Range [0, 1]."""
    return _shares(pair, _rare, "rare contained")[0]


def rare_contained_suspect(pair: AlignedPair) -> float:
    """Return the share of the suspect's distinct numbers and rare words that the source has. Range [0, 1]."""
    return _shares(pair, _rare, "rare contained")[1]


def number_contained_source(pair: AlignedPair) -> float:
    """Return the share of the source's distinct numbers that the suspect has. Range [0, 1]."""
    return _shares(pair, _numbers, "number contained")[0]


def number_contained_suspect(pair: AlignedPair) -> float:
    """Return the share of the suspect's distinct numbers that the source has. Range [0, 1]."""
    return _shares(pair, _numbers, "number contained")[1]


def inner_length_delta(pair: AlignedPair) -> float:
    """Return the logarithm of the shared stretches' length ratio, suspect over source, in words. Range (-inf, inf)."""
    v = view(pair)
    return log_ratio(v.source.n_inner, v.suspect.n_inner)


def inner_sentence_delta(pair: AlignedPair) -> float:
    """Return the same in sentences. Range (-inf, inf)."""
    v = view(pair)
    return log_ratio(_n_sentences(v.source), _n_sentences(v.suspect))


def _n_sentences(side: Side) -> int:
    places = np.flatnonzero(side.inner)
    if not len(places):
        return 0
    first, last = np.searchsorted(side.text.sentence_stops, [places[0], places[-1]], "right") - 1
    return int(last - first + 1)


def unaligned_rate(pair: AlignedPair) -> float:
    """Return the share of both stretches' words that were dropped, added or stand in no row. Range [0, 1]."""
    v = view(pair)
    gone = total = 0
    for side in (v.source, v.suspect):
        kind = side.kind[side.inner]
        gone += int(np.count_nonzero(kind > SUBSTITUTED))
        total += len(kind)
    return ratio(gone, total)


class Runs(NamedTuple):
    """What edit distance makes of two stretches: runs of kept words, and words and changes of each kind."""

    kept: FloatArray
    replaced: int
    inserted: int
    deleted: int
    n_changes: int


@once
def _stretch_runs(pair: AlignedPair) -> Runs:
    """Return both shared stretches aligned as a whole, by lemma."""
    v = view(pair)
    a, b = (side.text.lemmas[side.inner].tolist() for side in (v.source, v.suspect))
    kept, replaced, inserted, deleted, n_changes = [], 0, 0, 0, 0
    for tag, i, i_stop, j, j_stop in word_changes(a, b)[0] if len(a) * len(b) <= LONGEST_STRETCHES else ():
        if tag == "equal":
            kept.append(i_stop - i)
            continue
        n_changes += 1
        if tag == "replace":
            replaced += i_stop - i
        elif tag == "insert":
            inserted += j_stop - j
        else:
            deleted += i_stop - i
    return Runs(np.array(kept, np.float32), replaced, inserted, deleted, n_changes)


def _mean_length(pair: AlignedPair) -> float:
    v = view(pair)
    return (v.source.n_inner + v.suspect.n_inner) / 2


def stretch_kept_rate(pair: AlignedPair) -> float:
    """Return the share of words, by lemma, kept in order when the stretches are aligned as a whole. Range [0, 2]."""
    return ratio(float(_stretch_runs(pair).kept.sum()), _mean_length(pair))


def stretch_replaced_rate(pair: AlignedPair) -> float:
    """Return the share of words replaced when the stretches are aligned as a whole. Range [0, 2]."""
    return ratio(_stretch_runs(pair).replaced, _mean_length(pair))


def stretch_change_rate(pair: AlignedPair) -> float:
    """Return the number of changes a word when the stretches are aligned as a whole. Range [0, 2]."""
    return ratio(_stretch_runs(pair).n_changes, _mean_length(pair))


def stretch_inserted_rate(pair: AlignedPair) -> float:
    """Return the share of the suspect's stretch that is insertion. Range [0, 1]."""
    return ratio(_stretch_runs(pair).inserted, view(pair).suspect.n_inner)


def stretch_deleted_rate(pair: AlignedPair) -> float:
    """Return the share of the source's stretch that is gone. Range [0, 1]."""
    return ratio(_stretch_runs(pair).deleted, view(pair).source.n_inner)


def stretch_run_mean(pair: AlignedPair) -> float:
    """Return the logarithm of one plus the mean run of kept words. Range [0, inf); NaN below two runs."""
    runs = _stretch_runs(pair).kept
    return math.log1p(mean(runs)) if len(runs) > 1 else NAN


def stretch_run_spread(pair: AlignedPair) -> float:
    """Return the runs' standard deviation over their mean. Range [0, inf); NaN below two runs.

    Near 1 for changes at random places, above where whole passages were left alone.
    """
    runs = _stretch_runs(pair).kept
    return spread(runs) / mean(runs) if len(runs) > 1 else NAN
