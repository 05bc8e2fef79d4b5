"""Collect what several people translated, or put right, from one original.

A translation from scratch and a machine translation that a person put right share names, numbers and many phrases, and
so do two of those: they are alike as a text and its spun version are, and nobody spun them. A talk that was translated
and back by people is as near. The many translators of one book differ more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from unspun.training.public_pairs.clones import NEWS_POSTEDITS, TALKS, TAO, Read, text_of, untokenised
from unspun.training.public_pairs.collection import Collection, Unit, lines_of

ENGINES = ("rbmt1", "rbmt2", "smt1", "smt2")
"""Translation engines of the news, two by rules and two by statistics."""
_FAMILY = "translation"
_TAO_PAIRS = 19
# Without those in rhyme, in words alone, and one that prints another's.
_TAO_TRANSLATORS = (
    "Alexander Balfour Blakney Bynner Carus Chalmers Chilcott Cronk Crowley English Eno Fex Giles Goddard Gornold "
    "Hatcher Khiron Lau Legge Linnell Lombardo Luthinya Mcdonald Mears Medhurst Mitchell Muller Sarbatoare Takao"
).split()
_CHAPTER = re.compile(r"chapter:\s*(\d+),\s*content:\s*`((?:[^`\\]|\\.)*)`")


def translators(read: Read) -> Iterator[Collection]:
    """Yield what people translated from one original.

    Parameters
    ----------
    read : callable
        Returns a file of a repository.
    """
    versions = ["ref", *(f"{engine}.edit" for engine in ENGINES)]
    units = [tuple(map(untokenised, unit)) for unit in lines_of(read, NEWS_POSTEDITS, list(map(news_file, versions)))]
    tool = "translations from scratch and put right"
    yield Collection("postedited_news", "taraxu", _FAMILY, tool, units, pairs=8, most=400)
    tool = "to another language and back by people"
    yield Collection("talk_translations", "ted", _FAMILY, tool, _talks(read))
    books = [_chapters(read, who) for who in _TAO_TRANSLATORS]
    units = [tuple(book[chapter] for book in books) for chapter in sorted(set.intersection(*map(set, books)))]
    yield Collection("tao_translations", "tao", _FAMILY, "two translations", units, pairs=_TAO_PAIRS, most=400)


def news_file(version: str) -> str:
    """Return the path of one version of the news in English.

    >>> news_file("smt1.edit")
    'datasets/taraxu/taraxu-set/wmt.smt1.edit.de-en'
    """
    return f"datasets/taraxu/taraxu-set/wmt.{version}.de-en"


def _talks(read: Read) -> list[Unit]:
    """Return the sentences of talks as they were held and as people translated them back, in their order."""
    told: dict[str, dict[tuple[str, int], str]] = {}
    for row in text_of(read, TALKS, "ted/zhen/mqm_ted_zhen.tsv").splitlines()[1:]:
        system, talk, _, segment, _, _, target = row.split("\t")[:7]
        # Errors are marked inside the text.
        told.setdefault(system, {})[talk, int(segment)] = re.sub(r"</?v>", "", target)
    held, back = told["ref"], told["refB"]
    return [(held[place], back[place]) for place in sorted(set(held) & set(back))]


def _chapters(read: Read, translator: str) -> dict[int, str]:
    text = text_of(read, TAO, f"src/components/Translations/list/{translator}.tsx")
    return {int(number): content for number, content in _CHAPTER.findall(text)}
