"""The composed crawl of the benchmarks: the same every time, spun as much as it says, and found."""

import doctest

import boilerplate
import crawl
import pandas as pd
import pytest
import stories

from unspun.crawl.candidates import find_candidates
from unspun.crawl.pages.main_text import main_text_of

N_PAGES = 40


@pytest.fixture(scope="module")
def pages():
    return list(crawl.read_pages(N_PAGES))


@pytest.mark.parametrize("module", [crawl, boilerplate, stories], ids=lambda module: module.__name__)
def test_examples_in_docstrings(module):
    assert doctest.testmod(module).failed == 0


def test_the_same_seed_gives_the_same_pages(pages):
    assert list(crawl.read_pages(N_PAGES)) == pages
    assert next(crawl.read_pages(N_PAGES, seed=1)) != pages[0]


def test_every_page_has_an_address_of_its_own(pages):
    assert len({entry.article_id for entry, _ in pages}) == len(pages) == N_PAGES


def test_spins_replace_as_much_as_they_say(pages):
    texts = {entry.article_id: entry.text for entry, _ in pages}
    for entry, _ in pages:
        if entry.variant and entry.variant.manner in ("replaced", "shuffled"):
            replaced = crawl.replaced_rate(texts[entry.source_id], entry.text)
            assert replaced == pytest.approx(entry.variant.level, abs=0.06)


def test_names_are_dropped(pages):
    for number in range(3):
        event = stories.Writer(0).event(number)
        story = stories.Writer(0).story(event, number)
        text = crawl.make_variant(story, crawl.Variant("nameless", 0.2, "thesaurus"), seed=1)
        assert not any(name in text for name in event.names)


def test_the_article_comes_out_of_its_page(pages):
    for entry, html in pages[:8]:
        assert main_text_of(html).text == entry.text.strip()


def test_every_source_is_its_spins_first_candidate(pages):
    articles = pd.DataFrame([(entry.article_id, entry.text) for entry, _ in pages], columns=["article_id", "text"])
    found = find_candidates(articles)
    for entry, _ in pages:
        if entry.variant:
            mine = found[(found["source_id"] == entry.article_id) | (found["suspect_id"] == entry.article_id)].iloc[0]
            assert entry.source_id in mine[["source_id", "suspect_id"]].tolist()
