"""Make pairs of what people revised, corrected, localised or told anew.

Guides and policies are taken from histories of repositories, at two commits each that ``revisions.tsv`` names. None is
later than November 2022: since then models may have had a hand in it.
"""

from __future__ import annotations

import csv
import io
import json
import random
import re
from collections.abc import Iterator
from itertools import combinations, count
from pathlib import Path

from unspun.training.public_pairs.clones import (
    ENTRIES,
    FLUENT,
    LEARNERS,
    LOCALISED,
    PLAIN_ABSTRACTS,
    PLOTS,
    READABILITY,
    WEBSITES,
    Read,
    rows_of,
    stretches,
    text_of,
    untokenised,
)
from unspun.training.public_pairs.collection import drawn
from unspun.training.public_pairs.rewrites import labelled_pair

_TABLE = Path(__file__).with_name("revisions.tsv")
_TOOLS = {
    "guide_revisions": "a guide before and after revision",
    "policy_revisions": "a policy before and after revision",
}
_SIZES = (150, 300, 300, 450)
_PARTS, _MOST_WEBSITES = ("G.dev", "G.test", "S.dev", "S.test"), 170
_FLUENT = ("expert_annotations/expert_fluency/expert_fluency", "turker_annotations/turkers_fluency/turker_fluency")
_FLUENT_A_TEXT = 3
_MOST_PLAIN = 400
_COUNTRIES = ("ref.eng-US", "ref.eng-GB", "ref.eng-IN")
_LEAST_EDITS = 4
_MOST_NEUTRALISED, _MOST_GRADED = 80, 200
_LEAST_LEAD, _LEAD_SHARES = 60, (0.15, 0.6)
_HEADING = re.compile(r"(?m)^=+[^=\n]*=+[ ]*\n*")
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


def rewritten_by_people(read: Read) -> Iterator[dict[str, str]]:
    """Yield what people made fluent or plain, labelled, in a fixed order.

    Parameters
    ----------
    read : callable
        Returns a file of a repository.
    """
    yield from _fluent(read)
    yield from _plain_abstracts(read)


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


def _fluent(read: Read) -> Iterator[dict[str, str]]:
    """Yield essays of learners beside themselves as four people made them fluent, and these beside each other.

    Their texts and groups are those of ``learner_essays``.
    """
    learned = _corrected(text_of(read, LEARNERS, "m2scorer/example/official-2014.combined.m2"), ())
    people = [text_of(read, FLUENT, f"annotations/{kind}{who}").splitlines() for kind in _FLUENT for who in "AB"]
    sentences = [(*one, *map(untokenised, made)) for one, *made in zip(learned, *people, strict=True)]
    for start, texts in _texts(sentences, "learners"):
        who = random.Random(f"fluent {start}").sample(range(1, len(texts)), _FLUENT_A_TEXT)
        # Two of them beside the original, and two beside each other.
        for one, two in ((0, who[0]), (0, who[1]), (who[1], who[2])):
            labels = ("rewritten", "fluency", "people make a learner's essay fluent", "learner_essays_fluent")
            yield from labelled_pair(f"learners-{start}", f"{one}-{two}", texts[one], texts[two], *labels)


def _plain_abstracts(read: Read) -> Iterator[dict[str, str]]:
    """Yield abstracts of medical papers beside themselves as people put them into plain words, sentence by sentence."""
    told: dict[tuple[str, str], list[dict[str, str]]] = {}
    for row in csv.DictReader(io.StringIO(text_of(read, PLAIN_ABSTRACTS, "results/pseudo_labeled_train.csv"))):
        told.setdefault((row["pmid"], row["adaptation"]), []).append(row)
    made: list[dict[str, str]] = []
    for (paper, person), rows in told.items():
        sides = [" ".join(row[side].strip() for row in rows) for side in ("source", "target")]
        labels = ("rewritten", "simplification", "people put an abstract into plain words", "abstracts_in_plain_words")
        made += labelled_pair(f"medline-{paper}", person, sides[0], sides[1], *labels)
    yield from drawn(made, _MOST_PLAIN, "plain abstracts")


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
    yield from drawn(made, _MOST_WEBSITES, "websites")


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


def retold_pairs(read: Read) -> Iterator[dict[str, str]]:
    """Yield what people told anew, labelled, in a fixed order.

    Parameters
    ----------
    read : callable
        Returns a file of a repository.
    """
    yield from _imitated(read)
    yield from _led(read)
    yield from _neutralised(read)
    yield from _graded(read)


def _imitated(read: Read) -> Iterator[dict[str, str]]:
    """Yield passages of known authors beside themselves as writers told them anew in the author's manner."""
    told: dict[str, list[str]] = {}
    for row in json.loads(text_of(read, PLOTS, "WritingRewards/WQ-benchmark-data/wq_style-mimic.json")):
        # Each pair is there twice, in both orders; the author's passage is always the preferred one.
        author = row["reference_preference"]
        imitation = row["paragraph1" if author == "2" else "paragraph2"]
        if imitation not in told.setdefault(row[f"paragraph{author}"], []):
            told[row[f"paragraph{author}"]].append(imitation)
    for number, (passage, imitations) in enumerate(told.items()):
        for which, imitation in enumerate(imitations):
            labels = ("rewritten", "imitation", "a writer tells a passage anew", "writers_imitations")
            yield from labelled_pair(f"passage-{number}", str(which), passage, imitation, *labels)


def _led(read: Read) -> Iterator[dict[str, str]]:
    """Yield entries of an encyclopedia beside the leads that people wrote of them."""
    for row in rows_of(read, ENTRIES, "summaries/ds/eval/en_sums_eval_few1.jsonl"):
        source = without_headings(row["src"])
        if is_lead(source, row["trgt"]):
            labels = ("rewritten", "summary", "people write the lead of an entry", "entries_led")
            yield from labelled_pair(f"entry-{row['revid']}", "people", source, row["trgt"], *labels)


def _neutralised(read: Read) -> Iterator[dict[str, str]]:
    """Yield paragraphs of an encyclopedia beside themselves as people made them neutral; the most changed ones."""
    rows = rows_of(read, ENTRIES, "tst/ds/mgt/en_paras_mgt_few5_gpt.jsonl")
    most = sorted(rows, key=lambda row: kept_runs(row["src"], row["trgt"]))[: 2 * _MOST_NEUTRALISED]
    pairs: list[dict[str, str]] = []
    for row in most:
        labels = ("edited", "revision", "people make a paragraph neutral", "entries_revised")
        pairs += labelled_pair(f"paragraph-{row['revid']}", "people", row["src"], row["trgt"], *labels)
    yield from drawn(pairs, _MOST_NEUTRALISED, "neutralised by people")


def _graded(read: Read) -> Iterator[dict[str, str]]:
    """Yield paragraphs beside themselves as teachers put them into plainer English, for learners of two levels."""
    pairs: list[dict[str, str]] = []
    for part in ("test", "trial"):
        plainer: dict[str, dict[str, str]] = {}
        for row in rows_of(read, READABILITY, f"data/tsar2025_{part}.jsonl"):
            versions = plainer.setdefault(row["text_id"].partition("-")[0], {"whole": row["original"]})
            versions[row["target_cefr"].lower()] = row["reference"]
        for name, versions in plainer.items():
            for one, two in combinations(versions, 2):
                labels = ("rewritten", "simplification", "teachers write for learners", "learner_texts_by_teachers")
                of_text = f"tsar2025{part}-{name}"
                pairs += labelled_pair(of_text, f"{one}-{two}", versions[one], versions[two], *labels)
    yield from drawn(pairs, _MOST_GRADED, "graded by teachers")


def is_lead(source: str, lead: str) -> bool:
    """Say whether a lead tells an entry anew in fewer words.

    Parameters
    ----------
    source, lead : str
        The entry and its lead.

    Returns
    -------
    bool
        False for a lead of few sentences, and for one that is nearly as long as the entry.

    Examples
    --------
    >>> is_lead("It is so. " * 100, "So it is. " * 25), is_lead("It is so. " * 100, "So it is.")
    (True, False)
    """
    n_source, n_lead = len(source.split()), len(lead.split())
    return n_lead >= _LEAST_LEAD and _LEAD_SHARES[0] * n_source <= n_lead <= _LEAD_SHARES[1] * n_source


def without_headings(text: str) -> str:
    r"""Return the text of an entry without its headings.

    >>> without_headings("== History ==\nIt was built.\n\n=== Later ===\nIt fell.")
    'It was built.\n\nIt fell.'
    """
    return _HEADING.sub("", text).strip()


def kept_runs(source: str, suspect: str) -> float:
    """Return the share of the suspect's runs of three words that the source has.

    Parameters
    ----------
    source, suspect : str
        A text and what was made of it.

    Returns
    -------
    float
        Between 0 and 1.

    Examples
    --------
    >>> kept_runs("He went home at six", "He went home at last")
    0.6666666666666666
    """
    runs = [set(zip(words, words[1:], words[2:], strict=False)) for words in (source.split(), suspect.split())]
    return len(runs[0] & runs[1]) / max(1, len(runs[1]))
