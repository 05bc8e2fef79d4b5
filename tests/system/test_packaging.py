"""The wheel holds what users need and works alone; the source distribution holds what builders need too."""

import os
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from email.parser import Parser
from pathlib import Path

import pytest
import yaml
from articles import SPUN, STORY

import unspun

ROOT = Path(__file__).parents[2]
BUILDERS = ("unspun/training/resources/", "unspun/training/public_pairs/")
PYTHON = "Programming Language :: Python :: "

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def dist(tmp_path_factory):
    """Return a folder with the wheel and the source distribution, built from this checkout."""
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-d", folder], cwd=ROOT, check=True)
    return folder


@pytest.fixture(scope="module")
def wheel(dist):
    (path,) = dist.glob("*.whl")
    return path


def in_wheel(wheel):
    with zipfile.ZipFile(wheel) as opened:
        return opened.namelist()


def test_the_wheel_has_data_and_no_builders(wheel):
    names = in_wheel(wheel)
    assert not [name for name in names if name.startswith(BUILDERS)]
    schemas = {f"unspun/reports/{what}.schema.json" for what in ("explanation", "finding")}
    assert {"unspun/py.typed", "unspun/models/lexicon.npz"} | schemas <= set(names)
    folders = {name.split("/")[0] for name in names}
    assert {name for name in folders if not name.endswith(".dist-info")} == {"unspun"}


def test_the_source_distribution_has_the_builders(dist):
    (path,) = dist.glob("*.tar.gz")
    with tarfile.open(path) as opened:
        names = [name.partition("/")[2] for name in opened.getnames()]
    for folder in BUILDERS:
        assert any(name.startswith(f"src/{folder}") for name in names)
    assert {"Makefile", "constraints.txt", "SECURITY.md", "CITATION.cff", ".ci/run"} <= set(names)


def test_the_metadata_say_who_where_and_under_what_licence(wheel):
    with zipfile.ZipFile(wheel) as opened:
        (path,) = [name for name in opened.namelist() if name.endswith("/METADATA")]
        found = Parser().parsestr(opened.read(path).decode())
    assert found["Author"] == "The Unspun authors"
    assert found["License-Expression"] == "Apache-2.0 AND CC-BY-SA-4.0"
    assert found.get_all("License-File") == ["LICENSE", "models/NOTICE.md"]
    assert all("github.com/unspun/unspun" in url for url in found.get_all("Project-URL"))
    known = found.get_all("Classifier")
    assert all(PYTHON + version in known for version in ("3.11", "3.12", "3.13"))


def test_what_names_a_version_names_the_same():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["version"] == unspun.__version__
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8"))
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    named = [line.removeprefix(PYTHON) for line in settings["classifiers"] if line.startswith(PYTHON + "3.")]
    assert workflow["jobs"]["test"]["strategy"]["matrix"]["python"] == named


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """Return the folder of programs of an empty environment into which the wheel was installed."""
    place = tmp_path_factory.mktemp("environment")
    subprocess.run([sys.executable, "-m", "venv", place], check=True)
    command = [place / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*command, "-c", ROOT / "constraints.txt", wheel], cwd=place, env=clean(), check=True)
    return place / "bin"


def clean():
    """Return the environment without what leads Python into this checkout."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "PYTEST", "VIRTUAL"))}


def said(folder, *command):
    done = subprocess.run(command, cwd=folder, env=clean(), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def away(tmp_path):
    """Return a folder outside the checkout with two texts and the sample crawl."""
    (tmp_path / "source.txt").write_text(STORY, encoding="utf-8")
    (tmp_path / "suspect.txt").write_text(SPUN, encoding="utf-8")
    shutil.copytree(ROOT / "data" / "sample", tmp_path / "sample")
    return tmp_path


def test_the_wheel_scores_two_texts(installed, away):
    assert "verdict    likely" in said(away, installed / "unspun", "score", "source.txt", "suspect.txt")


def test_the_wheel_scans_a_crawl(installed, away):
    said(away, installed / "unspun", "scan", "sample/crawl", "-o", "run", "--truth", "sample/truth.csv")
    said(away, installed / "unspun", "report", "run")
    assert (away / "run" / "report" / "index.html").is_file()


def test_the_wheel_scores_from_python(installed, away):
    code = "import unspun; read = lambda name: open(name, encoding='utf-8').read()\n"
    code += "print(found := unspun.score(read('source.txt'), read('suspect.txt')), found.p_spun > 0.5, sep='\\n')"
    shown, spun = said(away, installed / "python", "-c", code).splitlines()
    assert shown.startswith("Score(")
    assert spun == "True"
