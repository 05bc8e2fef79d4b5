"""The public names: what `import unspun` gives, each at once and without a model named."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from articles import SPUN, STORY, UNRELATED

import unspun
from unspun.comparison import comparing

MAX_REPR, MAX_HTML = 200, 5_000


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> unspun.Run:
    folder = tmp_path_factory.mktemp("crawl")
    for name, text in {"story": STORY, "spun": SPUN, "soup": UNRELATED, "empty": ""}.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    out = tmp_path_factory.mktemp("runs") / "run"
    unspun.scan(unspun.ScanOptions((str(folder),)), out)
    return unspun.open_run(out)


def loaded_by(code: str) -> set[str]:
    """Return the modules that a process of its own has loaded when it has run some code."""
    shown = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys\nprint(*sys.modules)"], capture_output=True, text=True, check=True
    )
    return set(shown.stdout.split())


# Names


@pytest.mark.parametrize("name", unspun.__all__)
def test_every_public_name_is_there(name: str) -> None:
    assert getattr(unspun, name) is not None
    assert name in dir(unspun)


def test_another_name_is_an_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'unscramble'"):
        getattr(unspun, "unscramble")  # noqa: B009


def test_no_public_name_is_a_package_s() -> None:
    """A package of that name would take its place once it is loaded."""
    packages = {path.name for path in Path(unspun.__file__).parent.iterdir()}
    assert not packages & set(unspun.__all__)


def test_the_import_loads_nothing_else() -> None:
    assert not {name for name in loaded_by("import unspun") if name.startswith("unspun.") or name == "numpy"}


HEAVY = {"sklearn", "skops", "scipy", "scipy.stats", "pandas", "pyarrow", "duckdb", "joblib"}


def test_a_score_of_two_texts_loads_no_tables_and_no_fitting() -> None:
    code = "import unspun; unspun.score('The old ferry sank.', 'The old ferryboat sank.')"
    assert not HEAVY & loaded_by(code)


def test_the_command_that_scores_two_texts_loads_no_tables_and_no_fitting(tmp_path: Path) -> None:
    files = [tmp_path / "a.txt", tmp_path / "b.txt"]
    for file, text in zip(files, (STORY, SPUN), strict=True):
        file.write_text(text, encoding="utf-8")
    command = f"main(['score', {str(files[0])!r}, {str(files[1])!r}])"
    code = f"from unspun.app.cli import main\ntry:\n    {command}\nexcept SystemExit:\n    pass"
    loaded = loaded_by(code)
    assert "unspun.model.scoring" in loaded
    assert not HEAVY & loaded


# Scores


def test_a_score_needs_two_texts() -> None:
    made = unspun.score(STORY, SPUN)
    assert isinstance(made, unspun.Score)
    assert (made.verdict, made.abstained) == ("likely", None)
    assert made.p_low <= made.p_spun <= made.p_high
    assert sum(made.relation.values()) == pytest.approx(1)
    assert made == unspun.score(STORY, SPUN, unspun.load_detector())


def test_a_score_is_that_of_the_table_and_of_the_explanation() -> None:
    made, found = unspun.score(STORY, SPUN), unspun.explain(STORY, SPUN)
    [row] = unspun.score_pairs([(STORY, SPUN)]).to_dict("records")
    for name in ("p_spun", "p_low", "p_high", "p_forward", "n_substitutions", "abstained"):
        assert getattr(made, name) == getattr(found, name) == row[name], name


@pytest.mark.parametrize("text", [None, 3, b"Rain fell."])
def test_what_is_not_text_is_refused(text: object) -> None:
    with pytest.raises(TypeError, match="the suspect must be text"):
        unspun.score(STORY, text)  # type: ignore[arg-type]


PAIRS = [(STORY, SPUN), (STORY, UNRELATED), ("", STORY)]
COLUMNS = {"source": [source for source, _ in PAIRS], "suspect": [suspect for _, suspect in PAIRS]}


def polars_frame() -> object:
    return pytest.importorskip("polars").DataFrame(COLUMNS)


@pytest.mark.parametrize(
    "make",
    [
        lambda: pd.DataFrame(COLUMNS),
        lambda: pd.DataFrame(COLUMNS, dtype="string[pyarrow]"),
        lambda: pa.table(COLUMNS),
        lambda: COLUMNS,
        lambda: PAIRS,
        lambda: np.array(PAIRS),
        lambda: np.array(PAIRS, dtype=object),
        lambda: iter(PAIRS),
        polars_frame,
    ],
    ids=["pandas", "arrow strings", "arrow", "mapping", "list", "array", "objects", "iterator", "polars"],
)
def test_pairs_come_in_many_forms(make) -> None:
    expected = unspun.score_pairs([*PAIRS])
    pd.testing.assert_frame_equal(unspun.score_pairs(make()), expected)
    assert expected["p_spun"].notna().tolist() == [True, False, False], "strangers and empty texts are not judged"


def test_ids_and_the_index_stay_with_their_pairs() -> None:
    frame = pd.DataFrame({**COLUMNS, "id": ["x", "y", "z"], "other": 1}, index=[7, 5, 9])
    scores = unspun.score_pairs(frame)
    assert (scores.index.tolist(), scores["id"].tolist()) == ([7, 5, 9], ["x", "y", "z"])
    assert "other" not in scores


@pytest.mark.parametrize("empty", [[], pd.DataFrame({"source": [], "suspect": []}), np.zeros((0, 2), dtype=str)])
def test_no_pairs_have_no_scores(empty: object) -> None:
    scores = unspun.score_pairs(empty)
    assert len(scores) == 0
    assert scores["p_spun"].dtype == np.float64


@pytest.mark.parametrize(
    ("pairs", "message"),
    [
        ([(STORY, None)], "suspect must hold text; row 0 holds NoneType"),
        ([(STORY,)], "pair 0 is not two texts"),
        ([STORY], "pair 0 is not two texts"),
        (pd.DataFrame({"a": [STORY], "b": [SPUN]}), "columns source and suspect; there are \\['a', 'b'\\]"),
    ],
)
def test_pairs_that_are_none_are_refused(pairs: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        unspun.score_pairs(pairs)


# One path


def test_an_explanation_reads_and_aligns_a_pair_once(monkeypatch: pytest.MonkeyPatch) -> None:
    aligned = []
    align_all = comparing.align_all

    def counted(pairs):
        pairs = list(pairs)
        aligned.extend(pairs)
        return align_all(pairs)

    monkeypatch.setattr(comparing, "align_all", counted)
    unspun.explain(STORY, SPUN)
    assert len(aligned) == 1


# What is shown


def test_results_show_themselves_in_a_line(run: unspun.Run) -> None:
    for shown in (unspun.score(STORY, SPUN), unspun.explain(STORY, SPUN), run):
        assert len(repr(shown)) < MAX_REPR
        assert "\n" not in repr(shown)
    assert re.match(r"Explanation\(likely: p_spun(=0\.9|>0\.999)", repr(unspun.explain(STORY, SPUN)))


def test_results_show_themselves_in_a_notebook(run: unspun.Run) -> None:
    for shown in (unspun.score(STORY, SPUN), unspun.explain(STORY, SPUN), run):
        html = shown._repr_html_()
        assert html.startswith("<div>")
        assert len(html) < MAX_HTML
    evil = unspun.explain(STORY, SPUN.replace("fresh", "<script>alert(1)</script>"), None, {"source_id": "<img src=x>"})
    assert "<script" not in evil._repr_html_()
    assert "<img" not in evil._repr_html_()


# Runs


def test_a_run_has_tables(run: unspun.Run) -> None:
    assert run.articles["article_id"].tolist() == ["soup.txt", "spun.txt", "story.txt"]
    assert run.scores["p_spun"].max() == pytest.approx(unspun.score(STORY, SPUN).p_spun, abs=1e-6)
    assert len(run.candidates) == len(run.scores)
    assert run.rejects["uri"].tolist() == ["empty.txt"]


def test_a_run_is_read_part_by_part(run: unspun.Run) -> None:
    parts = list(run.parts("articles", ["article_id"]))
    assert pd.concat(parts)["article_id"].tolist() == run.articles["article_id"].tolist()
    assert run.table("articles", ["article_id"]).columns.tolist() == ["article_id"]
