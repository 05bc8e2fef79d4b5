"""Forms: pages that were filled in from one wording are told for what they are, and copies are not."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from zlib import crc32

import numpy as np
import pyarrow as pa
import pytest
from articles import INDEPENDENT, SPUN, STORY, UNRELATED
from run_folders import tables

from unspun.app.cli import main
from unspun.app.run_commands import read_sites
from unspun.crawl import scan as scanning
from unspun.crawl.forms import NO_FORMS, Forms, MarkedText, compare_marked, count_phrases, form_phrases, leave_out
from unspun.crawl.reading.articles import read_texts
from unspun.crawl.run import Run
from unspun.crawl.run_evidence import explain_in_run
from unspun.crawl.run_plan import ScanOptions, begin
from unspun.crawl.scan import scan
from unspun.errors import InputError, RunError
from unspun.io.stores import Store
from unspun.reports.json import as_json
from unspun.reports.markdown import as_markdown
from unspun.reports.pages.pair_page import pair_page
from unspun.reports.pages.run_context import context_in_run
from unspun.reports.terminal import as_text
from unspun.text.tokenizer import read_text
from unspun.training.honest.forms.all_forms import FORMS
from unspun.training.spinners import SPINNERS

N_PAGES = 40
PAIR = ["source_id", "suspect_id"]


def seeded(*names: object) -> np.random.Generator:
    return np.random.default_rng(crc32(" ".join(map(str, names)).encode()))


def filled(name: str, house: int | None = None, n: int = N_PAGES) -> list[str]:
    """Return pages of one form."""
    [form] = [form for form in FORMS if form.name == name]
    return [form(seeded(name, house, number), house) for number in range(n)]


def forms_of(pages: Sequence[str]) -> Forms:
    return Forms.of(form_phrases(count_phrases(pages)).to_pandas())


def marked(pages: Sequence[str], forms: Forms) -> list[MarkedText]:
    return [forms.mark(read_text(page)) for page in pages]


def spun(text: str, n: int) -> list[str]:
    """Return spun copies of a text, each by the next spinner."""
    return [SPINNERS[k % len(SPINNERS)].spin(text, seeded("copy", k), 0.6) for k in range(n)]


# What is a form


@pytest.mark.parametrize("form", [form.name for form in FORMS])
@pytest.mark.parametrize("house", [None, 1])
def test_pages_of_a_form_are_not_judged_beside_one_another(form: str, house: int | None) -> None:
    texts = marked(pages := filled(form, house), forms_of(pages))
    pairs = list(itertools.combinations(texts, 2))[:: len(pages) // 2]
    compared, notes = compare_marked(pairs)
    assert all(notes)
    assert np.mean([one.withheld is None for one in compared]) <= 0.05


@pytest.mark.parametrize("form", [form.name for form in FORMS])
def test_a_spun_copy_of_a_page_of_a_form_is_compared_whole(form: str) -> None:
    pages = filled(form)
    forms = forms_of(pages)
    for k, spinner in enumerate(SPINNERS):
        copy = spinner.spin(pages[k], seeded(form, k), 0.6)
        assert leave_out(*marked([pages[k], copy], forms))[2] is None


def test_what_was_left_out_is_told_in_words() -> None:
    pages = filled("police-log", 1)
    *_, note = leave_out(*marked(pages[:2], forms_of(pages)))
    assert note is not None
    n, of, whole, *_, shared, pages_, share = note.split()
    assert (of, pages_, share) == ("of", "pages", "share")
    assert 8 <= int(n) <= int(whole) <= 20
    assert 20 <= int(shared) <= N_PAGES


def test_copies_of_one_article_are_no_form() -> None:
    cuts = [STORY[: len(STORY) * (10 + k) // 20] + f" Read more in the Gull of harbour {k}." for k in range(10)]
    assert not forms_of([STORY, *cuts])
    assert not forms_of([STORY] * 50)


def test_a_network_of_spun_copies_is_no_form() -> None:
    copies = spun(STORY, 20)
    forms = forms_of([STORY, *copies])
    assert all(note is None for note in compare_marked(list(itertools.combinations(marked(copies, forms), 2)))[1])


def test_spun_copies_amid_text_of_their_own_are_no_form() -> None:
    own = filled("recipe", n=20)
    copies = [f"{before}\n\n{copy}" for before, copy in zip(own, spun(STORY, 20), strict=True)]
    forms = forms_of([STORY, *copies])
    story, *others = marked([STORY, *copies], forms)
    compared, _ = compare_marked([(story, other) for other in others])
    assert min(one.pair.source_coverage for one in compared) > 0.5
    assert not any(one.withheld for one in compared)


def test_few_pages_are_no_form() -> None:
    assert not forms_of(filled("stock-report", 1, 7))
    assert not forms_of([])
    assert not forms_of(["", "...", "Rain."] * 20)


def test_an_article_of_its_own_keeps_its_text_beside_pages_of_a_form() -> None:
    pages = filled("stock-report")
    forms = forms_of(pages)
    story, copy, page = marked([STORY, SPUN, pages[0]], forms)
    assert not story.form.any()
    assert leave_out(story, copy) == (story.text, copy.text, None)
    assert leave_out(story, page)[0] is story.rest


def test_the_rest_of_a_page_is_compared() -> None:
    """Where a form is most of both pages, it is left out, and what is beside it is compared."""
    pages = filled("stock-report", 1)
    forms = forms_of(pages)
    size = len(pages[0]) * 2 // 3
    story, copy = STORY[:size], SPUN[:size]
    [made], [note] = compare_marked([tuple(marked([f"{story}\n\n{pages[0]}", f"{copy}\n\n{pages[1]}"], forms))])  # type: ignore[list-item]
    [alone], _ = compare_marked([tuple(marked([story, copy], forms))])  # type: ignore[list-item]
    assert note is not None
    assert made.pair.n_aligned_words == pytest.approx(alone.pair.n_aligned_words, abs=10)


def test_a_form_that_is_the_smaller_part_of_a_text_stays() -> None:
    """Wording that articles share is no form of theirs where most of the text is not of it."""
    pages = filled("stock-report", 1)
    texts = [" ".join([STORY] * 3) + f"\n\n{pages[0]}", " ".join([SPUN] * 3) + f"\n\n{pages[1]}"]
    _, notes = compare_marked([tuple(marked(texts, forms_of(pages)))])  # type: ignore[list-item]
    assert notes == [None]


def test_counts_of_shards_add_up() -> None:
    pages = filled("weather")
    whole = form_phrases(count_phrases(pages))
    parts = [count_phrases(pages[start::3]) for start in (2, 0, 1)]
    assert whole.equals(form_phrases(pa.concat_tables(parts)))


def test_nothing_is_marked_where_there_is_no_form() -> None:
    text = read_text(STORY)
    assert NO_FORMS.mark(text).text is text
    assert not NO_FORMS


def test_texts_to_ignore_are_nobodys() -> None:
    task = "Describe the harbour of a town that you know, and say what its people live on."
    forms = NO_FORMS.ignoring([task])
    mine, yours = marked([f"{task}\n\n{STORY}", f"{INDEPENDENT}\n\n{task}"], forms)
    assert mine.text.boilerplate.tolist() == [True, *[False] * (mine.text.n_sentences - 1)]
    assert yours.text.boilerplate.sum() == yours.text.boilerplate[-1] == 1
    # Whether its names and numbers are the same does not matter.
    assert leave_out(mine, mine)[2] is None
    assert leave_out(mine, mine)[0].boilerplate[0]


# Forms in a scan


def crawl_of(folder: Path, texts: dict[str, str]) -> Path:
    path = folder / "pages.jsonl"
    rows = (json.dumps({"url": url, "text": text, "language": "en"}) + "\n" for url, text in texts.items())
    path.write_text("".join(rows), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def crawl(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a crawl of forty pages of one form, a spun copy of the first, and three stories."""
    pages = filled("match-report")
    texts = {f"https://site{k}.example/{k}": page for k, page in enumerate(pages)}
    texts["https://spun.example/copy"] = spun(pages[0], 1)[0]
    texts |= {"https://a.example/1": STORY, "https://b.example/2": SPUN, "https://c.example/3": UNRELATED}
    return crawl_of(tmp_path_factory.mktemp("forms"), texts)


@pytest.fixture(scope="module")
def run(crawl: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    return scan(ScanOptions((str(crawl),), shard_bytes=20_000, shard_pairs=150), tmp_path_factory.mktemp("run") / "run")


def test_pages_of_a_form_are_not_flagged_and_a_spun_copy_is_found(run: Run) -> None:
    scores = run.scores
    of_form = ~scores[PAIR].isin([f"https://{name}" for name in ("a.example/1", "b.example/2", "spun.example/copy")])
    among = scores[of_form.all(axis=1)]
    assert len(among) > 300
    assert among["form"].notna().mean() > 0.99
    assert (among["p_spun"] >= 0.5).mean() <= 0.01
    assert among["abstained"].str.startswith("form: ").mean() > 0.95
    flagged = {frozenset(pair) for pair in scores.loc[scores["p_spun"] >= 0.5, PAIR].itertuples(index=False)}
    assert frozenset(("https://site0.example/0", "https://spun.example/copy")) in flagged
    assert frozenset(("https://a.example/1", "https://b.example/2")) in flagged


def test_pairs_of_a_form_are_counted(run: Run) -> None:
    counts = run.info["counts"]
    scores = run.scores
    assert counts["forms"] == {
        "pairs": int(scores["form"].notna().sum()),
        "not_judged": int(scores["abstained"].str.startswith("form: ", na=False).sum()),
    }


def test_what_explains_a_pair_of_a_form_says_what_the_scores_say(run: Run) -> None:
    scores = run.scores
    held = scores[scores["abstained"].str.startswith("form: ", na=False)].iloc[0]
    found = explain_in_run(run, held["source_id"], held["suspect_id"]).explanation
    assert (found.verdict, found.abstained, found.form) == ("not judged", held["abstained"], held["form"])
    flagged = scores[scores["p_spun"] >= 0.5].iloc[0]
    found = explain_in_run(run, flagged["source_id"], flagged["suspect_id"]).explanation
    assert found.p_spun == pytest.approx(flagged["p_spun"], abs=1e-6)
    assert found.form is None


def test_every_report_of_a_pair_says_what_was_left_out(run: Run) -> None:
    row = run.scores.dropna(subset="form").iloc[0]
    one = explain_in_run(run, row["source_id"], row["suspect_id"])
    judged = replace(one.explanation, p_spun=0.2, p_low=0.1, p_high=0.4, abstained=None)
    assert re.fullmatch("[0-9]+ of [0-9]+ sentences are a form that [0-9]+ pages share", row["form"])
    assert json.loads(as_json(judged))["form"] == row["form"]
    for told in (as_text(judged), as_markdown(judged), pair_page(judged, one.source, one.suspect)):
        assert told.lower().count(f"left out: {row['form']}") + told.count(f"left out   {row['form']}") == 1


def test_processes_and_shards_do_not_change_forms(crawl: Path, run: Run, tmp_path: Path) -> None:
    options = ScanOptions((str(crawl),), shard_bytes=20_000, shard_pairs=150)
    scan(options, tmp_path / "two", n_jobs=2)
    assert tables(tmp_path / "two") == tables(run.store.root)
    whole = scan(ScanOptions((str(crawl),)), tmp_path / "whole")
    assert whole.table("forms").equals(run.table("forms"))


def test_a_run_stopped_among_its_forms_goes_on(
    crawl: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = ScanOptions((str(crawl),), shard_bytes=20_000, shard_pairs=150)

    def killed(*parts: object) -> pa.Table:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(scanning, "form_phrases", killed)
        with pytest.raises(KeyboardInterrupt):
            scan(options, tmp_path / "run")
    scan(options, tmp_path / "run", resume=True)
    assert tables(tmp_path / "run") == tables(run.store.root)


# Texts of nobody, and sites that may republish


TASK = "Describe the harbour of a town that you know, say what its people live on, and tell what has changed there."


@pytest.fixture(scope="module")
def stories(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a crawl of a story and its spun copies on two sites."""
    texts = {
        "https://a.example/1": f"{TASK}\n\n{STORY}",
        "https://www.wire.example/2": f"{TASK}\n\n{SPUN}",
        "https://c.example/3": f"{TASK}\n\n{spun(STORY, 1)[0]}",
    }
    return crawl_of(tmp_path_factory.mktemp("stories"), texts)


def test_sites_that_may_republish_are_listed_apart(stories: Path, tmp_path: Path) -> None:
    plain = scan(ScanOptions((str(stories),)), tmp_path / "plain").scores
    run = scan(ScanOptions((str(stories),), licensed=("wire.example",)), tmp_path / "run")
    apart, left = run.table("licensed"), run.scores
    assert len(apart) + len(left) == len(plain) == 3
    spun_sides = apart["suspect_id"].where(apart["p_forward"] >= 0.5, apart["source_id"])
    assert "https://www.wire.example/2" in set(spun_sides)
    assert (apart["p_spun"] >= 0.5).any()
    assert not run.findings["suspect_id"].isin(["https://www.wire.example/2"]).any()
    assert run.findings["suspect_id"].isin(["https://c.example/3"]).any()
    assert run.info["counts"]["licensed"] == len(apart)
    pair = apart.sort_values("p_spun")[["source_id", "suspect_id"]].iloc[-1]
    told = context_in_run(run, run.findings, (pair["source_id"], pair["suspect_id"]), p_spun=0.9)
    assert (told.role, told.finding) == ("licensed", 0)
    assert "may republish" in told.because


def test_what_is_to_be_ignored_is_left_out_of_a_scan(stories: Path, tmp_path: Path) -> None:
    (tmp_path / "task.txt").write_text(TASK, encoding="utf-8")
    options = ScanOptions((str(stories),), ignore=str(tmp_path / "task.txt"))
    run = scan(options, tmp_path / "run")
    assert (run.table("forms")["n_pages"] == 0).all()
    assert len(run.table("forms")) > 5
    assert run.scores["p_spun"].max() >= 0.5
    pair = run.scores.iloc[0]
    found = explain_in_run(run, pair["source_id"], pair["suspect_id"]).explanation
    assert found.p_spun == pytest.approx(pair["p_spun"], abs=1e-6)
    assert {one.side for one in found.left_out if one.kind == "boilerplate"} == {"source", "suspect"}


def test_a_run_goes_on_with_the_same_text_to_ignore_only(stories: Path, tmp_path: Path) -> None:
    (tmp_path / "task.txt").write_text(TASK, encoding="utf-8")
    options = ScanOptions((str(stories),), ignore=str(tmp_path / "task.txt"))
    begin(Store(str(tmp_path / "run")), options)
    (tmp_path / "task.txt").write_text(STORY, encoding="utf-8")
    with pytest.raises(RunError, match="other ignored"):
        scan(options, tmp_path / "run", resume=True)


def test_texts_to_ignore_come_in_any_format(tmp_path: Path) -> None:
    (tmp_path / "tasks.jsonl").write_text("".join(json.dumps({"text": text}) + "\n" for text in (TASK, STORY)))
    assert read_texts(tmp_path / "tasks.jsonl") == [TASK, STORY]
    (tmp_path / "empty.txt").write_text("")
    with pytest.raises(InputError, match="there is no text"):
        read_texts(tmp_path / "empty.txt")


def test_sites_are_read_from_lines(tmp_path: Path) -> None:
    path = tmp_path / "sites.txt"
    path.write_text("# ours\nWire.example\n\nhttps://www.gull.example/about\n")
    assert read_sites(path) == ("wire.example", "www.gull.example")
    path.write_text("# none\n")
    with pytest.raises(InputError, match="names no site"):
        read_sites(path)
    with pytest.raises(InputError, match="cannot read the sites"):
        read_sites(tmp_path / "nowhere.txt")


def test_the_command_line_leaves_out_what_is_to_be_ignored(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, text in (("task", TASK), ("a", f"{TASK}\n\n{STORY}"), ("b", f"{TASK}\n\n{UNRELATED}")):
        (tmp_path / f"{name}.txt").write_text(text, encoding="utf-8")
    texts = [str(tmp_path / "a.txt"), str(tmp_path / "b.txt")]
    rows = {name: (tmp_path / f"{name}.txt").read_text(encoding="utf-8") for name in "ab"}
    (tmp_path / "pairs.jsonl").write_text(json.dumps({"source": rows["a"], "suspect": rows["b"]}) + "\n")
    ignore = ["--ignore", str(tmp_path / "task.txt")]
    told = []
    for options in ([], ignore):
        with pytest.raises(SystemExit):
            main(["score", *texts, "--json", *options])
        told.append(json.loads(capsys.readouterr().out))
    assert (told[0]["verdict"], told[0]["n_aligned_words"]) != ("not judged", 0)
    assert (told[1]["verdict"], told[1]["abstained"]) == ("not judged", "nothing aligned")
    with pytest.raises(SystemExit):
        main(["score", "--pairs", str(tmp_path / "pairs.jsonl"), "-o", "-", *ignore])
    assert json.loads(capsys.readouterr().out)["abstained"] == "nothing aligned"
