"""Disks that are full or read-only, and clocks that were set back: what a user is told, and that nothing is lost."""

from __future__ import annotations

import errno
import io
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest
from articles import SPUN, STORY, UNRELATED

from unspun.app.cli import main
from unspun.crawl import candidates
from unspun.crawl.run import open_run
from unspun.crawl.run_plan import ScanOptions
from unspun.crawl.scan import scan
from unspun.errors import RunError
from unspun.io import pair_tables
from unspun.io.stores import Store

TABLES = ("articles", "scores", "rejects")


def run(*args: object) -> int:
    with pytest.raises(SystemExit) as end:
        main([str(arg) for arg in args])
    return int(end.value.code or 0)


@pytest.fixture
def crawl(tmp_path: Path) -> Path:
    folder = tmp_path / "crawl"
    folder.mkdir()
    for name, text in (("a.txt", STORY), ("b.txt", SPUN), ("c.txt", UNRELATED)):
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def pairs(tmp_path: Path) -> Path:
    pd.DataFrame({"source": [STORY], "suspect": [SPUN]}).to_parquet(tmp_path / "p.parquet")
    return tmp_path / "p.parquet"


def test_a_place_that_cannot_be_written_is_told_before_the_work(
    tmp_path: Path, pairs: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    # Whoever is root may write everywhere but on a read-only disk: so the system is asked by hand.
    monkeypatch.setattr(os, "access", lambda _, mode: not mode & os.W_OK)
    monkeypatch.setattr(pair_tables, "read_pairs", lambda *_, **__: pytest.fail("it began"))
    assert run("score", "--pairs", pairs, "-o", tmp_path / "out.csv") == 3
    assert "its folder cannot be written to" in capsys.readouterr().err
    assert run("score", "--pairs", pairs, "-o", "-", "--passages", tmp_path / "new" / "x.csv") == 3


def test_a_folder_that_is_a_file_is_told_before_the_work(tmp_path: Path, pairs: Path, capsys: Any) -> None:
    (tmp_path / "file").write_text("")
    assert run("score", "--pairs", pairs, "-o", tmp_path / "file" / "out.csv") == 3
    assert "its folder cannot be written to" in capsys.readouterr().err


def test_no_space_for_a_copy_of_a_pipe_is_told_as_that(
    pairs: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(shutil, "copyfileobj", full)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(pairs.read_bytes())))
    assert run("score", "--pairs", "-", "-o", "-") == 3
    told = capsys.readouterr().err
    assert "No space left on device" in told
    assert "TMPDIR" in told


@pytest.mark.parametrize("command", ["scan", "report"])
def test_a_full_disk_says_how_to_go_on(
    crawl: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any, command: str
) -> None:
    scan(ScanOptions((str(crawl),)), tmp_path / "run")

    def full(*_: object) -> None:
        raise RunError("no space left to write", "page", "run the same command again with --resume")

    monkeypatch.setattr(Store, "write", full)
    given = ("scan", crawl, "-o", tmp_path / "new") if command == "scan" else ("report", tmp_path / "run")
    assert run(*given) == 3
    assert ("--resume" in capsys.readouterr().err) == (command == "scan")


@pytest.mark.parametrize("when", ["connect", "join", "folder"])
def test_no_space_for_candidates_is_told_and_the_run_goes_on(
    crawl: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any, when: str
) -> None:
    def full(*_: object, **__: object) -> None:
        if when == "folder":
            raise OSError(errno.ENOSPC, "No space left on device")
        raise duckdb.TransactionException('Failed to commit: Could not write file "x": No space left on device')

    place = {"connect": (duckdb, "connect"), "join": (candidates, "_keep"), "folder": (tempfile, "mkdtemp")}[when]
    with monkeypatch.context() as patch:
        patch.setattr(*place, full)
        assert run("scan", crawl, "-o", tmp_path / "run") == 3
    told = capsys.readouterr().err
    assert "TMPDIR" in told
    assert "--resume" in told
    assert run("scan", crawl, "-o", tmp_path / "run", "--resume") == 0
    assert len(open_run(tmp_path / "run").scores) == 1


def back(now: Callable[[], float]) -> float:
    return now() - 20 * 365 * 86_400


def test_a_run_goes_on_when_the_clock_was_set_back(
    crawl: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scan(ScanOptions((str(crawl),)), tmp_path / "whole")
    stopped = subprocess.run(
        [sys.executable, "-c", STOPPED, str(crawl), str(tmp_path / "run")], capture_output=True, check=False
    )
    assert b"KeyboardInterrupt" in stopped.stderr
    assert (tmp_path / "run" / "done").exists()
    now = time.time
    monkeypatch.setattr(time, "time", lambda: back(now))
    monkeypatch.setattr(time, "time_ns", lambda: int(back(now) * 1e9))
    scan(ScanOptions((str(crawl),)), tmp_path / "run", resume=True)
    for name in TABLES:
        assert open_run(tmp_path / "run").table(name).equals(open_run(tmp_path / "whole").table(name))


# A scan that is stopped when its first table is there.
STOPPED = """
import sys
from unspun.crawl.run_plan import ScanOptions
from unspun.crawl.scan import scan
from unspun.io.stores import Store
write = Store.write
def write_and_stop(store, name, data):
    write(store, name, data)
    if name.startswith("done/"):
        raise KeyboardInterrupt
Store.write = write_and_stop
scan(ScanOptions((sys.argv[1],)), sys.argv[2])
"""
