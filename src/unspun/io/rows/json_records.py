"""Rows of JSON: objects of lines, or of an array, or one after the other."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import IO

from unspun.io.decompression import CHUNK, capped_lines
from unspun.io.rows import row_limits
from unspun.io.rows.json_values import json_values
from unspun.io.rows.row_limits import Record, too_long
from unspun.io.rows.text_streams import as_utf8, with_line_feeds

# An object that holds a whole table under one of its names.
_LISTS = ("data", "rows", "records", "items", "pairs", "articles", "documents", "results", "examples")
# An array of objects, or an object whose first name stands in the next line: no line is a row then.
_SPREAD = re.compile(rb"[\s\x1e]*(?:\[\s*(?:\{|$)|\{[ \t]*\r?\n\s*\"(?:[^\"\\\n]|\\.)*\"\s*:)")
# What some writers put around the objects of a line: the mark of RFC 7464 before them, a comma behind.
_AROUND = b" \t\r\n,\x1e\xef\xbb\xbf"
_MANY_DIGITS = 1_000


def is_spread(head: bytes) -> bool:
    r"""Tell by the first bytes of a file whether its rows are not one a line.

    >>> is_spread(b'[\n {"id": 1}'), is_spread(b'{\n "id": 1'), is_spread(b'{"id": 1}\n')
    (True, True, False)
    """
    return bool(_SPREAD.match(head.removeprefix(b"\xef\xbb\xbf")))


def jsonl_rows(stream: IO[bytes], first: int = 1) -> Iterator[Record]:
    r"""Give out the objects of a stream of JSON lines.

    Parameters
    ----------
    stream : binary stream
        The lines. Where they turn out to be an array, or objects over several lines, these are read.
    first : int
        Number of the first line, for the place.

    Yields
    ------
    Record
        One for each line that is not empty, with a reason where it is no object.

    Examples
    --------
    >>> import io
    >>> [record.reason for record in jsonl_rows(io.BytesIO(b'{"id": 1}\n\n["id"]\n'))]
    ['', 'not an object with fields but list']
    """
    plain = with_line_feeds(as_utf8(stream))
    if first == 1 and is_spread(plain.peek(CHUNK)):
        yield from _values(plain)
        return
    for number, line in enumerate(capped_lines(plain, row_limits.MAX_ROW_BYTES), first):
        if line is None:
            yield Record(f"line {number}", {}, too_long())
        elif line.strip(_AROUND):
            yield from _line_rows(f"line {number}", line.strip(_AROUND))


def json_rows(stream: IO[bytes]) -> Iterator[Record]:
    r"""Give out the objects of a .json file.

    Of an array, one a line or after the other, or of a list inside one.

    Examples
    --------
    >>> import io
    >>> rows = json_rows(io.BytesIO(b'[{"id": 1}, {"id": 2,}, {"id": 3}]'))
    >>> [(record.place, record.fields, record.reason[:8]) for record in rows]
    [('item 1', {'id': 1}, ''), ('item 2', {}, 'not JSON'), ('item 3', {'id': 3}, '')]
    """
    plain = with_line_feeds(as_utf8(stream))
    head = plain.peek(CHUNK).lstrip(_AROUND)
    is_lines = head.startswith(b"{") and _begins_with_a_line(head)
    for record in jsonl_rows(plain) if is_lines else _values(plain):
        yield from _unfolded(record)


def _values(plain: IO[bytes]) -> Iterator[Record]:
    for number, value in enumerate(json_values(plain, row_limits.MAX_ROW_BYTES), 1):
        yield Record(f"item {number}", {}, too_long()) if value is None else _row(f"item {number}", value)


def _begins_with_a_line(head: bytes) -> bool:
    """Whether the file has one object a line; the first may be longer than what can be looked at."""
    line, end, _ = head.partition(b"\n")
    return not end or not _row("", line.strip(_AROUND)).reason


def _line_rows(place: str, line: bytes) -> Iterator[Record]:
    """Yield the row of a line, or its rows: files that were joined may lack the line end between two."""
    whole = _row(place, line)
    if "Extra data" not in whole.reason:
        yield whole
        return
    decoder, text, at = json.JSONDecoder(), line.decode("utf-8-sig"), 0
    number = 1
    while at < len(text):
        name = f"{place}#{number}" if number > 1 else place
        try:
            fields, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError) as error:
            yield Record(name, {}, f"not JSON: {error}")
            return
        yield _of_value(name, fields)
        at += len(text) - at - len(text[at:].lstrip(" \t,\x1e"))
        number += 1


def _row(place: str, line: bytes) -> Record:
    try:
        fields = _loaded(line.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        return Record(place, {}, f"not UTF-8: {error.reason} at byte {error.start}")
    except RecursionError:
        return Record(place, {}, "not JSON that can be read: hundreds of brackets in brackets")
    except ValueError as error:
        return Record(place, {}, f"not JSON: {error}")
    return _of_value(place, fields)


def _loaded(text: str) -> object:
    """Parse JSON; numbers of more digits than Python takes stay as they are written."""
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        raise
    except ValueError:
        return json.loads(text, parse_int=lambda digits: int(digits) if len(digits) < _MANY_DIGITS else digits)


def _of_value(place: str, fields: object) -> Record:
    if not isinstance(fields, dict):
        return Record(place, {}, f"not an object with fields but {type(fields).__name__}")
    if len(fields) > row_limits.MAX_FIELDS:
        return Record(place, {}, f"{len(fields):,} fields; the limit is {row_limits.MAX_FIELDS:,}")
    return Record(place, fields)


def _unfolded(record: Record) -> Iterator[Record]:
    """Yield the objects of the list that a record holds, or the record itself."""
    inner = next((value for name in _LISTS if isinstance(value := record.fields.get(name), list)), [])
    if not inner or not all(isinstance(value, dict) for value in inner):
        yield record
        return
    yield from (Record(f"item {number}", fields) for number, fields in enumerate(inner, 1))
