"""Does a saved export still hold? Ask the store the same question again and compare."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from analysis import export, provenance, queries
from analysis.provenance import Provenance
from ingest.errors import UsageError
from ingest.store import Store


@dataclass(frozen=True, slots=True)
class Verdict:
    """`holds`: the store gives the same rows now. `changes`: which versions differ, in words."""

    holds: bool
    rows: int
    rows_differing: int
    changes: tuple[str, ...]


def answer(store: Store, source: Provenance) -> pd.DataFrame:
    """The frame that the store gives now for the question of a provenance."""
    if source.question == "series":
        return queries.series(store, source.selection, **source.options)
    if source.question == "articles":
        return queries.articles(store, source.selection, **source.options)
    raise UsageError(f"cannot recompute '{source.question}' (series and articles can be)")


def verify(store: Store, path: Path) -> Verdict:
    """Recompute the export at `path`. Raises UsageError where it is none or was made in another time zone."""
    form = path.suffix.lstrip(".")
    try:
        saved, rows = export.read_export(path.read_bytes(), form)
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}") from None
    now = provenance.provenance(store, saved.question, saved.selection, **saved.options)
    if saved.timezone != now.timezone:
        raise UsageError(f"{path}: its days are days of {saved.timezone}; set LIANWATCH_TIMEZONE={saved.timezone}")
    _, rows_now = export.read_export(export.export(answer(store, saved), now, form), form)
    differing = rows_differing(rows, rows_now)
    return Verdict(not differing, len(rows), differing, _changes(saved, now))


def rows_differing(saved: pd.DataFrame, now: pd.DataFrame) -> int:
    """Rows of either that the other does not hold at the same place."""
    if list(saved.columns) != list(now.columns):
        return max(len(saved), len(now))
    shared = min(len(saved), len(now))
    left, right = (frame.iloc[:shared].astype(object).fillna("").astype(str).to_numpy() for frame in (saved, now))
    return int((left != right).any(axis=1).sum()) + abs(len(saved) - len(now))


def _changes(saved: Provenance, now: Provenance) -> tuple[str, ...]:
    names = ("data_version", "engine", "version", "sample")
    pairs = [(name, getattr(saved, name), getattr(now, name)) for name in names]
    return tuple(f"{name} was {before}, is {after}" for name, before, after in pairs if before != after)
