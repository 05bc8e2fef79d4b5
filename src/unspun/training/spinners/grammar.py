"""Shift grammar as a trip through another language does.

Articles, prepositions, tenses and small words change.
"""

from __future__ import annotations

import re

import numpy as np
from numpy.random import Generator

from unspun.text.lexicon import MOBY, NOUN, SYNONYM, VERB, load_lexicon
from unspun.text.token_text import TokenText
from unspun.text.tokenizer import read_text
from unspun.training.spinners.inflection import Form, form_of, inflect
from unspun.training.spinners.neighbours import COMPANY, Taste
from unspun.training.spinners.places import BE, HAVE, Swap, swappable, write
from unspun.training.spinners.swappers import Habits, swap_words
from unspun.training.spinners.wordings import reword, wordings

CONTRACTIONS = wordings("""
don't | do not
doesn't | does not
didn't | did not
isn't | is not
aren't | are not
wasn't | was not
weren't | were not
haven't | have not
hasn't | has not
hadn't | had not
can't | cannot | can not
couldn't | could not
won't | will not
wouldn't | would not
shouldn't | should not
i'm | I am
you're | you are
we're | we are
they're | they are
i've | I have
you've | you have
we've | we have
they've | they have
i'll | I will
he'll | he will
she'll | she will
it'll | it will
we'll | we will
they'll | they will
it's | it is
that's | that is
there's | there is
let's | let us
""")

SMALL_WORDS = wordings("""
about | around | on | approximately
above | over | on
according to | as per | in accordance with | as stated by
after | following | later than
almost | nearly | practically
also | as well | too | likewise | equally
although | though | even though | even if
among | between | amongst
another | one more | a different
as well as | and also | in addition to
at least | not less than | a minimum of
because | since | as | given that
because of | due to | owing to | on account of
before | prior to | ahead of
but | however | yet | nevertheless
can | is able to | may
close to | near | next to
despite | in spite of | notwithstanding
during | throughout | in the course of
each | every
earlier | before | previously
especially | particularly | above all
even | still
for example | for instance | as an example
however | nevertheless | but | still
if | in case | whether
in order to | to | so as to
including | among them | included
into | in | inside
later | then | afterwards
like | such as | as
many | a lot of | numerous | much
may | can | might
might | could | may
more than | over | above
most | the majority of | most of
much | a lot
must | have to | should | has to
near | close to | by
now | currently | at present | at this moment
of course | naturally
often | frequently | many times
on | in | upon | over
only | just | solely
over | above | on | more than
several | various | some | multiple
since | from | as
so | thus | therefore
some | certain | a few
such as | like | as for example
that | which
there are | there exist | they exist
through | by means of | across
to the | for the | towards the | at the
until | till | up to
very | highly | quite
when | once | as
where | in which
which | that
while | whereas | meanwhile | as
who | that | which
will | is going to | shall
with | along with | together with
within | inside
without | with no
at | in | to
by | for | through
for | of | by
from | of | since
in | on | at | within
of | from | in
said | has said | says | declared
said that | has said that | affirmed that
they | these | those
this | that
""")
_PLURAL_SUBJECTS = frozenset("i you we they these those who".split())
_NOT_BEFORE_VERB = (
    BE | HAVE | frozenset("to will would can could may might must shall should not n't the a an by".split())
)
_GENITIVE = re.compile(
    r"\b((?:[A-Z][\w-]+ ){0,2}[A-Z][\w-]+|[Tt]he [a-z]{3,})['’]s ([a-z]{4,})\b(?! [a-z]+(?:ed|ing)\b)"
)
_OF = re.compile(r"\b[Tt]he ([a-z]{4,}) of ([A-Z][a-z]+)\b(?! [A-Z])")
_LIGHT = tuple(Taste(kind, 2.0, 0.3, 5.0, floor=2.0, shift=(-2.5, 4.0)) for kind in (SYNONYM, SYNONYM | MOBY, COMPANY))


def grammar(text: str, rng: Generator, strength: float) -> str:
    """Return the text as a round trip through another language might leave it.

    Tenses, articles, genitives, small words and contractions shift, and some words give way to ones that are mostly
    commoner.

    Parameters
    ----------
    text : str
        Any text.
    rng : Generator
        All that is left to chance.
    strength : float
        Decides the share of each kind of change, in [0, 1].

    Returns
    -------
    str
        The text changed.
    """
    streams = [np.random.default_rng(seed) for seed in rng.integers(2**62, size=6)]
    taste = _LIGHT[int(rng.integers(len(_LIGHT)))]
    text = swap_words(text, streams[0], 0.55 * strength, taste, Habits(inflects=0.9, mends=1.0, spares=0.05, minds=0.8))
    text = perfect(text, streams[1], 0.5 * strength)
    text = reword(text, CONTRACTIONS, streams[2], min(1.0, 2 * strength))
    text = genitives(text, streams[3], strength)
    text = reword(text, SMALL_WORDS, streams[4], 0.45 * strength)
    return articles(text, streams[5], 0.25 * strength)


def perfect(text: str, rng: Generator, share: float) -> str:
    """Return the text with some past tenses made perfect, or the reverse.

    Parameters
    ----------
    text : str
        Any text.
    rng : Generator
        Picks the verbs.
    share : float
        Share of the past tenses that change, in [0, 1].

    Returns
    -------
    str
        The text changed.

    Examples
    --------
    >>> perfect("The council refused.", np.random.default_rng(0), 1.0)
    'The council has refused.'
    """
    read = read_text(text)
    lots = rng.random(len(read))
    lexicon = load_lexicon()
    swaps = []
    for i in np.flatnonzero(swappable(read) & (lots < share)).tolist():
        word, base = read.words[i], lexicon.words[read.lemmas[i]]
        before = read.words[i - 1] if i else ""
        if not lexicon.pos[read.ids[i]] & VERB or form_of(word, base) is not Form.PAST:
            continue
        if before in ("has", "have", "had") and before == read.words[i - 1]:
            swaps.append(Swap(i - 1, i + 1, inflect(base, Form.PAST)))
        elif before and before not in _NOT_BEFORE_VERB and _may_be_subject(read, i - 1):
            have = "have" if before in _PLURAL_SUBJECTS or _is_plural(read, i - 1) else "has"
            swaps.append(Swap(i, i + 1, f"{have} {inflect(base, Form.PARTICIPLE)}"))
    return write(read, swaps)


def _may_be_subject(text: TokenText, i: int) -> bool:
    lexicon = load_lexicon()
    at = text.ids[i]
    return text.words[i] in _PLURAL_SUBJECTS | {"he", "she", "it"} or at >= len(lexicon) or bool(lexicon.pos[at] & NOUN)


def _is_plural(text: TokenText, i: int) -> bool:
    lexicon = load_lexicon()
    known = text.lemmas[i] < len(lexicon)
    return known and form_of(text.words[i], lexicon.words[text.lemmas[i]]) is Form.PLURAL


def genitives(text: str, rng: Generator, share: float) -> str:
    """Return the text with some genitives turned into `of`, and the reverse.

    Parameters
    ----------
    text : str
        Any text.
    rng : Generator
        Picks the genitives.
    share : float
        Share of the genitives that turn, in [0, 1]; half as many turn back.

    Returns
    -------
    str
        The text changed.

    Examples
    --------
    >>> genitives("Ostravel's harbour froze.", np.random.default_rng(0), 1.0)
    'The harbour of Ostravel froze.'
    """

    def turned(match: re.Match[str]) -> str:
        owner, owned = match[1], match[2]
        if rng.random() >= share:
            return match[0]
        before = match.string[: match.start()].rstrip()
        opens = not before or before[-1] in ".!?\n"
        owner = owner[0].lower() + owner[1:] if owner.startswith("The ") else owner
        return f"{'The' if opens else 'the'} {owned} of {owner}"

    def back(match: re.Match[str]) -> str:
        return f"{match[2]}'s {match[1]}" if rng.random() < share / 2 else match[0]

    # Turned back first, or what was just turned would turn again.
    return _GENITIVE.sub(turned, _OF.sub(back, text))


_BEFORE_PLURAL = re.compile(r"\b(of|for|with|from|by|between) (?=[a-z]{4,}s\b)")
_ARTICLE = re.compile(r"(?<=[a-z,] )(the|an?) (?=[a-z])")


def articles(text: str, rng: Generator, share: float) -> str:
    """Return the text with a share of its articles lost, or gained before plurals.

    Parameters
    ----------
    text : str
        Any text.
    rng : Generator
        Picks the articles.
    share : float
        Share of the places that change, in [0, 1].

    Returns
    -------
    str
        The text changed.

    Examples
    --------
    >>> articles("He spoke of the gates.", np.random.default_rng(0), 1.0)
    'He spoke of gates.'
    """
    text = _BEFORE_PLURAL.sub(lambda m: f"{m[1]} the " if rng.random() < share else m[0], text)
    return _ARTICLE.sub(lambda m: "" if rng.random() < share else m[0], text)
