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
from typing import Any

from unspun.io.labels import SPUN
from unspun.training.public_pairs.clones import (
    ABSTRACTS,
    COAUTHORED,
    CONTRARIES,
    CORRECTIONS,
    DRAFTS,
    EXAM_SCRIPTS,
    IMITATED_DRAFTS,
    NEWS_POSTEDITS,
    POSTEDITS,
    PROOFREAD,
    Read,
    rows_of,
    stretches,
    text_of,
    untokenised,
)
from unspun.training.public_pairs.collection import drawn, lines_of
from unspun.training.public_pairs.rewrites import labelled_pair
from unspun.training.public_pairs.translators import ENGINES, news_file

POLISHED, EDITED = "published_abstracts", "published_edits"
_BY_MODEL, _BY_PERSON = (SPUN, "llm"), ("edited", "human_edit")
_CONTRARY, _CORRECTED, _POSTEDITED = ("edited", "contrary"), ("edited", "correction"), ("edited", "post_edit")
_ABSTRACT_PAIRS, _CONTRARY_PAIRS, _STRETCHES = 500, 500, 40
_ALIKE = ("independent", "same_question")
_DRAFTERS, _MOST_BY_OTHERS, _LEAST_NEW_WORDS = ("claude-opus-4-7", "gpt-5.5"), 120, 4
_MOST_SCRIPTS, _LEAST_EDITS = 300, 8
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


def further_edits(read: Read) -> Iterator[dict[str, str]]:
    """Yield what people made of models' drafts and of learners' texts.

    Parameters
    ----------
    read : callable
        Returns a file of a repository.

    Yields
    ------
    dict of str
        Columns of labelled pairs.
    """
    yield from _drafts(read)
    yield from _scripts(read)


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


def _drafts(read: Read) -> Iterator[dict[str, str]]:
    """Yield a model's drafts of letters and speeches, each beside one or two texts that are near to it.

    A person edited the draft to sound like themselves, or wrote from the same notes without having seen it. So did
    another model, which knew how this person writes.
    """
    others: dict[tuple[str, str], dict[str, str]] = {}
    for model in _DRAFTERS:
        for row in json.loads(text_of(read, IMITATED_DRAFTS, f"data/processed/mimics/{model}.json")).values():
            others.setdefault((row["pid"], str(row["task_idx"])), {})[model] = row["text"]
    by_others: list[dict[str, str]] = []
    for writer in sorted({writer for writer, _ in others}):
        log = json.loads(text_of(read, DRAFTS, f"logs/{writer}.json"))
        for number, edited in enumerate(log["user_info"]["conditions"]):
            task = str(number)
            made = log["responses"][task]
            draft, final = made["model_generation"], made["final_version"]
            name = f"draft-{writer[:8]}-{task}"
            labels = (*_BY_PERSON, "a person edits a model's draft in their own manner", "drafts_edited")
            if not edited:
                labels = (*_ALIKE, "a person and a language model with the same notes", "drafts_from_one_list")
            if not edited or len(set(final.split()) - set(draft.split())) >= _LEAST_NEW_WORDS:
                yield from labelled_pair(name, "person", draft, final, *labels)
            for model, text in sorted(others.get((writer, task), {}).items()):
                labels = (*_ALIKE, "two language models with the same notes", "drafts_from_one_list")
                by_others += labelled_pair(name, model, draft, text, *labels)
    yield from drawn(by_others, _MOST_BY_OTHERS, "drafts")


def _scripts(read: Read) -> Iterator[dict[str, str]]:
    """Yield learners' exam scripts beside themselves as an examiner corrected them, of those with many edits."""
    made: list[dict[str, str]] = []
    for number, row in enumerate(rows_of(read, EXAM_SCRIPTS, "data/fce/json/fce-train.json")):
        edits = row["edits"][0][1]
        if len(edits) >= _LEAST_EDITS:
            labels = (*_CORRECTED, "a person corrects a learner's exam script", "exam_scripts")
            made += labelled_pair(f"script-{number}", "corrected", row["text"], _edited_at(row["text"], edits), *labels)
    yield from drawn(made, _MOST_SCRIPTS, "scripts")


def _edited_at(text: str, edits: Sequence[Sequence[Any]]) -> str:
    """Return a text after edits, each a range of letters and what comes in its place, or None.

    >>> _edited_at("He go home", [[3, 5, "goes"], [10, 10, "."]])
    'He goes home.'
    """
    for start, stop, new, *_ in sorted(edits, key=lambda edit: (int(edit[0]), int(edit[1])), reverse=True):
        if new is not None:
            text = text[:start] + new + text[stop:]
    return re.sub(r"[ ]+(?=[ ,.;:!?])", "", text)
