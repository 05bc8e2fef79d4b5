"""Files of a run: there whole or not at all, on a disk or in object storage.

On a disk a file gets a temporary name first, then its own once the bytes are safe, so that a name without ``.tmp`` at
its end always stands for a finished file. Object storage (any address that fsspec knows) shows an object only when it
is complete.
"""

from __future__ import annotations

import contextlib
import errno
import io
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from unspun.errors import InputError, RunError

_TEMPORARY = ".tmp"


@dataclass(frozen=True, slots=True)
class Store:
    """A folder of named files; small enough to be sent to any worker.

    Parameters
    ----------
    root : str
        A path, or an address like ``s3a://bucket/run``. Names below are relative and use ``/``.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     store = Store(folder)
    ...     store.write("done/read.json", b"{}")
    ...     store.names("done"), store.read("done/read.json")
    (['done/read.json'], b'{}')
    """

    root: str

    @property
    def is_local(self) -> bool:
        """True when the files lie on a disk of this machine, or a mounted one."""
        return "://" not in self.root

    def address(self, name: str) -> str:
        """Return where a file lies, as other programs are told."""
        return f"{self.root.rstrip('/')}/{name}"

    @contextlib.contextmanager
    def create(self, name: str) -> Iterator[IO[bytes]]:
        """Open a new file for writing.

        It gets its name when all went well, and leaves nothing behind if not.

        Raises
        ------
        RunError
            When it cannot be written: no space left, no permission.
        """
        try:
            with _new_file(Path(self.root, name)) if self.is_local else self._new_object(name) as file:
                yield file
        except OSError as error:
            raise _cannot_write(error, self.address(name)) from error

    def write(self, name: str, data: bytes) -> None:
        """Write a file from bytes; see `create`.

        Parameters
        ----------
        name : str
            Below the store's root.
        data : bytes
            All of the file.
        """
        with self.create(name) as file:
            file.write(data)

    def read(self, name: str) -> bytes:
        """Return the bytes of a file.

        Raises
        ------
        InputError
            When it is not there or cannot be read.
        """
        try:
            if self.is_local:
                return Path(self.root, name).read_bytes()
            return bytes(self._files().cat_file(self.address(name)))
        except OSError as error:
            what = f"a file of the run cannot be read ({error.strerror or error})"
            raise InputError(what, self.address(name), "start the run anew") from error

    @contextlib.contextmanager
    def opened(self, name: str) -> Iterator[IO[bytes]]:
        """Open a file for reading by a path of any bytes.

        Libraries of their own take only UTF-8.
        """
        if self.is_local:
            with open(self.address(name), "rb") as file:
                yield file
        else:
            yield io.BytesIO(self.read(name))

    def has(self, name: str) -> bool:
        """Tell if a finished file of that name is there."""
        return Path(self.root, name).is_file() if self.is_local else bool(self._files().isfile(self.address(name)))

    def names(self, folder: str = "") -> list[str]:
        """Return the names of the finished files of a folder, sorted.

        None if there is no such folder.
        """
        prefix = f"{folder}/" if folder else ""
        return sorted(f"{prefix}{name}" for name in self._listed(folder) if not name.endswith(_TEMPORARY))

    def all_names(self) -> Iterator[str]:
        """Yield the names of all files, in folders too, finished or not.

        Nothing if there is no such folder.
        """
        if self.is_local:
            for folder, _, files in os.walk(self.root):
                yield from (Path(folder, name).relative_to(self.root).as_posix() for name in files)
            return
        files = self._files()
        if files.exists(self.root):
            base = files._strip_protocol(self.root).rstrip("/")
            yield from (str(name).removeprefix(base).lstrip("/") for name in files.find(self.root))

    def remove(self, name: str) -> None:
        """Remove a file, or a folder with all that is in it, if it is there."""
        if not self.is_local:
            if self._files().exists(self.address(name)):
                self._files().rm(self.address(name), recursive=True)
        elif Path(self.root, name).is_dir():
            shutil.rmtree(Path(self.root, name), ignore_errors=True)
        else:
            Path(self.root, name).unlink(missing_ok=True)

    def sweep(self) -> None:
        """Remove what writers left behind that were killed."""
        if self.is_local:
            for path in Path(self.root).rglob(f"*{_TEMPORARY}"):
                path.unlink(missing_ok=True)

    def _listed(self, folder: str) -> list[str]:
        if self.is_local:
            path = Path(self.root, folder)
            return [file.name for file in path.iterdir() if file.is_file()] if path.is_dir() else []
        files, place = self._files(), self.address(folder)
        files.invalidate_cache()  # of listings: other processes write here as well
        return [str(file).rsplit("/", 1)[-1] for file in files.ls(place, detail=False)] if files.exists(place) else []

    @contextlib.contextmanager
    def _new_object(self, name: str) -> Iterator[IO[bytes]]:
        file = self._files().open(self.address(name), "wb")
        try:
            yield file
        except BaseException:
            # Closing would publish what is there so far.
            getattr(file, "discard", lambda: None)()
            raise
        file.close()

    def _files(self) -> Any:
        import fsspec

        try:
            return fsspec.core.url_to_fs(self.root)[0]
        except (ImportError, ValueError) as error:
            raise InputError("cannot open this kind of storage", self.root, str(error)) from error


@contextlib.contextmanager
def _new_file(path: Path) -> Iterator[IO[bytes]]:
    path.parent.mkdir(parents=True, exist_ok=True)
    # Two workers can be at one file (one thought lost comes back): each has a name of its own.
    temporary = path.with_name(f"{path.name}.{os.getpid()}{_TEMPORARY}")
    try:
        with temporary.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """Make a rename durable; some systems cannot open a folder, and need not."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _cannot_write(error: OSError, place: str) -> RunError:
    full = error.errno in (errno.ENOSPC, errno.EDQUOT)
    what = "no space left to write" if full else f"cannot write ({error.strerror or error})"
    return RunError(what, Path(place), "mend that, and run the same command again with --resume")
