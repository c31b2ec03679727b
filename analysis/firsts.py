"""Who had it first: of the stories that several outlets ran, how many each outlet was the first to publish."""

import pandas as pd

from analysis.relations import real_only
from analysis.selection import Selection
from analysis.where import ARTICLES, article_conditions
from ingest.store import Store


def firsts(store: Store, selection: Selection, limit: int = 15) -> pd.DataFrame:
    """One row an outlet, most firsts first: outlet, n_first, n_shared (stories it ran that another outlet ran too).

    First is who published first among everything collected, also outside the selection.
    """
    with store.reading() as reading:
        where = article_conditions(selection, real_only(reading))
        return reading.frame(
            f"""
            WITH shared AS (
                SELECT story_id FROM relevant_articles WHERE copies > 0
                GROUP BY 1 HAVING count(DISTINCT outlet) > 1
            )
            SELECT a.outlet, count(DISTINCT CASE WHEN a.is_original THEN a.story_id END) AS n_first,
                   count(DISTINCT a.story_id) AS n_shared
            FROM {ARTICLES} WHERE {where} AND a.story_id IN (SELECT story_id FROM shared)
            GROUP BY 1 ORDER BY 2 DESC, 3 DESC, 1 LIMIT {int(limit)}
            """,
            where.parameters,
        )
