"""Where a figure comes from: what was asked, of which data, read by which engine. Travels inside every export.

No time of export and no file name: the same question to the same store gives the same bytes.
"""

import json
from dataclasses import asdict, dataclass, fields
from datetime import date
from functools import cache
from importlib import metadata

from analysis.relations import all_sample
from analysis.selection import Selection
from ingest import config
from ingest.errors import UsageError
from ingest.store import Store


@dataclass(frozen=True, slots=True)
class Provenance:
    """`question` is series or articles, `options` its parameters beside the selection (freq, by, min_n, ...)."""

    question: str
    selection: Selection
    options: dict
    data_version: str
    engine: str
    version: str
    timezone: str
    sample: bool

    def to_json(self) -> str:
        """One line of JSON with sorted keys; filters that are not set are left out."""
        chosen = {name: value for name, value in asdict(self.selection).items() if value}
        content = {field.name: getattr(self, field.name) for field in fields(self)} | {"selection": chosen}
        return json.dumps(content, ensure_ascii=False, sort_keys=True, default=date.isoformat)


def provenance(store: Store, question: str, selection: Selection, **options) -> Provenance:
    """The provenance of an answer that the store gives now."""
    with store.reading() as reading:
        engines = [engine for (engine,) in reading.rows("SELECT DISTINCT engine FROM annotations ORDER BY 1")]
        sample = all_sample(reading)
    return Provenance(
        question,
        selection,
        options,
        store.data_version(),
        " + ".join(engines) or "none",
        code_version(),
        config.timezone().key,
        sample,
    )


@cache
def code_version() -> str:
    """Version of the installed package; "source" where the checkout runs without being installed."""
    try:
        return metadata.version("lianwatch")
    except metadata.PackageNotFoundError:
        return "source"


def parse(text: str) -> Provenance:
    """The provenance that `Provenance.to_json` wrote. Raises UsageError where it is something else."""
    try:
        content = json.loads(text)
        chosen = {name: tuple(v) if isinstance(v, list) else v for name, v in content.pop("selection").items()}
        for name in ("start", "end"):
            if name in chosen:
                chosen[name] = date.fromisoformat(chosen[name])
        return Provenance(selection=Selection(**chosen), **content)
    except (ValueError, TypeError, KeyError, AttributeError):
        raise UsageError("the file's provenance is not one of Lianwatch's") from None
