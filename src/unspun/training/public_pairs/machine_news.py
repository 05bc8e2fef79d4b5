"""Make pairs of texts and what language models made of them in 2024.

Here are round trips of news and summaries of books through six languages, by a model each, and news that models
rephrased or revised. Of the two that revised, one keeps the length and the other one condenses.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator

from unspun.io.labels import SPUN
from unspun.training.public_pairs.clones import REVISED_NEWS, ROUND_TRIPS, Read, rows_of, text_of
from unspun.training.public_pairs.collection import drawn
from unspun.training.public_pairs.rewrites import labelled_pair

TRIPS, NEWS = "published_round_trips", "published_news"
_LOOPS = "Results/Evaluation/Bilingual self-loop/Factuality"
_MODELS = {"llama3.1_8b": "Llama-3.1-8B-Instruct", "mistral7bv2": "Mistral-7B-Instruct-v0.2"}
# By genre, model and language: when the file was made, which is in its name. Garbled trips are left out.
_RUNS = {
    ("news2024", "llama3.1_8b"): {
        "de": "20250107_143731",
        "fr": "20250107_155326",
        "nl": "20250107_161504",
        "th": "20250119_042506",
        "vn": "20250107_073628",
        "zh": "20250106_210149",
    },
    ("news2024", "mistral7bv2"): {"de": "20250107_102006", "fr": "20250107_114523", "nl": "20250107_160008"},
    ("booksum", "llama3.1_8b"): {
        "de": "20250108_011930",
        "fr": "20250107_222616",
        "nl": "20250107_212217",
        "th": "20250117_211741",
        "vn": "20250107_075748",
        "zh": "20250107_143251",
    },
    ("booksum", "mistral7bv2"): {"de": "20250107_181506", "fr": "20250107_203429", "nl": "20250108_024806"},
}
_TRIPS_EACH = {"news2024": (2, 150), "booksum": (1, 100)}
"""Of each genre, how many trips a text has and how many texts are taken."""
_TRIP_LENGTHS = (0.6, 1.5)
"""Shares of the source's length between which a trip is whole and has no translation left standing beside it."""
_REPHRASED = {
    "Llama-3.1-8B": "Llama-3.1-8B-Instruct_rephrase_20250207_154125",
    "Mistral-7B": "mistral7bv2_rephrase_20250207_164222",
    "Llama, Mistral or Gemma": "llama_mistral_gemma_rephrased_20250207_180851",
}
_YEARS, _MOST_REVISED = range(2020, 2025), 400
_REVISERS = ("GPT", "Gemini")
_DATE = re.compile(r"^\**\w+day, \w+ \d+, \d{4}\**\s+")


def machine_news_pairs(read: Read) -> Iterator[dict[str, str]]:
    """Yield the pairs, labelled, in a fixed order.

    Parameters
    ----------
    read : callable
        Returns a file of a repository.
    """
    for genre, (n_trips, most) in _TRIPS_EACH.items():
        yield from _round_trips(read, genre, n_trips, most)
    yield from _rephrased(read)
    revised = [pair for year in _YEARS for pair in _revised(read, year)]
    yield from drawn(revised, _MOST_REVISED, "revised")


def _round_trips(read: Read, genre: str, n_trips: int, most: int) -> Iterator[dict[str, str]]:
    """Yield texts beside themselves after one trip to another language and back by a model."""
    trips = {}
    for (of_genre, model), runs in _RUNS.items():
        for language, made in runs.items() if of_genre == genre else ():
            name = f"translated_passages_{genre}_{_MODELS[model]}_trans_en_{language}_en_{made}.json"
            trips[model, language] = json.loads(text_of(read, ROUND_TRIPS, f"{_LOOPS}/{model}/{genre}/{name}"))
    titles = list(next(iter(trips.values())))[:most]
    for number, title in enumerate(titles):
        rng = random.Random(f"{genre} {number}")
        whole = [(*trip, made[title]) for trip, made in trips.items() if title in made and _whole(made[title])]
        for model, language, steps in rng.sample(whole, min(n_trips, len(whole))):
            labels = (SPUN, "backtranslation", f"{_MODELS[model]} through {language}", TRIPS)
            source, back = (steps[step]["text"] for step in ("0", "2"))
            yield from labelled_pair(f"{genre}-{number}", f"{model}-{language}", source, back, *labels)


def _whole(steps: dict[str, dict[str, str]]) -> bool:
    if not {"0", "2"} <= set(steps):
        return False
    source, back = (len(steps[step]["text"].split()) for step in ("0", "2"))
    return _TRIP_LENGTHS[0] * source <= back <= _TRIP_LENGTHS[1] * source


def _rephrased(read: Read) -> Iterator[dict[str, str]]:
    """Yield news beside themselves as models rephrased them, once."""
    for model, made in _REPHRASED.items():
        path = f"Results/Ablations/Rephrase/rephrased_passages_news2024_{made}.json"
        for number, steps in json.loads(text_of(read, ROUND_TRIPS, path)).items():
            labels = (SPUN, "llm", f"{model}, told to rephrase", NEWS)
            yield from labelled_pair(f"rephrased-{number}", model, steps["0_en"], steps["1_en"], *labels)


def _revised(read: Read, year: int) -> Iterator[dict[str, str]]:
    """Yield news of a year beside themselves revised, by one model or the other."""
    articles = _articles(read, f"Plain_Text/news_{year}")
    versions = {model: _articles(read, f"{model}_Revised/{year}_{model}") for model in _REVISERS}
    for number, (title, text) in enumerate(articles.items()):
        model = random.Random(f"revised {year} {number}").choice(_REVISERS)
        labels = (SPUN, "llm", f"{model}, told to revise", NEWS)
        yield from labelled_pair(f"revised-{year}-{number}", model, text, versions[model].get(title, ""), *labels)


def _articles(read: Read, path: str) -> dict[str, str]:
    """Return news by title, without the date that stands before some and without marks of bold type."""
    rows = rows_of(read, REVISED_NEWS, f"RAG/News/{path}.jsonl")
    return {row["title"]: _DATE.sub("", row["content"]).replace("*", "").strip() for row in rows}
