"""Articles that stand in a page's data: JSON-LD behind a teaser, what a script draws the page from, or nothing."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from articles import SPUN, STORY, UNRELATED

from unspun.crawl.pages.main_text import RENDERED, main_text_of
from unspun.crawl.pages.page_data import MAX_VALUES
from unspun.crawl.reading.articles import read_articles, read_page
from unspun.io.tables import Article, Reject

CASES = Path(__file__).parents[1] / "cases"
TEASER = STORY.split("\n\n")[1]
NAV = "<nav><a href=/>Home</a> <a href=/n>News</a> <a href=/s>Sport</a></nav>"
PAYWALL = "<div class=paywall><p>Subscribe to continue reading this article. Already a subscriber? Sign in.</p></div>"


def shown(text: str) -> str:
    return "".join(f"<p>{line}</p>" for line in text.split("\n\n"))


def page(body: str, data: str = "", title: str = "Barrier gates jam") -> str:
    return f"<!doctype html><html><head><title>{title}</title>{data}</head><body>{NAV}{body}</body></html>"


def ld(*values: object, graph: bool = False) -> str:
    value = {"@context": "https://schema.org", "@graph": list(values)} if graph else values[0]
    return f'<script type="application/ld+json">{json.dumps(value)}</script>'


def wrapped(value: object, before: str, after: str) -> str:
    plain = value if isinstance(value, str) else json.dumps(value)
    return f'<script type="application/ld+json">{before}{plain}{after}</script>'


WRAPPINGS = [
    ("<!--", "-->"),
    ("//<![CDATA[\n", "\n//]]>"),
    ("/* <![CDATA[ */", "/* ]]> */"),
    ("<![CDATA[", "]]>"),
    ("", ";"),
]


def news(text: str, **more: object) -> dict[str, object]:
    return {"@type": "NewsArticle", "headline": "Barrier gates jam", "articleBody": text, **more}


def lines(text: str) -> list[str]:
    return [line for line in text.split("\n") if line]


@pytest.mark.parametrize(
    "data",
    [
        ld(news(STORY)),
        ld(news(shown(STORY))),
        ld({"@type": "WebSite", "name": "Marrow News"}, news(STORY), graph=True),
        ld(news(STORY, **{"@type": ["Article", "NewsArticle"]})),
        ld(news(UNRELATED, headline="Another story")) + ld(news(STORY)),
        *(wrapped(news(STORY), before, after) for before, after in WRAPPINGS),
        ld(news(STORY)).replace('"}<', '",\n}<'),
        wrapped(json.dumps(news(STORY)).replace('"', "&quot;"), "", ""),
    ],
)
def test_the_whole_article_goes_before_its_teaser(data: str) -> None:
    found = main_text_of(page(f"<article><h1>Barrier gates jam</h1><p>{TEASER}</p>{PAYWALL}</article>", data))
    assert lines(found.text) == lines(STORY)


@pytest.mark.parametrize(
    "data",
    [
        ld(news(UNRELATED, headline="Another story")),
        ld(news(UNRELATED, headline="Another")) + ld(news(SPUN, headline="A third")),
        ld(news("Barrier gates jam on first test.")),
        ld({"@type": "NewsArticle", "articleBody": [STORY]}),
        '<script type="application/ld+json">{"articleBody": </script>',
        f'<script type="application/ld+json">{"[" * 100_000}</script>',
    ],
)
def test_the_markup_stays_where_the_data_hold_no_more_of_it(data: str) -> None:
    found = main_text_of(page(f"<article>{shown(STORY)}</article>", data))
    assert found.text == main_text_of(page(f"<article>{shown(STORY)}</article>")).text
    assert "Councillor Tomas Brandt" in found.text


PARAGRAPHS = STORY.split("\n\n")


@pytest.mark.parametrize(
    "data",
    [
        {"props": {"pageProps": {"article": {"title": "Gates", "body": shown(STORY)}}}},
        {"props": {"pageProps": {"post": {"content": {"rendered": shown(STORY)}}}}},
        {"article": {"content": [{"type": "paragraph", "text": line} for line in PARAGRAPHS]}},
        {"article": {"body": [{"type": "p", "content": {"html": f"<b>{line}</b>"}} for line in PARAGRAPHS]}},
        {"blocks": [{"type": "text", "data": {"text": line}} for line in PARAGRAPHS]},
        {"doc": {"content": [{"type": "paragraph", "content": [{"text": line}]} for line in PARAGRAPHS]}},
    ],
)
@pytest.mark.parametrize(
    "script",
    [
        '<script id="__NEXT_DATA__" type="application/json">{}</script>',
        "<script>window.__INITIAL_STATE__ = {};</script>",
        "<script>window.__STATE__=JSON.parse({parsed})</script>",
        "<script>window.__STATE__ = JSON.parse({single});</script>",
    ],
)
def test_a_page_that_a_script_draws_is_read_from_its_data(data: object, script: str) -> None:
    plain = json.dumps(data).replace("</", "<\\/")
    single = "'" + plain.replace("\\", "\\\\").replace("'", "\\'").replace("<", "\\x3c") + "'"
    drawn = script.format(plain, parsed=json.dumps(plain), single=single)
    found = main_text_of(page('<div id="__next"></div>' + drawn))
    assert lines(found.text) == lines(STORY)


@pytest.mark.parametrize(
    "body",
    [
        '<div id="root"></div>',
        '<div id="__next"></div><footer><p>All rights reserved.</p></footer>',
        "<noscript>You need to enable JavaScript to run this app.</noscript><div class=x></div>",
        '<div id="app"></div><script type="application/json">{"menu": ["Home", "News"]}</script>',
    ],
)
def test_a_page_without_text_says_that_a_script_draws_it(body: str) -> None:
    assert read_page(page(body).encode(), "a.html") == Reject("a.html", "extract", RENDERED)


def test_an_article_beside_an_empty_frame_is_an_article() -> None:
    found = main_text_of(page(f'<div id="root"></div><article>{shown(STORY)}</article>'))
    assert "Councillor Tomas Brandt" in found.text


def test_data_without_end_cost_little() -> None:
    data = json.dumps([{"body": "x"}] * MAX_VALUES)
    found = main_text_of(page('<div id="root"></div>', f'<script type="application/json">{data}</script>'))
    assert found.reason == RENDERED


def test_data_of_any_depth_cost_no_markup() -> None:
    deep = '{"content": [' * 900 + "]}" * 900
    found = main_text_of(page(f"<article>{shown(STORY)}</article>", f'<script type="application/json">{deep}</script>'))
    assert "Councillor Tomas Brandt" in found.text


@pytest.mark.parametrize(
    "piece", ["<svg>", "<!--", "<script ", "<a <", "</p", "[a](", "[a](x ", "<p>" * 3, "&amp", "\n# "]
)
def test_no_marks_take_long(tmp_path: Path, piece: str) -> None:
    text = "<p>Fog.</p>\n" + piece * (900_000 // len(piece))
    (tmp_path / "a.md").write_text(text)
    (tmp_path / "a.jsonl").write_text(json.dumps({"id": "a", "text": text}) + "\n")
    started = time.process_time()
    assert len(list(read_articles([tmp_path]))) == 2
    assert time.process_time() - started < 10


# Text in files and cells


FRONT = '---\ntitle: "Gates jam"\ndate: 2024-05-01 10:00\ntags: [gates, harbour]\ncategories:\n  - local\n---\n'


@pytest.mark.parametrize(
    "front", [FRONT, FRONT.replace("\n", "\r\n"), '+++\ntitle = "Gates jam"\ndate = 2024-05-01\n+++\n']
)
def test_front_matter_is_no_text(tmp_path: Path, front: str) -> None:
    (tmp_path / "a.md").write_bytes(f"{front}\n{STORY}".encode())
    [article] = read_articles([tmp_path])
    assert isinstance(article, Article)
    assert (article.text, article.title, article.published) == (STORY, "Gates jam", "2024-05-01")


@pytest.mark.parametrize(
    "text", [f"---\n{STORY}\n---\nMore of it.", f"---\n\n{STORY}", f"---\n---\n{STORY}", f"--- {STORY}"]
)
def test_a_rule_at_the_beginning_is_no_front_matter(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.md").write_text(text)
    [article] = read_articles([tmp_path])
    assert article == Article("a.md", text, language="en")


def test_links_and_headings_of_markdown_lose_their_marks(tmp_path: Path) -> None:
    text = f'# Gates\n\n{STORY}\n\nSee [the plan](https://a.example/plan_(2)) and ![a gate](gate.png "A gate").'
    (tmp_path / "a.md").write_text(text.replace("_(2)", ""))
    [article] = read_articles([tmp_path])
    assert isinstance(article, Article)
    assert article.text == f"Gates\n\n{STORY}\n\nSee the plan and a gate."


@pytest.mark.parametrize(
    "text", [shown(STORY), STORY.replace("\n\n", "<br /><br>"), f"<div class='x'>{shown(STORY)}</div>"]
)
def test_tags_in_a_text_field_are_no_text(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.jsonl").write_text(json.dumps({"id": "a", "text": text}) + "\n")
    [article] = read_articles([tmp_path])
    assert isinstance(article, Article)
    assert lines(article.text) == lines(STORY)


def test_a_text_about_a_tag_keeps_it(tmp_path: Path) -> None:
    text = f"{STORY} The <p> tag opens a paragraph; 3 < 4 and 5 > 4."
    (tmp_path / "a.jsonl").write_text(json.dumps({"id": "a", "text": text}) + "\n")
    [article] = read_articles([tmp_path])
    assert isinstance(article, Article)
    assert article.text == text


@pytest.mark.parametrize("name", ["jsonld_paywall", "nextdata", "front_matter"])
def test_pages_that_went_wrong(name: str) -> None:
    for article in read_articles([CASES / name]):
        assert isinstance(article, Article)
        assert len(article.text) > 500
        assert not {"Subscribe", "layout: post", "<p>", "https://"} & {
            mark for mark in ("Subscribe", "layout: post", "<p>", "https://") if mark in article.text
        }
