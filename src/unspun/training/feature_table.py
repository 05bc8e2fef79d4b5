"""Make and read a feature table: the features and labels of labelled pairs."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from joblib import Parallel, delayed
from numpy.typing import NDArray

import unspun
from unspun.comparison.alignment import align_all
from unspun.comparison.features.catalogue import FEATURE_NAMES
from unspun.comparison.features.extraction import features_of_all
from unspun.comparison.passages import Place, passages_of, place_of
from unspun.errors import TrainingError
from unspun.io.labels import COMPOSED, DOCUMENT, ORIGINAL, PASSAGE, UNLABELLED
from unspun.io.pair_tables import read_pairs
from unspun.io.progress import Progress, say
from unspun.io.rows.column_names import ANY, PairColumns
from unspun.text.tokenizer import read_text
from unspun.training.augmentation import expand
from unspun.training.composing import Document, compose, piece_of
from unspun.training.everyday_twins import form_pairs
from unspun.training.folds import require_both_kinds
from unspun.training.source_groups import merge_groups

_BATCH = 60
N_DOCUMENTS = 1600
"""How many documents are composed of the labelled pairs."""
LABELS = ("id", "dataset", "relation", "family", "tool", "group", "variant", "document", "n_words")
"""The columns of a features table before the features.

``document`` names the document that a row is of, empty for rows that are judged by themselves; ``n_words`` counts the
words of the shorter text.
"""


class Measured(NamedTuple):
    """Features of some pairs and of their passages.

    Attributes
    ----------
    whole, passages : float32 (n, f), (m, f)
        Features of the pairs, and of the passages of those whose passages were asked for.
    n_words, n_passage_words : int (n,), (m,)
        Words of the shorter text of each.
    owner : int (m,)
        The pair that each passage is of.
    places : list of Place
        Where each passage lies.
    """

    whole: NDArray[np.float32]
    passages: NDArray[np.float32]
    n_words: NDArray[np.int64]
    n_passage_words: NDArray[np.int64]
    owner: NDArray[np.intp]
    places: list[Place]


def measure_table(pairs: pd.DataFrame, n_jobs: int = 1, progress: Progress | None = None) -> NDArray[np.float32]:
    """Return the features of a table of pairs, float32 (n, f).

    There are as many columns as `FEATURE_NAMES`; NaN where a feature is undefined.

    Parameters
    ----------
    pairs : DataFrame
        ``source`` and ``suspect``, both text.
    n_jobs : int
        Processes; -1 for all cores. The result does not depend on it.
    progress : callable, optional
        Called with how many rows are done and how many there are.

    Returns
    -------
    float32 (n, len(FEATURE_NAMES))
        In the order of the rows.
    """
    return measure(pairs, np.zeros(len(pairs), np.bool_), n_jobs, progress).whole


def measure(
    pairs: pd.DataFrame, with_passages: NDArray[np.bool_], n_jobs: int = 1, progress: Progress | None = None
) -> Measured:
    """Compute the features of a table of pairs and of passages of some.

    Parameters
    ----------
    pairs : DataFrame
        ``source`` and ``suspect``, both text.
    with_passages : bool array (n,)
        The pairs whose passages are measured, too, unless they are all one passage.
    n_jobs : int
        Processes; -1 for all cores. The result does not depend on it.
    progress : callable, optional
        Called with how many rows are done and how many there are.

    Returns
    -------
    Measured
        In the order of the pairs.
    """
    texts = list(zip(pairs["source"], pairs["suspect"], with_passages.tolist(), strict=True))
    starts = range(0, len(texts), _BATCH)
    done: list[Measured] = []
    tasks = (delayed(_measure_batch)(texts[start : start + _BATCH]) for start in starts)
    for start, batch in zip(starts, Parallel(n_jobs=n_jobs, return_as="generator")(tasks), strict=True):
        done.append(batch._replace(owner=batch.owner + start))
        if progress:
            progress(start + len(batch.whole), len(texts))
    if not done:
        return _measure_batch([])
    return Measured(
        np.concatenate([batch.whole for batch in done]),
        np.concatenate([batch.passages for batch in done]),
        np.concatenate([batch.n_words for batch in done]),
        np.concatenate([batch.n_passage_words for batch in done]),
        np.concatenate([batch.owner for batch in done]),
        [place for batch in done for place in batch.places],
    )


def _measure_batch(texts: Sequence[tuple[str, str, bool]]) -> Measured:
    read = lru_cache(maxsize=4 * _BATCH)(read_text)
    aligned = align_all((read(source), read(suspect)) for source, suspect, _ in texts)
    found = [passages_of(pair) if wanted else [] for pair, (*_, wanted) in zip(aligned, texts, strict=True)]
    passages = [(k, part) for k, parts in enumerate(found) for part in parts if part is not aligned[k]]
    rows = features_of_all([*aligned, *(part for _, part in passages)])
    return Measured(
        rows[: len(aligned)],
        rows[len(aligned) :],
        np.array([pair.n_own_words for pair in aligned], np.int64),
        np.array([part.n_own_words for _, part in passages], np.int64),
        np.array([owner for owner, _ in passages], np.intp),
        [place_of(part) for _, part in passages],
    )


def build_features(
    pairs: Path | Sequence[Path],
    n_jobs: int = 1,
    progress: Progress | None = None,
    training: bool = True,
    more: Sequence[Path] = (),
    columns: PairColumns = ANY,
) -> pd.DataFrame:
    """Compute the features of folders or files of pairs.

    Parameters
    ----------
    pairs : Path or sequence of Path
        As `unspun.io.pair_tables.read_pairs` reads them.
    n_jobs : int
        Processes; -1 for all cores. The result does not depend on it.
    progress : callable, optional
        Called with how many rows are done and how many there are.
    training : bool
        Read labels too, and merge the groups of datasets that share texts. Add variants and twins, the passages of
        pairs that have several, and documents composed of several pairs with their passages.
    more : sequence of Path
        Further pairs of the same kind, put after the others: trained on, never judged by.
    columns : PairColumns
        What the columns of the texts are called.

    Returns
    -------
    DataFrame
        `LABELS` (only ``id`` without ``training``), then a float32 column per feature, NaN where it is undefined.
    """
    judged = [pairs] if isinstance(pairs, Path) else list(pairs)
    read = [read_pairs(path, labelled=training, columns=columns) for path in (*judged, *more)]
    good = pd.concat(
        [frame.assign(judged=place < len(judged)) for place, (frame, _) in enumerate(read)], ignore_index=True
    )
    bad = pd.concat([frame for _, frame in read], ignore_index=True)
    if len(bad):
        say(f"{len(bad):,} bad records left out; the first: {bad['id'].iloc[0]}: {bad['reason'].iloc[0]}")
    if not training:
        features = pd.DataFrame(measure_table(good, n_jobs, progress), columns=list(FEATURE_NAMES))
        return pd.concat([good[["id"]].reset_index(drop=True), features], axis=1)
    good = good.assign(group=merge_groups(good))
    forms = form_pairs().assign(judged=False)
    good = pd.concat([good, forms[list(good.columns)]], ignore_index=True)
    documents = list(compose(good[good["judged"]].reset_index(drop=True), N_DOCUMENTS))
    return _labelled_table(expand(good), documents, n_jobs, progress)


def _labelled_table(
    rows: pd.DataFrame, documents: Sequence[Document], n_jobs: int, progress: Progress | None
) -> pd.DataFrame:
    """Measure pairs, variants and composed documents, and the passages of those that are judged."""
    original = rows["variant"] == ORIGINAL
    names = rows["dataset"] + "/" + rows["id"]
    rows = rows.assign(document=names.where(original, ""))
    pieces = rows[original].reset_index(drop=True)
    composed = pd.DataFrame([_document_labels(document) for document in documents])
    every = pd.concat([rows, composed], ignore_index=True)
    measured = measure(every, (every["document"] != "").to_numpy(), n_jobs, progress)
    labels = [every.assign(n_words=measured.n_words)[list(LABELS)]]
    named = {document.name: document for document in documents}
    passages = [
        _passage_labels(every.iloc[owner], place, number, pieces, named)
        for number, (owner, place) in enumerate(zip(measured.owner.tolist(), measured.places, strict=True))
    ]
    labels.append(pd.DataFrame(passages, columns=list(LABELS)).assign(n_words=measured.n_passage_words))
    numbers = np.concatenate([measured.whole, measured.passages])
    return pd.concat([pd.concat(labels, ignore_index=True), pd.DataFrame(numbers, columns=list(FEATURE_NAMES))], axis=1)


def _document_labels(document: Document) -> dict[str, object]:
    """Return the row of a composed document as a whole: it is judged, and never trained on by itself."""
    return {
        "id": document.name,
        "source": document.source,
        "suspect": document.suspect,
        "dataset": COMPOSED,
        "relation": "spun" if document.spun else "independent",
        "family": document.kind,
        "tool": "",
        "group": document.name,
        "variant": DOCUMENT,
        "document": document.name,
    }


def _passage_labels(
    whole: pd.Series, place: Place, number: int, pieces: pd.DataFrame, documents: Mapping[str, Document]
) -> dict[str, object]:
    """Return the labels of a passage: those of its pair, or of the piece of a document that it lies in."""
    row = {name: whole[name] for name in LABELS if name != "n_words"} | {"variant": PASSAGE}
    if whole["variant"] != DOCUMENT:
        return row
    row["id"] = f"{whole['id']}-{number}"
    piece = piece_of(documents[whole["id"]], (place[0], place[1]), (place[2], place[3]))
    if piece is None:
        return row | {"variant": UNLABELLED}
    if piece.pair < 0:
        return row | {"relation": "independent", "family": "unrelated"}
    pair = pieces.iloc[piece.pair]
    return row | {name: pair[name] for name in ("relation", "family", "tool", "group")}


def read_features(path: Path) -> pd.DataFrame:
    """Read a features table.

    Raises
    ------
    TrainingError
        When it cannot be read or its columns are not those of the features as they are now.
    """
    try:
        table = pd.read_parquet(path)
    except (OSError, ValueError) as error:
        raise TrainingError("no features table can be read", path, "make one by `make features`") from error
    return check_table(table)


def check_table(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table if a model can be fitted on it."""
    if list(table.columns) != [*LABELS, *FEATURE_NAMES]:
        odd = sorted(set(table.columns) ^ {*LABELS, *FEATURE_NAMES})
        raise TrainingError("the table holds other features than this code", odd, "rebuild it by `make features`")
    original = require_both_kinds(table, "training")
    if original["group"].nunique() < 2:
        raise TrainingError("training needs two groups at least", original["group"].iloc[0], "label groups of pairs")
    return table


def model_name(table: pd.DataFrame) -> str:
    """Return the name of the model that is trained on a features table."""
    return f"unspun-{unspun.__version__}-{digest(table)[:10]}"


def digest(table: pd.DataFrame) -> str:
    """Return a fingerprint of a features table, the same wherever its values are.

    >>> digest(pd.DataFrame({"kept_rate": [0.5]})) == digest(pd.DataFrame({"kept_rate": [0.25 + 0.25]}))
    True
    """
    rows = pd.util.hash_pandas_object(table, index=False).to_numpy()
    return hashlib.sha256(",".join(table.columns).encode() + rows.tobytes()).hexdigest()
