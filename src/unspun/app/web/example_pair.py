"""A pair of texts to try: an invented story, and the same story spun by hand.

Both were written for this page.
"""

from __future__ import annotations

from unspun.app.web.given_texts import GivenText, Texts

_SOURCE = """\
The night train from Velmoor to Harrow Quay stopped for five hours on Tuesday after a storm brought down trees along \
the line. Two hundred passengers waited in the dark near the village of Little Ansted, where the track runs through \
a narrow valley.

The guard, Marit Solberg, walked through the coaches with a lamp and handed out the last bottles of water. "Nobody \
complained," she said on Wednesday. "People shared their bread, and a choir from Velmoor sang for an hour."

Farmers from the village cleared the first trees with their own saws before the railway's crew arrived at four in the \
morning. The company said it would pay the full price of every ticket. It will also cut back the old poplars beside \
the line before winter, a measure that residents have demanded for years."""

_SUSPECT = """\
The nighttime train from Velmoor to Harrow Quay halted for five hours on Tuesday after a tempest brought down timber \
along the line. Two hundred travellers awaited in the darkness near the hamlet of Little Ansted, where the rail runs \
through a constricted vale.

The sentinel, Marit Solberg, strolled through the carriages with a lantern and distributed the final flasks of water. \
"Nobody grumbled," she stated on Wednesday. "Folks divided their loaf, and a chorus from Velmoor chanted for an hour."

Growers from the hamlet removed the initial trees with their own saws before the railroad's squad came at four in the \
morning. The firm stated it would reimburse the complete cost of each ticket. It will likewise trim the ancient \
poplars alongside the line before winter, a step that inhabitants have requested for years."""

EXAMPLE = Texts(
    GivenText(_SOURCE, title="Night train held up by storm", address="https://velmoor-courier.example/night-train"),
    GivenText(_SUSPECT, title="Nighttime train halted by tempest", address="https://hot-news-now.example/train-halted"),
)
"""The source, and the text spun from it."""
