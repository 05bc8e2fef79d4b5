"""Honest twins.

What people do to a text that they take over, update or edit, with nothing machine-made in it.
"""

from __future__ import annotations

import re

import numpy as np
from numpy.random import Generator

from unspun.text.lexicon import SYNONYM
from unspun.training.spinners.house_style import tighten
from unspun.training.spinners.neighbours import Taste
from unspun.training.spinners.sentence_pieces import Sentence, join, runs, sentences
from unspun.training.spinners.swappers import Habits, swap_words

_CAREFUL = Taste(SYNONYM, commonness=0.5, sense=2.0, closeness=8.0, floor=3.5, shift=(-1.0, 2.0), phrases=False)

NEWS_LINES = (
    "This story has been updated.",
    "More details are expected later in the day.",
    "No one was available for comment on the weekend.",
    "An earlier version of this article gave the wrong figure.",
    "Both sides are to meet again next week.",
    "The authorities have not said when a decision will be made.",
    "It was not clear at first how many people were affected.",
    "Officials confirmed the news late in the evening.",
    "A hearing has been set for next month.",
    "The figures could not be checked independently.",
    "Witnesses described long queues and a good deal of confusion.",
    "A statement is due in the morning.",
)
"""Sentences of our own that reporters add to many stories."""
_NUMBER = re.compile(r"(?<![\w.,:£$€-])(\d{1,3}(?:,\d{3})+|\d+)(?![\w:%-]|[.,]\d)")


def cut(text: str, rng: Generator, strength: float) -> str:
    """Return the text without its end, or without some paragraphs in the middle.

    ``strength`` is about the share of words that goes; the first paragraph stays, and nothing that stays is changed.

    Parameters
    ----------
    text : str
        Any text.
    rng : Generator
        Decides what goes.
    strength : float
        About the share of the text that goes, in [0, 1].

    Returns
    -------
    str
        What is left; the text itself where it is too short to cut.
    """
    parts: list[str] = runs(text)
    if len(parts) < 4:
        parts = [s.body + s.gap for s in sentences(text)]
    n_out = round(strength * len(parts))
    if len(parts) < 2 or not n_out:
        return text
    n_out = min(n_out, len(parts) - 1)
    if rng.random() < 0.6:
        return "".join(parts[:-n_out])
    out = set((1 + rng.permutation(len(parts) - 1)[:n_out]).tolist())
    return "".join(part for i, part in enumerate(parts) if i not in out)


def update(text: str, rng: Generator, strength: float, other: str = "") -> str:
    """Return the text as a later version of the story.

    New figures, sentences gone, sentences added, a paragraph moved.

    Parameters
    ----------
    text : str
        The earlier version.
    rng : Generator
        All that is left to chance.
    strength : float
        About the share of sentences that change.
    other : str
        A text whose sentences may be added, as those of another story are; without one, `NEWS_LINES`.

    Returns
    -------
    str
        The later version; the text itself where it has fewer than three sentences.
    """
    parts = sentences(text)
    if len(parts) < 3:
        return text
    lots = rng.random((len(parts), 3))
    fresh = [s.body for s in sentences(other) if 4 <= s.n_words <= 40] or list(NEWS_LINES)
    out = parts[:1]
    for part, lot in zip(parts[1:], lots[1:].tolist(), strict=True):
        if lot[0] < 0.4 * strength:
            # The gap of a sentence that goes is kept where it ended a paragraph.
            out[-1] = Sentence(out[-1].body, max(out[-1].gap, part.gap, key=lambda gap: gap.count("\n")))
            continue
        out.append(
            Sentence(
                _NUMBER.sub(lambda m: _other_number(m[0], rng), part.body) if lot[1] < strength else part.body, part.gap
            )
        )
        if lot[2] < 0.4 * strength:
            body, gap = fresh[int(rng.integers(len(fresh)))], out[-1].gap
            out[-1:] = [Sentence(out[-1].body, " "), Sentence(body, gap)]
    return _moved(join(out), rng) if rng.random() < strength else join(out)


def _other_number(number: str, rng: Generator) -> str:
    """Return a number near another, written alike; years stay."""
    value = int(number.replace(",", ""))
    if 1900 <= value <= 2100 and "," not in number:
        return number
    changed = max(1, round(value * float(rng.uniform(0.6, 1.7)))) + 1
    return f"{changed:,}" if "," in number else str(changed)


def _moved(text: str, rng: Generator) -> str:
    """Move one paragraph, not the first, to another place."""
    parts = runs(text)
    if len(parts) < 4:
        return text
    ending = parts[-1][len(parts[-1].rstrip("\n")) :]
    bodies = [part.rstrip("\n") for part in parts]
    gaps = [part[len(body) :] for part, body in zip(parts[:-1], bodies, strict=False)] + [ending]
    bodies.insert(int(rng.integers(1, len(bodies))), bodies.pop(int(rng.integers(1, len(bodies)))))
    return "".join(body + gap for body, gap in zip(bodies, gaps, strict=True))


def copyedit(text: str, rng: Generator, strength: float) -> str:
    """Return the text as an editor leaves it.

    Padding trimmed, and one word in a hundred changed at most.

    What is changed is mostly the commoner word in its first sense. Quotations keep their words.

    Parameters
    ----------
    text : str
        Any text.
    rng : Generator
        All that is left to chance.
    strength : float
        Share of the padding that goes, in [0, 1].

    Returns
    -------
    str
        The text edited.
    """
    seeds = rng.integers(2**62, size=2)
    text = swap_words(text, np.random.default_rng(seeds[0]), 0.02 * min(1.0, strength), _CAREFUL, Habits(spares=1.0))
    return tighten(text, np.random.default_rng(seeds[1]), strength)
