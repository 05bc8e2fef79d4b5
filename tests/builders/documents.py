"""Documents of several producers, and broken ones, made from paragraphs."""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
import zlib
from html import escape
from pathlib import Path
from typing import Any

_TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def zipped(parts: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, part in parts.items():
            file.writestr(name, part)
    return out.getvalue()


def pdf(paragraphs: list[str], columns: int = 1, edges: bool = True, hyphens: bool = False, **options: Any) -> bytes:
    """Return a PDF of reportlab, with a header and a footer on every page."""
    from reportlab.lib.enums import TA_JUSTIFY
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate, Paragraph

    def draw(canvas: Any, document: Any) -> None:
        if edges:
            canvas.drawString(60, 815, "The Harbour Gazette, weekly review")
            canvas.drawString(280, 20, f"Page {document.page}")

    out = io.BytesIO()
    document = BaseDocTemplate(out, pagesize=A4, **options)
    width = (A4[0] - 120 - 20 * (columns - 1)) / columns
    frames = [Frame(60 + place * (width + 20), 50, width, 740) for place in range(columns)]
    document.addPageTemplates(PageTemplate(frames=frames, onPage=draw))
    style = ParagraphStyle(
        "text", fontSize=10, leading=12, spaceAfter=10, alignment=TA_JUSTIFY, hyphenationLang="en_GB" if hyphens else ""
    )
    document.build([Paragraph(escape(text), style) for text in paragraphs])
    return out.getvalue()


def drawn_pdf(lines: list[str]) -> bytes:
    """Return a PDF whose lines are drawn one by one, as simple programs do."""
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out)
    for number, line in enumerate(lines):
        if number and number % 50 == 0:
            canvas.showPage()
        canvas.drawString(60, 780 - 14 * (number % 50), line)
    canvas.save()
    return out.getvalue()


def flated(data: bytes, times: int = 1) -> bytes:
    """Return data, so many times one after the other, packed as streams of a PDF are."""
    packer = zlib.compressobj(9)
    return b"".join(packer.compress(data) for _ in range(times)) + packer.flush()


def pdf_of(stream: bytes, n_layers: int = 1) -> bytes:
    """Return a PDF of one page, drawn by a stream that is packed so many times."""
    filters = b"/FlateDecode " * n_layers
    bodies = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
        b"<</Length %d/Filter[%s]>>stream\n%s\nendstream" % (len(stream), filters, stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(bodies, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"xref\n0 6\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + table + b"trailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % len(out)


def docx(paragraphs: list[str]) -> bytes:
    """Return a document of python-docx, with a header and a footer."""
    import docx as word

    document = word.Document()
    document.sections[0].header.paragraphs[0].text = "The Harbour Gazette, weekly review"
    document.sections[0].footer.paragraphs[0].text = "Printed on recycled paper"
    for text in paragraphs:
        document.add_paragraph(text)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def bare_docx(paragraphs: list[str], more: str = "") -> bytes:
    body = "".join(f"<w:p><w:r><w:t>{escape(text)}</w:t></w:r></w:p>" for text in paragraphs)
    return zipped(
        {
            "[Content_Types].xml": "<Types/>",
            "word/document.xml": f'<w:document xmlns:w="{WORD}"><w:body>{body}{more}</w:body></w:document>',
        }
    )


def bare_odt(paragraphs: list[str], more: dict[str, str | bytes] | None = None) -> bytes:
    body = "".join(f"<text:p>{escape(text)}</text:p>" for text in paragraphs)
    content = (
        f'<office:document-content xmlns:office="{_OFFICE}" xmlns:text="{_TEXT}"><office:body><office:text>'
        f"{body}</office:text></office:body></office:document-content>"
    )
    return zipped({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": content, **(more or {})})


def bare_epub(paragraphs: list[str], script: str = "", more: dict[str, str | bytes] | None = None) -> bytes:
    half = len(paragraphs) // 2
    chapters = [paragraphs[:half], paragraphs[half:]]
    items = "".join(
        f'<item id="c{n}" href="c%20{n}.xhtml" media-type="application/xhtml+xml"/>' for n in range(len(chapters))
    )
    order = "".join(f'<itemref idref="c{n}"/>' for n in range(len(chapters)))
    parts: dict[str, str | bytes] = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
        '<rootfile full-path="book/content.opf"/></rootfiles></container>',
        "book/content.opf": '<package xmlns="http://www.idpf.org/2007/opf"><metadata '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Gates</dc:title></metadata>'
        f"<manifest>{items}</manifest><spine>{order}</spine></package>",
    }
    for number, chapter in enumerate(chapters):
        body = "".join(f"<p>{escape(text)}</p>" for text in chapter)
        parts[f"book/c {number}.xhtml"] = f"<html><head><title>x</title></head><body>{body}{script}</body></html>"
    return zipped({**parts, **(more or {})})


def has_pandoc() -> bool:
    return shutil.which("pandoc") is not None


def by_pandoc(paragraphs: list[str], end: str, folder: Path) -> bytes:
    """Return a document of pandoc."""
    text = "\n\n".join(f"<p>{escape(paragraph)}</p>" for paragraph in paragraphs)
    out = folder / f"made{end}"
    command = ["pandoc", "-f", "html", "-o", str(out), "--metadata", "title=Gates"]
    subprocess.run(command, input=text, text=True, check=True, capture_output=True)
    return out.read_bytes()
