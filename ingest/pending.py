"""Marks of what the next analysis has still to look at, so that its cost follows what is new and not what is stored.

Whoever changes an article, its annotation, story or topic marks it, or its days, in the same transaction:

    storing      marks articles to annotate, and the days on which a changed article was counted
    annotating   marks articles to group, and their days
    grouping     marks the days of stories that changed
    topics       mark the days of articles that moved to another topic

A step takes the marks before it reads and removes them in the transaction that writes. What is marked anew meanwhile
is not taken any more and stays for the next run; a killed run leaves its marks.
"""

from collections.abc import Iterable
from datetime import date, datetime

import pandas as pd

from ingest import config
from ingest.store import Store, Transaction

ANNOTATE, GROUP = "annotate", "group"

UNDATED = date.min
"""Stands in `pending_days` for the articles without a date."""

TAKEN = "SELECT article_id FROM pending_articles WHERE step = '{}' AND taken"


def mark_articles(tx: Transaction, step: str, ids: Iterable[str]) -> None:
    """Articles that the next `step` has to look at."""
    tx.upsert(
        "pending_articles",
        [{"step": step, "article_id": id_, "taken": False} for id_ in sorted(set(ids))],
        key=["step", "article_id"],
    )


def mark_days(tx: Transaction, published: Iterable[datetime | None]) -> None:
    """The days of these times of publication (a missing one: the articles without a date)."""
    zone = config.timezone()
    days = {UNDATED if pd.isna(time) else time.astimezone(zone).date() for time in published}
    tx.upsert("pending_days", [{"day": day, "taken": False} for day in sorted(days)], key=["day"])


def take_articles(store: Store, step: str) -> int:
    """Take all marks of a step; returns how many there are."""
    count = store.rows("SELECT count(*) FROM pending_articles WHERE step = ?", [step])[0][0]
    if count:
        with store.transaction() as tx:
            tx.execute("UPDATE pending_articles SET taken = TRUE WHERE step = ? AND NOT taken", [step])
    return count


def take_days(store: Store) -> list[date]:
    """Take all marked days; returns them in order."""
    days = [day for (day,) in store.rows("SELECT day FROM pending_days ORDER BY day")]
    if days:
        with store.transaction() as tx:
            tx.execute("UPDATE pending_days SET taken = TRUE WHERE NOT taken")
    return days


def done_articles(tx: Transaction, step: str, ids: Iterable[str]) -> None:
    """Remove the marks that a step took for these articles."""
    tx.execute(
        "DELETE FROM pending_articles WHERE step = ? AND taken AND article_id IN (SELECT unnest(?))", [step, list(ids)]
    )


def done_days(tx: Transaction, days: Iterable[date]) -> None:
    """Remove the marks that were taken for these days."""
    tx.execute("DELETE FROM pending_days WHERE taken AND day IN (SELECT unnest(?))", [list(days)])
