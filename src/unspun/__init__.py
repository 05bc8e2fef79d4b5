"""Unspun tells whether one article was machine-spun from another, which one is the source, and shows the evidence.

Import what you need from its modules: `unspun.evidence.explaining.explain` for one pair, and
`unspun.model.scoring.score_pairs` for a table of them.
"""

__version__ = "0.1.0"
