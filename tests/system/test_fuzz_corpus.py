"""What the fuzzer begins with, and what it has found, is read without a fault."""

from pathlib import Path

import pytest
from fuzzed_readers import READERS, seeds

CORPUS = Path(__file__).parents[1] / "fuzz" / "corpus"
FOUND = sorted(path for path in CORPUS.glob("*/*") if path.is_file())


@pytest.mark.parametrize("name", READERS)
def test_sound_files_are_read(name):
    for seed in seeds(name):
        READERS[name](seed)


@pytest.mark.parametrize("path", FOUND, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_what_was_not_survived_once_is_survived(path):
    READERS[path.parent.name](path.read_bytes())


def test_the_corpus_is_small():
    assert sum(path.stat().st_size for path in FOUND) < 200_000
    assert {path.parent.name for path in FOUND} <= READERS.keys()
