import numpy as np
import pandas as pd
import pytest

from unspun.crawl.ranking import ranking, read_truth
from unspun.errors import InputError

TRUTH = """source,suspect,relation,family,note
original,swapped,spun,synonym,
original,round,spun,backtranslation,
original,lost,spun,llm,
swapped,round,spun,both_spun,
original,wire,copied,wire,"a, b"
"""


@pytest.fixture
def truth(tmp_path):
    (tmp_path / "truth.csv").write_text(TRUTH)
    return read_truth(tmp_path / "truth.csv")


@pytest.fixture
def scores():
    rows = [
        ("swapped", "original", 0.97, 0.1),
        ("original", "round", 0.60, 0.4),
        ("round", "swapped", 0.8, 0.5),
        ("original", "wire", 0.02, 0.5),
        ("wire", "stranger", np.nan, np.nan),
        ("stranger", "original", 0.55, 0.9),
    ]
    return pd.DataFrame(rows, columns=["source_id", "suspect_id", "p_spun", "p_forward"])


def test_pairs_are_ranked_and_turned(scores):
    lines = [line.split() for line in ranking(scores, 0.5).splitlines()]
    assert lines == [
        ["p_spun", "p_forward", "source", "suspect"],
        ["0.970", "0.900", "original", "swapped"],
        ["0.800", "0.500", "round", "swapped"],
        ["0.600", "0.600", "round", "original"],
        ["0.550", "0.900", "stranger", "original"],
    ]


def test_the_truth_stands_beside_and_is_counted(scores, truth):
    *lines, blank, summary = ranking(scores, 0.5, truth).splitlines()
    assert blank == ""
    assert [line.split("  ")[0].strip() for line in lines[1:]] == ["0.970", "0.800", "0.600", "0.550", "0.020", "", ""]
    assert "unrelated" in lines[4]
    assert "copied (wire)" in lines[5]
    assert lines[-1].split() == ["spun", "(llm)", "original", "lost"]
    assert summary == (
        "2 of 3 spun pages found with their source at p_spun 0.5 or above, 1 the right way round; "
        "1 honest pairs among them"
    )


def test_an_empty_run_is_told_too(scores, truth):
    assert ranking(scores.head(0)).split() == ["p_spun", "p_forward", "source", "suspect"]
    assert ranking(scores.head(0), 0.5, truth).splitlines()[-1].startswith("0 of 3 spun pages")


def test_a_truth_that_is_none_is_refused(tmp_path):
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    with pytest.raises(InputError, match="no column source"):
        read_truth(tmp_path / "other.csv")
    with pytest.raises(InputError, match="cannot read"):
        read_truth(tmp_path / "absent.csv")
