"""Damage and bombs are named, and what came before them is kept."""

import gzip
import io

import pytest
from fastwarc import stream_io

from unspun.io import decompression
from unspun.io.decompression import capped_lines, decompressed

TEXT = b"The ferry left at noon, and nobody was on it but the cook.\n" * 50


def read(data):
    lines, plain = decompressed(io.BytesIO(data))
    return lines.read(), plain.problems


def packed(kind):
    buffer = io.BytesIO()
    with getattr(stream_io, kind)(buffer) as writer:
        writer.write(TEXT)
    return buffer.getvalue()


def bomb(size):
    return gzip.compress(b"a" * size)


@pytest.mark.parametrize(
    "data",
    [TEXT, gzip.compress(TEXT), gzip.compress(TEXT[:700]) + gzip.compress(TEXT[700:]) + b"\0" * 9, b""],
    ids=["plain", "packed", "members", "empty"],
)
def test_bytes_come_out_whole(data):
    assert read(data) == (TEXT if data else b"", [])


@pytest.mark.parametrize("kind", ["Lz4Writer", "ZstdWriter"])
def test_lz4_and_zstandard(kind):
    if not hasattr(stream_io, kind):
        pytest.skip(f"this fastwarc has no {kind}")
    assert read(packed(kind)) == (TEXT, [])


@pytest.mark.parametrize("n_left", range(12, 60, 7))
def test_a_cut_is_named_wherever_it_is(n_left):
    found, problems = read(gzip.compress(TEXT)[:n_left])
    assert TEXT.startswith(found)
    assert problems == ["cut off: the file ends within a compressed record"]


def test_a_missing_trailer_is_a_cut_too():
    assert read(gzip.compress(TEXT)[:-4])[1] == ["cut off: the file ends within a compressed record"]


def test_a_damaged_member_costs_only_itself():
    broken = bytearray(gzip.compress(b"broken " * 99))
    broken[12:20] = b"\xff" * 8
    found, problems = read(gzip.compress(b"first ") + broken + gzip.compress(b"last"))
    assert found == b"first last"
    assert len(problems) == 1
    assert problems[0].startswith("damaged")


def test_a_bomb_is_left_unexploded(monkeypatch):
    monkeypatch.setattr(decompression, "MAX_BOMB_BYTES", 100_000)
    found, problems = read(bomb(3_000_000) + gzip.compress(b"safe"))
    assert found.endswith(b"safe")
    assert len(found) < 1_000_000
    assert problems[0].startswith("a bomb")


def test_a_disk_that_fails_is_a_problem_of_the_file():
    class Failing(io.BytesIO):
        def read(self, size=-1):
            if self.tell() > 100:
                raise OSError("input/output error")
            return super().read(50)

    found, problems = read_from(Failing(TEXT))
    assert TEXT.startswith(found)
    assert problems == ["cannot be read to its end: input/output error"]


def read_from(raw):
    lines, plain = decompressed(raw)
    return lines.read(), plain.problems


def test_lines_are_capped_without_losing_count():
    lines = [b"short\n", b"x" * 1_000_000 + b"\n", b"short again\n", b"y" * 70_000]
    assert list(capped_lines(io.BytesIO(b"".join(lines)), 100)) == [b"short\n", None, b"short again\n", None]
