"""Invented files in the form of those of repositories that hold what people edited or told anew."""

from __future__ import annotations

import json

from unspun.training.public_pairs import clones

WRITERS = ("ann00000-1", "bea00000-2")
N_ROWS = 12
EDITORS = {
    clones.DRAFTS,
    clones.IMITATED_DRAFTS,
    clones.FLUENT,
    clones.EXAM_SCRIPTS,
    clones.ENCHIRIDION,
    clones.PLAIN_ABSTRACTS,
    clones.ABRIDGED,
}
DRAFT = "Dear friend, on day {k} we met beside the lake and talked for hours. " * 8


def edited_file(repository: str, path: str) -> bytes:
    """Return a file of the form of the real one."""
    return text_of_kind(repository, path).encode()


def text_of_kind(repository: str, path: str) -> str:
    """Return a file as text."""
    if repository == clones.FLUENT:
        # As many sentences as learners wrote in `public_files`.
        return "".join(f"Person {path[-8:]} says that he went home on day {k} .\n" for k in range(60))
    if repository == clones.EXAM_SCRIPTS:
        return "".join(json.dumps(script(k)) + "\n" for k in range(N_ROWS))
    if repository == clones.ENCHIRIDION:
        _, who, section = path.split("/")
        note = "\\footnote{Nobody \\emph{knows} this.}"
        return f"``Of {section[:-4]}''{note}, says {who}, be  \\emph{{free}}---and\nbe calm. " * 14
    if repository == clones.PLAIN_ABSTRACTS:
        rows = [
            f'1,{k // 20},{who},{k % 20},"The cohort, arm {k}, showed attrition.","In {who} group {k} people left.",X'
            for who in ("adaptation1", "adaptation2")
            for k in range(60)
        ]
        return "\n".join(["question,pmid,adaptation,sent_id,source,target,operation", *rows])
    if repository == clones.ABRIDGED:
        return chapter(path)
    return drafts(repository, path)


def chapter(path: str) -> str:
    """Return a chapter of a novel, with some sentences left out in its abridged version, or most of them."""
    told = [
        f"On page {k} of {path[8:-5]} the carriage came late and nobody knew why it had been so. " for k in range(80)
    ]
    left = 9 if path.endswith("1.json") else 2
    short = [
        "" if k % 10 < left else f"On page {k} the carriage came late. Nobody knew why this was. " for k in range(80)
    ]
    return json.dumps({"original": in_rows(told), "abridged": in_rows(short)})


def in_rows(rows: list[str]) -> dict[str, object]:
    """Return a text and where each of its rows stands."""
    ends = [sum(map(len, rows[: k + 1])) for k in range(len(rows))]
    return {"text": "".join(rows), "row_chars": [[end - len(row), end] for row, end in zip(rows, ends, strict=True)]}


def script(number: int) -> dict[str, object]:
    """Return a learner's script; the first has too few edits, and one edit of the others has nothing in its place."""
    text = f"He go home on day {number} and he go out. " * 8
    places = [place for place in range(len(text)) if text.startswith("go", place)]
    edits = [[place, place + 2, "goes"] for place in places[: 2 if number == 0 else None]]
    return {"text": text, "edits": [[0, [*edits, [0, 2, None]]]], "id": number}


def drafts(repository: str, path: str) -> str:
    """Return what a person did in six tasks, or what a model wrote in the treated ones."""
    if repository == clones.IMITATED_DRAFTS:
        told = [
            {"pid": who, "task_idx": k, "text": f"{path[-8:-5]} greets on day {k}. " * 20}
            for who in WRITERS
            for k in range(4)
        ]
        return json.dumps({str(number): row for number, row in enumerate(told)})
    responses = {}
    for k in range(6):
        draft = DRAFT.format(k=k)
        # The first one is left almost as it was; two are written without the draft.
        final = draft + "Bye." if k == 0 else draft.replace("lake", "sea") + "Yours ever so truly, me."
        if k > 3:
            final = f"Hi, {path[5:8]} wrote this on day {k} alone. " * 12
        responses[str(k)] = {"model_generation": draft, "final_version": final}
    # A response beyond the tasks is no task.
    responses["6"] = responses["1"]
    return json.dumps({"user_info": {"conditions": [1, 1, 1, 1, 0, 0]}, "responses": responses})
