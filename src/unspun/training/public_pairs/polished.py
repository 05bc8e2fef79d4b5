"""Make pairs of what models polished or paraphrased, and what people edited.

Polish changes few words and keeps the order: it lies nearest to what an editor does. So these pairs have both sides of
that line. What a person put right in a model's text is honest, however much of it the person replaced.
"""

from __future__ import annotations

import csv
import io
import json
import random
from collections.abc import Iterator, Sequence

import pyarrow as pa

from unspun.io.labels import SPUN
from unspun.training.public_pairs.clones import ABSTRACTS, COAUTHORED, DEGREES, EVADING, GUIDED, Read, text_of
from unspun.training.public_pairs.rewrites import labelled_pair

COAUTHOR_SETS = ("published_coauthors", "published_degrees", "published_abstracts", "published_guided")
EVADING_SET, EDITED_SET = "published_dipper", "published_edits"
_BY_MODEL, _BY_PARAPHRASER, _BY_PERSON = (SPUN, "llm"), (SPUN, "neural"), ("edited", "human_edit")
_COAUTHORED = "data/MixSet/separated_files"
_TASKS = (
    ("gpt4", ("polish_sentence", "polish_token", "rewrite", "humanize")),
    ("2llama", ("polish_sentence", "polish_token", "rewrite", "humanize")),
)
_DEGREES, _POLISHERS = (20, 35, 50, 75), ("deepseek", "gpt", "llama", "llama2", "llama70b")
_TOPICS = ("xsum", "squad", "abstract")
_WATERMARKS, _GUIDES = ("kgw", "uni"), ("adv/mage", "adv/radar", "adv/robbase", "adv/roblarge", "noadv")
_GUIDED_PAIRS, _ABSTRACT_PAIRS = 500, 500
_LEAST_SHARED = 0.2
"""Share of the longer words of a text that its paraphrase keeps; below it the two are not of one row."""


def polished_pairs(read: Read) -> Iterator[dict[str, str]]:
    """Yield the pairs, labelled, in a fixed order.

    Parameters
    ----------
    read : callable
        Returns a file of a repository.

    Yields
    ------
    dict of str
        Columns of labelled pairs.
    """
    yield from _coauthored(read)
    yield from _by_degree(read)
    yield from _abstracts(read)
    yield from _paraphrased(read)
    yield from _guided(read)


def _coauthored(read: Read) -> Iterator[dict[str, str]]:
    """Yield texts that two models changed, four ways a text, and models' texts that people edited."""
    for name in (f"{model}_{task}" for model, tasks in _TASKS for task in tasks):
        for row in _rows(read, f"{_COAUTHORED}/{name}.json"):
            source, suspect = _sides(row)
            # Half of the eight ways, others for every text: twelve versions of one text tell little more than four.
            if random.Random(f"{name} {row['id']}").random() < 0.5:
                yield from labelled_pair(
                    f"{_whose(row)}-{row['id']}", name, source, suspect, *_BY_MODEL, name, COAUTHOR_SETS[0]
                )
    for name in ("MGT_polish_sentence", "MGT_polish_token"):
        for row in _rows(read, f"{_COAUTHORED}/{name}.json"):
            source, suspect = _sides(row)
            tool = "a person edits a model's text"
            yield from labelled_pair(f"{_whose(row)}-{row['id']}", name, source, suspect, *_BY_PERSON, tool, EDITED_SET)


def _rows(read: Read, path: str) -> list[dict[str, str]]:
    return list(json.loads(text_of(read, COAUTHORED, path)))


def _whose(row: dict[str, str]) -> str:
    return "person" if "HWT_sentence" in row else "model"


def _sides(row: dict[str, str]) -> tuple[str, str]:
    source = row.get("HWT_sentence") or row.get("MGT_sentence") or ""
    return source, next(str(text) for name, text in row.items() if name.endswith("output"))


def _by_degree(read: Read) -> Iterator[dict[str, str]]:
    """Yield texts beside themselves polished to a degree, two of twenty ways a text."""
    texts = {row["id"]: row["generation"] for row in _table(read, "data/HWT_original_data.csv")}
    made = {
        (model, degree): {
            row["id"]: row["generation"] for row in _table(read, f"data/polished/polished_texts_{degree}_{model}.csv")
        }
        for model in _POLISHERS
        for degree in _DEGREES
    }
    for name, text in texts.items():
        for model, degree in random.Random(f"degree {name}").sample(sorted(made), 2):
            if suspect := made[model, degree].get(name):
                tool = f"{model}, told to polish {degree} %"
                labels = (*_BY_MODEL, tool, COAUTHOR_SETS[1])
                yield from labelled_pair(f"person-{name}", f"{model}-{degree}", text, suspect, *labels)


def _table(read: Read, path: str) -> Iterator[dict[str, str]]:
    return csv.DictReader(io.StringIO(text_of(read, DEGREES, path)))


def _abstracts(read: Read) -> Iterator[dict[str, str]]:
    """Yield abstracts beside themselves polished by a model."""
    versions: dict[str, dict[str, str]] = {}
    for row in json.loads(text_of(read, ABSTRACTS, "Dataset/HPPT/test.json")):
        versions.setdefault(row["url"], {})[str(row["fake"])] = row["text"]
    for number, sides in enumerate(versions.values()):
        if len(sides) == 2 and number < _ABSTRACT_PAIRS:
            labels = (*_BY_MODEL, "gpt-3.5, told to polish", COAUTHOR_SETS[2])
            yield from labelled_pair(f"abstract-{number}", "polish", sides["0"], sides["1"], *labels)


def _paraphrased(read: Read) -> Iterator[dict[str, str]]:
    """Yield models' texts beside what a neural paraphraser made of them."""
    for topic in _TOPICS:
        rows = json.loads(text_of(read, EVADING, f"datasets/{topic}/{topic}_evasion_dipper.json"))
        for number, sides in enumerate(zip(rows["sampled"], rows["evade"], strict=True)):
            if _shared(*sides) >= _LEAST_SHARED:
                labels = (*_BY_PARAPHRASER, "DIPPER", EVADING_SET)
                yield from labelled_pair(f"{topic}-{number}", "dipper", *sides, *labels)


def _guided(read: Read) -> Iterator[dict[str, str]]:
    """Yield models' texts beside paraphrases that were chosen word by word to deceive detectors."""
    rng, rows = random.Random("guided"), []
    for mark in _WATERMARKS:
        sources = _column(read, f"{mark}_wm/wm_mage")
        for guide in _GUIDES:
            suspects = _column(read, f"outputs/guided_generations_{mark}wmmage/{guide}")
            rows += [(mark, guide, k, *sides) for k, sides in enumerate(zip(sources, suspects, strict=True))]
    for mark, guide, number, source, suspect in rng.sample(rows, min(_GUIDED_PAIRS, len(rows))):
        if _shared(source, suspect) >= _LEAST_SHARED:
            labels = (*_BY_MODEL, f"llama-3, told to paraphrase, {guide}", COAUTHOR_SETS[3])
            yield from labelled_pair(f"guided-{number}", f"{mark}-{guide}", source, suspect, *labels)


def _column(read: Read, folder: str) -> Sequence[str]:
    with pa.ipc.open_stream(read(GUIDED, f"{folder}/data-00000-of-00001.arrow")) as stream:
        return [str(text) for text in stream.read_all()["text"].to_pylist()]


def _shared(source: str, suspect: str) -> float:
    """Return the share of the longer words of a text that another keeps.

    >>> _shared("The harbour was closed at noon", "At noon they closed the quay")
    0.5
    """
    words, others = ({word for word in text.lower().split() if len(word) > 3} for text in (source, suspect))
    return len(words & others) / len(words) if words else 0.0
