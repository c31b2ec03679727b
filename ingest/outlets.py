"""Who published it: well-known outlets by domain and by name, from `outlets.csv`."""

import csv
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ingest import urls

OUTLETS_FILE = Path(__file__).with_name("outlets.csv")


@dataclass(frozen=True, slots=True)
class Outlet:
    """A known outlet: its name for readers, its group (`ingest.model.GROUPS`) and the language it writes in."""

    name: str
    group: str
    language: str


def by_host(host: str) -> Outlet | None:
    """The outlet that a host, or the domain it belongs to, is known for."""
    labels = host.lower().removeprefix("www.").split(".")
    for start in range(max(len(labels) - 1, 1)):
        if found := _known()[0].get(".".join(labels[start:])):
            return found
    return None


def by_name(name: str) -> Outlet | None:
    """The outlet known under a name, however it is cased, spaced and suffixed (`Coindesk`, `coindesk.com`)."""
    return _known()[1].get(_folded(name)) or (by_host(name.strip().lower()) if "." in name else None)


def by_url(url: str | None) -> Outlet | None:
    """The outlet behind an address; None for an aggregator's address, which stands for another outlet."""
    return None if not url or urls.is_aggregator(url) else by_host(urls.host(url))


@cache
def _known() -> tuple[dict[str, Outlet], dict[str, Outlet]]:
    hosts: dict[str, Outlet] = {}
    names: dict[str, Outlet] = {}
    with OUTLETS_FILE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            outlet = Outlet(row["outlet"], row["group"], row["language"])
            for domain in row["domains"].split():
                hosts[domain] = outlet
            for name in [row["outlet"], *row["aliases"].split("|")]:
                if name:
                    names.setdefault(_folded(name), outlet)
    return hosts, names


def _folded(name: str) -> str:
    folded = "".join(c for c in unicodedata.normalize("NFKC", name).casefold() if c.isalnum())
    return folded.removeprefix("the") or folded
