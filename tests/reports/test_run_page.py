"""The page of a run: its counts add up, its groups are right, and nothing that was crawled can break it."""

import time

import numpy as np
import pytest
from pages import HOSTILE as BROKEN
from pages import digest, is_self_contained, parse, policy
from run_tables import REJECTS, SCORED, SITES, SWAPS, articles, scores, swaps

from unspun.io.tables import Reject, rejects_frame
from unspun.reports.pages.run_page import corpus_page
from unspun.reports.run_overview import corpus

# Tables hold no lone surrogates.
HOSTILE = BROKEN.replace("\ud800", "")


@pytest.fixture(scope="module")
def run():
    return corpus(articles(), scores(*SCORED), rejects_frame(REJECTS), swaps(*SWAPS))


def test_counts_add_up(run):
    counts = run.counts
    assert counts.n_read == counts.n_articles + counts.n_rejected == 8
    assert counts.n_articles == counts.n_paired + counts.n_alone
    assert counts.n_pairs == counts.n_flagged + counts.n_below + counts.n_unscored
    assert sum(n for *_, n in counts.rejected) == counts.n_rejects == 3
    assert run.histogram.sum() == counts.n_pairs - counts.n_unscored


def test_reasons_that_differ_in_numbers_are_one(run):
    assert run.counts.rejected[0] == ("read", "page of … bytes", 2)


def test_every_spun_page_has_one_source(run):
    first, second = run.stars
    assert (first.name, [child.name for child in first.children]) == ("Title of o1", ["Title of s1", "Title of s2"])
    assert [(child.source_id, child.suspect_id) for child in second.children] == [("o2", "s3")]
    assert run.counts.n_derived == 3


def test_sites_say_from_how_many_they_derive(run):
    line = run.sites[0]
    assert (line.site, line.n_pages, line.n_derived, line.n_source_sites) == ("spun.example", 4, 3, 2)
    (row,) = parse(corpus_page(run, {})).xpath("//table[@class='sites']//tr[th[.='spun.example']]")
    assert [cell.text_content() for cell in row.xpath("td")][:3] == ["4", "3 (75%)", "2"]


def test_fingerprints_are_swaps_of_several_pages_of_a_site(run):
    # `old` for `ancient` is on one page only, though in two pairs.
    assert [(one.source, one.suspect, one.n_pages) for one in run.fingerprints] == [("big", "large", 2)]


def test_rare_swaps_come_first_and_those_seen_elsewhere_last():
    rows = [(f"o{k}", f"s{k}", 0.99, 0.9) for k in range(4)]
    sites = {f"o{k}": "origin.example" for k in range(4)} | {f"s{k}": f"spun{k % 2}.example" for k in range(4)}
    words = [("big", "large"), ("dam", "hindrance")]
    made = [(f"o{k}", f"s{k}", *pair) for k in (0, 2) for pair in words]
    made += [(f"o{k}", f"s{k}", "said", "revealed") for k in range(4)]
    found = corpus(articles(sites), scores(*rows), rejects_frame([]), swaps(*made)).fingerprints
    assert [(one.site, one.suspect, one.n_elsewhere) for one in found] == [
        ("spun0.example", "hindrance", 0),
        ("spun0.example", "large", 0),
        ("spun0.example", "revealed", 2),
        ("spun1.example", "revealed", 2),
    ]


def test_what_is_open_accuses_nobody():
    unsure = corpus(articles(), scores(("o1", "s1", 0.99, 0.5)), rejects_frame([]), swaps())
    assert [(case.source_id, case.suspect_id) for case in unsure.open_cases] in ([("o1", "s1")], [("s1", "o1")])
    tree = parse(corpus_page(unsure, {}))
    assert "0 pages of 6 look machine-spun" in tree.text_content()
    assert len(tree.xpath("//section[@id='open']//li")) == 1
    assert not tree.xpath("//ol[@id='stars']")


def test_honest_relations_are_counted_and_some_are_named():
    table = scores(("o1", "s1", 0.01, 0.5), ("o2", "s3", 0.02, 0.5)).assign(p_copied=0.9, p_edited=0.05)
    table = table.assign(coverage=0.95, source_coverage=[0.95, 0.2])
    found = corpus(articles(), table, rejects_frame([]), swaps()).honest
    assert [(line.kind, line.n_pairs) for line in found] == [("copies", 1), ("quotations and copies of a part", 1)]
    assert found[0].examples == (("Title of o1", "Title of s1"),)


def test_a_spun_page_is_in_no_honest_relation():
    table = scores(*SCORED, ("s1", "s3", 0.1, 0.5), ("o2", "s4", 0.1, 0.5)).assign(p_copied=0.9)
    found = corpus(articles(), table, rejects_frame([]), swaps()).honest
    assert [one for line in found for one in line.examples] == [
        ("Title of o1", "Title of o2"),
        ("Title of o2", "Title of s4"),
    ]


def test_the_page_runs_its_one_script_and_fetches_nothing(run):
    tree = parse(corpus_page(run, {("o1", "s1"): "pair-0123456789abcdef.html"}))
    assert is_self_contained(tree)
    allowed = policy(tree)
    assert allowed["default-src"] == "'none'"
    assert allowed["script-src"] == digest(tree.xpath("//script/text()")[0])
    assert len(tree.xpath("//script")) == 1
    assert not tree.xpath("//@style | //@onclick")


def test_a_run_without_findings_has_a_page_without_script():
    empty = corpus(articles(), scores(*SCORED[4:]), rejects_frame([]), swaps())
    tree = parse(corpus_page(empty, {}))
    assert not tree.xpath("//script")
    assert "0 pages of 6 look machine-spun" in tree.text_content()


def test_an_empty_run_has_a_page():
    nothing = corpus(articles({}), scores(), rejects_frame([]), swaps())
    assert nothing.counts.n_read == 0
    assert "no pair reaches 0.5" in corpus_page(nothing, {})


def test_hostile_fields_forge_nothing():
    sites = {f"{name}{HOSTILE}": HOSTILE for name in SITES}
    rows = [(f"{a}{HOSTILE}", f"{b}{HOSTILE}", *rest) for a, b, *rest in SCORED]
    words = [(f"{a}{HOSTILE}", f"{b}{HOSTILE}", HOSTILE, HOSTILE) for a, b, *_ in SWAPS]
    rejects = rejects_frame([Reject(HOSTILE, HOSTILE, HOSTILE)])
    hostile = corpus(articles(sites, title=HOSTILE), scores(*rows), rejects, swaps(*words))
    tree = parse(corpus_page(hostile, {}, {"options": {HOSTILE: [HOSTILE]}}))
    assert is_self_contained(tree)
    assert len(tree.xpath("//script")) == 1
    assert not tree.xpath("//img | //h2[contains(., 'Verdict')]")
    assert len(tree.xpath("//ol[@id='stars']//li[@id]")) == 3
    assert "{{ 7 * 7 }}" in tree.text_content()


def test_five_thousand_pairs_make_a_page_in_time():
    rng = np.random.default_rng(0)
    names = [f"https://site{k % 60}.example/news/{k}" for k in range(20_000)]
    table = articles(dict.fromkeys(names, ""))
    pairs = [(names[k % 900], names[1000 + k], p, 0.9) for k, p in enumerate(rng.uniform(0.5, 1, 5000))]
    pairs += [(names[k], names[-k], p, 0.5) for k, p in enumerate(rng.uniform(0, 0.5, 15_000), 1)]
    tables = table, scores(*pairs), rejects_frame([]), swaps(*[(*pair[:2], "big", "large") for pair in pairs[:500]])
    start = time.process_time()
    page = corpus_page(corpus(*tables), {})
    # The bar is 2 s on a quiet machine (benchmarks/pages.py); this one may be shared.
    assert time.process_time() - start < 4
    assert len(page) < 3_000_000
    assert page.count('<li id="f') == 5000
