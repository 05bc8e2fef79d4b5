"""Two texts as somebody gave them, with the titles and addresses that came along."""

from __future__ import annotations

from typing import NamedTuple

SIDES = ("source", "suspect")
MAX_NAME = 300
"""Characters of a title or an address."""


class GivenText(NamedTuple):
    """One text, and what it is called."""

    text: str
    file: str = ""
    title: str = ""
    address: str = ""

    @property
    def called(self) -> str:
        """Title and address, else the name of its file; empty where it has none of them."""
        if self.title and self.address:
            return f"{self.title} ({self.address})"
        return self.title or self.address or self.file


class Texts(NamedTuple):
    """Two texts to compare."""

    source: GivenText
    suspect: GivenText

    @property
    def both(self) -> tuple[str, str]:
        """The texts alone."""
        return self.source.text, self.suspect.text

    @property
    def shown(self) -> tuple[str, str]:
        """Names for the texts, whether they have any or not.

        >>> Texts(GivenText("Rain fell.", title="A storm"), GivenText("Rain dropped.")).shown
        ('A storm', 'the suspect, as typed')
        """
        source, suspect = (one.called or f"the {side}, as typed" for side, one in zip(SIDES, self, strict=True))
        return source, suspect

    @property
    def names(self) -> dict[str, str]:
        """Names of the texts, as `unspun.evidence.explaining.explain` takes them.

        >>> Texts(GivenText("Rain fell.", title="A storm"), GivenText("Rain dropped.")).names
        {'source_title': 'A storm'}
        """
        ids = {f"{side}_id": one.address or one.file for side, one in zip(SIDES, self, strict=True)}
        titles = {f"{side}_title": one.title for side, one in zip(SIDES, self, strict=True)}
        return {name: value for name, value in (ids | titles).items() if value}

    def swapped(self) -> Texts:
        """Return the same texts, each on the other side."""
        return Texts(self.suspect, self.source)
