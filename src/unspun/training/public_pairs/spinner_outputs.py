"""Make pairs of texts and what spinners of several kinds made of them.

Chains of translation engines bring a passage back to English after one, two or three other languages. So does a
language model that translates what people translated. A neural paraphraser changes words and the order of sentences.
Language models reword web pages, reviews and abstracts.
"""

from __future__ import annotations

import csv
import html
import io
import json
import random
import re
from collections.abc import Iterator
from itertools import count, islice

from unspun.io.labels import SPUN
from unspun.training.public_pairs.clones import (
    ABSTRACTS_REWRITTEN,
    DIPPED_ESSAYS,
    ENGINE_OUTPUTS,
    IN_ORDER,
    REVIEWS,
    TRANSLATED_PAGES,
    WEB_PAGES,
    Read,
    rows_of,
    stretches,
    text_of,
)
from unspun.training.public_pairs.rewrites import labelled_pair

_MOST = 400
_LEAST_WORDS, _LEAST_SENTENCES = 60, 2
_LENGTHS = (0.75, 1.33)
_NEAR_LANGUAGES = {"de", "es", "fr", "it", "sv"}
_KEPT_BY_NEAR, _KEPT_BY_FAR, _MOST_FAR = 0.55, 0.65, 2
# Of the folder of a model's essays and that of what DIPPER made of them. In a fourth folder, texts are mixed up.
_DIPPED = {
    "brat-project/{}gpt-4o-mini-2024-07-18/20250130074608": 140,
    "ielts/{}gpt-4o-mini-2024-07-18/20250220103657": 130,
    "ielts/{}llama-3.3-70b-instruct/135672": 130,
}
_KEPT_BY_DIPPER = 0.3
_SENTENCES = "multilingual-translation/flores-devtest-deen/test.en.txt"
_ENGINE = (
    "outputs/flores-101/1-shot/tsv/examples.model=bloom.task=flores_101_mt.templates=xglm-{}-English-source+target"
    ".fewshot=1.seed=1234.timestamp={}.newline-cut-custom-truncate.tsv"
)
_LANGUAGES = {
    "Arabic": "2023-01-07T00_32_25",
    "Bengali": "2023-01-05T11_27_43",
    "French": "2023-01-06T01_45_47",
    "Hindi": "2023-01-06T01_37_19",
    "Indonesian": "2023-01-06T14_38_19",
    "Latin American Spanish": "2023-01-07T03_22_09",
    "Vietnamese": "2023-01-06T14_38_19",
    "simplified Chinese": "2023-01-07T03_19_55",
}
_SIZES, _LANGUAGES_A_TEXT, _KEPT_BY_ENGINE = (80, 120, 180), 3, 0.45
_REWORDED = ("non_strategic_8b", "non_strategic_70b", "strategic_8b", "strategic_70b")
_ABSTRACTS = "data/testing_dataset/arxiv_final/arxiv_{}.jsonl"


def spinner_pairs(read: Read) -> Iterator[dict[str, str]]:
    """Yield the pairs, labelled, in a fixed order.

    Parameters
    ----------
    read : callable
        Returns a file of a repository.
    """
    yield from islice(_translated(read), _MOST)
    yield from islice(_from_people(read), _MOST)
    yield from _dipped(read)
    yield from islice(_web_pages(read), _MOST)
    yield from _reviews(read)
    yield from _abstracts(read)


def _translated(read: Read) -> Iterator[dict[str, str]]:
    """Yield passages of web pages beside themselves after a chain of translation engines."""
    folder = "data/04-translation-obfuscation"
    pages = [line.split() for line in text_of(read, TRANSLATED_PAGES, f"{folder}/pairs").splitlines() if line.strip()]
    random.Random("translated pages").shuffle(pages)
    for suspect_page, source_page in pages:
        name = f"{suspect_page[:-4]}-{source_page[:-4]}"
        found = text_of(read, TRANSLATED_PAGES, f"{folder}/{name}.xml")
        for number, feature in enumerate(re.findall(r"<feature\s([^>]*)/>", found)):
            marks = dict(re.findall(r'(\w+)="([^"]*)"', feature))
            source = _passage(read, f"src/{source_page}", marks["source_offset"], marks["source_length"])
            suspect = _passage(read, f"susp/{suspect_page}", marks["this_offset"], marks["this_length"])
            languages = [marks[key] for key in sorted(marks) if key.startswith("language_")][1:-1]
            if _is_sound(source, suspect, languages):
                tool = f"translation engines through {', '.join(languages)}"
                labels = (SPUN, "backtranslation", tool, "translated_pages")
                yield from labelled_pair(source_page[:-4], f"{suspect_page[:-4]}-{number}", source, suspect, *labels)


def _passage(read: Read, page: str, offset: str, length: str) -> str:
    text = read(TRANSLATED_PAGES, f"data/{page}").decode("utf-8", "replace")
    return " ".join(html.unescape(text[int(offset) :][: int(length)]).split())


def _is_sound(source: str, suspect: str, languages: list[str]) -> bool:
    """Tell whether a chain of languages left the sense of a passage that consists of sentences."""
    n_words = len(source.split())
    near = set(languages) <= _NEAR_LANGUAGES
    return (
        n_words >= _LEAST_WORDS
        and len(re.findall(r"[a-z]{2}[.!?](?=\s|$)", source)) >= _LEAST_SENTENCES
        and _LENGTHS[0] <= len(suspect.split()) / n_words <= _LENGTHS[1]
        and (near or len(languages) <= _MOST_FAR)
        and kept_words(source, suspect) >= (_KEPT_BY_NEAR if near else _KEPT_BY_FAR)
    )


def _dipped(read: Read) -> Iterator[dict[str, str]]:
    """Yield models' essays beside themselves as DIPPER paraphrased them."""
    for folder, most in _DIPPED.items():
        sources, suspects = (_essays(read, folder.format(side)) for side in ("", "dipper/"))
        names = [name for name in suspects if kept_words(sources.get(name, ""), suspects[name]) >= _KEPT_BY_DIPPER]
        for name in sorted(random.Random(folder).sample(names, min(most, len(names)))):
            labels = (SPUN, "neural", "DIPPER", "dipper_essays")
            task, _, model = folder.partition("/{}")
            yield from labelled_pair(f"{task}-{model[:5]}-{name}", "0", sources[name], suspects[name], *labels)


def _from_people(read: Read) -> Iterator[dict[str, str]]:
    """Yield sentences put together, beside what a model made of other people's translation of them."""
    sentences = text_of(read, IN_ORDER, _SENTENCES).splitlines()
    versions: dict[str, dict[str, str]] = {}
    for language, made in _LANGUAGES.items():
        table = text_of(read, ENGINE_OUTPUTS, _ENGINE.format(language, made)).splitlines()
        versions[language] = {row[1]: row[2] for row in (line.split("\t") for line in table) if len(row) == 3}
    rng = random.Random("from people")
    for start, stop, _ in stretches([len(one.split()) for one in sentences], (rng.choice(_SIZES) for _ in count())):
        source = " ".join(sentences[start:stop])
        for language in rng.sample(list(_LANGUAGES), _LANGUAGES_A_TEXT):
            suspect = " ".join(versions[language].get(one, "") for one in sentences[start:stop])
            if _is_alike(source, suspect, _KEPT_BY_ENGINE):
                tool = f"people into {language}, BLOOM back"
                yield from labelled_pair(
                    f"{start}", language, source, suspect, SPUN, "backtranslation", tool, "flores_trips"
                )


def _is_alike(source: str, suspect: str, kept: float) -> bool:
    ratio = len(suspect.split()) / max(1, len(source.split()))
    return _LENGTHS[0] <= ratio <= _LENGTHS[1] and kept_words(source, suspect) >= kept


def _web_pages(read: Read) -> Iterator[dict[str, str]]:
    """Yield extracts of web pages beside themselves as a model reworded them."""
    for page in json.loads(text_of(read, WEB_PAGES, "data/paraphrase_versions/gpt-3.5-turbo/en_c4.jsonl")):
        source, suspect = (page[side].replace("\u00ad", "") for side in ("natural_text", "perturbed_natural_text"))
        if _is_alike(source, suspect, 0):
            labels = (SPUN, "llm", "gpt-3.5, told to paraphrase", "web_paraphrases")
            yield from labelled_pair(f"page-{page['index']}", "0", source, suspect, *labels)


def _reviews(read: Read) -> Iterator[dict[str, str]]:
    """Yield reviews of hotels, each beside one of four versions by two models."""
    for number, row in enumerate(csv.DictReader(io.StringIO(text_of(read, REVIEWS, "data/paraphrases.csv")))):
        whole = [version for version in _REWORDED if _is_alike(row["text"], row[version], 0)]
        if whole:
            version = random.Random(f"review {number}").choice(whole)
            told = "paraphrase and deceive" if version.startswith("strategic") else "paraphrase"
            labels = (SPUN, "llm", f"Llama {version.rpartition('_')[2].upper()}, told to {told}", "review_paraphrases")
            yield from labelled_pair(f"hotel-{number}", version, row["text"], row[version], *labels)


def _abstracts(read: Read) -> Iterator[dict[str, str]]:
    """Yield abstracts, each beside a model's version or this one beside what an attack on detectors made of it."""
    kinds = ("human", "rewritten", "humanized_adv")
    rows = {kind: rows_of(read, ABSTRACTS_REWRITTEN, _ABSTRACTS.format(kind)) for kind in kinds}
    texts = {
        kind: {row["id"].rpartition("_")[2]: " ".join(row["text"].split()) for row in of} for kind, of in rows.items()
    }
    names = sorted(set.intersection(*map(set, texts.values())))
    random.Random("abstracts").shuffle(names)
    for number, name in enumerate(names[:_MOST]):
        step = number % 2
        tool = ("Claude Haiku, told to rewrite", "adversarial paraphrasing by Llama-3-8B")[step]
        source, suspect = (texts[kind][name] for kind in kinds[step : step + 2])
        if _is_alike(source, suspect, 0):
            yield from labelled_pair(
                f"preprint-{name}", kinds[step + 1], source, suspect, SPUN, "llm", tool, "abstract_rewrites"
            )


def _essays(read: Read, folder: str) -> dict[str, str]:
    table = csv.DictReader(io.StringIO(text_of(read, DIPPED_ESSAYS, f"datasets/{folder}/data.csv")), delimiter=";")
    return {row[""]: _parted(row["llm"]) for row in table}


def _parted(essay: str) -> str:
    r"""Return an essay with its lost paragraph breaks, and without the end of a prompt before it.

    >>> _parted("(required). It is so.On one hand, it is not.")
    'It is so.\n\nOn one hand, it is not.'
    """
    essay = re.sub(r"^\W*[^)]{0,12}\)\.?\s*", "", essay.strip())
    return re.sub(r"(?<=[a-z][.!?])(?=[A-Z])", "\n\n", essay)


def kept_words(source: str, suspect: str) -> float:
    """Return the share of the source's long words that stand in the suspect, too.

    It is low where a text was made from another one, or has lost the sense.

    Parameters
    ----------
    source, suspect : str

    Returns
    -------
    float
        From 0 to 1; 0 where the source has no long word.

    Examples
    --------
    >>> kept_words("The council approved another barrier.", "The council did approve the barrier")
    0.5
    """
    ours, theirs = (set(re.findall(r"[a-z]{7,}", text.lower())) for text in (source, suspect))
    return len(ours & theirs) / max(1, len(ours))
