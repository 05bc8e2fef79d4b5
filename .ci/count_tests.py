"""Sum the test reports of a CI run: the last line is ``N passed, N failed, N skipped``.

Called as ``count_tests.py FOLDER [FAILED TARGET ...]``; the folder holds one JUnit file for each target that ran tests.
"""

import sys
import xml.etree.ElementTree as ET
from pathlib import Path

# These targets run tests. When one fails and its report shows no failed test, its tests broke off: one failure.
SUITES = ("test", "test-slow", "test-browser")


def count(report):
    """Return how many tests of a report passed, failed and were skipped."""
    try:
        cases = list(ET.parse(report).getroot().iter("testcase"))
    except (OSError, ET.ParseError):
        return [0, 0, 0]
    failed = sum(case.find("failure") is not None or case.find("error") is not None for case in cases)
    skipped = sum(case.find("skipped") is not None for case in cases)
    return [len(cases) - failed - skipped, failed, skipped]


def main(folder, *broken):
    """Print a line for each suite and the sum last; return 1 if a test failed or none ran."""
    total = [0, 0, 0]
    for name in SUITES:
        counts = count(Path(folder) / f"{name}.xml")
        counts[1] += name in broken and not counts[1]
        print("{}: {} passed and {} failed, {} were skipped".format(name, *counts))
        total = [a + b for a, b in zip(total, counts, strict=True)]
    print("{} passed, {} failed, {} skipped".format(*total), flush=True)
    return 1 if total[1] or not total[0] else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
