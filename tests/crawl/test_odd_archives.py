"""Archives as crawlers leave them: odd codings, dictionaries, packages, texts of pages."""

from __future__ import annotations

import gzip
import io
import random
import sys
import zipfile
import zlib
from pathlib import Path

import pytest
from articles import SPUN, STORY, UNRELATED

from unspun.crawl.reading.articles import read_articles
from unspun.io.tables import Article, Reject

CASES = Path(__file__).parents[1] / "cases"


def page(story: str) -> bytes:
    paragraphs = "".join(f"<p>{line}</p>" for line in story.split("\n\n"))
    return f"<!doctype html><html><body><article>{paragraphs}</article></body></html>".encode()


def http(body: bytes, *headers: str, status: int = 200) -> bytes:
    lines = [f"HTTP/1.1 {status} OK", "Content-Type: text/html; charset=utf-8", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def warc(uri: str, content: bytes, kind: str = "response", content_type: str = "application/http") -> bytes:
    head = f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {uri}\r\nContent-Type: {content_type}\r\n"
    return f"{head}Content-Length: {len(content)}\r\n\r\n".encode() + content + b"\r\n\r\n"


def read(path: Path) -> tuple[dict[str, str], list[Reject]]:
    items = list(read_articles([path]))
    articles = {item.article_id: item.text for item in items if isinstance(item, Article)}
    return articles, [item for item in items if isinstance(item, Reject)]


def pack(data: bytes) -> bytes:
    return gzip.compress(data, mtime=0)


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


def brotli(data: bytes) -> bytes:
    return pytest.importorskip("brotli").compress(data)  # type: ignore[no-any-return]


def chunked(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n0\r\n\r\n" % (len(data), data)


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (bytes, ["Content-Encoding: UTF-8"]),
        (bytes, ["Content-Encoding: none"]),
        (bytes, ["Content-Encoding: binary"]),
        (bytes, ["Content-Encoding: 8bit, identity"]),
        (bytes, ["Content-Encoding: sdch"]),
        (pack, ["Content-Encoding: GZip"]),
        (pack, ["Content-Encoding: gzip,"]),
        (pack, ["Content-Encoding: gzip", "Content-Encoding:"]),
        (pack, ["Content-Encoding: gzip", "Content-Encoding: gzip"]),
        (pack, ["Content-Encoding: utf-8, gzip"]),
        (pack, ["Content-Encoding: none"]),
        (pack, []),
        (lambda data: pack(pack(data)), ["Content-Encoding: gzip, gzip"]),
        (lambda data: pack(pack(data)), ["Content-Encoding: gzip"]),
        (lambda data: pack(raw_deflate(data)), ["Content-Encoding: deflate", "Content-Encoding: gzip"]),
        (pack, ['Content-Encoding: "gzip"; q=1']),
        (zlib.compress, ["Content-Encoding: x-deflate"]),
        (lambda data: pack(data[:300]) + pack(data[300:]), ["Content-Encoding: gzip"]),
        (brotli, ["Content-Encoding: brotli"]),
        (brotli, ["Content-Encoding: gzip"]),
        (brotli, []),
        (lambda data: chunked(pack(data)), ["Content-Encoding: gzip", "Transfer-Encoding: gzip, chunked"]),
    ],
)
def test_a_body_is_unpacked_as_browsers_do(tmp_path: Path, body: object, headers: list[str]) -> None:
    records = [
        warc("https://a.example/1", http(body(page(STORY)), *headers)),  # type: ignore[operator]
        warc("https://a.example/2", http(page(UNRELATED))),
    ]
    (tmp_path / "a.warc").write_bytes(b"".join(records))
    articles, rejects = read(tmp_path)
    assert list(articles) == ["https://a.example/1", "https://a.example/2"]
    assert articles["https://a.example/1"].startswith("Barrier gates jam on first test")
    assert articles["https://a.example/1"].endswith(STORY.split()[-1])
    assert not rejects


def test_a_coding_that_is_not_known_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.warc").write_bytes(
        warc("https://a.example/", http(b"\x1f\x9d\x90" * 90, "Content-Encoding: compress"))
    )
    articles, [reject] = read(tmp_path)
    assert not articles
    assert "compressed in a way not known here" in reject.reason


@pytest.mark.parametrize("coding", ["compress", "lzma", "br", "gzip", "zstd", "none"])
def test_a_body_that_is_no_text_is_told_as_that(tmp_path: Path, coding: str) -> None:
    noise = random.Random(1).randbytes(9_000)
    (tmp_path / "a.warc").write_bytes(warc("https://a.example/", http(noise, f"Content-Encoding: {coding}")))
    articles, [reject] = read(tmp_path)
    assert not articles
    assert "compressed in a way not known here" in reject.reason


FORE_HEADS = ["\r\n", "HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.0 200 Connection established\r\nVia: gate\r\n\r\n"]


@pytest.mark.parametrize("before", [*FORE_HEADS, "".join(FORE_HEADS)])
def test_the_head_of_the_page_is_the_last(tmp_path: Path, before: str) -> None:
    (tmp_path / "a.warc").write_bytes(warc("https://a.example/", before.encode() + http(page(STORY))))
    assert list(read(tmp_path)[0]) == ["https://a.example/"]


@pytest.mark.parametrize(
    ("kind", "is_page"),
    [
        ("text/html, text/html", True),
        ("*/*", True),
        ("unknown/unknown", True),
        ("text/xml", True),
        ("image/png", False),
    ],
)
def test_types_are_taken_as_browsers_do(tmp_path: Path, kind: str, is_page: bool) -> None:
    message = http(page(STORY)).replace(b"text/html", kind.encode(), 1)
    (tmp_path / "a.warc").write_bytes(warc("https://a.example/", message))
    articles, rejects = read(tmp_path)
    assert (len(articles), len(rejects)) == ((1, 0) if is_page else (0, 1))


@pytest.mark.parametrize("status", [200, 203])
def test_pages_that_a_proxy_has_changed_are_pages(tmp_path: Path, status: int) -> None:
    (tmp_path / "a.warc").write_bytes(warc("https://a.example/", http(page(STORY), status=status)))
    assert list(read(tmp_path)[0]) == ["https://a.example/"]


def with_dictionary(records: list[bytes], packed_dictionary: bool) -> bytes:
    zstandard = pytest.importorskip("zstandard")
    words = (
        b"WARC/1.0\r\nWARC-Type: response\r\nContent-Type: application/http\r\n<!doctype html><html><body><article><p>"
    )
    dictionary = zstandard.ZstdCompressionDict(words)
    stored = zstandard.ZstdCompressor().compress(words) if packed_dictionary else words
    packer = zstandard.ZstdCompressor(dict_data=dictionary)
    frames = b"".join(map(packer.compress, records))
    return b"\x5d\x2a\x4d\x18" + len(stored).to_bytes(4, "little") + stored + frames


@pytest.mark.parametrize("packed", [False, True])
def test_an_archive_with_a_dictionary_is_read(tmp_path: Path, packed: bool) -> None:
    stories = {f"https://a.example/{number}": story for number, story in enumerate([STORY, SPUN, UNRELATED])}
    records = [warc(uri, http(page(story))) for uri, story in stories.items()]
    (tmp_path / "a.warc.zst").write_bytes(with_dictionary(records, packed))
    articles, rejects = read(tmp_path)
    assert list(articles) == list(stories)
    assert not rejects


def test_without_the_package_a_dictionary_is_told_and_no_record_invented(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.warc.zst").write_bytes(with_dictionary([warc("https://a.example/", http(page(STORY)))], False))
    monkeypatch.setitem(sys.modules, "zstandard", None)
    articles, [reject] = read(tmp_path)
    assert not articles
    assert "compressed with a dictionary" in reject.reason
    assert "unspun[zstd]" in reject.reason


@pytest.mark.parametrize("harm", [lambda data: data[:40], lambda data: data[:-30], lambda data: data[:200] + bytes(99)])
def test_a_damaged_archive_with_a_dictionary_is_told(tmp_path: Path, harm: object) -> None:
    data = with_dictionary([warc("https://a.example/", http(page(STORY)))], False)
    (tmp_path / "a.warc.zst").write_bytes(harm(data))  # type: ignore[operator]
    (tmp_path / "z.txt").write_text(STORY)
    articles, rejects = read(tmp_path)
    assert "z.txt" in articles
    assert rejects


def test_frames_without_data_are_passed_over(tmp_path: Path) -> None:
    zstandard = pytest.importorskip("zstandard")
    frame = b"\x50\x2a\x4d\x18\x04\0\0\0abcd"
    records = zstandard.ZstdCompressor().compress(warc("https://a.example/", http(page(STORY))))
    (tmp_path / "a.warc.zst").write_bytes(frame + records)
    assert list(read(tmp_path)[0]) == ["https://a.example/"]


def wacz(members: dict[str, bytes], **settings: int) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", **settings) as package:  # type: ignore[arg-type]
        for name, data in members.items():
            package.writestr(name, data)
    return buffer.getvalue()


def test_a_package_of_archives_is_read(tmp_path: Path) -> None:
    members = {
        "datapackage.json": b"{}",
        "archive/data.warc.gz": gzip.compress(warc("https://a.example/1", http(page(STORY)))),
        "archive/more.warc": warc("https://a.example/2", http(page(UNRELATED))),
        "archive/bad.warc.gz": b"no archive",
    }
    (tmp_path / "crawl.wacz").write_bytes(wacz(members))
    articles, rejects = read(tmp_path)
    assert list(articles) == ["https://a.example/1", "https://a.example/2"]
    assert [reject.uri for reject in rejects] == ["crawl.wacz/archive/bad.warc.gz"]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"PK\x03\x04 cut off", "not a readable .wacz"),
        (wacz({"datapackage.json": b"{}"}), "no archive in it"),
        (wacz({"archive/a.warc": bytes(120_000_000)}, compression=zipfile.ZIP_DEFLATED), "a bomb"),
    ],
)
def test_packages_that_are_none_are_told(tmp_path: Path, data: bytes, reason: str) -> None:
    (tmp_path / "crawl.wacz").write_bytes(data)
    (tmp_path / "z.txt").write_text(STORY)
    articles, [reject] = read(tmp_path)
    assert list(articles) == ["z.txt"]
    assert reason in reject.reason


@pytest.mark.parametrize("name", ["urn:text", "urn:textFinal", "urn:text-from-response"])
def test_the_text_that_browsertrix_keeps_of_a_page_is_read(tmp_path: Path, name: str) -> None:
    text = f"Home\nNews\n{STORY}".encode()
    records = [
        warc(f"{name}:https://a.example/1", text, "resource", "text/plain"),
        warc("urn:pageinfo:https://a.example/1", b"{}", "resource", "application/json"),
    ]
    (tmp_path / "text.warc").write_bytes(b"".join(records))
    items = list(read_articles([tmp_path]))
    assert isinstance(items[0], Article)
    assert (items[0].article_id, items[0].url) == (f"{name}:https://a.example/1", "https://a.example/1")
    assert isinstance(items[1], Reject)


@pytest.mark.parametrize(
    ("name", "n_pages"),
    [
        ("content_encoding/ce_case.warc", 2),
        ("content_encoding/multi.warc", 4),
        ("repeated_encoding_header/ce_none_gz.warc", 2),
        ("repeated_encoding_header/rep.warc", 2),
        ("zstd_dictionary/dict.warc.zst", 2),
    ],
)
def test_archives_that_went_wrong(name: str, n_pages: int) -> None:
    articles, rejects = read(CASES / name)
    assert len(articles) == n_pages
    assert not rejects


def test_a_page_in_segments_is_told_and_not_half_read(tmp_path: Path) -> None:
    whole = http(page(STORY))
    first = warc("https://a.example/1", whole[:600]).replace(b"\r\n", b"\r\nWARC-Segment-Number: 1\r\n", 1)
    rest = warc("https://a.example/1", whole[600:], "continuation")
    (tmp_path / "a.warc").write_bytes(first + rest + warc("https://a.example/2", http(page(UNRELATED))))
    articles, rejects = read(tmp_path)
    assert list(articles) == ["https://a.example/2"]
    assert [reject.uri for reject in rejects] == ["https://a.example/1"] * 2
    assert all("segments" in reject.reason for reject in rejects)


HEADS = b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: x\r\n\r\n" * 200_000


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.warc.gz", gzip.compress(HEADS)),
        ("a.arc.gz", gzip.compress(b"http://a.example/ 1.2.3.4 20240501000000 text/html 0\n" * 200_000)),
        ("a.wacz", wacz({"archive/a.warc": HEADS}, compression=zipfile.ZIP_DEFLATED)),
        ("b.wacz", wacz({"archive/a.warc.gz": gzip.compress(HEADS)})),
    ],
)
def test_an_archive_of_ever_more_records_is_cut_off(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    (tmp_path / "z.txt").write_text(STORY)
    articles, rejects = read(tmp_path)
    assert list(articles) == ["z.txt"]
    assert 10_000 <= len(rejects) < 100_000
    assert "hold more than" in rejects[-1].reason


def test_an_archive_of_many_small_records_is_no_bomb(tmp_path: Path) -> None:
    head = "WARC/1.0\r\nWARC-Type: revisit\r\nWARC-Target-URI: https://a.example/{}\r\nWARC-Payload-Digest: sha1:{}\r\n"
    chance = random.Random(1)
    heads = (head.format(number, chance.randbytes(20).hex()) for number in range(40_000))
    data = "".join(f"{one}Content-Length: 0\r\n\r\n" for one in heads)
    (tmp_path / "a.warc.gz").write_bytes(gzip.compress(data.encode()))
    _, rejects = read(tmp_path)
    assert len(rejects) == 40_000
    assert {reject.stage for reject in rejects} == {"duplicate"}
