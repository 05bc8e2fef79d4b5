"""What a run tells of a pair, in a terminal and as Markdown: nobody is accused by a pair alone."""

import re

import pytest
from explanations import FOUND
from pages import HOSTILE

from unspun.reports.markdown import as_markdown
from unspun.reports.pages.page_context import PairContext, TextAbout
from unspun.reports.pages.run_context import told_in_run
from unspun.reports.terminal import as_text

ODD = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e]")
SOURCE, SUSPECT = TextAbout("A", "a.example", "2025-03-12T08:00", "a"), TextAbout("B", "b.example", "", "b")


@pytest.mark.parametrize(
    ("role", "verdict"),
    [
        ("finding", "likely, finding 3"),
        ("open", "open, case 3"),
        ("explained", "explained by other pages"),
        ("licensed", "likely, on a site that may republish"),
    ],
)
def test_the_verdict_is_that_of_the_run(role, verdict):
    context = PairContext(
        SOURCE, SUSPECT, role, "So the dates say.", sure=0.9, finding=3 * (role in ("finding", "open"))
    )
    told = told_in_run(FOUND, context)
    text, marked = as_text(FOUND, told=told), as_markdown(FOUND, told)
    assert text.startswith(f"verdict    {verdict.replace('likely', FOUND.verdict)}\nwhy        So the dates say.\n")
    assert "a.example, 2025-03-12\n" in text
    assert marked.startswith(f"# Machine-spun: {told.verdict}\n")
    assert [("p_forward" in shown) for shown in (text, marked)] == [role in ("finding", "licensed")] * 2


@pytest.mark.parametrize("role", ["", "finding", "open", "explained", "licensed"])
def test_hostile_sites_dates_and_titles_are_shown_and_never_sent(role):
    about = TextAbout(*[f"\x1b[31m\u202e{HOSTILE}"] * 4)
    told = told_in_run(FOUND, PairContext(about, about, role, f"\x1b]8;;https://evil.example\x07 {HOSTILE}"))
    for shown in (as_text(FOUND, told=told), as_markdown(FOUND, told)):
        assert not ODD.search(shown)
    assert max(map(len, as_text(FOUND, told=told).splitlines())) <= 80
