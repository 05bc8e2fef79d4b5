"""Declare a feature: its function, range and label, and the evidence it returns.

A feature is a function from an `AlignedPair` to a number or to an `Evidence`. One that counts edits returns
`Evidence`, whose number is computed from the edits it names, so that the score and what is shown cannot disagree.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeVar, get_args

import numpy as np
from numpy.typing import NDArray

from unspun.comparison.aligned_pair import AlignedPair
from unspun.comparison.alignment import align
from unspun.comparison.pair_view import Side, view
from unspun.comparison.short_arrays import mean, ratio
from unspun.text.token_text import BoolArray, TokenText
from unspun.text.tokenizer import read_text

SAME, NEGATED = "same", "negated"

Family = Literal["swaps", "rarity", "fit", "untouched", "order", "shared", "style", "causes"]
"""What a feature measures, as people ask for it; features of one family are told together.

``swaps``: what was put for what. ``rarity``: how rare the new words are. ``fit``: how well they fit their place.
``untouched``: what was left alone. ``order``: order and build. ``shared``: how much the texts share. ``style``: style
of the texts as they stand. ``causes``: changes that are no rewriting, as misread letters and other names.
"""
FAMILIES: tuple[Family, ...] = get_args(Family)


def measure(pair: AlignedPair, feature: Feature) -> Evidence:
    """Return a feature's value with the edits it was counted from.

    Features that count nothing have no edits.

    Parameters
    ----------
    pair : AlignedPair
        Any.
    feature : Feature
        The feature to measure.

    Returns
    -------
    Evidence
        The number, and rows of ``pair.edits``.
    """
    return as_evidence(feature.measure(pair))


def as_evidence(found: float | Evidence) -> Evidence:
    """Return what a feature found as `Evidence`: a number alone counts no edits.

    >>> as_evidence(0.5).edits.tolist()
    []
    """
    return found if isinstance(found, Evidence) else Evidence(float(found), np.zeros(0, np.int64))


NAN, INF = math.nan, math.inf
_Any = TypeVar("_Any")


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """A number with the edits it was counted from.

    Attributes
    ----------
    value : float
        The feature's value; NaN where nothing could be measured.
    edits : int array (k,)
        Rows of ``AlignedPair.edits`` that count.
    """

    value: float
    edits: NDArray[np.int64]

    @classmethod
    def share(cls, edits: NDArray[np.int64], counts: BoolArray, least: int = 1) -> Evidence:
        """Return the share of ``edits`` for which ``counts`` is true.

        NaN when there are fewer than ``least``.

        Parameters
        ----------
        edits : int array (k,)
            Rows of ``AlignedPair.edits``.
        counts : bool array (k,)
            True for those that count.
        least : int
            Fewest edits to judge by.

        Returns
        -------
        Evidence
            In [0, 1], with the edits that count.

        Examples
        --------
        >>> Evidence.share(np.array([3, 5]), np.array([True, False])).value
        0.5
        """
        return cls(mean(counts) if len(edits) >= least else NAN, edits[counts])

    @classmethod
    def mean(cls, edits: NDArray[np.int64], amounts: NDArray[np.floating], least: int = 1) -> Evidence:
        """Return the mean of ``amounts``, leaving out NaN.

        NaN when fewer than ``least`` remain.

        Parameters
        ----------
        edits : int array (k,)
            Rows of ``AlignedPair.edits``.
        amounts : float array (k,)
            An amount for each.
        least : int
            Fewest known amounts to judge by.

        Returns
        -------
        Evidence
            In the unit of the amounts, with the edits whose amount is known.

        Examples
        --------
        >>> Evidence.mean(np.array([3, 5]), np.array([1.0, 2.0])).value
        1.5
        """
        known = ~np.isnan(amounts)
        edits = edits[known]
        return cls(mean(amounts[known].astype(np.float32)) if len(edits) >= least else NAN, edits)

    @classmethod
    def per(cls, edits: NDArray[np.int64], amount: float, total: float) -> Evidence:
        """Return ``amount`` over ``total``; NaN when ``total`` is 0.

        The edits make ``amount`` together.

        Parameters
        ----------
        edits : int array (k,)
            Rows of ``AlignedPair.edits``.
        amount, total : float
            Two amounts of one unit.

        Returns
        -------
        Evidence
            With all the edits.

        Examples
        --------
        >>> Evidence.per(np.array([3]), 2, 8).value
        0.25
        """
        return cls(ratio(float(amount), total), edits)


Measure = Callable[[AlignedPair], "float | Evidence"]


@dataclass(frozen=True, eq=False)
class Feature:
    """A feature: a function of an aligned pair, with what is declared of it.

    Attributes
    ----------
    name : str
        Column name.
    measure : callable
        What computes it; its docstring says what it means.
    low, high : float
        Range of its values.
    identical : float or None
        Value for two identical texts; NaN where it is undefined, None where it depends on the text.
    family : str
        One of `FAMILIES`: the reasons of a score are told by family.
    label : str
        Its name in plain words, for reports.
    swapped : str
        What becomes of it when the texts change places: ``same``, ``negated`` or the name of the feature whose value
        takes its place.
    whole : bool
        Whether it is measured over whole texts; others have one value for all pairs of which nothing is aligned.
    """

    name: str
    measure: Measure
    low: float
    high: float
    identical: float | None
    family: Family
    label: str
    swapped: str = SAME
    whole: bool = False

    def __post_init__(self) -> None:
        """Show itself as its function does, to readers and to doctest."""
        vars(self).update(_face(self.measure, self.name))

    def __call__(self, pair: AlignedPair) -> float | Evidence:
        """Return what the feature finds in an aligned pair."""
        return self.measure(pair)

    def between(self, source: str, suspect: str) -> float:
        """Return the feature's value for two texts, to three decimals.

        Parameters
        ----------
        source, suspect : str
            The two texts.

        Returns
        -------
        float
            For a look: `unspun.comparison.features.extraction` computes whole rows.
        """
        return round(measure(align(read_text(source), read_text(suspect)), self).value, 3)


def feature(
    low: float,
    high: float,
    *,
    identical: float | None,
    family: Family,
    label: str,
    swapped: str = SAME,
    whole: bool = False,
) -> Callable[[Measure], Feature]:
    """Declare the function below as the feature of its name.

    Parameters
    ----------
    low, high, identical, family, label, swapped, whole
        As the attributes of `Feature`.

    Returns
    -------
    callable
        From the function to its `Feature`.

    Examples
    --------
    >>> @feature(0, INF, identical=0, family="shared", label="groups")
    ... def n_groups(pair):
    ...     return float(len(pair.groups))
    >>> n_groups.name, n_groups.between("The old ferry sank.", "The old boat sank.")
    ('n_groups', 1.0)
    """

    def declare(measure: Measure) -> Feature:
        return Feature(_name(measure), measure, low, high, identical, family, label, swapped, whole)

    return declare


class OneText(NamedTuple):
    """One of the two texts of a pair.

    ``place`` is 0 for the source, 1 for the suspect.
    """

    pair: AlignedPair
    place: int

    @property
    def side(self) -> Side:
        """The text's arrays."""
        return view(self.pair).sides[self.place]

    @property
    def text(self) -> TokenText:
        """The text itself."""
        return self.pair.suspect if self.place else self.pair.source

    def own(self, both: tuple[_Any, _Any]) -> _Any:
        """Return this text's of two things, the source's first."""
        return both[self.place]


@dataclass(frozen=True, eq=False)
class EitherText:
    """A measure of either text, as two features.

    They take each other's place when the texts do.

    Attributes
    ----------
    measure : callable
        From one text of a pair to its number.
    source, suspect : Feature
        The same of each text.
    """

    measure: Callable[[OneText], float | Evidence]
    source: Feature
    suspect: Feature

    def __post_init__(self) -> None:
        """Show itself as its function does, to readers and to doctest."""
        vars(self).update(_face(self.measure, _name(self.measure)))

    def __iter__(self) -> Iterator[Feature]:
        """Return the feature of the source, then that of the suspect."""
        return iter((self.source, self.suspect))

    def between(self, source: str, suspect: str) -> tuple[float, float]:
        """Return both features for two texts, to three decimals.

        Parameters
        ----------
        source, suspect : str
            The two texts.

        Returns
        -------
        (float, float)
            Of the source, and of the suspect.
        """
        return self.source.between(source, suspect), self.suspect.between(source, suspect)


def of_either_text(
    low: float,
    high: float,
    *,
    identical: float | None,
    family: Family,
    label: str | tuple[str, str],
    backwards: str = "",
    whole: bool = False,
) -> Callable[[Callable[[OneText], float | Evidence]], EitherText]:
    """Declare the function below as two features, one for each text.

    They are named ``<name>_source`` and ``<name>_suspect``.

    Parameters
    ----------
    low, high, identical, family, whole
        As the attributes of `Feature`.
    label : str or (str, str)
        With ``{text}`` and ``{other}`` where the texts are named; or one label each.
    backwards : str, optional
        Name of the second feature, where the first has the function's own: it reads the pair from suspect to source.

    Returns
    -------
    callable
        From the function, of a `OneText`, to its two features.

    Examples
    --------
    >>> @of_either_text(0, INF, identical=None, family="style", label="words of the {text}")
    ... def n_words(one):
    ...     return float(len(one.text))
    >>> n_words.source.name, n_words.source.label, n_words.source.swapped
    ('n_words_source', 'words of the source', 'n_words_suspect')
    >>> n_words.between("Rain fell.", "It rained all day.")
    (2.0, 4.0)
    """

    def declare(measure: Callable[[OneText], float | Evidence]) -> EitherText:
        own = _name(measure)
        names = (own, backwards) if backwards else (f"{own}_source", f"{own}_suspect")
        forward, back = (label, f"{label}, read backwards" if backwards else label) if isinstance(label, str) else label
        labels = forward.format(text="source", other="suspect"), back.format(text="suspect", other="source")
        declared = low, high, identical, family
        source, suspect = (
            Feature(names[k], _of_one(measure, k), *declared, labels[k], names[1 - k], whole) for k in (0, 1)
        )
        return EitherText(measure, source, suspect)

    return declare


def _of_one(measure: Callable[[OneText], float | Evidence], place: int) -> Measure:
    def of_one(pair: AlignedPair) -> float | Evidence:
        return measure(OneText(pair, place))

    for name, value in _face(measure, _name(measure)).items():
        setattr(of_one, name, value)
    return of_one


def _name(function: Callable[..., object]) -> str:
    return str(function.__name__)


def _face(function: Callable[..., object], name: str) -> dict[str, object]:
    """Return by what Python knows a function, for an object that stands for it."""
    return {"__name__": name, "__doc__": function.__doc__, "__module__": function.__module__, "__wrapped__": function}
