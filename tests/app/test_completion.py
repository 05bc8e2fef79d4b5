"""Shells complete commands and options."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

UNSPUN = Path(sys.executable).with_name("unspun")
needs_bash = pytest.mark.skipif(shutil.which("bash") is None, reason="no bash here")


@pytest.mark.parametrize(
    ("typed", "offered"), [("unspun sc", {"scan", "score"}), ("unspun scan --resu", {"--resume"}), ("unspun q", set())]
)
def test_what_is_typed_is_completed(typed, offered):
    environment = os.environ | {
        "_UNSPUN_COMPLETE": "complete_bash",
        "COMP_WORDS": typed,
        "COMP_CWORD": str(len(typed.split()) - 1),
    }
    done = subprocess.run([UNSPUN], env=environment, capture_output=True, text=True, check=False)
    assert set(done.stdout.split()) == offered


@needs_bash
def test_the_script_for_the_shell_is_shown():
    # Two commands, so that bash stays and is seen as the shell that asks.
    command = ["bash", "--norc", "-c", f"'{UNSPUN}' --show-completion; exit $?"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "complete -o default" in done.stdout
    assert "_UNSPUN_COMPLETE=complete_bash" in done.stdout
