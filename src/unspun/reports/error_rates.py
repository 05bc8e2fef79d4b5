"""Say how often scores like this one are wrong, by the model's card."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from scipy.special import expit, logit

from unspun.evidence.explanation import Explanation
from unspun.io.labels import HONEST, LENGTHS, SPUN, length_name
from unspun.model.calibration import shift_prior
from unspun.model.persistence import read_card
from unspun.text.resources import model_dir

_PROTOCOL = "group-cv"
_WORDS = {
    "backtranslation": "round trip through another language",
    "llm": "language model",
    "neural": "neural paraphraser",
    "quillbot": "QuillBot",
    "synonym": "synonym swapper",
    "macro": "mean of these kinds",
}


class Threshold(NamedTuple):
    """A score that a share of honest pairs exceeds.

    The share of spun pairs above it comes by kind of spinning.
    """

    false_alarms: str
    score: float
    found: dict[str, float]


class Rate(NamedTuple):
    """A group of pairs and its share above the threshold of 1 %.

    The share is measured on so many pairs; 0 is unknown.
    """

    name: str
    rate: float
    n_pairs: int
    this: bool = False


class Rates(NamedTuple):
    """The error rates that the card has.

    All is empty where the card says nothing, and ``sentence`` says so.
    """

    sentence: str
    thresholds: tuple[Threshold, ...] = ()
    kinds: tuple[str, ...] = ()
    honest: tuple[Rate, ...] = ()
    lengths: tuple[Rate, ...] = ()
    limits: tuple[str, ...] = ()
    not_for: tuple[str, ...] = ()

    @property
    def likeliest(self) -> str:
        """Name of the honest relation that the first rows of ``honest`` are about."""
        return self.honest[0].name.split(":")[0] if self.honest else ""


@lru_cache(maxsize=1)
def shipped_card() -> dict[str, Any]:
    """Return the card that ships with the model.

    Empty when there is none that can be read.
    """
    return read_card(model_dir())


def rates(found: Explanation, card: Mapping[str, Any] | None = None) -> Rates:
    """Return the error rates that concern a pair.

    Parameters
    ----------
    found : Explanation
        Its score, the share of spun pairs that it holds for, and the model that made it: a card of another model is not
        used. Thresholds are given as scores for that share.
    card : mapping, optional
        As `unspun.training.model_card.describe` makes it; the one beside the model by default. Parts that it lacks
        are left out.

    Returns
    -------
    Rates
        What is known of the model; one sentence alone where its card is not there.

    Examples
    --------
    >>> figures = {"tpr@1%": {"threshold": 0.8, "llm": 0.75}}
    >>> made = _thresholds(figures, 0.5)[0]
    >>> round(made.score, 6), made.found
    (0.8, {'llm': 0.75})
    >>> round(_thresholds(figures, 0.2)[0].score, 6)
    0.5
    """
    card = shipped_card() if card is None else card
    if card.get("model") != found.model:
        return Rates(f"No error rates are known for the model {found.model}.")
    summary = card.get("protocols", {}).get(_PROTOCOL, {})
    figures, parts = summary.get("figures", {}), summary.get("breakdown", [])
    thresholds = _thresholds(figures, float(found.provenance.options.get("prior", 0.5)))
    return Rates(
        _sentence(found.p_spun, thresholds),
        thresholds,
        tuple(dict.fromkeys(kind for one in thresholds for kind in one.found)),
        _honest(parts, found.relation),
        _lengths(parts, found.n_aligned_words),
        tuple(map(str, card.get("limits", ()))),
        tuple(map(str, card.get("not_for", ()))),
    )


def kind_words(kind: str) -> str:
    """Return what a kind of spinning is called on a page.

    >>> kind_words("llm"), kind_words("some_new_kind")
    ('language model', 'some new kind')
    """
    return _WORDS.get(kind, kind.replace("_", " "))


def _thresholds(figures: Mapping[str, Mapping[str, float]], prior: float) -> tuple[Threshold, ...]:
    """Return the thresholds of a card, which hold for one half, as scores for another prior."""
    made = []
    for name, part in figures.items():
        if name.startswith("tpr@") and "threshold" in part:
            families = {kind: rate for kind, rate in part.items() if kind not in ("threshold", "macro")}
            score = float(expit(shift_prior(logit(part["threshold"]), prior)))
            made.append(Threshold(name.removeprefix("tpr@"), score, families))
    return tuple(sorted(made, key=lambda one: one.score))


def _sentence(p_spun: float, thresholds: tuple[Threshold, ...]) -> str:
    """Say what share of honest pairs scores as high as this one."""
    if not thresholds:
        return "The card of this model has no error rates."
    passed = [one for one in thresholds if p_spun > one.score]
    if not passed:
        low = thresholds[0]
        return f"More than {low.false_alarms} of the honest test pairs score as high as this one, or higher."
    high = passed[-1]
    return f"Of the honest test pairs, at most {high.false_alarms} score above {high.score:.3f}, as this pair does."


def _honest(parts: Iterable[Mapping[str, Any]], relation: Mapping[str, float]) -> tuple[Rate, ...]:
    """Return false alarms by honest relation and kind; this pair's relation first, then the highest."""
    honest = {name: p for name, p in relation.items() if name != SPUN}
    likeliest = max(honest, key=lambda name: honest[name]) if honest else ""
    made = [_rate(row, row["name"].startswith(likeliest)) for row in parts if row["by"] == "honest kind"]
    return tuple(sorted(made, key=lambda one: (not one.this, -one.rate)))


def _lengths(parts: Iterable[Mapping[str, Any]], n_aligned: int) -> tuple[Rate, ...]:
    """Return false alarms by length, the shortest first, marking the length that this pair has."""
    of_name = {row["name"]: row for row in parts if row["by"] == "length" and row["side"] == HONEST}
    names = [name for name in map(length_name, LENGTHS) if name in of_name]
    return tuple(_rate(of_name[name], name == length_name(n_aligned)) for name in names)


def _rate(row: Mapping[str, Any], this: bool) -> Rate:
    return Rate(row["name"].replace(", ", ": ", 1).replace("_", " "), row["above"], row["pairs"], this)
