"""Changes that make one phrase, and what a thesaurus knows of phrases."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import reduce
from operator import or_

import numpy as np

from unspun.comparison.aligned_pair import DELETED, INFLECTED, INSERTED, SUBSTITUTED, AlignedPair
from unspun.comparison.layout.pair_view import view
from unspun.text.lexicon import MOBY, NEAR, SYNONYM, load_lexicon
from unspun.text.token_text import TokenText, once

RELATED = SYNONYM | NEAR | MOBY
_LONGEST_RUN, _LONGEST_PHRASE = 4, 6
_HYPHEN = ord("-")
_LONGEST_ENTRY = 3
"""Words of the longest phrases that the lexicon has."""
_DEGREES = {"more": "er", "less": "er", "most": "est", "least": "est"}
"""Words that put the next one into a degree, and how a word ends that is in that degree by itself."""
_IRREGULAR = {"better": "er", "worse": "er", "further": "er", "best": "est", "worst": "est", "furthest": "est"}
_LONGEST_DEGREE = 2
"""Words of an edit that ends with one of these, at most (`far more`)."""


def phrases(pair: AlignedPair) -> list[tuple[int, ...]]:
    """Return the edits of each phrase in which something was replaced.

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
    """Yield runs of changes that touch one another and replace something, the short ones whole."""
    kinds = pair.edit_columns.kind.tolist()
    for run in _touching(pair):
        yield from _cut(pair, run, kinds)


def _cut(pair: AlignedPair, run: list[int], kinds: list[int]) -> Iterator[tuple[int, ...]]:
    """Yield a run without the swaps of function words at its ends.

    Of a long one each replaced phrase stands for itself.
    """
    units = _units(pair, run, kinds)
    holding = [k for k, unit in enumerate(units) if _has_content(pair, unit)]
    swaps = [k for k in holding if swaps_content(pair, units[k])]
    if not swaps:
        return
    content = [k for k in units[holding[0]] + units[holding[-1]] if _has_content(pair, (k,))]
    if _n_words(pair, (content[0], content[-1])) <= _LONGEST_RUN:
        yield tuple(range(units[holding[0]][0], units[holding[-1]][-1] + 1))
    else:
        yield from (units[k] for k in swaps)


def replacements(pair: AlignedPair) -> list[tuple[int, ...]]:
    """Return the edits of every change, in the order of the source.

    What came or went beside a swap belongs to it (`ever`, `at any point`), and words that went where others came are
    one change (`let`, `allow`). So are two ways to put a word into one degree (`most likely`, `likeliest`).
    Two swaps that touch are two changes. What is longer than a phrase stays apart.

    Examples
    --------
    >>> from unspun.comparison.alignment import align
    >>> from unspun.text.tokenizer import read_text
    >>> texts = "Has the city ever bought such gates?", "Has the city at any point purchased such gates?"
    >>> pair = align(*map(read_text, texts))
    >>> [(pair.source.span(*pair.edits[unit[0], 1:3]), len(unit)) for unit in replacements(pair)]
    [('', 2), ('bought', 1)]
    """
    kinds = pair.edit_columns.kind.tolist()
    made = {unit for run in _touching(pair) for unit in _units(pair, run, kinds)}
    for k in np.flatnonzero(pair.edit_columns.kind == INFLECTED).tolist():
        graded = (k - 1,) in made and _grades(pair, k)
        made -= {(k - 1,)} if graded else set()
        made.add((k - 1, k) if graded else (k,))
    return sorted(made)


def _touching(pair: AlignedPair) -> Iterator[list[int]]:
    """Yield runs of edits that touch one another, with no mark between them."""
    columns = pair.edit_columns
    rows = columns.group.tolist()
    run: list[int] = []
    for k in [*np.flatnonzero(np.isin(columns.kind, (SUBSTITUTED, INSERTED, DELETED))).tolist(), -1]:
        if run and (k != run[-1] + 1 or rows[k] != rows[run[-1]] or _marked(pair, run[-1], k)):
            yield run
            run = []
        run.append(k)


def _units(pair: AlignedPair, run: Sequence[int], kinds: list[int]) -> list[tuple[int, ...]]:
    """Return what was replaced by what in a run.

    A swap takes in what came or went before it; the last one also what is behind it. Two words that a thesaurus relates
    take in only what makes a phrase of the thesaurus with them (`raised`, `brought up`): they tell the change alone.
    """
    units: list[list[int]] = [[]]
    last_swap = max((k for k in run if kinds[k] == SUBSTITUTED), default=-1)
    for k in run:
        last = units[-1]
        swap = next((one for one in last if kinds[one] == SUBSTITUTED), None)
        joins = swap is None or k > last_swap or (kinds[k] != SUBSTITUTED and _is_particle(pair, swap, k))
        # A swapped article takes nothing in (`let a`, `allow an`).
        joins &= not (kinds[k] == SUBSTITUTED and _replaces(last, kinds) and not _has_content(pair, (k,)))
        joins &= not last or _takes_in(pair, swap, k, kinds)
        if not joins or (last and _n_words(pair, (last[0], k)) > _LONGEST_RUN):
            units.append([])
        units[-1].append(k)
    whole = (unit for unit in units if unit)
    return [part for unit in whole for part in ([tuple(unit)] if _replaces(unit, kinds) else [(k,) for k in unit])]


def _takes_in(pair: AlignedPair, swap: int | None, k: int, kinds: list[int]) -> bool:
    """Whether nothing speaks against one change of an edit and what stands before it.

    ``swap`` is the swap before it, if there is one.
    """
    told = _related_swaps(pair)
    if swap is not None:
        return swap not in told or k != swap + 1 or _widens(pair, swap, k)
    return kinds[k] != SUBSTITUTED or k not in told or _widens(pair, k, k - 1) or _grades(pair, k)


def _grades(pair: AlignedPair, k: int) -> bool:
    """Whether the edit before ends with `more` or the like, for what the swap does by an ending."""
    if not k or pair.edit(k - 1).group != pair.edit(k).group or _marked(pair, k - 1, k):
        return False
    kind, a, a_stop, b, b_stop, _ = pair.edits[k - 1].tolist()
    if kind not in (INSERTED, DELETED) or max(a_stop - a, b_stop - b) > _LONGEST_DEGREE:
        return False
    return degree_before(pair, a_stop, b_stop) == ((0, 1) if kind == INSERTED else (1, 0))


def degree_before(pair: AlignedPair, i: int, j: int) -> tuple[int, int]:
    """Tell whether a word before one of two puts it into the degree of the other.

    Parameters
    ----------
    pair : AlignedPair
        The pair.
    i, j : int
        A word of the source, and one of the suspect.

    Returns
    -------
    (int, int)
        Words of that kind before either of them, 0 or 1.

    Examples
    --------
    >>> from unspun.comparison.alignment import align
    >>> from unspun.text.tokenizer import read_text
    >>> pair = align(read_text("The most expensive gate."), read_text("The priciest gate."))
    >>> degree_before(pair, 2, 1), degree_before(pair, 3, 2)
    ((1, 0), (0, 0))
    """
    a, b = pair.source, pair.suspect
    return int(_is_degree_of(a, i, b, j)), int(_is_degree_of(b, j, a, i))


def _is_degree_of(text: TokenText, k: int, other: TokenText, place: int) -> bool:
    """Whether the word before a word says what the ending of the other text's word says."""
    if not 0 < k < len(text) or place >= len(other):
        return False
    ending, word = _DEGREES.get(text.words[k - 1]), other.words[place]
    inflected = other.lemmas[place] != other.ids[place]
    return ending is not None and (_IRREGULAR.get(word) == ending or (word.endswith(ending) and bool(inflected)))


def _widens(pair: AlignedPair, swap: int, beside: int) -> bool:
    """Whether a swap and words of the edit beside it make a phrase of the thesaurus."""
    return any(near == beside and bits & RELATED for near, _, bits in widened_spans(pair, swap))


@once
def _related_swaps(pair: AlignedPair) -> frozenset[int]:
    """Return the edits that put one content word for another that a thesaurus relates to it."""
    swaps = view(pair).swaps
    return frozenset(swaps.edits.rows[swaps.related].tolist())


def _is_particle(pair: AlignedPair, swap: int, k: int) -> bool:
    """Whether an edit between two swaps belongs to the first of them (`rule out` for `preclude`)."""
    related = bool(widened_relation(pair, swap) & RELATED)
    return k == swap + 1 and related and not widened_relation(pair, k + 1) & RELATED


def _replaces(unit: Sequence[int], kinds: list[int]) -> bool:
    """Whether words of both texts stand in the edits."""
    found = {kinds[k] for k in unit}
    return SUBSTITUTED in found or found >= {INSERTED, DELETED}


def _has_content(pair: AlignedPair, edits: Sequence[int]) -> bool:
    """Whether a content word stands in any of some edits (rows of ``pair.edits``)."""
    v, found = view(pair), [pair.edit(k) for k in edits]
    return any(
        v.source.content[one.source_start : one.source_stop].any()
        or v.suspect.content[one.suspect_start : one.suspect_stop].any()
        for one in found
    )


def swaps_content(pair: AlignedPair, unit: Sequence[int]) -> bool:
    """Tell whether a change put words for others, and not for function words.

    `now runs through` for `in` is none.

    Parameters
    ----------
    pair : AlignedPair
        The pair.
    unit : sequence of int
        Rows of ``pair.edits``, as `replacements` gives them.

    Returns
    -------
    bool
        False for what only came or went.
    """
    kinds = pair.edit_columns.kind[list(unit)].tolist()
    swapped = [k for k, kind in zip(unit, kinds, strict=True) if kind == SUBSTITUTED]
    return _has_content(pair, swapped) if swapped else len(unit) > 1


def _n_words(pair: AlignedPair, edits: Sequence[int]) -> int:
    """Return the length of a run of edits in the text where it is longer."""
    first, last = pair.edit(edits[0]), pair.edit(edits[-1])
    return max(last.source_stop - first.source_start, last.suspect_stop - first.suspect_start)


def _belong(pair: AlignedPair, before: tuple[int, ...], after: tuple[int, ...]) -> bool:
    """Whether two runs make one phrase.

    They are in one row, with no mark between them, and at most one function word: kept, put in or left out.
    """
    left, right = pair.edit(before[-1]), pair.edit(after[0])
    kinds = pair.edit_columns.kind[before[-1] + 1 : after[0]].tolist()
    start, stop, there, end = left.source_stop, right.source_start, left.suspect_stop, right.suspect_start
    v = view(pair)
    return (
        left.group == right.group
        and SUBSTITUTED not in kinds
        and max(stop - start, end - there) <= 1
        and bool(v.source.stop[start:stop].all() and v.suspect.stop[there:end].all())
        and _n_words(pair, (before[0], after[-1])) <= _LONGEST_PHRASE
        and not _marked(pair, before[-1], after[0])
    )


def _marked(pair: AlignedPair, before: int, after: int) -> bool:
    """Whether punctuation other than a hyphen stands between two edits in the source."""
    text, stop, start = pair.source, pair.edit(before).source_stop, pair.edit(after).source_start
    # What stands before the first word of a sentence is the end of another.
    stop = max(stop, int(text.sentence_stops[pair.groups[pair.edit(after).group, 0]]) + 1)
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
    return reduce(or_, (bits for _, _, bits in widened_spans(pair, k)), 0)


def widened_spans(pair: AlignedPair, k: int) -> Iterator[tuple[int, tuple[int, int, int, int], int]]:
    """Yield a swap with words put in or left out beside it, and its relation.

    Parameters
    ----------
    pair : AlignedPair
        The pair.
    k : int
        Row of the swap in ``pair.edits``.

    Yields
    ------
    (int, (int, int, int, int), int)
        Row of the edit beside it, half-open ranges in both texts, and relation bits.
    """
    for near in (k - 1, k + 1):
        if 0 <= near < len(pair.edits) and pair.edit(near).group == pair.edit(k).group:
            for span in _beside(pair, k, near):
                yield near, span, phrase_relation(pair, span)


def _beside(pair: AlignedPair, k: int, near: int) -> Iterator[tuple[int, int, int, int]]:
    """Yield ranges of a swap with one or more words of an edit that stands before or behind it."""
    _, a, a_stop, b, b_stop, _ = pair.edits[k].tolist()
    kind, p, p_stop, q, q_stop, _ = pair.edits[near].tolist()
    for size in range(1, _LONGEST_ENTRY):
        if kind == INSERTED:
            yield a, a_stop, *_taken(b, b_stop, q, q_stop, size)
        elif kind == DELETED:
            yield *_taken(a, a_stop, p, p_stop, size), b, b_stop


def _taken(start: int, stop: int, near_start: int, near_stop: int, size: int) -> tuple[int, int]:
    """Return a range with at most ``size`` words more, of the range that touches it.

    >>> _taken(5, 6, 2, 5, 1), _taken(5, 6, 6, 9, 2)
    ((4, 6), (5, 8))
    """
    return (max(start - size, near_start), stop) if near_start < start else (start, min(stop + size, near_stop))
