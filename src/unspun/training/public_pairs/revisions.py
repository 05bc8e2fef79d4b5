"""Make pairs of what people revised, corrected or localised.

Guides and policies are taken from histories of repositories, at two commits each that ``revisions.tsv`` names. None is
later than November 2022: since then models may have had a hand in it.
"""

from __future__ import annotations

import csv
import random
import re
from collections.abc import Iterator
from itertools import combinations, count
from pathlib import Path

from unspun.training.public_pairs.clones import LEARNERS, LOCALISED, WEBSITES, Read, stretches, text_of, untokenised
from unspun.training.public_pairs.rewrites import labelled_pair

_TABLE = Path(__file__).with_name("revisions.tsv")
_TOOLS = {
    "guide_revisions": "a guide before and after revision",
    "policy_revisions": "a policy before and after revision",
}
_SIZES = (150, 300, 300, 450)
_PARTS, _MOST_WEBSITES = ("G.dev", "G.test", "S.dev", "S.test"), 170
_COUNTRIES = ("ref.eng-US", "ref.eng-GB", "ref.eng-IN")
_LEAST_EDITS = 4
# Marks of Markdown and what stands in it for code, pictures and comments.
_ASIDE = re.compile(r"(?s)^---.*?---\n|<!--.*?-->|```.*?```|!\[[^\]]*\]\([^)]*\)|<[^>]+>|\{[:%{][^}]*\}+")
_LINK = re.compile(r"\[([^\]]*)\](?:\([^)]*\)|\[[^\]]*\])")
_MARKS = re.compile(r"(?m)^#+\s*|^\s*(?:[*+-]|\d+\.)\s+|^>\s?|[*_`]{1,3}|^\|.*$")


def revised_pairs(read: Read) -> Iterator[dict[str, str]]:
    """Yield the pairs, labelled, in a fixed order.

    Parameters
    ----------
    read : callable
        Returns a file of a repository.
    """
    with _TABLE.open(encoding="utf-8") as table:
        for row in csv.DictReader(table, delimiter="\t"):
            older, newer = (_prose(text_of(read, row["repository"], row[side])) for side in ("older", "newer"))
            name = re.sub(r"\W+", "-", f"{row['repository']}-{row['newer'].partition(':')[2]}")
            number = "-".join(row[side].partition(":")[0] for side in ("older", "newer"))
            labels = ("edited", "revision", _TOOLS[row["dataset"]], row["dataset"])
            yield from labelled_pair(name, number, older, newer, *labels)
    yield from _learners(read)
    yield from _websites(read)
    yield from _localised(read)


def _prose(text: str) -> str:
    """Return the text of a page in Markdown.

    >>> _prose("# Rules: be **kind**, see [here](https://a.example).")
    'Rules: be kind, see here.'
    """
    text = _MARKS.sub("", _LINK.sub(r"\1", _ASIDE.sub("", text)))
    return re.sub(r"\n\s*\n+", "\n\n", text).strip()


def _learners(read: Read) -> Iterator[dict[str, str]]:
    """Yield learners' essays beside themselves as two people corrected them, and these beside each other."""
    sentences = _corrected(text_of(read, LEARNERS, "m2scorer/example/official-2014.combined.m2"), ("0", "1"))
    for start, texts in _texts(sentences, "learners"):
        for one, two in combinations(range(3), 2):
            labels = ("edited", "correction", "people correct a learner's essay", "learner_essays")
            yield from labelled_pair(f"learners-{start}", f"{one}-{two}", texts[one], texts[two], *labels)


def _websites(read: Read) -> Iterator[dict[str, str]]:
    """Yield sentences of websites, put together, beside themselves as people corrected them."""
    made: list[dict[str, str]] = []
    for part in _PARTS:
        for person in range(2):
            file = text_of(read, WEBSITES, f"data/m2/CWEB-{part}.ann{person}.m2")
            labels = ("edited", "correction", "people correct text of websites", "website_corrections")
            for start, (source, suspect) in _texts(_corrected(file, (str(person),)), part):
                if len(set(suspect.split()) - set(source.split())) >= _LEAST_EDITS:
                    made += labelled_pair(f"websites-{part}-{start}", str(person), source, suspect, *labels)
    kept = sorted(random.Random("websites").sample(range(len(made)), min(_MOST_WEBSITES, len(made))))
    yield from (made[place] for place in kept)


def _localised(read: Read) -> Iterator[dict[str, str]]:
    """Yield news in the English of two countries."""
    places: dict[str, list[int]] = {}
    for line, name in enumerate(text_of(read, LOCALISED, "DOCUMENT_IDS.tsv").splitlines()):
        places.setdefault(name, []).append(line)
    told = [text_of(read, LOCALISED, f"NTREX-128/newstest2019-{name}.txt").split("\n") for name in _COUNTRIES]
    for number, lines in enumerate(places.values()):
        one, two = random.Random(f"localised {number}").sample(range(len(told)), 2)
        sides = [" ".join(told[who][line] for line in lines) for who in (one, two)]
        labels = ("edited", "localisation", "people put news into another country's English", "news_localised")
        yield from labelled_pair(f"newstest2019-{number}", f"{one}-{two}", sides[0], sides[1], *labels)


def _corrected(text: str, people: tuple[str, ...]) -> list[tuple[str, ...]]:
    r"""Return sentences as they were and as each of some people corrected them, from a file of edits.

    >>> _corrected("S He go home .\nA 1 2|||V|||goes|||REQUIRED|||-NONE-|||0\n", ("0", "1"))
    [('He go home.', 'He goes home.', 'He go home.')]
    """
    found = []
    for block in text.replace("\r", "").strip().split("\n\n"):
        source, *edits = block.split("\n")
        words = source[2:].split()
        versions = [words]
        for person in people:
            mine = [edit[2:].split("|||") for edit in edits if edit.startswith("A ") and edit.endswith(f"|||{person}")]
            versions.append(_edited(words, mine))
        found.append(tuple(untokenised(" ".join(version)) for version in versions))
    return found


def _edited(words: list[str], edits: list[list[str]]) -> list[str]:
    """Return words after edits, each a range of words, a kind and what comes in their place."""
    words = list(words)
    for where, kind, new, *_ in sorted(edits, key=lambda edit: tuple(map(int, edit[0].split())), reverse=True):
        start, stop = map(int, where.split())
        if start >= 0 and kind not in {"noop", "UNK", "Um"}:
            words[start:stop] = [] if new == "-NONE-" else new.split()
    return words


def _texts(sentences: list[tuple[str, ...]], name: str) -> Iterator[tuple[int, list[str]]]:
    """Yield texts of sentences that follow one another, in all versions, each with the place where it begins."""
    rng = random.Random(name)
    n_words = [len(versions[0].split()) for versions in sentences]
    for start, stop, _ in stretches(n_words, (rng.choice(_SIZES) for _ in count())):
        yield start, [" ".join(side) for side in zip(*sentences[start:stop], strict=True)]
