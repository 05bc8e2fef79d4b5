"""Make pairs of what models, and tools that hide them, made of texts.

What models wrote beside these texts makes honest pairs.

A rewritten text and one that a model wrote to the same title, task or first sentence look alike: both have a model's
style and the subject of the other text. Only the first was made from it. So repositories that hold both, or either,
give spun pairs and honest ones here.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator, Sequence

from unspun.io.labels import SPUN
from unspun.training.public_pairs.answers import essay_pairs
from unspun.training.public_pairs.clones import DOMAINS, HUMANIZED, RESTYLED, REVISIONS, TITLES, Read, text_of
from unspun.training.public_pairs.pickles import frame_rows, plain

_DATASET, _TOOLS = "published_rewrites", "published_humanizers"
_SPUN, _HONEST = (SPUN, "llm"), ("independent", "same_question")
_LEAST_WORDS, _LEAST_SPUN, _MOST_WORDS = 60, 36, 1500
_MODELS = ("Deepseek-7b", "Llama-3-8B", "Mistral-7B", "Qwen2-7B", "gpt-3.5-turbo", "gpt-4o")
_TASKS = {"rewrite": ("xsum", "squad", "writing"), "polish": ("xsum", "squad", "writing"), "expand": ("xsum",)}
_MISSING = ("rewrite", "squad", "gpt-4o")
_STYLES = ("emotionally_triggering", "neutral", "objective", "sensational")
# Not code; and two of the folders hold the same texts.
_DOMAINS = (
    "AcademicResearch ArtCulture Business EducationMaterial Entertainment Environmental Finance FoodCusine "
    "GovernmentPublic LegalDocument LiteratureCreativeWriting MedicalText NewsArticle OnlineContent "
    "PersonalCommunication ProductReview Religious Sports TechnicalWriting"
).split()
_DOMAIN_MODELS = ("GPT-3-Turbo", "GPT-4o", "Llama-3-70B")
_HUMANIZED_FILES = [f"{part}{number}" for part in ("dev", "test") for number in range(3)]


def rewritten_pairs(read: Read) -> Iterator[dict[str, str]]:
    """Yield the pairs, labelled, in a fixed order.

    Parameters
    ----------
    read : callable
        Returns a file of a repository.
    """
    yield from _revised(read)
    yield from _begun(read)
    yield from _restyled(read)
    yield from _by_domain(read)
    yield from _by_title(read)
    yield from _humanized(read)
    for pair in essay_pairs(read, "valid", 2):
        yield {**pair, "dataset": _DATASET, "id": f"{_DATASET}-valid-{pair['id']}", "group": f"valid-{pair['group']}"}


def _revised(read: Read) -> Iterator[dict[str, str]]:
    """Yield texts and what models made of them: of each text two rewritings, two polished and one longer version."""
    for task, genres in _TASKS.items():
        for genre in genres:
            models = [model for model in _MODELS if (task, genre, model) != _MISSING]
            for number, versions in enumerate(_versions(read, task, genre, models)):
                rng = random.Random(f"{task} {genre} {number}")
                for model in rng.sample(sorted(versions), min(1 if task == "expand" else 2, len(versions))):
                    name = f"{genre}-{number}", f"{task}-{model}"
                    yield from labelled_pair(*name, *versions[model], *_SPUN, f"{model}, told to {task}")


def _begun(read: Read) -> Iterator[dict[str, str]]:
    """Yield news beside what a model wrote from its beginning, and what two models wrote from it."""
    for number, versions in enumerate(_versions(read, "generation", "xsum", _MODELS)):
        rng, of_text = random.Random(f"generation {number}"), f"xsum-{number}"
        if len(versions) < 2:
            continue
        one, two = rng.sample(sorted(versions), 2)
        tool = "and a language model from one beginning"
        yield from labelled_pair(of_text, f"begun-{one}", *versions[one], *_HONEST, f"a person {tool}")
        texts = versions[one][1], versions[two][1]
        yield from labelled_pair(of_text, f"begun-{one}-{two}", *texts, *_HONEST, f"a language model {tool}")


def _versions(read: Read, task: str, genre: str, models: Sequence[str]) -> Iterator[dict[str, tuple[str, str]]]:
    """Yield of every text the models' versions beside it, of those models that were shown the same text."""
    files = {
        model: json.loads(text_of(read, REVISIONS, f"data/{task}/{model}/{genre}_{task}_{model}.raw_data.json"))
        for model in models
    }
    for number in range(max(len(file["original"]) for file in files.values())):
        shown = {
            model: (file["original"][number], file["rewritten"][number])
            for model, file in files.items()
            if number < len(file["original"])
        }
        first = next(iter(shown.values()))[0]
        yield {model: pair for model, pair in shown.items() if pair[0][:60] == first[:60]}


def _restyled(read: Read) -> Iterator[dict[str, str]]:
    """Yield news beside itself told in another style, one of four a text."""
    texts = plain(read(RESTYLED, "data/news_articles/politifact_train.pkl"))["news"]
    told = {
        style: plain(read(RESTYLED, f"data/reframings/politifact_train_{style}.pkl"))["rewritten"] for style in _STYLES
    }
    for number, text in enumerate(texts):
        style = random.Random(f"restyled {number}").choice(_STYLES)
        tool = f"gpt-3.5, told to make it {style}"
        yield from labelled_pair(f"restyled-{number}", style, text, told[style][number], *_SPUN, tool)


def _by_domain(read: Read) -> Iterator[dict[str, str]]:
    """Yield texts of nineteen domains, each beside one of three models' versions of it."""
    for domain in _DOMAINS:
        texts = json.loads(text_of(read, DOMAINS, f"{domain}/human.json"))
        files = {m: json.loads(text_of(read, DOMAINS, f"{domain}/{m}.json")) for m in _DOMAIN_MODELS}
        # Where a model failed, the rest of its file has moved up.
        whole = sorted(model for model, versions in files.items() if len(versions) == len(texts))
        for number, text in enumerate(texts if whole else ()):
            model = random.Random(f"{domain} {number}").choice(whole)
            name = f"{domain}-{number}", model
            yield from labelled_pair(*name, text, files[model][number], *_SPUN, f"{model}, told to rewrite")


def _by_title(read: Read) -> Iterator[dict[str, str]]:
    """Yield news and entries beside what a model made of them, and what it wrote to their titles alone."""
    for kind in ("wiki", "news"):
        texts: dict[str, dict[str, str]] = {}
        for who in ("human", "chatgpt"):
            for row in frame_rows(read(TITLES, f"{kind}_{who}_generated.pkl")):
                if row["language"] == "en":
                    made = "a person" if who == "human" else row["source"]
                    texts.setdefault(row["title_en"], {})[made] = row["text"]
        for number, (_, by) in enumerate(sorted(texts.items())):
            for source, suspect, labels in _BESIDE_TITLES:
                if source in by and suspect in by:
                    tool = f"{source} and {suspect} of one title"
                    yield from labelled_pair(
                        f"{kind}-{number}", f"{source}-{suspect}", by[source], by[suspect], *labels, tool
                    )


_BESIDE_TITLES = (
    ("a person", "rephrase_base", _SPUN),
    ("a person", "rephrase_expert", _SPUN),
    ("a person", "generated_base", _HONEST),
    ("a person", "generated_expert", _HONEST),
    ("generated_base", "rephrase_base", _HONEST),
    ("generated_base", "generated_expert", _HONEST),
)


def _humanized(read: Read) -> Iterator[dict[str, str]]:
    """Yield a model's texts beside what three paid tools made of them to hide it."""
    folder = "benchmark/hart/humanizing (external tools)"
    for part in _HUMANIZED_FILES:
        before, after = (
            _records(text_of(read, HUMANIZED, f"{folder}/{side}/humanize.{part}.txt"))
            for side in ("origin", "annotated")
        )
        for (name, tool), source in before.items():
            if suspect := after.get((name, tool)):
                yield from labelled_pair(name, f"{part}-{tool}", source, suspect, *_SPUN, tool, _TOOLS)


def _records(text: str) -> dict[tuple[str, str], str]:
    r"""Return the texts of a file of records by their ids and the tool's address.

    >>> _records("# id\na\n\n# url\nhttps://tool.example/\n\n# generation\nSome text.\n\n=====\n")
    {('a', 'tool.example'): 'Some text.'}
    """
    found = {}
    for record in re.split(r"^=+\s*$", text, flags=re.MULTILINE):
        parts = re.split(r"^# (id|domain|url|generation)\s*$", record, flags=re.MULTILINE)[1:]
        fields = dict(zip(parts[::2], (part.strip() for part in parts[1::2]), strict=True))
        if fields.keys() >= {"id", "url", "generation"}:
            found[fields["id"], fields["url"].removeprefix("https://").strip("/")] = fields["generation"]
    return found


def labelled_pair(
    of_text: str, number: str, source: str, suspect: str, relation: str, family: str, tool: str, dataset: str = _DATASET
) -> Iterator[dict[str, str]]:
    """Yield the pair unless a text is empty, too short, too long or left as it was.

    Parameters
    ----------
    of_text, number : str
        The text that the source is, which is its group, and what tells its pairs apart.
    source, suspect, relation, family, tool, dataset : str
        Columns of labelled pairs.

    Yields
    ------
    dict of str
    """
    source, suspect = _mended(source.strip()), _mended(suspect.strip())
    sizes = len(source.split()), len(suspect.split())
    if sizes[0] >= _LEAST_WORDS and sizes[1] >= _LEAST_SPUN and max(sizes) <= _MOST_WORDS and source != suspect:
        yield {
            "id": f"{dataset}-{of_text}-{number}",
            "source": source,
            "suspect": suspect,
            "relation": relation,
            "family": family,
            "tool": tool,
            "dataset": dataset,
            "group": of_text,
        }


def _mended(text: str) -> str:
    """Return a text whose UTF-8 was read as windows-1252 as it was.

    >>> _mended("Â£1m"), _mended("a café")
    ('£1m', 'a café')
    """
    try:
        return text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return text
