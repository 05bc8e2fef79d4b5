"""Tables as people have them: every format is read by `score` and by `scan`, whatever its columns are called."""

from __future__ import annotations

import csv
import gzip
import io
import json
import sys
import uuid
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from articles import SPUN, STORY, UNRELATED

from unspun.app.cli import main
from unspun.crawl.reading.articles import read_articles
from unspun.crawl.run import open_run
from unspun.io.tables import Article, Reject

CASES = Path(__file__).parents[1] / "cases"
PAIRS = [
    {"id": "a", "source": STORY, "suspect": SPUN},
    {"id": "b", "source": STORY, "suspect": UNRELATED},
]


def run(*args: object) -> int:
    with pytest.raises(SystemExit) as end:
        main([str(arg) for arg in args])
    return int(end.value.code or 0)


def scored(pairs: object, folder: Path, *options: object) -> pd.DataFrame:
    out = folder / "scores.jsonl"
    assert run("score", "--pairs", pairs, "-o", out, *options) == 0
    return pd.read_json(out, lines=True, dtype={"id": str})


def articles(*inputs: object) -> list[Article]:
    found = list(read_articles([str(given) for given in inputs]))
    assert not [item for item in found if isinstance(item, Reject)]
    return [item for item in found if isinstance(item, Article)]


# Ids


@pytest.mark.parametrize(
    ("name", "ids"),
    [
        ("pairs.csv", ["line 2", "line 15", "line 28", "line 37"]),
        ("pairs.jsonl", ["1.0", "line 2", "line 3", "true"]),
        ("pairs.parquet", ["row 1", "row 2", "row 3", "row 4"]),
        ("pairs_floatid.parquet", ["1.0", "2.0", "3.0", "4.0"]),
    ],
)
def test_a_pair_needs_no_id(tmp_path: Path, name: str, ids: list[str]) -> None:
    scores = scored(CASES / "pairs_without_id" / name, tmp_path)
    assert scores["id"].tolist() == ids
    # One source of the lines is NaN, which is how some tools write nothing.
    missing = ["line 3: source is missing"] if name == "pairs.jsonl" else []
    assert scores["abstained"].dropna().tolist() == missing


@pytest.mark.parametrize(
    ("value", "text"),
    [(True, "true"), (2.5, "2.5"), (7, "7"), (uuid.UUID(int=5), str(uuid.UUID(int=5))), (None, "row 1")],
)
def test_ids_of_any_type_are_taken_as_text(tmp_path: Path, value: object, text: str) -> None:
    plain = value if not isinstance(value, uuid.UUID) else value.bytes
    kind = pa.binary(16) if isinstance(value, uuid.UUID) else None
    table = pa.table({"id": pa.array([plain], kind), "source": [STORY], "suspect": [SPUN]})
    pq.write_table(table, tmp_path / "p.parquet")
    assert scored(tmp_path / "p.parquet", tmp_path)["id"].tolist() == [text]


# CSV that is opened in a spreadsheet


def test_tables_can_be_joined_on_ids(tmp_path: Path) -> None:
    pairs = CASES / "csv_ids" / "pairs.jsonl"
    assert run("score", "--pairs", pairs, "-o", tmp_path / "out.csv") == 0
    known = {json.loads(line)["id"] for line in pairs.read_text(encoding="utf-8").splitlines()}
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        assert {row["id"] for row in csv.DictReader(file)} == known


@pytest.mark.parametrize("name", ["=HYPERLINK(A1)", "+cmd|' /C calc'!A0", "@SUM(1+1)", "a;=1+cmd|x!A"])
def test_ids_that_a_spreadsheet_would_run_are_guarded(tmp_path: Path, name: str, capsys: Any) -> None:
    path = tmp_path / "p.jsonl"
    path.write_text(json.dumps({**PAIRS[0], "id": name}), encoding="utf-8")
    assert run("score", "--pairs", path, "-o", tmp_path / "out.csv") == 0
    guarded = pd.read_csv(tmp_path / "out.csv")["id"][0]
    assert guarded != name
    assert guarded.replace("'", "", 1) == name or "'=" in guarded
    assert "spreadsheet" not in capsys.readouterr().err
    assert run("score", "--pairs", path, "-o", tmp_path / "out.csv", "--unguarded") == 0
    assert pd.read_csv(tmp_path / "out.csv")["id"][0] == name
    assert "do not open it in a spreadsheet" in capsys.readouterr().err


# Formats


CASE_FILES = [
    *(CASES / "pairs_formats" / name for name in ("a.csv.gz", "b.tsv", "c.ndjson", "e.json")),
    *(CASES / "utf16_tables" / name for name in ("cp1252.csv", "pairs.jsonl", "sep.csv", "utf16.csv")),
    CASES / "mac_csv" / "pairs.csv",
]


@pytest.mark.parametrize("path", CASE_FILES, ids=lambda path: path.name)
def test_tables_of_pairs_are_read_as_they_come(tmp_path: Path, path: Path) -> None:
    scores = scored(path, tmp_path)
    assert scores["abstained"].isna().all()
    assert len(scores) == 4
    assert scores["p_spun"].max() > 0.9


@pytest.mark.parametrize("path", CASE_FILES, ids=lambda path: path.name)
def test_a_scan_takes_both_texts_of_a_pair(tmp_path: Path, path: Path) -> None:
    assert run("scan", path, "-o", tmp_path / "run") == 0
    found = open_run(tmp_path / "run")
    assert found.info["counts"]["records"] == 8
    assert set(found.rejects["stage"]) <= {"duplicate"}
    assert found.scores["p_spun"].max() > 0.9
    assert found.articles["article_id"].str.endswith(("/source", "/suspect")).all()


@pytest.mark.parametrize("end", [".csv", ".jsonl", ".parquet"])
def test_columns_of_pairs_of_any_usual_name_are_two_articles(tmp_path: Path, end: str) -> None:
    rows = [{"text1": STORY, "text2": SPUN}, {"text1": UNRELATED, "text2": f"{UNRELATED}\n\nIt rained."}]
    path = tmp_path / f"p{end}"
    if end == ".parquet":
        pd.DataFrame(rows).to_parquet(path)
    else:
        path.write_text(cells(rows) if end == ".csv" else lines(rows), encoding="utf-8")
    found = articles(path)
    assert [article.text.split() for article in found] == [text.split() for row in rows for text in row.values()]
    assert len({article.article_id for article in found}) == 4
    assert run("scan", path, "-o", tmp_path / "run", "--text-column", "text2") == 0
    assert len(open_run(tmp_path / "run").articles) == 2


@pytest.mark.parametrize("name", ["c4_json_gz/c4-train.00000-of-01024.json.gz", "utf16_tables/crawl.jsonl"])
def test_tables_of_articles_are_read_as_they_come(name: str) -> None:
    found = articles(CASES / name)
    assert len(found) >= 2
    assert not any("\ufffd" in article.text or "\0" in article.text for article in found)


def lines(rows: list[dict[str, str]]) -> str:
    return "\n".join(json.dumps(row) for row in rows) + "\n"


def cells(rows: list[dict[str, str]], **how: Any) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), **how)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def zstd(data: bytes) -> bytes:
    return pa.compress(data, codec="zstd", asbytes=True)  # type: ignore[no-any-return]


FORMS: dict[str, Any] = {
    "array.json.gz": lambda rows: gzip.compress(json.dumps(rows).encode()),
    "indented.json": lambda rows: json.dumps(rows, indent=2).encode(),
    "inside.json": lambda rows: json.dumps({"version": 1, "data": rows}, indent=1).encode(),
    "lines.json": lambda rows: lines(rows).encode(),
    "bom.json": lambda rows: b"\xef\xbb\xbf" + json.dumps(rows).encode(),
    "wide.json": lambda rows: json.dumps(rows).encode("utf-16"),
    "packed.jsonl.zst": lambda rows: zstd(lines(rows).encode()),
    "packed.ndjson.gz": lambda rows: gzip.compress(lines(rows).encode()),
    "packed.tsv.gz": lambda rows: gzip.compress(cells(rows, delimiter="\t").encode()),
    "named.jsonl": lambda rows: gzip.compress(lines(rows).encode()),
    "mac.tsv": lambda rows: cells(rows, delimiter="\t", lineterminator="\r", quoting=csv.QUOTE_ALL).encode(),
    "mac_bom.csv": lambda rows: b"\xef\xbb\xbf" + cells(rows, lineterminator="\r").encode(),
    "mac_wide.csv": lambda rows: cells(rows, lineterminator="\r").encode("utf-16"),
    "sep_tab.csv": lambda rows: b'"sep=\t"\r\n' + cells(rows, delimiter="\t").encode(),
    "sep_bar.csv": lambda rows: b"sep=|\n" + cells(rows, delimiter="|").encode(),
    "big_endian.csv": lambda rows: b"\xfe\xff" + cells(rows).encode("utf-16-be"),
    "no_mark.csv": lambda rows: cells(rows).encode("utf-16-le"),
    "utf32.jsonl": lambda rows: lines(rows).encode("utf-32"),
    "blank_first.csv": lambda rows: b"\n\n" + cells(rows).encode(),
    "western.csv": lambda rows: cells(rows).encode("cp1252"),
}
ROWS = [{**row, "text": row["suspect"]} for row in PAIRS]


@pytest.mark.parametrize("name", FORMS)
def test_one_set_of_readers_for_pairs_and_articles(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(FORMS[name](ROWS))
    scores = scored(tmp_path / name, tmp_path)
    assert scores["id"].tolist() == ["a", "b"]
    assert scores["p_spun"][0] > 0.9
    assert not scores["p_spun"][1] > 0.9
    assert [article.text.split() for article in articles(tmp_path / name)] == [row["text"].split() for row in ROWS]


@pytest.mark.parametrize("name", ["array.json.gz", "packed.jsonl.zst", "mac_bom.csv", "sep_bar.csv"])
def test_pairs_come_and_go_through_pipes(tmp_path: Path, name: str, monkeypatch: Any, capsys: Any) -> None:
    stream = io.TextIOWrapper(io.BytesIO(FORMS[name](ROWS)))
    monkeypatch.setattr(sys, "stdin", stream)
    assert run("score", "--pairs", "-", "-o", "-") == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["id"] for row in rows] == ["a", "b"]


def test_a_parquet_table_comes_through_a_pipe(tmp_path: Path, monkeypatch: Any, capsys: Any) -> None:
    pd.DataFrame(ROWS).to_parquet(tmp_path / "p.parquet")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO((tmp_path / "p.parquet").read_bytes())))
    assert run("score", "--pairs", "-", "-o", "-") == 0
    assert len(capsys.readouterr().out.splitlines()) == 2


@pytest.mark.parametrize(
    "kind", [pa.binary(), pa.large_binary(), pa.dictionary(pa.int32(), pa.string()), pa.string_view()]
)
def test_texts_of_parquet_are_read_in_any_type(tmp_path: Path, kind: pa.DataType) -> None:
    columns = {name: [row[name] for row in ROWS] for name in ROWS[0]}
    is_bytes = pa.types.is_binary(kind) or pa.types.is_large_binary(kind)
    texts = {
        name: pa.array([cell.encode() if is_bytes else cell for cell in column]).cast(kind)
        for name, column in columns.items()
    }
    pq.write_table(pa.table(texts), tmp_path / "p.parquet")
    assert scored(tmp_path / "p.parquet", tmp_path)["id"].tolist() == ["a", "b"]
    assert len(articles(tmp_path / "p.parquet")) == 2


@pytest.mark.parametrize("end", [".json", ".ndjson", ".jsonl.gz", ".csv.gz", ".tsv", ".json.zst", ".parquet"])
def test_scores_are_written_in_the_formats_that_are_read(tmp_path: Path, end: str) -> None:
    (tmp_path / "p.jsonl").write_text(lines(PAIRS), encoding="utf-8")
    assert run("score", "--pairs", tmp_path / "p.jsonl", "-o", tmp_path / f"out{end}") == 0
    assert read_back(tmp_path / f"out{end}")["id"].tolist() == ["a", "b"]


def read_back(path: Path) -> pd.DataFrame:
    if path.suffix == ".parquet":
        return pd.read_parquet(path)
    with pa.input_stream(str(path), compression={".gz": "gzip", ".zst": "zstd"}.get(path.suffix)) as stream:
        data = io.BytesIO(stream.read())
    if ".json" in path.name or ".ndjson" in path.name:
        return pd.read_json(data, lines=".json" not in path.suffixes)
    return pd.read_csv(data, sep="\t" if path.suffix == ".tsv" else ",")


# Names of columns


@pytest.mark.parametrize(
    "names",
    [("text1", "text2"), ("original", "rewritten"), ("Sentence_1", "Sentence_2"), ("source_text", "suspect_text")],
)
@pytest.mark.parametrize("end", [".csv", ".jsonl", ".parquet"])
def test_usual_names_are_found(tmp_path: Path, names: tuple[str, str], end: str, capsys: Any) -> None:
    rows = [{"id": row["id"], names[0]: row["source"], names[1]: row["suspect"]} for row in PAIRS]
    path = tmp_path / f"p{end}"
    if end == ".parquet":
        pd.DataFrame(rows).to_parquet(path)
    else:
        path.write_text(cells(rows) if end == ".csv" else lines(rows), encoding="utf-8")
    assert scored(path, tmp_path)["p_spun"][0] > 0.9
    assert f"the columns {names[0]} and {names[1]}" in capsys.readouterr().err


def test_columns_can_be_named(tmp_path: Path, capsys: Any) -> None:
    rows = [{"source": "not this", "mine": row["source"], "theirs": row["suspect"]} for row in PAIRS]
    (tmp_path / "p.csv").write_text(cells(rows), encoding="utf-8")
    named = ("--source-column", "mine", "--suspect-column", "theirs")
    assert scored(tmp_path / "p.csv", tmp_path, *named)["p_spun"][0] > 0.9
    assert run("score", "--pairs", tmp_path / "p.csv", "-o", tmp_path / "o.csv", *named[:2]) == 3
    assert run("score", "--pairs", tmp_path / "p.csv", "-o", tmp_path / "o.csv", "--source-column", "nobody's") == 3
    assert "has no column" in capsys.readouterr().err


# Nothing to score


@pytest.mark.parametrize("name", ["empty.jsonl", "h.csv"])
def test_an_empty_table_is_no_success(tmp_path: Path, name: str, capsys: Any) -> None:
    assert run("score", "--pairs", CASES / "empty_pairs" / name, "-o", tmp_path / "o.csv") == 3
    assert not (tmp_path / "o.csv").exists()
    assert "not one pair" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.json", b"[]"),
        ("b.jsonl", b"\n\n"),
        ("c.tsv", b"id\tsource\tsuspect\n"),
        ("d.csv.gz", gzip.compress(b"", mtime=0)),
        ("e.json", b""),
    ],
)
def test_nothing_in_a_table_is_told(tmp_path: Path, name: str, data: bytes, capsys: Any) -> None:
    (tmp_path / name).write_bytes(data)
    assert run("score", "--pairs", tmp_path / name, "-o", tmp_path / "o.csv") == 3
    assert "not one pair" in capsys.readouterr().err


def test_a_folder_of_empty_tables_is_no_success(tmp_path: Path) -> None:
    for name in ("a.jsonl", "b.csv"):
        (tmp_path / name).write_bytes(b"")
    assert run("score", "--pairs", tmp_path, "-o", tmp_path / "o.csv") == 3


@pytest.mark.parametrize("end", [".csv", ".jsonl", ".parquet", ".json"])
@pytest.mark.parametrize("name", ["content", "maintext", "Article Text", "bericht"])
def test_the_column_of_texts_is_found_or_named(tmp_path: Path, end: str, name: str) -> None:
    rows = [{name: STORY, "title": "Gates", "other": "x"}, {name: UNRELATED, "title": "Market", "other": "y"}]
    path = tmp_path / f"a{end}"
    if end == ".parquet":
        pd.DataFrame(rows).to_parquet(path)
    else:
        texts = {".csv": cells, ".jsonl": lines, ".json": json.dumps}[end](rows)
        path.write_text(texts, encoding="utf-8")
    named = ("--text-column", name) if name == "bericht" else ()
    assert run("scan", path, "-o", tmp_path / "run", *named) == 0
    assert run("scan", path, "-o", tmp_path / "run2", "--text-column", "absent") == 3


def test_labelled_pairs_are_read_from_columns_of_any_name(tmp_path: Path, capsys: Any) -> None:
    rows = [
        {"mine": row["source"], "theirs": row["suspect"], "relation": relation}
        for row, relation in zip(PAIRS, ("spun", "independent"), strict=True)
    ]
    (tmp_path / "p.tsv").write_text(cells(rows, delimiter="\t"), encoding="utf-8")
    named = ("--source-column", "mine", "--suspect-column", "theirs")
    assert run("evaluate", "--pairs", tmp_path / "p.tsv", "--json", *named) == 0
    assert run("features", "--pairs", tmp_path / "p.tsv", "-o", tmp_path / "f.parquet", *named) == 0
    assert len(pd.read_parquet(tmp_path / "f.parquet")) == 2
    assert run("evaluate", "--pairs", tmp_path / "p.tsv", "--json") == 3
    assert "has no column source and no suspect" in capsys.readouterr().err
