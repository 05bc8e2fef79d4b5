"""One bad neighbour costs itself: odd names and signs, pipes, files that change, bombs of rows."""

from __future__ import annotations

import gzip
import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from articles import SPUN, STORY, UNRELATED
from run_folders import python_path

from unspun.crawl.reading import articles as reading_articles
from unspun.crawl.reading.articles import read_articles
from unspun.crawl.reading.formats import read_source
from unspun.crawl.reading.shards import plan_shards
from unspun.crawl.run import open_run
from unspun.crawl.run_plan import ScanOptions, begin
from unspun.crawl.scan import scan
from unspun.errors import InputError, RunError
from unspun.io.sources import list_sources
from unspun.io.stores import Store
from unspun.io.tables import Article, Reject

linux = pytest.mark.skipif(sys.platform != "linux", reason="names and paths as Linux has them")
posix = pytest.mark.skipif(sys.platform == "win32", reason="no named pipes and links here")


def rows(*texts: str) -> str:
    return "".join(json.dumps({"id": f"r{number}", "text": text}) + "\n" for number, text in enumerate(texts))


def run_of(*inputs: object, out: Path) -> tuple[list[str], list[list[str]]]:
    run = scan(ScanOptions(tuple(map(str, inputs))), out)
    return run.articles["article_id"].tolist(), run.rejects[["uri", "stage", "reason"]].values.tolist()


# Signs


@pytest.mark.parametrize("sign", ["\ud83d", "\ud800 \udfff", "\ud83d" * 200])
def test_half_of_a_sign_costs_only_itself(tmp_path: Path, sign: str) -> None:
    (tmp_path / "feed.jsonl").write_text(rows(STORY, f"{SPUN} {sign}", f"{sign} {UNRELATED}"))
    names, rejects = run_of(tmp_path / "feed.jsonl", out=tmp_path / "run")
    assert (names, rejects) == (["r0", "r1", "r2"], [])
    mended = "".join(letter if letter == " " else "\ufffd" for letter in sign)
    assert open_run(tmp_path / "run").texts(["r1"])["r1"] == f"{SPUN} {mended}"


def test_whatever_a_step_raises_costs_one_record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "feed.jsonl").write_text(rows(STORY, UNRELATED, SPUN))
    tell = reading_articles.tell_english

    def moody(text: str) -> object:
        if text == UNRELATED:
            raise ZeroDivisionError("seven")
        return tell(text)

    monkeypatch.setattr(reading_articles, "tell_english", moody)
    items = list(read_articles([tmp_path / "feed.jsonl"]))
    assert [item.article_id for item in items if isinstance(item, Article)] == ["r0", "r2"]
    assert [item for item in items if isinstance(item, Reject)] == [
        Reject("r1", "extract", "cannot be looked into (ZeroDivisionError: seven)")
    ]


# Names


@linux
def test_names_are_bytes(tmp_path: Path) -> None:
    folder = tmp_path / os.fsdecode(b"cr\xe9awl")
    folder.mkdir()
    for name, text in ((b"caf\xe9.txt", STORY), (b"caf\xe8.txt", SPUN), ("caf\u00e9.txt".encode(), UNRELATED)):
        (folder / os.fsdecode(name)).write_text(text)
    (folder / os.fsdecode(b"no\xff.bin")).write_bytes(b"\x7fELF")
    names, rejects = run_of(folder, out=tmp_path / os.fsdecode(b"r\xfcn [1]*"))
    assert sorted(names) == [r"caf\xe8.txt", r"caf\xe9.txt", "café.txt"]
    assert [(uri, stage) for uri, stage, _ in rejects] == [(r"no\xff.bin", "read")]
    assert len(open_run(tmp_path / os.fsdecode(b"r\xfcn [1]*")).scores) == 1


@linux
def test_a_tree_deeper_than_a_path_may_be_costs_only_itself(tmp_path: Path) -> None:
    folder = tmp_path / "crawl"
    folder.mkdir()
    (folder / "z.txt").write_text(STORY)
    here = os.open(folder, os.O_RDONLY)
    for _ in range(30):
        os.mkdir("d" * 200, dir_fd=here)
        below = os.open("d" * 200, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    os.close(os.open("deep.txt", os.O_WRONLY | os.O_CREAT, dir_fd=here))
    os.close(here)
    names, rejects = run_of(folder, out=tmp_path / "run")
    assert names == ["z.txt"]
    assert [stage for _, stage, _ in rejects] == ["read"]
    assert "File name too long" in rejects[0][2]
    subprocess.run(["rm", "-rf", str(folder)], check=True)


def test_a_path_no_system_takes_is_no_input() -> None:
    with pytest.raises(InputError, match="no such file"):
        list_sources(["d" * 5000])


# Pipes


@posix
def test_a_named_pipe_is_read_once_and_whole(tmp_path: Path) -> None:
    pipe = tmp_path / "feed.jsonl"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_text, args=(rows(STORY, SPUN, UNRELATED),))
    writer.start()
    names, rejects = run_of(pipe, out=tmp_path / "run")
    writer.join()
    assert (names, rejects) == (["r0", "r1", "r2"], [])


@linux
@pytest.mark.parametrize("n_jobs", [1, 2])
def test_the_output_of_a_command_is_read_once_and_whole(tmp_path: Path, n_jobs: int) -> None:
    texts = [f"{STORY} It was counted {number} times." for number in range(40)]
    (tmp_path / "feed.jsonl").write_text(rows(*texts))
    command = f"{sys.executable} -m unspun scan <(cat feed.jsonl) <(gzip -c feed.jsonl) -o run --jobs {n_jobs}"
    environment = {**os.environ, "PYTHONPATH": python_path()}
    subprocess.run(["bash", "-c", command], cwd=tmp_path, env=environment, check=True, capture_output=True, timeout=600)
    run = open_run(tmp_path / "run")
    assert run.articles["article_id"].tolist() == [f"r{number}" for number in range(40)]
    assert run.rejects["stage"].tolist() == ["duplicate"] * 40


# Files that change


def cut_off(file: Path) -> None:
    file.write_text("".join(file.read_text().splitlines(keepends=True)[:22]))


def replace(file: Path) -> None:
    other = file.with_suffix(".new")
    other.write_text(rows(*(f"Other {number}: {UNRELATED}" for number in range(50))))
    other.replace(file)


def grow(file: Path) -> None:
    with file.open("a") as end:
        end.write(rows(f"More of it. {UNRELATED}"))


@pytest.mark.parametrize("size", [4_000, 10**9])
@pytest.mark.parametrize(
    ("change", "least"), [(cut_off, 20), (replace, 0), (grow, 60), (lambda file: os.utime(file, (1, 1)), 0)]
)
def test_a_file_that_changes_after_it_was_listed_is_told(tmp_path: Path, change: object, least: int, size: int) -> None:
    file = tmp_path / "feed.jsonl"
    file.write_text(rows(*(f"{number}: {STORY}" for number in range(60))))
    shards = plan_shards([file], size)
    change(file)  # type: ignore[operator]
    items = [item for shard in shards for source in shard.sources for item in read_source(source)]
    told = [item for item in items if isinstance(item, Reject)]
    assert any("changed after it was listed" in reject.reason and reject.stage == "read" for reject in told)
    # No row is made of the middle of another.
    assert not [reject for reject in told if "JSON" in reject.reason and change is not cut_off]
    assert len(items) - len(told) >= (least if size > 4_000 or change is grow else 0)
    assert not any("More of it" in item.text for item in items if not isinstance(item, Reject))


def to_device(file: Path) -> None:
    file.symlink_to("/dev/zero")


def to_socket(file: Path) -> None:
    with socket.socket(socket.AF_UNIX) as opened:
        opened.bind(str(file))


@posix
@pytest.mark.parametrize("become", [os.mkfifo, os.mkdir, to_device, to_socket])
@pytest.mark.parametrize(("name", "size"), [("b.jsonl", 10**9), ("b.jsonl", 1_000)])
def test_a_file_that_is_none_any_more_is_not_waited_for(
    tmp_path: Path, become: Callable[[Path], None], name: str, size: int
) -> None:
    crawl = tmp_path / "crawl"
    crawl.mkdir()
    (crawl / "a.txt").write_text(STORY)
    (crawl / "z.txt").write_text(UNRELATED)
    (crawl / name).write_text(rows(SPUN, f"{SPUN} It rained."))
    begin(Store(str(tmp_path / "run")), ScanOptions((str(crawl),), shard_bytes=size))
    (crawl / name).unlink()
    become(crawl / name)
    options = ScanOptions((str(crawl),), shard_bytes=size)
    reader = threading.Thread(target=scan, args=(options, tmp_path / "run"), kwargs={"resume": True}, daemon=True)
    reader.start()
    reader.join(300)
    assert not reader.is_alive()
    run = open_run(tmp_path / "run")
    assert run.articles["article_id"].tolist() == ["a.txt", "z.txt"]
    assert set(run.rejects["uri"]) == {name}
    assert run.rejects["reason"].str.contains("changed after it was listed|a file when it was listed").all()


def test_the_digest_of_a_grown_file_is_of_what_was_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "feed.jsonl"
    file.write_text(rows(STORY, SPUN))
    before = run_inputs(scan(ScanOptions((str(file),)), tmp_path / "before"))
    real = plan_shards

    def late(inputs: tuple[str, ...], size: int) -> object:
        shards = real(inputs, size)
        if inputs:
            grow(file)
        return shards

    monkeypatch.setattr("unspun.crawl.run_plan.plan_shards", late)
    run = scan(ScanOptions((str(file),)), tmp_path / "run")
    assert run_inputs(run) == before
    assert "changed after it was listed" in run.rejects["reason"][0]


def run_inputs(run: object) -> object:
    return run.info["inputs"]  # type: ignore[attr-defined]


@posix
def test_a_linked_folder_that_is_not_read_stops_no_run(tmp_path: Path) -> None:
    folder, elsewhere = tmp_path / "crawl", tmp_path / "elsewhere"
    folder.mkdir()
    elsewhere.mkdir()
    (folder / "a.txt").write_text(STORY)
    (folder / "link").symlink_to(elsewhere)
    begin(Store(str(tmp_path / "run")), ScanOptions((str(folder),)))
    (elsewhere / "new.txt").write_text(SPUN)
    run = scan(ScanOptions((str(folder),)), tmp_path / "run", resume=True)
    assert run.articles["article_id"].tolist() == ["a.txt"]
    assert run.rejects["uri"].tolist() == ["link"]
    assert "a link to a folder, which is not followed" in run.rejects["reason"][0]


# Bombs of rows


@pytest.mark.parametrize("cell", [None, "", f"The same again: {STORY}"])
def test_a_table_of_a_million_empty_rows_is_one_rejection(tmp_path: Path, cell: str | None) -> None:
    table = pa.table({"text": pa.array([cell] * 500_000, pa.string())})
    pq.write_table(table, tmp_path / "bomb.parquet", compression="zstd")
    (tmp_path / "bomb.jsonl.gz").write_bytes(gzip.compress(b"{}\n" * 1_000_000))
    (tmp_path / "z.txt").write_text(STORY)
    items = list(read_articles([tmp_path]))
    assert len(items) < 11_000
    bombs = {item.uri: item.reason for item in items if isinstance(item, Reject) and "bomb" in item.reason}
    assert "hold 500,000 rows" in bombs["bomb.parquet"]
    assert "hold more than 10,000 rows" in bombs["bomb.jsonl.gz"]
    assert items[-1].article_id == "z.txt"  # type: ignore[union-attr]


def test_a_flood_of_text_in_a_few_bytes_is_cut_off(tmp_path: Path) -> None:
    texts = (json.dumps({"text": f"{number} " + "The gull flew. " * 10_000}) for number in range(1_000))
    (tmp_path / "bomb.jsonl.gz").write_bytes(gzip.compress("\n".join(texts).encode()))
    (tmp_path / "z.txt").write_text(STORY)
    *most, bomb, last = read_articles([tmp_path])
    assert 600 < len(most) < 750
    assert "a bomb" in bomb.reason  # type: ignore[union-attr]
    assert last.article_id == "z.txt"  # type: ignore[union-attr]


@pytest.mark.parametrize("options", [ScanOptions(("",)), ScanOptions((".",), against=("",))])
def test_an_input_without_a_name_is_not_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: ScanOptions
) -> None:
    """A variable of a script that is not set must not scan whatever lies there."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match="an input has no name"):
        scan(options, tmp_path / "run")
    with pytest.raises(RunError, match="has no name"):
        scan(ScanOptions(("a.txt",)), "")
