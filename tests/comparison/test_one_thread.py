"""Products of matrices on one thread, for as long as it is asked for."""

import pkgutil
from threading import Barrier, Thread

import numpy as np
import pytest
from articles import SPUN, STORY
from threadpoolctl import threadpool_info, threadpool_limits

import unspun
from unspun.comparison.one_thread import one_thread


def n_threads():
    """Return how many threads numpy's library of products may use; scipy brings one of its own."""
    found = [one for one in threadpool_info() if one["user_api"] == "blas"]
    own = [one for one in found if "numpy" in one["filepath"]]
    return max((one["num_threads"] for one in own or found), default=1)


@pytest.fixture(autouse=True)
def two_threads():
    np.ones((2, 2)) @ np.ones(2)
    with threadpool_limits(2, "blas"):
        if n_threads() != 2:
            pytest.skip("the library of matrix products has one thread here")
        yield


def test_the_limit_holds_while_it_is_asked_for():
    with one_thread:
        with one_thread:
            assert n_threads() == 1
        assert n_threads() == 1
    assert n_threads() == 2


def test_the_limit_is_lifted_after_an_error():
    with pytest.raises(KeyError), one_thread:
        raise KeyError
    assert n_threads() == 2


def test_the_last_of_several_threads_lifts_the_limit():
    both, found = Barrier(2), []

    def work(first):
        with one_thread:
            both.wait()
            found.append(n_threads())
            both.wait()
        if not first:
            both.wait()

    threads = [Thread(target=work, args=(first,)) for first in (True, False)]
    for thread in threads:
        thread.start()
    threads[0].join(10)
    both.wait(10)
    threads[1].join(10)
    assert found == [1, 1]
    assert n_threads() == 2


@pytest.mark.parametrize(
    "at_work",
    [
        "unspun.comparison.alignment.match_sentences",
        "unspun.comparison.features.extraction.View",
        "unspun.model.spin_model.SpinModel._at_even_odds",
    ],
)
def test_a_score_is_made_on_one_thread(monkeypatch, at_work):
    """The last bits of features and scores of long texts differed between machines of one core and of two."""
    real, found = pkgutil.resolve_name(at_work), []

    def watched(*given):
        found.append(n_threads())
        return real(*given)

    monkeypatch.setattr(at_work, watched)
    unspun.score(STORY, SPUN)
    assert set(found) == {1}
    assert n_threads() == 2
