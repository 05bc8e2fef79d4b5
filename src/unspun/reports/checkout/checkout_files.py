"""Find the files of a checkout that articles were read from.

Code hosts show results beside a file only under its path from the root of the checkout. That root is git's top level
around the working folder; outside of git it is the working folder.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from unspun.io.decoding import decode, looks_like_html
from unspun.reports.checkout.file_lines import FileText

MAX_FILE = 5_000_000
_PAGES = (".html", ".htm", ".xhtml")


def checkout_root(folder: Path) -> Path:
    """Return the root of the checkout around a folder.

    Outside of git it is the folder itself. Git is not run: its top level holds a folder ``.git`` or, in a work tree or
    a submodule, a file that names one.
    """
    folder = folder.resolve()
    return next((place for place in (folder, *folder.parents) if _is_top_level(place / ".git")), folder)


def _is_top_level(mark: Path) -> bool:
    try:
        return (mark / "HEAD").is_file() or (mark.is_file() and mark.read_bytes()[:8] == b"gitdir: ")
    except OSError:
        return False


class Checkout:
    """The files of a checkout that articles were read from, each read once.

    Parameters
    ----------
    files : mapping of str to str
        From the ids of articles to the paths of their files; those outside the checkout are passed over.
    root : Path, optional
        The root of the checkout; that around the working folder if not given.
    """

    def __init__(self, files: Mapping[str, str], root: Path | None = None) -> None:
        self._files = files
        self._root = (root or checkout_root(Path.cwd())).resolve()
        self._read: dict[str, FileText | None] = {}

    def path(self, article_id: str) -> str:
        """Return the path of an article's file, seen from the root.

        Empty where the checkout has no such file.
        """
        given = self._files.get(article_id, "")
        if not given:
            return ""
        # A code host shows a link as its target. What links out of the checkout is known by the link alone.
        for place in (os.path.realpath(given), os.path.abspath(given)):
            if Path(place).is_relative_to(self._root):
                return Path(place).relative_to(self._root).as_posix()
        return ""

    def file(self, article_id: str) -> FileText | None:
        """Return an article's file; None where the checkout has none that can be read."""
        if article_id not in self._read:
            self._read[article_id] = self._opened(self.path(article_id))
        return self._read[article_id]

    def _opened(self, path: str) -> FileText | None:
        place = self._root / path
        try:
            data = place.read_bytes() if path and place.stat().st_size <= MAX_FILE else b""
        except OSError:
            return None
        is_html = path.lower().endswith(_PAGES) or looks_like_html(data)
        return FileText(decode(data), is_html) if data and b"\0" not in data else None
