"""Text of a document by the end of its name, or why there is none.

Parsers of documents are as large as their formats: this runs in the sandbox of pages, with its caps.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable

from unspun.crawl.documents.packed_documents import docx_text, epub_text, odt_text
from unspun.crawl.documents.refusal import DocumentError

DOCUMENT_ENDS = (".pdf", ".docx", ".odt", ".epub")
"""What names of documents end in."""


def document_text(data: bytes, end: str) -> tuple[str, str]:
    """Return the title and the text of a document, one paragraph a line.

    Parameters
    ----------
    data : bytes
        The file.
    end : str
        One of `DOCUMENT_ENDS`.

    Returns
    -------
    (str, str)
        Title and text; the title is '' where the document does not say it.

    Raises
    ------
    DocumentError
        When it is encrypted, damaged, a bomb, carries a script or holds no text.
    """
    title, text = _READERS[end](data)
    if not text.strip():
        raise DocumentError("has no text, only pictures: a scan, perhaps; read it with OCR first")
    return title, text


def _pdf_text(data: bytes) -> tuple[str, str]:
    if importlib.util.find_spec("pdfminer") is None:
        raise DocumentError("needs the extra `documents`: pip install 'unspun[documents]'")
    from unspun.crawl.documents.pdf_layout import pdf_text

    return pdf_text(data)


_READERS: dict[str, Callable[[bytes], tuple[str, str]]] = {
    ".pdf": _pdf_text,
    ".docx": docx_text,
    ".odt": odt_text,
    ".epub": epub_text,
}
