"""The table of formats says what is so: every ending is read, and every refusal comes in the words that it names."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from articles import STORY
from hostile_files import record, sound_files
from refused_documents import REFUSED

from unspun.crawl.pages import sandbox
from unspun.crawl.pages.sandbox import MAX_SECONDS, Guard
from unspun.crawl.reading.articles import read_articles
from unspun.crawl.reading.format_table import FORMATS
from unspun.crawl.reading.formats import KNOWN, MAX_DOCUMENT_BYTES, MAX_HTML_BYTES, MAX_TEXT_BYTES
from unspun.crawl.reading.web_archives import MAX_RESPONSE_BYTES
from unspun.io.rows.row_limits import MAX_FIELDS, MAX_ROW_BYTES
from unspun.io.tables import Reject


def zipped(name: str, data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr(name, data)
    return out.getvalue()


def table(**columns: list[str]) -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.table(columns), out, compression="none", use_dictionary=False, write_statistics=False)
    return out.getvalue()


def damaged_group() -> bytes:
    data = bytearray(table(text=[STORY]))
    head = slice(len("PAR1"), data.index(STORY.encode()) - 4)
    data[head] = b"\xff" * (head.stop - head.start)
    return bytes(data)


def many_rows() -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.table({"text": [""] * 500_000}), out)
    return out.getvalue()


def response(body: bytes, kind: str = "text/html", status: int = 200, more: str = "") -> bytes:
    http = f"HTTP/1.1 {status} OK\r\nContent-Type: {kind}\r\n{more}\r\n".encode() + body
    head = "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://a.example/\r\n"
    return f"{head}Content-Length: {len(http)}\r\n\r\n".encode() + http + b"\r\n\r\n"


FRAME = b'<html><body><div id="root"></div><script src="app.js"></script></body></html>'
# The parser compares every attribute with every other.
SLOW = b"<html><body " + b" ".join(b"a%d=1" % number for number in range(400_000)) + b"><p>text</p>"
LONG_CELL = "x" * MAX_ROW_BYTES
BY_WORDS: dict[str, Callable[[], bytes]] = {
    "a page of more than": lambda: b"<p>" * MAX_HTML_BYTES,
    "no article text found": lambda: b"<html><body></body></html>",
    "rendered by script": lambda: FRAME,
    "the page took more than": lambda: SLOW,
    "a text of more than": lambda: b"gull " * MAX_TEXT_BYTES,
    "not a text: it holds zero bytes": lambda: b"gull\0" * 9,
    "not a page: its first bytes": lambda: zipped("a.html", b"<p>"),
    "not a text: its first bytes": lambda: b"\x89PNG\r\n\x1a\n",
    "fields; the limit is": lambda: json.dumps({str(number): 1 for number in range(MAX_FIELDS + 1)}).encode(),
    "of a record in segments": lambda: record(1, STORY).replace(b"response", b"continuation", 1),
    "the text is empty": lambda: b" \n",
    "not an object with fields": lambda: b'["text"]\n',
    "not JSON": lambda: b'{"text": \n',
    "neither a text nor an html field": lambda: b'{"id": "a"}\n',
    "more cells than": lambda: b"id,text\na,b,c,d\n",
    "there is not one row": lambda: b"",
    "not a readable parquet file": lambda: b"PAR1 noise",
    "row group cannot be read": damaged_group,
    "HTTP status 404": lambda: response(b"gone", status=404),
    "not an HTML page but image/png": lambda: response(b"x", "image/png"),
    "larger than": lambda: response(b"x" * (MAX_RESPONSE_BYTES + 1)),
    "the record is cut off": lambda: record(1, STORY)[:-90],
    "the body is compressed in a way": lambda: response(b"\x1f\x9d" * 9, more="Content-Encoding: compress\r\n"),
    "no records in it": lambda: b"noise",
    "not a readable .wacz file": lambda: b"noise",
    "no archive in it": lambda: zipped("datapackage.json", b"{}"),
}
BY_END: dict[tuple[str, str], Callable[[], bytes]] = {
    (".jsonl", "longer than"): lambda: json.dumps({"text": LONG_CELL}).encode(),
    (".json", "longer than"): lambda: json.dumps([{"text": LONG_CELL}]).encode(),
    (".csv", "longer than"): lambda: f"text\n{LONG_CELL}\n".encode(),
    (".csv", "the table has no column"): lambda: b"a,b\n1,2\n",
    (".parquet", "the table has no column"): lambda: table(a=["1"]),
    (".parquet", "a bomb"): many_rows,
    (".warc", "a bomb"): lambda: gzip.compress(
        b"WARC/1.0\r\nContent-Length: x\r\nWARC-Type: response\r\n\r\n" * 90_000
    ),
    (".wacz", "a bomb"): lambda: zipped("archive/a.warc", bytes(120_000_000)),
}
CASES = [(one.ends[0], words) for one in FORMATS for words in one.refused]


def refused_file(end: str, words: str) -> bytes:
    """Return a file with this ending that is refused in these words."""
    if words.startswith("a document of more than"):
        return bytes(MAX_DOCUMENT_BYTES + 1)
    documents = [made for name, (made, reason) in REFUSED.items() if name.endswith(end) and reason in words]
    made = [make for (its_end, start), make in BY_END.items() if its_end == end and words.startswith(start)]
    made += [make for start, make in BY_WORDS.items() if words.startswith(start)]
    return (documents + made)[0]()


def test_every_ending_stands_in_the_table_once() -> None:
    assert sorted(end for one in FORMATS for end in one.ends) == sorted(KNOWN)


@pytest.mark.parametrize(("end", "words"), CASES)
def test_what_is_refused_is_refused_in_these_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, end: str, words: str
) -> None:
    (tmp_path / f"a{end}").write_bytes(refused_file(end, words))
    (tmp_path / "z.txt").write_text(STORY, encoding="utf-8")
    impatient = Guard(max_seconds=1 if "seconds" in words else MAX_SECONDS)
    monkeypatch.setattr(sandbox, "_guard", impatient)
    *found, last = read_articles([tmp_path])
    impatient.close()
    words = words.replace(f"{MAX_SECONDS:g} seconds", "1 seconds")
    assert any(words in item.reason for item in found if isinstance(item, Reject)), found
    assert not isinstance(last, Reject)


SOUND = sound_files()
KINDS = {".htm": "html", ".xhtml": "html", ".shtml": "html", ".text": "txt", ".markdown": "md", ".mdown": "md"}
KINDS |= {".ndjson": "jsonl", ".wet": "warc"}


@pytest.mark.parametrize("end", [end for one in FORMATS for end in one.ends])
def test_every_ending_is_read(tmp_path: Path, end: str) -> None:
    (tmp_path / f"a{end}").write_bytes(SOUND[KINDS.get(end, end[1:])])
    found = list(read_articles([tmp_path]))
    assert found
    assert not [item for item in found if isinstance(item, Reject)]
