"""A small features table of made-up numbers, shaped like the real one."""

import numpy as np
import pandas as pd

from unspun.comparison.features.catalogue import ALIGNED_WORDS, FEATURE_NAMES, FEATURES
from unspun.training.feature_table import LABELS

# (dataset, relation, family): two datasets of each kind, so that one can be left out.
CELLS = [
    ("alpha", "spun", "synonym"),
    ("beta", "spun", "llm"),
    ("beta", "copied", "wire"),
    ("gamma", "edited", "update"),
    ("gamma", "rewritten", "translation"),
    ("delta", "independent", "same_event"),
]
N_EACH, N_WORDS = 60, 200
# What tells the relations apart here: features that stay when a pair is turned round, and some that turn their sign.
LEVELS = {"spun": 3.0, "copied": -2.0, "edited": -1.0, "rewritten": 0.5, "independent": 0.0}
STAYS = [place for place, feature in enumerate(FEATURES) if feature.swapped == "same"]
TURNS = [place for place, feature in enumerate(FEATURES) if feature.swapped == "negated"][:4]


def features_table(seed=0, n_each=N_EACH):
    """Return 360 originals with 40 variants, or more: spun pairs differ from the others in a few features."""
    rng = np.random.default_rng(seed)
    labels, rows = [], []
    for cell, (dataset, relation, family) in enumerate(CELLS):
        X = rng.normal(size=(n_each, len(FEATURE_NAMES))).astype(np.float32)
        X[:, STAYS[:3]] += LEVELS[relation]
        X[:, STAYS[3:6]] += 0.2 * (cell % 3)
        X[:, TURNS] += 1.5 if relation == "spun" else 0.0
        X[rng.random(X.shape) < 0.1] = np.nan
        X[:, ALIGNED_WORDS] = np.log1p(N_WORDS)
        rows.append(X)
        labels += [
            (
                *(f"{dataset}-{relation}-{k}", dataset, relation, family, "tool", f"{dataset}/{k // 2}", "original"),
                *(f"{dataset}/{dataset}-{relation}-{k}", N_WORDS),
            )
            for k in range(n_each)
        ]
    table = pd.DataFrame(labels, columns=list(LABELS))
    table = pd.concat([table, pd.DataFrame(np.concatenate(rows), columns=list(FEATURE_NAMES))], axis=1)
    variants = table.iloc[:: len(table) // 40].assign(variant="cut", document="")
    return pd.concat([table, variants], ignore_index=True)
