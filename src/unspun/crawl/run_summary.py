"""Sum up a run in numbers: ``run.json``, and the lines printed at its end."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from typing import Any

import pandas as pd

from unspun.crawl.engines.stages import INPUTS, READ, read_part
from unspun.crawl.run import DONE, Run, part_name
from unspun.crawl.run_plan import Plan
from unspun.io.stores import Store

AFTER_READING = ("keys", "phrases", "score")
"""Stages whose rejections are of articles and pairs, not of records that were read."""
_N_REASONS = 100
_MARKER = re.compile(rf"{DONE}/(\w+)-\d+\.json")


def describe(store: Store, plan: Plan, timings: dict[str, dict[str, float]]) -> dict[str, Any]:
    """Return what ``run.json`` says of a run that has come to its end.

    Parameters
    ----------
    store : Store
        The files of the run.
    plan : Plan
        What it set out to do.
    timings : dict
        Seconds by stage, of this sitting: what was done before the run was taken up is not in it.

    Returns
    -------
    dict
        Ready to be written as JSON.
    """
    return {
        **plan.about,
        "inputs": _inputs(store, plan),
        "counts": _counts(store),
        "timings": timings,
    }


def lines(info: dict[str, Any]) -> list[str]:
    r"""Return the counts of a run in words.

    What became of every record, and of every pair.

    Examples
    --------
    >>> counts = {"records": 3, "articles": 2, "rejected": {"decode": 1}, "candidates": 1, "scores": 1}
    >>> print(*lines({"counts": counts}), sep="\n")
    3 records: 2 articles, 1 rejected (decode 1)
    1 pairs: 1 scored, 0 rejected
    """
    counts = info["counts"]
    rejected: dict[str, int] = counts["rejected"]
    read = {stage: n for stage, n in rejected.items() if stage not in AFTER_READING}
    said = [f"{counts['records']:,} records: {counts['articles']:,} articles, {sum(read.values()):,} rejected"]
    if read:
        said[0] += f" ({', '.join(f'{stage} {n:,}' for stage, n in sorted(read.items(), key=lambda item: -item[1]))})"
    if n_silent := rejected.get("keys", 0):
        said.append(f"{n_silent:,} articles could not be compared")
    n_scored = counts["scores"] + counts.get("licensed", 0)
    said.append(f"{counts['candidates']:,} pairs: {n_scored:,} scored, {rejected.get('score', 0):,} rejected")
    if counts.get("licensed"):
        said.append(f"{counts['licensed']:,} of them are pairs of sites that may republish, in a table of their own")
    forms: dict[str, int] = counts.get("forms", {})
    if forms.get("pairs"):
        said.append(f"{forms['pairs']:,} pairs share a form, left out of them; {forms['not_judged']:,} are not judged")
    return said


def _counts(store: Store) -> dict[str, Any]:
    done: dict[str, Counter[str]] = {}
    for name in store.names(DONE):
        found = _MARKER.fullmatch(name)
        if found:
            done.setdefault(found[1], Counter()).update(json.loads(store.read(name)))
    rejects = Run(store, {}).rejects
    read = done.get("read", Counter())
    return {
        "records": read[READ] + read["rejects"],
        "articles": done.get("articles", Counter())["articles"],
        "rejected": {str(stage): int(n) for stage, n in rejects["stage"].value_counts().sort_index().items()},
        "candidates": done["candidates"]["candidates"],
        "scores": done.get("score", Counter())["scores"],
        "forms": _forms(store),
        "licensed": done.get("score", Counter())["licensed"],
        "reasons": _reasons(rejects),
    }


def _forms(store: Store) -> dict[str, int]:
    """Count the pairs that share a form, and those of them that were not judged for it."""
    counts = {"pairs": 0, "not_judged": 0}
    for part in Run(store, {}).parts("scores", ["form", "abstained"]):
        of_form = part[part["form"].notna()]
        counts["pairs"] += len(of_form)
        counts["not_judged"] += int(of_form["abstained"].str.startswith("form: ", na=False).sum())
    return counts


def _reasons(rejects: pd.DataFrame) -> dict[str, int]:
    """Count rejections by stage and reason, whatever numbers and names are in it."""
    alike = rejects["stage"] + ": " + rejects["reason"].map(_without_details)
    return {str(reason): int(n) for reason, n in alike.value_counts().head(_N_REASONS).items()}


def _without_details(reason: str) -> str:
    reason = "the same text as another" if reason.startswith("the same text as ") else reason.partition(": ")[0]
    return re.sub(r"\d[\d,.]*", "N", reason)


def _inputs(store: Store, plan: Plan) -> dict[str, dict[str, Any]]:
    """Return how much was read, and a digest of all of it: of the names and digests of the files."""
    sides = {"against": range(plan.n_against), "inputs": range(plan.n_against, len(plan.shards))}
    found = {}
    for side, numbers in sides.items():
        files = [file for n in numbers for file in read_part(store, part_name(INPUTS, n)).to_pylist()]
        digest = hashlib.sha256("".join(f"{file['name']}\n{file['sha256']}\n" for file in files).encode())
        n_bytes = sum(file["bytes"] for file in files)
        found[side] = {"files": len(files), "bytes": n_bytes, "sha256": digest.hexdigest() if files else ""}
    return found
