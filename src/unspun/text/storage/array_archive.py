"""Read and write files of arrays, in which nothing can be executed.

The form is that of `numpy.savez`, kept narrow: names, types, shapes and sizes are checked before memory is taken, and
every array must be plain numbers in C order. Headers are matched by a pattern, never evaluated.
"""

from __future__ import annotations

import math
import mmap
import os
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from unspun.errors import ModelError

Arrays = dict[str, NDArray[Any]]

MAX_BYTES = 2**28
"""Unpacked, a file may hold 256 MB: ten times as much as the largest of ours."""
_MAX_ENTRIES = 100
_TYPES = frozenset(("|b1", "|i1", "|u1", "<u2", "<i4", "<i8", "<u8", "<f2", "<f4", "<f8"))
_MAGIC = b"\x93NUMPY\x01\x00"
_HEADER = re.compile(rb"\{'descr': '([<|][a-z]\d)', 'fortran_order': False, 'shape': \(([\d, ]{0,80})\), \} *\n")
_SHAPE = re.compile(r"|\d{1,12},|\d{1,12}(?:, \d{1,12}){1,3}")
_ALIGNMENT = 64
_PADDING = 0xD935  # the extra field that other tools, too, pad zip entries with
_EPOCH = (1980, 1, 1, 0, 0, 0)
_LOCAL = struct.Struct("<4s22xHH")


class ArchiveError(ValueError):
    """A file of arrays that is damaged or holds something else."""


@contextmanager
def refusing(what: str, path: Path, todo: str) -> Iterator[None]:
    """Turn whatever goes wrong while a file is read into a `ModelError`.

    It says which file and why.

    Parameters
    ----------
    what : str
        What the file holds, as in "the lexicon".
    path : Path
        The file.
    todo : str
        What to do about it.

    Yields
    ------
    None
        Once.

    Raises
    ------
    ModelError
        For every error of reading.
    """
    try:
        yield
    except FileNotFoundError as error:
        raise ModelError(f"{what} cannot be read: there is no such file", path, todo) from error
    # A damaged archive fails in as many ways as there are places to damage.
    except (
        *(OSError, ValueError, LookupError, ArithmeticError, EOFError, RuntimeError, MemoryError),
        *(struct.error, zlib.error, zipfile.BadZipFile),
    ) as error:
        raise ModelError(f"{what} cannot be read: {_in_words(error)}", path, todo) from error


def _in_words(error: BaseException) -> str:
    """Return an error's message, made fit for a terminal and cut short; its type where it has none."""
    text = "".join(letter if letter.isprintable() else "?" for letter in str(error))
    return text[:200] or type(error).__name__


def read_archive(path: Path) -> tuple[Arrays, dict[str, bytes]]:
    """Read all arrays and texts of a file.

    Parameters
    ----------
    path : Path
        As `write_archive` wrote it.

    Returns
    -------
    arrays : dict of array
        By name, not writeable.
    texts : dict of bytes
        The other entries, by name.

    Raises
    ------
    ArchiveError
        When an entry is no plain array or too large; see `refusing` for what else can go wrong.
    """
    arrays: Arrays = {}
    texts: dict[str, bytes] = {}
    _check_size(path)
    with zipfile.ZipFile(path) as archive:
        for entry in _entries(archive):
            content = archive.read(entry)
            name = entry.filename
            if name.endswith(".npy"):
                arrays[name.removesuffix(".npy")] = _array(name, content)
            else:
                texts[name] = content
    return arrays, texts


def map_archive(path: Path) -> Arrays:
    """Map the arrays of an unpacked file: they are read where they are used.

    Parameters
    ----------
    path : Path
        As `write_archive` wrote it, with ``packed=False``.

    Returns
    -------
    dict of array
        By name, not writeable. Processes that map one file share its memory.

    Raises
    ------
    ArchiveError
        When an entry is packed, no plain array, or runs beyond the file.
    """
    _check_size(path)
    with path.open("rb") as file, zipfile.ZipFile(file) as archive:
        entries = _entries(archive)
        content = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    return {entry.filename.removesuffix(".npy"): _mapped(entry, content) for entry in entries}


def _mapped(entry: zipfile.ZipInfo, content: memoryview) -> NDArray[Any]:
    name, start = entry.filename, entry.header_offset
    mark, n_name, n_extra = _LOCAL.unpack(content[start : start + _LOCAL.size])
    stop = start + _LOCAL.size + n_name
    if mark != b"PK\x03\x04" or bytes(content[start + _LOCAL.size : stop]) != name.encode():
        raise ArchiveError(f"{name} is not where the list of entries says")
    start = stop + n_extra
    if entry.compress_type != zipfile.ZIP_STORED or start + entry.file_size > len(content):
        raise ArchiveError(f"{name} is packed or cut off, so it cannot be mapped")
    return _array(name, content[start : start + entry.file_size])


def _check_size(path: Path) -> None:
    # The list of entries is read whole, and a large file may have a list of its size.
    if (size := path.stat().st_size) > MAX_BYTES:
        raise ArchiveError(f"it has {size:,} bytes, more than {MAX_BYTES:,}")


def _entries(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """Return the entries of an archive, if their names, number and sizes are those of ours."""
    entries = archive.infolist()
    if len(entries) > _MAX_ENTRIES or len({entry.filename for entry in entries}) < len(entries):
        raise ArchiveError(f"it has {len(entries)} entries, too many or some of one name")
    for entry in entries:
        if not re.fullmatch(r"[a-z0-9_.]{1,60}", entry.filename):
            raise ArchiveError(f"it has an entry of the name {entry.filename[:60]!r}")
        if entry.flag_bits & 1 or entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise ArchiveError(f"{entry.filename} is encrypted or packed in another way than ours")
    total = sum(entry.file_size for entry in entries)
    if total > MAX_BYTES:
        raise ArchiveError(f"unpacked it would take {total:,} bytes, more than {MAX_BYTES:,}")
    return entries


def _array(name: str, content: bytes | memoryview) -> NDArray[Any]:
    """Return the array that an entry holds, as a view of it."""
    head = bytes(content[:10])
    if len(head) < 10 or not head.startswith(_MAGIC):
        raise ArchiveError(f"{name} is no array")
    start = 10 + int.from_bytes(head[8:], "little")
    found = _HEADER.fullmatch(content[10:start])
    if found is None or (kind := found[1].decode()) not in _TYPES:
        raise ArchiveError(f"{name} does not hold plain numbers")
    shape = found[2].decode()
    if not _SHAPE.fullmatch(shape):
        raise ArchiveError(f"{name} has a shape that cannot be read: {shape}")
    sizes = tuple(int(size) for size in shape.replace(",", " ").split())
    # Python's numbers do not overflow: the product is what the file claims.
    if math.prod(sizes) * np.dtype(kind).itemsize != len(content) - start:
        raise ArchiveError(f"{name} holds {len(content) - start:,} bytes, not the shape {sizes} of {kind}")
    out = np.frombuffer(content, kind, offset=start).reshape(sizes)
    out.flags.writeable = False
    return out


def write_archive(
    path: Path, arrays: Mapping[str, NDArray[Any]], texts: Mapping[str, str] | None = None, packed: bool = True
) -> None:
    """Write arrays and texts: the same ones give the same bytes.

    What stood at ``path`` is replaced at once.

    Parameters
    ----------
    path : Path
        The file.
    arrays : mapping of array
        By name: letters a to z, digits, underscores and full stops.
    texts : mapping of str, optional
        Other entries, by name; they come first.
    packed : bool
        Whether to compress them. Only what is not can be mapped.

    Raises
    ------
    TypeError
        For an array of another type than plain numbers.
    """
    new = path.with_name(path.name + ".new")
    contents = {name: text.encode() for name, text in (texts or {}).items()}
    contents |= {f"{name}.npy": _written(name, array) for name, array in arrays.items()}
    with new.open("wb") as file, zipfile.ZipFile(file, "w") as archive:
        for name, content in contents.items():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
            if not packed:
                entry.extra = _padding(file.tell() + _LOCAL.size + len(name))
            archive.writestr(entry, content)
    # Whoever has the old file mapped keeps it.
    os.replace(new, path)


def _padding(offset: int) -> bytes:
    """Return an extra field after which an entry that begins at ``offset`` is aligned."""
    n = -(offset + 4) % _ALIGNMENT
    return struct.pack("<HH", _PADDING, n) + bytes(n)


def _written(name: str, array: NDArray[Any]) -> bytes:
    plain = np.ascontiguousarray(array).reshape(np.shape(array))
    plain = plain.astype(plain.dtype.newbyteorder("<"), copy=False)
    if plain.dtype.str not in _TYPES:
        raise TypeError(f"{name} does not hold plain numbers: {plain.dtype}")
    shape = str(plain.shape).strip("()")
    header = f"{{'descr': '{plain.dtype.str}', 'fortran_order': False, 'shape': ({shape}), }}"
    header += " " * (-(len(header) + 11) % _ALIGNMENT) + "\n"
    return _MAGIC + struct.pack("<H", len(header)) + header.encode() + plain.tobytes()


# ------------------------------------------------------------------ what a file must hold


class Column(NamedTuple):
    """Say what one array must be.

    Attributes
    ----------
    kind : str
        Its type, as numpy writes it.
    sizes : str
        The names of its dimensions, or numbers. Dimensions of one name are of one size.
    low, high : float
        Bounds of its values.
    infinite : bool
        Whether values may be infinite; none may be NaN.
    """

    kind: str
    sizes: str
    low: float = -math.inf
    high: float = math.inf
    infinite: bool = False


def check_layout(
    arrays: Mapping[str, NDArray[Any]], layout: Mapping[str, Column], values: bool = True
) -> dict[str, int]:
    """Check that arrays are those of a layout.

    Parameters
    ----------
    arrays : mapping of array
        By name.
    layout : mapping of Column
        What each must be. No other may be there.
    values : bool
        Whether to look at their values, too, beside types and shapes.

    Returns
    -------
    dict of int
        The size of every named dimension.

    Raises
    ------
    ArchiveError
        Saying which array is missing or wrong.

    Examples
    --------
    >>> check_layout({"weight": np.ones((2, 3))}, {"weight": Column("<f8", "n m", 0, 1)})
    {'n': 2, 'm': 3}
    """
    missing = sorted(name for name in layout if name not in arrays)
    other = sorted(set(arrays) - set(layout))
    if missing or other:
        raise ArchiveError(f"it lacks the arrays {missing} and has others: {other}")
    sizes: dict[str, int] = {}
    for name, column in layout.items():
        _check_shape(name, arrays[name], column, sizes)
        if values and arrays[name].size:
            _check_values(name, arrays[name], column)
    return sizes


def _check_shape(name: str, array: NDArray[Any], column: Column, sizes: dict[str, int]) -> None:
    wanted = column.sizes.split()
    if array.dtype.str != column.kind or array.ndim != len(wanted):
        raise ArchiveError(
            f"{name} is {array.dtype.str} of {array.ndim} dimensions, not {column.kind} ({column.sizes})"
        )
    for dimension, found in zip(wanted, array.shape, strict=True):
        if found != (int(dimension) if dimension.isdigit() else sizes.setdefault(dimension, found)):
            raise ArchiveError(f"{name} has the shape {array.shape}, which does not fit ({column.sizes}) = {sizes}")


def _check_values(name: str, array: NDArray[Any], column: Column) -> None:
    if column.kind == "|b1" and array.view(np.uint8).max() > 1:
        raise ArchiveError(f"{name} holds other values than true and false")
    low, high = array.min(), array.max()
    # NaN is neither above a bound nor below it.
    finite = bool(np.isfinite(low) and np.isfinite(high))
    if not (column.low <= low and high <= column.high) or not (finite or column.infinite):
        raise ArchiveError(f"{name} holds values from {low} to {high}, outside {column.low} to {column.high}")
