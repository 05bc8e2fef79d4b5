"""Runs survive: whatever stops one, it goes on where it was and ends with the tables it would have had."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest
from articles import SPUN, STORY, UNRELATED
from run_folders import CRAWL, python_path, small_shards, tables

from unspun.crawl.run import open_run
from unspun.crawl.run_plan import ScanOptions, begin, lock
from unspun.crawl.run_summary import AFTER_READING
from unspun.crawl.scan import scan
from unspun.errors import InputError, ModelError, RunError
from unspun.io.stores import Store

N_KILLS = 20
# What a run is that is started again and again until it is done; an argument more, and it resumes.
SCAN = """
from run_folders import *
from unspun.crawl.scan import scan
if __name__ == "__main__":
    scan(small_shards(), sys.argv[1], n_jobs=int(sys.argv[2]), resume=True)
"""


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a run that nothing disturbed."""
    folder = tmp_path_factory.mktemp("whole") / "run"
    scan(small_shards(), folder)
    return folder


@pytest.fixture
def crawl(tmp_path: Path) -> Path:
    """Return a folder with two related pages and another."""
    folder = tmp_path / "crawl"
    folder.mkdir()
    for name, text in (("a.txt", STORY), ("b.txt", SPUN), ("c.txt", UNRELATED)):
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def start(run: Path, n_jobs: int = 1) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": python_path()}
    return subprocess.Popen(
        [sys.executable, "-c", SCAN, str(run), str(n_jobs)], env=environment, start_new_session=True, text=True
    )


# What a run leaves


def test_every_record_is_an_article_or_a_rejection(whole: Path) -> None:
    run = open_run(whole)
    counts = run.info["counts"]
    rejects = run.rejects
    assert counts["records"] == len(run.articles) + int((~rejects["stage"].isin(AFTER_READING)).sum())
    assert counts["candidates"] == len(run.candidates) == len(run.scores)
    assert rejects["stage"].value_counts().to_dict() == counts["rejected"]


def test_a_run_says_how_it_was_made(whole: Path) -> None:
    info = open_run(whole).info
    assert info["options"]["inputs"] == [str(CRAWL)]
    assert {"unspun", "python", "pyarrow"} <= info["versions"].keys()
    assert info["inputs"]["inputs"]["files"] == sum(path.is_file() for path in CRAWL.rglob("*"))
    assert len(info["inputs"]["inputs"]["sha256"]) == len(info["model"]) == 64
    assert {"read", "keys", "candidates", "score"} <= info["timings"].keys()


def test_tables_between_stages_are_gone_at_the_end(whole: Path) -> None:
    assert not (whole / "work").exists()
    assert not [path for path in whole.rglob("*") if path.name.endswith(".tmp")]


def test_scores_stand_in_the_order_of_candidates(whole: Path) -> None:
    run = open_run(whole)
    pair = ["source_id", "suspect_id"]
    assert run.scores[pair].equals(run.candidates[pair])


def test_passages_of_flagged_pairs_are_kept(whole: Path) -> None:
    run = open_run(whole)
    pair = ["source_id", "suspect_id"]
    passages, scores = run.passages, run.scores.set_index(pair)
    flagged = scores[scores["p_spun"] >= 0.5]
    assert passages.groupby(pair).size().to_dict() == flagged["n_passages"].to_dict()
    assert (passages.groupby(pair)["p_spun"].max() >= 0.5).mean() > 0.9
    texts = run.texts({*passages["source_id"], *passages["suspect_id"]})
    for side in ("source", "suspect"):
        lengths = passages[f"{side}_id"].map(texts).str.len()
        assert (passages[f"{side}_start"] < passages[f"{side}_end"]).all()
        assert (passages[f"{side}_end"] <= lengths).all()


def test_scores_say_what_share_is_spun(whole: Path) -> None:
    scores = open_run(whole).scores
    judged = scores["p_spun"].notna()
    assert judged.any()
    for name in ("spun_share", "source_spun_share"):
        assert scores[name].notna().equals(judged)
        assert scores.loc[judged, name].between(0, 1).all()
    assert scores.loc[judged, "n_passages"].ge(1).all()


def test_a_run_of_no_pairs_has_no_passages(tmp_path: Path) -> None:
    (tmp_path / "crawl").mkdir()
    run = scan(ScanOptions((str(tmp_path / "crawl"),)), tmp_path / "run")
    assert run.passages.empty
    assert "p_spun" in run.passages


def test_texts_are_read_by_id(whole: Path) -> None:
    run = open_run(whole)
    articles = run.table("articles", ["article_id", "text"]).set_index("article_id")["text"]
    ids = [articles.index[0], articles.index[-1]]
    assert run.texts(ids) == {name: articles[name] for name in ids}
    with pytest.raises(InputError, match="no such article"):
        run.texts(["nowhere"])


def test_processes_do_not_change_tables(whole: Path, tmp_path: Path) -> None:
    scan(small_shards(), tmp_path / "run", n_jobs=2)
    assert tables(tmp_path / "run") == tables(whole)


def test_the_size_of_shards_changes_the_order_of_scores_only(whole: Path, sample_run: Path) -> None:
    run, other = open_run(sample_run), open_run(whole)
    assert run.articles.equals(other.articles)
    pair = ["source_id", "suspect_id"]
    mine, theirs = (r.scores.sort_values(pair, ignore_index=True) for r in (run, other))
    assert mine[pair].equals(theirs[pair])
    assert (mine["p_spun"] - theirs["p_spun"]).abs().max() < 1e-6


def test_an_empty_folder_is_a_run_without_articles(tmp_path: Path) -> None:
    (tmp_path / "crawl").mkdir()
    run = scan(ScanOptions((str(tmp_path / "crawl"),)), tmp_path / "run")
    assert run.info["counts"]["records"] == len(run.articles) == len(run.scores) == 0


def test_suspects_are_compared_with_given_sources_only(crawl: Path, tmp_path: Path) -> None:
    (crawl / "a.txt").rename(tmp_path / "a.txt")
    (crawl / "d.txt").write_text(SPUN + " It rained.", encoding="utf-8")
    run = scan(ScanOptions((str(crawl),), against=(str(tmp_path / "a.txt"),)), tmp_path / "run")
    pairs = run.scores
    assert set(pairs["source_id"]) == {str(tmp_path / "a.txt")}
    assert {"b.txt", "d.txt"} <= set(pairs["suspect_id"])
    assert run.info["inputs"]["against"]["files"] == 1


def test_duplicates_are_folded_with_their_names_kept(crawl: Path, tmp_path: Path) -> None:
    shutil.copy(crawl / "a.txt", crawl / "z.txt")
    run = scan(ScanOptions((str(crawl),), shard_bytes=1), tmp_path / "run")
    assert run.articles["article_id"].tolist() == ["a.txt", "b.txt", "c.txt"]
    assert run.rejects.values.tolist() == [["z.txt", "duplicate", "the same text as a.txt"]]


def test_lines_that_recur_in_other_shards_are_dropped(tmp_path: Path) -> None:
    for folder, line in (("one", "The Gull is read by sailors."), ("two", "The Tern is written by them.")):
        (tmp_path / folder).mkdir()
        for number, words in enumerate(STORY.split("\n\n")[:4] * 2):
            (tmp_path / folder / f"{number}.txt").write_text(
                f"{line}\n{words} It is {number} o'clock.", encoding="utf-8"
            )
        # In the same folder: nothing of the first run may be left in the second.
        run = scan(ScanOptions((str(tmp_path / folder),), shard_bytes=1), tmp_path / "run")
        assert len(run.articles) >= 5
        assert not run.articles["text"].str.contains(line, regex=False).any()


def test_a_run_can_lie_in_an_object_store(crawl: Path, tmp_path: Path) -> None:
    run = scan(ScanOptions((str(crawl),)), "memory://bucket/run")
    assert run.scores.equals(scan(ScanOptions((str(crawl),)), tmp_path / "run").scores)
    assert open_run("memory://bucket/run").texts(["a.txt"]) == {"a.txt": STORY}


def test_standard_input_is_kept_until_the_run_is_done(
    monkeypatch: pytest.MonkeyPatch, crawl: Path, tmp_path: Path
) -> None:
    rows = tmp_path / "rows.jsonl"
    rows.write_text(json.dumps({"id": "a", "text": STORY}) + "\n" + json.dumps({"id": "b", "text": SPUN}) + "\n")
    with rows.open() as stream:
        monkeypatch.setattr(sys, "stdin", stream)
        begin(Store(str(tmp_path / "run")), ScanOptions(("-",)))
    monkeypatch.setattr(sys, "stdin", None)
    run = scan(ScanOptions(("-",)), tmp_path / "run", resume=True)
    assert run.articles["article_id"].tolist() == ["a", "b"]


# What stops a run


@pytest.mark.slow
def test_twenty_kills_change_nothing(whole: Path, tmp_path: Path) -> None:
    moments, started = random.Random(0), time.monotonic()
    process = start(tmp_path / "measured")
    assert process.wait() == 0
    usual = time.monotonic() - started
    n_kills = n_runs = 0
    while n_kills < N_KILLS:
        run = tmp_path / str(n_runs)
        process = start(run, n_jobs=1 + n_kills % 2)
        try:
            assert process.wait(moments.uniform(0.2, 0.8) * usual) == 0
            n_runs += 1  # it came to its end
        except subprocess.TimeoutExpired:
            n_kills += 1
            # As the kernel does it, to one process, or as a machine that stops, to all.
            (os.kill if n_kills % 2 else os.killpg)(process.pid, signal.SIGKILL)
            process.wait()
    assert start(tmp_path / str(n_runs)).wait() == 0
    for number in range(n_runs + 1):
        assert tables(tmp_path / str(number)) == tables(whole)


def children(pid: int) -> list[int]:
    """Return the processes that a process has started, as Linux lists them."""
    with contextlib.suppress(OSError):
        return [
            int(child) for path in Path(f"/proc/{pid}/task").glob("*/children") for child in path.read_text().split()
        ]
    return []


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="processes are found by /proc")
@pytest.mark.parametrize("killer", [signal.SIGKILL, signal.SIGTERM])
def test_twenty_kills_of_workers_and_page_processes_cost_nothing(whole: Path, tmp_path: Path, killer: int) -> None:
    moments, n_runs = random.Random(1), 0
    due = ["workers", "pages"] * (N_KILLS // 2)
    while due:
        run = tmp_path / str(n_runs)
        process = start(run, n_jobs=2)
        pause_ends = time.monotonic() + moments.uniform(0.15, 0.4)
        while process.poll() is None:
            time.sleep(0.002)  # a page process may live for some milliseconds alone
            if not due or time.monotonic() < pause_ends:
                continue
            if n_runs % 2 and not list(run.glob("done/*.json")):
                continue  # every other run is left alone until its first markers
            workers = [worker for child in children(process.pid) for worker in children(child)]
            pages = [page for worker in workers for page in children(worker)]
            if some := {"workers": workers, "pages": pages}[due[-1]]:
                with contextlib.suppress(OSError):  # it ended just now
                    os.kill(moments.choice(some), killer)
                    due.pop()
                    pause_ends = time.monotonic() + moments.uniform(0.15, 0.4)
        assert process.wait() == 0
        n_runs += 1
    for number in range(n_runs):
        assert tables(tmp_path / str(number)) == tables(whole)


@pytest.mark.slow
def test_ctrl_c_ends_a_run_cleanly(whole: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "unspun", "scan", str(CRAWL), "-o", str(tmp_path / "run")]
    # What runs in the background has been told to pass over Ctrl-C, and so would its children.
    mind = partial(signal.signal, signal.SIGINT, signal.default_int_handler)
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, start_new_session=True, preexec_fn=mind)
    while not (tmp_path / "run" / "work").exists():
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGINT)
    assert "give the same command with --resume" in process.communicate()[1]
    assert process.returncode == 130
    assert subprocess.run([*command, "--resume"], check=False).returncode == 0
    assert open_run(tmp_path / "run").articles.equals(open_run(whole).articles)


@pytest.fixture
def half_done(crawl: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of a run that ended for want of space; there is space again."""
    sync, left = os.fsync, iter(range(6))

    def full(handle: int) -> None:
        if next(left, None) is None:
            raise OSError(errno.ENOSPC, "No space left on device")
        sync(handle)

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(RunError, match=r"no space left to write: .*run.*--resume"):
            scan(ScanOptions((str(crawl),)), tmp_path / "run")
    return tmp_path / "run"


def test_a_full_disk_ends_a_run_that_can_be_resumed(half_done: Path, crawl: Path, tmp_path: Path) -> None:
    assert not list(half_done.rglob("*.tmp"))
    assert not open_run(half_done).complete
    scan(ScanOptions((str(crawl),)), half_done, resume=True)
    scan(ScanOptions((str(crawl),)), tmp_path / "other")
    assert tables(half_done) == tables(tmp_path / "other")


def test_a_file_that_vanishes_is_a_rejection(crawl: Path, tmp_path: Path) -> None:
    begin(Store(str(tmp_path / "run")), ScanOptions((str(crawl),)))
    (crawl / "b.txt").unlink()
    run = scan(ScanOptions((str(crawl),)), tmp_path / "run", resume=True)
    assert run.articles["article_id"].tolist() == ["a.txt", "c.txt"]
    assert run.rejects[["uri", "stage"]].values.tolist() == [["b.txt", "read"]]


# What may not be resumed, or overwritten


def test_other_options_are_refused(half_done: Path, crawl: Path) -> None:
    with pytest.raises(RunError, match=r"options: max_candidates: 20, now 3"):
        scan(ScanOptions((str(crawl),), max_candidates=3), half_done, resume=True)


@pytest.mark.parametrize(("name", "what"), [("a.txt", "has changed"), ("new.txt", "is new")])
def test_other_inputs_are_refused(half_done: Path, crawl: Path, name: str, what: str) -> None:
    (crawl / name).write_text("Something else.", encoding="utf-8")
    with pytest.raises(RunError, match=rf"an input {what}: .*{name}"):
        scan(ScanOptions((str(crawl),)), half_done, resume=True)


def test_an_unfinished_run_is_not_overwritten_unasked(half_done: Path, crawl: Path) -> None:
    with pytest.raises(RunError, match=r"unfinished run.*--resume"):
        scan(ScanOptions((str(crawl),)), half_done)


def test_a_complete_run_is_replaced_or_left_as_it_is(crawl: Path, tmp_path: Path) -> None:
    options = ScanOptions((str(crawl),))
    first = scan(options, tmp_path / "run").info["timings"]
    assert scan(options, tmp_path / "run", resume=True).info["timings"] == first
    (crawl / "a.txt").unlink()
    assert len(scan(options, tmp_path / "run").articles) == 2


def test_a_folder_of_other_things_is_left_alone(crawl: Path) -> None:
    with pytest.raises(RunError, match="no run"):
        scan(ScanOptions((str(crawl),)), crawl)
    assert (crawl / "a.txt").exists()


def test_two_scans_do_not_share_a_folder(crawl: Path, tmp_path: Path) -> None:
    with lock(Store(str(tmp_path / "run"))), pytest.raises(RunError, match="another scan"):
        scan(ScanOptions((str(crawl),)), tmp_path / "run")


def test_what_is_no_run_is_not_opened(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not the folder of a run"):
        open_run(tmp_path)


# What is not the run's


@pytest.mark.parametrize("name", ["articles/a.txt", "run.json", "work/notes.txt", "scores/b.csv", "b.tmp"])
def test_a_folder_that_is_no_run_is_refused_and_stays_as_it_is(crawl: Path, tmp_path: Path, name: str) -> None:
    own = tmp_path / "mine" / name
    own.parent.mkdir(parents=True)
    own.write_text("mine", encoding="utf-8")
    with pytest.raises(RunError, match="no run"):
        scan(ScanOptions((str(crawl),)), tmp_path / "mine")
    assert [path for path in (tmp_path / "mine").rglob("*") if path.is_file()] == [own]
    assert own.read_text(encoding="utf-8") == "mine"


def test_an_object_store_that_holds_something_else_is_refused(crawl: Path) -> None:
    store = Store("memory://shelf")
    store.write("scores/b.csv", b"mine")
    with pytest.raises(RunError, match="no run"):
        begin(store, ScanOptions((str(crawl),)))
    assert store.read("scores/b.csv") == b"mine"
    store.remove("")


def test_a_lock_of_somebody_else_is_not_emptied(crawl: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "lock").write_text("mine", encoding="utf-8")
    scan(ScanOptions((str(crawl),)), tmp_path / "mine")
    assert (tmp_path / "mine" / "lock").read_text(encoding="utf-8") == "mine"


def test_a_run_is_not_removed_for_inputs_that_cannot_be_read(crawl: Path, tmp_path: Path) -> None:
    run = tmp_path / "run"
    scan(ScanOptions((str(crawl),)), run)
    before = tables(run)
    with pytest.raises(InputError, match="no such file"):
        scan(ScanOptions((str(tmp_path / "crwal"),)), run)
    with pytest.raises(RunError, match="lies in the folder of the run"):
        scan(ScanOptions((str(run / "articles"),)), run)
    with pytest.raises(ModelError, match="no model"):
        scan(ScanOptions((str(crawl),), model=str(tmp_path)), run)
    assert tables(run) == before


def test_a_run_in_the_folder_that_it_scans_is_not_read(crawl: Path) -> None:
    for _ in range(2):
        run = scan(ScanOptions((str(crawl),)), crawl / "run")
        assert run.articles["article_id"].tolist() == ["a.txt", "b.txt", "c.txt"]
        assert not len(run.rejects)


def test_an_input_that_was_edited_to_the_same_length_is_seen(crawl: Path, tmp_path: Path) -> None:
    store = Store(str(tmp_path / "run"))
    begin(store, ScanOptions((str(crawl),)))
    text = (crawl / "a.txt").read_text(encoding="utf-8")
    (crawl / "a.txt").write_text(text.swapcase(), encoding="utf-8")
    os.utime(crawl / "a.txt", ns=(1, 1))
    with pytest.raises(RunError, match="has changed"):
        begin(store, ScanOptions((str(crawl),)), resume=True)


def test_a_folder_is_read_whatever_lies_in_it(crawl: Path, tmp_path: Path) -> None:
    (crawl / "nowhere.txt").symlink_to(tmp_path / "nowhere.txt")
    (crawl / "circle").symlink_to(crawl)
    os.mkfifo(crawl / "pipe.txt")
    run = scan(ScanOptions((str(crawl),)), tmp_path / "run")
    assert len(run.articles) == 3
    assert sorted(run.rejects["uri"]) == ["circle", "nowhere.txt"]
