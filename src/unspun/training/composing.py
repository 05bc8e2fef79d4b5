"""Compose documents of several labelled pairs: spun, copied and own parts mixed.

Real pages are spun in part, copied in part, and have text of their own. A document joins 2 to 20 pairs. Spun and honest
documents are composed alike, so that neither the length of a document nor the share of it that is aligned tells whether
it is spun. What is drawn depends on the seed alone.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import pandas as pd

from unspun.io.labels import SPUN

N_PIECES = (2, 3, 4, 6, 8, 12, 20)
"""How many pairs a document may be made of."""
PIECE_WORDS = (60, 700)
"""Words, a side, of the pairs that documents are made of."""
KINDS = ("alone", "copied", "honest", "own")
"""What the pieces under test stand beside: nothing else, copies, honest pairs of any kind, or text of the page's
own."""


class Piece(NamedTuple):
    """Place one pair inside a document.

    ``pair`` is its row among the pairs, -1 for text of its own. Places are code points, half-open; -1 where a text has
    no part in it.
    """

    pair: int
    source_start: int
    source_end: int
    suspect_start: int
    suspect_end: int


class Document(NamedTuple):
    """Two texts made of several pairs."""

    name: str
    source: str
    suspect: str
    pieces: tuple[Piece, ...]
    spun: bool
    kind: str = KINDS[0]


class _Pool(NamedTuple):
    """Rows of pairs to draw from: spun ones by family, copies, other honest ones by relation and family, all."""

    spun: dict[str, list[int]]
    copied: list[int]
    honest: dict[str, list[int]]
    every: list[int]


def compose(pairs: pd.DataFrame, n_documents: int, seed: int = 0) -> Iterator[Document]:
    """Yield documents, half of them with spun pieces.

    Parameters
    ----------
    pairs : DataFrame
        ``source``, ``suspect``, ``relation`` and ``family``, with rows numbered from 0.
    n_documents : int
        How many documents to yield; none where there are too few pairs.
    seed : int
        The same seed and pairs give the same documents.

    Yields
    ------
    Document
        In a fixed order.
    """
    pool = _pool_of(pairs)
    if not pool.spun or not pool.honest or not pool.copied:
        return
    rng = random.Random(seed)
    for number in range(n_documents):
        spun, kind = number % 2 == 0, KINDS[number // 2 % len(KINDS)]
        chosen = _draw(rng, pool, spun, kind)
        yield _join(rng, pairs, f"document-{number}", chosen, spun)._replace(kind=kind)


def _pool_of(pairs: pd.DataFrame) -> _Pool:
    low, high = PIECE_WORDS
    sizes = [pairs[side].str.count(r"\S+").between(low, high) for side in ("source", "suspect")]
    fit = pairs[sizes[0] & sizes[1] & ~pairs["family"].isin(["unrelated", "same_topic"])]
    spun, honest = fit[fit["relation"] == SPUN], fit[~fit["relation"].isin([SPUN, "copied"])]
    return _Pool(
        _by(spun, spun["family"]),
        fit.index[fit["relation"] == "copied"].tolist(),
        _by(honest, honest["relation"] + "/" + honest["family"]),
        fit.index.tolist(),
    )


def _by(pairs: pd.DataFrame, name: pd.Series) -> dict[str, list[int]]:
    return {str(key): rows.index.tolist() for key, rows in pairs.groupby(name)}


def _draw(rng: random.Random, pool: _Pool, spun: bool, kind: str) -> list[int]:
    """Return the rows of a document's pairs; text of its own is counted as -1 - row."""
    n = rng.choice(N_PIECES)
    n_tested = n if kind == "alone" else rng.randint(1, max(1, n // 2))
    tested = pool.spun if spun else {**pool.honest, "copied": pool.copied}
    rows = tested[rng.choice(sorted(tested))]
    chosen = [rng.choice(rows) for _ in range(n_tested)]
    for _ in range(n - n_tested):
        if kind == "copied":
            chosen.append(rng.choice(pool.copied))
        elif kind == "honest":
            chosen.append(rng.choice(pool.honest[rng.choice(sorted(pool.honest))]))
        else:
            chosen.append(-1 - rng.choice(pool.every))
    rng.shuffle(chosen)
    return chosen


def _join(rng: random.Random, pairs: pd.DataFrame, name: str, chosen: Sequence[int], spun: bool) -> Document:
    """Join the texts of pairs; in half of the documents the suspect has its pieces in another order."""
    parts: list[tuple[int, str, str]] = []
    for row in chosen:
        if row >= 0:
            parts.append((row, str(pairs.at[row, "source"]), str(pairs.at[row, "suspect"])))
        else:
            # Each side goes on with a text that the other does not have.
            parts += [
                (-1, str(pairs.at[-1 - row, "source"]), ""),
                (-1, "", str(pairs.at[rng.randrange(len(pairs)), "source"])),
            ]
    order = list(range(len(parts)))
    source, source_places = _laid_out([part[1] for part in parts], order)
    if rng.random() < 0.5:
        rng.shuffle(order)
    suspect, suspect_places = _laid_out([part[2] for part in parts], order)
    pieces = tuple(Piece(row, *a, *b) for (row, _, _), a, b in zip(parts, source_places, suspect_places, strict=True))
    return Document(name, source, suspect, pieces, spun)


def _laid_out(texts: Sequence[str], order: Sequence[int]) -> tuple[str, list[tuple[int, int]]]:
    """Return texts joined by empty lines in some order, and where each lies, in the order given."""
    places, joined = [(-1, -1)] * len(texts), ""
    for k in order:
        if text := texts[k].strip():
            places[k] = len(joined), len(joined) + len(text)
            joined += text + "\n\n"
    return joined, places


def piece_of(document: Document, source: tuple[int, int], suspect: tuple[int, int]) -> Piece | None:
    """Return the piece that a passage lies in.

    None where it lies in several, or its two sides in different ones.

    Parameters
    ----------
    document : Document
        As `compose` made it.
    source, suspect : (int, int)
        Where the passage lies in the two texts, code points.

    Returns
    -------
    Piece or None
        The piece whose label the passage has.

    Examples
    --------
    >>> document = Document("d", "one two", "three four", (Piece(5, 0, 3, 0, 5), Piece(6, 4, 7, 6, 10)), True)
    >>> piece_of(document, (0, 3), (0, 4)).pair
    5
    >>> piece_of(document, (0, 3), (6, 10)) is None
    True
    """
    shared = [_overlap(suspect, (piece.suspect_start, piece.suspect_end)) for piece in document.pieces]
    best = max(range(len(shared)), key=shared.__getitem__)
    piece = document.pieces[best]
    inside = shared[best] / max(suspect[1] - suspect[0], 1)
    across = _overlap(source, (piece.source_start, piece.source_end)) / max(source[1] - source[0], 1)
    return piece if inside >= _MOST_OF_SUSPECT and across >= _SOME_OF_SOURCE else None


_MOST_OF_SUSPECT, _SOME_OF_SOURCE = 0.75, 0.3
"""Shares of a passage that lie in a piece whose label it takes; what lies across pieces has no label."""


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> int:
    return max(0, min(one[1], other[1]) - max(one[0], other[0]))
