"""Make pairs of what models polished, and of what people edited.

Polish changes some words and keeps the order: it lies nearest to what an editor does. So these pairs have both sides of
that line. What a person put right in a model's, a pupil's or a translation engine's text is honest,
however much of it was replaced; so is a review that a person turned into its contrary with as few words as would do.
"""

from __future__ import annotations

import csv
import html
import io
import json
import re
import tarfile
from collections.abc import Iterator, Sequence
from itertools import cycle, islice

from unspun.io.labels import SPUN
from unspun.training.public_pairs.clones import (
    ABSTRACTS,
    COAUTHORED,
    CONTRARIES,
    CORRECTIONS,
    NEWS_POSTEDITS,
    POSTEDITS,
    PROOFREAD,
    Read,
    stretches,
    text_of,
    untokenised,
)
from unspun.training.public_pairs.collection import lines_of
from unspun.training.public_pairs.rewrites import labelled_pair
from unspun.training.public_pairs.translators import ENGINES, news_file

POLISHED, EDITED = "published_abstracts", "published_edits"
_BY_MODEL, _BY_PERSON = (SPUN, "llm"), ("edited", "human_edit")
_CONTRARY, _CORRECTED, _POSTEDITED = ("edited", "contrary"), ("edited", "correction"), ("edited", "post_edit")
_ABSTRACT_PAIRS, _CONTRARY_PAIRS, _STRETCHES = 500, 500, 40
_LANGUAGES = ("et", "ne", "ro", "ru", "si")
_SIZES = (120, 250, 400)
"""Words of the texts that sentences are put together to, one after another."""


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
    yield from _abstracts(read)
    yield from _edited(read)
    yield from _contraries(read)
    yield from _corrected(read)
    yield from _postedited(read)
    yield from _postedited_news(read)
    yield from _proofread(read)


def _abstracts(read: Read) -> Iterator[dict[str, str]]:
    """Yield abstracts beside themselves polished by a model."""
    versions: dict[str, dict[str, str]] = {}
    for row in json.loads(text_of(read, ABSTRACTS, "Dataset/HPPT/test.json")):
        versions.setdefault(row["url"], {})[str(row["fake"])] = row["text"]
    whole = [sides for sides in versions.values() if len(sides) == 2]
    for number, sides in enumerate(whole[:_ABSTRACT_PAIRS]):
        labels = (*_BY_MODEL, "gpt-3.5, told to polish", POLISHED)
        yield from labelled_pair(f"abstract-{number}", "polish", sides["0"], sides["1"], *labels)


def _edited(read: Read) -> Iterator[dict[str, str]]:
    """Yield models' texts beside themselves as people edited them, by words or by sentences."""
    for unit in ("sentence", "token"):
        for row in json.loads(text_of(read, COAUTHORED, f"data/MixSet/separated_files/MGT_polish_{unit}.json")):
            edited = next(str(text) for name, text in row.items() if name.endswith("output"))
            # Marks that an old word processor left.
            source, suspect = (text.replace("\u00ac", "") for text in (row["MGT_sentence"], edited))
            labels = (*_BY_PERSON, f"a person edits a model's text by {unit}", EDITED)
            yield from labelled_pair(f"model-{row['id']}", unit, source, suspect, *labels)


def _contraries(read: Read) -> Iterator[dict[str, str]]:
    """Yield film reviews beside themselves as a person made them say the contrary."""
    reviews: dict[str, list[str]] = {}
    for part in ("dev", "test"):
        table = text_of(read, CONTRARIES, f"sentiment/combined/paired/{part}_paired.tsv")
        for row in csv.DictReader(io.StringIO(table), delimiter="\t"):
            text = re.sub(r"\s*<br />(\s*<br />)*\s*", "\n\n", row["Text"])
            reviews.setdefault(f"{part}-{row['batch_id']}", []).append(html.unescape(text))
    whole = [(name, sides) for name, sides in reviews.items() if len(sides) == 2]
    for name, sides in whole[:_CONTRARY_PAIRS]:
        labels = (*_CONTRARY, "a person makes it say the contrary", EDITED)
        yield from labelled_pair(f"review-{name}", "contrary", sides[0], sides[1], *labels)


def _corrected(read: Read) -> Iterator[dict[str, str]]:
    """Yield learners' sentences put together beside themselves as four people made them fluent."""
    for part in ("dev", "test"):
        source = text_of(read, CORRECTIONS, f"{part}/{part}.src").splitlines()
        for person in range(4):
            made = text_of(read, CORRECTIONS, f"{part}/{part}.ref{person}").splitlines()
            sentences = [(untokenised(one), untokenised(two)) for one, two in zip(source, made, strict=True)]
            labels = (*_CORRECTED, "a person makes a learner's text fluent", EDITED)
            yield from _put_together(f"learner-{part}", f"person-{person}", sentences, labels)


def _postedited(read: Read) -> Iterator[dict[str, str]]:
    """Yield translations by an engine, put together, beside themselves as a person put them right."""
    for language in _LANGUAGES:
        folder = f"{language}-en-dev"
        with tarfile.open(fileobj=io.BytesIO(read(POSTEDITS, f"data/post-editing/dev/{folder}.tar.gz"))) as packed:
            sides = [packed.extractfile(f"{folder}/dev.{side}") for side in ("mt", "pe")]
            made, put_right = (file.read().decode().splitlines() for file in sides if file)
        sentences = [(untokenised(one), untokenised(two)) for one, two in zip(made, put_right, strict=True)]
        labels = (*_POSTEDITED, "a person puts a machine translation right", EDITED)
        yield from _put_together(f"engine-{language}", "postedit", sentences, labels)


def _postedited_news(read: Read) -> Iterator[dict[str, str]]:
    """Yield news by four older engines beside themselves as people put them right."""
    for engine in ENGINES:
        versions = [news_file(f"{engine}.{side}") for side in ("hyp", "edit")]
        sentences = [(untokenised(one), untokenised(two)) for one, two in lines_of(read, NEWS_POSTEDITS, versions)]
        labels = (*_POSTEDITED, "a person puts a machine translation right", EDITED)
        yield from _put_together("engine-news", engine, sentences, labels)


def _proofread(read: Read) -> Iterator[dict[str, str]]:
    """Yield learners' and encyclopedia sentences, put together, beside themselves as four people corrected them."""
    for genre in ("fce", "wiki"):
        for person in range(4):
            files = [f"data/dev/{genre}/{who}" for who in ("source", f"ref{person}")]
            sentences = [(untokenised(one), untokenised(two)) for one, two in lines_of(read, PROOFREAD, files)]
            labels = (*_CORRECTED, f"a person corrects sentences of {genre}", EDITED)
            yield from _put_together(f"proofread-{genre}", f"person-{person}", sentences, labels)


def _put_together(
    name: str, version: str, sentences: Sequence[tuple[str, str]], labels: tuple[str, str, str, str]
) -> Iterator[dict[str, str]]:
    """Yield texts of sentences that follow one another, of several lengths, and their versions."""
    n_words = [len(source.split()) for source, _ in sentences]
    for start, stop, _ in islice(stretches(n_words, cycle(_SIZES)), _STRETCHES):
        source, suspect = (" ".join(sides) for sides in zip(*sentences[start:stop], strict=True))
        yield from labelled_pair(f"{name}-{start}", version, source, suspect, *labels)
