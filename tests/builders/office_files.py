"""Documents of more producers: fpdf2, matplotlib, python-docx, odfpy, EbookLib and LibreOffice."""

from __future__ import annotations

import io
import shutil
import subprocess
from html import escape
from pathlib import Path
from typing import Any


def fpdf(paragraphs: list[str], columns: int = 1, font: bool = False, edges: bool = False, password: str = "") -> bytes:
    """Return a PDF of fpdf2, in one of its own fonts or in one that it embeds."""
    from fpdf import FPDF

    class Pages(FPDF):
        def header(self) -> None:
            if edges:
                self.cell(0, 8, "The Harbour Gazette, weekly review", new_x="LMARGIN", new_y="NEXT")

        def footer(self) -> None:
            if edges:
                self.set_y(-12)
                self.cell(0, 8, f"{self.page_no()} of {{nb}}", align="C")

    document = Pages()
    document.core_fonts_encoding = "windows-1252"
    if password:
        document.set_encryption(owner_password="owner", user_password=password)
    if font:
        document.add_font("DejaVu", fname=_font())
    document.set_font("DejaVu" if font else "Helvetica", size=11)
    document.add_page()
    if columns > 1:
        with document.text_columns(ncols=columns, gutter=8, text_align="J") as frames:
            for text in paragraphs:
                with frames.paragraph(bottom_margin=3) as frame:
                    frame.write(text)
    for text in paragraphs if columns == 1 else []:
        document.multi_cell(0, 6, text, new_x="LMARGIN", new_y="NEXT")
        document.ln(3)
    return bytes(document.output())


def _font() -> str:
    from matplotlib import font_manager

    return str(font_manager.findfont("DejaVu Sans"))


def plotted(paragraphs: list[str], fonttype: int = 3) -> bytes:
    """Return a PDF of matplotlib: its letters are programs (fonttype 3) or a cut font (42)."""
    import matplotlib as mpl
    from matplotlib.backends.backend_pdf import PdfPages
    from matplotlib.figure import Figure

    out = io.BytesIO()
    with mpl.rc_context({"pdf.fonttype": fonttype}), PdfPages(out) as pages:
        for at in range(0, len(paragraphs), 3):
            figure, height = Figure(figsize=(8, 11)), 0.95
            for text in paragraphs[at : at + 3]:
                lines = wrapped(text, 80)
                figure.text(0.08, height, "\n".join(lines), va="top", fontsize=10)
                height -= 0.018 * len(lines) + 0.03
            pages.savefig(figure)
    return out.getvalue()


def wrapped(text: str, width: int) -> list[str]:
    lines, line = [], ""
    for word in text.split():
        if len(line) + len(word) > width:
            lines.append(line)
            line = ""
        line = f"{line} {word}".strip()
    return [*lines, line]


def rich_docx(paragraphs: list[str]) -> bytes:
    """Return a document of python-docx: runs in bold, lists, a table, a break of pages, headings."""
    import docx

    document = docx.Document()
    for number, text in enumerate(paragraphs):
        words = text.split(" ")
        if number % 4 == 3:
            document.add_table(rows=1, cols=1).cell(0, 0).text = text
            continue
        style = ("List Bullet", "Normal", "Quote")[number % 3]
        paragraph = document.add_paragraph(style=style)
        for place, word in enumerate(words):
            paragraph.add_run(word if place == 0 else f" {word}").bold = place % 5 == 0
        if number % 6 == 5:
            document.add_page_break()
    return _saved(document)


def _saved(document: Any) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def odf(paragraphs: list[str], rich: bool = False) -> bytes:
    """Return a document of odfpy, plain or with spans, lists and tabs."""
    from odf.opendocument import OpenDocumentText
    from odf.text import H, List, ListItem, P, S, Span

    document = OpenDocumentText()
    for number, text in enumerate(paragraphs):
        if not rich:
            document.text.addElement(P(text=text))
            continue
        paragraph = H(outlinelevel=1) if number % 5 == 4 else P()
        for place, word in enumerate(text.split(" ")):
            if place:
                paragraph.addElement(S(c=1))
            paragraph.addElement(Span(text=word))
        if number % 3 == 2:
            outer, item = List(), ListItem()
            item.addElement(P(text=text))
            outer.addElement(item)
            document.text.addElement(outer)
        else:
            document.text.addElement(paragraph)
    return _saved(document)


def ebook(paragraphs: list[str], chapters: int = 1, page: str = "<h2></h2>{}") -> bytes:
    """Return a book of EbookLib, with a table of contents."""
    from ebooklib import epub

    book = epub.EpubBook()
    book.set_identifier("gates")
    book.set_title("Gates")
    book.set_language("en")
    size = -(-len(paragraphs) // chapters)
    made = []
    for number in range(chapters):
        text = "".join(f"<p>{escape(line)}</p>" for line in paragraphs[number * size : (number + 1) * size])
        chapter = epub.EpubHtml(title=f"Chapter {number}", file_name=f"text/c{number}.xhtml", lang="en")
        chapter.content = page.format(text)
        book.add_item(chapter)
        made.append(chapter)
    book.toc = made
    book.add_item(epub.EpubNcx())
    book.add_item(epub.EpubNav())
    book.spine = ["nav", *made]
    out = io.BytesIO()
    epub.write_epub(out, book)
    return out.getvalue()


def has_office() -> bool:
    """Tell whether LibreOffice is here."""
    return shutil.which("soffice") is not None


def converted(data: bytes, end: str, to: list[str], folder: Path) -> dict[str, bytes]:
    """Return a document as LibreOffice writes it, by the ends of names."""
    (folder / f"given{end}").write_bytes(data)
    profile = f"-env:UserInstallation=file://{folder}/profile"
    for wanted in to:
        command = ["soffice", profile, "--headless", "--convert-to", wanted.removeprefix("."), "--outdir", str(folder)]
        subprocess.run([*command, str(folder / f"given{end}")], check=True, capture_output=True, timeout=180)
    return {wanted: (folder / f"given{wanted}").read_bytes() for wanted in to}
