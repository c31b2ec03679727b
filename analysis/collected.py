"""What was collected, relevant or not: the days it spans, the denominators of shares, and when feeds answered."""

from dataclasses import replace

import pandas as pd

from analysis.buckets import WHOLE, Span
from analysis.relations import bucket, key_of, real_only
from analysis.selection import Breakdown, Frequency, Selection
from analysis.where import ROLLUP, Conditions, day_sql, local_day, placeholders, rollup_conditions
from ingest.store import Reading

SUCCESSES = ("ok", "not_modified", "unchanged", "moved", "empty")
"""Fetch statuses after which "no article" means that there was none."""

_FEED_KEYS = {"source": "f.outlet", "group": "f.group_id", "language": "split_part(f.language, '-', 1)"}


def collected_span(reading: Reading, selection: Selection) -> Span | None:
    """The days for which the selection's outlets can have articles; None where there are none.

    It ends with the last article or successful fetch, never with the clock: one store gives one answer.
    """
    where = rollup_conditions(replace(selection, start=None, end=None), real_only(reading), "all")
    first, last = reading.rows(f"SELECT min(r.day), max(r.day) FROM {ROLLUP} WHERE {where}", where.parameters)[0]
    if first is None:
        return None
    seen, fetched = _last_look(reading)
    # A date in the future is an error of its feed: nothing can be published after it was seen.
    end = min(max(pd.Timestamp(last), fetched or pd.Timestamp(last)), max(seen, fetched or seen))
    start = max(pd.Timestamp(first), pd.Timestamp(selection.start or first))
    span = Span(start, min(end, pd.Timestamp(selection.end or end)), max(seen, fetched or seen))
    return span if span.first <= span.last else None


def _last_look(reading: Reading) -> tuple[pd.Timestamp, pd.Timestamp | None]:
    """Days on which an article was last seen for the first time and a feed last fetched with success."""
    seen, fetched = reading.rows(
        f"""SELECT (SELECT max(first_seen) FROM articles),
                   (SELECT max(x.started_at) FROM fetches x JOIN feeds f ON f.url = x.feed_url
                    WHERE x.status IN ({placeholders(SUCCESSES)}))""",
        SUCCESSES,
    )[0]
    return local_day(seen), None if fetched is None else local_day(fetched)


def denominators(reading: Reading, selection: Selection, by: Breakdown, freq: Frequency) -> pd.DataFrame:
    """bucket, [key where `by` is about outlets], n_all, n_relevant: of the same outlets, languages and period;
    in order."""
    if freq == "whole" and _outlet_key(by) == "''":
        # What every chart over time asks for, too: a page that holds its answers need not add it up again.
        days = denominators(reading, selection, by, "day")
        sums = {name: [days[name].sum()] for name in ("n_all", "n_relevant")}
        return typed(pd.DataFrame({"bucket": [WHOLE], "key": ""} | sums))
    where = rollup_conditions(selection, real_only(reading), "all", "relevant")
    frame = reading.frame(
        f"""SELECT {bucket("r.day", freq)} AS bucket, {_outlet_key(by)} AS key,
                   CAST(sum(CASE WHEN r.kind = 'all' THEN r.n ELSE 0 END) AS BIGINT) AS n_all,
                   CAST(sum(CASE WHEN r.kind = 'relevant' THEN r.n ELSE 0 END) AS BIGINT) AS n_relevant
            FROM {ROLLUP} WHERE {where} GROUP BY 1, 2 ORDER BY 1, 2""",
        where.parameters,
    )
    return typed(frame)


def _outlet_key(by: Breakdown) -> str:
    return "''" if by == "cell" else key_of(by, "r")


def fetched(reading: Reading, selection: Selection, by: Breakdown, freq: Frequency) -> pd.DataFrame:
    """bucket, key: where at least one feed of the selection's outlets was fetched with success."""
    where = Conditions()
    where.add_in("x.status", SUCCESSES)
    where.add_in("f.outlet", selection.outlets)
    where.add_in("f.group_id", selection.groups)
    where.add_in(_FEED_KEYS["language"], selection.languages)
    frame = reading.frame(
        f"""SELECT DISTINCT {bucket(day_sql("x.started_at"), freq)} AS bucket, {_FEED_KEYS.get(by, "''")} AS key
            FROM fetches x JOIN feeds f ON f.url = x.feed_url WHERE {where}""",
        where.parameters,
    )
    return typed(frame.dropna())


def typed(frame: pd.DataFrame) -> pd.DataFrame:
    """The same with days and whole numbers as such, whatever the store made of them."""
    dates = {name: "datetime64[us]" for name in ("bucket", "day") if name in frame}
    sums = {name: "int64" for name in frame if name.startswith("n") or name == "vader_n"}
    # Asking for the type that is there already takes as long as a query.
    wanted = {"key": "str", **dates, **sums}
    types = dict(zip(frame.columns, map(str, frame.dtypes), strict=True))
    changed = {name: kind for name, kind in wanted.items() if types[name] != kind}
    return frame.astype(changed) if changed else frame
