"""Values of a JSON file one at a time.

Those of an array, or those that stand one after the other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import IO

_CHUNK = 1 << 16
_OUTSIDE = re.compile(rb'["{}\[\],\s]')
_IN_STRING = re.compile(rb'"|\\.', re.DOTALL)


def json_values(stream: IO[bytes], limit: int) -> Iterator[bytes | None]:
    r"""Give out the values of a JSON array, or of a stream, as unparsed bytes.

    A broken value costs only itself as long as its brackets and quotes are in pairs.

    Parameters
    ----------
    stream : binary stream
        In UTF-8; read piece by piece.
    limit : int
        Bytes of a value; None stands for a longer one.

    Yields
    ------
    bytes or None
        A value as it stands in the file.

    Examples
    --------
    >>> import io
    >>> list(json_values(io.BytesIO(b'[{"a": "]"}, {"b": [1, 2]}]'), 100))
    [b'{"a": "]"}', b'{"b": [1, 2]}']
    >>> list(json_values(io.BytesIO(b'{"a": 1}\n{"a": 222222}\n'), 9))
    [b'{"a": 1}', None]
    """
    scanner = _Scanner(limit)
    while chunk := stream.read(_CHUNK):
        # A backslash and what it escapes must not be parted.
        while chunk.endswith(b"\\") and (more := stream.read(1)):
            chunk += more
        yield from scanner.feed(chunk)
    yield from scanner.finish()


class _Scanner:
    """Finds where values end: by the depth of brackets outside strings."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._value = bytearray()
        self._too_long = self._in_string = self._in_array = self._begun = False
        self._depth = 0  # of brackets, that of the array that holds the values not counted

    def feed(self, chunk: bytes) -> Iterator[bytes | None]:
        """Take some bytes; give out the values that end in them."""
        taken = place = 0
        while found := (_IN_STRING if self._in_string else _OUTSIDE).search(chunk, place):
            mark, place = found[0], found.end()
            if mark == b'"':
                self._in_string = not self._in_string
            elif self._in_string:
                continue
            elif self._parts(mark):
                self._take(chunk[taken : found.start()])
                taken = place
                yield from self._end()
            elif self._depth == 0 and mark in b"}]":
                self._take(chunk[taken:place])
                taken = place
                yield from self._end()
        self._take(chunk[taken:])

    def finish(self) -> Iterator[bytes | None]:
        """Give out what the file breaks off in.

        An array without an end is no value either.
        """
        if self._in_array and not self._value:
            self._value += b"["
        yield from self._end()

    def _parts(self, mark: bytes) -> bool:
        """Count a mark; tell whether it stands between values."""
        if self._depth == 0:
            if mark == b"[" and not self._in_array and not self._value:
                self._in_array = True
                return True
            if mark == b"]" and self._in_array:
                self._in_array = False
                return True
            if mark.isspace() or (mark == b"," and self._in_array):
                return True
        if mark in b"{[":
            self._depth += 1
        elif mark in b"}]":
            self._depth = max(0, self._depth - 1)
        return False

    def _take(self, part: bytes) -> None:
        if len(self._value) + len(part) > self._limit:
            self._too_long = True
            self._value[:] = b"!"  # what is too long to hold is still something
        elif not self._too_long:
            self._value += part

    def _end(self) -> Iterator[bytes | None]:
        if self._value:
            yield None if self._too_long else bytes(self._value)
        self._value, self._too_long, self._in_string = bytearray(), False, False
