"""A row without a text is a rejection, and costs next to nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from articles import STORY

from unspun.crawl.engines.stages import STAGES
from unspun.crawl.engines.tasks import Report, Task, perform
from unspun.crawl.reading.shards import plan_shards
from unspun.crawl.run import Run
from unspun.io.stores import Store


def read(folder: Path, n_rows: int) -> pd.DataFrame:
    """Read a table of rows without a text, and a story amid them; return what was rejected."""
    rows: list[object] = [{"id": f"r{n}", "text": "" if n % 2 else None} for n in range(n_rows)]
    rows.insert(n_rows // 2, {"id": "story", "text": STORY})
    table = folder / f"{n_rows}.jsonl"
    table.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    [shard] = plan_shards([table])
    store = Store(str(folder / f"run{n_rows}"))
    assert isinstance(perform(Task(store, "read", 0, shard), STAGES["read"]), Report)
    return Run(store, {}).rejects


def test_each_row_without_a_text_is_a_rejection_with_its_reason(tmp_path: Path) -> None:
    rejects = read(tmp_path, 3_000)
    assert rejects["uri"].tolist() == [f"r{n}" for n in range(3_000)]
    assert rejects["reason"].tolist() == ["neither a text nor an html field that is text", "the text is empty"] * 1_500
    assert rejects["stage"].tolist() == ["decode", "extract"] * 1_500


def test_no_frame_is_made_for_rows_without_a_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make, made = pd.DataFrame.__init__, []

    def counted(self: pd.DataFrame, *given: object, **named: object) -> None:
        made.append(self)
        make(self, *given, **named)

    monkeypatch.setattr(pd.DataFrame, "__init__", counted)
    counts = []
    for n_rows in (100, 3_000):
        made.clear()
        read(tmp_path, n_rows)
        counts.append(len(made))
    assert counts[0] == counts[1]
