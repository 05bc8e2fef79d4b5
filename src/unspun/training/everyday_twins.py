"""Make twins of pairs as texts change in everyday life.

They are misread, renamed, or printed anew.

Such a change says nothing about spinning. So an honest copy and a spun text get the same changes: noise is no sign of
spinning, and no sign of honesty either. Pages filled in from one form are honest pairs of their own.
"""

from __future__ import annotations

from collections.abc import Iterator
from zlib import crc32

import numpy as np
import pandas as pd

from unspun.io.labels import SPUN, TWIN
from unspun.training.honest.forms.all_forms import FAMILY, FORMS, RELATION
from unspun.training.honest.world_pairs import (
    WorldPair,
    desk_pair,
    edition_pair,
    form_pair,
    names_pair,
    noise_pair,
    renamed_pair,
    spoiled_pair,
)
from unspun.training.spinners import SPINNERS

_HONEST_LOT, _SPUN_LOT = 6, 5
"""One of so many judged pairs gets an honest twin, one of so many spun pairs a spun one."""
_RENAMED = 0.35
"""Share of the spun twins whose names are changed; letters are spoiled in the others."""
FORM_DATASET = "forms"
_FORM_PAIRS, _SPUN_FORMS = 40, 10


def everyday_twins(pair: pd.Series, other: str) -> Iterator[dict[str, object]]:
    """Yield what differs from the pair's own row in its twins: none for most pairs.

    Parameters
    ----------
    pair : Series
        With ``id``, ``source``, ``suspect``, ``relation`` and ``family``.
    other : str
        A text of the same dataset and another group, which an edition takes sentences from.

    Yields
    ------
    dict
        Columns of the twin that are not those of the pair.
    """
    rng = np.random.default_rng(crc32(f"{pair['id']} everyday".encode()))
    source, suspect = str(pair["source"]), str(pair["suspect"])
    if not int(rng.integers(_HONEST_LOT)):
        made = _honest(source, other, rng)
        if made.source != made.suspect:
            yield _twin(made, made.family)
    if pair["relation"] == SPUN and not int(rng.integers(_SPUN_LOT)):
        spun = WorldPair(SPUN, str(pair["family"]), "", source, suspect)
        name, change = ("renamed", renamed_pair) if rng.random() < _RENAMED else ("noise", spoiled_pair)
        made = change(spun, rng)
        if made != spun:
            yield _twin(made, f"{pair['family']}_{name}")


def _honest(source: str, other: str, rng: np.random.Generator) -> WorldPair:
    """Return a source beside itself as it is spoiled, renamed or printed anew."""
    lot = rng.random()
    if lot < 0.4:
        return noise_pair(source, rng)
    if lot < 0.7:
        return names_pair(source, rng)
    return edition_pair(source, other, rng) if lot < 0.9 else desk_pair(source, rng)


def _twin(made: WorldPair, family: str) -> dict[str, object]:
    return made._asdict() | {"family": f"{TWIN}{family}", "tool": f"unspun {made.tool}"}


def form_pairs() -> pd.DataFrame:
    """Return pairs of pages filled in from one form.

    Some pages stand beside spun copies of them.

    Returns
    -------
    DataFrame
        The columns of labelled pairs; every form is a group of its own.
    """
    rows = []
    for form in FORMS:
        rng = np.random.default_rng(crc32(form.name.encode()))
        for number in range(_FORM_PAIRS + _SPUN_FORMS):
            source, suspect = form_pair(rng, (form,))[-2:]
            row = {
                "id": f"{form.name}-{number}",
                "source": source,
                "suspect": suspect,
                "relation": RELATION,
                "family": FAMILY,
                "tool": "unspun forms",
                "dataset": FORM_DATASET,
                "group": f"{FORM_DATASET} {form.name}",
                "lowercased": False,
                "source_written_by": "human",
            }
            if number >= _FORM_PAIRS:
                spinner = SPINNERS[int(rng.integers(len(SPINNERS)))]
                spun = spinner.spin(source, rng, float(rng.uniform(0.3, 0.75)))
                row |= {"suspect": spun, "relation": SPUN, "family": f"{TWIN}{spinner.family}"}
            rows.append(row)
    return pd.DataFrame(rows)
