"""The tables of a run of our own, for its pages."""

import pandas as pd

from unspun.io.tables import SCORES, Reject, conform
from unspun.reports.run_overview import ARTICLE_COLUMNS, SWAP_COLUMNS

SITES = {"o1": "origin.example", "o2": "other.example", **{f"s{k}": "spun.example" for k in range(1, 5)}}


def articles(sites=SITES, **fields):
    rows = [
        (name, fields.get("title", f"Title of {name}"), "", site, fields.get("published", ""))
        for name, site in sites.items()
    ]
    return pd.DataFrame(rows, columns=list(ARTICLE_COLUMNS))


def scores(*rows):
    """Return SCORES from (source, suspect, p_spun, p_forward)."""
    table = pd.DataFrame(rows, columns=["source_id", "suspect_id", "p_spun", "p_forward"])
    table = table.assign(coverage=0.9, n_substitutions=12, abstained=None, model="m")
    return conform(table.reindex(columns=SCORES.names), SCORES)


def swaps(*rows):
    return pd.DataFrame(rows, columns=list(SWAP_COLUMNS), dtype=str)


SCORED = [
    ("o1", "s1", 0.99, 0.95),
    ("s2", "o1", 0.97, 0.10),
    ("o2", "s3", 0.96, 0.80),
    ("s1", "s2", 0.90, 0.55),
    ("o1", "o2", 0.10, 0.50),
    ("o1", "s4", float("nan"), float("nan")),
]
SWAPS = [
    ("o1", "s1", "big", "large"),
    ("o1", "s2", "big", "large"),
    ("o1", "s2", "old", "ancient"),
    ("s1", "s2", "old", "ancient"),
]
REJECTS = [
    Reject("x", "read", "page of 7,000 bytes"),
    Reject("y", "read", "page of 9 bytes"),
    Reject("z", "keys", "no"),
]
