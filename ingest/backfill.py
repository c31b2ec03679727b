"""The past of the feeds, in parts that are asked for one after the other and never twice.

    via search    dated windows of a search feed (`after:` and `before:` in its query), halved where they are full
    via wayback   archived copies of a feed, one a day: the archive's list (CDX), then each copy as it was served

Answers go through the same parser and upsert as any feed. A part that was answered is noted in the same transaction
as its articles, so a backfill that was stopped goes on where it was.
"""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from ingest.errors import LianwatchError, NotAFeedError
from ingest.fetch import Settings
from ingest.model import FetchResult
from ingest.parse import ParsedFeed, parse
from ingest.past import ANSWERED, Part, ask, halves
from ingest.store import Store
from ingest.update import Outcome, outcome_of
from ingest.upsert import Counts, store_articles

FULL_ANSWER = 100
"""A search feed gives at most so many entries: a window that is full may hide some, and is halved."""

Progress = Callable[[int, int], None]


def backfill(
    store: Store, parts: Sequence[Part], settings: Settings, progress: Progress = lambda done, of: None
) -> Iterator[Outcome]:
    """Ask for the parts that have not been answered yet and store what they bring.

    Raises LianwatchError when the service cannot be reached; what was stored stays, and the next call goes on there.
    """
    known = {row[:3]: row[3] for row in store.rows("SELECT via, feed_url, part, status FROM backfills")}
    waiting, done, total = deque(parts), 0, len(parts)
    while waiting:
        part = waiting.popleft()
        status = known.get(part.key)
        if status is None:
            outcome, status = _fill(store, part, settings)
            yield outcome
        if status == "split":
            waiting.extendleft(reversed(halves(part)))
            total += 2
        done += 1
        progress(done, total)


def _fill(store: Store, part: Part, settings: Settings) -> tuple[Outcome, str]:
    result = ask(part.address, settings)
    document, result = _read(part, result)
    if result.status not in ANSWERED:
        raise LianwatchError(f"{part.address}: {result.status}: {result.error} (run it again later to go on from here)")
    counts, status = Counts(), result.status
    if document and part.days and len(document.articles) >= FULL_ANSWER and part.days[0] < part.days[1]:
        status = "split"
    with store.transaction() as tx:
        if document:
            counts = store_articles(
                tx, part.feed.url, document.articles, document.groups,
                sample=False, seen_at=result.started_at, text_at=part.text_at,
            )  # fmt: skip
            tx.stamp()
        via, feed_url, name = part.key
        row = {"via": via, "feed_url": feed_url, "part": name, "status": status}
        row |= {"articles": len(document.articles) if document else 0, "done_at": result.started_at}
        if not part.days or part.days[1] < result.started_at.date():  # today is not over: it is asked for again
            tx.upsert("backfills", [row], key=["via", "feed_url", "part"])
    return outcome_of(part.feed.name, part.address, result, document, counts), status


def _read(part: Part, result: FetchResult) -> tuple[ParsedFeed | None, FetchResult]:
    if result.body is None:
        return None, result
    now = part.text_at or result.started_at
    try:
        document = parse(result.body, part.feed, content_type=result.content_type, url=part.feed.url, now=now)
    except NotAFeedError as error:
        return None, replace(result, status=error.status, error=str(error))
    return document, result if document.articles else replace(result, status="empty")
