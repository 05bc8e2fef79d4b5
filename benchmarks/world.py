"""What the detector says of honest texts that no dataset holds: spoiled, renamed, filled in, edited, and of junk.

``python benchmarks/world.py [--texts FILE] [--each 100] [--jobs 1] [--model FOLDER] [--json FILE] [--strict]`` prints a
table and writes it. FILE is JSON Lines (packed or not) with a ``text`` or ``source`` a line; the news stories of
``data/world`` are taken where none is given. What is told spun has p_spun of 50 % or more.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from itertools import cycle, permutations
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

import numpy as np
import pandas as pd

from unspun.crawl.run_plan import ScanOptions
from unspun.crawl.scan import scan
from unspun.model.detector import SpinDetector, load_detector
from unspun.model.scoring import score_pairs
from unspun.training.honest.anonymising import ANONYMISERS
from unspun.training.honest.character_noise import NOISES
from unspun.training.honest.forms.all_forms import FORMS
from unspun.training.honest.forms.form_template import Form
from unspun.training.spinners import SPINNERS

ROOT = Path(__file__).resolve().parent.parent
WORLD = ROOT / "data" / "world"
RESULT = ROOT / "build" / "bench" / "world.json"
SPUN = 0.5
LENGTHS = (120, 600)
RATES = {
    **dict.fromkeys(("transposed", "dropped", "doubled"), (0.01, 0.02, 0.04)),
    **dict.fromkeys(("misread", "scanned"), (0.01, 0.03, 0.05)),
    **dict.fromkeys(("split", "glued", "hard-wrapped"), (0.01, 0.03)),
    **dict.fromkeys(("mojibake", "line-end-hyphens"), (0.02, 0.08)),
}
"""Rates of every noise; those of the renamings are the share of names."""
SPOILED_SPINS = (("misread", 0.03), ("transposed", 0.02), ("line-end-hyphens", 0.08), ("mojibake", 0.08))
N_PAGES, N_ARTICLES, SPIN_STRENGTH = 40, 20, 0.6
# Name of a figure to the largest share that should be told spun (or that should have a number, of junk).
BARS = {"noise": 0.01, "names": 0.01, "form": 0.01, "editions": 0.03, "junk": 0.0}


class Cell(NamedTuple):
    """A figure: its group, its name, how many pairs, how many of them told spun, and what else there is to say."""

    group: str
    name: str
    n: int
    told: int
    note: str = ""

    @property
    def share(self) -> float:
        """The share told spun."""
        return self.told / self.n if self.n else float("nan")


class Judge(NamedTuple):
    """A detector and the processes it may use."""

    detector: SpinDetector
    jobs: int
    model: str | None

    def scores(self, pairs: Sequence[tuple[str, str]]) -> pd.DataFrame:
        """Return the scores of pairs of texts, in their order."""
        frame = pd.DataFrame(pairs, columns=["source", "suspect"], dtype=str)
        frame.insert(0, "id", [str(place) for place in range(len(frame))])
        return score_pairs(frame, self.detector, self.jobs)

    def told(self, pairs: Sequence[tuple[str, str]]) -> int:
        """Return how many pairs are told spun."""
        return int((self.scores(pairs)["p_spun"] >= SPUN).sum())


def lines(path: Path) -> Iterator[dict[str, str]]:
    """Yield the records of a file of JSON Lines."""
    data = path.read_bytes()
    for line in (gzip.decompress(data) if path.suffix == ".gz" else data).decode("utf-8").split("\n"):
        if line:
            yield json.loads(line)


def read_texts(path: Path, n: int) -> list[str]:
    """Return texts of the length of news, evenly spread over a file."""
    found = [str(record.get("text") or record.get("source")) for record in lines(path)]
    fit = [text for text in found if LENGTHS[0] <= len(text.split()) <= LENGTHS[1]]
    places = np.linspace(0, len(fit) - 1, min(n, len(fit))).astype(int)
    return [fit[place] for place in places.tolist()]


def seeded(*names: object) -> np.random.Generator:
    """Return a generator for a name."""
    return np.random.default_rng(crc32(" ".join(map(str, names)).encode()))


def spoiled(texts: Sequence[str], judge: Judge) -> Iterator[Cell]:
    """Yield how texts are judged beside themselves with letters spoiled, or names and numbers replaced."""
    for name, rates in RATES.items():
        for rate in rates:
            pairs = [(text, NOISES[name](text, seeded(name, rate, k), rate)) for k, text in enumerate(texts)]
            yield Cell("noise", f"{name} {100 * rate:g} %", len(pairs), judge.told(pairs))
    for name, change in ANONYMISERS.items():
        pairs = [(text, change(text, seeded(name, k), 1.0)) for k, text in enumerate(texts)]
        yield Cell("names", name, len(pairs), judge.told(pairs))


def spun(texts: Sequence[str], judge: Judge) -> Iterator[Cell]:
    """Yield how spun texts are judged, as they are and spoiled: noise must be no sign of honesty either."""
    spins = [
        (text, spinner.spin(text, seeded(spinner.name, k), SPIN_STRENGTH))
        for k, (text, spinner) in enumerate(zip(texts, cycle(SPINNERS), strict=False))
    ]
    yield Cell("spun", "as they are", len(spins), judge.told(spins))
    for name, rate in SPOILED_SPINS:
        noisy = [(text, NOISES[name](suspect, seeded(name, k), rate)) for k, (text, suspect) in enumerate(spins)]
        yield Cell("spun", f"{name} {100 * rate:g} %", len(noisy), judge.told(noisy))


def forms(judge: Judge) -> Iterator[Cell]:
    """Yield what a scan of the pages of one form finds, among them one that is spun from another."""
    for form in FORMS:
        for house in (None, 1):
            yield _scanned(form, house, judge)


def _scanned(form: Form, house: int | None, judge: Judge) -> Cell:
    pages = [form(seeded(form.name, house, k), house) for k in range(N_PAGES)]
    texts = {f"https://site{k}.example/{k}": page for k, page in enumerate(pages)}
    spin = "https://spun.example/copy"
    texts[spin] = SPINNERS[0].spin(pages[0], seeded(form.name), SPIN_STRENGTH)
    with tempfile.TemporaryDirectory() as folder:
        crawl = Path(folder) / "pages.jsonl"
        rows = (json.dumps({"url": url, "text": text, "language": "en"}) + "\n" for url, text in texts.items())
        crawl.write_text("".join(rows), encoding="utf-8")
        scores = scan(ScanOptions((str(crawl),), model=judge.model), Path(folder) / "run", n_jobs=judge.jobs).scores
    ends = scores[["source_id", "suspect_id"]]
    planted = ends.isin([spin]).any(axis=1)
    flagged = scores["p_spun"] >= SPUN
    right = planted & ends.isin(["https://site0.example/0"]).any(axis=1)
    note = f"spun copy {'found' if bool((flagged & right).any()) else 'missed'}"
    where = "one site's wording" if house else "any wording"
    return Cell("form", f"{form.name}, {where}", int((~planted).sum()), int((flagged & ~planted).sum()), note)


def editions(judge: Judge) -> Iterator[Cell]:
    """Yield how early and later editions are judged, and which are worst."""
    pairs = [(pair["id"], (pair["source"], pair["suspect"])) for pair in lines(WORLD / "editions.jsonl")]
    for name, order in (("early, late", 1), ("late, early", -1)):
        p_spun = judge.scores([texts[::order] for _, texts in pairs])["p_spun"]
        worst = [f"{pairs[place][0]} {p_spun[place]:.2f}" for place in p_spun.nlargest(3).index]
        yield Cell("editions", name, len(pairs), int((p_spun >= SPUN).sum()), ", ".join(worst))


def junk(texts: Sequence[str], judge: Judge) -> Iterator[Cell]:
    """Yield how many pairs of junk, with articles and with one another, get a number."""
    articles = texts[:N_ARTICLES]
    kinds = {record["kind"]: record["text"] for record in lines(WORLD / "junk.jsonl")}
    for kind, text in kinds.items():
        scores = judge.scores([(article, text) for article in articles] + [(text, article) for article in articles])
        yield _numbered(kind, scores)
    yield _numbered("junk with junk", judge.scores(list(permutations(kinds.values(), 2))))


def _numbered(name: str, scores: pd.DataFrame) -> Cell:
    """Return how many pairs have a number, the largest of them, and what the caution says."""
    p_spun, cautions = scores["p_spun"], scores["abstained"].dropna()
    said = cautions.mode().iloc[0] if len(cautions) else "no caution"
    top = f"up to {p_spun.max():.2f}, {int((p_spun >= SPUN).sum())} told spun; " if p_spun.notna().any() else ""
    return Cell("junk", name, len(scores), int(p_spun.notna().sum()), f"{top}{said}")


def table(cells: Sequence[Cell]) -> Iterator[str]:
    """Yield the lines of the table."""
    yield f"{'group':9} {'what':40} {'pairs':>6} {'told':>6} {'share':>7}  note"
    # Of junk every number counts, not only those that tell it spun.
    for cell in cells:
        yield f"{cell.group:9} {cell.name:40} {cell.n:6} {cell.told:6} {cell.share:7.1%}  {cell.note}"


def totals(cells: Sequence[Cell]) -> Iterator[Cell]:
    """Yield the sums of groups."""
    for group in dict.fromkeys(cell.group for cell in cells):
        members = [cell for cell in cells if cell.group == group]
        yield Cell(group, "all", sum(cell.n for cell in members), sum(cell.told for cell in members))


def arguments() -> argparse.Namespace:
    """Return what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=Path, default=WORLD / "editions.jsonl", help="JSON Lines with texts")
    parser.add_argument("--each", type=int, default=100, help="texts for every kind of noise (default: 100)")
    parser.add_argument("--jobs", type=int, default=1, help="processes")
    parser.add_argument("--model", help="folder of a model (default: the packaged one)")
    parser.add_argument("--json", type=Path, default=RESULT, help="where the figures go")
    parser.add_argument("--only", nargs="*", default=["spoiled", "spun", "forms", "editions", "junk"], help="parts")
    parser.add_argument("--strict", action="store_true", help="exit with 1 if a figure is above its bar")
    return parser.parse_args()


def main() -> None:
    """Measure, print, write; with ``--strict`` fail above a bar."""
    given = arguments()
    judge, texts = Judge(load_detector(given.model), given.jobs, given.model), read_texts(given.texts, given.each)
    parts: dict[str, Callable[[], Iterator[Cell]]] = {
        "spoiled": lambda: spoiled(texts, judge),
        "spun": lambda: spun(texts, judge),
        "forms": lambda: forms(judge),
        "editions": lambda: editions(judge),
        "junk": lambda: junk(texts, judge),
    }
    cells = [cell for part in given.only for cell in parts[part]()]
    print("\n".join(table([*cells, *totals(cells)])))
    given.json.parent.mkdir(parents=True, exist_ok=True)
    figures = [{**cell._asdict(), "share": cell.share} for cell in cells]
    given.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    above = [f"{cell.group} {cell.name}" for cell in cells if cell.share > BARS.get(cell.group, 1.0)]
    if given.strict and above:
        sys.exit(f"above the bar: {', '.join(above)}")


if __name__ == "__main__":
    main()
