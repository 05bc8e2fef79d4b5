"""Every reader gives the good records, names the bad ones with a reason, and never dies."""

import gzip
import json
import random

import pytest

from unspun.crawl.reading import formats, web_archives
from unspun.crawl.reading.articles import read_articles, read_page
from unspun.crawl.reading.web_archives import Response, read_archive
from unspun.errors import InputError
from unspun.io.decoding import decode
from unspun.io.decompression import decompressed
from unspun.io.rows import row_limits
from unspun.io.tables import Article, Reject

BODY = (
    "The tide mill at Saltergate turned again on Saturday for the first time since 1931, and flour was sold by noon. "
    "Volunteers led by Maud Kestrelby spent eleven winters on the wheel, which is made of 64 planks of larch. "
    "“It groans, but it goes,” she said, while the miller, Olaf Tern, filled the hopper with two sacks of rye."
)
HTML = f"<html><head><title>Mill turns</title></head><body><article><p>{BODY}</p></article></body></html>"


def html(number):
    """Pages of different texts: copies would be folded."""
    return HTML.replace("64 planks", f"{number} planks")


def text(number):
    return BODY.replace("64 planks", f"{number} planks")


def collect(*inputs):
    """Articles by id, and reasons by uri."""
    items = list(read_articles(inputs))
    articles = {item.article_id: item for item in items if isinstance(item, Article)}
    return articles, {item.uri: item.reason for item in items if isinstance(item, Reject)}


def archive(path):
    with path.open("rb") as raw:
        return list(read_archive(*decompressed(raw), path.name))


def http(body=HTML, status="200 OK", kind="text/html; charset=utf-8", more=""):
    body = body.encode() if isinstance(body, str) else body
    return f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n{more}\r\n".encode() + body


def warc(uri, message, kind="response", length=None):
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {uri}\r\nContent-Length: {length or len(message)}\r\n\r\n"
    )
    return head.encode() + message + b"\r\n\r\n"


def arc(uri, message):
    return f"{uri} 192.0.2.1 20240514120000 text/html {len(message)}\n".encode() + message + b"\n"


ARC_HEAD = arc("filedesc://x.arc", b"1 0 Test\nURL IP-address Archive-date Content-type Archive-length\n")


def test_a_folder_of_formats(tmp_path):
    (tmp_path / "sub").mkdir()
    (tmp_path / "b.html").write_text(HTML)
    (tmp_path / "sub" / "a.htm.gz").write_bytes(gzip.compress(HTML.replace("rye", "oats").encode()))
    (tmp_path / "c.txt").write_text(text(7))
    (tmp_path / "d.md").write_text("# Mill\n" + BODY)
    (tmp_path / "e.pdf").write_bytes(b"%PDF-1.7")
    (tmp_path / ".hidden.txt").write_text(BODY)
    articles, rejects = collect(tmp_path)
    assert list(articles) == ["b.html", "c.txt", "d.md", "sub/a.htm.gz"]
    assert articles["b.html"].text == BODY
    assert articles["b.html"].title == "Mill turns"
    assert list(rejects) == ["e.pdf"]


def test_a_file_is_called_as_it_was_given(tmp_path):
    (tmp_path / "c.txt").write_text(BODY)
    articles, _ = collect(tmp_path / "c.txt")
    assert list(articles) == [(tmp_path / "c.txt").as_posix()]


def test_a_missing_input_is_an_error_at_once(tmp_path):
    with pytest.raises(InputError, match="no such file or folder"):
        read_articles([tmp_path / "nowhere"])


def test_rows_of_jsonl(tmp_path):
    rows = [
        {"text": BODY, "url": "https://www.saltergate.example/mill", "title": "Mill", "published": "2024-05-14"},
        {"html": html(7), "id": 7},
        {"text": "Another mill."},
        {"text": 5},
        {"title": "neither"},
        ["a list"],
        {"text": "   "},
    ]
    lines = [json.dumps(row).encode() for row in rows] + [b"{broken", b"", b'{"text": "\xff"}']
    (tmp_path / "r.jsonl.gz").write_bytes(gzip.compress(b"\n".join(lines)))
    articles, rejects = collect(tmp_path)
    assert list(articles) == ["https://www.saltergate.example/mill", "7", "r.jsonl.gz:3"]
    first = next(iter(articles.values()))
    assert (first.site, first.title, first.published) == ("saltergate.example", "Mill", "2024-05-14")
    assert articles["7"].text == text(7)
    assert list(rejects) == [f"r.jsonl.gz:{n}" for n in (4, 5, 6, 7, 8, 10)]
    assert "not JSON" in rejects["r.jsonl.gz:8"]


def test_a_row_too_large_does_not_hide_the_next(tmp_path, monkeypatch):
    monkeypatch.setattr(row_limits, "MAX_ROW_BYTES", 500)
    (tmp_path / "r.jsonl").write_text(json.dumps({"text": "x" * 2000}) + "\n" + json.dumps({"text": "Small."}))
    articles, rejects = collect(tmp_path)
    assert list(articles) == ["r.jsonl:2"]
    assert list(rejects) == ["r.jsonl:1"]


def test_sizes_are_limited(tmp_path, monkeypatch):
    monkeypatch.setattr(formats, "MAX_HTML_BYTES", 100)
    monkeypatch.setattr(formats, "MAX_TEXT_BYTES", 100)
    (tmp_path / "a.html").write_text(HTML)
    (tmp_path / "b.txt").write_text(BODY)
    (tmp_path / "c.txt").write_text("Short enough.")
    articles, rejects = collect(tmp_path)
    assert list(articles) == ["c.txt"]
    assert "more than 100 bytes" in rejects["a.html"]


@pytest.mark.parametrize(
    "data", [b"", b"\x00\x01\x02PNG", gzip.compress(BODY.encode())[:40]], ids=["empty", "png", "gz"]
)
def test_what_is_no_text_is_rejected(tmp_path, data):
    (tmp_path / ("a.txt.gz" if data.startswith(b"\x1f") else "a.txt")).write_bytes(data)
    articles, rejects = collect(tmp_path)
    assert not articles
    assert len(rejects) == 1


def test_ids_are_unique(tmp_path):
    rows = [{"url": "u", "text": text} for text in ("One.", "Two.", "One.")]
    (tmp_path / "r.jsonl").write_text("\n".join(map(json.dumps, rows)))
    articles, rejects = collect(tmp_path)
    assert [a.text for a in articles.values()] == ["One.", "Two."]
    assert list(articles) == ["u", "u#2"]
    assert rejects == {"u": "the same text as u"}


@pytest.mark.parametrize("name", ["w.warc", "w.warc.gz"])
def test_pages_of_a_warc(tmp_path, name):
    records = [
        warc("<https://a.example/1>", http()),
        warc("https://a.example/1", b"GET / HTTP/1.1\r\n\r\n", kind="request"),
        warc("https://a.example/gone", http("gone", status="404 Not Found")),
        warc("https://a.example/logo", http(b"\x89PNG", kind="image/png")),
        warc("https://a.example/odd", b"not http at all"),
        warc("https://b.example/2", http(gzip.compress(html(7).encode()), more="Content-Encoding: gzip\r\n")),
    ]
    pack = gzip.compress if name.endswith("gz") else bytes
    (tmp_path / name).write_bytes(b"".join(map(pack, records)))
    articles, rejects = collect(tmp_path)
    assert {uri: a.site for uri, a in articles.items()} == {
        "https://a.example/1": "a.example",
        "https://b.example/2": "b.example",
    }
    assert [article.text for article in articles.values()] == [BODY, text(7)]
    assert rejects["https://a.example/gone"] == "HTTP status 404"
    assert "image/png" in rejects["https://a.example/logo"]
    assert "no HTTP status line" in rejects["https://a.example/odd"]
    assert len(rejects) == 3


@pytest.mark.parametrize("name", ["w.arc", "w.arc.gz"])
def test_pages_of_an_arc(tmp_path, name):
    records = [ARC_HEAD, arc("http://a.example/a page", http()), arc("dns:a.example", b"192.0.2.1")]
    pack = gzip.compress if name.endswith("gz") else bytes
    (tmp_path / name).write_bytes(b"".join(map(pack, records)))
    articles, rejects = collect(tmp_path)
    assert list(articles) == ["http://a.example/a page"]
    assert not rejects


def test_a_truncated_gzip_keeps_what_came_before_and_says_so(tmp_path):
    members = [gzip.compress(warc(f"https://a.example/{n}", http(html(n)))) for n in range(3)]
    (tmp_path / "w.warc.gz").write_bytes(b"".join(members)[:-40])
    articles, rejects = collect(tmp_path)
    assert list(articles) == ["https://a.example/0", "https://a.example/1"]
    assert "cut off" in rejects["https://a.example/2"]
    assert "cut off" in rejects["w.warc.gz"]


def test_a_damaged_member_costs_only_itself(tmp_path):
    members = [bytearray(gzip.compress(warc(f"https://a.example/{n}", http(html(n))))) for n in range(3)]
    members[1][12:30] = b"\xff" * 18
    (tmp_path / "w.warc.gz").write_bytes(b"".join(members))
    articles, rejects = collect(tmp_path)
    assert {"https://a.example/0", "https://a.example/2"} <= set(articles)
    assert "damaged" in rejects["w.warc.gz"]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "no records"),
        (b"hello world\n" * 5, "no records"),
        (warc("https://a.example/1", http(), length="many"), "states no length"),
        (warc("https://a.example/1", http(), length=9000), "cut off"),
        (warc("https://a.example/1", http(), length=300), "belong to no record"),
        (b"junk\n" + warc("https://a.example/1", http()), "belong to no record"),
    ],
)
def test_bad_archives_are_named(tmp_path, data, reason):
    (tmp_path / "w.warc").write_bytes(data)
    assert any(reason in why for why in collect(tmp_path)[1].values())


def test_large_responses_are_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr(web_archives, "MAX_RESPONSE_BYTES", 100)
    (tmp_path / "w.warc").write_bytes(
        warc("https://a.example/1", http()) + warc("https://a.example/2", b"HTTP/1.1 200 OK\n\n")
    )
    large, small = archive(tmp_path / "w.warc")
    assert "larger than 100 bytes" in large.reason
    assert small.uri == "https://a.example/2"


def test_noise_never_kills_a_reader(tmp_path):
    noise = random.Random(1)
    good = gzip.compress(warc("https://a.example/1", http())) * 4
    for trial in range(60):
        data = bytearray(good)
        for _ in range(noise.randrange(1, 9)):
            data[noise.randrange(len(data))] = noise.randrange(256)
        (tmp_path / "w.warc.gz").write_bytes(data[: noise.randrange(len(data))] if trial % 3 == 0 else data)
        (tmp_path / "w.arc").write_bytes(noise.randbytes(200) + ARC_HEAD + noise.randbytes(200))
        for name in ("w.warc.gz", "w.arc"):
            assert all(isinstance(item, Reject | Response) for item in archive(tmp_path / name))


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n", b"abcde"),
        (b"<html>not chunked at all", b"<html>not chunked at all"),
        (b"3\r\nabc\r\nzz<p>", b"abc\r\nzz<p>"),
        (b"", b""),
    ],
)
def test_chunks(body, expected):
    message = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + body
    assert web_archives.parse_http("u", message).body == expected


@pytest.mark.parametrize(
    ("data", "declared", "expected"),
    [
        ("Café".encode("utf-8-sig"), "", "Café"),
        ("Café".encode("utf-16"), "utf-8", "Café"),
        ("Café".encode(), "windows-1252", "Café"),
        ("“Café”".encode("cp1252"), "iso-8859-1", "“Café”"),
        ("Мост закрыт".encode("koi8-r"), "koi8-r", "Мост закрыт"),
        ("橋は閉鎖".encode("iso2022_jp"), "iso-2022-jp", "橋は閉鎖"),
        ("橋は閉鎖".encode("cp932"), "shift_jis", "橋は閉鎖"),
        (b"caf\xe9 " * 30, "no-such-encoding", "café " * 30),
        (b"plain", "base64", "plain"),
        ("“Café”, ".encode() * 9 + b"Caf\xe9", "utf-8", "“Café”, " * 9 + "Café"),
        ("“Café”, ".encode() * 9 + b"Caf\xe9", "", "“Café”, " * 9 + "Café"),
        ("It’s a café".encode("cp1252") * 9, "utf-8", "It’s a café" * 9),
        ("Мост закрыт до октября, говорят. ".encode("cp1251") * 9, "", "Мост закрыт до октября, говорят. " * 9),
    ],
)
def test_decoding(data, declared, expected):
    assert decode(data, declared) == expected


def test_decoding_never_raises():
    noise = random.Random(2)
    for size in range(0, 400, 7):
        assert isinstance(
            decode(
                noise.randbytes(size),
                noise.choice(["", "utf-7", "cp1252", "idna", "punycode", "unicode_escape", "u7", "rot13", "é"]),
            ),
            str,
        )


def test_the_encoding_of_a_page_is_taken_from_its_head():
    page = HTML.replace("<head>", '<head><meta http-equiv="Content-Type" content="text/html; charset=windows-1252">')
    assert "“It groans" in read_page(page.encode("cp1252"), "p").text


def test_a_broken_address_costs_only_the_site():
    assert read_page(HTML.encode(), "p", url="http://[broken").site == ""
