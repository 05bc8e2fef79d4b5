"""What a command says when it fails or is stopped: nothing acts on the terminal, and the way on is told."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from unspun.app.cli import main
from unspun.errors import InputError, printable

HOSTILE = [
    "a\x1b[31mb",
    "\x1b]0;title\x07",
    "\x9b2J",
    "a\rb",
    "a\x08b",
    "\u202etxt.exe",
    "zero\u200bwidth",
    "two\nlines",
]


def run(*args: object) -> int:
    with pytest.raises(SystemExit) as end:
        main([str(arg) for arg in args])
    return int(end.value.code or 0)


def acting(text: str) -> list[str]:
    return [letter for letter in text if not letter.isprintable() and letter not in "\n\t"]


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize(
    "command",
    [
        ("score", "{}.txt", "{}.txt"),
        ("score", "--pairs", "{}.csv", "-o", "o.csv"),
        ("score", "--pairs", "{}/absent.csv", "-o", "o.csv"),
        ("score", "--pairs", "p.csv", "-o", "{}"),
        ("score", "--pairs", "p.csv", "-o", "o.csv", "--source-column", "{}"),
        ("scan", "{}", "-o", "run"),
        ("scan", "p.csv", "-o", "run", "--text-column", "{}"),
        ("report", "{}"),
        ("explain", "{}", "{}", "{}"),
        ("evaluate", "--pairs", "p.csv", "--floors", "{}.json"),
        ("score", "a", "b", "{}"),
        ("{}",),
        ("score", "--jobs", "{}"),
    ],
    ids=lambda command: " ".join(command),
)
def test_names_do_not_act_on_the_terminal(
    tmp_path: Path, monkeypatch: Any, capsys: Any, name: str, command: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / f"{name}.csv").write_text(f"id,{name}\n1,2\n")
    (tmp_path / "p.csv").write_text(f"id,{name}x,suspect\n1,2,3\n")
    assert run(*(part.replace("{}", name) for part in command)) in (2, 3)
    said = capsys.readouterr()
    assert not acting(said.out + said.err)


@pytest.mark.parametrize("name", HOSTILE)
def test_rejects_and_bad_rows_do_not_act_on_the_terminal(tmp_path: Path, capsys: Any, name: str) -> None:
    (tmp_path / f"{name}.pdf.exe").write_bytes(b"\0\1")
    assert run("scan", tmp_path / f"{name}.pdf.exe", "-o", tmp_path / "run") == 3
    (tmp_path / "p.jsonl").write_text(json.dumps({"id": name, "source": "x"}))
    assert run("score", "--pairs", tmp_path / "p.jsonl", "-o", tmp_path / "o.csv") == 3
    said = capsys.readouterr()
    assert not acting(said.out + said.err)


def test_a_path_in_a_message_stays_on_its_line() -> None:
    message = str(InputError("no such file", Path("a\nunspun: all is well"), "check it"))
    assert "\n" not in message
    assert printable("Größe 日本 \u00a0") == "Größe 日本 \u00a0"


_SLOW = """
import sys, time
import unspun.crawl.scan
def scan(*args, **options):
    print("begun", flush=True)
    time.sleep(60)
unspun.crawl.scan.scan = scan
from unspun.app.cli import main
main(["scan", "x", "-o", sys.argv[1]])
"""


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="no such signals here")
@pytest.mark.parametrize(("name", "code"), [("SIGTERM", 143), ("SIGHUP", 129), ("SIGINT", 130)])
def test_a_scan_that_is_stopped_says_how_to_go_on(tmp_path: Path, name: str, code: int) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", _SLOW, tmp_path / "run"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # What runs in the background, or under nohup, has been told to pass over some of them.
        preexec_fn=lambda: signal.signal(getattr(signal, name), signal.SIG_DFL),
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "begun\n"
    process.send_signal(getattr(signal, name))
    _, said = process.communicate(timeout=30)
    assert process.returncode == code
    assert "--resume" in said


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="no such signals here")
def test_nohup_is_heeded(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", _SLOW, tmp_path / "run"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN),
    )
    assert process.stdout is not None
    process.stdout.readline()
    os.kill(process.pid, signal.SIGHUP)
    time.sleep(0.5)
    assert process.poll() is None
    process.terminate()
    assert "--resume" in process.communicate(timeout=30)[1]
