"""Findings: one a spun page, with its true source, and nothing said of honest pages that only look like it."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from unspun.crawl.findings import ABOUT, SURE_SIDE, find, findings_of, resembled
from unspun.crawl.ranking import log_odds, read_truth
from unspun.crawl.resolution.spun_graph import Pointer, spun_pages
from unspun.crawl.run import open_run
from unspun.errors import InputError
from unspun.io.tables import FINDINGS, SCORES, conform

SAMPLE = Path(__file__).parents[2] / "data" / "sample"


def scores(*rows: tuple[str, str, float, float], **columns: float) -> pd.DataFrame:
    """Return SCORES from (source, suspect, p_spun, p_forward)."""
    table = pd.DataFrame(rows, columns=["source_id", "suspect_id", "p_spun", "p_forward"])
    table = table.assign(coverage=0.9, source_coverage=0.9, n_substitutions=12, abstained=None, model="m", **columns)
    return conform(table.reindex(columns=SCORES.names), SCORES)


def articles(*ids: str, **dates: str) -> pd.DataFrame:
    rows = [(name, f"Title of {name}", "", f"{name}.example", dates.get(name, "")) for name in ids]
    return pd.DataFrame(rows, columns=list(ABOUT))


def spun(*rows: tuple[str, str, float, float]) -> set[str]:
    return set(spun_pages([Pointer(source, suspect, p * log_odds(ahead)) for source, suspect, p, ahead in rows]))


def sources(found: pd.DataFrame) -> dict[str, str]:
    return dict(zip(found["suspect_id"], found["source_id"], strict=True))


def how(found: pd.DataFrame, finding: int = 1) -> dict[str, str]:
    row = found[found["finding"] == finding].iloc[0]
    return {like.article_id: like.how for like in resembled(row["resembles"])}


def test_a_page_spun_from_an_often_copied_article_explains_all_its_pairs() -> None:
    # Two of its four pairs point the wrong way.
    assert spun(("o", "s", 0.99, 0.97), ("c", "s", 0.98, 0.9), ("s", "u", 0.9, 0.6), ("s", "q", 0.8, 0.55)) == {"s"}


def test_a_source_of_many_is_not_taken_for_spun() -> None:
    assert spun(*(("o", f"s{k}", 0.9, 0.85) for k in range(50))) == {f"s{k}" for k in range(50)}


def test_pairs_without_a_direction_are_explained_too() -> None:
    assert len(spun(("a", "b", 0.9, float("nan")))) == 1


def test_a_page_that_other_spun_pages_explain_is_not_counted() -> None:
    # The update is taken for a spin of a spin, and for the source of another; both have sources of their own.
    pairs = [("o", "syn", 0.99, 0.98), ("update", "syn", 0.99, 0.98), ("back", "update", 0.9, 0.85)]
    assert spun(*pairs, ("back", "o", 0.8, 0.55), ("copy", "back", 0.9, 0.7)) == {"syn", "back"}


@pytest.mark.parametrize("seed", range(5))
def test_every_flagged_pair_has_a_spun_page(seed: int) -> None:
    rng = np.random.default_rng(seed)
    ends = {tuple(sorted(rng.choice(30, 2, replace=False).tolist())) for _ in range(80)}
    pairs = [Pointer(f"p{a:02}", f"p{b:02}", float(rng.normal(0, 2))) for a, b in sorted(ends)]
    found = spun_pages(pairs)
    assert all(pair.source in found or pair.suspect in found for pair in pairs)
    assert spun_pages(pairs[::-1]) == pytest.approx(found)
    assert all(0.5 <= sure <= 1 for sure in found.values())


def test_the_likeliest_source_is_no_spun_page_and_holds_the_most() -> None:
    table = scores(("s", "t", 0.99, 0.9), ("o", "t", 0.9, 0.9), ("part", "t", 0.95, 0.9), ("o", "s", 0.9, 0.9))
    table.loc[table["source_id"] == "part", "coverage"] = 0.4
    assert sources(find(table, articles(*"ost", "part"))) == {"s": "o", "t": "o"}


def test_of_equally_full_sources_the_earliest_is_named() -> None:
    table = scores(("copy", "s", 0.99, 0.95), ("o", "s", 0.97, 0.9))
    assert sources(find(table, articles("copy", "o", "s"))) == {"s": "copy"}
    dated = articles("copy", "o", "s", copy="2025-03-12", o="2025-03-11T08:00:00Z", s="2025-03-13")
    found = find(table, dated)
    assert sources(found) == {"s": "o"}
    assert found.loc[0, "why"] == "swaps, dates, 1 other page"


def test_who_only_quotes_the_source_is_no_suspect() -> None:
    table = scores(("o", "s", 0.99, 0.95), ("o", "t", 0.98, 0.9), ("s", "quote", 0.95, 0.9), ("o", "quote", 0.01, 0.5))
    table.loc[2:, ["coverage", "source_coverage"]] = 0.4
    table.loc[3, "p_copied"] = 0.9
    found = find(table, articles("o", "s", "t", "quote"))
    assert sources(found) == {"s": "o", "t": "o"}
    assert how(found) == {"quote": "quotes the same original"}
    assert found["cluster"].tolist() == [1, 1]


def test_copies_and_updates_of_a_source_are_told_from_quotations() -> None:
    rows = [("o", "s", 0.99, 0.95), ("copy", "s", 0.9, 0.9), ("update", "s", 0.9, 0.9), ("o", "t", 0.9, 0.9)]
    table = scores(*rows, ("o", "copy", 0.01, 0.5), ("o", "update", 0.01, 0.5))
    table.loc[1:2, "coverage"] = 0.7
    table.loc[4:, "p_copied"] = [0.9, 0.1]
    table.loc[4:, "p_edited"] = [0.1, 0.9]
    found = find(table, articles("o", "s", "t", "copy", "update"))
    assert sources(found) == {"s": "o", "t": "o"}
    assert how(found) == {"copy": "copy of the source", "update": "update of the source"}


def quoting(*rows: tuple[str, str, float, float]) -> pd.DataFrame:
    """Return SCORES of pairs of a source, what is spun from it, and pages that quote a part of either."""
    table = scores(*rows)
    partly = table["source_id"].str.startswith("quote") | table["suspect_id"].str.startswith("quote")
    table.loc[partly, ["coverage", "source_coverage"]] = 0.4
    table.loc[table["p_spun"] < 0.5, "p_copied"] = 0.9
    return table


def test_who_quotes_a_spun_page_is_not_spun() -> None:
    # The page has spun words, and so resembles the source as a spun one does.
    table = quoting(("o", "s", 0.99, 0.95), ("o", "quote", 0.97, 0.95), ("s", "quote", 0.01, 0.5))
    found = find(table, articles("o", "s", "quote"))
    assert sources(found) == {"s": "o"}
    assert how(found) == {"quote": "quotes this page"}


def test_two_who_quote_both_sides_are_not_spun() -> None:
    rows = [("o", "s", 0.99, 0.95), ("o", "quote1", 0.01, 0.5), ("s", "quote2", 0.01, 0.5)]
    table = quoting(*rows, ("quote1", "quote2", 0.9, 0.95), ("o", "quote2", 0.8, 0.9), ("s", "quote1", 0.8, 0.9))
    assert sources(find(table, articles("o", "s", "quote1", "quote2"))) == {"s": "o"}


def test_two_who_quote_two_sides_are_not_spun_from_each_other() -> None:
    # They share a little more with each other than either has of what the other quotes.
    rows = [("o", "s", 0.99, 0.95), ("o", "quote1", 0.01, 0.5), ("s", "quote2", 0.01, 0.5)]
    table = quoting(*rows, ("quote1", "quote2", 0.99, 0.95), ("quote1", "s", 0.9, 0.95), ("o", "quote2", 0.9, 0.95))
    table.loc[4:, ["coverage", "source_coverage"]] = 0.33
    assert sources(find(table, articles("o", "s", "quote1", "quote2"))) == {"s": "o"}


def test_who_quotes_most_of_a_short_spun_page_is_not_spun() -> None:
    table = quoting(("o", "s", 0.99, 0.95), ("o", "quote", 0.9, 0.95), ("s", "quote", 0.01, 0.5))
    table.loc[2, ["source_coverage", "coverage"]] = 0.65, 0.4
    assert sources(find(table, articles("o", "s", "quote"))) == {"s": "o"}


def test_who_quotes_much_of_a_spun_page_may_share_a_little_more_with_its_source() -> None:
    table = quoting(("o", "s", 0.99, 0.95), ("o", "quote", 0.97, 0.95), ("s", "quote", 0.01, 0.5))
    table["coverage"] = [0.9, 0.62, 0.56]
    assert sources(find(table, articles("o", "s", "quote"))) == {"s": "o"}


def test_a_page_is_rather_spun_from_an_honest_one_than_from_a_spun_one() -> None:
    # The words say that the source is spun from the heavier of its two spins, and the lighter one from both.
    table = scores(("s", "o", 0.95, 0.75), ("o", "m", 0.99, 0.95), ("s", "m", 0.97, 0.8))
    table["n_substitutions"] = [40, 10, 42]
    found = find(table, articles("o", "s", "m"))
    assert sources(found) == {"s": "o", "m": "o"}
    assert not found["open"].any()


def test_who_quotes_what_both_sides_have_speaks_for_neither() -> None:
    both = [(page, quote, 0.01, 0.5) for quote in ("quote1", "quote2") for page in "os"]
    table = quoting(("s", "o", 0.95, 0.65), *both, ("o", "quote3", 0.01, 0.5))
    found = find(table, articles("o", "s", "quote1", "quote2", "quote3"))
    assert sources(found) == {"s": "o"}
    assert not found["open"].any()


def test_the_source_has_nearly_all_of_the_spun_page() -> None:
    # A copy that is cut lacks a part of it; that so much of the copy is used makes up for this no more.
    table = scores(("o", "s", 0.99, 0.95), ("cut", "s", 0.98, 0.95))
    table["coverage"], table["source_coverage"] = [1.0, 0.92], [0.8, 0.88]
    assert sources(find(table, articles("o", "cut", "s", cut="2025-03-12", o="2025-03-12"))) == {"s": "o"}


def test_what_others_quote_is_rather_the_original() -> None:
    # The words say that the quoted page is the spun one.
    table = quoting(("s", "o", 0.99, 0.8), ("o", "quote1", 0.01, 0.5), ("o", "quote2", 0.01, 0.5))
    table = pd.concat([table, quoting(("s", "quote1", 0.9, 0.5), ("s", "quote2", 0.9, 0.5))], ignore_index=True)
    assert sources(find(table, articles("o", "s", "quote1", "quote2"))) == {"s": "o"}


def test_a_page_that_quotes_counts_though_it_is_flagged_with_nothing() -> None:
    table = quoting(("s", "o", 0.99, 0.8), ("o", "quote1", 0.01, 0.5), ("o", "quote2", 0.01, 0.5))
    assert sources(find(table, articles("o", "s", "quote1", "quote2"))) == {"s": "o"}


def test_two_who_quote_one_page_are_not_said_to_quote_each_other() -> None:
    # They quote the same sentences, and share a little more.
    table = quoting(("s", "o", 0.99, 0.8), ("o", "quote1", 0.01, 0.5), ("o", "quote2", 0.01, 0.5))
    more = quoting(("quote1", "quote2", 0.01, 0.5), ("s", "quote1", 0.9, 0.5), ("s", "quote2", 0.9, 0.5))
    table = pd.concat([table, more], ignore_index=True)
    table.loc[3, ["coverage", "source_coverage"]] = 0.45
    assert sources(find(table, articles("o", "s", "quote1", "quote2"))) == {"s": "o"}


def test_copies_of_what_is_quoted_do_not_thin_it_out() -> None:
    # The words say of every copy that it is the spun one.
    copies = ["o1", "o2", "o3"]
    rows = [("s", copy, 0.99, 0.85) for copy in copies] + [("o1", copy, 0.01, 0.5) for copy in copies[1:]]
    table = quoting(*rows, ("o1", "quote1", 0.01, 0.5), ("o1", "quote2", 0.01, 0.5))
    found = find(table, articles("s", *copies, "quote1", "quote2"))
    assert sources(found) == {"s": "o1"}
    assert not found["open"].any()


def test_a_lightly_spun_page_is_no_copy_of_what_it_is_flagged_with() -> None:
    # It is like a later edition of its source, and the edition is like the source.
    rows = [("s", "o", 0.96, 0.83), ("o", "later", 0.01, 0.5), ("s", "later", 0.3, 0.7)]
    table = quoting(*rows, ("o", "quote1", 0.01, 0.5), ("o", "quote2", 0.01, 0.5))
    table.loc[2, "p_copied"] = 0.5
    found = find(table, articles("s", "o", "later", "quote1", "quote2"))
    assert sources(found) == {"s": "o"}
    assert found["cluster"].tolist() == [1]


def test_of_two_spins_the_heavier_does_not_make_the_lighter_a_source() -> None:
    rows = [("o", "heavy", 0.99, 0.98), ("light", "heavy", 0.99, 0.98), ("light", "o", 0.9, 0.75)]
    table = quoting(*rows, ("o", "quote1", 0.01, 0.5), ("o", "quote2", 0.01, 0.5))
    found = find(table, articles("o", "heavy", "light", "quote1", "quote2"))
    assert sources(found) == {"heavy": "o", "light": "o"}
    assert not found["open"].any()


def test_a_pair_with_a_caution_accuses_nobody_and_sways_nothing() -> None:
    alone = scores(("o", "s", 0.9, 0.75), ("c", "d", 0.9, 0.9))
    table = pd.concat([alone, scores(("far", "o", 0.98, 0.97), ("e", "f", 0.9, 0.95))], ignore_index=True)
    table.loc[2:, "abstained"] = "too short: 22 words aligned, 30 needed"
    found = find(table, articles(*"oscdef", "far"))
    assert sources(found) == {"s": "o", "d": "c", "f": "e"}
    assert dict(zip(found["suspect_id"], found["open"], strict=True)) == {"s": False, "d": False, "f": True}


def test_many_copies_of_a_spun_page_do_not_outvote_its_source() -> None:
    copies = [f"s{k}" for k in range(6)]
    rows = [("o", copy, 0.99, 0.9) for copy in copies] + [(copies[0], copy, 0.01, 0.5) for copy in copies[1:]]
    table = scores(*rows)
    table.loc[6:, "p_copied"] = 0.95
    assert sources(find(table, articles("o", *copies))) == dict.fromkeys(copies, "o")


def test_where_it_is_not_decided_the_finding_is_open() -> None:
    found = find(scores(("a", "b", 0.97, 0.6), ("c", "d", 0.9, 0.9)), articles(*"abcd"))
    assert found["suspect_id"].tolist() == ["d", "b"]  # what is open comes last
    assert found["open"].tolist() == [False, True]
    assert found["sure"].tolist()[1] < SURE_SIDE < found["sure"].tolist()[0]
    assert found["why"].tolist() == ["swaps", ""]


def test_dates_tip_a_pair_whose_words_tell_little_and_turn_no_strong_one() -> None:
    dates = {"a": "2025-03-12", "b": "2025-03-19", "c": "2025-03-19", "d": "2025-03-12"}
    found = find(scores(("b", "a", 0.9, 0.6), ("c", "d", 0.9, 0.95)), articles(*"abcd", **dates))
    assert sources(found) == {"b": "a", "d": "c"}
    assert dict(zip(found["suspect_id"], found["against"], strict=True))["d"] == "dates"


@pytest.mark.parametrize("stated", ["yesterday", "12/03/2025", "2025-3-1", "٢٠٢٥-٠٣-١٢", "\x1b[31m2025"])
def test_a_date_that_is_none_says_nothing(stated: str) -> None:
    found = find(scores(("a", "b", 0.9, 0.9)), articles("a", "b", a="2025-03-19", b=stated))
    assert found.loc[0, ["why", "against"]].tolist() == ["swaps", ""]


def test_a_pair_that_is_turned_has_the_numbers_of_its_sides() -> None:
    rows = scores(("s", "o", 0.99, 0.05), ("s", "copy", 0.9, 0.6), ("s", "quote", 0.9, 0.6))
    rows.loc[1:, "coverage"] = 0.5
    rows.loc[0, ["coverage", "source_coverage"]] = 0.8, 0.9
    row = find(rows, articles("s", "o", "copy", "quote")).iloc[0]
    assert (row["suspect_id"], row["source_id"]) == ("s", "o")
    assert [row["coverage"], row["source_coverage"], row["p_forward"]] == pytest.approx([0.9, 0.8, 0.95])


def test_nothing_flagged_is_an_empty_table() -> None:
    found = find(scores(("a", "b", 0.2, 0.6)), articles("a", "b"))
    assert found.columns.tolist() == FINDINGS.names
    assert not len(found)


def test_five_thousand_findings_are_resolved_in_time() -> None:
    rng = np.random.default_rng(0)
    pairs = [(f"o{k % 900}", f"s{k}", p, 0.9) for k, p in enumerate(rng.uniform(0.5, 1, 5000))]
    pairs += [(f"s{k}", f"s{k + 900}", 0.9, 0.5) for k in range(4000)]
    start = time.process_time()
    assert len(find(scores(*pairs), articles(*(f"s{k}" for k in range(5000))))) == 5000
    assert time.process_time() - start < 4


def test_the_sample_has_ten_findings_each_with_its_source(sample_run: Path) -> None:
    truth = read_truth(SAMPLE / "truth.csv")
    found = open_run(sample_run).findings
    planted = truth[truth["direct"]]
    assert sources(found) == dict(zip(planted["suspect_id"], planted["source_id"], strict=True))
    assert not found["open"].any()
    assert found["cluster"].nunique() == 5
    assert found["finding"].tolist() == list(range(1, 11))
    honest = {like for text in found["resembles"] for like in resembled(text) if like.how == "not explained"}
    assert not honest


def test_more_or_fewer_pairs_may_be_flagged(sample_run: Path) -> None:
    run = open_run(sample_run)
    some = findings_of(run, 0.997)
    assert 0 < len(some) < 10
    assert some["finding"].tolist() == list(range(1, len(some) + 1))
    assert len(findings_of(run, 0.01)) >= 10


def test_a_run_without_findings_is_of_another_version(sample_run: Path, tmp_path: Path) -> None:
    (tmp_path / "run.json").write_bytes((sample_run / "run.json").read_bytes())
    with pytest.raises(InputError, match="no findings"):
        _ = open_run(tmp_path).findings
