"""Compose a crawl with truth: invented articles, their spins and independent accounts, on pages of invented sites.

``python benchmarks/crawl.py OUT [--pages 2000] [--seed 0]`` writes ``OUT/crawl/pages/<site>/*.html`` and
``OUT/truth.csv``, which have the form of those in ``data/sample``. The same numbers give the same files. Of the pages,
45% are sources, 45% a spin of one of them each, 10% independent stories on the event of a source.
"""

from __future__ import annotations

import argparse
import csv
import random
import re
import sys
from collections import Counter, deque
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
from boilerplate import Teaser, page, site
from stories import Event, Story, Writer

from unspun.text.lexicon import load_lexicon
from unspun.text.tokenizer import read_text
from unspun.training.spinners import SPINNERS
from unspun.training.spinners.combining import Spin
from unspun.training.spinners.sentence_pieces import Sentence, join, sentences

LEVELS = (0.2, 0.4, 0.6)
"""Shares of the content words that a spin replaces."""
MANNERS = ("replaced", "shuffled", "nameless", "embedded")
"""Words replaced; besides, sentences shuffled, names dropped, or a third of it amid a whole story of the page's own."""
SWAPPERS = ("thesaurus", "moby", "consistent", "fit", "company", "commoner")
SPUN_SHARE = 0.45
PAGES_PER_SITE = 40
FRESH = 10_000_000
"""From this number on, events and stories are only used for what pages have of their own."""

_STAND_INS = {
    "people": ("the official", "one of them", "the speaker", "a colleague"),
    "towns": ("the town", "the place"),
    "firms": ("the firm", "the body"),
}


class Variant(NamedTuple):
    """How a spin was made."""

    manner: str
    level: float
    spinner: str

    @property
    def name(self) -> str:
        """Manner and level."""
        return f"{self.manner}-{round(100 * self.level)}"


class Entry(NamedTuple):
    """An article of a crawl: what it says, where, and what it was made from."""

    article_id: str
    title: str
    text: str
    site: int
    source_id: str = ""
    relation: str = ""
    variant: Variant | None = None


def compose(n_pages: int, seed: int = 0) -> Iterator[Entry]:
    """Yield the articles of a crawl, a source right before what was made from it.

    >>> [entry.relation for entry in compose(4)]
    ['', 'spun', 'independent', 'independent']
    """
    writer = Writer(seed)
    n_sites = max(1, n_pages // PAGES_PER_SITE // 2)
    n_spun = max(1, int(n_pages * SPUN_SHARE))
    for number in range(n_spun):
        draw = random.Random(f"{seed} crawl {number}")
        event = writer.event(number)
        story = writer.story(event, number)
        source = _entry(story.title, story.text, 2 * draw.randrange(n_sites), f"a{number}", seed)
        yield source
        variant = variant_of(number)
        own = writer.story(writer.event(FRESH + number), FRESH + number)
        text = make_variant(story, variant, draw.getrandbits(60), own.text)
        # A spinner takes the heading too.
        title = spin_to(story.title, variant.spinner, variant.level, draw.getrandbits(60))
        spun = _entry(title, text, 2 * draw.randrange(n_sites) + 1, f"b{number}", seed)
        yield spun._replace(source_id=source.article_id, relation="spun", variant=variant)
        for other in range(number, n_pages - 2 * n_spun, n_spun):
            account = writer.story(event, n_spun + other)
            entry = _entry(account.title, account.text, 2 * draw.randrange(n_sites), f"c{other}", seed)
            yield entry._replace(source_id=source.article_id, relation="independent")


def _entry(title: str, text: str, place: int, number: str, seed: int) -> Entry:
    slug = "-".join(re.findall(r"[a-z0-9]+", title.lower())[:8])
    return Entry(f"pages/{site(place, seed).host}/{slug}-{number}.html", title, text, place)


def variant_of(number: int) -> Variant:
    """Return the variant that the spin of that number is; every twelve numbers have each once.

    >>> [variant_of(number).name for number in (0, 1, 11)]
    ['replaced-20', 'shuffled-20', 'embedded-60']
    """
    rest, manner = divmod(number, len(MANNERS))
    rest, level = divmod(rest, len(LEVELS))
    return Variant(MANNERS[manner], LEVELS[level], SWAPPERS[rest % len(SWAPPERS)])


def make_variant(story: Story, variant: Variant, seed: int, own: str = "") -> str:
    """Return the story spun as the variant says; ``own`` is the text that an embedded one stands in."""
    rng = np.random.default_rng(seed)
    text = spin_to(story.text, variant.spinner, variant.level, int(rng.integers(2**60)))
    match variant.manner:
        case "shuffled":
            return shuffled(text, rng)
        case "nameless":
            return without_names(text, story.event, rng)
        case "embedded":
            return embedded(text, own, rng)
    return text


def spin_to(text: str, spinner: str, level: float, seed: int) -> str:
    """Return the text with about that share of its content words replaced."""
    spin = _SPINS[spinner]
    low, high = 0.0, 1.0
    spun = text
    for _ in range(_TRIES):
        strength = (low + high) / 2
        spun = spin(text, np.random.default_rng(seed), strength)
        reached = replaced_rate(text, spun)
        if abs(reached - level) < _NEAR:
            break
        low, high = (strength, high) if reached < level else (low, strength)
    return spun


_SPINS: dict[str, Spin] = {spinner.name: spinner.spin for spinner in SPINNERS}
_TRIES, _NEAR = 6, 0.02


def replaced_rate(source: str, suspect: str) -> float:
    """Return which share of the source's content words is not in the suspect, in [0, 1]; names and numbers aside.

    >>> round(replaced_rate("The green boat sailed.", "The boat sailed away."), 2)
    0.33
    """
    had, has = _content(source), _content(suspect)
    return 1 - sum((had & has).values()) / max(1, sum(had.values()))


def _content(text: str) -> Counter[int]:
    lexicon, read = load_lexicon(), read_text(text)
    rows = lexicon.row(read.ids)
    kept = ~lexicon.stop[rows] & (lexicon.name[rows] < 0.5) & (read.ids < len(lexicon))
    return Counter(read.ids[kept].tolist())


def shuffled(text: str, rng: np.random.Generator) -> str:
    """Return the text with its sentences in another order, in as many paragraphs.

    >>> shuffled("A one. A two. A three.", np.random.default_rng(0))
    'A three. A one. A two.'
    """
    parts = sentences(text)
    gaps = [part.gap or " " for part in parts[:-1]] + [""]
    order = rng.permutation(len(parts))
    return join([Sentence(parts[at].body, gap) for at, gap in zip(order.tolist(), gaps, strict=True)])


def embedded(text: str, own: str, rng: np.random.Generator) -> str:
    r"""Return a third of a text, in a row, amid a whole other one.

    >>> embedded("A one. A two. A three.", "Mine.\nMine too.", np.random.default_rng(1))
    'Mine.\nA two.\nMine too.'
    """
    parts, lines = sentences(text), own.split("\n")
    n = max(1, len(parts) // 3)
    first, line = int(rng.integers(len(parts) - n + 1)), len(lines) // 2
    return "\n".join([*lines[:line], join(parts[first : first + n]).strip(), *lines[line:]])


def without_names(text: str, event: Event, rng: np.random.Generator) -> str:
    """Return the text with every name of the event's replaced by a word for its kind."""
    surnames = {person.split()[-1] for person in event.people}
    kinds = {"people": {*event.people, *surnames}, "towns": {*event.towns}, "firms": {*event.firms}}
    stand_ins = {name: str(rng.choice(_STAND_INS[kind])) for kind, names in kinds.items() for name in sorted(names)}
    pattern = re.compile(rf"(^|[.!?] |\n|\")?\b({'|'.join(map(re.escape, event.names))})\b", re.MULTILINE)

    def replace(match: re.Match[str]) -> str:
        opening, word = match[1], stand_ins[match[2]]
        return word if opening is None else opening + word[0].upper() + word[1:]

    return pattern.sub(replace, text)


def read_pages(n_pages: int, seed: int = 0) -> Iterator[tuple[Entry, str]]:
    """Yield the articles of a crawl with the HTML of their pages; each announces a few others of the crawl."""
    lately: deque[Entry] = deque(maxlen=60)
    for entry in compose(n_pages, seed):
        draw = random.Random(entry.article_id)
        others = [other for other in lately if not {other.article_id, other.source_id} & {entry.source_id}]
        near = draw.sample(others, min(len(others), draw.randint(2, 5)))
        teasers = [Teaser(other.title, other.text.split(". ")[0][:120] + " …") for other in near]
        yield entry, page(site(entry.site, seed), entry.title, entry.text, teasers)
        lately.append(entry)


def write(folder: Path, n_pages: int, seed: int = 0) -> int:
    """Write a crawl and its truth; return how many pages there are."""
    rows = []
    for entry, html in read_pages(n_pages, seed):
        path = folder / "crawl" / entry.article_id
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(html, encoding="utf-8")
        if entry.source_id:
            family = entry.variant.name if entry.variant else ""
            note = entry.variant.spinner if entry.variant else "another account of the event"
            rows.append((entry.source_id, entry.article_id, entry.relation, family, note))
    with (folder / "truth.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("source", "suspect", "relation", "family", "note"), *rows])
    return n_pages


def main() -> int:
    """Write a crawl to a folder."""
    parser = argparse.ArgumentParser(description="Compose a crawl of invented pages, some of them spun.")
    parser.add_argument("out", type=Path, help="folder to write to")
    parser.add_argument("--pages", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    print(f"{write(options.out, options.pages, options.seed)} pages in {options.out / 'crawl'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
