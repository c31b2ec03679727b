"""Dated events to mark on charts and to study: the shipped list and the reader's own."""

import csv
from datetime import date
from importlib import resources
from pathlib import Path

import pandas as pd

from ingest.errors import ConfigError

USER_EVENTS = Path("data/events.csv")
"""The reader's own events, in the shipped file's columns; only date and label_en must be there."""

CATEGORIES = ("regulation", "policy", "cbdc", "hongkong", "industry", "market", "other")

EVENT_COLUMNS = ("date", "label_en", "label_zh", "category", "scope", "source", "confidence")
"""Columns of an event list. `confidence`: confirmed, confirmed_month (the day is inferred) or own_knowledge."""


def load_events(user_file: Path = USER_EVENTS) -> pd.DataFrame:
    """All events by date (EVENT_COLUMNS; `date` as datetime64). Raises ConfigError naming file and line."""
    shipped = resources.files("analysis.knowledge") / "events.csv"
    rows = parse_events(shipped.read_text(encoding="utf-8"), "events.csv")
    if user_file.is_file():
        rows += parse_events(_text(user_file), str(user_file))
    frame = pd.DataFrame(rows, columns=list(EVENT_COLUMNS)).astype(dict.fromkeys(EVENT_COLUMNS[1:], "str"))
    frame["date"] = pd.to_datetime(frame["date"]).astype("datetime64[us]")
    return frame.sort_values("date", kind="stable", ignore_index=True)


def parse_events(text: str, where: str) -> list[dict]:
    """Rows of an event list, checked. `where` names the file in an error."""
    reader = csv.DictReader(text.lstrip("\ufeff").splitlines(keepends=True))
    if missing := {"date", "label_en"} - set(reader.fieldnames or ()):
        raise ConfigError(f"{where}: the first line must name the columns date and label_en; no {min(missing)}")
    return [_event(row, f"{where} line {reader.line_num}") for row in reader]


def _event(row: dict, where: str) -> dict:
    event = {name: (row.get(name) or "").strip() for name in EVENT_COLUMNS}
    try:
        event["date"] = date.fromisoformat(event["date"])
    except ValueError:
        raise ConfigError(f"{where}: '{event['date']}' is not a date (write 2019-10-25)") from None
    if not event["label_en"]:
        raise ConfigError(f"{where}: the event has no label_en")
    event["label_zh"] = event["label_zh"] or event["label_en"]
    event["category"] = event["category"] or "other"
    if event["category"] not in CATEGORIES:
        raise ConfigError(f"{where}: unknown category '{event['category']}' (known: {', '.join(CATEGORIES)})")
    return event


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: {error}") from None
