"""Find the files that ship with the package.

They lie inside the wheel, or beside src/ in a checkout.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from unspun.errors import ModelError

PACKAGE = Path(str(files("unspun"))).resolve()
REBUILD = "install the wheel again or run `make resources`"
"""What to do about a data file that is damaged."""


@lru_cache(maxsize=1)
def model_dir() -> Path:
    """Return the folder of the detector, the lexicon and the language model.

    Raises
    ------
    ModelError
        When neither the package nor the checkout around it has such a folder.

    Examples
    --------
    >>> model_dir().name
    'models'
    """
    for folder in _places(PACKAGE):
        if folder.is_dir():
            return folder
    todo = "install the wheel again, or run `make resources train` in a checkout"
    raise ModelError("no folder of models in the package", _places(PACKAGE)[0], todo)


def _places(package: Path) -> tuple[Path, ...]:
    """Return where models may lie for the package folder given, the likeliest first."""
    places = [package / "models"]
    checkout = package.parent.parent
    # Only a checkout has this file two levels up; some other folder called models/ must not be taken for ours.
    if (checkout / "pyproject.toml").is_file():
        places.append(checkout / "models")
    return tuple(places)
