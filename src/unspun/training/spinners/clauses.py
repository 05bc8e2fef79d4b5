"""Rebuild sentences.

Clauses change places, long sentences are split, short ones joined, connectives put in.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
from numpy.random import Generator

from unspun.text.lexicon import MOBY, SYNONYM
from unspun.training.spinners.neighbours import Taste
from unspun.training.spinners.sentence_pieces import Sentence, join, lowered, raised, sentences
from unspun.training.spinners.swappers import Habits, swap_words

CONNECTIVES: tuple[str, ...] = (
    *"Moreover Additionally Furthermore Consequently Notably Meanwhile Nevertheless Ultimately Importantly".split(),
    *"Similarly However Subsequently Therefore Overall".split(),
    *("In addition", "As a result", "In particular", "At the same time", "In fact", "For this reason"),
)
_JOINTS = (", and ", ", while ", "; ", ", but ", ", as ", ", with the result that ")
_SUBORDINATORS = "when|after|because|although|though|while|if|before|since|as soon as|once"
_DAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_MONTH = r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
_WHEN = (
    rf"(?:on {_DAY}|in {_MONTH}|in \d{{4}}|(?:last|this) (?:week|month|year)"
    r"|in recent (?:weeks|months|years)|until then)"
)

_TRAILING = re.compile(rf"^([^,;:“”\"]{{15,}}),? ({_SUBORDINATORS}) ([^,;:“”\"]{{10,}})\.$")
_LEADING = re.compile(rf"^({_SUBORDINATORS}) ([^,;:“”\"]{{10,}}), ([^,;:“”\"]{{15,}})\.$", re.IGNORECASE)
_TIME_LAST = re.compile(rf"^([^“”\":;]{{20,}}) ({_WHEN})\.$", re.IGNORECASE)
_TIME_FIRST = re.compile(rf"^({_WHEN}),? ([^“”\":;]{{20,}})\.$", re.IGNORECASE)
_SAID_LAST = re.compile(
    r"^([^“”\"]{20,}), ((?:[A-Z][\w.-]+ ?){1,3}|(?:the|a) [\w ]{3,25}|(?:he|she|they)) (said|added|reported)\.$"
)
_QUOTE_FIRST = re.compile(r"^([“\"][^“”\"]+),([”\"]) (said|added|told reporters) ([^“”\",]+)\.$")
_QUOTE_NAME_FIRST = re.compile(r"^([“\"][^“”\"]+),([”\"]) ([^“”\",]+) (said|added)\.$")
_SUBJECT = "the|a|an|he|she|it|they|we|its|his|her|their|this|is|was|has|had|will|[A-Z][a-z]+"
_SPLIT = re.compile(rf"(?:; (?:and )?|, (and|but|while|which|so) (?=(?:{_SUBJECT})\b))")
_OPENINGS = {"but": "However, ", "while": "Meanwhile, ", "which": "This ", "so": "As a result, "}

Rebuild = Callable[[str, Generator], str | None]


def front(body: str, rng: Generator) -> str | None:
    """Return the sentence with its clause, its time or its speaker at the other end.

    None where nothing can move.

    Parameters
    ----------
    body : str
        One sentence without its gap.
    rng : Generator
        Decides which way a speaker is named.

    Returns
    -------
    str or None
        The sentence turned.

    Examples
    --------
    >>> front("The gates were shut because the wind had risen.", np.random.default_rng(0))
    'Because the wind had risen, the gates were shut.'
    >>> front("“We waited for hours,” said Marta Ilven.", np.random.default_rng(0))
    'Marta Ilven said, “We waited for hours.”'
    """
    if m := _TRAILING.match(body):
        return f"{raised(m[2])} {m[3]}, {lowered(m[1])}."
    if m := _LEADING.match(body):
        return f"{raised(m[3])} {m[1].lower()} {m[2]}."
    if m := _QUOTE_FIRST.match(body):
        return f"{raised(m[4])} {m[3]}, {m[1]}.{m[2]}"
    if m := _QUOTE_NAME_FIRST.match(body):
        return (
            f"{raised(m[3])} {m[4]}, {m[1]}.{m[2]}"
            if rng.random() < 0.5
            else f"According to {lowered(m[3])}, {m[1]}.{m[2]}"
        )
    if m := _SAID_LAST.match(body):
        return (
            f"According to {m[2].strip()}, {lowered(m[1])}."
            if rng.random() < 0.6
            else f"{raised(m[2].strip())} {m[3]} that {lowered(m[1])}."
        )
    if m := _TIME_LAST.match(body):
        return f"{raised(m[2])}, {lowered(m[1])}."
    if m := _TIME_FIRST.match(body):
        return f"{raised(m[2])} {m[1][0].lower()}{m[1][1:]}."
    return None


def split(body: str, rng: Generator) -> str | None:
    """Return the sentence as two, cut before one of its clauses.

    None where there is no place for it.

    Parameters
    ----------
    body : str
        One sentence without its gap.
    rng : Generator
        Picks the place where it is cut.

    Returns
    -------
    str or None
        Two sentences with a blank between them.

    Examples
    --------
    >>> split("The old gates froze, and the harbour was closed for a week.", np.random.default_rng(0))
    'The old gates froze. The harbour was closed for a week.'
    """
    if not body.endswith(".") or any(mark in body for mark in '“”"()'):
        return None
    found = [m for m in _SPLIT.finditer(body) if m.start() > 15 and len(body) - m.end() > 20]
    if not found:
        return None
    m = found[int(rng.integers(len(found)))]
    opening = _OPENINGS.get(m[1] or "", "")
    rest = body[m.end() :]
    return f"{body[: m.start()]}. {opening}{rest}" if opening else f"{body[: m.start()]}. {raised(rest)}"


def connect(body: str, rng: Generator) -> str | None:
    """Return the sentence with a connective before it.

    Parameters
    ----------
    body : str
        One sentence without its gap.
    rng : Generator
        Picks the connective.

    Returns
    -------
    str or None
        The longer sentence; None where it has an opening of its own.

    Examples
    --------
    >>> connect("The gates froze.", np.random.default_rng(0))
    'At the same time, the gates froze.'
    """
    if not body[:1].isupper() or "," in body[:25]:
        return None
    return f"{CONNECTIVES[int(rng.integers(len(CONNECTIVES)))]}, {lowered(body)}"


def merge(first: str, second: str, rng: Generator) -> str | None:
    """Return two short sentences as one; None where they are long or quote somebody.

    Parameters
    ----------
    first, second : str
        Neighbours, without their gaps.
    rng : Generator
        Picks what joins them.

    Returns
    -------
    str or None
        One sentence.

    Examples
    --------
    >>> merge("The gates froze.", "The harbour was closed.", np.random.default_rng(0))
    'The gates froze, with the result that the harbour was closed.'
    """
    if any(mark in first + second for mark in '“”"?!:;') or not (first.endswith(".") and second.endswith(".")):
        return None
    if len(first.split()) > 14 or len(second.split()) > 14:
        return None
    return first[:-1] + _JOINTS[int(rng.integers(len(_JOINTS)))] + lowered(second)


_LIGHT = Taste(SYNONYM | MOBY, commonness=0.3, sense=0.3, closeness=8.0, floor=3.0, shift=(-1.5, 2.0))


def clauses(text: str, rng: Generator, strength: float) -> str:
    """Return the text with sentences rebuilt and light synonyms.

    Each sentence draws what is tried with it; two short neighbours in a paragraph may merge or change places.

    Parameters
    ----------
    text : str
        Any text.
    rng : Generator
        All that is left to chance.
    strength : float
        Share of the sentences that are tried, in [0, 1].

    Returns
    -------
    str
        The text rebuilt.
    """
    seeds = rng.integers(2**62, size=2)
    text = swap_words(text, np.random.default_rng(seeds[0]), 0.5 * strength, _LIGHT, Habits(spares=0.5))
    return join(_rebuilt(sentences(text), np.random.default_rng(seeds[1]), strength))


def _rebuilt(parts: list[Sentence], rng: Generator, strength: float) -> list[Sentence]:
    out: list[Sentence] = []
    lots = rng.random((len(parts), 5))
    for part, lot in zip(parts, lots.tolist(), strict=True):
        body = part.body
        for rebuild, draw, share in ((front, lot[0], 1.2), (split, lot[1], 1.0), (connect, lot[2], 0.3)):
            if draw < share * strength and part.n_words > 3:
                body = rebuild(body, rng) or body
        out.append(Sentence(body, part.gap))
        if len(out) > 1 and not out[-2].ends_paragraph:
            _with_neighbour(out, lot[3] < strength, lot[4] < 0.25 * strength, rng)
    return out


def _with_neighbour(out: list[Sentence], may_merge: bool, may_swap: bool, rng: Generator) -> None:
    """Merge the last two sentences, or let them change places."""
    first, second = out[-2:]
    merged = merge(first.body, second.body, rng) if may_merge else None
    if merged:
        out[-2:] = [Sentence(merged, second.gap)]
    elif may_swap and second.n_words > 5:
        out[-2:] = [Sentence(second.body, first.gap), Sentence(first.body, second.gap)]
