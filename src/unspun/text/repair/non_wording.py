r"""Find what is no wording: formulas, code and citations.

They are kept or not as wholes, and nobody rewords them: read as words, they would count as swaps or as kept words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_FORMULA = re.compile(
    r"\$\$[^$]{1,2000}\$\$"
    # A price is followed by a figure, and has none of a formula's marks before the next sign.
    r"|(?<![\w$\\])\$(?=[^\s$])(?:[a-z]'?|[^$\n]{0,200}[\\^_={}<>][^$\n]{0,200})(?<=[^\s$])\$(?![\w$])"
    r"|\\\((?:(?!\\\().){1,500}?\\\)|\\\[(?:(?!\\\[).){1,1000}?\\\]"
    r"|<math\b(?:(?!<math\b).){0,5000}?</math\s*>"
    r"|\\begin\{(equation|align|gather|eqnarray|math|displaymath|tikzpicture|verbatim|lstlisting)\*?\}"
    r"(?:(?!\\begin\{).){0,3000}?\\end\{\1\*?\}",
    re.IGNORECASE | re.DOTALL,
)
_COMMAND = re.compile(
    r"\\(?:cite[a-z]{0,8}|ref|eqref|label|begin|end|usepackage|documentclass)\*?(?:\[[^\]\n]{0,80}\])?\{[^{}\n]{0,120}\}"
    r"|\\[a-z]{2,20}\*?(?=[\s{\\]|$)",
    re.IGNORECASE,
)
_INLINE = re.compile(r"(?<![`\w])`[^`'\n]{1,200}`(?![`'\w])")
_NUMBERS = re.compile(r"\[\d{1,3}(?:\s?[,;\u2013-]\s?\d{1,3}){0,9}\]")
_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
_AUTHOR = rf"(?!(?:{_MONTHS})\b)[^\W\d_][\w'\u2019-]{{1,30}}"
_WORK = (
    rf"(?:e\.g\.,? |see |cf\. )?{_AUTHOR}"
    rf"(?:,? (?:and|&) {_AUTHOR}|(?:, {_AUTHOR}){{1,3}},? (?:and|&) {_AUTHOR}| et al\.?)?"
    r",? (?:1[89]|20)\d\d[a-z]?(?:, pp?\. ?\d{1,4}(?:[\u2013-]\d{1,4})?)?"
)
_NAMED = re.compile(rf"\({_WORK}(?:; {_WORK}){{0,5}}\)", re.IGNORECASE)
_HAS_COMMA = re.compile(r"[,&]|et al| and ", re.IGNORECASE)
_YEAR = re.compile(r"(?:1[89]|20)\d\d[a-z]?(?:\)|, p|; )", re.IGNORECASE)
_FENCE = re.compile(r"^ {0,3}(```|~~~)[^\n]*$", re.MULTILINE)
_INDENTED = re.compile(r"(?<=\n\n)(?:(?: {4}|\t)[^\n]{1,300}(?:\n|\Z)){2,200}")
_OF_CODE = re.compile(r"[{};=]|\w\(|:$|^\s*(?:#|//|import |return\b|def |class )", re.MULTILINE)


def non_wording(text: str) -> Iterator[tuple[int, int]]:
    r"""Yield where formulas, code and citations stand in a text.

    Half-open ranges; some may be within others.

    >>> text = "The `ls -l` of [12] gives $x_1 = 2$ for $5 (Brandvik et al., 2010)."
    >>> [text[start:stop] for start, stop in non_wording(text)]
    ['$x_1 = 2$', '`ls -l`', '[12]', '(Brandvik et al., 2010)']
    """
    # A single character is looked for at a fraction of the cost of several.
    if "$" in text or "\\" in text or ("<" in text and ("<math" in text or "<MATH" in text)):
        yield from (found.span() for found in _FORMULA.finditer(text))
        yield from (found.span() for found in _COMMAND.finditer(text))
    if "`" in text or ("~" in text and "~~~" in text):
        yield from _fenced(text)
        yield from (found.span() for found in _INLINE.finditer(text))
    if "\n\n    " in text or ("\t" in text and "\n\n\t" in text):
        yield from (found.span() for found in _INDENTED.finditer(text) if _is_code(found[0]))
    if "[" in text:
        yield from (found.span() for found in _NUMBERS.finditer(text))
    if "(" in text and _YEAR.search(text, text.index("(")):
        yield from (found.span() for found in _NAMED.finditer(text) if _HAS_COMMA.search(found[0]))


def _fenced(text: str) -> Iterator[tuple[int, int]]:
    """Yield blocks between fences; one that stays open is none."""
    opened: re.Match[str] | None = None
    for fence in _FENCE.finditer(text):
        if opened is None:
            opened = fence
        elif fence[1] == opened[1]:
            yield opened.start(), fence.end()
            opened = None


def _is_code(block: str) -> bool:
    """Tell code from a verse or a quotation that is indented: most of its lines have marks of code."""
    lines = block.split("\n")
    return 2 * sum(_OF_CODE.search(line) is not None for line in lines) > sum(map(bool, lines))
