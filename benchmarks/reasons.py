"""How much of a score the families of reasons shown hold, on labelled pairs of groups left out.

``python benchmarks/reasons.py [--features FILE] [--fold 0] [--json FILE]`` fits one classifier without a fold of groups
(some minutes), asks it about the fold's pairs, and prints what the families shown hold. Calibration is that of the
packaged model. With ``--fold -1`` the packaged model is asked about all
pairs, which it was trained on.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from unspun.comparison.features.catalogue import FEATURE_NAMES, FEATURES
from unspun.comparison.passages import FEWEST_WORDS
from unspun.evidence.explanation import Reason
from unspun.evidence.reason_families import families_of, shown_and_rest
from unspun.io.labels import ORIGINAL
from unspun.model.cross_fitting import fit_both
from unspun.model.detector_fitting import classifier_settings, direction_settings
from unspun.model.document_classifier import DocumentRows
from unspun.model.scoring import packaged
from unspun.model.spin_model import SpinModel
from unspun.training.evaluation import documents_of, labelled_rows
from unspun.training.feature_table import read_features
from unspun.training.folds import folds

ROOT = Path(__file__).resolve().parent.parent
AT_ONCE = 2000


def model_without(table: pd.DataFrame, train: np.ndarray) -> SpinModel:
    """Return the packaged model with a classifier that saw some rows only."""
    model = packaged()
    with threadpool_limits(1):
        fitted, _ = fit_both(classifier_settings(), direction_settings(), labelled_rows(table.iloc[train]))
    known = model.classifier
    return replace(model, classifier=fitted.calibrated(known.calibration))


def deciding(rows: DocumentRows, log_odds: np.ndarray) -> np.ndarray:
    """Return the row that decides every document: its strongest passage, or the whole, int (d,)."""
    able = rows.n_passage_words >= FEWEST_WORDS
    used = able | (np.bincount(rows.owner, able, len(rows.whole)) == 0)[rows.owner]
    found, best = rows.whole.copy(), np.full(len(rows.whole), -np.inf)
    for owner, row in zip(rows.owner[used].tolist(), rows.passages[used].tolist(), strict=True):
        if log_odds[row] > best[owner]:
            found[owner], best[owner] = row, log_odds[row]
    return found


def told(model: SpinModel, table: pd.DataFrame, asked: np.ndarray) -> Iterator[tuple[list[Reason], float]]:
    """Yield the reasons and the log-odds of every pair among the rows asked about."""
    part = table.iloc[asked].reset_index(drop=True)
    documents = documents_of(part)
    assert documents is not None
    X, rows = part[list(FEATURE_NAMES)].to_numpy(np.float32), documents.rows
    log_odds = np.concatenate([model.log_odds(X[k : k + AT_ONCE]) for k in range(0, len(X), AT_ONCE)])
    of_documents, by = model.documents.log_odds(log_odds, rows), deciding(rows, log_odds)
    pairs = np.flatnonzero((part["variant"] == ORIGINAL).to_numpy()[rows.whole])
    for start in range(0, len(pairs), AT_ONCE):
        chosen = pairs[start : start + AT_ONCE]
        added, _ = model.contributions(X[by[chosen]])
        for place, own in zip(chosen.tolist(), added.tolist(), strict=True):
            values = X[by[place]].tolist()
            parts = zip(FEATURES, values, own, strict=True)
            yield [Reason(f.name, value, one, f.label, (), f.family) for f, value, one in parts], of_documents[place]


def main() -> None:
    """Fit, ask, count, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--features", type=Path, default=ROOT / "data" / "training" / "features.parquet")
    parser.add_argument("--fold", type=int, default=0)
    parser.add_argument("--json", type=Path, default=ROOT / "build" / "bench" / "reasons.json")
    given = parser.parse_args()
    table = read_features(given.features)
    model, asked = packaged(), np.arange(len(table))
    if given.fold >= 0:
        train, asked = next(islice(folds(table, "group-cv"), given.fold, None))
        model = model_without(table, train)
    held, right, numbers, speaking = [], [], Counter(), Counter()
    for reasons, log_odds in told(model, table, asked):
        shown, _ = shown_and_rest(families_of(reasons, log_odds, "", {}))
        total = sum(one.contribution for one in shown)
        held.append(1 - abs(log_odds - total) / abs(log_odds))
        right.append(total * log_odds > 0)
        numbers[len(shown)] += 1
        speaking.update(one.name for one in shown)
    figures = {
        "pairs": len(held),
        "held, median": round(float(np.median(held)), 4),
        "held, 1 in 100": round(float(np.quantile(held, 0.01)), 4),
        "sign of the verdict": round(float(np.mean(right)), 4),
        "families shown": {n: round(numbers[n] / len(held), 4) for n in sorted(numbers)},
        "shown in": {name: round(n / len(held), 4) for name, n in speaking.most_common()},
    }
    given.json.parent.mkdir(parents=True, exist_ok=True)
    given.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
