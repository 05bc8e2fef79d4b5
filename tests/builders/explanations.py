"""Explanations made by hand for tests of what draws them."""

from __future__ import annotations

import math
from dataclasses import replace

from unspun.evidence.explanation import (
    Change,
    Explanation,
    Fixed,
    LeftOut,
    Provenance,
    Quotation,
    Reason,
    ReasonFamily,
    Row,
    Substitution,
)

SOURCE = 'The harbour fell. "We knew it all along," said Orla Finch.'
SUSPECT = 'The haven fell. "We knew it all along," said Orla Finch.'

SWAP = Substitution(
    source="harbour",
    suspect="haven",
    source_start=4,
    source_end=11,
    suspect_start=4,
    suspect_end=9,
    change=1,
    relation="synonym",
    wrong_sense=False,
    zipf_source=4.0,
    zipf_suspect=3.5,
    zipf_delta=-0.5,
    fit_delta=math.nan,
    telling=1.0,
    changes=(1,),
)
FOUND = Explanation(
    verdict="unclear",
    p_spun=0.75,
    p_low=0.4,
    p_high=0.9,
    p_forward=0.5,
    relation={"spun": 0.75, "copied": 0.25, "edited": 0.0, "rewritten": 0.0, "independent": 0.0},
    coverage=0.5,
    n_aligned_words=10,
    disguised={"source": 0, "suspect": 3},
    n_substitutions=2,
    abstained=None,
    log_odds=1.1,
    bias=4.1,
    residue=0.0,
    reasons=tuple(Reason(f"f{n}", n, (-1) ** n * n, f"reason {n}", (1,) if n == 6 else ()) for n in range(7)),
    rows=(
        Row("changed", 0, 17, 0, 15, 0, 0.9, (1,)),
        Row("kept", 18, len(SOURCE), 16, len(SUSPECT), 0, 1.0, ()),
    ),
    changes=(Change(1, "substituted", 0, 4, 11, 4, 9),),
    substitutions=(SWAP,),
    quotations=(Quotation(19, 39, 17, 37, True, 5, 0),),
    fixed=(Fixed("name", "Orla Finch", "kept", 47, 57, 45, 55), Fixed("number", "12", "lost", 4, 4, 4, 4)),
    left_out=(LeftOut("suspect", "own", 0, 3),),
    provenance=Provenance("0" * 64, "f" * 64, "test", {"unspun": "0"}, {"prior": "0.5"}, "a.txt", "b.txt", "A", "B"),
    model="test",
    families=(
        ReasonFamily("shared", "how much is shared", 2.5, "family 0", "kept_rate", 0.5, (0.2, 0.7, 1.0), (1,)),
        ReasonFamily("swaps", "what was put for what", -1.5, "family 1", "swap_rate", 0.25, (), (1,)),
        ReasonFamily("pair", "the pair as a whole", 0.25, "family 2"),
        ReasonFamily("style", "style of the texts", -0.15, "family 3", shown=False),
    ),
)


def hostile(text: str) -> Explanation:
    """Return an explanation with a text in every field that an article, an id or a title can reach."""
    swap = replace(SWAP, source=text, suspect=text)
    named = replace(
        FOUND.provenance, source_id=text, suspect_id=text, source_title=text, suspect_title=text, model=text
    )
    return replace(
        FOUND,
        substitutions=(swap, swap),
        fixed=tuple(replace(one, text=text, state="lost") for one in FOUND.fixed),
        provenance=named,
        model=text,
        abstained=text,
    )
