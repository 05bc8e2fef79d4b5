"""Pairs from public repositories, with invented files in the place of theirs."""

from __future__ import annotations

import json
import os
import pickle
import re
import subprocess
from collections import Counter

import pytest

from unspun.errors import InputError
from unspun.resources import clones, published
from unspun.resources.answers import strings
from unspun.resources.clones import COMMITS, read_from
from unspun.resources.published import published_pairs

N_LINES = 60


def lines(who: str) -> str:
    return "".join(f"Person {who} tells in these words what happened on day {k}.\n" for k in range(N_LINES))


def invented(repository: str, path: str) -> bytes:
    """Return a file of the form of the real one."""
    if repository == clones.ESSAYS:
        return pickle.dumps([f"{path[5:32]} thinks so of task {k}. " * 20 for k in range(12)])
    return text_like(repository, path).encode()


def text_like(repository: str, path: str) -> str:
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


def test_every_repository_is_used_and_nothing_is_spun(pairs) -> None:
    asked = set()

    def read(repository: str, path: str) -> bytes:
        asked.add(repository)
        return invented(repository, path)

    assert list(published_pairs(read)) == pairs
    assert asked == set(COMMITS)
    assert {pair["relation"] for pair in pairs} == {"rewritten", "independent"}


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
    essays = [pair for pair in pairs if pair["tool"].endswith("on one task")]
    begun = [pair for pair in pairs if pair["tool"].endswith("from one beginning")]
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
    tools = {pair["tool"] for pair in published_pairs(read) if pair["tool"].endswith("from one beginning")}
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
