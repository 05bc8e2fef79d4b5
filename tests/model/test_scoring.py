"""What scores promise, whatever the model: cautions, order, wrapping, disguises."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from articles import INDEPENDENT, QUOTING_PAGE, SPUN, STORY, UNRELATED
from hypothesis import given, settings
from hypothesis import strategies as st

from unspun.comparison.alignment import align
from unspun.comparison.comparing import compare
from unspun.comparison.features.catalogue import FEATURES
from unspun.comparison.features.extraction import features_of_all
from unspun.crawl.engines.stages import score_candidates
from unspun.evidence.explaining import explain
from unspun.io.labels import RELATIONS
from unspun.model.detector import SpinDetector, load_detector
from unspun.model.document_classifier import DocumentRows
from unspun.model.pair_score import draw_to_prior, evidence_share
from unspun.model.persistence import load_model
from unspun.model.scoring import SCORE_COLUMNS, score_pairs, scores_of
from unspun.text.tokenizer import read_text

SHARED = Path(__file__).parents[3] / "shared"
EXAMPLE = SHARED / "example"
FORM = "Leave a Reply\n\nYour email address will not be published. Required fields are marked *\n\nName *\n\nEmail *"

NOTES = """My sister's choir meets on Thursdays above the bicycle shop, where the piano has eleven dead keys. \
They practise three carols and one sea shanty, and argue about the tempo of each.

Nobody there reads music well. Ada, who does, pretends that she cannot, so that she need not conduct.

Last winter a cat walked in during the slow verse and stayed until the collection plate came round."""


@pytest.fixture(scope="module")
def detector() -> SpinDetector:
    return load_detector()


def scored(detector: SpinDetector, *pairs: tuple[str, str]) -> pd.DataFrame:
    frame = pd.DataFrame(pairs, columns=["source", "suspect"]).assign(id=[f"p{k}" for k in range(len(pairs))])
    return score_pairs(frame, detector)


def test_the_columns(detector: SpinDetector) -> None:
    table = scored(detector, (STORY, SPUN))
    assert tuple(table.columns) == ("id", *SCORE_COLUMNS)
    relations = [f"p_{name}" for name in RELATIONS]
    assert table[relations].sum(axis=1)[0] == pytest.approx(1, abs=1e-5)
    assert table["p_low"][0] <= table["p_spun"][0] <= table["p_high"][0]


def test_the_spun_story(detector: SpinDetector) -> None:
    row = scored(detector, (STORY, SPUN)).iloc[0]
    assert row["p_spun"] > 0.9
    assert row["p_forward"] > 0.5
    assert row["abstained"] is None
    assert row["n_substitutions"] >= 20


@pytest.mark.parametrize("suspect", [SPUN, QUOTING_PAGE, INDEPENDENT])
def test_both_orders_have_the_same_scores(detector: SpinDetector, suspect: str) -> None:
    there, back = scored(detector, (STORY, suspect), (suspect, STORY)).itertuples()
    assert there.p_spun == pytest.approx(back.p_spun, abs=1e-5, nan_ok=True)
    assert there.p_forward == pytest.approx(1 - back.p_forward, abs=1e-5, nan_ok=True)


def test_identical_texts_are_copied(detector: SpinDetector) -> None:
    wrapped = "\n\n".join(["Home", "News", STORY, FORM])
    table = scored(detector, (STORY, STORY), (STORY, wrapped), (wrapped, STORY))
    assert (table["p_spun"] < 0.05).all()
    assert (table[["p_copied", "p_edited", "p_rewritten", "p_independent"]].idxmax(axis=1) == "p_copied").all()


def test_unrelated_texts_are_not_spun(detector: SpinDetector) -> None:
    table = scored(detector, (STORY, UNRELATED), (UNRELATED, SPUN), (STORY, INDEPENDENT))
    assert ((table["p_spun"] < 0.05) | table["abstained"].notna()).all()
    assert not (table["p_spun"] >= 0.5).any()


def test_a_quoting_page_is_not_spun(detector: SpinDetector) -> None:
    assert scored(detector, (STORY, QUOTING_PAGE)).loc[0, "p_spun"] < 0.2


@pytest.mark.parametrize(
    ("source", "suspect", "reason"),
    [
        ("", STORY, "the source has no words"),
        (STORY, "", "the suspect has no words"),
        (
            STORY,
            "Le conseil municipal a voté hier soir la construction d'un nouveau pont sur la rivière.",
            "not English",
        ),
        (STORY, UNRELATED, "nothing aligned"),
        ("The old ferry sank off the point.", "The old ferryboat sank off the point.", "too short"),
    ],
)
def test_cautions(detector: SpinDetector, source: str, suspect: str, reason: str) -> None:
    row = scored(detector, (source, suspect)).iloc[0]
    assert reason in row["abstained"]
    assert np.isnan(row["p_spun"]), "what is not judged has no number"


def test_little_of_both_texts_comes_with_a_caution(detector: SpinDetector) -> None:
    quoted = STORY.split("\n\n")[1] + " " + STORY.split("\n\n")[2]
    recipe, page = "\n\n".join([UNRELATED] * 3), "\n\n".join([NOTES] * 3)
    both, one = scored(detector, (f"{quoted}\n\n{recipe}", f"{quoted}\n\n{page}"), (quoted, f"{quoted}\n\n{page}"))[
        "abstained"
    ]
    # A passage that is long enough is judged, whatever stands around it.
    assert both is None
    assert one is None
    sentence = quoted[: quoted.index(".", 200) + 1]
    [short] = scored(detector, (f"{sentence}\n\n{recipe}", f"{sentence}\n\n{page}"))["abstained"]
    assert short is not None


@pytest.mark.parametrize("disguise", [str.lower, str.upper, lambda text: text.replace("a", "\u0430", 60)])
def test_disguises_change_nothing(detector: SpinDetector, disguise: object) -> None:
    plain, disguised = scored(detector, (STORY, SPUN), (disguise(STORY), disguise(SPUN)))["p_spun"]  # type: ignore[operator]
    assert disguised == pytest.approx(plain, abs=0.05)


def test_processes_do_not_change_scores(detector: SpinDetector) -> None:
    frame = pd.DataFrame({"id": range(60), "source": [STORY, UNRELATED] * 30, "suspect": [SPUN, INDEPENDENT] * 30})
    pd.testing.assert_frame_equal(score_pairs(frame, detector), score_pairs(frame, detector, n_jobs=2))


def test_candidates_of_a_crawl_score_like_pairs(detector: SpinDetector) -> None:
    texts = {"a": STORY, "b": SPUN, "c": UNRELATED}
    [(table, passages)] = score_candidates([("a", "b"), ("a", "c")], texts, detector)
    alone = scored(detector, (STORY, SPUN), (STORY, UNRELATED))
    np.testing.assert_allclose(table["p_spun"].to_pandas(), alone["p_spun"], rtol=1e-6)
    assert table["abstained"].to_pylist() == alone["abstained"].tolist()
    np.testing.assert_allclose(table["spun_share"].to_pandas(), alone["spun_share"], rtol=1e-6)
    # Only the flagged pair has its passages kept.
    assert alone["p_spun"].ge(0.5).tolist() == [True, False]
    assert set(passages["suspect_id"].to_pylist()) == {"b"}
    assert len(passages) == table["n_passages"].to_pylist()[0]


def test_the_share_of_the_source_is_that_of_the_suspect_seen_from_the_other_side(detector: SpinDetector) -> None:
    own = f"{STORY}\n\n{UNRELATED}"
    [ahead] = scores_of([compare(read_text(own), read_text(SPUN))], detector)
    [back] = scores_of([compare(read_text(SPUN), read_text(own))], detector)
    assert ahead.source_spun_share == pytest.approx(back.spun_share)
    assert ahead.spun_share == pytest.approx(back.source_spun_share)
    assert ahead.source_spun_share < ahead.spun_share - 0.1


# A judgement on little


RAIN = (
    "Rain fell on the quay all night, and the ferry stayed in the harbour until the pilot came back at dawn, wet.",
    "Rain dropped on the wharf all night, and the boat remained in the harbour until the pilot returned at dawn, wet.",
)


def log_odds(p: float) -> float:
    return math.log(p / (1 - p))


@pytest.mark.parametrize("prior", [0.5, 0.01])
def test_a_score_on_little_is_drawn_to_the_prior_and_says_so(detector: SpinDetector, prior: float) -> None:
    model = load_model().with_prior(prior)
    comparison = compare(*map(read_text, RAIN))
    (made,) = scores_of([comparison], model)
    X, rows = DocumentRows.of([comparison])
    told, _ = model.score_documents(X, rows)
    assert made.n_aligned_words < 30
    assert made.abstained is not None
    assert made.abstained.endswith("needed; p_spun is drawn to the prior")
    for drawn, plain in ((made.p_spun, told.relation[0, 0]), (made.p_low, told.low[0]), (made.p_high, told.high[0])):
        kept = (log_odds(drawn) - log_odds(prior)) / (log_odds(plain) - log_odds(prior))
        assert kept == pytest.approx(made.n_aligned_words / 30)
    assert sum(made.relation.values()) == pytest.approx(1)
    assert max(passage.p_spun for passage in made.passages) == pytest.approx(made.p_spun)


def test_a_score_on_little_is_the_same_in_both_orders_and_everywhere(detector: SpinDetector) -> None:
    table = scored(detector, RAIN, RAIN[::-1])
    assert table["p_spun"][0] == pytest.approx(table["p_spun"][1])
    found = explain(*RAIN, detector)
    assert found.p_spun == pytest.approx(table["p_spun"][0])
    assert math.fsum(one.contribution for one in found.families) == pytest.approx(log_odds(found.p_spun))
    assert abs(found.residue) < 1e-9
    [(crawled, _)] = score_candidates([("a", "b")], dict(zip("ab", RAIN, strict=True)), detector)
    assert crawled["p_spun"].to_pylist()[0] == pytest.approx(found.p_spun)


def test_evidence_grows_with_what_is_aligned() -> None:
    words = RAIN[0].split()
    shares = [
        evidence_share(align(read_text(" ".join(words[:n])), read_text(" ".join(words[:n]).replace("quay", "wharf"))))
        for n in range(5, len(words) + 1)
    ]
    assert shares == sorted(shares)
    assert evidence_share(align(read_text(STORY), read_text(SPUN))) == 1
    assert evidence_share(align(read_text("Rain fell."), read_text("Rain fell."))) == 1


@settings(max_examples=60)
@given(st.floats(0.001, 0.999), st.floats(0.001, 0.999), st.floats(0, 1), st.floats(0.01, 0.99))
def test_drawing_keeps_the_order_of_scores(one: float, other: float, share: float, prior: float) -> None:
    low, high = (draw_to_prior(p, share, prior) for p in sorted((one, other)))
    assert low <= high + 1e-12
    assert min(one, prior) - 1e-12 <= draw_to_prior(one, share, prior) <= max(one, prior) + 1e-12


def test_texts_with_nothing_aligned_differ_in_what_is_measured_over_whole_texts_alone(detector: SpinDetector) -> None:
    """All else is measured for one of them in a batch."""
    texts = [*map(read_text, (STORY, UNRELATED, INDEPENDENT, "One.", "12 3 4", '"Aye," said \u0430n old man.'))]
    apart = [pair for a in texts for b in texts if not len((pair := align(a, b)).groups)]
    assert len(apart) > 10
    alike = [not feature.whole for feature in FEATURES]
    rows, alone = features_of_all(apart), np.array([features_of_all([pair])[0] for pair in apart])
    np.testing.assert_array_equal(rows, alone)
    np.testing.assert_array_equal(rows[:, alike], np.repeat(rows[:1, alike], len(rows), axis=0))


def test_the_explanation_says_what_the_score_says(detector: SpinDetector) -> None:
    found = explain(STORY, SPUN, detector)
    row = scored(detector, (STORY, SPUN)).iloc[0]
    assert found.p_spun == pytest.approx(row["p_spun"], abs=1e-6)
    assert sum(found.relation.values()) == pytest.approx(1)
    for swap in found.substitutions:
        assert STORY[swap.source_start : swap.source_end] == swap.source
        assert SPUN[swap.suspect_start : swap.suspect_end] == swap.suspect
    swaps = {(swap.source, swap.suspect) for swap in found.substitutions[:12]}
    assert {("soldiers", "troopers"), ("ready", "prepared")} & swaps


def test_reasons_sum_to_the_log_odds(detector: SpinDetector) -> None:
    from unspun.comparison.alignment import align
    from unspun.comparison.features.extraction import features_of
    from unspun.text.tokenizer import read_text

    row = features_of(align(read_text(STORY), read_text(SPUN)))[None, :]
    parts, bias = detector.contributions(row)
    p_spun = detector.score_rows(row).relation[0, 0]
    assert parts.sum() + float(np.ravel(bias)[0]) == pytest.approx(math.log(p_spun / (1 - p_spun)), abs=1e-6)


@pytest.mark.skipif(not EXAMPLE.exists(), reason="the pair that started it is not on this machine")
def test_the_pair_that_started_it(detector: SpinDetector) -> None:
    page, spun = ((EXAMPLE / name).read_text(encoding="utf-8") for name in ("page.txt", "spun.txt"))
    found = explain(page, spun, detector)
    assert found.p_spun >= 0.9
    assert found.p_forward > 0.5
    assert len(found.substitutions) >= 25
    form = page.index("Leave a Reply")
    assert all(swap.source_end <= form for swap in found.substitutions)
    back = explain(spun, page, detector)
    assert back.p_spun >= 0.9
    assert back.p_forward < 0.5


@pytest.mark.slow
@pytest.mark.skipif(not SHARED.exists(), reason="the labelled pairs are not on this machine")
def test_own_text_around_a_spun_pair_hardly_moves_its_score(detector: SpinDetector) -> None:
    from unspun.io.pair_tables import read_pairs
    from unspun.training.augmentation import MENUS

    pairs, _ = read_pairs(SHARED / "corpora" / "pairs", labelled=True)
    spun = pairs[pairs["relation"] == "spun"].sample(300, random_state=1)
    own = pairs.loc[pairs["relation"] == "independent", "source"].sample(600, random_state=2).tolist()

    def wrapped(text: str, menu: int, own_text: str) -> str:
        words = own_text.split()
        return "\n\n".join([MENUS[menu], " ".join(words[:75]), text, " ".join(words[75:150]), FORM])

    pages = spun.assign(
        source=[wrapped(text, 0, own[k]) for k, text in enumerate(spun["source"])],
        suspect=[wrapped(text, 1, own[300 + k]) for k, text in enumerate(spun["suspect"])],
    )
    before, after = (score_pairs(some, detector)["p_spun"].fillna(0.0).to_numpy() for some in (spun, pages))
    moved = after - before
    assert np.median(np.abs(moved)) < 0.15
