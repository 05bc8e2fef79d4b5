"""The pages of a run, as `unspun report` writes them."""

from functools import cache

import pytest
from articles import INDEPENDENT, SPUN, STORY, UNRELATED
from pages import is_self_contained, parse

from unspun.app.cli import app
from unspun.comparison import comparing
from unspun.crawl import run_evidence
from unspun.crawl.run import open_run
from unspun.crawl.run_evidence import ReportOptions, detector_of, explain_in_run
from unspun.crawl.run_plan import ScanOptions
from unspun.crawl.scan import scan
from unspun.errors import InputError
from unspun.model.detector import load_detector
from unspun.reports.formatting import probability
from unspun.reports.pages.run_folder import page_name, write_report

TEXTS = {"a/story.txt": STORY, "b/spun.txt": SPUN, "c/own.txt": INDEPENDENT, "d/soup.txt": UNRELATED}


@cache
def detector():
    return load_detector()


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("crawl")
    for name, text in TEXTS.items():
        (folder / name).parent.mkdir()
        (folder / name).write_text(text, encoding="utf-8")
    out = tmp_path_factory.mktemp("runs") / "run"
    scan(ScanOptions((str(folder),)), out)
    return out


@pytest.fixture(scope="module")
def report(run):
    write_report(open_run(run), detector())
    return run / "report"


def test_the_index_links_to_a_page_for_every_flagged_pair(report):
    tree = parse((report / "index.html").read_text(encoding="utf-8"))
    assert is_self_contained(tree)
    links = {address for address in tree.xpath("//@href") if address.startswith("pair-")}
    assert links == {path.name for path in report.glob("pair-*.html")} == {page_name("a/story.txt", "b/spun.txt")}


def test_the_page_of_a_finding_knows_its_role_and_leads_back(report):
    tree = parse(next(report.glob("pair-*.html")).read_text(encoding="utf-8"))
    assert tree.xpath("//title/text()")[0].startswith("Likely machine-spun: ")
    assert "index.html#f1" in tree.xpath("//@href")
    assert parse((report / "index.html").read_text(encoding="utf-8")).xpath("//li[@id='f1']")


def test_the_page_has_the_score_of_the_run(run, report):
    p_spun = open_run(run).scores["p_spun"].max()
    [page] = report.glob("pair-*.html")
    assert probability(p_spun) in page.read_text(encoding="utf-8")


def test_the_report_is_the_same_when_written_again(run, report):
    before = {path.name: path.read_bytes() for path in report.iterdir()}
    write_report(open_run(run), detector())
    assert before == {path.name: path.read_bytes() for path in report.iterdir()}


def test_pages_of_an_earlier_report_go(run, report):
    write_report(open_run(run), detector(), ReportOptions(limit=0))
    assert [path.name for path in report.iterdir()] == ["index.html"]
    assert "0 pairs have a page of evidence" in (run / "report" / "index.html").read_text(encoding="utf-8")


def test_a_redacted_report_holds_no_sentence(run):
    write_report(open_run(run), detector(), ReportOptions(redact=True))
    for path in (run / "report").iterdir():
        text = path.read_text(encoding="utf-8")
        assert "was due to open in 2019" not in text
        assert "hung in the air" not in text
        assert "are the divers" not in text


def test_a_pair_is_read_and_aligned_once(run, monkeypatch):
    aligned, read, align_all, read_text = [], [], comparing.align_all, run_evidence.read_text

    def counted(pairs):
        pairs = list(pairs)
        aligned.extend((source.text, suspect.text) for source, suspect in pairs)
        return align_all(pairs)

    monkeypatch.setattr(comparing, "align_all", counted)
    monkeypatch.setattr(run_evidence, "read_text", lambda text: read.append(text) or read_text(text))
    write_report(open_run(run))
    assert aligned == [(STORY, SPUN)]
    assert sorted(read) == sorted([STORY, SPUN])


def test_scores_of_another_model_are_refused(run):
    other = load_detector()
    other.name = "another"
    with pytest.raises(InputError, match="scored by another model"):
        write_report(open_run(run), other)


def test_the_command_prints_the_pairs_and_says_where_the_pages_are(run, capfd):
    app(["report", str(run), "--pages", "1"], standalone_mode=False)
    printed = capfd.readouterr()
    assert "a/story.txt" in printed.out
    assert f"the pages begin at {run}/report/index.html" in printed.err
    assert len(list((run / "report").iterdir())) == 2


def test_a_run_is_explained_for_the_prior_it_was_scored_for(tmp_path):
    for name, text in TEXTS.items():
        (tmp_path / "crawl" / name).parent.mkdir(parents=True)
        (tmp_path / "crawl" / name).write_text(text, encoding="utf-8")
    scan(ScanOptions((str(tmp_path / "crawl"),), prior=0.02), tmp_path / "run")
    run = open_run(tmp_path / "run")
    best = run.scores.dropna(subset=["p_spun"]).sort_values("p_spun").iloc[-1]
    with pytest.raises(InputError, match="another prior"):
        write_report(run, detector())
    found = explain_in_run(run, best["source_id"], best["suspect_id"], detector_of(run)).explanation
    assert found.p_spun == pytest.approx(best["p_spun"], abs=1e-6)
    assert found.provenance.options["prior"] == "0.02"
