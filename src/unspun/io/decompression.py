"""Bytes of a file after decompression.

Damage and bombs are remembered, not raised, so that what came before is kept.

A truncated .gz raises nothing in the usual readers, and one bad byte ends everything: here the end is checked, and a
damaged member of many costs only itself.
"""

from __future__ import annotations

import io
import sys
import zlib
from collections.abc import Callable, Iterator
from typing import IO, Any, Protocol, cast

CHUNK = 1 << 16
MAX_RATIO = 200
"""No archive of pages is so repetitive; deflate reaches 1,032 with a single letter."""
MAX_BOMB_BYTES = 100_000_000
"""What may come out before the ratio is asked for."""

GZIP_MAGIC = b"\x1f\x8b\x08"
_LZ4_MAGIC = b"\x04\x22\x4d\x18"
ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
# Frames that hold no data; the first of these kinds holds the dictionary of a .warc.zst file.
_SKIPPABLE = tuple(bytes([kind]) + b"\x2a\x4d\x18" for kind in range(0x50, 0x60))
_DICTIONARY_FRAME = b"\x5d\x2a\x4d\x18"
MAX_DICTIONARY_BYTES = 20_000_000
"""A larger dictionary is not read; those of crawlers have a tenth of a megabyte."""
MAX_WINDOW_BYTES = 1 << 27
"""Frames that look further back are not unpacked: it all stays in memory."""
BEHIND = "behind the compressed data "
"""What a problem begins with that is no part of what was compressed."""
COMPRESSED = (GZIP_MAGIC, _LZ4_MAGIC, ZSTD_MAGIC, *_SKIPPABLE)
"""What compressed files begin with, whatever their names say."""


class PlainStream(io.RawIOBase):
    """A file's bytes; what is wrong with it is remembered instead of raised.

    Attributes
    ----------
    problems : list of str
        What was wrong, in the order it was met.
    ends_in_line : bool
        Whether the last bytes that were given out break off within a line.
    """

    def __init__(self, packed: Any) -> None:
        self.problems: list[str] = []
        self.ends_in_line = False
        self._packed, self._plain = packed, b""
        self._n_read = 0
        self._stored: PlainStream = self

    @property
    def n_stored(self) -> int:
        """The number of bytes of the file, as stored, that were read so far."""
        return self._stored._n_read

    def stands_on(self, stored: PlainStream) -> None:
        """Share the problems and the size of the stream below this one."""
        stored.problems += self.problems
        self.problems, self._stored = stored.problems, stored

    def readable(self) -> bool:
        """Return True: `io.BufferedReader` asks."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill the buffer; 0 at the end."""
        self._plain = self._plain or self._next()
        count = min(len(buffer), len(self._plain))
        buffer[:count], self._plain = self._plain[:count], self._plain[count:]
        if count:
            self.ends_in_line = bytes(buffer[count - 1 : count]) != b"\n"
        return count

    def _next(self) -> bytes:
        """Return some more bytes, b'' at the end."""
        try:
            data = bytes(self._packed.read(CHUNK))
            self._n_read += len(data)
            return data
        except (OSError, EOFError, ValueError, _dictionary_error()) as error:
            self.problems.append(f"cannot be read to its end: {error}")
            return b""


def _dictionary_error() -> type[Exception]:
    """Return what the reader of frames with a dictionary raises, if it was ever loaded."""
    known = sys.modules.get("zstandard")
    return cast(type[Exception], known.ZstdError) if known else EOFError


class GzipStream(PlainStream):
    """A .gz file of one or many members.

    A damaged member is passed over up to the next one.
    """

    def __init__(self, packed: Any) -> None:
        super().__init__(packed)
        self._buffer = b""
        self._member: Any = None
        self._n_in = self._n_out = self._n_whole = 0

    def _next(self) -> bytes:
        plain = b""
        while not plain and (self._buffer or self._fill()):
            plain = self._decompress()
        return plain

    def _fill(self) -> bool:
        self._buffer = super()._next()
        self._n_in += len(self._buffer)
        if not self._buffer and self._member is not None:
            self.problems.append("cut off: the file ends within a compressed record")
            self._member = None
        return bool(self._buffer)

    def _decompress(self) -> bytes:
        if self._member is None and not self._start_member():
            return b""
        try:
            plain = bytes(self._member.decompress(self._buffer, CHUNK))
        except zlib.error as error:
            return self._give_up(f"damaged: {error}")
        self._n_out += len(plain)
        if self._n_out > max(MAX_BOMB_BYTES, MAX_RATIO * self._n_in):
            return self._give_up(f"a bomb: {self._n_in:,} bytes hold more than {self._n_out:,}")
        self._buffer = self._member.unconsumed_tail
        if self._member.eof:
            self._buffer, self._member = self._member.unused_data, None
            self._n_whole += 1
        return plain

    def _start_member(self) -> bool:
        # Some writers pad members with zeros.
        self._buffer = self._buffer.lstrip(b"\0")
        self._n_in, self._n_out = len(self._buffer), 0
        if self._n_whole and not self._begins_a_member():
            self._pass_over("damaged: what stands between two compressed records is none", f"{BEHIND}stand other bytes")
        if self._buffer:
            self._member = zlib.decompressobj(wbits=31)
        return bool(self._buffer)

    def _begins_a_member(self) -> bool:
        while 0 < len(self._buffer) < len(GZIP_MAGIC) and (more := super()._next()):
            self._buffer += more
        return not self._buffer or self._buffer.startswith(GZIP_MAGIC)

    def _give_up(self, problem: str) -> bytes:
        self._member = None
        self._pass_over(problem, problem)
        return b""

    def _pass_over(self, between: str, behind: str) -> None:
        """Go on at the next member, and note what was wrong: between members, or behind the last of them."""
        rest = self._buffer[1:]
        while (place := rest.find(GZIP_MAGIC)) < 0 and (more := super()._next()):
            rest = rest[-len(GZIP_MAGIC) :] + more
        self.problems.append(between if place >= 0 else behind)
        self._buffer = rest[place:] if place >= 0 else b""


class _Frames(PlainStream):
    """An .lz4 or .zst file, decompressed by a library."""

    def __init__(self, packed: Any, open_reader: Callable[[Any], Any]) -> None:
        self._counted = _Counted(packed)
        super().__init__(open_reader(self._counted))
        self._n_out = 0

    def _next(self) -> bytes:
        plain = super()._next()
        self._n_out += len(plain)
        if self._n_out > max(MAX_BOMB_BYTES, MAX_RATIO * self._counted.n_read):
            self.problems.append(f"a bomb: {self._counted.n_read:,} bytes hold more than {self._n_out:,}")
            return b""
        return plain


class _Counted:
    """What fastwarc needs of a stream, counting the bytes that it takes."""

    def __init__(self, packed: Any) -> None:
        self._packed, self.n_read = packed, 0

    def read(self, size: int = -1) -> bytes:
        data = bytes(self._packed.read(size))
        self.n_read += len(data)
        return data

    def tell(self) -> int:
        return self.n_read

    def close(self) -> None:
        """Whoever opened the stream closes it."""


class Readable(Protocol):
    """Anything that bytes can be read from."""

    def read(self, size: int = -1, /) -> bytes:
        """Return up to as many bytes, b'' at the end."""
        ...


def decompressed(raw: Readable) -> tuple[IO[bytes], PlainStream]:
    """Decompress a stream whose first bytes are of gzip, lz4 or zstandard.

    Its name does not matter.

    Parameters
    ----------
    raw : binary stream
        Needs only ``read``; it is not closed.

    Returns
    -------
    lines : binary stream
        To read from.
    plain : PlainStream
        The same, whose ``problems`` tell afterwards what was wrong.

    Examples
    --------
    >>> import gzip
    >>> lines, plain = decompressed(io.BytesIO(gzip.compress(b"Rain fell.")[:-9]))
    >>> lines.read(), plain.problems
    (b'Rain fell.', ['cut off: the file ends within a compressed record'])
    """
    stored = PlainStream(raw)
    buffered = io.BufferedReader(stored, CHUNK)
    packed = _unpacking(buffered, buffered.peek(4)[:4])
    if packed is None:
        return buffered, stored
    packed.stands_on(stored)
    return io.BufferedReader(packed, CHUNK), packed


def _unpacking(buffered: IO[bytes], magic: bytes) -> PlainStream | None:
    if magic.startswith(GZIP_MAGIC):
        return GzipStream(buffered)
    if magic == _DICTIONARY_FRAME:
        return _with_dictionary(buffered)
    if magic in (_LZ4_MAGIC, ZSTD_MAGIC, *_SKIPPABLE):
        from fastwarc import stream_io

        return _Frames(buffered, stream_io.Lz4Reader if magic == _LZ4_MAGIC else stream_io.ZstdReader)
    return None


def _with_dictionary(packed: IO[bytes]) -> PlainStream:
    """Return the stream of a .zst file whose first frame is a dictionary (github.com/iipc/warc-specifications)."""
    empty = PlainStream(io.BytesIO())
    try:
        import zstandard
    except ImportError:
        empty.problems.append(
            'compressed with a dictionary, for which zstandard is missing: pip install "unspun[zstd]"'
        )
        return empty
    size = int.from_bytes(packed.read(8)[4:], "little")
    dictionary = packed.read(size) if size <= MAX_DICTIONARY_BYTES else b""
    if not dictionary or len(dictionary) < size:
        empty.problems.append(f"compressed with a dictionary of {size:,} bytes, which is cut off or too large")
        return empty
    try:
        if dictionary.startswith(ZSTD_MAGIC):
            plain = zstandard.ZstdDecompressor(max_window_size=MAX_WINDOW_BYTES).stream_reader(dictionary)
            dictionary = plain.read(MAX_DICTIONARY_BYTES)
        known = zstandard.ZstdCompressionDict(dictionary)
        unpacker = zstandard.ZstdDecompressor(dict_data=known, max_window_size=MAX_WINDOW_BYTES)
        return _Frames(packed, lambda raw: unpacker.stream_reader(raw, read_across_frames=True, closefd=False))
    except (zstandard.ZstdError, ValueError) as error:
        empty.problems.append(f"compressed with a dictionary that cannot be read: {error}")
        return empty


def capped_lines(stream: IO[bytes], limit: int) -> Iterator[bytes | None]:
    r"""Give out the lines of a stream with their ends.

    A line that is longer than the limit is None.

    Parameters
    ----------
    stream : binary stream
        What is read, to its end.
    limit : int
        Bytes of a line at most, its end included.

    Yields
    ------
    bytes or None
        One for each line, in order.

    Examples
    --------
    >>> list(capped_lines(io.BytesIO(b"Rain\nfell on the roof\nall day"), 8))
    [b'Rain\n', None, b'all day']
    """
    while line := stream.readline(limit + 1):
        if len(line) <= limit:
            yield line
            continue
        while line and not line.endswith(b"\n"):
            line = stream.readline(CHUNK)
        yield None
