"""What print columns and decoders did to a text is undone, and offsets lead into the text as it was given."""

from __future__ import annotations

import numpy as np
import pytest
from articles import STORY

from unspun.text.folding import fold
from unspun.text.tokenizer import read_text
from unspun.training.honest.character_noise import mojibake
from unspun.training.honest.print_columns import hard_wrapped, line_end_hyphens


@pytest.mark.parametrize(
    ("text", "words", "span"),
    [
        ("an exam-\nple of it", "an example of it", "exam-\nple"),
        ("an exam-  \n   ple of it", "an example of it", "exam-  \n   ple"),
        ("an exam-\r\nple of it", "an example of it", "exam-\r\nple"),
        ("an exam\u00ad\nple of it", "an example of it", "exam\u00ad\nple"),
        ("a har- bour of it", "a harbour of it", "har- bour"),
        ("near Ostra-\nvellion it", "near ostravellion it", "Ostra-\nvellion"),
        ("a news-\npaper of it", "a newspaper of it", "news-\npaper"),
    ],
)
def test_words_broken_at_line_ends_are_whole(text: str, words: str, span: str) -> None:
    found = read_text(text)
    assert " ".join(found.words) == words
    assert found.span(1, 2) == span
    assert ord("-") not in found.mark_codes


@pytest.mark.parametrize(
    "text",
    ["a well-\nknown man", "pre- and post-war", "a self-\nmade man", "the 3-\n4 men", "so -\nhe said", "exam-\n\nple"],
)
def test_compounds_dashes_and_paragraphs_stay_apart(text: str) -> None:
    assert len(read_text(text)) == len(text.replace("-", " ").split())


def test_a_line_end_inside_a_word_ends_no_sentence() -> None:
    assert read_text("The old ferry reached the har-\nbour of Salden.").n_sentences == 1


@pytest.mark.parametrize("seed", range(8))
def test_narrow_columns_have_the_sentences_of_the_text(seed: int) -> None:
    plain = read_text(STORY)
    columns = hard_wrapped(STORY.replace("\n", "\n\n"), np.random.default_rng(seed), 0.0)
    found = read_text(columns)
    assert found.words == plain.words
    assert abs(found.n_sentences - plain.n_sentences) <= 1


@pytest.mark.parametrize("seed", range(8))
def test_broken_lines_have_nearly_the_words_of_the_text(seed: int) -> None:
    found = read_text(line_end_hyphens(STORY, np.random.default_rng(seed), 0.2))
    assert len(set(read_text(STORY).words) - set(found.words)) <= 4


def test_a_list_is_no_column() -> None:
    assert (
        read_text("Salden ferry\nOrla Brandvik\nJonas Finch\nMarrow Point\nPort Ostravel\nOld harbour").n_sentences == 6
    )


@pytest.mark.parametrize(
    ("wrong", "meant"),
    [
        ("isnâ€™t", "isn't"),
        ("isn‚Äôt", "isn't"),
        ("isnÃ¢â‚¬â„¢t", "isn't"),
        ("isn&#8217;t", "isn't"),
        ("isn&rsquo;t", "isn't"),
        ("cafÃ©", "café"),
        ("caf√©", "café"),
        ("â€œwellâ€\u009d", '"well"'),
        ("â€œwellâ€ he", '"well" he'),
        ("AT&amp;T", "at&t"),
    ],
)
def test_wrongly_decoded_characters_are_read_as_meant(wrong: str, meant: str) -> None:
    assert fold(wrong).normal == meant
    assert fold(wrong).n_folded == 0


@pytest.mark.parametrize("text", ["R&D;", "voilâ", "«Âge»", "É»", "â la carte", "Q&A", "x &lt", "√2", "¬ so"])
def test_other_texts_are_read_as_they_stand(text: str) -> None:
    assert len(fold(text).normal) == len(text)


def test_offsets_hold_wrong_characters() -> None:
    found = read_text("The cafÃ© isnâ€™t open.")
    assert [found.span(k, k + 1) for k in range(4)] == ["The", "cafÃ©", "isnâ€™t", "open"]


@pytest.mark.parametrize("seed", range(12))
def test_mojibake_leaves_the_words(seed: int) -> None:
    plain = set(read_text(STORY).words)
    assert len(plain - set(read_text(mojibake(STORY, np.random.default_rng(seed), 0.02)).words)) <= 3


@pytest.mark.parametrize(
    ("unit", "words"),
    [
        ("$x_1 = 2$", 0),
        ("$$ a + b \n = c $$", 0),
        ("$n$", 0),
        ("\\(a + b\\)", 0),
        ("\\[\\frac{a}{b}\\]", 0),
        ("<math><mi>x</mi></math>", 0),
        ("\\begin{equation} a = b \\end{equation}", 0),
        ("\\cite{brandvik2010}", 0),
        ("`ls -l`", 0),
        ("\n```sh\nls -l\ncd salden\n```\n", 0),
        ("\n\n    x = 1\n    print(x)\n\n", 0),
        ("[12]", 0),
        ("[1, 2-4]", 0),
        ("(Brandvik, 2010)", 0),
        ("(Brandvik et al., 2010)", 0),
        ("(Brandvik & Finch, 2010; Vane and Orla, 1999b)", 0),
        ("cost $5 and then $10 more", 6),
        ("(March, 2010)", 2),
        ("(in 2010)", 2),
        ("`quoted' words", 2),
        ("[twelve]", 1),
        ("\\textbf{bold}", 1),
        ("\n\n    The old ferry sank,\n    and nobody wept.\n\n", 7),
        ("\n```\nnever closed", 2),
    ],
)
def test_what_is_no_wording_has_no_words(unit: str, words: int) -> None:
    text = f"The old ferry {unit} sank off Salden."
    found = read_text(text)
    assert len(found) - 6 == words
    assert found.span(0, 3) == "The old ferry"
    assert found.span(len(found) - 3, len(found)) == "sank off Salden"
    assert len(read_text(text.upper())) == len(found)


HOSTILE = ["\\(", "\\[", "$a", "$$", "`", "```x\n", "\\begin{math}", "<math", "(a, ", "[1", "\\a", "&#1", "â€", "a-\n"]


@pytest.mark.parametrize("piece", HOSTILE)
def test_hostile_marks_take_no_time(piece: str) -> None:
    read_text(piece * (100_000 // len(piece)))
