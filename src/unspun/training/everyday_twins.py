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
from unspun.training.honest.anonymising import anonymised
from unspun.training.honest.character_noise import noisy
from unspun.training.honest.editions import later_edition
from unspun.training.honest.forms.all_forms import FAMILY, FORMS, RELATION, form_pair
from unspun.training.spinners import SPINNERS

NOISE_RATES = (0.005, 0.08)
"""Shares of letters that noise hits: drawn evenly on a logarithmic scale."""
_HONEST_LOT, _SPUN_LOT = 8, 6
"""One of so many judged pairs gets an honest twin, one of so many spun pairs a spun one."""
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
        relation, name, text = _honest(source, other, rng)
        if text != source:
            yield {"relation": relation, "family": f"{TWIN}{name}", "tool": f"unspun {name}", "suspect": text}
    if pair["relation"] == SPUN and not int(rng.integers(_SPUN_LOT)):
        renamed = rng.random() < 0.3
        text = anonymised(suspect, rng, 1.0) if renamed else noisy(suspect, rng, _rate(rng))
        if text != suspect:
            name = "renamed" if renamed else "noise"
            yield {"family": f"{TWIN}{pair['family']}_{name}", "tool": f"unspun {name}", "suspect": text}


def _honest(source: str, other: str, rng: np.random.Generator) -> tuple[str, str, str]:
    """Return relation, family and text of an honest twin of a source."""
    lot = rng.random()
    if lot < 0.5:
        return "copied", "noise", noisy(source, rng, _rate(rng))
    if lot < 0.75:
        return "edited", "renamed", anonymised(source, rng, float(rng.uniform(0.5, 1.0)))
    return "edited", "edition", later_edition(source, rng, float(rng.uniform(0.2, 0.9)), other)


def _rate(rng: np.random.Generator) -> float:
    low, high = np.log(NOISE_RATES)
    return float(np.exp(rng.uniform(low, high)))


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
            source, suspect = form_pair(rng, (form,))
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
