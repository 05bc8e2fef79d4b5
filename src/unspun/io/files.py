"""Write a file whole or not at all, so that nobody reads half of one."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from unspun.errors import InputError


@contextlib.contextmanager
def replacing(path: str | Path, what: str) -> Iterator[Path]:
    """Give out a place to write to, named ``path`` when all went well.

    A link keeps its place and what it leads to is replaced; pipes and devices are written to as they are.

    Parameters
    ----------
    path : str or Path
        Where the file is to be; its folder is made if need be.
    what : str
        What it is, for the message.

    Yields
    ------
    Path
        Where to write; the file itself for pipes and devices.

    Raises
    ------
    InputError
        When it cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> folder = tempfile.TemporaryDirectory()
    >>> with replacing(Path(folder.name, "new", "a.txt"), "the text") as part:
    ...     _ = part.write_text("Rain fell.")
    >>> [file.name for file in Path(folder.name, "new").iterdir()]
    ['a.txt']
    >>> folder.cleanup()
    """
    path = Path(path)
    try:
        if _is_no_file(path):
            yield path
            return
        path = path.resolve()
        part = path.with_name(f".{path.name}.part")
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            yield part
            os.replace(part, path)
        except BaseException:
            with contextlib.suppress(OSError):
                part.unlink()
            raise
    except OSError as error:
        raise InputError(f"cannot write {what} ({error.strerror or error})", path, "give another place") from error


def check_place(path: str | Path, what: str) -> None:
    """Tell that a file cannot be written there, before hours of work and not after.

    Parameters
    ----------
    path : str or Path
        Where the file is to be; folders on the way to it may be missing.
    what : str
        What it is, for the message.

    Raises
    ------
    InputError
        When its folder cannot be made or written to.
    """
    path = Path(path)
    if _is_no_file(path):
        return
    folder = next(folder for folder in path.resolve().parents if folder.exists())
    if not os.access(folder, os.W_OK | os.X_OK) or not folder.is_dir():
        raise InputError(f"cannot write {what} (its folder cannot be written to)", path, "give another place")


def _is_no_file(path: Path) -> bool:
    """Whether a path stands for a folder, a pipe or a device, which must not be replaced."""
    return (path.is_absolute() and path.parts[1:2] in (("dev",), ("proc",))) or (path.exists() and not path.is_file())
