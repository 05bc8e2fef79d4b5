"""Text of a PDF in reading order, without headers and footers."""

from __future__ import annotations

import io
import logging
import re
import zlib
from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

from pdfminer.converter import PDFPageAggregator
from pdfminer.layout import LAParams, LTTextBox, LTTextLine
from pdfminer.pdfdocument import PDFDocument, PDFEncryptionError, PDFPasswordIncorrect
from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
from pdfminer.pdfpage import PDFPage
from pdfminer.pdfparser import PDFParser
from pdfminer.pdftypes import LITERALS_FLATE_DECODE, PDFObjRef, PDFStream

from unspun.crawl.documents.packed_documents import MAX_PART_BYTES, MAX_RATIO
from unspun.crawl.documents.refusal import DocumentError

_TAIL = 4_096
_MAX_REFERENCES = 16
_EDGE_LINES = 2
"""Lines at the top and bottom of a page that may be its header or footer."""
_WIDE = 0.6
"""Share of the width of the print from which a box stands in no column."""
_TOLERANCE = 2  # points that columns may overlap
_NUMBER = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(r"[\W_]*(?:page|p\.)?[\W_]*\d+(?:[\W_]*(?:of|/)?[\W_]*\d+)?[\W_]*", re.IGNORECASE)
_ENDS = re.compile(r"[.!?:;\"'”’)\]]\s*$")
_HYPHENS = ("-", "\u00ad", "\u2010")
_LIGATURES = str.maketrans(
    {"\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl", "\ufb05": "st", "\ufb06": "st"}
)


class _Line(NamedTuple):
    text: str
    top: float
    box: int


def pdf_text(data: bytes) -> tuple[str, str]:
    """Return the title and the text of a PDF.

    Raises
    ------
    DocumentError
        When it is encrypted, damaged, or carries a script.
    """
    logging.getLogger("pdfminer").setLevel(logging.CRITICAL)
    if b"%%EOF" not in data[-_TAIL:]:
        raise DocumentError("is damaged or cut off: it has no end")
    try:
        document = _Document(PDFParser(io.BytesIO(data)))
        _refuse_scripts_and_bombs(document)
        pages = [list(_page_lines(page)) for page in _pages(document)]
    except (PDFPasswordIncorrect, PDFEncryptionError):
        raise DocumentError("is encrypted: save it without a password") from None
    except (DocumentError, MemoryError):
        raise
    except Exception as error:  # the parser fails in ways nobody lists
        raise DocumentError(f"is damaged: {type(error).__name__}: {error}"[:300]) from error
    return "", "\n".join(_paragraphs(_without_edges(pages)))


class _Document(PDFDocument):
    """A document whose objects are no references: the parser follows a circle of these for ever."""

    def getobj(self, objid: int) -> Any:
        """Return an object, with references followed."""
        for _ in range(_MAX_REFERENCES):
            found = super().getobj(objid)
            if not isinstance(found, PDFObjRef):
                return found
            objid = found.objid
        raise DocumentError("is damaged: its objects point at each other in a circle")


def _pages(document: PDFDocument) -> Iterator[Any]:
    resources = PDFResourceManager()
    device = PDFPageAggregator(resources, laparams=LAParams())
    interpreter = PDFPageInterpreter(resources, device)
    for page in PDFPage.create_pages(document):
        interpreter.process_page(page)
        yield device.get_result()


def _refuse_scripts_and_bombs(document: PDFDocument) -> None:
    for table in document.xrefs:
        for number in table.get_objids():
            try:
                found = document.getobj(number)
            except (PDFPasswordIncorrect, PDFEncryptionError, MemoryError, DocumentError):
                raise
            except Exception:  # an object that is not there is no script
                continue
            if isinstance(found, PDFStream):
                _refuse_bomb(found)
            elif isinstance(found, dict) and (_runs(found) or any(map(_runs, found.values()))):
                raise DocumentError("carries a script")


def _refuse_bomb(stream: PDFStream) -> None:
    """Unpack a stream as far as one may be long, before the parser unpacks all of it; it unpacks no picture."""
    data, ratio = stream.rawdata or b"", 1.0
    given = len(data)
    if str(stream.get("Subtype")) == "/'Image'":
        return
    for name, _ in stream.get_filters():
        if name not in LITERALS_FLATE_DECODE:
            return
        unpacker, packed = zlib.decompressobj(), data
        try:
            data = unpacker.decompress(packed, MAX_PART_BYTES)
        except zlib.error:  # damaged or encrypted: the parser tells
            return
        ratio *= len(data) / max(1, len(packed) - len(unpacker.unconsumed_tail))
        if len(data) == MAX_PART_BYTES and ratio > MAX_RATIO:
            raise DocumentError(f"is a bomb: {given:,} bytes hold more than {len(data):,}")


def _runs(value: Any) -> bool:
    return isinstance(value, dict) and ("JS" in value or str(value.get("S", "")) in ("/'JavaScript'", "/'Launch'"))


def _page_lines(page: Any) -> Iterator[_Line]:
    boxes = _in_reading_order([element for element in page if isinstance(element, LTTextBox)])
    for number, box in enumerate(boxes):
        for line in box:
            text = " ".join(line.get_text().translate(_LIGATURES).split()) if isinstance(line, LTTextLine) else ""
            if text:
                yield _Line(text, line.y1, number)


def _in_reading_order(boxes: list[Any]) -> list[Any]:
    """Order boxes from top to bottom, but columns one after the other."""
    if not boxes:
        return []
    width = max(box.x1 for box in boxes) - min(box.x0 for box in boxes)
    ordered: list[Any] = []
    band: list[Any] = []
    for box in sorted(boxes, key=lambda box: -box.y1):
        if box.x1 - box.x0 > _WIDE * width:
            ordered += [*_by_columns(band), box]
            band = []
        else:
            band.append(box)
    return [*ordered, *_by_columns(band)]


def _by_columns(boxes: list[Any]) -> list[Any]:
    columns: list[list[Any]] = []
    right = float("-inf")
    for box in sorted(boxes, key=lambda box: box.x0):
        if box.x0 >= right - _TOLERANCE:
            columns.append([])
        columns[-1].append(box)
        right = max(right, box.x1)
    return [box for column in columns for box in sorted(column, key=lambda box: -box.y1)]


def _without_edges(pages: list[list[_Line]]) -> list[list[_Line]]:
    """Drop page numbers, and lines at edges that recur on half of the pages."""
    edges = [_edge_lines(lines) for lines in pages]
    counts = Counter(key for lines in edges for key in {_key(line) for line in lines})
    enough = max(2, len(pages) / 2)
    kept = []
    for lines, edge in zip(pages, edges, strict=True):
        dropped = {line for line in edge if counts[_key(line)] >= enough or _PAGE_NUMBER.fullmatch(line.text)}
        kept.append([line for line in lines if line not in dropped])
    return kept


def _edge_lines(lines: list[_Line]) -> list[_Line]:
    heights = sorted({round(line.top) for line in lines})
    edge = {*heights[:_EDGE_LINES], *heights[-_EDGE_LINES:]}
    return [line for line in lines if round(line.top) in edge]


def _key(line: _Line) -> str:
    return _NUMBER.sub("#", line.text)


def _paragraphs(pages: list[list[_Line]]) -> Iterator[str]:
    """Join lines to paragraphs, also those that go on in the next column or page."""
    text = ""
    before: tuple[int, int] | None = None
    for number, lines in enumerate(pages):
        for line in lines:
            place = number, line.box
            if text and place != before and (_ENDS.search(text) or not line.text[:1].islower()):
                yield text
                text = ""
            text, before = _joined(text, line.text), place
    if text:
        yield text


def _joined(text: str, line: str) -> str:
    if text.endswith(_HYPHENS) and text[-2:-1].isalpha() and line[:1].islower():
        return text[:-1] + line
    return f"{text} {line}" if text else line
