"""Feed every reader with files that a fuzzer damages, for some time each.

`make fuzz` runs it. What a reader does not survive is kept in build/fuzz/READER/.
A small one goes to tests/fuzz/corpus/, where tests read it from then on.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
PLACE = Path("build/fuzz")
PATIENCE = 60
"""Seconds that one input of some thousand bytes may take; in a scan the sandbox gives up on pages sooner."""


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seconds", type=int, default=60, help="time for each reader")
    asked.add_argument("--fuzz", help=argparse.SUPPRESS)
    asked.add_argument("readers", nargs="*", help="names of readers; all by default")
    given = asked.parse_args()
    if given.fuzz:
        fuzz(given.fuzz, given.seconds)
    sys.path.insert(0, str(HERE.parent / "builders"))
    from fuzzed_readers import READERS, seeds

    if unknown := set(given.readers) - READERS.keys():
        asked.error(f"no such reader: {', '.join(sorted(unknown))}; there are {', '.join(READERS)}")
    failed = []
    for name in given.readers or READERS:
        for number, seed in enumerate(seeds(name)):
            (PLACE / name / "seeds").mkdir(parents=True, exist_ok=True)
            (PLACE / name / "seeds" / str(number)).write_bytes(seed)
        command = [sys.executable, __file__, "--fuzz", name, "--seconds", str(given.seconds)]
        with (PLACE / name / "log").open("w") as log:
            code = subprocess.run(command, stdout=log, stderr=subprocess.STDOUT, check=False).returncode
        tail = (PLACE / name / "log").read_text(errors="replace").splitlines()
        runs = next((line for line in reversed(tail) if line.startswith(("Done", "stat::number"))), "")
        print(f"{name}: {'failed, see' if code else 'passed,'} {PLACE / name / 'log' if code else runs}", flush=True)
        failed += [name] if code else []
    return bool(failed)


def fuzz(name: str, seconds: int) -> None:
    """Fuzz one reader in this process, which ends with it."""
    import atheris

    sys.path.insert(0, str(HERE.parent / "builders"))
    with atheris.instrument_imports(include=["unspun", "pdfminer", "charset_normalizer"]):
        from fuzzed_readers import READERS, seeds
    for seed in seeds(name):
        READERS[name](seed)  # what is loaded late must not count as slow
    folders = [PLACE / name / "found", PLACE / name / "seeds", HERE / "corpus" / name]
    folders[0].mkdir(parents=True, exist_ok=True)
    limits = [f"-max_total_time={seconds}", f"-timeout={PATIENCE}", "-rss_limit_mb=3000", "-max_len=20000"]
    arguments = [sys.argv[0], *limits, f"-artifact_prefix={PLACE / name}/", *(str(at) for at in folders if at.exists())]
    atheris.Setup(arguments, READERS[name])
    atheris.Fuzz()


if __name__ == "__main__":
    sys.exit(main())
