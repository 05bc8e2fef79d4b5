"""Verbs and nouns that follow no rule, as far as news needs them."""

from __future__ import annotations

_VERBS = """
arise arose arisen, be was been, bear bore borne, beat beat beaten, become became become, begin began begun,
bend bent bent, bet bet bet, bid bid bid, bind bound bound, bite bit bitten, bleed bled bled, blow blew blown,
break broke broken, breed bred bred, bring brought brought, broadcast broadcast broadcast, build built built,
burst burst burst, buy bought bought, cast cast cast, catch caught caught, choose chose chosen, cling clung clung,
come came come, cost cost cost, creep crept crept, cut cut cut, deal dealt dealt, dig dug dug, do did done,
draw drew drawn, drink drank drunk, drive drove driven, eat ate eaten, fall fell fallen, feed fed fed, feel felt felt,
fight fought fought, find found found, flee fled fled, fling flung flung, fly flew flown, forbid forbade forbidden,
forecast forecast forecast, forget forgot forgotten, forgive forgave forgiven, freeze froze frozen, get got got,
give gave given, go went gone, grind ground ground, grow grew grown, hang hung hung, have had had, hear heard heard,
hide hid hidden, hit hit hit, hold held held, hurt hurt hurt, keep kept kept, know knew known, lay laid laid,
lead led led, leave left left, lend lent lent, let let let, lie lay lain, light lit lit, lose lost lost,
make made made, mean meant meant, meet met met, pay paid paid, put put put, quit quit quit, read read read,
rid rid rid, ride rode ridden, ring rang rung, rise rose risen, run ran run, say said said, see saw seen,
seek sought sought, sell sold sold, send sent sent, set set set, sew sewed sewn, shake shook shaken, shed shed shed,
shine shone shone, shoot shot shot, show showed shown, shrink shrank shrunk, shut shut shut, sing sang sung,
sink sank sunk, sit sat sat, sleep slept slept, slide slid slid, sow sowed sown, speak spoke spoken,
spend spent spent, spin spun spun, split split split, spread spread spread, spring sprang sprung, stand stood stood,
steal stole stolen, stick stuck stuck, sting stung stung, strike struck struck, strive strove striven,
swear swore sworn, sweep swept swept, swell swelled swollen, swim swam swum, swing swung swung, take took taken,
teach taught taught, tear tore torn, tell told told, think thought thought, throw threw thrown, thrust thrust thrust,
tread trod trodden, understand understood understood, undertake undertook undertaken, upset upset upset,
wake woke woken, wear wore worn, weave wove woven, weep wept wept, win won won, wind wound wound,
withdraw withdrew withdrawn, wring wrung wrung, write wrote written
"""

_NOUNS = """
man men, woman women, child children, foot feet, tooth teeth, goose geese, mouse mice, louse lice, ox oxen,
person people, wife wives, life lives, knife knives, leaf leaves, half halves, shelf shelves, wolf wolves,
thief thieves, loaf loaves, calf calves, self selves, elf elves, crisis crises, analysis analyses, basis bases,
thesis theses, hypothesis hypotheses, axis axes, oasis oases, diagnosis diagnoses, emphasis emphases,
phenomenon phenomena, criterion criteria, medium media, datum data, bacterium bacteria, stimulus stimuli,
nucleus nuclei, alumnus alumni, sheep sheep, fish fish, deer deer, aircraft aircraft, spacecraft spacecraft,
series series, species species, headquarters headquarters, police police, cattle cattle, people people
"""

IRREGULAR_VERBS: dict[str, tuple[str, str]] = {
    base: (past, participle) for base, past, participle in (entry.split() for entry in _VERBS.split(","))
}
"""Base to past tense and past participle."""

_PLAIN_PLURALS: dict[str, str] = dict(zip(*[iter(_NOUNS.replace(",", " ").split())] * 2, strict=True))

IRREGULAR_PLURALS: dict[str, str] = _PLAIN_PLURALS | {
    f"{kind}{singular}": f"{kind}{plural}"
    for singular, plural in (("man", "men"), ("woman", "women"))
    for kind in ("spokes", "business", "sports", "chair", "fisher", "police", "country", "gentle", "fire", "crafts")
}
"""Singular to plural."""
