"""A stray quote in a table costs no other row."""

import io
import time

import pytest

from unspun.io.rows import csv_records, row_limits
from unspun.io.rows.csv_records import csv_rows


def read(table: str) -> list[tuple[str, list[object], str]]:
    rows = csv_rows(io.BytesIO(table.encode()), list)
    return [(row.place, list(row.fields.values()), row.reason) for row in rows]


STRAY = [
    # Opened and never closed.
    ('id,text\na,"Rain.\nb,Snow.\nc,Hail.\n', [["a", "Rain."], ["b", "Snow."], ["c", "Hail."]]),
    # Closed by the quote of the next row.
    ('id,text\na,"Rain.\nb,"Snow, hail."\nc,Fog.\n', [["a", "Rain."], ["b", "Snow, hail."], ["c", "Fog."]]),
    # Tables of tabs quote nothing: a quoted word at the beginning or the end of a cell is no border.
    (
        'id\ttext\tmore\n1\t"Rain" fell.\t"Snow\n2\tHail\t"Fog" rose.\n3\tSun\tWind"\n',
        [["1", "Rain fell.", "Snow"], ["2", "Hail", "Fog rose."], ["3", "Sun", 'Wind"']],
    ),
    ('id\ttext\n1\t"Rain.\n2\tSnow."\n3\tFog\n', [["1", "Rain."], ["2", 'Snow."'], ["3", "Fog"]]),
    ('id\ttext\tmore\n1\t"Rain\tSnow\n2\tHail\tFog\n', [["1", '"Rain', "Snow"], ["2", "Hail", "Fog"]]),
    # Sound cells of several lines stay whole, in any column.
    ('id,text\na,"Rain, snow\n\nand ""hail""."\nb,Fog\n', [["a", 'Rain, snow\n\nand "hail".'], ["b", "Fog"]]),
    ('text\tid\n"Rain\nfell."\t1\nFog\t2\n', [["Rain\nfell.", "1"], ["Fog", "2"]]),
    ('id\ttext\n1\t"Rain\nfell."\n2\tFog\n', [["1", "Rain\nfell."], ["2", "Fog"]]),
    # A file that was cut off within a cell keeps what there is of it.
    ('id,text\na,"Rain.\n\nIt snowed, too, all day\nlong', [["a", "Rain.\n\nIt snowed, too, all day\nlong"]]),
    ('"i\nd","te""xt"\na,Rain\n', [["a", "Rain"]]),
]


@pytest.mark.parametrize(("table", "cells"), STRAY)
def test_a_stray_quote_costs_no_other_row(table: str, cells: list[list[str]]) -> None:
    rows = read(table)
    assert [row[1] for row in rows] == cells
    assert not any(reason for _, _, reason in rows)


def test_rows_behind_a_stray_quote_have_their_own_places() -> None:
    assert [place for place, *_ in read('id,text\na,"x\nb,y\n\nc,z\n')] == ["line 2", "line 3", "line 5"]


def test_a_cell_without_end_costs_one_row(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(row_limits, "MAX_ROW_BYTES", 1_000)
    rows = read('id,text\na,"Rain fell.\n' + "".join(f"{n},Snow fell {n} times.\n" for n in range(200)))
    assert len(rows) == 201
    assert rows[-1][1] == ["199", "Snow fell 199 times."]


@pytest.mark.parametrize("line", ['x,a"b,"c\n', 'x,"\n', 'x,""\n', 'x,"""a\n', '"', '"\n', ',"\n', '""\n'])
def test_no_quotes_take_long(line: str) -> None:
    start = time.process_time()
    rows = read("id,text\n" + line * (500_000 // len(line)))
    assert rows
    assert time.process_time() - start < 10


def test_what_was_swallowed_again_and_again_is_read_line_by_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_records, "_MAX_AGAIN", 1)
    rows = read("id,text\n" + 'x,a"b"\ny,"c\n' * 3)
    assert [row[1] for row in rows] == [["x", 'a"b"'], ["y", '"c']] * 3 or len(rows) == 6


@pytest.mark.parametrize("header", ["id,text,text", "id,text,Other,text,text"])
def test_of_columns_of_one_name_the_first_counts(header: str) -> None:
    cells = ["a", "Rain fell.", *["else"] * (header.count(",") - 1)]
    (row,) = csv_rows(io.BytesIO(f"{header}\n{','.join(cells)}\n".encode()), list)
    assert (row.fields["id"], row.fields["text"], row.reason) == ("a", "Rain fell.", "")
