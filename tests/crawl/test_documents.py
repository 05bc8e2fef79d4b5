"""PDF, DOCX, ODT and EPUB: what was put in comes out, and what cannot be read says why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from html import escape
from pathlib import Path

import documents as make
import office_files as office
import pytest
from articles import STORY
from refused_documents import LONG, PARAGRAPHS, REFUSED

from unspun.app.text_files import read_source
from unspun.app.web.uploads import UploadError, text_of
from unspun.crawl.reading.articles import read_articles
from unspun.errors import InputError
from unspun.io.tables import Article, Reject

pytest.importorskip("pdfminer")
pytest.importorskip("reportlab")
SIGNS = [f"{text} The café’s ‘first’ gate – naïve – costs €5 < £6 & more." for text in PARAGRAPHS]

MADE: dict[str, Callable[[], bytes]] = {
    "plain.pdf": lambda: make.pdf(PARAGRAPHS),
    "columns.pdf": lambda: make.pdf(PARAGRAPHS, columns=2),
    "three columns.pdf": lambda: make.pdf(PARAGRAPHS, columns=3),
    "many pages.pdf": lambda: make.pdf(LONG),
    "many pages in columns.pdf": lambda: make.pdf(LONG, columns=2),
    "without edges.pdf": lambda: make.pdf(PARAGRAPHS, edges=False),
    "drawn.pdf": lambda: make.drawn_pdf([line for text in SHORT for line in office.wrapped(text, 60)]),
    "word.docx": lambda: make.docx(PARAGRAPHS),
    "bare.docx": lambda: make.bare_docx(PARAGRAPHS),
    "bare.odt": lambda: make.bare_odt(PARAGRAPHS),
    "bare.epub": lambda: make.bare_epub(PARAGRAPHS),
    "fpdf2.pdf": lambda: office.fpdf(PARAGRAPHS),
    "fpdf2 in columns.pdf": lambda: office.fpdf(PARAGRAPHS, columns=2),
    "many pages of fpdf2.pdf": lambda: office.fpdf(LONG, edges=True),
    "signs of fpdf2.pdf": lambda: office.fpdf(SIGNS, font=True),
    "signs of fpdf2 in columns.pdf": lambda: office.fpdf(SIGNS, columns=3, font=True),
    "matplotlib.pdf": lambda: office.plotted(PARAGRAPHS),
    "signs of matplotlib.pdf": lambda: office.plotted(SIGNS, 42),
    "rich.docx": lambda: office.rich_docx(PARAGRAPHS),
    "signs.docx": lambda: make.docx(SIGNS),
    "odfpy.odt": lambda: office.odf(PARAGRAPHS),
    "signs of odfpy.odt": lambda: office.odf(SIGNS, rich=True),
    "EbookLib.epub": lambda: office.ebook(PARAGRAPHS),
    "many chapters of EbookLib.epub": lambda: office.ebook(LONG, 5),
    "signs of EbookLib.epub": lambda: office.ebook(SIGNS, 2, "<section><div>{}</div></section>"),
}
SHORT = [
    "The ferry left at noon and came back late in the evening with nobody on board but the crew." for _ in range(20)
]


def text_in(name: str) -> list[str]:
    texts = {"many": LONG, "signs": SIGNS, "drawn": SHORT}
    return next((text for start, text in texts.items() if name.startswith(start)), PARAGRAPHS)


def word_f1(found: str, wanted: list[str]) -> float:
    a, b = Counter(found.split()), Counter(" ".join(wanted).split())
    return 2 * sum((a & b).values()) / (a.total() + b.total())


@pytest.mark.parametrize("name", MADE)
def test_what_was_put_in_comes_out(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(MADE[name]())
    (article,) = read_articles([tmp_path])
    assert isinstance(article, Article), article
    assert word_f1(article.text, text_in(name)) >= 0.97
    # A header is known by being on every page.
    assert "weekly review" not in article.text or (not name.startswith("many") and name.endswith(".pdf"))
    assert "recycled paper" not in article.text
    assert read_source(tmp_path / name) == article.text
    assert text_of(name, (tmp_path / name).read_bytes())[1] == article.text


@pytest.mark.skipif(not make.has_pandoc(), reason="needs pandoc")
@pytest.mark.parametrize("end", [".docx", ".odt", ".epub"])
def test_documents_of_pandoc_are_read(tmp_path: Path, end: str) -> None:
    data = make.by_pandoc(PARAGRAPHS, end, tmp_path)
    (tmp_path / f"made{end}").write_bytes(data)
    (article,) = read_articles([tmp_path])
    assert isinstance(article, Article), article
    assert word_f1(article.text, PARAGRAPHS) >= 0.97


@pytest.mark.slow
@pytest.mark.skipif(not office.has_office(), reason="needs LibreOffice")
@pytest.mark.parametrize(("given", "end"), [(".docx", ".pdf .odt .epub"), (".odt", ".pdf .docx .epub")])
def test_documents_of_libreoffice_are_read(tmp_path: Path, given: str, end: str) -> None:
    data, wanted = (make.docx(SIGNS), SIGNS) if given == ".docx" else (office.odf(LONG), LONG)
    for name, made in office.converted(data, given, end.split(), tmp_path).items():
        (tmp_path / f"made{name}").write_bytes(made)
        (article,) = read_articles([tmp_path / f"made{name}"])
        assert isinstance(article, Article), article
        assert word_f1(article.text, wanted) >= 0.97


def test_columns_are_read_one_after_the_other(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(make.pdf(PARAGRAPHS, columns=2))
    lines = read_source(tmp_path / "a.pdf").splitlines()
    assert [line for line in lines if line in set(PARAGRAPHS)] == [line for line in PARAGRAPHS if line in set(lines)]
    assert len(set(lines) & set(PARAGRAPHS)) > 0.8 * len(PARAGRAPHS)


def test_words_are_put_together_at_the_ends_of_lines(tmp_path: Path) -> None:
    lines = ["The harbour board said on Tues-", "day that the old gates would re-", "main in use until October."]
    (tmp_path / "a.pdf").write_bytes(make.drawn_pdf(lines))
    assert "on Tuesday that the old gates would remain in use" in read_source(tmp_path / "a.pdf")


def test_what_was_deleted_or_noted_is_no_text(tmp_path: Path) -> None:
    gone = (
        "<w:p><w:del><w:r><w:delText>Secret.</w:delText></w:r></w:del><w:r><w:instrText>PAGE</w:instrText></w:r></w:p>"
    )
    (tmp_path / "a.docx").write_bytes(make.bare_docx(PARAGRAPHS, gone))
    text = read_source(tmp_path / "a.docx")
    assert "Secret" not in text
    assert "PAGE" not in text


def test_what_was_moved_is_read_once(tmp_path: Path) -> None:
    moved = "<w:p><w:{0}><w:r><w:t>The gate was moved.</w:t></w:r></w:{0}></w:p>"
    data = make.bare_docx(PARAGRAPHS, moved.format("moveFrom") + moved.format("moveTo"))
    (tmp_path / "a.docx").write_bytes(data)
    assert read_source(tmp_path / "a.docx").count("The gate was moved.") == 1


@pytest.mark.parametrize("name", ["word/document2.xml", "word/document.xml"])
@pytest.mark.parametrize("space", [make.WORD, "http://purl.oclc.org/ooxml/wordprocessingml/main"])
def test_documents_of_other_names_and_strict_ones_are_read(tmp_path: Path, name: str, space: str) -> None:
    body = "".join(f"<w:p><w:r><w:t>{escape(text)}</w:t></w:r></w:p>" for text in PARAGRAPHS)
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    parts = {
        "_rels/.rels": f'<Relationships><Relationship Type="{kind}" Target="/{name}"/></Relationships>',
        name: f'<w:document xmlns:w="{space}"><w:body>{body}</w:body></w:document>',
    }
    (tmp_path / "a.docx").write_bytes(make.zipped(parts))
    assert word_f1(read_source(tmp_path / "a.docx"), PARAGRAPHS) == 1


def test_a_chapter_of_comments_costs_no_other(tmp_path: Path) -> None:
    (tmp_path / "a.epub").write_bytes(make.bare_epub(PARAGRAPHS, more={"book/c 0.xhtml": "<!-- nothing -->"}))
    assert word_f1(read_source(tmp_path / "a.epub"), PARAGRAPHS[len(PARAGRAPHS) // 2 :]) == 1


def test_what_cannot_be_read_says_why_and_costs_no_neighbour(tmp_path: Path) -> None:
    for name, (made, _) in REFUSED.items():
        (tmp_path / name).write_bytes(made())
    (tmp_path / "good.docx").write_bytes(make.docx(PARAGRAPHS))
    (tmp_path / "zz.txt").write_text(STORY, encoding="utf-8")
    found = list(read_articles([tmp_path]))
    assert [item.article_id for item in found if isinstance(item, Article)] == ["good.docx", "zz.txt"]
    reasons = {item.uri: item.reason for item in found if isinstance(item, Reject)}
    assert {name: reason for name, reason in reasons.items() if REFUSED[name][1] not in reason} == {}
    assert set(reasons) == set(REFUSED)
    with pytest.raises(InputError, match="encrypted"):
        read_source(tmp_path / "locked.odt")
    with pytest.raises(UploadError, match="carries a script"):
        text_of("script.odt", (tmp_path / "script.odt").read_bytes())


@pytest.mark.parametrize("number", range(1, 6))
@pytest.mark.parametrize("circle", [False, True])
def test_objects_that_point_at_each_other_end(tmp_path: Path, number: int, circle: bool) -> None:
    """An object stands elsewhere, in a chain of references, or in a circle of them."""
    sound = make.pdf_of(make.flated(b"BT /F 12 Tf 72 700 Td (The gate was shut at noon.) Tj ET"))
    moved = sound.replace(b"\n%d 0 obj\n" % number, b"\n6 0 obj\n").replace(b"0 6\n", b"0 8\n", 1)
    at, table = moved.index(b"6 0 obj"), moved.index(b"xref\n")
    target = b"7" if circle else b"6"
    chain = b"%d 0 obj\n7 0 R\nendobj\n" % number
    back = b"7 0 obj\n%d 0 R\nendobj\n" % (number if circle else int(target))
    places = {number: table, 6: at, 7: table + len(chain)}
    lines = moved[table:].split(b"\n")
    for one, place in places.items():
        lines[2 + one : 3 + one if one < 6 else 2 + one] = [b"%010d 00000 n " % place]
    lines[-3] = b"%d" % (table + len(chain) + len(back))
    data = moved[:table] + chain + back + b"\n".join(lines)
    (tmp_path / "a.pdf").write_bytes(data.replace(b"/Size 6", b"/Size 8"))
    (found,) = read_articles([tmp_path / "a.pdf"])
    if not circle:
        assert isinstance(found, Article)
        assert found.text == "The gate was shut at noon."
    elif number in (1, 2, 3):
        assert isinstance(found, Reject)
        assert "circle" in found.reason
