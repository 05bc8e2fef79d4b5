"""Pairs from public repositories.

``python -m unspun.training.public_pairs.published CLONES -o build/published.jsonl``.

Two people who translate one text, tell a play in modern English, simplify the same sentences or answer one question
write texts that are related and not spun. Texts of that kind which we write ourselves imitate; these were written by
people. What was written to one question, task or beginning is alike, too (`unspun.training.public_pairs.answers`).
What language models rewrote, translated there and back or polished is spun, but not what people edited in models' texts
(`unspun.training.public_pairs.rewrites`, `unspun.training.public_pairs.machine_news`,
`unspun.training.public_pairs.polished`). So is what translation engines and paraphrasers made of texts
(`unspun.training.public_pairs.paraphrases`, `unspun.training.public_pairs.spinner_outputs`). Only numbers measured on
all these are kept (``data/training/features.parquet``), never a sentence.

``CLONES`` holds the repositories as ``owner/name``, with or without a work tree; files are read at the commits that
`unspun.training.public_pairs.clones` names.
"""

from __future__ import annotations

import argparse
import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

from unspun.errors import InputError
from unspun.training.public_pairs.answers import answered_pairs
from unspun.training.public_pairs.books import abridged_pairs, handbook_pairs, translated_books
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
    text_of,
    untokenised,
)
from unspun.training.public_pairs.collection import Collection, Unit, lines_of, pairs_of
from unspun.training.public_pairs.machine_news import machine_news_pairs
from unspun.training.public_pairs.paraphrases import condensed_pairs, paraphrased_pairs
from unspun.training.public_pairs.polished import further_edits, polished_pairs
from unspun.training.public_pairs.revisions import retold_pairs, revised_pairs, rewritten_by_people
from unspun.training.public_pairs.rewrites import rewritten_pairs
from unspun.training.public_pairs.spinner_outputs import spinner_pairs
from unspun.training.public_pairs.translators import translators

# They share text with pairs that are kept to judge the detector, which was found by hashes.
_LEFT_OUT = frozenset(
    {
        "abstract_rewrites-preprint-0812-humanized_adv",
        "abstracts_in_plain_words-medline-28631809-adaptation1",
        "drafts_edited-draft-9d164220-2-person",
        "drafts_from_one_list-draft-e796692a-4-person",
        "enchiridion_translations-enchiridion-5-Higginson-Rolleston",
        "enchiridion_translations-enchiridion-52-Carter-Matheson",
        "entries_condensed-entry-1032594769-few2",
        "entries_condensed-entry-1047771830-minimal",
        "entries_condensed-entry-1100675630-few2",
        "entries_neutralised-paragraph-42773469_0-gemini",
        "flores_trips-750-simplified Chinese",
        "learner_texts_by_models-tsar2025test-103-103-b1-Claude Sonnet 4",
        "learner_texts_by_models-tsar2025test-27-27-a2-Llama-3.1-8B",
        "learner_texts_by_models-tsar2025test-27-27-a2-a language model",
        "learner_texts_by_models-tsar2025test-65-65-a2-Gemma-3-12B",
        "learner_texts_by_models-tsar2025test-86-86-b1-Claude Sonnet 4",
        "plain_tales-bartleby-75-plain",
        "review_paraphrases-hotel-248-non_strategic_70b",
        "translated_pages-source-document00194-suspicious-document00769-1",
        "translated_pages-source-document00564-suspicious-document00059-1",
        "translated_pages-source-document00623-suspicious-document00447-0",
        "translated_pages-source-document02806-suspicious-document01143-0",
        "translated_pages-source-document02809-suspicious-document00144-0",
        "web_paraphrases-page-244-0",
    }
)
_TRANSLATORS = "Pickthall YusufAli Sahih Shakir AJArberry Sarwar Qarai Itani Maududi AhmadAli".split()
_PLAYS = (
    "antony-and-cleopatra asyoulikeit errors hamlet henryv juliuscaesar lear macbeth merchant msnd muchado othello "
    "richardiii romeojuliet shrew tempest twelfthnight".split()
)


def published_pairs(read: Read) -> Iterator[dict[str, str]]:
    """Yield the pairs, labelled, in a fixed order.

    Parameters
    ----------
    read : callable
        Returns a file of a repository.
    """
    older = *_translations(read), *_simplifications(read), *_modernisations(read)
    for collection in (*older, *translators(read)):
        yield from pairs_of(collection)
    yield from answered_pairs(read)
    yield from rewritten_pairs(read)
    yield from polished_pairs(read)
    yield from machine_news_pairs(read)
    yield from translated_books(read)
    yield from revised_pairs(read)
    yield from paraphrased_pairs(read)
    told_anew = *retold_pairs(read), *condensed_pairs(read)
    by_people = *further_edits(read), *rewritten_by_people(read), *handbook_pairs(read), *abridged_pairs(read)
    for pair in (*spinner_pairs(read), *told_anew, *by_people):
        if pair["id"] not in _LEFT_OUT:
            yield pair


def _translations(read: Read) -> Iterator[Collection]:
    # Left out together with the labelled pairs of the same campaign (another year's), hence the name.
    campaign = "wmt22_two_translations"
    for language in ("cs", "de", "ru"):
        both = [f"txt/references/newstest2021.{language}-en.ref.{who}.en" for who in "AB"]
        yield Collection(campaign, f"21{language}", "translation", "two translations", lines_of(read, WMT21, both))
    both = [f"txt/references/generaltest2023.he-en.ref.ref{who}.en" for who in "AB"]
    yield Collection(campaign, "23he", "translation", "two translations", lines_of(read, WMT23, both))
    twice = ("tgt", "r1"), "two translations"
    round_trip = ("src", "r1.r1"), "to another language and back by people"
    for tests, (versions, tool) in ((("2014-deen", "2019-ruen"), twice), (("2014-ende", "2019-enru"), round_trip)):
        for test in tests:
            units = lines_of(read, NMT_BT, [f"data/newstest{test}.{version}.en" for version in versions])
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
        asset += lines_of(read, ASSET, files)
        table = text_of(read, TURK, f"data/turkcorpus/truecased/{same}.8turkers.organized.tsv").splitlines()
        turk += [tuple(map(untokenised, line.split("\t")[1:10])) for line in table if line.strip()]
    # Both have the same sentences: one half each, so that none is met twice.
    half = len(asset) // 2
    for dataset, units in (("asset_simplifications", asset[:half]), ("turk_simplifications", turk[half:])):
        yield Collection(dataset, "wiki", "simplification", "simplified by people", units, with_original=True, pairs=3)


def _modernisations(read: Read) -> Iterator[Collection]:
    for play in _PLAYS:
        both = [f"data/align/plays/merged/{play}_{who}.snt.aligned" for who in ("original", "modern")]
        units = lines_of(read, PLAYS, both)
        tool = "a play told in modern English"
        yield Collection("plays_modernised", play, "modernisation", tool, units, with_original=True, most=10)


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
