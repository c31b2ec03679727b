"""What was collected, relevant or not: the days it spans, the denominators of shares, and when feeds answered."""

from dataclasses import replace

import numpy as np
import pandas as pd

from analysis import buckets
from analysis.buckets import Span
from analysis.relations import bucket, grouped, key_of, of_everything, real_only
from analysis.selection import Breakdown, Frequency, Selection
from analysis.where import ROLLUP, Conditions, day_sql, local_day, placeholders, rollup_conditions
from ingest.store import Parameters, Reading, Table

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
    # Sorted, since a store that knows the days of each of its blocks then looks into few of them.
    ends = [f"(SELECT r.day FROM {ROLLUP} WHERE {where} ORDER BY r.day {order} LIMIT 1)" for order in ("ASC", "DESC")]
    first, last = reading.rows(f"SELECT {', '.join(ends)}", where.parameters * 2)[0]
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


def of_outlets(
    reading: Reading, selection: Selection, by: Breakdown, freq: Frequency, names: tuple[str, ...] = SUMS
) -> Table:
    """bucket, key, n_all and `names` of SUMS, n among them: all articles of the outlets, languages and period, and the
    sums of the relevant ones; in order.

    Every chart of a page asks for it. What has one key is read by day whatever the bucket, so that a page asks once.
    """
    if freq != "day" and _outlet_key(by) == "''":
        days = of_outlets(reading, selection, by, "day", names)
        return added(days | {"bucket": buckets.first_days(days["bucket"], freq)})
    where = rollup_conditions(selection, real_only(reading), "all", "relevant")
    sums = ", ".join(f"{total(name)} AS {name}" for name in names)
    found = read(
        reading,
        f"""SELECT {bucket("r.day", freq)} AS bucket, {_outlet_key(by)} AS key, r.kind AS kind, {sums}
            FROM {grouped(ROLLUP, by, "r")} WHERE {where} GROUP BY 1, 2, 3 ORDER BY 1, 2, 3""",
        where.parameters,
    )
    relevant = found["kind"] == "relevant"
    apart = {"n_all": np.where(relevant, 0, found["n"])} | {name: np.where(relevant, found[name], 0) for name in names}
    return added({"bucket": found["bucket"], "key": found["key"]} | apart)


def denominators(reading: Reading, selection: Selection, by: Breakdown, freq: Frequency) -> Table:
    """bucket, [key where `by` is about outlets], n_all, n_relevant: of the same outlets, languages and period;
    in order."""
    # Where a page charts all articles as well, all sums are asked for once; beside a search they would be most to read.
    names = SUMS if of_everything(selection, "none") else ("n",)
    found = of_outlets(reading, selection, by, freq, names)
    return {name: found[name] for name in ("bucket", "key", "n_all")} | {"n_relevant": found["n"]}


def _outlet_key(by: Breakdown) -> str:
    return "''" if by == "cell" else key_of(by, "r")


def total(column: str) -> str:
    """SQL of a sum of `roll_day`; a count stays a whole number (a database's own sum of them may be wider)."""
    is_count = column in _COUNTS
    return f"CAST(sum(r.{column}) AS BIGINT)" if is_count else f"sum(r.{column})"


def added(rows: Table) -> Table:
    """Sums of the rows with the same bucket and key, which lie together: bucket, key and the other columns."""
    first = beginnings(rows["bucket"], rows["key"])
    return {name: v[first] if name in ("bucket", "key") else add_from(first, v) for name, v in rows.items()}


def beginnings(*columns: np.ndarray) -> np.ndarray:
    """Places of the rows that differ from the row before."""
    begins = np.ones(len(columns[0]), dtype=bool)
    begins[1:] = np.logical_or.reduce([column[1:] != column[:-1] for column in columns])
    return np.flatnonzero(begins)


def add_from(first: np.ndarray, values: np.ndarray) -> np.ndarray:
    """The sum of the values from each place to the next."""
    return np.add.reduceat(values, first) if len(first) else values[:0]


def fetched(reading: Reading, selection: Selection, by: Breakdown, freq: Frequency) -> Table:
    """bucket, key: where at least one feed of the selection's outlets was fetched with success."""
    where = Conditions()
    where.add_in("x.status", SUCCESSES)
    where.add_in("f.outlet", selection.outlets)
    where.add_in("f.group_id", selection.groups)
    where.add_in(_FEED_KEYS["language"], selection.languages)
    key = _FEED_KEYS.get(by, "''")
    where.add(f"{key} IS NOT NULL")
    return read(
        reading,
        f"""SELECT DISTINCT {bucket(day_sql("x.started_at"), freq)} AS bucket, {key} AS key
            FROM fetches x JOIN feeds f ON f.url = x.feed_url WHERE {where}""",
        where.parameters,
    )


def read(reading: Reading, sql: str, parameters: Parameters) -> Table:
    """The columns of an answer, days and whole numbers as such, whatever the store made of them."""
    return {name: column.astype(_TYPES.get(name, column.dtype), copy=False)
            for name, column in reading.columns(sql, parameters).items()}  # fmt: skip


_COUNTS = ("n", "n_stories", "n_scored", "n_abstain", "vader_n", "size", "stories")
_TYPES = dict.fromkeys(("bucket", "day"), "datetime64[us]") | dict.fromkeys(_COUNTS, "int64")
_TYPES |= dict.fromkeys(("score", "score_sum", "score_sum2", "vader_sum", "s2"), "float64")
"""Column of a SELECT on sums → its type."""
