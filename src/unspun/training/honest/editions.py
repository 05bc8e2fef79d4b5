"""Make a later edition of a news story as a newsroom does.

It changes the lead, paragraphs, figures, quotations and style. Words are not exchanged for their like: what changes is
what an editor changes. Sentences that stay keep their words.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
from numpy.random import Generator

from unspun.training.honest.anonymising import names
from unspun.training.honest.copy_desk import moved_roles, style_book, turned_quotations
from unspun.training.honest.story_updates import other_counts, other_days, other_endings
from unspun.training.honest.text_changes import Change, changed
from unspun.training.spinners.honest import update
from unspun.training.spinners.house_style import house_style, tighten
from unspun.training.spinners.sentence_pieces import Sentence, join, lowered, raised, runs, sentences

Edit = Callable[[str, Generator, float], str]
"""``(text, rng, strength) -> text``: pure; strength in [0, 1] is about the share that is changed."""

_DAY = "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday"
_SPEECH = "said|says|told reporters|announced|confirmed|reported"
_SAID_LAST = re.compile(
    rf"^(?P<what>[^\"“”]{{30,}}), (?P<who>[^,\"“”]{{3,60}}) (?P<verb>{_SPEECH})(?P<when> on (?:{_DAY}))?\.$"
)
_SAID_FIRST = re.compile(
    rf"^(?P<who>(?:The )?[A-Z][^,\"“”]{{2,60}}?) (?P<verb>{_SPEECH})(?P<when> on (?:{_DAY}))? (?:that )?"
    r"(?P<what>(?:the|a|an|there|more|at least|about|no|two|three) [^\"“”]{25,})\.$"
)
_WHEN = re.compile(rf" on (?:{_DAY})(?: (?:morning|afternoon|evening|night))?(?=[ ,.])")
_ASIDE = re.compile(r", (?:who|which|where|whose|a|an|the)\b[^,.;\"“”]{8,90},(?= [a-z])")
_TAIL = re.compile(r",? (?:while|after|although|though|amid|despite) [^,;\"“”]{12,}(?=\.$)")
_JOINED = re.compile(
    r"^(?P<first>[^\"“”]{40,}), (?:and|but) (?P<second>(?:the|it|he|she|they|a|an|there) [^\"“”]{25,})$"
)
_QUOTED = re.compile(r"[\"“]([^\"“”\n]{20,400})[\"”]")
_VERB = re.compile(r"(?<=[,”\"] )said(?= [A-Z])|(?<=[,”\"] (?:he|it) )said\b|(?<=[,”\"] she )said\b")
_VERBS = ("said", "says", "added", "told reporters", "said in a statement", "told the paper")
_KICKERS = ("UPDATE: ", "Latest: ", "Update 1 - ", "Exclusive: ", "Corrected: ")
_CLAUSE = re.compile(r"(?:,| as| after| amid| but|:| -| –) ")
_SMALL = frozenset("a an and as at by for from in of on or over the to up with".split())


def new_headline(text: str, rng: Generator, strength: float) -> str:
    r"""Return the text with another headline, where the first line is one.

    The headline is shortened, turned round at its colon, capitalised in another way, or marked as an update.

    Parameters
    ----------
    text : str
        A story; its headline is a first line of at most 16 words without a full stop.
    rng : Generator
        All that is left to chance.
    strength : float
        Chance that the headline changes, in [0, 1].

    Returns
    -------
    str

    Examples
    --------
    >>> new_headline("Ferry halted: engine failed\n\nThe ferry stopped.", np.random.default_rng(2), 1.0)
    'Engine failed: ferry halted\n\nThe ferry stopped.'
    """
    first, mark, rest = text.partition("\n")
    if not mark or len(first.split()) > 16 or first.rstrip().endswith((".", "!", "”", '"')) or rng.random() >= strength:
        return text
    way = int(rng.integers(4))
    parts = _CLAUSE.split(first, maxsplit=1)
    if way == 0 and len(parts) == 2 and len(parts[0].split()) >= 3:
        return parts[0] + mark + rest
    if way <= 1 and ": " in first:
        before, after = first.split(": ", 1)
        return f"{raised(after)}: {lowered(before)}{mark}{rest}"
    if way <= 2:
        return _other_capitals(first) + mark + rest
    return _KICKERS[int(rng.integers(len(_KICKERS)))] + first + mark + rest


def _other_capitals(line: str) -> str:
    """Return a headline with capitals on every longer word, or with those of names alone."""
    words = line.split(" ")
    if sum(word[:1].islower() for word in words) > 2:
        return " ".join(word if word in _SMALL else raised(word) for word in words)
    kept = {
        word
        for start, stop in names(f"It was {lowered(line)}.")
        for word in f"It was {lowered(line)}."[start:stop].split()
    }
    return " ".join([words[0], *(word if word in kept or word.isupper() else word.lower() for word in words[1:])])


def new_lead(text: str, rng: Generator, strength: float) -> str:
    r"""Return the text with its first sentence rewritten by rules.

    Who said it comes first or last, the day goes, an aside or a last clause goes, two clauses become two sentences, or
    a later sentence comes to the top.

    Parameters
    ----------
    text : str
        A story.
    rng : Generator
        All that is left to chance.
    strength : float
        Chance of each rule, in [0, 1].

    Returns
    -------
    str

    Examples
    --------
    >>> text = "The bridge will stay closed until the spring, the council said on Monday.\n\nIt was built in 1931."
    >>> new_lead(text, np.random.default_rng(1), 1.0).split("\n")[0]
    'The council said on Monday that the bridge will stay closed until the spring.'
    """
    parts = sentences(text)
    lead = next((place for place, part in enumerate(parts) if part.n_words > 8 and part.body.endswith(".")), None)
    if lead is None:
        return text
    body = parts[lead].body
    for rule, lot in zip(_RULES, rng.random(len(_RULES)).tolist(), strict=True):
        body = rule(body) if lot < strength * 0.6 else body
    parts[lead] = Sentence(body, parts[lead].gap)
    if rng.random() < 0.3 * strength:
        return _promoted(parts, lead, rng)
    return join(parts)


def _said_first(sentence: str) -> str:
    match = _SAID_LAST.match(sentence)
    if not match:
        return sentence
    return f"{raised(match['who'])} {match['verb']}{match['when'] or ''} that {lowered(match['what'])}."


def _said_last(sentence: str) -> str:
    match = _SAID_FIRST.match(sentence)
    if not match:
        return sentence
    return f"{raised(match['what'])}, {lowered(match['who'])} {match['verb']}{match['when'] or ''}."


def _turned(sentence: str) -> str:
    turned = _said_first(sentence)
    return turned if turned != sentence else _said_last(sentence)


def _without_day(sentence: str) -> str:
    return _WHEN.sub("", sentence, count=1)


def _without_aside(sentence: str) -> str:
    return _ASIDE.sub("", sentence, count=1)


def _without_tail(sentence: str) -> str:
    short = _TAIL.sub("", sentence, count=1)
    return short if len(short.split()) >= 9 else sentence


def _in_two(sentence: str) -> str:
    match = _JOINED.match(sentence)
    return f"{match['first']}. {raised(match['second'])}" if match else sentence


_RULES: tuple[Callable[[str], str], ...] = (_without_aside, _in_two, _turned, _without_day, _without_tail)


def _promoted(parts: list[Sentence], lead: int, rng: Generator) -> str:
    """Move a later sentence without a pronoun at its head before the lead."""
    fit = [
        place
        for place, part in enumerate(parts)
        if place > lead
        and 9 <= part.n_words <= 35
        and not re.match(
            r"(?:He|She|It|They|This|That|But|And|Those|However|Meanwhile|Also|Then|His|Her|Their)\b|[\"“]", part.body
        )
    ]
    if not fit:
        return join(parts)
    chosen = parts.pop(fit[int(rng.integers(len(fit)))])
    return join([*parts[:lead], Sentence(chosen.body, "\n\n" if "\n\n" in join(parts) else "\n"), *parts[lead:]])


def moved_paragraphs(text: str, rng: Generator, strength: float) -> str:
    """Return the text with paragraphs below the second in another order.

    Some of them are gone.

    Parameters
    ----------
    text : str
        A story.
    rng : Generator
        All that is left to chance.
    strength : float
        About the share of paragraphs that move or go, in [0, 1].

    Returns
    -------
    str
    """
    paragraphs = [part.rstrip("\n") for part in runs(text)]
    if len(paragraphs) < 5:
        return text
    gap = "\n\n" if "\n\n" in text else "\n"
    head, body = paragraphs[:2], paragraphs[2:]
    for _ in range(max(1, round(0.4 * strength * len(body)))):
        chosen = body.pop(int(rng.integers(len(body))))
        if len(body) < 2 or rng.random() < 0.6:
            body.insert(int(rng.integers(len(body) + 1)), chosen)
    return gap.join([*head, *body])


def other_quotations(text: str, rng: Generator, strength: float, other: str = "") -> str:
    """Return the text with some quotations exchanged for others.

    Some are cut to their first sentence.

    Parameters
    ----------
    text : str
        A story.
    rng : Generator
        All that is left to chance.
    strength : float
        About the share of quotations that change, in [0, 1].
    other : str
        A text whose quotations come in; without one, quotations are only cut.

    Returns
    -------
    str
    """
    fresh = [match[1] for match in _QUOTED.finditer(other)]
    changes: list[Change] = []
    for match in _QUOTED.finditer(text):
        if rng.random() >= strength:
            continue
        new = match[1]
        if fresh and rng.random() < 0.6:
            new = _ended_as(fresh[int(rng.integers(len(fresh)))], new)
        elif ". " in new:
            new = _ended_as(new.split(". ")[0], new)
        changes.append((match.start(1), match.end(1), new))
    return changed(text, changes)


def _ended_as(quotation: str, old: str) -> str:
    """Return a quotation with the mark at its end that another has."""
    mark = old[-1] if old[-1] in ".,!?" else ""
    return quotation.rstrip(".,!?") + mark


def attributions(text: str, rng: Generator, strength: float) -> str:
    """Return the text with other verbs of speech beside some quotations.

    Parameters
    ----------
    text : str
        A story.
    rng : Generator
        All that is left to chance.
    strength : float
        About the share of quotations whose verb changes, in [0, 1].

    Returns
    -------
    str

    Examples
    --------
    >>> attributions('"It froze," she said.', np.random.default_rng(1), 1.0)
    '"It froze," she added.'
    """

    def verb(match: re.Match[str]) -> str:
        # What needs no name after it may stand before one only if it is a single word.
        fit = _VERBS[:3] if text[match.end() : match.end() + 2].strip() else _VERBS
        return fit[int(rng.integers(len(fit)))] if rng.random() < strength else match[0]

    return _VERB.sub(verb, text)


def titles(text: str, rng: Generator, strength: float) -> str:
    """Return the text with titles put before surnames, or taken from them.

    They are put before surnames that stand alone.

    Parameters
    ----------
    text : str
        A story.
    rng : Generator
        Draws the titles of people, one each.
    strength : float
        Chance that anything changes, in [0, 1].

    Returns
    -------
    str

    Examples
    --------
    >>> titles("Mr Finch left. Later Mr Finch wrote.", np.random.default_rng(0), 1.0)
    'Finch left. Later Finch wrote.'
    """
    if rng.random() >= strength:
        return text
    if re.search(r"\b(?:Mr|Mrs|Ms)\.? [A-Z]", text):
        return re.sub(r"\b(?:Mr|Mrs|Ms)\.? (?=[A-Z])", "", text)
    spans = names(text)
    full = {text[start:stop].split()[1] for start, stop in spans if len(text[start:stop].split()) == 2}
    known = {name: ("Mr", "Ms")[int(rng.integers(2))] for name in sorted(full)}
    # A headline has no titles.
    body = text.find("\n") if len(text.partition("\n")[0].split()) <= 16 else 0
    alone = ((start, text[start:stop]) for start, stop in spans if start >= body and text[start:stop] in known)
    return changed(text, ((start, start, f"{known[name]} ") for start, name in alone))


def later_edition(text: str, rng: Generator, strength: float, other: str = "") -> str:
    """Return a later edition of a story.

    It is some of what a newsroom does between two editions, seldom all of it.

    Parameters
    ----------
    text : str
        The early edition.
    rng : Generator
        All that is left to chance.
    strength : float
        How much the edition changes, in [0, 1].
    other : str
        Another story, from which sentences and quotations come in.

    Returns
    -------
    str
    """
    steps: tuple[tuple[Edit, float], ...] = (
        (new_headline, 0.6),
        (lambda text, rng, strength: other_quotations(text, rng, 0.6 * strength, other), 0.4),
        (lambda text, rng, strength: other_endings(text, rng, 0.8 * strength, other), 0.7),
        (other_counts, 0.5),
        (other_days, 0.6),
        (attributions, 0.4),
        (turned_quotations, 0.5),
        (moved_roles, 0.4),
        (lambda text, rng, strength: update(text, rng, 0.6 * strength, other), 0.7),
        (moved_paragraphs, 0.5),
        (new_lead, 0.8),
        (titles, 0.25),
        (house_style, 0.3),
        (style_book, 0.4),
        (tighten, 0.3),
    )
    lots, seeds = rng.random(len(steps)).tolist(), rng.integers(2**62, size=len(steps)).tolist()
    for (step, chance), lot, seed in zip(steps, lots, seeds, strict=True):
        if lot < chance:
            text = step(text, np.random.default_rng(seed), strength)
    return text


RELATION, FAMILY = "edited", "edition"
"""What an early and a later edition are to one another."""
