"""How fast a whole crawl is scanned, beside the bare extractor's own time on the same pages.

``python benchmarks/scan.py [--pages 10000] [--jobs 1] [--strict]`` prints the figures and writes
``build/bench/scan.json``. The crawl is that of ``benchmarks/crawl.py``; its pages get the menus, styles and scripts of
real ones, which have some 50 kB.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from time import perf_counter, process_time, sleep

from crawl import read_pages

ROOT = Path(__file__).resolve().parent.parent
RESULT = ROOT / "build" / "bench" / "scan.json"
# Name of a figure to the largest value it should have.
BARS = {"ratio": 1.6}
N_BARE = 500

# What a page of the public sets has on average: 140 links, 110 blocks, 80 list items, 40 paragraphs, 30 pictures.
_LINKS = "".join(
    f'<li class="nav-item"><a href="/topic/{n}" data-track="nav:{n}">Topic {n}</a></li>' for n in range(75)
)
_MENU = f'<nav class="menu" aria-label="Main"><ul class="nav-list">{_LINKS}</ul></nav>'
_CARD = (
    '<div class="card"><div class="card-media"><a href="/story/{n}"><img src="/i/{n}.jpg" alt="" width="320"></a></div>'
    '<div class="card-body"><h3><a href="/story/{n}">What the council did in week {n}</a></h3><p>It met {n} times, '
    'and heard of drains, lamps and the price of rope.</p><span class="time">{n} hours ago</span></div></div>'
)
_CARDS = f'<aside class="rail"><h2>From around the site</h2>{"".join(_CARD.format(n=n) for n in range(1, 31))}</aside>'
_FORM = "".join(f"<option value='{n}'>Region {n}</option>" for n in range(25))
_FOOT = f"<footer><form action='/search'><select name='region'>{_FORM}</select><input name='q'></form></footer>"
_STYLE = "<style>" + "".join(f".card-{n}{{margin:{n}px;padding:0 {n}px}}" for n in range(200)) + "</style>"
_STATE = json.dumps([{"id": n, "kind": "teaser", "url": f"/story/{n}", "seen": n % 3 == 0} for n in range(120)])
_SCRIPT = f"<script>window.state={_STATE};</script>"
_END = _CARDS + _FOOT + _SCRIPT


def dressed(html: str) -> str:
    """Return a page with the menus, styles and scripts of a real one around what it has."""
    html = html.replace("</head>", f"{_STYLE}{_SCRIPT}</head>", 1).replace("</body>", f"{_END}</body>", 1)
    return re.sub(r"<body[^>]*>", lambda found: found[0] + _MENU, html, count=1)


def write(folder: Path, n_pages: int) -> dict[str, str]:
    """Write a crawl; return the source of every spun page."""
    sources = {}
    for entry, html in read_pages(n_pages):
        path = folder / entry.article_id
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dressed(html), encoding="utf-8")
        if entry.relation == "spun":
            sources[entry.article_id] = entry.source_id
    return sources


def bare_ms(folder: Path) -> float:
    """Return the milliseconds of processor time that the extractor takes for a page, reading and decoding aside."""
    import trafilatura

    paths = sorted(folder.rglob("*.html"))
    pages = [path.read_text(encoding="utf-8") for path in paths[:: max(1, len(paths) // N_BARE)]]
    trafilatura.extract(pages[0], favor_precision=True)
    start = process_time()
    for page in pages:
        trafilatura.extract(page, favor_precision=True)
    return 1000 * (process_time() - start) / len(pages)


def scan(folder: Path, run: Path, jobs: int) -> tuple[float, float]:
    """Scan the crawl in a new process; return its seconds, and the processor seconds of it and all it started."""
    command = [sys.executable, "-m", "unspun", "scan", str(folder), "-o", str(run), "--jobs", str(jobs)]
    start = perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, start_new_session=True)
    ticks: dict[int, int] = {}
    while process.poll() is None:
        ticks |= session_ticks(process.pid)
        sleep(0.1)
    if process.returncode:
        raise SystemExit(f"the scan ended with {process.returncode}")
    return perf_counter() - start, sum(ticks.values()) / os.sysconf("SC_CLK_TCK")


def session_ticks(session: int) -> dict[int, int]:
    """Return the processor time so far of every process of a session (Linux), in clock ticks."""
    ticks = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = path.read_text().rpartition(")")[2].split()
            if int(fields[3]) == session:
                ticks[int(path.parent.name)] = int(fields[11]) + int(fields[12])
    return ticks


def measure(n_pages: int, jobs: int) -> dict[str, float]:
    """Return the figures of one crawl."""
    from unspun.crawl.run import open_run

    with tempfile.TemporaryDirectory() as folder:
        crawl, run = Path(folder, "crawl"), Path(folder, "run")
        sources = write(crawl, n_pages)
        size = sum(path.stat().st_size for path in crawl.rglob("*.html"))
        before, (seconds, cpu_seconds), after = bare_ms(crawl), scan(crawl, run, jobs), bare_ms(crawl)
        opened = open_run(run)
        scores, timings = opened.scores, opened.info["timings"]
        above = scores[scores["p_spun"] >= 0.5]
        pairs = {frozenset(pair) for pair in zip(above["source_id"], above["suspect_id"], strict=True)}
    extractor = (before + after) / 2
    return {
        "pages": n_pages,
        "page_kb": size / n_pages / 1000,
        "seconds": seconds,
        "cpu_seconds": cpu_seconds,
        "pages_per_s": n_pages / seconds,
        "pairs": len(scores),
        "pairs_per_s_per_core": len(scores) / timings["score"]["worker_seconds"],
        "found": sum(frozenset(pair) in pairs for pair in sources.items()) / len(sources),
        "bare_ms": extractor,
        "ratio": 1000 * cpu_seconds / n_pages / extractor,
        "read_share": timings["read"]["seconds"] / seconds,
        **{f"{stage}_s": part["seconds"] for stage, part in timings.items()},
    }


def main() -> int:
    """Measure, print, write; 1 if ``--strict`` and a figure is over its bar."""
    parser = argparse.ArgumentParser(description="Measure the speed of scanning a crawl.")
    parser.add_argument("--pages", type=int, default=10_000)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--strict", action="store_true", help="exit with 1 if a figure is over its bar")
    options = parser.parse_args()
    figures = measure(options.pages, options.jobs)
    for name, value in figures.items():
        print(f"{name:21} {value:10.2f}" + (f"   bar {BARS[name]:g}" if name in BARS else ""))
    about = {"python": platform.python_version(), "machine": platform.machine(), "cores": os.cpu_count()}
    RESULT.parent.mkdir(parents=True, exist_ok=True)
    RESULT.write_text(json.dumps({**about, **figures}, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    over = [name for name, bar in BARS.items() if figures[name] > bar]
    if over:
        print(f"over the bar: {', '.join(over)}", file=sys.stderr)
    return int(bool(over) and options.strict)


if __name__ == "__main__":
    sys.exit(main())
