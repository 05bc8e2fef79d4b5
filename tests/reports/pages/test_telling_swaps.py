"""The swaps that a page shows inside their sentences."""

from __future__ import annotations

from types import SimpleNamespace

from unspun.comparison.alignment import align
from unspun.evidence.changes import read_changes
from unspun.evidence.substitutions import substitutions
from unspun.reports.pages.telling_swaps import telling_swaps
from unspun.text.tokenizer import read_text


def shown(source: str, suspect: str) -> list[tuple[str, str]]:
    pair = align(read_text(source), read_text(suspect))
    reading = read_changes(pair)
    found = SimpleNamespace(substitutions=substitutions(pair, None, reading), rows=reading.rows)
    return [(one.source.phrase, one.suspect.phrase) for one in telling_swaps(found, source, suspect)]


def test_a_swap_in_another_form_or_backwards_is_shown_once() -> None:
    source = "The ferry sank at dawn. Two ferries lay on the quay. Nobody saw the boat of Marta Ilven leave."
    suspect = "The boat sank at dawn. Two boats lay on the quay. Nobody saw the ferry of Marta Ilven leave."
    assert len(shown(source, suspect)) == 1


def test_what_tells_nothing_is_not_shown() -> None:
    source = "Four million crowns were missing, Orla Finch told the council, and the geometric plan had failed."
    suspect = "4,000,000 crowns were missing, Orla Finch told the council, and the geometrical plan had failed."
    assert shown(source, suspect) == []
