"""The manual names what exists: public names, packages, files and addresses."""

import ast
import re
from pathlib import Path

import pytest

import unspun
from unspun.crawl.reading.format_table import with_table
from unspun.crawl.reading.formats import KNOWN
from unspun.io.rows.row_readers import PACKED_ENDS

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PACKAGE = ROOT / "src" / "unspun"
README = (ROOT / "README.md").read_text(encoding="utf-8")
HOME = re.search(r'^Homepage = "(.*)"', (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.MULTILINE)[1]
ROOMS = sorted(path.name for path in PACKAGE.iterdir() if (path / "__init__.py").exists())


def test_every_public_name_has_one_place_in_the_reference():
    pages = (path.read_text(encoding="utf-8") for path in (DOCS / "reference").glob("*.md"))
    described = re.findall(r"^::: unspun\.(\w+)$", "\n".join(pages), re.MULTILINE)
    assert sorted(described) == sorted(unspun.__all__)


def test_the_list_of_public_names_is_whole():
    listed = re.findall(r"^\| \[`(\w+)`\]", (DOCS / "reference" / "index.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(listed) == sorted(unspun.__all__)


@pytest.mark.parametrize(
    "path", [ROOT / "README.md", *sorted((DOCS / "guide").glob("*.md"))], ids=lambda path: path.stem
)
def test_python_in_the_readme_and_the_guide_uses_public_names_only(path):
    for block in re.findall(r"^```python\n(.*?)^```", path.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL):
        for node in ast.walk(ast.parse(block)):
            if isinstance(node, ast.ImportFrom) and node.module.split(".")[0] == "unspun":
                assert node.module == "unspun"
                assert {alias.name for alias in node.names} <= set(unspun.__all__)
            if isinstance(node, ast.Import):
                assert not any(alias.name.startswith("unspun.") for alias in node.names)


@pytest.mark.parametrize("room", ROOMS)
def test_every_package_has_a_page_with_a_figure_and_its_limit(room):
    page = (DOCS / "how-it-works" / f"{room}.md").read_text(encoding="utf-8")
    assert page.count("```text") == 1
    assert "**What may not be in this package:**" in page
    for cell in re.findall(r"^\| (`[^|]*) \|", page, re.MULTILINE):
        for name in re.findall(r"`(\w+)`", cell):
            assert (PACKAGE / room / f"{name}.py").exists() or (PACKAGE / room / name).is_dir(), f"{room}: no {name}"


@pytest.mark.parametrize("address", re.findall(r"\]\((https?://[^)]*)\)", README))
def test_addresses_in_the_readme_work_from_a_package_index_too(address):
    raw = HOME.replace("github.com", "raw.githubusercontent.com") + "/main/"
    page = address.removeprefix(HOME + "/blob/main/").removeprefix(raw)
    assert page != address, "give the whole address, below the project's own"
    assert (ROOT / page).exists()


def test_the_readme_has_no_relative_links():
    assert not re.findall(r"\]\((?!https?://)[^)]*\)", README)


@pytest.mark.parametrize("place", ["src", "data", "docs"])
def test_entries_of_the_notebook_that_are_named_exist(place):
    for path in (ROOT / place).rglob("*"):
        if path.suffix in {".py", ".md"}:
            for entry in re.findall(r"docs/notebook/[\w.-]+\.md", path.read_text(encoding="utf-8")):
                assert (ROOT / entry).exists(), f"{path}: {entry}"


def test_every_entry_of_the_notebook_is_listed():
    listed = (DOCS / "notebook" / "index.md").read_text(encoding="utf-8")
    for path in (DOCS / "notebook").glob("2*.md"):
        assert f"({path.name})" in listed
        assert path.read_text(encoding="utf-8").splitlines()[2] == f"*{path.name[:10]}*"


def test_the_page_of_formats_lists_every_ending_that_is_read():
    page = (DOCS / "formats.md").read_text(encoding="utf-8")
    cells = re.findall(r"^\| (`\.[^|]*) \|", page, re.MULTILINE)
    assert sorted(end for cell in cells for end in re.findall(r"`(\.\w+)`", cell)) == sorted(KNOWN)
    assert all(f"`{end}`" in page for end in PACKED_ENDS)
    assert page == with_table(page), "write the table anew: python -m unspun.crawl.reading.format_table"
