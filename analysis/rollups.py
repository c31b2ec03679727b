"""What charts and lists read, kept equal to what the other tables say.

`roll_day` holds counts and sums a day, outlet and language; `roll_copies` the tones of articles whose story has
copies, under the same kinds and keys; `relevant_articles` the relevant articles, each with all that a question chooses
or adds up by, and its text folded for the search. Days that are marked (`ingest.pending`) are made again as a whole, so
the cost follows what is new. `differing_days` makes all again and compares, and writes nothing.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

import pandas as pd

from analysis.day_sums import FRESH, RELEVANT, SAID, SIZES
from analysis.search import folded
from analysis.where import day_sql, midnight
from ingest import config
from ingest.pending import UNDATED, done_days, take_days
from ingest.store import Store

ROWS_A_WRITE = 50_000
"""Rows written in one transaction, so that readers wait a fraction of a second."""

ARTICLES_A_LOOK = 500_000
"""Articles added up at a time: about 200 MB in the store, whatever the size of the collection."""

KEY = ["day", "outlet", "language", "kind", "key"]
COPY_KEY = ["article_id", "kind", "key"]

_DAYS = "a.published >= $begin AND a.published < $end AND {day} IN (SELECT day FROM pending_days WHERE taken)"
_ALL_DAYS = "a.published >= $begin AND a.published < $end"

# Rows of one kind and key lie together: a question about them unpacks little else.
_SUMS = f"{FRESH} SELECT * FROM fresh ORDER BY kind, key, day, outlet, language"


def rebuild(store: Store, twin: str = "") -> int:
    """Bring them up to date; returns the number of days that were made again.

    `twin` begins the names of the tables to add up and to write, where another engine is about to be shown
    (`analysis.rereading`).
    """
    if twin or store.rows("SELECT value FROM meta WHERE key = 'days_in'") != [(config.timezone().key,)]:
        _mark_all_days(store)
    days = take_days(store)
    if UNDATED in days:
        _write(store, twin, [UNDATED], _relevant(store, twin, "a.published IS NULL", {}))
    for look in _looks(store, [day for day in days if day != UNDATED]):
        span = _span(look[0], look[-1])
        where = _DAYS.format(day=day_sql())
        sums = store.frame(_SUMS.format(day=day_sql(), days=where, twin=twin), span)
        relevant = _relevant(store, twin, where, span)
        copies = _copies(store, twin, relevant)
        for some in _writes(look, sums, relevant, copies):
            stamps = pd.to_datetime(some)
            _write(store, twin, some, *(rows[rows["day"].isin(stamps)] for rows in (relevant, sums, copies)))
    return len(days)


def _mark_all_days(store: Store) -> None:
    """In a store that was never added up or is by another engine; and in another time zone, where days are others."""
    with store.transaction() as tx:
        tx.execute(
            f"""
            INSERT INTO pending_days
            SELECT day, FALSE FROM roll_day UNION SELECT coalesce(day, ?), FALSE FROM relevant_articles
            UNION SELECT coalesce({day_sql()}, ?), FALSE FROM articles a
            ON CONFLICT (day) DO NOTHING
            """,
            [UNDATED, UNDATED],
        )
        tx.upsert("meta", [{"key": "days_in", "value": config.timezone().key}], key=["key"])


def _looks(store: Store, days: Sequence[date]) -> Iterator[list[date]]:
    """The days in order, in parts of about ARTICLES_A_LOOK articles."""
    if not days:
        return
    sizes = dict(
        store.rows(
            f"SELECT {day_sql()} AS day, count(*) FROM articles a WHERE {_ALL_DAYS} GROUP BY 1",
            _span(days[0], days[-1]),
        )
    )
    look, held = [], 0
    for day in days:
        look.append(day)
        held += sizes.get(day, 0)
        if held >= ARTICLES_A_LOOK or day == days[-1]:
            yield look
            look, held = [], 0


def _span(first: date, last: date) -> dict[str, datetime]:
    zone = config.timezone()
    return {"begin": midnight(first, zone), "end": midnight(last + timedelta(days=1), zone)}


def _writes(days: list[date], *frames: pd.DataFrame) -> Iterator[list[date]]:
    """The days in parts of about ROWS_A_WRITE rows."""
    a_write = max(1, ROWS_A_WRITE * len(days) // max(1, sum(map(len, frames))))
    for at in range(0, len(days), a_write):
        yield days[at : at + a_write]


def _relevant(store: Store, twin: str, days: str, span: dict) -> pd.DataFrame:
    frame = store.frame(RELEVANT.format(day=day_sql(), days=days, twin=twin), span)
    new = frame["text"].isna()
    frame["text"] = frame["text"].astype(object)
    frame.loc[new, "text"] = list(map(folded, frame["title"][new], frame["summary"][new]))
    some = "AND story_id IN (SELECT unnest(?))"
    sizes = dict(store.rows(SIZES.format(some=some), [frame["story_id"].unique().tolist()]))
    frame["copies"] = frame["story_id"].map(sizes).fillna(0).astype("int32")
    frame["copied_story"] = frame["story_id"].astype(object).where(frame["copies"] > 0, None)
    return frame.drop(columns=["title", "summary"])


def _copies(store: Store, twin: str, relevant: pd.DataFrame) -> pd.DataFrame:
    """Rows of `roll_copies` for those of `relevant` that belong there."""
    columns = ["article_id", "day", "outlet", "language", "story_id", "score"]
    copied = relevant.loc[relevant["copies"] > 0, columns]
    ids = copied["article_id"].tolist()
    said = SAID.format(twin=twin, some="WHERE article_id IN (SELECT unnest(?))")
    keys = store.frame(said, [ids] * 3).merge(copied, on="article_id", suffixes=("_toward", ""))
    keys["score"] = keys["score_toward"].where(keys["kind"] == "target", keys["score"])
    rows = pd.concat([copied.assign(kind="relevant", key=""), keys[["kind", "key", *columns]]])
    return rows.dropna(subset=["score"]).sort_values(["kind", "key", "day", "article_id"])


def _write(
    store: Store,
    twin: str,
    days: list[date],
    relevant: pd.DataFrame,
    sums: pd.DataFrame | None = None,
    copies: pd.DataFrame | None = None,
) -> None:
    """Rows are overwritten where they stand, and those that are not there any more are taken away."""
    ids = relevant["article_id"].tolist()
    with store.transaction() as tx:
        tx.execute(
            f"""
            DELETE FROM {twin}relevant_articles
            WHERE coalesce(day, DATE '{UNDATED}') IN (SELECT unnest(?)) AND NOT article_id IN (SELECT unnest(?))
            """,
            [days, ids],
        )
        tx.upsert(f"{twin}relevant_articles", relevant, key=["article_id"])
        if sums is not None:
            tx.execute(f"UPDATE {twin}roll_day SET n = 0 WHERE day IN (SELECT unnest(?))", [days])
            tx.upsert(f"{twin}roll_day", sums, key=KEY)
            tx.execute(f"DELETE FROM {twin}roll_day WHERE n = 0")
            tx.execute(f"UPDATE {twin}roll_copies SET story_id = '' WHERE day IN (SELECT unnest(?))", [days])
            tx.upsert(f"{twin}roll_copies", copies, key=COPY_KEY)
            tx.execute(f"DELETE FROM {twin}roll_copies WHERE story_id = ''")
        done_days(tx, days)


_SAME_SUMS = " AND ".join(
    [f"f.{name} = r.{name}" for name in ("n", "n_stories", "n_scored", "n_abstain", "vader_n")]
    # Sums are added in no fixed order: equal up to rounding is equal.
    + [f"abs(f.{name} - r.{name}) < 1e-6" for name in ("score_sum", "score_sum2", "vader_sum")]
)
_SAME_ARTICLE = " AND ".join(
    f"f.{name} IS NOT DISTINCT FROM r.{name}"
    for name in (
        "content_hash", "published", "day", "outlet", "language", "score", "label", "abstain", "vader", "story_id",
        "is_original", "copies", "copied_story",
    )
)  # fmt: skip

_OF_A_COPY = ("day", "outlet", "language", "story_id", "score")

_DIFFERING_SUMS = f"""
    {FRESH}
    SELECT DISTINCT coalesce(f.day, r.day) AS day
    FROM fresh f FULL JOIN (SELECT * FROM roll_day WHERE day >= $first AND day <= $last) r
         ON {" AND ".join(f"f.{name} = r.{name}" for name in KEY)}
    WHERE ({_SAME_SUMS}) IS NOT TRUE
"""
_DIFFERING_COPIES = f"""
    WITH copies AS (
        SELECT c.article_id, c.kind, c.key, r.day, r.outlet, r.language, r.story_id, coalesce(c.score, r.score) AS score
        FROM relevant_articles r JOIN (
            {SAID.format(twin="", some="")}
            UNION ALL SELECT article_id, 'relevant', '', NULL FROM relevant_articles
        ) c ON c.article_id = r.article_id
        WHERE r.copies > 0 AND r.day >= $first AND r.day <= $last AND coalesce(c.score, r.score) IS NOT NULL
    )
    SELECT DISTINCT coalesce(f.day, r.day) AS day
    FROM copies f FULL JOIN (SELECT * FROM roll_copies WHERE day >= $first AND day <= $last) r
         ON {" AND ".join(f"f.{name} = r.{name}" for name in COPY_KEY)}
    WHERE ({" AND ".join(f"f.{name} = r.{name}" for name in _OF_A_COPY)}) IS NOT TRUE
"""
_DIFFERING_ARTICLES = f"""
    SELECT DISTINCT coalesce(f.day, r.day, DATE '{UNDATED}') AS day
    FROM (SELECT f.*, coalesce(z.copies, 0) AS copies, CASE WHEN z.copies > 0 THEN f.story_id END AS copied_story
          FROM ({RELEVANT}) f
          LEFT JOIN ({SIZES.format(some="")}) z ON z.story_id = f.story_id) f
    FULL JOIN (SELECT * FROM relevant_articles WHERE {{stored}}) r ON f.article_id = r.article_id
    WHERE ({_SAME_ARTICLE}) IS NOT TRUE
"""


def mark(store: Store, days: Sequence[date]) -> None:
    """Have these days made again by the next `rebuild`."""
    with store.transaction() as tx:
        tx.upsert("pending_days", [{"day": day, "taken": False} for day in days], key=["day"])


def differing_days(store: Store) -> list[date]:
    """Days on which one of the three says something else than the other tables, those still marked left aside.

    Everything is added up again: seconds a million articles. Where this finds a day, something forgot to mark it.
    """
    shape = {"day": day_sql(), "twin": ""}
    undated = _DIFFERING_ARTICLES.format(**shape, days="a.published IS NULL", stored="day IS NULL")
    dated = _DIFFERING_ARTICLES.format(**shape, days=_ALL_DAYS, stored="day >= $first AND day <= $last")
    sums = _DIFFERING_SUMS.format(**shape, days=_ALL_DAYS)
    found = {day for (day,) in store.rows(undated)}
    marked = {day for (day,) in store.rows("SELECT day FROM pending_days")}
    days = store.rows(f"SELECT DISTINCT {day_sql()} FROM articles a WHERE a.published IS NOT NULL")
    stored = store.rows("SELECT day FROM roll_day UNION SELECT day FROM relevant_articles WHERE day IS NOT NULL")
    for look in _looks(store, sorted({day for (day,) in days + stored})):
        ends = {"first": look[0], "last": look[-1]}
        span = _span(look[0], look[-1]) | ends
        asked = [(dated, span), (sums, span), (_DIFFERING_COPIES, ends)]
        found |= {day for sql, within in asked for (day,) in store.rows(sql, within)}
    return sorted(found - marked)
