"""Two texts of the greatest length, whatever they hold, are scored or refused within a minute and two gigabytes."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
from long_texts import SHAPES, long_text

from unspun.comparison import sentence_alignment
from unspun.comparison.alignment import align
from unspun.text.token_text import MAX_CHARS
from unspun.text.tokenizer import read_text

SHAPES_TO_MOVE = ("sentences of a letter", "sentences of rare words", "a table")
"""Shapes whose sentences are also set in another order: those that take longest to match."""
MAX_SECONDS, MAX_BYTES = 60, 2_000_000_000
SCORE = """
import sys
from unspun import score
print(score(open("a.txt").read(), open("b.txt").read()))
"""


# A process keeps the greatest memory of the one that started it, which is a test run with much behind it: a small one
# stands between them.
MEASURE = """
import os, subprocess, sys
process = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL)
_, status, used = os.wait4(process.pid, 0)
print(os.waitstatus_to_exitcode(status), used.ru_utime + used.ru_stime, used.ru_maxrss * 1024)
"""


def run(command: list[str], folder: Path) -> tuple[float, int]:
    """Run a command; return how many seconds of processor time and bytes of memory it took, its children with it."""
    measured = subprocess.run(
        [sys.executable, "-S", "-c", MEASURE, *command], cwd=folder, stdout=subprocess.PIPE, text=True, check=True
    )
    code, seconds, memory = measured.stdout.split()
    assert int(code) in (0, 3)
    return float(seconds), int(memory)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="memory is measured as Linux counts it")
@pytest.mark.parametrize(
    ("shape", "moved"), [*((shape, False) for shape in SHAPES), *((shape, True) for shape in SHAPES_TO_MOVE)]
)
def test_the_work_of_a_pair_is_bounded(tmp_path: Path, shape: str, moved: bool) -> None:
    source = long_text(shape, MAX_CHARS, 1)
    third = MAX_CHARS // 3
    suspect = source[third:] + source[:third] if moved else long_text(shape, MAX_CHARS, 2)
    texts = {"a": source, "b": suspect}
    for name, text in texts.items():
        (tmp_path / f"{name}.txt").write_text(text, encoding="utf-8")
    rows = "".join(json.dumps({"id": name, "text": text}) + "\n" for name, text in texts.items())
    (tmp_path / "pages.jsonl").write_text(rows)
    for arguments in (["-c", SCORE], ["-m", "unspun", "scan", "pages.jsonl", "-o", "run"]):
        started = time.monotonic()
        seconds, memory = run([sys.executable, *arguments], tmp_path)
        # Of a machine that others use as well, the processor's time tells more than the clock's.
        assert min(seconds, time.monotonic() - started) < MAX_SECONDS
        assert memory < MAX_BYTES


@pytest.mark.parametrize("most", [3, 5, 10_000])
def test_texts_of_too_many_sentences_are_matched_by_bundles(monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    monkeypatch.setattr(sentence_alignment, "MAX_SENTENCES", most)
    lines = [f"The {kind} of the harbour was closed on day {n}." for n, kind in enumerate("abcdefghijkl")]
    source = read_text(" ".join(lines))
    suspect = read_text(" ".join(lines[6:] + lines[:6]))
    pair, other = align(source, suspect), align(suspect, source)
    for text, columns in ((source, pair.groups[:, :2]), (suspect, pair.groups[:, 2:])):
        covered = [sentence for start, stop in columns.tolist() for sentence in range(start, stop)]
        assert len(set(covered)) == len(covered)
        assert set(covered) <= set(range(text.n_sentences))
    assert len(pair.groups) <= most
    assert sorted(other.groups[:, [2, 3, 0, 1]].tolist()) == sorted(pair.groups.tolist())
    assert min(pair.coverage, pair.source_coverage) > 0.8
