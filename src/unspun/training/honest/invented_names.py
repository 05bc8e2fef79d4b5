"""Invent names of people, towns, firms and clubs.

Any likeness to real ones is chance.
"""

from __future__ import annotations

from collections.abc import Sequence

from numpy.random import Generator

_GIVEN = (
    "Ada Aldo Alma Anders Anton Arlo Bea Bela Boris Brita Carla Cato Celia Cesar Clara Conrad Cora Dana Dario Della "
    "Dora Edda Edgar Elena Elias Elsa Emil Enid Erik Esme Ezra Fergus Flora Frida Georg Gemma Greta Hanna Harriet "
    "Hector Hilda Hugo Ida Ines Ingrid Isak Ivan Ivor Jana Jasper Jonas Josef Julian Karin Katya Lars Leila Lena Leo "
    "Lionel Lotte Lucia Magnus Maia Marcus Marta Mateo Mina Mira Moira Nadia Nell Nestor Nina Noel Olga Olive Oscar "
    "Otto Owen Paula Petra Pia Quentin Rafael Ramon Renata Rhea Rosa Rufus Runa Sabine Selma Silas Simon Sofia Stefan "
    "Tamar Tessa Theo Tilda Tomas Tova Una Vera Viktor Wanda Wilf Yara Yusuf Zara Zoltan"
).split()
_SURNAME_STARTS = (
    "Al Am Ard Bal Bar Bel Ber Bran Bren Cal Car Cor Cral Dal Dan Del Dor Dun El Em Er Fal Far Fen Gal Gar Gil Hal "
    "Har Hel Hol Is Jar Jel Kal Kel Ken Kor Lam Lan Lin Lor Mal Mar Mel Mor Nal Nor Os Or Pal Pel Per Quin Ral Ran Ren "
    "Ros Sal San Sel Sor Tal Tar Thor Tol Ul Val Ven Vor Wal War Wen Wil Yor Zel"
).split()
_SURNAME_ENDS = (
    "an ard aro as beck berg by cott croft dahl den der dine dor ell en er ero es ette ey feld gren ham hart holt ic "
    "ick in ing is ka kin ley lin lock low lund man mere mont more nell ner nick o off olt or ov quist rick rill row "
    "sen shaw sky son stam stead strom ton tova uk us van vik ward well wick win worth"
).split()
_TOWN_ENDS = (
    "bourne bridge brook burgh burn bury by cliff combe dale den field ford gate ham haven head holm hurst ley low "
    "marsh mere minster mouth ness pool port sea side stead stoke ton vale well wick wold wood worth"
).split()
_TOWN_FIRST = "East Great Little Lower New North Old Port South Upper West Saint".split()
_TRADES = (
    "Aerospace Analytics Bakeries Bancorp Biosciences Breweries Building Capital Cement Chemicals Components Copper "
    "Dairies Devices Electric Energy Engineering Foods Freight Gas Genetics Glass Grain Holdings Hotels Industries "
    "Insurance Instruments Leisure Logistics Marine Materials Media Mining Motors Networks Outdoor Paper Pharma "
    "Plastics Properties Rail Rentals Retail Robotics Semiconductor Shipping Software Solar Steel Systems Telecom "
    "Textiles Timber Tools Transport Water Wireless"
).split()
_LEGAL_FORMS = ("Inc.", "Corp.", "plc", "Ltd", "Group", "Co.", "AG", "Holdings")
_CLUB_ENDS = ("United", "Rovers", "City", "Athletic", "Wanderers", "Town", "Rangers", "Albion", "Harriers", "Foxes")


def given_name(rng: Generator) -> str:
    """Return a given name."""
    return pick(rng, _GIVEN)


def surname(rng: Generator) -> str:
    """Return a coined surname."""
    return _coined(rng, _SURNAME_STARTS, _SURNAME_ENDS)


def person(rng: Generator) -> str:
    """Return a given name and a coined surname."""
    return f"{given_name(rng)} {surname(rng)}"


def town(rng: Generator) -> str:
    """Return a coined town; one in eight has two words."""
    name = _coined(rng, _SURNAME_STARTS, _TOWN_ENDS)
    return f"{pick(rng, _TOWN_FIRST)} {name}" if rng.random() < 0.125 else name


def firm(rng: Generator) -> str:
    """Return a coined firm with its trade, without its legal form."""
    return f"{surname(rng) if rng.random() < 0.7 else town(rng)} {pick(rng, _TRADES)}"


def legal_form(rng: Generator) -> str:
    """Return what follows a firm's name in notices."""
    return pick(rng, _LEGAL_FORMS)


def club(rng: Generator) -> str:
    """Return a coined sports club."""
    return f"{town(rng)} {pick(rng, _CLUB_ENDS)}"


def pick(rng: Generator, words: Sequence[str]) -> str:
    """Return one of several words.

    Parameters
    ----------
    rng : Generator
        All that is left to chance.
    words : sequence of str
        Words to draw from.

    Returns
    -------
    str
    """
    return words[int(rng.integers(len(words)))]


def _coined(rng: Generator, starts: Sequence[str], ends: Sequence[str]) -> str:
    start, end = pick(rng, starts), pick(rng, ends)
    # No letter stands three times, and no two of one sort meet where that looks odd.
    return start + (end[1:] if start[-1] == end[0] and len(end) > 3 else end)
