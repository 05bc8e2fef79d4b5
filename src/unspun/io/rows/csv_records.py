"""Rows of CSV and TSV, where a stray quote costs no other row."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import IO

from unspun.errors import TableError
from unspun.io.decompression import capped_lines
from unspun.io.rows import row_limits
from unspun.io.rows.row_limits import Record, too_long
from unspun.io.rows.text_streams import as_utf8, with_line_feeds

_DELIMITERS = ",;\t|"
_SEPARATOR = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)
_HEADER_LINES = 50
# Stands for a line that is too long to hold; no decoded byte gives this half of a pair.
_CUT = "\udfff"
# Lines of a row that are looked at to tell whether each is a row of its own.
_LOOKED_AT = 100
# How often what a stray quote swallowed may be read again as a table; then every line is read by itself.
_MAX_AGAIN = 20

Columns = Callable[[Sequence[str]], list[str]]
"""Given the columns that a table has, returns those that are wanted, or raises `TableError`."""


def csv_rows(stream: IO[bytes], columns: Columns) -> Iterator[Record]:
    r"""Give out the rows of a table with a header.

    Its cells stand between commas, semicolons or tabs.

    Cells that are not UTF-8 hold their bytes as surrogate escapes. A quote that is opened and not closed, as tables
    that quote nothing have them, is taken as a sign of the text where the lines behind it are rows themselves.

    Parameters
    ----------
    stream : binary stream
        The table.
    columns : callable
        Called with the names of the columns; raises where they will not do.

    Yields
    ------
    Record
        One for each row, with a reason where it cannot be read.

    Raises
    ------
    TableError
        When there is no header, or not one that will do.

    Examples
    --------
    >>> import io
    >>> list(csv_rows(io.BytesIO(b"id;text\na;Rain fell.\n"), list))
    [Record(place='line 2', fields={'id': 'a', 'text': 'Rain fell.'}, reason='')]
    """
    # An article may be longer than the 131,072 characters that csv allows a cell.
    csv.field_size_limit(row_limits.MAX_ROW_BYTES)
    lines = _csv_lines(stream)
    header, delimiter, n_before = _header(lines)
    try:
        names = _distinct([name.strip() for name in next(csv.reader(header, delimiter=delimiter), [])])
    except csv.Error as error:
        raise TableError(f"the first line is no header: {error}", "".join(header)) from error
    if not names:
        raise TableError("there is not one row, not even a header", todo="give a table with rows")
    if len(names) > row_limits.MAX_FIELDS:
        raise TableError(f"the table has {len(names):,} columns", todo=f"give at most {row_limits.MAX_FIELDS:,}")
    columns(names)
    yield from _Rows(lines, names, delimiter, n_before).read()


def _distinct(names: list[str]) -> list[str]:
    """Return the names of columns; of those of one name the first keeps it.

    >>> _distinct(["id", "text", "text"])
    ['id', 'text', 'text.2']
    """
    counts: Counter[str] = Counter()
    distinct = []
    for name in names:
        counts[name] += 1
        distinct.append(name if counts[name] == 1 else f"{name}.{counts[name]}")
    return distinct


def _header(lines: Iterator[str]) -> tuple[list[str], str, int]:
    """Return the lines of the header, what stands between its cells, and the number of the last.

    Excel may name what stands between cells in a line before it.
    """
    named = ""
    for number, line in enumerate(lines, 1):
        if not named and (found := _SEPARATOR.fullmatch(line)):
            named = found[1]
        elif line.strip():
            header = [line]
            while sum(part.count('"') for part in header) % 2 and len(header) < _HEADER_LINES:
                if (more := next(lines, None)) is None:
                    break
                header.append(more)
            return header, named or max(_DELIMITERS, key="".join(header).count), number + len(header) - 1
    return [], ",", 0


def _csv_lines(stream: IO[bytes]) -> Iterator[str]:
    for line in capped_lines(with_line_feeds(as_utf8(stream)), row_limits.MAX_ROW_BYTES):
        yield f"{_CUT}\n" if line is None else line.decode("utf-8", "surrogateescape")


class _Rows:
    """The rows of a table behind its header."""

    def __init__(self, lines: Iterator[str], names: list[str], delimiter: str, n_before: int) -> None:
        self._names, self._delimiter = names, delimiter
        self._lines, self._n_lines = _RowLines(lines), n_before
        self._n_again = 0

    def read(self) -> Iterator[Record]:
        """Yield the rows."""
        reader = self._reader(self._lines)
        while True:
            self._n_lines += len(self._lines.row)
            self._lines.row.clear()
            reason, cells = "", None
            try:
                cells = next(reader, None)
            except csv.Error as error:
                reason = f"not a row: {error}"
            row = list(self._lines.row)
            if not row:
                return
            if len(row) > 1 and (reason or self._is_swallowed(row)):
                yield from self._apart(row)
                reader = self._reader(self._lines)
            elif reason:
                yield Record(self._place(), {}, reason)
            elif cells:
                yield self._record(self._place(), cells if len(row) > 1 else self._single(row[0], cells))

    def _reader(self, lines: Iterator[str] | list[str], strict: bool = False) -> Iterator[list[str]]:
        return csv.reader(lines, delimiter=self._delimiter, strict=strict)

    def _place(self, number: int = 0) -> str:
        return f"line {self._n_lines + number + 1}"

    def _is_swallowed(self, row: list[str]) -> bool:
        """Tell whether the lines of a row are rows of their own, brought together by a stray quote."""
        if len(self._names) < 2:
            return False  # any line of text would be a row
        looked_at = [line for line in row[:_LOOKED_AT] if line.strip()]
        if self._delimiter == "\t" and all(line.count("\t") == len(self._names) - 1 for line in looked_at):
            return True
        if not self._lines.ended and self._is_sound(row):
            return False
        n_rows = sum(len(self._cells(line)) == len(self._names) for line in looked_at)
        return n_rows > len(looked_at) / 2

    def _is_sound(self, row: list[str]) -> bool:
        try:
            return len(list(self._reader(row, strict=True))) == 1
        except csv.Error:
            return False

    def _apart(self, row: list[str]) -> Iterator[Record]:
        """Yield the first of the lines as a row, and have the others read again."""
        self._n_again += 1
        n_alone = 1 if self._n_again <= _MAX_AGAIN else len(row)
        for number, line in enumerate(row[:n_alone]):
            if line.strip():
                yield self._record(self._place(number), self._cells(line))
        self._lines.give_again(row[n_alone:])

    def _cells(self, line: str) -> list[str]:
        """Return the cells of a line by itself."""
        try:
            cells = next(self._reader([line.rstrip("\r\n")]), [])
        except csv.Error:
            cells = []
        return self._single(line, cells)

    def _single(self, line: str, cells: list[str]) -> list[str]:
        """Return the cells of a line; where a stray quote holds some together, as if there were no quotes."""
        if len(cells) >= len(self._names) or '"' not in line:
            return cells
        apart = line.rstrip("\r\n").split(self._delimiter)
        return apart if len(apart) == len(self._names) else cells

    def _record(self, place: str, cells: list[str]) -> Record:
        if any(_CUT in cell for cell in cells):
            return Record(place, {}, too_long())
        # Cells that are not there are missing, not empty.
        row: dict[str, object] = dict(zip(self._names, [*cells, *[None] * len(self._names)], strict=False))
        return Record(place, row, "more cells than the header has" if len(cells) > len(self._names) else "")


class _RowLines:
    """Lines for a reader of rows; it keeps those of the row that is read, and takes some back.

    Attributes
    ----------
    row : list of str
        The lines that were given out since it was last emptied.
    ended : bool
        More lines were asked for than there are.
    """

    def __init__(self, lines: Iterator[str]) -> None:
        self.row: list[str] = []
        self.ended = False
        self._lines, self._again, self._size = lines, list[str](), 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        self._size = self._size if self.row else 0
        if self._size > row_limits.MAX_ROW_BYTES:
            raise csv.Error(too_long())  # in cells that are short
        line = self._again.pop() if self._again else next(self._lines, None)
        if line is None:
            self.ended = True
            raise StopIteration
        self._size += len(line)
        self.row.append(line)
        return line

    def give_again(self, lines: list[str]) -> None:
        """Take back the last of the lines that were given out."""
        del self.row[len(self.row) - len(lines) :]
        self._again += reversed(lines)
        self.ended = False
