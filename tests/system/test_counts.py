"""Numbers in the documents that committed files and the code know are those of the files and the code."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from unspun.app.web.held_pairs import N_HELD
from unspun.app.web.turns import MAX_WAITING
from unspun.app.web.uploads import MAX_CHARACTERS
from unspun.comparison.features.catalogue import FEATURES
from unspun.comparison.passage_cuts import FEWEST_WORDS, PASSAGE_WORDS
from unspun.comparison.sentence_alignment import MAX_SENTENCES
from unspun.crawl.forms import MIN_PAGES
from unspun.crawl.pages.sandbox import MAX_SECONDS
from unspun.model.document_classifier import WHOLE
from unspun.model.pair_score import FEWEST_ALIGNED_WORDS, MIN_ALIGNED_WORDS, MIN_COVERAGE
from unspun.reports.run_exports import N_CASES
from unspun.training.honest.forms.all_forms import FORMS

ROOT = Path(__file__).parents[2]
README = (ROOT / "data" / "README.md").read_text(encoding="utf-8")
SAMPLE, WORLD, STORIES = ROOT / "data" / "sample", ROOT / "data" / "world", ROOT / "data" / "training" / "stories"
OURS = ("stories", "forms")
NUMBER = r"(\d[\d,]*)"
WORDS = "no one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen".split()


def number(text: str) -> int:
    return int(text.replace(",", ""))


def said(pattern: str) -> list[int]:
    """Return the numbers of a sentence of the README, which must stand there once."""
    [found] = re.findall(pattern.replace("#", NUMBER), README)
    return [number(one) for one in ([found] if isinstance(found, str) else found)]


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    columns = ["dataset", "relation", "variant"]
    return pd.read_parquet(ROOT / "data" / "training" / "features.parquet", columns=columns)


@pytest.fixture(scope="module")
def public(table: pd.DataFrame) -> pd.DataFrame:
    return table[(table["variant"] == "stories") & ~table["dataset"].isin(OURS)]


# data/README.md: the training


def test_the_rows_by_variant_are_those_of_the_table(table: pd.DataFrame) -> None:
    told = dict(re.findall(rf"^\| `(\w+)` \| {NUMBER} \| [^|]*\|$", README, re.MULTILINE))
    assert {name: number(n) for name, n in told.items()} == table["variant"].value_counts().to_dict()
    assert said(r"\*\*Rows\.\*\* There are #:") == [len(table)]


def test_the_labelled_pairs_are_those_of_the_table(table: pd.DataFrame) -> None:
    labelled = table[table["variant"] == "original"]
    n_spun = int((labelled["relation"] == "spun").sum())
    assert said("There are # labelled pairs of # public datasets") == [len(labelled), labelled["dataset"].nunique()]
    assert said("- # are spun: by word swappers") == [n_spun]
    assert said("- # are honest: copies") == [len(labelled) - n_spun]
    told = re.findall(rf"^\| `(\w+)` \| {NUMBER} \| (spun|honest) \|", README, re.MULTILINE)
    assert WORDS.index(re.findall(r"(\w+) of these datasets", README)[0].lower()) == len(told)
    assert said("of these datasets, # pairs, joined") == [sum(number(n) for _, n, _ in told)]
    counts = Counter(labelled["dataset"])
    assert {name: number(n) for name, n, _ in told} == {name: counts[name] for name, _, _ in told}
    honest = set(labelled.loc[labelled["relation"] != "spun", "dataset"])
    assert {name for name, _, kind in told if kind == "honest"} <= honest


def test_the_public_pairs_are_those_of_the_table(public: pd.DataFrame) -> None:
    [part] = re.findall(r"^\| dataset \| pairs \| what \|.*?\n\n", README, re.MULTILINE | re.DOTALL)
    counts, told = Counter(public["dataset"]), Counter[tuple[str, ...]]()
    for names, n in re.findall(rf"^\| ((?:`\w+`(?:, )?)+) \| {NUMBER} \|", part, re.MULTILINE):
        told[tuple(re.findall(r"\w+", names))] += number(n)
    assert dict(told) == {names: sum(counts[name] for name in names) for names in told}
    assert {name for names in told for name in names} == set(counts)


def test_the_public_pairs_are_listed_as_they_were_made(public: pd.DataFrame) -> None:
    listed = re.findall(rf"^- {NUMBER} (?:are what|are essays|are spun: what|stand|joined)", README, re.MULTILINE)
    assert sum(map(number, listed)) + said("So # more pairs are of texts")[0] == len(public)
    parts = ("- # are spun: what", *(f"joined {when}, # of them spun" for when in ("next", "then", "last")))
    spun = [n for part in parts for n in said(part)]
    assert sum(spun) == (public["relation"] == "spun").sum()


def test_documents_and_forms_are_those_of_the_table(table: pd.DataFrame) -> None:
    assert said("So # documents join") == [(table["variant"] == "document").sum()]
    forms = table[(table["variant"] == "stories") & (table["dataset"] == "forms")]
    n_spun = int((forms["relation"] == "spun").sum())
    assert said(r"\*\*Forms\*\* are # pairs") == [len(forms)]
    assert said("# are honest and # are spun copies") == [len(forms) - n_spun, n_spun]
    assert f"one of {WORDS[len(FORMS)]} forms" in README


def test_our_own_stories_are_those_of_the_files(table: pd.DataFrame) -> None:
    told = {}
    for item in re.findall(r"^- (`\w+`(?:, `\w+`)*|`\w+`): (.*?)(?=^- |\n\n)", README, re.MULTILINE | re.DOTALL):
        [n] = re.findall(rf"\({NUMBER} pairs", item[1])
        told[tuple(re.findall(r"\w+", item[0]))] = number(n)
    lines = {path.stem: len(path.read_text(encoding="utf-8").splitlines()) for path in STORIES.glob("*.jsonl")}
    assert told == {names: sum(lines[name] for name in names) for names in told}
    assert {name for names in told for name in names} == set(lines)
    assert said("under the project's licence, # pairs that are trained on") == [sum(lines.values())]
    own = (table["variant"] == "stories") & (table["dataset"] == "stories")
    assert own.sum() == sum(lines.values())


# data/README.md: the sample and the world


def test_the_sample_is_what_its_table_says() -> None:
    pages = len(list((SAMPLE / "crawl" / "pages").rglob("*.html")))
    feed = len((SAMPLE / "crawl" / "feed.jsonl").read_text(encoding="utf-8").splitlines())
    assert said("# pages in six templates") == [pages]
    assert said("# articles: `url`") == [feed]
    assert said("A small crawl of # pages") == [pages + feed + said("# pages as WARC")[0]]
    planted = [len(one["swaps"]) for one in json.loads((SAMPLE / "planted.json").read_text(encoding="utf-8"))]
    assert said("for each spun page, # to # of its most telling swaps") == [min(planted), max(planted)]


def test_the_truth_is_what_its_table_says() -> None:
    with (SAMPLE / "truth.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert said("all # related pairs") == [len(rows)]
    assert set(Counter(row["story"] for row in rows).values()) == set(said(r"within a story \(# each\)"))
    counts = Counter((row["relation"], row["family"]) for row in rows)
    told = re.findall(rf"^\| (spun|copied|edited|independent) \| (.*?) \| {NUMBER} \|$", README, re.MULTILINE)
    for relation, families, n in told:
        assert sum(counts.pop((relation, name), 0) for name in re.findall(r"`(\w+)`", families)) == number(n)
    assert not counts


def test_the_world_is_what_its_table_says() -> None:
    rows = [json.loads(line) for line in (WORLD / "junk.jsonl").read_text(encoding="utf-8").splitlines()]
    assert said("# kinds of what a crawl brings") == [len({row["kind"] for row in rows})]


# Other documents

PHRASES = [
    ("docs/limits.md", f"fewer than {FEWEST_ALIGNED_WORDS} words are."),
    ("docs/limits.md", f"Fewer than {MIN_ALIGNED_WORDS} words are aligned."),
    (
        "docs/limits.md",
        f"Less than {MIN_COVERAGE * 100:g} % of either text is aligned, and no passage has {FEWEST_WORDS}",
    ),
    ("docs/limits.md", f"Spun passages of fewer than {FEWEST_WORDS} words"),
    ("docs/limits.md", f"Forms in a crawl that fewer than {WORDS[MIN_PAGES]} pages share"),
    ("docs/how-it-works/comparison.md", f"passages of about {PASSAGE_WORDS} words"),
    ("docs/how-it-works/crawl.md", f"It is of a form when {WORDS[MIN_PAGES]} pages have it"),
    ("docs/how-it-works/crawl.md", f"stops it after {WORDS[int(MAX_SECONDS)]} seconds"),
    ("docs/how-it-works/evidence.md", f"the same in {WORDS[len({one.family for one in FEATURES})]} families"),
    ("docs/how-it-works/model.md", f"taken together weigh {WHOLE * 100:g} %"),
    ("docs/how-it-works/model.md", f"weigh {100 - WHOLE * 100:g} %."),
    ("docs/how-it-works/model.md", f"fewer than {FEWEST_ALIGNED_WORDS} words are, there is no number"),
    ("docs/guide/archives.md", f"more than {MAX_SENTENCES:,} sentences is matched by bundles"),
    ("docs/guide/crawls.md", f"recurs on {WORDS[MIN_PAGES]} pages or more"),
    ("docs/guide/serve.md", f"The last {WORDS[N_HELD]} results are held"),
    ("docs/guide/serve.md", f"or finds {MAX_WAITING} waiting"),
    ("docs/cli.md", f"wording that {WORDS[MIN_PAGES]} pages or more share"),
    ("docs/cli.md", f"has the first {N_CASES:,} as test cases"),
    ("docs/cli.md", f"most {MAX_CHARACTERS:,} characters"),
    ("docs/cli.md", f"or finds {MAX_WAITING} waiting"),
    ("docs/glossary.md", f"a stretch of about {PASSAGE_WORDS} words"),
]


@pytest.mark.parametrize(("path", "phrase"), PHRASES)
def test_the_manual_has_the_limits_of_the_code(path: str, phrase: str) -> None:
    assert phrase in (ROOT / path).read_text(encoding="utf-8")


def test_the_notice_has_the_sizes_of_the_resources() -> None:
    notice = (ROOT / "models" / "NOTICE.md").read_text(encoding="utf-8")
    with np.load(ROOT / "models" / "lexicon.npz") as lexicon, np.load(ROOT / "models" / "meaning.npz") as meaning:
        assert f"{len(lexicon['zipf']):,} words and phrases" in notice
        assert f"{len(lexicon['bits']):,} related pairs" in notice
        n_words, n_numbers = meaning["vectors"].shape
        assert f"{n_numbers} numbers for each of {n_words:,} words" in notice


def test_the_makefile_has_the_number_of_datasets(table: pd.DataFrame) -> None:
    n_datasets = table.loc[table["variant"] == "original", "dataset"].nunique()
    assert f"each of the {n_datasets} datasets" in (ROOT / "Makefile").read_text(encoding="utf-8")
