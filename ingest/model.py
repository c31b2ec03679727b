"""What flows through the ingester: a Feed is fetched, its document is parsed into Articles, those are stored.

All types are frozen. Nothing here does any work.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

PublishedQuality = Literal["exact", "date_only", "guessed", "missing"]

GROUPS = {
    "state": "State media (mainland)",
    "mainland": "Mainland private and market media",
    "hongkong": "Hong Kong media",
    "western": "Western general press",
    "trade_en": "Crypto trade press (English)",
    "trade_zh": "Crypto trade press (Chinese)",
    "official": "Official bodies",
    "regional": "Regional and other media",
    "other": "Not grouped",
}
"""Outlet groups: id → English name. An outlet belongs to one."""

STATUSES = (
    "ok", "not_modified", "unchanged", "moved", "gone", "not_found", "rate_limited", "server_error", "timeout",
    "too_large", "dns_error", "connect_error", "tls_error", "redirect_loop", "refused_address", "not_a_feed",
    "parse_error", "empty", "disabled",
)  # fmt: skip
"""How a fetch can end: the fixed vocabulary of the fetch log."""


@dataclass(frozen=True, slots=True)
class Feed:
    """One subscription: an address and what a reader must know about the outlet behind it.

    `outlet` is None for a search feed: each entry then names its own outlet.
    `timezone` is the IANA zone in which the feed writes a time without a zone.
    """

    url: str
    name: str
    outlet: str | None
    group: str
    language: str
    timezone: str
    sample: bool = False


@dataclass(frozen=True, slots=True)
class Article:
    """One article as a feed or a file showed it.

    `id` is the digest of the canonical URL (or of feed and guid where there is no link).
    `published` is UTC; `published_offset` the offset it was given with, in minutes; `published_quality` says how far
    to trust it. A missing time is None with quality "missing": never now.
    """

    id: str
    url: str | None
    title: str
    summary: str
    outlet: str
    language: str | None
    published: datetime | None
    published_offset: int | None
    published_quality: PublishedQuality
    guid: str | None


@dataclass(frozen=True, slots=True)
class FetchRequest:
    """What to ask of a feed: the address to fetch (`url` stays its identity) and what is known of the last answer.

    `etag` and `last_modified` are None where the request is to be unconditional.
    """

    url: str
    address: str
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None


@dataclass(frozen=True, slots=True)
class FetchResult:
    """What a fetch brought. `body` is there only with the statuses "ok" and "moved".

    `moved_to` is the end of an unbroken chain of permanent redirects; `fresh_minutes` is how long the answer calls
    itself fresh; `retry_at` the time before which the server asks not to be asked again.
    """

    url: str
    status: str
    started_at: datetime
    ms: int
    http_status: int | None = None
    error: str | None = None
    address: str | None = None
    body: bytes | None = None
    body_hash: str | None = None
    content_type: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    moved_to: str | None = None
    fresh_minutes: float | None = None
    retry_at: datetime | None = None
