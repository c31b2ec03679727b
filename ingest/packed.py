"""Tables as they are found: plain, gzipped, or alone in a zip archive (GDELT's come so)."""

import gzip
import zipfile
import zlib
from pathlib import Path
from typing import BinaryIO

from ingest.errors import NotAFeedError

DAMAGED = (EOFError, zlib.error, gzip.BadGzipFile, zipfile.BadZipFile, NotImplementedError)
"""What the libraries raise for bytes that cannot be unpacked; the last one for a way of packing that is not known."""

ENCRYPTED = 1
"""Bit of a zip entry's flags (PKWARE's APPNOTE, 4.4.4)."""


def opened(path: Path) -> BinaryIO:
    """The file's content, unpacked while it is read, where any of DAMAGED may come.

    Raises NotAFeedError for an archive of several files, or with a password.
    """
    file = path.open("rb")
    start = file.peek(4)
    if start.startswith(b"\x1f\x8b"):
        return gzip.open(file)
    return _alone_in(zipfile.ZipFile(file)) if start.startswith(b"PK\x03\x04") else file


def damage(error: Exception) -> NotAFeedError:
    """What is told of one of DAMAGED."""
    return NotAFeedError(f"packed bytes that cannot be unpacked ({error})", "parse_error")


def _alone_in(archive: zipfile.ZipFile) -> BinaryIO:
    files = [info for info in archive.infolist() if not info.is_dir()]
    if len(files) != 1:
        raise NotAFeedError(f"an archive of {len(files)} files: unpack it (a spreadsheet: save it as CSV), then import")
    if files[0].flag_bits & ENCRYPTED:
        raise NotAFeedError("an archive with a password: unpack it, then import")
    return archive.open(files[0])
