"""Sentences, words and quotations of one text."""

from __future__ import annotations

import json
import textwrap
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unspun.text.sentences import LONGEST_SENTENCE
from unspun.text.token_text import TokenText
from unspun.text.tokenizer import read_text

CASES = json.loads((Path(__file__).parent / "cases" / "sentences.json").read_text(encoding="utf-8"))


def sentences(text: TokenText) -> list[str]:
    return [text.span(a, b) for a, b in pairwise(text.sentence_stops.tolist()) if b > a]


@pytest.mark.parametrize("case", CASES, ids=[case["label"] for case in CASES])
def test_sentences(case: dict[str, object]) -> None:
    assert sentences(read_text(str(case["text"]))) == case["sentences"]


@pytest.mark.parametrize("case", CASES, ids=[case["label"] for case in CASES])
def test_sentences_of_lower_cased_text(case: dict[str, object]) -> None:
    lowered = [sentence.lower() for sentence in case["sentences"]]  # type: ignore[attr-defined]
    assert sentences(read_text(str(case["text"]).lower())) == lowered


def test_wrapped_lines_are_not_sentences() -> None:
    lines = [
        "The harbour board met on Tuesday evening to weigh the cost of the",
        "new gates against the cost of another flood, and after four hours",
        "of talk it put the matter off until the spring, when the engineers",
        "are to come back with figures for the whole of the estuary and its",
        "three lesser creeks. Nobody who was in the room was much surprised",
        "by that.",
    ]
    assert len(sentences(read_text("\n".join(lines)))) == 2


def test_words_hold_contractions_and_split_possessives() -> None:
    words = read_text("They don't know Brandt's price: £1,500.75, i.e. more.").words
    assert words == ("they", "don't", "know", "brandt", "'s", "price", "1,500.75", "i.e", "more")


def test_quotations_are_numbered() -> None:
    text = read_text("“Go home,” she said. ‘Why should I?’ he asked. The dogs' bowls stood there.")
    assert [w for w, q in zip(text.words, text.quotes, strict=True) if q == 1] == ["go", "home"]
    assert [w for w, q in zip(text.words, text.quotes, strict=True) if q == 2] == ["why", "should", "i"]
    assert text.quotes.max() == 2


def test_a_quotation_ends_with_its_paragraph() -> None:
    text = read_text("“It never closed.\n\nThe next paragraph is nobody's speech.")
    assert text.quotes.tolist()[:3] == [1, 1, 1]
    assert not text.quotes[3:].any()


def test_comment_form_is_boilerplate() -> None:
    text = read_text("The gates held.\n\nLeave a Reply\n\nYour email address will not be published.")
    assert text.boilerplate.tolist() == [False, True, True]


def test_unpunctuated_text_is_cut_into_readable_pieces() -> None:
    text = read_text(" ".join(f"word{k}" for k in range(1000)))
    lengths = [b - a for a, b in pairwise(text.sentence_stops.tolist())]
    assert max(lengths) <= LONGEST_SENTENCE
    assert text.soft[:-1].all()


def test_offsets_survive_folding() -> None:
    original = "The o\ufb03ce of M\u00adarrow said “no”."
    text = read_text(original)
    assert [original[a:b] for a, b in zip(text.starts, text.ends, strict=True)] == [
        "The", "o\ufb03ce", "of", "M\u00adarrow", "said", "no",
    ]  # fmt: skip


def test_look_alikes_read_like_the_clean_text() -> None:
    assert read_text("The b\u0430rrier \u043epened.").words == read_text("The barrier opened.").words


@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    read = read_text(text)
    assert read.sentence_stops[0] == 0
    assert read.sentence_stops[-1] == len(read)
    assert ((read.starts >= 0) & (read.ends <= len(text)) & (read.starts < read.ends)).all()
    assert (read.starts[1:] >= read.starts[:-1]).all()
    assert len(read.quotes) == len(read.ids) == len(read.lemmas) == len(read)
    assert len(read.soft) == len(read.boilerplate) == read.n_sentences


def test_quotations_of_wrapped_lines_are_those_of_whole_ones() -> None:
    said = (
        'The mayor of Salden said on Monday that "the barrier will be built next year, whatever the people of the '
        'coast may think of it today", and then he left the hall without a word. "We are not going to wait," he told '
        "the reporters who had come to hear him, and the council has not yet set a date for the vote on the plan."
    )
    lines = textwrap.fill(said, 62)
    assert lines.count("\n") > 4
    whole, wrapped = read_text(said), read_text(lines)
    assert whole.words == wrapped.words
    assert whole.quotes.tolist() == wrapped.quotes.tolist()
    assert whole.quotes.max() == 2


def test_years_open_no_quotation() -> None:
    assert not read_text("In the '90s, the old island dogs' owners left.").quotes.any()


def test_words_end_after_their_accents() -> None:
    text = read_text("The cafe\u0301 of Ren\u00e9 Fiance\u0301e closed.")
    assert [text.span(k, k + 1) for k in (1, 4)] == ["cafe\u0301", "Fiance\u0301e"]
