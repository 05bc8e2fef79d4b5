"""Declare a feature: its function, range and label.

A feature is a function from a `View` of some aligned pairs to a number for each. One that counts edits returns
`Measured`, whose numbers are computed from the edits it names, so that the score and what is shown cannot disagree.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, Literal, TypeVar, get_args

from unspun.comparison.aligned_pair import AlignedPair
from unspun.comparison.alignment import align
from unspun.comparison.layout.pair_view import View, view
from unspun.comparison.layout.segments import Column, Evidence, evidence_of
from unspun.text.tokenizer import read_text

SAME, NEGATED = "same", "negated"

Family = Literal["swaps", "rarity", "fit", "untouched", "order", "shared", "style", "causes"]
"""What a feature measures, as people ask for it; features of one family are told together.

``swaps``: what was put for what. ``rarity``: how rare the new words are. ``fit``: how well they fit their place.
``untouched``: what was left alone. ``order``: order and build. ``shared``: how much the texts share. ``style``: style
of the texts as they stand. ``causes``: changes that are no rewriting, as misread letters and other names.
"""
FAMILIES: tuple[Family, ...] = get_args(Family)


NAN, INF = math.nan, math.inf

Measure = Callable[[View], Column]
MeasureOfSeveral = Callable[[View], Sequence[Column]]
"""What computes several features in one go."""
Read = TypeVar("Read", bound=Callable[..., object])


def measure(pair: AlignedPair, feature: Feature) -> Evidence:
    """Return a feature's value with the edits it was counted from.

    Features that count nothing have no edits.

    Parameters
    ----------
    pair : AlignedPair
        Two aligned texts.
    feature : Feature
        The feature to measure.

    Returns
    -------
    Evidence
        The number, and rows of ``pair.edits``.
    """
    found: Any = feature.measure(view(pair))
    return evidence_of(found if feature.place is None else found[feature.place], 0)


@dataclass(frozen=True, eq=False)
class Feature:
    """A feature: a function of aligned pairs, with what is declared of it.

    Attributes
    ----------
    name : str
        Column name.
    measure : callable
        What computes it, for all pairs of a view.
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
    place : int or None
        Which of the columns that ``measure`` returns is the feature's; None where it returns one.
    meaning : str
        What it means; where it is not given, the docstring of ``measure`` says so.
    """

    name: str
    measure: Measure | MeasureOfSeveral
    low: float
    high: float
    identical: float | None
    family: Family
    label: str
    swapped: str = SAME
    whole: bool = False
    place: int | None = None
    meaning: str = ""

    def __post_init__(self) -> None:
        """Show itself as its function does, to readers and to doctest."""
        vars(self).update(_face(self.measure, self.name, self.meaning))

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
    ... def n_groups(v):
    ...     return v.groups.sizes
    >>> n_groups.name, n_groups.between("The old ferry sank.", "The old boat sank.")
    ('n_groups', 1.0)
    """

    def declare(measure: Measure) -> Feature:
        return Feature(_name(measure), measure, low, high, identical, family, label, swapped, whole)

    return declare


@dataclass(frozen=True, eq=False)
class EitherText:
    """A measure of either text, as two features.

    They take each other's place when the texts do.

    Attributes
    ----------
    source, suspect : Feature
        The measure of each text.
    """

    source: Feature
    suspect: Feature

    def __post_init__(self) -> None:
        """Show itself as the first of the two does, to readers and to doctest."""
        vars(self).update(_face(self.source.measure, self.source.name, self.source.meaning))

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
) -> Callable[[MeasureOfSeveral], EitherText]:
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
        From the function, which returns a column for the sources and one for the suspects, to its two features.

    Examples
    --------
    >>> @of_either_text(0, INF, identical=None, family="style", label="words of the {text}")
    ... def n_words(v):
    ...     return v.source.words.sizes, v.suspect.words.sizes
    >>> n_words.source.name, n_words.source.label, n_words.source.swapped
    ('n_words_source', 'words of the source', 'n_words_suspect')
    >>> n_words.between("Rain fell.", "It rained all day.")
    (2.0, 4.0)
    """

    def declare(measure: MeasureOfSeveral) -> EitherText:
        both = partial(either_text, identical=identical, family=family, label=label, backwards=backwards, whole=whole)
        return both(_name(measure), measure, low, high)

    return declare


def either_text(
    name: str,
    measure: MeasureOfSeveral,
    low: float,
    high: float,
    *,
    identical: float | None,
    family: Family,
    label: str | tuple[str, str],
    backwards: str = "",
    whole: bool = False,
    place: int = 0,
    meaning: str = "",
) -> EitherText:
    """Declare two columns of a measure as the features of either text.

    Parameters
    ----------
    name : str
        What they are named by.
    measure : callable
        What computes them, perhaps with others in one go.
    low, high, identical, family, label, backwards, whole
        See `of_either_text`.
    place : int
        The column of the sources, which that of the suspects follows.
    meaning : str, optional
        See `Feature`.

    Returns
    -------
    EitherText
        The two features.
    """
    names = (name, backwards) if backwards else (f"{name}_source", f"{name}_suspect")
    forward, back = (label, f"{label}, read backwards" if backwards else label) if isinstance(label, str) else label
    labels = forward.format(text="source", other="suspect"), back.format(text="suspect", other="source")
    declared = low, high, identical, family
    source, suspect = (
        Feature(names[k], measure, *declared, labels[k], names[1 - k], whole, place + k, meaning) for k in (0, 1)
    )
    return EitherText(source, suspect)


class Batch(Generic[Read]):
    """Functions whose features are measured in one go.

    Each says what it is of something that all of them need.

    Attributes
    ----------
    measure : callable
        From the pairs of a view to the columns of all functions, in the order in which they are declared.
    whole : bool
        Whether they are measured over whole texts; see `Feature`.
    functions : list of callable
        The functions.

    Examples
    --------
    >>> sizes = Batch(lambda v: [read(v.source.words.sizes) for read in sizes.functions])
    >>> @sizes.feature(0, INF, identical=None, family="style", label="twice the words")
    ... def twice(n_words):
    ...     return 2.0 * n_words
    >>> twice.between("Rain fell.", "Rain fell.")
    4.0
    """

    def __init__(self, measure: MeasureOfSeveral, whole: bool = False) -> None:
        self.measure, self.whole = measure, whole
        self.functions: list[Read] = []

    def feature(
        self, low: float, high: float, *, identical: float | None, family: Family, label: str, swapped: str = SAME
    ) -> Callable[[Read], Feature]:
        """Declare the function below as the feature of its name.

        Parameters
        ----------
        low, high, identical, family, label, swapped
            As the attributes of `Feature`.

        Returns
        -------
        callable
            From the function, which gives one column, to its `Feature`.
        """

        def declare(read: Read) -> Feature:
            declared = partial(Feature, whole=self.whole, place=len(self.functions), meaning=read.__doc__ or "")
            self.functions.append(read)
            return declared(_name(read), self.measure, low, high, identical, family, label, swapped)

        return declare

    def of_either_text(
        self, low: float, high: float, *, identical: float | None, family: Family, label: str
    ) -> Callable[[Read], EitherText]:
        """Declare the function below as two features, one for each text.

        Parameters
        ----------
        low, high, identical, family, label
            As `of_either_text` takes them.

        Returns
        -------
        callable
            From the function, which gives two columns as all of the batch do, to its two features.
        """

        def declare(read: Read) -> EitherText:
            place, meaning = 2 * len(self.functions), read.__doc__ or ""
            declared = partial(either_text, identical=identical, family=family, label=label, whole=self.whole)
            self.functions.append(read)
            return declared(_name(read), self.measure, low, high, place=place, meaning=meaning)

        return declare


def _name(function: Callable[..., object]) -> str:
    return str(function.__name__)


def _face(function: Callable[..., object], name: str, meaning: str) -> dict[str, object]:
    """Return by what Python knows a function, for an object that stands for it."""
    told = meaning or function.__doc__
    return {"__name__": name, "__doc__": told, "__module__": function.__module__, "__wrapped__": function}
