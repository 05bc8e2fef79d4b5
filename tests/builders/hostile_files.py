"""Hundreds of files made to break a reader: every format, damaged in every way, and names and links that mislead."""

from __future__ import annotations

import gzip
import io
import json
import os
import random
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import documents
import pyarrow as pa
import pyarrow.parquet as pq
from articles import SPUN, STORY, UNRELATED

TEXTS = (STORY, SPUN, UNRELATED)


def page_of(text: str) -> bytes:
    """Return a page that holds a text."""
    shown = "".join(f"<p>{line}</p>" for line in text.split("\n\n"))
    return (
        f"<!doctype html><html><head><title>Gates</title></head><body><article>{shown}</article></body></html>".encode()
    )


def record(number: int, text: str) -> bytes:
    """Return a page as a record of a WARC file."""
    body = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + page_of(text)
    head = f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://h.example/{number}\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body + b"\r\n\r\n"


def _arc(number: int, text: str) -> bytes:
    body = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + page_of(text)
    return f"http://arc.example/{number} 1.2.3.4 20240501000000 text/html {len(body)}\n".encode() + body + b"\n"


def _wacz(data: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        package.writestr("archive/data.warc", data)
    return buffer.getvalue()


def _parquet() -> bytes:
    buffer = io.BytesIO()
    pq.write_table(pa.table({"id": [f"p{n}" for n in range(3)], "text": list(TEXTS)}), buffer)
    return buffer.getvalue()


def sound_files() -> dict[str, bytes]:
    """Return a sound file of every format, by the end of its name."""
    rows = [{"id": f"r{number}", "text": text} for number, text in enumerate(TEXTS)]
    lines = "".join(json.dumps(row) + "\n" for row in rows).encode()
    cells = "".join('{},"{}"\n'.format(row["id"], row["text"].replace('"', '""')) for row in rows)
    lines_of_story = STORY.split("\n\n")
    warc = b"".join(record(number, text) for number, text in enumerate(TEXTS))
    return {
        "html": page_of(STORY),
        "txt": STORY.encode(),
        "md": f"---\ntitle: Gates\n---\n# Gates\n\n{STORY}".encode(),
        "jsonl": lines,
        "json": json.dumps(rows).encode(),
        "csv": f"id,text\n{cells}".encode(),
        "tsv": f"id\ttext\n{cells}".replace(",", "\t").encode(),
        "parquet": _parquet(),
        "warc": warc,
        "warc.gz": b"".join(gzip.compress(record(number, text)) for number, text in enumerate(TEXTS)),
        "arc": b"".join(_arc(number, text) for number, text in enumerate(TEXTS)),
        "jsonl.gz": gzip.compress(lines),
        "wacz": _wacz(warc),
        "pdf": documents.pdf(lines_of_story),
        "docx": documents.bare_docx(lines_of_story),
        "odt": documents.bare_odt(lines_of_story),
        "epub": documents.bare_epub(lines_of_story),
    }


def _flipped(data: bytes, seed: int) -> bytes:
    chance, changed = random.Random(seed), bytearray(data)
    for _ in range(1 + len(data) // 50):
        changed[chance.randrange(len(data))] = chance.randrange(256)
    return bytes(changed)


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "half": lambda data: data[: len(data) // 2],
    "no-end": lambda data: data[:-1],
    "no-head": lambda data: data[7:],
    "flipped-1": lambda data: _flipped(data, 1),
    "flipped-2": lambda data: _flipped(data, 2),
    "zeros": lambda data: data[: len(data) // 3] + bytes(5_000) + data[len(data) // 3 :],
    "twice": lambda data: data + data,
    "bom": lambda data: b"\xff\xfe" + data,
    "gzip-head": lambda data: b"\x1f\x8b\x08" + data,
    "zstd-head": lambda data: b"\x28\xb5\x2f\xfd" + data,
    "dictionary-head": lambda data: b"\x5d\x2a\x4d\x18\xff\xff\x00\x00" + data,
    "packed-half": lambda data: gzip.compress(data)[:-20],
    "reversed": lambda data: data[::-1],
    "one-line": lambda data: data.replace(b"\n", b" "),
    "crs": lambda data: data.replace(b"\n", b"\r"),
    "surrogates": lambda data: data.replace(b"the", b"\\ud83d").replace(b"and", b"\xed\xa0\xbd"),
    "escapes": lambda data: data.replace(b"the", b"\x1b]0;gotcha\x07\x1b[2J"),
    "noise": lambda data: random.Random(len(data)).randbytes(20_000),
    "quotes": lambda data: data.replace(b" ", b'"', 400),
    "numbers": lambda data: data.replace(b"a", b"9" * 300, 40),
    "brackets": lambda data: data.replace(b"e", b"[{<" * 50, 60),
}
"""From the name of a damage to what it does to a file."""

SPECIAL: dict[str, bytes] = {
    "depth.json": b"[" * 100_000,
    "nan.jsonl": b'{"text": NaN}\n{"text": 1e999}\n{"text": ' + b"9" * 5_000 + b"}\n",
    "nothing.json": b"null",
    "ids.jsonl": b'{"id": {"a": 1}, "text": ["b"]}\n{"id": "' + b"i" * 9_000 + b'", "text": "x"}\n',
    "control\nname\x1b[31m.txt": b"\x00\x01",
    "-o.txt": b"",
    "#1 [a]*?.html": b"<html>",
    "archive.zip": _wacz(b"x"),
    "noise.pdf": b"%PDF-1.7" + bytes(range(256)) * 9,
    "chunks.warc": b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 90\r\n\r\nHTTP/1.1 200 OK\r\n"
    b"Transfer-Encoding: chunked\r\nContent-Encoding: gzip, br, zstd\r\n\r\nffffffff\r\nzz",
    "rows.jsonl.gz": gzip.compress(b"{}\n" * 300_000),
    "frame.html": b'<html><body><div id="root"></div><script type="application/json">' + b'{"body":' * 3_000,
    "state.html": b"<html><script>window.__STATE__ = " + b'{"body": [' * 2_000 + b"</script>",
}
"""Files that are hostile as they are, by name."""


def hostile_files() -> Iterator[tuple[str, bytes]]:
    """Yield some three hundred files: name and content."""
    for end, data in sound_files().items():
        for damage, harm in DAMAGES.items():
            yield f"{damage}.{end}", harm(data)
    sound = sound_files()
    for end, other in zip(sound, [*list(sound)[3:], *list(sound)[:3]], strict=True):
        yield f"in-fact-{other.replace('.', '-')}.{end}", sound[other]
    yield from SPECIAL.items()


def mislead(folder: Path) -> int:
    """Lay links, folders and pipes that mislead into a folder; return how many."""
    (folder / "folder.html").mkdir()
    (folder / "loop").symlink_to(folder)
    (folder / "self.txt").symlink_to(folder / "self.txt")
    (folder / "nowhere.html").symlink_to(folder / "nothing")
    (folder / os.fsdecode(b"caf\xe9.html")).write_bytes(b"\xff")
    os.mkfifo(folder / "pipe.txt")
    return 6
