"""What the headers of an answer say about when to ask again."""

import email.utils
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

LONGEST_RETRY_AFTER = timedelta(days=31)


def retry_at(headers: Mapping[str, str], now: datetime) -> datetime | None:
    """The time that Retry-After (seconds or a date) names, at most LONGEST_RETRY_AFTER away; None without one."""
    value = headers.get("Retry-After", "").strip()
    if re.fullmatch(r"\d{1,9}", value):
        wait = timedelta(seconds=int(value))
    elif date := _date(value):
        wait = date - now
    else:
        return None
    return now + min(wait, LONGEST_RETRY_AFTER) if wait > timedelta(0) else None


def fresh_minutes(headers: Mapping[str, str], now: datetime) -> float | None:
    """For how long the answer is fresh by Cache-Control: max-age, else by Expires; None where neither says so."""
    if found := re.search(r"\bmax-age\s*=\s*\"?(\d{1,9})\b", headers.get("Cache-Control", "")):
        return int(found[1]) / 60
    expires = _date(headers.get("Expires", ""))
    if expires is None:
        return None
    return (expires - (_date(headers.get("Date", "")) or now)).total_seconds() / 60


def _date(value: str) -> datetime | None:
    try:
        parsed = email.utils.parsedate_to_datetime(value)
    except (ValueError, TypeError, OverflowError):
        return None
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)
