"""Make pairs of books that two people translated, or one person abridged.

Two histories by Romans, a novel, a treatise, a handbook and a book of couplets. Chapters of the histories and of the
handbook are short enough to stand beside each other whole. Of the longer ones the beginnings are taken, as much of one
as of the other. Of novels, stretches stand beside themselves as a writer abridged them.
"""

from __future__ import annotations

import html
import json
import random
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping
from itertools import combinations, repeat

from unspun.training.public_pairs.clones import (
    ABRIDGED,
    ENCHIRIDION,
    KURAL,
    PRINCE,
    QUIXOTE,
    ROMANS,
    Read,
    stretches,
    text_of,
)
from unspun.training.public_pairs.collection import Collection, drawn, pairs_of
from unspun.training.public_pairs.rewrites import labelled_pair

_LABELS = "rewritten", "translation"
_HISTORIES = {"phi0448.phi002": ("eng2", "eng3"), "stoa0023.stoa001": ("eng2", "eng3")}
_MOST_CHAPTERS, _LONGEST = 200, 1000
_TRANSLATORS = ("Jarvis", "Ormsby", "Shelton")
_PARTS = {1: 52, 2: 74}
_PRINCE_FILES = ("pg1232.txt", "pg57037.txt")
_SECTIONS, _OF_HANDBOOK, _SECTION_WORDS, _SECTION_PAIRS = 52, "Carter Higginson Long Matheson Rolleston".split(), 100, 5
_CHAPTERS = {
    "bleak-house": 68,
    "can-you-forgive-her": 80,
    "daniel-deronda": 70,
    "mansfield-park": 48,
    "north-and-south": 52,
    "shirley": 37,
    "the-way-we-live-now": 100,
    "tristram-shandy": 311,
    "vanity-fair": 68,
    "wuthering-heights": 34,
}
_CHAPTERS_A_NOVEL, _ABRIDGED_SIZES, _ABRIDGED_TO = 25, (150, 250, 400), (0.35, 0.95)
_BEGINNINGS = (200, 300, 450, 600)
_ALIKE = (0.7, 1.43)
"""Shares of one another's length between which two versions of a chapter are whole."""
_ASIDE = {"note", "bibl", "head", "argument", "ref"}


def translated_books(read: Read) -> Iterator[dict[str, str]]:
    """Yield the pairs, labelled, in a fixed order.

    Parameters
    ----------
    read : callable
        Returns a file of a repository.
    """
    for work, versions in _HISTORIES.items():
        yield from _history(read, work, versions)
    yield from _quixote(read)
    yield from _prince(read)
    couplets = json.loads(text_of(read, KURAL, "thirukkural.json"))["kural"]
    units = [tuple(_verse(couplet[who]) for who in ("Translation", "explanation", "couplet")) for couplet in couplets]
    tool = "two of three versions"
    yield from pairs_of(Collection("kural_translations", "kural", "translation", tool, units, pairs=3, most=150))


def handbook_pairs(read: Read) -> Iterator[dict[str, str]]:
    """Yield sections of Epictetus's handbook by two of five translators.

    Short ones are joined.

    Parameters
    ----------
    read : callable
        Returns a file of a repository.
    """
    books = [
        [
            _printed(text_of(read, ENCHIRIDION, f"translations/{who}/{section}.tex"))
            for section in range(1, _SECTIONS + 1)
        ]
        for who in _OF_HANDBOOK
    ]
    for start, stop, _ in stretches([len(text.split()) for text in books[0]], repeat(_SECTION_WORDS)):
        rng = random.Random(f"handbook {start}")
        for one, two in rng.sample(list(combinations(range(len(books)), 2)), _SECTION_PAIRS):
            sides = [" ".join(books[who][start:stop]) for who in (one, two)]
            name = f"enchiridion-{start + 1}", f"{_OF_HANDBOOK[one]}-{_OF_HANDBOOK[two]}"
            rng.shuffle(sides)
            labels = (*_LABELS, "two translations", "enchiridion_translations")
            yield from labelled_pair(*name, sides[0], sides[1], *labels)


def abridged_pairs(read: Read) -> Iterator[dict[str, str]]:
    """Yield stretches of novels beside themselves as a writer abridged them.

    Parameters
    ----------
    read : callable
        Returns a file of a repository.
    """
    for novel, n_chapters in _CHAPTERS.items():
        rng = random.Random(f"abridged {novel}")
        for chapter in sorted(rng.sample(range(n_chapters), min(_CHAPTERS_A_NOVEL, n_chapters))):
            found = json.loads(text_of(read, ABRIDGED, f"dataset/{novel}/{chapter}.json"))
            one, two = (
                [version["text"][start:stop] for start, stop in version["row_chars"]]
                for version in (found["original"], found["abridged"])
            )
            runs = list(stretches([len(row.split()) for row in one], repeat(rng.choice(_ABRIDGED_SIZES))))
            # The last one may be short.
            start, stop, _ = rng.choice(runs[:-1] or runs)
            sides = ["".join(side[start:stop]) for side in (one, two)]
            if _ABRIDGED_TO[0] < len(sides[1]) / max(1, len(sides[0])) < _ABRIDGED_TO[1]:
                labels = ("rewritten", "abridgement", "a writer abridges a novel", "novels_abridged")
                yield from labelled_pair(f"{novel}-{chapter}", f"{start}", sides[0], sides[1], *labels)


def _printed(text: str) -> str:
    r"""Return a text in LaTeX as it is printed, without its notes.

    >>> _printed(r"``Be \emph{free}.''\footnote{See \emph{On will}.}  ---So he said.")
    '"Be free." - So he said.'
    """
    text = re.sub(r"\\footnote(?:text|mark)?(?:\{(?:[^{}]|\{[^{}]*\})*\})?|\\(?:begin|end)\{\w+\}", "", text)
    text = re.sub(r"\\\\|\\[a-z]+\*?|[{}]", "", text)
    return _plain(text.replace("``", '"').replace("''", '"').replace("---", " - "))


def _history(read: Read, work: str, versions: tuple[str, str]) -> Iterator[dict[str, str]]:
    """Yield chapters of a history by two translators."""
    folder = f"data/{work.replace('.', '/')}/{work}.perseus"
    one, two = (_chapters(text_of(read, ROMANS, f"{folder}-{version}.xml")) for version in versions)
    made: list[dict[str, str]] = []
    for place in sorted(set(one) & set(two)):
        rng = random.Random(f"{work} {place}")
        sides = [one[place], two[place]]
        words = [len(side.split()) for side in sides]
        if max(words) <= _LONGEST and min(words) and 0.5 < words[0] / words[1] < 2:
            rng.shuffle(sides)
            name = f"{work}-{'-'.join(place)}", "0"
            labels = (*_LABELS, "two translations", "roman_history_translations")
            made += labelled_pair(*name, sides[0], sides[1], *labels)
    yield from drawn(made, _MOST_CHAPTERS, work)


def _chapters(text: str) -> dict[tuple[str, str], str]:
    """Return the chapters of a book by book and number, without notes.

    >>> _chapters('<TEI><body><div type="book" n="1"><div type="chapter" n="2"><p>Hail<note>so</note>!</p></div></div>'
    ...           '</body></TEI>')
    {('1', '2'): 'Hail!'}
    """
    names = re.compile(r"&(?!amp;|lt;|gt;|quot;|apos;)\w+;")
    root = ET.fromstring(names.sub(lambda name: html.unescape(name[0]), re.sub(r' xmlns="[^"]*"', "", text)).encode())
    found: dict[tuple[str, str], str] = {}

    def walk(element: ET.Element, book: str) -> None:
        for child in element:
            kind = child.get("subtype") or child.get("type")
            if kind == "chapter":
                found[book, child.get("n", "")] = _plain("".join(_told(child)))
            else:
                walk(child, child.get("n", "") if kind == "book" else book)

    for body in root.iter("body"):
        walk(body, "")
    return found


def _told(element: ET.Element) -> Iterator[str]:
    """Yield the text of an element without what stands aside of it."""
    yield element.text or ""
    for child in element:
        if child.tag not in _ASIDE:
            yield from _told(child)
        yield child.tail or ""


def _quixote(read: Read) -> Iterator[dict[str, str]]:
    """Yield beginnings of the novel's chapters, two of three translators."""
    for part, n_chapters in _PARTS.items():
        for chapter in range(1, n_chapters + 1):
            told = {}
            for who in _TRANSLATORS:
                text = _decoded(read(QUIXOTE, f"Corpora/Raw_Quixote/{who}_p{part}_ch{chapter}.txt"))
                # A number and a title stand first.
                told[who] = _plain(" ".join([block for block in re.split(r"\n\s*\n", text) if block.strip()][2:]))
            yield from _beginning("quixote_translations", f"quixote-{part}-{chapter}", told)


def _prince(read: Read) -> Iterator[dict[str, str]]:
    """Yield beginnings of the treatise's chapters by two translators."""
    books = [_numbered(text_of(read, PRINCE, file).replace("\r", "")) for file in _PRINCE_FILES]
    for chapter in (chapter for chapter in books[0] if chapter in books[1]):
        told = {file: book[chapter] for file, book in zip(_PRINCE_FILES, books, strict=True)}
        yield from _beginning("prince_translations", f"prince-{chapter}", told)


def _numbered(text: str) -> dict[str, str]:
    """Return the chapters of a book by their numerals, without titles and headings."""
    parts = re.split(r"\n\s*CHAPTER ([IVXL]+)\b\.?", text)
    found: dict[str, str] = {}
    for numeral, body in zip(parts[1::2], parts[2::2], strict=True):
        paragraphs = [_plain(paragraph) for paragraph in re.split(r"\n\s*\n", body)]
        prose = " ".join(text for text in paragraphs if len(text.split()) > 12 and not text.isupper())
        found[numeral] = max(prose, found.get(numeral, ""), key=len)
    return found


def _beginning(dataset: str, of_text: str, told: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """Yield beginnings of one chapter, two of its translators at most twice."""
    rng = random.Random(of_text)
    both = list(combinations(told, 2))
    for one, two in rng.sample(both, min(2, len(both))):
        texts = told[one], told[two]
        if all(texts) and _ALIKE[0] < len(texts[0]) / len(texts[1]) < _ALIKE[1]:
            share = min(1.0, rng.choice(_BEGINNINGS) / len(texts[0].split()))
            sides = [_first(text, share) for text in texts]
            rng.shuffle(sides)
            tool = "two translators, beginnings of chapters"
            yield from labelled_pair(of_text, f"{one}-{two}", sides[0], sides[1], *_LABELS, tool, dataset)


def _first(text: str, share: float) -> str:
    """Return the sentences that begin in the first share of a text's words.

    >>> _first("One two. Three four. Five.", 0.6)
    'One two. Three four.'
    """
    taken: list[str] = []
    for sentence in re.split(r"(?<=[.!?;])[\"”’']?\s+", text):
        if sum(len(one.split()) for one in taken) >= int(len(text.split()) * share):
            break
        taken.append(sentence)
    return " ".join(taken)


def _verse(text: str) -> str:
    r"""Return lines of verse that were put together without a blank as one sentence.

    >>> _verse('He came,They sat;and "all" \"was well')
    'He came, They sat; and "all" "was well.'
    """
    text = re.sub(r"([,;:!?.])(?=[A-Za-z'\"])", r"\1 ", text.replace("\\", ""))
    text = _plain(re.sub(r"([a-z])([A-Z])", r"\1 \2", text))
    return text if text[-1:] in set(".!?") else text.rstrip(",;:") + "."


def _decoded(data: bytes) -> str:
    try:
        return data.decode().replace("\r", "")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace").replace("\r", "")


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()
