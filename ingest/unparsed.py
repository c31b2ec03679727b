"""The raw bodies of documents that could not be read, kept beside the store so that somebody can look."""

import hashlib
from pathlib import Path

MOST_BODIES = 50
LONGEST_BODY = 1024 * 1024
"""What is wrong with a document shows in its first megabyte."""


def keep(folder: Path, url: str, body: bytes) -> Path:
    """Keep the latest unreadable body of a feed, and only the newest MOST_BODIES in all."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{hashlib.sha256(url.encode()).hexdigest()[:16]}.body"
    path.write_bytes(body[:LONGEST_BODY])
    newest_first = sorted(folder.glob("*.body"), key=lambda kept: kept.stat().st_mtime_ns, reverse=True)
    for superfluous in newest_first[MOST_BODIES:]:
        superfluous.unlink(missing_ok=True)
    return path
