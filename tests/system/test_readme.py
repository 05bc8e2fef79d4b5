"""The commands of README.md are run, in its order, and must print what it shows.

A line shown is compared with all numbers taken as equal, since they move with the model; ``...`` stands for anything.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```console\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
# What the target does once everything is set up.
TARGETS = {"make score": "unspun scan data/sample/crawl -o build/sample --truth data/sample/truth.csv"}


def steps():
    """Return every command with what the README shows below it."""
    for block in BLOCKS:
        for step in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, shown = step.partition("\n")
            yield command, shown


def as_pattern(shown):
    """Return a pattern for the output: numbers match numbers, ... matches anything."""
    pattern = re.escape(re.sub(r"\d+(\.\d+)?", "0", shown.strip())).replace(re.escape("..."), ".*")
    return re.compile(pattern.replace("0", r"\d+(\.\d+)?"), re.DOTALL)


@pytest.fixture(scope="module")
def workplace(tmp_path_factory):
    """Return a folder with the sample data, where commands may write."""
    folder = tmp_path_factory.mktemp("readme")
    (folder / "data").symlink_to(ROOT / "data")
    return folder


def test_the_readme_has_commands():
    commands = [command for command, _ in steps()]
    assert "make score" in commands
    assert sum(command.startswith("unspun ") for command in commands) >= 3


# One test and not one a command: later commands read what earlier ones wrote.
def test_commands_print_what_the_readme_shows(workplace):
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    for command, shown in steps():
        done = subprocess.run(
            TARGETS.get(command, command),
            shell=True,
            cwd=workplace,
            env={**os.environ, "PATH": path},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{command}: {done.stderr}"
        assert as_pattern(shown).search(done.stdout + done.stderr), f"{command} printed {done.stdout + done.stderr!r}"


@pytest.mark.parametrize("link", re.findall(r"\]\(([^)#:]+)\)", README))
def test_links_lead_somewhere(link):
    assert (ROOT / link).exists()


def test_make_targets_named_in_the_documents_exist():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    documents = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")]
    for document in documents:
        for words in re.findall(r"`make ([a-z -]+)`", document.read_text(encoding="utf-8")):
            assert set(words.split()) <= targets, f"{document.name}: make {words}"
