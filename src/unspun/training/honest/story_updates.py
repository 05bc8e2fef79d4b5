"""Bring a story up to date: other counts, other days, other ends of sentences."""

from __future__ import annotations

import re

from numpy.random import Generator

from unspun.training.honest.text_changes import Change, changed
from unspun.training.spinners.places import copy_capitals
from unspun.training.spinners.sentence_pieces import Sentence, join, sentences

_NUMBER_WORDS = (
    "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen "
    "nineteen twenty thirty forty fifty sixty seventy eighty ninety"
).split()
_WORDED = re.compile(rf"\b(?:{'|'.join(_NUMBER_WORDS)})\b(?!-| million| billion| hundred| thousand)", re.IGNORECASE)
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_DAY = re.compile(rf"\b[Oo]n (?:{'|'.join(_DAYS)})\b(?: (?:morning|afternoon|evening|night))?(?! \d)")
_TODAY = re.compile(r"\b(?:yesterday|today|last night|this morning|tonight)\b")
_WHENS = ("yesterday", "last night", "today", "this morning", "late on {day}", "on {day}", "early on {day}")
_JOINT = re.compile(
    r"(?<=[\w”\"]),? (?P<word>after|because|when|while|but|and|which|who|where|with|for|by|in|since|before|until) "
    r"(?=[\w “”\"'’$£€,.-]{18,}$)"
)


def other_days(text: str, rng: Generator, strength: float) -> str:
    """Return the text as of another day of the week.

    Parameters
    ----------
    text : str
        A story.
    rng : Generator
        Draws the days.
    strength : float
        Share of the days that change, in [0, 1].

    Returns
    -------
    str

    Examples
    --------
    >>> import numpy as np
    >>> other_days("It closed on Monday.", np.random.default_rng(2), 1.0)
    'It closed this morning.'
    """
    day = _DAYS[int(rng.integers(7))]

    def other(match: re.Match[str]) -> str:
        if rng.random() >= strength:
            return match[0]
        return copy_capitals(match[0], _WHENS[int(rng.integers(len(_WHENS)))]).replace("{day}", day)

    return _TODAY.sub(other, _DAY.sub(other, text))


def other_counts(text: str, rng: Generator, strength: float) -> str:
    """Return the text with other numbers where they are written as words.

    Parameters
    ----------
    text : str
        A story.
    rng : Generator
        All that is left to chance.
    strength : float
        Share of such numbers that change, in [0, 1].

    Returns
    -------
    str

    Examples
    --------
    >>> import numpy as np
    >>> other_counts("Three barges sank.", np.random.default_rng(0), 1.0)
    'Six barges sank.'
    """

    def other(match: re.Match[str]) -> str:
        if rng.random() >= strength:
            return match[0]
        place = _NUMBER_WORDS.index(match[0].lower())
        low, high = max(0, place - 3), min(len(_NUMBER_WORDS), place + 7)
        return copy_capitals(match[0], _NUMBER_WORDS[int(rng.integers(low, high))])

    return _WORDED.sub(other, text)


def other_endings(text: str, rng: Generator, strength: float, other: str = "") -> str:
    """Return the text with other ends of some sentences, from another story.

    Reporters who learn more keep the head of a sentence and write a new end.

    Parameters
    ----------
    text : str
        A story.
    rng : Generator
        All that is left to chance.
    strength : float
        Share of sentences that change, in [0, 1].
    other : str
        Another story; without one, sentences only end earlier.

    Returns
    -------
    str

    Examples
    --------
    >>> import numpy as np
    >>> text = "The ferry was halted for two days after its engine failed in the night."
    >>> other_endings(text, np.random.default_rng(0), 1.0, "The mill was shut last spring after the owners fell out.")
    'The ferry was halted for two days after the owners fell out.'
    """
    ends: dict[str, list[str]] = {}
    for sentence in sentences(other):
        for match in _joints(sentence.body):
            ends.setdefault(match["word"], []).append(sentence.body[match.end() :])
    return join([_ended(part, rng, strength, ends) for part in sentences(text)])


def _joints(body: str) -> list[re.Match[str]]:
    """Return where a sentence of plain statement may go on in another way, with five words before it."""
    if not body.endswith(".") or any(mark in body for mark in '"“”'):
        return []
    return [match for match in _JOINT.finditer(body) if len(body[: match.start()].split()) >= 5]


def _ended(part: Sentence, rng: Generator, strength: float, ends: dict[str, list[str]]) -> Sentence:
    joints = _joints(part.body)
    if not joints or rng.random() >= strength:
        return part
    joint = joints[int(rng.integers(len(joints)))]
    fresh = ends.get(joint["word"], [])
    if fresh and rng.random() < 0.75:
        change: Change = (joint.end(), len(part.body), fresh[int(rng.integers(len(fresh)))])
    elif joint["word"] not in ("by", "for", "in", "with"):
        change = (joint.start(), len(part.body), ".")
    else:
        return part
    return Sentence(changed(part.body, [change]), part.gap)
