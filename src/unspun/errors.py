"""Raise the errors a user can meet.

Every message says what happened, the value at fault, and what to do.

>>> issubclass(ModelError, UnspunError)
True
"""

from __future__ import annotations

import reprlib
import unicodedata
from pathlib import Path

# Enough of a value to recognise it by, however long the text that was handed in by mistake.
_short = reprlib.Repr()
_short.maxstring = _short.maxother = 80


class UnspunError(Exception):
    """Anything that went wrong for a reason the user can do something about.

    Parameters
    ----------
    what : str
        What happened, in a clause.
    value : object, optional
        The value at fault; shown shortened.
    todo : str, optional
        What to do about it.

    Examples
    --------
    >>> str(UnspunError("the limit must be positive", -3, "give a number above 0"))
    'the limit must be positive: -3; give a number above 0'
    """

    def __init__(self, what: str, value: object = None, todo: str = "") -> None:
        self.what, self.value, self.todo = what, value, todo
        shown = "" if value is None else f": {_show(value)}"
        super().__init__(printable(f"{what}{shown}" + (f"; {todo}" if todo else "")))

    def __reduce__(self) -> tuple[type[UnspunError], tuple[str, object, str]]:
        # Errors cross process borders whole; Exception would rebuild itself from the message alone.
        return type(self), (self.what, self.value, self.todo)


class InputError(UnspunError):
    """A file, folder or stream that cannot be read at all (exit code 3)."""


class TableError(InputError):
    """A table whose columns are not those its stage expects."""


class RecordError(UnspunError):
    """One bad record among others.

    Readers catch it, and give it out as a row with its reason.
    """


class PairError(RecordError):
    """A pair that cannot be scored: a field is missing or is not text."""


class RunError(UnspunError):
    """A run that cannot go on.

    Its folder cannot be written, or belongs to another run (exit code 3).
    """


class ModelError(UnspunError):
    """A model or resource file that is missing, damaged, or not one of ours."""


class TrainingError(UnspunError):
    """Labelled pairs that a model cannot be fitted on."""


def printable(text: str) -> str:
    r"""Return a text that a terminal only prints.

    What would move, colour, hide or turn around is spelt out.
    File names and messages of other libraries hold what others wrote. Ends of lines stay.

    Examples
    --------
    >>> print(printable("a\x1b[31m.txt \u202etxt.exe \udcff"))
    a\x1b[31m.txt \u202etxt.exe \xff
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_spelt, text))


_ACTING = ("Cc", "Cf", "Cs", "Zl", "Zp")  # of the categories of Unicode


def _spelt(letter: str) -> str:
    if letter in "\n\t" or unicodedata.category(letter) not in _ACTING:
        return letter
    code = ord(letter)
    # A byte of a file name that is not UTF-8.
    code = code - 0xDC00 if 0xDC80 <= code <= 0xDCFF else code
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _show(value: object) -> str:
    """Return a value as a message shows it: paths and short words plainly, all else as a shortened repr."""
    return str(value).replace("\n", "\\n") if isinstance(value, Path) else _short.repr(value)
