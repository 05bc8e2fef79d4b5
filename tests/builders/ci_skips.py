"""Skips that CI may make; every other one means that something is missing there, and fails."""

import os

# Parts of reasons. What stands here does not depend on what is installed or laid beside the checkout.
ALLOWED = (
    "SCIPY_ARRAY_API",  # a check of scikit-learn's, of an interface that we do not claim
    "no limits of processes here",
    "no limit of address space here",
    "no fork here",
    "no pipes with names here",
    "this fastwarc has no",
    "the published pairs are not on this machine",  # made from clones, which CI cannot reach
)


def refuse(report, environ=os.environ):
    """Turn a skip into a failure that says what is missing, where ``CI`` is ``true`` and the skip is not allowed."""
    if environ.get("CI") != "true" or not report.skipped or hasattr(report, "wasxfail"):
        return
    reason = str(report.longrepr[-1] if isinstance(report.longrepr, tuple) else report.longrepr)
    if not any(part in reason for part in ALLOWED):
        report.outcome = "failed"
        report.longrepr = f"CI may not leave this out ({reason}): install or lay there what is missing"
