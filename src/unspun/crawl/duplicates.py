"""Fold exact duplicates, and group pages that belong together.

Of duplicates the first copy of a text stays, the others are named as rejections.
"""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from unspun.io.tables import Reject, rejects_frame


def fold_duplicates(articles: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Keep every text once and give every article a name of its own.

    Parameters
    ----------
    articles : DataFrame
        In the order of the shards. Needs ``article_id`` and ``sha256``; what else is in it stays, so that a large run
        can hand in these two columns alone.

    Returns
    -------
    articles : DataFrame
        The first article of every text, in the same order, with its old index. Different texts of one address, as a
        crawl holds them that came by twice, are told apart as ``address``, ``address#2``...
    rejects : DataFrame
        REJECTS rows of the others: their names, stage ``duplicate``, and whose text it is.

    Examples
    --------
    >>> frame = pd.DataFrame({"article_id": ["a", "b", "a", "a"], "sha256": ["1", "1", "2", "1"]})
    >>> articles, rejects = fold_duplicates(frame)
    >>> articles["article_id"].tolist(), rejects["reason"].tolist()
    (['a', 'a#2'], ['the same text as a', 'the same text as a'])
    """
    copies = articles["sha256"].duplicated()
    kept = articles[~copies].copy()
    names = NameGiver()
    kept["article_id"] = [names.give(name) for name in kept["article_id"]]
    keepers = dict(zip(kept["sha256"], kept["article_id"], strict=True))
    folded = articles.loc[copies, ["article_id", "sha256"]].itertuples(index=False)
    return kept, rejects_frame(
        Reject(uri, "duplicate", f"the same text as {keepers[digest]}") for uri, digest in folded
    )


class NameGiver:
    """Give every article a name of its own.

    Those that come later get ``#2``, ``#3``...

    >>> names = NameGiver()
    >>> [names.give(name) for name in ("a", "a#2", "a", "a")]
    ['a', 'a#2', 'a#3', 'a#4']
    """

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}
        self._given: set[str] = set()

    def give(self, name: str) -> str:
        """Return the name, changed if it is taken."""
        number = self._counts.get(name, 0) + 1
        # An address may end in "#2" of its own.
        while (given := f"{name}#{number}" if number > 1 else name) in self._given:
            number += 1
        self._counts[name] = number
        self._given.add(given)
        return given


def grouped(links: Iterable[tuple[str, str]], apart: Iterable[tuple[str, str]] = ()) -> dict[str, str]:
    """Return by page the first page, by name, of all that are linked.

    Parameters
    ----------
    links : iterable of (str, str)
        Pages that belong together, the surest first.
    apart : iterable of (str, str)
        Pages that must not come together; a link that would do so counts for nothing.

    Returns
    -------
    dict of str to str
        Every page of the links.

    Examples
    --------
    >>> grouped([("b", "c"), ("d", "e"), ("a", "c")])
    {'a': 'a', 'b': 'a', 'c': 'a', 'd': 'd', 'e': 'd'}
    >>> grouped([("a", "b"), ("b", "c")], apart=[("a", "c")])
    {'a': 'a', 'b': 'a', 'c': 'c'}
    """
    members: dict[str, list[str]] = {}
    first: dict[str, str] = {}
    foes: dict[str, set[str]] = {}
    for one, other in apart:
        foes.setdefault(one, set()).add(other)
        foes.setdefault(other, set()).add(one)
    for link in links:
        ends = sorted(first.setdefault(page, page) for page in link)
        kept, joined = (members.setdefault(end, [end]) for end in ends)
        small, large = sorted((kept, joined), key=len)
        if kept is joined or any(first.get(foe) == first[large[0]] for page in small for foe in foes.get(page, ())):
            continue
        for page in joined:
            first[page] = ends[0]
        kept.extend(members.pop(ends[1]))
    return {page: first[page] for page in sorted(first)}
