"""List what there is to read as sources.

Inputs are files, folders, addresses of object stores and standard input.
"""

from __future__ import annotations

import errno
import os
import stat
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any, NamedTuple, cast

from unspun.errors import InputError

STDIN = "-"
NO_LONGER_A_FILE = "it was a file when it was listed, and is a folder, a pipe or a device now"
PIPE = "stdin"
"""What standard input is called, also where it has been copied to a file: its format is told by its first bytes."""


class Source(NamedTuple):
    """A file to read, or a range of one.

    Attributes
    ----------
    path : str
        Where it is: a local path, an address, or ``-`` for standard input.
    name : str
        What it is called: the path as given or, if a folder was given, the path inside it.
    size : int
        How many bytes it has; 0 if nobody knows.
    start, stop : int
        The range: bytes, or row groups of a .parquet file; ``stop`` 0 for all.
    first : int
        The number of the first line in the range.
    modified : int
        When it was last written to, in nanoseconds; 0 if nobody knows.
    whole : int
        How many bytes the whole file had when it was listed, where this is a range of it.
    piped : bool
        It is a pipe, or a copy of one: it can be read only once, and its format is told by its first bytes.
    text_column : str
        What the user says that the column of texts is called, if it is a table; '' for the usual names.
    """

    path: str
    name: str
    size: int = 0
    start: int = 0
    stop: int = 0
    first: int = 1
    modified: int = 0
    whole: int = 0
    piped: bool = False
    text_column: str = ""


def list_sources(inputs: Iterable[str | Path]) -> list[Source]:
    """List the files behind the inputs, in their order.

    Folders are walked in sorted order without hidden files; links to folders are not followed.

    Parameters
    ----------
    inputs : iterable of str or Path
        Local paths, addresses with a scheme that fsspec knows (``s3://``, ``memory://``), ``-`` for standard input.

    Raises
    ------
    InputError
        When an input does not exist or has no name, or its scheme needs a package that is not installed.
    """
    return [source for given in inputs for source in _expand(str(given))]


def open_source(source: Source) -> IO[bytes]:
    """Open a source for reading; bytes come as they are stored.

    Raises
    ------
    OSError
        When it cannot be opened, or has become something else than a file since it was listed.
    """
    if source.path == STDIN:
        return sys.stdin.buffer
    if is_remote(source.path):
        store, path = _store(source.path)
        return cast(IO[bytes], store.open(path, "rb"))
    return open(source.path, "rb", opener=None if source.piped else _open_file)


def _open_file(path: str, flags: int) -> int:
    """Open a file and nothing else: a pipe that has taken its place would keep whoever opens it waiting for ever."""
    try:
        handle = os.open(path, flags | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0))
    except OSError as error:
        if error.errno == errno.ENXIO:  # a socket, which nobody can open
            raise OSError(errno.ENXIO, NO_LONGER_A_FILE, path) from None
        raise
    kind = os.fstat(handle).st_mode
    if not stat.S_ISREG(kind):
        os.close(handle)
        if stat.S_ISDIR(kind):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), path)
        raise OSError(errno.EINVAL, NO_LONGER_A_FILE, path)
    if hasattr(os, "O_NONBLOCK"):
        os.set_blocking(handle, True)
    return handle


class Window:
    """A part of a file, as a stream that can only be read.

    >>> import io
    >>> Window(io.BytesIO(b"Rain fell."), 5, 9).read()
    b'fell'
    """

    def __init__(self, file: IO[bytes], start: int, stop: int) -> None:
        file.seek(start)
        self._file, self._n_left = file, stop - start

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes, b'' at the end of the range."""
        data = self._file.read(min(size, self._n_left) if size >= 0 else self._n_left)
        self._n_left -= len(data)
        return data


def is_remote(path: str) -> bool:
    """Tell whether a path is an address for fsspec rather than a local file.

    >>> is_remote("s3://bucket/crawl.warc.gz"), is_remote("crawl.warc.gz")
    (True, False)
    """
    return "://" in path


def _expand(given: str) -> Iterator[Source]:
    if not given:
        # Such as a variable that is not set; the working folder is nobody's guess.
        raise InputError("an input has no name", given, "give a path, or . for the working folder")
    if given == STDIN:
        yield Source(STDIN, PIPE, piped=True)
    elif is_remote(given):
        yield from _expand_remote(given)
    else:
        yield from _expand_local(Path(given))


def _expand_local(path: Path) -> Iterator[Source]:
    given = str(path)
    if not os.path.lexists(given):
        raise InputError("no such file or folder", path, "check the path")
    if not os.path.isdir(given):
        yield _local(given, path.as_posix())
        return
    inside = ((file, file[len(given) :].replace(os.sep, "/").lstrip("/") or given) for file in _files(given))
    for file, name in sorted(inside, key=lambda known: known[1].split("/")):
        if not _is_hidden(name):
            yield _local(file, name)


def _files(folder: str) -> Iterator[str]:
    """Yield what lies in a folder and its folders; what cannot be read is yielded too, to be rejected when it is.

    Links to folders are not followed, since they may lead in a circle: they are rejected as well. What is neither a
    file nor a folder (a pipe, a socket) is no input.
    """
    closed: list[OSError] = []
    for place, folders, files in os.walk(folder, onerror=closed.append):
        yield from (link for name in folders if os.path.islink(link := os.path.join(place, name)))
        yield from (file for name in files if _may_be_read(file := os.path.join(place, name)))
    yield from (error.filename for error in closed)


def _may_be_read(file: str) -> bool:
    about = _about(file)
    return about is None or stat.S_ISREG(about.st_mode)  # whoever opens what cannot be asked learns why


def _about(file: str) -> os.stat_result | None:
    """Return what the system knows of a file; None where it cannot be asked, and is rejected when it is read."""
    try:
        return os.stat(file)
    except (OSError, ValueError):
        return None


def _local(file: str, name: str) -> Source:
    about = _about(file)
    name = _as_text(name)
    if about is None or stat.S_ISDIR(about.st_mode):
        return Source(file, name)  # the time of a folder says nothing of what is read
    if not stat.S_ISREG(about.st_mode):
        return Source(file, name, piped=True)
    return Source(file, name, about.st_size, modified=about.st_mtime_ns, whole=about.st_size)


def _as_text(name: str) -> str:
    r"""Return a name that any table and terminal takes: names of files are bytes, and need not be UTF-8.

    >>> _as_text(os.fsdecode(b"caf\xe9.txt")), _as_text("caf\u00e9.txt")
    ('caf\\xe9.txt', 'café.txt')
    """
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


class Change(NamedTuple):
    """The change of a file since it was listed, in words.

    It says whether all that was there may still be there.
    """

    how: str
    has_grown: bool


def change_of(source: Source) -> Change | None:
    """Return how a file has changed since it was listed.

    None if it has not, or nobody knows.
    """
    about = _about(source.path) if source.modified and not is_remote(source.path) else None
    if about is None or (about.st_size, about.st_mtime_ns) == (source.whole, source.modified):
        return None
    if about.st_size == source.whole:
        return Change("it was written to", False)
    return Change(f"it had {source.whole:,} bytes and has {about.st_size:,}", about.st_size > source.whole)


def _expand_remote(given: str) -> Iterator[Source]:
    store, path = _store(given)
    try:
        found = store.find(path, detail=True) if store.exists(path) else None
    # Every store has errors of its own: no right to read, no such bucket, no network.
    except Exception as error:
        raise InputError(f"the address cannot be read ({error})", given, "check it and the right to read it") from error
    if found is None:
        raise InputError("nothing at this address", given, "check it")
    if list(found) == [path]:
        yield Source(given, given, int(found[path].get("size") or 0))
        return
    for file in sorted(found):
        inside = file.removeprefix(path).lstrip("/")
        if not _is_hidden(inside):
            yield Source(store.unstrip_protocol(file), inside, int(found[file].get("size") or 0))


def _store(address: str) -> tuple[Any, str]:
    import fsspec  # only addresses need it

    try:
        return cast(tuple[Any, str], fsspec.core.url_to_fs(address))
    except (ImportError, ValueError) as error:
        raise InputError(f"no reader for this kind of address ({error})", address, "install its fsspec package") from (
            error
        )


def _is_hidden(inside: str) -> bool:
    return any(part.startswith(".") for part in inside.split("/"))
