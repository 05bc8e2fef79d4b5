"""Find forms: sentences that recur on many pages with other names and numbers.

A report of share prices, a forecast, an obituary are filled in. Two of them share their wording and nothing else, which
looks like spinning. What makes a form is its phrases: four neighbours of a sentence, where every name, number and rare
word is a gap. A phrase is of a form when it stands on many pages, and its pages have other names and numbers. Copies of
one article, spun or not, share these, so they are no form.

Steps: `count_phrases` of every shard, `form_phrases` of all counts together, `Forms.mark` for every text, and
`leave_out` for every pair: a form is left out where names and numbers differ and it is most of a text.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from unspun.comparison.aligned_pair import AlignedPair
from unspun.comparison.comparing import Comparison, compare_all
from unspun.io.tables import FORMS
from unspun.text.lexicon import load_lexicon
from unspun.text.token_text import BoolArray, IntArray, TokenText
from unspun.text.tokenizer import read_text
from unspun.text.word_classes import classify_words, is_value, small_number_rows

MIN_PAGES = 8
"""A phrase on fewer pages is never of a form."""
MIN_FILLINGS, FILLING_SHARE, MANY_FILLINGS = 5, 0.1, 20
"""Its pages must have so many different names or numbers beside it, and in so large a share of the pages, if that is
not more than the last of these. Copies differ in where they were cut, and so may seem to be filled in otherwise."""
MIN_PARTNERS = 3
"""Articles in fewer candidate pairs are not looked at: a page of a form has pairs with other pages of it."""
MIN_COVERED = 0.5
"""The share of a sentence's words that phrases of a form must hold for the sentence to be of the form."""
MIN_IGNORED = 0.6
"""The same for sentences of a text that is to be ignored."""
SAME_FILLING = 0.7
"""Two texts that share this much of the names and numbers in their form are copies of one page. Of pages of 14 forms,
two share 61 % at most; a page and its spun copy share 92 % at least."""
FEWEST_VALUES = 4
"""Names and numbers below which nothing is concluded from them."""
MOSTLY, FEWEST_REST = 0.5, 50
"""Where a form is at least this share of a text, so many words of the rest must be aligned for it to be judged."""

COUNTS = pa.schema([("phrase", pa.int64()), ("filling", pa.int64())])
"""A row a phrase of an article, and a number that stands for the names and numbers beside it."""

_N, _FEWEST_KEPT, _FEW_VALUES, _SHORT = 4, 3, 2, 2
_GAP, _EDGE = -1, -2
_NONE = np.uint64(2**64 - 1)
HashArray = NDArray[np.uint64]


def count_phrases(texts: Iterable[str]) -> pa.Table:
    """Return the phrases of texts, each once a text.

    Parameters
    ----------
    texts : iterable of str
        Articles.

    Returns
    -------
    pyarrow.Table
        Of `COUNTS`.
    """
    parts = [_phrases_of(read_text(text)) for text in texts]
    phrases = np.concatenate([np.empty(0, np.int64), *(phrases for phrases, _ in parts)])
    fillings = np.concatenate([np.empty(0, np.int64), *(fillings for _, fillings in parts)])
    return pa.table({"phrase": phrases, "filling": fillings}, COUNTS)


def form_phrases(counts: pa.Table, ignored: Iterable[str] = ()) -> pa.Table:
    """Tell which phrases are of forms.

    Parameters
    ----------
    counts : pyarrow.Table
        What `count_phrases` gave for all shards, one below the other.
    ignored : iterable of str
        Texts whose sentences are nobody's.

    Returns
    -------
    pyarrow.Table
        Of FORMS (see `unspun.io.tables`), the phrases ascending.

    Examples
    --------
    >>> pages = [f"Shares of {name} climbed sharply on the market, and the broker kept its rating at {number}."
    ...          for number, name in enumerate("Ostra Brandvik Tarnholm Vell Quorn Askby Merrow Lunde".split(), 80)]
    >>> len(form_phrases(count_phrases(pages))) > 5, len(form_phrases(count_phrases(pages[:1] * 8)))
    (True, 0)
    """
    grouped = counts.group_by("phrase").aggregate([("filling", "count"), ("filling", "count_distinct")])
    pages, fillings = grouped["filling_count"], grouped["filling_count_distinct"]
    wanted = pc.max_element_wise(pc.min_element_wise(pc.multiply(pages, FILLING_SHARE), MANY_FILLINGS), MIN_FILLINGS)
    enough = pc.and_(pc.greater_equal(pages, MIN_PAGES), pc.greater_equal(fillings, wanted))
    found = pa.table({"phrase": grouped["phrase"], "n_pages": pages.cast(pa.int32())}).filter(enough)
    left = np.unique(np.concatenate([np.empty(0, np.int64), *(_phrases_of(read_text(text))[0] for text in ignored)]))
    none = pa.table({"phrase": left, "n_pages": np.zeros(len(left), np.int32)})
    parts = [part.select(FORMS.names).cast(FORMS) for part in (found.sort_by("phrase"), none)]
    return pa.concat_tables(parts)


class MarkedText(NamedTuple):
    """A text, with the sentences of it that are the wording of a form.

    Attributes
    ----------
    text : TokenText
        Sentences that are to be ignored are boilerplate in it.
    form : bool (s,)
        The sentences of a form.
    n_pages : int
        How many pages share a usual phrase of it.
    told, values : frozenset of int
        Ids of the names and numbers in its form, and of all of them.
    rest : TokenText
        The sentences of the form are boilerplate, too.
    """

    text: TokenText
    form: BoolArray
    n_pages: int
    told: frozenset[int]
    values: frozenset[int]
    rest: TokenText

    @property
    def share(self) -> float:
        """The share of words that stand in a form."""
        return 1 - self.rest.n_own_words / max(self.text.n_own_words, 1)


@dataclass(frozen=True, slots=True, eq=False)
class Forms:
    """The phrases of the forms of a run, and of texts to ignore.

    Attributes
    ----------
    phrases : int64 (p,)
        Ascending.
    n_pages : int32 (p,)
        How many pages have each.
    ignored : int64 (q,)
        Ascending.
    """

    phrases: NDArray[np.int64]
    n_pages: IntArray
    ignored: NDArray[np.int64]

    @classmethod
    def of(cls, table: pd.DataFrame) -> Forms:
        """Take the rows of a FORMS table; those without pages are of texts to ignore."""
        phrases, n_pages = (table[name].to_numpy() for name in FORMS.names)
        ignored = n_pages == 0
        return cls(phrases[~ignored], n_pages[~ignored], phrases[ignored])

    def ignoring(self, texts: Iterable[str]) -> Forms:
        """Return these forms, with the phrases of texts whose sentences are nobody's."""
        more = Forms.of(form_phrases(COUNTS.empty_table(), texts).to_pandas()).ignored
        return replace(self, ignored=np.union1d(self.ignored, more))

    def __bool__(self) -> bool:
        return bool(len(self.phrases) or len(self.ignored))

    def read(self, text: str) -> TokenText:
        """Read a text, without what is to be ignored."""
        return self.mark(read_text(text)).text

    def mark(self, text: TokenText) -> MarkedText:
        """Tell which sentences of a text are of a form.

        Those that are to be ignored become boilerplate.

        Examples
        --------
        >>> forms = NO_FORMS.ignoring(["Write two pages about a harbour that you know well."])
        >>> read = read_text("Write two pages about a harbour that you know well. Ostravel has a small one.")
        >>> forms.mark(read).text.boilerplate.tolist()
        [True, False]
        """
        if not self:
            return _unmarked(text)
        windows = _Windows.of(text)
        ignored = _covered(text, windows.take(_held(windows.phrases, self.ignored))) >= MIN_IGNORED
        text = replace(text, boilerplate=text.boilerplate | ignored, memo={}) if ignored.any() else text
        found = windows.take(_held(windows.phrases, self.phrases))
        form = (_covered(text, found) >= MIN_COVERED) & ~text.boilerplate
        value = is_value(text.ids)
        if not form.any():
            return _unmarked(text)._replace(values=_ids(text, value))
        inside = found.phrases[form[text.sentence_of[found.starts]]]
        pages = self.n_pages[np.searchsorted(self.phrases, inside)]
        told = _ids(text, value & form[text.sentence_of])
        rest = replace(text, boilerplate=text.boilerplate | form, memo={})
        return MarkedText(text, form, int(np.median(pages)), told, _ids(text, value), rest)


NO_FORMS = Forms(np.empty(0, np.int64), np.empty(0, np.int32), np.empty(0, np.int64))
"""Nothing is left out."""


def _unmarked(text: TokenText) -> MarkedText:
    nothing: frozenset[int] = frozenset()
    return MarkedText(text, np.zeros(text.n_sentences, np.bool_), 0, nothing, nothing, text)


def compare_marked(pairs: Sequence[tuple[MarkedText, MarkedText]]) -> tuple[list[Comparison], list[str | None]]:
    """Compare pairs of texts without the forms that they share.

    Parameters
    ----------
    pairs : sequence of (MarkedText, MarkedText)
        Source and suspect.

    Returns
    -------
    comparisons : list of Comparison
        Those of pages of one form are withheld where too little is left.
    notes : list of str or None
        What was left out of each (see `leave_out`).
    """
    left = [leave_out(source, suspect) for source, suspect in pairs]
    notes = [note for *_, note in left]
    made = compare_all((source, suspect) for source, suspect, _ in left)
    whole = zip(made, pairs, notes, strict=True)
    return [_withheld(one, *sides, note) if note else one for one, sides, note in whole], notes


def leave_out(source: MarkedText, suspect: MarkedText) -> tuple[TokenText, TokenText, str | None]:
    """Return two texts as they are to be compared, and what was left out.

    Parameters
    ----------
    source, suspect : MarkedText
        The two texts.

    Returns
    -------
    source, suspect : TokenText
        Without their forms where these are filled in otherwise, and most of a text.
    note : str or None
        Such as "18 of 22 sentences are a form that 38 pages share"; None where nothing was left out.
    """
    # Articles of one newsroom share wording, too: a spun one must not lose it.
    if max(source.share, suspect.share) < MOSTLY or _agree(source, suspect):
        return source.text, suspect.text, None
    side = max((source, suspect), key=lambda one: (one.share, one.n_pages))
    n, whole = int(side.form.sum()), int((~side.text.boilerplate).sum())
    return source.rest, suspect.rest, f"{n} of {whole} sentences are a form that {side.n_pages:,} pages share"


def _withheld(made: Comparison, source: MarkedText, suspect: MarkedText, note: str) -> Comparison:
    """Return a comparison of what a form left; it is not judged where that is too little, or of the form, too."""
    few = made.pair.n_aligned_words < FEWEST_REST
    return replace(made, withheld=f"form: {note}") if few or not _rest_agrees(made.pair) else made


def _agree(source: MarkedText, suspect: MarkedText) -> bool:
    """Tell whether two texts have the same names and numbers in their forms, or too few to tell."""
    n = len(source.told) + len(suspect.told)
    shared = len(source.told & suspect.values) + len(suspect.told & source.values)
    return n < FEWEST_VALUES or shared >= SAME_FILLING * n


def _rest_agrees(pair: AlignedPair) -> bool:
    """Tell whether the sentences that belong together have the same names and numbers, or too few to tell.

    Some sentences of a form are on too few pages to be known for what they are.
    """
    sides = []
    for text, words in ((pair.source, pair.group_words[:, :2]), (pair.suspect, pair.group_words[:, 2:])):
        value = is_value(text.ids)
        sides.append(
            {word for start, stop in words.tolist() for word in text.ids[start:stop][value[start:stop]].tolist()}
        )
    n = len(sides[0]) + len(sides[1])
    return n < FEWEST_VALUES or 2 * len(sides[0] & sides[1]) >= SAME_FILLING * n


def _ids(text: TokenText, chosen: BoolArray) -> frozenset[int]:
    return frozenset(text.ids[chosen].tolist())


# ------------------------------------------------------------------ phrases


class _Windows(NamedTuple):
    """The phrases of a text and the words of each, half-open."""

    phrases: NDArray[np.int64]
    starts: IntArray
    stops: IntArray

    @classmethod
    def of(cls, text: TokenText) -> _Windows:
        codes, starts = _elements(text)
        if len(codes) < _N:
            return cls(np.empty(0, np.int64), np.empty(0, np.int32), np.empty(0, np.int32))
        each = [codes[k : len(codes) - _N + 1 + k] for k in range(_N)]
        kept = sum((part >= 0).astype(np.int8) for part in each) >= _FEWEST_KEPT
        inside = (each[1] != _EDGE) & (each[2] != _EDGE)
        chosen = np.flatnonzero(kept & inside)
        phrases = np.zeros(len(chosen), np.uint64)
        for part in each:
            phrases = _mixed(phrases ^ part[chosen].astype(np.uint64))
        stops = np.append(starts[1:], len(text))
        return cls(phrases.view(np.int64), starts[chosen], stops[chosen + _N - 1])

    def take(self, chosen: BoolArray) -> _Windows:
        """Return some of the phrases."""
        return _Windows(self.phrases[chosen], self.starts[chosen], self.stops[chosen])


def _elements(text: TokenText) -> tuple[NDArray[np.int64], IntArray]:
    """Return the elements that phrases are made of, and the word at which each begins.

    An element is a lemma, a gap that stands for a run of names, numbers and rare words, or the edge of a sentence.
    """
    gap = (classify_words(text.ids).immutable | small_number_rows()[load_lexicon().row(text.ids)]).astype(np.bool_)
    again = np.zeros(len(text), np.bool_)
    again[1:] = gap[1:] & gap[:-1]
    again[text.sentence_stops[:-1]] = False
    starts = np.flatnonzero(~again).astype(np.int32)
    codes = np.where(gap[starts], _GAP, text.lemmas[starts]).astype(np.int64)
    edges = np.searchsorted(starts, text.sentence_stops)
    return np.insert(codes, edges, _EDGE), np.insert(starts, edges, text.sentence_stops)


def _phrases_of(text: TokenText) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the distinct phrases of a text, and for each a number of the names and numbers beside it."""
    windows = _Windows.of(text)
    phrases, first = np.unique(windows.phrases, return_index=True)
    return phrases, _fillings(text)[text.sentence_of[windows.starts[first]]].view(np.int64)


def _fillings(text: TokenText) -> HashArray:
    """Return for every sentence the least hash of its names and numbers.

    It is the same where a few of these were changed. Of a sentence with fewer than two, small numbers aside, it is that
    of the nearest ones that have any, too.
    """
    if not len(text):
        return np.empty(0, np.uint64)
    value = is_value(text.ids)
    starts, filled = text.sentence_stops[:-1], text.sentence_lengths > 0
    own, counts = np.full(text.n_sentences, _NONE), np.zeros(text.n_sentences, np.int32)
    own[filled] = np.minimum.reduceat(np.where(value, _mixed(text.ids.astype(np.uint64)), _NONE), starts[filled])
    telling = value & (text.ends - text.starts > _SHORT) & ~small_number_rows()[load_lexicon().row(text.ids)]
    counts[filled] = np.add.reduceat(telling.astype(np.int32), starts[filled])
    around = np.minimum(_last_before(own), _last_before(own[::-1])[::-1])
    return np.asarray(np.where(counts >= _FEW_VALUES, own, np.minimum(own, around)))


def _last_before(own: HashArray) -> HashArray:
    """Return for every place the last entry before it that is one, `_NONE` where there is none.

    >>> _last_before(np.array([5, 2**64 - 1, 7], np.uint64)).tolist()[1:]
    [5, 5]
    """
    places = np.maximum.accumulate(np.where(own != _NONE, np.arange(len(own)) + 1, 0))
    return np.asarray(np.append(_NONE, own)[np.append(0, places[:-1])])


def _mixed(codes: HashArray) -> HashArray:
    """Scatter numbers over 64 bits, the same on every machine."""
    codes = (codes ^ (codes >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    codes = (codes ^ (codes >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray((codes ^ (codes >> np.uint64(31))) + np.uint64(0x9E3779B97F4A7C15))


def _held(phrases: NDArray[np.int64], known: NDArray[np.int64]) -> BoolArray:
    """Return which phrases are among the known ones, which ascend."""
    if not len(known):
        return np.zeros(len(phrases), np.bool_)
    places = np.minimum(np.searchsorted(known, phrases), len(known) - 1)
    return np.asarray(known[places] == phrases)


def _covered(text: TokenText, found: _Windows) -> NDArray[np.float64]:
    """Return which share of every sentence's words stands in these phrases."""
    shares = np.zeros(text.n_sentences)
    if not len(found.phrases):
        return shares
    steps = np.zeros(len(text) + 1, np.int32)
    np.add.at(steps, found.starts, 1)
    np.add.at(steps, found.stops, -1)
    covered = np.cumsum(steps)[:-1] > 0
    filled = text.sentence_lengths > 0
    shares[filled] = np.add.reduceat(covered.astype(np.int32), text.sentence_stops[:-1][filled])
    return shares / np.maximum(text.sentence_lengths, 1)
