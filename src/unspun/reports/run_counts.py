"""The counts of a run, from what was read to what was flagged."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

import pandas as pd

from unspun.crawl.run_summary import AFTER_READING

_NUMBER = re.compile(r"\d[\d,.]*")


class Counts(NamedTuple):
    """Numbers that add up.

    Read is articles and rejected, articles paired and alone, pairs flagged, below, unscored.

    ``rejected`` has a line a stage and reason; its ``n_rejects`` include articles without keys and pairs without a
    score, which were read all the same.
    """

    n_read: int
    n_articles: int
    rejected: tuple[tuple[str, str, int], ...]
    n_rejected: int
    n_rejects: int
    n_paired: int
    n_alone: int
    n_pairs: int
    n_flagged: int
    n_cautioned: int
    n_below: int
    n_unscored: int
    n_derived: int


def count(
    articles: pd.DataFrame,
    scores: pd.DataFrame,
    rejects: pd.DataFrame,
    flagged: pd.DataFrame,
    n_derived: int,
    min_p: float,
) -> Counts:
    """Return the counts of a run.

    Parameters
    ----------
    articles, scores, rejects : DataFrame
        The tables of the run.
    flagged : DataFrame
        Its flagged pairs.
    n_derived : int
        Pages that were found to be spun.
    min_p : float
        Pairs from this p_spun on are flagged.

    Returns
    -------
    Counts
        Numbers of pages and pairs.
    """
    at = rejects["stage"].value_counts()
    n_rejected = int(at.drop(labels=list(AFTER_READING), errors="ignore").sum())
    n_lost = int(at.get("score", 0))
    paired = pd.concat([scores["source_id"], scores["suspect_id"]]).unique()
    n_paired = int(articles["article_id"].isin(paired).sum())
    return Counts(
        n_read=len(articles) + n_rejected,
        n_articles=len(articles),
        rejected=tuple(_reasons(rejects)),
        n_rejected=n_rejected,
        n_rejects=len(rejects),
        n_paired=n_paired,
        n_alone=len(articles) - n_paired,
        n_pairs=len(scores) + n_lost,
        n_flagged=len(flagged),
        n_cautioned=int(flagged["abstained"].notna().sum()),
        n_below=int((scores["p_spun"] < min_p).sum()),
        n_unscored=int(scores["p_spun"].isna().sum()) + n_lost,
        n_derived=n_derived,
    )


def _reasons(rejects: pd.DataFrame) -> Iterable[tuple[str, str, int]]:
    """Count rejects by stage and reason, most first; what names one record only (ids, sizes) is left out of reasons."""
    groups = rejects.groupby(["stage", rejects["reason"].map(_general)], sort=True).size()
    for stage, reason, n in groups.sort_values(ascending=False, kind="stable").reset_index().itertuples(index=False):
        yield str(stage), str(reason), int(n)


def _general(reason: str) -> str:
    """Return a reason without what is particular to one record.

    >>> _general("the same text as a.html"), _general("page of 7,000,000 bytes; the limit is 5,000,000")
    ('the same text as another', 'page of … bytes')
    """
    if reason.startswith("the same text as "):
        return "the same text as another"
    return _NUMBER.sub("…", re.split(r"[:;]", reason[:500])[0]).strip()[:120]
