"""Pairs from public repositories, with invented files in the place of theirs."""

from __future__ import annotations

import io
import json
import os
import pickle
import re
import subprocess
import tarfile
from collections import Counter

import pandas as pd
import pytest
from edited_files import EDITORS, edited_file
from public_files import MAKERS, public_file
from spinner_files import SPINNERS, spinner_file

from unspun.errors import InputError
from unspun.training.augmentation import AS_THEY_ARE
from unspun.training.public_pairs import clones, published
from unspun.training.public_pairs.clones import COMMITS, read_from
from unspun.training.public_pairs.pickles import frame_rows, strings
from unspun.training.public_pairs.published import published_pairs

N_LINES = 60


def lines(who: str) -> str:
    return "".join(f"Person {who} tells in these words what happened on day {k}.\n" for k in range(N_LINES))


def invented(repository: str, path: str) -> bytes:
    """Return a file of the form of the real one."""
    if repository in MAKERS:
        return public_file(repository, path)
    if repository in EDITORS:
        return edited_file(repository, path)
    if repository in SPINNERS:
        return spinner_file(repository, path)
    if repository == clones.ESSAYS:
        return pickle.dumps([f"{path[5:32]} thinks so of task {k}. " * 20 for k in range(12)])
    if repository == clones.RESTYLED:
        told = [f"In {path[-30:-4]} one reads of day {k}. " * 20 for k in range(12)]
        return pickle.dumps({"news" if "articles" in path else "rewritten": told, "labels": [0] * 12})
    if repository == clones.TITLES:
        return pickle.dumps(titled(path))
    if repository == clones.POSTEDITS:
        return packed({f"{path[-16:-7]}/dev.{side}": lines(f"{side} {path[-16:-7]}") for side in ("mt", "pe", "src")})
    return text_like(repository, path).encode()


def titled(path: str) -> pd.DataFrame:
    """Return a frame of texts of one title each, with a column that holds no texts."""
    made = ["human"] if "human" in path else ["rephrase_base", "rephrase_expert", "generated_base", "generated_expert"]
    rows = [
        (f"title {k}", "en" if k < 5 else "fr", k, f"Of title {k} {who} has this to say. " * 20, who)
        for k in range(6)
        for who in made
    ]
    names = pd.Index(["title_en", "language", "date", "text", "source"], dtype=object)
    return pd.DataFrame(rows, columns=names, dtype=object)


def packed(files: dict[str, str]) -> bytes:
    """Return files in a compressed archive."""
    sink = io.BytesIO()
    with tarfile.open(fileobj=sink, mode="w:gz") as archive:
        for name, text in files.items():
            about = tarfile.TarInfo(name)
            about.size = len(text.encode())
            archive.addfile(about, io.BytesIO(text.encode()))
    return sink.getvalue()


def polished(repository: str, path: str) -> str:
    """Return a file of what models polished, or of what people edited."""
    told = [f"On walk {k} they told us this. " * 20 for k in range(12)]
    if repository == clones.ABSTRACTS:
        rows = [{"url": k, "fake": made, "text": f"{made} {text}"} for k, text in enumerate(told) for made in (0, 1)]
        return json.dumps(rows)
    if repository == clones.CONTRARIES:
        rows = [
            f"{mood}\t{mood}, said {path[-16:]}.<br /><br />{told[k]}\t{k}" for k in range(12) for mood in ("No", "Yes")
        ]
        return "\n".join(["Sentiment\tText\tbatch_id", *rows])
    rows = [{"id": k, "MGT_sentence": text, "some_output": f"{path[-13:]} {text}"} for k, text in enumerate(told)]
    return json.dumps(rows)


def joined_later(repository: str, path: str) -> str:
    """Return a file of the form of those that joined last."""
    name = path.rsplit("/", 1)[-1]
    if repository == clones.TAO:
        chapters = [
            f"  {{\n    chapter: {k},\n    content: `{name[:-4]} says that it is so of {k} and of no other.`,\n  }},\n"
            for k in range(1, N_LINES)
        ]
        return f"export const text = [\n{''.join(chapters)}];\n"
    if repository == clones.TALKS:
        # An error is marked in one copy of a sentence, and segments are not in their order.
        segments = [
            f"{who}\ttalk.1\t1\t{k}\trater1\t-\tIn talk {k} <v>this</v> is what {who} has to tell.\tStyle\tMinor"
            for k in reversed(range(1, N_LINES))
            for who in ("ref", "refB", "SomeEngine")
        ]
        return "\n".join(["system\tdoc\tdoc_id\tseg_id\trater\tsource\ttarget\tcategory\tseverity", *segments])
    if repository == clones.CONTINUED:
        rows = [
            f"prompt {k}\t{f'A person says it is {k}. ' * 20}\t{f'It is {k}, one may say. ' * 20}" for k in range(9)
        ]
        return "\n".join(["prompt\thuman\tai", *rows])
    day = "On day {0} this happened to us all. "
    if "rephrase" in path:
        return json.dumps(
            {k: {"0_en": day.format(k) * 20, "1_en": f"{name[:30]}: {day.format(k) * 20}"} for k in range(5)}
        )
    if repository == clones.ROUND_TRIPS:
        # One trip came back with the translation beside it, one broke off.
        steps = {
            f"title {k}": {"0": {"text": day.format(k) * 20}, "2": {"text": f"{name[-40:]} {day.format(k) * 20}"}}
            for k in range(8)
        }
        return json.dumps(steps | {"long": {**steps["title 1"], "2": {"text": "Far too long. " * 200}}, "none": {}})
    date = "**Monday, March 2, 2020**\n\n" if "GPT" in path else ""
    rows = [{"title": f"t{k}", "content": f"{date}{day.format(k) * 20}So says {name}."} for k in range(6)]
    return "\n".join(map(json.dumps, rows))


def text_like(repository: str, path: str) -> str:
    if repository in {clones.ABSTRACTS, clones.CONTRARIES, clones.COAUTHORED}:
        return polished(repository, path)
    if repository == clones.GITA:
        verses = [
            {"lang": "english", "verse_id": k, "author_id": who, "description": f"2.{k} Teacher {who} says {k} things."}
            for k in range(N_LINES)
            for who in (4, 7, 9)
        ]
        return json.dumps([*verses, {"lang": "hindi", "verse_id": 1, "author_id": 1, "description": "-"}])
    if repository == clones.QURAN:
        verses = "".join(f'<verse index="{k}">{path[-12:-4]} has verse {k} so.</verse>' for k in range(N_LINES))
        return f'<quran><chapter index="1">{verses}</chapter></quran>'
    if repository == clones.TURK:
        return "".join(
            f"{k}\t" + "\t".join(f"Worker {j} , line {k} ." for j in range(9)) + "\n" for k in range(N_LINES)
        )
    if repository == clones.COUNSEL:
        rows = [f"q{k % 5},person {k},<p>{'Well &amp; good, ' * 40}says {k}.</p>" for k in range(40)]
        return "\n".join(["questionID,therapistInfo,answerText", *(f'"{row}"'.replace(",", '","', 2) for row in rows)])
    if repository == clones.ASSISTANTS:
        answer = f"{path[-40:-19]} answers at length. " * 30
        return json.dumps([{"instruction": f"question {k}", "output": f"{answer}So {k} it is."} for k in range(12)])
    if repository == clones.REVISIONS:
        told = [f"On day {k} this happened. " * 20 for k in range(12)]
        return json.dumps({"original": told, "rewritten": [f"{path[-40:-14]} has it that {text}" for text in told]})
    if repository == clones.DOMAINS:
        gone = "GPT-4o" in path
        return json.dumps([f"In {path[:-5]} it is {k} o'clock. " * 20 for k in range(gone, 12)])
    if repository == clones.HUMANIZED:
        head = "# id\ngen/{0}\n\n# domain\nessay\n\n# url\nhttps://tool.example/\n\n# generation\n"
        told = f"{path[-30:]} hides what was written. " * 20
        return "=======\n".join(f"{head.format(k)}{told}\n\n" for k in range("annotated" in path, 3))
    if repository in {clones.TAO, clones.TALKS, clones.CONTINUED, clones.ROUND_TRIPS, clones.REVISED_NEWS}:
        return joined_later(repository, path)
    if repository == clones.BEGINNINGS:
        told = {
            "original": [f"It was the year {k}, said one. " * 20 for k in range(12)],
            "sampled": [f"It was the year {k}, said {path}. " * 20 for k in range(12)],
        }
        return json.dumps(told)
    return lines(path)


@pytest.fixture(scope="module")
def pairs() -> list[dict[str, str]]:
    return list(published_pairs(invented))


def test_every_repository_is_used(pairs) -> None:
    asked = set()

    def read(repository: str, path: str) -> bytes:
        asked.add(repository)
        return invented(repository, path)

    assert list(published_pairs(read)) == pairs
    assert asked == set(COMMITS)
    assert {pair["relation"] for pair in pairs} == {"rewritten", "independent", "spun", "edited"}


def test_only_what_a_machine_made_of_a_text_is_spun(pairs) -> None:
    spun = [pair for pair in pairs if pair["relation"] == "spun"]
    assert {pair["dataset"] for pair in spun} == AS_THEY_ARE - {"published_edits"}
    # Whatever was written from a beginning, to a title or on a task has no source.
    of_their_own = ("beginning", "task", "question")
    assert not any(pair["tool"].endswith(of_their_own) for pair in spun)
    titled = [pair for pair in pairs if pair["tool"].endswith("of one title")]
    assert {pair["tool"].split(" of ")[0] for pair in titled if pair["relation"] == "spun"} == {
        "a person and rephrase_base",
        "a person and rephrase_expert",
    }
    assert len(titled) == 2 * 5 * 6


def test_rewrites_stand_beside_the_text_that_they_were_made_of(pairs) -> None:
    for pair in pairs:
        if pair["tool"].endswith((", told to rewrite", ", told to polish", ", told to expand")):
            day = re.search(r"(day|walk) \d+|\d+ o'clock", pair["source"])[0]
            assert day in pair["suspect"]
            # A file with a text less than the others can't be laid beside them.
            assert not (pair["tool"].startswith("GPT-4o") and "o'clock" in day)


def test_round_trips_are_whole_and_of_one_text(pairs) -> None:
    trips = [pair for pair in pairs if pair["dataset"] == "published_round_trips"]
    # Two trips of each news text and one of each summary of a book.
    assert len(trips) == 8 * (2 + 1)
    assert {pair["family"] for pair in trips} == {"backtranslation"}
    assert all(" through " in pair["tool"] and pair["source"] in pair["suspect"] for pair in trips)


def test_news_are_beside_what_a_model_made_of_them(pairs) -> None:
    news = [pair for pair in pairs if pair["dataset"] == "published_news"]
    assert len(news) == 5 * 6 + 3 * 5
    days = [{re.search(r"day \d+", pair[side])[0] for side in ("source", "suspect")} for pair in news]
    assert all(len(day) == 1 for day in days)
    # The date stands before one model's version alone, so it would tell the two texts apart.
    assert not any("March" in pair["suspect"] or "*" in pair["suspect"] for pair in news)


def test_translators_are_beside_one_another(pairs) -> None:
    talks = [pair for pair in pairs if pair["dataset"] == "talk_translations"]
    assert talks
    for pair in talks:
        told = [[int(k) for k in re.findall(r"In talk (\d+)", pair[side])] for side in ("source", "suspect")]
        assert told[0] == told[1] == sorted(told[0])
        assert "<v>" not in pair["source"] + pair["suspect"]
    for dataset in ("tao_translations", "postedited_news"):
        chosen = [pair for pair in pairs if pair["dataset"] == dataset]
        assert {pair["relation"] for pair in chosen} == {"rewritten"}
        assert len({pair["group"] for pair in chosen}) < len(chosen)


def test_hidden_texts_are_paired_by_text_and_tool(pairs) -> None:
    hidden = [pair for pair in pairs if pair["dataset"] == "published_humanizers"]
    assert {pair["tool"] for pair in hidden} == {"tool.example"}
    assert len(hidden) == 6 * 2
    assert {pair["group"] for pair in hidden} == {"gen/1", "gen/2"}


def test_what_people_edited_is_honest(pairs) -> None:
    edited = [pair for pair in pairs if pair["dataset"] == "published_edits"]
    kinds = Counter(pair["family"] for pair in edited)
    assert set(kinds) == {"human_edit", "contrary", "correction", "post_edit"}
    assert {pair["relation"] for pair in edited} == {"edited"}
    assert sum(pair["group"].startswith("model-") for pair in edited) == 2 * 12
    reviews = [pair for pair in edited if pair["group"].startswith("review-")]
    assert len(reviews) == 2 * 12
    assert not any("<br" in pair["source"] + pair["suspect"] for pair in reviews)


def test_ids_are_unique_and_texts_differ(pairs) -> None:
    assert len({pair["id"] for pair in pairs}) == len(pairs)
    assert all(pair["source"] != pair["suspect"] for pair in pairs)
    assert all(100 <= len(pair["source"].split()) <= 700 for pair in pairs if pair["relation"] == "rewritten")


def test_a_stretch_of_text_is_one_group(pairs) -> None:
    of_text: dict[str, set[str]] = {}
    for pair in pairs:
        if pair["dataset"] in ("asset_simplifications", "gita_translations"):
            of_text.setdefault(pair["source"], set()).add(pair["group"])
    assert all(len(groups) == 1 for groups in of_text.values())


def test_simplifications_come_from_the_original_and_from_one_another(pairs) -> None:
    chosen = [pair for pair in pairs if pair["dataset"] == "turk_simplifications"]
    kinds = Counter(pair["source"].startswith("Worker 0,") for pair in chosen)
    assert kinds[True] == 2 * kinds[False] > 0


def test_answers_are_plain_text_of_two_people(pairs) -> None:
    chosen = [pair for pair in pairs if pair["tool"] == "two people answer one question"]
    assert len(chosen) == 10
    assert all("<p>" not in pair["source"] and "Well & good" in pair["source"] for pair in chosen)


def test_answers_of_models_are_of_two_models(pairs) -> None:
    chosen = [pair for pair in pairs if pair["tool"] == "two language models answer one question"]
    assert len(chosen) == 12
    assert all(pair["source"].split("So ")[1] == pair["suspect"].split("So ")[1] for pair in chosen)
    assert {pair["dataset"] for pair in chosen} == {"published_answers"}


def test_essays_and_beginnings_are_of_two_writers_on_one_task(pairs) -> None:
    answered = [pair for pair in pairs if pair["dataset"] == "published_answers"]
    essays = [pair for pair in answered if pair["tool"].endswith("on one task")]
    begun = [pair for pair in answered if pair["tool"].endswith("from one beginning")]
    assert (len(essays), len(begun)) == (12, 24)
    assert len({pair["group"] for pair in essays + begun}) == len(essays + begun)
    tasks = [{re.search(r"task \d+", pair[side])[0] for side in ("source", "suspect")} for pair in essays]
    assert all(len(task) == 1 for task in tasks)
    by_a_person = [pair for pair in essays + begun if pair["tool"].startswith("a p")]
    assert len(essays + begun) / 2 < len(by_a_person) < len(essays + begun)


def test_texts_that_share_no_beginning_are_no_pair() -> None:
    def read(repository: str, path: str) -> bytes:
        found = invented(repository, path)
        return found.replace(b"It was", b"So was") if repository == clones.BEGINNINGS and "gpt-" in path else found

    # A person's text with one model's beginning leaves that model alone; a pair needs two.
    found = [pair for pair in published_pairs(read) if pair["dataset"] == "published_answers"]
    tools = {pair["tool"] for pair in found if pair["tool"].endswith("from one beginning")}
    assert tools
    assert not any("davinci" in tool for tool in tools)


def test_pickles_that_ask_for_more_than_text_are_refused() -> None:
    class Command:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return os.system, ("false",)

    with pytest.raises(pickle.UnpicklingError, match="asks for"):
        strings(pickle.dumps([Command()]))
    with pytest.raises(pickle.UnpicklingError, match="no list of texts: dict"):
        strings(pickle.dumps({"one": 1}))


def test_a_pickled_frame_is_read_and_runs_nothing(tmp_path) -> None:
    trace = tmp_path / "trace"

    class Command:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return os.system, (f"touch {trace}",)

    rows = frame_rows(pickle.dumps(titled("human")))
    assert rows[0] == {"title_en": "title 0", "language": "en", "text": rows[0]["text"], "source": "human"}
    assert len(rows) == 6
    with pytest.raises(pickle.UnpicklingError, match="no table"):
        frame_rows(pickle.dumps(Command()))
    assert frame_rows(pickle.dumps([titled("human"), Command()])) == rows
    assert not trace.exists()


def test_clones_are_read_at_their_commit(tmp_path, monkeypatch) -> None:
    clone = tmp_path / "owner" / "name"
    clone.mkdir(parents=True)

    def git(*command: str) -> str:
        named = ["-c", "user.name=n", "-c", "user.email=e"]
        return subprocess.run(["git", *named, *command], cwd=clone, check=True, capture_output=True, text=True).stdout

    git("init", "-q")
    (clone / "a.txt").write_text("then")
    git("add", "a.txt")
    git("commit", "-qm", "one")
    monkeypatch.setitem(COMMITS, "owner/name", git("rev-parse", "HEAD").strip())
    (clone / "a.txt").write_text("now")
    assert read_from(tmp_path)("owner/name", "a.txt") == b"then"
    with pytest.raises(InputError, match=r"cannot read owner/name .*clone it there"):
        read_from(tmp_path)("owner/name", "b.txt")


def test_command_writes_json_lines(tmp_path, monkeypatch, capsys) -> None:
    monkeypatch.setattr(published, "read_from", lambda folder: invented)
    out = tmp_path / "made" / "published.jsonl"
    published.main([str(tmp_path), "-o", str(out)])
    written = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert f"{len(written):,} pairs" in capsys.readouterr().out
    assert {"id", "source", "suspect", "relation", "family", "tool", "dataset", "group"} == set(written[0])


def test_no_name_of_a_pair_left_out_is_of_a_dataset_that_is_not_made(pairs) -> None:
    assert {name.partition("-")[0] for name in published._LEFT_OUT} <= {pair["dataset"] for pair in pairs}
