"""Tell whether one text was machine-spun from another.

Tell, too, which one is the source, and show the evidence. The names below are the public ones; they are loaded when
they are first used. Whatever else the package holds may move without notice.

>>> score("The old ferry sank.", "The old ferryboat sank.").n_substitutions
1
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from unspun.comparison.aligned_pair import AlignedPair
    from unspun.comparison.alignment import align
    from unspun.comparison.features.catalogue import FEATURES
    from unspun.comparison.features.extraction import featurize
    from unspun.crawl.run import Run, open_run
    from unspun.crawl.run_plan import ScanOptions
    from unspun.crawl.scan import scan
    from unspun.errors import UnspunError
    from unspun.evidence.explaining import explain
    from unspun.evidence.explanation import Explanation
    from unspun.model.detector import SpinDetector, load_detector
    from unspun.model.pair_score import Passage, Score
    from unspun.model.scoring import score, score_pairs
    from unspun.text.tokenizer import read_text

__version__ = "0.1.0"
__all__ = [
    "FEATURES",
    "AlignedPair",
    "Explanation",
    "Passage",
    "Run",
    "ScanOptions",
    "Score",
    "SpinDetector",
    "UnspunError",
    "align",
    "explain",
    "featurize",
    "load_detector",
    "open_run",
    "read_text",
    "scan",
    "score",
    "score_pairs",
]
_HOMES = {
    "comparison.aligned_pair": ("AlignedPair",),
    "comparison.alignment": ("align",),
    "comparison.features.catalogue": ("FEATURES",),
    "comparison.features.extraction": ("featurize",),
    "crawl.run": ("Run", "open_run"),
    "crawl.run_plan": ("ScanOptions",),
    "crawl.scan": ("scan",),
    "errors": ("UnspunError",),
    "evidence.explaining": ("explain",),
    "evidence.explanation": ("Explanation",),
    "model.detector": ("SpinDetector", "load_detector"),
    "model.pair_score": ("Passage", "Score"),
    "model.scoring": ("score", "score_pairs"),
    "text.tokenizer": ("read_text",),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> object:
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = globals()[name] = getattr(import_module(f"{__name__}.{_HOME_OF[name]}"), name)
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
