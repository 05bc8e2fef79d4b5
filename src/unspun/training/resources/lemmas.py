"""Find lemmas by WordNet's detachment rules, checked against WordNet.

simplemma's dictionary has the irregular ones.
"""

from __future__ import annotations

from collections.abc import Callable

import simplemma

from unspun.training.resources.wordnet import WordNet

_RULES = {
    "n": (
        ("s", ""),
        ("ses", "s"),
        ("xes", "x"),
        ("zes", "z"),
        ("ches", "ch"),
        ("shes", "sh"),
        ("men", "man"),
        ("ies", "y"),
    ),
    "v": (("s", ""), ("ies", "y"), ("es", "e"), ("es", ""), ("ed", "e"), ("ed", ""), ("ing", "e"), ("ing", "")),
    "a": (("er", ""), ("est", ""), ("er", "e"), ("est", "e"), ("ier", "y"), ("iest", "y")),
}
# What simplemma gets wrong for our use, and the auxiliaries, which are looked up before anything else.
_FIXED = {
    **dict.fromkeys(("am", "is", "are", "was", "were", "been", "being"), "be"),
    **dict.fromkeys(("has", "had", "having"), "have"),
    **dict.fromkeys(("does", "did", "doing", "done"), "do"),
    **{"worse": "bad", "worst": "bad", "better": "good", "best": "good", "lay": "lay", "axes": "axe", "media": "media"},
    **{"felt": "feel", "left": "leave", "bigger": "big", "biggest": "big", "tis": "tis"},
    **{"further": "far", "farther": "far", "more": "more", "most": "most", "less": "less", "least": "least"},
    **{"people": "people", "data": "data", "news": "news", "series": "series", "species": "species"},
}


def candidates(word: str, net: WordNet) -> list[tuple[str, str]]:
    """Return the (base, part of speech) that WordNet's rules allow and WordNet knows.

    Parameters
    ----------
    word : str
        In lower case.
    net : WordNet
        Knows which bases exist.

    Returns
    -------
    list of (str, str)
        Each base once, in the order of the rules.

    Examples
    --------
    >>> net = WordNet(senses={"stop": [("v", 1)], "city": [("n", 2)]})
    >>> candidates("stopped", net), candidates("cities", net), candidates("hated", net)
    ([('stop', 'v')], [('city', 'n')], [])
    """
    found = []
    for pos, rules in _RULES.items():
        for ending, replacement in rules:
            if word.endswith(ending) and len(word) > len(ending) + 1:
                found += [(base, pos) for base in _bases(word, ending, replacement) if _is(base, pos, net)]
    return list(dict.fromkeys(found))


def _bases(word: str, ending: str, replacement: str) -> list[str]:
    stem = word[: -len(ending)]
    doubled = ending in ("ed", "ing", "er", "est") and not replacement and stem[-1] == stem[-2:-1]
    bases = [stem + replacement]
    return [*bases, stem[:-1]] if doubled else bases


def _is(word: str, pos: str, net: WordNet) -> bool:
    return any(p == pos for p, _ in net.senses.get(word, ()))


def lemma(word: str, net: WordNet, zipf: Callable[[str], float]) -> str:
    """Return the lemma of a lower-case word, the word itself when it has no other.

    A word that is a lemma of WordNet in its own right (`building`) keeps itself unless simplemma sees an inflection and
    WordNet's tagged texts use the base more. Adverbs in -ly are never taken apart.

    Parameters
    ----------
    word : str
        A single word.
    net : WordNet
        Knows which bases exist.
    zipf : callable
        Word frequency, which decides between bases.

    Returns
    -------
    str
        The lemma, in lower case.
    """
    if word in _FIXED:
        return _FIXED[word]
    if "'" in word or word.endswith("ly") or len(word) < 3:
        return word
    irregular = simplemma.lemmatize(word, "en").lower()
    bases = candidates(word, net)
    if word in net.senses:
        return irregular if _inflection_wins(word, irregular, bases, net) else word
    if irregular != word and irregular in net.senses and irregular not in net.instances:
        return irregular
    regular = (base for base, _ in bases if not (base in net.instances or len(base) < 3))
    return max(regular, key=lambda b: (net.n_uses(b), zipf(b)), default=word)


def _inflection_wins(word: str, base: str, bases: list[tuple[str, str]], net: WordNet) -> bool:
    if base == word or base not in net.senses:
        return False
    regular = any(base == b for b, _ in bases)
    return net.n_uses(base) > net.n_uses(word) and (regular or net.n_uses(word) < net.n_uses(base) / 3)


def pos_bits(word: str, base: str, net: WordNet) -> int:
    """Return the parts of speech of a word.

    Its own in WordNet, else those its base may be inflected as.

    Parameters
    ----------
    word : str
        In lower case.
    base : str
        Its lemma.
    net : WordNet
        Where parts of speech come from.

    Returns
    -------
    int
        Bits: 1 noun, 2 verb, 4 adjective, 8 adverb.
    """
    bits = net.pos(word)
    if base == word:
        return bits
    regular = [bit for pos, bit in (("n", 1), ("v", 2), ("a", 4)) if (base, pos) in candidates(word, net)]
    # An irregular form is a verb's where its base is a verb (`said`), else a noun's or an adjective's (`mice`, `best`).
    return bits | (sum(regular) or net.pos(base) & 2 or net.pos(base) & 5)
