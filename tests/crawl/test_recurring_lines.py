"""What stands on many pages of a site goes; what an article says, or shares with its own versions, stays."""

import pandas as pd
import pytest

from unspun.crawl.recurring_lines import ENOUGH_PAGES, count_lines, drop_lines, recurrent_lines
from unspun.io.tables import Article, articles_frame
from unspun.text.token_text import text_digest

PROFILE = "Orla Finch has sailed round the world twice and keeps goats."
STORIES = [
    f"Ferry {n} was late on Monday, said its captain, who blamed the tide and the price of {n} barrels of herring."
    for n in range(40)
]


def articles(texts, site="gull.example"):
    return articles_frame(Article(f"{site}/{n}", text, site=site) for n, text in enumerate(texts))


def drop_recurrent_lines(given):
    """Do all three steps with articles that are at hand."""
    return drop_lines(given, recurrent_lines(count_lines(given)))


def test_a_line_on_many_pages_of_a_site_is_dropped():
    given = articles([f"{story}\n{PROFILE}" for story in STORIES[:10]])
    kept, rejects = drop_recurrent_lines(given)
    assert kept["text"].tolist() == STORIES[:10]
    assert kept["sha256"].tolist() == [text_digest(story) for story in STORIES[:10]]
    assert rejects.empty


@pytest.mark.parametrize(("n_pages", "n_with", "drops"), [(4, 4, True), (3, 3, False), (40, 8, True), (40, 7, False)])
def test_how_many_pages_are_many(n_pages, n_with, drops):
    texts = [f"{story}\n{PROFILE}" if n < n_with else story for n, story in enumerate(STORIES[:n_pages])]
    kept, _ = drop_recurrent_lines(articles(texts))
    assert any(PROFILE in text for text in kept["text"]) is not drops


def test_on_a_large_site_a_share_is_not_needed():
    texts = [f"Story {n}.\n{PROFILE}" if n < ENOUGH_PAGES else f"Story {n}." for n in range(50 * ENOUGH_PAGES)]
    assert not any(PROFILE in text for text in drop_recurrent_lines(articles(texts))[0]["text"])


def test_sites_are_counted_apart_and_folders_stand_for_sites():
    one, other = (articles([f"{s}\n{PROFILE}" for s in STORIES[:3]], site) for site in ("a.example", "b.example"))
    assert drop_recurrent_lines(pd.concat([one, other]))[0]["text"].str.contains(PROFILE).all()
    names = [f"{folder}/{n}.html" for folder in ("gull", "tern") for n in range(4)]
    texts = [f"{story}\n{PROFILE}" if n < 4 else story for n, story in enumerate(STORIES[:8])]
    pages = articles_frame(Article(name, text) for name, text in zip(names, texts, strict=True))
    assert drop_recurrent_lines(pages)[0]["text"].tolist() == STORIES[:8]


def test_versions_of_an_article_keep_what_they_share():
    body = "\n".join(STORIES[:5])
    kept, _ = drop_recurrent_lines(articles([f"{body}\n{extra}\nShare it" for extra in STORIES[10:16]]))
    assert all(text.startswith(body) for text in kept["text"])
    assert not any("Share it" in text for text in kept["text"])


def test_a_page_of_nothing_else_is_rejected_with_its_reason():
    _, rejects = drop_recurrent_lines(articles([f"{story}\n{PROFILE}" for story in STORIES[:5]] + [PROFILE]))
    assert rejects[["uri", "stage"]].values.tolist() == [["gull.example/5", "extract"]]


def test_shards_counted_apart_give_what_all_give_together():
    given = articles([f"{story}\n{PROFILE}\n{'again ' * (n % 3)}" for n, story in enumerate(STORIES)])
    shards = [given[start : start + 7] for start in range(0, len(given), 7)]
    recurrent = recurrent_lines(pd.concat([count_lines(shard) for shard in reversed(shards)]))
    apart = pd.concat([drop_lines(shard, recurrent)[0] for shard in shards])
    pd.testing.assert_frame_equal(apart, drop_recurrent_lines(given)[0])


def test_no_articles_are_no_trouble():
    assert all(table.empty for table in drop_recurrent_lines(articles([])))
