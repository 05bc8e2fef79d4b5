"""Facts about the formats that are read, and the table of them in the manual.

Run as a module, it writes the table into ``docs/formats.md``; tests feed a file for every refusal named here.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import NamedTuple

from unspun.crawl.pages.main_text import RENDERED
from unspun.crawl.pages.sandbox import MAX_SECONDS
from unspun.crawl.reading.formats import MAX_DOCUMENT_BYTES, MAX_HTML_BYTES, MAX_TEXT_BYTES
from unspun.crawl.reading.web_archives import MAX_RESPONSE_BYTES
from unspun.io.rows.row_limits import MAX_FIELDS, MAX_ROW_BYTES
from unspun.io.rows.row_readers import CSV_ENDS, JSON_ENDS, LINE_ENDS, PARQUET

BEGIN, END = "<!-- the table is written by `python -m unspun.crawl.reading.format_table` -->\n", "<!-- end -->\n"
_HEAD = "| ending | who writes it | what is read | what is refused, in these words |\n| --- | --- | --- | --- |\n"


class Format(NamedTuple):
    """Files that one reader takes.

    Attributes
    ----------
    ends : tuple of str
        What their names end in.
    writer : str
        Who writes them.
    read : str
        What is taken from them.
    refused : tuple of str
        What is not taken, in words that its rejection has.
    """

    ends: tuple[str, ...]
    writer: str
    read: str
    refused: tuple[str, ...]


_LONG_ROW = f"longer than {MAX_ROW_BYTES:,} bytes"
_LONG_TEXT = f"a text of more than {MAX_TEXT_BYTES:,} bytes"
_DOCUMENT = (
    f"a document of more than {MAX_DOCUMENT_BYTES:,} bytes",
    *("is encrypted", "is damaged or cut off", "carries a script", "is a bomb", "has no text, only pictures"),
)
_FIELDS = f"fields; the limit is {MAX_FIELDS:,}"
_NO_COLUMN = "the table has no column text or html"

FORMATS = (
    Format(
        (".html", ".htm", ".xhtml", ".shtml"),
        "browsers, content management systems",
        "the article, without boilerplate; also one in the page's data",
        (
            f"a page of more than {MAX_HTML_BYTES:,} bytes",
            "no article text found on the page",
            RENDERED,
            f"the page took more than {MAX_SECONDS:g} seconds",
            "not a page: its first bytes are those of a zip file",
        ),
    ),
    Format(
        (".txt", ".text"),
        "editors, exports",
        "all of it, in the encoding that it seems to have",
        (
            _LONG_TEXT,
            "not a text: it holds zero bytes",
            "not a text: its first bytes are those of a picture",
            "the text is empty",
        ),
    ),
    Format(
        (".md", ".markdown", ".mdown"),
        "writers, static sites",
        "the text without marks; title and date from front matter",
        (_LONG_TEXT, "the text is empty"),
    ),
    Format(
        (".pdf",),
        "word processors, printers",
        "columns one after the other, without headers and footers; needs the extra `documents`",
        _DOCUMENT,
    ),
    Format((".docx", ".odt"), "word processors", "a paragraph a line, without notes and what was deleted", _DOCUMENT),
    Format((".epub",), "publishers", "the chapters in the order of the book", _DOCUMENT),
    Format(
        LINE_ENDS,
        "programs, crawlers",
        "a row a line",
        (_LONG_ROW, "not JSON", "not an object with fields", _FIELDS, "neither a text nor an html field"),
    ),
    Format(
        JSON_ENDS,
        "programs",
        "an array, or a list inside an object, or a row a line",
        (_LONG_ROW, "not JSON", "neither a text nor an html field"),
    ),
    Format(
        CSV_ENDS,
        "spreadsheets, databases",
        "a row a record; the first line names the columns",
        (_LONG_ROW, _NO_COLUMN, "more cells than the header has", "there is not one row"),
    ),
    Format(
        (PARQUET,),
        "data frames, clusters",
        "a row a row; in pieces, so that workers share a file",
        ("not a readable parquet file", _NO_COLUMN, "row group cannot be read", "a bomb"),
    ),
    Format(
        (".warc", ".arc", ".wet"),
        "crawlers, web archives",
        "responses that are HTML pages; the texts of WET",
        (
            "HTTP status 404",
            "not an HTML page but image/png",
            f"larger than {MAX_RESPONSE_BYTES:,} bytes",
            "the record is cut off",
            "the body is compressed in a way not known here",
            "of a record in segments, which are not put together",
            "no records in it: empty, or not an archive",
            "a bomb",
        ),
    ),
    Format(
        (".wacz",),
        "browser-based crawlers",
        "the archives in it",
        ("not a readable .wacz file", "no archive in it, such as archive/data.warc.gz", "a bomb"),
    ),
)
"""All formats, as the manual lists them."""


def format_table() -> str:
    """Return the table of formats as Markdown."""
    lines = []
    for one in FORMATS:
        ends = " ".join(f"`{end}`" for end in one.ends)
        refused = ", ".join(f'"{words}"' for words in one.refused)
        lines.append(f"| {ends} | {one.writer} | {one.read} | {refused} |\n")
    return _HEAD + "".join(lines)


def with_table(page: str) -> str:
    """Return a page with the table between its two marks.

    >>> with_table(f"a{BEGIN}old{END}b") == f"a{BEGIN}{chr(10)}{format_table()}{chr(10)}{END}b"
    True
    """
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{format_table()}\n{END}{after}"


if __name__ == "__main__":
    _page = Path(sys.argv[1] if len(sys.argv) > 1 else "docs/formats.md")
    _page.write_text(with_table(_page.read_text(encoding="utf-8")), encoding="utf-8")
