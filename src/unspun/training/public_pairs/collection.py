"""Make pairs of texts of sentences that several people wrote after one original."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, count

from unspun.training.public_pairs.clones import Read, stretches, text_of

Unit = tuple[str, ...]
"""One sentence, verse or line as everybody has it who wrote it."""

_SIZES = (150, 300, 300, 450, 600)
"""Words of the texts that sentences are put together to, of which one is drawn each time."""


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


def lines_of(read: Read, repository: str, paths: Sequence[str]) -> list[Unit]:
    """Return the lines of files that belong together line by line.

    Parameters
    ----------
    read : callable
        Returns a file of a repository.
    repository : str
        Owner and name.
    paths : sequence of str
        The files, one a person.

    Returns
    -------
    list of tuple of str
    """
    files = [text_of(read, repository, path).replace("\r", "").rstrip("\n").split("\n") for path in paths]
    return list(zip(*files, strict=True))


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def drawn(pairs: Sequence[dict[str, str]], most: int, name: str) -> list[dict[str, str]]:
    """Return some of the pairs, in their order.

    Parameters
    ----------
    pairs : sequence of dict of str
        Labelled pairs.
    most : int
        How many are taken.
    name : str
        What the draw is of, its seed.

    Returns
    -------
    list of dict of str
    """
    kept = sorted(random.Random(name).sample(range(len(pairs)), min(most, len(pairs))))
    return [pairs[place] for place in kept]


def pairs_of(collection: Collection) -> Iterator[dict[str, str]]:
    """Yield the labelled pairs of a collection, in a fixed order."""
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
