"""Every form makes whole pages, many of them, and two pages of one form differ in what they are about."""

import itertools
import re

import numpy as np
import pytest

from unspun.text.tokenizer import read_text
from unspun.training.honest.forms.all_forms import FORMS, form_pair
from unspun.training.honest.forms.form_template import Form

ALL = [pytest.param(form, id=form.name) for form in FORMS]


def rng(seed=0):
    return np.random.default_rng(seed)


def sentences(page):
    read = read_text(page)
    stops = read.sentence_stops.tolist()
    return {tuple(read.words[a:b]) for a, b in itertools.pairwise(stops)}


def test_there_are_a_dozen_forms_of_different_names():
    assert len({form.name for form in FORMS}) == len(FORMS) >= 12


@pytest.mark.parametrize("form", ALL)
def test_pages_have_the_length_of_such_pages(form):
    lengths = [len(form(rng(seed)).split()) for seed in range(50)]
    assert min(lengths) >= 110
    assert max(lengths) <= 350


@pytest.mark.parametrize("form", ALL)
def test_pages_are_whole(form):
    for seed in range(60):
        page = form(rng(seed))
        assert not re.search(r"[\[\]{}|]|\(n\)|  |\.\.| [,.;]|\n ", page), page
        assert all(line[:1].isupper() or line[0] in "\"“'0123456789$" for line in page.split("\n") if line)


@pytest.mark.parametrize("form", ALL)
def test_the_seed_decides(form):
    assert form(rng(4)) == form(rng(4))
    assert len({form(rng(seed)) for seed in range(40)}) == 40


@pytest.mark.parametrize("form", ALL)
def test_wordings_alone_make_tens_of_thousands_of_pages(form):
    assert form.n_wordings >= 50_000


@pytest.mark.parametrize("form", ALL)
def test_a_house_has_one_wording_and_pages_of_its_own(form):
    pages = [form(rng(seed), house=3) for seed in range(20)]
    assert len(set(pages)) == 20
    masked = [{re.sub(r"\d+", "0", " ".join(words)) for words in sentences(page)} for page in pages]
    other = [{re.sub(r"\d+", "0", " ".join(words)) for words in sentences(form(rng(100 + s)))} for s in range(20)]
    within = np.mean([len(a & b) for a, b in itertools.pairwise(masked)])
    between = np.mean([len(a & b) for a, b in zip(masked, other, strict=True)])
    assert within >= between


def test_templates_are_filled():
    text = "A(n) [ebb|odd] tide of {height}.\n?Low.\n|| Lower.\n\nAt {hour}."
    form = Form("tide", lambda rng: {"height": "2 m", "hour": "6 p.m."}, text)
    pages = {form(rng(seed)) for seed in range(60)}
    assert {page.split(".")[0] for page in pages} == {"An ebb tide of 2 m", "An odd tide of 2 m"}
    assert all(page.endswith("\n\nAt 6 p.m.") for page in pages)
    assert len(pages) == 6
    assert form.n_wordings == 6


def runs_of_three(page):
    words = read_text(page).words
    return set(zip(words, words[1:], words[2:], strict=False))


def test_most_pairs_are_of_one_site():
    pairs = [form_pair(rng(seed)) for seed in range(60)]
    assert all(first != second for first, second in pairs)
    shared = [len(runs_of_three(a) & runs_of_three(b)) / len(runs_of_three(a)) for a, b in pairs]
    assert 0.2 < np.median(shared) < 0.8
