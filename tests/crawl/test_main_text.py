"""The article of a page comes through whole, its boilerplate does not, and sentences about boilerplate stay."""

import re
import time

import pytest

from unspun.crawl.pages.main_text import main_text_of
from unspun.crawl.pages.text_lines import clean_lines
from unspun.text.boilerplate import BOILERPLATE_PHRASES, is_boilerplate

PARAGRAPHS = [
    "The drawbridge at Ostermouth will stay shut until October, the harbour board said after a long meeting.",
    "Engineer Pia Lundgaard found cracks in two of the nine hinges during an inspection that nobody had asked for.",
    "“We would rather be slow than sorry,” she told the board, which voted 7-2 to close the bridge to all lorries.",
    "Shopkeepers on the north bank expect to lose a third of their trade, and want the ferry to run until midnight.",
    "The board has set aside 1.4 million for repairs, a sum that the last survey, in 2019, called far from enough.",
]
PAGE = """<!doctype html><html><head><title>Bridge to stay shut until October</title></head><body>
<nav><ul><li><a href="/">Home</a></li><li><a href="/news">News</a></li><li><a href="/sport">Sport</a></li></ul></nav>
<div class="cookie">We use cookies to improve your visit. <a href="/privacy">Privacy policy</a></div>
<article><h1>Bridge to stay shut until October</h1><p>By Nils Ambergate</p>
{paragraphs}
<p>Sources: Ostermouth Courier, Harbour Gazette</p>
<div class="share"><a>Share on Facebook</a> <a>Tweet this</a> <a>Print this</a></div></article>
<section><h3>More News For You</h3><p><a href="/1">Mayor opens fish market</a></p>
<p><a href="/2">Rain stops play</a></p></section>
<div id="respond"><h3>Leave a Reply</h3><p>Your email address will not be published. Required fields are marked *</p>
<form><label>Comment</label><textarea></textarea>
<label>Save my name, email, and website in this browser</label></form></div>
<footer><p>Sign up for our newsletter</p>
<p>© 2026 Ostermouth Courier. All rights reserved.</p></footer></body></html>"""


def page(paragraphs=PARAGRAPHS, template=PAGE):
    return template.format(paragraphs="\n".join(f"<p>{p}</p>" for p in paragraphs))


def test_the_article_and_nothing_but_the_article():
    found = main_text_of(page())
    assert found.text.split("\n") == PARAGRAPHS
    assert found.title == "Bridge to stay shut until October"


def test_forms_inside_the_article_go_too():
    inside = [
        *PARAGRAPHS[:2],
        "More News For You",
        "Mayor opens fish market",
        *PARAGRAPHS[2:],
        "Leave a Reply",
        "Your email address will not be published. Required fields are marked *",
        "Great news, at last someone looks at those rusty hinges before a lorry ends up in the river below.",
    ]
    assert main_text_of(page(inside)).text.split("\n") == PARAGRAPHS


@pytest.mark.parametrize("template", ["<div>{paragraphs}</div>", "<html><table><tr><td>{paragraphs}</td></tr></table>"])
def test_parts_of_pages_and_tables_for_layout_are_read(template):
    text = main_text_of(page(template=template)).text
    assert all(paragraph in text for paragraph in PARAGRAPHS)


def test_short_articles_are_found_by_a_more_generous_reading():
    assert "two of the nine hinges" in main_text_of(page(PARAGRAPHS[1:2])).text


@pytest.mark.parametrize("html", ["", "   ", "no markup at all", "<html>", "<<<>>>", "\0", "<p>" * 3000, "<!-- open"])
def test_rubbish_never_raises(html):
    assert isinstance(main_text_of(html).text, str)


@pytest.mark.parametrize(
    "line",
    [
        "Leave a Reply",
        "LEAVE A REPLY Cancel reply",
        "Your email address will not be published. Required fields are marked *",
        "save my name, email, and website in this browser for the next time i comment.",
        "More News For You",
        "You may also like: Ten bridges you must see",
        "Share this article",
        "Sources: Ostermouth Courier, Harbour Gazette",
        "Don’t miss",
        "Sign up for our daily newsletter",
        "We use cookies to improve your visit.",
        "All rights reserved",
        "Have your say: was this the right decision?",
        "Follow the Harbour Gazette for more. Download our app for alerts.",
        "Mail (will not be published) (required)",
        "RSS feed for comments on this post. TrackBack URI",
        "You can leave a response, or trackback from your own site.",
        "No comments yet.",
        "You must be logged in to post a comment.",
    ],
)
def test_boilerplate_is_known(line):
    assert is_boilerplate(line)
    assert is_boilerplate(line.lower())
    lowered = line.lower().replace("’", "'")
    assert any(phrase in lowered for phrase in BOILERPLATE_PHRASES)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "The company changed its privacy policy on Monday after complaints from 300 of its users.",
        "She asked readers to contact us with stories about the drawbridge and the men who built it.",
        "Two sources: the mayor and a clerk, confirmed the sum and the date of the payment to the court.",
        "The minister gave no reply.",
        "They were the most popular couple in town, and the top stories were about nothing else for weeks.",
        " ".join(["A long paragraph that happens to say leave a reply"] * 6),
    ],
)
def test_sentences_of_articles_are_not(line):
    assert not is_boilerplate(line)


def test_phrases_are_lower_case_and_specific():
    assert all(phrase == phrase.lower() for phrase in BOILERPLATE_PHRASES)
    assert all(re.search(r"\w{4}", phrase) for phrase in BOILERPLATE_PHRASES)
    assert len(set(BOILERPLATE_PHRASES)) == len(BOILERPLATE_PHRASES)


@pytest.mark.parametrize(
    "line",
    [
        "By Nils Ambergate",
        "BY HARBOUR REPORTER",
        "Published 14 May 2024",
        "Tuesday, 14 May 2024",
        "Facebook Twitter Email",
        "* * *",
        "Website",
        "Your name *",
        "E-mail address: (optional)",
        "Previous post: Fog on the estuary",
        "« Older entries",
        "Tags: bridges, hinges, lorries",
        "Posted 14 May by Nils Ambergate | Permalink",
        "Filed under Bridges, Harbours and Other Matters of the Sea. Leave it | Share it | Print it",
    ],
)
def test_bylines_dates_and_share_bars_are_dropped(line):
    assert clean_lines(f"{line}\n{PARAGRAPHS[0]}") == PARAGRAPHS[0]


@pytest.mark.parametrize(
    "line", ["By the bridge", "1. Ring the bell twice", "“No,” she said.", "It rained.", "May it stay so"]
)
def test_short_lines_of_the_article_stay(line):
    assert clean_lines(f"{PARAGRAPHS[0]}\n{line}\n{PARAGRAPHS[1]}").split("\n")[1] == line


def test_menus_and_short_table_cells_are_dropped():
    menu = "\n".join(["Home", "News", "Sport", "Weather", "Opinion", "Culture"])
    row = f"| 14 May | {PARAGRAPHS[1]} | Print |"
    assert clean_lines(f"{PARAGRAPHS[0]}\n{menu}\n{row}") == "\n".join(PARAGRAPHS[:2])


def test_what_follows_the_heading_of_the_comments_is_not_the_article():
    article = "\n".join(PARAGRAPHS[:4])
    assert clean_lines(f"{article}\n3 comments\n{PARAGRAPHS[4]}") == article


def test_a_list_of_headlines_below_the_article_is_dropped():
    tail = ["Mayor opens fish market", "Rain stops play", "Ferry late again"]
    article = "\n".join(PARAGRAPHS)
    assert clean_lines("\n".join([article, *tail])) == article
    assert clean_lines("\n".join([article, "- ring", "- wait", "- enter"])).endswith("- enter")
    wrapped = "\n".join([article, "The board", "will meet", "in June"])
    assert clean_lines(wrapped) == wrapped


@pytest.mark.parametrize(
    "line", ["By " + "A" * 100_000, "Name " + "*" * 100_000 + "!", "a | " * 100_000, "jan" * 100_000]
)
def test_no_line_takes_long(line):
    start = time.process_time()
    clean_lines(line)
    assert time.process_time() - start < 2


def test_a_short_article_is_found_where_publishing_systems_put_it():
    short = "Ferry cancelled. Blame the fog."
    page = f"<html><body><p>{PARAGRAPHS[0]}</p><div class='entry-content'><p>{short}</p></div></body></html>"
    assert main_text_of(page).text == short


def test_a_title_that_is_never_closed_does_not_swallow_the_article():
    page = "<html><head><title>Bridge to stay shut<body><article>" + "".join(f"<p>{p}</p>" for p in PARAGRAPHS)
    assert main_text_of(page).text.split("\n") == PARAGRAPHS


def test_text_in_no_paragraph_is_found():
    loose = f"<td>{PARAGRAPHS[0]}<p>" + "<p>".join(PARAGRAPHS[1:])
    assert main_text_of(f"<html><body><table><tr>{loose}</table></body></html>").text.split("\n") == PARAGRAPHS


def test_a_link_to_the_comments_above_the_article_does_not_end_it():
    assert clean_lines(f"{PARAGRAPHS[0]}\nComments (3)\n{PARAGRAPHS[1]}").split("\n") == PARAGRAPHS[:2]
