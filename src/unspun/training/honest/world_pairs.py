"""Make labelled pairs of the honest kinds, and spun pairs with their noise."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.random import Generator

from unspun.training.honest import editions
from unspun.training.honest.anonymising import ANONYMISERS, anonymised
from unspun.training.honest.character_noise import NOISES, RATES
from unspun.training.honest.copy_desk import moved_roles, style_book, turned_quotations
from unspun.training.honest.forms import all_forms
from unspun.training.honest.forms.form_template import Form
from unspun.training.spinners.house_style import house_style, tighten

NOISE, NAMES, DESK = "noise", "anonymised", "desk"
"""Families of copies: with letters spoiled, with names or numbers replaced, as a copy desk leaves them."""
_DESK_STEP = 0.6
"""Chance of each step of a copy desk."""


_WAYS = {**ANONYMISERS, "anonymised": anonymised}


class WorldPair(NamedTuple):
    """A labelled pair; ``tool`` says which noise, edit or form made it."""

    relation: str
    family: str
    tool: str
    source: str
    suspect: str


def noise_pair(text: str, rng: Generator) -> WorldPair:
    """Return a text beside its copy, with letters of either spoiled.

    Parameters
    ----------
    text : str
        Any text.
    rng : Generator
        All that is left to chance.

    Returns
    -------
    WorldPair
        Of relation ``copied``.

    Examples
    --------
    >>> noise_pair("Rain fell in the night.", np.random.default_rng(0)).relation
    'copied'
    """
    return _spoiled(WorldPair("copied", NOISE, "", text, text), rng)


def spoiled_pair(pair: WorldPair, rng: Generator) -> WorldPair:
    """Return a pair with letters spoiled; its label stays.

    Parameters
    ----------
    pair : WorldPair
        Spun or honest.
    rng : Generator
        All that is left to chance.

    Returns
    -------
    WorldPair
        With the noise after the name of its tool.

    Examples
    --------
    >>> pair = WorldPair("spun", "synonym", "thesaurus", "Rain fell.", "Rainfall dropped.")
    >>> spoiled_pair(pair, np.random.default_rng(0)).relation
    'spun'
    """
    return _spoiled(pair, rng)


def _spoiled(pair: WorldPair, rng: Generator) -> WorldPair:
    name = list(NOISES)[int(rng.integers(len(NOISES)))]
    rate, lot = RATES[int(rng.integers(len(RATES)))], float(rng.random())
    seeds = rng.integers(2**62, size=2).tolist()
    # Most often the copy is spoiled, at times the original, at times both.
    source = NOISES[name](pair.source, np.random.default_rng(seeds[0]), rate) if lot < 0.4 else pair.source
    suspect = NOISES[name](pair.suspect, np.random.default_rng(seeds[1]), rate) if lot > 0.2 else pair.suspect
    tool = f"{pair.tool} {name} {100 * rate:g}%".strip()
    return pair._replace(tool=tool, source=source, suspect=suspect)


def names_pair(text: str, rng: Generator) -> WorldPair:
    """Return a text beside its copy with names or numbers replaced, in either order.

    Parameters
    ----------
    text : str
        Any text.
    rng : Generator
        All that is left to chance.

    Returns
    -------
    WorldPair
        Of relation ``edited``.

    Examples
    --------
    >>> names_pair("Orla Finch left.", np.random.default_rng(0)).family
    'anonymised'
    """
    name = list(_WAYS)[int(rng.integers(len(_WAYS)))]
    return _ordered(WorldPair("edited", NAMES, name, text, _WAYS[name](text, rng, _share(rng))), rng)


def renamed_pair(pair: WorldPair, rng: Generator) -> WorldPair:
    """Return a pair with names or numbers of its suspect replaced; its label stays.

    Parameters
    ----------
    pair : WorldPair
        Spun or honest.
    rng : Generator
        All that is left to chance.

    Returns
    -------
    WorldPair
        With the way of renaming after the name of its tool.

    Examples
    --------
    >>> pair = WorldPair("spun", "synonym", "thesaurus", "Orla Finch left.", "Orla Finch departed.")
    >>> renamed_pair(pair, np.random.default_rng(0)).source
    'Orla Finch left.'
    """
    name = list(_WAYS)[int(rng.integers(len(_WAYS)))]
    return pair._replace(tool=f"{pair.tool} {name}".strip(), suspect=_WAYS[name](pair.suspect, rng, _share(rng)))


def edition_pair(text: str, other: str, rng: Generator) -> WorldPair:
    """Return an early and a later edition of a story.

    Parameters
    ----------
    text : str
        The early edition.
    other : str
        Another story, from which sentences and quotations come in.
    rng : Generator
        All that is left to chance.

    Returns
    -------
    WorldPair
        Of relation ``edited``.

    Examples
    --------
    >>> edition_pair("Rain fell.", "", np.random.default_rng(0)).family
    'edition'
    """
    late = editions.later_edition(text, rng, float(rng.uniform(0.3, 1.0)), other)
    return WorldPair(editions.RELATION, editions.FAMILY, "later edition", text, late)


def desk_pair(text: str, rng: Generator) -> WorldPair:
    """Return a text beside its copy as another house prints it, in either order.

    Parameters
    ----------
    text : str
        Any text.
    rng : Generator
        All that is left to chance.

    Returns
    -------
    WorldPair
        Of relation ``edited``.

    Examples
    --------
    >>> desk_pair("He stated that it froze.", np.random.default_rng(0)).family
    'desk'
    """
    steps = (style_book, tighten, house_style, turned_quotations, moved_roles, editions.titles)
    lots, seeds = rng.random(len(steps)).tolist(), rng.integers(2**62, size=len(steps)).tolist()
    late = text
    for step, lot, seed in zip(steps, lots, seeds, strict=True):
        if lot < _DESK_STEP:
            late = step(late, np.random.default_rng(seed), float(rng.uniform(0.5, 1.0)))
    return _ordered(WorldPair("edited", DESK, "copy desk", text, late), rng)


def form_pair(rng: Generator, forms: Sequence[Form] = all_forms.FORMS) -> WorldPair:
    """Return two pages of one form.

    Parameters
    ----------
    rng : Generator
        All that is left to chance.
    forms : sequence of Form
        What may be drawn; leave one out to judge by it.

    Returns
    -------
    WorldPair
        Of relation ``independent``.

    Examples
    --------
    >>> form_pair(np.random.default_rng(0), all_forms.FORMS[:1]).tool
    'stock-report'
    """
    form = forms[int(rng.integers(len(forms)))]
    return WorldPair(all_forms.RELATION, all_forms.FAMILY, form.name, *all_forms.form_pair(rng, (form,)))


def world_pairs(text: str, other: str, rng: Generator) -> Iterator[WorldPair]:
    """Yield one pair of each honest kind, unless nothing changed.

    Parameters
    ----------
    text : str
        A text of any kind, best a news story.
    other : str
        Another text.
    rng : Generator
        All that is left to chance.

    Yields
    ------
    WorldPair
    """
    made = (noise_pair(text, rng), names_pair(text, rng), edition_pair(text, other, rng), desk_pair(text, rng))
    for pair in (*made, form_pair(rng)):
        if pair.source != pair.suspect:
            yield pair


def _share(rng: Generator) -> float:
    """Return the share of names to replace: all of them, most often."""
    return 1.0 if rng.random() < 0.7 else float(rng.uniform(0.3, 1.0))


def _ordered(pair: WorldPair, rng: Generator) -> WorldPair:
    """Return a pair, in half of the cases with its sides exchanged."""
    return pair if rng.random() < 0.5 else pair._replace(source=pair.suspect, suspect=pair.source)
