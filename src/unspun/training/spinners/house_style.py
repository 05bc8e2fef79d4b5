"""Edit a text as a copy desk does with a text of another house.

Spelling, numerals, dates, quotation marks and titles change.
"""

from __future__ import annotations

import re

from numpy.random import Generator

from unspun.training.spinners.places import copy_capitals

_OUR = (
    "arb arm behavi cand clam col endeav fav ferv flav harb hon hum lab neighb od parl ranc rig rum savi splend tum "
    "val vap vig"
)
_ISE = (
    "agon apolog author capital categor central character civil colon compartmental computer critic crystall custom "
    "democrat digit econom emphas empath energ equal familiar final formal fossil general glamor global harmon "
    "hospital immun industrial institutional internal jeopard legal legitim liberal local magnet material maxim memor "
    "mesmer militar minim mobil modern monopol national neutral normal optim organ ostrac paral patron penal personal "
    "polar popular prior privat professional publ public radical random real recogn regular revital revolution sanit "
    "scrutin sensit social special stabil standard steril stigmat subsid summar symbol sympath terror theor traumat "
    "trivial union urban util vandal victim visual weapon"
)
_RE = "cent fib lit lust met reconnoit sab som spect theat kilomet centimet millimet calib"
_DOUBLE = (
    "cancel channel counsel dial duel equal fuel grovel jewel label level libel marvel model panel pedal quarrel rival "
    "shovel signal total travel tunnel unravel"
)
_PAIRS = """
defence defense, offence offense, licence license, pretence pretense, programme program, programmes programs,
cheque check, cheques checks, tyre tire, tyres tires, kerb curb, kerbs curbs, grey gray, aluminium aluminum,
analyse analyze, analysed analyzed, analysing analyzing, catalogue catalog, dialogue dialog, plough plow,
ploughed plowed, sceptic skeptic, sceptical skeptical, scepticism skepticism, mould mold, manoeuvre maneuver,
manoeuvres maneuvers, paediatric pediatric, anaesthetic anesthetic, jewellery jewelry, moustache mustache, ageing aging,
towards toward, afterwards afterward, whilst while, amongst among, learnt learned, burnt burned, dreamt dreamed,
skilful skillful, fulfil fulfill, fulfilment fulfillment, enrol enroll, enrolment enrollment, instalment installment,
instalments installments, wilful willful, storey story, storeys stories, draught draft, draughts drafts, cosy cozy,
judgement judgment, acknowledgement acknowledgment, practise practice, practised practiced, axe ax, pyjamas pajamas,
gaol jail, doughnut donut, sulphur sulfur, foetus fetus, haemorrhage hemorrhage, diarrhoea diarrhea, oestrogen estrogen,
lorry truck, lorries trucks, petrol gasoline, railway railroad, railways railroads, pavement sidewalk,
car park parking lot, holidaymakers vacationers
"""


def _spellings() -> dict[str, str]:
    """Return British spellings and the American ones."""
    table = dict(_by_ending(_OUR, "our", "or", ("", "s", "ed", "ing", "able", "ite", "ites", "ful", "hood", "less")))
    table |= _by_ending(_ISE, "is", "iz", ("e", "es", "ed", "ing", "ation", "ations", "er", "ers"))
    table |= _by_ending(_RE, "re", "er", ("", "s"))
    table |= _by_ending(_DOUBLE, "l", "", ("ed", "ing", "er", "ers", "or", "ors"))
    return table | {british: american for british, american in (_two(pair) for pair in _PAIRS.split(",")) if american}


def _by_ending(stems: str, british: str, american: str, endings: tuple[str, ...]) -> dict[str, str]:
    return {stem + british + end: stem + american + end for stem in stems.split() for end in endings}


def _two(pair: str) -> tuple[str, str]:
    """Split a pair of single words, or of two words each."""
    words = pair.split()
    middle = len(words) // 2
    return (" ".join(words[:middle]), " ".join(words[middle:])) if len(words) != 3 else (" ".join(words[:2]), words[2])


TO_AMERICAN = _spellings()
_TWO_MEANINGS = frozenset(
    "while check checks story stories practice practiced draft drafts jail learned program programs truck trucks "
    "license among".split()
)
"""American words that are also British ones of another meaning, and stay in Britain."""
TO_BRITISH = {american: british for british, american in TO_AMERICAN.items() if american not in _TWO_MEANINGS}
_WORD = re.compile(r"(?<![\w'’-])[a-z]+(?: (?:park|lot)\b)?(?![\w-])")
_MONTH = "January|February|March|April|May|June|July|August|September|October|November|December"
_DAY_FIRST = re.compile(rf"\b(\d{{1,2}}) ({_MONTH})( \d{{4}})?\b")
_MONTH_FIRST = re.compile(rf"\b({_MONTH}) (\d{{1,2}})(?:, (\d{{4}}))?\b(?!,? \d{{4}})")
_PER_CENT = re.compile(r"(?<=\d)(?: ?%| per ?cent\b)")
_DIGIT_NAMES = "zero one two three four five six seven eight nine ten".split()
_UNIT = rf"per|p\.?m|a\.?m|million|billion|{_MONTH}"
_SMALL_NUMERAL = re.compile(
    r"(?<![\d.,:£$€/-])(?<!\d )\b(?:[2-9]|10)\b"
    rf"(?![\d.,:%/-]|(?:st|nd|rd|th|m|bn|km|pm|am|kg)\b| (?:{_UNIT}))"
)
_SMALL_NAME = re.compile(r"(?<=[a-z] )(?:two|three|four|five|six|seven|eight|nine|ten)(?= [a-z])")


def house_style(text: str, rng: Generator, strength: float) -> str:
    """Return the text in another house's style.

    Each of a dozen rules is kept or not, for the whole text.

    Nothing that a rule does not name is changed.

    Parameters
    ----------
    text : str
        Any text.
    rng : Generator
        Decides which rules the house has.
    strength : float
        Chance of each rule, in [0, 1]; British or American spelling is always among them.

    Returns
    -------
    str
        The text in that style.
    """
    american = bool(rng.random() < 0.5)
    text = respell(text, american)
    lots = rng.random(6)
    if lots[0] < strength:
        text = _dates(text, american)
    if lots[1] < strength:
        text = _PER_CENT.sub(("%", " per cent", " percent")[int(rng.integers(3))], text)
    if lots[2] < strength:
        text = _numerals(text, spelled=bool(rng.random() < 0.5))
    if lots[3] < strength:
        text = _quotation_marks(text, bool(rng.random() < 0.5))
    if lots[4] < strength:
        text = _says(text, bool(rng.random() < 0.5))
    return _points(text, american) if lots[5] < strength else text


def respell(text: str, american: bool) -> str:
    """Return the text with American or British spelling.

    Words with a capital may be names and stay.

    Parameters
    ----------
    text : str
        Any text.
    american : bool
        American spelling, else British.

    Returns
    -------
    str
        The text respelt.

    Examples
    --------
    >>> respell("The harbour was organised, says the Labour MP.", american=True)
    'The harbor was organized, says the Labour MP.'
    """
    table = TO_AMERICAN if american else TO_BRITISH
    return _WORD.sub(lambda m: table.get(m[0], m[0]), text)


def _dates(text: str, american: bool) -> str:
    """Turn 12 March 2019 into March 12, 2019, or the other way round."""
    if american:
        return _DAY_FIRST.sub(lambda m: f"{m[2]} {m[1]}" + (f",{m[3]}" if m[3] else ""), text)
    return _MONTH_FIRST.sub(lambda m: f"{m[2]} {m[1]}" + (f" {m[3]}" if m[3] else ""), text)


def _numerals(text: str, spelled: bool) -> str:
    if spelled:
        return _SMALL_NUMERAL.sub(lambda m: _DIGIT_NAMES[int(m[0])], text)
    return _SMALL_NAME.sub(lambda m: str(_DIGIT_NAMES.index(m[0])), text)


_OPENING_DOUBLE = re.compile(r"\"(?=\w)")
_CURLY = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'"})


def _quotation_marks(text: str, straight: bool) -> str:
    if straight:
        return text.translate(_CURLY)
    return _OPENING_DOUBLE.sub("“", text).replace('"', "”").replace("'", "’")


def _says(text: str, past: bool) -> str:
    old, new = ("says", "said") if past else ("said", "says")
    return re.sub(rf"(?<=[,”\"] ){old}\b|(?<= he ){old}\b|(?<= she ){old}\b", new, text)


_TITLE = re.compile(r"\b(Mr|Mrs|Ms|Dr|St)\.? (?=[A-Z])")
_HALF_DAYS = re.compile(r"(?<=\d) ?([ap])\.?m\b\.?")


def _points(text: str, american: bool) -> str:
    """Set or leave out the points of titles, and write the halves of a day as the house does."""
    text = _TITLE.sub(lambda m: f"{m[1]}{'.' if american else ''} ", text)
    return _HALF_DAYS.sub(lambda m: f" {m[1]}.m." if american else f"{m[1]}m", text)


_CUTS = {
    "in order to": "to",
    "a number of": "several",
    "at the present time": "now",
    "due to the fact that": "because",
    "in the event that": "if",
    "prior to": "before",
    "the fact that": "that",
    "as well as": "and",
    "at this point": "now",
    "in addition to": "besides",
    "a total of": "",
    "on a daily basis": "daily",
    "in spite of": "despite",
    "with regard to": "about",
    "the majority of": "most",
    "is able to": "can",
    "has the ability to": "can",
    "approximately": "about",
    "additional": "more",
    "utilise": "use",
    "commence": "begin",
    "purchase": "buy",
}
"""Wordings that editors shorten."""
_TRIMMED = re.compile(
    r"\b(?:very|really|quite|actually|basically|simply|just|certainly|currently|also|however,|indeed,) (?=[a-z])"
)
_THAT = re.compile(r"(?<=\b(?:said|says)) that (?=(?:he|she|it|they|the|a)\b)")
_SHORTENED = re.compile(rf"\b(?:{'|'.join(sorted(_CUTS, key=len, reverse=True))})\b ?", re.IGNORECASE)


def tighten(text: str, rng: Generator, share: float) -> str:
    """Return the text with a share of its padding taken out.

    `that` after said, weak adverbs, long-winded phrases.

    Parameters
    ----------
    text : str
        Any text.
    rng : Generator
        Picks what goes.
    share : float
        Share of the padding that goes, in [0, 1].

    Returns
    -------
    str
        The shorter text.

    Examples
    --------
    >>> import numpy as np
    >>> tighten("She said that it was very cold.", np.random.default_rng(0), 1.0)
    'She said it was cold.'
    """

    def kept(new: str, match: re.Match[str]) -> str:
        return new if rng.random() < share else match[0]

    text = _SHORTENED.sub(lambda m: kept(_short(m), m), text)
    return _TRIMMED.sub(lambda m: kept("", m), _THAT.sub(lambda m: kept(" ", m), text))


def _short(match: re.Match[str]) -> str:
    old = match[0].rstrip()
    new = copy_capitals(old, _CUTS[old.lower()])
    return new + match[0][len(old) :] if new else ""
