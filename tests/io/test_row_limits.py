"""Small files that expand hugely are cut off with a word, in bounded memory."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
import tracemalloc
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from unspun.crawl.reading.articles import read_articles
from unspun.io.decompression import MAX_BOMB_BYTES
from unspun.io.rows.row_limits import FREE_ROWS

MAX_MEMORY = 1_500_000_000
"""Bytes of address space on top of what the imports take, which no bomb may need more of."""
_READ = """
import resource, sys
from unspun.errors import InputError
from unspun.io.pair_tables import read_pairs
import pyarrow.parquet
size = int(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmSize"))) * 1024
resource.setrlimit(resource.RLIMIT_AS, (size + int(sys.argv[2]), -1))
try:
    good, bad = read_pairs(sys.argv[1])
    print(len(good) + len(bad), bad.reason.iloc[-1])
except InputError as error:
    print(0, error)
"""


def dictionary(value: str, n: int) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array([0] * n, pa.int32()), pa.array([value]))


def written(path: Path, source: str, n: int) -> Path:
    table = pa.table({"source": dictionary(source, n), "suspect": dictionary("x", n)})
    pq.write_table(table, path, dictionary_pagesize_limit=1_000_000_000)
    return path


def packed(path: Path, head: bytes, part: bytes, n: int, tail: bytes = b"") -> Path:
    with gzip.open(path, "wb", compresslevel=6) as file:
        file.write(head)
        for _ in range(n // 1000):
            file.write(part * 1000)
        file.write(tail)
    return path


BOMBS: dict[str, Any] = {
    "objects without fields": lambda place: packed(place / "a.jsonl.gz", b"", b"{}\n", 1_300_000),
    "empty pairs": lambda place: packed(place / "b.jsonl.gz", b"", b'{"source":"","suspect":""}\n', 1_500_000),
    "broken lines": lambda place: packed(place / "c.ndjson.gz", b"", b"[\n", 2_000_000),
    "rows of CSV": lambda place: packed(place / "d.csv.gz", b"source,suspect\n", b"a,b\n", 2_000_000),
    "an array": lambda place: packed(place / "e.json.gz", b"[{}", b",{}", 2_000_000, b"]"),
    "one long text": lambda place: packed(place / "f.jsonl.gz", b'{"source":"', b"a" * 1000, 500_000, b'"}'),
    "rows of Parquet": lambda place: written(place / "g.parquet", "Rain fell.", 3_000_000),
    "long texts of Parquet": lambda place: written(place / "h.parquet", "word " * 199_000, 20_000),
    "one huge text of Parquet": lambda place: written(place / "i.parquet", "w" * 150_000_000, 200),
}


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells how much memory a process has")
@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_cut_off_with_a_word(tmp_path: Path, name: str) -> None:
    path = BOMBS[name](tmp_path)
    size = os.path.getsize(path)
    done = subprocess.run(
        [sys.executable, "-c", _READ, path, str(MAX_MEMORY)], capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr[-2000:]
    n_rows, _, reason = done.stdout.strip().partition(" ")
    assert int(n_rows) <= max(FREE_ROWS, size // 20) + 1
    assert "bomb" in reason or "longer than" in reason
    assert size < MAX_BOMB_BYTES / 10


def test_a_large_honest_table_is_no_bomb(tmp_path: Path) -> None:
    from unspun.io.pair_tables import read_pairs

    rows = "".join(f'{{"source": "{n}", "suspect": "{n + 1}"}}\n' for n in range(FREE_ROWS + 10_000))
    (tmp_path / "many.jsonl").write_text(rows)
    good, bad = read_pairs(tmp_path / "many.jsonl")
    assert len(good) == FREE_ROWS + 10_000
    assert bad.empty


def test_rows_of_ever_new_fields_fill_no_memory(tmp_path: Path) -> None:
    def line(row: int, n_fields: int) -> str:
        return json.dumps({f"{row}-{number}-{'x' * 60}": 1 for number in range(n_fields)} | {"text": "Rain fell."})

    rows = [line(number, 9_000) for number in range(60)] + [line(0, 20_000)]
    (tmp_path / "a.jsonl").write_text("\n".join(rows))
    tracemalloc.start()
    *most, last = read_articles([tmp_path])
    held = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert "20,001 fields; the limit is 10,000" in last.reason  # type: ignore[union-attr]
    assert len(most) == 60
    assert held < 20_000_000


@pytest.mark.parametrize("name", ["a.csv", "a.parquet"])
def test_tables_of_too_many_columns_are_told(tmp_path: Path, name: str) -> None:
    names = ["text", *(f"c{number}" for number in range(10_000))]
    if name == "a.csv":
        (tmp_path / name).write_text(",".join(names) + "\nRain fell.\n")
    else:
        pq.write_table(pa.table({one: ["Rain fell."] for one in names}), tmp_path / name)
    (reject,) = read_articles([tmp_path])
    assert "the table has 10,001 columns" in reject.reason  # type: ignore[union-attr]
