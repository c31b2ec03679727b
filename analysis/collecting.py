"""How collecting goes: what an open page shows every few seconds, so it reads the feeds and nothing else."""

from dataclasses import dataclass
from datetime import datetime

from ingest.store import Store


@dataclass(frozen=True, slots=True)
class Collecting:
    """Subscribed feeds: how many there are, have been asked at all and fail now, and when one was last asked (UTC)."""

    feeds: int
    asked: int
    failing: int
    last_asked: datetime | None


def collecting(store: Store) -> Collecting:
    """The state of the subscription now."""
    return Collecting(*store.rows(_STATE)[0])


_STATE = """
    SELECT count(*), count(last_checked), count(CASE WHEN failures > 0 THEN 1 END), max(last_checked)
    FROM feeds WHERE subscribed
"""
