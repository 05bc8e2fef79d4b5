"""Sort words into classes, and keep the limits between them.

This is the one place that says when a word is rare or a name.

Function words, content words, numbers, names, rare and immutable words (`classify_words`) tell what a spinner can
change; connectives, pronouns, endings and the like (`word_kinds`) tell a style.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from unspun.text.lexicon import load_lexicon
from unspun.text.token_text import BoolArray, FloatArray, IntArray

RARE_ZIPF = 3.0
"""Zipf frequency below which a word is rare: spinners have nothing to put in its place."""
UNCOMMON_ZIPF = 3.5
"""Zipf frequency below which two texts that both have a word hardly share it by chance."""
NAME_SHARE = 0.6
"""Share of a word's uses inside sentences with a capital above which it is a name."""
KEY_NAME_SHARE = 0.5
"""The same for blocking keys, from this share on: a key too many costs little, a pair not found is lost."""


class WordClasses(NamedTuple):
    """The classes of the words of a text: arrays with an entry a word.

    Attributes
    ----------
    rows : int32 (n,)
        Their rows of the vocabulary, as `Lexicon.row` gives them.
    stop : bool (n,)
        Function words.
    content : bool (n,)
        Neither function words nor numbers.
    immutable : bool (n,)
        Numbers, names and rare words, which are not function words: what a spinner leaves as it is.
    uncommon : bool (n,)
        Numbers and words below `UNCOMMON_ZIPF`, which are not function words.
    number : bool (n,)
        Words with a digit.
    zipf : float32 (n,)
        Zipf frequencies, 0 where unknown.
    """

    rows: IntArray
    stop: BoolArray
    content: BoolArray
    immutable: BoolArray
    uncommon: BoolArray
    number: BoolArray
    zipf: FloatArray


def classify_words(ids: IntArray) -> WordClasses:
    """Look up what words are, by their ids (n,).

    >>> found = classify_words(load_lexicon().lookup(["the", "ferry", "brandvik", "212"]))
    >>> found.stop.tolist(), found.content.tolist()
    ([True, False, False, False], [False, True, True, False])
    >>> found.immutable.tolist(), found.number.tolist()
    ([False, False, True, True], [False, False, False, True])
    """
    lexicon = load_lexicon()
    rows = lexicon.row(ids)
    stop, zipf, number = lexicon.stop[rows], lexicon.zipf[rows], lexicon.is_number(ids)
    immutable = ~stop & (number | is_name(rows) | (zipf < RARE_ZIPF))
    return WordClasses(rows, stop, ~stop & ~number, immutable, ~stop & (number | (zipf < UNCOMMON_ZIPF)), number, zipf)


def is_name(rows: IntArray) -> BoolArray:
    """Return which rows of the vocabulary (n,) are names; see `NAME_SHARE`."""
    return np.asarray(load_lexicon().name[rows] > NAME_SHARE)


def is_value(ids: IntArray) -> BoolArray:
    """Return which words, by their ids (n,), are names, numbers or unknown.

    They are what a form is filled in with.

    >>> is_value(load_lexicon().lookup(["the", "ferry", "norway", "212", "seven"])).tolist()
    [False, False, True, True, True]
    """
    lexicon = load_lexicon()
    rows = lexicon.row(ids)
    value = is_name(rows) | lexicon.is_number(ids) | (ids >= len(lexicon)) | small_number_rows()[rows]
    return np.asarray(value & ~lexicon.stop[rows])


@lru_cache(maxsize=1)
def small_number_rows() -> BoolArray:
    """Return which rows of the vocabulary are small numbers in letters, (V + 1,)."""
    lexicon = load_lexicon()
    found = np.zeros(len(lexicon) + 1, np.bool_)
    found[lexicon.lookup(SMALL_NUMBERS.split())] = True
    return found & ~lexicon.stop


@lru_cache(maxsize=1)
def key_immutable_rows() -> BoolArray:
    """Return which rows of the vocabulary blocking keys call immutable.

    These are names, numbers and rare words, (V + 1,).

    More words are names to them than to `classify_words` (see `KEY_NAME_SHARE`).
    """
    lexicon = load_lexicon()
    has_digit = np.array([not word.isalpha() and any(c.isdigit() for c in word) for word in lexicon.words] + [False])
    immutable = has_digit | (lexicon.name >= KEY_NAME_SHARE) | (lexicon.zipf < RARE_ZIPF)
    return np.asarray(immutable & ~lexicon.stop, np.bool_)


SMALL_NUMBERS = (
    "one two three four five six seven eight nine ten eleven twelve first second third fourth fifth sixth seventh "
    "eighth ninth tenth"
)
CONNECTIVES = (
    "additionally furthermore moreover consequently nevertheless nonetheless hence thus therefore accordingly "
    "subsequently likewise similarly conversely whereas thereby meanwhile ultimately notably importantly "
    "overall specifically particularly indeed however although despite amidst amid"
)
FAVOURED = (
    "crucial pivotal vital essential significant significantly notable notably remarkable profound robust "
    "comprehensive intricate nuanced multifaceted vibrant seamless invaluable unwavering meticulous meticulously "
    "myriad plethora tapestry testament realm landscape journey endeavor endeavors endeavour delve delves delving "
    "underscore underscores underscoring underscored highlight highlights highlighting highlighted showcase "
    "showcases showcasing showcased foster fosters fostering fostered leverage leveraging harness harnessing "
    "navigate navigating enhance enhances enhancing enhanced facilitate facilitates facilitating facilitated "
    "ensure ensures ensuring ensured utilize utilizes utilizing utilized garner garnered bolster bolstered "
    "embark embarking elevate elevating captivating compelling transformative innovative groundbreaking renowned "
    "esteemed paramount imperative potential potentially numerous various diverse individuals challenges "
    "implications insights perspective perspectives aspects dynamic poised resonates embrace embracing commence "
    "commenced commencing demonstrate demonstrates demonstrating demonstrated indicate indicates indicating "
    "exhibit exhibits exhibiting acquire acquired acquiring obtain obtained obtaining require requires regarding "
    "concerning encompassing encompasses stating emphasized emphasizing emphasizes amidst alongside"
)
PLAIN = (
    "get gets got getting big lot lots thing things very really just good bad make made makes making go goes went "
    "going put puts big small say says said start started begin began end ended help helped need needs want wants "
    "look looked find found think thought know knew show showed tell told ask asked keep kept use used"
)
ARTICLES = "the a an"
PRONOUNS = (
    "i me my mine we us our ours you your yours he him his she her hers it its they them their theirs who whom "
    "whose which that this these those one"
)
PREPOSITIONS = (
    "of in on at by for with from to into onto over under about through during between among within without upon "
    "against toward towards after before since until"
)
CONJUNCTIONS = "and or but nor yet so because while when if as though although unless"
AUXILIARIES = (
    "am is are was were be been being have has had do does did will would shall should can could may might must"
)


_LISTS = {
    "connective": CONNECTIVES,
    "favoured": FAVOURED,
    "plain": PLAIN,
    "article": ARTICLES,
    "pronoun": PRONOUNS,
    "preposition": PREPOSITIONS,
    "conjunction": CONJUNCTIONS,
    "auxiliary": AUXILIARIES,
}
_ENDINGS = {"ing": 5, "ly": 5, "tion": 6}
"""Endings, with the fewest letters a word that has them must have."""
_N_COMMON = 60_000
"""Words of the vocabulary, the most frequent first, whose endings are looked at."""
KINDS = (*_LISTS, *_ENDINGS, "contraction", "stop")


@lru_cache(maxsize=1)
def word_kinds() -> NDArray[np.uint8]:
    """Return the kinds of each row of the vocabulary, a bit a kind.

    An array of (V + 1, bytes).
    """
    lexicon = load_lexicon()
    table = np.zeros((len(lexicon.words) + 1, len(KINDS)), np.bool_)
    for kind, listed in enumerate(_LISTS.values()):
        table[[lexicon.ids[word] for word in listed.split() if word in lexicon.ids], kind] = True
    common = lexicon.words[:_N_COMMON]
    for kind, (ending, shortest) in enumerate(_ENDINGS.items(), len(_LISTS)):
        table[:_N_COMMON, kind] = [word.endswith(ending) and len(word) >= shortest for word in common]
    table[:_N_COMMON, -2] = ["'" in word and word != "'s" for word in common]
    table[:, -1] = lexicon.stop
    # Packed, since the whole table is looked into at random places.
    return np.packbits(table, axis=1)


@lru_cache(maxsize=1)
def contraction_rows() -> BoolArray:
    """Return which rows of the vocabulary are contractions, (V + 1,)."""
    return np.unpackbits(word_kinds(), axis=1)[:, KINDS.index("contraction")] > 0


@lru_cache(maxsize=1)
def letters() -> FloatArray:
    """Return the length of every word of the vocabulary, (V + 1,).

    It is 0 for unknown ones.
    """
    words = load_lexicon().words
    return np.append(np.fromiter(map(len, words), np.float32, len(words)), np.float32(0))
