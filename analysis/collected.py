"""What was collected, relevant or not: the days it spans, the denominators of shares, and when feeds answered."""

from dataclasses import replace

import numpy as np
import pandas as pd

from analysis import buckets
from analysis.buckets import Span
from analysis.relations import bucket, grouped, key_of, real_only
from analysis.selection import Breakdown, Frequency, Selection
from analysis.where import ROLLUP, Conditions, day_sql, local_day, placeholders, rollup_conditions
from ingest.store import Reading

SUMS = ("n", "n_stories", "n_scored", "n_abstain", "score_sum", "score_sum2", "vader_n", "vader_sum")
"""Columns of `roll_day` that add up."""

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


def of_outlets(reading: Reading, selection: Selection, by: Breakdown, freq: Frequency) -> pd.DataFrame:
    """bucket, key, n_all and SUMS: all articles of the outlets, languages and period, and the sums of the relevant
    ones; in order.

    Every chart of a page asks for it. What has one key is read by day whatever the bucket, so that a page asks once.
    """
    if freq != "day" and _outlet_key(by) == "''":
        days = of_outlets(reading, selection, by, "day")
        return added(days.assign(bucket=buckets.first_days(days["bucket"], freq)))
    where = rollup_conditions(selection, real_only(reading), "all", "relevant")
    sums = ", ".join(f"{total(name)} AS {name}" for name in SUMS)
    frame = reading.frame(
        f"""SELECT {bucket("r.day", freq)} AS bucket, {_outlet_key(by)} AS key, r.kind AS kind, {sums}
            FROM {grouped(ROLLUP, by, "r")} WHERE {where} GROUP BY 1, 2, 3 ORDER BY 1, 2, 3""",
        where.parameters,
    )
    return added(_side_by_side(typed(frame)))


def _side_by_side(frame: pd.DataFrame) -> pd.DataFrame:
    """The articles of kind "all" as n_all, and the sums of the relevant ones."""
    relevant = frame["kind"].to_numpy(dtype=object) == "relevant"
    columns = {name: frame[name].to_numpy() for name in SUMS}
    sums = {name: np.where(relevant, values, 0) for name, values in columns.items()}
    n_all = np.where(relevant, 0, columns["n"])
    return pd.DataFrame({"bucket": frame["bucket"], "key": frame["key"], "n_all": n_all, **sums})


def denominators(reading: Reading, selection: Selection, by: Breakdown, freq: Frequency) -> pd.DataFrame:
    """bucket, [key where `by` is about outlets], n_all, n_relevant: of the same outlets, languages and period;
    in order."""
    frame = of_outlets(reading, selection, by, freq)
    return frame[["bucket", "key", "n_all"]].assign(n_relevant=frame["n"])


def _outlet_key(by: Breakdown) -> str:
    return "''" if by == "cell" else key_of(by, "r")


def total(column: str) -> str:
    """SQL of a sum of `roll_day`; a count stays a whole number (a database's own sum of them may be wider)."""
    is_count = column.startswith("n") or column == "vader_n"
    return f"CAST(sum(r.{column}) AS BIGINT)" if is_count else f"sum(r.{column})"


def added(frame: pd.DataFrame) -> pd.DataFrame:
    """Sums of the rows with the same bucket and key, which lie together: bucket, key and the other columns."""
    bucket, key = frame["bucket"].to_numpy(), frame["key"]
    first = beginnings(bucket, key.to_numpy(dtype=object))
    others = [name for name in frame.columns if name not in ("bucket", "key")]
    sums = {name: add_from(first, frame[name].to_numpy()) for name in others}
    return pd.DataFrame({"bucket": bucket[first], "key": key.array[first], **sums})


def beginnings(*columns: np.ndarray) -> np.ndarray:
    """Places of the rows that differ from the row before."""
    begins = np.ones(len(columns[0]), dtype=bool)
    begins[1:] = np.logical_or.reduce([column[1:] != column[:-1] for column in columns])
    return np.flatnonzero(begins)


def add_from(first: np.ndarray, values: np.ndarray) -> np.ndarray:
    """The sum of the values from each place to the next."""
    return np.add.reduceat(values, first) if len(first) else values[:0]


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
