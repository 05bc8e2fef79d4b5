"""However a crawl is cut, every record is read once, in order, under the same name."""

import gzip
import io
import json
import pickle

import fsspec
import pandas as pd
import pytest
from fastwarc import stream_io
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from unspun.crawl.reading import ranges
from unspun.crawl.reading.articles import read_articles, read_shard
from unspun.crawl.reading.formats import read_source
from unspun.crawl.reading.shards import Shard, plan_shards
from unspun.io.sources import Source, list_sources

STORIES = [
    f"The ferry to Skerrow carried {n} passengers on Monday and {n * 7} sheep, said its captain, Olaf Tern."
    for n in range(40)
]


def warc(number, story):
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + f"<p>{story}</p>".encode()
    head = f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://a.example/{number}\r\n"
    return f"{head}Content-Length: {len(http)}\r\n\r\n".encode() + http + b"\r\n\r\n"


def parquet():
    buffer = io.BytesIO()
    pd.DataFrame({"text": STORIES}).to_parquet(buffer, row_group_size=3)
    return buffer.getvalue()


def lz4(data):
    buffer = io.BytesIO()
    with stream_io.Lz4Writer(buffer) as writer:
        writer.write(data)
    return buffer.getvalue()


RECORDS = [warc(number, story) for number, story in enumerate(STORIES)]
LINES = "".join(json.dumps({"text": story}) + "\n\n" * (n % 2) + "\n" for n, story in enumerate(STORIES)).encode()
FILES = {
    "a.warc": b"".join(RECORDS),
    "a.warc.gz": b"".join(map(gzip.compress, RECORDS)),
    "one-member.warc.gz": gzip.compress(b"".join(RECORDS)),
    "a.warc.lz4": lz4(b"".join(RECORDS)),
    "t.jsonl": LINES,
    "t.jsonl.gz": gzip.compress(LINES),
    "t.csv": pd.DataFrame({"text": STORIES}).to_csv(index=False).encode(),
    "t.parquet": parquet(),
    "cut.warc.gz": b"".join(map(gzip.compress, RECORDS))[:-30],
    "broken.jsonl": LINES.replace(b"7 passengers", b"7 \xff"),
}
CUT = {"a.warc", "a.warc.gz", "t.jsonl", "t.parquet", "cut.warc.gz", "broken.jsonl"}


@pytest.fixture(params=FILES)
def crawl(request, tmp_path, monkeypatch):
    # Small windows, so that records lie across their borders.
    monkeypatch.setattr(ranges, "_WINDOW", 700)
    monkeypatch.setattr(ranges, "_OVERLAP", 300)
    (tmp_path / request.param).write_bytes(FILES[request.param])
    return tmp_path / request.param


def found_in(sources, name):
    """What is found, without the problems of the file itself: they are named once a range."""
    items = [item for source in sources for item in read_source(source)]
    return [item for item in items if item.uri != name], {item.uri for item in items}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(size=st.integers(100, 20_000))
def test_ranges_together_are_the_file(crawl, size):
    parts = [source for shard in plan_shards([crawl], size) for source in shard.sources]
    name = crawl.as_posix()
    assert found_in(parts, name) == found_in(list_sources([crawl]), name)
    assert {source.name for source in parts} == {name}


def test_what_can_be_cut_is_cut(crawl):
    assert (len(plan_shards([crawl], 2_000)) > 1) is (crawl.name in CUT)


def test_small_files_share_a_shard_and_keep_their_order(tmp_path):
    for number, story in enumerate(STORIES):
        (tmp_path / f"{number:02}.txt").write_text(story)
    shards = plan_shards([tmp_path], 1_000)
    assert [shard.number for shard in shards] == list(range(len(shards)))
    assert 4 <= len(shards) <= 8
    found = [item for shard in shards for item in read_shard(shard)]
    assert found == list(read_articles([tmp_path]))


def test_a_shard_is_small_and_travels(tmp_path):
    shard = Shard(3, (Source("a.warc.gz", "a.warc.gz", 900, 100, 1000), Source("-", "stdin")))
    assert pickle.loads(pickle.dumps(shard)) == shard
    assert Shard.from_json(json.loads(json.dumps(shard.as_json()))) == shard


def test_addresses_are_cut_too():
    fsspec.filesystem("memory").pipe("/cut/a.warc.gz", FILES["a.warc.gz"])
    shards = plan_shards(["memory://cut"], 5_000)
    assert len(shards) > 3
    assert sum(1 for shard in shards for _ in read_shard(shard)) == len(STORIES)


def test_a_file_that_vanishes_is_named(tmp_path):
    (tmp_path / "a.warc").write_bytes(FILES["a.warc"])
    shards = plan_shards([tmp_path], 3_000)
    (tmp_path / "a.warc").unlink()
    items = [item for shard in shards for item in read_shard(shard)]
    assert {(item.uri, item.stage) for item in items} == {("a.warc", "read")}


def test_a_compressed_file_is_not_cut_whatever_its_name(tmp_path):
    path = tmp_path / "feed.jsonl"
    path.write_bytes(gzip.compress(b"".join(b'{"id": "%d"}\n' % number for number in range(5_000))))
    [source] = list_sources([path])
    assert ranges.cut(source, 1_000) == [source]
