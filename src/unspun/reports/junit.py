"""Write scores as JUnit XML: a test case a pair.

It has failed where the pair is flagged, and is skipped where there was too little to judge.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import NamedTuple
from xml.etree import ElementTree as ET

from unspun.reports.formatting import one_line, probability


class Case(NamedTuple):
    """One scored pair, or a finding.

    An open one does not say which of its pages is the spun one, and one that other pages explain accuses neither.
    """

    source_id: str
    suspect_id: str
    p_spun: float
    abstained: str | None = None
    open: bool = False
    explained: bool = False


def as_junit(cases: Iterable[Case], fail_on: float = 0.5, what: str = "pairs") -> str:
    """Return scored pairs as JUnit XML; a pair fails from ``fail_on`` on.

    Parameters
    ----------
    cases : iterable of Case
        A case for each pair.
    fail_on : float
        In [0, 1].
    what : str
        The name of the suite.

    Returns
    -------
    str
        The document, with a line feed at its end.

    Examples
    --------
    >>> print(as_junit([Case("a", "b", 0.9)]).splitlines()[1])
    <testsuites name="unspun" tests="1" failures="1" skipped="0">
    """
    suite = ET.Element("testsuite", name=what)
    counts = {"tests": 0, "failures": 0, "skipped": 0}
    for case in cases:
        counts["tests"] += 1
        kind = _add(suite, case, fail_on)
        if kind:
            counts[kind] += 1
    shown = {name: str(n) for name, n in counts.items()}
    suite.attrib |= shown
    root = ET.Element("testsuites", {"name": "unspun", **shown})
    root.append(suite)
    ET.indent(root)
    return f"<?xml version='1.0' encoding='utf-8'?>\n{ET.tostring(root, encoding='unicode')}\n"


def _add(suite: ET.Element, case: Case, fail_on: float) -> str:
    """Add a pair to its suite; return what it counts as."""
    suspect, source = one_line(case.suspect_id), one_line(case.source_id)
    unnamed = case.open or case.explained
    name = f"{source} and {suspect}" if unnamed else f"{suspect} from {source}"
    element = ET.SubElement(suite, "testcase", classname="unspun", name=name)
    if case.explained:
        said = f"other pages of the run explain it; p_spun of the two alone {probability(case.p_spun)}"
        ET.SubElement(element, "skipped", message=said)
        return "skipped"
    if case.open:
        unsure = one_line(case.abstained or "one of the two is spun, it is not decided which")
        said = f"{unsure}; p_spun {probability(case.p_spun)}"
        ET.SubElement(element, "skipped", message=said)
        return "skipped"
    if not math.isnan(case.p_spun) and case.p_spun >= fail_on:
        said = f"p_spun {probability(case.p_spun)}" + (f", {one_line(case.abstained)}" if case.abstained else "")
        ET.SubElement(element, "failure", type="spun", message=said)
        return "failures"
    if case.abstained or math.isnan(case.p_spun):
        ET.SubElement(element, "skipped", message=one_line(case.abstained or "not scored"))
        return "skipped"
    return ""
