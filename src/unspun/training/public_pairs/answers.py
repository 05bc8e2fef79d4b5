"""Make honest pairs of texts that answer one question or task.

They may also go on from one beginning. Neither was made from the other.

Two counsellors answer one letter, two language models one question; a pupil and a language model write an essay on one
task, a journalist and a language model go on from one opening. Such texts share their subject, some phrases and at
times a first sentence, and where one is a machine's they differ in style as a spun text differs from its source: a
detector that has never met them takes the style for spinning.
"""

from __future__ import annotations

import csv
import html
import io
import json
import random
import re
from collections.abc import Iterator, Sequence
from itertools import combinations

from unspun.training.public_pairs.clones import (
    ASSISTANTS,
    BEGINNINGS,
    CONTINUED,
    COUNSEL,
    DEBATES,
    ESSAYS,
    PLOTS,
    TASKS,
    Read,
    sheet_rows,
    text_of,
)
from unspun.training.public_pairs.collection import drawn
from unspun.training.public_pairs.pickles import strings

_MAKERS = (
    ("gpt-3.5-turbo-0301", "gpt-3.5-turbo-0613", "gpt-3.5-turbo-1106"),
    ("gpt4", "gpt4_0314", "gpt4_0613"),
    ("gpt4_1106_preview", "gpt-4-0125-preview", "gpt-4-turbo-2024-04-09"),
    ("gpt-4o-2024-05-13", "gpt-4o-mini-2024-07-18"),
    ("claude", "claude-2", "claude-2.1", "claude-instant-1.2"),
    ("claude-3-opus-20240229", "claude-3-sonnet-20240229"),
)
"""Language models that resemble one another: two of one row answer alike most often."""
_LEAST_WORDS = 80
_N_ASSISTED, _N_ESSAYS, _N_BEGUN = 240, 300, 300
_DATASET = "published_answers"
"""One dataset with one weight: texts by people and by models together."""
_ESSAY_FILES = {
    "a pupil": "common/{0}/{0}_humans",
    "gpt-3.5": "chatgpt/{0}/{0}_lms",
    "gpt-3.5 told to evade": "chatgpt/{0}/{0}_outfox_attacks",
    "davinci-003": "text_davinci_003/{0}/{0}_lms",
    "flan-t5": "flan_t5_xxl/{0}/{0}_lms",
}
_CONTINUED = {
    "squad": "go on from one first sentence",
    "eli5": "answer one question",
    "yelp": "review one thing by the same key words",
}
_LEAST_CONTINUED, _N_CONTINUED = 60, 400
_WRITERS = {"Student": "a pupil", "ChatGPT-3": "gpt-3.5", "ChatGPT-4": "gpt-4"}
_TASK_MODELS, _TASK_SHEETS, _N_TASKS = {"GPT35": "gpt-3.5", "GPT4": "gpt-4"}, range(1, 7), 250
_HEAD = re.compile(r"^(?:\[\[\[.*?\]\]\]|(?:Subject|Title):[^\n]*)\s*")
"""What a model says of itself, or a title, before what it wrote."""
_LONGEST_STORY = 1500
_GENRES, _BEGUN_BY = ("xsum", "writing"), ("davinci", "gpt-3.5-turbo", "gpt-4")


def answered_pairs(read: Read) -> Iterator[dict[str, str]]:
    """Yield the pairs, labelled, in a fixed order.

    Parameters
    ----------
    read : callable
        Returns a file of a repository.
    """
    yield from _counsellors(read)
    yield from _assistants(read)
    yield from drawn(list(essay_pairs(read, "test")), _N_ESSAYS, "published_essays")
    yield from _beginnings(read)
    yield from _continued(read)
    yield from _debates(read)
    yield from drawn(list(_tasks(read)), _N_TASKS, "published_tasks")
    yield from _plots(read)


def _counsellors(read: Read) -> Iterator[dict[str, str]]:
    """Yield at most two pairs of answers to a question, each by two of the people who answered it."""
    answers: dict[str, dict[str, str]] = {}
    for row in csv.DictReader(io.StringIO(text_of(read, COUNSEL, "data/20200325_counsel_chat.csv"))):
        text = re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", row["answerText"]))).strip()
        if _long_enough(text):
            answers.setdefault(row["questionID"], {})[row["therapistInfo"]] = text
    for question, by_person in sorted(answers.items()):
        texts = sorted(by_person.values())
        random.Random(question).shuffle(texts)
        for first in range(0, min(len(texts) - 1, 4), 2):
            tool = "two people answer one question"
            yield _pair(f"counsel-{question}", f"{first}", texts[first], texts[first + 1], tool)


def _assistants(read: Read) -> Iterator[dict[str, str]]:
    """Yield pairs of answers to one question by two language models, two times of three of one maker's."""
    files = {model: f"results/{model}/model_outputs.json" for row in _MAKERS for model in row}
    answers = {
        model: {one["instruction"]: one["output"] for one in json.loads(text_of(read, ASSISTANTS, path))}
        for model, path in files.items()
    }
    pairs = []
    for number, question in enumerate(sorted(answers[_MAKERS[0][0]])):
        rng = random.Random(question)
        row = rng.choice(_MAKERS) if rng.random() < 2 / 3 else tuple(map(rng.choice, rng.sample(_MAKERS, 2)))
        source, suspect = (answers[model].get(question, "").strip() for model in rng.sample(row, 2))
        # Programs are not prose.
        if "```" not in source + suspect and _long_enough(source, suspect):
            tool = "two language models answer one question"
            pairs.append(_pair(f"assistants-{number}", "0", source, suspect, tool))
    yield from drawn(pairs, _N_ASSISTED, _DATASET)


def essay_pairs(read: Read, part: str, n_draws: int = 1) -> Iterator[dict[str, str]]:
    """Yield pairs of essays on one task.

    Two times of three a pupil's and a language model's, else two models'.

    Parameters
    ----------
    read : callable
        Returns a file of a repository.
    part : str
        ``test`` or ``valid``.
    n_draws : int
        How many pairs are drawn for a task.

    Yields
    ------
    dict of str to str
        A labelled pair, by column.
    """
    # Only the first part has essays of a model that was told to evade a detector.
    files = {who: path for who, path in _ESSAY_FILES.items() if part == "test" or "attacks" not in path}
    essays = {who: strings(read(ESSAYS, f"data/{path.format(part)}.pkl")) for who, path in files.items()}
    person, *models = essays
    for number, texts in enumerate(zip(*essays.values(), strict=True)):
        written = dict(zip(essays, texts, strict=True))
        for draw in range(n_draws):
            rng = random.Random(f"essay {number}" + f" {draw}" * (draw > 0))
            yield from _of_two(f"essay-{number}", f"{draw}", written, person, models, "on one task", rng)


def _beginnings(read: Read) -> Iterator[dict[str, str]]:
    """Yield pairs of texts that go on from one beginning: two of three with a person's, else two models'."""
    pairs = []
    for genre in _GENRES:
        files = {who: json.loads(text_of(read, BEGINNINGS, _begun_file(genre, who))) for who in _BEGUN_BY}
        for number in range(min(len(table["sampled"]) for table in files.values())):
            rng = random.Random(f"{genre} {number}")
            texts = {who: table["sampled"][number] for who, table in files.items()}
            # Every table has the person's text, cut to another length.
            person = files[rng.choice(_BEGUN_BY)]["original"][number]
            told = {"a person": person, **{who: text for who, text in texts.items() if text[:20] == person[:20]}}
            question = f"{genre}-{number}"
            pairs += _of_two(question, "0", told, "a person", list(told)[1:], "go on from one beginning", rng)
    yield from drawn(pairs, _N_BEGUN, "published_beginnings")


def _continued(read: Read) -> Iterator[dict[str, str]]:
    """Yield a person's and a model's texts from one first sentence, to one question or by the same key words."""
    pairs = []
    for genre, what in _CONTINUED.items():
        table = text_of(read, CONTINUED, f"datasets/{genre}/test.tsv")
        for number, row in enumerate(csv.DictReader(io.StringIO(table), delimiter="\t")):
            sides = random.Random(f"{genre} {number}").sample(["human", "ai"], 2)
            source, suspect = (row[who].replace("\\n", "\n").strip() for who in sides)
            if min(len(source.split()), len(suspect.split())) >= _LEAST_CONTINUED:
                tool = f"a person and gpt-3.5 {what}"
                pairs.append(_pair(f"continued-{genre}-{number}", "0", source, suspect, tool))
    yield from drawn(pairs, _N_CONTINUED, "published_continued")


def _debates(read: Read) -> Iterator[dict[str, str]]:
    """Yield essays on one question by a pupil and two language models, each beside each."""
    table = text_of(read, DEBATES, "data/essays-without-markers.csv")
    for row in csv.DictReader(io.StringIO(table), delimiter=";"):
        for two in combinations(_WRITERS, 2):
            one, other = random.Random(f"debate {row['id']} {two}").sample(two, 2)
            if _long_enough(row[one], row[other]):
                tool = f"{_WRITERS[one]} and {_WRITERS[other]} on one question"
                name = f"debate-{row['id']}", f"{one}-{other}"
                yield _pair(*name, row[one].strip(), row[other].strip(), tool, "argumentative_essays")


def _tasks(read: Read) -> Iterator[dict[str, str]]:
    """Yield what language models wrote on one task of a school: two times of three two models, else one twice."""
    texts: dict[str, list[tuple[str, str]]] = {}
    for number in _TASK_SHEETS:
        for file, model in _TASK_MODELS.items():
            for row in sheet_rows(read(TASKS, f"PromptData/RawData/{number}_{file}.xlsx"))[1:]:
                text = re.sub(
                    r"^(?:\[\[\[.*?\]\]\]|(?:Subject|Title):[^\n]*)\s*", "", row.get("G", "").replace("_x000D_", "")
                )
                if row.get("F") and _long_enough(text) and "AI language model" not in text:
                    texts.setdefault(row["F"].strip(), []).append((model, text.strip()))
    for number, (task, told) in enumerate(sorted(texts.items())):
        rng = random.Random(f"task {task}")
        for draw in range(6):
            other = draw % 3 < 2
            pairs = [(one, two) for one, two in combinations(told, 2) if (one[0] != two[0]) == other]
            if pairs:
                one, two = rng.sample(rng.choice(pairs), 2)
                tool = f"{one[0]} and {two[0]} on one task"
                yield _pair(f"school-{number}", f"{draw}", one[1], two[1], tool, "models_on_one_task")


def _plots(read: Read) -> Iterator[dict[str, str]]:
    """Yield stories that language models wrote on one plot."""
    plots: dict[int, list[tuple[str, str]]] = {}
    for story in json.loads(text_of(read, PLOTS, "Art_or_Artifice/stories/ttcw_short_stories.json")):
        # Stories by people are named by their address alone.
        if _LEAST_WORDS <= len(story["content"].split()) <= _LONGEST_STORY:
            plots.setdefault(story["story_idx"], []).append((story["story_id"], story["content"]))
    for number, told in plots.items():
        for one, two in combinations(told, 2):
            tool = "two language models on one plot"
            yield _pair(f"plot-{number}", f"{one[0]}-{two[0]}", one[1], two[1], tool, "plots_by_models")


def _begun_file(genre: str, who: str) -> str:
    return f"exp_gpt3to4/data/{genre}_{who}.raw_data.json"


def _of_two(
    question: str, number: str, texts: dict[str, str], person: str, models: Sequence[str], what: str, rng: random.Random
) -> list[dict[str, str]]:
    """Return a pair of two of these texts, none where there are too few or they are too short."""
    if len(models) < 2:
        return []
    two = [person, rng.choice(models)] if rng.random() < 2 / 3 else rng.sample(models, 2)
    source, suspect = (texts[who].strip() for who in rng.sample(two, 2))
    tool = f"{' and '.join(sorted(two))} {what}"
    return [_pair(question, number, source, suspect, tool)] if _long_enough(source, suspect) else []


def _long_enough(*texts: str) -> bool:
    return min(len(text.split()) for text in texts) >= _LEAST_WORDS


def _pair(question: str, number: str, source: str, suspect: str, tool: str, dataset: str = _DATASET) -> dict[str, str]:
    return {
        "id": f"{dataset}-{question}-{number}",
        "source": source,
        "suspect": suspect,
        "relation": "independent",
        "family": "same_question",
        "tool": tool,
        "dataset": dataset,
        "group": f"{dataset}-{question}",
    }
