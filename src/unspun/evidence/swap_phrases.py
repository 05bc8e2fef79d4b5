"""Changes that make one phrase, and what a thesaurus knows of phrases."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from unspun.comparison.aligned_pair import DELETED, INSERTED, KEPT, SUBSTITUTED, AlignedPair
from unspun.comparison.pair_view import view
from unspun.text.lexicon import MOBY, NEAR, SYNONYM, load_lexicon
from unspun.text.token_text import TokenText

RELATED = SYNONYM | NEAR | MOBY
_LONGEST_RUN, _LONGEST_PHRASE = 4, 6
_HYPHEN = ord("-")
_LONGEST_ENTRY = 3
"""Words of the longest phrases that the lexicon has."""


def phrases(pair: AlignedPair) -> list[tuple[int, ...]]:
    """Return the edits of each phrase in which something was substituted.

    Phrases are in the order of the source.

    Swaps that touch make one phrase, with what came or went between them; so do swaps with one kept function word
    between them. Longer stretches of changes are no set expressions: their swaps stand alone.
    """
    joined: list[tuple[int, ...]] = []
    for run in _runs(pair):
        if joined and _belong(pair, joined[-1], run):
            joined[-1] = (*joined[-1], *range(joined[-1][-1] + 1, run[0]), *run)
        else:
            joined.append(run)
    return joined


def _runs(pair: AlignedPair) -> Iterator[tuple[int, ...]]:
    """Yield runs of changes that touch one another and substitute something, the short ones whole."""
    columns = pair.edit_columns
    kinds, rows = columns.kind.tolist(), columns.group.tolist()
    run: list[int] = []
    for k in [*np.flatnonzero(np.isin(columns.kind, (SUBSTITUTED, INSERTED, DELETED))).tolist(), -1]:
        if run and (k != run[-1] + 1 or rows[k] != rows[run[-1]] or _marked(pair, run[-1], k)):
            yield from _cut(pair, run, kinds)
            run = []
        run.append(k)


def _cut(pair: AlignedPair, run: list[int], kinds: list[int]) -> Iterator[tuple[int, ...]]:
    """Yield a run without the function words at its ends; the swaps of a long one each for itself."""
    holding = [k for k in run if _has_content(pair, k)]
    swaps = [k for k in holding if kinds[k] == SUBSTITUTED]
    if swaps and _n_words(pair, (holding[0], holding[-1])) <= _LONGEST_RUN:
        yield tuple(range(holding[0], holding[-1] + 1 + _has_particle(pair, run, holding[-1])))
    else:
        yield from ((k,) for k in swaps)


def _has_particle(pair: AlignedPair, run: list[int], k: int) -> bool:
    """Whether the change after edit ``k`` belongs to it as a particle to its verb (`rule out` for `preclude`)."""
    return k + 1 in run and pair.edit(k).kind == SUBSTITUTED and bool(widened_relation(pair, k) & RELATED)


def _has_content(pair: AlignedPair, k: int) -> bool:
    v, (_, a, a_stop, b, b_stop, _) = view(pair), pair.edit(k)
    return bool(v.source.content[a:a_stop].any() or v.suspect.content[b:b_stop].any())


def _n_words(pair: AlignedPair, edits: Sequence[int]) -> int:
    """Return the length of a run of edits in the text where it is longer."""
    first, last = pair.edit(edits[0]), pair.edit(edits[-1])
    return max(last.source_stop - first.source_start, last.suspect_stop - first.suspect_start)


def _belong(pair: AlignedPair, before: tuple[int, ...], after: tuple[int, ...]) -> bool:
    """Whether two runs make one phrase: one row, at most one kept function word and no mark between them."""
    left, right = pair.edit(before[-1]), pair.edit(after[0])
    between = pair.edit_columns.kind[before[-1] + 1 : after[0]]
    if left.group != right.group or (between != KEPT).any():
        return False
    start, stop = left.source_stop, right.source_start
    short = stop - start <= 1 and right.suspect_start - left.suspect_stop <= 1
    return (
        short
        and bool(view(pair).source.stop[start:stop].all())
        and _n_words(pair, (before[0], after[-1])) <= _LONGEST_PHRASE
        and not _marked(pair, before[-1], after[0])
    )


def _marked(pair: AlignedPair, before: int, after: int) -> bool:
    """Whether punctuation other than a hyphen stands between two edits in the source."""
    text, stop, start = pair.source, pair.edit(before).source_stop, pair.edit(after).source_start
    first, last = np.searchsorted(text.mark_words, stop), np.searchsorted(text.mark_words, start, "right")
    return bool((text.mark_codes[first:last] != _HYPHEN).any())


def phrase_relation(pair: AlignedPair, ranges: tuple[int, int, int, int]) -> int:
    """Return the relation bits of two ranges of words.

    They are looked up as a thesaurus lists phrases (`carry out`).

    Parameters
    ----------
    pair : AlignedPair
        The pair.
    ranges : int, int, int, int
        Words of the source, half-open, and words of the suspect.

    Returns
    -------
    int
        Bits as `unspun.text.lexicon.Lexicon.relation` gives them; 0 for none.
    """
    lexicon = load_lexicon()
    a, a_stop, b, b_stop = ranges
    if max(a_stop - a, b_stop - b) > _LONGEST_ENTRY:
        return 0
    phrases_a, phrases_b = _spelled(pair.source, a, a_stop), _spelled(pair.suspect, b, b_stop)
    bits = lexicon.relation(lexicon.lookup(phrases_a)[:, None], lexicon.lookup(phrases_b)[None, :])
    return int(np.bitwise_or.reduce(bits.ravel()))


def _spelled(text: TokenText, start: int, stop: int) -> tuple[str, ...]:
    """Return a phrase as it stands, and with the lemma of its first word (`handed over`, `hand over`)."""
    lexicon = load_lexicon()
    lemma = int(text.lemmas[start])
    plain = " ".join(text.words[start:stop])
    return (
        (plain, " ".join([lexicon.words[lemma], *text.words[start + 1 : stop]])) if lemma < len(lexicon) else (plain,)
    )


def widened_relation(pair: AlignedPair, k: int) -> int:
    """Return the relation of a swap and the words put in beside it.

    Words left out count as well: `looking glass` for `mirror`.

    Two or three words in the place of one, or one in the place of two or three; 0 where no thesaurus has them.

    Parameters
    ----------
    pair : AlignedPair
        The pair.
    k : int
        Row of the swap in ``pair.edits``.

    Returns
    -------
    int
        Bits as `unspun.text.lexicon.Lexicon.relation` gives them.
    """
    _, a, a_stop, b, b_stop, row = pair.edits[k].tolist()
    found = 0
    for near in (k - 1, k + 1):
        if 0 <= near < len(pair.edits) and pair.edit(near).group == row:
            kind, p, p_stop, q, q_stop, _ = pair.edits[near].tolist()
            for size in range(1, _LONGEST_ENTRY):
                if kind == INSERTED:
                    found |= phrase_relation(pair, (a, a_stop, *_taken(b, b_stop, q, q_stop, size)))
                elif kind == DELETED:
                    found |= phrase_relation(pair, (*_taken(a, a_stop, p, p_stop, size), b, b_stop))
    return found


def _taken(start: int, stop: int, near_start: int, near_stop: int, size: int) -> tuple[int, int]:
    """Return a range with at most ``size`` words more, of the range that touches it.

    >>> _taken(5, 6, 2, 5, 1), _taken(5, 6, 6, 9, 2)
    ((4, 6), (5, 8))
    """
    return (max(start - size, near_start), stop) if near_start < start else (start, min(stop + size, near_stop))
