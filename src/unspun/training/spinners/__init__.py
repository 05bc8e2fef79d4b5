"""Our own spinners, and honest twins.

What breaks the link between a dataset and an answer in training.

Each is a pure function ``(text, rng, strength) -> text``. Names, numbers, marks, capitals and paragraphs of the
original stay; the same seed gives the same text. No spinner is a copy of a tool: together they cover what tools do,
from -0.9 to +0.3 Zipf a swap, and from half of the swaps in a thesaurus to nearly all.
"""

from __future__ import annotations

from dataclasses import dataclass

from unspun.training.spinners.clauses import clauses
from unspun.training.spinners.combining import Spin, chain, partial
from unspun.training.spinners.grammar import grammar
from unspun.training.spinners.honest import copyedit, cut, update
from unspun.training.spinners.house_style import house_style
from unspun.training.spinners.swappers import commoner, company, consistent, fit, moby, thesaurus

__all__ = ["HONEST_TWINS", "SPINNERS", "HonestTwin", "Spin", "Spinner"]


@dataclass(frozen=True, slots=True)
class Spinner:
    """A simulated spinner.

    ``family`` is one of those of the labelled pairs: synonym, backtranslation, quillbot, neural.

    >>> import numpy as np
    >>> spin = SPINNERS[0].spin
    >>> spin("", np.random.default_rng(0), 0.5)
    ''
    """

    name: str
    family: str
    spin: Spin


@dataclass(frozen=True, slots=True)
class HonestTwin:
    """A simulated honest edit.

    ``relation`` is the one of `unspun.io.labels.RELATIONS` that it makes.
    """

    name: str
    relation: str
    edit: Spin


SPINNERS: tuple[Spinner, ...] = (
    Spinner("thesaurus", "synonym", thesaurus),
    Spinner("moby", "synonym", moby),
    Spinner("consistent", "synonym", consistent),
    Spinner("fit", "synonym", fit),
    Spinner("company", "synonym", company),
    Spinner("commoner", "quillbot", commoner),
    Spinner("grammar", "backtranslation", grammar),
    Spinner("clauses", "neural", clauses),
    Spinner("rephrased", "quillbot", chain((commoner, 0.7), (grammar, 0.6), (clauses, 0.8))),
    Spinner("partial-thesaurus", "synonym", partial(thesaurus)),
    Spinner("partial-fit", "synonym", partial(fit)),
    Spinner("partial-rephrased", "quillbot", partial(chain((commoner, 0.7), (clauses, 0.8)))),
    Spinner("twice", "synonym", chain((thesaurus, 0.7), (moby, 0.6))),
    Spinner("twice-mixed", "quillbot", chain((grammar, 0.8), (fit, 0.7))),
)
"""Every spinner; the order is fixed."""

HONEST_TWINS: tuple[HonestTwin, ...] = (
    HonestTwin("cut", "copied", cut),
    HonestTwin("update", "edited", update),
    HonestTwin("house-style", "copied", house_style),
    HonestTwin("copyedit", "edited", copyedit),
    HonestTwin("edited-cut", "edited", chain((house_style, 1.0), (copyedit, 1.0), (cut, 0.7))),
)
"""Every honest twin; the order is fixed."""
