"""Noise spoils letters at the rate asked for, and nothing else."""

import re

import numpy as np
import pytest
from articles import INDEPENDENT, STORY

from unspun.training.honest.character_noise import NOISES, OCR_CONFUSIONS, noisy, typeset

LETTERWISE = ("transposed", "dropped", "doubled", "misread")
ALL = [pytest.param(noise, id=name) for name, noise in NOISES.items()]
LONG = "\n\n".join((STORY, INDEPENDENT))


def rng(seed=0):
    return np.random.default_rng(seed)


@pytest.mark.parametrize("noise", [*ALL, noisy])
def test_texts_with_nothing_in_them_are_safe(noise):
    for text in ("", " ", "\n\n", "!?", "42", "a", "\u200b", "Нет.", "\ud800", "http://a.bc/d-e?f=g", "x" * 500):
        assert isinstance(noise(text, rng(), 0.5), str)


@pytest.mark.parametrize("noise", [*ALL, noisy])
def test_the_seed_decides(noise):
    assert noise(STORY, rng(5), 0.05) == noise(STORY, rng(5), 0.05)
    assert len({noise(STORY, rng(seed), 0.05) for seed in range(6)}) > 1


@pytest.mark.parametrize("name", LETTERWISE)
def test_no_rate_changes_nothing(name):
    assert NOISES[name](LONG, rng(), 0.0) == LONG


@pytest.mark.parametrize("name", ["transposed", "dropped", "doubled"])
@pytest.mark.parametrize("rate", [0.01, 0.04])
def test_the_rate_is_the_share_of_letters(name, rate):
    words = [NOISES[name](LONG, rng(seed), rate).split(" ") for seed in range(20)]
    before = LONG.split(" ")
    changed = np.mean([sum(a != b for a, b in zip(before, after, strict=True)) for after in words])
    n_letters = sum(letter.isalpha() for letter in LONG)
    assert 0.6 * rate * n_letters < changed < 1.2 * rate * n_letters


def test_letters_are_transposed_within_words():
    out = NOISES["transposed"](LONG, rng(), 0.1)
    assert [sorted(a) for a in LONG.split(" ")] == [sorted(b) for b in out.split(" ")]


def test_a_scanner_takes_for_one_another_what_looks_alike():
    assert "m" in OCR_CONFUSIONS["rn"]
    assert {"rn"} <= set(OCR_CONFUSIONS["m"])
    assert "0" in OCR_CONFUSIONS["O"]


@pytest.mark.parametrize("name", ["split", "glued", "hard-wrapped"])
def test_only_white_space_changes(name):
    out = NOISES[name](LONG, rng(), 0.05)
    assert out != LONG
    assert re.sub(r"\s", "", out) == re.sub(r"\s", "", LONG)


def test_words_broken_at_line_ends_can_be_joined_again():
    outs = [NOISES["line-end-hyphens"](LONG, rng(seed), 0.08) for seed in range(24)]
    assert all(re.sub(r"\s|-|\u00ad", "", out) == re.sub(r"\s|-", "", LONG) for out in outs)
    assert sum(len(re.findall(r"\w-\n\w", out)) >= 3 for out in outs) >= 10


def test_wrapped_lines_have_one_width():
    out = NOISES["hard-wrapped"](LONG, rng(1), 0.0)
    assert max(map(len, out.split("\n"))) <= 80


def test_marks_are_decoded_in_the_wrong_way():
    outs = {NOISES["mojibake"]("“It isn’t,” he said – “not here.”", rng(seed), 1.0) for seed in range(40)}
    assert len(outs) >= 5
    assert "â€œIt isnâ€™t,â€ he said â€“ â€œnot here.â€" in outs
    assert all("said" in out and "’" not in out for out in outs)


def test_marks_are_set_as_books_set_them():
    assert typeset("\"The 'old' barge\" - it's gone") == "“The ‘old’ barge” – it’s gone"
