"""Composed documents: pieces lie where they are said to lie, both classes are composed alike, the seed decides."""

import pandas as pd

from unspun.training.composing import PIECE_WORDS, compose, piece_of

FILLER = " ".join(f"word{k}" for k in range(PIECE_WORDS[0] + 5)) + "."


def pairs():
    kinds = [
        ("spun", "synonym"),
        ("spun", "llm"),
        ("copied", "wire"),
        ("edited", "update"),
        ("independent", "same_event"),
    ]
    rows = [
        {"source": f"Source {k} {n}. {FILLER}", "suspect": f"Suspect {k} {n}. {FILLER}", "relation": k, "family": f}
        for k, f in kinds
        for n in range(6)
    ]
    return pd.DataFrame(rows)


def test_pieces_lie_where_they_are_said_to_lie():
    table = pairs()
    for document in compose(table, 40):
        for piece in document.pieces:
            if piece.pair >= 0:
                assert document.source[piece.source_start : piece.source_end] == table.at[piece.pair, "source"]
                assert document.suspect[piece.suspect_start : piece.suspect_end] == table.at[piece.pair, "suspect"]
                found = piece_of(document, piece[1:3], piece[3:5])
                assert found is not None
                assert found[1:] == piece[1:]


def test_half_of_the_documents_are_spun_and_both_halves_are_as_long():
    table = pairs()
    documents = list(compose(table, 400))
    spun = [d for d in documents if d.spun]
    assert len(spun) == 200
    assert all(
        any(p.pair >= 0 and table.at[p.pair, "relation"] == "spun" for p in d.pieces) == d.spun for d in documents
    )
    lengths = [sum(len(d.source) for d in documents if d.spun is side) / 200 for side in (True, False)]
    assert 0.8 < lengths[0] / lengths[1] < 1.25


def test_the_seed_decides():
    assert list(compose(pairs(), 10, seed=1)) == list(compose(pairs(), 10, seed=1))
    assert list(compose(pairs(), 10, seed=1)) != list(compose(pairs(), 10, seed=2))


def test_too_few_pairs_make_no_documents():
    assert list(compose(pairs().query("relation == 'spun'"), 10)) == []
