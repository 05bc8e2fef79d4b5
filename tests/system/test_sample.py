"""The sample crawl: every spun page is found with its source, and nobody honest is accused."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from unspun.crawl.ranking import oriented, read_truth
from unspun.crawl.run import Run, open_run

SAMPLE = Path(__file__).parents[2] / "data" / "sample"


@pytest.fixture(scope="module")
def run(sample_run: Path) -> Run:
    return open_run(sample_run)


@pytest.fixture(scope="module")
def scores(run: Run) -> dict[frozenset[str], float]:
    found = run.scores
    pairs = zip(found["source_id"], found["suspect_id"], found["p_spun"], strict=True)
    return {frozenset((source, suspect)): p_spun for source, suspect, p_spun in pairs}


@pytest.fixture(scope="module")
def truth() -> pd.DataFrame:
    return read_truth(SAMPLE / "truth.csv")


def test_every_record_is_an_article_or_a_reject(run: Run) -> None:
    assert len(run.articles) == 40
    assert len(run.rejects) == 1  # the archive's one record that is not a page


def test_every_spun_page_is_found_with_its_source(scores: dict[frozenset[str], float], truth: pd.DataFrame) -> None:
    for row in truth[truth["direct"]].itertuples():
        assert scores.get(frozenset((row.source_id, row.suspect_id)), 0) > 0.5, row.suspect_id


def test_the_direction_of_synonym_spins_is_right(run: Run, truth: pd.DataFrame) -> None:
    shown = oriented(run.scores)
    ordered = set(zip(shown["source_id"], shown["suspect_id"], strict=True))
    spun = truth[truth["direct"] & (truth["family"] == "synonym")]
    assert all((row.source_id, row.suspect_id) in ordered for row in spun.itertuples())


def test_no_honest_pair_is_accused(scores: dict[frozenset[str], float], truth: pd.DataFrame) -> None:
    spun = {frozenset((row.source_id, row.suspect_id)) for row in truth.itertuples() if row.relation == "spun"}
    accused = {pair: p for pair, p in scores.items() if p > 0.5 and pair not in spun}
    assert not accused
