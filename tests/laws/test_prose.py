"""Plain words: short sentences in what a newcomer reads, and first lines of docstrings that are orders."""

import ast
import json
import re
from pathlib import Path
from statistics import median

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "unspun"
MAX_MEDIAN, MAX_SENTENCE, MAX_FIRST_LINE = 20, 40, 80
DOCUMENTS = [
    *(ROOT / name for name in ("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "data/README.md")),
    *sorted(path for path in (ROOT / "docs").rglob("*.md") if path.name != "card.md"),
    *sorted((ROOT / "notebooks").glob("*.ipynb")),
]
QUESTIONS = re.compile(r"(What|Which|How|Whether|Where|From)\b")
MODULES = sorted(PACKAGE.rglob("*.py"))


def prose(path):
    """Return what a person reads of a document: no code, tables, headings or addresses."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".ipynb":
        cells = json.loads(text)["cells"]
        text = "\n\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    text = re.sub(r"^ *```.*?^ *```", "", text, flags=re.MULTILINE | re.DOTALL)
    text = re.sub(r"^(#|\||!\[|:::|--8<--).*$", "", text, flags=re.MULTILINE)
    text = re.sub(r"`[^`]*`", "Code", text)
    return re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)


def sentences(path):
    """Return the sentences of a document; an item of a list begins one."""
    blocks = re.split(r"\n\s*\n|^\s*(?:[-*]|\d+\.)\s", prose(path), flags=re.MULTILINE)
    parts = [part for block in blocks for part in re.split(r"(?<=[.!?])[*)”\"]*\s+(?=[^a-z])", " ".join(block.split()))]
    return [part for part in parts if re.search(r"\w", part)]


def n_words(sentence):
    return len(re.findall(r"[\w’'.,%/-]*\w[\w’'.,%/-]*", sentence))


def name_of(path):
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_sentences_are_short(path):
    lengths = {sentence: n_words(sentence) for sentence in sentences(path)}
    assert not {sentence: n for sentence, n in lengths.items() if n > MAX_SENTENCE}
    assert not lengths or median(lengths.values()) <= MAX_MEDIAN


def first_lines(path):
    """Return the first docstring line of a module and of its public functions and classes, by name."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = {"": tree} if path.name != "__main__.py" else {}
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            found[node.name] = node
    documented = {name: ast.get_docstring(node) for name, node in found.items()}
    return {name: text.splitlines()[0] for name, text in documented.items() if text}


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_first_lines_of_docstrings_are_short_and_no_questions(path):
    lines = first_lines(path)
    assert not {name: line for name, line in lines.items() if len(line) >= MAX_FIRST_LINE or QUESTIONS.match(line)}
