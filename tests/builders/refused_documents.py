"""Documents that are not read, and the reasons."""

from __future__ import annotations

import io
from collections.abc import Callable

import documents as make
import office_files as office
from articles import SPUN, STORY, UNRELATED

PARAGRAPHS = [line for text in (STORY, UNRELATED, SPUN) for line in text.splitlines() if line.strip()]
LONG = [f"{text} Copy {number} lies in the archive." for number in range(6) for text in PARAGRAPHS]


def picture() -> bytes:
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out)
    canvas.rect(50, 50, 400, 600, fill=1)
    canvas.save()
    return out.getvalue()


def locked() -> bytes:
    from reportlab.lib.pdfencrypt import StandardEncryption

    return make.pdf(PARAGRAPHS, encrypt=StandardEncryption("secret"))


def scripted() -> bytes:
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out)
    canvas.drawString(60, 700, PARAGRAPHS[0][:60])
    canvas._doc.Catalog.OpenAction = "<< /S /JavaScript /JS (app.alert\\(1\\)) >>"
    canvas.save()
    return out.getvalue()


def flagged(data: bytes) -> bytes:
    """Return a zip file whose parts claim to be encrypted."""
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = -1
        while (place := data.find(mark, place + 1)) >= 0:
            data = data[: place + at] + bytes([data[place + at] | 1]) + data[place + at + 1 :]
    return data


HUGE = "A gate. " * 8_000_000
REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "scan.pdf": (picture, "no text, only pictures"),
    "locked.pdf": (locked, "encrypted"),
    "cut.pdf": (lambda: make.pdf(LONG)[:9_000], "cut off"),
    "noise.pdf": (lambda: b"%PDF-1.7 noise\n%%EOF", "damaged"),
    "script.pdf": (scripted, "carries a script"),
    "fpdf2 locked.pdf": (lambda: office.fpdf(PARAGRAPHS, password="secret"), "encrypted"),
    "fpdf2 cut.pdf": (lambda: office.fpdf(LONG)[:4_000], "cut off"),
    "blank bomb.pdf": (lambda: make.pdf_of(make.flated(b" " * 1_000_000, 80)), "a bomb"),
    "text bomb.pdf": (lambda: make.pdf_of(make.flated(b"BT 72 700 Td (gate) Tj ET\n" * 9_000, 300)), "a bomb"),
    "nested bomb.pdf": (lambda: make.pdf_of(make.flated(make.flated(bytes(1_000_000), 80)), 2), "a bomb"),
    "locked.docx": (lambda: flagged(make.bare_docx(PARAGRAPHS)), "encrypted"),
    "old.docx": (lambda: b"\xd0\xcf\x11\xe0" + bytes(600), "encrypted, or of an old format"),
    "cut.docx": (lambda: make.docx(PARAGRAPHS)[:5_000], "cut off"),
    "empty.odt": (lambda: make.bare_odt([]), "no text, only pictures"),
    "empty.epub": (lambda: make.bare_epub([]), "no text, only pictures"),
    "empty.docx": (lambda: make.bare_docx([]), "no text, only pictures"),
    "bomb.docx": (lambda: make.bare_docx([HUGE]), "a bomb"),
    "script.docx": (
        lambda: make.zipped({"word/document.xml": "<a/>", "word/vbaProject.bin": b"x"}),
        "carries a script",
    ),
    "laughs.docx": (
        lambda: make.zipped({"word/document.xml": '<!DOCTYPE a [<!ENTITY b "ha">]><a>&b;</a>'}),
        "no text, only pictures",
    ),
    "broken.docx": (lambda: make.zipped({"word/document.xml": "<a>"}), "damaged"),
    "other.docx": (lambda: make.zipped({"a": "b"}), "no part word/document.xml"),
    "locked.odt": (lambda: make.bare_odt(PARAGRAPHS, {"META-INF/manifest.xml": "<encryption-data/>"}), "encrypted"),
    "locked by other letters.odt": (
        lambda: make.bare_odt(PARAGRAPHS, {"meta-inf/Manifest.xml": "<encryption-data/>"}),
        "encrypted",
    ),
    "script.odt": (lambda: make.bare_odt(PARAGRAPHS, {"Basic/Standard/Module1.xml": "<m/>"}), "carries a script"),
    "script in other letters.odt": (
        lambda: make.bare_odt(PARAGRAPHS, {"BASIC/Standard/Module1.xml": "<m/>"}),
        "carries a script",
    ),
    "odfpy cut.odt": (lambda: office.odf(LONG)[:900], "cut off"),
    "cut.odt": (lambda: make.bare_odt(PARAGRAPHS)[:700], "cut off"),
    "bomb.odt": (lambda: make.bare_odt([HUGE]), "a bomb"),
    "EbookLib cut.epub": (lambda: office.ebook(LONG)[:2_000], "cut off"),
    "EbookLib script.epub": (lambda: office.ebook(PARAGRAPHS, page="{}<script>alert(1)</script>"), "carries a script"),
    "script.epub": (lambda: make.bare_epub(PARAGRAPHS, "<script>alert(1)</script>"), "carries a script"),
    "cut.epub": (lambda: make.bare_epub(PARAGRAPHS)[:1_000], "cut off"),
    "bomb.epub": (lambda: make.bare_epub(["A gate.", HUGE]), "a bomb"),
    "locked.epub": (
        lambda: make.bare_epub(PARAGRAPHS, more={"META-INF/encryption.xml": '<r URI="book/c 1.xhtml"/>'}),
        "encrypted",
    ),
    "locked by other letters.epub": (
        lambda: make.bare_epub(PARAGRAPHS, more={"Meta-Inf/Encryption.XML": '<r URI="Book/C%201.xhtml"/>'}),
        "encrypted",
    ),
}
