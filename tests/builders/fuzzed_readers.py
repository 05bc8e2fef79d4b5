"""What holds for every reader, whatever bytes it is given: the harness of `make fuzz` and of the corpus it has left."""

from __future__ import annotations

import gzip
import io
import json
import os
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import astuple
from functools import partial
from pathlib import Path

import documents as make
import office_files as office
from articles import SPUN, STORY, UNRELATED
from hostile_files import record, sound_files

from unspun.crawl.documents.document import document_text
from unspun.crawl.documents.refusal import DocumentError
from unspun.crawl.pages.main_text import PageText, main_text_of
from unspun.crawl.pages.sandbox import PageError
from unspun.crawl.reading import articles
from unspun.crawl.reading.formats import read_source
from unspun.errors import InputError
from unspun.io.decoding import decode
from unspun.io.pair_tables import read_pairs
from unspun.io.sources import Source
from unspun.io.tables import Article, Reject

FAULTS = ("cannot be looked into (", "cannot be read as a row (", "cannot be read: ")
"""Reasons that stand for an error nobody foresaw; what costs one record here may cost a file elsewhere."""
# On a disk, writing a file takes longer than reading it.
_FOLDER = tempfile.TemporaryDirectory(dir="/dev/shm" if os.path.isdir("/dev/shm") else None)


class Fault(Exception):
    """Something that must not happen, whatever a reader is given."""


def _in_process(html: bytes | str, url: str = "", declared: str = "", document: str = "") -> PageText:
    """Read a page or document as its worker does, where a fuzzer can see it."""
    if not document:
        return main_text_of(html if isinstance(html, str) else decode(html, declared), url or None)
    assert isinstance(html, bytes)
    try:
        title, text = document_text(html, document)
    except DocumentError as error:
        raise PageError(str(error)) from None
    return PageText(title, text, "")


def _read(name: str, data: bytes) -> list[Article | Reject]:
    """Read a file as a scan does, and check what came out."""
    path = Path(_FOLDER.name, name)
    path.write_bytes(data)
    kept, articles.extract_page = articles.extract_page, _in_process
    try:
        items = [articles._item(found) for found in read_source(Source(str(path), name, len(data)))]
    finally:
        articles.extract_page = kept
    for item in items:
        if isinstance(item, Reject) and item.reason.startswith(FAULTS):
            raise Fault(f"{item.uri}: {item.reason}")
    for item in items:
        # All are texts that fit a table and a file.
        "".join(item if isinstance(item, Reject) else astuple(item)).encode()
    return items


def _expect(items: list[Article | Reject], *texts: str) -> None:
    """Refuse a reading that lost one of these texts."""
    found = {" ".join(item.text.split()) for item in items if isinstance(item, Article)}
    for text in texts:
        if not any(" ".join(text.split()) in one for one in found):
            raise Fault(f"lost: {text[:60]}")


def _file(name: str, data: bytes) -> None:
    _read(name, data)


def _row(text: str) -> bytes:
    return json.dumps({"text": text}).encode()


def _lines(name: str, pack: Callable[[bytes], bytes], data: bytes) -> None:
    """Check that a row costs neither the one before nor the one behind."""
    parts = [_row(STORY) + b"\n", data + b"\n", _row(UNRELATED) + b"\n"]
    _expect(_read(name, b"".join(map(pack, parts))), STORY, UNRELATED)


def _cells(name: str, data: bytes) -> None:
    _expect(_read(name, b'text\n"' + STORY.replace('"', "").encode() + b'"\n' + data), STORY.replace('"', ""))


def _archive(name: str, data: bytes) -> None:
    """Check that a body costs neither the record before nor the one behind."""
    parts = [record(1, STORY), _record(data), record(2, UNRELATED)]
    _expect(_read(name, b"".join(parts)), _first_line(STORY), _first_line(UNRELATED))


def _record(body: bytes) -> bytes:
    head = b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://h.example/x\r\n"
    return head + b"Content-Length: %d\r\n\r\n" % len(body) + body + b"\r\n\r\n"


def _first_line(text: str) -> str:
    return text.split("\n\n")[1]


def _package(name: str, data: bytes) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("archive/a.warc.gz", data)
        package.writestr("archive/b.warc", record(1, STORY))
    _expect(_read(name, out.getvalue()), _first_line(STORY))


def _part(name: str, parts: dict[str, str | bytes], part: str, data: bytes) -> None:
    """Put data in place of a part of a package."""
    _read(name, make.zipped({**parts, part: data}))


def _pairs(name: str, data: bytes) -> None:
    path = Path(_FOLDER.name, name)
    path.write_bytes(data)
    try:
        good, bad = read_pairs(path)
    except InputError:
        return
    json.dumps([good.to_dict("list"), bad.to_dict("list")], ensure_ascii=False, default=str).encode()


def _parts_of(data: bytes) -> dict[str, str | bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


PARAGRAPHS = [text.split("\n\n")[1] for text in (STORY, SPUN, UNRELATED)]
_EPUB = _parts_of(make.bare_epub(PARAGRAPHS))
READERS: dict[str, Callable[[bytes], None]] = {
    **{name: partial(_file, f"x.{name}") for name in ("html", "txt", "md", "json", "parquet", "pdf", "wacz")},
    "jsonl": partial(_lines, "x.jsonl", bytes),
    "jsonl.gz": partial(_lines, "x.jsonl.gz", partial(gzip.compress, compresslevel=1)),
    "csv": partial(_cells, "x.csv"),
    "tsv": partial(_file, "x.tsv"),
    "warc": partial(_archive, "x.warc"),
    "records.warc": partial(_file, "x.warc"),
    "arc": partial(_file, "x.arc"),
    "warc.gz": partial(_file, "x.warc.gz"),
    "warc.zst": partial(_file, "x.warc.zst"),
    "package.wacz": partial(_package, "x.wacz"),
    "docx": partial(_part, "x.docx", {}, "word/document.xml"),
    "odt": partial(_part, "x.odt", {}, "content.xml"),
    "epub": partial(_part, "x.epub", _EPUB, "book/c 0.xhtml"),
    "opf.epub": partial(_part, "x.epub", _EPUB, "book/content.opf"),
    "zip.docx": partial(_file, "x.docx"),
    "pairs.jsonl": partial(_pairs, "x.jsonl"),
    "pairs.json": partial(_pairs, "x.json"),
    "pairs.csv": partial(_pairs, "x.csv"),
    "pairs.parquet": partial(_pairs, "x.parquet"),
}
"""From the name of a reader to what feeds it some bytes, and raises where something must not be."""


def seeds(name: str) -> Iterator[bytes]:
    """Yield sound inputs of a reader, from which a fuzzer begins."""
    sound = sound_files()
    small = make.bare_docx(PARAGRAPHS)
    more: dict[str, list[bytes]] = {
        "txt": [STORY.encode("utf-16"), "Größe € naïve".encode("cp1252")],
        "json": [json.dumps({"data": [{"text": STORY, "id": 1.5}], "n": None}).encode()],
        "jsonl": [_row(STORY), b'{"id": {"a": [1]}, "html": "<p>Rain.</p>", "url": "http://["}'],
        "jsonl.gz": [_row(STORY)],
        "csv": [f'"{STORY}"\n"a ""b"""\n'.encode(), b"sep=;\n"],
        "pdf": [make.pdf_of(make.flated(b"BT /F 12 Tf 72 700 Td (The gate.) Tj ET")), office.fpdf(PARAGRAPHS[:1])],
        "warc": [_http(sound["html"]), _http(gzip.compress(sound["html"]), b"Content-Encoding: gzip")],
        "records.warc": [sound["warc"]],
        "warc.zst": [_dictionary(record(1, STORY))],
        "package.wacz": [gzip.compress(record(1, STORY))],
        "docx": [_text(_parts_of(data)["word/document.xml"]) for data in (small, office.rich_docx(PARAGRAPHS))],
        "odt": [_text(_parts_of(office.odf(PARAGRAPHS, True))["content.xml"])],
        "epub": [_text(_EPUB["book/c 0.xhtml"])],
        "opf.epub": [_text(_EPUB["book/content.opf"])],
        "zip.docx": [small],
        "pairs.jsonl": [json.dumps({"id": 1, "source": STORY, "suspect": SPUN}).encode()],
        "pairs.json": [json.dumps([{"id": 1, "text1": STORY, "text2": SPUN}]).encode()],
        "pairs.csv": [f'id,source,suspect\na,"{STORY}","{SPUN}"\n'.encode()],
        "pairs.parquet": [sound["parquet"]],
    }
    yield from more.get(name, [])
    if name in sound:
        yield sound[name]


def _http(body: bytes, *headers: bytes) -> bytes:
    return b"\r\n".join([b"HTTP/1.1 200 OK", b"Content-Type: text/html", *headers]) + b"\r\n\r\n" + body


def _dictionary(data: bytes) -> bytes:
    import zstandard

    words = zstandard.ZstdCompressionDict(b"WARC/1.0\r\nWARC-Type: response\r\n")
    packed = zstandard.ZstdCompressor(dict_data=words).compress(data)
    return b"\x5d\x2a\x4d\x18" + len(words.as_bytes()).to_bytes(4, "little") + words.as_bytes() + packed


def _text(part: str | bytes) -> bytes:
    return part.encode() if isinstance(part, str) else part
