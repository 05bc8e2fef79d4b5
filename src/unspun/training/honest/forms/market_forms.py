"""Fill in what services write about firms: a stock report, earnings."""

from __future__ import annotations

from numpy.random import Generator

from unspun.training.honest.forms.form_facts import DAYS, MONTHS, date, share, whole
from unspun.training.honest.forms.form_template import Facts, Form
from unspun.training.honest.invented_names import firm, given_name, legal_form, person, pick, surname

_RATINGS = (
    "buy",
    "hold",
    "sell",
    "outperform",
    "underperform",
    "overweight",
    "neutral",
    "equal weight",
    "market perform",
)
_BRANCHES = (
    "makes pumps and valves for water works",
    "runs budget hotels along motorways",
    "develops software for warehouses",
    "sells frozen meals to supermarkets",
    "leases trucks and trailers",
    "designs sensors for farm machines",
    "mines copper and zinc",
    "operates private clinics",
    "prints packaging for the food trade",
    "insures homes and small businesses",
    "builds wind farms at sea",
    "provides mobile service in rural areas",
)


def _stock_facts(rng: Generator) -> Facts:
    name, up = firm(rng), bool(rng.random() < 0.5)
    price = float(rng.uniform(4, 320))
    change = float(rng.uniform(0.2, 7.5))
    low = price * float(rng.uniform(0.55, 0.95))
    return {
        "firm": name,
        "short": name.split()[0],
        "legal": legal_form(rng),
        "ticker": "".join(pick(rng, "ABCDEFGHKLMNPRSTVWXZ") for _ in range(int(rng.integers(3, 5)))),
        "exchange": pick(rng, ("NYSE", "NASDAQ", "LON", "TSE", "ASX")),
        "moved": pick(rng, ("rose", "gained", "climbed", "advanced") if up else ("fell", "lost", "slid", "declined")),
        "moving": pick(rng, ("up", "higher by") if up else ("down", "lower by")),
        "pct": f"{change:.1f}",
        "price": f"{price:.2f}",
        "before": f"{price / (1 + change / 100 * (1 if up else -1)):.2f}",
        "low": f"{low:.2f}",
        "high": f"{price * float(rng.uniform(1.05, 1.6)):.2f}",
        "volume": whole(rng, 41_000, 9_800_000, 100),
        "average": whole(rng, 41_000, 9_800_000, 100),
        "cap": share(rng, 0.2, 88, 2),
        "cap_unit": pick(rng, ("billion", "billion", "million")),
        "pe": share(rng, 6, 71, 2),
        "beta": share(rng, 0.4, 2.1, 2),
        "fifty": f"{price * float(rng.uniform(0.85, 1.15)):.2f}",
        "long": f"{price * float(rng.uniform(0.7, 1.25)):.2f}",
        "day": pick(rng, DAYS[:5]),
        "broker": f"{surname(rng)} {pick(rng, ('Securities', 'Research', 'Partners', 'Capital', 'Brothers'))}",
        "rival": f"{surname(rng)} & {surname(rng)}",
        "rating": pick(rng, _RATINGS),
        "older": pick(rng, _RATINGS),
        "target": f"{price * float(rng.uniform(0.8, 1.6)):.2f}",
        "older_target": f"{price * float(rng.uniform(0.8, 1.6)):.2f}",
        "n_buy": whole(rng, 2, 14),
        "n_hold": whole(rng, 1, 9),
        "fund": f"{surname(rng)} {pick(rng, ('Asset Management', 'Advisors', 'Wealth', 'Trust'))}",
        "stake": whole(rng, 1_100, 940_000),
        "stake_pct": share(rng, 1, 61, 1),
        "insider": person(rng),
        "post": pick(rng, ("director", "chief executive", "treasurer", "vice president", "general counsel")),
        "sold": whole(rng, 900, 64_000, 10),
        "date": date(rng),
        "branch": pick(rng, _BRANCHES),
    }


STOCK_REPORT = Form("stock-report", _stock_facts)


def _earnings_facts(rng: Generator) -> Facts:
    name, better = firm(rng), bool(rng.random() < 0.6)
    expected = float(rng.uniform(0.1, 4.2))
    revenue = float(rng.uniform(40, 980))
    return {
        "firm": name,
        "short": name.split()[0],
        "legal": legal_form(rng),
        "quarter": pick(rng, ("first", "second", "third", "fourth")),
        "year": str(int(rng.integers(2016, 2027))),
        "month": pick(rng, MONTHS),
        "verdict": pick(
            rng, ("beat", "topped", "exceeded") if better else ("missed", "fell short of", "came in below")
        ),
        "eps": f"{expected * float(rng.uniform(1.02, 1.3) if better else rng.uniform(0.7, 0.98)):.2f}",
        "expected": f"{expected:.2f}",
        "revenue": f"{revenue:.1f}",
        "revenue_before": f"{revenue * float(rng.uniform(0.8, 1.2)):.1f}",
        "revenue_pct": share(rng, 0.4, 24),
        "profit": share(rng, 3, 120),
        "profit_before": share(rng, 3, 120),
        "direction": pick(rng, ("rose", "grew", "increased") if better else ("fell", "dropped", "decreased")),
        "margin": share(rng, 4, 38),
        "margin_before": share(rng, 4, 38),
        "dividend": share(rng, 0.05, 1.2, 2),
        "outlook_low": f"{revenue * float(rng.uniform(0.95, 1.02)):.0f}",
        "outlook_high": f"{revenue * float(rng.uniform(1.03, 1.12)):.0f}",
        "chief": person(rng),
        "finance": f"{given_name(rng)} {surname(rng)}",
        "moved": pick(rng, ("rose", "fell", "were little changed", "gained ground", "slipped")),
        "debt": share(rng, 12, 900, 0),
        "cash": share(rng, 12, 700, 0),
        "staff": whole(rng, 240, 42_000, 10),
        "region": pick(rng, ("North America", "Europe", "Asia", "Latin America", "the Gulf", "Scandinavia")),
        "cause": pick(
            rng,
            (
                "higher prices",
                "strong demand",
                "lower freight costs",
                "weak orders",
                "a strong currency",
                "a mild winter",
                "the closure of two plants",
            ),
        ),
        "date": date(rng),
    }


EARNINGS = Form("earnings", _earnings_facts)
