"""Fill in what instruments tell: a weather forecast, an earthquake."""

from __future__ import annotations

from numpy.random import Generator

from unspun.training.honest.forms.form_facts import DAYS, clock, count, date, share, whole
from unspun.training.honest.forms.form_template import Facts, Form
from unspun.training.honest.invented_names import pick, surname, town

_SKIES = ("sunny", "mostly sunny", "partly cloudy", "mostly cloudy", "overcast", "hazy", "clear", "grey and damp")
_WINDS = ("north", "northeast", "east", "southeast", "south", "southwest", "west", "northwest")
_FALLS = ("showers", "drizzle", "light rain", "heavy rain", "thunderstorms", "sleet", "snow showers", "patchy fog")
_REGIONS = (
    "the coast",
    "the valleys",
    "the hill country",
    "the eastern half of the county",
    "higher ground",
    "the lake district",
    "the southern plain",
)


def _weather_facts(rng: Generator) -> Facts:
    today = int(rng.integers(7))
    high = int(rng.integers(2, 34))
    return {
        "town": town(rng),
        "other_town": town(rng),
        "county": f"{surname(rng)} County",
        "today": DAYS[today],
        "tomorrow": DAYS[(today + 1) % 7],
        "third": DAYS[(today + 2) % 7],
        "fourth": DAYS[(today + 3) % 7],
        "date": date(rng),
        "sky": pick(rng, _SKIES),
        "later_sky": pick(rng, _SKIES),
        "next_sky": pick(rng, _SKIES),
        "high": str(high),
        "low": str(high - int(rng.integers(4, 13))),
        "next_high": str(high + int(rng.integers(-5, 6))),
        "next_low": str(high - int(rng.integers(5, 14))),
        "third_high": str(high + int(rng.integers(-6, 7))),
        "usual": str(high + int(rng.integers(-4, 5))),
        "record": str(high + int(rng.integers(4, 11))),
        "record_year": str(int(rng.integers(1921, 2020))),
        "wind": pick(rng, _WINDS),
        "later_wind": pick(rng, _WINDS),
        "speed": whole(rng, 5, 35, 5),
        "gusts": whole(rng, 40, 95, 5),
        "fall": pick(rng, _FALLS),
        "later_fall": pick(rng, _FALLS),
        "chance": whole(rng, 10, 90, 10),
        "amount": whole(rng, 2, 28),
        "humidity": whole(rng, 38, 97),
        "region": pick(rng, _REGIONS),
        "sunrise": clock(rng, 5, 7),
        "sunset": clock(rng, 16, 21),
        "uv": whole(rng, 1, 9),
        "pollen": pick(rng, ("low", "moderate", "high", "very high")),
        "sea": pick(rng, ("calm", "slight", "moderate", "rough")),
        "pressure": str(int(rng.integers(985, 1036))),
    }


WEATHER = Form("weather", _weather_facts)


def _quake_facts(rng: Generator) -> Facts:
    magnitude = float(rng.uniform(2.6, 7.1))
    return {
        "magnitude": f"{magnitude:.1f}",
        "size": "weak" if magnitude < 3.5 else "light" if magnitude < 5 else "moderate" if magnitude < 6 else "strong",
        "town": town(rng),
        "second_town": town(rng),
        "city": town(rng),
        "distance": whole(rng, 2, 90),
        "second_distance": whole(rng, 12, 180),
        "direction": pick(rng, _WINDS),
        "depth": share(rng, 2, 140),
        "time": clock(rng),
        "day": pick(rng, DAYS),
        "date": date(rng),
        "reports": whole(rng, 14, 4_800),
        "past": count(rng, 2, 12),
        "past_magnitude": share(rng, 3.0, 4.6),
        "aftershock": f"{magnitude - float(rng.uniform(0.8, 2)):.1f}",
        "n_aftershocks": count(rng, 2, 9),
        "latitude": share(rng, 21, 61, 3),
        "longitude": share(rng, 12, 160, 3),
        "survey": pick(
            rng,
            (
                "the national seismic survey",
                "the regional seismic network",
                "the earthquake observatory",
                "the institute of geophysics",
            ),
        ),
        "old_year": str(int(rng.integers(1902, 2009))),
        "old_magnitude": share(rng, 5.6, 7.4),
        "fault": f"{surname(rng)} fault",
    }


EARTHQUAKE = Form("earthquake", _quake_facts)
