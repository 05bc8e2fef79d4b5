"""A pair of a run explained, and a run written for other programs; the crawl tries to break every format."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
from functools import cache
from pathlib import Path
from xml.etree import ElementTree as ET

import jsonschema
import pandas as pd
import pytest
from articles import SPUN, STORY, UNRELATED
from pages import HOSTILE

from unspun.app.cli import main
from unspun.crawl.findings import members
from unspun.crawl.run import open_run
from unspun.crawl.run_evidence import ReportOptions, explain_in_run
from unspun.crawl.run_plan import ScanOptions
from unspun.crawl.scan import scan
from unspun.errors import InputError
from unspun.io.stores import Store
from unspun.io.tables import FINDINGS
from unspun.model.detector import load_detector
from unspun.reports.checkout.checkout_files import Checkout, checkout_root
from unspun.reports.checkout.file_lines import FileText
from unspun.reports.json import finding_schema, schema
from unspun.reports.run_exports import Exports, write_exports, write_pair_exports

SARIF = json.loads((Path(__file__).parent / "schemas" / "sarif-2.1.0-rtm.5.json").read_text(encoding="utf-8"))
FORMULA = '=HYPERLINK("https://evil.example")'


@cache
def detector():
    return load_detector()


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Return a run over a story, two spins of it under hostile names, and a page of its own."""
    names = ["story", FORMULA, "</testcase>\n# forged", "soup"]
    texts = [
        STORY,
        SPUN,
        SPUN.replace("haven", "port") + "\n\n" + HOSTILE.encode("utf-8", "replace").decode(),
        UNRELATED,
    ]
    lines = [json.dumps({"id": name, "title": HOSTILE, "text": text}) for name, text in zip(names, texts, strict=True)]
    feed = tmp_path_factory.mktemp("crawl") / "feed.jsonl"
    feed.write_text("\n".join(lines), encoding="utf-8")
    out = tmp_path_factory.mktemp("runs") / "run"
    scan(ScanOptions((str(feed),)), out)
    return out


def written(run, folder, write):
    files = Exports(*(folder / f"out.{name}" for name in ("csv", "jsonl", "sarif", "junit")))
    write(open_run(run), files, detector())
    return {name: path.read_text(encoding="utf-8") for name, path in files._asdict().items() if path}


@pytest.fixture(scope="module")
def exported(run, tmp_path_factory):
    return written(run, tmp_path_factory.mktemp("findings"), write_exports)


@pytest.fixture(scope="module")
def pairs(run, tmp_path_factory):
    return written(run, tmp_path_factory.mktemp("pairs"), write_pair_exports)


def n_scores(run):
    return len(open_run(run).table("scores", ["p_spun"]))


def test_every_format_has_every_finding_once_and_is_valid(run, exported):
    found = open_run(run).findings
    assert len(found) == 2
    rows = list(csv.DictReader(io.StringIO(exported["csv"])))
    assert [row["finding"] for row in rows] == ["1", "2"]
    assert {row["source_id"] for row in rows} == {"story"}
    suite = ET.fromstring(exported["junit"].encode())
    assert (len(list(suite.iter("testcase"))), int(suite.get("failures"))) == (2, 2)
    log = json.loads(exported["sarif"])
    jsonschema.Draft4Validator(SARIF).validate(log)
    assert [one["kind"] for one in log["runs"][0]["results"]] == ["fail", "fail"]
    for one in map(json.loads, exported["jsonl"].splitlines()):
        assert one["schema"] == "unspun.finding/1.0"
        assert isinstance(one["resembles"], list)
        assert one["explanation"]["provenance"]["suspect_id"] == one["suspect_id"]
        jsonschema.Draft202012Validator(finding_schema()).validate(one)


def test_the_schema_of_findings_names_what_is_written_and_refuses_anything_else(exported):
    jsonschema.Draft202012Validator.check_schema(finding_schema())
    one = json.loads(exported["jsonl"].splitlines()[0])
    assert set(finding_schema()["required"]) == set(finding_schema()["properties"]) == set(one)
    assert set(FINDINGS.names) | {"schema", "explanation"} == set(one)
    for change in ({"p_spun": 1.5}, {"more": 1}, {"open": None}, {"explanation": {}}, {"resembles": [{"how": "x"}]}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.Draft202012Validator(finding_schema()).validate(one | change)


def test_findings_beyond_the_limit_are_listed_without_an_explanation(run, tmp_path):
    files = Exports(jsonl=tmp_path / "f.jsonl", sarif=tmp_path / "f.sarif")
    write_exports(open_run(run), files, detector(), ReportOptions(limit=1))
    lines = files.jsonl.read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["explanation"] is None for line in lines] == [False, True]
    for line in lines:
        jsonschema.Draft202012Validator(finding_schema()).validate(json.loads(line))


def test_pages_to_drop_and_to_keep_are_all_pages(run, tmp_path):
    with pytest.raises(SystemExit, match="0"):
        main(["export", str(run), "--drop", str(tmp_path / "drop.jsonl"), "--keep", str(tmp_path / "keep.parquet")])
    dropped = [json.loads(line) for line in (tmp_path / "drop.jsonl").read_text(encoding="utf-8").splitlines()]
    kept = pd.read_parquet(tmp_path / "keep.parquet")
    assert sorted([*(row["article_id"] for row in dropped), *kept["article_id"]]) == sorted(
        open_run(run).articles["article_id"]
    )
    assert {row["cluster"] for row in dropped} == {1}
    assert kept.set_index("article_id")["cluster"]["story"] == 1
    assert kept["cluster"].isna().sum() == 1  # a page that is like no other


def test_every_format_has_every_pair_once_and_is_valid(run, pairs):
    flagged = int((open_run(run).table("scores", ["p_spun"])["p_spun"] >= 0.5).sum())
    assert flagged >= 2
    assert len(list(csv.reader(io.StringIO(pairs["csv"])))) == n_scores(run) + 1
    suite = ET.fromstring(pairs["junit"].encode())
    assert (len(list(suite.iter("testcase"))), int(suite.get("failures"))) == (n_scores(run), flagged)
    log = json.loads(pairs["sarif"])
    jsonschema.Draft4Validator(SARIF).validate(log)
    assert len(log["runs"][0]["results"]) == flagged
    objects = [json.loads(line) for line in pairs["jsonl"].splitlines()]
    assert len(objects) == flagged
    for one in objects:
        jsonschema.Draft202012Validator(schema()).validate(one)


def test_no_cell_of_the_scores_is_a_formula(exported):
    cells = [cell for row in csv.reader(io.StringIO(exported["csv"])) for cell in row]
    assert f"'{FORMULA}" in cells
    assert not any(cell.startswith(("=", "+", "@")) or "\n" in cell for cell in cells)


def test_cells_stay_as_they_are_where_it_is_asked_for(run, tmp_path, capsys):
    with pytest.raises(SystemExit, match="0"):
        main(["export", str(run), "--pairs", "--csv", str(tmp_path / "s.csv"), "--unguarded"])
    assert "do not open it in a spreadsheet" in capsys.readouterr().err
    with (tmp_path / "s.csv").open(newline="", encoding="utf-8") as file:
        cells = {cell for row in csv.reader(file) for cell in row}
    assert FORMULA in cells
    assert "</testcase>\n# forged" in cells


def test_the_numbers_are_those_of_the_run(run, pairs):
    of_run = sorted(open_run(run).table("scores", ["p_spun"])["p_spun"].tolist(), reverse=True)
    of_pairs = [json.loads(line)["p_spun"] for line in pairs["jsonl"].splitlines()]
    # Which side is the source was turned where the suspect is likelier to be it: both orders are aligned as one.
    assert of_pairs == pytest.approx(of_run[: len(of_pairs)], abs=1e-6)


def test_redacted_files_hold_no_text(run, tmp_path):
    files = Exports(csv=tmp_path / "r.csv", sarif=tmp_path / "r.sarif", jsonl=tmp_path / "r.jsonl")
    write_exports(open_run(run), files, detector(), ReportOptions(redact=True))
    for path in filter(None, files):
        written = path.read_text(encoding="utf-8")
        assert "Councillor" not in written
        assert "evil\\u202c" not in written


def test_a_pair_of_a_run_tells_how_often_its_swaps_recur(run):
    found, source, *_ = explain_in_run(open_run(run), "story", FORMULA, detector())
    assert source.startswith("Barrier gates jam")
    assert max(swap.recurs for swap in found.substitutions) >= 1
    assert found.provenance.suspect_id == FORMULA
    alone = explain_in_run(open_run(run), "story", FORMULA, None, ReportOptions(limit=0)).explanation
    assert {swap.recurs for swap in alone.substitutions} == {0}


def test_an_article_that_is_not_in_the_run_is_an_error(run):
    with pytest.raises(InputError, match="no such article"):
        explain_in_run(open_run(run), "story", "nothing", detector())


def test_the_command_explains_a_pair_of_a_run(run, tmp_path, capsys):
    page = tmp_path / "p.html"
    with pytest.raises(SystemExit) as end:
        main(["explain", str(run), "story", FORMULA, "--json", "--html", str(page), "--fail-on", "0.9"])
    assert end.value.code == 1
    assert json.loads(capsys.readouterr().out)["provenance"]["source_id"] == "story"
    assert "<h2>Verdict: copied" not in page.read_text(encoding="utf-8")
    with pytest.raises(SystemExit) as end:
        main(["export", str(run)])
    assert end.value.code == 2


def test_a_finding_is_explained_by_its_number(run, capsys):
    with pytest.raises(SystemExit, match="0"):
        main(["explain", str(run), "1", "--json"])
    read = json.loads(capsys.readouterr().out)
    jsonschema.Draft202012Validator(schema()).validate(read)
    told, in_run, first = read["provenance"], read["in_run"], open_run(run).findings.iloc[0]
    assert (told["source_id"], told["suspect_id"]) == (first["source_id"], first["suspect_id"])
    assert (in_run["role"], in_run["finding"], in_run["spun_side"]) == ("finding", 1, "suspect")
    assert in_run["source"]["article_id"] == first["source_id"]
    assert in_run["resembles"] == json.loads(first["resembles"])
    with pytest.raises(SystemExit, match="3"):
        main(["explain", str(run), "9"])
    assert "no such finding: '9'; give one of 1 to 2" in capsys.readouterr().err


@pytest.mark.parametrize("asked", [["1"], ["story", FORMULA], [FORMULA, "story"]])
def test_the_findings_of_a_run_are_read_once_to_explain_a_pair(run, monkeypatch, asked):
    read, names = Store.read, []
    monkeypatch.setattr(Store, "read", lambda self, name: names.append(name) or read(self, name))
    with pytest.raises(SystemExit, match="0"):
        main(["explain", str(run), *asked])
    assert [name for name in names if name.startswith("findings/")] == ["findings/part-00000.parquet"]


def test_an_open_finding_accuses_neither_page(run, tmp_path, monkeypatch):
    undecided = open_run(run).findings.assign(open=True)
    monkeypatch.setattr("unspun.reports.run_exports.findings_of", lambda run, min_p: undecided)
    told = written(run, tmp_path, write_exports)
    suite = ET.fromstring(told["junit"].encode())
    assert (int(suite.get("failures")), int(suite.get("skipped"))) == (0, 2)
    assert not any(" from " in case.get("name") for case in suite.iter("testcase"))
    for result in json.loads(told["sarif"])["runs"][0]["results"]:
        assert (result["kind"], result["level"]) == ("open", "none")
        assert result["message"]["text"].startswith("One of two pages is spun from the other, it is not decided which")
    assert len(members(undecided)[lambda table: table["spun"]]) == 0


# SARIF: lines of the files as they lie in the checkout


def lines_of(place):
    """Return the lines of a file that a SARIF location names."""
    region = place["physicalLocation"]["region"]
    text = Path(place["physicalLocation"]["artifactLocation"]["uri"]).read_text(encoding="utf-8")
    assert text[region["charOffset"] :][: region["charLength"]].split()
    lines = text.split("\n")
    first, last = lines[region["startLine"] - 1], lines[region["endLine"] - 1]
    return (
        first[region["startColumn"] - 1 :],
        last[: region["endColumn"] - 1],
        text[region["charOffset"] :][: region["charLength"]],
    )


@pytest.mark.parametrize("form", ["html", "txt"])
def test_results_are_lines_of_the_file_in_the_checkout(form, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("pages").mkdir()
    for name, text in (("story", STORY), ("spun", SPUN)):
        parts = [part.replace("barrier", "<b>barrier</b>").replace("'", "&#39;") for part in text.split("\n\n")]
        page = "<html><body><nav><a href='/'>Home</a></nav>\n\n<article>" + "".join(
            f"\n<p>{part}</p>" for part in parts
        )
        Path("pages", f"{name}.{form}").write_text(page if form == "html" else text, encoding="utf-8")
    scan(ScanOptions(("pages",)), "run")
    write_exports(open_run("run"), Exports(sarif=Path("r.sarif")), detector())
    log = json.loads(Path("r.sarif").read_text(encoding="utf-8"))
    jsonschema.Draft4Validator(SARIF).validate(log)
    (result,) = log["runs"][0]["results"]
    place = result["locations"][0]["physicalLocation"]["artifactLocation"]
    assert (place["uri"], place["uriBaseId"]) == (f"pages/spun.{form}", "%SRCROOT%")
    assert not any("contents" in artifact for artifact in log["runs"][0]["artifacts"])
    swaps = result["relatedLocations"][1:]
    assert len(swaps) > 10
    for here, there in zip(swaps[::2], swaps[1::2], strict=True):
        for one, other in ((here, there), (there, here)):
            start, end, words = lines_of(one)
            named = other["message"]["text"].partition(": ")[2].partition(" (")[0].split()
            assert start.startswith(words.split("\n")[0])
            assert end.endswith(words.split("\n")[-1])
            assert re.sub("<[^>]*>", "", words).replace("&#39;", "'").split()[0].strip("\"“”'") == named[0].strip(
                "\"“”'"
            )


def test_an_article_of_a_table_is_a_logical_location(exported):
    result = json.loads(exported["sarif"])["runs"][0]["results"][0]
    places = [result["locations"][0], *result["relatedLocations"]]
    assert {place["logicalLocations"][0]["kind"] for place in places} == {"article"}
    assert result["relatedLocations"][0]["logicalLocations"][0]["fullyQualifiedName"] == "story"


def archive(texts: dict[str, str], path: Path) -> None:
    """Write pages as responses of a packed web archive."""
    records = b""
    for address, text in texts.items():
        page = "".join(f"<p>{part}</p>" for part in text.split("\n\n"))
        body = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html><article>{page}</article></html>".encode()
        head = f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {address}\r\nContent-Type: application/http\r\n"
        records += f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body + b"\r\n\r\n"
    path.write_bytes(gzip.compress(records))


def table(texts: dict[str, str], path: Path) -> None:
    """Write articles as lines of JSON, or as Parquet."""
    frame = pd.DataFrame({"url": list(texts), "text": list(texts.values())})
    frame.to_parquet(path) if path.suffix == ".parquet" else frame.to_json(path, orient="records", lines=True)


@pytest.mark.parametrize("name", ["crawl.warc.gz", "feed.jsonl", "feed.parquet"])
def test_articles_inside_archives_and_tables_are_logical_locations(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    texts = {"https://first.example/a b": STORY, "https://spun.example/2?x=[1]": SPUN}
    (archive if ".warc" in name else table)(texts, tmp_path / name)
    scan(ScanOptions((name,)), "run")
    write_exports(open_run("run"), Exports(sarif=Path("r.sarif")), detector())
    log = json.loads(Path("r.sarif").read_text(encoding="utf-8"))
    jsonschema.Draft4Validator(SARIF).validate(log)
    (told,) = log["runs"]
    (result,) = told["results"]
    held = [artifact["contents"]["text"] for artifact in told["artifacts"]]
    for place, article in zip((result["relatedLocations"][0], result["locations"][0]), texts, strict=True):
        (logical,) = place["logicalLocations"]
        assert logical == {"fullyQualifiedName": article, "kind": "article"}
        lies, region = place["physicalLocation"]["artifactLocation"], place["physicalLocation"]["region"]
        assert "uriBaseId" not in lies  # it is no file of the checkout, and no line of one
        assert not re.search(r"[\s\[\]]", lies["uri"])
        words = held[lies["index"]][region["charOffset"] :][: region["charLength"]].split()
        assert words[:5] == texts[article].split()[:5]
    swaps = result["relatedLocations"][1:]
    assert len(swaps) > 10
    for here, there in zip(swaps[::2], swaps[1::2], strict=True):
        region, lies = here["physicalLocation"]["region"], here["physicalLocation"]["artifactLocation"]
        words = held[lies["index"]][region["charOffset"] :][: region["charLength"]]
        assert there["message"]["text"].startswith(f"became: {words}")


def test_a_file_that_is_gone_is_no_error(tmp_path):
    checkout = Checkout({"a": str(tmp_path / "gone.html"), "b": ""})
    assert checkout.file("a") is checkout.file("b") is checkout.file("c") is None


def repository(folder, kind="repository"):
    """Make a folder the top level of a repository, of a work tree, or of nothing that git knows."""
    folder.mkdir(parents=True, exist_ok=True)
    if kind == "repository":
        (folder / ".git").mkdir()
        (folder / ".git" / "HEAD").write_text("ref: refs/heads/main\n")
    elif kind == "work tree":
        (folder / ".git").write_text("gitdir: /elsewhere/.git/worktrees/news\n")
    elif kind == "remains":
        (folder / ".git").mkdir()
    return folder


@pytest.mark.parametrize("kind", ["repository", "work tree", "remains", "none"])
def test_the_root_is_the_top_level_of_git_or_the_working_folder(kind, tmp_path):
    inside = repository(tmp_path / "top", kind) / "news" / "today"
    inside.mkdir(parents=True)
    top = tmp_path / "top" if kind in ("repository", "work tree") else inside
    assert checkout_root(inside) == top
    (tmp_path / "link").symlink_to(inside)
    assert checkout_root(tmp_path / "link") == top


@pytest.mark.parametrize("kind", ["repository", "work tree", "none"])
def test_paths_are_seen_from_the_root_also_in_a_folder_below_it(kind, tmp_path, monkeypatch):
    top = repository(tmp_path / "top", kind)
    pages, other = top / "site" / "pages", top / "other"
    for folder in (pages, other):
        folder.mkdir(parents=True)
    for path, text in ((pages / "spun.txt", SPUN), (other / "story.txt", STORY)):
        path.write_text(text, encoding="utf-8")
    monkeypatch.chdir(top / "site")
    scan(ScanOptions(("pages", "../other")), "run")
    write_exports(open_run("run"), Exports(sarif=Path("r.sarif")), detector())
    log = json.loads(Path("r.sarif").read_text(encoding="utf-8"))
    (result,) = log["runs"][0]["results"]
    suspect, source = result["locations"][0], result["relatedLocations"][0]
    lies = suspect["physicalLocation"]["artifactLocation"]
    assert lies["uriBaseId"] == "%SRCROOT%"
    assert lies["uri"] == ("pages/spun.txt" if kind == "none" else "site/pages/spun.txt")
    lies = source["physicalLocation"]["artifactLocation"]
    if kind == "none":  # it is outside the working folder
        assert "uriBaseId" not in lies
        assert "logicalLocations" in source
    else:
        assert (lies["uri"], lies["uriBaseId"]) == ("other/story.txt", "%SRCROOT%")


def test_links_are_shown_as_their_targets_where_these_are_in_the_checkout(tmp_path, monkeypatch):
    top, away = repository(tmp_path / "top"), tmp_path / "away"
    away.mkdir()
    (top / "real").mkdir()
    for folder in (top / "real", away):
        (folder / "a.txt").write_text(STORY, encoding="utf-8")
    (top / "link").symlink_to(top / "real")
    (top / "out").symlink_to(away)
    (tmp_path / "entry").symlink_to(top)
    monkeypatch.chdir(tmp_path / "entry")
    given = {
        "link": str(top / "link" / "a.txt"),
        "entry": str(tmp_path / "entry" / "real" / "a.txt"),
        "out": str(top / "out" / "a.txt"),
        "away": str(away / "a.txt"),
        "beside": str(tmp_path / "top2" / "a.txt"),
        "relative": "real/a.txt",
    }
    files = Checkout(given)
    assert {name: files.path(name) for name in given} == {
        "link": "real/a.txt",
        "entry": "real/a.txt",
        "out": "out/a.txt",
        "away": "",
        "beside": "",
        "relative": "real/a.txt",
    }
    assert [name for name in given if files.file(name)] == ["link", "entry", "out", "relative"]


def test_words_are_found_in_a_page_that_hides_some():
    page = "<p>Nine boats</p><script>Rain fell</script>\n<!-- Rain fell --><p>Rain <i>fell</i> on caf&eacute; x</p>"
    article = "Rain fell on café x"
    found = FileText(page, is_html=True).region(article, 0, 9)
    assert page[found["charOffset"] :][: found["charLength"]] == "Rain <i>fell"
    assert (found["startLine"], found["endLine"]) == (2, 2)
    assert FileText(page, is_html=True).region("Nothing of it", 0, 13) is None
