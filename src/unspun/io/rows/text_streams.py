"""Give out the bytes of a table as UTF-8 with line ends that readers know."""

from __future__ import annotations

import codecs
import io
from collections.abc import Callable
from typing import IO

from unspun.io.decompression import CHUNK, PlainStream

_MARKS = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_WIDE = {"utf-32-le": 4, "utf-32-be": 4, "utf-16-le": 2, "utf-16-be": 2}
_LETTERS, _MOST = 8, 6


def as_utf8(stream: IO[bytes]) -> io.BufferedReader:
    r"""Return a stream of UTF-16 or UTF-32 in UTF-8, without a mark.

    Examples
    --------
    >>> as_utf8(io.BytesIO("id\tsource".encode("utf-16"))).read()
    b'id\tsource'
    """
    buffered = peekable(stream)
    head = buffered.peek(CHUNK)
    if head.startswith(codecs.BOM_UTF8):
        buffered.read(len(codecs.BOM_UTF8))
        return buffered
    mark = next((mark for mark in _MARKS if head.startswith(mark)), b"")
    encoding = next((name for name in _WIDE if _is_in(head[len(mark) :], name)), None)
    if encoding is None:
        return buffered
    buffered.read(len(mark))
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    return io.BufferedReader(_Changed(buffered, lambda data: decoder.decode(data, not data).encode()), CHUNK)


def with_line_feeds(stream: io.BufferedReader) -> io.BufferedReader:
    r"""Return a stream of carriage returns with line feeds.

    Old Macs ended lines so; the first line tells.

    Examples
    --------
    >>> with_line_feeds(peekable(io.BytesIO(b"id\ra\r"))).read()
    b'id\na\n'
    """
    head = stream.peek(CHUNK)
    first, mark, rest = head.partition(b"\r")
    if not mark or rest.startswith(b"\n") or b"\n" in first:
        return stream
    return io.BufferedReader(_Changed(stream, lambda data: data.replace(b"\r", b"\n")), CHUNK)


def peekable(stream: IO[bytes]) -> io.BufferedReader:
    """Return a stream whose first bytes can be looked at.

    Whatever is wrong with it is raised when it is read.
    """
    return stream if isinstance(stream, io.BufferedReader) else io.BufferedReader(PlainStream(stream), CHUNK)


def _is_in(head: bytes, encoding: str) -> bool:
    """Tell a wide encoding by its zeros: headers and names of fields are mostly of plain letters."""
    width = _WIDE[encoding]
    text = head[: width * _LETTERS].decode(encoding, "replace")
    return sum("\0" < letter < "\x7f" for letter in text) >= min(_MOST, max(2, len(text)))


class _Changed(PlainStream):
    """A stream whose bytes are changed piece by piece."""

    def __init__(self, packed: IO[bytes], change: Callable[[bytes], bytes]) -> None:
        super().__init__(packed)
        self._change, self._ended = change, False

    def _next(self) -> bytes:
        while not self._ended:
            data = super()._next()
            self._ended = not data
            if changed := self._change(data):
                return changed
        return b""
