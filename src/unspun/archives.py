"""Web archives: the HTTP responses of WARC and ARC files, good ones given out, bad ones named.

Archives break in every way: cut off within a compressed record, wrong lengths, chunked bodies that are not. The records
are found here rather than by a library: fastwarc and warcio say nothing of a truncated .gz, end a file at its first
bad header, and know no ARC (fastwarc) or are slow (warcio). Fastwarc lends its lz4 and zstd.
"""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, NamedTuple

from unspun.errors import RecordError
from unspun.tables import Reject

MAX_RESPONSE_BYTES = 8_000_000
"""Larger HTTP responses are rejected unread."""

_CHUNK = 1 << 16
_MAX_FIELDS = 500
_GZIP_MAGIC = b"\x1f\x8b\x08"
_STATUS = re.compile(rb"HTTP/\d[\d.]* +(\d{3})")
_HEAD_END = re.compile(rb"\r?\n\r?\n")
_CHUNK_HEAD = re.compile(rb"(?:\r?\n)?([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]*)?\r?\n")
_ARC_HEAD = re.compile(rb"[a-zA-Z][\w+.-]*:.* \d{8,17} (?:.* )?\d+\s*$")


class Response(NamedTuple):
    """One HTTP response: where it came from, its status, its headers (lower-case names), its decoded body."""

    uri: str
    status: int
    headers: dict[str, str]
    body: bytes


class PlainStream(io.RawIOBase):
    """A file's bytes after decompression; what is wrong with it is remembered instead of raised.

    Attributes
    ----------
    problems : list of str
        What was wrong, in the order it was met.
    """

    def __init__(self, packed: Any) -> None:
        self.problems: list[str] = []
        self._packed, self._plain = packed, b""

    def readable(self) -> bool:
        """Return True: `io.BufferedReader` asks."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill the buffer; 0 at the end."""
        self._plain = self._plain or self._next()
        count = min(len(buffer), len(self._plain))
        buffer[:count], self._plain = self._plain[:count], self._plain[count:]
        return count

    def _next(self) -> bytes:
        """Return some more bytes, b'' at the end."""
        try:
            return bytes(self._packed.read(_CHUNK))
        except OSError as error:
            self.problems.append(f"cannot be read to its end: {error}")
            return b""


class GzipStream(PlainStream):
    """A .gz file of one or many members; a damaged member is passed over up to the next one."""

    def __init__(self, packed: Any) -> None:
        super().__init__(packed)
        self._buffer = b""
        self._member: Any = None

    def _next(self) -> bytes:
        plain = b""
        while not plain and (self._buffer or self._fill()):
            plain = self._decompress()
        return plain

    def _fill(self) -> bool:
        self._buffer = super()._next()
        if not self._buffer and self._member is not None:
            self.problems.append("cut off: the file ends within a compressed record")
            self._member = None
        return bool(self._buffer)

    def _decompress(self) -> bytes:
        if self._member is None:
            # Some writers pad members with zeros.
            self._buffer = self._buffer.lstrip(b"\0")
            if not self._buffer:
                return b""
            self._member = zlib.decompressobj(wbits=31)
        try:
            plain = bytes(self._member.decompress(self._buffer, _CHUNK))
        except zlib.error as error:
            self.problems.append(f"damaged: {error}")
            self._go_to_next_member()
            return b""
        self._buffer = self._member.unconsumed_tail
        if self._member.eof:
            self._buffer, self._member = self._member.unused_data, None
        return plain

    def _go_to_next_member(self) -> None:
        self._member = None
        rest = self._buffer[1:]
        while (place := rest.find(_GZIP_MAGIC)) < 0 and (more := super()._next()):
            rest = rest[-len(_GZIP_MAGIC) :] + more
        self._buffer = rest[place:] if place >= 0 else b""


def _decompressed(raw: IO[bytes], suffix: str) -> PlainStream:
    if suffix == ".gz":
        return GzipStream(raw)
    if suffix in (".lz4", ".zst"):
        from fastwarc import stream_io

        return PlainStream((stream_io.Lz4Reader if suffix == ".lz4" else stream_io.ZstdReader)(raw))
    return PlainStream(raw)


def read_archive(path: Path, name: str = "") -> Iterator[Response | Reject]:
    """Give out the HTTP responses of a WARC or ARC file, plain or compressed, in the order of the file.

    Parameters
    ----------
    path : Path
        A file ending in .warc or .arc, and perhaps .gz, .lz4 or .zst.
    name : str
        What rejections of the file call it; its path unless given.

    Yields
    ------
    Response or Reject
        Every good response, whatever its status and type; a `Reject` for every response that cannot be read and for
        every kind of damage to the file. Other kinds of records are passed over in silence.
    """
    name = name or path.as_posix()
    try:
        raw = path.open("rb")
    except OSError as error:
        yield Reject(name, "read", f"cannot be opened: {error.strerror}")
        return
    with raw:
        plain = _decompressed(raw, path.suffix.lower())
        yield from _records(io.BufferedReader(plain, _CHUNK), name)
        yield from (Reject(name, "archive", problem) for problem in plain.problems)


def parse_http(uri: str, message: bytes) -> Response:
    r"""Parse an HTTP response as forgivingly as a browser does.

    Raises
    ------
    RecordError
        When there is no status line, or the body is compressed in a way that is not known.

    Examples
    --------
    >>> parse_http("u", b"HTTP/1.1 200\nTransfer-Encoding: chunked\n\n3\nabc\n0\n\n").body
    b'abc'
    """
    status = _STATUS.match(message)
    if not status:
        raise RecordError("no HTTP status line", message[:40])
    end = _HEAD_END.search(message)
    head, body = (message[: end.start()], message[end.end() :]) if end else (message, b"")
    lines = (line.partition(":") for line in head.decode("latin-1").splitlines()[1:])
    headers = {key.strip().lower(): value.strip() for key, _, value in lines}
    if "chunked" in headers.get("transfer-encoding", "").lower():
        body = _join_chunks(body)
    return Response(uri, int(status[1]), headers, _unpack(body, headers.get("content-encoding", "").lower()))


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


def _unpack(body: bytes, encoding: str) -> bytes:
    if encoding in ("", "identity") or not body:
        return body
    if encoding in ("gzip", "x-gzip", "deflate"):
        return _inflate(body)
    raise RecordError("the body is compressed in a way not known here", encoding)


def _inflate(body: bytes) -> bytes:
    # Archives often hold the body already unpacked under its old header; "deflate" may mean raw deflate or zlib.
    for wbits in (47, -15):
        try:
            return zlib.decompressobj(wbits).decompress(body, MAX_RESPONSE_BYTES)
        except zlib.error:
            continue
    return body


def _records(stream: IO[bytes], name: str) -> Iterator[Response | Reject]:
    """Give out what the record heads announce; lines that are no head are passed over and counted."""
    n_records = n_skipped = 0
    n_fields = 5
    while line := stream.readline(_CHUNK):
        if line.startswith(b"WARC/"):
            item = _warc_record(stream, name)
        elif _ARC_HEAD.match(line):
            n_fields, item = _arc_record(stream, line, n_fields)
        else:
            n_skipped += len(line.strip())
            continue
        n_records += 1
        if item is not None:
            yield item
    if not n_records:
        yield Reject(name, "archive", "no records in it: empty, or not an archive")
    elif n_skipped:
        yield Reject(name, "archive", f"{n_skipped} bytes in it belong to no record: a length or a head is wrong")


def _warc_record(stream: IO[bytes], name: str) -> Response | Reject | None:
    """Read a record of which the version line was read: named fields, an empty line, the content."""
    fields: dict[str, str] = {}
    for _ in range(_MAX_FIELDS):
        line = stream.readline(_CHUNK).decode("utf-8", "replace")
        if not line.strip():
            break
        key, _, value = line.partition(":")
        fields[key.strip().lower()] = value.strip()
    uri = fields.get("warc-target-uri", name).strip("<>")
    size = fields.get("content-length", "")
    if not size.isascii() or not size.isdigit():
        return Reject(uri, "archive", f"the record states no length: {size!r}")
    return _content(stream, uri, int(size), wanted=fields.get("warc-type", "").lower() == "response")


def _arc_record(stream: IO[bytes], head: bytes, n_fields: int) -> tuple[int, Response | Reject | None]:
    """Read a record of an ARC file (Internet Archive, 1996): one line of fields, then as many bytes as the last says.

    The address comes first and may have blanks in it, so the number of fields must be known.
    """
    uri, *fields = head.decode("utf-8", "replace").strip().rsplit(" ", n_fields - 1)
    size = int(fields[-1])
    if uri.startswith("filedesc:"):
        # The second line of this first record's content names the fields that all others have.
        lines = stream.read(min(size, _CHUNK)).splitlines()
        return max(n_fields, len(lines[1].split()) if len(lines) > 1 else 0), None
    return n_fields, _content(stream, uri, size, wanted=uri.startswith(("http:", "https:")))


def _content(stream: IO[bytes], uri: str, size: int, wanted: bool) -> Response | Reject | None:
    if not wanted or size > MAX_RESPONSE_BYTES:
        n_left = _skip(stream, size)
        too_large = Reject(uri, "archive", f"larger than {MAX_RESPONSE_BYTES:,} bytes: {size:,}") if wanted else None
        return Reject(uri, "archive", f"the record is cut off {n_left} bytes before its end") if n_left else too_large
    message = stream.read(size)
    if len(message) < size:
        return Reject(uri, "archive", f"the record is cut off {size - len(message)} bytes before its end")
    try:
        return parse_http(uri, message)
    except RecordError as error:
        return Reject(uri, "archive", str(error))


def _skip(stream: IO[bytes], size: int) -> int:
    """Read past bytes nobody wants; return how many of them were missing."""
    while size and (chunk := stream.read(min(size, _CHUNK))):
        size -= len(chunk)
    return size
