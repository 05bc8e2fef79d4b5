"""Inputs made to break a reader: none crashes it, none holds it up for longer than the caps, none costs a neighbour."""

import gzip
import json
import os
import subprocess
import sys
import time

import pytest
from hostile_files import hostile_files, mislead
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from unspun.crawl.pages import sandbox
from unspun.crawl.pages.main_text import main_text_of
from unspun.crawl.pages.sandbox import Guard
from unspun.crawl.pages.text_lines import clean_lines
from unspun.crawl.reading.articles import read_articles
from unspun.crawl.run import open_run
from unspun.io.tables import REJECTS, Article, Reject, articles_frame, rejects_frame

STORY = (
    "The lighthouse keeper of Skerrow counted {} gulls on Friday morning, and wrote the number down as he always does. "
    "Nobody has read his lists since 1987, said the harbour master, Agnes Tolliver, who keeps them in a dry cupboard."
)
MIXED = "Пр̶иве́т שלום 你好 ﷽ \u202eevil\u202c Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢ "
ENTITIES = (
    "<!DOCTYPE html [<!ENTITY a 'ha'>"
    + "".join(f"<!ENTITY {chr(98 + n)} '{f'&{chr(97 + n)};' * 10}'>" for n in range(20))
    + "]><html><body><p>&u;</p></body></html>"
)


def nested(tag, depth):
    return f"<html><body>{f'<{tag}>' * depth}deep{f'</{tag}>' * depth}</body></html>"


HOSTILE = {
    "empty.html": b"",
    "empty.txt": b"",
    "empty.jsonl": b"",
    "empty.csv": b"",
    "empty.parquet": b"",
    "empty.warc.gz": b"",
    "blank.html": b" \n" * 100_000,
    "nul.html": b"<html><body><p>" + b"a\0b " * 10_000,
    "nul.txt": b"\0" * 10_000,
    "one-word.txt": b"gull " * 10_000_000,
    "one-word.html": b"<html><body><p>" + b"gull " * 900_000,
    "one-line.txt": b"The gull " * 111_000,
    "one-line.jsonl": b'{"text": "' + b"x" * 9_000_000 + b'"}',
    "div.html": nested("div", 100_000).encode(),
    "table.html": nested("table><tr><td", 30_000).encode(),
    "b.html": nested("b", 200_000).encode(),
    "brackets.html": b"<" * 1_000_000,
    "comment.html": b"<html><body><!--" + b"- " * 500_000,
    "title.html": b"<html><title>" + b"x " * 500_000,
    "entities.html": ENTITIES.encode(),
    "references.html": b"<p>&#xD800; &#55555; &#1114112; &#0; &bogus; " * 1000,
    "mixed.html": f"<html><body><p>{MIXED * 2000}</p></body></html>".encode(),
    "mixed.txt": (MIXED * 2000).encode(),
    "bomb.html.gz": gzip.compress(b"<p>" * 30_000_000, 1),
    "bomb.jsonl.gz": gzip.compress(b"[" * 120_000_000, 1),
    "bomb.warc.gz": gzip.compress(b"WARC/1.0\r\nContent-Length: 999999999999\r\n\r\n" + b"0" * 120_000_000, 1),
    "lengths.warc": b"WARC/1.0\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\n" + b"WARC/1.0\r\n" * 1000,
    "blanks.arc": b"http:" + b" 12345678" * 100_000 + b"\n",
    "json.jsonl": b"[" * 100_000 + b"\n" + b'{"a":' * 100_000 + b'\n{"text": {"text": 1}}\n{"text": "\\ud800"}\n\xff\n',
    "quotes.csv": b'id,text\na,"' + b"never closed " * 1000,
    "no-type": b"\x7fELF" + bytes(range(256)) * 50,
}


@pytest.fixture(scope="module", autouse=True)
def impatient():
    """Use a guard with short caps, so that the caps are met."""
    before, sandbox._guard = sandbox._guard, Guard(max_seconds=2, max_memory=1_000_000_000)
    yield
    sandbox._guard.close()
    sandbox._guard = before


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_costs_none_of_its_neighbours(tmp_path, name):
    (tmp_path / "a.txt").write_text(STORY.format(11))
    (tmp_path / name).write_bytes(HOSTILE[name])
    (tmp_path / "z.html").write_text(f"<html><body><p>{STORY.format(12)}</p></body></html>")
    start = time.monotonic()
    items = list(read_articles([tmp_path]))
    assert time.monotonic() - start < 20
    articles = {item.article_id: item for item in items if isinstance(item, Article)}
    assert articles["a.txt"].text == STORY.format(11)
    assert articles["z.html"].text == STORY.format(12)
    others = [item for item in items if getattr(item, "article_id", None) not in ("a.txt", "z.html")]
    assert all(item.stage and item.reason for item in others if isinstance(item, Reject))
    assert others or name in ("empty.jsonl",)
    check_tables(items)


def check_tables(items):
    """What was read fits the tables and a file."""
    articles = articles_frame(item for item in items if isinstance(item, Article))
    rejects = rejects_frame(item for item in items if isinstance(item, Reject))
    assert len(articles) + len(rejects) == len(items)
    json.dumps(articles.to_dict("list"), ensure_ascii=False).encode()
    assert rejects.columns.tolist() == REJECTS.names


def test_a_hostile_row_costs_none_of_its_neighbours(tmp_path):
    pages = [data.decode("latin-1") for name, data in HOSTILE.items() if name.endswith(".html")]
    rows = [{"id": "first", "text": STORY.format(1)}, *({"html": page} for page in pages)]
    rows.append({"id": "last", "html": f"<p>{STORY.format(2)}</p>"})
    (tmp_path / "t.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    items = list(read_articles([tmp_path]))
    assert len(items) == len(rows)
    assert {"first", "last"} <= {item.article_id for item in items if isinstance(item, Article)}
    check_tables(items)


MARKUP = st.lists(
    st.one_of(
        st.sampled_from(
            "<p> </p> <div> <table> <td> </table> <br> <br/> <a href=x> </a> <script> </script> <!-- --> <title> <h1> "
            "<form> <ul> <li> <span> <b> <article> </article> <html> <body> </body> &amp; &#x0; &#xD800; ]]> <![CDATA[ "
            "class=entry-content <p itemprop=articleBody> <div id=respond>".split(" ")
        ),
        st.text(max_size=40),
        st.just(STORY),
    ),
    max_size=40,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(MARKUP)
def test_no_markup_raises(parts):
    page = main_text_of("".join(parts))
    assert isinstance(page.text, str)
    assert "\n\n" not in page.text


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(st.text(max_size=60), st.just(STORY), st.just("Leave a Reply")), max_size=15))
def test_cleaning_keeps_only_lines_that_were_there(lines):
    text = "\n".join(lines)
    cleaned = clean_lines(text)
    words = " ".join(text.split())
    assert all(" ".join(line.split()) in words for line in cleaned.split("\n"))


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(noise=st.binary(max_size=400), name=st.sampled_from("x.html x.txt x.jsonl x.csv x.parquet x.warc x.arc".split()))
def test_no_bytes_raise(tmp_path_factory, noise, name):
    folder = tmp_path_factory.mktemp("noise")
    (folder / name).write_bytes(noise)
    (folder / "z.txt").write_text(STORY)
    items = list(read_articles([folder]))
    assert any(isinstance(item, Article) and item.article_id == "z.txt" for item in items)
    check_tables(items)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="names and links as Linux has them")
def test_three_hundred_hostile_inputs_in_one_scan_cost_no_neighbour(tmp_path):
    crawl = tmp_path / "crawl"
    crawl.mkdir()
    names = []
    for number, (name, data) in enumerate(hostile_files()):
        (crawl / f"{number:03d}-{name}").write_bytes(data)
        names.append(f"{number:03d}-{name}")
        if number % 10 == 0:
            (crawl / f"{number:03d}-neighbour.txt").write_text(STORY.format(number))
            (crawl / f"{number:03d}-neighbour.html").write_text(f"<html><p>{STORY.format(number + 1000)}</p></html>")
    assert len(names) + mislead(crawl) >= 300
    command = [sys.executable, "-m", "unspun", "scan", str(crawl), "-o", str(tmp_path / "run"), "--jobs", "2"]
    done = subprocess.run(command, capture_output=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr
    assert b"Traceback" not in done.stderr
    run = open_run(tmp_path / "run")
    articles = set(run.articles["article_id"])
    expected = {name for name in os.listdir(crawl) if "-neighbour." in name}
    assert len(expected) >= 50
    assert expected <= articles
    # A file of one text is told of by its name; rows and records have names of their own.
    told = {*articles, *run.rejects["uri"]}
    assert [name for name in names if name.endswith((".html", ".txt", ".md")) and name not in told] == []
    assert not run.rejects["reason"].str.contains("process died").any()
