"""Align two texts: find what belongs together in them.

Sentences first (`unspun.comparison.sentence_alignment`), then the words inside them
(`unspun.comparison.word_alignment`); what was replaced is paired again by relatedness
(`unspun.comparison.substitution_pairing`), since edit distance pairs by place alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from unspun.comparison.aligned_pair import AlignedPair, number_passages
from unspun.comparison.layout.joined_texts import portions
from unspun.comparison.one_thread import one_thread
from unspun.comparison.sentence_alignment import is_negligible, match_sentences
from unspun.comparison.word_alignment import align_words
from unspun.text.token_text import TokenText


def align(source: TokenText, suspect: TokenText) -> AlignedPair:
    """Align two texts.

    Parameters
    ----------
    source, suspect : TokenText
        Texts as `unspun.text.tokenizer.read_text` gives them; sentences of boilerplate are left out.

    Returns
    -------
    AlignedPair
        Without rows when nothing belongs together. The same input gives the same rows, and the other order of the two
        texts the same rows and edits seen from the other side.

    Examples
    --------
    >>> from unspun.text.tokenizer import read_text
    >>> pair = align(read_text("The old ferry sank. Nobody was hurt."),
    ...              read_text("Home. The old ferryboat sank."))
    >>> pair.groups.tolist()
    [[0, 1, 1, 2]]
    >>> [(pair.edit(k).kind.name, pair.source.span(*pair.edit(k)[1:3])) for k in range(3)]
    [('KEPT', 'The old'), ('SUBSTITUTED', 'ferry'), ('KEPT', 'sank')]
    """
    return align_all([(source, suspect)])[0]


@one_thread
def align_all(pairs: Iterable[tuple[TokenText, TokenText]]) -> list[AlignedPair]:
    """Align many pairs of texts, each as `align` does.

    The words of several pairs are aligned at a time, which takes less.
    """
    return [pair for some in portions(list(pairs), iter) for pair in _aligned(some)]


def _aligned(pairs: Sequence[tuple[TokenText, TokenText]]) -> Iterator[AlignedPair]:
    """Align a portion of pairs: their sentences one pair after the other, their words together."""
    matched = []
    for source, suspect in pairs:
        rows, similarity = match_sentences(source, suspect)
        if is_negligible(source, suspect, rows):
            rows, similarity = rows[:0], similarity[:0]
        matched.append((rows, similarity))
    edits = align_words(pairs, [rows for rows, _ in matched])
    for (source, suspect), (rows, similarity), table in zip(pairs, matched, edits, strict=True):
        yield AlignedPair(source, suspect, rows, similarity, number_passages(rows), table)
