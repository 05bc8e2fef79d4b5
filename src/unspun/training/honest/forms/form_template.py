"""Fill in templates of forms.

A template has sentences with several wordings each, optional sentences, slots and alternatives. A template is a text in
``templates/``. Paragraphs are parted by empty lines; every line is a sentence (or two that stay together). A line that
begins with ``||`` is another wording of the line above it; one that begins with ``?`` is optional. ``{slot}`` takes a
fact, ``[a|b]`` is one of several words, and ``a(n)`` becomes the article that fits.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib import resources
from zlib import crc32

import numpy as np
from numpy.random import Generator

from unspun.training.spinners.inflection import indefinite_article

Facts = Mapping[str, str]

_SLOT = re.compile(r"\{(\w+)\}")
_CHOICE = re.compile(r"\[([^\[\]]*\|[^\[\]]*)\]")
_ARTICLE = re.compile(r"\b([Aa])\(n\) ([\"“]?)([\w-]+)")
_TWICE = re.compile(r"(?<=[ap]\.m\.)\.|(?<=Inc\.)\.|(?<=Corp\.)\.|(?<=Co\.)\.| (?= )")
_OPENING = re.compile(r"^[\"“]?[a-z]")
_OPTIONAL = 0.7
"""Chance that an optional sentence is on a page."""


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence: its wordings, and whether a page may go without it."""

    wordings: tuple[str, ...]
    optional: bool


@dataclass(frozen=True)
class Form:
    """A form; called with a generator it gives a page.

    Two pages of one form have nothing to do with one another, however much they share.

    Attributes
    ----------
    name : str
        Such as ``stock-report``; its template has this name.
    facts : callable
        From a generator to what stands in the slots.
    template : str
        See the module; read from its file where none is given.

    Examples
    --------
    >>> text = "High water at {port} is [due|expected] at {hour}."
    >>> form = Form("tide", lambda rng: {"port": "Ost", "hour": "6"}, text)
    >>> form(np.random.default_rng(1))
    'High water at Ost is due at 6.'
    """

    name: str
    facts: Callable[[Generator], Facts]
    template: str = ""

    @cached_property
    def paragraphs(self) -> tuple[tuple[Line, ...], ...]:
        """The parsed template."""
        blocks = re.split(r"\n\s*\n", (self.template or _read(self.name)).strip())
        # A wording has a line of its own, so only other lines begin sentences.
        return tuple(tuple(_line(line) for line in re.split(r"\n(?!\|\|)", block)) for block in blocks)

    def __call__(self, rng: Generator, house: int | None = None) -> str:
        """Return a page.

        Parameters
        ----------
        rng : Generator
            Draws the facts and the words, and without a house the wordings too.
        house : int, optional
            A site: its pages have the same wordings, so that they differ in facts and a few words only.
        """
        style = rng if house is None else np.random.default_rng([house, crc32(self.name.encode())])
        facts = self.facts(rng)
        pages = (_paragraph(lines, facts, rng, style) for lines in self.paragraphs)
        return "\n\n".join(paragraph for paragraph in pages if paragraph)

    @property
    def n_wordings(self) -> int:
        """Number of texts that the sentences alone can make.

        It does not depend on what stands in the slots, and is capped at a thousand million.
        """
        total = 1
        for line in (line for lines in self.paragraphs for line in lines):
            total = min(total * (sum(map(_ways, line.wordings)) + line.optional), 10**9)
        return total


def _read(name: str) -> str:
    return (resources.files(__package__) / "templates" / f"{name}.txt").read_text(encoding="utf-8")


def _line(line: str) -> Line:
    body = line.removeprefix("?")
    return Line(tuple(wording.strip() for wording in body.split("||")), body != line)


def _ways(wording: str) -> int:
    """Return in how many ways the alternatives of a wording can be chosen."""
    ways = 1
    for match in _CHOICE.finditer(wording):
        ways *= match[1].count("|") + 1
    return ways


def _paragraph(lines: tuple[Line, ...], facts: Facts, rng: Generator, style: Generator) -> str:
    written = []
    for line in lines:
        # The house draws for every sentence, so that what a page leaves out moves no other draw.
        wording = line.wordings[int(style.integers(len(line.wordings)))]
        if not line.optional or rng.random() < _OPTIONAL:
            written.append(_filled(wording, facts, rng))
    return " ".join(written)


def _filled(wording: str, facts: Facts, rng: Generator) -> str:
    """Return a sentence with its alternatives chosen and its slots filled."""

    def chosen(match: re.Match[str]) -> str:
        words = match[1].split("|")
        return words[int(rng.integers(len(words)))]

    text = _SLOT.sub(lambda m: facts[m[1]], _CHOICE.sub(chosen, wording))
    text = _ARTICLE.sub(lambda m: f"{m[1] + indefinite_article(m[3])[1:]} {m[2]}{m[3]}", _TWICE.sub("", text.strip()))
    return _OPENING.sub(lambda m: m[0].upper(), text)
