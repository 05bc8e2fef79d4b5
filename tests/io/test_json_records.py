"""Rows of JSON are read however they were written down."""

import io
import json
from collections.abc import Callable, Iterator
from typing import IO

import pytest

from unspun.crawl.reading.ranges import cut
from unspun.io.rows.json_records import json_rows, jsonl_rows
from unspun.io.rows.row_limits import Record
from unspun.io.sources import list_sources

ROWS = [{"id": n, "text": f'Rain fell on "day" {n}, and\nsnow on the next.'} for n in range(5)]
LINES = [json.dumps(row) for row in ROWS]
WRITTEN = {
    "lines": "\n".join(LINES),
    "CR": "\r".join(LINES) + "\r",
    "CRLF": "\r\n".join(LINES),
    "array": json.dumps(ROWS),
    "array of lines": "[" + ",\n".join(LINES) + "]",
    "array from its own line": "[\n" + ",\n".join(LINES) + "\n]\n",
    "pretty array": json.dumps(ROWS, indent=2),
    "pretty objects": "\n".join(json.dumps(row, indent=1) for row in ROWS),
    "text sequence": "".join(f"\x1e{line}\n" for line in LINES),
    "commas": ",\n".join(LINES) + ",",
    "joined": "".join(LINES),
    "joined files": "\n".join(LINES[:2]) + "\n".join(LINES[2:]),
    "marks": "\n".join(f"\ufeff{line}" for line in LINES),
}


@pytest.mark.parametrize("form", WRITTEN)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-8-sig"])
@pytest.mark.parametrize("read", [jsonl_rows, json_rows])
def test_rows_are_read_however_they_were_written(form, encoding, read):
    records = list(read(io.BytesIO(WRITTEN[form].encode(encoding))))
    assert [record.fields for record in records] == ROWS
    assert len({record.place for record in records}) == len(ROWS)


@pytest.mark.parametrize(
    "bad", ["{", "[", "[[", '{"', "}", "nonsense", '{"id": "[', "[1, 2]", '{"id": 1} x', "\x1e", "{}{", '"']
)
def test_a_bad_line_costs_no_other(bad):
    for lines in ([bad, *LINES], [*LINES, bad], [LINES[0], bad, *LINES[1:]]):
        found = [record.fields for record in jsonl_rows(io.BytesIO("\n".join(lines).encode())) if not record.reason]
        assert [fields for fields in found if fields.get("text")] == ROWS


@pytest.mark.parametrize("form", WRITTEN)
def test_what_is_no_line_is_not_cut(tmp_path, form):
    path = tmp_path / "r.jsonl"
    path.write_text(WRITTEN[form], newline="")
    parts = cut(list_sources([path])[0], 100)
    data = path.read_bytes()
    pieces = [(io.BytesIO(data[part.start : part.stop or None]), part.first) for part in parts]
    assert [record.fields for piece in pieces for record in jsonl_rows(*piece)] == ROWS


@pytest.mark.parametrize("read", [jsonl_rows, json_rows])
def test_a_number_of_any_length_costs_no_text(read: Callable[[IO[bytes]], Iterator[Record]]) -> None:
    line = b'{"id": %s, "text": "Rain fell.", "n": [-%s]}\n' % (b"9" * 5_000, b"8" * 5_000)
    (row,) = read(io.BytesIO(line))
    assert (row.reason, row.fields["id"], row.fields["text"]) == ("", "9" * 5_000, "Rain fell.")


def test_depth_is_told_as_that() -> None:
    deep = b'{"text":' * 100_000 + b"1" + b"}" * 100_000
    before, told, behind = jsonl_rows(io.BytesIO(b'{"id": 1}\n' + deep + b'\n{"id": 2}\n'))
    assert (before.fields, behind.fields) == ({"id": 1}, {"id": 2})
    assert "brackets in brackets" in told.reason
