"""Draw what stands in the slots of forms: days, dates, hours, sums, shares."""

from __future__ import annotations

from numpy.random import Generator

from unspun.training.honest.invented_names import pick

DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
MONTHS = "January February March April May June July August September October November December".split()
COUNTS = "no one two three four five six seven eight nine ten eleven twelve".split()
ORDINALS = "zeroth first second third fourth fifth sixth seventh eighth ninth tenth".split()


def day(rng: Generator) -> str:
    """Return a day of the week."""
    return pick(rng, DAYS)


def date(rng: Generator) -> str:
    """Return a day and a month, without the year."""
    return f"{pick(rng, MONTHS)} {int(rng.integers(1, 29))}"


def clock(rng: Generator, low: int = 0, high: int = 23) -> str:
    """Return a time of day, such as ``7:05 p.m.``.

    Parameters
    ----------
    rng : Generator
        All that is left to chance.
    low : int
        Least value.
    high : int
        Greatest value.

    Returns
    -------
    str
    """
    hour, minute = int(rng.integers(low, high + 1)), int(rng.integers(0, 60))
    return f"{(hour - 1) % 12 + 1}:{minute:02} {'a' if hour < 12 else 'p'}.m."


def share(rng: Generator, low: float, high: float, decimals: int = 1) -> str:
    """Return a number with decimals, evenly drawn from a range.

    Parameters
    ----------
    rng : Generator
        All that is left to chance.
    low : int
        Least value.
    high : int
        Greatest value.
    decimals : int
        Digits after the point.

    Returns
    -------
    str
    """
    return f"{rng.uniform(low, high):.{decimals}f}"


def whole(rng: Generator, low: int, high: int, step: int = 1) -> str:
    """Return a whole number, with commas.

    Parameters
    ----------
    rng : Generator
        All that is left to chance.
    low : int
        Least value.
    high : int
        Greatest value.
    step : int
        Values are multiples of it.

    Returns
    -------
    str
    """
    return f"{int(rng.integers(low // step, high // step + 1)) * step:,}"


def count(rng: Generator, low: int, high: int) -> str:
    """Return a small number in words.

    Parameters
    ----------
    rng : Generator
        All that is left to chance.
    low : int
        Least value.
    high : int
        Greatest value.

    Returns
    -------
    str
    """
    return COUNTS[int(rng.integers(low, high + 1))]


def phone(rng: Generator) -> str:
    """Return a telephone number of a range that no one has."""
    return f"555-01{int(rng.integers(0, 100)):02}"
