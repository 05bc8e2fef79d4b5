"""Files, folders, archives and tables to articles in English.

Everything that was read is an `Article` or a `Reject` with its stage and reason:

========== ==============================================================================
stage      what is wrong
========== ==============================================================================
read       a file that cannot be read, is too large, or is of no known kind
archive    a record of a WARC or ARC file that is damaged or is no page
decode     bytes or fields that are no text
extract    a page without an article, or one that took too long or too much memory
language   a text that is not in English
duplicate  the same text as another's (see `unspun.crawl.duplicates`), or a revisit of an archive
========== ==============================================================================
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from unspun.crawl.duplicates import NameGiver
from unspun.crawl.pages.sandbox import PageError, extract_page
from unspun.crawl.pages.text_lines import clean_lines
from unspun.crawl.reading.formats import MAX_HTML_BYTES, MAX_TEXT_BYTES, Found, read_source
from unspun.crawl.reading.language import tell_english
from unspun.crawl.reading.shards import Shard
from unspun.errors import InputError, RunError
from unspun.io.rows.row_readers import SURROGATES
from unspun.io.sources import list_sources
from unspun.io.tables import Article, Reject
from unspun.text.markup import has_tags, without_tags
from unspun.text.token_text import text_digest

Item = Article | Reject


def read_articles(inputs: Iterable[str | Path]) -> Iterator[Item]:
    """Read articles from files, folders, addresses and standard input.

    Formats may be mixed.

    Formats, by the end of the name: ``.html .htm .xhtml .shtml`` (boilerplate is stripped, see
    `unspun.crawl.pages.main_text`);
    ``.txt .md``; ``.jsonl .ndjson .csv .tsv .parquet`` (``text`` or ``html``, and ``url``, ``id``, ``title``,
    ``site``, ``published`` where known); ``.warc .arc .wet .wacz`` (pages with status 200 or 203). All but
    ``.parquet`` and ``.wacz`` may be compressed (``.gz .lz4 .zst``). Other names, and pipes, are told by their first
    bytes. Everything is streamed.

    Parameters
    ----------
    inputs : iterable of str or Path
        Folders are walked in sorted order; hidden files are left out. Addresses such as ``s3://bucket/crawl`` need the
        fsspec package of their scheme; ``-`` is standard input.

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
    sources = list_sources(inputs)
    return _distinct(item for source in sources for item in map(_item, read_source(source)))


def read_texts(path: str | Path) -> list[str]:
    """Return the texts of one file, whatever its format.

    Raises
    ------
    InputError
        When there is no such file, or no text in English in it.
    """
    items = list(read_articles([path]))
    texts = [item.text for item in items if isinstance(item, Article)]
    if not texts:
        reasons = [item.reason for item in items if isinstance(item, Reject)]
        raise InputError("there is no text in the file", Path(path), "; ".join(reasons[:1]))
    return texts


def read_shard(shard: Shard) -> Iterator[Item]:
    """Read one shard of a plan (see `unspun.crawl.reading.shards.plan_shards`).

    Ids are as in `read_articles`, but clashes and duplicates are left in: only who sees all shards can resolve them
    (see `unspun.crawl.duplicates`).
    """
    for source in shard.sources:
        yield from map(_item, read_source(source))


def read_page(data: bytes, uri: str, url: str = "", declared: str = "", document: str = "") -> Item:
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
    document : str
        The end of its name, if it is a document and no page.

    Returns
    -------
    Article or Reject
        A rejection says why there is no article.

    Examples
    --------
    >>> read_page(b"<html><body></body></html>", "empty.html")
    Reject(uri='empty.html', stage='extract', reason='no article text found on the page')
    """
    if len(data) > MAX_HTML_BYTES:
        return Reject(uri, "read", f"a page of {len(data):,} bytes; the limit is {MAX_HTML_BYTES:,}")
    return _item(Found(uri, html=data, declared=declared, fields={"url": url}, document=document))


def _item(found: Found | Reject) -> Item:
    """Make an article of what was found; whatever one text sets off costs none of its neighbours."""
    if isinstance(found, Reject):
        return found
    try:
        return _taken(found)
    except RunError:  # of the machine, not of this text
        raise
    except MemoryError:
        return Reject(found.uri, "extract", "not enough memory to look into it")
    except Exception as error:
        return Reject(found.uri, "extract", f"cannot be looked into ({type(error).__name__}: {error})"[:500])


def _taken(found: Found) -> Item:
    if found.html is None and found.is_cell and has_tags(found.text):
        found = found._replace(text=without_tags(found.text))
    if found.html is None:
        return _article(found.uri, clean_lines(found.text) if found.whole_page else found.text, found.fields)
    try:
        page = extract_page(found.html, found.fields.get("url", ""), found.declared, found.document)
    except PageError as error:
        return Reject(found.uri, "extract", f"the {'document' if found.document else 'page'} {error}")
    if not page.text:
        return Reject(found.uri, "extract", page.reason or "no article text found on the page")
    return _article(found.uri, page.text, {"title": page.title, "published": page.published, **found.fields})


def _article(uri: str, text: str, fields: dict[str, str]) -> Item:
    # A text so large cannot be fewer bytes than characters, and encoding every text to find out is not free.
    if len(text) > MAX_TEXT_BYTES:
        return Reject(uri, "read", f"a text of {len(text):,} characters; the limit is {MAX_TEXT_BYTES:,}")
    if not text.strip():
        return Reject(uri, "extract", "the text is empty")
    # Half of a surrogate pair is the rest of a sign that was cut off; no file and no library takes it.
    text = SURROGATES.sub("\ufffd", text)
    english, told = tell_english(text)
    if not english:
        return Reject(uri, "language", f"not English but most likely {told.code!r} ({told.confidence:.2f})")
    fields = {"site": _site(fields.get("url", "")), **fields, "language": told.code or fields.get("language", "")}
    return Article(uri, text, **fields)


def _site(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:  # "http://[" and the like
        return ""


def _distinct(items: Iterable[Item]) -> Iterator[Item]:
    """Make ids unique and fold copies as `unspun.crawl.duplicates.fold_duplicates` does, as far as is read."""
    names = NameGiver()
    first: dict[str, str] = {}
    for item in items:
        if isinstance(item, Reject):
            yield item
            continue
        digest = text_digest(item.text)
        if digest in first:
            yield Reject(item.article_id, "duplicate", f"the same text as {first[digest]}")
            continue
        first[digest] = name = names.give(item.article_id)
        yield item if name == item.article_id else replace(item, article_id=name)
