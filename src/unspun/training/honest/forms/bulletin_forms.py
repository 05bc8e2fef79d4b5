"""Fill in what offices put out: a police log, a road closure."""

from __future__ import annotations

from numpy.random import Generator

from unspun.training.honest.forms.form_facts import DAYS, clock, count, date, phone, whole
from unspun.training.honest.forms.form_template import Facts, Form
from unspun.training.honest.invented_names import firm, person, pick, surname, town

_CHARGES = (
    "driving under the influence",
    "shoplifting",
    "disorderly conduct",
    "criminal mischief",
    "driving while suspended",
    "simple assault",
    "possession of stolen property",
    "harassment",
)
_GOODS = ("a bicycle", "a chain saw", "a set of tools", "a purse", "two car batteries", "a laptop", "copper pipe")
_STREETS = ("Street", "Avenue", "Road", "Lane", "Drive", "Court")


def _street(rng: Generator) -> str:
    return f"{surname(rng)} {pick(rng, _STREETS)}"


def _police_facts(rng: Generator) -> Facts:
    return {
        "town": town(rng),
        "county": surname(rng),
        "day": pick(rng, DAYS),
        "second_day": pick(rng, DAYS),
        "third_day": pick(rng, DAYS),
        "date": date(rng),
        "end": date(rng),
        "time": clock(rng),
        "second_time": clock(rng),
        "third_time": clock(rng),
        "fourth_time": clock(rng),
        "man": person(rng),
        "woman": person(rng),
        "driver": person(rng),
        "age": whole(rng, 18, 74),
        "second_age": whole(rng, 18, 74),
        "third_age": whole(rng, 18, 81),
        "charge": pick(rng, _CHARGES),
        "second_charge": pick(rng, _CHARGES),
        "street": _street(rng),
        "second_street": _street(rng),
        "third_street": _street(rng),
        "fourth_street": _street(rng),
        "block": whole(rng, 100, 4_900, 100),
        "goods": pick(rng, _GOODS),
        "value": whole(rng, 60, 3_400, 10),
        "damage": whole(rng, 200, 8_000, 100),
        "store": firm(rng),
        "calls": whole(rng, 31, 420),
        "stops": whole(rng, 8, 96),
        "bail": whole(rng, 500, 25_000, 500),
        "phone": phone(rng),
        "chief": person(rng),
        "officer": surname(rng),
        "animal": pick(rng, ("a loose dog", "two goats", "a cow on the road", "an injured deer", "a swan in a yard")),
    }


POLICE_LOG = Form("police-log", _police_facts)


def _closure_facts(rng: Generator) -> Facts:
    return {
        "county": surname(rng),
        "road": pick(rng, ("Route", "Highway", "County Road")) + f" {int(rng.integers(2, 998))}",
        "street": _street(rng),
        "second_street": _street(rng),
        "detour": _street(rng),
        "second_detour": pick(rng, ("Route", "Highway")) + f" {int(rng.integers(2, 98))}",
        "town": town(rng),
        "second_town": town(rng),
        "day": pick(rng, DAYS[:5]),
        "date": date(rng),
        "end": date(rng),
        "open": clock(rng, 5, 8),
        "close": clock(rng, 18, 22),
        "work": pick(
            rng,
            (
                "resurfacing",
                "the repair of a bridge",
                "the replacement of a culvert",
                "work on a gas main",
                "the renewal of the water main",
                "tree felling",
                "line painting",
            ),
        ),
        "length": f"{rng.uniform(0.3, 9.5):.1f}",
        "vehicles": whole(rng, 800, 41_000, 100),
        "cost": f"{rng.uniform(0.1, 7.8):.1f}",
        "contractor": firm(rng),
        "minutes": whole(rng, 5, 25, 5),
        "days": count(rng, 2, 12),
        "bus": whole(rng, 2, 88),
        "stop": _street(rng),
        "person": person(rng),
        "phone": phone(rng),
        "project": f"{int(rng.integers(1000, 99999))}",
        "limit": whole(rng, 25, 45, 5),
    }


ROAD_CLOSURE = Form("road-closure", _closure_facts)
