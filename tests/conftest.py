"""What several test modules need: two texts, one made from the other by a synonym swapper, and a run of the sample."""

import json

import pytest
from ci_skips import refuse
from hypothesis import settings
from two_texts import SOURCE, SUSPECT

# How long an example takes depends on what else the machine does.
settings.register_profile("unspun", deadline=None)
settings.load_profile("unspun")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport():
    report = yield
    refuse(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report():
    report = yield
    refuse(report)
    return report


@pytest.fixture(scope="session")
def sample_run(tmp_path_factory):
    """Return the folder of a run over the sample crawl, for tests that read it alone."""
    from run_folders import CRAWL

    from unspun.crawl.run_plan import ScanOptions
    from unspun.crawl.scan import scan

    folder = tmp_path_factory.mktemp("sample") / "run"
    scan(ScanOptions((str(CRAWL),)), folder)
    return folder


@pytest.fixture
def pair_files(tmp_path):
    """Return the paths of the two texts, source first."""
    paths = tmp_path / "source.txt", tmp_path / "suspect.txt"
    for path, text in zip(paths, (SOURCE, SUSPECT), strict=True):
        path.write_text(text, encoding="utf-8")
    return paths


@pytest.fixture
def pairs_file(tmp_path):
    """Return a .jsonl with one good pair between two bad records."""
    lines = [
        '{"id": "broken"',
        json.dumps({"id": "good", "source": SOURCE, "suspect": SUSPECT}),
        '{"id": "half", "source": "x"}',
    ]
    path = tmp_path / "pairs.jsonl"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
