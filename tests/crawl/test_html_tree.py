"""A page's tree is put in order: loose text gets its paragraph, tables become blocks, and title and date are found."""

import time

import pytest

from unspun.crawl.pages.html_tree import flatten_tables, named_body, page_date, page_title, parse_page, without_unclosed

LINE = "The ferry to Skerrow left at noon on Monday, with nobody on it but the cook."


def paragraphs(html):
    return [paragraph.text_content().strip() for paragraph in parse_page(html).iter("p")]


@pytest.mark.parametrize(
    "html",
    [
        f"<div>{LINE}<p>It came back.</p></div>",
        f"<div><p>It came back.</p>{LINE}</div>",
        f"<td>{LINE[:20]}<b>{LINE[20:30]}</b><a href=x>{LINE[30:]}</a><p>It came back.</p></td>",
        f"<span>{LINE}<P></P><P>It came back.</P></span>",
        f"<div><p>It came back.</p>{LINE}<br><br>{LINE}</div>",
    ],
)
def test_loose_text_gets_its_paragraph(html):
    found = paragraphs(html)
    assert LINE in found
    assert "It came back." in found
    assert found.count(LINE) == html.count("ferry")


def test_nothing_is_lost_or_moved():
    html = f"<div>one <b>two</b> three<p>four</p>five<i>six</i><p>seven</p>{LINE}<img src=x> tail<div>eight</div></div>"
    words = " ".join(parse_page(html).text_content().split())
    assert words == f"one two threefourfivesixseven{LINE} taileight"


def test_labels_between_paragraphs_stay_as_they_are():
    assert paragraphs("<div>Photo: Tern<p>It came back.</p></div>") == ["It came back."]


def test_tables_become_blocks():
    tree = parse_page("<table><tbody><tr><td>a</td><th>b</th></tr></tbody></table>")
    assert flatten_tables(tree)
    assert not flatten_tables(tree)
    assert {node.tag for node in tree.find("body").iterdescendants()} == {"div"}


def test_forms_known_by_name_are_dropped_unless_they_are_the_page():
    page = f"<html><body><p>{LINE * 9}</p><div id=respond class='x'><p>Say something</p></div></body></html>"
    assert "Say something" not in parse_page(page).text_content()
    assert (
        LINE
        in parse_page(f"<html><body><div class='wide comment-list'><p>{LINE}</p></div></body></html>").text_content()
    )


@pytest.mark.parametrize(
    ("head", "body", "title"),
    [
        ("<title>Ferry late - The Gull</title>", "<h1>The Gull</h1><h2>Ferry late</h2>", "Ferry late"),
        ("<title>The Gull | Ferry late again | News</title>", "", "Ferry late again"),
        ('<title>x</title><meta property="og:title" content=" Ferry  late ">', "<h1>The Gull</h1>", "Ferry late"),
        ("", "<h1>Ferry late</h1>", ""),
    ],
)
def test_the_title_is_the_headline(head, body, title):
    assert page_title(parse_page(f"<html><head>{head}</head><body>{body}</body></html>")) == title


@pytest.mark.parametrize(
    "html",
    [
        '<meta property="article:published_time" content="2024-05-14T09:30:00Z">',
        '<meta name="pubdate" content="2024-05-14">',
        '<script type="application/ld+json">{"@type": "Article", "datePublished": "2024-05-14T09"}</script>',
        '<time datetime="2024-05-14">Tuesday</time>',
    ],
)
def test_the_date_is_what_the_page_states(html):
    assert page_date(parse_page(f"<html><head>{html}</head><body>{html}</body></html>")) == "2024-05-14"


@pytest.mark.parametrize(
    "body",
    [
        "<h1>Ferry late</h1><p class=date>Tuesday, 14 May 2024</p><p>The ferry was late on 3 May 2023, too.</p>",
        "<h1>Ferry late</h1><div class=byline>By Maud Kestrelby on May 14, 2024</div><p>The ferry was late.</p>",
        "<h1>Ferry late</h1><span class=posted>Posted 2024-05-14 09:30</span><p>The ferry was late.</p>",
    ],
)
def test_a_date_that_is_shown_is_found_where_none_is_stated(body):
    assert page_date(parse_page(f"<html><body><article>{body}</article></body></html>")) == "2024-05-14"


def test_what_is_stated_goes_before_what_is_shown():
    stated = '<meta property="article:published_time" content="2024-05-14">'
    page = f"<html><head>{stated}</head><body><p class=date>Posted on May 20, 2024</p></body></html>"
    assert page_date(parse_page(page)) == "2024-05-14"


def test_a_date_does_not_hang_on_the_clock(monkeypatch):
    page = "<html><body><h1>Ferry late</h1><p class=date>Tuesday, 14 May 2024</p></body></html>"
    earlier = time.struct_time((2001, 1, 1, 0, 0, 0, 0, 1, 0))
    monkeypatch.setattr(time, "time", lambda: time.mktime(earlier))
    assert page_date(parse_page(page)) == "2024-05-14"


def test_no_date_is_none():
    assert page_date(parse_page("<html><meta name=date content='last Tuesday'><p>14 May</p></html>")) == ""


def test_the_only_body_of_an_article_is_known_by_its_name():
    page = "<div class='post entry-content'><p>One.</p><script>x()</script>Two.<br>Three.</div>"
    assert named_body(parse_page(page)).split() == ["One.", "Two.", "Three."]
    assert named_body(parse_page(page * 2)) == ""
    assert named_body(parse_page("<p>One.</p>")) == ""
    assert "One." in named_body(parse_page("<div class=entry><div itemprop=articleBody>One.</div></div>"))


def test_a_tag_that_swallows_the_page_is_taken_out():
    assert without_unclosed(f"<title>Gull<p>{LINE}") == f"Gull<p>{LINE}"
    assert without_unclosed("<title>Gull</title><noscript>") == "<title>Gull</title>"
