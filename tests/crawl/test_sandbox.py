"""A page that loops, eats memory or kills its worker is one page lost, with its reason; the next one is read."""

import io
import os
import random
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from unspun.crawl.pages import process_deaths, sandbox
from unspun.crawl.pages.main_text import PageText, main_text_of
from unspun.crawl.pages.sandbox import Guard, Job, PageError
from unspun.crawl.reading.articles import read_page
from unspun.errors import RunError

PAGE = b"<html><body><p>The ferry to Skerrow left at noon, and nobody was on it but the cook.</p></body></html>"
# The parser compares every attribute with every other.
SLOW = b"<html><body " + b" ".join(b"a%d=1" % number for number in range(200_000)) + b"><p>text</p>"
LARGE = b"<html><body>" + b"<p>word</p>" * 200_000

posix = pytest.mark.skipif(sys.platform == "win32", reason="no limits of processes here")
linux = pytest.mark.skipif(sys.platform != "linux", reason="no limit of address space here")


@pytest.fixture
def guard():
    guards = []

    def make(**caps):
        guards.append(Guard(**caps))
        return guards[-1]

    yield make
    for one in guards:
        one.close()


def read_next(one):
    return one.extract(Job(PAGE)).text.startswith("The ferry to Skerrow")


def test_a_page_is_read_as_without_a_guard(guard):
    one = guard()
    assert one.extract(Job(PAGE)) == main_text_of(PAGE.decode())
    assert (
        one.extract(Job("<p>Fog – again.</p>".encode("cp1252"), "https://a.example/", "cp1252")).text == "Fog – again."
    )
    assert one.extract(Job("<p>Fog – again.</p>")).text == "Fog – again."


@posix
def test_a_page_that_takes_too_long_is_given_up(guard):
    one = guard(max_seconds=1)
    with pytest.raises(PageError, match="took more than 1 seconds"):
        one.extract(Job(SLOW))
    assert read_next(one)


@linux
def test_a_page_that_takes_too_much_memory_is_given_up(guard):
    one = guard(max_memory=180_000_000)
    assert read_next(one)
    with pytest.raises(PageError, match=r"took more than 0\.18 GB of memory"):
        one.extract(Job(LARGE))
    assert read_next(one)


@posix
@pytest.mark.parametrize("killer", [signal.SIGKILL, signal.SIGSEGV, signal.SIGTERM])
def test_a_worker_that_is_killed_from_outside_costs_no_page(guard, killer):
    one = guard()
    assert read_next(one)
    os.kill(one._worker.pid, killer)
    assert read_next(one)


READY = "import os, struct, sys, time; print(end='\\5\\0\\0\\0ready', flush=True); sys.stdin.buffer.read(4); "
DYING = READY + "os.kill(os.getpid(), {})"
KILLED_IDLE = READY.replace("sys.stdin.buffer.read(4)", "time.sleep(.05)") + "os.kill(os.getpid(), 9)"
GREEDY = READY + "all = bytearray(b'x') * 600_000_000; os.kill(os.getpid(), {})"
KILLED = "killed 3 times.*memory is full"


def starting(patch, code):
    """Let guards start processes that run this code; return those that were started."""
    started = []

    def start(_):
        started.append(subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE))
        return started[-1]

    patch.setattr(Guard, "_start", start)
    return started


@posix
@pytest.mark.parametrize(
    ("code", "killer", "reason"),
    [(DYING, signal.SIGSEGV, "crashed the parser 3 times .SIGSEGV"), (GREEDY, signal.SIGKILL, KILLED)],
)
def test_a_page_that_kills_its_worker_again_and_again_is_named(guard, monkeypatch, code, killer, reason):
    one = guard()
    with monkeypatch.context() as patch:
        patch.setattr(sandbox, "own_memory", lambda: 0)  # a test run has held more than the greedy one does
        started = starting(patch, code.format(int(killer)))
        with pytest.raises(PageError, match=reason):
            one.extract(Job(PAGE))
    assert len(started) == 3
    assert read_next(one)


@pytest.fixture
def impatient(monkeypatch):
    monkeypatch.setattr(process_deaths, "PATIENCE_SECONDS", 0.2)
    monkeypatch.setattr(process_deaths, "_FIRST_PAUSE", 0.01)


@posix
def test_a_page_is_named_whose_small_worker_is_killed_while_others_live(guard, monkeypatch, impatient):
    # As what watches over a machine does with a process that touches a file it knows.
    started = starting(monkeypatch, DYING.format(int(signal.SIGKILL)))
    with pytest.raises(PageError, match="killed 8 times, though it takes little memory"):
        guard().extract(Job(PAGE))
    assert len(started) == 8 + 8


@posix
@pytest.mark.parametrize(
    ("code", "message"),
    [
        (KILLED_IDLE, "somebody kills.* '8 times"),
        ("import os; os.kill(os.getpid(), 9)", "does not start .SIGKILL"),
        ("raise SystemExit(7)", "does not start .exit code 7"),
    ],
)
def test_a_machine_on_which_no_worker_lives_ends_the_run_and_loses_no_page(
    guard, monkeypatch, impatient, code, message
):
    starting(monkeypatch, code)
    monkeypatch.setattr(sandbox, "_guard", guard())
    with pytest.raises(RunError, match=message):
        read_page(PAGE, "a.html")


@posix
def test_twenty_kills_of_one_page_s_worker_cost_no_page(guard, monkeypatch):
    monkeypatch.setattr(process_deaths, "_LONGEST_PAUSE", 0.3)
    one, start, moments, started = guard(), Guard._start, random.Random(0), []

    def start_and_kill(self):
        worker = start(self)
        started.append(worker)
        if len(started) <= 20:  # most of them before it has read a page
            threading.Timer(moments.uniform(0.15, 0.4), worker.kill).start()
        return worker

    monkeypatch.setattr(Guard, "_start", start_and_kill)
    while len(started) <= 20:
        assert read_next(one)


def test_half_an_answer_is_none(guard, monkeypatch):
    one, whole, n_cut = guard(), sandbox._receive_or_end, []

    def cut(pipe):
        message = whole(pipe)
        if message != b"ready" and not n_cut:
            n_cut.append(one._worker.kill())
            return b""
        return message

    monkeypatch.setattr(sandbox, "_receive_or_end", cut)
    assert read_next(one)
    assert whole(io.BytesIO(b"\5\0\0\0rea")) == b""


@linux
def test_a_page_is_not_blamed_for_the_memory_that_those_before_took(guard, monkeypatch):
    one, answers = guard(), iter([b'"memory"'])
    assert read_next(one)
    whole = sandbox._receive
    monkeypatch.setattr(sandbox, "_receive", lambda pipe: next(answers, None) or whole(pipe))
    first = one._worker
    assert read_next(one)
    assert one._worker is not first


@pytest.mark.parametrize("document", ["", ".docx"])
def test_whatever_a_parser_raises_is_a_reason(monkeypatch, document):
    def fail(*_):
        raise ZeroDivisionError("seven")

    monkeypatch.setattr(sandbox, "main_text_of", fail)
    monkeypatch.setattr(sandbox, "_document", fail)
    answer = sandbox._answer(Job(PAGE, document=document), 10**12)
    assert answer == PageText("", "", "", "the parser gave up (ZeroDivisionError: seven)")


def test_workers_are_replaced_before_they_grow(guard, monkeypatch):
    monkeypatch.setattr(sandbox, "PAGES_A_WORKER", 2)
    one = guard()
    workers = [read_next(one) and one._worker.pid for _ in range(4)]
    assert workers[0] == workers[1] != workers[2] == workers[3]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_a_fork_gets_a_worker_of_its_own(guard):
    one = guard()
    assert read_next(one)
    child = os.fork()
    if not child:
        os._exit(0 if read_next(one) else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert read_next(one)


@linux
def test_a_worker_does_not_outlive_its_reader():
    code = (
        "import time, unspun.crawl.pages.sandbox as g; g.extract_page(b'<p>Rain');"
        "print(g._guard._worker.pid); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as reader:
        worker = Path("/proc", reader.stdout.readline().strip(), "stat")
        assert worker.exists()
        reader.kill()
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and is_alive(worker):
        time.sleep(0.1)
    assert not is_alive(worker)


def is_alive(stat):
    try:
        return stat.read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_closing_twice_does_no_harm(guard):
    one = guard()
    one.close()
    assert read_next(one)
    one.close()
    one.close()


def test_threads_get_their_own_pages(guard):
    one = guard()
    pages = [
        f"<html><body><p>The ferry number {k} left the harbour at noon on Monday.</p></body></html>" for k in range(24)
    ]
    with ThreadPoolExecutor(4) as pool:
        texts = list(pool.map(lambda page: one.extract(Job(page)).text, pages))
    assert [f"number {k} left" in text for k, text in enumerate(texts)] == [True] * len(pages)


def test_files_of_the_working_folder_are_not_run(guard, tmp_path, monkeypatch):
    for name in ("trafilatura", "html", "lxml"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit(5)")
    monkeypatch.chdir(tmp_path)
    assert read_next(guard())
