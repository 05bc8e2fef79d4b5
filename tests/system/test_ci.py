"""The counts that end a CI run, and the skips that fail there."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
COUNT = ROOT / ".ci" / "count_tests.py"
PASSED, SKIPPED = '<testcase name="a"/>', '<testcase name="b"><skipped/></testcase>'
FAILED, BROKEN = '<testcase name="c"><failure/></testcase>', '<testcase name="d"><error/></testcase>'


def counted(folder, reports, *failed):
    for name, cases in reports.items():
        (folder / f"{name}.xml").write_text(f"<testsuites><testsuite>{cases}</testsuite></testsuites>")
    done = subprocess.run([sys.executable, COUNT, folder, *failed], capture_output=True, text=True, check=False)
    return done.stdout.splitlines()[-1], done.returncode


@pytest.mark.parametrize(
    ("reports", "failed", "line", "code"),
    [
        ({"test": PASSED * 3 + SKIPPED, "test-slow": PASSED}, [], "4 passed, 0 failed, 1 skipped", 0),
        ({"test": PASSED, "test-slow": FAILED + BROKEN}, ["test-slow"], "1 passed, 2 failed, 0 skipped", 1),
        ({"test": PASSED}, ["test-browser"], "1 passed, 1 failed, 0 skipped", 1),
        ({"test": PASSED, "test-slow": "<torn"}, ["test-slow"], "1 passed, 1 failed, 0 skipped", 1),
        ({}, [], "0 passed, 0 failed, 0 skipped", 1),
    ],
)
def test_the_last_line_sums_all_suites(tmp_path, reports, failed, line, code):
    assert counted(tmp_path, reports, *failed) == (line, code)


SKIPPING = """
import pytest
def test_missing(): pytest.skip("there is no chromium")
def test_allowed(): pytest.skip("no fork here")
@pytest.mark.xfail(reason="known")
def test_expected(): raise ValueError
"""
MODULE = 'import pytest\npytest.importorskip("no_such_module", reason="Spark needs Java")\n'


@pytest.mark.parametrize(
    ("text", "ci", "line"),
    [
        (SKIPPING, "", "2 skipped, 1 xfailed"),
        (SKIPPING, "true", "1 failed, 1 skipped, 1 xfailed"),
        (MODULE, "", "1 skipped"),
        (MODULE, "true", "1 error"),
    ],
)
def test_under_ci_a_skip_is_a_failure_that_says_what_is_missing(tmp_path, text, ci, line):
    (tmp_path / "test_it.py").write_text(text)
    (tmp_path / "conftest.py").write_text((ROOT / "tests" / "conftest.py").read_text(encoding="utf-8"))
    environment = {name: value for name, value in os.environ.items() if name != "PYTEST_ADDOPTS"} | {
        # What the tests here need of pytest is in it: plugins take as long to load as all the rest.
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "CI": ci,
        "PYTHONPATH": os.pathsep.join([str(ROOT / "tests" / "builders"), str(ROOT / "src")]),
    }
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", tmp_path]
    said = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, check=False).stdout
    assert said.splitlines()[-1].startswith(line)
    assert ("CI may not leave this out" in said) == (ci == "true")
