"""A store read again by another engine: old and new scores never stand side by side in a chart.

    begin: empty twins of everything a tone is shown from ─► annotations and sums go to the twins ─► finish: they trade

Until `finish` every chart shows the old engine, whole; from then on the new one. A run that was killed in between is
taken up where it was, unless the engine has changed once more. What is only read again by the same engine needs none
of this: its figures are the same.
"""

from ingest.pending import ANNOTATE
from ingest.store import Store, Transaction

READ = ("annotations", "target_sentiment", "article_themes", "article_entities")
"""What an engine writes about an article."""
SHOWN = (*READ, "roll_day", "roll_copies", "relevant_articles")
"""Everything a tone is shown from."""
TWIN = "next_"
"""Begins the name of a table that holds what the new engine says."""


def begin(store: Store, engine: str) -> str:
    """What begins the names of the tables that `engine` writes to: TWIN where the store is read by another one."""
    with store.transaction() as tx:
        begun = bool(tx.rows(f"SELECT 1 FROM information_schema.tables WHERE {_NAMED}", [TWIN + READ[0]]))
        if begun and tx.rows(f"SELECT 1 FROM {TWIN}annotations WHERE engine <> ? LIMIT 1", [engine]):
            for table in SHOWN:
                tx.execute(f"DROP TABLE {TWIN}{table}")
            tx.execute("DELETE FROM meta WHERE key = 'days_in'")  # days that were added up there only
            _mark_articles(tx)
            begun = False
        if begun or not tx.rows("SELECT 1 FROM annotations WHERE engine <> ? LIMIT 1", [engine]):
            return TWIN if begun else ""
        for table in SHOWN:
            tx.twin(table, TWIN + table)
        _mark_articles(tx)
        return TWIN


def mark_all(store: Store) -> None:
    """Have every article read again."""
    with store.transaction() as tx:
        _mark_articles(tx)


def _mark_articles(tx: Transaction) -> None:
    tx.execute(
        f"""
        INSERT INTO pending_articles SELECT '{ANNOTATE}', id, FALSE FROM articles ORDER BY id
        ON CONFLICT (step, article_id) DO NOTHING
        """
    )


_NAMED = "table_name = ? AND table_catalog = current_database() AND table_schema = current_schema()"


def finish(store: Store) -> None:
    """Show what the twins hold, and forget the rest: at once, for whoever reads."""
    with store.transaction() as tx:
        for table in SHOWN:
            tx.execute(f"DROP TABLE {table}")
            tx.execute(f"ALTER TABLE {TWIN}{table} RENAME TO {table}")
        tx.stamp()
