"""Honest pairs from public repositories: ``python -m unspun.resources.published CLONES -o build/published.jsonl``.

Two people who translate one text, tell a play in modern English, simplify the same sentences or answer one question
write texts that are related and not spun. Texts of that kind which we write ourselves imitate; these were written by
people. What two language models answer to one question is alike, too, and neither was made from the other. Only numbers
measured on all these are kept (``data/training/features.parquet``), never a sentence.

``CLONES`` holds the repositories as ``owner/name``, with or without a work tree; files are read from the commits below.
"""

from __future__ import annotations

import argparse
import csv
import html
import io
import json
import random
import re
import subprocess
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from unspun.errors import InputError

Read = Callable[[str, str], str]
"""From a repository and the path of a file in it to the file's text."""
Unit = tuple[str, ...]
"""One sentence, verse or line as everybody has it who wrote it."""

WMT21, WMT23 = "wmt-conference/wmt21-news-systems", "wmt-conference/wmt23-news-systems"
NMT_BT, GITA, QURAN = "facebookresearch/evaluation-of-nmt-bt", "gita/gita", "QuranX/QuranX"
ASSET, TURK, PLAYS = "facebookresearch/asset", "cocoxu/simplification", "cocoxu/Shakespeare"
COUNSEL, ASSISTANTS = "nbertagnolli/counsel-chat", "tatsu-lab/alpaca_eval"
COMMITS = {
    WMT21: "f41750dadbf2ba6ab01ca5380347d253298a3427",
    WMT23: "99b5b9de2a535c2c5542fd4ec404682903299894",
    NMT_BT: "f51e67e08990ee756d5ca8c9df64a3a091b384f7",
    GITA: "c6fce39595445768876ddbb8d1268a9c935e1d2b",
    QURAN: "d37742b6a466e6ba1e6cd4e07b574d3cb43d260e",
    ASSET: "9d659040d0d8942dbc4cd65cf357563b43fd9ab4",
    TURK: "35570464faa28f8f64d75e1c35b6770048e04adc",
    PLAYS: "ced63d473620e0f301ff87fbe14bdd99d5d9b2c4",
    COUNSEL: "e202e19c5002482f4f6631af754c276dd9adf7f2",
    ASSISTANTS: "cd543a149df89434d8a54582c0151c0b945c3d20",
}

_SIZES = (150, 300, 300, 450, 600)
"""Words of the texts that sentences are put together to, of which one is drawn each time."""
_LEAST_ANSWER = 80
_ANSWERS = "published_answers"
_MAKERS = (
    ("gpt-3.5-turbo-0301", "gpt-3.5-turbo-0613", "gpt-3.5-turbo-1106"),
    ("gpt4", "gpt4_0314", "gpt4_0613"),
    ("gpt4_1106_preview", "gpt-4-0125-preview", "gpt-4-turbo-2024-04-09"),
    ("gpt-4o-2024-05-13", "gpt-4o-mini-2024-07-18"),
    ("claude", "claude-2", "claude-2.1", "claude-instant-1.2"),
    ("claude-3-opus-20240229", "claude-3-sonnet-20240229"),
)
"""Language models that resemble one another: two of one row answer alike most often."""
_N_ASSISTED = 240
_TRANSLATORS = "Pickthall YusufAli Sahih Shakir AJArberry Sarwar Qarai Itani Maududi AhmadAli".split()
_PLAYS = (
    "antony-and-cleopatra asyoulikeit errors hamlet henryv juliuscaesar lear macbeth merchant msnd muchado othello "
    "richardiii romeojuliet shrew tempest twelfthnight".split()
)


@dataclass(frozen=True, slots=True)
class Collection:
    """Sentences that several people wrote after one another's or the same original.

    Attributes
    ----------
    dataset, name, family, tool : str
        As in a table of pairs; ``name`` tells the collections of a dataset apart.
    units : sequence of tuple of str
        A text a person, in an order that is the same for all units.
    with_original : bool
        Whether the first of a unit is the original that the others were made from.
    pairs : int
        How many pairs are made of each stretch of units.
    most : int
        How many pairs are made in all.
    """

    dataset: str
    name: str
    family: str
    tool: str
    units: Sequence[Unit]
    with_original: bool = False
    pairs: int = 1
    most: int = 1000


def published_pairs(read: Read) -> Iterator[dict[str, str]]:
    """Yield the pairs, labelled, in a fixed order.

    Parameters
    ----------
    read : callable
        Returns the text of a file of a repository.
    """
    for collection in (*_translations(read), *_simplifications(read), *_modernisations(read)):
        yield from _pairs_of(collection)
    yield from _answers(read)
    yield from _assistants(read)


def _translations(read: Read) -> Iterator[Collection]:
    # Left out together with the labelled pairs of the same campaign (another year's), hence the name.
    campaign = "wmt22_two_translations"
    for language in ("cs", "de", "ru"):
        both = [f"txt/references/newstest2021.{language}-en.ref.{who}.en" for who in "AB"]
        yield Collection(campaign, f"21{language}", "translation", "two translations", _lines(read, WMT21, both))
    both = [f"txt/references/generaltest2023.he-en.ref.ref{who}.en" for who in "AB"]
    yield Collection(campaign, "23he", "translation", "two translations", _lines(read, WMT23, both))
    twice = ("tgt", "r1"), "two translations"
    round_trip = ("src", "r1.r1"), "to another language and back by people"
    for tests, (versions, tool) in ((("2014-deen", "2019-ruen"), twice), (("2014-ende", "2019-enru"), round_trip)):
        for test in tests:
            units = _lines(read, NMT_BT, [f"data/newstest{test}.{version}.en" for version in versions])
            yield Collection("news_translations", f"newstest{test}", "translation", tool, units)
    verses: dict[int, dict[int, str]] = {}
    for verse in json.loads(read(GITA, "data/translation.json")):
        if verse["lang"] == "english":
            text = re.sub(r"^\W*\d+[.\d]*\W*", "", verse["description"])
            verses.setdefault(verse["verse_id"], {})[verse["author_id"]] = text
    people = sorted({who for verse in verses.values() for who in verse})
    units = [tuple(verses[k].get(who, "") for who in people) for k in sorted(verses)]
    yield Collection("gita_translations", "gita", "translation", "two translations", units, pairs=3)
    books = [_quran(read, who) for who in _TRANSLATORS]
    units = [tuple(book[verse] for book in books) for verse in sorted(set.intersection(*map(set, books)))]
    yield Collection("quran_translations", "quran", "translation", "two translations", units, most=330)


def _quran(read: Read, translator: str) -> dict[tuple[int, int], str]:
    root = ET.fromstring(read(QURAN, f"src/QuranX.DataMigration/App_Data/Translations/{translator}.xml"))
    return {
        (int(chapter.get("index", 0)), int(verse.get("index", 0))): "".join(verse.itertext())
        for chapter in root.iter("chapter")
        for verse in chapter.iter("verse")
    }


def _simplifications(read: Read) -> Iterator[Collection]:
    asset: list[Unit] = []
    turk: list[Unit] = []
    for part, same in (("valid", "tune"), ("test", "test")):
        files = [f"dataset/asset.{part}.{who}" for who in ("orig", *(f"simp.{k}" for k in range(10)))]
        asset += _lines(read, ASSET, files)
        table = read(TURK, f"data/turkcorpus/truecased/{same}.8turkers.organized.tsv").splitlines()
        turk += [tuple(map(_untokenised, line.split("\t")[1:10])) for line in table if line.strip()]
    # Both have the same sentences: one half each, so that none is met twice.
    half = len(asset) // 2
    for dataset, units in (("asset_simplifications", asset[:half]), ("turk_simplifications", turk[half:])):
        yield Collection(dataset, "wiki", "simplification", "simplified by people", units, with_original=True, pairs=3)


def _untokenised(text: str) -> str:
    """Return a sentence with the blanks that were put around its marks taken out.

    >>> _untokenised("He came -LRB- late -RRB- , did n't he ?")
    "He came (late), didn't he?"
    """
    for mark, plain in (("-LRB-", "("), ("-RRB-", ")"), ("``", '"'), ("''", '"')):
        text = text.replace(mark, plain)
    text = re.sub(r"\s+([.,;:!?%)\]])", r"\1", text)
    return re.sub(r"\s+('s|'re|'ve|'ll|'d|'m|n't)\b", r"\1", re.sub(r"([(\[$])\s+", r"\1", text))


def _modernisations(read: Read) -> Iterator[Collection]:
    for play in _PLAYS:
        both = [f"data/align/plays/merged/{play}_{who}.snt.aligned" for who in ("original", "modern")]
        units = _lines(read, PLAYS, both)
        tool = "a play told in modern English"
        yield Collection("plays_modernised", play, "modernisation", tool, units, with_original=True, most=10)


def _answers(read: Read) -> Iterator[dict[str, str]]:
    """Yield at most two pairs of answers to a question, each by two of the people who answered it."""
    answers: dict[str, dict[str, str]] = {}
    for row in csv.DictReader(io.StringIO(read(COUNSEL, "data/20200325_counsel_chat.csv"))):
        text = _plain(html.unescape(re.sub(r"<[^>]+>", " ", row["answerText"])))
        if text.count(" ") + 1 >= _LEAST_ANSWER:
            answers.setdefault(row["questionID"], {})[row["therapistInfo"]] = text
    for question, by_person in sorted(answers.items()):
        texts = sorted(by_person.values())
        random.Random(question).shuffle(texts)
        for first in range(0, min(len(texts) - 1, 4), 2):
            tool = "two people answer one question"
            yield _answered(f"counsel-{question}", f"{first}", texts[first], texts[first + 1], tool)


def _assistants(read: Read) -> Iterator[dict[str, str]]:
    """Yield pairs of answers to one question by two language models, two times of three of one maker's."""
    files = {model: f"results/{model}/model_outputs.json" for row in _MAKERS for model in row}
    answers = {
        model: {one["instruction"]: one["output"] for one in json.loads(read(ASSISTANTS, path))}
        for model, path in files.items()
    }
    pairs = []
    for number, question in enumerate(sorted(answers[_MAKERS[0][0]])):
        rng = random.Random(question)
        row = rng.choice(_MAKERS) if rng.random() < 2 / 3 else tuple(map(rng.choice, rng.sample(_MAKERS, 2)))
        source, suspect = (answers[model].get(question, "").strip() for model in rng.sample(row, 2))
        # Programs are not prose.
        if "```" not in source + suspect and min(len(source.split()), len(suspect.split())) >= _LEAST_ANSWER:
            tool = "two language models answer one question"
            pairs.append(_answered(f"assistants-{number}", "0", source, suspect, tool))
    kept = sorted(random.Random(_ANSWERS).sample(range(len(pairs)), min(_N_ASSISTED, len(pairs))))
    yield from (pairs[place] for place in kept)


def _answered(question: str, number: str, source: str, suspect: str, tool: str) -> dict[str, str]:
    return {
        "id": f"{_ANSWERS}-{question}-{number}",
        "source": source,
        "suspect": suspect,
        "relation": "independent",
        "family": "same_question",
        "tool": tool,
        # One dataset with one weight: answers by people and by models together.
        "dataset": _ANSWERS,
        "group": f"{_ANSWERS}-{question}",
    }


def _lines(read: Read, repository: str, paths: Sequence[str]) -> list[Unit]:
    """Return the lines of files that belong together line by line."""
    files = [read(repository, path).replace("\r", "").rstrip("\n").split("\n") for path in paths]
    return list(zip(*files, strict=True))


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def _pairs_of(collection: Collection) -> Iterator[dict[str, str]]:
    rng = random.Random(f"{collection.dataset} {collection.name}")
    made = [
        {
            "id": f"{name}-{a}-{b}",
            "source": " ".join(unit[a] for unit in units),
            "suspect": " ".join(unit[b] for unit in units),
            "relation": "rewritten",
            "family": collection.family,
            "tool": collection.tool,
            "dataset": collection.dataset,
            "group": name,
        }
        for place, units in _stretches(collection.units, rng)
        for name in [f"{collection.dataset}-{collection.name}-{place}"]
        for a, b in _sides(len(units[0]), collection, rng)
    ]
    kept = sorted(rng.sample(range(len(made)), min(collection.most, len(made))))
    yield from (made[place] for place in kept)


def _stretches(units: Sequence[Unit], rng: random.Random) -> Iterator[tuple[int, list[Unit]]]:
    """Yield runs of units that make a text of a size that is drawn, each with the place where it begins."""
    whole = [unit for unit in (tuple(map(_plain, unit)) for unit in units) if all(unit)]
    start = 0
    while start < len(whole):
        size, stop, n_words = rng.choice(_SIZES), start, 0
        while stop < len(whole) and n_words < size:
            n_words += whole[stop][0].count(" ") + 1
            stop += 1
        if n_words >= size / 2:
            yield start, whole[start:stop]
        start = stop


def _sides(n_people: int, collection: Collection, rng: random.Random) -> list[tuple[int, int]]:
    """Return which two texts each pair of a stretch has.

    >>> two = Collection("d", "n", "translation", "t", [("one", "two")])
    >>> sorted(_sides(2, two, random.Random(0))[0])
    [0, 1]
    """
    if not collection.with_original:
        drawn = rng.sample(list(combinations(range(n_people), 2)), collection.pairs)
        return [pair if rng.random() < 0.5 else pair[::-1] for pair in drawn]
    people = rng.sample(range(1, n_people), min(collection.pairs, n_people - 1))
    # The last two of them beside each other, the others beside the original.
    return [(0, who) for who in people[:-1] or people] + ([(people[-2], people[-1])] if len(people) > 1 else [])


def read_from(clones: Path) -> Read:
    """Return a reader of the files of local clones, at the commits of `COMMITS`."""

    def read(repository: str, path: str) -> str:
        command = ["git", "-C", str(clones / repository), "show", f"{COMMITS[repository]}:{path}"]
        done = subprocess.run(command, capture_output=True, check=False)
        if done.returncode:
            reason = done.stderr.decode(errors="replace").strip()
            raise InputError(f"cannot read {repository} ({reason})", clones / repository, "clone it there from GitHub")
        return done.stdout.decode("utf-8-sig", "replace")

    return read


def main(arguments: list[str] | None = None) -> None:
    """Write the pairs as JSON lines."""
    parser = argparse.ArgumentParser(prog="python -m unspun.resources.published", description=__doc__)
    parser.add_argument("clones", type=Path, help="folder with the repositories, as owner/name")
    parser.add_argument("-o", "--out", type=Path, required=True, help="the pairs, .jsonl")
    options = parser.parse_args(arguments)
    try:
        lines = [json.dumps(pair, ensure_ascii=False) for pair in published_pairs(read_from(options.clones))]
    except InputError as error:
        parser.exit(3, f"{error}\n")
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    print(f"{options.out}: {len(lines):,} pairs")


if __name__ == "__main__":
    main()
