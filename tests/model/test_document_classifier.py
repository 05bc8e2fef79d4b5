"""What passages say of a whole text."""

import numpy as np
import pytest

from unspun.model.calibration import BentCalibration
from unspun.model.document_classifier import DocumentClassifier, DocumentRows, calibrated_documents, document_log_odds


def rows(owner: list[int], words: list[int] | None = None, n: int = 1) -> DocumentRows:
    m = len(owner)
    n_words = np.array([100] * m if words is None else words, np.int64)
    return DocumentRows(np.arange(n), np.arange(n, n + m), np.array(owner, np.intp), n_words, np.full(n, 800, np.int64))


def test_the_odds_are_a_mean_of_the_whole_and_of_the_passages() -> None:
    odds = np.array([1.0, 9.0, 3.0, 0.0])
    with np.errstate(divide="ignore"):
        told = document_log_odds(np.log(odds), rows([0, 0, 0]))
    assert np.exp(told) == pytest.approx([0.85 * 1 + 0.15 * (9 + 3 + 0) / 3 * np.sqrt(3)])


def test_without_passages_the_whole_decides() -> None:
    np.testing.assert_allclose(document_log_odds(np.array([1.5, -2.0]), rows([], n=2)), [1.5, -2.0])


def test_one_passage_that_is_the_whole_says_the_same() -> None:
    np.testing.assert_allclose(document_log_odds(np.array([1.5, 1.5]), rows([0])), [1.5])


def test_short_passages_are_asked_only_where_there_are_no_longer_ones() -> None:
    log_odds = np.array([0.0, 5.0, -1.0])
    long = document_log_odds(log_odds, rows([0, 0], [20, 80]))
    np.testing.assert_allclose(np.exp(long), [0.85 + 0.15 * np.exp(-1)])
    short = document_log_odds(log_odds, rows([0, 0], [20, 30]))
    np.testing.assert_allclose(np.exp(short), [0.85 + 0.075 * np.sqrt(2) * (np.exp(5) + np.exp(-1))])


@pytest.mark.parametrize("n", [2, 20, 200])
def test_honest_passages_lower_a_spun_one_by_the_root_of_their_number(n: int) -> None:
    log_odds = np.array([-9.0, 4.0, *[-9.0] * (n - 1)])
    assert document_log_odds(log_odds, rows([0] * n))[0] == pytest.approx(4 + np.log(0.15 / np.sqrt(n)), abs=0.01)


def test_odds_do_not_overflow() -> None:
    told = document_log_odds(np.array([-900.0, 900.0, 899.0]), rows([0, 0]))
    assert 897 < told[0] < 900
    assert document_log_odds(np.array([-900.0, -900.0, -905.0]), rows([0, 0]))[0] == pytest.approx(-900, abs=1)


def test_documents_are_calibrated_on_those_that_weigh() -> None:
    raw = np.linspace(-4, 4, 4000)
    spun = np.random.default_rng(0).random(4000) < 1 / (1 + np.exp(-2 * raw))
    weight = np.ones(4000)
    fitted = calibrated_documents(raw, spun, weight)
    assert fitted.calibration.low == pytest.approx(2, rel=0.5)
    assert fitted.calibration.high == pytest.approx(2, rel=0.5)
    more = calibrated_documents(
        np.append(raw, [9.0, np.nan]), np.append(spun, [False, False]), np.append(weight, [0, 1])
    )
    assert more == fitted or more.calibration == fitted.calibration
    told = DocumentClassifier(BentCalibration(2.0, 2.0, -1.0)).log_odds(np.array([3.0]), rows([]))
    np.testing.assert_allclose(told, [5.0])
