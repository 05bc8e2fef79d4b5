"""Tell boilerplate from text, by the phrases that it is known by.

Boilerplate is menus, comment forms, share bars.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from unspun.text.boilerplate_phrases import FORM_PHRASES, LABEL_PHRASES
from unspun.text.lexicon import load_lexicon
from unspun.text.token_text import BoolArray, IntArray

BOILERPLATE_PHRASES: tuple[str, ...] = FORM_PHRASES + LABEL_PHRASES
"""Lower-case phrases, one of which is in every line that `is_boilerplate` knows: a quick look before the close one."""

MAX_FORM_WORDS = 40
MAX_LABEL_WORDS = 6
# "Sources: this, that" names where a story was taken from, and can be long; a sentence would end in a full stop.
MAX_SOURCES_WORDS = 12
_APOSTROPHE = str.maketrans("’‘ʼ", "'''")


def is_boilerplate(line: str) -> bool:
    """Tell whether a line of text is boilerplate.

    Parameters
    ----------
    line : str
        One line or sentence, in any case.

    Returns
    -------
    bool
        True for forms and notices of at most `MAX_FORM_WORDS` words, and for buttons and headings of at most
        `MAX_LABEL_WORDS`; False for everything else, an empty line among it.

    Examples
    --------
    >>> is_boilerplate("Your email address will not be published. Required fields are marked *")
    True
    >>> is_boilerplate("Related articles"), is_boilerplate("Sources: the Herald, the Courier")
    (True, True)

    Sentences that only use the words of a form stay:

    >>> is_boilerplate("The regulator asked why related articles were shown beside the harbour master's obituary.")
    False
    """
    lowered = line.lower().translate(_APOSTROPHE)
    n_words = lowered.count(" ") + 1
    if n_words > MAX_FORM_WORDS:
        return False
    if n_words <= MAX_LABEL_WORDS and any(phrase in lowered for phrase in LABEL_PHRASES):
        return True
    if n_words <= MAX_SOURCES_WORDS and lowered.lstrip().startswith("sources:") and not lowered.endswith("."):
        return True
    return any(phrase in lowered for phrase in FORM_PHRASES)


def boilerplate_sentences(normal: str, ids: IntArray, starts: IntArray, ends: IntArray) -> BoolArray:
    r"""Return which sentences of a text are boilerplate, bool (s,).

    They are looked at closer only where a phrase of boilerplate may occur.

    Parameters
    ----------
    normal : str
        The folded text.
    ids : int32 (n,)
        Vocabulary ids of its words.
    starts, ends : int32 (s,)
        Where its sentences begin and end, in code points.

    Returns
    -------
    bool (s,)
        An entry a sentence.

    Examples
    --------
    >>> text = "It sank.\nLeave a reply"
    >>> ids = load_lexicon().lookup(["it", "sank", "leave", "a", "reply"])
    >>> boilerplate_sentences(text.lower(), ids, np.array([0, 9]), np.array([7, 22])).tolist()
    [False, True]
    """
    triggers = _triggers()
    found = triggers.phrases.keys() & ids[triggers.of_row[load_lexicon().row(ids)]].tolist()
    if not any(phrase in normal for word in found for phrase in triggers.phrases[word]):
        return np.zeros(len(starts), np.bool_)
    sentences = zip(starts.tolist(), ends.tolist(), strict=True)
    return np.array([is_boilerplate(normal[start:end]) for start, end in sentences], np.bool_)


class _Triggers(NamedTuple):
    """Phrases of boilerplate by the id of their rarest word, and which rows of the vocabulary such words have."""

    phrases: dict[int, tuple[str, ...]]
    of_row: BoolArray


@lru_cache(maxsize=1)
def _triggers() -> _Triggers:
    """Return the phrases of boilerplate by their rarest word: only those whose word a text has need a closer look."""
    lexicon = load_lexicon()
    found: dict[int, tuple[str, ...]] = {}
    for phrase in BOILERPLATE_PHRASES:
        ids = lexicon.lookup([word.strip(",.:()") for word in phrase.split()])
        rarest = int(ids[lexicon.zipf[lexicon.row(ids)].argmin()])
        found[rarest] = (*found.get(rarest, ()), phrase)
    of_row = np.zeros(len(lexicon) + 1, np.bool_)
    of_row[lexicon.row(np.array([*found], np.int32))] = True
    return _Triggers(found, of_row)
