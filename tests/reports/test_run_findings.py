"""Findings as a terminal shows them: whole, in 80 columns, and nothing that a page says of itself acts on it."""

from __future__ import annotations

import re
import unicodedata

import pandas as pd
import pytest

from unspun.crawl.ranking import read_truth
from unspun.io.tables import FINDINGS, conform
from unspun.reports.run_findings import findings_text
from unspun.reports.terminal import Look

HOSTILE = (
    "\x1b[31mred\x1b]8;;https://evil.example\x07link\x1b]8;;\x07\u202edlrow\u202c\u200b\r\n\x9b2J春の海" + "x" * 300
)
ODD = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e]")


def findings(*rows: dict[str, object]) -> pd.DataFrame:
    """Return FINDINGS, some of their columns given."""
    whole = []
    for number, row in enumerate(rows, 1):
        base: dict[str, object] = dict.fromkeys(FINDINGS.names, "")
        base |= dict.fromkeys(("p_spun", "p_low", "p_high", "p_forward", "sure", "coverage", "source_coverage"), 0.9)
        base |= {"finding": number, "spun_share": 0.5, "n_substitutions": 7, "open": False, "cluster": 1}
        whole.append(base | {"resembles": "[]", "abstained": None, "model": "m"} | row)
    return conform(pd.DataFrame(whole, columns=FINDINGS.names), FINDINGS)


def width(line: str) -> int:
    return sum(1 + (unicodedata.east_asian_width(char) in "WF") for char in line if not unicodedata.combining(char))


def test_findings_stand_below_their_source() -> None:
    like = '[{"article_id": "c", "how": "copy of the source", "p_spun": 0.9}]'
    table = findings(
        {"suspect_id": "s", "suspect_title": "A tempest", "suspect_site": "spun.example", "source_id": "o"},
        {"suspect_id": "t", "source_id": "o", "source_published": "2025-03-12T08:00:00Z", "resembles": like},
    ).assign(source_title="A storm", why=["swaps", "2 other pages"], against=["", "dates"])
    assert findings_text(table).splitlines() == [
        "2 pages look machine-spun, from 1 source",
        "",
        "Source: A storm",
        "  no date",
        "  1  A tempest",
        "     spun.example, no date: p_spun 0.900, 50% spun",
        "     told by swaps",
        "  2  t",
        "     no date: p_spun 0.900, 50% spun",
        "     told by 2 other pages; against it: dates",
    ]
    lines = [line.strip() for line in findings_text(table, look=Look(verbose=True)).splitlines()]
    assert "0.900 to 0.900, p_forward 0.900, sure 0.900, coverage 0.90, 7 substitutions" in lines
    assert "copy of the source: c" in lines


def test_an_open_finding_names_both_pages_and_accuses_neither() -> None:
    table = findings({"suspect_id": "s", "source_id": "o", "open": True, "suspect_title": "A tempest"})
    lines = findings_text(table).splitlines()
    assert lines[:3] == [
        "1 case open; no page is told as spun",
        "",
        "Open: not decided which of the two is spun, or too little to rely on",
    ]
    assert {"  1  o", "     A tempest"} <= set(lines)
    assert not any("Source" in line or "% spun" in line for line in lines)


def test_no_finding_is_said_to_be_none() -> None:
    assert findings_text(findings()) == "No spun page was found."


@pytest.mark.parametrize("look", [Look(), Look(colour=True), Look(verbose=True)])
def test_hostile_pages_are_shown_and_never_sent(look: Look) -> None:
    names = [f"{side}_{name}" for side in ("source", "suspect") for name in ("id", "title", "site", "published")]
    hostile = dict.fromkeys([*names, "abstained"], HOSTILE)
    text = findings_text(findings(hostile, hostile | {"open": True}), look=look)
    plain = re.sub(r"\x1b\[\d+m", "", text) if look.colour else text
    assert not ODD.search(plain)
    assert "⟨U+202E⟩" in plain
    assert look.colour == ("\x1b[31mp_spun" in text)
    assert "\x1b[31mred" not in text
    if not look.verbose:
        assert max(map(width, plain.splitlines())) <= 80


def test_the_truth_stands_beside_and_what_was_missed_is_named(tmp_path) -> None:
    rows = "source,suspect,relation,family\no,s,spun,synonym\no,t,spun,llm\no,u,copied,wire\n"
    (tmp_path / "truth.csv").write_text(rows)
    table = findings({"suspect_id": "s", "source_id": "o"}, {"suspect_id": "u", "source_id": "o"})
    lines = findings_text(table, read_truth(tmp_path / "truth.csv")).splitlines()
    assert [line.strip() for line in lines if "truth" in line] == ["truth: spun (synonym)", "truth: copied (wire)"]
    assert lines[-2:] == ["Spun, and not among the findings", "  t"]
