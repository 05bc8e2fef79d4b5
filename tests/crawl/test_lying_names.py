"""Files that are not what their names say, and bytes behind what was compressed: read where it is clear, else told."""

from __future__ import annotations

import bz2
import gzip
import lzma
from pathlib import Path

import documents as make
import pytest
from articles import STORY, UNRELATED
from hostile_files import page_of, sound_files

from unspun.crawl.reading.articles import read_articles
from unspun.io.tables import Article, Reject

pytest.importorskip("pdfminer")
PARAGRAPHS = STORY.split("\n\n")
PAGE, PDF, WORD = page_of(STORY), make.pdf(PARAGRAPHS), make.bare_docx(PARAGRAPHS)


def read(folder: Path, name: str, data: bytes) -> tuple[dict[str, str], list[str]]:
    """Read a file with neighbours; return the other texts by their names, and the reasons of rejections."""
    (folder / "0.txt").write_text(f"Before: {UNRELATED}")
    (folder / "z.txt").write_text(UNRELATED)
    (folder / name).write_bytes(data)
    items = list(read_articles([folder]))
    texts = {item.article_id: item.text for item in items if isinstance(item, Article)}
    assert texts.pop("0.txt")
    assert texts.pop("z.txt")
    return texts, [item.reason for item in items if isinstance(item, Reject)]


@pytest.mark.parametrize(
    ("name", "data"),
    [("a.html", PDF), ("a.docx", PDF), ("a.pdf", PAGE), ("a.epub", PAGE), ("a.html.gz", gzip.compress(PDF))],
)
def test_pages_and_documents_are_known_by_their_first_bytes(tmp_path: Path, name: str, data: bytes) -> None:
    texts, reasons = read(tmp_path, name, data)
    assert not reasons
    words = texts[name].split()
    assert [word for word in STORY.split() if word not in words] == []


@pytest.mark.parametrize("end", [".html", ".txt", ".md"])
@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (WORD, "a zip"),
        (bz2.compress(PAGE), "a bzip2"),
        (lzma.compress(PAGE), "an xz"),
        (gzip.compress(gzip.compress(PAGE)), "a gzip"),
        (b"7z\xbc\xaf\x27\x1c" + bytes(90), "a 7z"),
        (b"\x89PNG\r\n\x1a\n" + b"x" * 90, "a picture"),
        (b"\xff\xd8\xff\xe0" + b"x" * 90, "a picture"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 90, "a document of old Office"),
    ],
)
def test_what_is_neither_page_nor_text_is_told(tmp_path: Path, end: str, data: bytes, kind: str) -> None:
    texts, [reason] = read(tmp_path, f"a{end}", data)
    assert not texts
    assert f"its first bytes are those of {kind}" in reason


@pytest.mark.parametrize("end", ["html", "txt", "md"])
@pytest.mark.parametrize("rest", [b"garbage", b"\0\0\0<!-- cached -->", b"\x1f", b"x" * 200_000])
def test_bytes_behind_a_compressed_page_cost_nothing_and_are_told(tmp_path: Path, end: str, rest: bytes) -> None:
    texts, [reason] = read(tmp_path, f"a.{end}.gz", gzip.compress(sound_files()[end]) + rest)
    assert texts[f"a.{end}.gz"].split()[-20:] == STORY.split()[-20:]
    assert "behind the compressed data" in reason


@pytest.mark.parametrize("end", ["html", "txt"])
def test_a_page_whose_compressed_data_is_damaged_is_none(tmp_path: Path, end: str) -> None:
    data = gzip.compress(sound_files()[end])
    texts, [reason] = read(tmp_path, f"a.{end}.gz", data[:-8] + b"garbage!")
    assert not texts
    assert "damaged" in reason
