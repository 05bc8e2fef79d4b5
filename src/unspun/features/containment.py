"""What of one text's shared stretch is anywhere in the other's, aligned or not.

Rows tell how sentences that belong together differ; these measures also see what was dropped, added or told elsewhere
between the first row and the last. A page's own text before and after counts in none of them.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein

from unspun.features.base import NAN, Side, ratio, view
from unspun.types import SUBSTITUTED, AlignedPair, BoolArray, FloatArray

_RARE = 3.5


def _shares(pair: AlignedPair, kinds_of: Callable[[Side], set[object]], name: str) -> tuple[float, float]:
    """Return the share of the source's kinds that the suspect has, and the other way round; made once a pair."""
    found = pair.memo.get(name)
    if found is None:
        v = view(pair)
        a, b = kinds_of(v.a), kinds_of(v.b)
        both = len(a & b)
        found = pair.memo[name] = (ratio(both, len(a)), ratio(both, len(b)))
    return found  # type: ignore[return-value]


def _ids(side: Side, chosen: BoolArray) -> set[object]:
    return set(side.text.ids[chosen & side.inner].tolist())


def _content(side: Side) -> set[object]:
    return _ids(side, side.content)


# Numbers and words below Zipf 3.5.
def _rare(side: Side) -> set[object]:
    return _ids(side, ~side.stop & (side.number | (side.zipf < _RARE)))


def _numbers(side: Side) -> set[object]:
    return _ids(side, side.number)


def _trigrams(side: Side) -> NDArray[np.uint64]:
    """Return hashes of the runs of three words of a stretch, each kind once, in order."""
    ids = side.text.ids[side.inner].astype(np.uint64)
    if len(ids) < 3:
        return ids[:0]
    factor = np.uint64(0x9E3779B97F4A7C15)
    return np.unique((ids[:-2] * factor + ids[1:-1]) * factor + ids[2:])


def _trigram_shares(pair: AlignedPair) -> tuple[float, float]:
    found = pair.memo.get("trigrams contained")
    if found is None:
        v = view(pair)
        a, b = _trigrams(v.a), _trigrams(v.b)
        places = np.searchsorted(b, a)
        both = int(np.count_nonzero(b[np.minimum(places, len(b) - 1)] == a)) if len(b) else 0
        found = pair.memo["trigrams contained"] = (ratio(both, len(a)), ratio(both, len(b)))
    return found  # type: ignore[return-value]


def trigram_contained_source(pair: AlignedPair) -> float:
    """Return the share of the source's distinct runs of three words that the suspect has. Range [0, 1]."""
    return _trigram_shares(pair)[0]


def trigram_contained_suspect(pair: AlignedPair) -> float:
    """Return the share of the suspect's distinct runs of three words that the source has. Range [0, 1]."""
    return _trigram_shares(pair)[1]


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
    n = [np.count_nonzero(side.inner) for side in (v.a, v.b)]
    return float(np.log(n[1] / n[0])) if min(n) else NAN


def inner_sentence_delta(pair: AlignedPair) -> float:
    """Return the same in sentences. Range (-inf, inf)."""
    v = view(pair)
    n = [_n_sentences(side) for side in (v.a, v.b)]
    return float(np.log(n[1] / n[0])) if min(n) else NAN


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
    for side in (v.a, v.b):
        kind = side.kind[side.inner]
        gone += int(np.count_nonzero(kind > SUBSTITUTED))
        total += len(kind)
    return ratio(gone, total)


def _stretch_runs(pair: AlignedPair) -> tuple[FloatArray, int, int, int, int]:
    """Return runs kept, words replaced, inserted and deleted, and changes, of both stretches aligned as a whole."""
    found = pair.memo.get("stretch runs")
    if found is None:
        v = view(pair)
        a, b = (side.text.lemmas[side.inner].tolist() for side in (v.a, v.b))
        if len(a) * len(b) > _LONGEST:
            a, b = [], []
        runs, replaced, inserted, deleted, n_changes = [], 0, 0, 0, 0
        for op in Levenshtein.opcodes(a, b):
            n_source, n_suspect = op.src_end - op.src_start, op.dest_end - op.dest_start
            if op.tag == "equal":
                runs.append(n_source)
                continue
            n_changes += 1
            replaced += (op.tag == "replace") * n_source
            inserted += (op.tag == "insert") * n_suspect
            deleted += (op.tag == "delete") * n_source
        found = pair.memo["stretch runs"] = (np.array(runs, np.float32), replaced, inserted, deleted, n_changes)
    return found  # type: ignore[return-value]


_LONGEST = 400_000_000
"""Product of the stretches' lengths beyond which they are not aligned as a whole: it would take seconds."""


def _mean_length(pair: AlignedPair) -> float:
    v = view(pair)
    return (np.count_nonzero(v.a.inner) + np.count_nonzero(v.b.inner)) / 2


def stretch_kept_rate(pair: AlignedPair) -> float:
    """Return the share of words, by lemma, kept in order when the stretches are aligned as a whole. Range [0, 1]."""
    return ratio(float(_stretch_runs(pair)[0].sum()), _mean_length(pair))


def stretch_replaced_rate(pair: AlignedPair) -> float:
    """Return the share of words replaced when the stretches are aligned as a whole. Range [0, 2]."""
    return ratio(_stretch_runs(pair)[1], _mean_length(pair))


def stretch_change_rate(pair: AlignedPair) -> float:
    """Return the number of changes a word when the stretches are aligned as a whole. Range [0, 2]."""
    return ratio(_stretch_runs(pair)[4], _mean_length(pair))


def stretch_inserted_rate(pair: AlignedPair) -> float:
    """Return the share of the suspect's stretch that is insertion. Range [0, 1]."""
    return ratio(_stretch_runs(pair)[2], int(np.count_nonzero(view(pair).b.inner)))


def stretch_deleted_rate(pair: AlignedPair) -> float:
    """Return the share of the source's stretch that is gone. Range [0, 1]."""
    return ratio(_stretch_runs(pair)[3], int(np.count_nonzero(view(pair).a.inner)))


def stretch_run_mean(pair: AlignedPair) -> float:
    """Return the logarithm of one plus the mean run of kept words. Range [0, inf); NaN where nothing is kept."""
    runs = _stretch_runs(pair)[0]
    return float(np.log1p(runs.mean())) if len(runs) > 1 else NAN


def stretch_run_spread(pair: AlignedPair) -> float:
    """Return the runs' standard deviation over their mean. Range [0, inf); NaN below two runs.

    Near 1 for changes at random places, above where whole passages were left alone.
    """
    runs = _stretch_runs(pair)[0]
    return float(runs.std() / runs.mean()) if len(runs) > 1 else NAN
