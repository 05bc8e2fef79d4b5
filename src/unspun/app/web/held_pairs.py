"""Hold the last results in memory."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from typing import NamedTuple

from unspun.app.web.given_texts import Texts
from unspun.app.web.worker import PairPages
from unspun.reports.formatting import encodable

N_HELD = 10
"""Results that are held; the oldest goes when another comes."""
MAX_HELD_BYTES = 60_000_000
"""Limit of their pages together: of long texts fewer are held, and the last one always is."""


class HeldPair(NamedTuple):
    """Two texts and their pages: as shown, with links, and as kept; UTF-8."""

    texts: Texts
    shown: bytes
    kept: bytes

    @property
    def n_bytes(self) -> int:
        """Memory that it takes, for the most part."""
        return len(self.shown) + len(self.kept)


class HeldPairs:
    """Give out results by tokens that nobody can guess, as long as they are held."""

    def __init__(self) -> None:
        self._held: OrderedDict[str, HeldPair] = OrderedDict()

    def new_token(self) -> str:
        """Return a token for a result that is not there yet."""
        return secrets.token_urlsafe(16)

    def get(self, token: str) -> HeldPair | None:
        """Return a result, None when it is no longer held."""
        return self._held.get(token)

    def add(self, token: str, texts: Texts, pages: PairPages) -> None:
        """Hold a result, and let the oldest go.

        Parameters
        ----------
        token : str
            One of `new_token`.
        texts : Texts
            What was compared.
        pages : PairPages
            What was made of them.
        """
        self._held[token] = HeldPair(texts, *(encodable(page).encode() for page in pages))
        while len(self._held) > 1 and (len(self._held) > N_HELD or self._n_bytes() > MAX_HELD_BYTES):
            self._held.popitem(last=False)

    def _n_bytes(self) -> int:
        return sum(pair.n_bytes for pair in self._held.values())
