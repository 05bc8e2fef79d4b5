"""Say why a document is not read, and what the reader of zip files raises."""

import lzma
import struct
import zipfile
import zlib

ZIP_FAULTS = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, OSError, EOFError),
    *(RuntimeError, ValueError, OverflowError),
)
"""What damaged zip files raise, beside what is documented: a fuzzer has seen seeks to places before the file."""


class DocumentError(Exception):
    """A document that is not read; the message goes on after "the document"."""
