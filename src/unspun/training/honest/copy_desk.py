"""Do to a story what a copy desk does to words, quotations and roles."""

from __future__ import annotations

import re

from numpy.random import Generator

from unspun.training.spinners.places import copy_capitals

_STYLE_BOOK = """
approximately: about, in excess of: more than, over the course of: in, a total of:, a number of: several, the
majority of: most, due to the fact that: because, as a result of: because of, owing to: because of, in the wake
of: after, prior to: before, in advance of: before, subsequent to: after, upon: on, with regard to: about, in
relation to: about, concerning: about, regarding: about, in order to: to, so as to: to, is able to: can, are
able to: can, was able to: could, were able to: could, in the event that: if, despite the fact that: although,
at the present time: now, currently: now, at this point in time: now, on a daily basis: every day, in the near
future: soon, commented: said, stated: said, remarked: said, explained: said, noted: said, revealed: said,
claimed: said, announced: said, constructed: built, construct: build, purchased: bought, purchase: buy,
commenced: began, commence: begin, terminated: ended, assisted: helped, assistance: help, attempted: tried,
obtained: got, required: needed, requires: needs, require: need, additional: more, numerous: many,
sufficient: enough, utilised: used, utilized: used, utilise: use, individuals: people, residents: people,
youngsters: children, vehicles: cars, blaze: fire, injured: hurt, sustained: suffered, passed away: died,
deceased: dead, located in: in, situated in: in, whilst: while, amongst: among, towards: toward, therefore: so,
thus: so, nevertheless: still, approximately half: half, per annum: a year, accommodation: housing, employees:
staff, personnel: staff, members of staff: staff, wages: pay, remuneration: pay, regulations: rules,
legislation: laws, is set to: will, are set to: will, is due to: will, are due to: will, is expected to: will,
are expected to: will, is likely to: may, are likely to: may, said that: said, added that: added, believes that:
thinks, ahead of: before, as well as: and, such as: like, more than: over, the government: ministers, the
company: the firm, the firm: the company, the report: the study, the study: the report, has been: was, have
been: were, will be able to: can, pupils: students
"""
STYLE_BOOK = {
    old.strip(): new.strip()
    for old, _, new in (entry.replace("\n", " ").partition(":") for entry in _STYLE_BOOK.split(","))
}
"""What a house writes instead: as a rule the shorter and commoner word, in the same place throughout a text."""

_NAME = r"(?:(?:Mr|Mrs|Ms|Miss|Dr|Sir|Prof|Chief|Mayor|Judge)\.? )?[A-Z][\w'’-]+(?: [A-Z][\w'’-]+){0,3}"
_SAID = r"(?P<verb>said|says|added|told reporters)"
_QUOTE_FIRST = re.compile(
    rf"^(?P<open>[\"“])(?P<what>[^\"“”\n]{{15,400}}),(?P<close>[\"”]) "
    rf"(?:{_SAID} (?P<name>{_NAME}|he|she)|(?P<name2>{_NAME}|he|she) (?P<verb2>said|says|added))\.(?=\s|$)",
    re.MULTILINE,
)
_QUOTE_LAST = re.compile(
    rf"^(?P<name>{_NAME}|He|She) {_SAID}[:,] (?P<open>[\"“])(?P<what>[^\"“”\n]{{15,400}})\."
    r"(?P<close>[\"”])(?=\s|$)",
    re.MULTILINE,
)
_WHO = re.compile(
    rf"(?P<name>{_NAME}), (?P<article>a|an|the) (?P<who>[a-z][\w' -]{{3,40}}), (?P<verb>said|says|told|added)\b"
)
_TWO_SENTENCES = re.compile(
    r"^(?P<open>[\"“])(?P<first>[^\"“”.\n]{12,200})\. (?P<second>[A-Z][^\"“”\n]{8,300}),(?P<close>[\"”]) "
    r"(?P<who>[^\"“”.\n]{3,80})\.(?=\s|$)",
    re.MULTILINE,
)


def style_book(text: str, rng: Generator, strength: float) -> str:
    """Return the text in the words of a house with some rules of the style book.

    Parameters
    ----------
    text : str
        Any text.
    rng : Generator
        Draws the rules that the house has.
    strength : float
        Share of the rules that it has, in [0, 1].

    Returns
    -------
    str

    Examples
    --------
    >>> import numpy as np
    >>> style_book("Approximately 40 homes were constructed, he stated.", np.random.default_rng(0), 1.0)
    'About 40 homes were built, he said.'
    """
    lots = rng.random(len(STYLE_BOOK)).tolist()
    kept = {old: new for (old, new), lot in zip(STYLE_BOOK.items(), lots, strict=True) if lot < strength}
    if not kept:
        return text
    longest = sorted(kept, key=len, reverse=True)
    rules = re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, longest))})(?![\w-])(?P<gap> ?)", re.IGNORECASE)
    # What people said stays as they said it.
    parts = re.split(r"([\"“][^\"“”\n]*[\"”])", text)
    return "".join(part if place % 2 else rules.sub(lambda m: _by(kept, m), part) for place, part in enumerate(parts))


def _by(rules: dict[str, str], match: re.Match[str]) -> str:
    old = match[0].rstrip(" ")
    new = rules[old.lower()]
    return copy_capitals(old, new) + match["gap"] if new else ""


def turned_quotations(text: str, rng: Generator, strength: float) -> str:
    """Return the text with speakers before quotations, not after, or the reverse.

    Some quotations of two sentences are broken by who speaks. No word of a quotation changes.

    Parameters
    ----------
    text : str
        A story with quotations at the head of paragraphs.
    rng : Generator
        All that is left to chance.
    strength : float
        Share of such quotations that change, in [0, 1].

    Returns
    -------
    str

    Examples
    --------
    >>> import numpy as np
    >>> turned_quotations('"Nobody saw it coming," said Orla Finch.', np.random.default_rng(2), 1.0)
    'Orla Finch said: "Nobody saw it coming."'
    """

    def broken(match: re.Match[str]) -> str:
        quote, end = match["open"], match["close"]
        return f"{quote}{match['first']},{end} {match['who']}. {quote}{match['second']}.{end}"

    def first(match: re.Match[str]) -> str:
        name, verb = match["name"] or match["name2"], match["verb"] or match["verb2"]
        return f"{name[0].upper()}{name[1:]} {verb}: {match['open']}{match['what']}.{match['close']}"

    def last(match: re.Match[str]) -> str:
        name = match["name"].lower() if match["name"] in ("He", "She") else match["name"]
        return f"{match['open']}{match['what']},{match['close']} {name} {match['verb']}."

    # What was turned round is not turned back.
    rules = ((_TWO_SENTENCES, broken), (_QUOTE_FIRST, first) if rng.random() < 0.5 else (_QUOTE_LAST, last))
    for rule, new in rules:
        text = rule.sub(lambda m, new=new: new(m) if rng.random() < strength else m[0], text)  # type: ignore[misc]
    return text


def moved_roles(text: str, rng: Generator, strength: float) -> str:
    """Return the text with what someone is before the name instead of after it.

    Parameters
    ----------
    text : str
        A story.
    rng : Generator
        All that is left to chance.
    strength : float
        Share of such places that change, in [0, 1].

    Returns
    -------
    str

    Examples
    --------
    >>> import numpy as np
    >>> moved_roles("Orla Finch, the harbour master, said it froze.", np.random.default_rng(0), 1.0)
    'The harbour master, Orla Finch, said it froze.'
    """

    def moved(match: re.Match[str]) -> str:
        if rng.random() >= strength:
            return match[0]
        opens = match.start() == 0 or text[match.start() - 1] == "\n" or text[match.start() - 2] in '.!?”"'
        article = match["article"].capitalize() if opens else match["article"]
        return f"{article} {match['who']}, {match['name']}, {match['verb']}"

    return _WHO.sub(moved, text)
