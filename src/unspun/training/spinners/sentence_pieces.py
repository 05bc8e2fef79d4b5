"""Cut a text into movable sentences, and put it together again."""

from __future__ import annotations

import re
from typing import NamedTuple

from unspun.text.lexicon import load_lexicon
from unspun.text.tokenizer import read_text

_OPENERS = frozenset("\"'“‘«([—–-*")
_INITIALS = re.compile(r"^(?:I\b|[A-Z][A-Z]|[A-Z]\.)")


class Sentence(NamedTuple):
    """A sentence with its marks, and the white space after it."""

    body: str
    gap: str

    @property
    def ends_paragraph(self) -> bool:
        """True when a new line follows."""
        return "\n" in self.gap

    @property
    def n_words(self) -> int:
        """The number of words between blanks."""
        return len(self.body.split())


def sentences(text: str) -> list[Sentence]:
    """Return the sentences of a text; joined, they are the text again.

    >>> sentences("Rain fell. “Where?” he asked.")
    [Sentence(body='Rain fell.', gap=' '), Sentence(body='“Where?” he asked.', gap='')]
    """
    read = read_text(text)
    hard = [0, *(int(k) for k, soft in zip(read.sentence_stops[1:-1], read.soft, strict=False) if not soft)]
    starts = [_opening(text, int(read.starts[k])) if k else 0 for k in hard] if len(read) else [0]
    pieces = (text[a:b] for a, b in zip(starts, [*starts[1:], len(text)], strict=True))
    return [Sentence(body := piece.rstrip(), piece[len(body) :]) for piece in pieces if piece]


def _opening(text: str, start: int) -> int:
    """Return where a sentence begins, with the marks that open it."""
    while start and text[start - 1] in _OPENERS:
        start -= 1
    return start


def join(parts: list[Sentence]) -> str:
    """Return the text of sentences.

    >>> join(sentences("Rain fell.  It rose."))
    'Rain fell.  It rose.'
    """
    return "".join(part.body + part.gap for part in parts)


def runs(text: str) -> list[str]:
    r"""Return the paragraphs of a text with the line ends after each.

    Joined, they are the text again.

    >>> runs("One.\n\nTwo.\n")
    ['One.\n\n', 'Two.\n']
    """
    return re.findall(r"[^\n]*\n+|[^\n]+$", text)


def lowered(sentence: str) -> str:
    """Return a sentence as it goes on inside another.

    Its first letter small, unless it opens with a name.

    >>> lowered("The gates froze."), lowered("Ostravel froze."), lowered("I froze.")
    ('the gates froze.', 'Ostravel froze.', 'I froze.')
    """
    if not sentence[:1].isupper() or _INITIALS.match(sentence):
        return sentence
    lexicon = load_lexicon()
    match = re.match(r"[\w-]+(?= ?([A-Z]?))", sentence)
    word = match[0].lower() if match else ""
    named = word not in lexicon.ids or lexicon.name[lexicon.ids[word]] > 0.5
    followed = bool(match and match[1]) and word in lexicon.ids and not lexicon.stop[lexicon.ids[word]]
    return sentence if named or followed else sentence[0].lower() + sentence[1:]


def raised(sentence: str) -> str:
    """Return a sentence with a capital first letter.

    >>> raised("it froze.")
    'It froze.'
    """
    return sentence[:1].upper() + sentence[1:]
