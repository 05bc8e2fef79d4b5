"""Sum up the values of many pairs at once, pair by pair."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sized
from functools import cached_property
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from unspun.text.token_text import BoolArray, IntArray

Numbers = NDArray[np.float64]
"""One number a pair; NaN where nothing could be measured."""
Counts = NDArray[np.int64]
Places = NDArray[np.intp]
NAN = math.nan
_ID_BITS = 32
"""Bits that the id of a word fits into."""
_LONG = 64
"""Values a pair from which slices are copied faster than single values."""


class Segments:
    """Bounds of the values of some pairs, one pair's after another's.

    Whether a pair is alone or in company, its sums are the same to the bit.

    Attributes
    ----------
    bounds : int64 (n + 1,)
        The values of pair ``k`` are ``bounds[k]:bounds[k + 1]``.

    Examples
    --------
    >>> two = Segments(np.array([0, 2, 5]))
    >>> two.count(np.array([True, False, True, True, False])).tolist()
    [1, 2]
    >>> two.mean(np.array([1, 3, 5, 5, 8])).tolist()
    [2.0, 6.0]
    """

    def __init__(self, bounds: NDArray[np.int64]) -> None:
        self.bounds = bounds

    @classmethod
    def of(cls, arrays: Iterable[Sized]) -> Segments:
        """Return the segments of arrays that are put one after another."""
        return cls(np.cumsum([0, *map(len, arrays)]))

    @classmethod
    def joined(cls, some: Iterable[Segments]) -> Segments:
        """Return segments one after another, as those of more pairs."""
        return cls(np.cumsum([0, *np.concatenate([one.sizes for one in some])]))

    def __len__(self) -> int:
        return len(self.bounds) - 1

    @cached_property
    def sizes(self) -> Counts:
        """Number of values of every pair, (n,)."""
        return self.bounds[1:] - self.bounds[:-1]

    @cached_property
    def owner(self) -> Places:
        """The pair that every value is of, (m,)."""
        return np.repeat(np.arange(len(self)), self.sizes)

    @cached_property
    def _slots(self) -> Places:
        """Places of the values when a 0 is put before the first of each pair."""
        return np.arange(self.bounds[-1]) + self.owner + 1

    def chosen(self, places: Places) -> Segments:
        """Return the segments of some of the values.

        Their places are given in order.
        """
        return Segments(places.searchsorted(self.bounds))

    def count(self, chosen: BoolArray) -> Counts:
        """Return how many of the values, (m,), are chosen, (n,).

        Of several choices, (k, m), at once: (k, n).
        """
        padded = np.zeros((*chosen.shape[:-1], chosen.shape[-1] + 1), np.int8)
        padded[..., :-1] = chosen
        return self._sum_of_whole(padded, np.int32)

    def _sum_of_whole(self, padded: NDArray[Any], kind: type[np.integer[Any]]) -> Counts:
        """Return the sums of whole numbers, which have one value more at the end."""
        sums = np.add.reduceat(padded, self.bounds[:-1], axis=-1, dtype=kind)
        # Where there is nothing to add, the value that follows stands.
        return np.where(self.sizes > 0, sums, 0)

    def total(self, values: NDArray[Any]) -> NDArray[Any]:
        """Return the sums of the values, (n,), to the bit those of numpy for each pair."""
        if values.dtype.kind in "iu":
            return self._sum_of_whole(np.append(values, values.dtype.type(0)), np.int64)
        return np.add.reduceat(self._with_zeros(values), self.bounds[:-1] + np.arange(len(self)))

    def _with_zeros(self, values: NDArray[Any]) -> NDArray[Any]:
        """Return the values with a 0 before the first of each pair, so that every pair has one."""
        padded = np.zeros(len(values) + len(self), values.dtype)
        if len(values) < _LONG * len(self):
            padded[self._slots] = values
            return padded
        for k, (start, stop) in enumerate(pairwise(self.bounds.tolist()), 1):
            padded[start + k : stop + k] = values[start:stop]
        return padded

    def mean(self, values: NDArray[Any], least: int = 1) -> Numbers:
        """Return the means of the values, (n,).

        Parameters
        ----------
        values : array (m,) or bool (k, m)
            Numbers, or what is true of some.
        least : int
            NaN where there are fewer.

        Returns
        -------
        float64 (n,) or (k, n)
            In the precision of the values.
        """
        # In the precision of the values, as for each pair by itself.
        total = self.count(values) if values.dtype.kind == "b" else self.total(values)
        sizes = self.sizes.astype(total.dtype) if total.dtype.kind == "f" else self.sizes
        some = self.sizes >= max(least, 1)
        means = np.full(total.shape, NAN)
        means[..., some] = total[..., some] / sizes[some]
        return means

    def spread(self, values: NDArray[Any], least: int = 1) -> Numbers:
        """Return the standard deviations of the values, (n,).

        Parameters
        ----------
        values : array (m,)
            Numbers.
        least : int
            NaN where there are fewer.

        Returns
        -------
        float64 (n,)
            Not below 0.
        """
        means = self.mean(values)[self.owner]
        away = values - (means.astype(values.dtype) if values.dtype.kind == "f" else means)
        return np.sqrt(self.mean(away * away, least))

    def largest(self, values: NDArray[Any]) -> NDArray[Any]:
        """Return the largest value of every pair, (n,); 0 where it has none above."""
        return np.maximum.reduceat(self._with_zeros(values), self.bounds[:-1] + np.arange(len(self)))

    def parts(self, values: NDArray[Any]) -> list[NDArray[Any]]:
        """Return the values of every pair by itself: n views."""
        return [values[start:stop] for start, stop in pairwise(self.bounds.tolist())]


def with_owners(owners: Places | IntArray, ids: IntArray) -> NDArray[np.int64]:
    """Return ids of words as numbers that also tell their owners.

    Parameters
    ----------
    owners : int (m,)
        The pair, or the group, that each word is of.
    ids : int32 (m,)
        The words.

    Returns
    -------
    int64 (m,)
        Equal where both are.

    Examples
    --------
    >>> keys = with_owners(np.array([0, 1]), np.array([7, 7]))
    >>> owners_of(keys).tolist()
    [0, 1]
    """
    return owners.astype(np.int64) << _ID_BITS | ids


def owners_of(keys: NDArray[np.int64]) -> Places:
    """Return the owners that numbers of `with_owners` tell, (m,)."""
    return np.asarray(keys >> _ID_BITS)


def ratio(part: ArrayLike, whole: ArrayLike) -> Numbers:
    """Return ``part / whole``, NaN where ``whole`` is 0.

    Parameters
    ----------
    part, whole : array (n,)
        Two amounts of one unit.

    Returns
    -------
    float64 (n,)
        In [0, 1] where the part is one of the whole.

    Examples
    --------
    >>> ratio([1, 1], [4, 0]).tolist()
    [0.25, nan]
    """
    out = np.full(np.shape(whole), NAN)
    np.divide(part, whole, out=out, where=np.not_equal(whole, 0))
    return out


def logs(values: Numbers) -> Numbers:
    """Return natural logarithms, NaN where there is none.

    Number by number, by the C library: numpy's own differ from processor to processor.

    >>> logs(np.array([1.0, 0.0])).tolist()
    [0.0, nan]
    """
    return np.array([math.log(value) if value > 0 else NAN for value in values.tolist()])


def logs_of_one_more(values: NDArray[Any]) -> Numbers:
    """Return the natural logarithms of one plus each value, as `logs` does.

    >>> logs_of_one_more(np.array([0.0])).tolist()
    [0.0]
    """
    return np.array([math.log1p(value) for value in values.tolist()])


class Evidence(NamedTuple):
    """A number of one pair with the edits it was counted from.

    Attributes
    ----------
    value : float
        The feature's value; NaN where nothing could be measured.
    edits : int array (k,)
        Rows of ``AlignedPair.edits`` that count.
    """

    value: float
    edits: NDArray[np.int64]


class Measured(NamedTuple):
    """A number a pair with the edits that each was counted from.

    Attributes
    ----------
    values : float64 (n,)
        NaN where nothing could be measured.
    edits : Edits
        Those that count.
    """

    values: Numbers
    edits: Edits


Column = Numbers | Measured
"""What a feature found in some pairs."""


def evidence_of(column: Column, place: int) -> Evidence:
    """Return what a feature found in one pair: numbers alone count no edits.

    Parameters
    ----------
    column : float64 (n,) or Measured
        What was found in n pairs.
    place : int
        Which of them.

    Returns
    -------
    Evidence
        Of that pair.

    Examples
    --------
    >>> evidence_of(np.array([0.5, 2.0]), 1)
    Evidence(value=2.0, edits=array([], dtype=int64))
    """
    if not isinstance(column, Measured):
        return Evidence(float(column[place]), np.zeros(0, np.int64))
    bounds = column.edits.of.bounds
    return Evidence(float(column.values[place]), column.edits.rows[bounds[place] : bounds[place + 1]])


class Edits(NamedTuple):
    """Some edits of some pairs, one pair's after another's.

    Attributes
    ----------
    rows : int64 (k,)
        The row of each in ``AlignedPair.edits`` of its pair.
    of : Segments
        Which pair each is of.
    """

    rows: NDArray[np.int64]
    of: Segments

    def where(self, chosen: BoolArray) -> Edits:
        """Return those that are chosen."""
        places = np.flatnonzero(chosen)
        return Edits(self.rows[places], self.of.chosen(places))

    def share(self, counts: BoolArray, least: int = 1) -> Measured:
        """Return the share of the edits that count.

        Parameters
        ----------
        counts : bool (k,)
            Which of them count.
        least : int
            NaN where there are fewer edits.

        Returns
        -------
        Measured
            In [0, 1], with the edits that count.

        Examples
        --------
        >>> found = Edits(np.array([3, 5]), Segments(np.array([0, 2]))).share(np.array([True, False]))
        >>> evidence_of(found, 0)
        Evidence(value=0.5, edits=array([3]))
        """
        (found,) = self.shares(counts[np.newaxis], least)
        return found

    def shares(self, counts: BoolArray, least: int = 1) -> list[Measured]:
        """Return several shares at once, each as `share` does.

        Parameters
        ----------
        counts : bool (s, k)
            Which of the edits count for each share.
        least : int
            NaN where there are fewer edits.

        Returns
        -------
        list of Measured
            Of length s.
        """
        shares = self.of.mean(counts, least)
        return [Measured(share, self.where(own)) for share, own in zip(shares, counts, strict=True)]

    def mean(self, amounts: NDArray[np.floating[Any]], least: int = 1) -> Measured:
        """Return the mean of amounts, leaving out NaN.

        Parameters
        ----------
        amounts : float (k,)
            One an edit.
        least : int
            NaN where fewer remain.

        Returns
        -------
        Measured
            In single precision, with the edits that remain.
        """
        known = np.flatnonzero(~np.isnan(amounts))
        remain = Edits(self.rows[known], self.of.chosen(known))
        return Measured(remain.of.mean(amounts[known].astype(np.float32), least), remain)

    def per(self, amount: NDArray[Any], total: NDArray[Any]) -> Measured:
        """Return an amount that the edits make together, over a total.

        Parameters
        ----------
        amount, total : array (n,)
            One a pair.

        Returns
        -------
        Measured
            NaN where the total is 0.
        """
        return Measured(ratio(amount, total), self)
