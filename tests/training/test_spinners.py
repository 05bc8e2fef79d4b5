"""What every spinner and honest twin keeps, and what each is for."""

import re

import numpy as np
import pytest
from articles import INDEPENDENT, QUOTING_PAGE, STORY, UNRELATED

from unspun.text.lexicon import VERB, load_lexicon
from unspun.text.ngram_model import load_ngram_model
from unspun.text.tokenizer import read_text
from unspun.training.spinners import HONEST_TWINS, SPINNERS
from unspun.training.spinners.clauses import connect, front, merge, split
from unspun.training.spinners.combining import partial
from unspun.training.spinners.grammar import genitives
from unspun.training.spinners.honest import copyedit, cut, update
from unspun.training.spinners.house_style import TO_AMERICAN, TO_BRITISH, house_style, respell
from unspun.training.spinners.inflection import Form, form_of, inflect
from unspun.training.spinners.neighbours import COMPANY, Taste, candidates
from unspun.training.spinners.sentence_pieces import join, runs, sentences
from unspun.training.spinners.swappers import consistent, fit, thesaurus

TEXTS = (STORY, INDEPENDENT, QUOTING_PAGE, UNRELATED)
STRENGTHS = (0.1, 0.4, 0.7)
NAMES = ("Marrow Point", "Orla Finch", "Tomas Brandt", "Hallam Marine", "Monday", "October")
REBUILDING = {"grammar", "clauses", "rephrased", "partial-rephrased", "twice-mixed"}
ALL = [pytest.param(s.spin, id=s.name) for s in SPINNERS] + [pytest.param(t.edit, id=t.name) for t in HONEST_TWINS]
SPINS = [pytest.param(s.spin, id=s.name) for s in SPINNERS]


def rng(seed=0):
    return np.random.default_rng(seed)


def numbers(text):
    return sorted(re.findall(r"\d+(?:[.,]\d+)*", text))


def share_changed(source, suspect):
    kept = set(read_text(source).words) & set(read_text(suspect).words)
    words = read_text(source).words
    return sum(word not in kept for word in words) / len(words)


@pytest.mark.parametrize("change", ALL)
def test_texts_with_nothing_in_them_are_safe(change):
    for text in ("", " ", "\n\n", "!?", "42", "Ostravel", "a", "\u200b", "Нет.", "\ud800", "http://a.bc/d-e?f=g"):
        out = change(text, rng(), 0.7)
        assert isinstance(out, str)
        assert numbers(out) == numbers(text) or change is update


@pytest.mark.parametrize("change", ALL)
def test_the_seed_decides(change):
    for text in TEXTS[:2]:
        assert change(text, rng(5), 0.5) == change(text, rng(5), 0.5)
    assert len({change(STORY, rng(seed), 0.5) for seed in range(6)}) > 1


@pytest.mark.parametrize("spin", SPINS)
def test_no_strength_changes_no_word(spin):
    for text in TEXTS:
        assert spin(text, rng(3), 0.0) == text


@pytest.mark.parametrize("spin", SPINS)
def test_names_and_numbers_stay(spin):
    for seed in range(3):
        out = spin(STORY, rng(seed), 0.7)
        assert all(name in out for name in NAMES)
        assert numbers(out) == numbers(STORY)


@pytest.mark.parametrize("spinner", SPINNERS, ids=lambda spinner: spinner.name)
def test_paragraphs_and_marks_stay(spinner):
    for text in TEXTS:
        out = spinner.spin(text, rng(1), 0.6)
        assert out.count("\n") == text.count("\n")
        if spinner.name not in REBUILDING:
            assert re.findall(r"[^\w\s'’]", out) == re.findall(r"[^\w\s'’]", text)
            assert [run[:1].isupper() for run in runs(out)] == [run[:1].isupper() for run in runs(text)]


@pytest.mark.parametrize("spin", SPINS)
def test_strength_is_the_share_changed(spin):
    shares = [np.mean([share_changed(t, spin(t, rng(k), s)) for k, t in enumerate(TEXTS)]) for s in STRENGTHS]
    assert shares[0] < shares[1] < shares[2]
    assert shares[0] < 0.15
    assert shares[2] > 0.06


def test_names_are_distinct():
    names = [s.name for s in SPINNERS] + [t.name for t in HONEST_TWINS]
    assert len(set(names)) == len(names)


def test_a_lower_cased_text_stays_so():
    out = thesaurus(STORY.lower(), rng(), 0.7)
    assert out == out.lower()


def test_the_consistent_one_swaps_a_word_one_way():
    text = "They purchased the ferry. We purchase bread. He purchases a ferry. The ferry sank. She purchased it."
    outs = [read_text(consistent(text, rng(seed), 0.9)).words for seed in range(8)]
    assert any(words[1] != "purchased" for words in outs)
    for words in outs:
        assert words[1] == words[15]
        assert words[3] == words[10] == words[12]


def test_the_fitting_one_fits_better_than_the_thesaurus():
    def fluency(text):
        read = read_text(text)
        return float(load_ngram_model().text_logprob(read.ids, read.sentence_stops).mean())

    spun = {spin: np.mean([fluency(spin(STORY, rng(k), 0.6)) for k in range(4)]) for spin in (fit, thesaurus)}
    assert spun[fit] > spun[thesaurus] + 0.2


@pytest.mark.parametrize(
    ("lemma", "form", "expected"),
    [
        ("refer", Form.PAST, "referred"),
        ("control", Form.ING, "controlling"),
        ("offer", Form.PAST, "offered"),
        ("undertake", Form.PARTICIPLE, "undertaken"),
        ("overcome", Form.PAST, "overcame"),
        ("try", Form.THIRD_PERSON, "tries"),
        ("die", Form.ING, "dying"),
        ("flee", Form.ING, "fleeing"),
        ("city", Form.PLURAL, "cities"),
        ("spokeswoman", Form.PLURAL, "spokeswomen"),
        ("hot", Form.SUPERLATIVE, "hottest"),
        ("terrific", Form.MANNER, "terrifically"),
        ("give up", Form.PAST, "gave up"),
    ],
)
def test_inflection(lemma, form, expected):
    assert inflect(lemma, form) == expected


def test_forms_are_read_as_they_are_written():
    lexicon = load_lexicon()
    for lemma, form in (
        ("escape", Form.ING),
        ("take", Form.PARTICIPLE),
        ("mouse", Form.PLURAL),
        ("small", Form.COMPARATIVE),
    ):
        word = inflect(lemma, form)
        assert form_of(word, lexicon.words[lexicon.lemmas(lexicon.lookup([word]))[0]]) is form


def test_candidates_are_other_words():
    for relations in (1, 5, COMPANY):
        found = candidates("refuse", VERB, Taste(relations))
        assert found
        assert "refuse" not in found.lemmas
        assert found.cumulative[-1] == pytest.approx(1)
    assert candidates("qqzzy", VERB, Taste(1)) is None


def test_sentences_and_paragraphs_join_again():
    for text in (*TEXTS, "", "\n", " x. y\n\n z"):
        assert join(sentences(text)) == text
        assert "".join(runs(text)) == text


def test_clauses_are_rebuilt():
    assert front("When the wind rose, the old gates were shut.", rng()) == "The old gates were shut when the wind rose."
    assert (
        front("The board met the traders of the quay on Friday.", rng())
        == "On Friday, the board met the traders of the quay."
    )
    assert split("The gates were shut at once, but the water rose for hours.", rng()).count(". However, the water") == 1
    assert merge("“Go.”", "He went.", rng()) is None
    assert connect("Ostravel froze.", rng()).endswith(", Ostravel froze.")


def test_genitives_keep_the_name():
    assert genitives("He saw Orla Finch's report.", rng(), 1.0) == "He saw the report of Orla Finch."


def test_a_partial_spin_leaves_paragraphs_alone():
    out = runs(partial(thesaurus)(STORY, rng(2), 0.7))
    same = [a == b for a, b in zip(runs(STORY), out, strict=True)]
    assert 0.2 < np.mean(same) < 0.9


def test_a_cut_only_cuts():
    for strength in STRENGTHS:
        left = runs(cut(STORY, rng(), strength))
        assert 0 < len(left) < len(runs(STORY))
        assert set(left) <= set(runs(STORY))


def test_an_update_keeps_the_wording():
    out = update(STORY, rng(1), 0.6, other=UNRELATED)
    fresh = {s.body for s in sentences(UNRELATED)}
    digits = re.compile(r"[\d,.]+")
    old = {digits.sub("0", s.body) for s in sentences(STORY)}
    assert all(digits.sub("0", s.body) in old or s.body in fresh for s in sentences(out))


def test_house_style_changes_style_alone():
    text = (
        "The harbour was organised on 12 March 2019, 40 per cent of it. “Five of us,” said Mr Labour, of Harbour Road."
    )
    american = respell(text, american=True)
    assert "harbor was organized" in american
    assert "Labour, of Harbour Road" in american
    assert respell(american, american=False) == text
    outs = [house_style(text, rng(seed), 0.7) for seed in range(20)]
    assert {out for out in outs if "March 12, 2019" in out}
    assert {out for out in outs if "40%" in out}
    assert all("Labour, of Harbour Road" in out for out in outs)


def test_the_spelling_tables_are_each_others_mirror():
    assert all(TO_AMERICAN[british] == american for american, british in TO_BRITISH.items())
    assert all(british != american for british, american in TO_AMERICAN.items())


def test_copyedit_changes_few_words():
    changed = [share_changed(text, copyedit(text, rng(k), 0.7)) for k in range(5) for text in TEXTS]
    assert max(changed) < 0.05
    assert 0 < np.mean(changed) < 0.02
