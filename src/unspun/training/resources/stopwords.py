"""Function words of English, written down by class.

Closed classes only, contractions as the tokeniser leaves them.
"""

from __future__ import annotations

DETERMINERS = (
    "a an the this that these those some any no every each either neither all both half several many much few "
    "little more most less least such what which whose another enough own same other"
)
PRONOUNS = (
    "i me my mine myself you your yours yourself yourselves he him his himself she her hers herself it its itself "
    "we us our ours ourselves they them their theirs themselves themself one ones oneself who whom whoever "
    "whomever whatever whichever somebody someone something anybody anyone anything nobody nothing none everybody "
    "everyone everything thou thee thy thine ye"
)
PREPOSITIONS = (
    "about above across after against along alongside amid amidst among amongst around as at atop before behind "
    "below beneath beside besides between beyond by concerning despite down during except for from in inside into "
    "like near of off on onto out outside over past per regarding since through throughout till to toward towards "
    "under underneath unlike until unto up upon versus via with within without"
)
CONJUNCTIONS = (
    "and but or nor so yet because although though if unless while whilst whereas whether than when whenever "
    "where wherever why how once lest"
)
AUXILIARIES = (
    "be am is are was were been being have has had having do does did doing done can could may might must shall "
    "should will would ought cannot"
)
PARTICLES = (
    "not n't 's 'll 've 're 'd 'm there here then now also just only too very even still again ever never however "
    "thus hence therefore else rather quite"
)
CONTRACTIONS = (
    "don't doesn't didn't isn't aren't wasn't weren't haven't hasn't hadn't can't couldn't won't wouldn't shan't "
    "shouldn't mustn't mightn't needn't ain't i'm you're we're they're i've you've we've they've i'll you'll "
    "he'll she'll it'll we'll they'll that'll there'll i'd you'd he'd she'd it'd we'd they'd who'd who'll who've "
    "who're y'all would've could've should've might've must've that'd there'd there're how'd what're what'd why'd "
    "where'd what'll"
)

STOP_WORDS = frozenset(
    " ".join((DETERMINERS, PRONOUNS, PREPOSITIONS, CONJUNCTIONS, AUXILIARIES, PARTICLES, CONTRACTIONS)).split()
)
VERBS = frozenset(AUXILIARIES.split()) | frozenset(CONTRACTIONS.split())
