"""Readers by format: files, folders and web archives to articles.

What cannot be read becomes a `Reject` with its stage (``read``: the file; ``archive``: a record of a WARC or ARC file;
``decode``: bytes or fields that are no text; ``extract``: a page without an article) and its reason; the rest goes on.
"""

from __future__ import annotations

import gzip
import json
import re
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from unspun.archives import Response, read_archive
from unspun.decoding import decode
from unspun.errors import InputError
from unspun.furniture import strip_furniture
from unspun.tables import Reject, text_digest
from unspun.types import Article

MAX_HTML_BYTES = 5_000_000
"""Larger pages are rejected: they are data dumps, and parsing them takes gigabytes."""
MAX_TEXT_BYTES = 1_000_000
"""Larger texts are rejected: a hundred times a long article."""

_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_HTML_TYPES = ("text/html", "application/xhtml+xml")
_LOOKS_LIKE_HTML = re.compile(rb"\s*(?:<!--.*?-->\s*)*<(?:!doctype html|html|head|body)\b", re.IGNORECASE | re.DOTALL)
_FIELDS = ("title", "url", "site", "published", "language")


class _File(NamedTuple):
    """A file to read and what it is called: its path as given, or inside the folder given."""

    path: Path
    name: str


Item = Article | Reject
_Reader = Callable[[_File], Iterator[Item]]


def read_articles(inputs: Iterable[str | Path]) -> Iterator[Item]:
    """Read articles from files and folders of mixed formats.

    Formats, by the end of the name: ``.html .htm`` (furniture is stripped, see `unspun.furniture`); ``.txt .md``;
    ``.jsonl`` (one object a line with ``text`` or ``html``, and ``url``, ``title``, ``site``, ``published``,
    ``language`` where known); all of these also with ``.gz``; ``.warc .arc`` (pages with status 200), also with
    ``.gz .lz4 .zst``.

    Parameters
    ----------
    inputs : iterable of str or Path
        Folders are walked in sorted order; hidden files are left out.

    Returns
    -------
    iterator of Article or Reject
        In the order of the inputs. ``article_id`` is the path of a file (inside the folder, if a folder was given), the
        address of an archived page, the ``url`` or ``id`` of a row (or else ``file:line``). Two articles never share
        one: a second with another text gets ``#2``, a second with the same text is a `Reject`.

    Raises
    ------
    InputError
        At once, when an input does not exist.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = Path(folder, "a.txt").write_text("Rain fell.")
    ...     _ = Path(folder, "b.pdf").write_text("%PDF")
    ...     for item in read_articles([folder]):
    ...         print(type(item).__name__, item[0] if isinstance(item, Reject) else item.article_id)
    Article a.txt
    Reject b.pdf
    """
    paths = [Path(given) for given in inputs]
    for path in paths:
        if not path.exists():
            raise InputError("no such file or folder", path, "check the path")
    return _distinct(item for path in paths for file in _files(path) for item in _read(file))


def read_page(data: bytes, uri: str, url: str = "", declared: str = "") -> Item:
    """Turn the bytes of one HTML page into an article.

    Parameters
    ----------
    data : bytes
        The page as served.
    uri : str
        Its id as an article, or as a rejection.
    url : str
        Its address, where known; gives the site.
    declared : str
        The encoding that the HTTP header names.

    Examples
    --------
    >>> read_page(b"<html><body></body></html>", "empty.html")
    Reject(uri='empty.html', stage='extract', reason='no article text found on the page')
    """
    if len(data) > MAX_HTML_BYTES:
        return Reject(uri, "read", f"page of {len(data):,} bytes; the limit is {MAX_HTML_BYTES:,}")
    page = strip_furniture(decode(data, declared), url or None)
    if not page.text:
        return Reject(uri, "extract", "no article text found on the page")
    return _article(uri, page.text, title=page.title, published=page.published, url=url)


def _article(uri: str, text: str, **fields: str) -> Item:
    # A text so large cannot be fewer bytes than characters, and encoding every text to find out is not free.
    if len(text) > MAX_TEXT_BYTES:
        return Reject(uri, "read", f"text of {len(text):,} characters; the limit is {MAX_TEXT_BYTES:,}")
    if not text.strip():
        return Reject(uri, "extract", "the text is empty")
    return Article(uri, text, **{"site": _site(fields.get("url", "")), **fields})


def _site(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:  # "http://[" and the like
        return ""


def _files(path: Path) -> Iterator[_File]:
    if not path.is_dir():
        yield _File(path, path.as_posix())
        return
    for file in sorted(path.rglob("*")):
        inside = file.relative_to(path)
        if file.is_file() and not any(part.startswith(".") for part in inside.parts):
            yield _File(file, inside.as_posix())


def _read(file: _File) -> Iterator[Item]:
    reader = _reader(file.path.name.lower())
    if reader is None:
        yield Reject(file.name, "read", f"no reader for files of this kind; known are {' '.join(_READERS)}")
        return
    try:
        yield from reader(file)
    except (OSError, EOFError, zlib.error) as error:
        yield Reject(file.name, "read", f"cannot be read: {getattr(error, 'strerror', None) or error}")


def _reader(name: str) -> _Reader | None:
    ends = (name, name.removesuffix(".gz"), name.removesuffix(".lz4"), name.removesuffix(".zst"))
    for suffix, reader in _READERS.items():
        if any(end.endswith(suffix) for end in (ends if reader is _read_archive else ends[:2])):
            return reader
    return None


def _read_html(file: _File) -> Iterator[Item]:
    yield read_page(_bytes(file.path, MAX_HTML_BYTES + 1), file.name)


def _read_text(file: _File) -> Iterator[Item]:
    data = _bytes(file.path, MAX_TEXT_BYTES + 1)
    if len(data) > MAX_TEXT_BYTES:
        yield Reject(file.name, "read", f"text larger than {MAX_TEXT_BYTES:,} bytes")
    elif b"\0" in data and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        yield Reject(file.name, "decode", "not a text: it holds zero bytes")
    else:
        yield _article(file.name, decode(data))


def _bytes(path: Path, limit: int) -> bytes:
    """Return the beginning of a file, decompressed; a limit one above the allowed size shows what is too large."""
    with gzip.open(path) if path.suffix.lower() == ".gz" else path.open("rb") as stream:
        return stream.read(limit)


def _read_archive(file: _File) -> Iterator[Item]:
    for item in read_archive(file.path, file.name):
        yield item if isinstance(item, Reject) else _archived_page(item)


def _archived_page(response: Response) -> Item:
    kind = response.headers.get("content-type", "")
    if response.status != 200:
        return Reject(response.uri, "archive", f"HTTP status {response.status}")
    if kind.partition(";")[0].strip().lower() not in _HTML_TYPES and (
        kind or not _LOOKS_LIKE_HTML.match(response.body[:1024])
    ):
        return Reject(response.uri, "archive", f"not an HTML page but {kind or 'of no stated type'}")
    charset = _CHARSET.search(kind)
    return read_page(response.body, response.uri, response.uri, charset[1] if charset else "")


def _read_jsonl(file: _File) -> Iterator[Item]:
    with gzip.open(file.path) if file.path.suffix.lower() == ".gz" else file.path.open("rb") as lines:
        for number in count(1):
            line = lines.readline(MAX_HTML_BYTES)
            if not line:
                return
            if line.strip():
                yield _row(line, f"{file.name}:{number}")
            # The rest of a line too long to be an article must not be taken for further rows.
            while line and not line.endswith(b"\n"):
                line = lines.readline(MAX_HTML_BYTES)


def _row(line: bytes, place: str) -> Item:
    if len(line) >= MAX_HTML_BYTES:
        return Reject(place, "read", f"row larger than {MAX_HTML_BYTES:,} bytes")
    try:
        row = json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        return Reject(place, "decode", f"not JSON in UTF-8: {error}")
    if not isinstance(row, dict):
        return Reject(place, "decode", f"not an object with fields but {type(row).__name__}")
    known = {name: row[name] for name in _FIELDS if isinstance(row.get(name), str) and row[name]}
    return _row_article(row, next((str(row[key]) for key in ("url", "id") if row.get(key)), place), known)


def _row_article(row: dict[str, object], uri: str, known: dict[str, str]) -> Item:
    text, html = row.get("text"), row.get("html")
    if isinstance(text, str):
        return _article(uri, text, **known)
    if not isinstance(html, str):
        return Reject(uri, "decode", "neither a text nor an html field that is text")
    page = strip_furniture(html, known.get("url"))
    if not page.text:
        return Reject(uri, "extract", "no article text found on the page")
    return _article(uri, page.text, **{"title": page.title, "published": page.published, **known})


def _distinct(items: Iterable[Item]) -> Iterator[Item]:
    """Make ids unique: a crawl holds a page as often as it was visited, changed or not."""
    ids: dict[str, set[str]] = {}
    for item in items:
        if isinstance(item, Reject):
            yield item
            continue
        uri, digest = item.article_id, text_digest(item.text)
        texts = ids.setdefault(uri, set())
        if digest in texts:
            yield Reject(uri, "read", "the same text as before under the same id")
            continue
        texts.add(digest)
        yield item if len(texts) == 1 else replace(item, article_id=f"{uri}#{len(texts)}")


_READERS: dict[str, _Reader] = {
    ".html": _read_html,
    ".htm": _read_html,
    ".txt": _read_text,
    ".md": _read_text,
    ".jsonl": _read_jsonl,
    ".warc": _read_archive,
    ".arc": _read_archive,
}
