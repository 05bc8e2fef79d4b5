"""Folding keeps its way back to the original and never fails."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unspun.text.folding import fold


@pytest.mark.parametrize(
    ("text", "normal", "n_folded"),
    [
        ("“Ready,” he said – ‘now’…", "\"ready,\" he said — 'now'…", 0),
        ("soft\u00adhyphen", "softhyphen", 0),
        ("zero\u200bwidth", "zerowidth", 1),
        ("\u202eright to left\u202c", "right to left", 2),
        ("\ufb01nal o\ufb03ce", "final office", 0),
        ("p\u0430y the b\u0456ll", "pay the bill", 2),
        ("\u0422\u04bae end", "the end", 2),
        ("\uff37\uff29\uff24\uff25", "wide", 4),
        ("\U0001d41b\U0001d428\U0001d425\U0001d41d", "bold", 4),
        ("cafe\u0301 na\u0131ve", "café naive", 1),
        ("caf\u00e9", "café", 0),
        ("два слова и ещё несколько русских слов", "два слова и ещё несколько русских слов", 0),
        ("a\u00a0b\tc", "a b c", 0),
        ("nul\x00byte \ud800 lone", "nul byte   lone", 0),
    ],
)
def test_folds(text: str, normal: str, n_folded: int) -> None:
    folded = fold(text)
    assert folded.normal == normal
    assert folded.n_folded == n_folded


def test_a_russian_quotation_in_an_english_text_stays_russian() -> None:
    assert "слово" in fold("The sign read слово in tall letters.").normal


@given(st.text(max_size=200))
def test_offsets_lead_back(text: str) -> None:
    folded = fold(text)
    assert len(folded.codes) == len(folded.classes) == len(folded.normal)
    if folded.offsets is not None:
        assert len(folded.offsets) == len(folded.codes) + 1
        assert (folded.offsets[:-1] <= folded.offsets[1:]).all()
        assert folded.offsets[-1] == len(text)
    else:
        assert len(folded.normal) == len(text)


@given(st.text(max_size=200))
def test_folding_twice_changes_nothing_more(text: str) -> None:
    once = fold(text).normal
    assert len(fold(once).normal) <= len(once)


@pytest.mark.parametrize(
    "text", ["a" + "\u0301" * 300_000, "".join(chr(0x4E00 + k % 20_000) for k in range(300_000)) + " \u0430"]
)
def test_long_runs_of_marks_and_of_letters_take_no_longer_than_others(text: str) -> None:
    start = time.process_time()
    fold(text)
    assert time.process_time() - start < 3


def test_notes_marks_and_fractions_are_no_part_of_the_word_before_them() -> None:
    assert (
        fold("The harbour\u00b9 of Acme\u2122 cost 1\u00bd million.").normal
        == "the harbour of acme cost 1 0.5 million."
    )
