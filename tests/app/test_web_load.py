"""The server as it is started by hand: many posts at once, hundreds of comparisons, and requests made to break it."""

import contextlib
import json
import random
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from articles import SPUN, STORY

pytest.importorskip("fastapi", reason="the extra `web` is not installed")

from web_server import ask, send

pytestmark = pytest.mark.slow

STATUS = Path("/proc/self/status")


@pytest.fixture(scope="module")
def served():
    """Run `unspun serve`, and give its port and its process."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "unspun", "serve", "--port", str(port)]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError):
                ask(port)
                break
            time.sleep(0.2)
        yield port, process
        process.terminate()


def post(port, path="/api/score", **body):
    answer = ask(port, "POST", path, json.dumps(body).encode(), **{"Content-Type": "application/json"})
    return answer.status, json.loads(answer.body)


def test_sixty_four_posts_at_once_are_answered_as_one_by_one(served):
    port, _ = served
    pairs = [(f"{STORY} Then {number} people left.", f"{SPUN} Then {number} folks departed.") for number in range(64)]
    with ThreadPoolExecutor(64) as pool:
        answers = list(pool.map(lambda pair: post(port, source=pair[0], suspect=pair[1]), pairs))
    assert [status for status, _ in answers] == [200] * 64
    for number in (0, 63):
        assert post(port, source=pairs[number][0], suspect=pairs[number][1]) == answers[number]


def shuffled(text, random):
    """Return a text without its first words, and with a few new ones: no two are alike."""
    words = [f"{word}{random.randrange(10_000)}" if random.random() < 0.05 else word for word in text.split(" ")]
    return " ".join(words[random.randrange(40) :])


def resident(process):
    """Return the megabytes that a process and its children hold."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    held = 0
    for number in [process.pid, *children]:
        status = dict(line.split(":", 1) for line in Path(f"/proc/{number}/status").read_text().splitlines())
        # Pages of files that are mapped come and go with what else the machine does.
        held += int(status["RssAnon"].split()[0])
    return held / 1024


@pytest.mark.skipif(not STATUS.is_file(), reason="memory is read from /proc")
def test_five_hundred_comparisons_take_no_more_memory_than_the_first(served):
    port, process = served
    chance = random.Random(1)
    before = 0.0
    for number in range(530):
        texts = {"source": shuffled(STORY, chance), "suspect": shuffled(SPUN, chance)}
        if number % 3:
            assert post(port, path="/api/explain" if number % 3 == 1 else "/api/score", **texts)[0] == 200
        else:
            assert send(port, **texts).status == 303
        if number == 30:
            before = resident(process)
    assert resident(process) - before < 20


def test_requests_made_to_break_it_never_do(served, tmp_path):
    pytest.importorskip("schemathesis", reason="schemathesis is not installed")
    port, _ = served
    command = [sys.executable, "-m", "schemathesis.cli", "run", f"http://127.0.0.1:{port}/openapi.json"]
    # By the document, requests are right, wrong in one way, and random; answers must be those that it names.
    options = ["--checks", "all", "--max-examples", "40", "--seed", "1", "--generation-database", "none", "--no-color"]
    made = subprocess.run([*command, *options], cwd=tmp_path, capture_output=True, text=True, timeout=500, check=False)
    assert made.returncode == 0, made.stdout[-3000:] + made.stderr[-1000:]
    assert "Tested: 2" in made.stdout
