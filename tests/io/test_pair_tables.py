import gzip
import io
import json
import os
import subprocess
import sys

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from unspun.app import text_files
from unspun.app.text_files import read_source
from unspun.crawl.pages import sandbox
from unspun.crawl.pages.sandbox import Guard
from unspun.errors import InputError
from unspun.io.pair_tables import read_pairs
from unspun.io.score_tables import check_output, write_table

GOOD = [{"id": f"p{i}", "source": f"Rain fell on day {i}.", "suspect": f"Rain dropped on day {i}."} for i in range(3)]


def jsonl(path, *lines):
    path.write_bytes(b"".join((line if isinstance(line, bytes) else line.encode()) + b"\n" for line in lines))
    return path


def written(folder, suffix):
    path = folder / f"pairs{suffix}"
    frame = pd.DataFrame(GOOD)
    if suffix == ".csv":
        frame.to_csv(path, index=False)
    elif suffix == ".parquet":
        frame.to_parquet(path)
    else:
        frame.to_json(path, orient="records", lines=True)
    return path


@pytest.mark.parametrize("suffix", [".jsonl", ".jsonl.gz", ".csv", ".parquet"])
def test_every_format_gives_the_same_rows(tmp_path, suffix):
    good, bad = read_pairs(written(tmp_path, suffix))
    assert good.to_dict("records") == GOOD
    assert good.index.tolist() == [0, 1, 2]
    assert bad.empty


@pytest.mark.skipif(sys.platform == "win32", reason="no named pipes here")
def test_a_pipe_in_a_folder_is_not_waited_for(tmp_path):
    jsonl(tmp_path / "b.jsonl", json.dumps(GOOD[0]))
    os.mkfifo(tmp_path / "a.jsonl")
    good, bad = read_pairs(tmp_path)
    assert good.id.tolist() == ["p0"]
    assert "no file but a pipe" in bad.reason[0]


def test_a_folder_is_read_in_the_order_of_names(tmp_path):
    jsonl(tmp_path / "b.jsonl", json.dumps(GOOD[1]), "nonsense")
    jsonl(tmp_path / "a.jsonl", json.dumps(GOOD[0]))
    (tmp_path / "c.csv").write_text("a,b\n1,2\n")
    (tmp_path / "README.md").write_text("not pairs")
    good, bad = read_pairs(tmp_path)
    assert good.id.tolist() == ["p0", "p1"]
    assert bad.index.tolist() == [2, 3]
    assert bad.reason[2].startswith("b.jsonl line 2: not JSON")
    assert "has no column source and no suspect" in bad.reason[3]


@pytest.mark.parametrize(
    ("line", "name", "reason"),
    [
        ("{", "line 1", "not JSON"),
        ("[1]", "line 1", "not an object"),
        ("[" * 100_000, "line 1", "not JSON"),
        (b'{"id": "\xff"}', "line 1", "not UTF-8"),
        ('{"id": {}, "source": "a", "suspect": "b"}', "line 1", "id is not text but dict"),
        ('{"id": "x", "source": "a"}', "x", "suspect is missing"),
        ('{"id": "x", "source": null, "suspect": "b"}', "x", "source is missing"),
        ('{"id": "x", "source": "a", "suspect": ["b"]}', "x", "suspect is not text but list"),
    ],
)
def test_a_bad_record_is_a_row_with_its_reason(tmp_path, line, name, reason):
    good, bad = read_pairs(jsonl(tmp_path / "pairs.jsonl", line, json.dumps(GOOD[0])))
    assert good.index.tolist() == [1]
    assert bad.id.tolist() == [name]
    assert bad.reason[0].startswith(f"line 1: {reason}")


def test_bad_csv_records_do_not_end_the_file(tmp_path):
    path = tmp_path / "pairs.csv"
    path.write_bytes(b"id,source,suspect\na,x,y\nb,x\nc,x,y,z\nd,The caf\xe9 on the quay,y\ne,\0x,y\n")
    good, bad = read_pairs(path)
    assert good.id.tolist() == ["a", "d", "e"]
    assert good.source.tolist()[1] == "The café on the quay"
    assert bad.id.tolist() == ["b", "c"]
    assert bad.reason.tolist() == [
        "line 3: suspect is missing",
        "line 4: more cells than the header has",
    ]


def test_odd_texts_are_read(tmp_path):
    odd = {"id": "\ud800", "source": "a\0b\ud83d", "suspect": "x" * 300_000}
    good, bad = read_pairs(jsonl(tmp_path / "pairs.jsonl", json.dumps(odd), json.dumps({**odd, "source": ""})))
    assert bad.empty
    assert good.source.tolist() == ["a\0b\ufffd", ""]
    pd.DataFrame([{**GOOD[0], "suspect": odd["suspect"]}]).to_csv(tmp_path / "long.csv")
    assert len(read_pairs(tmp_path / "long.csv")[0].suspect[0]) == 300_000


def test_an_archive_cut_short_keeps_what_came_before(tmp_path):
    noise = np.random.default_rng(0).integers(97, 123, 100_000, dtype=np.uint8).tobytes().decode()
    whole = gzip.compress("".join(json.dumps({**GOOD[0], "suspect": noise}) + "\n" for _ in range(5)).encode())
    path = tmp_path / "pairs.jsonl.gz"
    path.write_bytes(whole[: len(whole) // 2])
    good, bad = read_pairs(path)
    assert len(good) == 2
    assert len(bad) == 1
    assert "breaks off" in bad.reason.iloc[0]


@pytest.mark.parametrize(
    "name", ["absent.jsonl", "pairs.txt", "noise.jsonl.gz", "noise.parquet", "empty.csv", "folder", "other.csv"]
)
def test_what_cannot_be_read_at_all_is_an_input_error(tmp_path, name):
    (tmp_path / "folder").mkdir()
    for noise in ("pairs.txt", "noise.jsonl.gz", "noise.parquet"):
        (tmp_path / noise).write_bytes(b"noise")
    (tmp_path / "empty.csv").write_bytes(b"")
    (tmp_path / "other.csv").write_text("id,text\n1,2\n")
    with pytest.raises(InputError):
        read_pairs(tmp_path / name)


def test_numbered_ids_of_a_parquet_column_are_text(tmp_path):
    pd.DataFrame([{**GOOD[0], "id": 7}]).to_parquet(tmp_path / "pairs.parquet")
    assert read_pairs(tmp_path / "pairs.parquet")[0].id.tolist() == ["7"]


@pytest.mark.parametrize("suffix", [".jsonl", ".csv", ".parquet"])
def test_labels_are_kept_and_completed(tmp_path, suffix):
    labels = {"relation": "spun", "family": "synonym", "lowercased": True}
    path = tmp_path / f"mine{suffix}"
    frame = pd.DataFrame([{**GOOD[0], **labels}])
    write_table(frame, path)
    row = read_pairs(path, labelled=True)[0].iloc[0].to_dict()
    assert row == GOOD[0] | labels | {"tool": "", "dataset": "mine", "group": "p0", "source_written_by": ""}


def test_an_unknown_relation_is_a_bad_record(tmp_path):
    path = jsonl(tmp_path / "pairs.jsonl", json.dumps({**GOOD[0], "relation": "stolen"}), json.dumps(GOOD[1]))
    good, bad = read_pairs(path, labelled=True)
    assert good.empty
    assert "relation is unknown" in bad.reason[0]
    assert "relation is missing" in bad.reason[1]


@given(st.binary(max_size=200))
def test_no_bytes_crash_a_line(tmp_path_factory, noise):
    path = jsonl(tmp_path_factory.mktemp("noise") / "pairs.jsonl", noise, json.dumps(GOOD[0]))
    good, bad = read_pairs(path)
    assert GOOD[0]["id"] in good.id.tolist()
    assert good.index.tolist() + bad.index.tolist()


def test_tables_are_written_whole_with_nulls(tmp_path):
    frame = pd.DataFrame({"id": ["a", "b"], "p_spun": np.array([0.25, np.nan], np.float32), "abstained": [None, "why"]})
    for suffix in (".jsonl", ".csv", ".parquet"):
        write_table(frame, tmp_path / "new" / f"out{suffix}")
    assert (tmp_path / "new/out.jsonl").read_text().splitlines()[1] == '{"id":"b","p_spun":null,"abstained":"why"}'
    assert (tmp_path / "new/out.csv").read_text() == "id,p_spun,abstained\na,0.25,\nb,,why\n"
    assert pd.read_parquet(tmp_path / "new/out.parquet").p_spun.tolist()[0] == 0.25
    assert len(list((tmp_path / "new").iterdir())) == 3


def test_outputs_that_cannot_be_written_are_told_in_time(tmp_path):
    with pytest.raises(InputError, match="format"):
        check_output("scores.txt")
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="cannot write"):
        write_table(pd.DataFrame({"a": [1]}), tmp_path / "file" / "out.csv")


def test_sources_are_read_as_text(tmp_path, monkeypatch):
    (tmp_path / "a.txt").write_bytes(b"\xef\xbb\xbfRain fell.")
    assert read_source(tmp_path / "a.txt") == "Rain fell."
    (tmp_path / "b.md").write_bytes(b"%PDF-1.7 \xff\x00\x01\x02")
    with pytest.raises(InputError, match="not text"):
        read_source(tmp_path / "b.md")
    with pytest.raises(InputError, match="cannot read"):
        read_source(tmp_path / "absent.txt")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO("Rain fell – twice.".encode())))
    assert read_source("-") == "Rain fell – twice."


def test_pages_are_read_without_their_boilerplate(tmp_path):
    story = "".join(
        f"<p>The council of Ostravel met for the {n}th time on Monday and talked about the quay.</p>"
        for n in range(4, 9)
    )
    page = f"<html><body><nav><a href='/'>Home</a></nav><article><h1>Caf\xe9</h1>{story}</article></body></html>"
    (tmp_path / "page.HTML").write_bytes(page.encode("cp1252"))
    text = read_source(tmp_path / "page.HTML")
    assert "for the 8th time" in text
    assert "Home" not in text


@pytest.mark.skipif(sys.platform == "win32", reason="the system gives no alarm")
def test_a_page_that_takes_too_long_is_told(tmp_path, monkeypatch):
    # The parser compares every attribute with every other.
    slow = b"<html><body " + b" ".join(b"a%d=1" % number for number in range(400_000)) + b"><p>text</p>"
    (tmp_path / "a.html").write_bytes(slow)
    impatient = Guard(max_seconds=1)
    monkeypatch.setattr(sandbox, "_guard", impatient)
    with pytest.raises(InputError, match="the page took more than 1 seconds"):
        read_source(tmp_path / "a.html")
    impatient.close()
    (tmp_path / "b.html").write_bytes(b"<p>Rain fell.</p>" * 400_000)
    with pytest.raises(InputError, match="the page has more than"):
        read_source(tmp_path / "b.html")


def test_a_cell_that_is_not_utf8_costs_no_other_row(tmp_path):
    texts = pa.array([b"One.", b"Caf\xe9.", b"Three."], pa.binary())
    table = pa.table({"id": ["a", "b", "c"], "source": pa.Array.from_buffers(pa.string(), 3, texts.buffers())})
    pq.write_table(table.append_column("suspect", table["source"]), tmp_path / "p.parquet")
    good, bad = read_pairs(tmp_path / "p.parquet")
    assert good.source.tolist() == ["One.", "Café.", "Three."]
    assert not len(bad)


def test_a_text_that_is_too_long_is_a_bad_row(tmp_path):
    long = {"id": "long", "source": "word " * 200_001, "suspect": "A word."}
    good, bad = read_pairs(jsonl(tmp_path / "p.jsonl", json.dumps(long), json.dumps(GOOD[0])))
    assert len(good) == 1
    assert bad.reason[0] == "line 1: source is too long: '1,000,005 characters'; give at most 1,000,000"


def test_a_page_is_known_by_its_first_bytes(tmp_path):
    page = (
        b"<!-- saved --><!DOCTYPE html><html><body><nav>Home | News</nav><p>The ferry left at noon.</p></body></html>"
    )
    (tmp_path / "index.php").write_bytes(page)
    assert read_source(tmp_path / "index.php") == "The ferry left at noon."


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names here")
def test_links_and_pipes_keep_their_places(tmp_path):
    frame = pd.DataFrame({"id": ["a"]})
    (tmp_path / "real.csv").write_text("old")
    (tmp_path / "link.csv").symlink_to(tmp_path / "real.csv")
    write_table(frame, tmp_path / "link.csv")
    assert (tmp_path / "link.csv").is_symlink()
    assert (tmp_path / "real.csv").read_text() == "id\na\n"
    os.mkfifo(tmp_path / "pipe.csv")
    reader = subprocess.Popen(["cat", tmp_path / "pipe.csv"], stdout=subprocess.PIPE)
    write_table(frame, tmp_path / "pipe.csv")
    assert reader.communicate(timeout=20)[0] == b"id\na\n"
    assert (tmp_path / "pipe.csv").is_fifo()


@pytest.mark.skipif(not os.path.exists("/dev/zero"), reason="no device without an end here")
def test_a_text_without_an_end_is_refused(monkeypatch):
    monkeypatch.setattr(text_files, "MAX_BYTES", 1_000)
    with pytest.raises(InputError, match="more than 1,000 bytes"):
        read_source("/dev/zero")


def test_of_parquet_columns_of_one_name_the_first_counts(tmp_path):
    columns = {"id": ["a"], "source": ["Rain fell."], "suspect": ["Rain came."]}
    names = [*columns, "suspect"]
    table = pa.Table.from_arrays([*map(pa.array, columns.values()), pa.array(["else"])], names=names)
    pq.write_table(table, tmp_path / "p.parquet")
    good, bad = read_pairs(tmp_path / "p.parquet")
    assert good["suspect"].tolist() == ["Rain came."]
    assert bad.empty


def test_bytes_behind_a_compressed_table_are_told_and_cost_nothing(tmp_path):
    rows = "".join(json.dumps(row) + "\n" for row in GOOD).encode()
    (tmp_path / "p.jsonl.gz").write_bytes(gzip.compress(rows) + b"garbage")
    good, bad = read_pairs(tmp_path / "p.jsonl.gz")
    assert len(good) == len(GOOD)
    assert "breaks off" not in bad.reason.iloc[0]
    assert "behind the compressed data" in bad.reason.iloc[0]
