"""Inflect an English word as another one was inflected.

`declined` for `refused`, `fled` for `escaped`, `wolves`.

Spelling rules propose, the lexicon decides between what they propose (`stopped`, not `stoped`); verbs and nouns that
follow no rule are in a table.
"""

from __future__ import annotations

from enum import Enum
from functools import lru_cache

from unspun.text.lexicon import ADJECTIVE, ADVERB, NOUN, VERB, load_lexicon
from unspun.training.spinners.irregular import IRREGULAR_PLURALS, IRREGULAR_VERBS


class Form(Enum):
    """The inflection of a word.

    `PARTICIPLE` is the past one, and `PLURAL` and `THIRD_PERSON` look alike.
    """

    BASE = ""
    PLURAL = "s of a noun"
    THIRD_PERSON = "s of a verb"
    PAST = "ed"
    PARTICIPLE = "en"
    ING = "ing"
    COMPARATIVE = "er"
    SUPERLATIVE = "est"
    MANNER = "ly"


CLASS_OF_FORM = {
    Form.PLURAL: NOUN,
    Form.THIRD_PERSON: VERB,
    Form.PAST: VERB,
    Form.PARTICIPLE: VERB,
    Form.ING: VERB,
    Form.COMPARATIVE: ADJECTIVE | ADVERB,
    Form.SUPERLATIVE: ADJECTIVE | ADVERB,
    Form.MANNER: ADJECTIVE,
}
"""Parts of speech that a substitute must have to take the form."""

_PREFIXES = ("under", "over", "out", "for", "with", "mis", "un", "re", "up")
_VOWELS = frozenset("aeiou")
_PASTS = frozenset(past for past, _ in IRREGULAR_VERBS.values())
_PARTICIPLES = frozenset(participle for _, participle in IRREGULAR_VERBS.values())


@lru_cache(maxsize=65536)
def form_of(word: str, lemma: str) -> Form:
    """Return how a lower-case word is inflected, given its lemma.

    `stopped` is `PAST`: whether it is a participle, only its place can tell (see `unspun.training.spinners.places`).
    A noun's plural is preferred to a verb's third person.

    Parameters
    ----------
    word : str
        In lower case.
    lemma : str
        Its lemma.

    Returns
    -------
    Form
        The likeliest form.

    Examples
    --------
    >>> form_of("children", "child").name, form_of("taken", "take").name, form_of("largest", "large").name
    ('PLURAL', 'PARTICIPLE', 'SUPERLATIVE')
    """
    if word == lemma:
        return Form.BASE
    if word in _PASTS | _PARTICIPLES:
        return Form.PAST if word in _PASTS else Form.PARTICIPLE
    if IRREGULAR_PLURALS.get(lemma) == word:
        return Form.PLURAL
    lexicon = load_lexicon()
    pos = int(lexicon.pos[lexicon.ids[word]]) if word in lexicon.ids else 0
    for ending, form in (("ing", Form.ING), ("est", Form.SUPERLATIVE), ("ed", Form.PAST), ("er", Form.COMPARATIVE)):
        if word.endswith(ending):
            return form
    if pos & NOUN:
        return Form.PLURAL
    return Form.THIRD_PERSON if word.endswith("s") else Form.PAST


@lru_cache(maxsize=262144)
def inflect(lemma: str, form: Form) -> str:
    """Return a lemma, or a phrase of lemmas, in a form.

    Verbs of a phrase change first, nouns last.

    Parameters
    ----------
    lemma : str
        In lower case.
    form : Form
        The form wanted.

    Returns
    -------
    str
        The inflected word or phrase.

    Examples
    --------
    >>> [inflect("stop", Form.PAST), inflect("carry out", Form.ING), inflect("business firm", Form.PLURAL)]
    ['stopped', 'carrying out', 'business firms']
    >>> [inflect("see", Form.PARTICIPLE), inflect("easy", Form.MANNER), inflect("careful", Form.SUPERLATIVE)]
    ['seen', 'easily', 'most careful']
    """
    if form is Form.BASE:
        return lemma
    head, _, rest = lemma.partition(" ")
    if rest and CLASS_OF_FORM[form] == VERB:
        return f"{_inflect_word(head, form)} {rest}"
    before, _, last = lemma.rpartition(" ")
    return f"{before} {_inflect_word(last, form)}".strip()


def _inflect_word(lemma: str, form: Form) -> str:
    irregular = _irregular(lemma, form)
    if irregular:
        return irregular
    if form is Form.MANNER:
        return _in_manner(lemma)
    if form in (Form.COMPARATIVE, Form.SUPERLATIVE):
        return _compared(lemma, form)
    if form in (Form.PLURAL, Form.THIRD_PERSON):
        return _with_s(lemma)
    return _choose(lemma, "ing" if form is Form.ING else "ed")


def _irregular(lemma: str, form: Form) -> str | None:
    if form is Form.PLURAL:
        return IRREGULAR_PLURALS.get(lemma)
    if form not in (Form.PAST, Form.PARTICIPLE):
        return None
    stem = next((p for p in _PREFIXES if lemma.startswith(p) and lemma[len(p) :] in IRREGULAR_VERBS), "")
    prefix = "" if lemma in IRREGULAR_VERBS else stem
    forms = IRREGULAR_VERBS.get(lemma.removeprefix(prefix))
    return prefix + forms[form is Form.PARTICIPLE] if forms else None


def _with_s(lemma: str) -> str:
    if lemma.endswith(("s", "x", "z", "ch", "sh")):
        return lemma + "es"
    if lemma.endswith("y") and lemma[-2:-1] not in _VOWELS:
        return lemma[:-1] + "ies"
    return _known([lemma + "es", lemma + "s"], lemma) if lemma.endswith("o") else lemma + "s"


def _in_manner(lemma: str) -> str:
    if lemma.endswith("y"):
        return lemma[:-1] + "ily"
    if lemma.endswith("le"):
        return lemma[:-1] + "y"
    return lemma + ("ally" if lemma.endswith("ic") else "ly")


def _compared(lemma: str, form: Form) -> str:
    word = _choose(lemma, form.value)
    if word in load_lexicon().ids:
        return word
    return f"{'more' if form is Form.COMPARATIVE else 'most'} {lemma}"


def _choose(lemma: str, ending: str) -> str:
    """Return the lemma with an ending that begins with a vowel, the way the lexicon spells it."""
    options = [lemma + ending, lemma + lemma[-1:] + ending]
    if lemma.endswith("y") and lemma[-2:-1] not in _VOWELS and ending != "ing":
        options = [lemma[:-1] + "i" + ending]
    elif lemma.endswith("ie") and ending == "ing":
        options = [lemma[:-2] + "ying"]
    elif lemma.endswith("e") and not (ending == "ing" and lemma.endswith(("ee", "ye", "oe"))):
        options = [lemma[:-1] + ending]
    elif _doubles(lemma):
        options.reverse()
    return _known(options, lemma)


def _doubles(lemma: str) -> bool:
    """Whether a word ends like `stop`: one vowel between consonants, the last of which is doubled."""
    end = lemma[-3:]
    short = len(end) == 3 and end[0] not in _VOWELS and end[1] in _VOWELS and end[2] not in "aeiouwxyh"
    return short and sum(letter in _VOWELS for letter in lemma) == 1


def _known(options: list[str], lemma: str) -> str:
    """Return the option that is a form of the lemma in the lexicon, else the commonest it knows, else the first."""
    lexicon = load_lexicon()
    base = lexicon.ids.get(lemma, -1)
    known = [option for option in options if option in lexicon.ids]
    formed = [option for option in known if lexicon.lemma[lexicon.ids[option]] == base]
    return max(formed or known, key=lambda option: lexicon.zipf[lexicon.ids[option]], default=options[0])


def manner_base(word: str) -> str | None:
    """Return the adjective that an adverb in -ly is made of, if the lexicon knows it.

    >>> manner_base("easily"), manner_base("gently"), manner_base("family")
    ('easy', 'gentle', None)
    """
    if not word.endswith("ly"):
        return None
    lexicon = load_lexicon()
    for base in (word[:-2], word[:-3] + "y", word[:-1] + "e", word[:-4]):
        at = lexicon.ids.get(base)
        if at is not None and lexicon.pos[at] & ADJECTIVE and inflect(base, Form.MANNER) == word:
            return base
    return None


def indefinite_article(word: str) -> str:
    """Return `a` or `an` as the next word wants it.

    >>> [indefinite_article(word) for word in ("user", "hour", "old", "European", "8th", "7th")]
    ['a', 'an', 'an', 'a', 'an', 'a']
    """
    lower = word.lower()
    if lower[:1].isdigit():
        return "an" if lower[0] == "8" or lower[:2] in ("11", "18") else "a"
    if lower.startswith(("hour", "honest", "honour", "honor", "heir")):
        return "an"
    if lower.startswith(("uni", "use", "usu", "uti", "eu", "one", "once", "ubi", "ura")) and not lower.startswith(
        "unin"
    ):
        return "a"
    return "an" if lower[:1] in _VOWELS else "a"
