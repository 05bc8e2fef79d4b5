"""Count how often the same swap was made in a run.

What recurs over the pages of a site is a fingerprint of its spinner.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from unspun.comparison.aligned_pair import AlignedPair
from unspun.evidence.correspondence import LEAST, correspondence
from unspun.evidence.explanation import Change, Explanation, Substitution
from unspun.evidence.swap_phrases import phrases, replacements, swaps_content

Swap = tuple[str, str]
"""What was put for what, in lower case."""


def swaps_of(pair: AlignedPair) -> frozenset[Swap]:
    """Return the swaps of a pair, each once.

    Swaps of function words alone say nothing of a spinner, nor do words that hardly stand for one another: common ones
    would recur by chance.

    >>> from unspun.comparison.alignment import align
    >>> from unspun.text.tokenizer import read_text
    >>> texts = "The old ferry sank off Marrow Point.", "The old ferryboat sank off Marrow Point."
    >>> sorted(swaps_of(align(*map(read_text, texts))))
    [('ferry', 'ferryboat')]
    """
    found = set()
    joined = phrases(pair)
    told = zip(joined, correspondence(pair, joined), strict=True)
    held = {k for edits, stands in told if stands >= LEAST for k in edits}
    for unit in replacements(pair):
        first, last = pair.edit(unit[0]), pair.edit(unit[-1])
        if unit[0] in held and swaps_content(pair, unit):
            before = pair.source.span(first.source_start, last.source_stop)
            found.add((before.lower(), pair.suspect.span(first.suspect_start, last.suspect_stop).lower()))
    return frozenset(found)


def with_recurrence(found: Explanation, source: str, suspect: str, n_pairs_with: Mapping[Swap, int]) -> Explanation:
    """Return an explanation that says how often each swap recurs.

    The count is of other pairs in which the same swap was made.

    Parameters
    ----------
    found : Explanation
        Of one pair of the run.
    source, suspect : str
        Its texts.
    n_pairs_with : mapping of (str, str) to int
        In how many pairs of the run, this one among them, each of `swaps_of` was made.

    Returns
    -------
    Explanation
        The same but for ``recurs``.
    """
    made = {one.number: _words(one, source, suspect) for one in found.changes if one.kind == "substituted"}
    counted = tuple(_counted(swap, made, n_pairs_with) for swap in found.substitutions)
    return replace(found, substitutions=counted)


def _words(change: Change, source: str, suspect: str) -> Swap:
    before, after = source[change.source_start : change.source_end], suspect[change.suspect_start : change.suspect_end]
    return before.lower(), after.lower()


def _counted(swap: Substitution, made: Mapping[int, Swap], n_pairs_with: Mapping[Swap, int]) -> Substitution:
    """Add in how many other pairs the swap was made; of a phrase, the one of its swaps that was made most often."""
    others = (n_pairs_with.get(made[number], 1) - 1 for number in swap.changes if number in made)
    return replace(swap, recurs=max((0, *others)))
