"""The schema of a store: numbered files of SQL, each applied once; and whether a copy has it."""

from datetime import UTC, datetime
from importlib import resources

from ingest.errors import StoreError
from ingest.store_base import Store, Transaction


def migrate(store: Store) -> None:
    """Apply the numbered files of `migrations/` that the store has not seen, all or none."""
    scripts = _scripts(store.kind)
    if _schema_version(store) == scripts[-1].name:
        return
    with store.connect(writing=True) as session:
        session.script("CREATE TABLE IF NOT EXISTS migrations (name TEXT PRIMARY KEY, applied_at TIMESTAMPTZ NOT NULL)")
        applied = {name for (name,) in session.rows("SELECT name FROM migrations")}
        for script in scripts:
            if script.name not in applied:
                session.script(script.read_text(encoding="utf-8"))
                session.execute("INSERT INTO migrations VALUES (?, now())", [script.name])


def check_copy(store: Store, writing: bool) -> None:
    """Raise StoreError where a copy is to be written to, or does not have the schema of this version."""
    from_where = "the store it was copied from"
    if writing:
        raise StoreError(f"{store.name} is a copy to read: work on {from_where}, then `python -m ingest copy --to` it")
    version = _schema_version(store)
    if version is None:
        raise StoreError(f"{store.name} is not there yet: fill it with `python -m ingest copy --to`")
    if version != _scripts(store.kind)[-1].name:
        how = "fill it again with `python -m ingest copy --to`"
        raise StoreError(f"{store.name} was filled by another version of Lianwatch: {how}")


def note_schema(tx: Transaction, kind: str) -> None:
    """Note in a copy that it has the schema of this version."""
    applied_at = datetime.now(UTC)
    tx.upsert("migrations", [{"name": s.name, "applied_at": applied_at} for s in _scripts(kind)], key=["name"])


def _scripts(kind: str) -> list:
    """The migrations of a kind of store: `0001_name.sql` is for all, `0001_name.postgres.sql` for that one."""
    files = sorted(resources.files("ingest.migrations").iterdir(), key=lambda file: file.name)
    return [file for file in files if file.name.split(".")[1:] in (["sql"], [kind, "sql"])]


def _schema_version(store: Store) -> str | None:
    known = "table_name = 'migrations' AND table_catalog = current_database() AND table_schema = current_schema()"
    with store.reading() as reading:
        if reading.rows(f"SELECT 1 FROM information_schema.tables WHERE {known}"):
            return reading.rows("SELECT max(name) FROM migrations")[0][0]
    return None
