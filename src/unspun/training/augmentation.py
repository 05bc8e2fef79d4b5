"""Pairs as real pages hold them, made from labelled pairs.

Wrapped, cut, half replaced, and twins.

Almost every labelled pair covers its whole text, and most corpora hold one relation only. A model trained on them
as they are learns the corpus: its length, its topic. Variants break these links. Every function is pure;
what is drawn depends on the pair's id alone.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple
from zlib import crc32

import numpy as np
import pandas as pd

from unspun.io.labels import ORIGINAL, SPUN, STORY, TWIN
from unspun.training.everyday_twins import everyday_twins
from unspun.training.spinners import HONEST_TWINS, SPINNERS

_SENTENCE = re.compile(r"(?<=[.!?])[\"'”’)]*\s+|\n+")
# About as much text of its own as a page has beside a short story it took over.
WRAP_WORDS = 150
# A text with fewer sentences has no halves worth the name.
_MIN_SENTENCES = 6
AS_THEY_ARE = frozenset(
    [f"published_{name}" for name in "rewrites humanizers abstracts edits news round_trips".split()]
    + "iterated_paraphrases book_paraphrases rephrased_chains paper_paraphrases translated_pages flores_trips".split()
    + "dipper_essays web_paraphrases review_paraphrases abstract_rewrites".split()
    + "plain_tales entries_condensed entries_neutralised school_essays_rewritten learner_texts_by_models".split()
    + ["exam_texts_condensed"]
)
"""Datasets whose pairs get no variants: there are thousands, and variants of them cost recall on other datasets."""

MENUS = (
    "Home\nNews\nBusiness\nSport\nWeather\nContact",
    "Menu\nLatest\nWorld\nPolitics\nCulture\nOpinion\nVideos\nSubscribe\nLog in",
    "Skip to content\nFront page\nLocal\nObituaries\nClassifieds\nAbout us",
    "Search\nTopics\nScience\nTechnology\nHealth\nTravel\nArchive\nRSS",
)
FORMS = (
    "Leave a Reply\nYour email address will not be published. Required fields are marked *\n"
    "Comment\nName *\nEmail *\nWebsite\nSave my name, email, and website in this browser for the next time I comment.",
    "Post a comment\nYou must be logged in to post a comment.\nShare this:\nFacebook\nTwitter\nPrint",
    "Comments (3)\nSort by newest\nReport this comment\nWrite your comment here\nNickname\nSend",
    "Join the discussion\nSign in to comment\nBe the first to say what you think.\nTerms of use\nPrivacy policy",
)


class Draw(NamedTuple):
    """The chance of a variant, and sentences from outside the pair."""

    rng: random.Random
    own: Sequence[str]


def sentences(text: str) -> list[str]:
    """Return the sentences of a text, roughly: good enough to cut and to join.

    >>> sentences("Rain fell. It rose!  Nobody saw it?")
    ['Rain fell.', 'It rose!', 'Nobody saw it?']
    """
    return [part.strip() for part in _SENTENCE.split(text) if part.strip()]


def wrap(text: str, draw: Draw) -> str:
    """Return a page.

    A menu, text of the page's own before and after ``text``, and a comment form.

    Parameters
    ----------
    text : str
        The text.
    draw : Draw
        Chance, and the sentences of other texts.

    Returns
    -------
    str
        Paragraphs with an empty line between them.
    """
    before, after = _own_text(draw, WRAP_WORDS // 2), _own_text(draw, WRAP_WORDS // 2)
    return "\n\n".join([draw.rng.choice(MENUS), before, text, after, draw.rng.choice(FORMS)])


def cut(text: str, draw: Draw) -> str:
    """Return the beginning of a text, as a page that prints a story short.

    It is 40 to 70 % of the sentences.

    Parameters
    ----------
    text : str
        The text.
    draw : Draw
        Decides how much stays.

    Returns
    -------
    str
        Two sentences or more, where there are so many.
    """
    parts = sentences(text)
    return " ".join(parts[: max(2, round(len(parts) * draw.rng.uniform(0.4, 0.7)))])


def _own_text(draw: Draw, n_words: int) -> str:
    """Return drawn sentences of about ``n_words`` words."""
    chosen: list[str] = []
    while draw.own and _n_words(chosen) < n_words:
        chosen.append(draw.rng.choice(draw.own))
    return " ".join(chosen)


def _n_words(parts: Sequence[str]) -> int:
    return sum(part.count(" ") + 1 for part in parts)


# ------------------------------------------------------------------ pairs


def variants(pair: pd.Series) -> Iterator[tuple[str, str, str]]:
    """Yield the variants that fall to one pair: one in six is cut short, too.

    Pages that wrap a story in text of their own, or take over a part of it, are composed documents (see
    `unspun.training.composing`).

    Parameters
    ----------
    pair : Series
        With ``id``, ``source`` and ``suspect``.

    Yields
    ------
    variant, source, suspect : str
    """
    rng = random.Random(crc32(str(pair["id"]).encode()))
    source, suspect = str(pair["source"]), str(pair["suspect"])
    lots = rng.random(), rng.random(), rng.random()
    if lots[2] < 1 / 6 and min(len(sentences(source)), len(sentences(suspect))) >= _MIN_SENTENCES:
        yield "cut", source, cut(suspect, Draw(rng, ()))


def twins(pair: pd.Series, other: str) -> Iterator[tuple[str, str, str, str]]:
    """Yield honest pairs made of the source of a spun one.

    So no dataset has spun pairs only.

    Parameters
    ----------
    pair : Series
        A spun pair with ``id``, ``source`` and ``suspect``.
    other : str
        A text of the same dataset and another group.

    Yields
    ------
    relation, family, source, suspect : str
    """
    rng = random.Random(crc32(str(pair["id"]).encode()) + 1)
    source = str(pair["source"])
    lot = rng.random()
    own = sentences(other)
    if lot < 1 / 8:
        yield "independent", f"{TWIN}unrelated", source, other
    elif lot < 1 / 4:
        yield "copied", f"{TWIN}cut", source, cut(source, Draw(rng, own))
    elif lot < 3 / 8 and own:
        yield "copied", f"{TWIN}wrapped", source, wrap(cut(source, Draw(rng, own)), Draw(rng, own))


def spun_twin(pair: pd.Series) -> tuple[str, str, str] | None:
    """Return family, tool and text of an honest pair's source, spun.

    One of our own spinners spins it.

    So that no dataset has honest pairs only. None where the source is too short, or was left as it is.

    Parameters
    ----------
    pair : Series
        With ``id`` and ``source``.
    """
    source = str(pair["source"])
    if len(sentences(source)) < _MIN_SENTENCES:
        return None
    rng = np.random.default_rng(crc32(f"{pair['id']} spun".encode()))
    spinner = SPINNERS[int(rng.integers(len(SPINNERS)))]
    text = spinner.spin(source, rng, float(rng.uniform(0.25, 0.75)))
    return None if text == source else (f"{TWIN}{spinner.family}", f"unspun {spinner.name}", text)


def rival_twin(pair: pd.Series) -> tuple[str, str, str] | None:
    """Return family, tool and text of an independent pair's suspect, spun.

    One of our own spinners spins it.

    The pair stays independent: a sentence that both texts quote is altered in it, and that does not make one text
    spun from the other. None where the suspect was left as it is.

    Parameters
    ----------
    pair : Series
        With ``id`` and ``suspect``.
    """
    text = str(pair["suspect"])
    rng = np.random.default_rng(crc32(f"{pair['id']} rival".encode()))
    spinner = SPINNERS[int(rng.integers(len(SPINNERS)))]
    spun = spinner.spin(text, rng, float(rng.uniform(0.25, 0.75)))
    return None if spun == text else (f"{TWIN}rival", f"unspun {spinner.name}", spun)


def edited_twin(pair: pd.Series, other: str) -> tuple[str, str, str, str] | None:
    """Return relation, family, tool and text of a spun pair's source, edited.

    It is edited as people do; None where nothing changed.

    Parameters
    ----------
    pair : Series
        With ``id`` and ``source``.
    other : str
        A text of the same dataset and another group, which an update takes sentences from.

    Returns
    -------
    tuple of str or None
        Relation, family, tool and text.
    """
    source = str(pair["source"])
    rng = np.random.default_rng(crc32(f"{pair['id']} edited".encode()))
    twin = HONEST_TWINS[int(rng.integers(len(HONEST_TWINS)))]
    text = twin.edit(source, rng, float(rng.uniform(0.2, 0.9)))
    return None if text == source else (twin.relation, f"{TWIN}{twin.name}", f"unspun {twin.name}", text)


def expand(pairs: pd.DataFrame) -> pd.DataFrame:
    """Return the pairs with their variants and twins, in a fixed order.

    Parameters
    ----------
    pairs : DataFrame
        ``id``, ``source``, ``suspect``, ``relation``, ``family``, ``tool``, ``dataset`` and ``group`` (merged);
        and possibly ``judged``, false for pairs that are only trained on.

    Returns
    -------
    DataFrame
        The same columns and ``variant``: `STORY` for pairs that are not judged, which get no twins; those of the
        datasets `AS_THEY_ARE` get no variants either. Variants keep the id of their pair; twins get one of their own.
        Rows that borrow text from another group are of the pair's group: the borrowed text tells nothing about its own
        pair.
    """
    made: list[dict[str, object]] = []
    for (_, pair), other in zip(pairs.iterrows(), _others(pairs), strict=True):
        row: dict[str, object] = {
            **{str(name): value for name, value in pair.items()},
            "variant": ORIGINAL if pair.get("judged", True) else STORY,
        }
        made.append(row)
        if pair["dataset"] not in AS_THEY_ARE:
            made += [
                {**row, "variant": name, "source": source, "suspect": suspect}
                for name, source, suspect in variants(pair)
            ]
        # What is only trained on has both kinds of pairs as it is: twins of it bring nothing.
        if row["variant"] == ORIGINAL:
            made += [
                {**row, "id": f"{pair['id']}~{twin['family']}", "variant": "twin", **twin}
                for twin in (*_twins(pair, other), *everyday_twins(pair, other))
            ]
    return pd.DataFrame(made, columns=[*pairs.columns, "variant"])


def _twins(pair: pd.Series, other: str) -> Iterator[dict[str, object]]:
    """Yield what differs from the pair's own row in its twins: honest ones of spun pairs, a spun one of some others."""
    if pair["relation"] != SPUN:
        if crc32(f"{pair['id']} lot".encode()) % 4 and (spun := spun_twin(pair)):
            yield {"relation": SPUN, **dict(zip(("family", "tool", "suspect"), spun, strict=True))}
        if pair["relation"] == "independent" and (rival := rival_twin(pair)):
            yield dict(zip(("family", "tool", "suspect"), rival, strict=True))
        return
    for twin in twins(pair, other):
        yield dict(zip(("relation", "family", "source", "suspect"), twin, strict=True))
    if not crc32(f"{pair['id']} lot".encode()) % 4 and (edited := edited_twin(pair, other)):
        yield dict(zip(("relation", "family", "tool", "suspect"), edited, strict=True))


def _others(pairs: pd.DataFrame) -> list[str]:
    """Return for every pair a source of the same dataset and another group; empty where there is none."""
    rows = list(zip(pairs["group"], pairs["source"], strict=True))
    members: dict[str, list[int]] = {}
    for place, name in enumerate(pairs["dataset"]):
        members.setdefault(name, []).append(place)
    chosen = []
    for name, dataset, group in zip(pairs["id"], pairs["dataset"], pairs["group"], strict=True):
        places = members[dataset]
        start = crc32(f"{name} other".encode()) % len(places)
        turned = (rows[place] for place in places[start:] + places[:start])
        chosen.append(next((source for own, source in turned if own != group), ""))
    return chosen
