"""Pairs from public repositories.

``python -m unspun.training.public_pairs.published CLONES -o build/published.jsonl``.

Two people who translate one text, tell a play in modern English, simplify the same sentences or answer one question
write texts that are related and not spun. Texts of that kind which we write ourselves imitate; these were written by
people. What was written to one question, task or beginning is alike, too (`unspun.training.public_pairs.answers`).
What language models rewrote or polished is spun, but not what people edited in models' texts
(`unspun.training.public_pairs.rewrites`, `unspun.training.public_pairs.polished`). Only numbers measured on all these
are kept (``data/training/features.parquet``), never a sentence.

``CLONES`` holds the repositories as ``owner/name``, with or without a work tree; files are read at the commits that
`unspun.training.public_pairs.clones` names.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, count
from pathlib import Path

from unspun.errors import InputError
from unspun.training.public_pairs.answers import answered_pairs
from unspun.training.public_pairs.clones import (
    ASSET,
    GITA,
    NMT_BT,
    PLAYS,
    QURAN,
    TURK,
    WMT21,
    WMT23,
    Read,
    read_from,
    stretches,
    text_of,
    untokenised,
)
from unspun.training.public_pairs.polished import polished_pairs
from unspun.training.public_pairs.rewrites import rewritten_pairs

Unit = tuple[str, ...]
"""One sentence, verse or line as everybody has it who wrote it."""

_SIZES = (150, 300, 300, 450, 600)
"""Words of the texts that sentences are put together to, of which one is drawn each time."""
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
        Returns a file of a repository.
    """
    for collection in (*_translations(read), *_simplifications(read), *_modernisations(read)):
        yield from _pairs_of(collection)
    yield from answered_pairs(read)
    yield from rewritten_pairs(read)
    yield from polished_pairs(read)


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
    for verse in json.loads(text_of(read, GITA, "data/translation.json")):
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
    root = ET.fromstring(text_of(read, QURAN, f"src/QuranX.DataMigration/App_Data/Translations/{translator}.xml"))
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
        table = text_of(read, TURK, f"data/turkcorpus/truecased/{same}.8turkers.organized.tsv").splitlines()
        turk += [tuple(map(untokenised, line.split("\t")[1:10])) for line in table if line.strip()]
    # Both have the same sentences: one half each, so that none is met twice.
    half = len(asset) // 2
    for dataset, units in (("asset_simplifications", asset[:half]), ("turk_simplifications", turk[half:])):
        yield Collection(dataset, "wiki", "simplification", "simplified by people", units, with_original=True, pairs=3)


def _modernisations(read: Read) -> Iterator[Collection]:
    for play in _PLAYS:
        both = [f"data/align/plays/merged/{play}_{who}.snt.aligned" for who in ("original", "modern")]
        units = _lines(read, PLAYS, both)
        tool = "a play told in modern English"
        yield Collection("plays_modernised", play, "modernisation", tool, units, with_original=True, most=10)


def _lines(read: Read, repository: str, paths: Sequence[str]) -> list[Unit]:
    """Return the lines of files that belong together line by line."""
    files = [text_of(read, repository, path).replace("\r", "").rstrip("\n").split("\n") for path in paths]
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
    n_words = [unit[0].count(" ") + 1 for unit in whole]
    for start, stop, size in stretches(n_words, (rng.choice(_SIZES) for _ in count())):
        if sum(n_words[start:stop]) >= size / 2:
            yield start, whole[start:stop]


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


def main(arguments: list[str] | None = None) -> None:
    """Write the pairs as JSON lines."""
    parser = argparse.ArgumentParser(prog="python -m unspun.training.public_pairs.published", description=__doc__)
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
