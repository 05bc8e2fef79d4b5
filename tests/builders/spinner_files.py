"""Invented files in the form of those of repositories that hold what spinners made of texts."""

from __future__ import annotations

import csv
import io
import json
import re

from unspun.training.public_pairs import clones

N_TEXTS = 12
SPINNERS = {
    clones.TRANSLATED_PAGES,
    clones.DIPPED_ESSAYS,
    clones.IN_ORDER,
    clones.ENGINE_OUTPUTS,
    clones.WEB_PAGES,
    clones.REVIEWS,
    clones.ABSTRACTS_REWRITTEN,
}
TOLD = "On day {k} gardeners watered seedlings beneath terraces. "
RETOLD = "Beneath terraces, on day {k}, gardeners gave water to seedlings. "
LOST = "Something altogether unrelated happened elsewhere. "
BEFORE = "A page begins &amp; goes on.\n"


def spinner_file(repository: str, path: str) -> bytes:
    """Return a file of the form of the real one."""
    if repository == clones.TRANSLATED_PAGES:
        return page_file(path).encode()
    if repository == clones.IN_ORDER:
        return "".join(f"{TOLD.format(k=k)}\n" for k in range(N_TEXTS * 5)).encode()
    if repository == clones.ENGINE_OUTPUTS:
        # In another order than the sentences, and through one language without sense.
        made = LOST if "Hindi" in path else RETOLD
        rows = (f"{k}\t{TOLD.format(k=k)}\t{made.format(k=k)}\n" for k in reversed(range(N_TEXTS * 5)))
        return "".join(rows).encode()
    return retold(repository, path).encode()


def page_file(path: str) -> str:
    """Return a page, the list of pairs of pages, or what is taken over between two of them."""
    if path.endswith("pairs"):
        return "".join(f"suspicious-document{k}.txt source-document{k}.txt\n" for k in range(N_TEXTS))
    number = int(re.findall(r"\d+", path)[-1])
    told, retold_, lost = (line.format(k=number) * 12 for line in (TOLD, RETOLD, LOST))
    made = lost if number == 0 else retold_
    if path.endswith(".xml"):
        languages = ["en", "hi", "he", "zh", "en"] if number == 1 else ["en", "de", "en"]
        names = " ".join(f'language_{k}="{language}"' for k, language in enumerate(languages))
        at = f'source_offset="{len(BEFORE)}" source_length="{len(told)}"'
        return (
            f'<document>\n<feature {names} {at} this_offset="{len(BEFORE)}" this_length="{len(made)}" />\n</document>'
        )
    return BEFORE + (told if "/src/" in path else made) + "And so it ends."


def retold(repository: str, path: str) -> str:
    """Return texts with versions of them, as rows or as objects."""
    texts = [TOLD.format(k=k) * 12 for k in range(N_TEXTS)]
    made = [RETOLD.format(k=k) * 12 for k in range(N_TEXTS)]
    if repository == clones.DIPPED_ESSAYS:
        # DIPPER wrote of something else once, and kept the end of a prompt once.
        dipped = ["(required). " + made[0], LOST * 15, *made[2:]]
        sides = dipped if "dipper" in path else [f"{text.strip()}So it is. " for text in texts]
        return table(["", "question", "human", "llm"], [[str(k), "?", "x", text] for k, text in enumerate(sides)], ";")
    if repository == clones.WEB_PAGES:
        pages = [
            {"index": k, "natural_text": text.replace("seed", "seed\u00ad"), "perturbed_natural_text": made[k]}
            for k, text in enumerate(texts)
        ]
        return json.dumps(pages)
    if repository == clones.REVIEWS:
        names = ["text", "non_strategic_8b", "non_strategic_70b", "strategic_8b", "strategic_70b"]
        # Two of the versions are cut short.
        return table(names, [[texts[k], made[k], made[k], made[k][:80], made[k][:80]] for k in range(N_TEXTS)], ",")
    kinds = {"human": texts, "rewritten": made, "humanized_adv": [f"Behold! {text}" for text in made]}
    kind = path.split("arxiv_")[-1].removesuffix(".jsonl")
    return "\n".join(json.dumps({"id": f"ax_{k:04}", "text": text}) for k, text in enumerate(kinds[kind]))


def table(names: list[str], rows: list[list[str]], mark: str) -> str:
    """Return rows below their names."""
    sink = io.StringIO()
    csv.writer(sink, delimiter=mark).writerows([names, *rows])
    return sink.getvalue()
