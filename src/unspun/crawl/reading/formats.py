"""Readers by format: one source to what it holds, not yet looked into.

A reader gives out a `Found` for every page or text and a `Reject` for everything that is none;
`unspun.crawl.reading.articles` makes articles of them.
"""

from __future__ import annotations

import csv
import io
import re
import sys
import zipfile
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import IO, NamedTuple

import pyarrow as pa

from unspun.crawl.documents.document import DOCUMENT_ENDS
from unspun.crawl.documents.refusal import ZIP_FAULTS
from unspun.crawl.reading.first_bytes import PDF, document_end, fault_of
from unspun.crawl.reading.web_archives import Response, read_archive
from unspun.errors import TableError
from unspun.io.decoding import decode, looks_like_html
from unspun.io.decompression import BEHIND, MAX_BOMB_BYTES, MAX_RATIO, PlainStream, decompressed
from unspun.io.rows.column_names import article_columns, both_columns
from unspun.io.rows.csv_records import csv_rows
from unspun.io.rows.json_records import json_rows, jsonl_rows
from unspun.io.rows.row_limits import BOMB, capped_rows
from unspun.io.rows.row_readers import (
    CSV_ENDS,
    JSON_ENDS,
    LINE_ENDS,
    PACKED_ENDS,
    SURROGATES,
    Record,
    decoded_cells,
    open_parquet,
    parquet_rows,
)
from unspun.io.sources import NO_LONGER_A_FILE, Change, Source, Window, change_of, open_source
from unspun.io.tables import Reject
from unspun.text.markup import split_front_matter, without_marks

MAX_HTML_BYTES = 5_000_000
"""Larger pages are rejected: they are data dumps, and parsing them takes gigabytes."""
MAX_TEXT_BYTES = 1_000_000
"""Larger texts are rejected: a hundred times a long article."""

MANY_ROWS, ROW_BYTES = 10_000, 5
"""A file may hold so many rows, and one more for so many bytes as stored: else it is a bomb."""

MAX_DOCUMENT_BYTES = 50_000_000
"""Larger documents are rejected: they are books of pictures."""

MAX_LABEL_CHARS = 2_000
"""Longer titles and addresses are cut."""

FIELDS = ("title", "url", "site", "published", "language")
"""What a row may say of its article, besides ``text`` or ``html``."""

_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_MARKDOWN = (".md", ".markdown", ".mdown")
_TEXT_OF = re.compile(r"urn:text[\w-]*:")
# What a proxy has changed is a page as well.
_PAGES_COME_WITH = (200, 203)
_HTML_TYPES = ("text/html", "application/xhtml+xml")
# What browsers take for any type, and XML, which may be a page.
_ANY_TYPES = ("", "unknown/unknown", "application/unknown", "*/*", "application/xml", "text/xml")
_LOOKS_LIKE_JSON = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:\[\s*)?\{\s*\"")
_PEEK = 4096


class Found(NamedTuple):
    """A page or a text with what is known about it.

    Attributes
    ----------
    uri : str
        Its id as an article, or as a rejection.
    text : str
        Its text, or ''.
    html : bytes or str or None
        Its page; None where there is a text.
    declared : str
        The encoding that the HTTP header names.
    whole_page : bool
        The text is that of a whole page, its menus among it (WET).
    fields : dict
        Any of `FIELDS`.
    is_cell : bool
        The text is a field of a row, where it may have tags in it.
    document : str
        The end of its name, if ``html`` is a document and no page.
    """

    uri: str
    text: str = ""
    html: bytes | str | None = None
    declared: str = ""
    whole_page: bool = False
    fields: dict[str, str] = {}  # noqa: RUF012 - never changed
    is_cell: bool = False
    document: str = ""


Item = Found | Reject
_Reader = Callable[[IO[bytes], PlainStream, Source], Iterator[Item]]


def read_source(source: Source) -> Iterator[Item]:
    """Give out the pages and texts of one source.

    Whatever is wrong with it becomes a `Reject`.
    """
    change = change_of(source)
    if change and source.stop and not change.has_grown:
        # Where the range began or ended there may now be the middle of a row.
        yield Reject(source.name, "read", f"one of its ranges is not read: it {_changed(change)}")
        return
    try:
        with open_source(source) as raw:
            yield from _read(raw, source)
    except TableError as error:
        yield Reject(source.name, "read", str(error))
    except IsADirectoryError:
        link = "a link to a folder, which is not followed; give that folder as an input"
        yield Reject(source.name, "read", f"cannot be read: {NO_LONGER_A_FILE}" if source.modified else link)
    # Remote stores raise what they like; none of it may cost the other sources.
    except Exception as error:
        yield Reject(source.name, "read", f"cannot be read: {getattr(error, 'strerror', None) or error}")
    if change := change_of(source):
        yield Reject(source.name, "read", _changed(change))


def _changed(change: Change) -> str:
    return f"changed after it was listed ({change.how}); scan it again when it is finished"


def _read(raw: IO[bytes], source: Source) -> Iterator[Item]:
    if special := _SEEKING.get(_suffix(source.name)) or _sniff_whole(raw, source):
        yield from special(raw, source)
        return
    stop = source.stop or source.whole  # what a file has grown by is not read, and said
    stream, plain = decompressed(Window(raw, source.start, stop) if stop else raw)
    reader = _READERS.get(_suffix(source.name)) or _sniff(stream.peek(_PEEK), source)  # type: ignore[attr-defined]
    if reader is None:
        yield Reject(source.name, "read", f"no reader for files of this kind; known are {' '.join(KNOWN)}")
        return
    yield from reader(stream, plain, source)


def _suffix(path: str) -> str:
    name = path.lower()
    for packed in PACKED_ENDS:
        name = name.removesuffix(packed)
    return next((suffix for suffix in KNOWN if name.endswith(suffix)), "")


def _sniff(start: bytes, source: Source) -> _Reader | None:
    """Tell a format by its first bytes."""
    if start.startswith((b"WARC/", b"filedesc:")):
        return _read_archive
    if looks_like_html(start):
        return _read_html
    if start.startswith(PDF):
        return _read_document
    if not source.piped:
        return None
    if _LOOKS_LIKE_JSON.match(start):
        return _read_json
    return _read_csv if _looks_like_csv(start, source) else _read_text


def _sniff_whole(raw: IO[bytes], source: Source) -> Callable[[IO[bytes], Source], Iterator[Item]] | None:
    """Tell a format that is read at several places by the first bytes of the copy of a pipe."""
    if not source.piped or not raw.seekable():
        return None
    start = raw.read(4)
    raw.seek(0)
    return _read_parquet if start == b"PAR1" else None


def _looks_like_csv(start: bytes, source: Source) -> bool:
    """Tell whether the first line names columns, one of them of texts; a text may begin with the word "Story"."""

    def wanted(names: Sequence[str]) -> list[str]:
        if len(names) < 2:
            raise TableError("one word is no header", list(names))
        return _wanted(source, names)

    try:
        next(csv_rows(io.BytesIO(start), wanted), None)
    except (TableError, csv.Error):
        return False
    return True


def _read_html(stream: IO[bytes], plain: PlainStream, source: Source) -> Iterator[Item]:
    if stream.peek(_PEEK).startswith(PDF):  # type: ignore[attr-defined]
        yield from _read_document(stream, plain, source)
        return
    data = _whole(stream, plain, source, "page", MAX_HTML_BYTES)
    yield data if isinstance(data, Reject) else Found(source.name, html=data)
    yield from _problems(plain, source, BEHIND)


def _read_text(stream: IO[bytes], plain: PlainStream, source: Source) -> Iterator[Item]:
    data = _whole(stream, plain, source, "text", MAX_TEXT_BYTES)
    if isinstance(data, Reject):
        yield data
    elif _suffix(source.name) in _MARKDOWN:
        text, fields = split_front_matter(decode(data))
        yield Found(source.name, text=without_marks(text), fields=fields)
    else:
        yield Found(source.name, text=decode(data))
    yield from _problems(plain, source, BEHIND)


def _read_document(stream: IO[bytes], plain: PlainStream, source: Source) -> Iterator[Item]:
    data = _whole(stream, plain, source, "document", MAX_DOCUMENT_BYTES)
    # A server that says "not found" in HTML does so under the name of the document, too.
    named = _suffix(source.name)
    yield data if isinstance(data, Reject) else Found(source.name, html=data, document=document_end(data, named))
    yield from _problems(plain, source, BEHIND)


def _whole(stream: IO[bytes], plain: PlainStream, source: Source, what: str, limit: int) -> bytes | Reject:
    """Return all of a file that holds one page or text, or why it cannot be taken."""
    data = stream.read(limit + 1)
    if len(data) > limit:
        return _too_large(source.name, what, limit)
    # What is behind it is no part of it, and told by itself.
    if damage := [problem for problem in plain.problems if not problem.startswith(BEHIND)]:
        return Reject(source.name, "read", damage[0])
    return Reject(source.name, "decode", fault) if (fault := fault_of(data, what)) else data


def _problems(plain: PlainStream, source: Source, start: str = "") -> Iterator[Reject]:
    yield from (Reject(source.name, "read", problem) for problem in plain.problems if problem.startswith(start))


def _too_large(uri: str, what: str, limit: int) -> Reject:
    return Reject(uri, "read", f"a {what} of more than {limit:,} bytes")


def _read_archive(stream: IO[bytes], plain: PlainStream, source: Source, n_stored: int = 0) -> Iterator[Item]:
    for item in read_archive(stream, plain, source.name, n_stored):
        yield item if isinstance(item, Reject) else _archived(item)


def _read_wacz(raw: IO[bytes], source: Source) -> Iterator[Item]:
    """Read the archives in a WACZ file: a zip, in which each lies under ``archive/``."""
    try:
        package = zipfile.ZipFile(raw)
        members = [member for member in package.infolist() if _suffix(member.filename) in (".warc", ".arc", ".wet")]
    except ZIP_FAULTS as error:
        if getattr(error, "errno", None):  # it is the disk's fault
            raise
        yield Reject(source.name, "archive", f"not a readable .wacz file: {error}")
        return
    if not members:
        yield Reject(source.name, "archive", "no archive in it, such as archive/data.warc.gz")
    for member in members:
        name = f"{source.name}/{member.filename}"
        if member.file_size > max(MAX_BOMB_BYTES, MAX_RATIO * member.compress_size):
            yield Reject(name, "archive", f"a bomb: {member.compress_size:,} bytes hold {member.file_size:,}")
            continue
        try:
            with package.open(member) as packed:
                yield from _read_archive(*decompressed(packed), source._replace(name=name), member.compress_size)
        except ZIP_FAULTS as error:
            yield Reject(name, "archive", f"cannot be read to its end: {error}")


def _archived(response: Response) -> Item:
    stated = response.headers.get("content-type", "")
    kind = stated.partition(";")[0].partition(",")[0].strip().lower()
    if response.status not in _PAGES_COME_WITH:
        return Reject(response.uri, "archive", f"HTTP status {response.status}")
    found = _CHARSET.search(stated)
    charset = found[1] if found else ""
    fields = {"url": response.uri}
    # Browsertrix keeps the text that it saw on a page as a record of its own.
    is_text_of_page = response.kind == "resource" and _TEXT_OF.match(response.uri)
    if kind == "text/plain" and (response.kind == "conversion" or is_text_of_page):
        fields = {"url": _TEXT_OF.sub("", response.uri, count=1)}
        return Found(response.uri, decode(response.body, charset), whole_page=True, fields=fields)
    if kind not in _HTML_TYPES and not (kind in _ANY_TYPES and looks_like_html(response.body)):
        return Reject(response.uri, "archive", f"not an HTML page but {kind or 'of no stated type'}")
    if len(response.body) > MAX_HTML_BYTES:
        return _too_large(response.uri, "page", MAX_HTML_BYTES)
    return Found(response.uri, html=response.body, declared=charset, fields=fields)


def _read_jsonl(stream: IO[bytes], plain: PlainStream, source: Source) -> Iterator[Item]:
    yield from _rows(jsonl_rows(stream, source.first), plain, source)


def _read_json(stream: IO[bytes], plain: PlainStream, source: Source) -> Iterator[Item]:
    yield from _rows(json_rows(stream), plain, source)


def _read_csv(stream: IO[bytes], plain: PlainStream, source: Source) -> Iterator[Item]:
    yield from _rows(map(decoded_cells, csv_rows(stream, partial(_wanted, source))), plain, source)


def _read_parquet(raw: IO[bytes], source: Source) -> Iterator[Item]:
    try:
        n_rows = open_parquet(raw).metadata.num_rows
        n_bytes = source.whole or source.size or sys.maxsize
        if n_rows > max(MANY_ROWS, n_bytes):
            yield Reject(source.name, "read", f"{BOMB}{n_bytes:,} bytes hold {n_rows:,} rows")
            return
        records = parquet_rows(raw, partial(_wanted, source), source.start, source.stop or None)
        yield from _rows(records, PlainStream(raw), source, row_bytes=1)
    except (pa.ArrowException, OSError) as error:
        if getattr(error, "errno", None):  # it is the disk's fault
            raise
        yield Reject(source.name, "read", f"not a readable parquet file: {' '.join(str(error).split())}"[:500])


def _rows(records: Iterator[Record], plain: PlainStream, source: Source, row_bytes: int = ROW_BYTES) -> Iterator[Item]:
    whole = source.whole or source.size  # of a file that is read at several places
    capped = capped_rows(records, lambda: plain.n_stored or whole or sys.maxsize, MANY_ROWS, row_bytes)
    for record in capped:
        place = f"{source.name}:{record.place.rpartition(' ')[2]}"
        if record.reason.startswith(BOMB):
            yield Reject(source.name, "read", record.reason)
        elif record.reason:
            yield Reject(place, "decode", record.reason)
        else:
            yield from _isolated_row(record.fields, place, source.text_column)
    yield from _problems(plain, source)


def _wanted(source: Source, names: Sequence[str]) -> list[str]:
    try:
        return list(article_columns(tuple(names), source.text_column).values())
    except TableError:
        if source.text_column or not (pair := both_columns(tuple(names))):
            raise
        return list(pair.values())


def _isolated_row(row: dict[str, object], place: str, text_column: str) -> list[Item]:
    try:
        return _row_or_pair(row, place, text_column)
    except Exception as error:  # cells of odd types, whatever they do when asked for their text
        return [Reject(place, "decode", f"cannot be read as a row ({type(error).__name__}: {error})"[:500])]


def _row_or_pair(given: dict[str, object], place: str, text_column: str) -> list[Item]:
    try:
        columns = article_columns(tuple(given), text_column)
    except TableError:
        if not text_column and (pair := both_columns(tuple(given))):
            return _both_texts({ours: given[theirs] for ours, theirs in pair.items()}, place)
        return [_row({**given, "text": None} if text_column else given, place)]
    return [_row({ours: given[theirs] for ours, theirs in columns.items()}, place)]


def _both_texts(pair: dict[str, object], place: str) -> list[Item]:
    """Return the two texts of a row of pairs, each as an article of its own."""
    name = _label(pair.get("id")) or place
    return [_row({"id": f"{name}/{side}", "text": pair[side]}, place) for side in ("source", "suspect")]


def _row(row: dict[str, object], place: str) -> Item:
    fields = {name: value for name in FIELDS if (value := _label(row.get(name)))}
    uri = fields.get("url") or _label(row.get("id")) or place
    text, html = row.get("text"), row.get("html")
    if isinstance(text, str) and (text or not html):
        return Found(uri, text, fields=fields, is_cell=True)
    if not isinstance(html, str | bytes):
        return Reject(uri, "decode", "neither a text nor an html field that is text")
    if len(html) > MAX_HTML_BYTES:
        return _too_large(uri, "page", MAX_HTML_BYTES)
    return Found(uri, html=html, fields=fields)


def _label(value: object) -> str:
    """Return a cell as a short text; '' for an empty one, None and NaN."""
    return "" if value is None or value != value else SURROGATES.sub("\ufffd", str(value)[:MAX_LABEL_CHARS])


_READERS: dict[str, _Reader] = {
    **dict.fromkeys((".html", ".htm", ".xhtml", ".shtml"), _read_html),
    **dict.fromkeys((".txt", ".text", *_MARKDOWN), _read_text),
    **dict.fromkeys(DOCUMENT_ENDS, _read_document),
    **dict.fromkeys(LINE_ENDS, _read_jsonl),
    **dict.fromkeys(JSON_ENDS, _read_json),
    **dict.fromkeys(CSV_ENDS, _read_csv),
    **dict.fromkeys((".warc", ".arc", ".wet"), _read_archive),
}
_SEEKING: dict[str, Callable[[IO[bytes], Source], Iterator[Item]]] = {".parquet": _read_parquet, ".wacz": _read_wacz}
KNOWN = (*_READERS, *_SEEKING)
"""Ends of names that tell the format; each also with .gz, .lz4 or .zst (.parquet and .wacz without)."""
