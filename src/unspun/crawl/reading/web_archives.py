"""Read the pages of web archives: WARC, ARC and WET files.

Good records are given out, bad ones named.

Archives break in every way: cut off within a compressed record, wrong lengths, chunked bodies that are not. The records
are found here rather than by a library: fastwarc and warcio say nothing of a truncated .gz, end a file at its first
bad header, and know no ARC (fastwarc) or are slow (warcio). Fastwarc lends its decompressors.
"""

from __future__ import annotations

import io
import re
import zlib
from collections import Counter
from collections.abc import Iterator
from typing import IO, NamedTuple

from unspun.errors import RecordError
from unspun.io.decompression import CHUNK, GZIP_MAGIC, ZSTD_MAGIC, PlainStream
from unspun.io.rows.row_limits import BOMB
from unspun.io.tables import Reject

MAX_RESPONSE_BYTES = 8_000_000
"""Larger records are rejected unread, larger bodies not unpacked further."""

FREE_RECORDS, RECORD_BYTES = 10_000, 5
"""An archive may hold so many records, and one more for so many bytes as stored: else it is a bomb."""

_MAX_FIELDS = 500
# Headers that may be given in parts.
_LISTS = ("content-encoding", "transfer-encoding")
_MAX_CODINGS = 4
_NOT_KNOWN = ("compress", "x-compress", "exi", "pack200-gzip", "sdch", "dcb", "dcz", "lzma", "bzip2", "xz")
_CALLED = {"x-gzip": "gzip", "x-deflate": "deflate", "zlib": "deflate", "brotli": "br", "zst": "zstd", "x-zstd": "zstd"}
_MARKUP = re.compile(rb"<[A-Za-z!?/]")
_SEEN, _MAX_CONTROLS, _UNPACKED_AT_ONCE = 4_096, 0.05, 4_096
# Signs that no text has; those that shift between scripts, and the zeros of UTF-16, some have.
_CONTROLS = bytes(code for code in range(1, 32) if code not in b"\t\n\v\f\r\x0e\x0f\x1b")
_STATUS = re.compile(rb"HTTP/\d[\d.]* +(\d{3})")
# Heads that come before that of the page: of a server that says to go on, of a proxy.
_FORE_HEAD = re.compile(
    rb"\s*HTTP/\d[\d.]* +(?:1\d\d|200 connection established)[^\r\n]*\r?\n(?:[^\r\n]+\r?\n)*\s*(?=HTTP/)", re.I
)
_HEAD_END = re.compile(rb"\r?\n\r?\n")
_CHUNK_HEAD = re.compile(rb"(?:\r?\n)?([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]*)?\r?\n")
_ARC_HEAD = re.compile(rb"[a-zA-Z][\w+.-]*:.* \d{8,17} (?:.* )?\d{1,15}\s*$")
_SIZE = re.compile(r"[0-9]{1,15}")
# On longer lines the pattern above takes its time.
_MAX_ARC_HEAD = 4_000
# Records of these hold a page as it is, without the head of an HTTP response.
_BARE = ("resource", "conversion")


class Response(NamedTuple):
    """One page.

    It holds the address, the status, headers with lower-case names, the decoded body, and what recorded it.
    """

    uri: str
    status: int
    headers: dict[str, str]
    body: bytes
    kind: str = "response"


class _Head(NamedTuple):
    """What the head of a WARC record says."""

    uri: str
    kind: str
    content_type: str
    original: str
    size: str
    segment: str


def read_archive(stream: IO[bytes], plain: PlainStream, name: str, n_stored: int = 0) -> Iterator[Response | Reject]:
    """Give out the pages of a WARC, ARC or WET file, in the order of the file.

    Parameters
    ----------
    stream, plain : binary stream, PlainStream
        The file's bytes, uncompressed (see `unspun.io.decompression.decompressed`).
    name : str
        What rejections of the file call it.
    n_stored : int
        Bytes that it takes where it is part of a package; otherwise ``plain`` counts them.

    Yields
    ------
    Response or Reject
        Every good response, whatever its status and type; every good ``resource`` and ``conversion`` (WET) record as
        a response with status 200; a `Reject` for every one of these that cannot be read, for every revisit and for
        every kind of damage to the file. Other kinds of records hold no pages and are passed over; a file of
        nothing else is named.
    """
    kinds: Counter[str] = Counter()
    for n_before, item in enumerate(_records(stream, plain, name, kinds)):
        size = n_stored or plain.n_stored
        if n_before >= max(FREE_RECORDS, size // RECORD_BYTES):
            reason = f"{BOMB}{size:,} bytes hold more than {n_before:,} records; the rest of the file is left out"
            yield Reject(name, "archive", reason)
            return
        yield item
    yield from (Reject(name, "archive", problem) for problem in plain.problems)
    if kinds and not kinds.keys() & {"response", "revisit", *_BARE}:
        found = ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items()))
        yield Reject(name, "archive", f"no pages in it, only records of other kinds: {found}")


def parse_http(uri: str, message: bytes) -> Response:
    r"""Parse an HTTP response as forgivingly as a browser does.

    Parameters
    ----------
    uri : str
        What the response is called.
    message : bytes
        Status line, headers and body.

    Returns
    -------
    Response
        With its body unpacked.

    Raises
    ------
    RecordError
        When there is no status line, or the body is compressed in a way that is not known.

    Examples
    --------
    >>> parse_http("u", b"HTTP/1.1 200\nTransfer-Encoding: chunked\n\n3\nabc\n0\n\n").body
    b'abc'
    """
    while fore := _FORE_HEAD.match(message):
        message = message[fore.end() :]
    message = message.lstrip(b"\r\n")
    status = _STATUS.match(message)
    if not status:
        raise RecordError("no HTTP status line", message[:40])
    end = _HEAD_END.search(message)
    head, body = (message[: end.start()], message[end.end() :]) if end else (message, b"")
    headers = _headers(head)
    if "chunked" in headers.get("transfer-encoding", "").lower():
        body = _join_chunks(body)
    is_page = "html" in headers.get("content-type", "html").lower()
    return Response(uri, int(status[1]), headers, _unpack(body, headers.get("content-encoding", "").lower(), is_page))


def _headers(head: bytes) -> dict[str, str]:
    """Return the headers by name; of those that stand there twice, lists are joined, and the last of others counts."""
    headers: dict[str, str] = {}
    for line in head.decode("latin-1").splitlines()[1:]:
        key, _, value = line.partition(":")
        key, value = key.strip().lower(), value.strip()
        if key in _LISTS and key in headers:
            value = f"{headers[key]}, {value}"
        headers[key] = value or headers.get(key, "")
    return headers


def _join_chunks(body: bytes) -> bytes:
    """Return the body of its chunks; from where they stop being chunks, the rest as it is."""
    parts: list[bytes] = []
    place = 0
    while place < len(body):
        head = _CHUNK_HEAD.match(body, place)
        if not head:
            parts.append(body[place:])
            break
        size, place = int(head[1], 16), head.end()
        if not size:
            break
        parts.append(body[place : place + size])
        place += size
    return b"".join(parts)


def _unpack(body: bytes, encoding: str, is_page: bool) -> bytes:
    """Undo the codings of a body, the last one first, as browsers do; names of none, like "utf-8", mean nothing."""
    codings = [name for name in (part.partition(";")[0].strip(" \"'") for part in encoding.split(",")) if name]
    for coding in reversed(codings[:_MAX_CODINGS]):
        known = _CALLED.get(coding, coding)
        if known in ("gzip", "deflate"):
            body = _inflate(body)
        elif known in ("br", "zstd"):
            body = _unpack_by_fastwarc(body, known)
        elif known in _NOT_KNOWN and not (_is_plain(body) and _MARKUP.search(body[:_SEEN])):
            raise RecordError("the body is compressed in a way not known here", encoding)
    # Many archives hold a body under another header than the one it came with.
    for _ in range(_MAX_CODINGS):
        if not body.startswith((GZIP_MAGIC, ZSTD_MAGIC)):
            break
        before, body = body, _inflate(body) if body.startswith(GZIP_MAGIC) else _unpack_by_fastwarc(body, "zstd")
        if body == before:
            break
    if is_page and not _is_plain(body):
        body = _unpack_by_fastwarc(body, "br")  # it has no sign of its own
        if not _is_plain(body):
            raise RecordError("the body is no text: it is damaged, or compressed in a way not known here")
    return body


def _is_plain(body: bytes) -> bool:
    """Tell whether a body may be a text: what is compressed has all bytes alike."""
    seen = body[:_SEEN]
    return len(seen) - len(seen.translate(None, _CONTROLS)) <= _MAX_CONTROLS * len(seen)


def _inflate(body: bytes) -> bytes:
    # Archives often hold the body already unpacked under its old header; "deflate" may mean raw deflate or zlib.
    for wbits in (47, -15):
        plain, rest = b"", body
        # A body of gzip may be several, one after the other.
        while not plain or rest.startswith(GZIP_MAGIC):
            unpacker = zlib.decompressobj(wbits)
            try:
                plain = _capped(plain + unpacker.decompress(rest, MAX_RESPONSE_BYTES + 1))
            except zlib.error:
                break
            rest = unpacker.unused_data
            if not plain:
                break
        if plain:
            return plain
    return body


def _unpack_by_fastwarc(body: bytes, encoding: str) -> bytes:
    from fastwarc import stream_io

    reader = (stream_io.BrotliReader if encoding == "br" else stream_io.ZstdReader)(io.BytesIO(body))
    plain = b""
    try:
        # In small pieces: what comes before a damaged place is given out.
        while len(plain) <= MAX_RESPONSE_BYTES and (more := reader.read(_UNPACKED_AT_ONCE)):
            plain += more
    except OSError:
        return plain or body  # as in _inflate
    return _capped(plain)


def _capped(plain: bytes) -> bytes:
    if len(plain) > MAX_RESPONSE_BYTES:
        raise RecordError(f"the body unpacks to more than {MAX_RESPONSE_BYTES:,} bytes")
    return plain


def _records(stream: IO[bytes], plain: PlainStream, name: str, kinds: Counter[str]) -> Iterator[Response | Reject]:
    """Give out what the record heads announce; lines that are no head are passed over and counted."""
    n_skipped = 0
    n_fields = 5
    while line := stream.readline(CHUNK):
        if line.startswith(b"WARC/"):
            item = _warc_record(stream, name, kinds)
        elif len(line) <= _MAX_ARC_HEAD and _ARC_HEAD.match(line):
            n_fields, item = _arc_record(stream, line, n_fields, kinds)
        else:
            n_skipped += len(line.strip())
            continue
        if item is not None:
            yield item
    if not kinds and not plain.problems:
        yield Reject(name, "archive", "no records in it: empty, or not an archive")
    elif n_skipped:
        yield Reject(name, "archive", f"{n_skipped} bytes in it belong to no record: a length or a head is wrong")


def _warc_record(stream: IO[bytes], name: str, kinds: Counter[str]) -> Response | Reject | None:
    """Read a record of which the version line was read: named fields, an empty line, the content."""
    head = _warc_head(stream, name)
    kinds[head.kind or "unnamed"] += 1
    if not _SIZE.fullmatch(head.size):
        return Reject(head.uri, "archive", f"the record states no length: {head.size[:40]!r}")
    if head.kind == "revisit":
        _skip(stream, int(head.size))
        return Reject(head.uri, "duplicate", f"a revisit: the same as {head.original or 'a record before'}")
    if head.kind == "continuation" or (head.segment and head.kind in ("response", *_BARE)):
        _skip(stream, int(head.size))
        part = f"part {head.segment[:9] or 'of unknown number'}"
        return Reject(head.uri, "archive", f"{part} of a record in segments, which are not put together")
    found = _content(stream, head.uri, int(head.size), head.kind in ("response", *_BARE))
    if not isinstance(found, bytes):
        return found
    if head.kind in _BARE and not head.content_type.lower().startswith("application/http"):
        return Response(head.uri, 200, {"content-type": head.content_type}, found, head.kind)
    return _response(head.uri, found)


def _warc_head(stream: IO[bytes], name: str) -> _Head:
    fields: dict[str, str] = {}
    for _ in range(_MAX_FIELDS):
        line = stream.readline(CHUNK).decode("utf-8", "replace")
        if not line.strip():
            break
        key, _, value = line.partition(":")
        fields[key.strip().lower()] = value.strip()
    get = fields.get
    original = get("warc-refers-to-target-uri", "").strip("<>")
    uri = get("warc-target-uri", "").strip("<>") or name
    kind, content_type, size = get("warc-type", "").lower(), get("content-type", ""), get("content-length", "")
    return _Head(uri, kind, content_type, original, size, get("warc-segment-number", ""))


def _arc_record(
    stream: IO[bytes], head: bytes, n_fields: int, kinds: Counter[str]
) -> tuple[int, Response | Reject | None]:
    """Read a record of an ARC file (Internet Archive, 1996): one line of fields, then as many bytes as the last says.

    The address comes first and may have blanks in it, so the number of fields must be known.
    """
    uri, *fields = head.decode("utf-8", "replace").strip().rsplit(" ", n_fields - 1)
    size = int(fields[-1])
    if uri.startswith("filedesc:"):
        kinds["filedesc"] += 1
        # The second line of this first record's content names the fields that all others have.
        lines = stream.read(min(size, CHUNK)).splitlines()
        return max(n_fields, len(lines[1].split()) if len(lines) > 1 else 0), None
    wanted = uri.startswith(("http:", "https:"))
    kinds["response" if wanted else uri.partition(":")[0]] += 1
    found = _content(stream, uri, size, wanted)
    return n_fields, _response(uri, found) if isinstance(found, bytes) else found


def _content(stream: IO[bytes], uri: str, size: int, wanted: bool) -> bytes | Reject | None:
    if not wanted or size > MAX_RESPONSE_BYTES:
        n_left = _skip(stream, size)
        too_large = Reject(uri, "archive", f"larger than {MAX_RESPONSE_BYTES:,} bytes: {size:,}") if wanted else None
        return Reject(uri, "archive", f"the record is cut off {n_left} bytes before its end") if n_left else too_large
    message = stream.read(size)
    if len(message) < size:
        return Reject(uri, "archive", f"the record is cut off {size - len(message)} bytes before its end")
    return message


def _response(uri: str, message: bytes) -> Response | Reject:
    try:
        return parse_http(uri, message)
    except RecordError as error:
        return Reject(uri, "archive", str(error))


def _skip(stream: IO[bytes], size: int) -> int:
    """Read past bytes nobody wants; return how many of them were missing."""
    while size and (chunk := stream.read(min(size, CHUNK))):
        size -= len(chunk)
    return size
