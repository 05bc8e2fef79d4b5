"""Invented files in the form of those of public repositories that joined last."""

from __future__ import annotations

import io
import json
import zipfile
from xml.sax.saxutils import escape

from unspun.training.public_pairs import clones

N_LINES = 60
REVISED = {
    clones.SERVICE_MANUAL,
    clones.CONTENT_GUIDE,
    clones.PLAYBOOK,
    clones.POLICIES,
    clones.LEGAL_DOCS,
    clones.SITE_POLICY,
    clones.LEGALMATTIC,
}
TOLD_ANEW = {
    clones.NEUTRAL_TALES,
    clones.ENTRIES,
    clones.READABILITY,
    clones.EXAM_TEXTS,
    clones.DIPPED_ESSAYS,
}
MAKERS = REVISED | {
    clones.ROMANS,
    clones.QUIXOTE,
    clones.PRINCE,
    clones.KURAL,
    clones.LEARNERS,
    clones.WEBSITES,
    clones.LOCALISED,
    clones.DEBATES,
    clones.TASKS,
    clones.PLOTS,
    clones.ITERATED,
    clones.NOVELS,
    clones.CHAINS,
    clones.PAPERS,
    *TOLD_ANEW,
}


def workbook(rows: list[list[str]]) -> bytes:
    """Return a workbook of one sheet, with half of its texts shared and half in their cells."""
    shared = [cell for row in rows for cell in row[::2]]
    lines = []
    for row in rows:
        cells = []
        for column, text in zip("ABCDEFG", row, strict=False):
            if "ABCDEFG".index(column) % 2:
                cells.append(f'<c r="{column}1" t="inlineStr"><is><t>{escape(text)}</t></is></c>')
            else:
                cells.append(f'<c r="{column}1" t="s"><v>{shared.index(text)}</v></c>')
        lines.append(f"<row>{''.join(cells)}</row>")
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    strings = "".join(f"<si><t>{escape(text)}</t></si>" for text in shared)
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as book:
        book.writestr("xl/sharedStrings.xml", f"<sst {space}>{strings}</sst>")
        book.writestr(
            "xl/worksheets/sheet1.xml", f"<worksheet {space}><sheetData>{''.join(lines)}</sheetData></worksheet>"
        )
    return sink.getvalue()


def public_file(repository: str, path: str) -> bytes:
    """Return a file of the form of the real one."""
    if repository == clones.NOVELS:
        told = [[f"On page {k} {who} goes home. " * 20 for who in ("Ann", "Bea", "Cis", "Dot")] for k in range(12)]
        return workbook([["Example A", "Example B", "Example C", "Example D", "True"], *([*row, "B"] for row in told)])
    if repository == clones.TASKS:
        rows = [
            ["1", "A", "", str(k), "", f"Write of {k % 2}.", f"Title: Of it\n\n{path[-10:-5]} writes {k}_x000D_. " * 25]
            for k in range(6)
        ]
        return workbook([["Id", "Type", "Variation", "Iteration", "Date", "Prompt", "Response"], *rows])
    return made_text(repository, path).encode()


def made_text(repository: str, path: str) -> str:
    """Return a file as text."""
    if repository in REVISED:
        return (
            f"---\ntitle: x\n---\n# Rules\n\n{f'* Be **kind** as of {path[:7]}, see [here](https://a.example).' * 20}"
        )
    if repository in {clones.ROMANS, clones.QUIXOTE, clones.PRINCE, clones.KURAL}:
        return book(repository, path)
    if repository in {clones.LEARNERS, clones.WEBSITES}:
        edit = "A {0} {1}|||V|||{2}|||REQUIRED|||-NONE-|||{3}"
        edits = [
            edit.format(*one) for one in ((1, 2, "goes", 0), (3, 4, "-NONE-", 0), (1, 2, "went", 1), (2, 2, "{k}th", 1))
        ]
        block = "\n".join(["S He go home the {k} th day .", *edits, "A -1 -1|||noop|||-NONE-|||REQUIRED|||-NONE-|||0"])
        return "\n\n".join(block.replace("{k}", str(k)) for k in range(N_LINES)) + "\n"
    if repository == clones.LOCALISED:
        if path.endswith(".tsv"):
            return "".join(f"paper.{k // 20}\n" for k in range(N_LINES))
        return "".join(f"In {path[-6:-4]} they colour house {k}.\n" for k in range(N_LINES))
    if repository == clones.DEBATES:
        rows = [";".join([str(k), *(f"{who} holds {k} for true. " * 20 for who in "abc")]) for k in range(4)]
        return "\n".join(["id;Student;ChatGPT-3;ChatGPT-4", *rows])
    if repository == clones.PLOTS and path.endswith("style-mimic.json"):
        told = [[f"{who} looked at the hill {k}. " * 20 for who in ("Ann", "Bea")] for k in range(4)]
        rows = [{"paragraph1": one, "paragraph2": two, "reference_preference": "2"} for one, two in told]
        return json.dumps(
            [
                *rows,
                *(
                    {
                        **row,
                        "paragraph1": row["paragraph2"],
                        "paragraph2": row["paragraph1"],
                        "reference_preference": "1",
                    }
                    for row in rows
                ),
            ]
        )
    if repository == clones.PLOTS:
        told = [
            {"story_idx": 1, "story_id": f"1_{who}", "content": f"{who} told this. " * 50} for who in ("Ann", "Bea")
        ]
        return json.dumps([*told, {"story_idx": 1, "story_id": "1_paper", "content": "https://paper.example/story"}])
    if repository in {
        clones.NEUTRAL_TALES,
        clones.ENTRIES,
        clones.READABILITY,
        clones.EXAM_TEXTS,
        clones.DIPPED_ESSAYS,
    }:
        return told_anew(repository, path)
    return paraphrased(repository, path)


def told_anew(repository: str, path: str) -> str:
    """Return a file of what models or people told anew, most of it in fewer words."""
    if repository == clones.NEUTRAL_TALES:
        rows = [{"id": k, "target": f"Call me {k}, ye winds. " * 30, "input": f"I am {k}. " * 30} for k in range(6)]
        return f"tale = {rows[3:]!r} + {rows[:3]!r}\n"
    if repository == clones.DIPPED_ESSAYS:
        _, model, file = path.removesuffix("/data.csv").rsplit("/", 2)
        told = "On {k} in {file}, {model}. " if "/dipper/" in path else "{model} in {file} on {k}. "
        made = [told.format(k=k, model=model, file=file) * 20 for k in range(9)]
        rows = [f"{k};Why?;{f'On {k} I think so.But no. ' * 20};{text}" for k, text in enumerate(made)]
        return "\n".join([";question;human;llm", *rows])
    if repository == clones.READABILITY:
        rows = [
            {
                "text_id": f"{k}-{level}",
                "target_cefr": level.upper(),
                "original": f"Of old {k} men sailed. " * 20,
                "reference": f"{level} men {k} sail. " * 30,
                "simplified": f"Simplified: {path[17:30]} {k} sail. " * 20,
            }
            for k in range(9)
            for level in ("a2", "b1")
        ]
        return "\n".join(map(json.dumps, rows))
    if repository == clones.EXAM_TEXTS:
        rows = [
            {
                "input_text": f"simplify to {level}: Note: burglars call at noon {k}. {'They do. ' * 40}",
                "target_text": f"Burglars come at {level}. " * 20,
            }
            for k in range(5)
            for level in ("A1", "B1", "C1")
        ]
        return "\n".join(map(json.dumps, rows))
    made = path.removesuffix(".jsonl").rpartition("_")[2]
    rows = [
        {
            "revid": str(k),
            "src": f"== Past ==\nThe town {k} was built there. " * 20,
            "trgt": f"It is town {k}. " * 16,
            **dict.fromkeys((f"mgt_{made}", "mgt"), f"By {made} this is town {k}. " * 16),
        }
        for k in range(9)
    ]
    return "\n".join(map(json.dumps, rows))


def book(repository: str, path: str) -> str:
    """Return a book or a chapter as one of its translators has it."""
    if repository == clones.ROMANS:
        told = f"So says {path[-8:-4]} &mdash; of war.<note>Nobody knows.</note> " * 20
        chapters = "".join(f'<div type="textpart" subtype="chapter" n="{k}"><p>{told}{k}.</p></div>' for k in (1, 2, 3))
        head = '<TEI xmlns="http://www.tei-c.org/ns/1.0"><text><body><div n="whole">'
        return f'{head}<div type="textpart" subtype="book" n="1">{chapters}</div></div></body></text></TEI>'
    if repository == clones.QUIXOTE:
        return f"CHAPTER I\n\nOf what befell\n\n{f'{path[-20:-4]} tells of a mill; and so on. ' * 40}"
    if repository == clones.PRINCE:
        told = f"Whoever rules, as {path[:-4]} has it, must be wise in every one of these things. " * 20
        return "".join(f"\nCHAPTER {numeral}.\nOF RULE\n\n\n{told}\n" for numeral in ("I", "II", "IV"))
    couplets = [
        {
            "Translation": f"Rain {k} falls",
            "explanation": f"It rains for the {k}th time",
            "couplet": f"Drops fall,They fall {k}",
        }
        for k in range(N_LINES * 2)
    ]
    return json.dumps({"kural": couplets})


def paraphrased(repository: str, path: str) -> str:
    """Return a file of what models made of texts."""
    told = [f"On day {k} this happened to us. " * 20 for k in range(6)]
    if repository == clones.ITERATED:
        rows = [{"id": f"one_{k}", "text": f"{path[5:]} has it: {text}"} for k, text in enumerate(told)]
        # A trip broke off.
        return "\n".join(
            map(json.dumps, [*rows[:-1], {"id": "one_5", "text": told[5][:300] if "nllb" in path else told[5]}])
        )
    if repository == clones.CHAINS:
        return json.dumps({"initial_story": told[0], "stories": [[f"{k} times. {told[0]}" for k in range(1, 11)]]})
    lines = ["originals\tparaphrase_1", *(f"\t{k}" for k in "ab")]
    sides = "\t".join(f"Version {who} of sentence {{0}} says so." for who in range(5))
    return "\n".join([*lines, *(sides.format(k) for k in range(N_LINES))])
