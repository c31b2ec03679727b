"""One store into another, of the same kind or not: every table, a batch a transaction, as it lies there."""

from collections.abc import Callable

from ingest import migrating
from ingest.errors import LianwatchError
from ingest.store_base import NOTHING_STORED, Columns, Store

BATCH_ROWS = 20_000
"""Rows a transaction: about a second on either side, and some 20 MB in this process."""

_KEYS = """
    SELECT c.table_name, k.column_name FROM information_schema.table_constraints c
    JOIN information_schema.key_column_usage k ON k.constraint_name = c.constraint_name
         AND k.table_name = c.table_name AND k.table_schema = c.table_schema
         AND k.table_catalog = c.table_catalog
    WHERE c.constraint_type = 'PRIMARY KEY' AND c.table_catalog = current_database()
          AND c.table_schema = current_schema() AND c.table_name <> 'migrations'
          AND NOT starts_with(c.table_name, 'next_')
    ORDER BY c.table_name, k.ordinal_position
"""


_COLUMNS = """
    SELECT table_name, column_name, data_type, is_nullable = 'YES' FROM information_schema.columns
    WHERE table_catalog = current_database() AND table_schema = current_schema()
          AND NOT starts_with(table_name, 'next_')
    ORDER BY table_name, ordinal_position
"""
"""Tables called next_ hold what an engine says before all is read (`analysis.rereading`)."""
_STANDARD = {"varchar": "text", "double": "double precision"}
"""What DuckDB calls a type → what the standard and the migrations call it."""


def keys(store: Store) -> dict[str, list[str]]:
    """Table → columns of its primary key."""
    found: dict[str, list[str]] = {}
    for table, column in store.rows(_KEYS):
        found.setdefault(table, []).append(column)
    return found


def columns(store: Store) -> Columns:
    """Every table of the store, that of the migrations included."""
    places = {(table, name): at for table, names in keys(store).items() for at, name in enumerate(names, 1)}
    places["migrations", "name"] = 1
    found: Columns = {}
    for table, name, kind, nullable in store.rows(_COLUMNS):
        kind = _STANDARD.get(kind.lower(), kind.lower())
        found.setdefault(table, []).append((name, kind, nullable, places.get((table, name), 0)))
    return found


def copy(source: Store, target: Store, progress: Callable[[str, int], object]) -> dict[str, int]:
    """Bring every row of `source` into `target`; returns the rows by table. What is there already is overwritten.

    `progress` is told a table and the number of rows written to it. Raises LianwatchError where the target does not
    hold exactly the same in the end: it held something else, or the source changed meanwhile.
    """
    with target.receiving(columns(source)) as place:
        for table, key in keys(source).items():
            for rows in source.batches(table, BATCH_ROWS):
                with place.transaction() as tx:
                    tx.upsert(table, rows, key=key)
                progress(table, len(rows))
        with place.transaction() as tx:
            tx.settle()
            if source.data_version() != NOTHING_STORED:
                tx.stamp()
            if place.is_copy:
                migrating.note_schema(tx, place.kind)
        return _verified(source, place)


def _verified(source: Store, target: Store) -> dict[str, int]:
    tables = keys(source)
    counts, copied = ({table: _count(store, table) for table in tables} for store in (source, target))
    for table, rows in counts.items():
        if copied[table] != rows:
            raise LianwatchError(
                f"{target.name} holds {copied[table]} rows of {table}, {source.name} {rows}:"
                " copy into an empty store, while nothing writes to this one"
            )
    if source.data_version() not in (NOTHING_STORED, target.data_version()):
        raise LianwatchError(f"{source.name} changed while it was copied: run it again")
    return counts


def _count(store: Store, table: str) -> int:
    return store.rows(f"SELECT count(*) FROM {table}")[0][0]
