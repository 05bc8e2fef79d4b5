"""Fill in what follows a timetable: a match report, a flight that is late."""

from __future__ import annotations

from numpy.random import Generator

from unspun.training.honest.forms.form_facts import COUNTS, DAYS, ORDINALS, clock, count, date, whole
from unspun.training.honest.forms.form_template import Facts, Form
from unspun.training.honest.invented_names import club, given_name, person, pick, surname, town


def _match_facts(rng: Generator) -> Facts:
    goals_lost = int(rng.integers(0, 4))
    goals_won = goals_lost + int(rng.integers(1, 4))
    winner, loser = club(rng), club(rng)
    minutes = sorted(int(minute) for minute in rng.integers(2, 90, size=4))
    return {
        "winner": winner,
        "loser": loser,
        "won_town": winner.rsplit(" ", 1)[0],
        "lost_town": loser.rsplit(" ", 1)[0],
        "score": f"{goals_won}-{goals_lost}",
        "day": pick(rng, DAYS),
        "ground": f"{surname(rng)} {pick(rng, ('Park', 'Road', 'Lane', 'Stadium', 'Ground'))}",
        "crowd": whole(rng, 310, 31_000),
        "scorer": person(rng),
        "second": person(rng),
        "third": f"{given_name(rng)} {surname(rng)}",
        "keeper": surname(rng),
        "coach": person(rng),
        "losing_coach": person(rng),
        "referee": person(rng),
        "one": str(minutes[0]),
        "two": str(minutes[1]),
        "three": str(minutes[2]),
        "four": str(minutes[3]),
        "assist": surname(rng),
        "place": ORDINALS[int(rng.integers(1, 11))],
        "lost_place": ORDINALS[int(rng.integers(1, 11))],
        "points": whole(rng, 8, 78),
        "games": count(rng, 2, 9),
        "season": COUNTS[int(rng.integers(3, 13))],
        "next": club(rng),
        "next_lost": club(rng),
        "next_day": pick(rng, DAYS),
        "shots": whole(rng, 6, 24),
        "lost_shots": whole(rng, 3, 17),
        "share": whole(rng, 38, 68),
        "league": pick(
            rng, ("Northern Premier", "County League", "Division Two", "Eastern Conference", "Regional Cup")
        ),
    }


MATCH_REPORT = Form("match-report", _match_facts)


def _flight_facts(rng: Generator) -> Facts:
    carrier = f"{surname(rng)} {pick(rng, ('Air', 'Airways', 'Airlines', 'Express'))}"
    return {
        "carrier": carrier,
        "code": "".join(pick(rng, "ABCDEFGHKLMNPRSTVWXZ") for _ in range(2)) + whole(rng, 101, 989),
        "origin": town(rng),
        "destination": town(rng),
        "via": town(rng),
        "gate": f"{pick(rng, 'ABCDE')}{int(rng.integers(1, 48))}",
        "new_gate": f"{pick(rng, 'ABCDE')}{int(rng.integers(1, 48))}",
        "terminal": whole(rng, 1, 5),
        "planned": clock(rng, 5, 22),
        "expected": clock(rng, 5, 23),
        "arrival": clock(rng, 6, 23),
        "delay": whole(rng, 25, 290, 5),
        "day": pick(rng, DAYS),
        "date": date(rng),
        "aircraft": pick(rng, ("a twin-engine jet", "a regional jet", "a turboprop", "a wide-body jet")),
        "seats": whole(rng, 48, 320),
        "cause": pick(
            rng,
            (
                "the late arrival of the aircraft",
                "a technical check",
                "thunderstorms on the route",
                "a shortage of crew",
                "a strike of ground staff",
                "fog at the destination",
                "the closure of a runway",
                "congestion in the air",
            ),
        ),
        "belt": whole(rng, 1, 14),
        "others": count(rng, 2, 12),
        "on_time": whole(rng, 51, 93),
        "voucher": whole(rng, 8, 25),
        "hours": count(rng, 2, 5),
        "refund": whole(rng, 200, 600, 50),
        "desk": whole(rng, 3, 88),
        "phone": f"555-01{int(rng.integers(0, 100)):02}",
    }


FLIGHT_STATUS = Form("flight-status", _flight_facts)
