"""Tell whether two words are one word, spelled in two ways."""

from __future__ import annotations

import re
from functools import lru_cache

_RULES = (
    (re.compile(r"(?<=[a-z]{2})our(?=s?$|ed$|ing$|ite|able|ful|less|ist|y|er|hood)"), "or"),
    (re.compile(r"(?<=[a-z]{2})is(?=e$|es$|ed$|er|ing$|ation|able)"), "iz"),
    (re.compile(r"(?<=al)ys(?=e|ing)"), "yz"),
    (re.compile(r"(?<=[btv])re(?=s?$|d$)"), "er"),
    (re.compile(r"ogue(?=s?$)"), "og"),
    (re.compile(r"(?<=[a-z])ence(?=s?$|less|d$)"), "ense"),
    (re.compile(r"(?<=[a-z]{2})([lpt])\1(?=ed$|ing|er|or|ous|ery|ment|ful)"), r"\1"),
    (re.compile(r"(?<=[a-z])l(?=ful|ment)"), "ll"),
    (re.compile(r"ae|oe"), "e"),
    (re.compile(r"(?<=gram)me(?=s?$)"), ""),
    (re.compile(r"(?<=dg)e(?=ment)|(?<=ag)e(?=ing)"), ""),
    (re.compile(r"ice(?=[sd]?$)|icing$"), lambda found: found[0].replace("c", "s")),
)
"""What British words are written as in America, one rule after another: both words are led to one form."""
_PAIRS = (
    "grey gray, tyre tire, plough plow, cheque check, sceptic skeptic, sceptical skeptical, aluminium aluminum, mould "
    "mold, jewellery jewelry, pyjamas pajamas, manoeuvre maneuver, kerb curb, draught draft, cosy cozy, moustache "
    "mustache, axe ax, sulphur sulfur, whisky whiskey, yoghurt yogurt, fulfil fulfill, enrol enroll, instalment "
    "installment, skilful skillful, wilful willful, storey story, artefact artifact, doughnut "
    "donut, speciality specialty"
)
_AMERICAN = dict(pair.split() for pair in _PAIRS.split(", "))
_SHORTEST = 4
"""Letters below which the rules would make one of too many words (`our`, `or`)."""


def spelled_alike(word: str, other: str) -> bool:
    """Return whether two words are one, spelled in two ways.

    By the rules of two countries, or without its apostrophe.

    Parameters
    ----------
    word, other : str
        Lower-case words.

    Returns
    -------
    bool

    Examples
    --------
    >>> spelled_alike("colour", "color"), spelled_alike("realised", "realized"), spelled_alike("grey", "gray")
    (True, True, True)
    >>> spelled_alike("four", "for"), spelled_alike("metre", "matter")
    (False, False)
    """
    if "'" in word + other and word.replace("'", "") == other.replace("'", ""):
        return True
    return min(len(word), len(other)) >= _SHORTEST - 1 and _american(word) == _american(other)


@lru_cache(maxsize=2**14)
def _american(word: str) -> str:
    if word in _AMERICAN or word[:-1] in _AMERICAN:
        return _AMERICAN.get(word) or _AMERICAN[word[:-1]] + word[-1]
    if len(word) <= _SHORTEST:
        return word
    for pattern, new in _RULES:
        word = pattern.sub(new, word)
    return word
