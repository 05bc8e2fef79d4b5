"""Documents as careless programs write them: books with an odd spine, packages with odd names, ends that lie."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from pathlib import Path

import documents as make
import pytest
from articles import STORY, UNRELATED

from unspun.crawl.reading.articles import read_articles
from unspun.io.tables import Article, Reject

PARAGRAPHS = STORY.split("\n\n")
CONTAINER = '<container><rootfiles><rootfile full-path="book/content.opf"/></rootfiles></container>'
ITEM = '<item id="{0}" href="{1}" media-type="application/xhtml+xml"/>'


def chapter(text: str, head: str = "") -> str:
    return f"{head}<html><body>{''.join(f'<p>{escape(one)}</p>' for one in text.split(chr(10) * 2))}</body></html>"


def book(items: dict[str, str], spine: str, chapters: dict[str, str | bytes]) -> bytes:
    """Return a book: addresses of chapters by their ids, ids in the order of the spine, chapters by their names."""
    manifest = "".join(ITEM.format(*item) for item in items.items())
    order = "".join(f'<itemref idref="{name}"/>' for name in spine.split())
    opf = (
        f'<package xmlns="http://www.idpf.org/2007/opf"><manifest>{manifest}</manifest><spine>{order}</spine></package>'
    )
    return make.zipped({"META-INF/container.xml": CONTAINER, "book/content.opf": opf, **chapters})


def read_one(path: Path, data: bytes) -> Article | Reject:
    path.write_bytes(data)
    (found,) = read_articles([path])
    return found


TWO: dict[str, str | bytes] = {"book/a.xhtml": chapter(STORY), "book/b.xhtml": chapter(UNRELATED)}
BOTH = {"a": "a.xhtml", "b": "b.xhtml"}
BOOKS = {
    "an id that is not there": book(BOTH, "a gone b", TWO),
    "a chapter that is not there": book({**BOTH, "c": "gone.xhtml"}, "a c b", TWO),
    "a chapter on the web": book({**BOTH, "c": "https://h.example/c.xhtml"}, "a c b", TWO),
    "parts of chapters": book({"a": "a.xhtml#top", "b": "b.xhtml#note-1"}, "a b", TWO),
    "one chapter again and again": book({**BOTH, "c": "b.xhtml#x"}, "a b a b c", TWO),
    "no spine": book(BOTH, "", TWO),
    "addresses from the root": book({"a": "/book/a.xhtml", "b": "/book/b.xhtml"}, "a b", TWO),
    "names in other letters": book({"a": "A.XHTML", "b": "B.xhtml"}, "a b", TWO),
}


@pytest.mark.parametrize("name", BOOKS)
def test_a_book_is_read_though_its_spine_is_odd(tmp_path: Path, name: str) -> None:
    found = read_one(tmp_path / "a.epub", BOOKS[name])
    assert isinstance(found, Article), found
    assert found.text.split() == f"{STORY} {UNRELATED}".split()


def test_a_book_without_one_chapter_is_told(tmp_path: Path) -> None:
    found = read_one(tmp_path / "a.epub", book({"a": "gone.xhtml"}, "a", {}))
    assert isinstance(found, Reject)
    assert "it has no part book/gone.xhtml" in found.reason


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1", "windows-1252"])
def test_chapters_are_read_in_their_own_encoding(tmp_path: Path, encoding: str) -> None:
    text = STORY.replace("\u201c", '"').replace("\u201d", '"').replace("\u2019", "'") + "\n\nA café of Zürich opened."
    data = chapter(text, f'<?xml version="1.0" encoding="{encoding}"?>').encode(encoding)
    found = read_one(tmp_path / "a.epub", book({"a": "a.xhtml"}, "a", {"book/a.xhtml": data}))
    assert isinstance(found, Article), found
    assert found.text.split() == text.split()


RENAMED: dict[str, Callable[[str], str]] = {
    "from the root": lambda name: f"/{name}",
    "of another system": lambda name: name.replace("/", "\\"),
    "in capitals": str.upper,
}


@pytest.mark.parametrize("how", RENAMED)
def test_names_in_a_package_are_taken_as_word_processors_do(tmp_path: Path, how: str) -> None:
    body = "".join(f"<w:p><w:r><w:t>{escape(text)}</w:t></w:r></w:p>" for text in PARAGRAPHS)
    document = f'<w:document xmlns:w="{make.WORD}"><w:body>{body}</w:body></w:document>'
    found = read_one(tmp_path / "a.docx", make.zipped({RENAMED[how]("word/document.xml"): document}))
    assert isinstance(found, Article), found
    assert found.text.split() == STORY.split()
