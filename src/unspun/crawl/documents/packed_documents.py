"""Texts of DOCX, ODT and EPUB, without what stands around them."""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from lxml import etree
from lxml import html as lxml_html

from unspun.crawl.documents.refusal import ZIP_FAULTS, DocumentError
from unspun.io.decoding import decode

MAX_PART_BYTES = 50_000_000
"""A part of a package that holds more is not read: the text of a thick book has two million."""
MAX_RATIO = 200
_FREE_BYTES = 5_000_000  # before the ratio is asked for
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_WORD_PART, _RELATIONS = "word/document.xml", "_rels/.rels"
_MANIFEST, _LOCKED = "META-INF/manifest.xml", "META-INF/encryption.xml"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_SCRIPT = "carries a script"
_BLOCKS = frozenset("p h1 h2 h3 h4 h5 h6 li blockquote div section article td th pre dt dd figcaption body tr".split())
_NO_TEXT = ("script", "style", "head", "nav", "svg", "template")


class _Package:
    """A zip file whose parts are read with care."""

    def __init__(self, data: bytes) -> None:
        if data.startswith(_OLD_OFFICE):
            raise DocumentError("is encrypted, or of an old format: save it anew without a password")
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except ZIP_FAULTS as error:
            raise DocumentError(f"is damaged or cut off: {error}") from error
        self._called = {_plain(name): name for name in self._zip.namelist()}
        self.names = {name.replace("\\", "/").lstrip("/") for name in self._called.values()}

    def has(self, name: str) -> bool:
        return _plain(name) in self._called

    def read(self, name: str) -> bytes:
        try:
            about = self._zip.getinfo(self._called[_plain(name)])
            if about.flag_bits & 1:
                raise DocumentError("is encrypted: save it without a password")
            with self._zip.open(about) as part:
                data = part.read(MAX_PART_BYTES + 1)
        except KeyError:
            raise DocumentError(f"is damaged: it has no part {name[:80]}") from None
        except ZIP_FAULTS as error:
            raise DocumentError(f"is damaged or cut off: {error}") from error
        if len(data) > MAX_PART_BYTES or len(data) > max(_FREE_BYTES, MAX_RATIO * about.compress_size):
            raise DocumentError(f"is a bomb: {about.compress_size:,} bytes hold more than {len(data) - 1:,}")
        return data

    def tree(self, name: str) -> Any:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
        try:
            return etree.fromstring(self.read(name), parser)
        except etree.XMLSyntaxError as error:
            raise DocumentError(f"is damaged: {error.msg}"[:300]) from error


def _plain(name: str) -> str:
    r"""Return a name as it is looked up: some writers begin at the root, part folders by `\`, or mix up letters."""
    return name.replace("\\", "/").lstrip("/").casefold()


def docx_text(data: bytes) -> tuple[str, str]:
    """Return title and text of a document of Word.

    Headers, footers, notes and what was deleted are left out.

    Raises
    ------
    DocumentError
        When it cannot be read, or carries macros.
    """
    package = _Package(data)
    if any(name.lower().endswith("vbaproject.bin") for name in package.names):
        raise DocumentError(_SCRIPT)
    body = package.tree(_main_part(package))
    word = f"{{{_namespace(body)}}}"  # strict documents have a namespace of their own
    gone = [f"{word}{name}" for name in ("del", "moveFrom", "instrText", "delText")]
    etree.strip_elements(body, *gone, f"{_MC}Fallback", with_tail=False)
    paragraphs = _outermost(body, f"{word}p")
    return "", _lines("".join(_of_word(element, word) for element in paragraph.iter()) for paragraph in paragraphs)


def _main_part(package: _Package) -> str:
    """Return the part that holds the text; a few writers do not call it as Word does."""
    if package.has(_WORD_PART) or not package.has(_RELATIONS):
        return _WORD_PART
    for relation in package.tree(_RELATIONS):
        if str(relation.get("Type", "")).endswith("/officeDocument"):
            return posixpath.normpath(str(relation.get("Target", "")).lstrip("/"))
    return _WORD_PART


def _namespace(body: Any) -> str:
    try:
        return etree.QName(body).namespace or _WORD
    except ValueError:
        raise DocumentError(f"is damaged: the namespace of {str(body.tag)[:80]} is declared nowhere") from None


def _outermost(tree: Any, tag: str) -> Iterator[Any]:
    """Yield the paragraphs in their order, those in boxes too."""
    for paragraph in list(tree.iter(tag)):
        inner = [child for child in paragraph.iter(tag) if child is not paragraph]
        for child in inner:
            child.getparent().remove(child)
        yield paragraph
        yield from inner if inner and inner[0].getparent() is None else ()


def _of_word(element: Any, word: str) -> str:
    if element.tag == f"{word}t":
        return element.text or ""
    if element.tag in (f"{word}tab", f"{word}br", f"{word}cr"):
        return " "
    return "-" if element.tag == f"{word}noBreakHyphen" else ""


def odt_text(data: bytes) -> tuple[str, str]:
    """Return title and text of a document of LibreOffice.

    Notes, comments and what was deleted are left out.

    Raises
    ------
    DocumentError
        When it cannot be read, is encrypted, or carries macros.
    """
    package = _Package(data)
    if any(map(_is_macro, package.names)):
        raise DocumentError(_SCRIPT)
    if package.has(_MANIFEST) and b"encryption-data" in package.read(_MANIFEST):
        raise DocumentError("is encrypted: save it without a password")
    content = package.tree("content.xml")
    without = (f"{_TEXT}note", f"{_OFFICE}annotation", f"{_TEXT}tracked-changes")
    etree.strip_elements(content, *without, with_tail=False)
    return "", _lines("".join(_of_odt(block)) for block in content.iter(f"{_TEXT}p", f"{_TEXT}h"))


def _is_macro(name: str) -> bool:
    """Tell a module of code from the empty library that every document has."""
    name = name.casefold()
    if name.startswith("scripts/"):
        return not name.endswith("/")
    return name.startswith("basic/") and name.count("/") > 1 and not name.endswith(("/", "-lb.xml", "-lc.xml"))


def _of_odt(element: Any) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if child.tag in (f"{_TEXT}s", f"{_TEXT}tab", f"{_TEXT}line-break"):
            yield " "
        elif child.tag not in (f"{_TEXT}p", f"{_TEXT}h"):  # those in a box are blocks of their own
            yield from _of_odt(child)
        yield child.tail or ""


def epub_text(data: bytes) -> tuple[str, str]:
    """Return title and text of a book, chapter by chapter as its spine orders them.

    Raises
    ------
    DocumentError
        When it cannot be read, its chapters are encrypted, or one carries a script.
    """
    package = _Package(data)
    found = package.tree("META-INF/container.xml").find(".//{*}rootfile")
    opf = unquote(found.get("full-path", "")) if found is not None else ""
    book = package.tree(opf)
    names = _chapters(book, posixpath.dirname(opf))
    locked = _plain(unquote(decode(package.read(_LOCKED)))) if package.has(_LOCKED) else ""
    if any(_plain(name) in locked for name in names):
        raise DocumentError("is encrypted: get it without copy protection")
    title = book.findtext(".//{http://purl.org/dc/elements/1.1/}title") or ""
    # As readers of books do: what is not there is passed over, unless nothing is.
    names = [name for name in names if package.has(name)] or names
    return title.strip(), "\n".join(filter(None, (_chapter(package.read(name)) for name in names)))


def _chapters(book: Any, folder: str) -> list[str]:
    """Return the parts that hold the chapters, each once, in the order of the spine, or of the list where it is empty.

    Raises
    ------
    DocumentError
        When one carries a script.
    """
    items = {item.get("id"): item for item in book.iterfind(".//{*}manifest/{*}item")}
    if any("javascript" in (item.get("media-type") or "") for item in items.values()):
        raise DocumentError(_SCRIPT)
    spine = [items[ref.get("idref")] for ref in book.iterfind(".//{*}spine/{*}itemref") if ref.get("idref") in items]
    chapters = spine or [item for item in items.values() if "html" in (item.get("media-type") or "")]
    texts = (item for item in chapters if "nav" not in (item.get("properties") or "").split())
    places = (item.get("href", "").partition("#")[0] for item in texts)
    names = (posixpath.join(folder, unquote(place)) for place in places if "://" not in place)
    return list(dict.fromkeys(posixpath.normpath(name).lstrip("/") for name in names))


def _chapter(data: bytes) -> str:
    text = decode(data)
    if not text.strip():
        return ""
    try:
        page = lxml_html.document_fromstring(
            text.encode("utf-8", "replace"), parser=lxml_html.HTMLParser(encoding="utf-8", no_network=True)
        )
    except etree.ParserError:  # nothing but comments
        return ""
    if page.find(".//script") is not None:
        raise DocumentError(_SCRIPT)
    etree.strip_elements(page, *_NO_TEXT, with_tail=False)
    parts: list[str] = []
    for event, element in etree.iterwalk(page, events=("start", "end")):
        is_tag = isinstance(element.tag, str)
        if is_tag and (element.tag in _BLOCKS or element.tag == "br"):
            parts.append("\n" if element.tag in _BLOCKS else " " if event == "start" else "")
        if event == "start" and is_tag:
            parts.append(" ".join((element.text or "").splitlines()))
        elif event == "end":
            parts.append(" ".join((element.tail or "").splitlines()))
    return _lines("".join(parts).split("\n"))


def _lines(paragraphs: Any) -> str:
    plain = (" ".join(paragraph.split()) for paragraph in paragraphs)
    return "\n".join(filter(None, plain))
