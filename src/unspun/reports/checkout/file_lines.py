"""Turn ranges of an article into lines of the file that it was read from."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from html import unescape
from itertools import accumulate
from typing import Any

_RUN = 3
_WORD = re.compile(r"\w+")
_MARK = re.compile(r"<!--.*?-->|<(script|style)\b.*?</\1\s*>|</?[a-z!?][^>]*>|&#?\w{1,31};", re.IGNORECASE | re.DOTALL)

Json = dict[str, Any]


class Text:
    """A text with its lines, to turn offsets into SARIF's regions.

    Lines and columns from 1, in code points.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        # SARIF's line breaks are CR LF and LF unless a run says otherwise.
        self.starts = [0, *accumulate(len(line) + 1 for line in text.split("\n"))][:-1]

    def region(self, start: int, end: int) -> Json:
        """Return the region of a half-open range.

        Parameters
        ----------
        start, end : int
            Offsets in characters.

        Returns
        -------
        dict
            Lines and columns from 1, and the same in characters.
        """
        first, last = bisect_right(self.starts, start) - 1, bisect_right(self.starts, max(end, start)) - 1
        return {
            "startLine": first + 1,
            "startColumn": start - self.starts[first] + 1,
            "endLine": last + 1,
            "endColumn": end - self.starts[last] + 1,
            "charOffset": start,
            "charLength": end - start,
        }


class FileText:
    """A file as it lies in the checkout, in which an article's words are looked up.

    Parameters
    ----------
    text : str
        The whole file.
    is_html : bool
        Whether it is a page: tags and what they hide are passed over.
    """

    def __init__(self, text: str, is_html: bool) -> None:
        self._lines = Text(text)
        plain, offsets = _without_tags(text) if is_html else (text, range(len(text) + 1))
        self._offsets: Sequence[int] = offsets
        self._words = list(_WORD.finditer(plain))
        self._at: dict[tuple[str, ...], list[int]] = {}
        for place, run in enumerate(_runs([word[0].casefold() for word in self._words])):
            self._at.setdefault(run, []).append(place)
        self._found: tuple[str, list[re.Match[str]], list[int]] = ("", [], [])

    def region(self, article: str, start: int, end: int) -> Json | None:
        """Return where a range of the article stands in the file.

        Parameters
        ----------
        article : str
            The text of the article.
        start, end : int
            Offsets in it.

        Returns
        -------
        dict or None
            A region of the file; None where none of its words is found there.
        """
        if self._found[0] != article:
            words = list(_WORD.finditer(article))
            self._found = (article, words, self._places([word[0].casefold() for word in words]))
        _, words, places = self._found
        inside = [
            at for word, at in zip(words, places, strict=True) if at >= 0 and start < word.end() and word.start() < end
        ]
        if not inside:
            return None
        first, last = self._words[min(inside)], self._words[max(inside)]
        return self._lines.region(self._offsets[first.start()], self._offsets[last.end() - 1] + 1)

    def _places(self, words: list[str]) -> list[int]:
        """Return which word of the file each word of an article is; -1 for one that is not found."""
        places: list[int] = []
        at = -1
        for k, run in enumerate(_runs(words)):
            following = at + 1
            if at < 0 or following >= len(self._words) or self._words[following][0].casefold() != words[k]:
                options = self._at.get(run, [])
                place = bisect_right(options, at)
                following = options[place] if place < len(options) else -1
            places.append(following)
            at = following if following >= 0 else at
        return places


def _runs(words: list[str]) -> list[tuple[str, ...]]:
    """Return every word with the next two: enough to find a place in a page."""
    return [tuple(words[k : k + _RUN]) for k in range(len(words))]


def _without_tags(page: str) -> tuple[str, list[int]]:
    """Return what of a page is text, and where each of its characters stands in the page."""
    plain: list[str] = []
    offsets: list[int] = []
    at = 0
    for mark in _MARK.finditer(page):
        shown = unescape(mark[0]) if mark[0].startswith("&") else " "
        plain += [page[at : mark.start()], shown]
        offsets += [*range(at, mark.start()), *([mark.start()] * len(shown))]
        at = mark.end()
    return "".join((*plain, page[at:])), [*offsets, *range(at, len(page) + 1)]
