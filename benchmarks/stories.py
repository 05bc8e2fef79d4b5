"""Articles by the thousand for benchmarks: invented names and numbers, sentence patterns of ours, words of the lexicon.

They say nothing, but their words are as frequent, as bound to a topic and as repeated as those of real articles, and
that is what a search for candidates and a reader of pages have to cope with. The same seed gives the same articles.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

import numpy as np

from unspun.text.lexicon import ADJECTIVE, NOUN, VERB, Lexicon, load_lexicon
from unspun.training.spinners.inflection import Form, indefinite_article, inflect

N_TOPICS = 150
N_SENTENCES = (12, 30)
# How many words of each class an article draws on, and which part of them is of its topic.
POOLS = {"noun": 45, "verb": 32, "adjective": 24, "adverb": 8}
TOPIC_SHARE = 0.7
TOPIC_WORDS = {"noun": 260, "verb": 140, "adjective": 130, "adverb": 40}

_STARTS = (
    "Al Bar Bren Cal Cor Dar Dun El Fal Fen Gar Hal Hol Ib Jas Kel Kar Lin Lor Mar Mor Nor Or Os Pel Quin Ral Ros Sal "
    "Sel Tar Tol Ul Var Ven Wes Yar Zan Thor Brim"
).split()
_MIDDLES = "a e i o u an en in or ar is el il un".split()
_LINKS = ("", "l", "m", "r", "v")
_PERSON_ENDS = (
    "berg dahl felt gard hurst kin lund mann nik nova rin sen shaw ski stad strom sund tin vik wald wen zer".split()
)
_TOWN_ENDS = "bury dale ford ham haven holm hurst ley mere mouth port stead ton vale wick worth".split()
_FIRST_ENDS = "a an e ek el en ia in is o on us yn".split()
_TRADES = (
    "Marine Holdings Council Institute Energy Motors United Trust Foods Partners Railways Authority College Press"
).split()
_ROLES = (
    "minister spokesman analyst chairwoman director councillor engineer professor judge manager inspector secretary"
).split()
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_MONTHS = "January February March April May June July August September October November December".split()

# {n} {ns} nouns, {v} {vd} {vn} {vg} forms of verbs, {a} {r} adjective and adverb, {an} an adjective with its article,
# {P} {S} person and surname, {T} town, {O} organisation, {role}, {num} {pct} {money} {day} {date}.
PATTERNS = tuple(
    """
The {n} of {T} {vd} the {a} {n} on {day}, {P} of {O} said.
{P}, a {role} at {O}, said that the {n} would {v} the {ns} before {date}.
About {num} {ns} were {vn} in {T} after the {n} {vd} the {a} {ns}.
"We have to {v} the {n}, and we will {v} it {r}," {S} said.
The {a} {n} cost {money}, which is {pct} more than the {ns} of the year before.
Many {ns} in {T} {vd} their {ns}, while others {vd} the {n} of {O}.
{O} {r} {vd} the {ns}, but the {a} {n} was not {vn}.
It was the {a} {n} that {vd} the {role}, who had {vn} {num} {ns} since {date}.
"Nobody {vd} the {n} when the {ns} were {vn}," said {P}, a {role} from {T}.
In {T}, where the {n} is {a}, the {ns} of {O} have {vn} for {num} years.
The {role} {vd} that {vg} the {a} {ns} was the {n} of the {n}.
{S} also {vd} the {n}, {vg} that the {ns} of {T} had {vn} {r}.
There is {an} {n} between the {ns} and the {n}, and it {vd} in {date}.
Without the {n}, the {a} {ns} could not {v} and the {n} would {v}.
A {n} of {num} {ns} {vd} the {n} near {T} on {date}.
The {ns} were {vn} by {O} after {an} {n} had {r} {vn} the {n}.
"The {n} is {a}, the {n} is {a}, and still they {v} the {ns}," {S} told {O}.
{T} and {T} have both {vn} the {ns}, though the {n} of {T} remains {a}.
Since the {n} {vd}, {pct} of the {ns} have {vn} and {money} was {vn}.
What the {role} did not {v} was the {a} {n} of the {ns}.
{P} {vd} the {n} {r} and {vd} the {ns} to {v} the {n}.
Critics of the {n} {v} that the {a} {ns} {v} the {n} of {T}.
According to {O}, the {n} {vd} {num} {ns} and {vd} {an} {n}.
The {n} and the {n} are {a}, {S} said, and the {ns} {v} them.
For the {ns} of {T} the {n} means {a} {ns} and {an} {n}.
{O} will {v} the {n} in {date}, when the {a} {ns} are {vn}.
He {vd} that the {n} had been {vn} and the {ns} {vn}.
She {vd} the {a} {n} of the {ns}, which {O} had {vn} {r}.
The {n} was {vn} by {num} to {num}, and the {ns} {vd}.
As {an} {n}, the {ns} {vd} {r}, and {P} {vd} the {n}.
Two {ns} and {an} {n} were {vn} when the {n} {vd} on {day}.
One {role} of {O} {vd} to {v} on the {n}, but {vd} the {ns} as {a}.
The {a}, {a} {n} of {T} has {vn} {ns} for {num} years.
If the {ns} {v} the {n}, {O} may {v} up to {money}.
It is not the {n} but the {ns} that {v} the {a} {n}.
Last {day} the {ns} of {O} {vd} {an} {n} against the {n}.
""".strip().split("\n")
)
TITLES = (
    "{a} {n} {vd} {ns} in {T}",
    "{O} {vd} {ns} after {a} {n}",
    "{T} {ns} {v} {n}",
    "{S}: {n} will {v} {ns}",
    "{num} {ns} {vn} as {n} {vd}",
)
_PLAIN = re.compile("[a-z]{3,}[a-rt-z]")
_SLOT = re.compile(r"\{(\w+)\}")


def _parts(pattern: str) -> tuple[str, ...]:
    """Return text and names of slots in turn."""
    return tuple(_SLOT.split(pattern))


_PATTERN_PARTS, _TITLE_PARTS = [_parts(p) for p in PATTERNS], [_parts(t) for t in TITLES]


@dataclass(frozen=True, slots=True)
class Event:
    """What an article is about: its topic, and the names and words that every article on it shares."""

    topic: int
    people: tuple[str, ...]
    towns: tuple[str, ...]
    firms: tuple[str, ...]
    numbers: tuple[int, ...]
    words: dict[str, tuple[str, ...]]

    @property
    def names(self) -> tuple[str, ...]:
        """Every name, full and short, longest first."""
        surnames = [person.split()[-1] for person in self.people]
        return tuple(sorted({*self.people, *surnames, *self.towns, *self.firms}, key=lambda name: (-len(name), name)))


@dataclass(frozen=True, slots=True)
class Story:
    """An article; paragraphs are lines."""

    title: str
    text: str
    event: Event


class Writer:
    """Writes events and stories; numbers tell them apart.

    >>> writer = Writer(seed=1)
    >>> writer.story(writer.event(7), 7) == Writer(seed=1).story(writer.event(7), 7)
    True
    """

    def __init__(self, seed: int = 0) -> None:
        self.seed = seed

    def event(self, number: int) -> Event:
        """Return the event of that number."""
        draw = random.Random(f"{self.seed} event {number}")
        topic = draw.randrange(N_TOPICS)
        return Event(
            topic,
            tuple(f"{self._name(draw, 'first')} {self._name(draw, 'person')}" for _ in range(draw.randint(2, 5))),
            tuple(self._name(draw, "town") for _ in range(draw.randint(2, 4))),
            tuple(f"{self._name(draw, 'town')} {draw.choice(_TRADES)}" for _ in range(draw.randint(1, 3))),
            tuple(draw.randint(2, 980) for _ in range(12)),
            self._pool(draw, topic, 0.5),
        )

    def story(self, event: Event, number: int) -> Story:
        """Return a story on the event; another number gives one that shares its names and some of its words only."""
        draw = random.Random(f"{self.seed} story {number}")
        own = self._pool(draw, event.topic, 0.5)
        pen = _Pen(draw, event, {kind: event.words[kind] + own[kind] for kind in POOLS})
        lines = [pen.write(draw.choice(_PATTERN_PARTS)) for _ in range(draw.randint(*N_SENTENCES))]
        title = pen.write(draw.choice(_TITLE_PARTS))
        return Story(title, "\n".join(_paragraphs(lines, draw)), event)

    def _pool(self, draw: random.Random, topic: int, share: float) -> dict[str, tuple[str, ...]]:
        """Draw the words of an article, most of them from its topic."""
        pool = {}
        for kind, size in POOLS.items():
            everywhere, of_topic = self._vocabulary[kind], self._topics[topic][kind]
            n = round(size * share)
            n_topic = round(n * TOPIC_SHARE)
            common = draw.choices(everywhere.words, cum_weights=everywhere.cumulative, k=n - n_topic)
            pool[kind] = (*draw.sample(of_topic, n_topic), *common)
        return pool

    def _name(self, draw: random.Random, kind: str) -> str:
        """Return a name; a few are in many articles and most in few, as in the news."""
        names = self._names[kind]
        return names[int(len(names) * draw.random() ** 2.5)]

    @cached_property
    def _names(self) -> dict[str, list[str]]:
        draw = random.Random(f"{self.seed} names")
        ends = {"first": (_FIRST_ENDS, 400), "person": (_PERSON_ENDS, 6_000), "town": (_TOWN_ENDS, 2_500)}
        return {kind: _coin(draw, *how) for kind, how in ends.items()}

    @cached_property
    def _vocabulary(self) -> dict[str, _Words]:
        return {kind: _words(load_lexicon(), kind) for kind in POOLS}

    @cached_property
    def _topics(self) -> list[dict[str, list[str]]]:
        rng = np.random.default_rng(self.seed)
        return [
            {kind: self._vocabulary[kind].sample(rng, TOPIC_WORDS[kind]) for kind in POOLS} for _ in range(N_TOPICS)
        ]


@dataclass(frozen=True, slots=True)
class _Words:
    words: list[str]
    cumulative: list[float]
    shares: np.ndarray

    def sample(self, rng: np.random.Generator, n: int) -> list[str]:
        # Flatter than the frequencies: a topic is told by its less common words.
        shares = self.shares**0.5
        return [self.words[i] for i in rng.choice(len(self.words), n, replace=False, p=shares / shares.sum())]


def _words(lexicon: Lexicon, kind: str) -> _Words:
    """Return the lexicon's lemmas of one class, with their frequencies."""
    wanted = {"noun": NOUN, "verb": VERB, "adjective": ADJECTIVE, "adverb": ADJECTIVE}[kind]
    own = lexicon.lemma[:-1] == np.arange(len(lexicon))
    fit = own & ~lexicon.stop[:-1] & (lexicon.name[:-1] < 0.3) & (lexicon.zipf[:-1] >= 3.0) & (lexicon.zipf[:-1] < 5.8)
    only = (lexicon.pos[:-1] == wanted) if kind != "verb" else (lexicon.pos[:-1] & VERB > 0)
    places = [
        i for i in np.flatnonzero(fit & only).tolist() if lexicon.words[i].isalpha() and len(lexicon.words[i]) > 3
    ]
    words = [lexicon.words[i] for i in places]
    if kind == "adverb":
        words = [inflect(word, Form.MANNER) for word in words]
    shares = 10.0 ** lexicon.zipf[places].astype(float)
    return _Words(words, list(accumulate(shares.tolist())), shares / shares.sum())


def _coin(draw: random.Random, ends: Sequence[str], n: int) -> list[str]:
    """Return so many different names."""
    found: dict[str, None] = {}
    while len(found) < n:
        middle = draw.choice(_MIDDLES) * draw.randint(0, 1)
        found[draw.choice(_STARTS) + middle + draw.choice(_LINKS) + draw.choice(ends)] = None
    return list(found)


class _Pen:
    """Fills the slots of patterns for one article."""

    def __init__(self, draw: random.Random, event: Event, pool: dict[str, tuple[str, ...]]) -> None:
        self.draw, self.event, self.pool = draw, event, pool

    def write(self, parts: tuple[str, ...]) -> str:
        """Return a sentence."""
        filled = [part if place % 2 == 0 else self._fill(part) for place, part in enumerate(parts)]
        sentence = "".join(filled)
        return sentence[0].upper() + sentence[1:]

    def _fill(self, slot: str) -> str:
        if slot in _FORMS:
            kind, form = _FORMS[slot]
            return inflect(self._pick(self.pool[kind]), form)
        return str(getattr(self, f"_{slot}")())

    def _pick(self, options: Sequence[str]) -> str:
        # The first of a pool come often, the last hardly ever.
        return options[int(len(options) * self.draw.random() ** 1.5)]

    def _an(self) -> str:
        word = self._pick(self.pool["adjective"])
        return f"{indefinite_article(word)} {word}"

    def _P(self) -> str:
        return self._pick(self.event.people)

    def _S(self) -> str:
        return self._P().split()[-1]

    def _T(self) -> str:
        return self._pick(self.event.towns)

    def _O(self) -> str:
        return self._pick(self.event.firms)

    def _role(self) -> str:
        return self.draw.choice(_ROLES)

    def _num(self) -> int:
        return self.draw.choice(self.event.numbers)

    def _pct(self) -> str:
        return f"{self.draw.choice(self.event.numbers) % 90 + 2} per cent"

    def _money(self) -> str:
        return f"£{self.draw.choice(self.event.numbers)} million"

    def _day(self) -> str:
        return self.draw.choice(_DAYS)

    def _date(self) -> str:
        return f"{self.draw.choice(_MONTHS)} {self.draw.randint(1990, 2024)}"


_FORMS = {
    "n": ("noun", Form.BASE),
    "ns": ("noun", Form.PLURAL),
    "v": ("verb", Form.BASE),
    "vd": ("verb", Form.PAST),
    "vn": ("verb", Form.PARTICIPLE),
    "vg": ("verb", Form.ING),
    "a": ("adjective", Form.BASE),
    "r": ("adverb", Form.BASE),
}


def _paragraphs(lines: list[str], draw: random.Random) -> list[str]:
    found, at = [], 0
    while at < len(lines):
        n = draw.randint(1, 3)
        found.append(" ".join(lines[at : at + n]))
        at += n
    return found
