"""What a question about counts or tone reads: sums of days where they can answer, rows of articles otherwise.

A `Relation` is the middle of a SELECT: it has a key, a tone and conditions, whatever stands behind them. Nothing here
runs a query but to learn whether sample data count.
"""

from dataclasses import dataclass

from analysis.buckets import WHOLE
from analysis.selection import Breakdown, Frequency, Selection
from analysis.where import ARTICLES, COPIES, ROLLUP, Conditions, article_conditions, rollup_conditions
from ingest.store import Reading

CONTENT_FIELDS = {"target": "targets", "theme": "themes", "topic": "topics"}
"""Breakdown by what an article says → the Selection field of the same thing, which then chooses the keys."""

_KEYS = {"none": "''", "source": "{row}.outlet", "group": "o.group_id", "language": "{row}.language"}
_CONTENT_KEYS = {
    "target": ("target_sentiment", "k.target"),
    "theme": ("article_themes", "k.theme"),
    "topic": ("article_topics", "CAST(k.topic_id AS TEXT)"),
}
_OUTLETS = "SELECT outlet, group_id, sample FROM outlets ORDER BY outlet"

_OF_GROUPS = ("group", "cell")
"""Breakdowns whose key holds the outlet's group."""

_CELL = "{target} || ' ' || o.group_id || ' ' || {row}.language"
"""Key of a target, outlet group and language together."""


@dataclass(frozen=True, slots=True)
class Relation:
    """SQL of FROM (`source`), WHERE (`where`) and of the `key` of a breakdown; alias of the table with the `tone`."""

    source: str
    key: str
    tone: str
    where: Conditions


def outlet_groups(reading: Reading) -> dict[str, str]:
    """Outlet → its group."""
    return {outlet: group for outlet, group, _ in reading.rows(_OUTLETS)}


def all_sample(reading: Reading) -> bool:
    """Whether every outlet is sample data."""
    return all(sample for _, _, sample in reading.rows(_OUTLETS))


def real_only(reading: Reading) -> bool:
    """Whether sample articles are to be left out: once the store holds another outlet they do not count."""
    return len({sample for _, _, sample in reading.rows(_OUTLETS)}) > 1


def sums(reading: Reading, selection: Selection, by: Breakdown) -> Relation | None:
    """Rows of `roll_day` (alias r) that answer; None where only article rows can."""
    return _of_days(ROLLUP, reading, selection, by)


def copies(reading: Reading, selection: Selection, by: Breakdown) -> Relation | None:
    """Rows of `roll_copies` (alias r) behind those of `sums`."""
    return _of_days(COPIES, reading, selection, by)


def _of_days(source: str, reading: Reading, selection: Selection, by: Breakdown) -> Relation | None:
    found = _kind(selection, by)
    if found is None:
        return None
    kind, keys = found
    where = rollup_conditions(selection, real_only(reading), kind)
    where.add_in("r.key", keys)
    return Relation(grouped(source, by, "r"), key_of(by, "r", "r.key"), "r", where)


def _kind(selection: Selection, by: Breakdown) -> tuple[str, tuple[str, ...]] | None:
    """Kind and keys of the rows of days that answer."""
    chosen = {kind: getattr(selection, name) for kind, name in CONTENT_FIELDS.items() if getattr(selection, name)}
    if selection.entities or selection.search or len(chosen) > 1:
        return None
    said = "target" if by == "cell" else by
    if said in CONTENT_FIELDS:
        return (said, tuple(map(str, chosen.get(said, ())))) if set(chosen) <= {said} else None
    if not chosen:
        return "relevant", ()
    ((kind, values),) = chosen.items()
    return (kind, (str(values[0]),)) if len(values) == 1 else None


def of_everything(selection: Selection, by: Breakdown) -> bool:
    """Whether what is asked for are all relevant articles of some outlets, whatever they say."""
    return _kind(selection, by) == ("relevant", ())


def articles(reading: Reading, selection: Selection, by: Breakdown) -> Relation:
    """Rows of `relevant_articles` (alias a), one for each of an article's keys."""
    where = article_conditions(selection, real_only(reading))
    said = "target" if by == "cell" else by
    if said in _CONTENT_KEYS:
        table, content = _CONTENT_KEYS[said]
        where.add_in(content, map(str, getattr(selection, CONTENT_FIELDS[said])))
        source = f"{grouped(ARTICLES, by, 'a')} JOIN {table} k ON k.article_id = a.article_id"
        if said == "target":
            return Relation(source, key_of(by, "a", content), "k", where)
    else:
        source, content = grouped(ARTICLES, by, "a"), ""
    key = key_of(by, "a", content)
    if len(selection.targets) != 1:
        return Relation(source, key, "a", where)
    where.add("t.target = ?", selection.targets[0])
    return Relation(f"{source} JOIN target_sentiment t ON t.article_id = a.article_id", key, "t", where)


def key_of(by: Breakdown, row: str, content: str = "''") -> str:
    """SQL of the key: row: alias of the table with outlet and language; content: the column of what articles say."""
    if by == "cell":
        return _CELL.format(target=content, row=row)
    return _KEYS[by].format(row=row) if by in _KEYS else content


def grouped(source: str, by: Breakdown, row: str) -> str:
    """`source` with the outlets (alias o) where the key asks for their group."""
    return f"{source} JOIN outlets o ON o.outlet = {row}.outlet" if by in _OF_GROUPS else source


def bucket(day: str, freq: Frequency) -> str:
    """SQL of the first day of the bucket that a day is in."""
    if freq == "day":
        return day
    return f"DATE '{WHOLE:%Y-%m-%d}'" if freq == "whole" else f"CAST(date_trunc('{freq}', {day}) AS DATE)"
