"""Weigh the rows of a feature table.

The two classes weigh alike, and within a class every cell of (dataset, relation, family) weighs alike, so that a large
corpus counts no more than a small one.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from unspun.io.labels import DOCUMENT, SPUN, TWIN, UNLABELLED
from unspun.model.calibration import Floats

# Cells below this size are pooled: no single pair weighs much.
MIN_CELL = 30
# Pairs of our own making are easier than real ones: together they get this share of their class at most.
# Leaving one dataset out, recall at 1% (macro, linear part): .319 at .2, .335 at .35, .350 at .5 with variants
# weighing like the others; .359 at .35 with variants at .3.
TWIN_SHARE = 0.35
VARIANTS = ("cut",)
"""Names of the variants of a pair, beside ``original``; twins are pairs of their own."""
VARIANT_WEIGHT = 0.3
TREE_SHARE, TREE_VARIANT = 0.1, 0.05
"""Share of honest twins and weight of variants for the boosted trees, which see no spun twins: these are easier than
what tools make, and trees learn them by heart (docs/notebook/2026-11-22-synthetic-pairs.md)."""


def cells(table: pd.DataFrame) -> pd.Series:
    """Return the cell of every pair, ``dataset/relation/family``.

    Cells under 30 pairs are pooled.

    Parameters
    ----------
    table : DataFrame
        With ``dataset``, ``relation`` and ``family``.

    Returns
    -------
    Series of str

    Examples
    --------
    >>> cells(pd.DataFrame({"dataset": ["x"], "relation": ["copied"], "family": ["wire"]}))[0]
    'pooled/copied/any'
    """
    cell = table["dataset"] + "/" + table["relation"] + "/" + table["family"]
    few = cell.map(cell.value_counts()) < MIN_CELL
    family = table["family"].where(table["relation"] == SPUN, "any")
    return cell.where(~few, "pooled/" + table["relation"] + "/" + family)


def cell_weights(table: pd.DataFrame) -> Floats:
    """Return weights under which cells weigh alike within a class.

    Each class sums to 1.

    >>> cell_weights(pd.DataFrame({"dataset": ["x"] * 2, "relation": ["spun"] * 2, "family": ["llm"] * 2})).tolist()
    [0.5, 0.5]
    """
    cell = cells(table)
    weight = np.array(1.0 / cell.map(cell.value_counts()), np.float64)
    spun = (table["relation"] == SPUN).to_numpy()
    for members in (spun, ~spun):
        if members.any():
            weight[members] /= weight[members].sum()
    return weight


def training_weights(
    table: pd.DataFrame, twin_share: float = TWIN_SHARE, variant_weight: float = VARIANT_WEIGHT
) -> Floats:
    """Return weights to train under; their mean is 1.

    They are those of `cell_weights`; the rows of one pair share its weight.

    Parameters
    ----------
    table : DataFrame
        With ``id``, ``dataset``, ``relation`` and ``family``; rows of one id are variants of one pair, and those
        named in `VARIANTS` (where there is a column ``variant``) weigh ``variant_weight`` of the others. Families that
        start with ``twin_`` are kept to ``twin_share`` of their class. Composed documents as wholes, and passages
        without a label, weigh nothing.
    twin_share, variant_weight : float
        The share of twins, and what a variant weighs beside the others of its pair.

    Returns
    -------
    float64 (n,)
        One for each row.

    Examples
    --------
    >>> table = pd.DataFrame({"id": ["a", "a", "b"], "dataset": "x", "relation": "spun", "family": "llm"})
    >>> training_weights(table).tolist()
    [0.75, 0.75, 1.5]
    """
    if "variant" in table and (left_out := table["variant"].isin([DOCUMENT, UNLABELLED]).to_numpy()).any():
        weights = np.zeros(len(table))
        weights[~left_out] = training_weights(table[~left_out].reset_index(drop=True), twin_share, variant_weight)
        return weights
    pairs = table.drop_duplicates("id")
    weight = pd.Series(cell_weights(pairs), index=pairs["id"].to_numpy())
    twin = pairs["family"].str.startswith(TWIN).to_numpy()
    spun = (pairs["relation"] == SPUN).to_numpy()
    for members in (spun, ~spun):
        made, real = weight[members & twin].sum(), weight[members & ~twin].sum()
        if made > twin_share and real > 0:
            weight[members & twin] *= twin_share / made
            weight[members & ~twin] *= (1 - twin_share) / real
    row = (
        np.ones(len(table))
        if "variant" not in table
        else np.where(table["variant"].isin(VARIANTS), variant_weight, 1.0)
    )
    of_pair = pd.Series(row, index=table.index).groupby(table["id"]).transform("sum").to_numpy()
    per_row = table["id"].map(weight).to_numpy(np.float64) * row / of_pair
    return np.asarray(per_row * (len(table) / per_row.sum()), np.float64)


def tree_weights(table: pd.DataFrame) -> Floats:
    """Return the weights of the boosted trees.

    They are as `training_weights`, with less for honest twins and variants. Spun twins weigh nothing.

    >>> table = pd.DataFrame({"id": ["a", "b", "c"], "dataset": "x", "relation": ["spun", "spun", "copied"]})
    >>> tree_weights(table.assign(family=["llm", "twin_moby", "wire"])).tolist()
    [1.0, 0.0, 1.0]
    """
    kept = ~(table["family"].str.startswith(TWIN) & (table["relation"] == SPUN)).to_numpy()
    weight = np.zeros(len(table))
    weight[kept] = training_weights(table[kept].reset_index(drop=True), TREE_SHARE, TREE_VARIANT)
    return weight


def kinds(table: pd.DataFrame) -> NDArray[np.object_]:
    """Return the kinds of pairs that networks tell apart, array of str (n,).

    They are relations, and of spun pairs the families. Our own spins are one kind, and so are all families of fewer
    than 30 rows.

    >>> family = ["llm"] * 30 + ["twin_moby"] * 30 + ["neural", "wire"]
    >>> table = pd.DataFrame({"relation": ["spun"] * 61 + ["copied"], "family": family})
    >>> sorted(set(kinds(table).tolist()))
    ['copied', 'spun/any', 'spun/llm', 'spun/twin']
    """
    spun = table["relation"] == SPUN
    family = table["family"].mask(table["family"].str.startswith(TWIN), TWIN.removesuffix("_"))
    family = family.mask(family.map(family[spun].value_counts()) < MIN_CELL, "any")
    return np.asarray(table["relation"].mask(spun, "spun/" + family), object)
