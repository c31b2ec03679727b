"""Stories: the copies of one text under the one who published it first.

`group_stories` looks only at articles that are marked as new or changed, compares them with those published near them
(analysis.story_links) and joins what is linked. Links depend on nothing but the two articles, and a story is what
links join, so that the order in which articles came, and whether they came at once or over months, changes nothing.
All articles are grouped, relevant or not, so that shares can be counted in stories too; but a relevant one only with
relevant ones: then every story that is counted has its original among the counted.
"""

import numpy as np
import pandas as pd

from analysis.story_links import TEXT_DAYS, Text, links
from ingest.pending import GROUP, TAKEN, done_articles, mark_articles, mark_days, take_articles
from ingest.store import Store

_COUNTED = """
    articles a JOIN annotations n ON n.article_id = a.id LEFT JOIN stories s ON s.article_id = a.id
    WHERE a.duplicate_of IS NULL
"""
_TIME = "coalesce(a.published, a.first_seen)"
_TAKEN = TAKEN.format(GROUP)

_GONE = f"""
    SELECT s.story_id FROM stories s LEFT JOIN articles a ON a.id = s.article_id
    LEFT JOIN annotations n ON n.article_id = s.article_id
    WHERE s.article_id IN ({_TAKEN}) AND (a.duplicate_of IS NOT NULL OR n.article_id IS NULL
          OR s.content_hash <> a.content_hash OR s.relevant <> (n.relevance = 'yes'))
"""
"""Stories with an article that was changed since it was compared."""

ARTICLES_A_PASS = 100_000
"""New articles compared at a time, the earliest first: memory does not grow with the collection."""

_UNREAD = f"""
    SELECT a.id FROM {_COUNTED} AND s.article_id IS NULL AND a.id IN ({_TAKEN})
    ORDER BY {_TIME}, a.id LIMIT {ARTICLES_A_PASS}
"""


def group_stories(store: Store) -> dict[str, int]:
    """Bring the table `stories` up to date. Returns {"read": articles compared, "stories": stories now stored}."""
    read = 0
    if take_articles(store, GROUP):
        _dissolve(store)
    while unread := {id_ for (id_,) in store.rows(_UNREAD)}:
        near = _near(store, unread)
        groups = _groups(near)
        members = _members(store, near, groups)
        with store.transaction() as tx:
            tx.upsert("stories", _rows(groups, members), key=["article_id"])
            done_articles(tx, GROUP, unread)
            mark_days(tx, members["published"])
            tx.stamp()
        read += len(unread)
    stored = store.rows("SELECT count(*) FROM stories WHERE is_original")[0][0]
    return {"read": read, "stories": stored}


def _dissolve(store: Store) -> None:
    """Have stories with an article that was changed read again as a whole; marked articles that were not stay."""
    dissolved = [id_ for (id_,) in store.rows(f"SELECT article_id FROM stories WHERE story_id IN ({_GONE})")]
    with store.transaction() as tx:
        mark_articles(tx, GROUP, dissolved)
        tx.execute("UPDATE pending_articles SET taken = TRUE WHERE step = ? AND NOT taken", [GROUP])
        tx.execute("DELETE FROM stories WHERE article_id IN (SELECT unnest(?))", [dissolved])
        alone = f"SELECT a.id FROM {_COUNTED} AND s.article_id IS NULL"
        tx.execute(f"DELETE FROM pending_articles WHERE step = ? AND article_id NOT IN ({alone})", [GROUP])


def _near(store: Store, new: set[str]) -> pd.DataFrame:
    """The new articles and all within reach of them, with the story each is in (None for the new)."""
    days = store.frame(
        f"SELECT DISTINCT CAST({_TIME} AS DATE) AS day FROM articles a WHERE a.id IN (SELECT unnest(?))", [sorted(new)]
    )["day"]
    reach = pd.to_timedelta(np.arange(-int(TEXT_DAYS) - 1, int(TEXT_DAYS) + 2), unit="D")
    wanted = sorted({(day + shift).date() for day in pd.to_datetime(days) for shift in reach})
    near = store.frame(
        f"""
        SELECT a.id, a.title, a.summary, a.outlet, a.published, {_TIME} AS time, a.content_hash,
            n.relevance = 'yes' AS relevant, n.language, s.story_id
        FROM {_COUNTED} AND CAST({_TIME} AS DATE) IN (SELECT unnest(?)) ORDER BY a.id
        """,
        [wanted],
    )
    near["new"] = near["id"].isin(new)
    near.loc[near["new"], "story_id"] = None
    return near


def _groups(near: pd.DataFrame) -> dict[str, set[str]]:
    """Sets of article and story ids that belong together, by any one id of each set that has a new article."""
    from scipy.cluster.hierarchy import DisjointSet

    texts = [
        Text(row.title, row.summary, row.outlet, row.time.timestamp(), row.language, row.relevant)
        for row in near.itertuples()
    ]
    in_stories = near.dropna(subset=["story_id"])
    joined = DisjointSet([*near["id"], *in_stories["story_id"]])
    for id_, story in zip(in_stories["id"], in_stories["story_id"], strict=True):
        joined.merge(id_, story)
    for first, second in links(texts, near["new"].to_numpy()):
        joined.merge(near["id"].iat[first], near["id"].iat[second])
    new = set(near.loc[near["new"], "id"])
    return {min(group): group for group in joined.subsets() if group & new}


def _members(store: Store, near: pd.DataFrame, groups: dict[str, set[str]]) -> pd.DataFrame:
    """Everything that decides about the original, for the groups' articles and the far members of their stories."""
    columns = ["id", "published", "content_hash", "relevant", "story_id"]
    ids = set().union(*groups.values()) if groups else set()
    far = store.frame(
        f"""
        SELECT a.id, a.published, a.content_hash, n.relevance = 'yes' AS relevant, s.story_id
        FROM {_COUNTED} AND s.story_id IN (SELECT unnest(?))
        """,
        [sorted(ids)],
    )
    here = near[near["id"].isin(ids)][columns]
    return pd.concat([here, far[~far["id"].isin(near["id"])]], ignore_index=True)


def _rows(groups: dict[str, set[str]], members: pd.DataFrame) -> pd.DataFrame:
    """Rows of the table `stories`: the original is the first published, of equals the smallest id."""
    group_of = {id_: root for root, group in groups.items() for id_ in group}
    group = [group_of.get(row.id) or group_of[row.story_id] for row in members.itertuples()]
    ordered = members.assign(group=group).sort_values(["group", "published", "id"], na_position="last")
    original = ordered.groupby("group")["id"].transform("first")
    return pd.DataFrame(
        {
            "article_id": ordered["id"],
            "story_id": original,
            "is_original": ordered["id"] == original,
            "content_hash": ordered["content_hash"],
            "relevant": ordered["relevant"],
        }
    )
